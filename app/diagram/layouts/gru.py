"""The layout of the GRU, after Colah's figure: the hidden state at the top; yellow layers r, z and the candidate g from
left to right.

Colah's z is 1 − z here, so the 1 − is on the side of the candidate.
"""

from ..drawing import PINK, Drawing
from ..elements import Point
from ..graph import Operation, Port
from ..wires import ELBOW
from .common_parts import (
    CLEAR,
    apart,
    branch,
    draw_gates,
    entry,
    frame,
    gate_layers,
    label_above,
    label_below,
    label_between,
    output_exit,
    pieces_under,
    side_by_side,
    state_exit,
    strands,
)
from .layout import CellBox, CellLayout

COLUMNS = {"x": 0.06, "down": 0.11, "r": 0.235, "z": 0.42, "fresh": 0.54, "reset": 0.605, "g": 0.79}
COLUMNS |= {"entry": COLUMNS["z"], "output": 0.94}
ROWS = {"h": 0.14, "fresh": 0.285, "reset": 0.43, "layers": 0.68, "concat": 0.865}
ROWS_IN_TWO_LINES = {"h": 0.135, "fresh": 0.27, "reset": 0.388, "layers": 0.652, "concat": 0.856}

HALF_COLUMNS = {"x": 0.06, "down": 0.105, "r": 0.225, "z": 0.425, "fresh": 0.528, "reset": 0.605, "g": 0.785}
HALF_COLUMNS |= {"entry": HALF_COLUMNS["z"], "output": 0.945}
HALF_ROWS = {"h": 0.125, "fresh": 0.305, "reset": 0.425, "layers": 0.69, "concat": 0.872}


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    r, z, g = layers = gate_layers(d, box, ("a_r", "a_z", "a_g"))
    at = Operations(d, box)
    frame(d, box)
    side_by_side(d, box, "concat", *down(d, box), box.row("concat"), (r, z))
    _reset(d, box, r)
    _candidate(d, box, at, z, g)
    old_and_new(d, box, at, z)
    draw_gates(d, box, layers)


def down(d: Drawing, box: CellBox) -> tuple[Port, tuple[Point, ...]]:
    """The point where the previous hidden state branches, and its way from the top to the bottom."""
    x, top = box.column("down"), box.row("h")
    return entry(d, box, "h_prev").on(x - ELBOW, top), ((x, top), (x, box.row("concat")))


BETWEEN, BORDER = 23.0, 14.0
"""The part of the room between two wires, and between a wire and the border, that a label between them leaves free."""


class Operations:
    """The pink operations that combine the old state and the candidate."""

    def __init__(self, d: Drawing, box: CellBox) -> None:
        z, fresh, g = (box.column(name) for name in ("z", "fresh", "g"))
        self.kept, self.h = (d.pointwise(tensor, x, box.row("h")) for tensor, x in (("kept", z), ("h", g)))
        self.fresh, self.added = (
            d.pointwise(tensor, x, box.row("fresh")) for tensor, x in (("fresh", fresh), ("added", g))
        )


def _reset(d: Drawing, box: CellBox, layer: Operation) -> None:
    """r gates the previous hidden state, and the product goes, under z, down to the bottom."""
    left, z, at, g = (box.column(name) for name in ("down", "z", "reset", "g"))
    y, low = box.row("reset"), box.row("concat")
    reset = d.pointwise("reset", layer.x, y)
    through, joined = reset.out("right"), d.port("join", "reset_concat", at + 17, low)
    d.wire("h_prev", entry(d, box, "h_prev").on(left, y - ELBOW), reset.into("left"), [(left, y)])
    d.wire("r", layer.out("top"), reset.into("bottom"))
    for piece in pieces_under(d, "z", (z, y), "right", through, joined, after=[(at, y), (at, low)]):
        d.wire("reset", *piece)
    label_between(d, "r", layer.x, reset.bottom, layer.top, z - layer.x - BETWEEN)
    label_between(d, "reset", at, reset.bottom, layer.top, g - at - BETWEEN)
    d.draw(reset)


def _candidate(d: Drawing, box: CellBox, at: Operations, z: Operation, layer: Operation) -> None:
    """x continues below z and, beside the reset state, into the candidate."""
    left, g = box.column("reset"), layer.x
    y, y_x = box.row("concat"), box.row("concat") + apart(d, "h_prev", "x")
    start = d.port("join", "reset_concat", left + 16, y)
    d.wire("x", entry(d, box, "x").on(branch(d, "x", z.x), y_x), start.moved(left + 17, y_x))
    strands(d, "reset_concat", ("reset", "x"), (start, start), [layer])
    d.wire("g", layer.out("top"), at.added.into("bottom"))
    label_below(d, box, "reset_concat", (left + g) / 2, y_x, room=left + g - 2 * z.x - CLEAR)
    label_between(d, "g", g, at.added.bottom, layer.top, box.right - g - BORDER)


def old_and_new(d: Drawing, box: CellBox, at: Operations, layer: Operation) -> None:
    """z multiplies the old state, 1 − z the candidate; the sum of both is h, which leaves to the right and up."""
    z, reset = layer.x, box.column("reset")
    h_y, y, g, fresh = at.h.y, at.fresh.y, at.h.x, at.fresh.x
    start, risen = at.h.out("right"), output_exit(d, box)
    d.wire("h_prev", entry(d, box, "h_prev"), at.kept.into("left"))
    d.wire("kept", at.kept.out("right"), at.h.into("left"))
    d.wire("h", start, state_exit(d, box, "h"))
    d.wire("h", start.on(risen.x - ELBOW, h_y), risen, [(risen.x, h_y)])
    d.wire("z", layer.out("top"), at.kept.into("bottom"))
    d.wire("z", layer.out("top").on(z, y + ELBOW), at.fresh.into("left"), [(z, y)])
    d.wire("fresh", at.fresh.out("right"), at.added.into("left"))
    d.wire("added", at.added.out("top"), at.h.into("bottom"))
    label_above(d, box, "kept", (z + g) / 2, h_y, room=g - z - 30)
    label_between(d, "z", z, box.row("reset") + PINK / 2, layer.top, reset - z - BETWEEN)
    free = y - h_y - 1.3 * d.thickness("z") - 2
    d.label("fresh", (fresh + g) / 2, y, "above", room=g - fresh - 58, tall=free)
    label_between(d, "added", g, at.h.bottom, at.added.top, box.right - g - BORDER)
    d.draw(at.kept, at.h, at.fresh, at.added)


GRU = CellLayout(
    inside,
    COLUMNS,
    ROWS,
    stretch=(1.1, 1.1),
    further={"narrow": (1.0, 1.2)},
    on_screen=CellLayout(
        inside,
        COLUMNS,
        ROWS,
        layer=0.15,
        stretch=(1.1, 1.122),
        in_two_lines=CellLayout(inside, COLUMNS, ROWS_IN_TWO_LINES, layer=0.155, stretch=(1.1, 1.12)),
    ),
    on_half=CellLayout(inside, HALF_COLUMNS, HALF_ROWS, layer=0.188, stretch=(1.0, 1.05), letters_inside=True),
)
