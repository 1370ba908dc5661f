"""Marks operations with a dashed border: those that only one of two cells has."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from ..elements import Box, Ellipse, Outline, Picture, Polygon, Shape

LINE, DASH = 2.0, (5, 3)

SIGN = 30.0, 20.0
"""The width and the height of the picture of a border alone."""


def border_sign(words: str) -> Picture:
    """An operation with a border, to explain it by ``words``."""
    width, height = SIGN
    box = Box("layer", 1.5, 1.5, width - 3, height - 3, 4)
    return Picture(width, height, (box, _border(box)), words)


def marked(picture: Picture, tensors: Collection[str]) -> Picture:
    """The picture with a border around the operations of these tensors."""
    return replace(picture, shapes=tuple(one for shape in picture.shapes for one in _with_border(shape, tensors)))


def _with_border(shape: Shape, tensors: Collection[str]) -> Iterator[Shape]:
    yield shape
    is_operation = shape.node is not None and shape.node.kind == "operation" and shape.tensor in tensors
    if is_operation and isinstance(shape, Box | Ellipse | Polygon):
        yield _border(shape)


def _border(shape: Box | Ellipse | Polygon) -> Outline:
    left, top, width, height, radius = _bounds(shape)
    return Outline("ink", left, top, width, height, radius, LINE, DASH, node=shape.node)


def _bounds(shape: Box | Ellipse | Polygon) -> tuple[float, float, float, float, float]:
    """The left edge, the top, the width and the height of an operation, and the radius of its corners."""
    match shape:
        case Box():
            return shape.x, shape.y, shape.width, shape.height, shape.radius
        case Ellipse():
            left, top = shape.x - shape.rx, shape.y - shape.ry
            return left, top, 2 * shape.rx, 2 * shape.ry, min(shape.rx, shape.ry)
    xs, ys = zip(*shape.points, strict=True)
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys), 0.0
