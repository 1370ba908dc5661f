"""A picture in another language: its words, not its names and numbers."""

from dataclasses import replace

from app.diagram.shapes import Label, Picture, Shape, Text
from app.translations.phrases import ENGLISH, Phrase, Say


def in_language(picture: Picture, say: Say) -> Picture:
    """The same picture with every phrase in it as ``say`` has it."""
    if say is ENGLISH:
        return picture
    shapes = tuple(_translated(shape, say) for shape in picture.shapes)
    return replace(picture, shapes=shapes, title=say(picture.title))


def _translated(shape: Shape, say: Say) -> Shape:
    match shape:
        case Text(text=Phrase()):
            return replace(shape, text=say(shape.text))
        case Label() if any(isinstance(run.text, Phrase) for line in shape.lines for run in line):
            lines = (tuple(run._replace(text=say(run.text)) for run in line) for line in shape.lines)
            return replace(shape, lines=tuple(lines))
    return shape
