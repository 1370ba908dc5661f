"""How large the operations of a typed cell are, in pixels of the cell of a page."""

from ....core.program import Program, Tensor
from ...drawing import is_named_alone, is_short_kernel
from ...signs_of_typed_cells import (
    HEIGHT_OF_WEIGHT,
    LINE,
    LINE_OF_WEIGHTS,
    SQUARE,
    WEIGHT,
    choice_width,
    reduction_width,
    weight_width,
    weights_of_line,
    width_of,
)
from .operations import DrawnOperation

LAYER_WIDTH, LAYER_HEIGHT = 78.0, 56.0
FURTHER_KERNEL, NAMED = 14.0, 20.0
"""How much taller a layer is for each further kernel, and once if they have names."""

SIGN_HEIGHT = 24.0
SIDE, FIXED = 34.0, 24.0
"""The margin at the left and right, and the distance of the columns of x and of previous states."""

MANIPULATION_HALF = 23.0
"""Half the width of an operation that joins, cuts or moves axes."""

BETWEEN_INPUTS = 14.0
"""The distance of the inputs that arrive side by side at a folded line."""

LEAST_SHARE = 0.74
"""How many times as far apart columns are in some formats, where operations are as wide as on a page."""


def layer_width(program: Program, o: DrawnOperation) -> float:
    """The width of a layer: more with the names of several kernels, or with kernels of many axes."""
    kernels = _kernels(program, o)
    ranks = [len(t.axes) for t in kernels]
    named = 30.0 if len(kernels) > 1 or any(is_named_alone(program, t.symbol) for t in kernels) else 0.0
    return LAYER_WIDTH + named + 22.0 * max(0, max(ranks, default=2) - 2)


def layer_height(program: Program, o: DrawnOperation) -> float:
    """The height of a layer with the shapes of its kernels; those with names have more lines at large sizes."""
    kernels = _kernels(program, o)
    is_named = len(kernels) > 1 and all(is_short_kernel(t.symbol) for t in kernels)
    return LAYER_HEIGHT + FURTHER_KERNEL * max(0, len(o.inputs) - 1) + NAMED * is_named


def _kernels(program: Program, o: DrawnOperation) -> list[Tensor]:
    tensors = [program.by_id[id] for id in o.also]
    return [t for t in tensors if t.role == "weight" and len(t.axes) > 1]


def line_width(program: Program, o: DrawnOperation) -> float:
    """The width of a folded line, which has room for the shapes of its weights and for all its inputs side by side."""
    least = LINE_OF_WEIGHTS if weights_of_line(program, o.also) else LINE[0]
    return max(least, BETWEEN_INPUTS * (len(o.inputs) + 1))


def line_height(program: Program, o: DrawnOperation) -> float:
    weights = weights_of_line(program, o.also)
    return max(LINE[1], HEIGHT_OF_WEIGHT * len(weights))


def half_width(program: Program, o: DrawnOperation) -> float:
    """Half the width of an operation."""
    match o.sign:
        case "layer":
            return layer_width(program, o) / 2
        case "line":
            return line_width(program, o) / 2
        case "weight":
            return weight_width(program, o.shown) / 2
        case "outer":
            return SQUARE / 2
        case "reduction":
            return reduction_width(program, o.shown) / 2
        case "manipulation":
            return MANIPULATION_HALF
        case "choice":
            return choice_width(program, o.shown) / 2
    return width_of(program, o.shown) / 2


def widest_half(program: Program, o: DrawnOperation) -> float:
    """Half the width of an operation in the format that has least room for it. Layers become narrower with their
    cell."""
    return half_width(program, o) / (1.0 if o.sign == "layer" else LEAST_SHARE)


def height(program: Program, o: DrawnOperation) -> float:
    """The height of an operation."""
    match o.sign:
        case "layer":
            return layer_height(program, o)
        case "line":
            return line_height(program, o)
        case "weight":
            return WEIGHT[1]
        case "outer" | "reduction" | "choice":
            return SQUARE
    return SIGN_HEIGHT
