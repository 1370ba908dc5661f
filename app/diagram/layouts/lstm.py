"""The LSTM's cell in full, after the arrangement of Christopher Olah's figure (2015).

Places are shares of the green rectangle: x from its left edge, y from its top. Four yellow layers f, i, g, o from left
to right, pink pointwise operations, the cell state on top, the hidden state at the bottom.
"""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.shapes import Box, Text

GATES = ("f", "i", "g", "o")
GATE_X = {"f": 0.135, "i": 0.306, "g": 0.479, "o": 0.652}
GATE_Y = 0.675
LAYER_WIDTH = 0.135
C_Y, H_Y = 0.19, 0.865
ADDED_Y, TANH_Y, OUT_Y = 0.45, 0.325, 0.51
TANH_X, UP_X, X_X = 0.785, 0.95, 0.06


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell, from the left edge to the right edge and from x below to h above."""
    d.add(Box("cell", place.x, place.y, place.width, place.height, 0.06 * place.width))
    _concatenation(d, place)
    _cell_state(d, place)
    _gates(d, place)
    _output(d, place)
    _layers(d, place)
    _pointwise(d, place)


def _concatenation(d: Drawing, place: Place) -> None:
    """[h, x]: two strands side by side, from where they meet up into each yellow box."""
    h_axis, x_axis = d.strand("h_prev"), d.strand("x")
    h, x = d.thickness(h_axis), d.thickness(x_axis)
    y_h, y_x = place.down(H_Y), place.down(H_Y) + (h + x) / 2
    x_in, bottom = place.across(X_X), _layer_bottom(d, place) + 1
    meet, last = x_in + 16, place.across(GATE_X["o"])
    d.wire("x", (x_in, place.down(1.0)), (x_in, y_x), (meet, y_x), head=False)
    d.wire("h_prev", (place.x, y_h), (meet, y_h), head=False)
    for gate in GATES:
        at = place.across(GATE_X[gate])
        start = meet if gate == "o" else max(meet, at - 26 - h)
        d.wire("concat", (start, y_x), (at + h / 2, y_x), (at + h / 2, bottom), radius=13 + h, axis=x_axis)
        d.wire("concat", (start, y_h), (at - x / 2, y_h), (at - x / 2, bottom), axis=h_axis)
    d.label("concat", (x_in + last) / 2, y_x, "below", room=last - x_in)


def _cell_state(d: Drawing, place: Place) -> None:
    y = place.down(C_Y)
    forget, plus, right = place.across(GATE_X["f"]), place.across(GATE_X["g"]), place.right
    d.wire("c_prev", (place.x, y), (forget - 13, y))
    d.wire("kept", (forget + 12, y), (plus - 13, y))
    d.wire("c", (plus + 12, y), (right, y), head=False)
    d.label("kept", (forget + plus) / 2, y, "above", room=plus - forget - 30)
    d.label("c", (plus + place.across(TANH_X)) / 2, y, "above", room=place.across(TANH_X) - plus - 30)


def _gates(d: Drawing, place: Place) -> None:
    top = _layer_top(d, place)
    f, i, g, o = (place.across(GATE_X[gate]) for gate in GATES)
    c_y, added, out = place.down(C_Y), place.down(ADDED_Y), place.down(OUT_Y)
    tanh = place.across(TANH_X)
    d.wire("f", (f, top), (f, c_y + 13))
    d.wire("i", (i, top), (i, added), (g - 13, added))
    d.wire("g", (g, top), (g, added + 13))
    d.wire("added", (g, added - 12), (g, c_y + 13))
    d.wire("o", (o, top), (o, out), (tanh - 13, out))
    d.label("f", f, (c_y + added) / 2, "right", room=i - f - 20)
    d.label("i", g - 18, added, "above", room=g - f - 45, anchor="end")
    d.label("g", g, (added + 12 + top) / 2, "right", room=o - g - 24)
    d.label("added", g, (c_y + added) / 2, "right", room=o - g - 10)
    d.label("o", tanh - 18, out, "above", room=tanh - o + 32, anchor="end")


def _output(d: Drawing, place: Place) -> None:
    """The cell state, squashed and gated, becomes h: to the right as state, and up, under the cell state, as output."""
    at, up, right = place.across(TANH_X), place.across(UP_X), place.right
    c_y, h_y, out, tanh = (place.down(share) for share in (C_Y, H_Y, OUT_Y, TANH_Y))
    gap = d.thickness(d.strand("c")) / 2 + 6
    d.wire("c", (at - 26, c_y), (at, c_y), (at, tanh - 13))
    d.wire("tanh_c", (at, tanh + 12), (at, out - 13))
    d.wire("h", (at, out + 12), (at, h_y), (right, h_y), head=False)
    d.wire("h", (up - 26, h_y), (up, h_y), (up, c_y + gap), head=False)
    d.wire("h", (up, c_y - gap), (up, place.y), head=False)
    d.label("tanh_c", at, (tanh + out) / 2, "right", room=up - at - 20)
    d.label("h", at, (out + h_y) / 2, "right", room=up - at - 20)


def _layers(d: Drawing, place: Place) -> None:
    width = LAYER_WIDTH * place.width
    top = _layer_top(d, place)
    for gate in GATES:
        x = place.across(GATE_X[gate])
        d.layer(f"a_{gate}", x, place.down(GATE_Y), width)
        d.add(Text(x - width / 2 - 8, top + 9, gate, 14, font="serif", italic=True))


def _pointwise(d: Drawing, place: Place) -> None:
    for tensor, x, y in (
        ("kept", GATE_X["f"], C_Y),
        ("c", GATE_X["g"], C_Y),
        ("added", GATE_X["g"], ADDED_Y),
        ("tanh_c", TANH_X, TANH_Y),
        ("h", TANH_X, OUT_Y),
    ):
        d.pointwise(tensor, place.across(x), place.down(y))


def _layer_top(d: Drawing, place: Place) -> float:
    return place.down(GATE_Y) - d.layer_height("a_f", LAYER_WIDTH * place.width) / 2


def _layer_bottom(d: Drawing, place: Place) -> float:
    return 2 * place.down(GATE_Y) - _layer_top(d, place)


LSTM = Layout(inside, states={"c": C_Y, "h": H_Y}, x=X_X, output=UP_X)
