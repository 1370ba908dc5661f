"""A live room in real browsers: a teacher leads; students follow, leave, answer and return, despite failures."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from app_server import Server
from page_actions import SHOWN, becomes, grip, settle, slider, wait_for_templates
from playwright.sync_api import Page, Route, expect
from relay import Relay
from room_actions import FIRST, LOST, answer, ask_for_concat, code_of, joined, joined_by_code, opened
from visited_pages import Visit

from app.rooms.store import UNAVAILABLE

LABELS = "new URLSearchParams(location.search).get('labels')"

NO_WEBSOCKETS = """window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 10);
  }
};"""
"""WebSockets behind a proxy that blocks them."""


SENTENCES = """() => {
  window.sentences = new Set();
  const sentence = document.getElementById("sentence");
  const see = () => window.sentences.add(sentence.textContent);
  new MutationObserver(see).observe(sentence, { childList: true, subtree: true, characterData: true });
}"""
"""Collects the sentences that a page shows."""


@pytest.fixture
def teacher(visit: Visit) -> Iterator[Page]:
    yield opened(visit)


def test_a_student_joins_by_code_follows_leaves_and_returns_also_after_a_lost_connection(
    visit: Visit, server: Server, teacher: Page
) -> None:
    expect(teacher.locator("#room .invitation .code")).to_have_text(code_of(teacher))
    expect(teacher.locator("#room .invitation")).to_contain_text(f"Join at {teacher.url.split('/')[2]}/join")
    expect(teacher.locator("#room .room-local")).to_be_visible()  # others cannot reach 127.0.0.1
    assert teacher.locator("#room .room-qr").evaluate("(e) => e.complete && e.naturalWidth") > 20
    network = Relay([server.port])
    student = joined_by_code(visit, teacher, at=network, tolerate=LOST)
    expect(teacher.locator("#room-members")).to_have_text("1 student")
    teacher.locator("#num_units").fill("9")
    settle(student, "?num_units=9")
    expect(student.get_by_role("button", name="Ask for the selected shape")).to_be_hidden()
    assert code_of(teacher) not in student.evaluate("Object.keys(localStorage).join()")  # where a leader's secret is
    student.locator("#num_units").fill("3")
    expect(student.get_by_role("link", name="Go to the teacher’s picture")).to_be_visible()
    teacher.locator("#batch_size").fill("4")
    becomes(teacher, "location.search", "?batch_size=4&num_units=9")
    settle(student, "?num_units=3")
    student.get_by_role("link", name="Go to the teacher’s picture").click()
    becomes(student, "location.search", "?batch_size=4&num_units=9")

    network.cut()
    expect(student.locator("#room-message")).to_have_text("Connection to the room lost; reconnecting…")
    teacher.locator("#num_units").fill("8")
    becomes(teacher, "location.search", "?batch_size=4&num_units=8")
    network.mend()
    settle(student, "?batch_size=4&num_units=8")
    expect(student.locator("#room-message")).to_be_empty()


def test_while_the_teacher_drags_a_size_students_draw_it_themselves_and_request_the_last_state(
    visit: Visit, teacher: Page
) -> None:
    student = joined(visit, teacher, plotly=True)
    student.mouse.move(3, 3)
    student.locator("#frame.drawn").wait_for()
    wait_for_templates(student)
    student.evaluate(SENTENCES)
    requested: list[str] = []
    student.on("request", lambda request: requested.append(request.url))
    grip(teacher, "num_units", 0.2)
    track = slider(teacher, "num_units").bounding_box()
    assert track
    for k in range(12):
        teacher.mouse.move(track["x"] + (0.2 + 0.05 * k) * track["width"], track["y"] + track["height"] / 2)
        teacher.wait_for_timeout(60)
    teacher.mouse.up()
    value = teacher.locator("#num_units").input_value()
    settle(student, f"?num_units={value}")
    assert student.evaluate("window.sentences.size") > 3, "it follows every few moves"
    pages = [url for url in requested if "/static/" not in url]
    assert {urlsplit(url).path for url in pages} == {urlsplit(student.url).path}, "no figures, no templates"
    assert len(pages) < 6 and f"num_units={value}&" in pages[-1]  # more than one if the machine is slow


def test_nothing_shows_the_answer_wherever_a_student_is_until_it_is_revealed_then_right_and_wrong_differ(
    visit: Visit, teacher: Page
) -> None:
    student, other = joined(visit, teacher), joined(visit, teacher)
    other.locator("#num_units").fill("3")
    becomes(other, SHOWN, "?num_units=3")
    ask_for_concat(teacher)
    for page in (teacher, student):  # the projector does not reveal it either
        becomes(page, LABELS, "hidden")
        for place in ("#sentence", "#panel", "#table"):
            expect(page.locator(place)).to_be_hidden()
        assert not re.search(r"\d ×", page.locator("main").inner_text())
    becomes(other, "location.search", "?num_units=3&labels=hidden")
    expect(other.locator("#talk-about")).to_have_text("Your teacher asks. Your own sizes are kept.")
    expect(other.locator("#talk-given")).to_contain_text("batch_size 3, time_step 4, features 2, num_units 7")
    assert teacher.locator("#controls").evaluate("(e) => e.inert"), "the question is about these sizes"
    for key in ("ArrowRight", "Space", "Escape"):
        teacher.keyboard.press(key)
    teacher.locator("#arrays a").first.click(force=True)
    assert teacher.evaluate("location.search") == f"{FIRST}&tensor=concat&labels=hidden", "a change cancels it"
    teacher.go_back()
    becomes(teacher, "location.search", f"{FIRST}&tensor=concat&labels=hidden")
    answer(student, "3 by 7")
    own = student.locator("#talk-own")
    expect(own).to_contain_text("✗ wrong you answered 3 × 7")
    expect(teacher.locator("#talk-answered")).to_have_text("1 of 2 students have answered")
    assert "3 × 7" not in teacher.locator("main").inner_text()
    answer(student, "nine")
    expect(own).to_contain_text("“nine”")  # it is no shape, so it counts for nobody
    for page in (teacher, student):
        page.reload()  # the leader keeps the room and the question, the student the answer
    expect(own).to_contain_text("✗ wrong you answered 3 × 7")
    expect(student.locator("#talk-form")).to_be_hidden()

    teacher.get_by_role("button", name="Reveal").click()
    for page, state in (
        (teacher, f"{FIRST}&tensor=concat"),
        (student, f"{FIRST}&tensor=concat"),
        (other, "?num_units=3"),
    ):
        expect(page.locator("#talk-title")).to_have_text("[h1, x2] is 3 × 9")
        becomes(page, "location.search", state)
        expect(page.locator("#sentence")).to_be_visible()
    wrong = teacher.locator("#talk-answers li.wrong")
    expect(wrong).to_contain_text("✗ wrong 3 × 7 1 student")
    assert wrong.locator(".diagnosis").inner_text() == own.locator(".diagnosis").inner_text()
    expect(teacher.locator("#talk-silent")).to_have_text("1 student did not answer.")
    expect(student.locator("#talk-right")).to_have_text("0 of 2 students were right")
    expect(own).to_contain_text("✗ wrong you answered 3 × 7")
    expect(other.locator("#talk-own")).to_have_text("You did not answer.")

    other.goto("/learn")
    teacher.get_by_role("button", name="Ask another").click()
    teacher.locator(".picture:visible svg.hits a[data-tensor=a_f].area").click()
    asked = "What is the shape of f2, the forget gate at step 2?"
    expect(student.locator("#talk-title")).to_have_text(asked)  # what comes out of the box, not its pre-activation
    expect(own).to_be_empty()
    answer_field = other.get_by_role("textbox", name=asked)
    answer_field.fill("batch_size x num_units")
    answer_field.press("Enter")
    expect(other.locator("#talk-own")).to_contain_text("✓ right you answered batch_size × num_units")
    other.get_by_role("link", name="Quiz", exact=True).click()
    own = other.locator("#talk-own .right")
    expect(own).to_contain_text("✓ right you answered batch_size × num_units")
    teacher.get_by_role("button", name="Reveal").click()
    right = teacher.locator("#talk-answers li.right")
    expect(right).to_contain_text("✓ right 3 × 7 1 student")
    expect(other.locator("#talk-title")).to_have_text("f2 is 3 × 7")
    for row in (right, own):
        expect(row.locator(".judged")).to_have_css("color", "rgb(59, 107, 47)")
    expect(right.locator(".bar span").first).to_have_css("background-image", "none")  # solid
    other.get_by_role("link", name="Go to the teacher’s picture").click()
    becomes(other, "location.pathname", f"/room/{code_of(teacher)}")
    becomes(other, "new URLSearchParams(location.search).get('tensor')", "f")
    teacher.get_by_role("button", name="Continue").click()
    for page in (teacher, student, other):
        expect(page.locator("#talk")).to_be_hidden()


def test_a_room_survives_a_walk_through_lessons(visit: Visit, teacher: Page) -> None:
    student = joined(visit, teacher)
    room = teacher.url
    teacher.get_by_role("link", name="Learn", exact=True).click()
    bar = teacher.locator("#room")
    expect(bar).to_contain_text("You lead this room. The class does not see this page.")
    assert student.url == room, "a list of lessons is not for the class"
    teacher.locator("main a[href*='lesson_page=2']").first.click()
    expect(teacher.get_by_role("button", name="Ask for the selected shape")).to_be_visible()
    becomes(student, "location.pathname", "/learn/what-is-num-units")
    for page in (teacher, student):
        becomes(page, "new URLSearchParams(location.search).get('lesson_page')", "2")
    teacher.locator("#next-page").click()
    becomes(student, "new URLSearchParams(location.search).get('lesson_page')", "3")
    teacher.get_by_role("button", name="Ask for the selected shape").click()
    expect(student.locator("#talk-title")).to_contain_text("What is the shape of")
    shapes = "[...document.querySelectorAll('#lesson .shape')]"
    becomes(student, f"{shapes}.filter((shape) => getComputedStyle(shape).visibility === 'visible').length", 0)
    other = teacher.context.new_page()
    other.goto("/?num_units=2")  # a tab for something else
    expect(other.locator("#room")).to_contain_text("The class does not see this page.")
    for page in (teacher, other):
        expect(page.locator("#talk-invitation")).to_be_visible()
        expect(page.locator("#talk-locked")).to_be_visible(visible=page == teacher)
    teacher.get_by_role("button", name="Cancel").click()
    expect(student.locator("#talk")).to_be_hidden()
    expect(student.locator("#room-message")).to_have_text(re.compile("this question is closed"))
    expect(teacher.locator("#room-message")).to_be_empty()
    teacher.get_by_role("link", name="Quiz", exact=True).click()
    bar.get_by_role("link", name="Back to the room").click()
    becomes(teacher, "location.pathname", "/learn/what-is-num-units")
    becomes(student, "new URLSearchParams(location.search).get('lesson_page')", "3")

    end = teacher.locator("#room-close")
    expect(end).to_be_enabled()
    end.dblclick()
    expect(end).to_have_text("End it for everyone?")
    teacher.wait_for_timeout(600)
    end.click()
    for page in (teacher, student):
        expect(page.locator("#room-message")).to_have_text("The lesson has ended.")
        expect(page.locator("#room-message")).not_to_have_class("error")
        expect(page.locator("#room button:visible")).to_have_count(0)
    student.locator("#num_units").fill("3")  # the page works without the room
    becomes(student, "new URLSearchParams(location.search).get('num_units')", "3")
    student.goto(room)
    expect(student.locator("#room-message.error")).to_have_text("This room does not exist or has ended.")
    student.goto("/learn")
    expect(student.locator("#room")).to_be_hidden()


def test_a_room_that_cannot_be_opened_is_reported_and_a_double_click_asks_for_one(visit: Visit) -> None:
    page = visit("/", plotly=False, tolerate="status of 503")
    requests: list[Route] = []
    page.route("**/rooms?*", lambda route: requests.append(route))
    button = page.get_by_role("button", name="Teach live")
    with page.expect_request("**/rooms?*"):
        button.dblclick()
    expect(page.locator("#status")).to_contain_text("Opening")
    requests[0].fulfill(status=503, headers={"Retry-After": "5"}, json={"error": {"message": UNAVAILABLE}})
    expect(page.locator("#status")).to_have_text("The room is temporarily unavailable; try again.")
    assert len(requests) == 1, "a double click opens one room"
    expect(button).to_be_enabled()


def test_a_lesson_works_without_websockets(visit: Visit) -> None:
    teacher = opened(visit, script=NO_WEBSOCKETS)
    student = joined(visit, teacher, script=NO_WEBSOCKETS)
    ask_for_concat(teacher)
    answer(student, "3 x 7")
    expect(student.locator("#talk-own")).to_contain_text("✗ wrong you answered 3 × 7")
    expect(teacher.locator("#talk-answered")).to_have_text("1 of 1 student has answered")
    teacher.get_by_role("button", name="Reveal").click()
    expect(student.locator("#talk-title")).to_have_text("[h1, x2] is 3 × 9")
    expect(teacher.locator("#talk-answers .wrong")).to_contain_text("3 × 7 1 student")


def test_a_room_can_be_led_from_two_windows(teacher: Page) -> None:
    second = teacher.context.new_page()
    second.goto(teacher.url)
    expect(second.get_by_role("button", name="Ask for the selected shape")).to_be_visible()
    for leading, n in ((second, 8), (teacher, 9)):
        leading.locator("#num_units").fill(str(n))
        for page in (teacher, second):
            becomes(page, "location.search", f"?num_units={n}")
            expect(page.locator("#num_units")).to_have_value(str(n))
