"""The layout of the GRU with its reset after the product: the product of the candidate with h is a layer of its own,
whose result r gates."""

from collections.abc import Sequence
from dataclasses import replace

from ..drawing import PINK, Drawing
from ..graph import Operation
from .common_parts import (
    apart,
    branch,
    draw_gates,
    entry,
    frame,
    gate_layers,
    gate_letter,
    label_between,
    layer,
    pieces_under,
    side_by_side,
)
from .gru import BETWEEN, BORDER, COLUMNS, down, old_and_new
from .gru import Operations as OldAndNew
from .layout import CellBox, CellLayout

ROWS = {"h": 0.12, "fresh": 0.258, "tanh": 0.397, "reset": 0.535, "layers": 0.745, "concat": 0.928}

ARROW = 18.0
"""The least room for an arrow out of a layer of the candidate, which may be less tall than those of the gates."""


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    r, z = layers = gate_layers(d, box, ("a_r", "a_z"))
    tall = min(r.height, 2 * (box.row("layers") - box.row("reset") - PINK / 2 - ARROW))
    h_g, x_g = (layer(d, box, tensor, column, tall) for tensor, column in (("h_g", "reset"), ("x_g", "g")))
    at, old_new = Operations(d, box), OldAndNew(d, box)
    frame(d, box)
    _feed(d, box, layers, h_g, x_g)
    _reset(d, box, at, r, h_g)
    _candidate(d, box, at, old_new, x_g)
    old_and_new(d, box, old_new, z)
    draw_gates(d, box, layers)
    d.draw(h_g, x_g)


def _feed(d: Drawing, box: CellBox, layers: Sequence[Operation], h_g: Operation, x_g: Operation) -> None:
    """h and x side by side into r and z, then h into the first layer of the candidate and x into its second."""
    y, y_x = box.row("concat"), box.row("concat") + apart(d, "h_prev", "x")
    on = branch(d, "x", layers[-1].x)
    side_by_side(d, box, "", *down(d, box), y, layers)
    d.wire("x", entry(d, box, "x").on(on, y_x), x_g.into("bottom"), [(x_g.x, y_x)])
    d.wire("h_prev", entry(d, box, "h_prev").on(on, y), h_g.into("bottom"), [(h_g.x, y)])


class Operations:
    """The pink operations of the candidate."""

    def __init__(self, d: Drawing, box: CellBox) -> None:
        g = box.column("g")
        self.reset = d.pointwise("reset", box.column("reset"), box.row("reset"))
        self.a_g, self.g = (d.pointwise(t, g, box.row(row)) for t, row in (("a_g", "reset"), ("g", "tanh")))


def _reset(d: Drawing, box: CellBox, at: Operations, layer: Operation, h_g: Operation) -> None:
    """r goes under z and gates the product of the candidate with h."""
    r, z, g = layer.x, box.column("z"), box.column("g")
    reset, x, y = at.reset, at.reset.x, at.reset.y
    for piece in pieces_under(d, "z", (z, y), "right", layer.out("top"), reset.into("left"), [(r, y)]):
        d.wire("r", *piece)
    d.wire("h_g", h_g.out("top"), reset.into("bottom"))
    d.wire("reset", reset.out("right"), at.a_g.into("left"))
    label_between(d, "r", r, reset.bottom, layer.top, z - r - BETWEEN)
    label_between(d, "h_g", x, reset.bottom, h_g.top, g - x - BETWEEN)
    free = y - box.row("fresh") - d.thickness("fresh") / 2 - 0.75 * d.thickness("reset") - 4
    d.label("reset", (x + g) / 2 - 4, y, "above", room=g - x - 44, tall=free)
    d.draw(reset)


def _candidate(d: Drawing, box: CellBox, at: Operations, old_new: OldAndNew, x_g: Operation) -> None:
    """The product of the candidate with x is added, then tanh is applied."""
    g, added = x_g.x, old_new.added
    d.wire("x_g", x_g.out("top"), at.a_g.into("bottom"))
    d.wire("a_g", at.a_g.out("top"), at.g.into("bottom"))
    d.wire("g", at.g.out("top"), added.into("bottom"))
    places = ("x_g", at.a_g.bottom, x_g.top), ("a_g", at.g.bottom, at.a_g.top), ("g", added.bottom, at.g.top)
    for tensor, top, bottom in places:
        label_between(d, tensor, g, top, bottom, box.right - g - BORDER)
    d.draw(at.a_g, at.g)
    gate_letter(d, "g", g + 33, at.g.y, at.g.node)


WIDE_COLUMNS = {"x": 0.04, "down": 0.08, "r": 0.2, "z": 0.39, "fresh": 0.505, "reset": 0.585, "g": 0.78}
WIDE_COLUMNS |= {"entry": 0.39, "output": 0.95}
ROWS_IN_TWO_LINES = {"h": 0.095, "fresh": 0.21, "tanh": 0.325, "reset": 0.44, "layers": 0.72, "concat": 0.92}
HALF_COLUMNS = {"x": 0.04, "down": 0.073, "r": 0.185, "z": 0.385, "fresh": 0.5, "reset": 0.58, "g": 0.785}
HALF_COLUMNS |= {"entry": 0.385, "output": 0.955}
HALF_ROWS = {"h": 0.089, "fresh": 0.248, "tanh": 0.407, "reset": 0.566, "layers": 0.762, "concat": 0.937}
HALF_ROWS_IN_TWO_LINES = {**HALF_ROWS, "h": 0.105, "fresh": 0.248, "tanh": 0.39, "reset": 0.533}
HALF = CellLayout(inside, HALF_COLUMNS, HALF_ROWS, layer=0.19, stretch=(1.0, 1.25), letters_inside=True)

GRU_RESET_AFTER = CellLayout(
    inside,
    COLUMNS,
    ROWS,
    stretch=(1.1, 1.13),
    further={"narrow": (1.0, 1.3)},
    on_screen=CellLayout(
        inside,
        WIDE_COLUMNS,
        ROWS,
        layer=0.174,
        stretch=(1.1, 1.21),
        letters_inside=True,
        in_two_lines=CellLayout(
            inside, WIDE_COLUMNS, ROWS_IN_TWO_LINES, layer=0.174, stretch=(1.1, 1.15), letters_inside=True
        ),
    ),
    on_half=replace(
        HALF,
        in_two_lines=replace(HALF, rows=HALF_ROWS_IN_TWO_LINES),
    ),
)
