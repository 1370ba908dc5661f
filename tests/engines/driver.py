"""Firefox, which Playwright drives, and WebKitGTK, of which it drives only its own builds."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.request import Request, urlopen

from playwright.sync_api import Error, Page, sync_playwright

from scripts import firefox_and_webkit
from scripts.free_port import free_port

TIMEOUT = 60.0
"""Seconds for any condition."""

T = TypeVar("T")

Point = tuple[int, int]
"""A position in the window, in pixels."""


class Driver(Protocol):
    """A browser with one page."""

    def open(self, url: str) -> None: ...

    def resize(self, width: int, height: int) -> None: ...

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, which can be written as JSON."""
        ...

    def drag(self, *points: Point) -> None:
        """Press the mouse at the first point, move it along the others, and release it."""
        ...


Open = Callable[[], Driver]
"""Opens a browser of a new visitor."""


class Firefox:
    """Firefox over WebDriver BiDi, with Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> None:
        self.page.goto(url)

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def drag(self, *points: Point) -> None:
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points:
            self.page.mouse.move(*point)
        self.page.mouse.up()


class WebKit:
    """WebKitGTK's MiniBrowser over WebDriver: https://www.w3.org/TR/webdriver2/"""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        wait_for(lambda: self.request("GET", "/status"))
        self.url += f"/session/{self.request('POST', '/session', capabilities={})['sessionId']}"

    def request(self, method: str, path: str, **body: object) -> Any:
        data = json.dumps(body).encode() if method == "POST" else None
        request = Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=TIMEOUT) as response:
            return json.load(response)["value"]

    def open(self, url: str) -> None:
        self.request("POST", "/url", url=url)

    def resize(self, width: int, height: int) -> None:
        self.request("POST", "/window/rect", width=width, height=height)
        # the rectangle is that of the window, with its borders and bar
        borders = self.evaluate("[outerWidth - innerWidth, outerHeight - innerHeight]")
        self.request("POST", "/window/rect", width=width + borders[0], height=height + borders[1])

    def evaluate(self, expression: str) -> Any:
        value = self.request("POST", "/execute/sync", script=f"return JSON.stringify({expression})", args=[])
        return json.loads(value or "null")

    def drag(self, *points: Point) -> None:
        moves = [{"type": "pointerMove", "x": x, "y": y, "duration": 20} for x, y in points]
        press, release = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        mouse = {"type": "pointer", "id": "mouse", "actions": [moves[0], press, *moves, release]}
        self.request("POST", "/actions", actions=[mouse])


def wait_for(attempt: Callable[[], T]) -> T:
    """The first true result of a callable that may fail at first."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            if result := attempt():
                return result
        except (OSError, Error):  # no connection yet; the page is being replaced
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, "the condition does not become true"
        time.sleep(0.05)


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def firefox(_: Path) -> Iterator[Open]:
    program = firefox_and_webkit.firefox()
    assert program, "no Firefox: run `make engines`, which installs it or says how"
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(channel="moz-firefox", executable_path=program)
        yield lambda: Firefox(browser.new_context().new_page())
        browser.close()


@contextmanager
def webkit(home: Path) -> Iterator[Open]:
    program, screen = firefox_and_webkit.webkit(), f":{free_port()}"
    assert program, "no WebKitGTK: run `make engines`, which installs it or says how"
    settings = {"DISPLAY": screen, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "HOME": str(home)}
    with running(["Xvfb", screen, "-screen", "0", "2400x1600x24"]), ExitStack() as drivers:

        def open_browser() -> Driver:
            port = free_port()
            drivers.enter_context(running([program, f"--port={port}"], **settings))
            return WebKit(port)

        yield open_browser


ENGINES = {"firefox": firefox, "webkit": webkit}
