"""/diagram.json: the picture as a Plotly figure."""

from starlette.requests import Request
from starlette.responses import Response

from ...diagram.painters.plotly import figure
from ...diagram.theme import THEMES
from ...query.picture import picture_of
from ...query.picture_text import sentence_of
from ...query.view import View
from ...translations.languages import translator
from ..http.responses import json, respond_at_once, view_of


async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request)
    return await respond_at_once(request, lambda: json(figure_of(view)))


def figure_of(view: View) -> dict[str, object]:
    """The Plotly figure. ``layout.meta`` has the sentence above the picture, so that both change in the same frame."""
    translate = translator(view.language)
    document = figure(picture_of(view, translate=translate), THEMES[view.theme])
    words = [(view.size_notation.name(text), axis) for text, axis in sentence_of(view, translate)]
    document["layout"]["meta"] = {"sentence": words, "query": view.query()}
    return document
