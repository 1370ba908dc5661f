"""/openapi.json: FastAPI's description of every path, completed with the query's fields and the responses' statuses."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ..url_state.fields import QUERY
from .error_texts import ERROR_TEXTS
from .requests_and_responses.media_types import HTML, JSON
from .requests_and_responses.responses import json, respond_at_once
from .requests_and_responses.routing import Route

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
"""The JSON schema of an error: the field, its value, what is wrong, what is allowed."""

EVERYWHERE = {str(status): text.meaning for status, text in ERROR_TEXTS.items() if text.meaning}
"""Statuses that any path may respond with, as JSON or as a page, whichever the client accepts."""


async def openapi_json(request: Request) -> Response:
    """The OpenAPI description of every path."""
    return await respond_at_once(request, request.app.state.openapi_json)


def describe(app: FastAPI) -> None:
    """Complete the app's OpenAPI description. It is computed once, also as JSON."""
    incomplete = app.openapi

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            document = incomplete()
            document.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
            for route in app.state.routes:
                if route.in_schema and route.method in ("GET", "POST"):
                    _complete(route, document["paths"][route.path][route.method.lower()])
        return incomplete()

    app.openapi = openapi  # type: ignore[method-assign]
    app.state.openapi_json = cache(lambda: json(app.openapi()))


def _complete(route: Route, operation: dict[str, Any]) -> None:
    """Add the statuses, the content of errors, and the parameters of the query to a path's description."""
    responses = operation["responses"]
    for status, meaning in {**EVERYWHERE, **route.statuses}.items():
        responses[status] = {"description": meaning} | (_json_or_html() if status >= "400" else {})
    if route.form:
        fields = {name: {"type": "string", "description": text} for name, text in route.form.fields.items()}
        schema = {"type": "object", "properties": fields}
        if route.form.media_type == JSON:
            schema["required"] = list(fields)
        operation["requestBody"] = {"required": True, "content": {route.form.media_type: {"schema": schema}}}
    if not route.kind.has_fields:
        return
    operation.setdefault("parameters", []).extend((*route.parameters, *QUERY["parameters"]))
    if route.method == "GET":
        responses["304"] = {"description": "Not modified."}
    responses["422"] = {
        "description": "Invalid query: what is wrong and what is allowed.",
        **_content(HTML if route.kind.is_page else JSON),
    }


def _json_or_html() -> dict[str, Any]:
    """The content of errors that are JSON for programs and pages for people."""
    return {"content": _content(JSON)["content"] | _content(HTML)["content"]}


def _content(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": "#/components/schemas/Error"}} if kind == JSON else {}}}
