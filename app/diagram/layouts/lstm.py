"""The layout of the LSTM, after Christopher Olah's figure (2015).

Four yellow layers f, i, g, o from left to right, pink pointwise operations, the cell state at the top, the hidden state
at the bottom. The variants of the LSTM use the same parts.
"""

from collections.abc import Sequence
from dataclasses import replace

from ...size_expressions import maximum, minimum, where
from ..drawing import Drawing
from ..elements import Label
from ..graph import Operation
from ..text_metrics import LEADING
from ..wires import ELBOW
from .common_parts import (
    CLEAR,
    draw_gates,
    entry,
    frame,
    gate_layers,
    label_above,
    label_between,
    output_exit,
    pieces_under,
    side_by_side,
    state_exit,
)
from .layout import CellBox, CellLayout

COLUMNS = {"x": 0.049, "f": 0.12, "i": 0.305, "g": 0.49, "o": 0.675, "tanh": 0.806}
COLUMNS |= {"entry": COLUMNS["f"], "output": 0.945}
ROWS = {"c": 0.165, "tanh": 0.27, "added": 0.388, "out": 0.493, "layers": 0.66, "funnel": 0.675, "h": 0.862}
ROWS_IN_TWO_LINES = {"c": 0.15, "tanh": 0.25, "added": 0.37, "out": 0.465, "layers": 0.68, "funnel": 0.7, "h": 0.89}
HALF_COLUMNS = {"x": 0.05, "f": 0.156, "i": 0.326, "g": 0.496, "o": 0.666, "tanh": 0.804}
HALF_COLUMNS |= {"entry": HALF_COLUMNS["f"], "output": 0.948}
HALF_ROWS = {"c": 0.155, "tanh": 0.25, "added": 0.335, "out": 0.435, "layers": 0.615, "funnel": 0.655, "h": 0.852}
FUNNEL_WIDTH = 0.115


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell, from the left edge to the right edge and from x below to h above."""
    f, i, g, o = layers = gate_layers(d, box, ("a_f", "a_i", "a_g", "a_o"))
    at = Operations(d, box)
    frame(d, box)
    feed(d, box, layers)
    cell_state(d, box, at)
    forget(d, box, at, f)
    input_gate(d, box, at, i)
    since = o.x - (15 if box.letters_inside else 28)
    candidate(d, box, at, g, until=o.x, since=since)
    output(d, box, at, o, since)
    draw_gates(d, box, layers)


class Operations:
    """The positions of the pink operations of an LSTM."""

    def __init__(self, d: Drawing, box: CellBox) -> None:
        f, g, tanh = (box.column(name) for name in ("f", "g", "tanh"))
        self.kept, self.c = (d.pointwise(tensor, x, box.row("c")) for tensor, x in (("kept", f), ("c", g)))
        self.added = d.pointwise("added", g, box.row("added"))
        self.tanh_c = d.pointwise("tanh_c", tanh, box.row("tanh"))
        self.gated = d.pointwise("m" if "m" in d.program.by_id else "h", tanh, box.row("out"))


def feed(d: Drawing, box: CellBox, layers: Sequence[Operation]) -> None:
    """[h, x] into the yellow boxes."""
    side_by_side(d, box, "concat", entry(d, box, "h_prev"), (), box.row("h"), layers)


def cell_state(d: Drawing, box: CellBox, at: Operations) -> None:
    forget, plus, y, tanh = at.kept.x, at.c.x, at.c.y, box.column("tanh")
    d.wire("c_prev", entry(d, box, "c_prev"), at.kept.into("left"))
    d.wire("kept", at.kept.out("right"), at.c.into("left"))
    d.wire("c", at.c.out("right"), state_exit(d, box, "c"))
    label_above(d, box, "kept", (forget + plus) / 2, y, room=plus - forget - 30)
    label_above(d, box, "c", (plus + tanh) / 2, y, room=tanh - plus - 30)
    d.draw(at.kept, at.c)


def forget(d: Drawing, box: CellBox, at: Operations, layer: Operation, above: float = 0.0) -> Label | None:
    """f straight up to the cell state, its label below the wire of i, or ``above`` the height of another one."""
    f, g = box.column("f"), box.column("g")
    d.wire("f", layer.out("top"), at.kept.into("bottom"))
    room = (g - f) / 2 - CLEAR - 0.4 * d.thickness("i")
    if above:
        middle = (at.c.y + at.added.y) / 2
        tall = 2 * min(middle - at.c.bottom, above - middle)
        return d.label("f", f, middle - 1, "right", room, tall=tall)
    return d.label("f", f, standing(d, "f", at.added.y, layer, room), "right above", room)


def standing(d: Drawing, tensor: str, top: float, layer: Operation, room: float) -> float:
    """The height at which a label beside the wire out of a layer ends, in the room from ``top`` to the layer."""
    size, lines = d.lettering.size, d.lines_of(tensor, room)
    y = layer.top - 2 - 0.4 * maximum(0.0, layer.top - top - 2 * LEADING * size)
    return minimum(layer.top - 2, maximum(y, top + 1.5 + (LEADING * lines - 0.2) * size))


def input_gate(d: Drawing, box: CellBox, at: Operations, layer: Operation, since: float = 27) -> None:
    """i up and to the right, to g. Its label begins after ``since``, from the wire of f."""
    added, f, g = at.added, box.column("f"), box.column("g")
    d.wire("i", layer.out("top"), added.into("left"), [(layer.x, added.y)])
    label_i(d, at, room=g - f - 18 - since)


def label_i(d: Drawing, at: Operations, room: float) -> None:
    """The label of i, above its wire and left of the wire of g."""
    y = at.added.y
    free = y - at.c.y - d.head_half("kept") - 0.75 * d.thickness("i") - 4
    d.label("i", at.added.x - 18, y, "above", room, anchor="end", tall=free)


def candidate(d: Drawing, box: CellBox, at: Operations, layer: Operation, until: float, since: float) -> None:
    """g up to i, and their product up to the cell state. The next wire, where labels end, is at ``until``; the label of
    o begins after ``since``."""
    g, room = layer.x, until - layer.x - d.thickness("g") - 10
    tall = layer.top - at.added.bottom - 2 * (len(d.lettering.wires) - 1)
    high = LEADING * d.lettering.size * len(d.lettering.wires)
    is_tight = box.letters_inside or minimum(tall - 3 * d.lettering.size, layer.top - at.gated.y - high) < 0
    beside_o = where(is_tight, (at.tanh_c.x - g - d.thickness("g") - 29) / 2, room)
    d.wire("g", layer.out("top"), at.added.into("bottom"))
    d.wire("added", at.added.out("top"), at.c.into("bottom"))
    g_room = minimum(room, beside_o)
    d.label("g", g, standing(d, "g", at.added.bottom, layer, g_room), "right above", g_room, tall=tall)
    if at.gated.y - high - 4 < at.added.top:  # beside the label of o
        room = minimum(room, since - g - d.thickness("g") - 12)
    label_between(d, "added", g, at.c.bottom, at.added.top, room)
    d.draw(at.added)


def output(d: Drawing, box: CellBox, at: Operations, layer: Operation, since: float) -> None:
    """The tanh of the cell state, gated by o, is h: it leaves at the right as a state and, under c, at the top.

    The label of o begins after ``since``.
    """
    x, up = box.column("tanh"), box.column("output")
    c_y, h_y, out = at.c.y, box.row("h"), at.gated.y
    d.wire("o", layer.out("top"), at.gated.into("left"), [(layer.x, out)])
    d.wire("c", at.c.out("right").on(x - ELBOW, c_y), at.tanh_c.into("top"), [(x, c_y)])
    d.wire("tanh_c", at.tanh_c.out("bottom"), at.gated.into("top"))
    start = (_project(d, box, at.gated) if "projection" in d.program.by_id else at.gated).out("bottom")
    risen = output_exit(d, box)
    d.wire("h", start, state_exit(d, box, "h"), [(x, h_y)])
    for piece in pieces_under(d, "c", (up, c_y), "up", start.on(up - ELBOW, h_y), risen, [(up, h_y)]):
        d.wire("h", *piece)
    free = out - at.tanh_c.bottom - 0.75 * d.thickness("o") - 2
    d.label("o", x - 18, out, "above", room=x - 18 - since, anchor="end", tall=free)
    half = d.thickness("h") / 2
    room = up - half - x - 9
    label_between(d, "tanh_c", x, at.tanh_c.bottom, at.gated.top, room - d.thickness("tanh_c") / 2)
    label_between(d, "h", x, start.y, h_y - half, room - half)
    d.draw(at.tanh_c, at.gated)


def _project(d: Drawing, box: CellBox, gated: Operation) -> Operation:
    """A funnel on the wire of h: as wide as the cell state above, as narrow as h below."""
    funnel = d.funnel("h", gated.x, box.row("funnel"), FUNNEL_WIDTH * box.width)
    d.draw(funnel)
    d.wire("m", gated.out("bottom"), funnel.into("top", tip=0))
    label_between(d, "m", gated.x, gated.bottom, funnel.top, box.column("output") - gated.x - d.thickness("m") - 9)
    return funnel


def projected(layout: CellLayout, on_screen: bool = False) -> CellLayout:
    """The layout of an LSTM or a variant, with room for a funnel on the wire of h; on a screen layers are wider."""
    (width, height), tanh = layout.stretch, layout.columns["tanh"] + (0.008 if on_screen else 0.0)
    return replace(
        layout,
        columns={**layout.columns, "tanh": tanh},
        rows={**layout.rows, "out": 0.475},
        stretch=(1.06 * width, 1.15 * height),
    )


LSTM = CellLayout(
    inside,
    COLUMNS,
    ROWS,
    layer=0.148,
    in_two_lines=CellLayout(inside, COLUMNS, ROWS_IN_TWO_LINES, layer=0.152, stretch=(1.0, 1.05)),
    on_half=CellLayout(inside, HALF_COLUMNS, HALF_ROWS, layer=0.163, letters_inside=True),
)
