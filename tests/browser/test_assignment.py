"""An assignment in the browser: locked fields, hidden parts, and the rest of the page."""

from page_actions import PHONE, SHOWN, becomes, settle, slider, spot
from playwright.sync_api import expect
from visited_pages import Visit

QUERY = "?lock=batch_size&hide=values,table&title=It%27s%20homework%20(1)!"


def test_a_locked_slider_is_disabled_and_others_work(visit: Visit) -> None:
    page = visit(f"/{QUERY}", plotly=False)
    expect(page.locator(".assignment")).to_have_text("It's homework (1)!")
    expect(slider(page, "batch_size")).to_be_disabled()
    expect(page.locator("#batch_size")).to_have_attribute("readonly", "")
    expect(page.locator("#example-models")).to_have_count(0)
    slider(page, "num_units").focus()
    page.keyboard.press("ArrowRight")
    becomes(page, "new URLSearchParams(location.search).get('num_units')", "6")
    becomes(page, "new URLSearchParams(location.search).get('title')", "It's homework (1)!")
    becomes(page, "document.getElementById('steps').dataset.query === location.search")
    expect(slider(page, "batch_size")).to_be_disabled()


def test_a_printed_assignment_with_hidden_shapes_has_the_sizes_of_its_picture(visit: Visit) -> None:
    page = visit("/?labels=hidden", plotly=False)
    slider(page, "num_units").press("ArrowRight")
    becomes(page, SHOWN, "?num_units=6&labels=hidden")
    page.emulate_media(media="print")
    expect(page.locator("#printed-sizes")).to_contain_text("num_units = 6")


def test_hidden_parts_leave_their_room_to_the_picture(visit: Visit) -> None:
    page = visit("/?hide=controls,panel,table,framework", plotly=False)
    box = page.locator("#frame").bounding_box()
    assert box and box["width"] > 1250
    page.mouse.click(*spot(page, "f", 2))
    settle(page, "?tensor=f&hide=controls%2Cpanel%2Cframework%2Ctable")


def test_without_controls_the_page_fills_a_phone(visit: Visit) -> None:
    page = visit("/?hide=controls", plotly=False, **PHONE)
    expect(page.locator(".sliders")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
