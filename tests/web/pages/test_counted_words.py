"""Singular and plural: every page with all sizes 1, in every language that has a plural."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from app_client import TestClient
from pairing import paired
from selectolax.lexbor import LexborHTMLParser
from text_pages import PAGES, state_at

from app.core.axes import SIZES
from app.core.cells import CELLS
from app.core.stack import Stack
from app.core.work_limits import Budget
from app.teaching.placeholders import plain, tokens
from app.teaching.text_page import TextPage, in_language
from app.url_state.url_state import UrlState

ONES = "batch_size=1&time_step=1&features=1&num_units=1"

SEVERAL = {
    "en": r"(?<!TensorFlow )\b1 (?!(gives|is|meets|minus|ms)\b|times [\d(])[a-z]+s\b"
    r"|\b(all|each of) 1 (?!here)[a-z]",
    "es": r"(?<!TensorFlow )\b1 (?!(antes|es|menos|ms|más)\b)[a-záéíóúñ]+s\b|\b(los|las|cada uno de los) 1 ",
}
"""A plural, or “all”, after 1. “num_units = 1 is”, “1 × 1 times 1 × 4” and “x is 1 more” are none."""

VIEWS = [
    (f"{ONES}&view={view}{more}", language)
    for view, more, language in paired(
        ("unrolled", "rolled", "batch", "units", "weights", "gradients"),
        (
            "&sample=0&unit=0&tensor=kernel&poke=h_prev",
            "&cell=rnn&unit=0&tensor=a&poke=x",
            "&num_proj=1&framework=pytorch&unit=0&bidirectional=true&direction=backward&tensor=h_T",
        ),
        SEVERAL,
    )
]
STATES = [
    f"{ONES}&num_layers=2&layer=1&framework=keras&stepping=true&tensor=a",
    f"{ONES}&cell=gru_reset_after&framework=onnx&tensor=X",
    "batch_size=1&time_step=1&num_units=1&data=text&text=a",
    "batch_size=1&time_step=1&num_units=1&data=text&text=aaa+bb&cut=words",
    "batch_size=7&time_step=1&num_units=1&data=text&text=aba&cut=characters",
    "batch_size=1&time_step=1&num_units=1&data=wave",
    "batch_size=1&num_units=1&data=digit",
]

INLINE = {"a", "b", "bdi", "cite", "code", "em", "i", "s", "span", "strong", "sub", "sup", "wbr", "tspan"}
READ = ("aria-label", "title", "alt", "placeholder", "content", "data-claim", "data-truth")
BREAK = "\x1e"


def lines(html: str) -> list[str]:
    """The texts of a page, each as one line: those of block elements, and those for screen readers."""
    page = LexborHTMLParser(html)
    page.strip_tags(["script", "style", "pre"])
    heard = [node.attributes.get(name) or "" for name in READ for node in page.css(f"[{name}]")]
    for node in page.css("*"):
        if node.tag not in INLINE:
            node.insert_before(BREAK)
            node.insert_after(BREAK)
    text = re.sub(r"(?<=[a-z])−1|ₜ₋₁", "", page.text())
    return [*(re.sub(r"\s+", " ", line) for line in text.split(BREAK)), *heard]


def several_of_one(texts: list[str], language: str) -> list[str]:
    return [text for text in texts if re.search(SEVERAL[language], text)]


both_languages = pytest.mark.parametrize("language", SEVERAL)


@pytest.mark.parametrize(("state", "language"), [*VIEWS, *product(STATES, SEVERAL)])
def test_no_view_uses_a_plural_for_one(client: TestClient, state: str, language: str) -> None:
    found = client.get(f"/?{state}&lang={language}&only=page")

    assert found.status_code == 200
    assert several_of_one(lines(found.text), language) == []


@both_languages
@pytest.mark.parametrize("path", ["learn", "questions", "quiz", "docs", "standalone.html", "embed", "notebook.ipynb"])
def test_no_other_page_uses_a_plural_for_one(client: TestClient, path: str, language: str) -> None:
    found = client.get(f"/{path}?{ONES}&lang={language}", follow_redirects=True)
    texts = lines(found.text) if path != "notebook.ipynb" else "".join(found.json()["cells"][0]["source"]).split("\n")

    assert found.status_code == 200
    assert several_of_one(texts, language) == []


def texts_of(page: TextPage, url_state: UrlState, language: str) -> Iterator[str]:
    """The texts of a page of a lesson or an answer and of its variants, with all sizes 1."""
    sizes = {name: 1 for name in SIZES if name not in (*url_state.implied_sizes, "num_proj")}
    for one in (page, *page.variant_pages):
        shown = in_language(one, language)
        ones = state_at(url_state.query(**{**one.picture, **sizes}))
        for text in shown.paragraphs:
            yield plain(tokens(text, ones.stack, ones.layer, one.figures), ones.stack, ones.layer)


@both_languages
def test_no_lesson_and_no_answer_uses_a_plural_for_one(language: str) -> None:
    texts = [text for page, url_state in PAGES.values() for text in texts_of(page, url_state, language)]
    assert several_of_one(texts, language) == []


@pytest.mark.parametrize("language", [*SEVERAL, "zh"])
def test_every_language_has_its_plural_forms(language: str) -> None:
    for page, url_state in PAGES.values():
        ones = state_at(url_state.query(batch_size=1, time_step=1, features=1, num_units=1))  # or the nearest that fit
        for stack in (url_state.stack, ones.stack):
            for text in in_language(page, language).paragraphs:
                assert "|" not in plain(tokens(text, stack, url_state.layer, page.figures), stack, url_state.layer)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        (
            "batch_size=1",
            ["A single sample", "There is only one sample, so every tensor except the weights has one row"],
        ),
        ("batch_size=2", ["One sample in a batch of 2", "All 2 samples go through the cell in parallel"]),
    ],
)
def test_a_batch_of_one_has_its_own_text(client: TestClient, sizes: str, shown: list[str]) -> None:
    text = " ".join(lines(client.get(f"/?{sizes}&view=batch").text))

    assert all(words in text for words in shown)


def test_the_only_step_and_the_only_sample_are_called_the_only_ones(client: TestClient) -> None:
    text = " ".join(lines(client.get(f"/?{ONES}&view=batch&sample=0").text))

    assert "step 0, the only one" in text and "sample: 0 (there is one)" in text
    assert "0…0" not in text


def test_a_reason_has_the_singular_for_one_cell_and_one_step() -> None:
    reason = Budget(steps=1).refusal(Stack(CELLS["lstm"], 1, 2, 1, 1))

    assert reason == "takes 2 steps in 1 cell (limit: 1)"
    assert Budget(steps=0).refusal(Stack(CELLS["lstm"], 1, 1, 1, 1)) == "takes 1 step in 1 cell (limit: 0)"
