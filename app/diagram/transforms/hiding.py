"""A picture whose labels do not say the shapes: for who is to find them."""

import re
from dataclasses import replace

from app.core.axes import Sizes
from app.diagram.shapes import Label, Line, Picture, Run, Shape

HIDDEN: Line = (Run("?", "muted"),)
SLICE = re.compile(r"(?<=:)\d+|\d+(?=:)")
"""The ends of a slice, which a name may have: those of ``B[0, :20]`` tell how long it is."""


def without_shapes(picture: Picture, sizes: Sizes) -> Picture:
    """The same picture, with a question mark for each shape. Names that stand before one stay. ``sizes`` has those of
    all axes in the picture."""
    return replace(picture, shapes=tuple(_hidden(shape, sizes) for shape in picture.shapes))


def _hidden(shape: Shape, sizes: Sizes) -> Shape:
    if not isinstance(shape, Label) or not any(run.role in sizes for line in shape.lines for run in line):
        return shape
    name = []
    for run in shape.lines[0]:
        if run.role in sizes or run.text in ("(", "×", *sizes) or run.text.endswith("·") or run.text.isdigit():
            break
        name.append(run._replace(text=SLICE.sub("?", run.text)))
    return replace(shape, lines=((*name, *HIDDEN),))
