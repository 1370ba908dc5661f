"""The units view: a unit selected by a click, numbers changed by links, and the differences."""

import re

from page_actions import PHONE, becomes, read
from playwright.sync_api import Page, expect
from visited_pages import Visit

MANY = "features=28&num_units=128"


def choose(page: Page, unit: int) -> None:
    """Click the number of a unit, left of the cell."""
    link = page.locator(f'.picture:visible .hits a[aria-label="follow unit {unit:,}"]')
    at = link.locator("path").evaluate("""path => {
      const points = [...path.getAttribute("d").matchAll(/M([\\d.]+),([\\d.]+)h([\\d.]+)/g)];
      const [, x, y, wide] = points[0].map(Number), { a: scale, e: left, f: top } = path.getScreenCTM();
      return [left + scale * (x + wide / 2), top + scale * (y + 9)];
    }""")
    page.evaluate("y => scrollTo(0, Math.max(0, y - 300))", at[1])
    page.mouse.click(at[0], at[1] - page.evaluate("scrollY"))
    becomes(page, "new URLSearchParams(location.search).get('unit')", str(unit))
    expect(page.locator("#view-note .unit-note")).to_contain_text(f"Unit {unit:,} is component {unit:,}")


def change(page: Page, vector: int) -> str:
    """Choose the vector in which one number is changed. Returns the text about the differences."""
    page.locator("#view-note .poke .chips a").nth(vector).click()
    becomes(page, "new URLSearchParams(location.search).get('poke')", ("x", "h_prev", "c_prev")[vector])
    expect(page.locator("#view-note .poke .chips a").nth(vector)).to_have_attribute("aria-current", "true")
    return " ".join(page.locator("#view-note .result").inner_text().split())


def test_plotly_draws_the_strands_of_the_server_and_a_click_selects_a_unit_whose_numbers_can_be_changed(
    visit: Visit,
) -> None:
    page = visit(f"/?{MANY}&view=units")
    now = read(page)
    assert sorted(now["words"]) == sorted(now["still"]["words"])
    strands = {width for name, width in now["wires"].items()}
    assert len(strands) == 1 and strands == set(now["still"]["wires"].values())

    choose(page, 2)

    assert "all 128 units" in change(page, 1)
    expect(page.locator("#view-note .pager b").last).to_have_text("2")
    text = change(page, 2)
    assert text.count("only unit 2") == 2
    rows = page.locator("#view-note .strip tbody").first.locator("tr")
    assert [cell for cell in rows.nth(1).locator("td").all_inner_texts() if cell.strip() not in ("", "0")] == ["+1.000"]
    assert "all 128 units" in change(page, 0)
    page.locator("#view-note .pager a[aria-label='next component']").click()
    becomes(page, "new URLSearchParams(location.search).get('component')", "1")
    expect(page.locator("#view-note .result")).to_contain_text("component 1 of x")


def test_the_view_fits_a_phone(visit: Visit) -> None:
    page = visit(f"/?{MANY}&view=units&unit=100&poke=h_prev&component=77", plotly=False, **PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    strip = page.get_by_role("region", name=re.compile("Change in each"))
    assert strip.locator("th", has_text=re.compile("^77$")).count() == 1


def test_a_click_on_a_number_of_the_chosen_vector_changes_that_number(visit: Visit) -> None:
    page = visit("/?view=units&poke=x", plotly=False)
    stop = page.locator('.picture:visible .hits a[aria-label="follow unit 1"]')
    assert stop.get_attribute("tabindex") is None  # it is focusable
    link = page.locator('.hits:visible a[aria-label="change component 1"]').first
    link.click(force=True)
    becomes(page, "location.search", "?view=units&poke=x&component=1")
    expect(page.locator("#view-note .result")).to_contain_text("component 1 of x")
    page.locator("#num_units").fill("128")
    expect(page.locator("#view-note .unit-note")).to_contain_text("127")
    change(page, 1)
    page.locator("#view-note .poke").get_by_role("link", name="100 components forward").click()
    expect(page.locator("#view-note .result")).to_contain_text("component 100 of h")
