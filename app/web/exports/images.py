"""The picture as a file: SVG, PNG, PDF, and on a card for who shows a link."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.diagram.painters.pdf import pdf
from app.diagram.painters.png import png
from app.diagram.painters.svg import svg
from app.diagram.shapes import Picture
from app.diagram.theme import THEMES
from app.query.fields import QUERY
from app.query.picture import picture_of
from app.query.view import View
from app.translations.languages import translator
from app.web.http.caching import unchanged
from app.web.http.language import asked_for
from app.web.http.responses import PDF, PNG, SVG, answer, fresh, view_of

router = APIRouter()

CARD = 1200, 630
"""How large the picture of a link is, in pixels: what previews have room for."""


def image_of(view: View) -> Picture:
    """The picture in the format and in the language of its link."""
    return picture_of(view, translate=translator(asked_for(view)))


@router.get("/diagram.svg", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {SVG: {}}}})
async def diagram_svg(request: Request) -> Response:
    """The picture as an image."""
    view = view_of(request, strict=True)
    return await answer(request, SVG, lambda: svg(image_of(view), THEMES[view.theme], not view.transparent))


@router.get("/diagram.png", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {PNG: {}}}})
async def diagram_png(request: Request) -> Response:
    """The same in pixels, scale times as many."""
    view = view_of(request, strict=True)
    return await painted(request, PNG, lambda: png(document(view, small=False), view.scale, view.transparent))


@router.get("/diagram.pdf", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {PDF: {}}}})
async def diagram_pdf(request: Request) -> Response:
    """The same as one page for slides."""
    view = view_of(request, strict=True)
    return await painted(request, PDF, lambda: document(view))


@router.get("/preview.png", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {PNG: {}}}})
async def preview_png(request: Request) -> Response:
    """The same in the middle of 1200 by 630 pixels, for who shows a link."""
    view = view_of(request, strict=True)
    return await painted(request, PNG, lambda: png(pdf(image_of(view), THEMES[view.theme], sheet=CARD, small=False)))


def document(view: View, small: bool = True) -> bytes:
    return pdf(image_of(view), THEMES[view.theme], not view.transparent, small=small)


async def painted(request: Request, media_type: str, make: Callable[[], bytes]) -> Response:
    """What takes as long as a large run, and waits with those."""
    if known := unchanged(request):
        return known
    return fresh(request, media_type, await request.app.state.runner.in_turn(make, "large"))
