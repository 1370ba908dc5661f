"""The lines of a few lines of code, without a traceback, that a cause corrects if only one of them can have failed."""

import ast
import re

from ...axes_of_arrays import MATRIX, RANK
from ...code_lines.array_names import role_of_layer
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from ..inputs.axes_of_reshaped_data import sizes_of_reshape


def weights_with_axis(found: Found, _: Mismatch) -> Corrections:
    """The only product of each element of an array of every step and of one with a number for each step, which gets a
    last axis."""
    tree = found.program.tree
    products = [one.operands[:2] for one in found.program.operations if one.name in ("Mult", "mul", "multiply")]
    flat = [
        one.node
        for both in products
        if sorted(len(operand.axes) for operand in both) == [MATRIX, RANK]
        for one in both
        if len(one.axes) == MATRIX and one.node is not None
    ]
    if tree.frames or len(flat) != 1:
        return ()
    axis = ".unsqueeze(-1)" if found.framework == "pytorch" else "[..., None]"
    return tree.corrected((flat[0], f"{tree.operand(flat[0])}{axis}"))


SHAPE = re.compile(r"[(\[]\s?(\d{1,9}),\s?(\d{1,9}),\s?\d{1,9}\s?[)\]]")
"""The sizes of an output in a comment."""


def last_step_of_rows(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that puts all steps of the output of a layer of PyTorch into rows, with its last step: in the axis
    that the layer or a comment says."""
    tree, samples = found.program.tree, only_size(mismatch.got)
    if tree.frames or found.framework != "pytorch" or mismatch.tensor != "target" or samples is None:
        return ()
    calls = [one for one in tree.calls_of("view", "reshape") if [*map(tree.text, sizes_of_reshape(one)[:-1])] == ["-1"]]
    returned = [
        (one.targets[0].elts[0], one)
        for one in tree.nodes
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Tuple) and isinstance(one.value, ast.Call)
        if role_of_layer(name_of(one.value)) == "output"
    ]
    if len(calls) != 1 or len(returned) != 1 or not isinstance(calls[0].func, ast.Attribute):
        return ()
    (output, statement), array = returned[0], calls[0].func.value
    if not isinstance(array, ast.Name) or ast.unparse(output) != array.id:
        return ()
    said = SHAPE.search(tree.line(statement))
    sizes = [int(size) for size in said.groups()] if said else []
    is_first = found.surroundings.flag("batch_first")
    if is_first is None and sizes.count(samples) == 1:
        is_first = sizes.index(samples) == 0
    if is_first is None:
        return ()
    return tree.corrected((calls[0], f"{array.id}[{':, -1' if is_first else '-1'}]"))


CORRECTIONS = {
    **dict.fromkeys(("weights_axis", "mask_units"), weights_with_axis),
    "not_return_sequences": last_step_of_rows,
}
"""Cause -> the lines that it corrects."""
