"""An assignment in the browser: what is locked stays, what is hidden is not seen, and the rest works as ever."""

from conftest import Visit
from page_actions import becomes, settle, slider, spot
from playwright.sync_api import expect

QUERY = "?lock=batch_size&hide=values,table&title=It%27s%20homework%20(1)!"


def test_locked_sliders_stand_still_and_others_move_on(visit: Visit) -> None:
    page = visit(f"/{QUERY}")
    expect(page.locator(".assignment")).to_have_text("It's homework (1)!")
    expect(slider(page, "batch_size")).to_be_disabled()
    expect(page.locator("#batch_size")).to_have_attribute("readonly", "")
    expect(page.locator("#presets")).to_have_count(0)
    slider(page, "num_units").focus()
    page.keyboard.press("ArrowRight")
    becomes(page, "new URLSearchParams(location.search).get('num_units')", "6")
    becomes(page, "new URLSearchParams(location.search).get('title')", "It's homework (1)!")
    becomes(page, "document.getElementById('steps').dataset.query === location.search")
    expect(slider(page, "batch_size")).to_be_disabled()


def test_what_is_hidden_is_not_seen_and_the_picture_takes_its_room(visit: Visit) -> None:
    page = visit("/?hide=controls,panel,table,framework")
    for part in ("#controls", "#panel", ".tensors", ".framework"):
        expect(page.locator(part)).to_be_hidden()
    box = page.locator("#frame").bounding_box()
    assert box and box["width"] > 1250
    page.mouse.click(*spot(page, "f", 2))
    settle(page, "?tensor=f&hide=controls%2Cpanel%2Cframework%2Ctable")


def test_a_phone_without_controls_has_the_whole_screen(visit: Visit) -> None:
    page = visit("/?hide=controls", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.locator(".sliders")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
