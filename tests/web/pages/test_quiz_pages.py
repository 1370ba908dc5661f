"""The quiz: the picture hides the shape in question, and the server judges the answer."""

import re
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from app_client import TestClient
from page_text import links, words
from pairing import in_turn, some
from text_pages import state_at

from app.diagram.format_names import FORMATS
from app.teaching.quiz.questions_and_answers import QUIZ_LENGTH, QuizQuestion, questions_of
from app.url_state_to_picture.picture_of_state import picture_of
from app.web.pages.parts.links_and_accessible_names import selected_only
from app.web.pages.quiz import link_to

CELLS = {0: "lstm", 1: "gru", 12345: "rnn"}
"""Seed -> the cell of the quiz."""

EVERY = [(seed, number) for seed in CELLS for number in range(1, QUIZ_LENGTH + 1)]

every_question = pytest.mark.parametrize(("seed", "number"), EVERY)
every_number = pytest.mark.parametrize(("seed", "number"), in_turn(CELLS, range(1, QUIZ_LENGTH + 1)))


def own(seed: int, number: int) -> str:
    return link_to(state_at(f"?seed={seed}&cell={CELLS[seed]}"), number)


def asked(seed: int, number: int) -> QuizQuestion:
    return questions_of(seed, CELLS[seed])[number - 1]


@cache
def page_of(client: TestClient, seed: int, number: int) -> str:
    page = client.get(own(seed, number))
    assert page.status_code == 200
    return page.text


@every_question
def test_a_short_link_redirects_to_the_question_with_its_picture(client: TestClient, seed: int, number: int) -> None:
    found = client.get(f"/quiz?seed={seed}&cell={CELLS[seed]}&lesson_page={number}&num_units=99")

    assert (found.status_code, found.headers["location"]) == (307, own(seed, number))
    page_words = words(page_of(client, seed, number))
    assert asked(seed, number).page.title in page_words
    assert f"question {number} of {QUIZ_LENGTH}" in page_words


@every_question
def test_neither_the_page_nor_the_link_reveals_the_answer(client: TestClient, seed: int, number: int) -> None:
    answer = asked(seed, number).answer
    page = page_of(client, seed, number)
    page_words = words(re.sub(r"<script.*?</script>", "", page))

    assert " × " not in page_words
    numbers = re.findall(r"\d+", page_words.partition("Your answer")[2].partition("question")[0])
    assert answer not in numbers or int(answer) <= QUIZ_LENGTH, "the links to the questions have these numbers"
    assert "aria-label" not in "".join(re.findall(r'<svg class="hits".*?</svg>', page, re.DOTALL))


@pytest.mark.parametrize("seed", CELLS)
def test_the_picture_frames_the_tensor_in_question(seed: int) -> None:
    for format, number in in_turn(FORMATS, range(1, QUIZ_LENGTH + 1)):
        state = state_at(own(seed, number))
        targets_shown = selected_only(state, picture_of(state, format))

        assert targets_shown and all(state.tensor in (target.tensor, *target.also) for target in targets_shown)


@pytest.mark.parametrize("seed", CELLS)
def test_the_right_answer_is_right_in_json(client: TestClient, seed: int) -> None:
    for number in range(1, QUIZ_LENGTH + 1):
        query = urlsplit(own(seed, number)).query
        judged = client.get(f"/quiz.json?{query}&answer={asked(seed, number).answer}").json()
        assert (judged["right"], judged["said"], judged["number"]) == (True, "Right.", number)


@every_number
def test_the_right_answer_is_right_on_the_page(client: TestClient, seed: int, number: int) -> None:
    page = client.get("/quiz", params=[*pairs_of(own(seed, number)), ("answer", asked(seed, number).answer)])

    assert "✓ Right." in words(page.text)


def test_without_scripts_the_page_shows_the_verdict(client: TestClient) -> None:
    page = client.get(f"{own(0, 3)}&answer=8")

    assert page.status_code == 200
    assert "✗ It has 2 axes, not 1." in words(page.text)
    assert 'value="8"' in page.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert client.get("/quiz", params=fields | {"answer": "8 x 9"}).text.count("✓ Right.") == 1


def test_quiz_json_without_an_answer_has_only_the_question(client: TestClient) -> None:
    found = client.get("/quiz.json?lesson_page=3").json()

    assert found.keys() == {"seed", "number", "of", "title", "text"}
    assert found["text"] == [
        "In this LSTM batch_size is 8, time_step 2, features 6 and num_units 9.",
        "It is h_T, outlined in bold in the picture.",
    ]


@pytest.mark.parametrize("typed", ["", "  ", "<script>alert(1)</script>", "9" * 300, "\u202e3 x 4", "👩‍🏫", "%00"])
def test_any_typed_answer_gets_a_verdict_in_words(client: TestClient, typed: str) -> None:
    judged = client.get("/quiz.json", params={"lesson_page": 3, "answer": typed})

    assert judged.status_code == 200
    assert judged.json()["right"] is False and judged.json()["said"].endswith(".")
    shown = client.get(f"{own(0, 3)}", params=dict(pairs_of(own(0, 3)), answer=typed))
    assert shown.status_code == 200 and "<script>alert" not in shown.text


def test_a_verdict_has_the_names_of_the_picture(client: TestClient) -> None:
    """Question 3 is about h_T, whose shape is 8 × 9; time_step is 2."""
    query = {"lesson_page": "3", "answer": "8 x 2", "notation": "hidden_size"}

    page_words = "That is seq_len; the second axis is hidden_size."
    assert client.get("/quiz.json", params=query).json()["said"] == page_words
    page = client.get("/quiz", params=[*pairs_of(own(0, 3)), ("answer", "8 x 2"), ("notation", "hidden_size")])
    assert page_words in words(page.text)


@pytest.mark.parametrize("answer", ["(1+b+t+f+u+p)*" * 14, "(" * 10_000, "3" * 30_000])
def test_a_long_answer_is_rejected_before_it_is_evaluated(client: TestClient, answer: str) -> None:
    query = [("lesson_page", "3"), *[("answer", "1 x 1")] * 20, ("answer", answer)]
    judged = client.get(f"/quiz.json?{urlencode(query)}").json()

    assert (judged["read"], judged["right"]) == (False, False)
    assert judged["said"].startswith(("That has too many parts for a shape", "That is too long for a shape"))


def pairs_of(link: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(link).query)


def test_the_form_keeps_the_other_fields_of_the_link(client: TestClient) -> None:
    page = client.get(f"{own(0, 3)}&theme=dark&title=Exam").text

    for name, value in (("theme", "dark"), ("title", "Exam"), ("tensor", "h_T")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_show_me_shows_a_doubled_size_doubled(client: TestClient) -> None:
    numbers = [n for n, one in enumerate(questions_of(0), 1) if "doubles" in one.page.title]
    for number in numbers:
        question = questions_of(0)[number - 1]
        (link,) = re.findall(r'id="reveal" href="([^"]*)"', client.get(own(0, number)).text)
        shown = words(client.get(link.replace("&amp;", "&")).text)
        assert re.sub(r"\D+", " ", question.answer).strip() in re.sub(r"\D+", " ", shown)


def test_there_are_ten_questions_and_an_eleventh_is_rejected(client: TestClient) -> None:
    page = client.get("/quiz?seed=3&lesson_page=11")

    assert page.status_code == 422 and "from 1 to 10" in words(page.text)
    assert client.get(links(page.text)[0]).status_code == 307
    assert client.get("/quiz.json?lesson_page=11").status_code == 422
    assert client.get("/quiz.json?hidden=1").status_code == 422


def test_a_quiz_links_to_the_next_question_to_all_and_to_another_quiz(client: TestClient) -> None:
    found = links(client.get(own(0, 4)).text)

    assert {own(0, n) for n in range(1, QUIZ_LENGTH + 1)} <= set(found)
    assert link_to(state_at("?seed=1"), 1) in found
    assert link_to(state_at("?cell=gru"), 1) in found and link_to(state_at("?cell=rnn"), 1) in found
    for link in some(found, 8):
        assert client.head(link).status_code == 200, link


def test_the_shapes_of_any_picture_can_be_hidden(client: TestClient) -> None:
    for path in ("/diagram.json", "/diagram.svg"):
        shown, hidden = (client.get(f"{path}?num_units=77&labels={labels}").text for labels in ("numbers", "hidden"))
        assert "77" in shown
        assert "?" in hidden
    assert ">77<" not in client.get("/diagram.svg?num_units=77&labels=hidden").text
