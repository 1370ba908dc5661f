"""The batch view: a sample followed by mouse, by keyboard, on a phone and without scripts."""

import re

import pytest
from conftest import Visit
from page_actions import read, row, settle
from playwright.sync_api import Locator, Page, expect

MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"

FAINT = """() => [...document.querySelectorAll(".picture > svg")]
  .find((svg) => svg.getClientRects().length).querySelectorAll("g[opacity] > .area").length"""


def query_of(query: str, **changes: str) -> str:
    return "?" + "&".join([*filter(None, [query]), "view=batch", *(f"{name}={to}" for name, to in changes.items())])


def sheet(page: Page, sample: int) -> Locator:
    """The focusable link of the sheets of a sample."""
    return page.locator(f'.hits:visible a[aria-label="sample {sample}: follow it"]')


def place(link: Locator) -> tuple[float, float]:
    """A point on the screen at which a click reaches a sheet. Of a sheet behind others only an edge is visible."""
    link.scroll_into_view_if_needed()
    x, y = link.locator("path").evaluate(
        """(path) => {
          const { x, y, width, height } = path.getBBox();
          for (let n = 0; n < 900; n++) {
            const at = new DOMPoint(x + ((n % 30) / 30) * width, y + (Math.floor(n / 30) / 30) * height);
            const seen = at.matrixTransform(path.getScreenCTM());
            if (path.isPointInFill(at) && document.elementFromPoint(seen.x, seen.y) === path) return [seen.x, seen.y];
          }
          return [-1, -1];
        }"""
    )
    assert x >= 0, "the sheet cannot be reached with the mouse"
    return x, y


def faint(page: Page) -> int:
    """The number of faint sheets in the visible picture."""
    found: int = page.evaluate(FAINT)
    return found


@pytest.mark.parametrize("query", ["", LARGEST], ids=["default", "largest"])
def test_a_click_on_a_sheet_follows_its_sample_and_back_undoes_it(visit: Visit, query: str) -> None:
    page = visit("/" + query_of(query))
    before = settle(page, query_of(query))
    assert faint(page) == 0
    page.mouse.click(*place(sheet(page, 1)))
    now = settle(page, query_of(query, tensor="x", sample="1"))
    assert any(word.startswith("sample 1 of 0…") for word in now["words"])
    drawn, faded = page.locator(".picture:visible > svg:first-child .area").count(), faint(page)
    assert 0 < faded < drawn
    expect(page.locator(".batch .pager")).to_contain_text("sample: 1 (0–")
    page.go_back()
    assert settle(page, query_of(query))["words"] == before["words"]
    assert faint(page) == 0


def test_a_sample_is_followed_by_keyboard_in_the_picture_and_below_it(visit: Visit) -> None:
    page = visit("/" + query_of(MNIST))
    sheet(page, 2).focus()
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x", sample="2"))
    expect(sheet(page, 2)).to_be_focused()
    page.locator(".batch").get_by_label("previous sample").focus()
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x", sample="1"))
    page.locator(".batch").get_by_role("link", name="no sample").focus()
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x"))
    expect(page.locator(".batch .choose")).to_be_visible()
    expect(sheet(page, 127)).to_have_count(0)  # a sample without a sheet gets one
    page.locator(".batch .choose").get_by_role("link", name="sample 127").click()
    settle(page, query_of(MNIST, tensor="x", sample="127", row="120"))
    expect(sheet(page, 127)).to_have_count(1)
    assert "sample 127 of 0…127, + 123 more samples" in read(page)["words"]


def test_a_step_is_opened_by_its_cell_and_by_its_sheets(visit: Visit) -> None:
    page = visit("/" + query_of("", sample="1"))
    page.locator('.hits:visible a[data-tensor=""][data-t="3"]').click()
    settle(page, "?view=batch&t=3&sample=1")
    page.locator('.hits:visible a[data-tensor="x"][data-t="0"][href*="sample=0"]').click()
    settle(page, "?view=batch&t=0&tensor=x&sample=0")


def test_the_text_follows_the_sample_and_keeps_the_weights(visit: Visit) -> None:
    page = visit("/" + query_of("", sample="1"))
    note = page.locator(".batch")
    for words in ("What sample 1 shares with the others", "160 parameters, the same", "slice 1 of X", "row 1 of x2"):
        expect(note).to_contain_text(words)
    expect(note).to_contain_text("(3 → 6), only the rows change, not the weights")
    expect(note.locator(".values .followed th")).to_have_text("sample 1")
    note.get_by_label("next sample").click()
    settle(page, "?view=batch&sample=2")
    expect(note).to_contain_text("row 2 of x2")
    expect(note).to_contain_text("160 parameters, the same")
    note.locator("tr[data-tensor=kernel] a").click()
    settle(page, "?view=batch&tensor=kernel&sample=2")
    expect(row(page, "kernel")).to_have_attribute("aria-current", "true")
    page.locator("#batch_size").fill("2")  # the followed sample stays in range
    settle(page, "?batch_size=2&view=batch&tensor=kernel&sample=1")
    expect(page.locator(".batch .pager")).to_contain_text("sample: 1 (0–1)")


def test_without_scripts_links_do_the_same(visit: Visit) -> None:
    page = visit("/" + query_of(""), java_script_enabled=False)
    page.locator(".batch .choose").get_by_role("link", name="sample 1").click()
    page.wait_for_url("**/?view=batch&sample=1")
    page.locator('.hits:visible a[aria-label="sample 2: follow it"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?view=batch&tensor=x&sample=2")
    expect(page.locator(".batch .pager")).to_contain_text("sample: 2 (0–2)")
    assert page.locator(".picture.page > svg").first.locator("g[opacity]").count() > 0
    page.locator(".batch").get_by_role("link", name="no sample").click()
    page.wait_for_url(re.compile(r"/\?view=batch&tensor=x$"))


def test_on_a_phone_a_tap_follows_a_sample_and_the_page_fits(visit: Visit) -> None:
    page = visit("/" + query_of(LARGEST), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert settle(page, query_of(LARGEST))["format"] == "narrow"
    page.touchscreen.tap(*place(sheet(page, 0)))
    settle(page, query_of(LARGEST, tensor="x", sample="0"))
    assert faint(page) > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
