"""Parts that several layouts draw: the green rectangle and its ports, two strands side by side, the layers of gates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ...size_expressions import maximum, minimum
from ..drawing import Drawing
from ..elements import Box, Point, Text
from ..graph import Node, Operation, Port
from ..wires import ELBOW, UNDERPASS
from .layout import CellBox

MEET = 16.0
"""The distance from where h and x turn to where they run side by side."""

LETTER, LETTER_BESIDE, LETTER_BELOW = 15, 7.0, 10.0
"""The size of the letter of a gate, and how far it is left of its layer and below the upper edge of that."""

LETTER_INSIDE, SIGN_ASIDE, SIGN_INSIDE = 7.5, 5.5, 0.9
"""How far a letter is right of the left edge of its layer, by how much the sign gives way to it, and how many times as
large the sign then is."""

CLEAR = 20.0
"""The part of the room between two wires that a label between them leaves free."""


Piece = tuple[Port, Port, Sequence[Point]]
"""A piece of a wire: where it begins and ends, and its corners."""


def frame(d: Drawing, box: CellBox) -> None:
    """The green rectangle."""
    d.add(Box("cell", box.x, box.y, box.width, box.height, 0.06 * box.width))


def entry(d: Drawing, box: CellBox, tensor: str) -> Port:
    """The port where x enters at the bottom, or a previous state at the left."""
    if tensor == "x":
        return d.port("entry", tensor, box.column("x"), box.bottom)
    return d.port("entry", tensor, box.x, box.row(tensor.removesuffix("_prev")))


def state_exit(d: Drawing, box: CellBox, state: str) -> Port:
    """The port where a new state leaves at the right."""
    return d.port("exit", state, box.right, box.row(state))


def output_exit(d: Drawing, box: CellBox) -> Port:
    """The port where the output leaves at the top."""
    return d.port("exit", d.program.cell.output, box.column("output"), box.y)


def pieces_under(
    d: Drawing,
    over: str,
    at: Point,
    towards: Literal["right", "up"],
    source: Port,
    target: Port,
    before: Sequence[Point] = (),
    after: Sequence[Point] = (),
) -> tuple[Piece, Piece]:
    """A wire in two pieces, because it passes under the wire ``over`` at a point. ``before`` and ``after`` are its
    corners."""
    (x, y), clear = at, d.thickness(over) / 2 + UNDERPASS
    if towards == "right":
        return (source, target.on(x - clear, y), before), (source.on(x + clear, y), target, after)
    return (source, target.on(x, y + clear), before), (source.on(x, y - clear), target, after)


def side_by_side(
    d: Drawing, box: CellBox, tensor: str, h: Port, way: Sequence[Point], y: float, layers: Sequence[Operation]
) -> None:
    """h, along a ``way``, and x from below meet at the height y and run side by side up into each layer, from left to
    right. ``tensor`` is their concatenation, if the cell has one."""
    x, y_x = entry(d, box, "x"), y + apart(d, "h_prev", "x")
    meet = max(x.x, way[-1][0] if way else h.x) + MEET
    end = d.port("join", tensor, meet + 1, y) if tensor else layers[-1].into("bottom").on(meet + 1, y)
    d.wire("x", x, end.moved(meet + 1, y_x), [(x.x, y_x)])
    d.wire("h_prev", h, end, way)
    starts = (end.moved(meet, y),) * 2 if tensor else (h.on(meet, y), x.on(meet, y))
    strands(d, tensor, ("h_prev", "x"), starts, layers)
    if tensor:
        middle = (meet + layers[-1].x) / 2
        label_below(d, box, tensor, middle, y_x, room=2 * (middle - x.x - 14))


def strands(
    d: Drawing, tensor: str, of: tuple[str, str], starts: tuple[Port, Port], layers: Sequence[Operation]
) -> None:
    """Two vectors as two strands side by side: from where the upper one starts to the last layer, with branches up into
    the others. ``tensor`` is their concatenation, if the cell has one."""
    upper, lower = of
    from_upper, from_lower = starts
    start, y = from_upper.x, from_upper.y
    between = apart(d, upper, lower)
    outer = ELBOW + 1.17 * between  # a quadratic curve is flatter than an arc
    for layer in layers:
        left = branch(d, lower, layer.x) + ELBOW
        right = left + between
        at_left, at_right = (layer.into("bottom").moved(x, layer.bottom + 1) for x in (left, right))
        if layer is layers[-1]:
            first, second = from_upper, from_lower.moved(start, y + between)
        else:
            first, second = from_upper.on(left - ELBOW, y), from_lower.on(maximum(start, right - outer), y + between)
        d.wire(tensor or lower, second, at_right, [(right, y + between)], radius=outer, strand=1 if tensor else 0)
        d.wire(tensor or upper, first, at_left, [(left, y)])


def branch(d: Drawing, lower: str, at: float) -> float:
    """The point where the branches into a layer, whose middle is ``at``, leave their strands."""
    return at - d.thickness(lower) / 2 - ELBOW


def apart(d: Drawing, upper: str, lower: str) -> float:
    """The distance between the middles of two strands side by side, with a slit between two of one colour."""
    slit = 2.0 if d.strands(upper)[0].axis == d.strands(lower)[0].axis else 0.0
    return (d.thickness(upper) + d.thickness(lower)) / 2 + slit


def label_above(d: Drawing, box: CellBox, tensor: str, x: float, y: float, room: float) -> None:
    """A label above a wire at the height y, under the upper edge of the cell."""
    d.label(tensor, x, y, "above", room, tall=y - box.y - 0.75 * d.thickness(tensor) - 4)


def label_below(d: Drawing, box: CellBox, tensor: str, x: float, y: float, room: float) -> None:
    """A label below a wire at the height y, above the lower edge of the cell."""
    larger = 0.2 * max(0.0, d.lettering.size - 20)
    d.label(tensor, x, y, "below", room, tall=box.bottom - y - 0.75 * d.thickness(tensor) - 5 - larger)


def label_between(d: Drawing, tensor: str, x: float, top: float, bottom: float, room: float) -> None:
    """A label right of a wire at x, between two heights."""
    d.label(tensor, x, (top + bottom) / 2 - 1, "right", room, tall=bottom - top)


def layer(d: Drawing, box: CellBox, tensor: str, column: str, height: float = 0) -> Operation:
    """A yellow layer in a column."""
    return d.layer(tensor, box.column(column), box.row("layers"), box.layer_width, height)


def gate_layers(d: Drawing, box: CellBox, tensors: Sequence[str]) -> list[Operation]:
    """A yellow layer for each gate, in its column, all as tall as the first one, if there is room above the wires below
    them: of ``a_f`` that is column f."""
    y, width = box.row("layers"), box.layer_width
    below = box.row("concat" if "concat" in box.rows else "h") - d.thickness("h_prev") / 2
    height = minimum(d.layer_height(tensors[0], width), 2 * (below - y - 2))
    return [d.operation("layer", tensor, box.column(gate_of(tensor)), y, width, height) for tensor in tensors]


def gate_of(tensor: str) -> str:
    """The letter of the gate of a tensor: f of ``a_f``."""
    return tensor.rpartition("_")[2]


def draw_gates(d: Drawing, box: CellBox, layers: Sequence[Operation]) -> None:
    """The layers of the gates, and each gate's letter left of its layer, or in it left of its sign."""
    for one in layers:
        for shape in d.drawn(one):
            if box.letters_inside and isinstance(shape, Text):
                shape = replace(shape, x=shape.x + SIGN_ASIDE, size=SIGN_INSIDE * shape.size)
            d.add(shape)
        x = one.left + LETTER_INSIDE if box.letters_inside else one.left - LETTER_BESIDE
        gate_letter(d, gate_of(one.node.tensor), x, one.top + LETTER_BELOW, one.node)


def gate_letter(d: Drawing, gate: str, x: float, y: float, node: Node) -> None:
    """The letter of a gate, in the picture's naming."""
    d.add(Text(x, y, d.naming.letters.get(gate, gate), LETTER, font="serif", italic=True, node=node))
