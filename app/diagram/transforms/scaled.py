"""Shapes as they are drawn elsewhere and at another size."""

from dataclasses import replace
from typing import Any

from app.diagram.shapes import Box, Ellipse, Funnel, Label, Mark, Shape, Sheet, Text, Wire


def scaled(shape: Shape, by: float, x: float, y: float) -> Shape:
    """The shape so many times as large, with its origin at the point (x, y). Words grow with the rest."""
    size: dict[str, Any]
    match shape:
        case Wire():
            points = tuple((x + by * px, y + by * py) for px, py in shape.points)
            return replace(shape, points=points, width=by * shape.width, radius=by * shape.radius)
        case Box():
            size = {"width": by * shape.width, "height": by * shape.height, "radius": by * shape.radius}
            if isinstance(shape, Sheet):
                size |= {"dx": by * shape.dx, "dy": by * shape.dy}
        case Funnel():
            size = {"width": by * shape.width, "height": by * shape.height, "below": by * shape.below}
        case Ellipse():
            size = {"rx": by * shape.rx, "ry": by * shape.ry}
        case Mark():
            size = {"half": by * shape.half}
        case Label() | Text():
            size = {"size": by * shape.size}
        case _:
            raise TypeError(f"{type(shape).__name__} cannot be scaled")
    return replace(shape, x=x + by * shape.x, y=y + by * shape.y, **size)
