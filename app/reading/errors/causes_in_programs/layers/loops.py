"""What a pasted program says about loops over layers, directions and steps: what they pass on, and how they join it."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operand
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_origins import MOST_LINKS
from ...code_lines.axes_of_x import axes_of_x
from ...code_lines.called_layer import called_layer
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import CONCATENATIONS, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import samples_for_time
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_rank

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


def _short_range(found: Found) -> ast.expr | None:
    """The end of the only range of the program that goes backwards and leaves out the first step, if the arrays that
    are joined or added differ by one step; None for any other."""
    tree, left, right = found.program.tree, found.shape("left"), found.shape("right")
    sizes = (found.number("a"), found.number("b"))
    pairs = [sizes, *zip(left, right, strict=False)] if left or any(sizes) else []
    ranges = [one.args for one in tree.calls_of("range") if len(one.args) == 3]
    backwards = [stop for _, stop, step in ranges if (tree.text(step), tree.text(stop)) == ("-1", "0")]
    is_short = any(one and other and abs(one - other) == 1 for one, other in pairs)
    return backwards[0] if len(backwards) == len(ranges) == 1 and is_short else None


def _of_short_range(found: Found, mismatch: Mismatch) -> Mismatch:
    """Outputs of both directions, of which the backward one lacks the first step."""
    is_of_arrays = any(one in found.template.id for one in ("join", "sum", "broadcast", "add", "concat"))
    if mismatch.tensor not in (None, "output") or not is_of_arrays or _short_range(found) is None:
        return mismatch
    sizes = sorted((found.number("a"), found.number("b")))
    if sizes[1] != sizes[0] + 1:
        return mismatch
    likely = cause("short_range", found.framework)
    sentence = phrase("The outputs of both directions have {a} and {b} steps.", a=sizes[1], b=sizes[0])
    return Mismatch("output", "time_step", sentence, (sizes[1],), (sizes[0],), (likely,), is_of_equals=True)


def to_first_step(found: Found, mismatch: Mismatch) -> Corrections:
    stop = _short_range(found)
    return found.program.tree.corrected((stop, "-1")) if stop is not None else ()


def _joined_vector(found: Found) -> tuple[Operand, Operand] | None:
    """The step of x without an axis for its samples that the line that failed joins with a column, and the column; None
    for other arrays."""
    for one in found.program.failed_operations if found.template.id in OF_RANKS else ():
        by_rank = sorted(one.operands, key=lambda operand: len(operand.axes))
        if one.kind != "join" or [len(operand.axes) for operand in by_rank] != [1, 2]:
            continue
        vector, column = by_rank
        if column.axes[1] == 1 and "x" in vector.roles and isinstance(vector.axes[0], int):
            return vector, column
    return None


OF_RANKS = ("numpy-join-rank", "jax-join-rank")


def _of_joined_vector(found: Found, mismatch: Mismatch) -> Mismatch:
    """A step of x as a vector, which is joined with a state as a column."""
    if not (both := _joined_vector(found)):
        return mismatch
    vector, column = both
    features, units = vector.axes[0], column.axes[0]
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {column} is a column, and {vector} is a vector.",
        column=column.text,
        vector=vector.text,
    )
    known = (("features", features), ("num_units", units))
    facts = tuple(fact(name, size, "join") for name, size in known if isinstance(size, int))
    likely = cause("step_column", found.framework)
    return Mismatch("x", "rank", sentence, 2, 1, (likely,), facts)


def column_of_step(found: Found, mismatch: Mismatch) -> Corrections:
    tree, both = found.program.tree, _joined_vector(found)
    node = both[0].node if both else None
    return tree.corrected((node, f"{tree.operand(node)}[:, None]")) if node is not None else ()


# -- one step ----------------------------------------------------------------------------------------------------------


def _call_of_cell(found: Found) -> ast.Call | None:
    """The only call of a cell of PyTorch in the line that failed, with its x."""
    cells = [one for one in found.program.failed_calls if one.layer and one.layer.kind.endswith("_cell")]
    nodes = {id(one.node): one.node for one in cells if isinstance(one.node, ast.Call) and one.node.args}
    return next(iter(nodes.values())) if len(nodes) == 1 else None


def _is_one_step(tree: ProgramTree, x: ast.expr) -> bool:
    """Whether an x of three axes certainly has a single step in its second one, as the program makes it, or the numbers
    of words of which it is the embedding."""
    axes, node = tree.axes(x), x
    if len(axes) == WITH_STEPS and isinstance(axes[1], int):
        return axes[1] == 1
    for _ in range(MOST_LINKS):
        match node:
            case ast.Name():
                given = tree.assigned(node) or next(iter((tree.given_to(node) or ())[1:]), None)
                if given is None:
                    return False
                node = given
            case ast.Call(func=ast.Attribute(attr="unsqueeze"), args=[axis]):
                return ast.unparse(axis) in ("1", "-1")
            case ast.Call() if tree.is_maker(node) or (name_of(node) in RESHAPING and len(node.args) > 1):
                sizes = tree.sizes_of(node)
                return len(sizes) in (2, WITH_STEPS) and tree.number(sizes[1]) == 1
            case ast.Call(args=[inner, *_]):
                node = inner
            case ast.Subscript(slice=ast.Tuple(elts=[_, ast.Slice(upper=upper, lower=None), *_])) if upper:
                return tree.number(upper) == 1
            case _:
                return False
    return False


WITH_STEPS = 3
"""The axes of an x with several steps."""

RESHAPING = ("view", "reshape")


def _step_with_axis(found: Found) -> ast.expr | None:
    """What has an axis for a single step: the x of the cell in the line that failed, or a part of it, if what failed is
    the join that makes the x of the only cell; None for another x."""
    tree = found.program.tree
    x: ast.expr | None
    if call := _call_of_cell(found):
        x = call.args[0]
    else:
        cells = [one.node for one in found.program.operations if one.layer and one.layer.kind.endswith("_cell")]
        given = {id(one): one.args[0] for one in cells if isinstance(one, ast.Call) and one.args}
        x = next(iter(given.values())) if len(given) == 1 else None
    joined = tree.assigned(x) if isinstance(x, ast.Name) else x
    if isinstance(joined, ast.Call) and name_of(joined) in CONCATENATIONS and joined.args:
        parts = [one for one in getattr(joined.args[0], "elts", ()) if _is_one_step(tree, one)]
        return parts[0] if len(parts) == 1 else None
    return x if call and x is not None and _is_one_step(tree, x) else None


def _of_one_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x of a cell that has an axis for a single step, or a part of it that is joined with a vector; an embedding in
    the call of a cell is usually one."""
    if found.framework == "pytorch" and [one.id for one in mismatch.causes] == ["join_axis"]:
        return wrong_rank("x", 2, 3, [cause("axis_of_one_step", "pytorch")]) if _step_with_axis(found) else mismatch
    is_of_cell = found.framework == "pytorch" and [one.id for one in mismatch.causes] == ["one_step"]
    if not is_of_cell or (mismatch.tensor, mismatch.axis) != ("x", "rank"):
        return mismatch
    single = cause("axis_of_one_step", "pytorch")
    if _call_of_cell(found):
        return replace(mismatch, causes=(single,)) if _step_with_axis(found) else mismatch
    called = called_layer(found.line)
    is_embedded = called and called.input == "embedding" and isinstance(called.x.node, ast.Call)
    return replace(mismatch, causes=(single, *mismatch.causes)) if is_embedded else mismatch


def without_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that passes x to a cell, or joins it, without its axis of one step."""
    tree, step = found.program.tree, _step_with_axis(found)
    return tree.corrected((step, f"{tree.operand(step)}.squeeze(1)")) if step else ()


# -- loops over samples ------------------------------------------------------------------------------------------------


def _loop_over_samples(found: Found, features: int | None, samples: int, steps: int) -> ast.Name | None:
    """The array over whose first axis a loop takes the x of the cell of Keras that failed, if it has as many samples as
    the state, or the program makes data with as many steps; None for another one."""
    tree = found.program.tree
    for call in tree.calls_of_failure():
        x = call.args[0] if call.args else None
        for loop in (one for one in tree.above(call) if isinstance(one, ast.For)):
            over = loop.iter
            if not isinstance(x, ast.Name) or not isinstance(over, ast.Name) or ast.unparse(loop.target) != x.id:
                continue
            made = (tree.shape_made(one) for one in tree.calls if tree.is_maker(one))
            axes = axes_of_x(tree, over)
            if axes[:2] == (samples, steps) or (not axes and any(one[1:] == (steps, features) for one in made)):
                return over
    return None


def _may_loop_over_samples(found: Found) -> bool:
    """Whether the line that failed may be in a loop over an array, and takes no step of all samples."""
    tree = found.program.tree
    loops = [one for call in tree.calls_of_failure() for one in tree.above(call) if isinstance(one, ast.For)]
    is_over_array = not tree.calls_of_failure() or any(isinstance(one.iter, ast.Name) for one in loops)
    return is_over_array and "[:," not in found.code


def _of_loop_over_samples(found: Found, mismatch: Mismatch) -> Mismatch:
    """A loop of a cell of Keras over the samples of x."""
    likely = [one for one in mismatch.causes if one.id == "scan_axis"]
    steps, samples = only_size(mismatch.expected), only_size(mismatch.got)
    if found.framework != "keras" or not likely or not steps or not samples:
        return mismatch
    if not _may_loop_over_samples(found):
        return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "scan_axis"))
    others = [one for one in mismatch.facts if one.terms != (("batch_size",),)]
    features = next((one.value for one in others if one.terms == (("features",),)), None)
    if not _loop_over_samples(found, features, samples, steps):
        return mismatch
    facts = (*others, fact("batch_size", samples, "h"), fact("time_step", steps, "x"))
    return Mismatch("x", "order", samples_for_time(samples, steps), causes=(*likely,), facts=facts)


def loop_over_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The loop over the steps of x, with time first."""
    tree, values = found.program.tree, mismatch.sentence.values
    if found.framework != "keras" or not {"samples", "steps"} <= values.keys():
        return ()
    features = next((one.value for one in mismatch.facts if one.terms == (("features",),)), None)
    x = _loop_over_samples(found, features, values["samples"], values["steps"])
    new = next((text for name, text in TIME_FIRST.items() if name in tree.imported), "{x}.swapaxes(0, 1)")
    return tree.corrected((x, new.format(x=x.id))) if x else ()


TIME_FIRST = {
    "tf": "tf.transpose({x}, [1, 0, 2])",
    "ops": "ops.swapaxes({x}, 0, 1)",
    "keras": "keras.ops.swapaxes({x}, 0, 1)",
}
"""Name of what a program imports -> how it puts time first."""


RULES = (_of_joined_steps, _of_output_below, _of_short_range, _of_one_step, _of_loop_over_samples)
"""What the program says about the causes in its loops."""

WITHOUT_CAUSES = (_of_short_range, _of_joined_vector)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "joined_steps": along_units,
    "output_below": passed_on,
    "short_range": to_first_step,
    "step_column": column_of_step,
    "axis_of_one_step": without_step,
    "scan_axis": loop_over_steps,
}
"""Cause -> the lines that it corrects."""
