"""Pages of a real server that fail their test at any console message, error or failed request."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from app_server import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visited_pages import NO_PLOTLY, SharedPages, Visit, Watch, new_page


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server(UNROLLED_EMBED="*")  # every site can frame its pictures
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared(browser: Browser, server: Server) -> Iterator[SharedPages]:
    shared = SharedPages(browser, server)
    yield shared
    shared.close()


@pytest.fixture
def visit(browser: Browser, server: Server, shared: SharedPages) -> Iterator[Visit]:
    """Open a page, move the mouse, which loads Plotly, and wait for Plotly's picture, or with ``plotly=False`` keep the
    server's picture. At the end the test fails if there was a console message, a violation of the policy or a failed
    request, such as all to other hosts, except for those that match ``tolerate``.

    Each page of a test has a browser profile of its own, which earlier tests have used, see ``SharedPages``. One with a
    callback ``before`` it opens, or with ``new=True``, has a new profile. A ``script`` runs before those of the page.
    """
    watches: list[tuple[BrowserContext | None, Watch]] = []

    def open_page(
        path: str = "/",
        *,
        at: Server = server,
        tolerate: str | None = None,
        before: Callable[[Page], None] | None = None,
        script: str = "",
        plotly: bool = True,
        wait: bool = True,
        new: bool = False,
        **options: Any,
    ) -> Page:
        wait = wait and plotly and options.get("java_script_enabled", True)
        if not plotly:
            script = NO_PLOTLY + script
        if new or before or at is not server:
            page, watch = new_page(browser, at, tolerate, **options)
            watches.append((page.context, watch))
            if script:
                page.add_init_script(script)
        else:
            page, watch = shared.take(tolerate, script, options)
            watches.append((None, watch))
        if before:
            before(page)
        page.goto(path)
        if wait:
            page.mouse.move(3, 3)
            page.locator("#frame.drawn").wait_for()
        if (first := page.locator("[autofocus]")).count():  # a browser reports it if a test fills a field before that
            expect(first).to_be_focused()
        return page

    yield open_page
    for context, _ in watches:
        if context:
            context.close()
    problems = [problem for _, watch in watches for problem in watch.found]
    shared.reset()
    assert problems == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The default page, drawn by Plotly."""
    return visit()
