"""Shapes mirrored, and shapes moved and scaled."""

from dataclasses import replace
from typing import Any

from ..elements import Border, Box, Ellipse, Funnel, Label, Mark, Outline, Polygon, Polyline, Shape, Squares, Text
from ..wires import Ribbon, Wire


def mirrored(shape: Shape, width: float) -> Shape:
    """The shape in a picture of that ``width`` with left and right exchanged. Words are moved, not mirrored."""
    match shape:
        case Wire() | Polyline() | Polygon():
            return replace(shape, points=tuple((width - x, y) for x, y in shape.points))
        case Box() | Border() | Outline():
            return replace(shape, x=width - shape.x - shape.width)
        case Label() | Text():
            anchor = {"start": "end", "middle": "middle", "end": "start"}[shape.anchor]
            return replace(shape, x=width - shape.x, anchor=anchor)
        case Ellipse() | Funnel() | Mark():
            return replace(shape, x=width - shape.x)
    raise TypeError(f"{type(shape).__name__} cannot be mirrored")


def scaled(shape: Shape, by: float, x: float, y: float) -> Shape:
    """The shape ``by`` times as large, with its origin at the point (x, y). Words are scaled too."""
    size: dict[str, Any]
    match shape:
        case Ribbon():
            points = tuple((x + by * px, y + by * py) for px, py in shape.points)
            first, second = shape.edges
            return replace(
                shape,
                points=points,
                width=by * shape.width,
                radius=by * shape.radius,
                edges=(by * first, by * second),
            )
        case Polygon():
            return replace(shape, points=tuple((x + by * px, y + by * py) for px, py in shape.points))
        case Squares():
            corners = tuple((x + by * px, y + by * py) for px, py in shape.corners)
            return replace(shape, corners=corners, width=by * shape.width, height=by * shape.height)
        case Wire():
            points = tuple((x + by * px, y + by * py) for px, py in shape.points)
            return replace(shape, points=points, width=by * shape.width, radius=by * shape.radius)
        case Polyline():
            points = tuple((x + by * px, y + by * py) for px, py in shape.points)
            return replace(shape, points=points, width=by * shape.width)
        case Box() | Border():
            size = {"width": by * shape.width, "height": by * shape.height, "radius": by * shape.radius}
        case Outline():
            size = {"width": by * shape.width, "height": by * shape.height, "radius": by * shape.radius}
            size["line"] = by * shape.line
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
