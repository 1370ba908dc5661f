"""A real server and pages that fail their test when anything at all goes wrong behind the picture."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.free_port import free_port

ROOT = Path(__file__).parents[2]
DESKTOP = {"width": 1400, "height": 800}
PATIENCE = 20_000  # ms for any condition
expect.set_options(timeout=PATIENCE)

# The console then carries them, whatever the browser itself would say.
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation",
  (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""

Visit = Callable[..., Page]


class Server:
    """`python -m app serve` on a port of its own."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | self.settings)
        deadline = time.monotonic() + 30
        while not self.answers():
            assert self.process.poll() is None, "the server ended at once"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """One that a test may stop."""
    server = Server()
    yield server
    server.stop()


class Watch:
    """Collects what a visitor would never see and a developer should: it must stay empty."""

    def __init__(self, context: BrowserContext, origin: str, tolerate: str | None = None) -> None:
        self.found: list[str] = []
        self.origin, self.tolerate = origin, tolerate
        context.on("console", lambda m: self.note(f"console {m.type}: {m.text}"))
        context.on("weberror", lambda e: self.note(f"page error: {e.error}"))
        context.on("requestfailed", lambda r: self.failed(r.url, r.failure or ""))
        context.on("request", lambda r: self.requested(r.url))

    def note(self, trouble: str) -> None:
        if not (self.tolerate and re.search(self.tolerate, trouble)):
            self.found.append(trouble)

    def failed(self, url: str, failure: str) -> None:
        if failure != "net::ERR_ABORTED":  # a stale question, or what a page wanted that was left
            self.note(f"request failed: {url} {failure}")

    def requested(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:")):
            self.note(f"request to another host: {url}")


def opened(browser: Browser, at: Server, tolerate: str | None = None, **options: Any) -> tuple[Page, Watch]:
    """A page in a new browser profile."""
    context = browser.new_context(base_url=at.url, **({"viewport": DESKTOP} | options))
    context.set_default_timeout(PATIENCE)
    context.add_init_script(REPORT_VIOLATIONS)
    return context.new_page(), Watch(context, at.url, tolerate)


MOST_HISTORY = 25
"""Entries of the history after which a page is not used again: browsers keep 50."""

CAN_BE_SET = {"viewport", "permissions", "color_scheme", "reduced_motion", "forced_colors"}
"""Options of a visit that a page takes while it is open."""


class Warm:
    """A page that is shared by the tests of a worker, one after another: in a new page the browser would load and
    compile the scripts again, which takes longer than most tests. After each test the page is reset."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.page: Page | None = None
        self.watch: Watch
        self.is_taken = False

    def take(self, tolerate: str | None, options: dict[str, Any]) -> tuple[Page, Watch]:
        self.is_taken = True
        if self.page and self.page.evaluate("history.length") > MOST_HISTORY:
            self.page.context.close()
            self.page = None
        if not self.page:
            self.page, self.watch = opened(self.browser, self.server)
        page, context = self.page, self.page.context
        context.clear_permissions()
        if permissions := options.get("permissions"):
            context.grant_permissions(permissions, origin=self.server.url)
        page.set_viewport_size(options.get("viewport", DESKTOP))
        page.emulate_media(
            media="null",
            color_scheme=options.get("color_scheme", "light"),
            reduced_motion=options.get("reduced_motion", "no-preference"),
            forced_colors=options.get("forced_colors", "none"),
        )
        self.watch.found, self.watch.tolerate = [], tolerate
        return page, self.watch

    def give_back(self) -> None:
        """Reset the page."""
        if not self.is_taken or not self.page:
            return
        page, context = self.page, self.page.context
        self.is_taken = False
        page.mouse.up()
        page.mouse.move(1, 1)
        page.unroute_all(behavior="ignoreErrors")
        context.set_offline(False)
        page.goto("/robots.txt")  # of the same site: on another one the browser starts a process anew
        page.evaluate("window.name = ''; localStorage.clear()")
        for other in context.pages:
            if other != page:
                other.close()


@pytest.fixture(scope="session")
def warm(browser: Browser, server: Server) -> Iterator[Warm]:
    warm = Warm(browser, server)
    yield warm
    if warm.page:
        warm.page.context.close()


@pytest.fixture
def visit(browser: Browser, server: Server, warm: Warm) -> Iterator[Visit]:
    """Open a page, move the mouse (Plotly comes with the first sign of life) and wait for Plotly's picture. At the end
    of the test nothing may have been said on any console, violated the policy, failed, or been asked of another host,
    but for what ``tolerate`` names.

    The first page of a test may be one that was open before, see ``Warm``; every further one, one that is changed
    ``before`` it opens or that is to be ``new`` has a browser profile of its own.
    """
    watches: list[tuple[BrowserContext | None, Watch]] = []

    def open_page(
        path: str = "/",
        *,
        at: Server = server,
        tolerate: str | None = None,
        before: Callable[[Page], None] | None = None,
        wait: bool = True,
        new: bool = False,
        **options: Any,
    ) -> Page:
        if new or before or at is not server or watches or not options.keys() <= CAN_BE_SET:
            page, watch = opened(browser, at, tolerate, **options)
            watches.append((page.context, watch))
        else:
            page, watch = warm.take(tolerate, options)
            watches.append((None, watch))
        if before:
            before(page)
        page.goto(path)
        if wait and options.get("java_script_enabled", True):
            page.mouse.move(3, 3)
            page.locator("#frame.drawn").wait_for()
        return page

    yield open_page
    for context, _ in watches:
        if context:
            context.close()
    troubles = [trouble for _, watch in watches for trouble in watch.found]
    warm.give_back()
    assert troubles == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page as it greets a visitor, drawn by Plotly."""
    return visit()
