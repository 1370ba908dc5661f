"""A picture with other words: in another language, or with the shapes of tensors hidden, as an exercise."""

import re
from dataclasses import replace
from itertools import takewhile

from ...translations.phrases import Phrase
from ...translations.translator import ENGLISH, Translator
from ..elements import Label, Picture, Shape, Text
from ..text_lines import like
from ..text_spans import Line, ShapeSpan, TextSpan

HIDDEN: Line = (TextSpan("?", "muted"),)
SLICE = re.compile(r"(?<=:)[\d\U000f0000-\U000fffff]+|[\d\U000f0000-\U000fffff]+(?=:)")
"""The ends of a slice in a name, numbers or slots of a template: those of ``B[0, :20]`` reveal its length."""


def in_language(picture: Picture, translate: Translator) -> Picture:
    """The same picture with every phrase translated. Names and numbers do not change."""
    if translate is ENGLISH:
        return picture
    shapes = tuple(_translated(shape, translate) for shape in picture.shapes)
    return replace(picture, shapes=shapes, title=translate(picture.title))


def _translated(shape: Shape, translate: Translator) -> Shape:
    match shape:
        case Text(text=Phrase()):
            return replace(shape, text=translate(shape.text))
        case Label() if any(isinstance(span.text, Phrase) for line in shape.lines for span in line):
            lines = (tuple(span._replace(text=translate(span.text)) for span in line) for line in shape.lines)
            return replace(shape, lines=like(shape.lines, lines))
    return shape


def without_shapes(picture: Picture) -> Picture:
    """The same picture with a question mark for each shape of a tensor. Names before a shape remain, without
    the ends of their slices."""
    return replace(picture, shapes=tuple(_hidden(shape) for shape in picture.shapes))


def _hidden(shape: Shape) -> Shape:
    if isinstance(shape, Text) and shape.font == "mono":
        return replace(shape, text=SLICE.sub("?", shape.text))
    if not isinstance(shape, Label) or not any(isinstance(span, ShapeSpan) for line in shape.lines for span in line):
        return shape
    names = takewhile(lambda span: not isinstance(span, ShapeSpan), shape.lines[0])
    name = (span._replace(text=SLICE.sub("?", span.text)) for span in names)
    return replace(shape, lines=((*name, *HIDDEN),))
