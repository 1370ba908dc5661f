"""The weights view: units selected by mouse, keyboard and links; the blocks of a gate; a phone."""

from page_actions import PHONE, settle
from playwright.sync_api import Locator, Page, expect
from visited_pages import Visit

MANY = "features=28&num_units=128"

OWN = """() => [...document.querySelectorAll(".picture > svg")]
  .find((svg) => svg.getClientRects().length).querySelectorAll(".area.own").length"""

SELECTED = """() => [...document.querySelectorAll(".picture .hits")]
  .find((svg) => svg.getClientRects().length).querySelectorAll("a.selected").length"""


def unit(page: Page, k: int) -> Locator:
    """The link of the columns of a unit."""
    return page.locator(f'.hits:visible a[aria-label="follow unit {k}"]')


def click(page: Page, link: Locator) -> None:
    """Click the first column of a unit."""
    x, y = link.locator("path").evaluate(
        """(path) => {
          path.scrollIntoView({ block: "center" });
          const at = path.getPointAtLength(0);
          const seen = new DOMPoint(at.x + 3, at.y + 3).matrixTransform(path.getScreenCTM());
          return [seen.x, seen.y];
        }"""
    )
    page.mouse.click(x, y)


def test_a_click_on_a_column_selects_its_unit_and_back_undoes_it(visit: Visit) -> None:
    page = visit("/?view=weights", plotly=False)
    assert page.evaluate(OWN) == 0
    click(page, unit(page, 3))
    settle(page, "?view=weights&unit=3")
    assert page.evaluate(OWN) == 12 + 1  # in h, x and bias of four gates, and in the legend
    expect(page.locator("#view-note")).to_contain_text("Unit 3 owns 4 × (5 + 2 + 1) = 32 parameters")
    expect(page.locator("#view-note")).to_contain_text("Its output is multiplied by kernel[3, :]: 20 parameters")
    page.go_back()
    settle(page, "?view=weights")
    assert page.evaluate(OWN) == 0


def following(query: str, unit: int) -> str:
    """The address of a selected unit, with the page of values of the output that contains it."""
    return f"?{query}&view=weights&tensor=h&unit={unit}&column={unit // 48 * 48}"


def test_a_click_selects_a_nearby_unit_of_many_and_links_go_to_the_others(visit: Visit) -> None:
    page = visit(f"/?{MANY}&view=weights", plotly=False)
    click(page, unit(page, 66))
    settle(page, following(MANY, 66))
    page.get_by_role("link", name="10 units back").click()
    settle(page, following(MANY, 56))
    expect(page.get_by_role("link", name="10 units back")).to_be_focused()
    expect(page.locator("#view-note")).to_contain_text("Unit 56 owns")


def test_the_keyboard_reaches_every_gate_array_and_unit_once_and_selects_all_blocks_of_a_gate(visit: Visit) -> None:
    page = visit("/?view=weights", plotly=False)
    stops = page.locator(".picture:visible .hits a:not([tabindex='-1'])")
    labels = [stop.get_attribute("aria-label") or "" for stop in stops.all()]
    assert len(labels) == len(set(labels)) == 4 + 2 + 5
    assert [label for label in labels if label.startswith("follow unit ")] == [f"follow unit {k}" for k in range(5)]

    unit(page, 2).focus()
    page.keyboard.press("Enter")
    settle(page, "?view=weights&unit=2")
    page.locator('.hits:visible a[data-tensor="o"]').focus()
    page.keyboard.press("Enter")
    settle(page, "?view=weights&tensor=o&unit=2")
    assert page.evaluate(SELECTED) == 4  # its letter, its rows of h and of x, its part of the bias


def test_each_line_of_the_explanation_has_a_picture_highlights_its_tensor_and_links_to_it(visit: Visit) -> None:
    page = visit("/?tensor=a_f", plotly=False)
    lines = page.locator(".explanation li")
    expect(lines.locator("svg")).to_have_count(2)  # the product, and the bias that is added to each row
    title = lines.nth(1).get_by_role("img")
    expect(title).to_have_attribute(
        "aria-label", "3 × (5+2) times (5+2) × 5 gives 3 × 5: num_units+features is summed over"
    )
    lines.nth(1).get_by_role("link").focus()
    highlighted = page.locator(".picture:visible .hits a.highlighted")
    expect(highlighted).to_have_count(4)  # the yellow boxes, which use the kernel
    page.keyboard.press("Enter")
    settle(page, "?tensor=kernel")


def test_the_view_fits_a_phone_and_a_tap_selects_a_unit(visit: Visit) -> None:
    page = visit("/?framework=flax&view=weights", plotly=False, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    click(page, unit(page, 1))
    expect(page.locator("#view-note")).to_contain_text("Unit 1 owns")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
