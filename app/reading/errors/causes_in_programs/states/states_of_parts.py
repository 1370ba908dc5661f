"""The states of a layer or a cell of PyTorch that reads one part of the data after another: the last part may have
fewer samples than those before."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.failed_line import MODULES
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .sizes_of_states import given_state

PARTS = ("split", "chunk", "tensor_split")
"""What cuts data into parts, of which the last one may be smaller than the others."""

LOADER = "DataLoader"
"""The same for batches, of which a layer can do without the last one."""


def states_of_last_part(found: Found, mismatch: Mismatch) -> Corrections:
    """The call with as many samples of the states, which it carries from part to part, as this part has; or the lines
    that make other states, in the loop over the parts. () without such a loop, and for a state with too few samples."""
    tree, call = found.program.tree, found.program.failed_call
    node, given = call.node if call else None, given_state(call) if call else None
    is_of_batch = found.framework == "pytorch" and mismatch.axis == "batch_size"
    if not is_of_batch or not call or not call.layer or not isinstance(node, ast.Call) or given is None:
        return ()
    axis = 0 if call.layer.kind.endswith("_cell") else 1
    batches = [
        only_size(size) or (size[axis] if isinstance(size, tuple) and len(size) > axis else None)
        for size in (mismatch.expected, mismatch.got)
    ]
    loops = [one for one in tree.above(node) if isinstance(one, ast.For)]
    statement = next((one for one in tree.above(node) if isinstance(one, ast.stmt)), None)
    x = node.args[0] if node.args else None
    if not isinstance(x, ast.Name) or not isinstance(statement, ast.Assign) or not loops:
        return ()
    if not _are_parts(tree, x, loops[0], axis):
        return ()
    if None in batches or (batches[0] or 0) > (batches[1] or 0):
        return ()
    first = axis == 0 or call.layer.setting("batch_first")
    samples = f"{x.id}.size({0 if first else 1})"
    states = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    is_pair = call.layer.kind.removesuffix("_cell") == "lstm" and len(states) == 1
    carried = {one.id for one in ast.walk(statement.targets[0]) if isinstance(one, ast.Name)}
    if len(loops) == 1 and not is_pair and all(isinstance(one, ast.Name) and one.id in carried for one in states):
        part = f"[:{samples}]" if axis == 0 else f"[:, :{samples}].contiguous()"
        return tree.corrected(*((one, f"{tree.text(one)}{part}") for one in states))
    makers = {id(one.made): one.made for state in states for one in tree.origins(state)}.values()
    sizes = [of[axis] for one in makers if tree.is_maker(one) and len(of := tree.sizes_of(one)) > axis]
    functions = {tree.function_of(one) for one in (node, *makers)}
    is_before = len(functions) == 1 and not any(loops[0] in tree.above(one) for one in sizes)
    if not sizes or len(sizes) != len(makers) or not is_before or {*map(tree.number, sizes)} != {batches[1]}:
        return ()
    lines = tree.corrected(*((one, samples) for one in sizes))
    return [("", f"{made}  # before: {tree.line(statement)}") for _, made in lines]


def _are_parts(tree: ProgramTree, x: ast.Name, loop: ast.For, axis: int) -> bool:
    """Whether a loop gives a name the parts of data, with some of its samples each. ``axis``: that of the samples in
    the states."""
    made = tree.assigned(loop.iter) if isinstance(loop.iter, ast.Name) else loop.iter
    is_target = any(isinstance(one, ast.Name) and one.id == x.id for one in ast.walk(loop.target))
    names = (*PARTS, LOADER) if axis == 0 else PARTS
    return is_target and isinstance(made, ast.Call) and name_of(made) in names and _cuts_samples(tree, made)


def _cuts_samples(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call cuts data along their first axis, that of the samples."""
    axes = [one.value for one in call.keywords if one.arg in ("dim", "axis")]
    is_function = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in MODULES
    axes += call.args[2 if is_function else 1 :][:1] if name_of(call) != LOADER else []
    return all(tree.number(one) == 0 for one in axes)


CORRECTIONS = dict.fromkeys(("last_batch", "other_batch"), states_of_last_part)
"""Cause -> the lines that it corrects."""
