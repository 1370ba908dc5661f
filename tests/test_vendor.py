"""The vendored Plotly.js: its version is that of the Python package, and its style sheet equals Plotly's own rules."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from plotly.offline import get_plotlyjs_version

from scripts import fetch_plotly

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
SITE = "http://unrolled.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LINK = '<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="/plotly.css">'
RULES = "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText)"
# one element of each kind that diagrams have
FIGURE = {
    "data": [
        {"type": "scatter", "mode": "text", "x": [1, 2], "y": [1, 2], "text": ["h₁", "3 × 5"]},
        {"type": "scatter", "x": [1, 2], "y": [2, 1], "hovertemplate": "c<br>%{x}<extra></extra>"},
    ],
    "layout": {
        "shapes": [{"type": "path", "path": "M1,1 C1,2 2,1 2,2 Z", "fillcolor": "#cde", "line": {"width": 3}}],
        "annotations": [{"x": 1.5, "y": 1.5, "text": "a", "showarrow": False}],
    },
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as page:
        yield page


def serve(page: Page, html: str, bundle: str, headers: dict[str, str] | None = None) -> list[str]:
    """Serve a page with the bundle from a fictitious site. The returned list collects the messages of the console."""
    files = {
        "/": ("text/html", html),
        "/plotly.js": ("text/javascript", bundle),
        "/plotly.css": ("text/css", (VENDOR / "plotly.css").read_text()),
        "/favicon.ico": ("image/x-icon", ""),
    }

    def fulfill(route: Route) -> None:
        kind, body = files[route.request.url.removeprefix(SITE)]
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers=headers)

    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.route("**/*", fulfill)
    page.goto(SITE + "/")
    return messages


def document(head: str) -> str:
    return f'<!doctype html><meta charset="utf-8">{head}<script src="/plotly.js"></script><div id="figure"></div>'


def vendored() -> str:
    return (VENDOR / "plotly.min.js").read_text()


def test_the_version_is_that_of_the_python_package() -> None:
    found = re.search(r"plotly\.js .*?v(\d+\.\d+\.\d+)", vendored()[:200])
    assert found is not None
    assert found[1] == get_plotlyjs_version()


def test_the_style_sheet_equals_the_rules_that_plotly_injects(page: Page) -> None:
    serve(page, document(""), vendored())
    injected = page.evaluate(RULES)
    serve(page, document(LINK), vendored())
    assert len(injected) > 50
    assert page.evaluate(RULES) == injected


@pytest.mark.parametrize(
    "bundle",
    [vendored, pytest.param(fetch_plotly.full_bundle, marks=pytest.mark.full)],  # without npm the full one is vendored
    ids=["vendored", "full"],
)
def test_a_strict_policy_reports_nothing(page: Page, bundle: Any) -> None:
    messages = serve(page, document(LINK), bundle(), {"content-security-policy": POLICY})
    page.evaluate(f"Plotly.newPlot('figure', {json.dumps(FIGURE)})")
    page.mouse.move(350, 225)
    page.hover(".modebar-btn >> nth=0")
    page.evaluate("Plotly.react('figure', [], {})")
    assert page.evaluate("getComputedStyle(document.querySelector('.main-svg')).position") == "absolute"
    assert messages == []


def test_the_policy_reports_a_violation_without_the_style_sheet(page: Page) -> None:
    """Shows that the check above can fail."""
    messages = serve(page, document(""), vendored(), {"content-security-policy": POLICY})
    assert any("style-src" in line for line in messages)
