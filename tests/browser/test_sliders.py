"""The four sizes: dragged, stepped and typed."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from page_actions import (
    becomes,
    drag,
    grip,
    prepare,
    read,
    settle,
    slider,
    swapped,
    wait_for_templates,
)
from playwright.sync_api import Page, Route, expect

from app.url_state.parsing import nearest
from app.url_state_to_picture.picture_of_state import picture_of

Visit = Callable[..., Page]


def test_a_dragged_size_changes_labels_and_parts_before_it_is_released_and_then_the_page_with_one_request(
    page: Page,
) -> None:
    before = settle(page, "")
    prepare(page, "num_units")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    held: list[Route] = []
    is_released: list[bool] = []  # until then, requests for the whole page get no response
    page.route("**/?*only=page", lambda route: route.continue_() if is_released else held.append(route))
    drag(page, "num_units", 0.1, 0.8, release=False)
    value = page.locator("#num_units").input_value()
    assert int(value) > 100
    drawn = "[...document.querySelectorAll('#plot .textpoint > text')].map((n) => n.textContent)"
    becomes(page, f"{drawn}.includes('{value}')")
    becomes(page, "document.querySelector('[data-tensor=h] [data-cell=shape]').textContent", f"3 × {value}")
    now = read(page)
    steps = [k for k, word in enumerate(before["words"][:-1]) if before["words"][k - 1] in "xh" and word.isdigit()]
    changed = [k for k, (a, b) in enumerate(zip(before["words"], now["words"], strict=True)) if a != b]
    assert changed == [k for k, word in enumerate(before["words"]) if word == "5" and k not in steps]
    assert {now["words"][k] for k in changed} == {value}
    assert now["table"]["h"] == now["panel"] == f"3×{value}"
    assert now["wires"]["wire num_units"] > before["wires"]["wire num_units"]
    assert now["wires"]["wire features"] == before["wires"]["wire features"]
    assert f"3\u00a0×\u00a0{value}" in now["sentence"]
    assert f"num_units = {value}" in now["sentence"]
    is_released.append(True)
    for newest in held[-1:]:  # several if the pointer rests in between, of which the page has aborted the others
        newest.continue_()
    page.mouse.up()
    after = settle(page, f"?num_units={value}")
    assert after["words"] == swapped(before["words"], _5=value)
    assert after["controls"]["num_units"] == after["sliders"]["num_units"] == value
    assert after["table"]["concat"] == f"3×({value}+2)"
    assert after["count"] == f"{4 * int(value) * (int(value) + 2 + 1):,}"
    pages = [urlsplit(url) for url in requested if "/static/" not in url]
    assert (
        {url.path for url in pages} == {"/"}
        and pages[-1].query.endswith("&only=page")
        and "table" in parse_qs(pages[-1].query)["without"][0].split(",")
    )


LIVE = """async () => {
  const page = await (await fetch(`${location.href}&only=page`)).text();
  const html = (root) => [...root.querySelectorAll("[data-live]:not(#proof, #sentence)")].map((region) => {
    for (const span of region.querySelectorAll("[dx='0.0'], [dx='-0.0']")) span.removeAttribute("dx");
    for (const link of region.querySelectorAll("a")) link.removeAttribute("rel"); // for crawlers
    for (const path of region.querySelectorAll(":is(#explanation, #kernels, .picture) path")) path.removeAttribute("d");
    return `${region.id}: ${region.innerHTML}`.replace(/\\s+/g, " ");
  });
  return [document, new DOMParser().parseFromString(page, "text/html")].map(html);
}"""
"""The parts of the page that change, as they are and as the server renders them, which writes paths in fewer
characters and no gaps of 0."""


def test_after_another_selection_and_other_sizes_every_part_and_link_is_that_of_a_new_page(visit: Visit) -> None:
    page = visit("/questions/num-units?cell=gru&framework=pytorch&tensor=r")
    wait_for_templates(page)
    page.route(lambda url: "only=parts" in url, lambda route: None)  # the parts of this selection
    page.locator("#row-h").click()
    becomes(page, "document.getElementById('steps').dataset.query", "?cell=gru&framework=pytorch&tensor=h")
    page.route(lambda url: "only=page" in url, lambda route: None)
    grip(page, "num_units", 0.9)
    becomes(page, "document.querySelector('#jump').matches('.outdated')")  # not written as for the one before
    assert page.locator("#jump .math").first.inner_text()[0] == "h"
    assert page.locator("#table tr.selected").get_attribute("data-tensor") == "h"
    page.unroute_all()
    page.mouse.up()
    becomes(page, "document.getElementById('steps').dataset.query === location.search")
    wait_for_templates(page, "tensor=h&")
    check_parts_after_other_sizes(page, "pictures")


@pytest.mark.parametrize(
    "query",
    [
        "?view=weights&labels=names",
        *(pytest.param(one, marks=pytest.mark.full) for one in ("", "/questions/num-units?view=gradients")),
    ],
)
def test_after_other_sizes_every_part_and_link_is_that_of_a_new_page(visit: Visit, query: str) -> None:
    page = visit(query)
    wait_for_templates(page)
    check_parts_after_other_sizes(page, "" if "weights" in query else "pictures")  # it has other links for other sizes


def check_parts_after_other_sizes(page: Page, drawn: str) -> None:
    """The page draws other sizes, also the pictures if ``drawn``, and requests the rest of the page."""
    page.locator("#num_units").fill("8")
    with page.expect_request(lambda request: "without=" in request.url) as requested:
        page.locator("#features").fill("7")
    without = parse_qs(urlsplit(requested.value.url).query)["without"][0].split(",")
    assert ("pictures" in without) == bool(drawn)
    becomes(page, "document.getElementById('steps').dataset.query === location.search")
    mine, new = page.evaluate(LIVE)
    assert len(mine) > 20 and mine == new


def test_each_drag_and_each_typing_in_a_field_is_one_entry_of_the_history(page: Page) -> None:
    entries = page.evaluate("history.length")
    drag(page, "batch_size", 0.2, 0.7)
    drag(page, "batch_size", 0.7, 0.5)  # another entry, although it is the same slider
    batch = page.locator("#batch_size").input_value()
    for value in ("12", "64"):  # with a pause
        page.locator("#num_units").fill(value)
        settle(page, f"?batch_size={batch}&num_units={value}")
    page.locator("#features").fill("9")
    settle(page, f"?batch_size={batch}&features=9&num_units=64")
    assert page.evaluate("history.length") == entries + 4
    page.go_back()
    assert settle(page, f"?batch_size={batch}&num_units=64")["controls"]["features"] == "2"
    page.evaluate(TYPE_AND_GO_BACK)  # the field still has the focus, but going back ended the edit
    settle(page, f"?batch_size={batch}&num_units=64")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 100))")  # a part below the window is written late
    settle(page, f"?batch_size={batch}&num_units=64")


TYPE_AND_GO_BACK = """() => {
  const field = document.getElementById("features");
  field.value = "8";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  history.back();
}"""


def test_dragging_time_step_down_and_up_keeps_the_step(visit: Visit) -> None:
    page = visit("/?time_step=20&t=15", plotly=False)
    grip(page, "time_step", 0.5)
    box = slider(page, "time_step").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"], y, steps=2)
    settle(page, "?time_step=1")  # step 15 does not exist in a single step
    page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=2)
    page.mouse.up()
    settle(page, f"?time_step={page.locator('#time_step').input_value()}&t=15")
    expect(page.locator("#t")).to_have_value("15")


def test_keys_move_a_slider_however_fast_they_are(visit: Visit) -> None:
    page = visit(plotly=False)
    slider(page, "num_units").focus()
    widths = []
    for keys, wanted in ((["Home"], "1"), (["ArrowRight"] * 15, "16"), (["End", "ArrowLeft"], "8000")):
        for key in keys:
            page.keyboard.press(key)
        assert page.locator("#num_units").input_value() == wanted
        after = settle(page, f"?num_units={wanted}")
        assert after["words"].count(wanted) > 10
        assert after["panel"] == f"3×{wanted}"
        assert after["sliders"]["num_units"] == wanted
        widths.append(after["wires"]["wire num_units"])
        expect(slider(page, "num_units")).to_be_focused()
    assert widths[0] < widths[1] < widths[2]


def test_a_typed_number_moves_its_slider_and_an_invalid_one_shows_an_error_and_is_not_lost(visit: Visit) -> None:
    page = visit(plotly=False)
    field, status = page.locator("#num_units"), page.locator("#status")
    field.click()
    field.press("Control+a")
    field.press_sequentially("777")
    after = settle(page, "?num_units=777")
    assert after["panel"] == "3×777"
    assert after["sliders"]["num_units"] == "777"
    assert slider(page, "num_units").input_value() != "1"
    expect(field).to_be_focused()
    for typed in ("12345", "-3", "2.5", ""):
        field.press("Control+a")
        field.press_sequentially(typed) if typed else field.press("Delete")
        expect(status).to_have_text("num_units must be a whole number from 1 to 8,192.")
        expect(field).to_have_value(typed)
        if typed == "2.5":
            settle(page, "?num_units=2")  # the valid part of the input is shown
            expect(status).to_be_visible()
            expect(field).to_have_value(typed)
    field.press_sequentially("64")
    assert settle(page, "?num_units=64")["panel"] == "3×64"
    expect(status).to_be_hidden()


def test_the_number_in_the_sentence_drags_and_follows_arrow_keys(visit: Visit) -> None:
    page = visit(plotly=False)
    number = page.locator("#sentence .draggable")
    box = number.bounding_box()
    assert box
    page.mouse.move(box["x"] + 3, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 83, box["y"] + 5, steps=4)
    page.mouse.up()
    after = settle(page)
    units = int(after["controls"]["num_units"])
    assert units > 10 and after["address"] == f"?num_units={units}"
    expect(number).to_have_text(str(units))
    number.press("ArrowLeft")
    becomes(page, f"Number(document.getElementById('num_units').value) < {units}")
    fewer = settle(page)["controls"]["num_units"]
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-valuenow", fewer)
    page.go_back()
    settle(page, "")


def test_the_line_above_the_picture_points_at_the_slider_which_has_arrows_until_a_size_is_moved(visit: Visit) -> None:
    page = visit("/", plotly=False)
    ring = "getComputedStyle(document.querySelector('[data-for=num_units]')).outlineStyle"
    page.locator("#drag").hover()
    becomes(page, ring, "solid")
    page.mouse.move(3, 3)
    becomes(page, ring, "none")
    arrows = "getComputedStyle(document.querySelector('.arrows')).display"
    page.locator("#num_layers").fill("2")  # no slider
    becomes(page, arrows, "block")
    page.locator("#drag").click()
    expect(slider(page, "num_units")).to_be_focused()
    page.keyboard.press("ArrowRight")
    becomes(page, arrows, "none")
    page.reload()
    expect(slider(page, "num_units")).to_be_visible()
    becomes(page, arrows, "none")


def test_a_dragged_picture_changes_its_height_and_stays_in_its_place_unless_it_would_be_cut(visit: Visit) -> None:
    page = visit("?view=batch&cell=gru&num_units=24")
    wait_for_templates(page)
    before, lower, higher = page.evaluate(
        """async () => {
            const field = document.getElementById("num_units");
            const places = [];
            for (const size of ["24", "23", "33"]) {
                field.value = size;
                field.dispatchEvent(new Event("input", { bubbles: true }));
                const svg = document.querySelector("#plot .main-svg");
                const end = () => document.getElementById("frame").getBoundingClientRect().bottom;
                const room = () => end() - svg.getBoundingClientRect().bottom;
                for (let k = 0; k < 2 || (k < 60 && room() < -1); k++) await new Promise(requestAnimationFrame);
                const heights = [svg, svg.querySelector(".clips rect")].map((node) => +node.getAttribute("height"));
                const { top, width } = svg.getBoundingClientRect();
                places.push({ heights, top, width, room: room() });
            }
            return places;
        }"""
    )
    states = [nearest([("view", "batch"), ("cell", "gru"), ("num_units", n)]) for n in ("24", "23", "33")]
    heights = [picture_of(state).height for state in states]
    assert heights[1] < heights[0] < heights[2]
    assert [place["heights"] for place in (before, lower, higher)] == [[height] * 2 for height in heights]
    assert (lower["top"], lower["width"]) == pytest.approx((before["top"], before["width"]), abs=0.01)
    assert higher["width"] < before["width"] and higher["room"] == pytest.approx(0, abs=0.1)


def test_a_part_in_the_window_is_written_at_once_also_after_the_server_has_replaced_it(visit: Visit) -> None:
    page = visit("/learn/what-is-num-units")
    field = page.locator("#num_units")
    wait_for_templates(page)
    for size in ("7", "9"):
        with page.expect_response(lambda response: "only=page" in response.url):
            texts = field.evaluate(TYPE_AND_READ, size)
        assert texts[0] != texts[1], f"the text of the lesson has {size} in the frame of the picture"
        becomes(page, "document.getElementById('steps').dataset.query === location.search")
        page.wait_for_timeout(500)  # until the browser has noticed that elements were replaced


TYPE_AND_READ = """async (field, size) => {
  const text = () => document.getElementById("side-text").textContent;
  const before = text();
  field.value = size;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise(requestAnimationFrame);
  return [before, text()];
}"""
