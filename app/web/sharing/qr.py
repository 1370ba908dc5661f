"""A link as a QR code: dark on light in any theme, since phones expect that."""

from io import BytesIO

import segno
from starlette.requests import Request
from starlette.responses import Response

from ...translations.numbers import grouped
from ...url_state.field_types import FieldError, quoted
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ..requests_and_responses.absolute_urls import absolute
from ..requests_and_responses.responses import respond_in_turn

PATH = {"name": "path", "in": "query", "description": "the path of the page", "schema": {"type": "string"}}
"""A parameter of the query beside the fields, as OpenAPI describes it."""

LONGEST = 2953
"""The maximum number of characters in a QR code, by ISO/IEC 18004."""

QUIET_ZONE = 4
"""The width of the light border in modules, by the same standard."""


async def qr(request: Request) -> Response:
    """The URL of the page as a QR code; with path, that of another page, such as a lesson."""
    pairs = request.query_params.multi_items()
    state = parse([(name, text) for name, text in pairs if name != "path"], strict=True)
    link = absolute(request, path_of(request), state.query())
    check_length(state, link)
    return await respond_in_turn(request, lambda: qr_svg(link))


def path_of(request: Request) -> str:
    """The path of the page that a query names, by default the main page. Raises FieldError."""
    paths = request.query_params.getlist("path")
    path = paths[0] if paths else "/"
    if len(paths) > 1:
        raise FieldError("path", paths[1], "path appears twice; give it once", "one value")
    if not path.startswith("/") or len(path) > 200 or not request.app.state.routes.kind(path).is_page:
        message = f"path must be a page of this site, such as /learn/what-is-num-units, not {quoted(path)}"
        raise FieldError("path", path, message, "a page's path")
    return path


def qr_svg(link: str) -> bytes:
    """The QR code of a link as SVG, black on white, without a size of its own."""
    file = BytesIO()
    code = segno.make_qr(link, error="l")  # segno raises the level of error correction if the size allows
    code.save(file, kind="svg", xmldecl=False, border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
    return file.getvalue()


def check_length(state: UrlState, link: str) -> None:
    """Raises FieldError, for the longest field, if a link is too long for a QR code."""
    if len(link) > LONGEST:
        field = max(("equations", "text", "title", "lock", "hide"), key=lambda name: len(str(state[name])))
        length, longest = grouped(len(link)), grouped(LONGEST)
        message = f"This link has {length} characters, but a QR code holds at most {longest}; shorten {field}"
        raise FieldError(field, str(state[field]), message, {"characters": LONGEST})
