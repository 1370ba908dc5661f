"""The simple recurrent network, after Colah's figure: one yellow layer, whose output goes on and up."""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import frame, layer_edges, side_by_side
from app.diagram.wires import ELBOW

COLUMNS = {"x": 0.08, "down": 0.15, "tanh": 0.5, "entry": 0.5, "output": 0.92}
ROWS = {"h": 0.22, "layers": 0.55, "concat": 0.8}


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    frame(d, place)
    down, x, up = (place.column(name) for name in ("down", "tanh", "output"))
    h_y, y, low = (place.row(name) for name in ("h", "layers", "concat"))
    top, bottom = layer_edges(d, place, "a")
    side_by_side(d, place, "concat", [(place.x, h_y), (down, h_y), (down, low)], low, [x], bottom)
    d.wire("h", (x, top), (x, h_y), (place.right, h_y), head=False)
    d.wire("h", (up - ELBOW, h_y), (up, h_y), (up, place.y), head=False)
    d.label("h", (x + up) / 2, h_y, "above", room=up - x - 20)
    d.layer("a", x, y, place.layer_width)


RNN = Layout(inside, COLUMNS, ROWS, layer=0.2, stretch=(0.9, 0.85))
