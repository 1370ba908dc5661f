"""A browser with blocked or full storage: nothing is lost during the visit."""

import re

from playwright.sync_api import Page, expect
from visited_pages import Visit

FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"

UNAVAILABLE = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });"""


def marked(page: Page, n: int, symbol: str) -> None:
    expect(page.locator("#marks a").nth(n - 1)).to_have_text(f"{n} {symbol}")


def test_the_marks_of_a_quiz_are_stored_from_question_to_question_even_without_storage(visit: Visit) -> None:
    page = visit("/quiz?seed=3", plotly=False, script=UNAVAILABLE)
    page.get_by_label("Your answer").fill("1 x 1 x 1 x 1")
    page.keyboard.press("Enter")
    marked(page, 1, "✗")
    page.get_by_role("link", name="next ›").click()
    page.wait_for_url(re.compile("lesson_page=2"))
    marked(page, 1, "✗")
    page.reload()
    marked(page, 1, "✗")


def test_in_a_full_storage_a_newer_value_replaces_one_that_was_stored_before(visit: Visit) -> None:
    stored = """localStorage["quiz 3"] ??= '{"4": true}';"""
    page = visit("/quiz?seed=3", plotly=False, script=stored + FULL)
    page.get_by_label("Your answer").fill("1 x 1 x 1 x 1")
    page.keyboard.press("Enter")
    marked(page, 1, "✗")
    page.reload()
    marked(page, 1, "✗")
    marked(page, 4, "✓")
