"""Text as input: typed and pasted, also emoji, right-to-left script, 1 MB and no text."""

from urllib.parse import quote

from page_actions import becomes, slider
from playwright.sync_api import Page, expect
from visited_pages import Visit


def shows(page: Page, text: str, features: int) -> None:
    """Wait until the page shows a text."""
    becomes(page, "new URLSearchParams(location.search).get('text') ?? ''", text)
    expect(page.locator("#features")).to_have_value(str(features))
    expect(page.locator(".input-note p").first).to_contain_text(f"features is {features}")


def test_a_typed_text_replaces_random_numbers_and_an_example_the_text(visit: Visit) -> None:
    page = visit("/", plotly=False)
    page.locator("#settings summary").click()
    page.get_by_role("link", name="Text", exact=True).click()
    page.locator("#text").fill("hello you")
    shows(page, "hello you", 7)
    expect(page.locator(".tokens tbody tr").first).to_contain_text("hell")
    expect(slider(page, "features")).to_be_disabled()
    slider(page, "time_step").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tokens tbody tr").first).to_contain_text("hello")
    page.locator("#cut").select_option("words")
    shows(page, "hello you", 2)
    page.go_back()
    shows(page, "hello you", 7)
    expect(page.locator("#cut")).to_have_value("characters")  # although it has the focus
    page.locator("#example-models summary").click()
    page.locator("#example-models a").first.click()
    expect(page.locator("#inputs [aria-current]")).to_have_text("Random")
    expect(page.locator("#text")).to_be_hidden()
    page.locator("#features").fill("9")
    becomes(page, "new URLSearchParams(location.search).get('features')", "9")
    expect(slider(page, "features")).to_be_enabled()


def test_text_in_any_script_can_be_pasted_and_a_long_one_is_truncated(visit: Visit) -> None:
    page = visit("/?data=text", permissions=["clipboard-read", "clipboard-write"], plotly=False)
    field = page.locator("#text")
    for text, features in (("👩‍🏫👩‍🏫🎓", 2), ("שלום שלום", 5), ("a\nb\t<b>&amp;", 10)):
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        field.press("ControlOrMeta+A")
        field.press("ControlOrMeta+V")
        shows(page, text, features)
    page.evaluate("() => navigator.clipboard.writeText('abc '.repeat(250_000))")
    field.press("ControlOrMeta+A")
    field.press("ControlOrMeta+V")
    shows(page, ("abc " * 500), 4)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
    field.press("ControlOrMeta+A")
    field.press("Delete")
    becomes(page, "location.search", "?data=text")  # the sample text
    expect(page.locator(".input-note p").first).to_contain_text("152 characters")


def test_links_contain_the_whole_of_a_long_text(visit: Visit) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(2000))
    page = visit(f"/?data=text&text={quote(text)}", plotly=False)
    expect(page.locator("[data-link]")).to_have_count(0)
    link = page.locator("#row-h")
    text_of = "link => new URL(link.getAttribute('href'), location).searchParams.get('text')"
    assert link.evaluate(text_of) == text
    link.click()
    page.wait_for_url("**&tensor=h")
    expect(page.locator("#selected .clear")).to_be_visible()
    assert page.locator("#selected .clear").evaluate(text_of) == text
    expect(page.locator("[data-link]")).to_have_count(0)
