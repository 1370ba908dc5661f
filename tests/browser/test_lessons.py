"""A lesson beside the picture: its pages, links, sliders and languages."""

import re

from page_actions import SHOWN, becomes, choose_language, hit, slider
from playwright.sync_api import Page, expect
from visited_pages import Visit

from app.teaching.lessons.order import LESSONS
from app.translations.languages import translator

LESSON = LESSONS["what-is-num-units"]
PATH = "/learn/what-is-num-units"

HIGHLIGHTED = """() => [...new Set([...document.querySelectorAll(".hits a.mentioned")]
  .filter((a) => a.getClientRects().length)
  .map((a) => a.dataset.tensor))].sort()"""


def title(page: Page) -> str:
    return page.locator("#lesson h2").inner_text()


def highlighted(page: Page) -> list[str]:
    """The tensors that the visible picture highlights for the text."""
    found: list[str] = page.evaluate(HIGHLIGHTED)
    return found


def go(page: Page, rel: str) -> None:
    """Go to the next or previous page, and wait for its picture."""
    link = page.locator(f"#lesson a[rel={rel}]")
    query = re.sub(r"^[^?]*", "", link.get_attribute("href") or "")
    link.press("Enter")
    becomes(page, SHOWN, query)
    becomes(page, "location.search", query)


def test_a_lesson_is_read_page_by_page_and_each_highlights_its_tensors_as_does_a_symbol(visit: Visit) -> None:
    page = visit(PATH, plotly=False)
    word = page.locator("#lesson a[data-tensor=c]")
    word.hover()
    expect(hit(page, "c", 2)).to_have_class(re.compile(r"\bhighlighted\b"))
    word.click()
    becomes(page, "location.search", "?tensor=c")
    assert page.url.endswith(f"{PATH}?tensor=c")
    expect(hit(page, "c", 2)).to_have_class(re.compile(r"\bselected\b"))
    sentences = set()
    for number, text in enumerate(LESSON.pages[:4], 1):
        assert title(page) == text.title
        assert page.url.split("?")[0].endswith(PATH)
        assert highlighted(page)
        sentences.add(page.locator("#sentence").inner_text())
        if number < 4:
            go(page, "next")
    assert len(sentences) >= 2
    expect(page.locator("#lesson a[rel=next]")).to_be_focused()
    page.goto(f"{PATH}?lesson_page={len(LESSON.pages)}")
    assert title(page) == LESSON.pages[-1].title
    expect(page.locator("#lesson a[rel=next]")).to_have_count(0)
    page.locator("#lesson").get_by_role("link", name="Learn", exact=True).click()
    page.wait_for_url("**/learn")


def test_a_slider_keeps_the_page_of_the_lesson_and_updates_its_text_and_link(visit: Visit) -> None:
    page = visit(f"{PATH}?tensor=tanh_c&lesson_page=3", permissions=["clipboard-read", "clipboard-write"], plotly=False)
    slider(page, "num_units").focus()
    page.keyboard.press("ArrowRight")
    becomes(page, "location.search", "?num_units=6&tensor=tanh_c&lesson_page=3")
    assert title(page) == LESSON.pages[2].title
    expect(page.locator("#lesson")).to_contain_text("each of the 18 numbers")
    page.locator("#share summary").click()
    page.get_by_role("button", name="Copy link").click()
    becomes(page, "document.getElementById('copy').textContent", "Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"{PATH}?num_units=6&tensor=tanh_c&lesson_page=3")
    page.keyboard.press("Escape")
    page.locator("#lesson").get_by_role("link", name="Reset picture").click()
    becomes(page, "location.search", "?tensor=tanh_c&lesson_page=3")
    expect(page.locator("#lesson")).to_contain_text("each of the 15 numbers")


def test_a_suggested_change_keeps_the_page_of_the_lesson_and_back_undoes_it(visit: Visit) -> None:
    page = visit(f"{PATH}?view=units&poke=h_prev&lesson_page=8", plotly=False)
    page.locator("#lesson").get_by_role("link", name="Change a number of c instead").click()
    becomes(page, "location.search", "?view=units&poke=c_prev&lesson_page=8")
    assert title(page) == LESSON.pages[7].title
    page.go_back()
    becomes(page, SHOWN, "?view=units&poke=h_prev&lesson_page=8")


def test_a_lesson_fits_any_width_and_the_picture_starts_on_the_first_screen(visit: Visit) -> None:
    page = visit(PATH, plotly=False)
    for number in (1, 10):
        if number > 1:
            page.goto(f"{PATH}?lesson_page={number}")
        for width, height in ((320, 740), (390, 844), (1280, 720)):
            page.set_viewport_size({"width": width, "height": height})
            becomes(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
            if number == 1 and width in (390, 1280):
                assert page.locator("#frame").bounding_box()["y"] < 0.62 * height  # type: ignore[index]


def test_a_lesson_keeps_its_language_until_another_is_chosen(visit: Visit) -> None:
    page = visit(f"{PATH}?lang=es", plotly=False)
    go(page, "next")
    assert title(page) == translator("es")(LESSON.pages[1].title)
    choose_language(page, "zh")
    becomes(page, "new URLSearchParams(location.search).get('lang')", "zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#lesson h2")).to_have_text(translator("zh")(LESSON.pages[1].title))
    expect(page.locator("#copy")).to_have_text("复制链接")
