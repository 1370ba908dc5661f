"""axe-core finds no violation, light and dark, on a desktop and a phone."""

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from page_actions import hit
from pairing import ALL_COMBINATIONS, in_turn
from playwright.sync_api import Page, ViewportSize

Visit = Callable[..., Page]

DESKTOP, PHONE = ViewportSize(width=1400, height=800), ViewportSize(width=360, height=740)
MAIN_PAGE = "/?framework=pytorch&num_layers=2&bidirectional=true&t=0&layer=1&direction=backward&tensor=h_T"
LESSON = "/learn/what-is-num-units?view=units&poke=h_prev&lesson_page=8"
PAGES = {
    "/questions/depth?num_layers=2&layer=1&tensor=x": ("#lesson",),
    LESSON: (),
    "/?data=text&title=Homework&lock=num_units&hide=table": (".assignment", "#controls", "#notes"),
    MAIN_PAGE: (),
    "/docs": (),
    "/learn": (),
    "/questions": (),
    "/quiz?seed=3": (),
    "/model?model=embedding(?,128).lstm(64,bi).lstm(32,seq).dense(10)&framework=keras&part=1": (),
    "/?t=x": (),
}
"""Pages, and the parts of them that are not on another one, if there are few."""

LIKE_THEM = (
    "/learn/break-it?tensor=kernel&lesson_page=3",
    "/questions?q=nothing%20at%20all",
    "/model?model=lstm(3,4).dense(2)&beside=lstm(3,4,bi).dense(2)",
)
"""Pages whose parts are all on another one."""

LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (DESKTOP, "light"),
    (PHONE, "dark"),
    (PHONE, "light"),
    (DESKTOP, "dark"),
)


@pytest.mark.parametrize(("look", "path"), in_turn(LOOKS, [*PAGES, *LIKE_THEM] if ALL_COMBINATIONS else PAGES))
def test_axe_finds_no_violation(visit: Visit, path: str, look: tuple[ViewportSize, Literal["light", "dark"]]) -> None:
    screen, scheme = look
    page = visit(path, plotly=False, tolerate="status of 4", viewport=screen, color_scheme=scheme)
    check(page, *(() if ALL_COMBINATIONS else PAGES[path]))


def test_axe_finds_no_violation_before_and_after_an_error_is_explained(visit: Visit) -> None:
    page = visit("/explain", plotly=False)
    check(page)
    for example, (screen, scheme) in enumerate(LOOKS[:2]):
        if example:
            page.goto("/explain?lang=es")  # at the same address the page would show the first answer again
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme=scheme)
        page.locator(".examples button").nth(example).click()
        page.locator("#sentence").wait_for()
        check(page, "#main")


def test_axe_finds_no_violation_with_an_open_tip_and_an_invalid_field(visit: Visit) -> None:
    page = visit("/?num_units=128&features=128&tensor=f&labels=both", plotly=False)
    page.locator("#num_units").fill("")
    hit(page, "f", 2).focus()
    page.locator("#tip").wait_for()
    check(page, "#tip", "#controls", "#status")


SORT_BY_COLOURS = """() => {
  document.adoptedStyleSheets = []; // axe does not look at what is transparent
  const grounds = new Map([[null, ""]]);
  const ground = (e) => {
    if (!grounds.has(e)) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(e);
      const own = [backgroundColor, backgroundImage, opacity, position].join(" ");
      const below = ground(e.parentElement);
      grounds.set(e, below.endsWith(own) ? below : below + own);
    }
    return grounds.get(e);
  };
  const hasText = (e) => e.matches("input, select, textarea")
    || [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = {};
  for (const e of document.querySelectorAll("body *:not(svg *)")) {
    if (!hasText(e) || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
    const look = [color, fontSize, fontWeight, textShadow, e.matches(":disabled"), ground(e)].join(" ");
    seen[look] = (seen[look] ?? 0) + 1;
    if (seen[look] <= 2) e.dataset.contrast = "checked";
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-contrast]" }] });
}"""
"""Axe computes the contrast of two elements of each colour, size and ground, not of every cell of a table, which takes
longer than all its other rules. It does not read the fill of texts in pictures: see tests/diagram/test_theme.py."""


def check(page: Page, *parts: str) -> None:
    """Check the page, or parts of it."""
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(SORT_BY_COLOURS)
    run = "(parts) => axe.run(parts.length ? { include: parts } : document, { resultTypes: ['violations'] })"
    found = page.evaluate(run, parts)
    assert found["violations"] == [], AxeResults(found).generate_report()
