"""One place turns errors into answers: a page on a page's path, JSON elsewhere."""

from typing import cast

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ..query.field_types import FieldError
from ..query.fields import LONGEST_TEXT
from ..query.parsing import nearest, parse
from ..translations.phrases import Phrase, phrase
from .error_texts import ERROR_TEXTS, ErrorText
from .http.accept import qualities
from .http.language import language_of
from .http.media_types import JSON
from .http.responses import json
from .http.routing import route_of
from .pages.templates import base_context, render
from .server.refusals import client_closed
from .server.security_headers import headers_of

LOOKS = ("lang", "theme")
"""The fields of a query that an error page depends on."""

LONGEST = 200
"""Characters of a path that an error quotes."""


def add_error_answers(app: FastAPI) -> None:
    app.add_exception_handler(FieldError, field_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(ClientDisconnect, disconnected)
    app.add_exception_handler(Exception, failure)


async def field_error(request: Request, error: Exception) -> Response:
    """422: what is wrong, and on a page the nearest valid link."""
    fault = cast(FieldError, error)
    path = request.scope["path"]
    if not route_of(request).kind.is_page:
        return refusal(fault)
    view = nearest(request.query_params.multi_items())
    # a lesson may have fewer pages than the longest
    too_far = fault.field == "lesson_page" and isinstance(fault.allowed, dict)
    link = path + view.query(lesson_page=min(view.lesson_page, fault.allowed["max"]) if too_far else view.lesson_page)
    words = base_context(view, language_of(request, view), path)
    title = phrase("This link does not fit")
    answer = render("error.html", status=422, title=title, message=fault.message, link=link, **words)
    answer.headers["Vary"] = "Accept-Language"
    return answer


def refusal(error: FieldError) -> Response:
    """422 with what is wrong and what would be right."""
    body = {"field": error.field, "value": error.value, "message": error.message, "allowed": error.allowed}
    return Response(json({"error": body}), status_code=422, media_type=JSON)


async def http_error(request: Request, error: Exception) -> Response:
    """404, 405 and their like, in the same form."""
    fault = cast(HTTPException, error)
    path = request.scope["path"]
    path = path if len(path) <= LONGEST else path[:LONGEST] + "…"
    again = (fault.headers or {}).get("Retry-After")
    text = ERROR_TEXTS.get(fault.status_code, ErrorText(fault.detail, fault.detail.lower()))
    filled = phrase(text.message, path=path, longest=LONGEST_TEXT, seconds=again or "")
    message = fault.detail if isinstance(fault.detail, Phrase) else filled
    if prefers_page(request):
        view = parse([], strict=True) if fault.status_code == 500 else nearest(_looks(request))
        words = base_context(view, language_of(request, view), "/")
        link = f"/{words['language']}"
        link = "" if again else link  # the address itself
        answer = render("error.html", fault.status_code, title=text.title, message=message, link=link, **words)
        if again:
            answer.headers["Refresh"] = again  # whoever opened a page gets it without doing anything
    else:
        body = {"error": {"field": None, "value": path, "message": message, "allowed": None}}
        answer = Response(json(body), fault.status_code, media_type=JSON)
    answer.headers.update({"Vary": "Accept, Accept-Language", **(fault.headers or {})})
    return answer


def _looks(request: Request) -> list[tuple[str, str]]:
    """The fields of a query that an error page depends on; the others may be long."""
    return [(name, text) for name, text in request.query_params.multi_items() if name in LOOKS]


def prefers_page(request: Request) -> bool:
    """Whether a client names HTML, as browsers do, and does not prefer JSON."""
    wanted = qualities(request.headers, "accept")
    page, data = (wanted.get(kind, wanted.get(f"{kind.split('/')[0]}/*", 0)) for kind in ("text/html", JSON))
    return page > 0 and page >= data


async def disconnected(request: Request, error: Exception) -> Response:
    """499: the client closed the connection while the app read from it. Not a fault, so nothing is logged."""
    return await http_error(request, client_closed())


async def failure(request: Request, error: Exception) -> Response:
    """500: our own fault. It is answered outside of every middleware, so it takes the headers along."""
    return await http_error(
        request, HTTPException(500, headers=headers_of(request.app.state.routes.kind_of(request.scope)))
    )
