"""/diagram.json: the picture as a Plotly figure; /template.json: the same for other sizes."""

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ...size_expressions import NUMBER, Expression, written
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_template import template_of
from ...url_state_to_picture.plotly_figure import figure_of
from ..pages.pages_for_other_sizes.recorded_pages import Part, page_text
from ..requests_and_responses.responses import json, respond_at_once, url_state_of


async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    state = url_state_of(request)
    return await respond_at_once(
        request, lambda: page_text(("figure",), state, figure_text, lambda _: Markup(state.query())), state=state
    )


def figure_text(state: UrlState, part: Part) -> str:
    """The Plotly figure as JSON, with the query of its UrlState in ``layout.meta``: a part of its own, because which
    fields it has depends on the sizes."""
    document = figure_of(state)
    document["layout"]["meta"]["query"] = part("query")
    return json(document, default=slot).decode()


def slot(number: Expression) -> orjson.Fragment:
    """The slot of a number in JSON."""
    return orjson.Fragment(written(NUMBER, number_text, number))


def number_text(number: float) -> str:
    return json(number).decode()


async def template_json(request: Request) -> Response:
    """The Plotly figure with formulas of its texts and positions, from which a browser draws it for other sizes."""
    state = url_state_of(request)
    return await respond_at_once(request, lambda: json(template_of(state)), state=state)
