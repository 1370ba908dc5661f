"""Messages of TensorFlow 1 about the kernel of a cell and an array with another number of axes, and about one length
for all samples."""

import re
from dataclasses import replace

from ....facts_about_sizes import GATES, fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, Shape, wrong_rank
from ..message_template import Found, MessageTemplate


def rank_of_kernel(found: Found) -> Mismatch:
    """The kernel (features+num_units, gates*num_units) of the cell that a text makes, and another array."""
    left, right = found.shape("left"), found.shape("right")
    if (length := LENGTH.search(found.surroundings.original)) and not left and right == (None,):
        return _one_length(found, length)
    kernels = [one for one in (left, right) if _is_kernel(found, one)]
    if len(kernels) != 1 or len(left) == len(right):
        raise NoShapeError()
    (kernel,) = kernels
    other = left if kernel == right else right
    rows, columns = (size or 0 for size in kernel)
    units = columns // GATES[found.cell]
    facts = [fact("num_units", units, "kernel"), fact("features", rows - units, "kernel")]
    return wrong_rank("kernel", MATRIX, len(other), [cause("initial_kernel", "tf1")], facts, (kernel, other))


LENGTH = re.compile(r"\bsequence_length\s?=\s?(\d{1,6}|[a-z_]\w{0,40})(?=\s?[,)])")
"""An argument for the length of each sample."""

BATCH = re.compile(r"\bzero_state\(\s?(?:batch_size\s?=\s?)?(\d{1,6}|[a-z_]\w{0,40})(?=\s?[,)])")
"""The number of samples for which a state is made."""


def _one_length(found: Found, length: re.Match[str]) -> Mismatch:
    """One length for all samples, where each needs its own."""
    batches = {*BATCH.findall(found.surroundings.original)}
    batch = batches.pop() if len(batches) == 1 else ""
    fix = f"sequence_length=tf.fill([{batch or 'batch_size'}], {length[1]})"
    likely = replace(cause("lengths", "tf1"), wrong=length[0], fix=fix)
    facts = [fact("batch_size", int(batch), "states")] if batch.isdecimal() else []
    return wrong_rank("lengths", 1, 0, [likely], facts, ((int(batch) if batch.isdecimal() else None,), ()))


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
