"""Messages about an array that is split into parts of the same size, as handwritten cells split their gates.

Networks without recurrence raise them as well.
"""

import re

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES
from ...causes import cause
from ...mismatch import Mismatch
from ..message_template import Found, MessageTemplate

LAST_AXIS = re.compile(r"axis\s?=\s?(?:-1|1)\b|,\s?(?:-1|1)\s?\)$")
"""What a split of the last axis of a matrix says."""

IN_SPLIT = re.compile(r"split(?:size|ntotal)=ary\.shape\(axis\)")
"""The frame of NumPy and of JAX that reads the size of the axis to split; in the folded text."""


def parts(found: Found) -> Mismatch:
    """An array whose size along an axis is not a multiple of the number of its parts."""
    size, number, axis = found.number("size"), found.number("number"), found.text("axis")
    is_last = axis not in ("", "0") or (not axis and LAST_AXIS.search(found.code) is not None)
    if size:
        sentence = phrase("A size of {size} cannot be split into {n} equal parts.", size=size, n=number)
    else:
        sentence = phrase("The size of the axis is not a multiple of the number of parts.")
    gates = number or GATES[found.cell or "lstm"]
    id = "gates_of_weights" if is_last else "split_axis"
    return Mismatch(None, None, sentence, causes=(cause(id, found.framework, gates=gates),))


def missing_axis(found: Found) -> Mismatch:
    """A split along an axis that the array does not have."""
    sentence = phrase("The split names an axis that the array does not have.")
    return Mismatch(
        None, None, sentence, causes=(cause("split_axis", found.framework, gates=GATES[found.cell or "lstm"]),)
    )


TEMPLATES = (
    MessageTemplate(
        "tensorflow-split",
        "tf1",
        "1-2",
        "Number of ways to split should evenly divide the split dimension, but got split_dim {axis:axis} (size ="
        " {size:n}) and num_split {number:n}",
        parts,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-split",
        "jax",
        "0.4-0.10",
        "array split does not result in an equal division: rest is {rest:n}",
        parts,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-split",
        "numpy",
        "1-2",
        "array split does not result in an equal division",
        parts,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-split-axis",
        "jax",
        "0.4-0.10",
        "tuple index out of range",
        missing_axis,
        anywhere=True,
        frame=IN_SPLIT,
    ),
)
