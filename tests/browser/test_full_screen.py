"""The picture, its sentence and its player alone on the whole screen."""

from collections.abc import Callable

from page_actions import becomes
from pairing import in_turn
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

SCREENS = [(1920, 1080), (1280, 800), (1024, 768), (800, 1280)]

SEEN = """() => [...document.querySelectorAll("main > *, .stage > *, .header")].filter((e) => {
  const box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.width && box.height && top && e.contains(top);
}).map((e) => e.id || e.className)"""


def entered(page: Page, by: Callable[[], None]) -> None:
    by()
    becomes(page, "!!document.fullscreenElement")
    expect(page.locator("#play")).to_be_focused()  # the page has heard of it


def left(page: Page) -> None:
    becomes(page, "!!document.fullscreenElement", False)


def test_it_is_entered_by_button_and_key_and_left_and_arrow_keys_step_at_once(page: Page) -> None:
    small = page.locator("#sentence").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")

    entered(page, page.locator("#fullscreen").click)

    assert set(page.evaluate(SEEN)) == {"stage", "sentence", "frame", "player"}
    assert page.locator("#sentence").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") > 1.2 * small
    page.keyboard.press("f")
    left(page)
    expect(page.locator("#fullscreen")).to_be_focused()

    entered(page, lambda: page.keyboard.press("f"))
    page.keyboard.press("ArrowRight")
    becomes(page, "new URLSearchParams(location.search).get('stepping')", "true")
    becomes(page, "!!document.fullscreenElement")


QUERIES = ("", "?view=batch", "?view=units&num_units=40", "?title=Homework&view=gradients")


def test_nothing_is_cut_off(visit: Visit) -> None:
    page = visit("/", wait=False)
    for query, (width, height) in in_turn(QUERIES, SCREENS):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/{query}")
        entered(page, lambda: page.keyboard.press("f"))

        becomes(page, "document.querySelector('.stage').scrollHeight <= innerHeight")
        becomes(page, "document.querySelector('.stage').scrollWidth <= innerWidth")
        frame = page.locator("#frame").bounding_box()
        assert frame and frame["width"] * frame["height"] > 0.25 * width * height, (query, width)


def test_f_in_a_field_is_a_letter(visit: Visit) -> None:
    page = visit("/?data=text", wait=False)
    page.locator("#text").focus()
    page.keyboard.press("f")

    becomes(page, "document.getElementById('text').value", "f")
    assert not page.evaluate("!!document.fullscreenElement")
    page.locator("#main").focus()
    page.keyboard.press("Control+f")
    assert not page.evaluate("!!document.fullscreenElement")


def test_where_a_browser_has_no_full_screen_nothing_offers_it(visit: Visit) -> None:
    gone = "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })"
    page = visit(before=lambda page: page.add_init_script(gone), wait=False)

    assert not page.locator("#fullscreen").is_visible()
    page.keyboard.press("f")
    assert not page.evaluate("!!document.fullscreenElement")
