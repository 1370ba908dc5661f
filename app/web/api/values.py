"""/values.json: the values of a tensor as a Plotly figure."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...core.trace import StackTrace
from ...diagram.charts.plotly_values_figure import values_figure
from ...diagram.theme import THEMES
from ...url_state.parsing import parse_for_values
from ...url_state.url_state import UrlState
from ...url_state_to_picture.tensor_values import describe, grid_of, time_series_of
from ..requests_and_responses.responses import json, respond_with_run


async def values_json(request: Request) -> Response:
    """The values of one tensor as a Plotly figure: an excerpt from row and column on, and some values over time."""
    state = parse_for_values(request.query_params.multi_items(), with_time=True)
    return await respond_with_run(request, state, lambda trace, reason: json(values_document(state, trace, reason)))


def values_document(state: UrlState, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/values.json: a Plotly figure of the selected tensor's values. ``layout.meta`` describes what it shows; if
    nothing was executed, the document has only that."""
    t = state.program.by_id[state.tensor]
    if trace is None:
        return {"data": [], "layout": {"meta": {"tensor": t.id, "executed": False, "reason": reason}}}
    grid = grid_of(state, t, trace)
    series = list(time_series_of(state, t, trace))
    figure = values_figure(grid, series, state.t if series else None, state.sizes, THEMES[state.theme])
    figure["layout"]["meta"] = {
        **describe(state, t, grid),
        "executed": True,
        "query": state.query(),
        "scale": grid.scale,
    }
    return figure
