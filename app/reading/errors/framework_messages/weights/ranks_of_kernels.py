"""Messages of TensorFlow 1 about the kernel of a cell and an array with another number of axes."""

import re

from ....facts_about_sizes import GATES, fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, Shape, wrong_rank
from ..message_template import Found, MessageTemplate


def rank_of_kernel(found: Found) -> Mismatch:
    """The kernel (features+num_units, gates*num_units) of the cell that a text makes, and another array."""
    left, right = found.shape("left"), found.shape("right")
    kernels = [one for one in (left, right) if _is_kernel(found, one)]
    if len(kernels) != 1 or len(left) == len(right):
        raise NoShapeError()
    (kernel,) = kernels
    other = left if kernel == right else right
    rows, columns = (size or 0 for size in kernel)
    units = columns // GATES[found.cell]
    facts = [fact("num_units", units, "kernel"), fact("features", rows - units, "kernel")]
    return wrong_rank("kernel", MATRIX, len(other), [cause("initial_kernel", "tf1")], facts, (kernel, other))


def _is_kernel(found: Found, shape: Shape) -> bool:
    gates = GATES.get(found.cell, 0)
    if len(shape) != MATRIX or None in shape or not gates:
        return False
    rows, columns = (size or 0 for size in shape)
    units = columns // gates
    is_said = re.search(rf"cell\w{{0,20}}\([^()]{{0,40}}\b{units}\b", found.surroundings.text) is not None
    return columns % gates == 0 and rows > units and is_said


TEMPLATES = (
    MessageTemplate(
        "tf1-same-rank",
        "tf1",
        "0.5-1",
        "Shapes {left:shape} and {right:shape} must have the same rank",
        rank_of_kernel,
        anywhere=True,
    ),
)
