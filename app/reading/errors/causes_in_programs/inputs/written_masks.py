"""What a pasted program says about a mask that it makes for a number of steps which it writes, in place of those of the
sequences."""

import ast
from dataclasses import replace

from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.array_origins import MOST_LINKS, UNCHANGED
from ...code_lines.axes_of_x import axes_of_x
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import what
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .lengths_and_masks import PACKED, PADDED, is_longest


def _written_steps(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The number of steps that a program writes where it compares ``arange`` with lengths for the mask of the line that
    failed, or as many more than the longest length as the mask has too many, and the mask; None without one."""
    steps, expected = only_size(mismatch.got), only_size(mismatch.expected)
    tree = found.program.tree
    nodes = [one.node for it in found.program.failed_operations for one in it.operands if what(one) in MASKS]
    for mask in nodes:
        node = mask
        for _ in range(MOST_LINKS):
            while isinstance(node, (ast.UnaryOp, ast.Subscript)):
                node = node.operand if isinstance(node, ast.UnaryOp) else node.value
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in KEEPS_MASK:
                node = node.func.value
            elif isinstance(node, ast.Name):
                given = tree.given_to(node)
                node = given[1] if given else tree.assigned(node)
        if not isinstance(node, ast.Compare):
            continue
        ranges = [one for one in ast.walk(node) if isinstance(one, ast.Call) and name_of(one) in RANGES and one.args]
        ends = [one.args[min(len(one.args), 2) - 1] for one in ranges]
        if len(ends) != 1 or not steps:
            continue
        if tree.number(ends[0]) == steps or (expected and _more_than_longest(tree, ends[0]) == steps - expected):
            return ends[0], node
    return None


def _more_than_longest(tree: ProgramTree, end: ast.expr) -> int:
    """How much a program adds to the longest length: ``lengths.max() + 1``; 0 for another expression."""
    match end:
        case ast.BinOp(left, ast.Add(), right):
            for longest, more in ((left, right), (right, left)):
                if is_longest(longest):
                    return tree.number(more) or 0
    return 0


MASKS = ("mask", "")
"""What a mask may be by its name, which may say nothing."""

RANGES = ("arange", "range")
KEEPS_MASK = (*UNCHANGED, "unsqueeze", "logical_not", "bool", "float", "astype")
"""Methods that keep the steps of a mask."""


def _steps_of_output(found: Found, mask: ast.expr) -> str:
    """The steps of the output of which a program makes a mask, as its function knows them: those of what it pads, or of
    the array beside the mask; "" if it does not know them."""
    tree = found.program.tree
    pairs = (one.operands for one in found.program.failed_operations)
    beside = [one.node for pair in pairs for one in pair if what(one) != "mask" and isinstance(one.node, ast.Name)]
    padded = [next(tree.above(one), None) for one in tree.calls_of(PADDED)]
    made = [one.targets[0] for one in padded if isinstance(one, ast.Assign)]
    names = [one.elts[0] if isinstance(one, (ast.Tuple, ast.List)) and one.elts else one for one in made]
    for name in (*(one for one in names if isinstance(one, ast.Name)), *beside):
        is_known = tree.function_of(name) is tree.function_of(mask) and tree.is_known_at(name, mask.lineno)
        if isinstance(name, ast.Name) and is_known:
            return _steps_of(found, name)
    return ""


def _steps_of(found: Found, array: ast.Name) -> str:
    return f"{array.id}.size(1)" if found.framework == "pytorch" else f"{array.id}.shape[1]"


def _steps_of_sequences(found: Found, mask: ast.expr, steps: int | None) -> str:
    """The steps of the first sequences that the function of a mask reads before it: an array of samples, steps and
    features with as many steps, and only them; "" without one."""
    tree = found.program.tree
    function, last = tree.function_of(mask), dict[str, ast.Name]()
    names = [one for one in tree.nodes if isinstance(one, ast.Name) and one.lineno < mask.lineno]
    for one in sorted(names, key=lambda one: one.lineno):
        if tree.function_of(one) is function and tree.axes(one):
            last[one.id] = one
    sizes = [(one, tree.axes(one)) for one in last.values() if steps]
    fitting = [one for one, axes in sizes if len(axes) == RANK and axes[1] == steps and axes.count(steps) == 1]
    return _steps_of(found, fitting[0]) if fitting else ""


def _of_written_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask for a number of steps that the program writes, while the sequences have others."""
    is_of_steps = (mismatch.tensor, mismatch.axis) == ("mask", "time_step")
    steps, tree = only_size(mismatch.got), found.program.tree
    if not is_of_steps or not _written_steps(found, mismatch) or not {"mask"} & {one.id for one in mismatch.causes}:
        return mismatch
    packed = _packed_in_program(tree)
    if any(axes_of_x(tree, one)[1:2] == (steps,) for one in packed):  # the output was padded to fewer steps
        return mismatch
    return replace(mismatch, causes=(cause("mask", found.framework),))


def _packed_in_program(tree: ProgramTree) -> list[ast.expr]:
    """The arrays that a program packs."""
    given = (tree.argument(one, *PACKED[0]) for one in tree.calls_of("pack_padded_sequence"))
    return [one for one in given if one is not None]


def steps_of_written_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a mask for a number of steps, with those of the output."""
    written = _written_steps(found, mismatch) if mismatch.axis == "time_step" else None
    if not written:
        return ()
    steps = _steps_of_output(found, written[1])
    steps = steps or _steps_of_sequences(found, written[1], only_size(mismatch.expected))
    return found.program.tree.corrected((written[0], steps)) if steps else ()


RULES = (_of_written_mask,)
"""What the program says about the steps of its mask."""

CORRECTIONS = {"mask": steps_of_written_mask}
"""Cause -> the lines that it corrects."""
