"""The heatmap of values: keys, clicks and links in it."""

from typing import Any

import pytest
from conftest import Visit
from page_actions import becomes, drag, settle, spot
from playwright.sync_api import Page, expect

MAP = "document.getElementById('values-plot')"
MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGE = "batch_size=512&time_step=1&features=16&num_units=900"


def shows(page: Page, tensor: str, **wanted: Any) -> dict[str, Any]:
    """Wait until the map shows a tensor, in a state with the wanted fields. Returns its figure."""
    pairs = {f"{name}={value}" for name, value in wanted.items()}
    page.wait_for_function(
        f"""([tensor, pairs]) => {{
          const meta = {MAP}.layout?.meta;
          return meta?.tensor === tensor && pairs.every((pair) => `&${{meta.query.slice(1)}}&`.includes(`&${{pair}}&`));
        }}""",
        arg=[tensor, sorted(pairs)],
    )
    found: dict[str, Any] = page.evaluate(f"({{ data: {MAP}.data, layout: {MAP}.layout }})")
    return found


def served_values(page: Page, query: str) -> Any:
    return page.request.get(f"/tensor.json?{query}").json()["values"]


def rounded(values: Any) -> Any:
    """Values with the tolerance of a map, which has six decimals."""
    return [pytest.approx(line, abs=1e-6) for line in values]


def test_a_click_on_a_wire_or_a_row_shows_the_values_of_its_tensor(page: Page) -> None:
    page.mouse.click(*spot(page, "f", 2))
    assert shows(page, "f")["data"][0]["z"] == rounded(served_values(page, "tensor=f"))
    page.locator('#table tr[data-tensor="kernel"] td').nth(3).click()
    assert shows(page, "kernel")["data"][0]["z"] == rounded(served_values(page, "tensor=kernel"))


def test_keys_in_the_map_change_step_sample_and_unit_on_the_same_colour_scale(page: Page) -> None:
    page.mouse.click(*spot(page, "c", 2))
    first = shows(page, "c")
    settle(page, "?tensor=c")
    page.locator("#values-plot").focus()
    for key, address in (
        ("ArrowLeft", "?t=1&tensor=c"),
        ("ArrowDown", "?t=1&tensor=c&sample=0"),
        ("Shift+ArrowRight", "?t=1&tensor=c&sample=0&unit=0"),
    ):
        page.keyboard.press(key)
        settle(page, address)
        assert page.evaluate("document.activeElement.id") == "values-plot"
    last = shows(page, "c", t=1, sample=0, unit=0)
    assert [m["data"][0]["zmax"] for m in (first, last)] == [last["data"][0]["zmax"]] * 2
    assert last["data"][0]["z"] == rounded(served_values(page, "tensor=c&t=1"))
    (line,) = last["data"][1:]
    assert line["y"] == pytest.approx([served_values(page, f"tensor=c&t={t}")[0][0] for t in range(4)])


def test_held_keys_do_not_wait_for_responses_and_are_one_entry_of_the_history(visit: Visit) -> None:
    page = visit("/?time_step=100&t=0&tensor=h")
    shows(page, "h")
    entries = page.evaluate("history.length")
    page.locator("#values-plot").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    settle(page, "?time_step=100&t=15&tensor=h")
    shows(page, "h", t=15)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    settle(page, "?time_step=100&t=0&tensor=h")


def test_repeated_enter_on_a_next_link_goes_to_the_last_sample(visit: Visit) -> None:
    page = visit("/?tensor=h&sample=0")
    page.locator("#values-summary").get_by_role("link", name="sample after").focus()
    for sample in (1, 2):
        page.keyboard.press("Enter")
        settle(page, f"?tensor=h&sample={sample}")
    # there is no next sample: the focus stays in the pager
    assert page.evaluate("document.activeElement.closest('.pager').textContent.includes('sample')")


def test_dragging_a_size_does_not_execute_runs_for_the_map(page: Page) -> None:
    shows(page, "h")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url) if "/values.json" in request.url else None)
    drag(page, "num_units", 0.2, 0.4)
    units = page.locator("#num_units").input_value()
    settle_to(page, f"?num_units={units}")
    shows(page, "h", num_units=units)
    assert len(requested) <= 2


def settle_to(page: Page, address: str) -> None:
    becomes(page, "document.getElementById('steps').dataset.query", address)


def test_a_click_on_a_square_follows_its_sample_and_its_unit(page: Page) -> None:
    page.mouse.click(*spot(page, "h", 2))
    shows(page, "h")
    settle(page, "?tensor=h")
    area = page.locator("#values-plot .nsewdrag").first.bounding_box()
    assert area
    page.mouse.click(area["x"] + 0.7 * area["width"], area["y"] + 0.9 * area["height"])
    settle(page, "?tensor=h&sample=2&unit=3")
    summary = page.locator("#values-summary")
    expect(summary).to_contain_text("sample 2 of 0…2")
    summary.get_by_role("link", name="any sample").click()
    settle(page, "?tensor=h&unit=3")
    assert len(shows(page, "h", unit=3)["data"]) == 1 + 3  # one line for each sample


def test_a_large_tensor_is_shown_in_pages_with_links(visit: Visit) -> None:
    page = visit(f"/?{LARGE}&tensor=kernel")
    heatmap = shows(page, "kernel")["data"][0]
    assert (len(heatmap["z"]), len(heatmap["z"][0])) == (24, 48)
    summary = page.locator("#values-summary")
    expect(summary).to_contain_text("rows 0–23 of")
    summary.get_by_role("link", name="rows after").click()
    assert shows(page, "kernel", row=24)["data"][0]["y"][0] == 24
    summary.get_by_role("link", name="columns after").click()
    assert shows(page, "kernel", row=24, column=48)["data"][0]["x"][0] == 48
    page.go_back()
    page.go_back()
    shows(page, "kernel")
    becomes(page, "new URLSearchParams(location.search).has('row')", False)
    page.goto(f"/?{MNIST}&tensor=kernel&row=48&column=96")
    page.mouse.move(5, 5)
    shows(page, "kernel", row=48)
    page.locator("#num_units").fill("3")  # a smaller tensor is shown from its first page
    becomes(page, "location.search", "?batch_size=128&time_step=28&features=28&num_units=3&tensor=kernel")
    assert len(shows(page, "kernel", num_units=3)["data"][0]["z"][0]) == 12


def test_without_a_run_there_is_no_map(visit: Visit) -> None:
    page = visit("/?batch_size=1024&time_step=10000&features=4096&num_units=8192&tensor=h", wait=False)
    expect(page.locator("#values-plot")).to_be_hidden()
    expect(page.locator("#values")).not_to_contain_text("Values")


def test_the_map_follows_the_width_of_the_panel(page: Page) -> None:
    shows(page, "h")
    for width in (900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"{MAP}.layout.width === {MAP}.clientWidth && {MAP}.querySelector('.main-svg').clientWidth > 150")
    assert 320 < page.evaluate(f"{MAP}.layout.width") <= 390 == page.evaluate("document.documentElement.scrollWidth")


def test_without_scripts_the_values_are_a_table_with_links_to_other_pages(visit: Visit) -> None:
    page = visit(f"/?{MNIST}&tensor=kernel", java_script_enabled=False)
    expect(page.locator("#values .values tbody tr")).to_have_count(4)
    page.locator("#values-summary").get_by_role("link", name="rows after").click()
    expect(page.locator("#values .values tbody th").first).to_have_text("24")


def test_on_a_phone_rows_of_the_table_and_a_link_above_the_picture_lead_to_the_values(visit: Visit) -> None:
    page = visit("/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("#row-kept").tap()
    expect(page.locator("#values-plot")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.locator("#jump a").tap()
    expect(page.locator("#selected")).to_be_in_viewport()


def test_the_second_link_skips_to_the_panel(visit: Visit) -> None:
    page = visit("/?tensor=c", wait=False)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
