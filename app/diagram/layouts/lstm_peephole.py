"""The LSTM with peepholes: the previous cell state comes down to f and i, the new one to o, each through a small box.

In Colah's figure the peepholes join h and x before the layers, which would need a full matrix. Libraries multiply unit
by unit, so here each passes a vector of weights and is added to the product of the layer.
"""

from ..drawing import Drawing
from ..graph import Operation
from ..wires import ELBOW
from .common_parts import draw_gates, entry, frame, gate_layers, gate_of, pieces_under
from .layout import CellBox, CellLayout
from .lstm import (
    HALF_ROWS,
    ROWS,
    ROWS_IN_TWO_LINES,
    Operations,
    candidate,
    cell_state,
    feed,
    forget,
    input_gate,
    output,
)

COLUMNS = {"x": 0.05, "f": 0.13, "i": 0.3, "g": 0.47, "o": 0.67, "tanh": 0.815}
COLUMNS |= {"entry": COLUMNS["f"], "output": 0.95}
HALF_COLUMNS = {"x": 0.05, "f": 0.157, "i": 0.304, "g": 0.451, "o": 0.681, "tanh": 0.818}
HALF_COLUMNS |= {"entry": HALF_COLUMNS["f"], "output": 0.962}
ASIDE = 0.45
"""How far left of the middle of a layer its peephole comes down, in widths of the layer."""


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    f, i, g, o = layers = gate_layers(d, box, ("z_f", "z_i", "a_g", "z_o"))
    peeping = o.x - ASIDE * box.layer_width
    at = Operations(d, box)
    frame(d, box)
    feed(d, box, layers)
    cell_state(d, box, at)
    across, clear = _across(d, box, at, i), 1.5 * d.thickness("c_prev") / 2
    beside_f = forget(d, box, at, f, above=across - clear)
    input_gate(d, box, at, i, since=beside_f.bounds()[2] - f.x + 4 if beside_f else 27)
    since = peeping + d.narrowest / 2 + 2
    candidate(d, box, at, g, until=peeping - d.narrowest / 2, since=since)
    output(d, box, at, o, since)
    _peepholes(d, box, at, f, i, o, across)
    draw_gates(d, box, layers)


def _across(d: Drawing, box: CellBox, at: Operations, i: Operation) -> float:
    """The height at which c_prev runs to the peephole of i."""
    return min(at.added.y + 12, _hole(d, box, i).top - 12)


def _peepholes(d: Drawing, box: CellBox, at: Operations, f: Operation, i: Operation, o: Operation, y: float) -> None:
    """c_prev, from left of the ×, down to f and, under f's wire at the height y, to i; c, from right of the +, down to
    o."""
    old = entry(d, box, "c_prev")
    hole_f, hole_i, hole_o = (_hole(d, box, layer) for layer in (f, i, o))
    c_y = at.c.y
    to_f, to_i, to_o = (hole.into("top", tip=0) for hole in (hole_f, hole_i, hole_o))
    d.draw(hole_f)
    d.wire("c_prev", old.on(to_f.x - ELBOW, c_y), to_f, [(to_f.x, c_y)])
    branch = old.on(to_f.x, y - ELBOW)
    first, second = pieces_under(d, "f", (f.x, y), "right", branch, to_i, [(to_f.x, y)], [(to_i.x, y)])
    d.wire("c_prev", *first)
    d.draw(hole_i)
    d.wire("c_prev", *second)
    d.draw(hole_o)
    d.wire("c", at.c.out("right").on(to_o.x - ELBOW, c_y), to_o, [(to_o.x, c_y)])


def _hole(d: Drawing, box: CellBox, layer: Operation) -> Operation:
    """The small box with its vector of weights, on top of the layer."""
    tensor = f"peep_{gate_of(layer.node.tensor)}"
    return d.small_layer(tensor, layer.x - ASIDE * box.layer_width, layer.top)


LSTM_PEEPHOLE = CellLayout(
    inside,
    COLUMNS,
    ROWS,
    layer=0.13,
    stretch=(1.12, 1.05),
    in_two_lines=CellLayout(inside, COLUMNS, ROWS_IN_TWO_LINES, layer=0.14, stretch=(1.12, 1.08)),
    on_half=CellLayout(inside, HALF_COLUMNS, HALF_ROWS, layer=0.142, stretch=(1.0, 1.05), letters_inside=True),
)
