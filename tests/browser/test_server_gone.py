"""Answers that are late, wrong or never come."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from studio import becomes, drag, read, settle, slider

Visit = Callable[..., Page]

GONE = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"


def test_the_page_says_that_the_server_is_gone_and_recovers_with_the_newest_state(
    visit: Visit, own_server: Any
) -> None:
    page = visit(at=own_server, tolerate=GONE)
    before = settle(page, "")
    own_server.stop()
    page.locator("#num_units").fill("8")
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text("The server does not answer")
    expect(page.locator("#frame")).to_have_class("frame drawn stale")
    now = read(page)
    assert now["words"] == before["words"]  # the last answer stays
    assert now["controls"]["num_units"] == "8"  # and nothing that was typed is lost
    page.locator("#batch_size").fill("9")
    own_server.start()
    after = settle(page, "?batch_size=9&num_units=8")
    assert after["panel"] == "9×8"
    expect(trouble).to_be_hidden()
    expect(page.locator("#frame")).to_have_class("frame drawn")


def test_an_error_of_the_server_is_said_and_tried_again(visit: Visit) -> None:
    page = visit(tolerate="status of 500")
    page.route("**/diagram.json?num_units=9*", lambda route: route.fulfill(status=500, body="no"), times=1)
    page.locator("#num_units").fill("9")
    expect(page.locator("#trouble")).to_contain_text("The server failed (500). What you see is the last answer")
    settle(page, "?num_units=9")
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.parametrize("status", [pytest.param(429, marks=pytest.mark.full), 503])
def test_a_busy_server_is_asked_again_when_it_says(visit: Visit, status: int) -> None:
    page = visit(tolerate=f"status of {status}")
    busy = {"status": status, "headers": {"Retry-After": "2"}, "body": "{}"}
    page.route("**/diagram.json?num_units=9*", lambda route: route.fulfill(**busy), times=1)
    start = monotonic()
    page.locator("#num_units").fill("9")
    expect(page.locator("#trouble")).to_contain_text("Many ask the server at once. What you see is the last answer")
    assert page.locator("#num_units").input_value() == "9"
    settle(page, "?num_units=9")
    assert monotonic() - start > 2
    expect(page.locator("#trouble")).to_be_hidden()


def hold(page: Page, pattern: str, times: int = 1) -> list[Route]:
    """Let the first requests that match wait until they are continued."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=times)
    return held


def test_a_late_figure_does_not_overwrite_a_newer_one(page: Page) -> None:
    held = hold(page, "**/diagram.json?num_units=9*")
    field = page.locator("#num_units")
    field.fill("9")
    field.fill("64")
    settle(page, "?num_units=64")
    with page.expect_response("**/diagram.json?num_units=9*"):
        held[0].continue_()
    page.locator("#batch_size").fill("4")  # one more round, so that the late one has had its chance
    after = settle(page, "?batch_size=4&num_units=64")
    assert "9" not in after["words"]


def test_a_late_figure_changes_nothing_on_a_page_that_has_settled(page: Page) -> None:
    held = hold(page, "**/diagram.json?num_units=9*")
    field = page.locator("#num_units")
    field.fill("9")
    field.fill("64")
    settled = settle(page, "?num_units=64")
    with page.expect_response("**/diagram.json?num_units=9*") as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert read(page) == settled


def test_two_figures_that_never_come_do_not_hold_up_the_next(page: Page) -> None:
    hold(page, "**/diagram.json?num_units=[67]*", times=2)
    for value in ("6", "7", "80"):
        page.locator("#num_units").fill(value)
    assert settle(page, "?num_units=80")["panel"] == "3×80"


def test_a_late_page_is_dropped(page: Page) -> None:
    held = hold(page, "**/?num_units=9&only=page")
    field = page.locator("#num_units")
    with page.expect_request("**/?num_units=9&only=page"):
        field.fill("9")
    field.fill("64")
    settle(page, "?num_units=64")
    held[0].continue_()
    page.locator("#batch_size").fill("4")
    settle(page, "?batch_size=4&num_units=64")


def test_of_many_fast_moves_the_last_wins(page: Page) -> None:
    for share in (0.2, 0.9, 0.1, 0.8, 0.3):
        drag(page, "num_units", share, 1 - share)
    slider(page, "num_units").press("Home")
    for _ in range(30):
        slider(page, "num_units").press("ArrowRight")
    after = settle(page, "?num_units=31")
    assert after["words"].count("31") > 10
    assert after["panel"] == "3×31"


def test_moving_before_plotly_has_come_loses_nothing(visit: Visit) -> None:
    held: list[Route] = []
    page = visit(before=lambda page: page.route("**/plotly.min.js", lambda route: held.append(route)), wait=False)
    page.locator("#num_units").fill("9")
    becomes(page, "location.search", "?num_units=9")
    slider(page, "batch_size").press("ArrowRight")
    becomes(page, "location.search", "?batch_size=4&num_units=9")
    held[0].continue_()
    after = settle(page, "?batch_size=4&num_units=9")
    assert after["panel"] == "4×9"


def test_moving_while_the_first_figure_is_under_way_loses_nothing(visit: Visit) -> None:
    held: list[Route] = []
    page = visit(
        before=lambda page: page.route("**/diagram.json", lambda route: held.append(route), times=1), wait=False
    )
    with page.expect_request("**/diagram.json"):
        page.mouse.move(3, 3)
    page.locator("#num_units").fill("9")
    settle(page, "?num_units=9")
    held[0].continue_()
    page.locator("#num_units").fill("10")
    settle(page, "?num_units=10")


def test_a_slow_answer_is_announced(page: Page) -> None:
    held = hold(page, "**/?num_units=9&only=page")
    page.locator("#num_units").fill("9")
    expect(page.locator("#trouble")).to_have_text("Working…")
    held[0].continue_()
    settle(page, "?num_units=9")
    expect(page.locator("#trouble")).to_be_hidden()


def test_an_unexpected_answer_in_place_of_the_page_leaves_the_page_as_it_is(visit: Visit) -> None:
    page = visit(tolerate="status of 503")
    before = settle(page, "")
    page.route("**/?num_units=9&only=page", lambda route: route.fulfill(status=503, body="no"), times=1)
    page.locator("#num_units").fill("9")
    expect(page.locator("#trouble")).to_be_visible()
    assert read(page)["table"] == before["table"]
    settle(page, "?num_units=9")


def test_a_renewed_server_renews_the_page_its_script_and_its_styles(page: Page) -> None:
    def renewed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('data-build="', 'data-build="new'))

    page.route("**/?num_units=9&only=page", renewed, times=1)
    page.evaluate("window.old = true")
    page.locator("#num_units").fill("9")
    becomes(page, "[location.search, window.old ?? false]", ["?num_units=9", False])
    page.mouse.move(5, 5)
    settle(page, "?num_units=9")
