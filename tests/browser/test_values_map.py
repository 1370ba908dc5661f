"""The map of values: its look from the first paint on, its heading, and keys, clicks and links in it."""

import json
from itertools import pairwise
from typing import Any

from page_actions import SHOWN, becomes, settle, spot
from playwright.sync_api import Page, expect
from visited_pages import Visit

LARGE = "batch_size=512&time_step=1&features=16"

MAP = "#values-map"
DATA = "JSON.parse(document.getElementById('values-map').dataset.map)"


def data(page: Page) -> dict[str, Any]:
    """What the map says of itself to scripts."""
    found: dict[str, Any] = json.loads(page.locator(MAP).get_attribute("data-map") or "")
    return found


def shows(page: Page, tensor: str, **wanted: Any) -> dict[str, Any]:
    """Wait until the map shows a tensor, in a state with the wanted fields. Returns its data."""
    page.wait_for_function(
        """([tensor, pairs]) => {
          const map = JSON.parse(document.getElementById("values-map")?.dataset.map ?? "{}");
          return map.tensor === tensor && pairs.every((pair) => `&${map.query.slice(1)}&`.includes(`&${pair}&`));
        }""",
        arg=[tensor, sorted(f"{name}={value}" for name, value in wanted.items())],
    )
    return data(page)


def numbers(page: Page) -> list[str]:
    """The numbers in the squares."""
    return page.locator(f"{MAP} .number").all_text_contents()


def served(page: Page, query: str) -> list[str]:
    values = page.request.get(f"/tensor.json?{query}").json()["values"]
    return [f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−") for line in values for value in line]


def square(page: Page, row: int, column: int) -> tuple[float, float]:
    """The middle of a square on the screen."""
    box = page.locator(f"{MAP} > svg").bounding_box()
    assert box
    scale = box["width"] / 220
    left, top, width, height = data(page)["squares"]
    return box["x"] + scale * (left + (column + 0.5) * width), box["y"] + scale * (top + (row + 0.5) * height)


def test_the_map_has_its_size_and_its_colours_before_any_script_runs_and_fits_its_panel(visit: Visit) -> None:
    look = """(e) => [e.getBoundingClientRect().width, e.getBoundingClientRect().height, e.innerHTML]"""
    page = visit("/?tensor=f", plotly=False)
    looks = [page.locator(f"{MAP} > svg").evaluate(look)]
    page.locator("#panel").hover()
    looks.append(page.locator(f"{MAP} > svg").evaluate(look))
    check_numbers(page)

    page = visit("/?tensor=f", java_script_enabled=False)

    assert looks == [page.locator(f"{MAP} > svg").evaluate(look)] * 2
    expect(page.locator("#values-summary").get_by_text("Keyboard")).to_be_hidden()


def test_heading_shape_and_numbers_change_together_while_playing(visit: Visit) -> None:
    page = visit(plotly=False)
    page.evaluate(
        """() => {
          const panel = document.getElementById("panel");
          window.seen = [];
          new MutationObserver(() => {
            const name = panel.querySelector("#selected h3").textContent;
            const map = document.getElementById("values-map");
            const { tensor } = JSON.parse(map.dataset.map);
            const label = map.getAttribute("aria-label");
            const row = document.querySelector("#table tr.selected");
            const shape = panel.querySelector("#selected .large").textContent.trim();
            const cell = (column) => row?.querySelector(`[data-cell=${column}]`).textContent.trim();
            if (row) window.seen.push([name, tensor, label, shape, row.dataset.tensor, cell("name"), cell("shape")]);
          }).observe(panel, { childList: true, subtree: true });
        }"""
    )
    page.locator("#speed").select_option("4")
    page.locator("#play").click()
    page.wait_for_function("() => new Set(window.seen.map(([name]) => name)).size > 3")
    page.locator("#play").click()

    for name, tensor, label, shape, *row in page.evaluate("window.seen"):
        assert [tensor, name, shape] == row and label == f"Heatmap of {tensor}"


def test_held_keys_do_not_wait_for_responses_and_are_one_entry_of_the_history(visit: Visit) -> None:
    page = visit("/?time_step=100&t=0&tensor=h", plotly=False)
    entries = page.evaluate("history.length")
    page.locator(MAP).focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    settle(page, "?time_step=100&t=8&tensor=h")
    shows(page, "h", t=8)
    assert page.evaluate("history.length") == entries + 1
    for key, address in (
        ("ArrowDown", "?time_step=100&t=8&tensor=h&sample=0"),
        ("Shift+ArrowRight", "?time_step=100&t=8&tensor=h&sample=0&unit=0"),
    ):
        page.keyboard.press(key)
        becomes(page, SHOWN, address)
        expect(page.locator(MAP)).to_be_focused()
    shows(page, "h", t=8, sample=0, unit=0)
    assert numbers(page) == served(page, "time_step=100&tensor=h&t=8")


def test_the_map_shows_the_value_under_the_pointer_and_a_click_follows_its_sample_and_its_unit(visit: Visit) -> None:
    page = visit(plotly=False)
    page.mouse.click(*spot(page, "h", 2))
    settle(page, "?tensor=h")
    readout, summary = page.locator("#readout"), page.locator("#values-summary")
    assert numbers(page) == served(page, "tensor=h")
    assert page.locator(f"{MAP} .lines").count() == 0
    expect(summary).not_to_contain_text("Line")
    expect(readout).to_have_text("Click a value to follow it.")
    for row in (1, 0):
        page.mouse.move(*square(page, row, 3))
        expect(readout).to_have_text(f"h[{row}, 3] = " + served_number(page, "tensor=h", row, 3, ".4g"))
    page.mouse.move(700, 5)
    expect(readout).to_have_text("Click a value to follow it.")

    page.mouse.click(*square(page, 0, 3))
    settle(page, "?tensor=h&sample=0&unit=3")
    expect(summary).to_contain_text("sample: 0 (0–2)")
    expect(summary).to_contain_text("Line: row 0, column 3, at every step.")
    expect(page.locator(f"{MAP} .lines svg")).to_have_attribute("aria-label", "h[0, 3] at every step")
    page.mouse.move(5, 5)
    expect(readout).to_have_text("h[0, 3] = " + served_number(page, "tensor=h", 0, 3))
    summary.get_by_role("link", name="next sample").focus()
    for sample in (1, 2):
        page.keyboard.press("Enter")
        becomes(page, SHOWN, f"?tensor=h&sample={sample}&unit=3")
    # there is no next sample: the focus stays in the pager
    assert page.evaluate("document.activeElement.closest('.pager').textContent.includes('sample')")
    summary.get_by_role("link", name="no sample").click()
    becomes(page, SHOWN, "?tensor=h&unit=3")
    expect(page.locator(f"{MAP} .lines svg")).to_have_attribute(
        "aria-label", "h[0, 3], h[1, 3], h[2, 3] at every step"
    )  # one line for each sample
    page.locator('#table tr[data-tensor="kernel"] td').nth(3).click()
    assert shows(page, "kernel")["size"] == [7, 20]
    assert page.locator(f"{MAP} .part").all_text_contents() == ["f", "i", "g", "o", "h", "x"]


def served_number(page: Page, query: str, row: int, column: int, format: str = ".3f") -> str:
    value = page.request.get(f"/tensor.json?{query}").json()["values"][row][column]
    return f"{value:{format}}".replace("-", "−")


def test_a_large_tensor_is_shown_in_pages_with_links(visit: Visit) -> None:
    page = visit(f"/?{LARGE}&num_units=900&tensor=kernel", plotly=False)
    assert shows(page, "kernel")["size"] == [24, 48]
    summary = page.locator("#values-summary")
    expect(summary).to_contain_text("rows 0–23 of")
    summary.get_by_role("link", name="next rows").click()
    assert shows(page, "kernel", row=24)["first"] == [24, 0]
    summary.get_by_role("link", name="next columns").click()
    assert shows(page, "kernel", row=24, column=48)["first"] == [24, 48]
    page.locator("#num_units").fill("3")  # a smaller tensor is shown from its first page
    becomes(page, "location.search", f"?{LARGE}&num_units=3&tensor=kernel")
    assert shows(page, "kernel", num_units=3)["size"] == [19, 12]
    for _ in range(3):
        page.go_back()
    becomes(page, f"(({{ first, size }}) => [first, size])({DATA})", [[0, 0], [24, 48]])
    becomes(page, "new URLSearchParams(location.search).has('row')", False)


def check_numbers(page: Page) -> None:
    """The map fits its panel, and its numbers their squares."""
    for width in (1920, 900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"document.querySelector('{MAP} > svg').getBoundingClientRect().width > 150")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        boxes = page.locator(f"{MAP} .number").evaluate_all(
            "(all) => all.map((e) => e.getBoundingClientRect()).map(({ left, right, top }) => [left, right, top])"
        )
        for (_, right, top), (left, _, next_top) in pairwise(boxes):
            assert top != next_top or right <= left, width
