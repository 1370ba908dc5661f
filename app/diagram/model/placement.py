"""Where the parts of the picture of a chain are: columns of steps, slabs of layers, the gaps between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.model.layer import Layer
from ...core.model.shapes import Shape, has_time
from .model_scene import ChainScene, DrawnLayer


@dataclass(frozen=True)
class Widths:
    """Positions across the picture: the edges of a slab, the middles of the four columns, and where the words at the
    right begin. ``bar`` is the length of the longest bar of parameters."""

    width: float
    left: float
    right: float
    columns: tuple[float, float, float, float]
    cell: float
    words: float
    bar: float


PAGE = Widths(692, 150, 440, (187, 259, 331, 403), 46, 456, 210)
HALF = Widths(506, 114, 338, (145, 199, 253, 307), 34, 350, 140)
COLUMN = Widths(620, 132, 392, (166, 230, 294, 358), 40, 408, 0)
NARROW = Widths(358, 1, 200, (32, 82, 126, 169), 34, 210, 140)

WIDTHS = {"page": PAGE, "half": HALF, "column": COLUMN, "narrow": NARROW}

PAD = 7.5
"""From a slab to what is drawn in it."""

BOX, ONE_ROW, ROW = 23.0, 24.0, 21.0
"""The heights of the box of a layer without a state, of the cells of one layer, and of those of several."""

BETWEEN_DIRECTIONS, BETWEEN_LAYERS = 5.0, 15.0

GAP, SMALL_GAP, FEW = 59.0, 46.0, 7
"""From layer to layer; smaller if there are more than FEW."""

MOST_ROWS = 3
"""Stacked layers that are drawn; of more, the lowest and the highest are."""

LEAST_NARROW = 70.0
"""The least height of a layer in a narrow picture, whose words are all at the right."""

LINE = 18.0
"""From one line of words to the next."""

TOP, SHEETS, BELOW = 8.0, 22.0, 44.0
"""Above the output; the height of the sheets of the batch; below those of the input."""


@dataclass(frozen=True)
class Row:
    """The cells of one direction of a stacked layer; ``layer`` is None for the fold between lowest and highest."""

    layer: int | None
    is_backward: bool
    top: float
    height: float


@dataclass(frozen=True)
class Slab:
    """The area of a layer, with its rows from top to bottom. ``top`` and ``bottom`` are those of the outline."""

    drawn: DrawnLayer
    left: float
    top: float
    width: float
    height: float
    rows: tuple[Row, ...]

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Placement:
    """``slabs`` from the input to the output. ``output`` is the lower edge of the sheets of the output, ``input`` the
    upper edge of those of the input."""

    widths: Widths
    slabs: tuple[Slab, ...]
    output: float
    input: float
    height: float


def placement(scene: ChainScene) -> Placement:
    """Place the slabs of a scene from the output down to the input."""
    widths = WIDTHS[scene.format]
    gap = gap_of(scene)
    output = TOP + SHEETS
    y = output + gap - 22
    slabs: list[Slab] = []
    for drawn in reversed(scene.layers):
        y += drawn.space_above
        slabs.append(_slab(drawn, widths, y, scene.is_narrow))
        y = slabs[-1].bottom + gap
    input = y + scene.space_below + 10
    return Placement(widths, tuple(reversed(slabs)), output, input, input + 14 + BELOW)


def gap_of(scene: ChainScene) -> float:
    """From one layer to the next."""
    return GAP if max(len(scene.layers), scene.most_layers) <= FEW else SMALL_GAP


def _slab(drawn: DrawnLayer, widths: Widths, y: float, narrow: bool) -> Slab:
    layer, passed = drawn.passed.layer, drawn.passed
    content = _content(layer)
    lines = 1 + len(drawn.details) + (2 if narrow else 0)
    needed = max(content + 2 * PAD, LINE * lines - (6 if narrow else 2), LEAST_NARROW if narrow else 0)
    is_wide = has_time(passed.input) or has_time(passed.output) or bool(passed.misfit and layer.family == "recurrent")
    left = widths.left if is_wide else widths.columns[3] - widths.cell / 2 - 14
    height = content + 2 * PAD
    top = y + (needed - height) / 2
    rows = tuple(_rows(layer, top + PAD))
    if needed > height:  # the words beside it are taller
        top, height = y, needed
    return Slab(drawn, left, top, widths.right - left, height, rows)


def _content(layer: Layer) -> float:
    """The height of what is drawn in the slab of a layer."""
    if not layer.is_recurrent:
        return BOX
    rows = list(_rows(layer, 0))
    return rows[-1].top + rows[-1].height


def _rows(layer: Layer, y: float) -> list[Row]:
    """The rows of a recurrent layer: the highest of its stacked layers first, forward before backward."""
    if not layer.is_recurrent:
        return []
    rows = []
    stacked = stacked_layers(layer.num_layers)
    height = ONE_ROW if len(stacked) == 1 else ROW
    for n, number in enumerate(stacked):
        y += BETWEEN_LAYERS if n else 0
        if number is None:
            rows.append(Row(None, False, y - 4, 8))
            y += 4
            continue
        for direction in range(layer.directions):
            y += (9 if len(stacked) == 1 else BETWEEN_DIRECTIONS) if direction else 0
            rows.append(Row(number, direction == 1, y, height))
            y += height
    return rows


def stacked_layers(num_layers: int | None) -> Sequence[int | None]:
    """The stacked layers that are drawn, the highest first; None for those between."""
    if num_layers is None:
        return (1, None, 0)
    if num_layers <= MOST_ROWS:
        return tuple(reversed(range(num_layers)))
    return (num_layers - 1, None, 0)


def columns(shape: Shape, widths: Widths) -> list[tuple[float, int | None]]:
    """The middles and the numbers of the drawn steps of a tensor; the last column if it has no time. The number of the
    last of an unknown number of steps is None, and there are dots in the third column if steps are folded."""
    first, second, _, last = widths.columns
    if not has_time(shape):
        return [(last, 0)]
    steps = steps_of(shape)
    if steps is None:
        return [(first, 0), (second, 1), (last, None)]
    match steps:
        case 1:
            return [(last, 0)]
        case 2:
            return [(first, 0), (last, 1)]
        case 3:
            return [(first, 0), ((first + last) / 2, 1), (last, 2)]
        case 4:
            return list(zip(widths.columns, range(4), strict=True))
    return [(first, 0), (second, 1), (last, steps - 1)]


def steps_of(shape: Shape) -> int | None:
    """The number of time steps of a tensor; None if it is not known."""
    return next((size.number for size in shape if size.name == "time_step"), None)


def is_folded(shape: Shape) -> bool:
    """Whether steps of a tensor are folded."""
    steps = steps_of(shape)
    return has_time(shape) and (steps is None or steps > 4)
