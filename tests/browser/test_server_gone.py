"""A server that is missing, slow or of another build. Other failures of responses are tested in tests/js."""

from collections.abc import Callable

from page_actions import becomes, read, settle
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]


def test_the_page_reports_a_missing_server_and_recovers_with_the_newest_state(visit: Visit) -> None:
    page = visit(tolerate="ERR_INTERNET_DISCONNECTED")
    before = settle(page, "")
    page.context.set_offline(True)
    page.locator("#num_units").fill("8")
    status = page.locator("#status")
    expect(status).to_contain_text("No response from the server")
    expect(page.locator("#frame")).to_have_class("frame drawn stale")
    now = read(page)
    assert now["words"] == before["words"]  # the last picture stays
    assert now["controls"]["num_units"] == "8"  # the typed number stays
    page.locator("#batch_size").fill("9")
    page.context.set_offline(False)
    after = settle(page, "?batch_size=9&num_units=8")
    assert after["panel"] == "9×8"
    expect(status).to_be_hidden()
    expect(page.locator("#frame")).to_have_class("frame drawn")


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
