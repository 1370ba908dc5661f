"""What a pasted program of Flax says about the axis of x over which ``nn.scan`` runs: that of the steps."""

import ast
from typing import NamedTuple

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.axes_of_x import axes_of_x
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

AXES = ("in_axes", "out_axes")
"""The arguments of ``nn.scan`` with the axis of the steps, in what it gets and in what it returns."""


class _Scan(NamedTuple):
    """A call of ``nn.scan``, the axis over which it runs, and the axes of the x that its cell gets."""

    call: ast.Call
    axis: int
    x: tuple[int, ...]


def _scan_of(tree: ProgramTree, function: ast.expr) -> ast.Call | None:
    """The call of ``nn.scan`` that makes a cell: ``nn.scan(Cell)(units)``, also through names; None without one."""
    made = tree.assigned(function) if isinstance(function, (ast.Name, ast.Attribute)) else function
    of_class = made.func if isinstance(made, ast.Call) else None
    scan = tree.assigned(of_class) if isinstance(of_class, (ast.Name, ast.Attribute)) else of_class
    return scan if isinstance(scan, ast.Call) and name_of(scan) == "scan" else None


def _failed_scan(found: Found) -> _Scan | None:
    """The scan in the lines that failed, if its axis and those of its x are known; None without one."""
    tree = found.program.tree
    for call in tree.calls_in_frames:
        scan, x = _scan_of(tree, call.func), call.args[1] if call.args[1:] else None
        if scan is None or x is None:
            continue
        given = tree.argument(scan, len(scan.args), "in_axes")
        axis = tree.number(given) if given is not None else 0
        axes = tuple(one for one in axes_of_x(tree, x) if isinstance(one, int))
        return _Scan(scan, axis, axes) if axis in (0, 1) and len(axes) == RANK else None
    return None


def _of_scanned_samples(found: Found, mismatch: Mismatch) -> Mismatch:
    """A scan over the samples of x, as many as its carry has: what the cell gets are steps."""
    steps, samples = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_carry = mismatch.tensor in ("h_0", "c_0") and mismatch.axis == "batch_size" and found.framework == "flax"
    scan = _failed_scan(found) if is_of_carry else None
    if not scan or not steps or not samples or (scan.x[scan.axis], scan.x[1 - scan.axis]) != (samples, steps):
        return mismatch
    if _reads_last_step(found.program.tree, scan.axis):
        return mismatch
    features = scan.x[-1]
    kept = mismatch.facts_without("batch_size", "time_step")
    sizes = fact("batch_size", samples, "h"), fact("time_step", steps, "x"), fact("features", features, "x")
    likely = cause("scanned_axis", "flax", axis=1 - scan.axis)
    needed = (*scan.x[:2][::-1], features)
    sentence = phrase(
        "The scan runs over axis {axis} of x, which is the batch: the carry has {samples} samples, and x has {steps}"
        " steps.",
        axis=scan.axis,
        samples=samples,
        steps=steps,
    )
    return Mismatch("x", "order", sentence, needed, scan.x, (likely,), (*kept, *sizes))


def _reads_last_step(tree: ProgramTree, axis: int) -> bool:
    """Whether a program takes the last step of an output from an axis, so that it is that of the steps."""
    index = "-1" if axis == 0 else ":, -1"
    texts = {ast.unparse(one.slice).strip("()") for one in tree.nodes if isinstance(one, ast.Subscript)}
    return any(text == index or text.startswith(f"{index},") for text in texts)


def axis_of_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The axes of the scan, as those of the steps."""
    tree, scan = found.program.tree, _failed_scan(found)
    if not scan:
        return ()
    given = {one.arg: one.value for one in scan.call.keywords if one.arg in AXES}
    axis = str(1 - scan.axis)
    written = [(one, axis) for one in given.values() if tree.number(one) == scan.axis]
    missing = [name for name in AXES if name not in given]
    if not missing:
        return tree.corrected(*written) if len(written) == len(AXES) else ()
    last = (given or {"": (*scan.call.args, *(one.value for one in scan.call.keywords))[-1]}).popitem()[1]
    added = "".join(f", {name}={axis}" for name in missing)
    return all_of([tree.replaced((last, f"{axis if written else tree.text(last)}{added}"))])


RULES = (_of_scanned_samples,)
"""What the program says about the axis of a scan."""

CORRECTIONS = {"scanned_axis": axis_of_steps}
"""Cause -> the lines that it corrects."""
