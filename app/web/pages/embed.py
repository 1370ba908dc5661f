"""The picture alone, for a frame in a page of others: it needs no script, and takes the room that it has."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.responses import Response

from app.diagram.painters.svg import svg
from app.diagram.scene import FORMATS
from app.diagram.theme import LIGHT
from app.query.fields import FIELDS, SLIDERS
from app.query.picture import picture_of
from app.translations.languages import translator
from app.web.http.caching import CHECKED, unchanged
from app.web.http.language import language_of
from app.web.http.responses import HTML, fresh, view_of
from app.web.pages.parts.controls import field_table
from app.web.pages.templates import base_context, html
from app.web.sharing.frame_size import BY_ROOM, with_controls

router = APIRouter()


@router.get("/embed", response_class=HTMLResponse)
async def embed(request: Request) -> Response:
    """The picture alone, for a frame in another page; controls says whether sliders stand under it."""
    view = view_of(request, strict=False)
    if known := unchanged(request, CHECKED):
        return known
    lang = language_of(request, view)
    formats = FORMATS if view.format == BY_ROOM else [view.format]

    def page() -> str:
        pictures = {name: picture_of(view, name, translator(lang)) for name in formats}
        return html(
            "embed.html",
            view=view,
            theme=view.theme if "theme" in request.query_params else "",
            fields=FIELDS,
            sliders=SLIDERS if with_controls(view) else [],
            table=field_table(),
            pictures={name: Markup(svg(picture, LIGHT, background=False)) for name, picture in pictures.items()},
            **base_context(view, lang, "/embed"),
        )

    return fresh(request, HTML, await request.app.state.runner.in_turn(page), CHECKED)
