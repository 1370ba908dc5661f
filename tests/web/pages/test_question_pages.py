"""Questions: the list with search, each answer beside a picture, and links to questions from tensors."""

import re
from html import unescape

import pytest
from page_text import links, words
from starlette.testclient import TestClient
from text_pages import DEFAULT, PAGES

from app.lessons.myths import MYTHS
from app.lessons.questions import GROUPS, QUESTIONS
from app.lessons.search import MAX_RESULTS
from app.web.pages.parts.related_questions import link_to, related_questions
from app.web.pages.questions import in_plain_text

every_question = pytest.mark.parametrize("slug", QUESTIONS)


def test_there_is_every_question_of_the_reference_and_one_about_the_gru() -> None:
    assert len(QUESTIONS) == sum(map(len, GROUPS.values())) == 35
    assert len({question.page.title for question in QUESTIONS.values()}) == 35


@every_question
def test_an_answer_is_two_or_three_sentences(slug: str) -> None:
    response = in_plain_text(slug)

    assert 1 <= len(re.findall(r"[.?](?= |$)", response)) <= 3 and len(response) < 420
    assert QUESTIONS[slug].page.title.endswith("?")


@every_question
def test_the_page_has_question_answer_source_picture_and_links_to_neighbours(client: TestClient, slug: str) -> None:
    found = client.get(f"{link_to(DEFAULT, slug)[1]}&only=page")

    assert found.status_code == 200
    assert QUESTIONS[slug].page.title in words(found.text)
    targets = links(found.text)
    assert f"https://{QUESTIONS[slug].source}" in targets
    assert 'class="mentioned"' in found.text or " mentioned" in found.text

    slugs = list(QUESTIONS)
    here = slugs.index(slug)
    for other in slugs[max(0, here - 1) : here] + slugs[here + 1 : here + 2]:
        assert link_to(DEFAULT, other)[1] in targets


def test_the_list_has_every_question_with_its_answer(client: TestClient) -> None:
    page = client.get("/questions")
    targets, page_words = links(page.text), words(page.text)

    for slug, question in QUESTIONS.items():
        assert link_to(DEFAULT, slug)[1] in targets
        assert question.page.title in page_words
    assert "both 3 × 128" in page_words


@pytest.mark.parametrize(
    ("search_text", "slug"),
    [
        ("sliding window", "inputs-to-units"),
        ("BATCH_FIRST h_n", "batch-first"),
        ("131280", "transposed"),
        ("what is the difference between hidden state and cell state?", "hidden-or-cell"),
        ("why 3D input", "ndim"),
        ("What is a gate?", "why-four"),
        ("how many units should I choose", "num-units"),
        ("forget gate", "forget-bias"),
        ("return sequences", "return-sequences"),
    ],
)
def test_a_plain_sentence_finds_the_right_question_first(client: TestClient, search_text: str, slug: str) -> None:
    page = client.get("/questions", params={"q": search_text}).text
    best = re.findall(r'<li><a href="([^"]*)"', page.partition('id="best"')[2].partition("</section>")[0])

    assert unescape(best[0]) == link_to(DEFAULT, slug)[1]
    assert len(best) <= MAX_RESULTS and len(set(best)) == len(best)


@pytest.mark.parametrize(("language", "search_text"), [("es", "puerta de olvido"), ("zh", "遗忘门")])
def test_questions_are_found_in_the_language_of_the_page(client: TestClient, language: str, search_text: str) -> None:
    page = client.get("/questions", params={"q": search_text, "lang": language}).text

    assert "/questions/forget-bias" in page.partition('id="best"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    "search_text", ["<script>alert(qq)</script>", "ü" * 3000, "\u202egnp\u0000", "%", "👩‍🏫", "{xx}", "the"]
)
def test_without_a_result_the_page_says_so_and_lists_all(client: TestClient, search_text: str) -> None:
    found = client.get("/questions", params={"q": search_text})

    assert found.status_code == 200 and "No question has any of these words" in words(found.text)
    assert link_to(DEFAULT, "depth")[1] in links(found.text)
    assert "<script>alert" not in found.text


def test_an_unknown_question_is_not_found(client: TestClient) -> None:
    assert client.get("/questions/nothing").status_code == 404


def test_an_invalid_query_is_rejected_with_a_link_to_the_same_question(client: TestClient) -> None:
    found = client.get("/questions/depth?num_layers=99")

    assert found.status_code == 422
    assert links(found.text) == ["/questions/depth?num_layers=8"]


def test_a_tensor_has_links_to_the_questions_about_it(client: TestClient) -> None:
    for slug in QUESTIONS:
        _, view = PAGES[slug]
        if view.tensor:
            assert link_to(view, slug) in related_questions(view, view.tensor)
    found = client.get("/?tensor=kernel")
    assert link_to(DEFAULT, "units-and-steps")[1] in links(found.text)


@pytest.mark.parametrize("about", MYTHS)
def test_a_myth_is_shown_with_its_tensor_or_field_and_links_to_the_answer(client: TestClient, about: str) -> None:
    found = client.get("/" if about in DEFAULT.sizes else f"/?tensor={about}")

    for myth in MYTHS[about]:
        assert f'data-claim="{myth.claim}" data-truth="{myth.truth}"' in found.text
        assert link_to(DEFAULT, myth.question)[1] in links(found.text)
