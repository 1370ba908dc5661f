"""Error responses: HTML for pages and browsers, JSON for other clients."""

from functools import partial
from typing import Any, cast

from anyio import to_thread
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ..translations.phrases import Phrase, phrase
from ..url_state.field_types import FieldError
from ..url_state.fields.input_fields import MAX_TEXT_LENGTH
from ..url_state.parsing import nearest, parse
from .error_texts import ERROR_TEXTS, POST_ONLY, ErrorText
from .pages.rendering import base_context, render
from .requests_and_responses.absolute_urls import own_path
from .requests_and_responses.accept import qualities
from .requests_and_responses.browser_caching import NO_STORE
from .requests_and_responses.language import language_of
from .requests_and_responses.media_types import JSON
from .requests_and_responses.refusals import client_closed
from .requests_and_responses.responses import json
from .requests_and_responses.routing import route_of
from .server.security_headers import headers_of

PAGE_FIELDS = ("lang", "theme")
"""The fields of a query that an error page depends on. Other fields may have long values and are not parsed."""

LONGEST = 200
"""Characters of a path that an error quotes."""


def add_error_handlers(app: FastAPI) -> None:
    """Let the app respond to errors as this module does."""
    app.add_exception_handler(FieldError, field_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(ClientDisconnect, disconnected)
    app.add_exception_handler(Exception, server_error)


async def field_error(request: Request, error: Exception) -> Response:
    """422: which field is invalid and why, and on a page the nearest valid link."""
    error = cast(FieldError, error)
    if not route_of(request).kind.is_page:
        return field_error_json(error)
    try:
        page: Response = await request.app.state.runner.quick(partial(_invalid_link_page, request, error))
        return page
    except HTTPException as refusal:
        return await http_error(request, refusal)


def _invalid_link_page(request: Request, error: FieldError) -> Response:
    path = request.scope["path"]
    url_state = nearest(request.query_params.multi_items())
    # a lesson may have fewer pages than the longest
    too_far = error.field == "lesson_page" and isinstance(error.allowed, dict)
    link = path + url_state.query(
        lesson_page=min(url_state.lesson_page, error.allowed["max"]) if too_far else url_state.lesson_page
    )
    words = base_context(request, url_state, language_of(request, url_state), path)
    title = phrase("This link is not valid")
    response = render("error.html", 422, title=title, message=error.message, link=link, **words)
    response.headers["Vary"] = "Accept-Language"
    return response


def field_error_json(error: FieldError) -> Response:
    """422 as JSON: the field, its value, what is wrong and what is allowed."""
    body = {"field": error.field, "value": error.value, "message": error.message, "allowed": error.allowed}
    return Response(json({"error": body}), status_code=422, media_type=JSON)


async def http_error(request: Request, error: Exception) -> Response:
    """404, 405 and other statuses of HTTPException, as a page or as JSON."""
    error = cast(HTTPException, error)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(request.app.state.routes.methods_at(own_path(request.scope)))
    if request.method == "POST":  # a response may have what was sent
        headers.setdefault("Cache-Control", NO_STORE)
    path = request.scope["path"]
    path = path if len(path) <= LONGEST else path[:LONGEST] + "…"
    retry_after = headers.get("Retry-After")
    title, text, _ = ERROR_TEXTS.get(error.status_code, ErrorText(error.detail, error.detail))
    if headers.get("Allow") == "POST":
        text = POST_ONLY
    filled = phrase(text, path=path, longest=MAX_TEXT_LENGTH, seconds=retry_after or "")
    message = error.detail if isinstance(error.detail, Phrase) else filled
    if prefers_page(request):
        url_state = parse([], strict=True) if error.status_code == 500 else nearest(_page_fields(request))
        words = base_context(request, url_state, language_of(request, url_state), "/")
        link = "" if retry_after else f"/{words['kept']}"  # empty: the same URL again
        response = await _short_page(request, error.status_code, title=title, message=message, link=link, **words)
        if retry_after:
            response.headers["Refresh"] = retry_after  # the browser tries again by itself
    else:
        body = {"error": {"field": None, "value": path, "message": message, "allowed": None}}
        response = Response(json(body), error.status_code, media_type=JSON)
    response.headers.update({"Vary": "Accept, Accept-Language", **headers})
    return response


async def _short_page(request: Request, status: int, **context: Any) -> Response:
    """An error page without long texts, which is rendered at once, since a rejection does not wait. Only the first page
    of a process is rendered in a worker thread: it compiles its templates, which takes 0.1 s."""
    make, state = partial(render, "error.html", status, **context), request.app.state
    if state.is_error_page_compiled:
        return make()
    page = await to_thread.run_sync(make)
    state.is_error_page_compiled = True
    return page


def _page_fields(request: Request) -> list[tuple[str, str]]:
    return [(name, text) for name, text in request.query_params.multi_items() if name in PAGE_FIELDS]


def prefers_page(request: Request) -> bool:
    """Whether a client accepts HTML explicitly, as browsers do, and does not prefer JSON."""
    wanted = qualities(request.headers, "accept")
    page, data = (wanted.get(kind, wanted.get(f"{kind.split('/')[0]}/*", 0)) for kind in ("text/html", JSON))
    return page > 0 and page >= data


async def disconnected(request: Request, error: Exception) -> Response:
    """499: the client closed the connection while the app read the request. Nothing is logged, since the server is not
    at fault."""
    return await http_error(request, client_closed())


async def server_error(request: Request, error: Exception) -> Response:
    """500. This handler runs outside of all middleware, so it adds the security headers itself."""
    return await http_error(
        request, HTTPException(500, headers=headers_of(request.app.state.routes.kind_of(request.scope)))
    )
