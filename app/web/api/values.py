"""/values.json: the values of a tensor as a Plotly figure."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...core.trace import StackTrace
from ...diagram.charts.values_figure import values_figure
from ...diagram.theme import THEMES
from ...query.parsing import parse_for_values
from ...query.tensor_values import describe, grid_of, time_series_of
from ...query.view import View
from ..requests_and_responses.responses import json, respond_with_run


async def values_json(request: Request) -> Response:
    """The values of one tensor as a Plotly figure: an excerpt from row and column on, and some values over time."""
    view = parse_for_values(request.query_params.multi_items(), with_time=True)
    return await respond_with_run(request, view, lambda trace, reason: json(values_document(view, trace, reason)))


def values_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/values.json: a Plotly figure of the selected tensor's values. ``layout.meta`` describes what it shows; if
    nothing was executed, the document has only that."""
    t = view.program.by_id[view.tensor]
    if trace is None:
        return {"data": [], "layout": {"meta": {"tensor": t.id, "executed": False, "reason": reason}}}
    grid = grid_of(view, t, trace)
    series = list(time_series_of(view, t, trace))
    figure = values_figure(grid, series, view.t if series else None, view.sizes, THEMES[view.theme])
    figure["layout"]["meta"] = {
        **describe(view, t, grid),
        "executed": True,
        "query": view.query(),
        "scale": grid.scale,
    }
    return figure
