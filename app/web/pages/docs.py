"""The API's own page: every path and every field."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.query.field_types import FieldError
from app.query.fields import FIELDS
from app.query.parsing import parse
from app.translations.phrases import phrase
from app.web.errors import refusal
from app.web.http.language import language_of
from app.web.http.links import site
from app.web.http.responses import answer, view_of
from app.web.http.routing import Route
from app.web.pages.templates import base_context, html


async def docs(request: Request) -> Response:
    """The API's own page."""
    view = view_of(request)
    lang, at = language_of(request, view), site(request)
    routes = [(route, phrase(route.description), example(route, at)) for route in request.app.state.routes.documented]

    def page() -> str:
        context = base_context(view, lang, "/docs")
        return html("docs.html", fields=FIELDS.values(), routes=routes, error=example_error(), **context)

    return await answer(request, page)


def example_error() -> str:
    """What is answered to bad input, as JSON."""
    try:
        parse([("num_units", "0")], strict=True)
    except FieldError as error:
        return bytes(refusal(error).body).decode()
    raise AssertionError("0 units are refused")


def example(route: Route, site: str) -> str:
    """A link to try a path, or nothing where it has a part of its own."""
    return "" if "{" in route.path else route.path + route.example.format(site=quote(f"{site}/", safe=""))
