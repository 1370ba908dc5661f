"""What /openapi.json says of every path, besides what its route does: the fields of its query, what it may answer."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.query.fields import QUERY
from app.web.http.responses import HTML, JSON, answer, json
from app.web.pages.index import is_page

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

EVERYWHERE = {
    "411": "Content of unknown length.",
    "413": "Too much content.",
    "414": "The address is too long.",
    "429": "Others wait, and very much was asked from this address: ask again after Retry-After seconds.",
    "500": "A fault of the server.",
    "503": "Too many questions wait: ask again after Retry-After seconds.",
}
"""What any path may answer, in JSON or as a page, whichever is accepted."""

ELSEWHERE = "The page that asks is of another site."
OVER = "There is no such room, or it is over."

HERE = {
    "/learn/{slug}": {"404": "There is no such lesson."},
    "/questions/{slug}": {"404": "There is no such question."},
    "/quiz": {"307": "To the question with its picture."},
    "/join": {
        "303": "To the room, where a code is given.",
        "404": "The code is none, or this server has no live rooms.",
    },
    "/room/{code}": {
        "303": "To the room's one address, where its code is written in another way.",
        "404": "That is no code, or this server has no live rooms.",
    },
    "/oembed": {"404": "That address is none of this site's pictures.", "501": "Another format than JSON."},
    "/rooms": {"403": ELSEWHERE},
    "/rooms/{code}": {"403": ELSEWHERE, "404": OVER},
    "/rooms/{code}/events": {"403": ELSEWHERE, "404": OVER},
    "/readyz": {"503": "Not ready."},
}
"""What else some paths answer."""

WITHOUT_FIELDS = ("/healthz", "/readyz", "/rooms", "/rooms/{code}", "/rooms/{code}/events")
"""Paths that read no query."""


def describe(app: FastAPI) -> None:
    """Let the app's own description be complete, and write it as JSON once."""
    begun, written = app.openapi, cache(lambda: json(app.openapi()))

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_json(request: Request) -> Response:
        """What every path may answer."""
        return await answer(request, JSON, written)

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            document = begun()
            document.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
            for path, method, operation in _operations(document):
                _complete(path, method, operation)
        return begun()

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, said in HERE.get(path, {}).items():
        responses[status] = {"description": said} | (_either() if status >= "400" else {})
    for status, said in EVERYWHERE.items():
        responses[status] = {"description": said, **_either()}
    if method != "get" or path in WITHOUT_FIELDS:
        return
    given = operation.setdefault("parameters", [])
    names = {(p["name"], p["in"]) for p in given}
    given += [p for p in QUERY["parameters"] if (p["name"], p["in"]) not in names]
    responses["304"] = {"description": "The client has this answer already."}
    kind = HTML if is_page(path) else JSON
    responses["422"] = {
        "description": "The query does not fit: what is wrong, what would be right.",
        **_content(kind),
    }


def _either() -> dict[str, Any]:
    """Of errors that programs get in one form and people in another."""
    return {"content": _content(JSON)["content"] | _content(HTML)["content"]}


def _content(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": "#/components/schemas/Error"}} if kind == JSON else {}}}
