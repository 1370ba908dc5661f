"""Lessons: every page sets its picture, and the picture has, and lights, what the words name."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl

import pytest
from lesson_pages import PAGES, USUAL
from reading import links, words
from starlette.testclient import TestClient

from app.diagram.picture import FORMATS
from app.lessons.learn import LESSONS
from app.lessons.page import Lesson, Page
from app.lessons.prose import pieces
from app.web.learn import pages_of
from app.web.pictures import picture_of
from app.web.targets import targets
from app.web.told import holds_for, told
from app.web.view import View, parse

every_page = pytest.mark.parametrize(("page", "view"), PAGES.values(), ids=PAGES)
every_lesson = pytest.mark.parametrize(("slug", "lesson"), LESSONS.items(), ids=LESSONS)

SIZES = [(1, 1, 1, 1), (2, 13, 11, 7), (1024, 10_000, 4096, 8192)]


@every_page
@pytest.mark.parametrize("format", FORMATS)
def test_the_picture_has_and_lights_every_tensor_that_the_words_name(page: Page, view: View, format: str) -> None:
    lights = told(view, page).lights
    lit = [{t.tensor, *t.also} for t in targets(view, picture_of(view, format), lights) if t.is_told]

    assert lights and lights <= set().union(*lit)
    assert all(lights & one for one in lit)


@every_page
def test_the_words_hold_for_their_own_picture_and_it_needs_no_link_to_itself(page: Page, view: View) -> None:
    own = told(view, page)

    assert own.holds and own.own is None
    assert 1 <= len(page.paragraphs) <= 2 and all(own.paragraphs)


@every_page
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_words_can_be_said_at_any_sizes(page: Page, view: View, sizes: tuple[int, ...]) -> None:
    named = dict(zip(USUAL.sizes, sizes, strict=True))
    other = parse(parse_qsl(view.query(**named).removeprefix("?")), strict=True)
    found = told(other, page)

    assert found.holds and found.own is not None
    for text in page.paragraphs:
        for piece in pieces(text, other.stack, figures=page.figures):
            if piece.kind == "number":
                assert int(piece.text.replace(",", "")) > 0


@every_page
def test_no_number_is_typed(page: Page, view: View) -> None:
    """But for those of names, and of places that are counted from 0."""
    for text in page.paragraphs:
        typed = re.sub(r"\{[^}]*\}|`[^`]*`|TensorFlow 1|step 0|unit 0|one is 1|1st|2nd|\b1\. That", "", text)
        assert not re.search(r"\d", typed), typed


@every_page
def test_what_can_be_tried_is_another_picture_on_the_same_page(page: Page, view: View) -> None:
    for _, query in told(view, page).tries:
        tried = parse(parse_qsl(query.removeprefix("?")), strict=True)
        assert tried != view and tried.lesson_page == view.lesson_page


def test_words_about_an_lstm_are_not_said_of_another_cell() -> None:
    page, view = PAGES["what-is-num-units 4"]

    for changes in ({"cell": "gru"}, {"num_proj": 3}, {"num_layers": 2}, {"bidirectional": True}):
        other = parse(parse_qsl(view.query(**changes).removeprefix("?")), strict=True)
        assert not holds_for(other, page)
        assert (told(other, page).paragraphs, told(other, page).own) == ([], view.query())
    assert holds_for(replace(view, framework="keras"), page)
    assert not holds_for(replace(PAGES["what-is-num-units 10"][1], framework="keras"), PAGES["what-is-num-units 10"][0])


@every_lesson
def test_the_contents_lead_to_every_page(client: TestClient, slug: str, lesson: Lesson) -> None:
    found = client.get("/learn")

    assert found.status_code == 200 and "Learn" in found.text
    for _, title, query in pages_of(USUAL, lesson):
        assert f"/learn/{slug}{query}" in links(found.text)
        assert title in words(found.text)


@every_lesson
def test_next_leads_from_the_first_page_to_the_last_and_back(client: TestClient, slug: str, lesson: Lesson) -> None:
    path = f"/learn/{slug}"
    seen: list[str] = []
    while path:
        found = client.get(path)
        assert found.status_code == 200
        number = len(seen) + 1
        assert f"page {number} of {len(lesson.pages)}" in words(found.text)
        assert f"<h2>{lesson.pages[number - 1].title}</h2>" in found.text
        before = re.search(r'<a rel="prev" id="page-before" href="(/learn/[^"]*)"', found.text)
        assert (unescape(before[1]) if before else None) == (seen[-1] if seen else None)
        seen.append(path)
        after = re.search(r'<a rel="next" id="page-after" href="(/learn/[^"]*)"', found.text)
        path = unescape(after[1]) if after else ""
    assert len(seen) == len(lesson.pages)


@every_lesson
def test_every_link_of_a_page_works(client: TestClient, slug: str, lesson: Lesson) -> None:
    for _, _, query in pages_of(USUAL, lesson)[::5]:
        for link in dict.fromkeys(links(client.get(f"/learn/{slug}{query}").text)):
            assert client.head(link).status_code == 200, link


def test_a_page_that_there_is_not_is_refused_with_the_nearest(client: TestClient) -> None:
    for number in ("0", "99", "x"):
        found = client.get(f"/learn/what-is-num-units?num_units=7&lesson_page={number}")
        assert found.status_code == 422 and "lesson_page is a whole number from 1 to 12" in words(found.text)
        (nearest,) = links(found.text)
        assert nearest.startswith("/learn/what-is-num-units?num_units=7")
        assert client.get(nearest).status_code == 200


def test_a_lesson_that_there_is_not_is_not_found(client: TestClient) -> None:
    assert client.get("/learn/nothing").status_code == 404


def test_the_twins_take_the_query_of_a_lesson(client: TestClient) -> None:
    query = pages_of(USUAL, LESSONS["what-is-num-units"])[6][2]

    for twin in ("/diagram.json", "/diagram.svg", "/trace.json"):
        assert client.get(twin + query).status_code == 200
