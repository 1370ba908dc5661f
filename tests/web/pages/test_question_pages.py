"""Questions: the list with search, each answer beside a picture, and links to questions from tensors."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from app_client import TestClient
from page_text import links, words
from pairing import some
from selectolax.lexbor import LexborHTMLParser
from text_pages import DEFAULT, PAGES
from time_limit import time_limit

from app.teaching.all_pages import PageId
from app.teaching.full_text_search import MAX_RESULTS
from app.teaching.myths import MYTHS
from app.teaching.questions import GROUPS, QUESTIONS
from app.web.pages.parts.tensor_questions import link_to, related_questions
from app.web.pages.questions import SEARCH_FORM, in_plain_text


def test_no_question_is_listed_twice() -> None:
    assert len(QUESTIONS) == sum(map(len, GROUPS.values())) == 44
    assert len({question.page.title for question in QUESTIONS.values()}) == 44


def test_an_answer_is_two_or_three_sentences() -> None:
    for slug, question in QUESTIONS.items():
        response = in_plain_text(PageId(slug))

        assert 1 <= len(re.findall(r"[.?](?= |$)", response)) <= 3 and len(response) < 420
        assert question.page.title.endswith("?")


@pytest.mark.parametrize("slug", some(QUESTIONS, 14))
def test_the_page_has_question_answer_source_picture_and_links_to_neighbours(client: TestClient, slug: str) -> None:
    found = client.get(f"{link_to(DEFAULT, slug).link}&only=page")

    assert found.status_code == 200
    assert QUESTIONS[slug].page.title in words(found.text)
    targets = links(found.text)
    assert f"https://{QUESTIONS[slug].source}" in targets
    assert 'class="mentioned"' in found.text or " mentioned" in found.text

    slugs = list(QUESTIONS)
    here = slugs.index(slug)
    for other in slugs[max(0, here - 1) : here] + slugs[here + 1 : here + 2]:
        assert link_to(DEFAULT, other).link in targets


def test_the_list_has_every_question_with_its_answer(client: TestClient) -> None:
    page = client.get("/questions")
    targets, page_words = links(page.text), words(page.text)

    for slug, question in QUESTIONS.items():
        assert link_to(DEFAULT, slug).link in targets
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
        ("how many units should I choose", "how-many-units"),
        ("How to decide number of units in LSTM?", "how-many-units"),
        ("Why 128 hidden units?", "why-128"),
        ("what does a neuron learn", "one-unit"),
        ("forget gate", "forget-bias"),
        ("return sequences", "return-sequences"),
    ],
)
def test_a_plain_sentence_finds_the_right_question_first(client: TestClient, search_text: str, slug: str) -> None:
    page = client.get("/questions", params={"q": search_text}).text
    best = re.findall(r'<li><a href="([^"]*)"', page.partition('id="best"')[2].partition("</section>")[0])

    assert unescape(best[0]) == link_to(DEFAULT, slug).link
    assert len(best) <= MAX_RESULTS and len(set(best)) == len(best)


@pytest.mark.parametrize("search_text", ["什么是 num_units", "num_units是什么？"])
def test_a_question_in_chinese_finds_its_answer_first(client: TestClient, search_text: str) -> None:
    found = client.post("/questions?lang=zh", data={"q": search_text})

    assert urlsplit(results(found.text)[0]).path == "/questions/num-units"


@pytest.mark.parametrize(("language", "search_text"), [("es", "puerta de olvido"), ("zh", "遗忘门")])
def test_questions_are_found_in_the_language_of_the_page(client: TestClient, language: str, search_text: str) -> None:
    page = client.get("/questions", params={"q": search_text, "lang": language}).text

    assert "/questions/forget-bias" in page.partition('id="best"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    "search_text", ["<script>alert(qq)</script>", "ü" * 3000, "\u202egnp\u0000", "%", "👩‍🏫", "{xx}", "qqq"]
)
def test_without_a_result_the_page_says_so_and_lists_all(client: TestClient, search_text: str) -> None:
    found = client.get("/questions", params={"q": search_text})

    assert found.status_code == 200 and "No matches" in words(found.text)
    assert link_to(DEFAULT, "depth").link in links(found.text)
    assert "<script>alert" not in found.text


LONG_QUESTION = (
    "I am quite new to recurrent networks and have been reading several tutorials, but none of them really explains "
    "it: how many parameters does an LSTM have when I set the number of units and the number of features?"
)


def results(page: str) -> list[str]:
    """The links to the best matches."""
    best = page.partition('id="best"')[2].partition("</section>")[0]
    return [unescape(link) for link in re.findall(r'<li><a href="([^"]*)"', best)]


@pytest.mark.parametrize(
    ("sought", "path"),
    [
        ("h0", "/questions/hidden-sizes"),
        ("h_0", "/questions/hidden-sizes"),
        ("RuntimeError: Expected hidden[0] size (2, 3, 20), got [3, 2, 20]", "/questions/hidden-sizes"),
        ("ValueError: expected ndim=3, found ndim=2. Full shape received: (4, 2)", "/learn/break-it"),
        ("wrong number of features", "/learn/break-it"),
        ("what is\nnum_units", "/questions/num-units"),
        (LONG_QUESTION, "/questions/parameters"),
        ("well-known pages mislead", "/learn/what-is-num-units"),
        ("peculiarities of LSTMCell", "/questions/lstm-or-lstmcell"),
    ],
)
def test_a_posted_text_finds_questions_and_pages_of_lessons(client: TestClient, sought: str, path: str) -> None:
    found = client.post("/questions", data={"q": sought})

    assert urlsplit(results(found.text)[0]).path == path
    assert client.get(results(found.text)[0]).status_code == 200
    assert " ".join(sought.split()) in words(found.text)
    assert found.headers["Cache-Control"] == "no-store" and "ETag" not in found.headers


@pytest.mark.parametrize(
    "sought",
    [
        "ModuleNotFoundError: No module named 'torch'",
        "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB",
        "CUDA out of memory. Tried to allocate 20.00 MiB",
        "import torch\nlstm = torch.nn.LSTM(2, 5)",
        "",
    ],
)
def test_another_error_finds_nothing_rather_than_a_wrong_page(client: TestClient, sought: str) -> None:
    page = client.post("/questions", data={"q": sought}).text

    assert results(page) == [] and ("No matches" in words(page)) == bool(sought)


def test_the_results_of_a_form_have_the_language_of_the_link(client: TestClient) -> None:
    page = client.post("/questions?lang=es", data={"q": "tamaño del estado inicial h_0"}).text

    assert '<html lang="es"' in page and results(page)[0].startswith("/questions/hidden-sizes?")
    assert "lang=es" in results(page)[0]


@pytest.mark.parametrize("body", ["", "q", "q=%ff%00", "&" * 999, "x=1&q=depth", "q=" + "%F0%9F%91%A9" * 20_000])
def test_any_form_is_answered(client: TestClient, body: str) -> None:
    found = client.post("/questions", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert found.status_code == 200 and link_to(DEFAULT, "depth").link in links(found.text)
    assert len(found.content) < 500_000


@pytest.mark.parametrize(
    "sought",
    ["expected ndim=3, found ndim=4. Full shape received: (1, 2, 3, 4)", "Expected input to be 2D or 3D, got 4D"],
)
def test_a_message_about_an_axis_too_many_finds_what_to_do(client: TestClient, sought: str) -> None:
    found = client.post("/questions", data={"q": sought})

    assert "four axes" in words(client.get(results(found.text)[0]).text)


def test_the_page_knows_how_much_text_its_form_may_have(client: TestClient) -> None:
    field = re.search(r'data-most="(\d+)"', client.get("/questions").text)
    most = int(field[1]) if field else 0

    for length, status in (most, 200), (most + 1, 413):
        assert client.post("/questions", data={"q": "x" * length}).status_code == status


@pytest.mark.parametrize("sent", [{"json": {"q": "depth"}}, {"files": {"q": (None, "depth")}}, {"content": "q=depth"}])
def test_a_search_that_is_no_encoded_form_is_rejected_with_the_reason(client: TestClient, sent: dict[str, Any]) -> None:
    found = client.post("/questions", **sent)

    assert found.status_code == 415 and "URL-encoded form" in found.json()["error"]["message"]


def test_a_form_has_a_limit(client: TestClient) -> None:
    found = client.post("/questions", content=b"q=" + b"x" * SEARCH_FORM.most)

    assert found.status_code == 413 and found.headers["Connection"] == "close"


def test_a_long_message_is_answered(client: TestClient) -> None:
    lines = [f'  File "/home/me/train.py", line {n}, in step\n    x = f(x)\n' for n in range(1100)]
    text = "".join(lines)[: 2**16 - 60] + "RuntimeError: mat1 and mat2 shapes cannot be multiplied"
    with time_limit():
        found = client.post("/questions", data={"q": text})

    assert urlsplit(results(found.text)[0]).path == "/learn/break-it"


def test_an_unknown_question_is_not_found(client: TestClient) -> None:
    assert client.get("/questions/nothing").status_code == 404


def test_an_invalid_query_is_rejected_with_a_link_to_the_same_question(client: TestClient) -> None:
    found = client.get("/questions/depth?num_layers=99")

    assert found.status_code == 422
    assert links(found.text) == ["/questions/depth?num_layers=8"]


def test_a_tensor_has_links_to_the_questions_about_it(client: TestClient) -> None:
    for slug in QUESTIONS:
        _, state = PAGES[slug]
        if state.tensor:
            assert link_to(state, slug) in related_questions(state, state.tensor)
    found = client.get("/?tensor=kernel")
    assert link_to(DEFAULT, "units-and-steps")[1] in links(found.text)


@pytest.mark.parametrize("about", MYTHS)
def test_a_myth_is_shown_with_its_tensor_or_field_and_links_to_the_answer(client: TestClient, about: str) -> None:
    found = client.get("/" if about in DEFAULT.sizes else f"/?tensor={about}")

    for myth in MYTHS[about]:
        assert myth.claim in found.text and myth.truth in found.text
        assert link_to(DEFAULT, myth.question)[1] in links(found.text)


def test_a_search_for_an_error_leads_to_its_explanation_with_the_text_posted(client: TestClient) -> None:
    message = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]"

    for sought, leads in ((message, True), ("what is num_units?", False), ("ValueError: no layers", False)):
        form = LexborHTMLParser(client.post("/questions", data={"q": sought}).text).css_first("form.to-explain")
        assert (form is not None) == leads
        if form:
            field = form.css_first("input[name=text]")
            assert field is not None
            assert (form.attributes["method"], form.attributes["action"]) == ("post", "/explain")
            assert field.attributes["value"] == message


def test_the_search_posts_the_whole_error_that_it_has_found(client: TestClient) -> None:
    text = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]\n" + "and then é\n" * 2000

    form = LexborHTMLParser(client.post("/questions", data={"q": text}).text).css_first("form.to-explain")

    assert form
    assert (form.css_first("input[name=text]") or pytest.fail()).attributes["value"] == text
    assert not LexborHTMLParser(client.post("/questions", data={"q": text + "é" * 40_000}).text).css_first(
        ".to-explain"
    )
