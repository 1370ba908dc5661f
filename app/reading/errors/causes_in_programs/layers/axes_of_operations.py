"""What a pasted program says about the axis of an operation: that along which arrays are joined, that which a reduction
drops, and that of the layers of a state."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.operations import Operand
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import CONCATENATIONS
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, written

LAST = "-1"

AXES = ("batch_size", "time_step", "features")

JOINS = ("pytorch-join", "pytorch-0-join", "jax-join")
"""The templates of joins of arrays whose sizes differ along another axis."""

# -- joins -------------------------------------------------------------------------------------------------------------


class Joined(NamedTuple):
    """The call that joins two arrays that differ in their last axis along another one, this axis, and both shapes."""

    call: ast.Call
    axis: int
    shapes: tuple[Shape, Shape]


def _joined(found: Found) -> Joined | None:
    """The join in the line that failed whose arrays differ only in their last axis."""
    if found.template.id not in JOINS:
        return None
    tree = found.program.tree
    calls = tree.calls_of_failure(*CONCATENATIONS)
    if len(calls) != 1:
        return None
    axis = found.number("along" if found.framework in ("jax", "flax") else "i")
    for one, other in _pairs(found, calls[0]):
        are_alike = len(one) == len(other) and None not in (*one, *other) and one[:-1] == other[:-1]
        if are_alike and one != other and 0 <= axis < len(one) - 1:
            return Joined(calls[0], axis, (one, other))
    return None


def _pairs(found: Found, call: ast.Call) -> Iterator[tuple[Shape, Shape]]:
    """The shapes of the arrays that are joined: those of the message, or of the program."""
    if left := found.shape("left"):
        yield left, found.shape("right")
        return
    for one in found.program.operations:
        if one.kind == "join" and one.node is call and len(one.operands) == 2:
            first, second = ([size if isinstance(size, int) else None for size in part.axes] for part in one.operands)
            yield (*first,), (*second,)


def _of_joined_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays that differ in their last axis, and are joined along another one."""
    if not (joined := _joined(found)):
        return mismatch
    sentence = phrase(
        "Arrays that are joined along axis {axis} may differ only in this axis, and have shapes {one} and {other}.",
        axis=joined.axis,
        one=written(joined.shapes[0]),
        other=written(joined.shapes[1]),
    )
    is_of_x = len(joined.shapes[0]) == len(AXES) and found.surroundings.flag("batch_first")
    sizes = zip(AXES[:2], joined.shapes[0], strict=False) if is_of_x else ()
    facts = tuple(fact(name, size, "x") for name, size in sizes if size)
    return Mismatch(None, None, sentence, causes=(cause("joined_axis", found.framework),), facts=facts)


def along_last_axis(found: Found, _: Mismatch) -> Corrections:
    """The line of the join, along the last axis."""
    joined, tree = _joined(found), found.program.tree
    if not joined:
        return ()
    name = "dim" if found.framework == "pytorch" else "axis"
    if (axis := tree.argument(joined.call, 1, name)) is not None:
        return tree.corrected((axis, LAST))
    return all_of([tree.with_argument(joined.call, name, LAST)])


# -- reductions --------------------------------------------------------------------------------------------------------

REDUCTIONS = ("max", "min", "sum", "mean", "std", "amax", "amin")


def _reduction(found: Found) -> ast.Call | None:
    """The only reduction in the line that failed whose result lacks the last axis of what it is subtracted from."""
    left, right, tree = found.shape("left"), found.shape("right"), found.program.tree
    if found.framework not in ("numpy", "jax", "flax") or len(left) < 2 or right != left[:-1]:
        return None
    calls = tree.calls_of_failure(*REDUCTIONS)
    combined = [one for one in calls if isinstance(next(tree.above(one), None), ast.BinOp)]
    dropping = [one for one in combined if not tree.keywords(one, "keepdims") and _has_axis(tree, one)]
    return dropping[0] if len(dropping) == 1 else None


def _has_axis(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a reduction is along one axis, as a method of an array or as a function of it."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_method = owner is not None and not (isinstance(owner, ast.Name) and owner.id in tree.imported)
    return tree.argument(call, 0 if is_method else 1, "axis") is not None


def _of_reduction(found: Found, mismatch: Mismatch) -> Mismatch:
    """A sum with what a reduction leaves of one of its arrays."""
    if not (call := _reduction(found)):
        return mismatch
    sentence = phrase(
        "{reduction} has shape {got}, and what it is combined with has shape {expected}.",
        reduction=ast.unparse(call),
        got=written(found.shape("right")),
        expected=written(found.shape("left")),
    )
    return Mismatch(None, None, sentence, causes=(cause("dropped_axis", found.framework),))


def kept_axis(found: Found, _: Mismatch) -> Corrections:
    """The line of the reduction, which keeps its axis."""
    call = _reduction(found)
    return all_of([found.program.tree.with_argument(call, "keepdims", "True")]) if call else ()


# -- layers of states --------------------------------------------------------------------------------------------------


def _state(found: Found) -> ast.Name | None:
    """The state with its axis of layers, of one direction, that gets another axis in the line that failed: it has one
    axis too many then."""
    tree = found.program.tree
    is_of_rank = found.template.id == "pytorch-join-rank" and sorted((found.number("a"), found.number("b"))) == [3, 4]
    is_expanded = found.template.id == "pytorch-step" and len(found.shape("left")) == len(found.shape("right")) + 1 == 4
    if not is_of_rank and not is_expanded:
        return None
    operands = [part for one in found.program.operations for part in one.operands]
    calls = tree.calls_of_failure("unsqueeze")
    names = [one.func.value for one in calls if isinstance(one.func, ast.Attribute)]
    states = [one for one in names if isinstance(one, ast.Name) and _has_layers(found, one, operands)]
    return states[0] if len(states) == 1 else None


def _has_layers(found: Found, name: ast.Name, operands: list[Operand]) -> bool:
    """Whether a name is a state of a recurrent layer of one direction with its axis of layers."""
    around = [one for one in operands if one.node is not None and name in ast.walk(one.node)]
    layers = {layer for one in around if one.roles == {"h_0"} for layer in one.layers}
    return (
        len(found.program.tree.axes(name)) == 3
        and bool(layers)
        and not any(one.setting("bidirectional") for one in layers)
    )


def _of_layers(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with its axis of layers, where one vector for each sample is meant."""
    if not (state := _state(found)):
        return mismatch
    sentence = phrase("{state} is the state of all layers, with 3 axes, and gets another one here.", state=state.id)
    return Mismatch(None, None, sentence, causes=(cause("layers_of_state", "pytorch"),))


def last_layer(found: Found, _: Mismatch) -> Corrections:
    """The line with the state of the last layer."""
    state = _state(found)
    return found.program.tree.corrected((state, f"{state.id}[-1]")) if state else ()


RULES = WITHOUT_CAUSES = (_of_joined_axis, _of_reduction, _of_layers)
"""What the program says about the axes of operations; also for messages of which nothing else says a cause."""

CORRECTIONS = {"joined_axis": along_last_axis, "dropped_axis": kept_axis, "layers_of_state": last_layer}
"""Cause -> the lines that it corrects."""
