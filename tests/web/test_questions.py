"""Questions: a list that can be searched, each answered beside a picture, and found again from what it is about."""

import re

import pytest
from reading import links, words
from starlette.testclient import TestClient
from told_pages import PAGES, USUAL

from app.lessons.myths import MYTHS
from app.lessons.questions import GROUPS, QUESTIONS
from app.web.asked import asked, link_to
from app.web.questions import in_plain_text

every_question = pytest.mark.parametrize("slug", QUESTIONS)


def test_every_question_of_the_reference_is_here_and_one_about_the_gru() -> None:
    assert len(QUESTIONS) == sum(map(len, GROUPS.values())) == 35
    assert len({question.page.title for question in QUESTIONS.values()}) == 35


@every_question
def test_an_answer_is_two_or_three_sentences(slug: str) -> None:
    answer = in_plain_text(QUESTIONS[slug])

    assert 1 <= len(re.findall(r"[.?](?= |$)", answer)) <= 3 and len(answer) < 420
    assert QUESTIONS[slug].page.title.endswith("?")


@every_question
def test_the_page_has_question_answer_source_and_picture(client: TestClient, slug: str) -> None:
    found = client.get(link_to(USUAL, slug)[1])

    assert found.status_code == 200
    assert QUESTIONS[slug].page.title in words(found.text)
    assert f"https://{QUESTIONS[slug].source}" in links(found.text)
    assert 'class="told"' in found.text or " told" in found.text


@every_question
def test_the_neighbours_of_a_question_are_one_link_away(client: TestClient, slug: str) -> None:
    slugs = list(QUESTIONS)
    here = slugs.index(slug)
    found = links(client.get(link_to(USUAL, slug)[1]).text)

    for other in slugs[max(0, here - 1) : here] + slugs[here + 1 : here + 2]:
        assert link_to(USUAL, other)[1] in found


def test_the_list_has_every_question_with_its_answer(client: TestClient) -> None:
    page = client.get("/questions")

    for slug, question in QUESTIONS.items():
        assert link_to(USUAL, slug)[1] in links(page.text)
        assert question.page.title in words(page.text)
    assert "both 3 × 128" in words(page.text)


@pytest.mark.parametrize(
    ("sought", "slug", "other"),
    [
        ("sliding window", "inputs-to-units", "depth"),
        ("BATCH_FIRST h_n", "batch-first", "depth"),
        ("  4403 131280 ", None, "depth"),
        ("131280", "transposed", "depth"),
        ("keras", "which-slice", "scalars"),
    ],
)
def test_a_search_finds_what_has_all_of_its_words(
    client: TestClient, sought: str, slug: str | None, other: str
) -> None:
    found = links(client.get("/questions", params={"q": sought}).text)

    assert link_to(USUAL, other)[1] not in found
    if slug:
        assert link_to(USUAL, slug)[1] in found
    else:
        assert found == ["/questions"]


@pytest.mark.parametrize("sought", ["<script>alert(1)</script>", "ü" * 3000, "\u202egnp\u0000", "%", "👩‍🏫"])
def test_whatever_is_sought_the_page_says_that_there_is_nothing(client: TestClient, sought: str) -> None:
    found = client.get("/questions", params={"q": sought})

    assert found.status_code == 200 and "Nothing has all of these words" in words(found.text)
    assert "<script>alert" not in found.text


def test_an_unknown_question_is_not_found(client: TestClient) -> None:
    assert client.get("/questions/nothing").status_code == 404


def test_a_query_that_does_not_fit_is_refused_with_a_link_to_the_same_question(client: TestClient) -> None:
    found = client.get("/questions/depth?num_layers=99")

    assert found.status_code == 422
    assert links(found.text) == ["/questions/depth?num_layers=8"]


def test_a_tensor_leads_to_the_questions_about_it(client: TestClient) -> None:
    for slug in QUESTIONS:
        _, view = PAGES[slug]
        if view.tensor:
            assert link_to(view, slug) in asked(view, view.tensor)
    found = client.get("/?tensor=kernel")
    assert link_to(USUAL, "units-and-steps")[1] in links(found.text)


@pytest.mark.parametrize("about", MYTHS)
def test_a_myth_stands_where_it_belongs_and_leads_to_its_answer(client: TestClient, about: str) -> None:
    found = client.get("/" if about in USUAL.sizes else f"/?tensor={about}")

    for myth in MYTHS[about]:
        assert f'data-said="{myth.said}" data-truth="{myth.truth}"' in found.text
        assert link_to(USUAL, myth.question)[1] in links(found.text)
