"""Full screen: everything that a lecture needs, legible from the last row."""

from collections.abc import Callable

from page_actions import becomes
from pairing import in_turn
from playwright.sync_api import Page, expect
from room_actions import opened

Visit = Callable[..., Page]

LECTURE_HALL = {"width": 1920, "height": 1080}
SCREENS = [(1920, 1080), (1280, 800), (1024, 768), (800, 1280)]

LESSON = "/learn/what-is-num-units"
SHOWN = ("#views", "#fullscreen", "#frame", "#play", "[data-for=num_units]", "#num_units")

OUTSIDE = """(selectors) => selectors.filter((selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isCovered = !top || !document.querySelector(selector).contains(top);
  return isCovered || box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
})"""
"""Elements that are not wholly inside the window, or are covered."""


def enter(page: Page, by: Callable[[], None]) -> None:
    by()
    becomes(page, "!!document.fullscreenElement")
    expect(page.locator("#play")).to_be_focused()  # the page has handled the event


def leave(page: Page) -> None:
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement", False)


def test_button_and_key_toggle_full_screen_in_which_steps_sizes_and_views_change(visit: Visit) -> None:
    page = visit(plotly=False)
    button = page.locator("#fullscreen")
    enter(page, button.click)
    expect(button).to_have_text("Exit full screen Esc", use_inner_text=True)
    button.click()
    becomes(page, "!!document.fullscreenElement", False)
    expect(button).to_be_focused()

    enter(page, lambda: page.keyboard.press("f"))
    page.keyboard.press("ArrowRight")
    becomes(page, "new URLSearchParams(location.search).get('stepping')", "true")
    page.locator("#num_units").fill("7")
    becomes(page, "new URLSearchParams(location.search).get('num_units')", "7")
    page.locator("#views a", has_text="weights").click()
    becomes(page, "new URLSearchParams(location.search).get('view')", "weights")
    becomes(page, "!!document.fullscreenElement")


QUERIES = ("/?view=batch", "/?view=units&num_units=40", "/?title=Homework&view=gradients", LESSON)


def test_views_sizes_and_player_stay_in_the_window(visit: Visit) -> None:
    page = visit("/robots.txt", plotly=False)
    for (width, height), path in in_turn(SCREENS, QUERIES):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        enter(page, lambda: page.keyboard.press("f"))

        becomes(page, f"({OUTSIDE})({[*SHOWN]}).join()", "")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        frame = page.locator("#frame").bounding_box()
        assert frame and frame["width"] * frame["height"] > 0.25 * width * height, (path, width)
        leave(page)


def test_a_lesson_is_read_in_full_screen(visit: Visit) -> None:
    page = visit(LESSON, viewport=LECTURE_HALL, plotly=False)
    enter(page, lambda: page.keyboard.press("f"))
    title = page.locator("#lesson h2")
    first = title.inner_text()
    assert title.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 34
    text = page.locator("#lesson .columns p").first
    assert text.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 25

    page.locator("#lesson a[rel=next]").click()

    expect(title).not_to_have_text(first)
    becomes(page, f"({OUTSIDE})(['#lesson h2', '#previous-page', '#next-page']).join()", "")
    becomes(page, "!!document.fullscreenElement")


def test_f_in_a_field_is_a_letter(visit: Visit) -> None:
    page = visit("/?data=text", plotly=False)
    page.locator("#text").focus()
    page.keyboard.press("f")

    becomes(page, "document.getElementById('text').value", "f")
    assert not page.evaluate("!!document.fullscreenElement")
    page.locator("#main").focus()
    page.keyboard.press("Control+f")
    assert not page.evaluate("!!document.fullscreenElement")


def test_a_browser_without_full_screen_shows_no_button(visit: Visit) -> None:
    unsupported = "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })"
    page = visit(script=unsupported, plotly=False)

    assert not page.locator("#fullscreen").is_visible()
    page.keyboard.press("f")
    assert not page.evaluate("!!document.fullscreenElement")


def test_a_room_and_the_sentence_are_whole_beside_the_picture(visit: Visit) -> None:
    page = opened(visit, viewport={"width": 1366, "height": 768})
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement")
    cut = "(e) => e.scrollHeight > e.clientHeight + 1"
    expect(page.locator("#room-close")).to_be_visible()
    assert [part for part in ("#room", "#sentence") if page.locator(part).evaluate(cut)] == []
    assert page.evaluate(
        """document.getElementById("room").getBoundingClientRect().bottom
          <= document.getElementById("sentence").getBoundingClientRect().top + 1"""
    )
