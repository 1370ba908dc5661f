"""axe-core finds no violation, light and dark, on a desktop and a phone."""

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from page_actions import becomes, hit
from pairing import ALL_COMBINATIONS
from playwright.sync_api import Page, ViewportSize

Visit = Callable[..., Page]

DESKTOP, PHONE = ViewportSize(width=1400, height=800), ViewportSize(width=360, height=740)
PICTURE_PAGES = (
    "/",
    "/learn/what-is-num-units?view=units&poke=h_prev&lesson_page=8",
    "/learn/break-it?tensor=kernel&lesson_page=3",
    "/questions/depth?num_layers=2&layer=1&tensor=x",
    "/?framework=pytorch&num_layers=2&bidirectional=true&t=0&layer=1&direction=backward&tensor=h_T",
    "/?data=text&title=Homework&lock=num_units&hide=table",
)
PLAIN_PAGES = ("/docs", "/learn", "/questions", "/questions?q=nothing%20at%20all", "/quiz?seed=3", "/?t=x", "/nowhere")


LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (DESKTOP, "light"),
    (PHONE, "dark"),
    (PHONE, "light"),
    (DESKTOP, "dark"),
)


@pytest.mark.parametrize(("n", "path"), [*enumerate(PICTURE_PAGES), *enumerate(PLAIN_PAGES)])
def test_axe_finds_no_violation(visit: Visit, path: str, n: int) -> None:
    """A page with a picture is checked in two combinations of screen and theme, another page in one. All are used."""
    page = visit(path, wait=False, tolerate="status of 4")
    looks = (
        LOOKS
        if ALL_COMBINATIONS
        else [LOOKS[2 * n % 4], LOOKS[2 * n % 4 + 1]]
        if path in PICTURE_PAGES
        else [LOOKS[n % 4]]
    )
    for screen, scheme in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(screen)
        becomes(page, "innerWidth", screen["width"])
        check(page)


def test_axe_finds_no_violation_with_an_open_tip_and_an_invalid_field(visit: Visit) -> None:
    page = visit("/?num_units=128&features=128&tensor=f&labels=both")
    page.locator("#num_units").fill("")
    hit(page, "f", 2).focus()
    page.locator("#tip").wait_for()
    check(page)


def check(page: Page) -> None:
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    assert found["violations"] == [], AxeResults(found).generate_report()
