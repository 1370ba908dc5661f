"""The preview of a page on other sites: title and description as Open Graph."""

from dataclasses import dataclass
from urllib.parse import quote_plus

from starlette.requests import Request

from ...size_expressions import written
from ...translations.languages import translator
from ...url_state.fields.look_fields import AUTO
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_of_state import picture_of
from ...url_state_to_picture.sentence_above_picture import sentence_of
from ..requests_and_responses.absolute_urls import own_path, site
from ..requests_and_responses.routing import route_of
from .preview_image import PREVIEW_SIZE


@dataclass(frozen=True)
class Preview:
    """Title and description of a page, and the absolute URLs of the page, of its image, with its size in pixels, and of
    its oEmbed document. Those are empty if the page has none: a page of another kind describes itself."""

    title: str
    description: str
    url: str
    image: str
    width: int
    height: int
    oembed: str


def preview(request: Request, state: UrlState, language: str, title: str) -> Preview:
    """The preview of a page. ``title``: that of the text beside the picture, if any."""
    at, path, has_picture = site(request), own_path(request.scope), route_of(request).kind.has_picture
    url = f"{at}{path}{state.query()}"
    image_query = state.query(lang=AUTO if language == "en" else language)
    return Preview(
        title=title_of(state, language, title),
        description=description(state, language) if has_picture else "",
        url=url,
        image=f"{at}/preview.png{image_query}",
        width=PREVIEW_SIZE[0],
        height=PREVIEW_SIZE[1],
        oembed=f"{at}/oembed?url={written('quoted', quote_plus, url)}&format=json" if has_picture else "",
    )


def title_of(state: UrlState, language: str, title: str = "") -> str:
    """The title of an assignment or a lesson, else that of the picture."""
    if state.title or title:
        return state.title or title
    return (
        "Unrolled"
        if state.labels == "hidden"
        else picture_of(state, translate=translator(language), arrays=False).title
    )


def description(state: UrlState, language: str) -> str:
    """The sentence above the picture, or "" if the page hides it or the shapes, which it names."""
    if state.labels == "hidden" or "sentence" in state.hidden:
        return ""
    return "".join(
        state.size_notation.name(text) if axis else text for text, axis in sentence_of(state, translator(language))
    )
