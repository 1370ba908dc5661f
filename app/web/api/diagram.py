"""/diagram.json: the picture as a Plotly figure; /template.json: the same for other sizes."""

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ...query.figure import figure_of
from ...query.picture_template import template_of
from ...query.view import View
from ...size_expressions import NUMBER, Expression, written
from ..pages.recorded_pages import Part, page_text
from ..requests_and_responses.responses import json, respond_at_once, view_of


async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request)
    return await respond_at_once(
        request, lambda: page_text(("figure",), view, figure_text, lambda _: Markup(view.query())), view=view
    )


def figure_text(view: View, part: Part) -> str:
    """The Plotly figure as JSON, with the query of its View in ``layout.meta``: a part of its own, because which fields
    it has depends on the sizes."""
    document = figure_of(view)
    document["layout"]["meta"]["query"] = part("query")
    return json(document, default=slot).decode()


def slot(number: Expression) -> orjson.Fragment:
    """The slot of a number in JSON."""
    return orjson.Fragment(written(NUMBER, number_text, number))


def number_text(number: float) -> str:
    return json(number).decode()


async def template_json(request: Request) -> Response:
    """The Plotly figure with formulas of its texts and positions, from which a browser draws it for other sizes."""
    view = view_of(request)
    return await respond_at_once(request, lambda: json(template_of(view)), view=view)
