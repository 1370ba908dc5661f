"""The kernel to scale: one block, cut into its gates from left to right and into its h rows and x rows."""

from app.core.axes import Sizes
from app.diagram.shapes import Box, Picture, Shape, Text

WIDTH, HEIGHT = 236.0, 150.0
LEFT, TOP = 24.0, 22.0


def kernel(sizes: Sizes, gates: tuple[str, ...]) -> Picture:
    """num_units+features rows (those of h first) by num_units columns for each gate, in one scale for both.

    A side that would be thinner than a hair is drawn as a hair.
    """
    h_rows, x_rows, columns = sizes["num_units"], sizes["features"], sizes["num_units"]
    scale = min(WIDTH / (columns * len(gates)), HEIGHT / (h_rows + x_rows))
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
    rows, cols = h_rows + x_rows, columns * len(gates)
    title = f"The kernel to scale: {rows} rows, {h_rows} for h and {x_rows} for x, by {cols} columns"
    return Picture(LEFT + WIDTH + 2, max(TOP + h + x, y_x + 6) + 4, tuple(shapes), title)
