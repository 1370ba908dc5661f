"""The LSTM with peepholes: the old cell state comes down to f and i, the new one to o, each through a small box.

Colah's lines join h and x before the boxes, which would need a full matrix; libraries multiply unit by unit, so ours
pass a vector of weights and are added to what the box has made.
"""

from app.diagram.drawing import SMALL, Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.lstm import ROWS, candidate, cell_state, feed, forget, input_gate, output
from app.diagram.layouts.parts import frame, gap, gates, layer_edges
from app.diagram.wires import ELBOW

COLUMNS = {"x": 0.06, "f": 0.14, "i": 0.3, "g": 0.46, "o": 0.665, "tanh": 0.81}
COLUMNS |= {"entry": COLUMNS["f"], "output": 0.95}
ASIDE = 0.4
"""How far left of a gate's middle its peephole comes down, in widths of its box."""


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    o = _into(place, "o")
    frame(d, place)
    feed(d, place, "figo")
    cell_state(d, place)
    forget(d, place)
    input_gate(d, place)
    candidate(d, place, until=o - SMALL / 2)
    output(d, place, since=o + 10)
    _peepholes(d, place)
    gates(d, place, "z_f", "z_i", "a_g", "z_o")


def _peepholes(d: Drawing, place: Place) -> None:
    """c_prev, from left of the ×, down to f and, under f's wire, to i; c, from right of the +, down to o."""
    f, to_f, to_i, to_o = place.column("f"), *(_into(place, gate) for gate in "fio")
    c_y, y, clear = place.row("c"), place.row("added") + 12, gap(d, "f")
    d.wire("c_prev", (to_f - ELBOW, c_y), (to_f, c_y), (to_f, _hole(d, place, "f")))
    d.wire("c_prev", (to_f, y - ELBOW), (to_f, y), (f - clear, y), head=False)
    d.wire("c_prev", (f + clear, y), (to_i, y), (to_i, _hole(d, place, "i")))
    d.wire("c", (to_o - ELBOW, c_y), (to_o, c_y), (to_o, _hole(d, place, "o")))


def _hole(d: Drawing, place: Place, gate: str) -> float:
    """The small box with its vector of weights, on top of the layer's box; where it begins."""
    return d.small_layer(f"peep_{gate}", _into(place, gate), layer_edges(d, place, "a_f")[0])


def _into(place: Place, gate: str) -> float:
    return place.column(gate) - ASIDE * place.layer_width


LSTM_PEEPHOLE = Layout(inside, COLUMNS, ROWS, layer=0.13, stretch=(1.2, 1.1))
