"""A live room in real browsers: a teacher leads, students follow, let go, answer and come back."""

from collections.abc import Iterator

import pytest
from conftest import Visit
from playwright.sync_api import Page, expect
from studio import becomes, settle

MINE = "?num_units=7"


@pytest.fixture
def teacher(visit: Visit) -> Iterator[Page]:
    page = visit(f"/{MINE}")
    page.get_by_role("button", name="Teach live").click()
    page.wait_for_url("**/room/*")
    expect(page.get_by_role("button", name="Reveal")).to_be_visible()
    yield page


def joined(visit: Visit, teacher: Page) -> Page:
    page = visit("/join", wait=False)
    page.get_by_label("The code that the teacher shows").fill(code_of(teacher).lower())
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/room/*")
    becomes(page, "location.search", MINE)
    return page


def code_of(teacher: Page) -> str:
    return teacher.url.partition("/room/")[2].partition("?")[0]


def test_a_student_joins_by_code_and_follows(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    expect(teacher.locator("#room-members")).to_have_text("2 here")
    teacher.locator("#num_units").fill("9")
    settle(student, "?num_units=9")
    expect(student.locator("#room-ask")).to_be_hidden()
    assert "room" not in student.evaluate("JSON.stringify(Object.keys(localStorage))")


def test_a_student_looks_around_alone_and_comes_back(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    student.locator("#num_units").fill("3")
    expect(student.get_by_role("button", name="Back to the teacher")).to_be_visible()
    teacher.locator("#batch_size").fill("4")
    becomes(teacher, "location.search", "?batch_size=4&num_units=7")
    settle(student, "?num_units=3")
    student.get_by_role("button", name="Back to the teacher").click()
    becomes(student, "location.search", "?batch_size=4&num_units=7")


def test_a_shape_is_asked_for_answered_counted_and_revealed(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    teacher.locator("#table tr[data-tensor=concat] a").click()
    becomes(student, "location.search", f"{MINE}&tensor=concat")
    teacher.locator("#room-ask").click()
    expect(student.get_by_label("What is the shape of concat?")).to_be_visible()
    becomes(student, "new URLSearchParams(location.search).get('labels')", "hidden")
    student.get_by_label("What is the shape of concat?").fill("3 x 7")
    student.get_by_role("button", name="Answer").click()
    expect(student.locator("#room-said")).to_contain_text("That is a part of it.")
    expect(teacher.locator("#room-said")).to_have_text("1 answered, 0 right")
    expect(teacher.locator("#room-counts")).to_contain_text("1 × 3 x 7")
    student.get_by_label("What is the shape of concat?").fill("3 x 9")
    student.get_by_role("button", name="Answer").click()
    expect(teacher.locator("#room-said")).to_have_text("1 answered, 1 right")
    teacher.get_by_role("button", name="Reveal").click()
    expect(student.locator("#room-said")).to_have_text("It is 3 × (7+2).")
    becomes(student, "location.search", f"{MINE}&tensor=concat")


def test_a_teacher_who_reloads_keeps_the_room(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    teacher.reload()
    expect(teacher.get_by_role("button", name="Reveal")).to_be_visible()
    teacher.locator("#num_units").fill("8")
    settle(student, "?num_units=8")


def test_of_a_room_that_there_is_not_the_page_says_so(visit: Visit) -> None:
    page = visit("/room/ABCDE")
    expect(page.locator("#room-said")).to_have_text("There is no such room, or it is over.")
