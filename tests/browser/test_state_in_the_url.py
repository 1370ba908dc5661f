"""The address holds the whole state: copied links, history and links of the page."""

import json
import re
from collections.abc import Callable

from page_actions import SHOWN, becomes, hit, read, row, settle, slider, spot
from playwright.sync_api import Page, expect

from app.diagram.theme import DARK, LIGHT
from app.teaching.example_models import EXAMPLE_MODELS

Visit = Callable[..., Page]


def test_a_copied_link_opens_the_same_picture(visit: Visit) -> None:
    mine = visit("/?num_units=128", permissions=["clipboard-read", "clipboard-write"], plotly=False)
    row(mine, "concat").click()
    here = settle(mine, "?num_units=128&tensor=concat")
    mine.locator("#share summary").click()
    mine.get_by_role("button", name="Copy link").click()
    expect(mine.get_by_role("button", name="Copied")).to_be_visible()
    link = mine.evaluate("navigator.clipboard.readText()")
    assert link == mine.url
    mine.goto(link)
    mine.mouse.move(5, 5)
    assert settle(mine, "?num_units=128&tensor=concat") == here


def test_if_copying_is_blocked_the_link_is_shown_and_selected(visit: Visit) -> None:
    page = visit("/?num_units=9", plotly=False)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    page.locator("#share summary").click()
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_label("Copying was blocked")
    expect(link).to_be_focused()
    expect(link).to_have_value(page.url)
    assert page.evaluate("getSelection().toString()") == page.url
    expect(page.get_by_role("button", name="Copied")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(link).to_be_hidden()


def test_the_address_sets_the_theme_which_a_reset_keeps(visit: Visit) -> None:
    page = visit("/?theme=dark")
    ground = page.locator("html")
    expect(ground).to_have_css("background-color", rgb(DARK.fill["paper"]))
    page.locator("#num_units").fill("9")
    settle(page, "?num_units=9&theme=dark")
    assert read(page)["colours"]["wire num_units"][0] == rgb(DARK.ink["num_units"])
    page.get_by_role("link", name="Reset", exact=True).click()
    settle(page, "?theme=dark")
    expect(ground).to_have_css("background-color", rgb(DARK.fill["paper"]))

    page.emulate_media(color_scheme="dark")
    page.goto("/?theme=light")
    expect(ground).to_have_css("background-color", rgb(LIGHT.fill["paper"]))
    page.locator("#num_units").fill("9")
    becomes(page, SHOWN, "?num_units=9")
    expect(ground).to_have_css("background-color", rgb(LIGHT.fill["paper"]))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"


def test_back_and_forward_restore_the_controls_even_a_slider_that_has_the_focus(visit: Visit) -> None:
    page = visit(plotly=False)
    first = settle(page, "")
    row(page, "f").click()
    second = settle(page, "?tensor=f")
    place = slider(page, "num_units").input_value()
    slider(page, "num_units").press("End")
    third = settle(page, "?num_units=8192&tensor=f")
    assert third["panel"] == "3×8192"
    page.go_back()
    assert settle(page, "?tensor=f") == second
    expect(slider(page, "num_units")).to_have_value(place)
    page.go_back()
    assert settle(page, "") == first
    page.go_forward()
    page.go_forward()
    assert settle(page, "?num_units=8192&tensor=f") == third


def test_labels_seed_and_example_model_change_the_picture_and_reset_restores_the_default_one(visit: Visit) -> None:
    page = visit(plotly=False)
    values = page.locator("#values .values")
    first, numbers = settle(page, ""), values.inner_text()
    page.locator("#settings summary").click()
    page.get_by_role("link", name="Both", exact=True).click()
    both = settle(page, "?labels=both")
    assert both["words"].count("num_units") > 10 < both["words"].count("5")
    page.locator("#seed").fill("42")
    becomes(page, "document.querySelector('#values .values').innerText !== " + json.dumps(numbers))
    assert settle(page, "?seed=42&labels=both")["words"] == both["words"]

    example = EXAMPLE_MODELS[-1]
    page.locator("#example-models summary").click()
    page.locator("#example-models").get_by_role("link", name=example.title).click()
    sizes = {name: str(size) for name, size in example.sizes.items()}
    expect(page.locator("#example-models [aria-current]")).to_contain_text(example.source)
    after = settle(page)
    assert sizes.items() <= after["controls"].items()
    assert after["sliders"] == sizes
    assert after["panel"] == f"{sizes['batch_size']}×{sizes['num_units']}"
    expect(page.locator("#example-model")).to_have_text(example.title)

    page.get_by_role("link", name="Reset", exact=True).click()
    after = settle(page, "")
    assert {k: after[k] for k in after if k != "nodes"} == {k: first[k] for k in first if k != "nodes"}
    assert values.inner_text() == numbers


def test_a_click_in_the_picture_selects_a_tensor_everywhere_or_opens_a_step_even_in_the_fold(visit: Visit) -> None:
    page = visit("/?time_step=100&t=50", plotly=False)
    page.mouse.click(*spot(page, "f", 50))
    settle(page, "?time_step=100&t=50&tensor=f")
    expect(page.locator("#selected h2").first).to_have_text("Selected")
    expect(page.locator("#table tr.selected")).to_have_attribute("data-tensor", "f")
    expect(hit(page, "f", 50)).to_have_class(re.compile(r"\bselected\b"))
    page.mouse.click(*spot(page, "", 24))
    assert "step 23, same cell" in settle(page, "?time_step=100&t=24&tensor=f")["turned"]
    page.mouse.click(*spot(page, "", 99))
    now = settle(page, "?time_step=100&t=99&tensor=f")
    expect(page.locator("#selected")).to_contain_text("step 99 (0–99)")
    assert any(word.startswith("last output") for word in now["words"])


def test_a_rejected_state_shows_the_reason_and_the_page_returns_to_the_last_state(visit: Visit) -> None:
    page = visit("/?cell=gru", tolerate="422", plotly=False)
    page.locator("#settings summary").click()
    page.locator("#num_proj").fill("3")
    expect(page.locator("#status")).to_contain_text("num_proj is not available for gru; use lstm")
    becomes(page, "location.search", "?cell=gru")
    page.locator("#num_units").fill("9")
    becomes(page, "document.querySelector('#row-h').closest('tr').querySelector('.shape').textContent", "3 × 9")
    becomes(page, "location.search", "?cell=gru&num_units=9")
    expect(page.locator("#status")).to_be_hidden()


def test_another_notation_changes_controls_and_picture(visit: Visit) -> None:
    page = visit("/?labels=names")
    page.locator("#settings summary").click()
    page.locator("#notations").get_by_role("link", name="hidden_size").click()
    becomes(page, "document.querySelector('label[for=num_units]').textContent", "hidden_size H")
    expect(page.get_by_role("slider", name="hidden_size slider")).to_be_visible()
    expect(page.locator("#sentence")).to_contain_text("hidden_size = 5")
    becomes(page, "document.querySelector('#plot').textContent.includes('hidden_size')")
    becomes(page, "document.querySelector('#plot').textContent.includes('num_units')", False)
    expect(page.locator("#drag")).to_have_text("hidden_size")
    expect(page.locator("label[for=num_units]")).to_have_attribute("data-tip", re.compile(r"^hidden_size\n"))
    expect(page.locator("label[for=num_proj]")).to_have_text("proj_size")
    expect(page.locator("#sentence .draggable")).to_have_accessible_name("hidden_size H")
    page.locator("#labels").get_by_role("link", name="Hidden").click()
    expect(page.locator("#printed-sizes")).to_contain_text("hidden_size = 5")
    page.locator("#num_units").fill("9")
    expect(page.locator("#printed-sizes")).to_contain_text("hidden_size = 9")
