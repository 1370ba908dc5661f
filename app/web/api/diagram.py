"""/diagram.json: the picture as a Plotly figure; /template.json: the same for other sizes."""

from starlette.requests import Request
from starlette.responses import Response

from ...query.figure import figure_of
from ...query.template import template_of
from ...query.view import View
from ..http.responses import json, respond_at_once, view_of


async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request)
    return await respond_at_once(request, lambda: json(figure_with_query(view)))


def figure_with_query(view: View) -> dict[str, object]:
    """The Plotly figure, and the query of its View in ``layout.meta``."""
    document = figure_of(view)
    document["layout"]["meta"]["query"] = view.query()
    return document


async def template_json(request: Request) -> Response:
    """The Plotly figure with formulas of its texts and positions, from which a browser draws it for other sizes."""
    view = view_of(request)
    return await respond_at_once(request, lambda: json(template_of(view)))
