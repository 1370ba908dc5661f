"""Without JavaScript the page is a document with links and a form."""

from collections.abc import Callable

import pytest
from page_actions import PHONE
from playwright.sync_api import Page, expect

from app.core.cells import CELLS
from app.core.program import capture

Visit = Callable[..., Page]


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(java_script_enabled=False)


def test_everything_is_shown_and_links_into_the_picture_the_table_and_the_operations_work(page: Page) -> None:
    expect(page.locator("#sentence")).to_contain_text("applied 4 times")
    expect(page.locator(".picture.page > svg").first).to_be_visible()
    expect(page.locator(".picture:visible")).to_have_count(1)
    expect(page.locator(".picture.page > svg .label").first).to_be_visible()
    assert page.locator("#table tbody tr").count() == len(capture(CELLS["lstm"]).tensors)
    expect(page.locator("#selected .large")).to_have_text("3 × 5")
    # parts that need scripts are not shown
    expect(page.locator("input[type=range]:visible")).to_have_count(0)
    expect(page.locator("#copy")).to_be_hidden()
    expect(page.locator(".snippet .copy:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    expect(page.locator("#status")).to_be_hidden()
    page.locator('.hits:visible a.area[data-t="2"]:not([data-tensor=""])').first.click()
    page.wait_for_url("**/?tensor=*")
    expect(page.locator("#table tr.selected")).to_have_count(1)
    page.locator("#row-concat").click()
    page.wait_for_url("**/?tensor=concat")
    expect(page.locator("#selected .large")).to_have_text("3 × (5+2)")
    page.locator('.hits:visible a[data-tensor=""][data-t="0"]').click()
    page.wait_for_url("**/?t=0&tensor=concat")
    expect(page.locator("#selected")).to_contain_text("step 0 (0–3)")
    page.get_by_role("link", name="Step through, one tensor at a time").click()
    expect(page.locator(".operations .now")).to_have_count(1)
    page.locator(".operations a").nth(7).click()
    expect(page.locator(".operations li").nth(7)).to_have_class("now")
    assert page.locator(".picture.page svg g[opacity]").count() > 0
    page.locator("#share summary").click()
    expect(page.locator(".files")).to_be_visible()
    expect(page.locator("#snippet-html")).to_be_visible()


def test_the_form_sends_a_size_and_the_picture_has_the_theme_of_the_link_or_of_the_system(page: Page) -> None:
    page.goto("/?theme=dark")
    page.locator("#num_units").fill("128")
    page.get_by_role("button", name="Draw").click()
    page.wait_for_url("**num_units=128**theme=dark**")
    expect(page.locator(".picture.page .area.cell").first).to_have_css("fill", "rgb(35, 45, 29)")
    page.goto("/")  # a dark system theme needs no field in the address
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".picture.page .area.cell").first).to_have_css("fill", "rgb(35, 45, 29)")
    expect(page.locator(".picture.page .wire.num_units").first).to_have_css("stroke", "rgb(232, 139, 221)")


def test_a_window_of_another_width_than_the_device_suggests_has_a_link_to_the_picture_that_fits(visit: Visit) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 500, "height": 800})
    page.locator("#row-concat").click()
    page.get_by_role("link", name="Picture for a narrow window").click()
    page.wait_for_url("**/?tensor=concat&format=narrow")
    expect(page.locator(".picture.narrow")).to_be_visible()
    page.locator('.hits:visible a[data-tensor="h"]').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?tensor=h&format=narrow")
    expect(page.locator("noscript a:visible")).to_have_count(0)
    page.set_viewport_size({"width": 1000, "height": 800})
    page.get_by_role("link", name="Picture for a wide window").click()
    expect(page.locator(".picture.wide")).to_be_visible()


def test_the_next_page_of_a_lesson_opens_on_a_phone(visit: Visit) -> None:
    page = visit("/learn/break-it?lesson_page=2", java_script_enabled=False, **PHONE)
    page.locator("#next-page").tap()
    expect(page.locator("#lesson")).to_contain_text("page 3 of 6")
