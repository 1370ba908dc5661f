"""The quiz: a link is a question, the picture hides what is asked, an answer is judged by the server."""

import re
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from page_text import links, words
from starlette.testclient import TestClient
from text_pages import asked_by

from app.diagram.scene import FORMATS
from app.lessons.quiz.sampling import HOW_MANY, questions_of
from app.query.picture import picture_of
from app.web.pages.parts.picture_links import selected_only
from app.web.pages.quiz import link_to

SEEDS = [0, 1, 12345]
EVERY = [(seed, number) for seed in SEEDS for number in range(1, HOW_MANY + 1)]

every_question = pytest.mark.parametrize(("seed", "number"), EVERY)


def own(seed: int, number: int) -> str:
    return link_to(asked_by(f"?seed={seed}"), number)


@cache
def page_of(client: TestClient, seed: int, number: int) -> str:
    page = client.get(own(seed, number))
    assert page.status_code == 200
    return page.text


@every_question
def test_a_short_link_leads_to_the_question_with_its_picture(client: TestClient, seed: int, number: int) -> None:
    found = client.get(f"/quiz?seed={seed}&lesson_page={number}&num_units=99")

    assert (found.status_code, found.headers["location"]) == (307, own(seed, number))
    said = words(page_of(client, seed, number))
    assert questions_of(seed)[number - 1].page.title in said
    assert f"question {number} of {HOW_MANY}" in said


@every_question
def test_neither_the_page_nor_the_link_says_the_answer(client: TestClient, seed: int, number: int) -> None:
    answer = questions_of(seed)[number - 1].answer
    page = page_of(client, seed, number)
    said = words(re.sub(r"<script.*?</script>", "", page))

    assert " × " not in said
    assert answer not in re.findall(r"\d+", said.partition("Your answer")[2].partition("question")[0])
    assert "aria-label" not in "".join(re.findall(r'<svg class="hits".*?</svg>', page, re.DOTALL))


@every_question
@pytest.mark.parametrize("format", FORMATS)
def test_the_picture_frames_what_is_asked(seed: int, number: int, format: str) -> None:
    view = asked_by(own(seed, number))
    lit = selected_only(view, picture_of(view, format))

    assert lit and all(view.tensor in (target.tensor, *target.also) for target in lit)


@every_question
def test_the_right_answer_is_right_on_the_page_and_in_json(client: TestClient, seed: int, number: int) -> None:
    answer = questions_of(seed)[number - 1].answer
    query = urlsplit(own(seed, number)).query

    page = client.get("/quiz", params=[*asked_pairs(own(seed, number)), ("answer", answer)])
    assert "✓ Right." in words(page.text)
    judged = client.get(f"/quiz.json?{query}&answer={answer}").json()
    assert (judged["right"], judged["said"], judged["number"]) == (True, "Right.", number)


def test_without_scripts_the_form_is_answered_by_the_page(client: TestClient) -> None:
    page = client.get(f"{own(0, 3)}&answer=8")

    assert page.status_code == 200
    assert "✗ It has 2 axes, not 1." in words(page.text)
    assert 'value="8"' in page.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert client.get("/quiz", params=fields | {"answer": "8 x 9"}).text.count("✓ Right.") == 1


def test_a_question_alone_is_asked_in_json(client: TestClient) -> None:
    found = client.get("/quiz.json?lesson_page=3").json()

    assert found.keys() == {"seed", "number", "of", "title", "text"}
    assert found["text"] == [
        "In this LSTM batch_size is 8, time_step 2, features 6 and num_units 9.",
        "It is h_T, and stands in a frame in the picture.",
    ]


@pytest.mark.parametrize("typed", ["", "  ", "<script>alert(1)</script>", "9" * 300, "\u202e3 x 4", "👩‍🏫", "%00"])
def test_whatever_is_typed_gets_an_answer_in_words(client: TestClient, typed: str) -> None:
    judged = client.get("/quiz.json", params={"lesson_page": 3, "answer": typed})

    assert judged.status_code == 200
    assert judged.json()["right"] is False and judged.json()["said"].endswith(".")
    shown = client.get(f"{own(0, 3)}", params=dict(asked_pairs(own(0, 3)), answer=typed))
    assert shown.status_code == 200 and "<script>alert" not in shown.text


def test_a_thought_has_the_names_that_the_picture_has(client: TestClient) -> None:
    """Question 3 asks for h_T, which is 8 × 9 while time_step is 2."""
    asked = {"lesson_page": "3", "answer": "8 x 2", "notation": "hidden_size"}

    said = "That is seq_len; hidden_size belongs in the second axis."
    assert client.get("/quiz.json", params=asked).json()["said"] == said
    page = client.get("/quiz", params=[*asked_pairs(own(0, 3)), ("answer", "8 x 2"), ("notation", "hidden_size")])
    assert said in words(page.text)


@pytest.mark.parametrize("answer", ["(1+b+t+f+u+p)*" * 14, "(" * 10_000, "3" * 30_000])
def test_what_no_shape_needs_is_refused_before_it_is_computed(client: TestClient, answer: str) -> None:
    asked = [("lesson_page", "3"), *[("answer", "1 x 1")] * 20, ("answer", answer)]
    judged = client.get(f"/quiz.json?{urlencode(asked)}").json()

    assert (judged["read"], judged["right"]) == (False, False)
    assert judged["said"].startswith(("That has too many parts for a shape", "That is too long for a shape"))


def asked_pairs(link: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(link).query)


def test_the_form_keeps_what_else_the_link_says(client: TestClient) -> None:
    page = client.get(f"{own(0, 3)}&theme=dark&title=Exam").text

    for name, value in (("theme", "dark"), ("title", "Exam"), ("tensor", "h_T")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_show_me_of_what_doubles_shows_it_doubled(client: TestClient) -> None:
    numbers = [n for n, one in enumerate(questions_of(0), 1) if "doubles" in one.page.title]
    for number in numbers:
        asked = questions_of(0)[number - 1]
        (link,) = re.findall(r'id="reveal" href="([^"]*)"', client.get(own(0, number)).text)
        shown = words(client.get(link.replace("&amp;", "&")).text)
        assert re.sub(r"\D+", " ", asked.answer).strip() in re.sub(r"\D+", " ", shown)


def test_there_are_ten_questions_and_an_eleventh_is_refused(client: TestClient) -> None:
    page = client.get("/quiz?seed=3&lesson_page=11")

    assert page.status_code == 422 and "from 1 to 10" in words(page.text)
    assert client.get(links(page.text)[0]).status_code == 307
    assert client.get("/quiz.json?lesson_page=11").status_code == 422
    assert client.get("/quiz.json?hidden=1").status_code == 422


def test_a_quiz_leads_to_the_next_question_to_all_and_to_another_quiz(client: TestClient) -> None:
    found = links(client.get(own(0, 4)).text)

    assert {own(0, n) for n in range(1, HOW_MANY + 1)} <= set(found)
    assert own(1, 1) in found
    for link in found:
        assert client.head(link).status_code == 200, link


def test_the_shapes_of_any_picture_can_be_hidden(client: TestClient) -> None:
    for path in ("/diagram.json", "/diagram.svg"):
        shown, hidden = (client.get(f"{path}?num_units=77&labels={labels}").text for labels in ("numbers", "hidden"))
        assert "77" in shown
        assert "?" in hidden
    assert ">77<" not in client.get("/diagram.svg?num_units=77&labels=hidden").text
