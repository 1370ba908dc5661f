"""The API's own page: every path and every field."""

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, Response

from app.query.fields import FIELDS
from app.translations.phrases import phrase
from app.web import share
from app.web.api import figure
from app.web.exports import images
from app.web.http.caching import CHECKED
from app.web.http.language import language_of
from app.web.http.links import site
from app.web.http.responses import HTML, answer, view_of
from app.web.pages import embed, index, lessons, questions, quiz, room
from app.web.pages.templates import base_context, html
from app.web.server import health
from app.web.sharing import oembed

router = APIRouter()

PARTS = (index, lessons, questions, quiz, room, images, embed, oembed, figure, share, health)


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> Response:
    """The API's own page."""
    view = view_of(request, strict=False)
    lang, at = language_of(request, view), site(request)

    def page() -> str:
        return html("docs.html", fields=FIELDS.values(), routes=paths(), at=at, **base_context(view, lang, "/docs"))

    return await answer(request, HTML, page, CHECKED)


def paths() -> list[tuple[str, str]]:
    """Every path and what it gives."""
    every = (route for part in PARTS for route in part.router.routes)
    own = [r for r in (*every, *router.routes) if isinstance(r, APIRoute) and r.include_in_schema]
    return [(r.path, phrase(r.description)) for r in own]
