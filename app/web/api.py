"""The twins of the page: the same query, as a figure, an image, a trace, a tensor."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.diagram.picture import picture
from app.diagram.plotly import figure
from app.diagram.shapes import Picture
from app.diagram.svg import svg
from app.diagram.theme import THEMES
from app.lessons.sentence import sentence
from app.web.answers import JSON, SVG, answer, fresh, json, unchanged, view_of
from app.web.fields import FIELDS
from app.web.trace import check_page, tensor_document, trace_document
from app.web.view import View, parse_for_values

router = APIRouter()

QUERY: dict[str, Any] = {
    "parameters": [{"name": f.name, "in": "query", "description": f.help, "schema": f.schema} for f in FIELDS.values()]
}
"""The table of fields as OpenAPI describes a query."""


def picture_of(view: View) -> Picture:
    return picture(view.program, view.sizes, view.t, view.labels, view.format)


def figure_of(view: View) -> dict[str, object]:
    """The Plotly figure; the sentence travels with it, so that words and picture change in the same frame."""
    drawn = figure(picture_of(view), THEMES[view.theme])
    drawn["layout"]["meta"] = {"sentence": sentence(view.sizes), "query": view.query()}
    return drawn


@router.get("/diagram.json", openapi_extra=QUERY)
async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request, strict=True)
    return answer(request, JSON, lambda: json(figure_of(view)))


@router.get("/diagram.svg", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {SVG: {}}}})
async def diagram_svg(request: Request) -> Response:
    """The picture as an image."""
    view = view_of(request, strict=True)
    return answer(request, SVG, lambda: svg(picture_of(view), THEMES[view.theme]))


@router.get("/trace.json", openapi_extra=QUERY)
async def trace_json(request: Request) -> Response:
    """What was recorded: every tensor, its axes, its shape, what made it."""
    view = view_of(request, strict=True)
    if known := unchanged(request):
        return known
    body = await request.app.state.runner.run(view, lambda trace, reason: json(trace_document(view, trace, reason)))
    return fresh(request, JSON, body)


@router.get("/tensor.json", openapi_extra=QUERY)
async def tensor_json(request: Request) -> Response:
    """The values of one tensor at one step; give tensor and t. Above 100,000 numbers, in pages."""
    view = parse_for_values(request.query_params.multi_items())
    check_page(view)
    if known := unchanged(request):
        return known
    body = await request.app.state.runner.run(view, lambda trace, reason: json(tensor_document(view, trace, reason)))
    return fresh(request, JSON, body)


@router.get("/healthz")
async def healthz() -> Response:
    """Liveness."""
    return Response(b'{"status":"ok"}', media_type=JSON, headers={"Cache-Control": "no-store"})
