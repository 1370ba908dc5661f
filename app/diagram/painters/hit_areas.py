"""The areas of a picture that react to the pointer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ...size_expressions import Expression, maximum
from ..elements import Box, Ellipse, Funnel, HitArea, HitStrips, Label, Picture, Polygon, Shape, Text
from ..wires import Wire

STRAND = 7.0
"""The width of the area of one unit's strand, in pixels: its neighbours are close."""

OUTLINES, TEXTS = (Box, Ellipse, Funnel, Polygon, HitArea), (Label, Text)

LINE = 14
"""The smallest width of the area of any other line."""


class HitRegion(NamedTuple):
    """The area of a shape, as SVG path data: a line of this width, or an outline if the width is 0."""

    shape: Shape
    path: str
    width: float


def hit_areas(picture: Picture) -> list[HitRegion]:
    """A region for each shape that stands for a tensor or a step, from back to front.

    All wires of one tensor at one step, or of one unit's part of it, are one region together with the tensor's labels
    and its name, so that they are highlighted together and evenly. So are the areas of one unit, or of one sequence,
    that belong to no single tensor.
    """
    found: list[HitRegion] = []
    line = picture.thicker * LINE
    wires: dict[tuple[str, int | None, int | None, tuple[str, ...]], int] = {}
    followed: dict[tuple[int | None, int | None, int | None], int] = {}
    for s in expanded(picture.shapes):
        if isinstance(s, Wire):
            n = wires.setdefault((s.tensor, s.t, s.unit, s.also), len(found))
            _extend(found, n, s, s.path, maximum(line, s.width + 6) if s.unit is None else STRAND)
        elif isinstance(s, OUTLINES) and (s.tensor or is_slab(s)):
            found.append(HitRegion(s, s.path, 0))
        elif isinstance(s, OUTLINES) and (s.sample is not None or s.unit is not None):
            _extend(found, followed.setdefault((s.sample, s.unit, s.t), len(found)), s, s.path, 0)
    of_tensor = {(tensor, t): n for (tensor, t, unit, _), n in wires.items() if unit is None}
    for s in picture.shapes:
        if isinstance(s, TEXTS) and s.tensor:
            _extend(found, of_tensor.get((s.tensor, s.t), len(found)), s, s.through(), maximum(line, s.size))
    return found


def expanded(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """The shapes with the single areas of strips. An index that is an expression is compared with those of other
    shapes."""
    indices = {index for shape in shapes for index in (shape.sample, shape.unit) if index is not None}
    are_recorded = any(isinstance(index, Expression) for index in indices)
    for shape in shapes:
        if not isinstance(shape, HitStrips):
            yield shape
            continue
        for area in shape.areas():
            index: Any = getattr(area, shape.field)
            if are_recorded or isinstance(index, Expression):
                known: dict[str, Any] = {shape.field: next((one for one in indices if one == index), index)}
                area = replace(area, **known)
            yield area


def is_slab(shape: Shape) -> bool:
    """Whether it is another step, drawn small."""
    return isinstance(shape, Box) and shape.role == "slab"


def _extend(found: list[HitRegion], n: int, shape: Shape, path: str, width: float) -> None:
    """Add a path to the n-th region, or begin a new one."""
    if n == len(found):
        found.append(HitRegion(shape, path, width))
    else:
        first, begun, first_width = found[n]
        found[n] = HitRegion(first, begun + path, first_width)
