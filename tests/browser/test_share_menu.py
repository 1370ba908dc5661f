"""The Share menu in the header."""

from collections.abc import Callable

import pytest
from page_actions import becomes, focused, settle, slider
from pairing import in_turn
from playwright.sync_api import Page
from test_accessibility import DESKTOP, PHONE, check

Visit = Callable[..., Page]

QUERY = 'document.querySelector(".files a").search'


def test_keys_open_and_close_the_menu_and_a_press_elsewhere_closes_it(visit: Visit) -> None:
    page = visit(wait=False)
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


def test_an_open_menu_follows_every_change(page: Page) -> None:
    slider(page, "num_units").focus()
    page.locator("#share summary").dispatch_event("click")
    page.keyboard.press("ArrowRight")
    address = settle(page)["address"]

    becomes(page, QUERY, address)
    for part in (".link", "#snippet-html", "#snippet-markdown", "#snippet-jupyter"):
        assert address in (page.locator(part).text_content() or "")
    assert page.locator(".code img").get_attribute("src") == f"/qr.svg{address}"
    becomes(page, "document.querySelector('.code img').naturalWidth > 0")


def test_a_copied_snippet_is_the_shown_one(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"], wait=False)
    page.locator("#share summary").click()

    for id in ("html", "markdown", "jupyter"):
        page.locator(f"[data-copies=snippet-{id}]").click()
        becomes(page, f"document.querySelector('[data-copies=snippet-{id}]').textContent", "Copied")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"#snippet-{id}").text_content()


def test_files_are_downloaded(visit: Visit) -> None:
    page = visit(wait=False)
    page.locator("#share summary").click()
    for name in ("table.csv", "notebook.ipynb", "standalone.html", "diagram.svg"):
        with page.expect_download() as started:
            page.locator(f"#share-menu a[href^='/{name}']").click()

        assert started.value.path().stat().st_size > 1000
        assert started.value.suggested_filename.split(".")[-1] == name.split(".")[-1]


@pytest.mark.parametrize(("scheme", "screen"), in_turn(("light", "dark"), (DESKTOP, PHONE)))
def test_the_menu_fits_the_screen_and_axe_finds_no_violation(visit: Visit, screen: dict[str, int], scheme: str) -> None:
    page = visit(viewport=screen, color_scheme=scheme, wait=False)
    page.locator("#share summary").click()
    becomes(page, "document.querySelector('.code img').naturalWidth > 0")

    box = page.locator("#share-menu").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= screen["width"]
    assert box["y"] + box["height"] <= screen["height"]
    assert page.locator(".link").is_visible()
    check(page)


def test_without_scripts_the_menu_opens(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.locator("#share summary").click()

    assert page.locator(".files").is_visible() and page.locator("#snippet-html").is_visible()
    assert not page.locator(".snippet .copy").first.is_visible()
