"""What a pasted program says about loops over layers and directions: what they pass on, and how they join it."""

import ast
from dataclasses import replace

from ..causes import cause
from ..code_lines.corrected_lines import Corrections, all_of
from ..code_lines.program_nodes import CONCATENATIONS, name_of
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, only_size

FIRST_AXES = ("", "0")
"""The first axis, as a join says it."""


def _joined_steps(found: Found, mismatch: Mismatch) -> ast.Call | None:
    """The join along the steps that makes the input of the product that failed, if its parts would fit next to each
    other; None for another one."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for factor in (one for factors in tree.products_in(found.code) for one in factors):
        made = tree.assigned(factor) if isinstance(factor, ast.Name) else factor
        if not isinstance(made, ast.Call) or name_of(made) not in CONCATENATIONS or not made.args:
            continue
        axis, parts = tree.argument(made, 1, "axis"), made.args[0]
        is_along_first = (ast.unparse(axis) if axis is not None else "") in FIRST_AXES
        if is_along_first and isinstance(parts, (ast.List, ast.Tuple)) and expected == len(parts.elts) * (got or 0):
            return made
    return None


def _of_joined_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """The outputs of both directions, which are joined along their steps."""
    if mismatch.tensor != "dense_input" or not _joined_steps(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("joined_steps", found.framework),))


def along_units(found: Found, mismatch: Mismatch) -> Corrections:
    tree, made = found.program.tree, _joined_steps(found, mismatch)
    if not made:
        return ()
    if (axis := tree.argument(made, 1, "axis")) is not None:
        return tree.corrected((axis, "-1"))
    return all_of([tree.with_argument(made, "axis", "-1")])


def _call_of_layer(found: Found) -> tuple[ast.Assign, ast.Name] | None:
    """The line of the traceback that calls each layer of a loop with the same x, and this x; None without one."""
    tree = found.program.tree
    for line in reversed(tree.frames):
        for one in tree.nodes_in(line):
            if not isinstance(one, ast.Assign) or not isinstance(call := one.value, ast.Call) or not call.args:
                continue
            x = call.args[0]
            loop = next((above for above in tree.above(one) if isinstance(above, ast.For)), None)
            if not isinstance(x, ast.Name) or not loop:
                continue
            of_loop = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
            stored = {
                node.id for node in ast.walk(loop) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            called = {node.id for node in ast.walk(call.func) if isinstance(node, ast.Name)}
            if called & of_loop and x.id not in stored and len(one.targets) == 1:
                return one, x
    return None


def _of_output_below(found: Found, mismatch: Mismatch) -> Mismatch:
    """A loop over layers that gives each of them the x of the first one."""
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or not _call_of_layer(found):
        return mismatch
    return replace(mismatch, causes=(cause("output_below", found.framework),))


def passed_on(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that calls each layer, whose output becomes the x of the next one."""
    tree, called = found.program.tree, _call_of_layer(found)
    if not called:
        return ()
    (target,), x = called[0].targets, called[1].id
    rest = ", _" * (len(target.elts) - 1) if isinstance(target, (ast.Tuple, ast.List)) else ""
    return tree.corrected((target, f"{x}{rest} = {tree.text(target)}"))


RULES = (_of_joined_steps, _of_output_below)
"""What the program says about the causes in its loops."""

CORRECTIONS = {"joined_steps": along_units, "output_below": passed_on}
"""Cause -> the lines that it corrects."""
