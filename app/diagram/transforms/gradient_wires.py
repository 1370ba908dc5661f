"""Reversed wires, in the direction of gradients: turns a picture of the forward pass into one of the backward pass."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...size_expressions import hypot
from ..elements import Shape
from ..wires import Wire

SHORTEST = 0.95
"""The least length of a wire that has an arrow head, in lengths of the head."""


def with_wires_reversed(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """The shapes of a picture, each wire from its target to its source. It ends in an arrow head at the node that
    computed its tensor, and in none where it only joins another wire or leaves a step at its entry."""
    for shape in shapes:
        if isinstance(shape, Wire):
            head = _begins_at_its_node(shape) and _has_room(shape)
            points, source, target = shape.points[::-1], shape.target, shape.source
            yield replace(shape, points=points, source=source, target=target, branches=False, head=head)
        else:
            yield shape


def _begins_at_its_node(wire: Wire) -> bool:
    return not wire.branches and wire.source is not None and wire.source.kind != "entry"


def _has_room(wire: Wire) -> bool:
    """Whether a head fits: between two small steps it does not."""
    return len(wire.points) > 2 or _length(wire) >= SHORTEST * wire.head_length


def _length(wire: Wire) -> float:
    """The length of a straight wire."""
    (x, y), (end_x, end_y) = wire.points
    return hypot(end_x - x, end_y - y)
