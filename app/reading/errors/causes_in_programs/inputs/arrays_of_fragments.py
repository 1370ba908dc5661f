"""The arrays in a few lines of code, without a traceback, that a cause corrects by their own names: the step that a
cell gets in a loop, the output in a product, and the weights that a layer of Keras gets."""

import ast
import re

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, MATRIX, RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_shape
from ...said_shapes import said_shape


def step_of_samples(found: Found, _: Mismatch) -> Corrections:
    """The only call of a cell of PyTorch with one entry of x, in a loop over the second axis of x: with a step of all
    samples."""
    tree = found.program.tree
    steps = [
        one.args[0]
        for one in tree.calls
        if len(one.args) == 2 and isinstance(one.args[0], ast.Subscript) and _is_along_second(tree, one.args[0])
    ]
    if tree.frames or found.framework != "pytorch" or len(steps) != 1:
        return ()
    return tree.corrected((steps[0].slice, f":, {tree.text(steps[0].slice)}"))


def _is_along_second(tree: ProgramTree, step: ast.Subscript) -> bool:
    """Whether the nearest loop above an entry of an array counts the second axis of this array."""
    loop = next((one for one in tree.above(step) if isinstance(one, ast.For)), None)
    is_index = loop is not None and ast.unparse(loop.target) == ast.unparse(step.slice)
    return is_index and loop is not None and tree.axis_of_range(loop.iter, step.value) == 1


def output_with_batch_first(found: Found, _: Mismatch) -> Corrections:
    """The only product of matrices of PyTorch whose second factor is an output with time first: with its first two axes
    exchanged."""
    tree = found.program.tree
    factors = [
        one.operands[1].node
        for one in found.program.operations
        if one.name in ("bmm", "matmul") and len(one.operands) == 2 and "output" in one.operands[1].roles
    ]
    is_of_product = found.template.id == "pytorch-products" and not tree.frames
    if not is_of_product or len(factors) != 1 or not isinstance(factors[0], ast.Name):
        return ()
    return tree.corrected((factors[0], f"{factors[0].id}.transpose(0, 1)"))


def transposed_kernels(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that gives a layer of Keras its weights in a list, with both kernels transposed."""
    tree, lists = found.program.tree, [one.args for one in found.program.tree.calls_of("set_weights")]
    if tree.frames or found.framework != "keras" or mismatch.axis != "order" or len(lists) != 1:
        return ()
    match lists[0]:
        case [ast.List(elts=[ast.Name() as kernel, ast.Name() as recurrent, *biases])] if len(biases) < MATRIX:
            return tree.corrected(*((one, f"{tree.text(one)}.T") for one in (kernel, recurrent)))
    return ()


def _held_out(found: Found) -> ast.Name | None:
    """The array apart from the training data that the only call of a model of Keras gets in a few lines of code."""
    tree = found.program.tree
    arrays = [
        one.args[0]
        for one in tree.calls
        if len(one.args) == 1 and isinstance(one.args[0], ast.Name) and HELD_OUT.search(one.args[0].id)
    ]
    is_of_fragment = found.framework == "keras" and not tree.frames and not tree.calls_of("fit")
    return arrays[0] if is_of_fragment and len(arrays) == 1 and isinstance(arrays[0], ast.Name) else None


HELD_OUT = re.compile(r"(?:^|_)(?:test|val|valid|validation|new|unseen)(?:_|$)", re.IGNORECASE)
"""The name of an array with which no model is trained."""


def _of_exchanged_data(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array whose shape a few lines say, with features before steps: a model that was trained has them as it was
    made."""
    array, features, steps = _held_out(found), only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features")
    if not is_of_features or array is None or not features or not steps or features == steps:
        return mismatch
    shape = said_shape(found, array.id, RANK)
    if shape[1:] != (features, steps):
        return mismatch
    needed = (shape[0], steps, features)
    facts = [fact(name, size, "x") for name, size in zip(AXES_OF_X, needed, strict=True)]
    kept = mismatch.facts_without(*AXES_OF_X)
    return wrong_shape("x", "order", needed, shape, [cause("features_first", "keras")], [*facts, *kept])


def exchanged_data(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model with the last two axes of this array exchanged."""
    array = _held_out(found) if mismatch.axis == "order" else None
    return found.program.tree.corrected((array, f"{array.id}.transpose(0, 2, 1)")) if array is not None else ()


RULES = (_of_exchanged_data,)
"""What a few lines say about the order of the axes of x."""

CORRECTIONS = {
    "features_first": exchanged_data,
    "step_axis": step_of_samples,
    "time_first": output_with_batch_first,
    "transposed": transposed_kernels,
}
"""Cause -> the lines that it corrects."""
