"""Screens from a phone to a projector, paper, and settings of the system."""

from collections.abc import Callable

import pytest
from page_actions import SHOWN, becomes, drag, read, settle, slider, spot
from playwright.sync_api import Page, ViewportSize, expect

Visit = Callable[..., Page]

SMALL_PHONE = ViewportSize(width=360, height=740)
LARGEST = "/?batch_size=1024&time_step=10000&features=4096&num_units=8192"
WITHIN = "(e) => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight"


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(viewport=SMALL_PHONE, has_touch=True, is_mobile=True, plotly=False)


def test_a_phone_shows_the_narrow_picture_and_the_page_fits_it(visit: Visit) -> None:
    largest = LARGEST + "&t=5000&labels=both&tensor=concat"
    phone = visit(largest, plotly=False, viewport=SMALL_PHONE, has_touch=True, is_mobile=True)
    expect(phone.locator(".picture.narrow")).to_be_visible()
    check_fit(phone)


def check_fit(page: Page) -> None:
    assert cut_off(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


def cut_off(page: Page) -> list[str]:
    """The elements that are cut off at the right."""
    wide = """[...document.querySelectorAll("body *")]
      .filter((e) => !e.closest(".scroll, svg, #plot, .chart > *"))
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
      .map((e) => e.outerHTML)"""
    found: list[str] = page.evaluate(wide)
    return found


def test_the_sheet_of_sliders_is_low_and_covers_neither_the_end_of_the_page_nor_the_focus(phone: Page) -> None:
    assert slider(phone, "num_units").evaluate(WITHIN)
    sheet = phone.locator(".sliders").bounding_box()
    assert sheet
    assert sheet["y"] + sheet["height"] == SMALL_PHONE["height"]
    assert sheet["height"] < 0.3 * SMALL_PHONE["height"]
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = phone.locator("#table tbody tr").last.bounding_box()
    assert last and last["y"] + last["height"] <= sheet["y"]  # the end of the page is not covered
    phone.evaluate("document.getElementById('settings').open = true")
    for name in ("num_units", "batch_size", "seed"):
        field = phone.locator(f"#{name}")
        field.focus()
        uncovered = """(e) => {
          const box = e.getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === e;
        }"""
        assert field.evaluate(uncovered), name


def test_a_finger_moves_a_slider_unless_it_scrolls_and_a_tap_selects_a_tensor_without_a_tip(phone: Page) -> None:
    box = slider(phone, "num_units").bounding_box()
    assert box
    x, y = box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2
    phone.evaluate("void (globalThis.scrolled = new Promise((done) => addEventListener('scrollend', done)))")
    touch = phone.context.new_cdp_session(phone)
    for kind, ups in (("touchStart", [0]), ("touchMove", [20, 60, 120, 200]), ("touchEnd", [None])):
        for up in ups:
            points = [] if up is None else [{"x": x, "y": y - up}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.detach()
    phone.evaluate("scrolled.then(() => null)")  # it goes on scrolling, and a tap would only end that
    becomes(phone, "scrollY > 0")
    expect(phone.locator("#num_units")).to_have_value("5")
    settle(phone, "")
    phone.evaluate("scrollTo(0, 0)")
    before = read(phone)
    drag(phone, "num_units", 0.1, 0.7)
    units = phone.locator("#num_units").input_value()
    after = settle(phone, f"?num_units={units}")
    assert after["wires"]["wire num_units"] > before["wires"]["wire num_units"]
    phone.touchscreen.tap(*spot(phone, "f", 2))
    becomes(phone, SHOWN, f"?num_units={units}&tensor=f")
    expect(phone.locator("#tip")).to_be_hidden()


def test_a_swipe_changes_the_step_and_does_not_go_back_in_the_history(phone: Page) -> None:
    # on a slow phone the browser has time to handle a swipe as its own gesture for back
    slow = phone.context.new_cdp_session(phone)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    try:
        swipe(phone, 300, 100)
        becomes(phone, SHOWN, "?t=3")
        swipe(phone, 300, 100)  # there is no next step
        swipe(phone, 100, 300)
        becomes(phone, SHOWN, "")
    finally:
        slow.detach()  # the phone, which other tests use, is fast again
    swipe(phone, 150, 170)  # too short for a swipe
    swipe(phone, 100, 300)
    becomes(phone, SHOWN, "?t=1")
    redraw = "document.querySelectorAll('#frame svg').forEach((drawn) => drawn.replaceWith(drawn.cloneNode(true)))"
    swipe(phone, 100, 300, before_end=redraw)
    becomes(phone, SHOWN, "?t=0")


def swipe(page: Page, start: int, end: int, before_end: str = "") -> None:
    """Swipe over the picture. ``before_end`` is run before the finger is lifted."""
    box = page.locator("#frame").bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    for kind, xs in (("touchStart", [start]), ("touchMove", [(start + end) // 2, end]), ("touchEnd", [None])):
        if kind == "touchEnd":
            page.evaluate(before_end)
        for x in xs:
            points = [] if x is None else [{"x": x, "y": box["y"] + 120}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.detach()


def test_the_page_fits_every_width(visit: Visit) -> None:
    page = visit("/?labels=both", plotly=False)
    for width in (320, 500, 760, 900, 1150, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, cut_off(page)) == (width, [])


def test_a_long_title_and_long_names_of_arrays_stay_on_the_page(visit: Visit) -> None:
    page = visit(f"/?title={80 * 'a'}", plotly=False)
    check_fit(page)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto("/?framework=tf1&num_layers=2&bidirectional=true&num_proj=3")
    check_fit(page)
    arrays = page.locator("#arrays .array").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect())")
    for one in arrays:
        for other in arrays:
            assert (
                one == other
                or one["right"] <= other["left"]
                or other["right"] <= one["left"]
                or (one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1)
            )


COVERED = """(links) => links.filter((e) => {
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && !e.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}).map((e) => e.textContent)"""


def test_in_a_low_window_nothing_covers_the_header_and_a_lesson_is_not_in_a_box_of_its_own(visit: Visit) -> None:
    page = visit(viewport={"width": 683, "height": 384}, plotly=False)
    expect(page.locator("#grip")).to_be_hidden()
    assert page.locator(".header a, .header summary, #views a").evaluate_all(COVERED) == []
    page.goto("/learn/break-it?lesson_page=1")
    check_fit(page)
    lesson = page.locator("#lesson")
    assert lesson.evaluate("(e) => e.scrollHeight - e.clientHeight") <= 0
    assert page.locator(".sliders").evaluate("(e) => e.getBoundingClientRect().left") >= 0
    page.locator("#next-page").click()
    expect(lesson).to_contain_text("page 2 of 6")


def test_a_resize_changes_the_format_and_the_picture_fits_with_every_word_where_the_server_draws_it(page: Page) -> None:
    for width, format, labels in ((390, "narrow", "names"), (1920, "wide", "numbers"), (1400, "page", "both")):
        page.set_viewport_size({"width": width, "height": 1080})
        becomes(page, f"document.querySelector('.picture.{format}')?.getClientRects().length", 1)
        page.locator(f'#labels a:text-is("{labels.title()}")').dispatch_event("click")
        now = settle(page, f"?labels={labels}" if labels != "numbers" else "")
        assert format in now["formats"] and now["words"]
        off = {
            word: (here, there)
            for word, here, there in zip(now["words"], now["places"], now["still"]["places"], strict=True)
            if abs(here[0] - there[0]) > 2 or abs(here[1] - there[1]) > 3
        }
        assert off == {}
        expect(page.locator(".drawn .picture > svg").first).to_have_css("visibility", "hidden")
        if format == "wide":  # the picture, the arrays of the run and the player are on the screen together
            tops = []
            for part in ("#plot", "#arrays", "#player"):
                assert page.locator(part).evaluate(WITHIN), part
                tops.append(page.locator(part).evaluate("(e) => e.getBoundingClientRect().top"))
            assert tops == sorted(tops)
            expect(page.locator("#arrays")).to_contain_text("Y (3, 4, 5)", use_inner_text=True)
        becomes(
            page,
            f"""(() => {{
              const still = document.querySelector(".picture.{format} > svg");
              const [place, box] = [still.getScreenCTM(), still.viewBox.baseVal];
              const scale = place.a;
              const wanted = [place.e + scale * box.x, place.f + scale * box.y, scale * box.width, scale * box.height];
              const drawn = [...document.querySelectorAll("#plot .main-svg")].map((e) => e.getBoundingClientRect());
              return drawn.every((e) => Math.hypot(...[e.x, e.y, e.width, e.height].map((n, k) => n - wanted[k])) < 1);
            }})()""",
        )
        check_fit(page)
    assert page.locator(".picture").evaluate_all("(all) => all.map((e) => e.className)") == ["picture page wide"]


PAINT = """(selector) => {
  const { fill, stroke, visibility } = getComputedStyle(document.querySelector(selector));
  return { fill, stroke, visibility };
}"""
BLACK, WHITE = "rgb(0, 0, 0)", "rgb(255, 255, 255)"


def test_forced_colours_show_the_picture_in_two_colours(visit: Visit) -> None:
    page = visit("/?tensor=f", forced_colors="active")
    expect(slider(page, "num_units")).to_be_visible()
    expect(page.locator("#plot")).to_be_hidden()
    for drawing in (".picture.page > svg:first-child", ".kernel > svg:first-child"):
        area = page.evaluate(PAINT, f"{drawing} .area")
        assert {area["fill"], area["stroke"]} == {BLACK, WHITE}
        assert area["visibility"] == "visible"
        assert page.evaluate(PAINT, f"{drawing} text")["fill"] == area["stroke"]
    assert page.evaluate(PAINT, ".picture.page .wire")["stroke"] == area["stroke"]
    assert page.evaluate(PAINT, ".picture.page tspan.num_units")["fill"] == area["stroke"]
    marked = page.evaluate(PAINT, ".picture.page .hits .selected path")
    assert marked["fill"] == "none" and marked["stroke"] not in ("none", area["fill"])


def test_a_printed_page_is_light_with_a_complete_picture(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    expect(page.locator("#plot")).to_be_hidden()
    expect(page.locator(".picture:visible")).to_have_count(1)
    cell = page.evaluate(PAINT, ".picture .area.cell")
    assert (cell["fill"], cell["visibility"]) == ("rgb(231, 243, 216)", "visible")
    expect(page.locator("html")).to_have_css("background-color", "rgb(251, 250, 247)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718  # nothing is cut off
    for hidden in ("#controls", "#steps", ".header nav >> nth=0", ".header nav >> nth=1"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator("#frame").evaluate("(e) => getComputedStyle(e).breakInside") == "avoid"
