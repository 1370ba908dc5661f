"""Questions in the browser: search, the answer beside its picture, and links from the panel."""

from page_actions import becomes, slider
from playwright.sync_api import Page, expect
from visited_pages import Visit

from app.teaching.questions import QUESTIONS

DEPTH = "?num_layers=2&layer=1&tensor=x"


def check_widths(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")


def test_search_results_follow_the_typed_text_fit_any_width_and_a_question_opens(visit: Visit) -> None:
    page = visit("/questions", plotly=False)
    shown = page.locator(".questions li:visible")
    expect(shown).to_have_count(len(QUESTIONS))
    page.get_by_label("Search questions").press_sequentially("sliding window")
    expect(shown).to_have_count(1)
    expect(shown.get_by_role("link")).to_have_text(QUESTIONS["inputs-to-units"].page.title)
    expect(page.locator("main h3:visible")).to_have_text("Best matches")
    page.get_by_label("Search questions").fill("qqq")
    expect(page.locator("#best")).to_contain_text("No matches")
    expect(shown).to_have_count(len(QUESTIONS))
    page.get_by_label("Search questions").fill("")
    expect(page.locator("#best")).to_have_text("")
    check_widths(page)
    expect(shown).to_have_count(len(QUESTIONS))
    page.get_by_role("link", name=QUESTIONS["depth"].page.title).click()
    page.wait_for_url(f"**/questions/depth{DEPTH}")
    expect(page.locator("#lesson h2")).to_have_text(QUESTIONS["depth"].page.title)


def test_the_answer_follows_the_sliders_notes_a_different_picture_and_fits_any_width(visit: Visit) -> None:
    page = visit(f"/questions/depth{DEPTH}", plotly=False)
    slider(page, "num_units").focus()
    page.keyboard.press("ArrowRight")
    settle_at = "?num_units=6&num_layers=2&layer=1&tensor=x"
    becomes(page, "location.search", settle_at)
    expect(page.locator("#lesson .columns")).to_contain_text("3 × 6")
    page.locator("#num_layers").fill("1")
    expect(page.locator("#lesson")).to_contain_text("This text describes a different picture")
    page.locator("#lesson").get_by_role("link", name="Show that picture").click()
    becomes(page, "location.search", DEPTH)
    expect(page.locator("#lesson .columns")).to_contain_text("3 × 5")
    check_widths(page)


def test_the_tip_of_a_size_says_what_it_is_not(visit: Visit) -> None:
    page = visit("/", plotly=False)
    page.locator("label[for=num_units]").hover()
    expect(page.locator("#tip")).to_contain_text("length of the state")
    expect(page.locator("#tip")).to_contain_text("A unit is one number of the state")
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    page.locator("#settings summary").click()
    page.locator("#myths").get_by_role("link", name="A unit is a small LSTM.").click()
    page.wait_for_url("**/questions/independent-units**")
