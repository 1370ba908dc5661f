"""The page in one file, opened from disk without a network."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from app_server import Server
from page_actions import becomes
from playwright.sync_api import Browser, Page, expect
from test_accessibility import DESKTOP, PHONE, check
from visited_pages import REPORT_VIOLATIONS

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, server: Server, tmp_path: Path) -> Iterator[Open]:
    """Save the file of a query and open it offline. Console messages and other requests fail the test."""
    found: list[str] = []
    contexts = []

    def open_file(query: str = "", **options: Any) -> Page:
        file = tmp_path / "unrolled.html"
        with urlopen(f"{server.url}/standalone.html{query}") as answer:
            file.write_bytes(answer.read())
        context = browser.new_context(offline=True, **({"viewport": DESKTOP} | options))
        contexts.append(context)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda m: found.append(f"console {m.type}: {m.text}"))
        context.on("weberror", lambda e: found.append(f"page error: {e.error}"))
        context.on("request", lambda r: found.append(r.url) if r.url != file.as_uri() else None)
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert found == []


def words(page: Page, selector: str) -> str:
    return "".join((page.locator(selector).text_content() or "").split())


def test_sizes_steps_operations_and_links_change_picture_sentence_and_table(opened: Open) -> None:
    page = opened("?time_step=6")
    page.locator("#move-num_units").focus()
    page.keyboard.press("ArrowRight")

    assert "num_units=6" in words(page, "#sentence")
    assert words(page, "#row-h .shape") == "3×6"
    page.keyboard.press("End")
    assert "num_units=8192" in words(page, "#sentence")
    assert words(page, "#row-concat .shape") == "3×(8192+2)"
    assert page.locator("#shapes .label", has_text="8192").count() > 10
    page.locator("#move-features").focus()
    page.keyboard.press("ArrowRight")
    assert words(page, "#row-x .shape") == "3×3" and words(page, "#row-h .shape") == "3×5"
    assert page.locator("#move-num_units").get_attribute("aria-valuetext") == "5"

    page.locator("#move-t").focus()
    page.keyboard.press("End")
    assert "h5" in words(page, "#row-h")
    page.locator("#move-tensor").focus()
    page.keyboard.press("Home")
    faint = page.locator("#shapes g[opacity]").count()
    page.keyboard.press("ArrowRight")
    assert 0 < page.locator("#shapes g[opacity]").count() < faint
    assert page.locator("#row-h_prev.selected").count() == 1

    page.locator("#row-f").hover()
    becomes(page, "document.querySelectorAll('#hits a.highlighted[data-tensor=f]').length > 0")
    page.mouse.move(1, 1)
    becomes(page, "document.querySelectorAll('.highlighted').length", 0)

    page.locator("#hits a[data-tensor=concat][aria-label]").focus()
    page.keyboard.press("Enter")

    assert page.locator("#row-concat.selected").count() == 1
    assert words(page, "#selection").startswith("concatenationofhiddenstateandinput3×(5+2)")
    page.locator("#row-concat td").first.click()
    becomes(page, "document.querySelectorAll('.selected').length", 0)

    page.locator("#hits a[data-t='0'][aria-label]").focus()  # a slab opens its step
    page.keyboard.press("Enter")
    assert page.locator("#move-t").input_value() == "0"
    assert "h0" in words(page, "#row-h")


def test_hidden_shapes_and_parts_open_without_errors(opened: Open) -> None:
    page = opened("?view=weights&labels=hidden&hide=table&title=Homework")
    move(page)


def move(page: Page) -> None:
    page.locator("#move-num_units").focus()
    page.keyboard.press("ArrowRight")

    assert page.locator("#shapes > *").count() > 20


def test_without_scripts_picture_and_table_are_shown(opened: Open) -> None:
    page = opened(java_script_enabled=False)

    assert page.locator("#shapes .label").count() > 20 and page.locator("#row-h").is_visible()
    assert not page.locator("#states").is_visible()
    page.locator("#hits a[data-tensor=f][aria-label]").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#row-f$"))


def test_axe_finds_no_violation_in_a_dark_file_in_another_language(opened: Open) -> None:
    page = opened("?theme=dark&view=units&lang=zh&tensor=f", viewport=PHONE, color_scheme="dark")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check(page)
    move(page)
