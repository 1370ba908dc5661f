"""Lessons: the contents, and the pages of each lesson."""

import re
from html import unescape

import pytest
from app_client import TestClient
from page_text import links, with_one_picture, words
from pairing import some
from text_pages import DEFAULT

from app.frameworks import FRAMEWORKS
from app.frameworks.common_mistakes import FIXED, MISTAKES, recorded_messages
from app.teaching.lessons.order import LESSONS
from app.teaching.text_page import Lesson
from app.web.pages.lessons import pages_of

WITH_A_PICTURE = ("/?", "/learn/", "/questions/")

every_lesson = pytest.mark.parametrize(("slug", "lesson"), LESSONS.items(), ids=LESSONS)


@every_lesson
def test_the_contents_link_to_every_page(client: TestClient, slug: str, lesson: Lesson) -> None:
    found = client.get("/learn")

    assert found.status_code == 200 and "Learn" in found.text
    for _, title, query in pages_of(DEFAULT, lesson):
        assert f"/learn/{slug}{query}" in links(found.text)
        assert title in words(found.text)


@every_lesson
def test_next_and_previous_go_through_all_pages(client: TestClient, slug: str, lesson: Lesson) -> None:
    path = f"/learn/{slug}{pages_of(DEFAULT, lesson)[0].query}"
    visited: list[str] = []
    while path:
        found = client.get(with_one_picture(path))
        assert found.status_code == 200 and "This text describes a different picture" not in words(found.text)
        number = len(visited) + 1
        assert f"page {number} of {len(lesson.pages)}" in words(found.text)
        assert f"<h2>{lesson.pages[number - 1].title}</h2>" in found.text
        before = re.search(r'<a rel="prev" id="previous-page" href="(/learn/[^"]*)"', found.text)
        assert (unescape(before[1]) if before else None) == (visited[-1] if visited else None)
        visited.append(path)
        after = re.search(r'<a rel="next" id="next-page" href="(/learn/[^"]*)"', found.text)
        path = unescape(after[1]) if after else ""
    assert len(visited) == len(lesson.pages)


def test_the_links_of_a_page_can_be_opened(client: TestClient) -> None:
    """A link to each path on the first and the last page of each lesson, and some of the others."""
    ends = [
        f"/learn/{slug}{query}"
        for slug, lesson in LESSONS.items()
        for _, _, query in (pages_of(DEFAULT, lesson)[0], pages_of(DEFAULT, lesson)[-1])
    ]
    every = list(dict.fromkeys(link for page in ends for link in links(client.get(page).text)))
    opened = {*{link.partition("?")[0]: link for link in every}.values(), *some(every, 10)}

    assert len(every) > 100
    asked = {link: with_one_picture(link) if link.startswith(WITH_A_PICTURE) else link for link in opened}
    assert [link for link, short in asked.items() if client.head(short).status_code != 200] == []


def test_a_page_beyond_the_last_is_rejected_with_the_nearest(client: TestClient) -> None:
    for number in ("0", "99", "x"):
        found = client.get(f"/learn/what-is-num-units?num_units=7&lesson_page={number}")
        assert found.status_code == 422 and "lesson_page must be a whole number from 1 to 16" in words(found.text)
        (nearest,) = links(found.text)
        assert nearest.startswith("/learn/what-is-num-units?num_units=7")
        assert client.get(nearest).status_code == 200


@every_lesson
def test_a_typed_link_without_a_picture_leads_to_the_picture_of_the_text(
    client: TestClient, slug: str, lesson: Lesson
) -> None:
    for number, _, query in pages_of(DEFAULT, lesson):
        moved = client.get(f"/learn/{slug}?lesson_page={number}")
        assert moved.status_code == 200 or moved.headers["location"] == f"/learn/{slug}{query}"
    for number in (1, 2, len(lesson.pages)):
        look = f"/learn/{slug}?lesson_page={number}&theme=dark&lang=en"
        found = client.get(look, follow_redirects=True)
        assert found.status_code == 200 and "This text describes a different picture" not in words(found.text)
    chosen = client.get(f"/learn/{slug}?lesson_page=2&cell=rnn&labels=names")
    assert chosen.status_code == 200, "a link with a picture keeps it"


@pytest.mark.parametrize("path", ["/learn/what-is-num-units?lesson_page=14", "/questions/why-128"])
def test_a_text_about_a_curve_is_shown_beside_it(client: TestClient, path: str) -> None:
    moved = client.get(path)

    assert (moved.status_code, "num_units=128&view=training" in moved.headers["location"]) == (307, True)


def test_an_unknown_lesson_is_not_found(client: TestClient) -> None:
    assert client.get("/learn/nothing").status_code == 404


def test_data_and_images_accept_the_query_of_a_lesson(client: TestClient) -> None:
    query = pages_of(DEFAULT, LESSONS["what-is-num-units"])[6].query

    for path in ("/diagram.json", "/diagram.svg", "/trace.json"):
        assert client.get(path + query).status_code == 200


def test_every_mistake_shows_the_frameworks_messages(client: TestClient) -> None:
    lesson = LESSONS["break-it"]

    assert [page.mistake for page in lesson.pages] == list(MISTAKES)
    for (number, _, query), mistake in zip(pages_of(DEFAULT, lesson), MISTAKES, strict=True):
        found = words(client.get(with_one_picture(f"/learn/break-it{query}")).text)
        assert f"page {number} of 6" in found
        for one in recorded_messages(mistake):
            assert " ".join(one.message.split()) in found
            assert " ".join(one.program.split()) in found
            assert f"{FRAMEWORKS[one.framework].title} {one.version}" in found


def test_the_shapes_in_pytorchs_messages_are_those_of_the_picture(client: TestClient) -> None:
    (page,) = (page for page in LESSONS["break-it"].pages if page.mistake == "units-for-steps")
    (pytorch,) = (one for one in recorded_messages(page.mistake) if one.framework == "pytorch")
    query = {**page.picture, "framework": "pytorch", "batch_first": "true"}
    returned = client.get("/trace.json", params=query).json()["framework"]["returns"]

    assert [array["name"] for array in returned] == ["output", "h_n", "c_n"]
    for array in returned[:2]:
        assert f"{array['name']} {tuple(array['shape'])}" in pytorch.message


def test_a_fixed_program_has_no_error() -> None:
    for mistake, programs in FIXED.items():
        for one in recorded_messages(mistake):
            assert one.fixed and one.fixed.program == programs[one.framework].strip() != one.program
            assert "Error" not in one.fixed.message and "Error" not in one.fixed.program
