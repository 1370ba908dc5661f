"""The LSTM with coupled gates: the input gate's box is gone, and a 1 − leads from the forget gate to where it went."""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.lstm import COLUMNS, ROWS, Operations, candidate, cell_state, feed, forget, output
from app.diagram.layouts.parts import draw_gates, frame, gate_layers
from app.diagram.ports import Operation
from app.diagram.wires import ELBOW


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    f, g, o = layers = gate_layers(d, place, ("a_f", "a_g", "a_o"))
    at = Operations(d, place)
    frame(d, place)
    feed(d, place, layers)
    cell_state(d, place, at)
    forget(d, place, at, f)
    _complement(d, place, at, f)
    candidate(d, place, at, g, until=o.x)
    output(d, place, at, o, since=o.x - 28)
    draw_gates(d, layers)


def _complement(d: Drawing, place: Place, at: Operations, layer: Operation) -> None:
    """1 − f, to where the input gate went."""
    added = at.added
    one_minus, f, g, y = d.pointwise("i", place.column("i"), added.y), layer.x, added.x, added.y
    d.wire("f", layer.out("top").on(f, y + ELBOW), one_minus.into("left"), [(f, y)])
    d.wire("i", one_minus.out("right"), added.into("left"))
    d.label("i", g - 18, y, "above", room=g - one_minus.x - 45, anchor="end")
    d.draw(one_minus)


LSTM_COUPLED = Layout(inside, {**COLUMNS, "i": 0.27}, ROWS)
