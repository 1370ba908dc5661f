"""Routes and their kinds. The kind of a route decides on the headers, errors and limits of its responses.

The table itself is app/web/routes.py. Modules below it, such as middleware, get it as ``Routes`` and look up paths.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Any, Literal

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Scope

from .absolute_urls import own_path
from .media_types import EVENTS, FORM, JSON

Handler = Callable[..., Awaitable[Any]]
"""Responds to a request. The names in a path's braces are its further parameters."""


@dataclass(frozen=True)
class Kind:
    """What a path is for, and what follows from that."""

    name: str
    is_page: bool = False
    """A page for people: unknown names in the query are ignored, and errors are HTML."""
    has_picture: bool = False
    """A page with a picture that depends only on the query."""
    is_framed: bool = False
    """Other sites may show it in a frame."""
    is_shown_elsewhere: bool = False
    """Pages of other sites may include it, as an image or script."""
    is_read_elsewhere: bool = False
    """Scripts of other sites may read it."""
    has_fields: bool = True
    """Its query has the fields of a ``UrlState``."""
    is_momentary: bool = False
    """Its responses are valid for a moment only: they are not cached, and equal requests do not share one."""


PAGE = Kind("page", is_page=True)
PICTURE = Kind("picture", is_page=True, has_picture=True)
FRAME = Kind("frame", is_page=True, has_picture=True, is_framed=True)
DATA = Kind("data", is_shown_elsewhere=True, is_read_elsewhere=True)
IMAGE = Kind("image", is_shown_elsewhere=True)
FILE = Kind("file")
STATIC = Kind("static", has_fields=False)
SCRIPT = Kind("script", is_shown_elsewhere=True, has_fields=False)
ROOM = Kind("room", has_fields=False, is_momentary=True)
TRAINING = Kind("training", is_shown_elsewhere=True, is_read_elsewhere=True, is_momentary=True)
PROBE = Kind("probe", has_fields=False, is_momentary=True)
UNKNOWN = Kind("unknown", has_fields=False)
"""The kind of a path without a route."""


@dataclass(frozen=True)
class Form:
    """The body of a request, URL-encoded or a JSON object. ``fields``: the meaning of each of its fields, which are
    texts; ``most``: bytes."""

    fields: Mapping[str, str]
    most: int
    media_type: str = FORM


@dataclass(frozen=True)
class Route:
    """A row of the table. ``caching``: the Cache-Control of responses made by ``respond``; ``statuses``: further
    statuses of responses, with their meaning; ``download``: the file name under which browsers save the response, at
    once unless it is ``inline``; ``example``: a query for the link in /docs, if the path alone is not valid;
    ``parameters``: of the query, beside the fields, as OpenAPI describes them; ``form``: of the body that is posted."""

    path: str
    handler: Handler | ASGIApp
    kind: Kind
    media_type: str = ""
    caching: str = ""
    method: Literal["GET", "POST", "WEBSOCKET", "MOUNT"] = "GET"
    statuses: Mapping[str, str] = field(default_factory=dict)
    download: str = ""
    inline: bool = False
    example: str = ""
    parameters: tuple[Mapping[str, Any], ...] = ()
    form: Form | None = None
    in_schema: bool = True

    @property
    def description(self) -> str:
        return cleandoc(self.handler.__doc__ or "")

    @property
    def pattern(self) -> re.Pattern[str]:
        """What matches the paths of this route."""
        return compile_path(f"{self.path}/{{path:path}}" if self.method == "MOUNT" else self.path)[0]


class Routes:
    """The table of routes, with look-up by path."""

    def __init__(self, rows: Iterable[Route]) -> None:
        self._rows = list(rows)
        self._exact = {row.path: row for row in reversed(self._rows) if "{" not in row.path}
        self.downloads = {row.path: row.download for row in self._rows if row.download}
        """The name of the file in which browsers save the response of a path."""
        self.forms = {row.path: row.form for row in self._rows if row.form}
        """The form that a path accepts."""
        self._patterns = [(row.pattern, row) for row in self._rows if "{" in row.path]

    def __iter__(self) -> Iterator[Route]:
        return iter(self._rows)

    @property
    def documented(self) -> list[Route]:
        """The routes that a link can open and that are part of the API."""
        return [row for row in self if row.in_schema and row.method == "GET"]

    def at(self, path: str) -> Route | None:
        """The first route that matches a path, for any method."""
        return self._exact.get(path) or next((row for pattern, row in self._patterns if pattern.match(path)), None)

    def methods_at(self, path: str) -> list[str]:
        """The methods of HTTP that a path supports: HEAD wherever there is GET, also in a folder of files."""
        methods = {row.method for row in self if row.pattern.match(path)} - {"WEBSOCKET"}
        return [*(["GET", "HEAD"] if methods & {"GET", "MOUNT"} else []), *(["POST"] if "POST" in methods else [])]

    def kind(self, path: str) -> Kind:
        """The kind of a path without the prefix."""
        route = self.at(path)
        return route.kind if route else UNKNOWN

    def kind_of(self, scope: Scope) -> Kind:
        """The kind of a request's path."""
        return self.kind(own_path(scope))

    def add_to(self, app: FastAPI) -> None:
        """Add every route to an app, and the table itself as ``app.state.routes``."""
        app.state.routes = self
        for row in self:
            match row.method:
                case "MOUNT":
                    app.mount(row.path, row.handler, name=row.kind.name)
                case "WEBSOCKET":
                    app.add_api_websocket_route(row.path, row.handler)
                case method:
                    app.add_api_route(
                        row.path, row.handler, methods=[method], include_in_schema=row.in_schema, **_described(row)
                    )


def route_of(request: Request) -> Route:
    """The route of a request in its handler."""
    route: Route = request.app.state.routes.at(own_path(request.scope))
    return route


def _described(row: Route) -> dict[str, Any]:
    """Arguments for FastAPI that describe the response of a route."""
    if row.kind.is_page:
        return {"response_class": HTMLResponse}
    if row.media_type == EVENTS:
        return {"response_class": StreamingResponse}
    if row.media_type == JSON and not row.download:
        return {}
    return {"response_class": Response, "responses": {200: {"content": {row.media_type: {}}}}}
