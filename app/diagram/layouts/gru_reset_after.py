"""The GRU with its reset after the product: what h gives to the candidate is a layer by itself, which r meets."""

from app.diagram.drawing import Drawing
from app.diagram.layouts.gru import COLUMNS, beside, down, old_and_new
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import (
    LEFT,
    MET,
    apart,
    branch,
    frame,
    gap,
    gate_letter,
    gates,
    layer_edges,
    side_by_side,
)

ROWS = {"h": 0.13, "fresh": 0.255, "tanh": 0.38, "reset": 0.505, "layers": 0.72, "concat": 0.885}


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    top, bottom = layer_edges(d, place, "a_r")
    frame(d, place)
    _feed(d, place, bottom)
    _reset(d, place, top)
    _candidate(d, place, top)
    old_and_new(d, place, top)
    gates(d, place, "a_r", "a_z")
    for tensor, column in (("h_g", "reset"), ("x_g", "g")):
        d.layer(tensor, place.column(column), (top + bottom) / 2, place.layer_width, bottom - top)


def _feed(d: Drawing, place: Place, bottom: float) -> None:
    """h and x side by side into r and z, then h alone into the candidate's first layer and x into its second."""
    r, z, reset, g = (place.column(name) for name in ("r", "z", "reset", "g"))
    y, y_x = place.row("concat"), place.row("concat") + apart(d, "h_prev", "x")
    on = branch(d, "x", z)
    side_by_side(d, place, "", down(place), y, [r, z], bottom)
    d.wire("x", (on, y_x), (g, y_x), (g, bottom + 1))
    d.wire("h_prev", (on, y), (reset, y), (reset, bottom + 1))


def _reset(d: Drawing, place: Place, top: float) -> None:
    """r goes under z to what h gives to the candidate."""
    r, z, at, g = (place.column(name) for name in ("r", "z", "reset", "g"))
    y, clear = place.row("reset"), gap(d, "z")
    d.wire("r", (r, top), (r, y), (z - clear, y), head=False)
    d.wire("r", (z + clear, y), (at - MET, y))
    d.wire("h_g", (at, top), (at, y + MET))
    d.wire("reset", (at + LEFT, y), (g - MET, y))
    d.label("r", r, beside(place, top), "right", room=z - r - 20)
    d.label("h_g", at, beside(place, top), "right", room=g - at - 20)
    d.label("reset", (at + g) / 2 - 4, y, "above", room=g - at - 44)
    d.pointwise("reset", at, y)


def _candidate(d: Drawing, place: Place, top: float) -> None:
    """What x gives is added, then squashed."""
    g, fresh, tanh, y = place.column("g"), *(place.row(name) for name in ("fresh", "tanh", "reset"))
    d.wire("x_g", (g, top), (g, y + MET))
    d.wire("a_g", (g, y - LEFT), (g, tanh + MET))
    d.wire("g", (g, tanh - LEFT), (g, fresh + MET))
    for tensor, middle in (("x_g", beside(place, top)), ("a_g", (y + tanh) / 2), ("g", (tanh + fresh) / 2)):
        d.label(tensor, g, middle, "right", room=place.right - g - 20)
    d.pointwise("a_g", g, y)
    d.pointwise("g", g, tanh)
    gate_letter(d, "g", g - 34, tanh - 8)


GRU_RESET_AFTER = Layout(inside, COLUMNS, ROWS, stretch=(1.1, 1.3))
