"""Full screen: the picture with its sentence and player."""

from collections.abc import Callable

from page_actions import becomes
from pairing import in_turn
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

SCREENS = [(1920, 1080), (1280, 800), (1024, 768), (800, 1280)]

VISIBLE = """() => [...document.querySelectorAll("main > *, .stage > *, .header")].filter((e) => {
  const box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.width && box.height && top && e.contains(top);
}).map((e) => e.id || e.className)"""


def enter(page: Page, by: Callable[[], None]) -> None:
    by()
    becomes(page, "!!document.fullscreenElement")
    expect(page.locator("#play")).to_be_focused()  # the page has handled the event


def wait_for_exit(page: Page) -> None:
    becomes(page, "!!document.fullscreenElement", False)


def test_button_and_key_toggle_full_screen_in_which_arrow_keys_step(page: Page) -> None:
    small = page.locator("#sentence").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")

    enter(page, page.locator("#fullscreen").click)

    assert set(page.evaluate(VISIBLE)) == {"stage", "sentence", "frame", "player"}
    assert page.locator("#sentence").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") > 1.2 * small
    page.keyboard.press("f")
    wait_for_exit(page)
    expect(page.locator("#fullscreen")).to_be_focused()

    enter(page, lambda: page.keyboard.press("f"))
    page.keyboard.press("ArrowRight")
    becomes(page, "new URLSearchParams(location.search).get('stepping')", "true")
    becomes(page, "!!document.fullscreenElement")


QUERIES = ("", "?view=batch", "?view=units&num_units=40", "?title=Homework&view=gradients")


def test_no_part_is_cut_off(visit: Visit) -> None:
    page = visit("/", wait=False)
    for query, (width, height) in in_turn(QUERIES, SCREENS):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/{query}")
        enter(page, lambda: page.keyboard.press("f"))

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


def test_a_browser_without_full_screen_shows_no_button(visit: Visit) -> None:
    unsupported = "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })"
    page = visit(before=lambda page: page.add_init_script(unsupported), wait=False)

    assert not page.locator("#fullscreen").is_visible()
    page.keyboard.press("f")
    assert not page.evaluate("!!document.fullscreenElement")
