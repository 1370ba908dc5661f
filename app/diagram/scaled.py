"""Shapes as they are drawn elsewhere and at another size."""

from dataclasses import replace

from app.diagram.shapes import Box, Ellipse, Funnel, Label, Mark, Shape, Text, Wire


def scaled(shape: Shape, by: float, x: float, y: float) -> Shape:
    """The shape so many times as large, with its origin at the point (x, y). Words grow with the rest."""
    match shape:
        case Wire():
            points = tuple((x + by * px, y + by * py) for px, py in shape.points)
            return replace(shape, points=points, width=by * shape.width, radius=by * shape.radius)
        case Box():
            width, height = by * shape.width, by * shape.height
            shape = replace(shape, width=width, height=height, radius=by * shape.radius)
        case Funnel():
            shape = replace(shape, width=by * shape.width, height=by * shape.height, below=by * shape.below)
        case Ellipse():
            shape = replace(shape, rx=by * shape.rx, ry=by * shape.ry)
        case Mark():
            shape = replace(shape, half=by * shape.half)
        case Label() | Text():
            shape = replace(shape, size=by * shape.size)
        case _:
            raise TypeError(f"{type(shape).__name__} cannot be scaled")
    return replace(shape, x=x + by * shape.x, y=y + by * shape.y)
