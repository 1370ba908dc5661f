"""Where the last states of a cell are in the arrays that a framework returns: ``h_n[3]``, ``output[0, :, 20:]``.

A direction that reads the steps from the end finishes at the first one, so in an output with every step its last state
is not at the last step.
"""

from collections.abc import Iterable

from ..core.axes import TIME_STEP, Axes, Axis, Sizes
from ..core.stack import Place
from .arrays import IOArray
from .stack_in_framework import Model

CELL_AXES = ("num_layers", "directions")
"""The axes of an array that has an entry for each of several cells."""


def part_of(array: IOArray, place: Place, sizes: Sizes, step: str = "") -> str | None:
    """The expression of the part of an array that belongs to one cell, at a ``step`` if it has several. None if the
    array has no such part, because it adds or multiplies the outputs of both directions."""
    places = array.places
    if place not in places:
        return None
    n, cells = places.index(place), len(places)
    indices = [_index(axis, n, cells, sizes, step) for axis in array.axes]
    if cells > 1 and not any(_tells_cells_apart(axis, cells) for axis in array.axes):
        return None
    return array.name + _brackets(indices)


def at_step(array: IOArray, step: str) -> str:
    """The expression of one step of an array: ``output[t]``, ``Y[:, t]``; the array itself if it has no steps."""
    return array.name + _brackets([step if axis == TIME_STEP else ":" for axis in array.axes])


def axes_of_step(array: IOArray) -> Axes:
    """The axes of one step of an array."""
    return tuple(axis for axis in array.axes if axis != TIME_STEP)


def last_states(model: Model, place: Place) -> list[str]:
    """The expressions of the last h of a cell, which are all equal: ``h_n[3]``, ``output[0, :, 20:]``."""
    return [*state_entries(model, place), *output_parts(model, place)]


def state_entries(model: Model, place: Place, state: str = "h") -> list[str]:
    """The last state of a cell in the arrays that have no other steps, those of the fewest cells first: ``h_n[3]``."""
    arrays = [array for array in model.outputs if array.tensor == f"{state}_T"]
    return _parts(sorted(arrays, key=lambda array: len(array.places)), place, model.sizes)


def output_parts(model: Model, place: Place, is_other_end: bool = False) -> list[str]:
    """The last h of a cell in the output with every step: ``output[0, :, 20:]``. ``is_other_end``: h at the other end
    of time, where the cell has read a single step."""
    # An output has the steps in the order in which its forward direction computes them.
    step = "0" if (place[1] == "backward") != is_other_end else "-1"
    return _parts((array for array in model.outputs if array.tensor == "Y"), place, model.sizes, step)


def stacked_arrays(model: Model, place: Place) -> list[IOArray]:
    """The arrays that hold the last states of several cells in the same order, this one among them: h_n and c_n."""
    return [
        array
        for array in model.outputs
        if array.tensor.endswith("_T")
        and place in array.places
        and len(array.places) > 1
        and any(axis.names[0] in CELL_AXES for axis in array.axes)
    ]


def _parts(arrays: Iterable[IOArray], place: Place, sizes: Sizes, step: str = "") -> list[str]:
    return [part for array in arrays if (part := part_of(array, place, sizes, step)) is not None]


def _index(axis: Axis, n: int, cells: int, sizes: Sizes, step: str) -> str:
    """The index along an axis that selects the n-th of the cells of an array."""
    if axis == TIME_STEP:
        return step
    if axis.names[0] in CELL_AXES:
        return str(n)
    if not _tells_cells_apart(axis, cells):
        return ":"
    width = axis.size(sizes) // cells
    return f"{n * width or ''}:{(n + 1) * width if n + 1 < cells else ''}"


def _tells_cells_apart(axis: Axis, cells: int) -> bool:
    """Whether an axis has an entry, or a block, for each of several cells."""
    return axis.names[0] in CELL_AXES or (cells > 1 and axis.terms[0][0] == cells)


def _brackets(indices: list[str]) -> str:
    """The indices in brackets, without colons at the end, which select everything; nothing if all of them do."""
    while indices and indices[-1] == ":":
        indices = indices[:-1]
    return f"[{', '.join(indices)}]" if indices else ""
