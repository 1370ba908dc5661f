"""What a page says of itself to other sites, as Open Graph: its title, its sentence, its picture."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from ...lessons.sentence import sentence
from ...query.fields import AUTO
from ...query.picture import picture_of
from ...query.view import View
from ...translations.languages import translator
from ..exports.images import CARD
from ..http.links import own_path, site
from ..http.routing import route_of


@dataclass(frozen=True)
class Preview:
    """Absolute addresses of a page, of its image with its size in pixels, and of its oEmbed document, if it has one."""

    title: str
    description: str
    url: str
    image: str
    width: int
    height: int
    oembed: str


def preview(request: Request, view: View, language: str, title: str) -> Preview:
    """``title``: that of the text beside the picture."""
    at, path = site(request), own_path(request.scope)
    url = f"{at}{path}{view.query()}"
    drawn = view.query(lang=AUTO if language == "en" else language)
    asked = urlencode({"url": url, "format": "json"})
    return Preview(
        title=title_of(view, language, title),
        description=description(view, language),
        url=url,
        image=f"{at}/preview.png{drawn}",
        width=CARD[0],
        height=CARD[1],
        oembed=f"{at}/oembed?{asked}" if route_of(request).kind.has_picture else "",
    )


def title_of(view: View, language: str, title: str = "") -> str:
    """What an assignment or a lesson is called, or else the picture."""
    if view.title or title:
        return view.title or title
    return "Unrolled" if view.labels == "hidden" else picture_of(view, translate=translator(language)).title


def description(view: View, language: str) -> str:
    """The sentence above the picture, or nothing where it would say what is to be found."""
    if view.labels == "hidden" or "sentence" in view.hidden:
        return ""
    return "".join(
        view.size_notation.name(text) if axis else text for text, axis in sentence(view.stack, translator(language))
    )
