"""Behind a prefix the app works as at the root. A request outside of the prefix fails its test."""

from collections.abc import Iterator

import pytest
from app_server import Server
from page_actions import settle
from playwright.sync_api import Page, expect
from visited_pages import Visit

PREFIX = "/school/unrolled"


@pytest.fixture(scope="module")  # it outlives the page, which stays connected to its room
def prefixed() -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ROOT_PATH", PREFIX)
        server = Server()
    yield server
    server.stop()


def test_sliders_a_room_and_links_stay_behind_the_prefix(visit: Visit, prefixed: Server) -> None:
    requested: list[str] = []

    def listen(page: Page) -> None:
        page.on("request", lambda request: requested.append(request.url))
        page.on("websocket", lambda socket: requested.append(socket.url.replace("ws", "http", 1)))

    page = visit(f"{PREFIX}/", at=prefixed, before=listen)
    page.locator("#num_units").fill("9")
    settle(page, "?num_units=9")
    assert page.evaluate("location.pathname") == f"{PREFIX}/"

    page.locator("#open-room").click()
    page.wait_for_url(f"**{PREFIX}/room/*")
    page.locator("#room summary").first.click()
    expect(page.locator("#room .invitation")).to_contain_text(f"{PREFIX}/join")
    assert page.locator("#room .room-qr").evaluate("(e) => e.decode().then(() => e.naturalWidth)") > 20
    expect(page.locator("#room-ask")).to_be_visible()  # the room has confirmed that this page leads

    page.locator("nav").get_by_text("Learn").click()
    page.wait_for_url(f"**{PREFIX}/learn")
    page.locator("main li a").first.click()
    page.wait_for_url(f"**{PREFIX}/learn/**")
    assert requested
    assert [url for url in requested if not url.startswith((f"{prefixed.url}{PREFIX}/", "data:"))] == []
