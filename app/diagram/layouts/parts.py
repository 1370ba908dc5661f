"""Parts that several layouts draw: the green rectangle, two strands side by side, a gate's letter."""

from collections.abc import Sequence

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Place
from app.diagram.shapes import Box, Point, Text
from app.diagram.wires import ELBOW

MET, LEFT = 13.0, 12.0
"""How far from the middle of a pink operation an arrow ends, and how far from it a wire begins."""


def frame(d: Drawing, place: Place) -> None:
    """The green rectangle."""
    d.add(Box("cell", place.x, place.y, place.width, place.height, 0.06 * place.width))


def gap(d: Drawing, over: str) -> float:
    """How far from the middle of the wire ``over`` another ends that passes under it."""
    return d.thickness(over) / 2 + 6


def side_by_side(
    d: Drawing, place: Place, tensor: str, h: Sequence[Point], y: float, boxes: Sequence[float], bottom: float
) -> None:
    """h, on its way along some points, and x from below meet at the height y, and go side by side up into each box.

    ``boxes`` are the middles of the boxes, from left to right, whose lower edge is at ``bottom``; ``tensor`` is the
    concatenation, if it is one.
    """
    x_in, y_x = place.column("x"), y + apart(d, "h_prev", "x")
    meet = max(x_in, h[-1][0]) + 16
    d.wire("x", (x_in, place.bottom), (x_in, y_x), (meet + 1, y_x), head=False)
    d.wire("h_prev", *h, (meet + 1, y), head=False)
    strands(d, tensor, ("h_prev", "x"), meet, y, boxes, bottom)
    if tensor:
        middle = (meet + boxes[-1]) / 2
        d.label(tensor, middle, y_x, "below", room=2 * (middle - x_in - 14))


def strands(
    d: Drawing, tensor: str, of: tuple[str, str], start: float, y: float, boxes: Sequence[float], bottom: float
) -> None:
    """Two vectors, as two strands side by side: from the point (start, y), the middle of the upper one, to the last
    box, and branching up into those before it. ``tensor`` is their concatenation, if it is one."""
    upper, lower = of
    between = apart(d, upper, lower)
    outer = ELBOW + 1.17 * between  # a quadratic curve is flatter than an arc
    for at in boxes:
        left = branch(d, lower, at) + ELBOW
        right = left + between
        first, second = (start, start) if at == boxes[-1] else (left - ELBOW, max(start, right - outer))
        beside = ((second, y + between), (right, y + between), (right, bottom + 1))
        d.wire(tensor or lower, *beside, radius=outer, strand=1 if tensor else 0)
        d.wire(tensor or upper, (first, y), (left, y), (left, bottom + 1))


def branch(d: Drawing, lower: str, at: float) -> float:
    """Where strands turn up into the box whose middle is ``at``: what goes on goes on from there."""
    return at - d.thickness(lower) / 2 - ELBOW


def apart(d: Drawing, upper: str, lower: str) -> float:
    """How far the middles of two strands are from each other that run side by side: of one colour, with a slit."""
    slit = 2.0 if d.strands(upper)[0].axis == d.strands(lower)[0].axis else 0.0
    return (d.thickness(upper) + d.thickness(lower)) / 2 + slit


def layer_edges(d: Drawing, place: Place, tensor: str) -> tuple[float, float]:
    """Where the yellow layers begin and end, from top to bottom: as tall as the tensor's asks for."""
    middle, height = place.row("layers"), d.layer_height(tensor, place.layer_width)
    return middle - height / 2, middle + height / 2


def gates(d: Drawing, place: Place, *tensors: str) -> None:
    """A yellow layer for each gate, in its column, and the gate's letter left of it."""
    for tensor in tensors:
        gate = tensor[-1]
        x, top = place.column(gate), layer_edges(d, place, tensor)[0]
        d.layer(tensor, x, place.row("layers"), place.layer_width)
        gate_letter(d, gate, x - place.layer_width / 2 - 8, top + 9)


def gate_letter(d: Drawing, gate: str, x: float, y: float) -> None:
    """What the gate is called by whom the picture speaks for."""
    d.add(Text(x, y, d.naming.letters.get(gate, gate), 14, font="serif", italic=True))
