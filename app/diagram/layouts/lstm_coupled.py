"""The LSTM with coupled gates: the input gate's box is gone, and a 1 − leads from the forget gate to where it went."""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.lstm import COLUMNS, ROWS, candidate, cell_state, feed, forget, output
from app.diagram.layouts.parts import MET, frame, gates
from app.diagram.wires import ELBOW


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    o = place.column("o")
    frame(d, place)
    feed(d, place, "fgo")
    cell_state(d, place)
    forget(d, place)
    _complement(d, place)
    candidate(d, place, until=o)
    output(d, place, since=o - 28)
    gates(d, place, "a_f", "a_g", "a_o")


def _complement(d: Drawing, place: Place) -> None:
    """1 − f, to where the input gate went."""
    f, i, g = (place.column(gate) for gate in "fig")
    y = place.row("added")
    d.wire("f", (f, y + ELBOW), (f, y), (i - 26, y))
    d.wire("i", (i + 25, y), (g - MET, y))
    d.label("i", g - 18, y, "above", room=g - i - 45, anchor="end")
    d.pointwise("i", i, y)


LSTM_COUPLED = Layout(inside, {**COLUMNS, "i": 0.27}, ROWS)
