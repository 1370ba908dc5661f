"""Pages that tests visit, each with a watch for console messages, errors and failed requests."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from app_server import Server
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

DESKTOP = {"width": 1400, "height": 800}
PATIENCE = 20_000  # ms for any condition
expect.set_options(timeout=PATIENCE)

# Reports every violation of the policy in the console, in one form.
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation",
  (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""

COUNT_REQUESTS = """(() => {
  const send = window.fetch;
  window.underWay = 0;
  window.fetch = (...options) => {
    window.underWay += 1;
    return send(...options).finally(() => (window.underWay -= 1));
  };
})();"""
"""Counts the requests of scripts that wait for a response."""

TRANSPARENT = """document.adoptedStyleSheets = [new CSSStyleSheet()];
document.adoptedStyleSheets[0].replaceSync("html { opacity: 0 !important }");"""
"""The browser computes styles, the layout and what is where, but no pixels, which take a sixth of the time. A test that
looks at pixels, or at what is visible, as axe does, removes this style sheet."""

NO_PLOTLY = "Object.defineProperty(HTMLScriptElement.prototype, 'src', { set() {} });"
"""Plotly's script does not arrive, as on a slow connection, so that the server's picture stays. Loading it, and drawing
each state twice, takes as long as the rest of the page."""

Visit = Callable[..., Page]


class Watch:
    """Collects console messages, errors and failed requests, such as all to other hosts. There must be none."""

    def __init__(self, context: BrowserContext, tolerate: str | None = None) -> None:
        self.found: list[str] = []
        self.tolerate = tolerate
        context.on("console", lambda m: self.note(f"console {m.type}: {m.text}", m.location["url"]))
        context.on("weberror", lambda e: self.note(f"page error: {e.error}"))
        context.on("requestfailed", lambda r: self.failed(r.url, r.failure or ""))

    def note(self, problem: str, url: str = "") -> None:
        if url.endswith("/favicon.ico"):  # browsers look for it beside a file without a link to an icon
            return
        if not (self.tolerate and re.search(self.tolerate, problem)):
            self.found.append(problem)

    def failed(self, url: str, failure: str) -> None:
        if failure != "net::ERR_ABORTED":  # aborted by a script, or by leaving the page
            self.note(f"request failed: {url} {failure}")


def new_page(browser: Browser, at: Server, tolerate: str | None = None, **options: Any) -> tuple[Page, Watch]:
    """A page in a new browser profile."""
    context = browser.new_context(base_url=at.url, **({"viewport": DESKTOP} | options))
    context.set_default_timeout(PATIENCE)
    context.add_init_script(REPORT_VIOLATIONS + COUNT_REQUESTS + TRANSPARENT)
    return context.new_page(), Watch(context, tolerate)


CHANGEABLE = {"viewport", "permissions", "color_scheme", "reduced_motion", "forced_colors"}
"""Options of a visit that can be set on an open page. The others describe a device."""


class SharedPages:
    """Pages for each kind of device, which the tests of a worker use one after another. In a new page the browser
    would load and compile the scripts again, which takes longer than most tests. A page is reset after each test."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.pages: dict[tuple[tuple[str, Any], ...], list[tuple[Page, Watch]]] = defaultdict(list)
        self.used: list[Page] = []
        self.scripts: list[tuple[Page, str]] = []
        self.devtools: dict[Page, CDPSession] = {}

    def take(self, tolerate: str | None, script: str, options: dict[str, Any]) -> tuple[Page, Watch]:
        device = tuple(sorted((name, value) for name, value in options.items() if name not in CHANGEABLE))
        pages = self.pages[device]
        if all(page in self.used for page, _ in pages):
            pages.append(new_page(self.browser, self.server, **dict(device)))
            page = pages[-1][0]
            self.devtools[page] = page.context.new_cdp_session(page)
            self.devtools[page].send("Page.enable")
        page, watch = next((page, watch) for page, watch in pages if page not in self.used)
        self.used.append(page)
        context = page.context
        if script:
            added = self.devtools[page].send("Page.addScriptToEvaluateOnNewDocument", {"source": script})
            self.scripts.append((page, added["identifier"]))
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
        watch.found, watch.tolerate = [], tolerate
        return page, watch

    def reset(self) -> None:
        """Remove what a test has changed."""
        for page, identifier in self.scripts:
            self.devtools[page].send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": identifier})
        for page in self.used:
            self.reset_page(page)
        self.scripts, self.used = [], []

    def reset_page(self, page: Page) -> None:
        context = page.context
        page.unroute_all(behavior="ignoreErrors")
        context.set_offline(False)
        page.goto("/robots.txt")  # of the same site: for another one the browser would start a new process
        page.evaluate("window.name = ''; localStorage.clear()")
        page.mouse.up()  # on this page, where nothing follows the mouse
        page.mouse.move(1, 1)
        self.devtools[page].send("Page.resetNavigationHistory")  # browsers limit the history to 50 entries
        for other in context.pages:
            if other != page:
                other.close()

    def close(self) -> None:
        for pages in self.pages.values():
            for page, _ in pages:
                page.context.close()
