"""A server that is missing, slow or of another build. Other failures of responses are tested in tests/js."""

from collections.abc import Callable
from typing import Any

from page_actions import becomes, drag, read, settle, slider
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]

GONE = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"


def test_the_page_reports_a_missing_server_and_recovers_with_the_newest_state(visit: Visit, own_server: Any) -> None:
    page = visit(at=own_server, tolerate=GONE)
    before = settle(page, "")
    own_server.stop()
    page.locator("#num_units").fill("8")
    status = page.locator("#status")
    expect(status).to_contain_text("No response from the server")
    expect(page.locator("#frame")).to_have_class("frame drawn stale")
    now = read(page)
    assert now["words"] == before["words"]  # the last picture stays
    assert now["controls"]["num_units"] == "8"  # the typed number stays
    page.locator("#batch_size").fill("9")
    own_server.start()
    after = settle(page, "?batch_size=9&num_units=8")
    assert after["panel"] == "9×8"
    expect(status).to_be_hidden()
    expect(page.locator("#frame")).to_have_class("frame drawn")


def test_a_late_figure_does_not_change_a_settled_page(page: Page) -> None:
    held: list[Route] = []
    page.route("**/diagram.json?num_units=9*", lambda route: held.append(route), times=1)
    field = page.locator("#num_units")
    field.fill("9")
    field.fill("64")
    settled = settle(page, "?num_units=64")
    with page.expect_response("**/diagram.json?num_units=9*") as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert read(page) == settled


def test_the_last_of_many_fast_changes_is_shown(page: Page) -> None:
    for share in (0.2, 0.9, 0.1, 0.8, 0.3):
        drag(page, "num_units", share, 1 - share)
    slider(page, "num_units").press("Home")
    for _ in range(30):
        slider(page, "num_units").press("ArrowRight")
    after = settle(page, "?num_units=31")
    assert after["words"].count("31") > 10
    assert after["panel"] == "3×31"


def test_a_slow_page_is_announced_and_a_new_build_reloads_the_page(page: Page) -> None:
    held: list[Route] = []
    page.route("**/?num_units=9&only=page", lambda route: held.append(route), times=1)
    page.evaluate("window.old = true")
    page.locator("#num_units").fill("9")
    expect(page.locator("#status")).to_have_text("Working…")
    expect(page.locator("#status")).to_have_class("status waiting")
    response = held[0].fetch()
    held[0].fulfill(response=response, body=response.text().replace('data-build="', 'data-build="new'))
    becomes(page, "[location.search, window.old ?? false]", ["?num_units=9", False])
    expect(page.locator("#status")).to_be_hidden()
