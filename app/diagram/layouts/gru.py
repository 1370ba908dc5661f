"""The GRU, after Colah's figure: the hidden state on top; yellow layers r, z and the candidate g from left to right.

Colah's z is 1 − z here, so the 1 − stands on the candidate's side.
"""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import (
    LEFT,
    MET,
    apart,
    branch,
    frame,
    gap,
    gates,
    layer_edges,
    side_by_side,
    strands,
)
from app.diagram.shapes import Point
from app.diagram.wires import ELBOW

COLUMNS = {"x": 0.06, "down": 0.11, "r": 0.235, "z": 0.42, "fresh": 0.54, "reset": 0.605, "g": 0.79}
COLUMNS |= {"entry": COLUMNS["z"], "output": 0.94}
ROWS = {"h": 0.14, "fresh": 0.295, "reset": 0.45, "layers": 0.69, "concat": 0.865}


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    y, (top, bottom) = place.row("concat"), layer_edges(d, place, "a_r")
    frame(d, place)
    side_by_side(d, place, "concat", down(place), y, [place.column("r"), place.column("z")], bottom)
    _reset(d, place, top)
    _candidate(d, place, top, bottom)
    old_and_new(d, place, top)
    gates(d, place, "a_r", "a_z", "a_g")


def down(place: Place) -> tuple[Point, ...]:
    """The way of the old hidden state from the top to the bottom."""
    x, top = place.column("down"), place.row("h")
    return (x - ELBOW, top), (x, top), (x, place.row("concat"))


def beside(place: Place, top: float) -> float:
    """The height of the labels beside what comes out of the layers, which begin at ``top``."""
    return (place.row("reset") + LEFT + top) / 2


def _reset(d: Drawing, place: Place, top: float) -> None:
    """r meets the old hidden state, and what it lets through goes, under z, down to the bottom."""
    left, r, z, at, g = (place.column(name) for name in ("down", "r", "z", "reset", "g"))
    y, low, clear = place.row("reset"), place.row("concat"), gap(d, "z")
    d.wire("h_prev", (left, y - ELBOW), (left, y), (r - MET, y))
    d.wire("r", (r, top), (r, y + MET))
    d.wire("reset", (r + LEFT, y), (z - clear, y), head=False)
    d.wire("reset", (z + clear, y), (at, y), (at, low), (at + 17, low), head=False)
    d.label("r", r, beside(place, top), "right", room=z - r - 20)
    d.label("reset", at, beside(place, top), "right", room=g - at - 20)
    d.pointwise("reset", r, y)


def _candidate(d: Drawing, place: Place, top: float, bottom: float) -> None:
    """x goes on below z and, beside what was reset, into the candidate."""
    z, at, g = (place.column(name) for name in ("z", "reset", "g"))
    y, y_x = place.row("concat"), place.row("concat") + apart(d, "h_prev", "x")
    d.wire("x", (branch(d, "x", z), y_x), (at + 17, y_x), head=False)
    strands(d, "reset_concat", ("reset", "x"), at + 16, y, [g], bottom)
    d.wire("g", (g, top), (g, place.row("fresh") + MET))
    d.label("reset_concat", (at + g) / 2, y_x, "below", room=at + g - 2 * z - 20)
    d.label("g", g, beside(place, top), "right", room=place.right - g - 20)


def old_and_new(d: Drawing, place: Place, top: float) -> None:
    """z lets the old state through, 1 − z the candidate: what both make is h, to the right and up."""
    z, fresh, reset, g, up = (place.column(name) for name in ("z", "fresh", "reset", "g", "output"))
    h_y, y = place.row("h"), place.row("fresh")
    d.wire("h_prev", (place.x, h_y), (z - MET, h_y))
    d.wire("kept", (z + LEFT, h_y), (g - MET, h_y))
    d.wire("h", (g + LEFT, h_y), (place.right, h_y), head=False)
    d.wire("h", (up - ELBOW, h_y), (up, h_y), (up, place.y), head=False)
    d.wire("z", (z, top), (z, h_y + MET))
    d.wire("z", (z, y + ELBOW), (z, y), (fresh - 26, y))
    d.wire("fresh", (fresh + 25, y), (g - MET, y))
    d.wire("added", (g, y - LEFT), (g, h_y + MET))
    d.label("kept", (z + g) / 2, h_y, "above", room=g - z - 30)
    d.label("z", z, beside(place, top), "right", room=reset - z - 20)
    d.label("fresh", (fresh + g) / 2, y, "above", room=g - fresh - 58)
    d.label("added", g, (y + h_y) / 2, "right", room=place.right - g - 20)
    d.pointwise("kept", z, h_y)
    d.pointwise("h", g, h_y)
    d.pointwise("fresh", fresh, y)
    d.pointwise("added", g, y)


GRU = Layout(inside, COLUMNS, ROWS, stretch=(1.1, 1.1))
