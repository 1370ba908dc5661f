"""A picture in which some sizes are unknown: question marks in the colours of their axes, and wires that claim no
thickness."""

from collections.abc import Collection
from dataclasses import replace

from ...translations.phrases import Phrase, phrase
from ..elements import Label, Picture, Shape, Text
from ..folded_steps import UNROLLED, UNROLLED_IN_REVERSE, Fold
from ..text_lines import like
from ..text_spans import ShapeSpan, TextSpan
from ..wires import Wire

UNKNOWN = "?"
"""The sign for an unknown size."""

THICKNESS, DASH = 1.5, (4, 3)
"""The wire of a vector of unknown length."""


FOLD = Fold(0, 0)

OF_UNKNOWN_NUMBER = {
    FOLD.words.template: phrase("more steps"),
    FOLD.long_words.template: phrase("more steps, same cell, same weights"),
    UNROLLED: phrase("{cell} unrolled, step {t} in full"),
    UNROLLED_IN_REVERSE: phrase("{cell} unrolled from the last step to the first, step {t} in full"),
}
"""Words with the number of time steps, and those without it."""


def with_unknown_sizes(picture: Picture, unknown: Collection[str]) -> Picture:
    """The same picture with ``?`` for the sizes that are named ``unknown``."""
    title = _without_number(picture.title) if "time_step" in unknown else picture.title
    return replace(picture, shapes=tuple(_with_unknown(shape, unknown) for shape in picture.shapes), title=title)


def _without_number(text: str) -> str:
    """A text without the number of time steps."""
    other = OF_UNKNOWN_NUMBER.get(text.template) if isinstance(text, Phrase) else None
    return phrase(other, **text.values) if other and isinstance(text, Phrase) else text


def _with_unknown(shape: Shape, unknown: Collection[str]) -> Shape:
    match shape:
        case Wire() if shape.axis in unknown:
            return replace(shape, width=THICKNESS, dash=DASH)
        case Text() if "time_step" in unknown:
            return replace(shape, text=_without_number(shape.text))
        case Label() if any(span.role in unknown for line in shape.lines for span in line):
            lines = (tuple(_span(span, unknown) for span in line) for line in shape.lines)
            return replace(shape, lines=like(shape.lines, lines))
    return shape


def _span(span: TextSpan, unknown: Collection[str]) -> TextSpan:
    is_size = isinstance(span, ShapeSpan) and span.role in unknown
    return span._replace(text=UNKNOWN) if is_size else span
