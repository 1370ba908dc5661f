"""/values.json: the values of a tensor as a Plotly figure."""

from starlette.requests import Request
from starlette.responses import Response

from app.query.parsing import parse_for_values
from app.web.http.responses import executed, json
from app.web.pages.parts.values import values_document


async def values_json(request: Request) -> Response:
    """The values of one tensor as a Plotly figure: a page from row and column on; some followed over time."""
    view = parse_for_values(request.query_params.multi_items(), with_time=True)
    return await executed(request, view, lambda trace, reason: json(values_document(view, trace, reason)))
