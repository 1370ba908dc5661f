"""The margin: the arrays that go in and come out of a run, each with its axes."""

from collections.abc import Mapping
from dataclasses import dataclass

from .array_names import NamedArray, Naming
from .drawing import Drawing
from .elements import Label, Text
from .shape_labels import shape_line
from .text_lines import wrapped
from .text_metrics import LEADING, line_width

STRIP_ROW, MARGIN_WIDTH = 82.0, 244.0
SHAPE_SIZE, NAMES_SIZE, CAPTION_SIZE = 17.0, 11.0, 12.5  # sizes of type


@dataclass(frozen=True)
class Margin:
    """The arrays below a picture that is ``width`` wide and ends at ``bottom``, in ``columns``; or, if that is 0, at
    its right, each array at its own height."""

    arrays: Mapping[NamedArray, float]
    columns: int
    width: float
    bottom: float

    @property
    def beneath(self) -> float:
        """The height that they need below the picture."""
        return -(-len(self.arrays) // self.columns) * STRIP_ROW if self.columns else 0

    @property
    def beside(self) -> float:
        """The width that they need at the right of the picture."""
        return MARGIN_WIDTH if self.arrays and not self.columns else 0

    def draw(self, d: Drawing) -> None:
        for n, (array, y) in enumerate(self.arrays.items()):
            if self.columns:
                width = (self.width - 14) / self.columns
                x, y = 14 + n % self.columns * width, self.bottom + 40 + n // self.columns * STRIP_ROW
            else:
                width, x = MARGIN_WIDTH - 14, self.width + 14
            _draw(d, array, x, y, width - 14, self.bottom + self.beneath)


def margin_of(naming: Naming, columns: int, heights: Mapping[str, float], width: float, bottom: float) -> Margin:
    """The margin with the arrays of a naming, sorted by the heights of their tensors in the picture."""
    found = sorted(naming.arrays, key=lambda array: heights[array.tensor])
    ys = [heights[array.tensor] for array in found]
    if len({*ys}) < len(ys):  # two have the same height: spread all evenly from the first to the last
        ys = [ys[0] + (ys[-1] - ys[0]) * k / (len(ys) - 1) for k in range(len(ys))]
    return Margin(dict(zip(found, ys, strict=True)), min(columns, len(found)), width, bottom)


def _draw(d: Drawing, array: NamedArray, x: float, y: float, room: float, bottom: float) -> None:
    """Draw an array at a height, or higher if it would not end above the ``bottom``."""
    sizes = {**d.sizes, **d.naming.sizes}
    line = shape_line(array.axes, sizes)
    names = wrapped(shape_line(array.axes, sizes, d.lettering.notation.name), NAMES_SIZE, room)
    below = LEADING * NAMES_SIZE * (len(names) - 1) / 2  # from the middle of the names to that of their last line
    y = min(y, bottom - 20 - 2 * below - 0.6 * NAMES_SIZE)
    middle = y + 20 + below
    font = "mono" if array.is_code else "sans"
    d.add(Text(x, y - 20, array.name, CAPTION_SIZE, "muted", anchor="start", font=font))
    size = min(SHAPE_SIZE, room / line_width(line, 1.0))
    d.add(Label(x, y, (line,), size, "start", tensor=array.tensor, t=d.t))
    d.add(Label(x, middle, names, NAMES_SIZE, "start"))
