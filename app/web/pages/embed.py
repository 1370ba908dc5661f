"""/embed: only the picture, for a frame in a page of another site. It needs no script; with one, it sends its height to
the page around the frame."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...diagram.format_names import BY_WIDTH
from ...query.fields import SLIDERS
from ...query.picture import picture_of
from ...query.picture_template import SVG_FORMATS, cached_template, numbers, sliders
from ...query.rules import BOUNDED_FIELDS, PARENTS
from ...query.training.affordable import most_units
from ...query.view import View
from ...translations.languages import translator
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.responses import json, respond_at_once, respond_in_turn, view_of
from ..sharing.frame_size import BY_ROOM, sliders_below
from .parts.controls import unchanged
from .parts.picture_links import as_svg
from .templates import html, link_context

BOUNDED = {field.name for field in BOUNDED_FIELDS if field.below in {size.name for size in SLIDERS}} | PARENTS.keys()
"""Fields that may not fit other sizes, such as a step or a sample. The form does not send them."""


async def embed(request: Request) -> Response:
    """The picture alone, for an iframe; with controls=true, sliders below it."""
    view = view_of(request)
    lang = language_of(request, view)
    if request.query_params.get("only") == "template" and view.labels != "hidden":
        return await respond_at_once(request, lambda: json(picture_template(view, lang)), media_type=JSON, view=view)
    formats = BY_WIDTH if view.format == BY_ROOM else [view.format]

    def page() -> str:
        pictures = {name: picture_of(view, name, translator(lang)) for name in formats}
        is_training, below = view.view == "training", sliders_below(view)
        # another num_units shows the curve: nobody has asked to train it
        not_sent = {field.name for field in below} | BOUNDED | ({"trained"} if is_training else set())
        return html(
            "embed.html",
            view=view,
            theme=view.theme if "theme" in request.query_params else "",
            sliders=below,
            most_units=most_units(view, request.app.state.runner.budget) if is_training else 0,
            sent_fields=unchanged(view, not_sent),
            pictures={name: as_svg(picture) for name, picture in pictures.items()},
            **link_context(view, lang, "/embed"),
        )

    return await respond_in_turn(request, page, view=view)


def picture_template(view: View, language: str) -> dict[str, Any]:
    """The template of the SVG in one format, for which the script of the frame asks: see ``query.picture_template``."""
    template = cached_template(view, f"svg {language}", lambda shown: svg_of(shown, language), SVG_FORMATS)
    return {**template, "sizes": numbers(view), "sliders": sliders(view)}


def svg_of(view: View, language: str) -> str:
    """The picture in the format of a View."""
    return as_svg(picture_of(view, view.format, translator(language)))
