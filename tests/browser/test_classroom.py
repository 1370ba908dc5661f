"""A live room in real browsers: a teacher leads; students follow, leave, answer and return, despite failures."""

from collections.abc import Iterator

import pytest
from app_server import Server
from conftest import Visit
from page_actions import becomes, settle
from playwright.sync_api import Page, expect
from room_actions import FIRST, LOST, answer, ask_for_concat, code_of, joined, opened

LABELS = "new URLSearchParams(location.search).get('labels')"

NO_WEBSOCKETS = """window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 10);
  }
};"""
"""WebSockets behind a proxy that blocks them."""


@pytest.fixture
def teacher(visit: Visit) -> Iterator[Page]:
    yield opened(visit)


def test_a_student_joins_by_code_follows_leaves_and_returns(visit: Visit, teacher: Page) -> None:
    expect(teacher.locator(".invitation .code")).to_have_text(code_of(teacher))
    expect(teacher.locator(".invitation")).to_contain_text(f"Join at {teacher.url.split('/')[2]}/join")
    expect(teacher.locator(".invitation .note")).to_be_visible()  # others cannot reach 127.0.0.1
    assert teacher.locator(".invitation img").evaluate("(e) => e.complete && e.naturalWidth") > 20
    student = joined(visit, teacher)
    expect(teacher.locator("#room-members")).to_have_text("1 here")
    teacher.locator("#num_units").fill("9")
    settle(student, "?num_units=9")
    expect(student.get_by_role("button", name="Ask for the shape")).to_be_hidden()
    assert "room" not in student.evaluate("JSON.stringify(Object.keys(localStorage))")
    student.locator("#num_units").fill("3")
    expect(student.get_by_role("button", name="Back to the teacher")).to_be_visible()
    teacher.locator("#batch_size").fill("4")
    becomes(teacher, "location.search", "?batch_size=4&num_units=9")
    settle(student, "?num_units=3")
    student.get_by_role("button", name="Back to the teacher").click()
    becomes(student, "location.search", "?batch_size=4&num_units=9")


def test_a_question_is_asked_answered_counted_revealed_and_withdrawn_until_the_lesson_ends(
    visit: Visit, teacher: Page
) -> None:
    student = joined(visit, teacher)
    ask_for_concat(teacher)
    for page in (teacher, student):  # the projector does not reveal it either
        becomes(page, LABELS, "hidden")
        for place in ("#sentence", "#panel", "#table"):
            expect(page.locator(place)).to_be_hidden()
    answer(student, "3 x 7")
    expect(student.locator("#room-message")).to_contain_text("That is a part of it.")
    expect(teacher.locator("#room-answered")).to_have_text("1 answered")
    expect(teacher.locator("#room-counts")).to_be_hidden()
    teacher.locator("#room-score").click()
    expect(teacher.locator("#room-counts")).to_contain_text("1 × 3 x 7")
    answer(student, "3 x 9")
    expect(teacher.locator("#room-score")).to_have_text("1 of 1 correct")
    teacher.reload()  # the leader keeps the room and the question
    expect(teacher.locator("#room-score")).to_have_text("1 of 1 correct")
    teacher.get_by_role("button", name="Reveal").click()
    for page in (teacher, student):
        expect(page.locator("#room-message")).to_have_text("concat is 3 × 9 (batch_size × (num_units+features)).")
        becomes(page, "location.search", f"{FIRST}&tensor=concat")
        expect(page.locator("#panel")).to_be_visible()

    teacher.get_by_role("button", name="Ask for the shape").click()
    expect(student.get_by_label("What is the shape of concat")).to_be_visible()
    becomes(teacher, LABELS, "hidden")
    teacher.locator("#num_units").fill("6")
    for page in (student, teacher):
        becomes(page, "location.search", "?num_units=6&tensor=concat")
    expect(student.locator("#room-predict")).to_be_hidden()

    end = teacher.locator("#room-close")
    end.dblclick()
    expect(end).to_have_text("Really end it for everybody?")
    teacher.wait_for_timeout(600)
    end.click()
    for page in (teacher, student):
        expect(page.locator("#room-message")).to_have_text("The lesson is over.")
        expect(page.locator("#room button:visible")).to_have_count(0)
    student.locator("#num_units").fill("3")  # the page works without the room
    settle(student, "?num_units=3&tensor=concat")


def test_a_question_does_not_reveal_its_answer_by_a_name_in_a_framework(visit: Visit) -> None:
    teacher = visit("/?framework=pytorch&tensor=h_T", wait=False)
    teacher.get_by_role("button", name="Teach live").click()
    teacher.get_by_role("button", name="Ask for the shape").click()
    expect(teacher.locator("#room-question")).to_have_text("What is the shape of h_T (last hidden state)?")


def test_a_lesson_works_without_websockets(visit: Visit) -> None:
    def block(page: Page) -> None:
        page.add_init_script(NO_WEBSOCKETS)

    teacher = opened(visit, before=block)
    student = joined(visit, teacher, before=block)
    ask_for_concat(teacher)
    answer(student, "3 x 7")
    expect(student.locator("#room-message")).to_contain_text("That is a part of it.")
    expect(teacher.locator("#room-score")).to_have_text("0 of 1 correct")
    teacher.get_by_role("button", name="Reveal").click()
    expect(student.locator("#room-message")).to_contain_text("concat is 3 × 9")


def test_a_room_can_be_led_from_two_windows(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    second = teacher.context.new_page()
    second.goto(teacher.url)
    expect(second.get_by_role("button", name="Ask for the shape")).to_be_visible()
    for leading, n in ((second, 8), (teacher, 9), (second, 11)):
        leading.locator("#num_units").fill(str(n))
        for page in (teacher, second, student):
            becomes(page, "location.search", f"?num_units={n}")
            expect(page.locator("#num_units")).to_have_value(str(n))


def test_a_page_reports_that_its_room_does_not_exist(visit: Visit) -> None:
    page = visit("/room/ABCDE", wait=False)
    expect(page.locator("#room-message")).to_have_text("There is no such room, or it is over.")


def test_a_student_catches_up_after_an_offline_period(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher, tolerate=LOST)
    student.context.set_offline(True)
    teacher.locator("#num_units").fill("9")
    becomes(teacher, "location.search", "?num_units=9")
    student.context.set_offline(False)
    settle(student, "?num_units=9")


def test_a_page_reports_that_a_restarted_server_has_lost_its_room(visit: Visit, own_server: Server) -> None:
    teacher = opened(visit, at=own_server, tolerate=LOST)
    own_server.stop()
    expect(teacher.locator("#room-message")).to_have_text("The room is not in reach; trying again…")
    own_server.start()
    expect(teacher.locator("#room-message")).to_have_text("There is no such room, or it is over.")
