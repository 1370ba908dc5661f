"""/openapi.json: what FastAPI says of every path, with the fields of its query and the statuses of its responses."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ..query.fields import QUERY
from .error_texts import ERROR_TEXTS
from .http.media_types import HTML, JSON
from .http.responses import json, respond_at_once
from .http.routing import Route

ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["field", "value", "message", "allowed"],
            "additionalProperties": False,
            "properties": {
                "field": {"type": ["string", "null"]},
                "value": {"type": ["string", "null"]},
                "message": {"type": "string"},
                "allowed": {},
            },
        }
    },
}
"""What an error says: which field, what it was given, what is wrong, what would be right."""

EVERYWHERE = {str(status): text.meaning for status, text in ERROR_TEXTS.items() if text.meaning}
"""What any path may answer, in JSON or as a page, whichever is accepted."""


async def openapi_json(request: Request) -> Response:
    """What every path may answer."""
    return await respond_at_once(request, request.app.state.described)


def describe(app: FastAPI) -> None:
    """Let the app's own description be complete, and write it as JSON once."""
    begun = app.openapi

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            document = begun()
            document.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
            for route in app.state.routes:
                if route.in_schema and route.method in ("GET", "POST"):
                    _complete(route, document["paths"][route.path][route.method.lower()])
        return begun()

    app.openapi = openapi  # type: ignore[method-assign]
    app.state.described = cache(lambda: json(app.openapi()))


def _complete(route: Route, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, meaning in route.statuses.items():
        responses[status] = {"description": meaning} | (_either() if status >= "400" else {})
    for status, meaning in EVERYWHERE.items():
        responses[status] = {"description": meaning, **_either()}
    if not route.kind.has_fields:
        return
    operation.setdefault("parameters", []).extend((*route.parameters, *QUERY["parameters"]))
    responses["304"] = {"description": "The client has this answer already."}
    responses["422"] = {
        "description": "The query does not fit: what is wrong, what would be right.",
        **_content(HTML if route.kind.is_page else JSON),
    }


def _either() -> dict[str, Any]:
    """Of errors that programs get in one form and people in another."""
    return {"content": _content(JSON)["content"] | _content(HTML)["content"]}


def _content(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": "#/components/schemas/Error"}} if kind == JSON else {}}}
