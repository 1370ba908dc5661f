"""/docs, the page about the API: every path and every field."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ...translations.phrases import phrase
from ...url_state.field_types import FieldError
from ...url_state.fields import FIELDS, SLIDERS
from ...url_state.parsing import parse
from ..error_responses import field_error_json
from ..requests_and_responses.absolute_urls import site
from ..requests_and_responses.language import language_of
from ..requests_and_responses.responses import respond_at_once, url_state_of
from ..requests_and_responses.routing import Route
from .rendering import base_context, html


async def docs(request: Request) -> Response:
    """This description of the API."""
    state = url_state_of(request)
    lang, at = language_of(request, state), site(request)
    routes = [(route, phrase(route.description), example(route, at)) for route in request.app.state.routes.documented]

    def page() -> str:
        context = base_context(request, state, lang, "/docs")
        return html(
            "api_docs.html", fields=FIELDS.values(), sliders=SLIDERS, routes=routes, error=example_error(), **context
        )

    return await respond_at_once(request, page)


def example_error() -> str:
    """The JSON response to an invalid query."""
    try:
        parse([("num_units", "0")], strict=True)
    except FieldError as error:
        return bytes(field_error_json(error).body).decode()
    raise AssertionError("num_units=0 is not valid")


def example(route: Route, site: str) -> str:
    """A link to try a path, or "" if the path has a parameter."""
    return "" if "{" in route.path else route.path + route.example.format(site=quote(f"{site}/", safe=""))
