"""The Share menu in the header."""

from collections.abc import Callable

from page_actions import becomes, focused, slider
from playwright.sync_api import Page
from test_accessibility import DESKTOP, PHONE, check

Visit = Callable[..., Page]

QUERY = 'document.querySelector(".files a").search'


def test_keys_open_and_close_the_menu_which_follows_a_change_and_copies_what_it_shows(
    visit: Visit,
) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"], plotly=False)
    page.locator("#share summary").focus()
    page.keyboard.press("Enter")
    becomes(page, "document.getElementById('share').open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('share').contains(document.activeElement)")

    page.keyboard.press("Escape")

    becomes(page, "document.getElementById('share').open", False)
    assert focused(page) == "Share"
    page.locator("#share summary").click()
    page.locator(".link").click()
    becomes(page, "document.getElementById('share').open")

    page.mouse.click(3, 500)

    becomes(page, "document.getElementById('share').open", False)

    slider(page, "num_units").focus()
    page.locator("#share summary").dispatch_event("click")
    page.keyboard.press("ArrowRight")
    becomes(page, QUERY, "?num_units=6")
    for part in (".link", "#snippet-html", "#snippet-markdown", "#snippet-jupyter"):
        assert "?num_units=6" in (page.locator(part).text_content() or "")
    assert page.locator(".code img").get_attribute("src") == "/qr.svg?num_units=6"
    becomes(page, "document.querySelector('.code img').naturalWidth > 0")

    for id in ("html", "jupyter"):
        page.locator(f"[data-copies=snippet-{id}]").click()
        becomes(page, f"document.querySelector('[data-copies=snippet-{id}]').textContent", "Copied")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"#snippet-{id}").text_content()
    for name in ("table.csv", "diagram.svg"):
        with page.expect_download() as started:
            page.locator(f"#share-menu a[href^='/{name}']").click()

        assert started.value.path().stat().st_size > 1000
        assert started.value.suggested_filename.split(".")[-1] == name.split(".")[-1]


def test_the_menu_fits_the_screen_and_axe_finds_no_violation(visit: Visit) -> None:
    page = visit(color_scheme="dark", plotly=False)
    page.locator("#share summary").click()
    becomes(page, "document.querySelector('.code img').naturalWidth > 0")
    for screen in (DESKTOP, PHONE):
        page.set_viewport_size(screen)
        becomes(page, "innerWidth", screen["width"])
        box = page.locator("#share-menu").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= screen["width"]
        assert box["y"] + box["height"] <= screen["height"]
        assert page.locator(".link").is_visible()
    check(page, "#share")
