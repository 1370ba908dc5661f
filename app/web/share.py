"""What of a link can be taken along: its QR code, its table, its notebook, one file that needs no server."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.stack import StackTrace
from app.query.chosen_framework import check
from app.query.field_types import NONE, FieldError, shown
from app.query.fields import QUERY
from app.query.parsing import parse
from app.query.view import View
from app.web.api.figure import program_of
from app.web.exports.ipynb import notebook
from app.web.exports.standalone import standalone
from app.web.exports.table import table_csv
from app.web.http.caching import CHECKED, unchanged
from app.web.http.links import absolute
from app.web.http.responses import CSV, HTML, JSON, SVG, answer, fresh, json, view_of
from app.web.pages.index import is_page
from app.web.sharing.qr import check_length, qr_svg

router = APIRouter()

PATH: dict[str, Any] = {
    "parameters": [
        {"name": "path", "in": "query", "description": "the page that is meant", "schema": {"type": "string"}},
        *QUERY["parameters"],
    ]
}


@router.get("/qr.svg", openapi_extra=PATH, response_class=Response, responses={200: {"content": {SVG: {}}}})
async def qr(request: Request) -> Response:
    """The address of the page as a QR code; with path, that of another page, such as a lesson."""
    pairs = request.query_params.multi_items()
    view = parse([(name, text) for name, text in pairs if name != "path"], strict=True)
    link = absolute(request, page_in(request), view.query())
    check_length(view, link)
    if known := unchanged(request, CHECKED):  # another host has another code at the same path
        return known
    return fresh(request, SVG, await request.app.state.runner.in_turn(lambda: qr_svg(link)), CHECKED)


def page_in(request: Request) -> str:
    """The page that a query names. Raises FieldError."""
    named = request.query_params.getlist("path")
    path = named[0] if named else "/"
    if len(named) > 1:
        raise FieldError("path", named[1], "path is given twice; once is enough", "one value")
    if not path.startswith("/") or len(path) > 200 or not is_page(path):
        message = f"path is that of a page, such as /learn/what-is-num-units, not {shown(path)}"
        raise FieldError("path", path, message, "a page's path")
    return path


@router.get("/table.csv", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {CSV: {}}}})
async def table(request: Request) -> Response:
    """The table of tensors for a spreadsheet."""
    view = view_of(request, strict=True)
    return named(await answer(request, CSV, lambda: table_csv(view)), "tensors.csv")


@router.get("/notebook.ipynb", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {JSON: {}}}})
async def notebook_ipynb(request: Request) -> Response:
    """The picture, the program of /code and a check of the shapes, as a Jupyter notebook."""
    view = view_of(request, strict=True)
    check(view)
    query = view.query()
    link, weights = absolute(request, "/", query), absolute(request, "/weights.npz", query)
    if known := unchanged(request, CHECKED):
        return known

    def made() -> bytes:
        return json(notebook(view, program_for(view), link, weights))

    file = await request.app.state.runner.in_turn(made, "large")
    return named(fresh(request, JSON, file, CHECKED), "unrolled.ipynb")


@router.get("/standalone.html", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {HTML: {}}}})
async def standalone_html(request: Request) -> Response:
    """The page as one file that needs no server and no network."""
    view = view_of(request, strict=True)
    if known := unchanged(request, CHECKED):
        return known
    link = absolute(request, "/", view.query())

    def made(trace: StackTrace | None, reason: str) -> str:
        return standalone(view, "" if view.chosen_model.unsupported else program_for(view), link, trace)

    file = await request.app.state.runner.run(view, made, "large")
    return named(fresh(request, HTML, file, CHECKED), "unrolled.html")


def program_for(view: View) -> str:
    """The program of what is shown, also where the link asks for one that converts its weights."""
    return program_of(replace(view, to=NONE))


def named(made: Response, name: str) -> Response:
    """To be kept as a file."""
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
