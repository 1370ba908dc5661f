"""The LSTM's cell in full, after the arrangement of Christopher Olah's figure (2015).

Four yellow layers f, i, g, o from left to right, pink pointwise operations, the cell state on top, the hidden state at
the bottom. The variants of the LSTM are drawn with the same parts.
"""

from dataclasses import replace

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import LEFT, MET, frame, gap, gates, layer_edges, side_by_side
from app.diagram.wires import ELBOW

COLUMNS = {"x": 0.06, "f": 0.135, "i": 0.306, "g": 0.479, "o": 0.652, "tanh": 0.795}
COLUMNS |= {"entry": COLUMNS["f"], "output": 0.95}
ROWS = {"c": 0.19, "tanh": 0.325, "added": 0.45, "out": 0.51, "layers": 0.675, "funnel": 0.69, "h": 0.865}
FUNNEL_WIDTH = 0.115


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell, from the left edge to the right edge and from x below to h above."""
    o = place.column("o")
    frame(d, place)
    feed(d, place, "figo")
    cell_state(d, place)
    forget(d, place)
    input_gate(d, place)
    candidate(d, place, until=o)
    output(d, place, since=o - 28)
    gates(d, place, "a_f", "a_i", "a_g", "a_o")


def feed(d: Drawing, place: Place, gates: str) -> None:
    """[h, x] into the yellow boxes."""
    h_y, bottom = place.row("h"), layer_edges(d, place, "a_f")[1]
    side_by_side(d, place, "concat", [(place.x, h_y)], h_y, [place.column(gate) for gate in gates], bottom)


def cell_state(d: Drawing, place: Place) -> None:
    y = place.row("c")
    forget, plus, tanh = (place.column(name) for name in ("f", "g", "tanh"))
    d.wire("c_prev", (place.x, y), (forget - MET, y))
    d.wire("kept", (forget + LEFT, y), (plus - MET, y))
    d.wire("c", (plus + LEFT, y), (place.right, y), head=False)
    d.label("kept", (forget + plus) / 2, y, "above", room=plus - forget - 30)
    d.label("c", (plus + tanh) / 2, y, "above", room=tanh - plus - 30)
    d.pointwise("kept", forget, y)
    d.pointwise("c", plus, y)


def forget(d: Drawing, place: Place) -> None:
    """f straight up to the cell state."""
    f, g, top = place.column("f"), place.column("g"), layer_edges(d, place, "a_f")[0]
    c_y, added = place.row("c"), place.row("added")
    d.wire("f", (f, top), (f, c_y + MET))
    d.label("f", f, (c_y + added) / 2, "right", room=(g - f) / 2 - 20)


def input_gate(d: Drawing, place: Place) -> None:
    """i up and to the right, to g."""
    f, i, g = (place.column(gate) for gate in "fig")
    added = place.row("added")
    d.wire("i", (i, layer_edges(d, place, "a_f")[0]), (i, added), (g - MET, added))
    d.label("i", g - 18, added, "above", room=g - f - 45, anchor="end")


def candidate(d: Drawing, place: Place, until: float) -> None:
    """g up to i, and what both make up to the cell state. Labels end before the wire that comes next, at ``until``."""
    g, room = place.column("g"), until - place.column("g") - d.thickness("g") - 10
    c_y, added, top = place.row("c"), place.row("added"), layer_edges(d, place, "a_f")[0]
    d.wire("g", (g, top), (g, added + MET))
    d.wire("added", (g, added - LEFT), (g, c_y + MET))
    d.label("g", g, (added + LEFT + top) / 2, "right", room=room)
    d.label("added", g, (c_y + added) / 2, "right", room=room)
    d.pointwise("added", g, added)


def output(d: Drawing, place: Place, since: float) -> None:
    """The cell state, squashed and gated, becomes h: to the right as state, and up, under the cell state, as output.

    The label of o begins after ``since``.
    """
    o, at, up = (place.column(name) for name in ("o", "tanh", "output"))
    c_y, tanh, out, h_y = (place.row(name) for name in ("c", "tanh", "out", "h"))
    clear = gap(d, "c")
    d.wire("o", (o, layer_edges(d, place, "a_f")[0]), (o, out), (at - MET, out))
    d.wire("c", (at - ELBOW, c_y), (at, c_y), (at, tanh - MET))
    d.wire("tanh_c", (at, tanh + LEFT), (at, out - MET))
    made = _project(d, place) if "projection" in d.program.by_id else out + LEFT
    d.wire("h", (at, made), (at, h_y), (place.right, h_y), head=False)
    d.wire("h", (up - ELBOW, h_y), (up, h_y), (up, c_y + clear), head=False)
    d.wire("h", (up, c_y - clear), (up, place.y), head=False)
    d.label("o", at - 18, out, "above", room=at - 18 - since, anchor="end")
    d.label("tanh_c", at, (tanh + out) / 2, "right", room=up - at - 20)
    d.label("h", at, (made + h_y) / 2, "right", room=up - at - 20)
    d.pointwise("tanh_c", at, tanh)
    d.pointwise("m" if "m" in d.program.by_id else "h", at, out)


def _project(d: Drawing, place: Place) -> float:
    """A funnel on the way of h: wide as the cell state above, narrow as h below, where it ends."""
    at, out = place.column("tanh"), place.row("out")
    top, bottom = d.funnel("h", at, place.row("funnel"), FUNNEL_WIDTH * place.width)
    d.wire("m", (at, out + LEFT), (at, top))
    d.label("m", at, (out + LEFT + top) / 2, "right", room=place.column("output") - at - 18)
    return bottom


def projected(layout: Layout) -> Layout:
    """The layout of an LSTM or a variant, with room for a funnel on the way of h."""
    width, height = layout.stretch
    return replace(layout, rows={**layout.rows, "out": 0.48}, stretch=(1.06 * width, 1.15 * height))


LSTM = Layout(inside, COLUMNS, ROWS)
