"""The batch on the page: a sequence followed by mouse, by keyboard, on a phone and without scripts."""

import re

import pytest
from conftest import Visit
from page_actions import read, row, settle
from playwright.sync_api import Locator, Page, expect

MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"

FAINT = """() => [...document.querySelectorAll(".picture > svg")]
  .find((svg) => svg.getClientRects().length).querySelectorAll("g[opacity] > .area").length"""


def asked(query: str, **changes: str) -> str:
    return "?" + "&".join([*filter(None, [query]), "view=batch", *(f"{name}={to}" for name, to in changes.items())])


def sheet(page: Page, sample: int) -> Locator:
    """The link of a sequence's sheets that the keyboard stops at."""
    return page.locator(f'.hits:visible a[aria-label="sample {sample}: follow it"]')


def place(link: Locator) -> tuple[float, float]:
    """A point on the screen where the mouse meets a sheet: of one behind others there is but an edge to be seen."""
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
    """How many sheets of the picture that has room are faint."""
    found: int = page.evaluate(FAINT)
    return found


@pytest.mark.parametrize("query", ["", LARGEST], ids=["default", "largest"])
def test_a_click_on_a_sheet_follows_its_sample_and_the_back_button_undoes_it(visit: Visit, query: str) -> None:
    page = visit("/" + asked(query))
    before = settle(page, asked(query))
    assert faint(page) == 0
    page.mouse.click(*place(sheet(page, 1)))
    now = settle(page, asked(query, tensor="x", sample="1"))
    assert any(word.startswith("sample 1 of 0…") for word in now["words"])
    drawn, lit = page.locator(".picture:visible > svg:first-child .area").count(), faint(page)
    assert 0 < lit < drawn
    expect(page.locator(".batch .pager")).to_contain_text("sample 1 of 0…")
    page.go_back()
    assert settle(page, asked(query))["words"] == before["words"]
    assert faint(page) == 0


def test_a_sample_is_followed_by_keyboard_in_the_picture_and_under_it(visit: Visit) -> None:
    page = visit("/" + asked(MNIST))
    sheet(page, 2).focus()
    page.keyboard.press("Enter")
    settle(page, asked(MNIST, tensor="x", sample="2"))
    expect(sheet(page, 2)).to_be_focused()
    page.locator(".batch").get_by_label("sample before").focus()
    page.keyboard.press("Enter")
    settle(page, asked(MNIST, tensor="x", sample="1"))
    page.locator(".batch").get_by_role("link", name="any sample").focus()
    page.keyboard.press("Enter")
    settle(page, asked(MNIST, tensor="x"))
    expect(page.locator(".batch .choose")).to_be_visible()
    expect(sheet(page, 127)).to_have_count(0)  # one that has no sheet yet gets one
    page.locator(".batch .choose").get_by_role("link", name="sample 127").click()
    settle(page, asked(MNIST, tensor="x", sample="127", row="120"))
    expect(sheet(page, 127)).to_have_count(1)
    assert "sample 127 of 0…127, + 123 more samples" in read(page)["words"]


def test_a_step_is_opened_by_its_cell_and_by_its_sheets(visit: Visit) -> None:
    page = visit("/" + asked("", sample="1"))
    page.locator('.hits:visible a[data-tensor=""][data-t="3"]').click()
    settle(page, "?view=batch&t=3&sample=1")
    page.locator('.hits:visible a[data-tensor="x"][data-t="0"][href*="sample=0"]').click()
    settle(page, "?view=batch&t=0&tensor=x&sample=0")


def test_what_is_said_follows_the_sample_and_keeps_the_weights(visit: Visit) -> None:
    page = visit("/" + asked("", sample="1"))
    told = page.locator(".batch")
    for words in ("Sample 1 shares with the others", "160 numbers, the same", "sheet 1 of X", "row 1 of x2"):
        expect(told).to_contain_text(words)
    expect(told).to_contain_text("3 → 6: rows, and no weight")
    expect(told.locator(".values .followed th")).to_have_text("sample 1")
    told.get_by_label("sample after").click()
    settle(page, "?view=batch&sample=2")
    expect(told).to_contain_text("row 2 of x2")
    expect(told).to_contain_text("160 numbers, the same")
    told.locator("tr[data-tensor=kernel] a").click()
    settle(page, "?view=batch&tensor=kernel&sample=2")
    expect(row(page, "kernel")).to_have_attribute("aria-current", "true")
    page.locator("#batch_size").fill("2")  # the sample that is followed stays a valid one
    settle(page, "?batch_size=2&view=batch&tensor=kernel&sample=1")
    expect(page.locator(".batch .pager")).to_contain_text("sample 1 of 0…1")


def test_without_scripts_it_is_links(visit: Visit) -> None:
    page = visit("/" + asked(""), java_script_enabled=False)
    page.locator(".batch .choose").get_by_role("link", name="sample 1").click()
    page.wait_for_url("**/?view=batch&sample=1")
    page.locator('.hits:visible a[aria-label="sample 2: follow it"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?view=batch&tensor=x&sample=2")
    expect(page.locator(".batch .pager")).to_contain_text("sample 2 of 0…2")
    assert page.locator(".picture.page > svg").first.locator("g[opacity]").count() > 0
    page.locator(".batch").get_by_role("link", name="any sample").click()
    page.wait_for_url(re.compile(r"/\?view=batch&tensor=x$"))


def test_on_a_phone_a_tap_follows_and_nothing_stands_out(visit: Visit) -> None:
    page = visit("/" + asked(LARGEST), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert settle(page, asked(LARGEST))["format"] == "narrow"
    page.touchscreen.tap(*place(sheet(page, 0)))
    settle(page, asked(LARGEST, tensor="x", sample="0"))
    assert faint(page) > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
