"""The kernel to scale: one block, cut into its gates from left to right and into its h rows and x rows."""

from math import floor, log2

from app.core.axes import Sizes
from app.diagram.shapes import Box, Picture, Shape, Text

WIDTH, HEIGHT = 236.0, 150.0
LEFT, TOP = 24.0, 22.0
LARGEST_SCALE = 16.0


def kernel(sizes: Sizes, gates: tuple[str, ...]) -> Picture:
    """num_units+features rows (those of h first) by num_units columns for each gate, in one scale for both.

    The scale is a power of two, as on a map, and a small square says it: between two scales the block grows with
    num_units in both directions. A side that would be thinner than a hair is drawn as a hair.
    """
    h_rows, x_rows, columns = sizes["num_units"], sizes["features"], sizes["num_units"]
    fitting = min(WIDTH / (columns * len(gates)), HEIGHT / (h_rows + x_rows), LARGEST_SCALE)
    scale = 2.0 ** floor(log2(fitting))
    width, h, x = (max(1.5, n * scale) for n in (columns, h_rows, x_rows))
    shapes: list[Shape] = []
    for k, gate in enumerate(gates):
        left = LEFT + k * width
        shapes.append(Box("h", left, TOP, width, h, 0, tensor="kernel", also=(f"a_{gate}", "a")))
        shapes.append(Box("x", left, TOP + h, width, x, 0, tensor="kernel", also=(f"a_{gate}", "a")))
        if width > 10:
            shapes.append(Text(left + width / 2, TOP - 11, gate, 14, font="serif", italic=True))
    y_h = TOP + h / 2
    y_x = max(TOP + h + x / 2, y_h + 14)  # the two letters never touch
    for name, y, axis in (("h", y_h, "num_units"), ("x", y_x, "features")):
        shapes.append(Text(LEFT - 11, y, name, 14, role=axis, font="serif", italic=True))
    bottom = max(TOP + h + x, y_x + 6)
    shapes += _scale_mark(scale, bottom + 10)
    rows, cols = h_rows + x_rows, columns * len(gates)
    title = f"The kernel to scale: {rows} rows, {h_rows} for h and {x_rows} for x, by {cols} columns"
    return Picture(LEFT + WIDTH + 2, bottom + 26, tuple(shapes), title)


def _scale_mark(scale: float, y: float) -> tuple[Shape, ...]:
    """A square of 8 pixels or more, and how many numbers it stands for."""
    side = max(1, round(8 / scale))
    words = "one number" if side == 1 else f"{side:,} × {side:,} numbers"
    size = side * scale
    return Box("slab", LEFT, y, size, size, 0), Text(
        LEFT + size + 7, y + size / 2, words, 11.5, "muted", anchor="start"
    )
