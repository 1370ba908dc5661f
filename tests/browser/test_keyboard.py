"""The page by keyboard."""

import re
from collections.abc import Callable

from page_actions import FOCUSED, SHOWN, becomes, focused, hit, row, settle, spot
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]


IS_ON_TOP = """link => {
  const { x, y, width, height } = link.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === link;
}"""
"""Whether nothing covers an element."""

COVERED = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const sheet = document.elementFromPoint(x, y)?.closest(".sliders");
  const out = y < 0 || y > innerHeight || x < 0 || x > innerWidth;
  const hidden = out || (sheet && !sheet.contains(e));
  return hidden && !e.matches(".scroll, body") ? e.id || e.textContent.trim() : "";
}"""


def test_tab_follows_the_reading_order_and_every_focused_element_is_visible_and_not_covered(visit: Visit) -> None:
    page = visit(plotly=False)
    stops: list[str] = []
    while "row-c_T" not in stops and len(stops) < 180:
        page.keyboard.press("Tab")
        stop, covered = page.evaluate(f"[({FOCUSED})(), ({COVERED})()]")
        stops.append(stop)
        assert covered == ""
    wanted = ["Skip to content", "Unrolled", "Learn", "Share", "x", "f", "h", "batch_size", "batch_size slider"]
    wanted += ["time_step", "time_step slider", "features", "features slider", "num_units", "num_units slider"]
    wanted += ["num_layers", "GRU", "Reset", "row-X", "row-concat", "row-h", "row-c_T"]
    places = [stops.index(stop) for stop in wanted]
    assert places == sorted(places)
    assert "nothing" not in stops

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    for _ in range(50):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) == ""


def test_a_picture_that_arrives_after_the_first_tabs_does_not_move_the_focus_below_the_sliders(visit: Visit) -> None:
    held: list[Route] = []

    def hold_the_narrow_picture(page: Page) -> None:
        page.route("**/?only=narrow", lambda route: held.append(route))

    page = visit(plotly=False, before=hold_the_narrow_picture, viewport={"width": 360, "height": 740})
    while not page.evaluate("document.activeElement.textContent.startsWith('initial h')"):
        page.keyboard.press("Tab")
    while not held:
        page.wait_for_timeout(20)
    height = page.evaluate("document.querySelector('#frame').clientHeight")
    held.pop().continue_()
    page.wait_for_function("(height) => document.querySelector('#frame').clientHeight > height", arg=height)
    assert page.evaluate(COVERED) == ""


def test_enter_selects_and_no_link_loses_the_focus(visit: Visit) -> None:
    page = visit(plotly=False)
    hit(page, "i", 2).focus()
    page.keyboard.press("Enter")
    settle(page, "?tensor=i")
    expect(page.locator("#table tr.selected")).to_have_attribute("data-tensor", "i")
    expect(page.locator("#selected h3")).to_have_text("input gate")
    expect(hit(page, "i", 2)).to_be_focused()
    row(page, "kept").focus()
    page.keyboard.press("Enter")
    settle(page, "?tensor=kept")
    expect(row(page, "kept")).to_be_focused()
    expect(hit(page, "kept", 2)).to_have_class(re.compile(r"\bselected\b"))
    for where in ('#cells a:text-is("GRU")', '.hits:visible a[data-tensor=""][data-t="0"]', "#selected dd a", ".reset"):
        link = page.locator(where).first
        address = (link.get_attribute("href") or "").removeprefix("/")
        link.focus()
        page.keyboard.press("Enter")
        becomes(page, SHOWN, address)
        assert focused(page) != "nothing", where
        page.keyboard.press("Tab")
        assert focused(page) not in ("nothing", "Unrolled"), where  # Tab continues from there, not from the top
    copy = page.locator("#framework .copy").first
    copy.evaluate("(e) => (e.closest('details').open = true, scrollTo(0, 0), e.focus({ preventScroll: true }))")
    page.keyboard.press("Shift+ArrowLeft")  # for the player, which is on the screen
    becomes(page, SHOWN, "?t=1")
    expect(copy).to_be_focused()


def test_focus_and_pointer_show_the_tip_within_the_screen(visit: Visit) -> None:
    page = visit(plotly=False)
    tip = page.locator("#tip")
    expect(tip).to_be_hidden()
    hit(page, "f", 2).focus()
    expect(tip).to_be_visible()
    for words in ("forget gate", "3 × 5", "batch_size × num_units", "used by"):
        expect(tip).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(hit(page, "f", 2)).to_be_focused()
    another_step = '.hits:visible a[data-t="1"]:not([data-tensor=""])'
    page.locator(another_step).first.focus()  # the tip has only facts that hold at every step
    expect(tip).to_contain_text("step 1")
    expect(tip).not_to_contain_text("used by")
    page.keyboard.press("Tab")  # the tip goes with the focus
    expect(tip).not_to_contain_text("step 1, same")
    for tensor in ("f", "x"):
        page.mouse.move(*spot(page, tensor, 2))
        expect(tip).to_be_visible()
        box = tip.bounding_box()
        assert box
        assert box["x"] >= 0 <= box["y"]
        assert box["x"] + box["width"] <= 1400
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.mouse.move(*spot(page, "", 3))
    expect(tip).to_have_text("open step 3, same cell")
    hit(page, "", 0).focus()
    expect(tip).to_have_text("open step 0, same cell")


def test_the_page_first_says_what_it_is_and_its_first_links_skip_to_the_content_and_to_the_panel(visit: Visit) -> None:
    page = visit(plotly=False)
    first, second = page.locator("main p:visible").all()[:2]
    expect(first).to_have_text("Every tensor shape in an LSTM, GRU or RNN, from a real run. Drag num_units.")
    expect(second).to_have_id("sentence")
    expect(row(page, "concat")).to_have_accessible_name("concat: batch_size by num_units plus features, 3 by 7")
    assert page.locator(".hits:visible a:not([aria-hidden]):not([aria-label])").count() == 0
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    link = page.locator(".skip").first
    expect(link).to_be_in_viewport()
    assert link.evaluate(IS_ON_TOP), "the header covers the link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) not in ("Unrolled", "Learn", "Share")
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()


def test_picture_table_and_kernels_highlight_the_same_tensor_and_a_resting_pointer_does_not(visit: Visit) -> None:
    page = visit(plotly=False)
    row_highlight, hit_highlights = page.locator("#table tr.highlighted"), page.locator(".hits:visible a.highlighted")
    hit(page, "g", 2).focus()
    expect(row_highlight).to_have_attribute("data-tensor", "g")
    row(page, "o").focus()
    assert "o" in hit_highlights.evaluate_all("(all) => all.map((e) => e.dataset.tensor)")
    expect(row_highlight).to_have_attribute("data-tensor", "o")
    page.locator('#table tr[data-tensor="concat"] td').first.hover()
    assert "concat" in hit_highlights.evaluate_all("(all) => all.map((e) => e.dataset.tensor)")
    page.mouse.move(*spot(page, "i", 2))
    expect(row_highlight).to_have_attribute("data-tensor", "i")
    row(page, "h_T").focus()  # the page scrolls below the pointer
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(row_highlight).to_have_attribute("data-tensor", "h_T")

    block = page.locator('.kernel .hits a[data-tensor="kernel"]').first
    block.hover()
    for words in ("weights", "(5+2) × 4·5", "(num_units+features) × 4·num_units", "used by a"):
        expect(page.locator("#tip")).to_contain_text(words)
    expect(row_highlight).to_have_attribute("data-tensor", "kernel")
    block.focus()
    page.keyboard.press("Enter")
    becomes(page, SHOWN, "?tensor=kernel")
    expect(block).to_be_focused()
    over, under = (page.locator(f".kernel > svg{which}").bounding_box() for which in (".hits", ":first-child"))
    assert over == under
