"""A link as a QR code: dark on light whatever the theme, since telephones look for that."""

from io import BytesIO

import segno
from starlette.requests import Request
from starlette.responses import Response

from ...query.field_types import FieldError, shown
from ...query.parsing import parse
from ...query.view import View
from ..http.links import absolute
from ..http.responses import respond_in_turn

PATH = {"name": "path", "in": "query", "description": "the page that is meant", "schema": {"type": "string"}}
"""The further parameter of the query, as OpenAPI describes it."""

LONGEST = 2953
"""How many characters a QR code holds at most, by ISO/IEC 18004."""

QUIET = 4
"""Modules of light all around, as the standard asks for."""


async def qr(request: Request) -> Response:
    """The address of the page as a QR code; with path, that of another page, such as a lesson."""
    pairs = request.query_params.multi_items()
    view = parse([(name, text) for name, text in pairs if name != "path"], strict=True)
    link = absolute(request, page_in(request), view.query())
    check_length(view, link)
    return await respond_in_turn(request, lambda: qr_svg(link))


def page_in(request: Request) -> str:
    """The page that a query names. Raises FieldError."""
    named = request.query_params.getlist("path")
    path = named[0] if named else "/"
    if len(named) > 1:
        raise FieldError("path", named[1], "path is given twice; once is enough", "one value")
    if not path.startswith("/") or len(path) > 200 or not request.app.state.routes.kind(path).is_page:
        message = f"path is that of a page, such as /learn/what-is-num-units, not {shown(path)}"
        raise FieldError("path", path, message, "a page's path")
    return path


def qr_svg(link: str) -> bytes:
    """A black code on white, as large as what holds it."""
    file = BytesIO()
    code = segno.make_qr(link, error="l")  # a larger correction where there is room for it
    code.save(file, kind="svg", xmldecl=False, border=QUIET, dark="#000", light="#fff", omitsize=True)
    return file.getvalue()


def check_length(view: View, link: str) -> None:
    """FieldError where no QR code holds a link. Its longest value is then to be shorter."""
    if len(link) > LONGEST:
        field = max(("text", "title", "lock", "hide"), key=lambda name: len(str(view[name])))
        message = f"this link has {len(link):,} characters, and a QR code holds {LONGEST:,}; make {field} shorter"
        raise FieldError(field, str(view[field]), message, {"characters": LONGEST})
