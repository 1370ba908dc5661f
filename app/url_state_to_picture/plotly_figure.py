"""The picture of a UrlState as a Plotly figure, with the sentence above it."""

from ..diagram.painters.plotly import Figure, figure
from ..diagram.theme import THEMES
from ..translations.languages import translator
from ..url_state.url_state import UrlState
from .picture_of_state import picture_of
from .sentence_above_picture import sentence_of


def figure_of(state: UrlState) -> Figure:
    """The Plotly figure. ``layout.meta`` has the sentence above the picture, so that both change in the same frame."""
    translate = translator(state.language)
    document = figure(picture_of(state, translate=translate), THEMES[state.theme])
    words = [(state.size_notation.name(text), axis) for text, axis in sentence_of(state, translate)]
    document["layout"]["meta"] = {"sentence": words}
    return document
