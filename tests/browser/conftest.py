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

from scripts.ports import free_port

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

    def __init__(self, context: BrowserContext, origin: str, tolerate: str | None) -> None:
        self.found: list[str] = []
        self.origin, self.tolerate = origin, tolerate
        context.on("console", lambda m: self.note(f"console {m.type}: {m.text}"))
        context.on("weberror", lambda e: self.note(f"page error: {e.error}"))
        context.on("requestfailed", lambda r: self.failed(r.resource_type, r.url, r.failure or ""))
        context.on("request", lambda r: self.requested(r.url))

    def note(self, trouble: str) -> None:
        if not (self.tolerate and re.search(self.tolerate, trouble)):
            self.found.append(trouble)

    def failed(self, kind: str, url: str, failure: str) -> None:
        if not (kind == "fetch" and failure == "net::ERR_ABORTED"):  # a stale question that the page took back
            self.note(f"request failed: {url} {failure}")

    def requested(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:")):
            self.note(f"request to another host: {url}")


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open a page in a new browser profile, move the mouse (Plotly comes with the first sign of life) and wait for
    Plotly's picture. At the end of the test nothing may have been said on any console, violated the policy, failed, or
    been asked of another host, but for what ``tolerate`` names."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        path: str = "/",
        *,
        at: Server = server,
        tolerate: str | None = None,
        before: Callable[[Page], None] | None = None,
        wait: bool = True,
        **options: Any,
    ) -> Page:
        context = browser.new_context(base_url=at.url, **({"viewport": DESKTOP} | options))
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        opened.append((context, Watch(context, at.url, tolerate)))
        page = context.new_page()
        if before:
            before(page)
        page.goto(path)
        if wait and options.get("java_script_enabled", True):
            page.mouse.move(3, 3)
            page.locator("#frame.drawn").wait_for()
        return page

    yield open_page
    for context, _ in opened:
        context.close()
    assert [trouble for _, watch in opened for trouble in watch.found] == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page as it greets a visitor, drawn by Plotly."""
    return visit()
