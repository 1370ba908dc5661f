"""The lines of a program that computes a cell itself which take or join the steps of x, or write outputs, and that a
cause corrects."""

import ast
import re
from collections.abc import Iterator

from ....code.operations import Operand
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import is_array, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import size_text
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import (
    axis_of_step,
    index_of_step,
    loops,
    steps,
    unstacked,
)
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..weights.kernels_of_handwritten_cells import is_weights


def transposed_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The product or the join of the program's handwritten cell, with x transposed."""
    tree = found.program.tree
    parts = {id(part.node): part.node for part in joined_parts(found) if part.axes == mismatch.got and part.node}
    if len(parts) == 1:
        (x,) = parts.values()
        return tree.corrected((x, f"{tree.operand(x)}.T"))
    products = tree.products_in(found.code)
    if len(products) != 1:
        return ()
    factors = [one for one in products[0] if tree.axes_of_made(one) == mismatch.got] or [
        one for one in products[0] if not is_weights(one)
    ]
    names = [one for one in factors if isinstance(one, (ast.Name, ast.Subscript))]
    return tree.corrected((names[0], f"{tree.text(names[0])}.T")) if len(names) == 1 else ()


def joined_parts(found: Found) -> Iterator[Operand]:
    """The arrays that the line that failed joins."""
    yield from (part for one in found.program.failed_operations if one.kind == "join" for part in one.operands)


def joined_below(found: Found, mismatch: Mismatch) -> Corrections:
    """The only join of columns in the line that failed, along the first axis."""
    tree = found.program.tree
    calls = [one for one in tree.calls_in(tree.frames[-1]) if name_of(one) in ALONG_COLUMNS] if tree.frames else []
    if len(calls) != 1 or not isinstance(calls[0].func, ast.Attribute):
        return ()
    if name_of(calls[0]) == "hstack":
        owner = tree.text(calls[0].func.value)
        return tree.corrected((calls[0].func, f"{owner}.vstack"))
    return all_of([tree.with_argument(calls[0], "axis", "0")])


ALONG_COLUMNS = ("hstack", "concatenate", "concat")


def batched_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The step of x in the join that failed, with an axis of samples."""
    tree = found.program.tree
    for call in tree.calls_in(tree.frames[-1]) if tree.frames else ():
        parts = call.args[0].elts if call.args and isinstance(call.args[0], (ast.List, ast.Tuple)) else []
        for one in parts:
            if found.line.array(one).role == "x":
                return tree.corrected((one, f"{tree.operand(one)}[None]"))
    return ()


def time_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The loop over x, with time first, or over the steps along the second axis of x."""
    tree = found.program.tree
    if calls := [*unstacked(found)]:
        axis = tree.argument(calls[0], 2, "axis")
        fix = tree.replaced((axis, "1")) if axis else tree.with_argument(calls[0], "axis", "1")
        return all_of([fix]) if len(calls) == 1 and tree.argument(calls[0], 1, "num") is None else ()
    scans = [] if tree.frames else [one for one in tree.calls_of("scan") if len(one.args) == SCANNED + 1]
    if len(scans) == 1:
        return tree.corrected((scans[0].args[SCANNED], f"{tree.operand(scans[0].args[SCANNED])}.swapaxes(0, 1)"))
    arrays = {id(one): one for one in loops(found) if is_array(one) and len(tree.axes_of_made(one)) in (0, 3)}
    return (
        all_of([tree.replaced((one, f"{tree.text(one)}.swapaxes(0, 1)")) for one in arrays.values()])
        if len(arrays) == 1
        else ()
    )


SCANNED = 2
"""The place of x among the arguments of a scan of JAX."""


def vmapped(found: Found, mismatch: Mismatch) -> Corrections:
    """The outermost call that passes a batch to functions for one sample, in ``vmap``."""
    tree, batch = found.program.tree, mismatch.shapes[1][0]
    for call in tree.calls_in_frames:
        axes = [tree.axes_of_made(one) for one in call.args]
        places = [
            (0 if _has_batch_first(tree, argument) else one.index(batch))
            if len(one) == 3 and batch in one[:2]
            else None
            for argument, one in zip(call.args, axes, strict=True)
        ]
        is_of_program = tree.function_called(call) or (isinstance(call.func, ast.Call) and name_of(call.func) == "jit")
        if is_of_program and not call.keywords and len(places) - places.count(None) == 1:
            written = f"({', '.join(map(str, places))})" if len(places) > 1 else str(places[0])
            return tree.corrected((call.func, f"jax.vmap({tree.text(call.func)}, in_axes={written})"))
    return ()


def _has_batch_first(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether an array is called a batch, and no comment says that it has time first."""
    is_named = isinstance(array, ast.Name) and BATCH.search(array.id) is not None
    made = tree.made_by(array)
    return is_named and not (made and TIME_FIRST.search(tree.comment(made)))


BATCH = re.compile(r"batch|samples|sequences")
TIME_FIRST = re.compile(r"(?:time|steps?)\b.{0,20}\b(?:batch|samples?)")
"""What an array is called that has the batch first, and a comment about one that has time first."""


def step_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The index of a step, in the other one of the first two axes; in all lines of its function that take this step."""
    tree, batch = (
        found.program.tree,
        next((one.value for one in mismatch.facts if one.terms == (("batch_size",),)), None),
    )
    for step in steps(found):
        n = axis_of_step(step)
        index = index_of_step(step)
        if _is_filled(tree, step):
            continue
        axes = tree.axes_of_made(step.value)
        if batch and (not axes or (axes[n : n + 1] == (batch,) and len(axes) == 3)):
            others = step.slice.elts[2:] if isinstance(step.slice, ast.Tuple) else []
            second = ", ".join([":", *map(tree.text, (index, *others))])
            function, text = tree.function_of(step), ast.unparse(step)
            same = [
                one
                for one in tree.nodes
                if isinstance(one, ast.Subscript) and ast.unparse(one) == text and tree.function_of(one) is function
            ]
            return tree.corrected(*((one.slice, tree.text(index) if n else second) for one in same))
    return ()


def _is_filled(tree: ProgramTree, step: ast.Subscript) -> bool:
    """Whether the function that reads a step also writes it, as one does with states and outputs, and not with x."""
    function, text = tree.function_of(step), ast.unparse(step)
    targets = (one for one in tree.nodes if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store))
    return any(ast.unparse(one) == text and tree.function_of(one) is function for one in targets)


def sizes_of_written_array(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an array, with the sizes of what is written into an entry of it."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    written = [one for one in tree.nodes_of_failure if isinstance(one, ast.Assign)]
    if not tree.frames:  # a few lines of code, of which only one writes into an array
        written = [
            one for one in tree.nodes if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Subscript)
        ]
    match written:
        case [ast.Assign(targets=[ast.Subscript(value=array, slice=index)])]:
            made = tree.made_by(array)
        case _:
            return ()
    indices = index.elts if isinstance(index, ast.Tuple) else [index]
    sizes = tree.sizes_of(made) if made else []
    left = [size for n, size in enumerate(sizes) if n >= len(indices) or isinstance(indices[n], ast.Slice)]
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or tuple(map(tree.number, left)) != expected:
        return ()
    if left and got[1:] == expected:  # without an axis of samples
        return tree.corrected((left[0], f"{size_text(tree, left[0], got[0])}, {tree.text(left[0])}"))
    if len(got) != len(expected):
        return ()
    pairs = [(size, new) for size, new in zip(left, got, strict=True) if new is not None and tree.number(size) != new]
    news = [(size, size_text(tree, size, new)) for size, new in pairs]
    kept = {tree.text(one) for one in sizes} - {tree.text(size) for size, _ in news}
    is_twice = any(new.isidentifier() and new in kept for _, new in news)  # one name for two axes of different things
    return () if is_twice else tree.corrected(*news)
