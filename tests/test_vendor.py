"""The vendored Plotly.js: the version that Python expects, and a style sheet that equals what Plotly would inject."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from plotly.offline import get_plotlyjs_version

from scripts import vendor_plotly

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
SITE = "http://unrolled.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LINK = '<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="/plotly.css">'
RULES = "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText)"
# One of each kind of mark that the diagram is made of.
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
    """Open the page with the bundle from a made-up site; the list fills with whatever the console says."""
    files = {
        "/": ("text/html", html),
        "/plotly.js": ("text/javascript", bundle),
        "/plotly.css": ("text/css", (VENDOR / "plotly.css").read_text()),
        "/favicon.ico": ("image/x-icon", ""),
    }

    def answer(route: Route) -> None:
        kind, body = files[route.request.url.removeprefix(SITE)]
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers=headers)

    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/*", answer)
    page.goto(SITE + "/")
    return said


def document(head: str) -> str:
    return f'<!doctype html><meta charset="utf-8">{head}<script src="/plotly.js"></script><div id="figure"></div>'


def vendored() -> str:
    return (VENDOR / "plotly.min.js").read_text()


def test_version_is_the_one_that_python_pairs_with() -> None:
    found = re.search(r"plotly\.js .*?v(\d+\.\d+\.\d+)", vendored()[:200])
    assert found is not None
    assert found[1] == get_plotlyjs_version()


def test_style_sheet_is_what_plotly_would_inject(page: Page) -> None:
    serve(page, document(""), vendored())
    injected = page.evaluate(RULES)
    serve(page, document(LINK), vendored())
    assert len(injected) > 50
    assert page.evaluate(RULES) == injected


@pytest.mark.parametrize("bundle", [vendored, vendor_plotly.full_bundle], ids=["vendored", "full"])
def test_strict_policy_has_nothing_to_report(page: Page, bundle: Any) -> None:
    said = serve(page, document(LINK), bundle(), {"content-security-policy": POLICY})
    page.evaluate(f"Plotly.newPlot('figure', {json.dumps(FIGURE)})")
    page.mouse.move(350, 225)
    page.hover(".modebar-btn >> nth=0")
    page.evaluate("Plotly.react('figure', [], {})")
    assert page.evaluate("getComputedStyle(document.querySelector('.main-svg')).position") == "absolute"
    assert said == []


def test_policy_speaks_up_without_the_style_sheet(page: Page) -> None:
    """The check above can fail."""
    said = serve(page, document(""), vendored(), {"content-security-policy": POLICY})
    assert any("style-src" in line for line in said)
