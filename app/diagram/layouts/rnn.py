"""The simple recurrent network, after Colah's figure: one yellow layer, whose output goes on and up."""

from app.diagram.drawing import Drawing
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import entry, frame, layer, output_exit, side_by_side, state_exit
from app.diagram.wires import ELBOW

COLUMNS = {"x": 0.08, "down": 0.15, "tanh": 0.5, "entry": 0.5, "output": 0.92}
ROWS = {"h": 0.22, "layers": 0.55, "concat": 0.8}


def inside(d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    frame(d, place)
    h_y, low, down = place.row("h"), place.row("concat"), place.column("down")
    tanh = layer(d, place, "a", "tanh")
    made, old, risen = tanh.out("top"), entry(d, place, "h_prev"), output_exit(d, place)
    side_by_side(d, place, "concat", old, [(down, h_y), (down, low)], low, [tanh])
    d.wire("h", made, state_exit(d, place, "h"), [(tanh.x, h_y)])
    d.wire("h", made.on(risen.x - ELBOW, h_y), risen, [(risen.x, h_y)])
    d.label("h", (tanh.x + risen.x) / 2, h_y, "above", room=risen.x - tanh.x - 20)
    d.draw(tanh)


RNN = Layout(inside, COLUMNS, ROWS, layer=0.2, stretch=(0.9, 0.85))
