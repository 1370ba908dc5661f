"""The arrays in a few lines of code, without a traceback, that a cause corrects by their own names: the step that a
cell gets in a loop, the output in a product, and the weights that a layer of Keras gets."""

import ast

from ...axes_of_arrays import MATRIX
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


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


CORRECTIONS = {
    "step_axis": step_of_samples,
    "time_first": output_with_batch_first,
    "transposed": transposed_kernels,
}
"""Cause -> the lines that it corrects."""
