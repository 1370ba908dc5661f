"""A picture whose labels do not say the shapes: for who is to find them."""

from dataclasses import replace

from app.core.axes import Sizes
from app.diagram.shapes import Label, Line, Picture, Run, Shape

HIDDEN: Line = (Run("?", "muted"),)


def without_shapes(picture: Picture, sizes: Sizes) -> Picture:
    """The same picture, with a question mark for each shape. Names that stand before one stay."""
    return replace(picture, shapes=tuple(_hidden(shape, sizes) for shape in picture.shapes))


def _hidden(shape: Shape, sizes: Sizes) -> Shape:
    if not isinstance(shape, Label) or not any(run.role in sizes for line in shape.lines for run in line):
        return shape
    name = []
    for run in shape.lines[0]:
        if run.role in sizes or run.text in ("(", "×") or run.text.endswith("·"):
            break
        name.append(run)
    return replace(shape, lines=((*name, *HIDDEN),))
