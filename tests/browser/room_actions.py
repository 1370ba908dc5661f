"""Actions of teachers and students in a room."""

from collections.abc import Callable

from page_actions import SHOWN, becomes
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

FIRST = "?num_units=7"
"""The state of the teacher's page when the room opens."""

LOST = r"WebSocket|ERR_CONNECTION|ERR_SOCKET|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_NETWORK|status of 404"
"""Console messages about a server that does not respond."""


def opened(visit: Visit, **options: object) -> Page:
    page = visit(f"/{FIRST}", **{"plotly": False, **options})
    page.get_by_role("button", name="Teach live").click()
    page.wait_for_url("**/room/*")
    expect(page.get_by_role("button", name="Ask for the selected shape")).to_be_visible()
    return page


def joined(visit: Visit, teacher: Page, **options: object) -> Page:
    """A student who has opened the link to the room."""
    page = visit(f"/room/{code_of(teacher)}", **{"plotly": False, "wait": False, **options})
    follows(page)
    return page


def joined_by_code(visit: Visit, teacher: Page, **options: object) -> Page:
    page = visit("/join", **{"plotly": False, "wait": False, **options})
    page.get_by_label("Room code shown by the teacher").fill(code_of(teacher).lower())
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/room/*")
    follows(page)
    return page


def follows(student: Page) -> None:
    """Wait until scripts follow the teacher."""
    becomes(student, "location.search", FIRST)
    student.locator("#room-follow:not([hidden])").wait_for(state="attached")


def code_of(teacher: Page) -> str:
    return teacher.url.partition("/room/")[2].partition("?")[0]


def ask_for_concat(teacher: Page) -> None:
    teacher.locator("#table tr[data-tensor=concat] a").click()
    becomes(teacher, SHOWN, f"{FIRST}&tensor=concat")
    teacher.get_by_role("button", name="Ask for the selected shape").click()


def answer(student: Page, text: str) -> None:
    """Answer the question about concat, for the first time or again."""
    field = student.get_by_role("textbox", name="What is the shape of [h1, x2]")
    again = student.get_by_role("button", name="Answer again")
    expect(field.or_(again).first).to_be_visible()
    if again.is_visible():
        again.click()
    field.fill(text)
    student.get_by_role("button", name="Answer", exact=True).click()
