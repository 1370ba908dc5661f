"""Messages about parts of an array: of an output that is split, or an entry that it does not have.

Networks without recurrence raise them as well. The line that failed says which array it is.
"""

import re

from .....translations.phrases import phrase
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.failed_line import Array
from ...mismatch import AN_INDEX, Mismatch, NoShapeError, from_code, wrong_size
from ..message_template import Found, MessageTemplate

PARTS = phrase("the parts of an array")


def _axis_of_output(found: Found, axis: int) -> str:
    """The name of an axis of an output, which PyTorch has time first unless the text says otherwise."""
    if axis in (-1, RANK - 1):
        return "num_units"
    is_time_first = found.framework == "pytorch" and not found.surroundings.flag("batch_first")
    return "time_step" if (axis % RANK == 0) == is_time_first else "batch_size"


def _is_output(array: Array | None, axis: int) -> bool:
    """Whether an array is certainly what a recurrent layer returns for each step, so that the axis has a name."""
    if array is None or array.role != "output" or not array.is_certain or not array.is_name:
        return False
    return array.rank == RANK or axis in (-1, RANK - 1)


def split(found: Found) -> Mismatch:
    """An output that is split into parts with another sum than its axis has."""
    arrays = (found.line.argument("split"), found.line.receiver("split"), found.line.receiver("split_with_sizes"))
    axis = int(found.text("axis") or -1)
    array = next((one for one in arrays if _is_output(one, axis)), None)
    sizes = [int(size) for size in re.findall(r"\d{1,9}", found.text("sizes"))]
    size, total = found.number("size"), sum(sizes)
    if not array or not sizes or total == size:
        raise NoShapeError(PARTS)
    name = _axis_of_output(found, axis)
    values = {"total": total, "axis": name, "size": size}
    sentence = phrase("The parts have {total} values along {axis} together, but the output has {size}.", **values)
    likely = cause("split_sizes", found.framework)
    return from_code(Mismatch("output", name, sentence, (total,), (size,), (likely,)))


def beyond(found: Found) -> Mismatch:
    """An entry of an output along another axis than the first that it does not have."""
    index, axis = int(found.text("index").replace(" ", "")), found.number("axis")
    array = next((one for one in found.line.indexed_arrays(axis, index) if _is_output(one, axis)), None)
    if not 0 < axis < RANK or not array:
        raise NoShapeError(AN_INDEX)
    name = _axis_of_output(found, axis)
    expected = index + 1 if index >= 0 else -index
    got = found.number("got") if found.text("got") else None
    return from_code(wrong_size("output", name, expected, got, [cause("last_index", found.framework)]))


TEMPLATES = (
    MessageTemplate(
        "pytorch-split",
        "pytorch",
        "1-2",
        "split_with_sizes expects split_sizes to sum exactly to {size:n} (input tensor's size at dimension"
        " {axis:axis}), but got split_sizes=[{sizes:sizes}]",
        split,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-split",
        "tf1",
        "2",
        "can't split axis of size {size:n} into pieces of size [{sizes:sizes}] for",
        split,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-entry",
        "numpy",
        "1.9-2",
        "index {index:axis} is out of bounds for axis {axis:n} with size {got:last}",
        beyond,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-entry",
        "tf1",
        "1-2",
        "slice index {index:axis} of dimension {axis:n} out of bounds",
        beyond,
        anywhere=True,
    ),
)
