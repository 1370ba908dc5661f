"""Traced models and explained errors in a narrow notebook, which has rules of its own for tables."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.diagram.theme import DARK, LIGHT, Theme
from app.notebook.explained_error import ExplainedError
from app.notebook.traced_model import TracedLayer, TracedModel
from app.reading.code.layers_in_order import read
from app.reading.errors.explanation import explain

SOURCE = """
encoder = nn.Sequential(nn.Conv2d(3, 100, 3), nn.Flatten(), nn.LSTM(1000, 2000, bidirectional=True))
encoder(torch.zeros(32, 3, 224, 224))
"""
ERROR = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]"

RULES = """
table { border: none; font-size: 12px; table-layout: fixed }
td, th, tr { text-align: right; vertical-align: middle; padding: 0.5em; line-height: normal; white-space: normal }
.output tbody tr:nth-child(odd) { background: #f5f5f5 }
.output { width: 600px }
"""
"""As in JupyterLab and the classic notebook."""

TABLES = """
(figure) => [...figure.querySelectorAll("tr")].every(
  (row) => getComputedStyle(row).backgroundColor === "rgba(0, 0, 0, 0)")
"""

SHAPES = """(figure) => [...figure.querySelectorAll(".shape")].every((shape) => shape.getClientRects().length === 1)"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of the width of a notebook in half a window. Console messages and requests fail the test."""
    page, found = browser.new_page(viewport={"width": 640, "height": 800}, offline=True), list[str]()
    page.on("console", lambda message: found.append(message.text))
    page.on("request", lambda request: found.append(request.url))
    yield page
    page.close()
    assert found == []


def colours(theme: Theme) -> list[str]:
    """Those of the text and of the paper, as a browser says them."""
    channels = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in (theme.ink["ink"], theme.fill["paper"])]
    return [f"rgb({', '.join(map(str, one))})" for one in channels]


def test_figures_have_the_colours_of_the_notebook_and_fit_into_it(page: Page) -> None:
    layers = [TracedLayer(layer, layer.kind.title(), 3e-8) for layer in read(SOURCE).layers]
    shown = [TracedModel(layers)._repr_html_(), ExplainedError(explain(ERROR))._repr_html_()]
    page.set_content(f"<style>{RULES}</style>{''.join(f'<div class=output>{one}</div>' for one in shown)}")
    assert len(layers) == 3

    for preferred, notebook, theme in (
        ("light", None, LIGHT),
        ("dark", None, DARK),
        ("dark", "true", LIGHT),
        ("light", "false", DARK),
    ):
        page.emulate_media(color_scheme=preferred)  # type: ignore[arg-type]  # one of its literals
        page.evaluate("(is) => is ? document.body.dataset.jpThemeLight = is : 0", notebook)
        for figure in page.query_selector_all("figure"):
            looks = "(one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
            assert figure.evaluate(looks) == colours(theme)
            assert figure.evaluate(TABLES), "rows of the other theme would be unreadable"
            assert figure.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "nothing is cut off"
            assert figure.evaluate(SHAPES), "a shape is one line"
