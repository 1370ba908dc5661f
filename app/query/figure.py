"""The picture of a View as a Plotly figure, with the sentence above it."""

from ..diagram.painters.plotly import Figure, figure
from ..diagram.theme import THEMES
from ..translations.languages import translator
from .picture import picture_of
from .sentence_and_alternative_text import sentence_of
from .view import View


def figure_of(view: View) -> Figure:
    """The Plotly figure. ``layout.meta`` has the sentence above the picture, so that both change in the same frame."""
    translate = translator(view.language)
    document = figure(picture_of(view, translate=translate), THEMES[view.theme])
    words = [(view.size_notation.name(text), axis) for text, axis in sentence_of(view, translate)]
    document["layout"]["meta"] = {"sentence": words}
    return document
