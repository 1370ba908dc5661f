"""The lines of a pasted program of Keras that leave a size of its input open, which a layer needs to know."""

import ast

from ...code_lines.batches_of_calls import batch_of_calls
from ...code_lines.corrected_lines import Corrections, all_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

INPUTS = ("Input", "InputLayer")


def _input(found: Found) -> tuple[ast.Call, ast.Tuple | ast.List] | None:
    """The only input that a program of Keras declares, and its shape; None for several, and for none."""
    tree = found.program.tree
    calls = tree.calls_of(*INPUTS) if found.framework == "keras" else []
    shape = tree.argument(calls[0], 0, "shape") if len(calls) == 1 else None
    return (calls[0], shape) if isinstance(shape, (ast.Tuple, ast.List)) else None


def fixed_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that declares the input, with the batch size of its calls."""
    declared, tree = _input(found), found.program.tree
    return all_of([tree.with_argument(declared[0], "batch_size", batch_of_calls(tree))]) if declared else ()


AXES_OF_IMAGES = ("time_step", "rows", "columns", "channels")
"""The axes of the images of each sample."""


def fixed_images(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that declares images, with names for the numbers of rows and columns that it leaves open."""
    declared, tree = _input(found), found.program.tree
    sizes = declared[1].elts if declared else []
    if len(sizes) != len(AXES_OF_IMAGES):
        return ()
    named = zip(sizes[1:], AXES_OF_IMAGES[1:], strict=True)
    return tree.corrected(*((size, name) for size, name in named if ast.unparse(size) == "None"))


CORRECTIONS = {"static_batch": fixed_batch, "static_images": fixed_images}
"""Cause -> the lines that it corrects."""
