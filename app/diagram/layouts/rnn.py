"""The layout of the simple RNN, after Colah's figure: one yellow layer, whose output leaves to the right and up."""

from ..drawing import Drawing
from ..wires import ELBOW
from .common_parts import CLEAR, entry, frame, layer, output_exit, side_by_side, state_exit
from .layout import CellBox, CellLayout

COLUMNS = {"x": 0.08, "down": 0.15, "tanh": 0.5, "entry": 0.5, "output": 0.92}
ROWS = {"h": 0.22, "layers": 0.55, "concat": 0.8}


def inside(d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    frame(d, box)
    h_y, low, down = box.row("h"), box.row("concat"), box.column("down")
    tanh = layer(d, box, "a", "tanh")
    start, old, risen = tanh.out("top"), entry(d, box, "h_prev"), output_exit(d, box)
    side_by_side(d, box, "concat", old, [(down, h_y), (down, low)], low, [tanh])
    d.wire("h", start, state_exit(d, box, "h"), [(tanh.x, h_y)])
    d.wire("h", start.on(risen.x - ELBOW, h_y), risen, [(risen.x, h_y)])
    d.label("h", (tanh.x + risen.x) / 2, h_y, "above", room=risen.x - tanh.x - CLEAR)
    d.draw(tanh)


RNN = CellLayout(
    inside,
    COLUMNS,
    ROWS,
    layer=0.2,
    stretch=(0.9, 0.85),
    further={"narrow": (1 / 0.9, 1.0)},
    on_half=CellLayout(inside, {**COLUMNS, "x": 0.05, "down": 0.12}, ROWS, layer=0.2, stretch=(1.0, 0.9)),
)
