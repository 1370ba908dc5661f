"""The LSTM with coupled gates: in place of the input gate's layer there is a 1 − of the forget gate."""

from ..drawing import Drawing
from ..graph import Operation
from ..wires import ELBOW
from .common_parts import draw_gates, frame, gate_layers
from .layout import CellBox, CellLayout
from .lstm import (
    COLUMNS,
    HALF_COLUMNS,
    HALF_ROWS,
    ROWS,
    ROWS_IN_TWO_LINES,
    Operations,
    candidate,
    cell_state,
    feed,
    forget,
    label_i,
    output,
)


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    f, g, o = layers = gate_layers(d, box, ("a_f", "a_g", "a_o"))
    at = Operations(d, box)
    frame(d, box)
    feed(d, box, layers)
    cell_state(d, box, at)
    forget(d, box, at, f, above=at.added.top)
    _complement(d, box, at, f)
    since = o.x - (15 if box.letters_inside else 28)
    candidate(d, box, at, g, until=o.x, since=since)
    output(d, box, at, o, since)
    draw_gates(d, box, layers)


def _complement(d: Drawing, box: CellBox, at: Operations, layer: Operation) -> None:
    """1 − f, in place of the input gate."""
    added = at.added
    one_minus, f, g, y = d.pointwise("i", box.column("i"), added.y), layer.x, added.x, added.y
    d.wire("f", layer.out("top").on(f, y + ELBOW), one_minus.into("left"), [(f, y)])
    d.wire("i", one_minus.out("right"), added.into("left"))
    label_i(d, at, room=g - one_minus.x - 45)
    d.draw(one_minus)


WITH_I = {**COLUMNS, "i": 0.27}

LSTM_COUPLED = CellLayout(
    inside,
    WITH_I,
    ROWS,
    layer=0.148,
    in_two_lines=CellLayout(inside, WITH_I, ROWS_IN_TWO_LINES, layer=0.152, stretch=(1.0, 1.05)),
    on_half=CellLayout(inside, {**HALF_COLUMNS, "i": 0.27}, HALF_ROWS, layer=0.163, letters_inside=True),
)
