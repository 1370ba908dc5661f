"""/diagram.json: the picture as a Plotly figure; /templates.json: the picture for other sizes."""

from starlette.requests import Request
from starlette.responses import Response

from ...query.figure import figure_of
from ...query.templates import templates_of
from ...query.view import View
from ..http.responses import json, respond_at_once, respond_in_turn, view_of


async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request)
    return await respond_at_once(request, lambda: json(figure_with_query(view)))


def figure_with_query(view: View) -> dict[str, object]:
    """The Plotly figure, and the query of its View in ``layout.meta``."""
    document = figure_of(view)
    document["layout"]["meta"]["query"] = view.query()
    return document


async def templates_json(request: Request) -> Response:
    """Plotly figures with formulas of their texts and positions, for every value of each slider: what a browser needs
    to draw the picture while a size is dragged."""
    view = view_of(request)
    return await respond_in_turn(request, lambda: json(templates_of(view)), "long")
