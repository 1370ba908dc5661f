"""/embed: only the picture, for a frame in a page of another site. It needs no script; with one, it sends its height to
the page around the frame."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...diagram.format_names import BY_WIDTH
from ...translations.languages import translator
from ...url_state.combinations_of_fields import BOUNDED_FIELDS, PARENTS
from ...url_state.fields import SLIDERS
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_of_state import picture_of
from ...url_state_to_picture.picture_template import SVG_FORMATS, cached_template, numbers, sliders
from ...url_state_to_picture.training.affordable import most_units
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.responses import json, respond_at_once, respond_in_turn, url_state_of
from ..sharing.embed_size import BY_ROOM, sliders_below
from .parts.controls import unchanged
from .parts.links_and_accessible_names import as_svg
from .rendering import html, link_context

BOUNDED = {field.name for field in BOUNDED_FIELDS if field.below in {size.name for size in SLIDERS}} | PARENTS.keys()
"""Fields that may not fit other sizes, such as a step or a sample. The form does not send them."""


async def embed(request: Request) -> Response:
    """The picture alone, for an iframe; with controls=true, sliders below it."""
    state = url_state_of(request)
    lang = language_of(request, state)
    if request.query_params.get("only") == "template" and state.labels != "hidden":
        return await respond_at_once(request, lambda: json(picture_template(state, lang)), media_type=JSON, state=state)
    formats = BY_WIDTH if state.format == BY_ROOM else [state.format]

    def page() -> str:
        pictures = {name: picture_of(state, name, translator(lang)) for name in formats}
        is_training, below = state.view == "training", sliders_below(state)
        # another num_units shows the curve: nobody has asked to train it
        not_sent = {field.name for field in below} | BOUNDED | ({"trained"} if is_training else set())
        return html(
            "embed.html",
            url_state=state,
            theme=state.theme if "theme" in request.query_params else "",
            sliders=below,
            most_units=most_units(state, request.app.state.runner.budget) if is_training else 0,
            sent_fields=unchanged(state, not_sent),
            pictures={name: as_svg(picture) for name, picture in pictures.items()},
            **link_context(state, lang, "/embed"),
        )

    return await respond_in_turn(request, page, state=state)


def picture_template(state: UrlState, language: str) -> dict[str, Any]:
    """The template of the SVG in one format, for which the script of the frame asks: see ``query.picture_template``."""
    template = cached_template(state, f"svg {language}", lambda shown: svg_of(shown, language), SVG_FORMATS)
    return {**template, "sizes": numbers(state), "sliders": sliders(state)}


def svg_of(state: UrlState, language: str) -> str:
    """The picture in the format of a UrlState."""
    return as_svg(picture_of(state, state.format, translator(language)))
