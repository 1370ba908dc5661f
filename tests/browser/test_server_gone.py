"""A server that is missing, slow or of another build. Other failures of responses are tested in tests/js."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from page_actions import OUTLINES, becomes, outlines, prepare, read, settle
from pairing import ALL_COMBINATIONS
from playwright.sync_api import Page, Route, expect

from app.diagram.views import VIEWS
from app.url_state.parsing import nearest
from app.url_state_to_picture.plotly_figure import figure_of

Visit = Callable[..., Page]


def test_the_page_reports_a_missing_server_and_recovers_with_the_newest_state(visit: Visit) -> None:
    page = visit(tolerate="ERR_INTERNET_DISCONNECTED")
    before = settle(page, "")
    prepare(page, "num_units")
    page.context.set_offline(True)
    page.locator("#num_units").fill("8")
    status = page.locator("#status")
    expect(status).to_contain_text("No response from the server")
    expect(status).to_contain_text("The picture follows")
    expect(page.locator("#values")).to_have_css("opacity", "0.5")
    faint = "[...document.querySelectorAll('.outdated')].map((part) => part.id)"
    becomes(page, faint, ["proof", "map", "notes", "view-note", "values", "values-summary"])
    now = read(page)
    assert now["words"] == [word.replace("5", "8") for word in before["words"]], "the browser draws other sizes"
    assert now["table"]["h"] == now["panel"] == "3×8"
    assert "batch_size 3, time_step 4, features 2, num_units 8" in (page.locator("#code").text_content() or ""), (
        "the program has the size, too"
    )
    page.locator("#sentence").get_by_text("length of each row").wait_for()
    assert page.locator("#sentence").inner_text().endswith("num_units = 8 is the length of each row.")
    page.locator("#batch_size").fill("9")
    page.context.set_offline(False)
    after = settle(page, "?batch_size=9&num_units=8")
    assert after["panel"] == "9×8"
    expect(status).to_be_hidden()
    expect(page.locator("#frame")).to_have_class("frame drawn")


FULL_ONLY = [pytest.param({"view": view}, marks=pytest.mark.full) for view in VIEWS if view != "batch"]


@pytest.mark.parametrize("followed", [{"view": "batch", "sample": 7, "batch_size": 8}, *FULL_ONLY])
def test_without_the_server_sliders_move_the_picture_also_below_the_sample_that_is_followed(
    visit: Visit, followed: dict[str, object]
) -> None:
    """The figures of every view are compared in tests/js; here the page draws them."""
    before = followed | {"time_step": 40}
    page = visit(f"?{urlencode(before)}", tolerate="ERR_INTERNET_DISCONNECTED")
    after = {"batch_size": 3, "time_step": 98} | ({"num_units": 700, "features": 33} if ALL_COMBINATIONS else {})
    prepare(page, *after)
    page.context.set_offline(True)
    for name, size in after.items():
        page.locator(f"#{name}").fill(str(size))
    drawn = figure_of(nearest([(name, str(value)) for name, value in {**before, **after, "arrays": "false"}.items()]))
    becomes(
        page,
        "[...document.querySelectorAll('#plot .textpoint > text')].map((n) => n.textContent)",
        drawn["data"][0]["text"],
    )
    becomes(page, OUTLINES, outlines(drawn))


def test_a_slow_page_is_announced_and_a_new_build_reloads_the_page(page: Page) -> None:
    held: list[Route] = []
    is_announced: list[bool] = []
    page.route("**/?num_units=9&*only=page", lambda route: answer(route) if is_announced else held.append(route))

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('data-build="', 'data-build="new'))

    page.evaluate("window.old = true")
    page.locator("#num_units").fill("9")
    expect(page.locator("#status")).to_have_text("Working…")
    expect(page.locator("#status")).to_have_class("status waiting")
    is_announced.append(True)
    answer(held[-1])  # the page aborts a request when another one follows
    becomes(page, "[location.search, window.old ?? false]", ["?num_units=9", False])
    expect(page.locator("#status")).to_be_hidden()
