"""The page on a phone: a strip of steps, a sheet of sliders, what was tapped, a lesson below its picture."""

from collections.abc import Callable

import pytest
from page_actions import PHONE, SHOWN, becomes, settle, slider, spot
from playwright.sync_api import Page, expect

from app.translations.languages import LANGUAGES

Visit = Callable[..., Page]

SIZES = ("batch_size", "time_step", "features", "num_units")


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(plotly=False, **PHONE)


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found, selector
    return {"top": found["y"], "bottom": found["y"] + found["height"], "left": found["x"], "width": found["width"]}


def test_the_sheet_shows_the_slider_that_was_tapped_or_all_and_begins_where_the_picture_ends(
    phone: Page,
) -> None:
    for shown in ("num_units", "features", "batch_size"):
        if shown != "num_units":
            phone.locator(f"label[for={shown}]").tap()
        for name in SIZES:
            expect(slider(phone, name)).to_be_visible(visible=name == shown)
    assert all(box(phone, f"#{name}")["width"] >= 90 for name in SIZES)  # as wide as a finger
    assert phone.evaluate("document.activeElement === document.body")  # no keyboard covers the page

    phone.locator("#grip").tap()

    for name in SIZES:
        expect(slider(phone, name)).to_be_visible()
    picture = "document.querySelector('.picture-row').getBoundingClientRect().bottom"
    sheet = "document.querySelector('.sliders').getBoundingClientRect().top"
    becomes(phone, f"Math.abs({picture} - {sheet}) <= 1")
    cut = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
    assert phone.locator("#sheet-links a").evaluate_all(cut) == []
    phone.locator("#sheet-links").get_by_text("More").tap()
    expect(phone.locator("#settings")).to_be_in_viewport()
    expect(phone.locator("#grip")).to_have_attribute("aria-expanded", "false")


def test_links_of_the_header_and_numbers_of_the_quiz_are_high_enough_for_a_finger(visit: Visit) -> None:
    page = visit("/quiz", plotly=False, **PHONE)
    boxes = "(all) => all.filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect().toJSON())"
    links = page.locator(".header nav > a").evaluate_all(boxes)
    numbers = page.locator("#marks a").evaluate_all(boxes)

    assert len(links) >= 6 and len(numbers) == 10
    assert min(box["height"] for box in [*links, *numbers]) >= 24  # pixels, of WCAG 2.2
    assert min(box["width"] for box in numbers) >= 24


def test_the_header_has_two_rows_in_every_language(visit: Visit) -> None:
    page = visit("/", plotly=False, **PHONE)
    rows = """(all) => new Set(all.filter((e) => e.checkVisibility()).map((e) => {
        const { top, bottom } = e.getBoundingClientRect();
        return Math.round((top + bottom) / 20);
    })).size"""
    for language in LANGUAGES:
        page.goto(f"/?lang={language}")
        expect(page.locator("#open-room")).to_be_visible()
        for width in (360, 390, 412, 430):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.locator(".header :is(h1, nav > *)").evaluate_all(rows) == 2, (language, width)


def test_no_page_of_text_scrolls_sideways(visit: Visit) -> None:
    page = visit("/docs", plotly=False, **PHONE)
    for path in ("/docs", "/learn", "/questions", "/quiz", "/explain", "/open", "/model?model=lstm(64)"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_strip_shows_which_step_of_how_many_and_a_tap_moves_it(phone: Page) -> None:
    strip = phone.locator("#step-strip")
    expect(strip.locator("a")).to_have_count(4)
    strip.get_by_role("link", name="step 0").tap()
    settle(phone, "?t=0")
    expect(strip.locator("[aria-current=step]")).to_contain_text("step 0")

    phone.goto("/?time_step=28&t=14")
    assert strip.inner_text().split()[:3] == ["0", "…", "13"]
    assert strip.inner_text().split()[-3:] == ["15", "…", "27"]


def test_a_tap_says_what_it_is_above_the_sheet_until_it_is_closed(phone: Page) -> None:
    phone.touchscreen.tap(*spot(phone, "f", 2))
    settle(phone, "?tensor=f")
    said = phone.locator("#jump")
    expect(said).to_contain_text("forget gate")
    assert box(phone, "#jump")["bottom"] <= box(phone, ".sliders")["top"] + 1
    said.get_by_role("link", name="why this shape").tap()
    expect(phone.locator("#explanation")).to_be_in_viewport()
    phone.evaluate("scrollTo(0, 0)")
    said.get_by_role("link", name="values").tap()
    expect(phone.locator("#values")).to_be_in_viewport()
    said.get_by_role("link", name="Clear").tap()
    becomes(phone, SHOWN, "")
    expect(said).to_be_hidden()
    phone.locator("#row-kept").tap()
    expect(phone.locator("#values-map")).to_be_in_viewport()


def test_a_lesson_shows_its_picture_its_text_and_the_way_on_together(visit: Visit) -> None:
    page = visit("/learn/what-is-num-units", plotly=False, **PHONE)
    for selector in ("#step-strip", "#lesson h2", "#lesson .columns p >> nth=0", "#next-page"):
        expect(page.locator(selector)).to_be_in_viewport()
    picture, text = box(page, ".picture:visible"), box(page, "#lesson h2")
    assert 0 <= picture["top"] < picture["bottom"] <= text["top"]
    expect(page.locator("#jump p:visible")).to_have_text("Tap a wire, a box or a name.")
    page.locator("#lesson a.math").first.tap()
    expect(page.locator("#jump .subject")).to_be_in_viewport()
    page.locator("#lesson").evaluate("(e) => e.scrollTo(0, e.scrollHeight)")
    becomes(page, "document.getElementById('lesson').scrollTop > 0")
    page.locator("#next-page").tap()
    becomes(page, "document.getElementById('lesson').scrollTop", 0)


def test_the_sizes_fit_between_back_and_next_with_all_their_digits(visit: Visit) -> None:
    page = visit(  # in Spanish, Back and Next are longest
        "/learn/break-it?lesson_page=3&batch_size=1024&time_step=10000&num_units=8192&lang=es", plotly=False, **PHONE
    )
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 740})
        back, sizes, on = (box(page, selector) for selector in ("#previous-page", ".sliders", "#next-page"))
        assert back["left"] + back["width"] <= sizes["left"]
        assert sizes["left"] + sizes["width"] <= on["left"]
        for name in SIZES:
            assert page.locator(f"#{name}").evaluate("(e) => e.scrollWidth <= e.clientWidth"), name
