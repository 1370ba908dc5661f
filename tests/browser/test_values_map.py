"""The map of values: its look from the first paint on, its heading, and keys, clicks and links in it."""

import json
from itertools import pairwise
from typing import Any

from conftest import Visit
from page_actions import PHONE, becomes, drag, settle, spot
from playwright.sync_api import Page, expect

MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGE = "batch_size=512&time_step=1&features=16&num_units=900"

MAP = "#values-map"


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


def test_the_map_has_its_size_and_its_colours_before_any_script_runs(visit: Visit) -> None:
    page = visit("/?tensor=f", java_script_enabled=False, new=True)
    look = """(e) => [e.getBoundingClientRect().width, e.getBoundingClientRect().height, e.innerHTML]"""
    plain = page.locator(f"{MAP} > svg").evaluate(look)

    page = visit("/?tensor=f")

    assert page.locator(f"{MAP} > svg").evaluate(look) == plain
    page.locator("#panel").hover()
    assert page.locator(f"{MAP} > svg").evaluate(look) == plain


def test_heading_shape_and_numbers_change_together_while_playing(page: Page) -> None:
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
    page.wait_for_function("() => new Set(window.seen.map(([name]) => name)).size > 6")
    page.locator("#play").click()

    for name, tensor, label, shape, *row in page.evaluate("window.seen"):
        assert [tensor, name, shape] == row and label == f"Heatmap of {tensor}"


def test_a_click_on_a_wire_or_a_row_shows_the_values_of_its_tensor(page: Page) -> None:
    page.mouse.click(*spot(page, "f", 2))
    shows(page, "f")
    assert numbers(page) == served(page, "tensor=f")
    page.locator('#table tr[data-tensor="kernel"] td').nth(3).click()
    assert shows(page, "kernel")["size"] == [7, 20]
    assert page.locator(f"{MAP} .part").all_text_contents() == ["f", "i", "g", "o", "h", "x"]


def test_keys_in_the_map_change_step_sample_and_unit(page: Page) -> None:
    page.mouse.click(*spot(page, "c", 2))
    shows(page, "c")
    settle(page, "?tensor=c")
    page.locator(MAP).focus()
    for key, address in (
        ("ArrowLeft", "?t=1&tensor=c"),
        ("ArrowDown", "?t=1&tensor=c&sample=0"),
        ("Shift+ArrowRight", "?t=1&tensor=c&sample=0&unit=0"),
    ):
        page.keyboard.press(key)
        settle(page, address)
        expect(page.locator(MAP)).to_be_focused()
    shows(page, "c", t=1, sample=0, unit=0)
    assert numbers(page) == served(page, "tensor=c&t=1")


def test_held_keys_do_not_wait_for_responses_and_are_one_entry_of_the_history(visit: Visit) -> None:
    page = visit("/?time_step=100&t=0&tensor=h")
    entries = page.evaluate("history.length")
    page.locator(MAP).focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    settle(page, "?time_step=100&t=15&tensor=h")
    shows(page, "h", t=15)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    settle(page, "?time_step=100&t=0&tensor=h")


def test_repeated_enter_on_a_next_link_goes_to_the_last_sample(visit: Visit) -> None:
    page = visit("/?tensor=h&sample=0")
    page.locator("#values-summary").get_by_role("link", name="next sample").focus()
    for sample in (1, 2):
        page.keyboard.press("Enter")
        settle(page, f"?tensor=h&sample={sample}")
    # there is no next sample: the focus stays in the pager
    assert page.evaluate("document.activeElement.closest('.pager').textContent.includes('sample')")


def test_dragging_a_size_executes_no_run_for_the_map(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url) if "/values.json" in request.url else None)
    drag(page, "num_units", 0.2, 0.4)
    units = page.locator("#num_units").input_value()
    becomes(page, "document.getElementById('steps').dataset.query", f"?num_units={units}")
    shows(page, "h", num_units=units)
    assert requested == []


def test_a_click_on_a_square_follows_its_sample_and_its_unit(page: Page) -> None:
    page.mouse.click(*spot(page, "h", 2))
    settle(page, "?tensor=h")
    assert page.locator(f"{MAP} .lines").count() == 0
    expect(page.locator("#values-summary")).not_to_contain_text("Line")
    page.mouse.click(*square(page, 2, 3))
    settle(page, "?tensor=h&sample=2&unit=3")
    summary = page.locator("#values-summary")
    expect(summary).to_contain_text("sample: 2 (0–2)")
    expect(summary).to_contain_text("Line: row 2, column 3, at every step.")
    expect(page.locator(f"{MAP} .lines svg")).to_have_attribute("aria-label", "h[2, 3] at every step")
    page.mouse.move(5, 5)
    expect(page.locator("#readout")).to_have_text("h[2, 3] = " + served_number(page, "tensor=h", 2, 3))
    summary.get_by_role("link", name="no sample").click()
    settle(page, "?tensor=h&unit=3")
    expect(page.locator(f"{MAP} .lines svg")).to_have_attribute(
        "aria-label", "h[0, 3], h[1, 3], h[2, 3] at every step"
    )  # one line for each sample


def served_number(page: Page, query: str, row: int, column: int) -> str:
    value = page.request.get(f"/tensor.json?{query}").json()["values"][row][column]
    return f"{value:.3f}".replace("-", "−")


def test_the_value_under_the_pointer_is_shown_below_the_map(visit: Visit) -> None:
    page = visit(f"/?{MNIST}&tensor=h")
    readout = page.locator("#readout")
    expect(readout).to_have_text("Click a value to follow it.")
    page.mouse.move(*square(page, 5, 40))
    value = page.request.get(f"/tensor.json?{MNIST}&tensor=h").json()["values"][5][40]
    expect(readout).to_have_text(f"h[5, 40] = {float(f'{value:.4g}'):g}".replace("-", "−"))
    page.mouse.move(*square(page, 6, 40))
    expect(readout).to_contain_text("h[6, 40] = ")
    page.mouse.move(700, 5)
    expect(readout).to_have_text("Click a value to follow it.")


def test_a_large_tensor_is_shown_in_pages_with_links(visit: Visit) -> None:
    page = visit(f"/?{LARGE}&tensor=kernel")
    assert shows(page, "kernel")["size"] == [24, 48]
    summary = page.locator("#values-summary")
    expect(summary).to_contain_text("rows 0–23 of")
    summary.get_by_role("link", name="next rows").click()
    assert shows(page, "kernel", row=24)["first"] == [24, 0]
    summary.get_by_role("link", name="next columns").click()
    assert shows(page, "kernel", row=24, column=48)["first"] == [24, 48]
    page.go_back()
    page.go_back()
    shows(page, "kernel")
    becomes(page, "new URLSearchParams(location.search).has('row')", False)
    page.goto(f"/?{MNIST}&tensor=kernel&row=48&column=96")
    page.mouse.move(5, 5)
    shows(page, "kernel", row=48)
    page.locator("#num_units").fill("3")  # a smaller tensor is shown from its first page
    becomes(page, "location.search", "?batch_size=128&time_step=28&features=28&num_units=3&tensor=kernel")
    assert shows(page, "kernel", num_units=3)["size"][1] == 12


def test_without_a_run_there_is_no_map(visit: Visit) -> None:
    page = visit("/?batch_size=1024&time_step=10000&features=4096&num_units=8192&tensor=h", wait=False)
    expect(page.locator(MAP)).to_have_count(0)
    expect(page.locator("#values")).not_to_contain_text("Values")


def test_the_map_fits_its_panel_and_its_numbers_their_squares(visit: Visit) -> None:
    page = visit("/?tensor=h", wait=False)
    for width in (1920, 1366, 900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"document.querySelector('{MAP} > svg').getBoundingClientRect().width > 150")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        boxes = page.locator(f"{MAP} .number").evaluate_all(
            "(all) => all.map((e) => e.getBoundingClientRect()).map(({ left, right, top }) => [left, right, top])"
        )
        for (_, right, top), (left, _, next_top) in pairwise(boxes):
            assert top != next_top or right <= left, width


def test_without_scripts_the_values_have_links_to_other_pages(visit: Visit) -> None:
    page = visit(f"/?{MNIST}&tensor=kernel", java_script_enabled=False)
    expect(page.locator(f"{MAP} > svg")).to_be_visible()
    expect(page.locator("#values-summary").get_by_text("Keyboard")).to_be_hidden()
    expect(page.locator("#values .values tbody tr")).to_have_count(4)
    page.locator("#values-summary").get_by_role("link", name="next rows").click()
    expect(page.locator("#values .values tbody th").first).to_have_text("24")


def test_on_a_phone_rows_of_the_table_and_a_link_below_the_picture_lead_to_the_values(visit: Visit) -> None:
    page = visit("/", **PHONE)
    page.locator("#row-kept").tap()
    expect(page.locator(MAP)).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.locator("#jump").get_by_role("link", name="values").tap()
    expect(page.locator("#values")).to_be_in_viewport()


def test_the_second_link_skips_to_the_panel(visit: Visit) -> None:
    page = visit("/?tensor=c", wait=False)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
