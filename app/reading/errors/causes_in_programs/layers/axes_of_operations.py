"""What a pasted program says about the axis of an operation: that along which arrays are joined, that which a reduction
drops, and that of the layers of a state."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.operations import Operand
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, MATRIX, RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import CONCATENATIONS
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs.joins_in_calls import axis_of_join, shapes_of_join
from ...mismatch import Mismatch, Shape, written, wrong_rank
from ..states.sizes_of_states import given_state

LAST = "-1"

JOINS_IN_CALLS = ("tensorflow-concat-of-graph", "tensorflow-join-of-shapes")

JOINS = ("pytorch-join", "pytorch-0-join", "jax-join", *JOINS_IN_CALLS)
"""The templates of joins of arrays whose sizes differ along another axis."""

JOIN_OF_RANKS = "pytorch-join-rank"

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
    if found.template.id in JOINS_IN_CALLS:
        axis = axis_of_join(found, len(shapes_of_join(found)[0]))
    for one, other in _pairs(found, calls[0]):
        are_alike = len(one) == len(other) and None not in (*one, *other) and one[:-1] == other[:-1]
        if are_alike and one != other and 0 <= axis < len(one) - 1:
            return Joined(calls[0], axis, (one, other))
    return None


def _pairs(found: Found, call: ast.Call) -> Iterator[tuple[Shape, Shape]]:
    """The shapes of the arrays that are joined: those of the message, or of the program."""
    left, right = shapes_of_join(found)
    if left:
        yield left, right
        return
    for one in found.program.operations:
        if one.kind == "join" and one.node is call and len(one.operands) == 2:
            first, second = ([size if isinstance(size, int) else None for size in part.axes] for part in one.operands)
            yield (*first,), (*second,)


def _of_joined_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays that differ in their last axis, and are joined along another one."""
    if not (joined := _joined(found)) or mismatch.first_cause == "joined_axis":
        return mismatch
    sentence = phrase(
        "Arrays that are joined along axis {axis} may differ only in this axis, and have shapes {one} and {other}.",
        axis=joined.axis,
        one=written(joined.shapes[0]),
        other=written(joined.shapes[1]),
    )
    is_of_x = len(joined.shapes[0]) == RANK and found.surroundings.flag("batch_first")
    sizes = zip(AXES_OF_X[:2], joined.shapes[0], strict=False) if is_of_x else ()
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
    return tree.argument(call, 0 if _is_method(tree, call) else 1, "axis") is not None


def _is_method(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call calls a method of an array."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner is not None and not (isinstance(owner, ast.Name) and owner.id in tree.imported)


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


def kept_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the reduction, which keeps its axis."""
    if call := _kept(found, mismatch):
        return all_of([found.program.tree.with_argument(call, "keepdim", "True")])
    call = _reduction(found) or _reduced(found, mismatch)
    return all_of([found.program.tree.with_argument(call, "keepdims", "True")]) if call else ()


def _kept(found: Found, mismatch: Mismatch) -> ast.Call | None:
    """The only reduction of PyTorch that dropped the axis which an array lacks: one that is joined, or a state."""
    tree = found.program.tree
    is_of_state = (found.framework, mismatch.tensor, mismatch.axis) == ("pytorch", "h_0", "rank")
    if found.template.id == JOIN_OF_RANKS and _ranks(found) == [2, 3]:
        joins = tree.calls_of_failure(*CONCATENATIONS)
        made = [one for join in joins for array in _parts(join) for one in _reductions(tree, array)]
        kept = [one for one in made if len(joins) == 1 and _fits(tree, joins[0], _axis(tree, one))]
    elif is_of_state and (mismatch.expected, mismatch.got) == (3, 2) and (call := found.program.failed_call):
        state = given_state(call)
        made = [*_reductions(tree, state)] if state is not None else []
        kept = [one for one in made if _axis(tree, one) == 0]
    else:
        return None
    return kept[0] if len(made) == len(kept) == 1 else None


def _reduced(found: Found, mismatch: Mismatch) -> ast.Call | None:
    """The only reduction along one axis that leaves a dense layer of Keras one axis; None if it is not certain."""
    about = (found.framework, mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got)
    if about != ("keras", "dense_input", "rank", MATRIX, 1):
        return None
    tree = found.program.tree
    given = [one.args[0] for one in tree.calls_of_failure() if isinstance(one.func, ast.Call) and one.args]
    made = [one.made for array in given for one in tree.origins(array, makers=REDUCTIONS)]
    return made[0] if len(made) == 1 and not tree.keywords(made[0], "keepdims") and _has_axis(tree, made[0]) else None


def _of_reduced(found: Found, mismatch: Mismatch) -> Mismatch:
    """What a reduction leaves of the last step of a recurrent layer of Keras, which has no steps, for a dense layer."""
    if mismatch.causes or not (call := _reduced(found, mismatch)):
        return mismatch
    layers = [one for one in found.program.made_layers if one.framework == "keras"]
    is_last = len(layers) == 1 and layers[0].setting("return_sequences") is False
    units = layers[0].size("num_units") if is_last else None
    causes = [cause("dropped_axis", "keras")]
    if isinstance(units, int) and _number_of_axis(found.program.tree, call) == 1:  # that of the steps, if it had them
        causes.append(cause("return_sequences", "keras", cell=layers[0].kind, units=units))
    return replace(mismatch, causes=tuple(causes))


def steps_before_reduction(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the only recurrent layer of Keras, which returns every step for the reduction of them."""
    if not _reduced(found, mismatch):
        return ()
    made = found.program.tree.made_layer(found.program.made_layers[0])
    return all_of([found.program.tree.with_every_step(made)]) if made else ()


def _number_of_axis(tree: ProgramTree, call: ast.Call) -> int | None:
    axis = tree.argument(call, 0 if _is_method(tree, call) else 1, "axis")
    return tree.number(axis) if axis is not None else None


def _reductions(tree: ProgramTree, array: ast.expr) -> Iterator[ast.Call]:
    """The reductions to two axes, along one, of which an array is what is left."""
    for one in tree.origins(array, makers=REDUCTIONS):
        is_kept = any(tree.text(value) == "True" for value in tree.keywords(one.made, "keepdim"))
        if not is_kept and _axis(tree, one.made) is not None and len(tree.axes(one.made)) in (0, 2):
            yield one.made


def _axis(tree: ProgramTree, reduction: ast.Call) -> int | None:
    axis = tree.argument(reduction, 0 if _is_method(tree, reduction) else 1, "dim")
    return tree.number(axis) if axis is not None else None


def _fits(tree: ProgramTree, join: ast.Call, axis: int | None) -> bool:
    """Whether an axis of size 1 fits the arrays with three axes that are joined: it is that of the join, or theirs may
    have this size."""
    along = tree.argument(join, 1, "dim")
    shapes = [axes for one in _parts(join) if len(axes := tree.axes(one)) == RANK]
    return axis is not None and (
        (along is not None and tree.number(along) == axis) or all(one[axis] in (1, None) for one in shapes)
    )


def _ranks(found: Found) -> list[int]:
    return sorted((found.number("a"), found.number("b")))


def _parts(call: ast.Call) -> list[ast.expr]:
    """The arrays that a call joins, as far as it lists them."""
    parts = call.args[0] if call.args else None
    return parts.elts if isinstance(parts, (ast.List, ast.Tuple)) else []


def _of_kept(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array that lacks the axis which a reduction dropped."""
    is_known = any(one.id not in REPLACED for one in mismatch.causes[:1])
    if is_known or not _kept(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("dropped_axis", "pytorch"),))


REPLACED = ("join_axis", "unsqueeze")
"""Causes that say only that an array lacks an axis."""


# -- parts of joins ----------------------------------------------------------------------------------------------------


class Whole(NamedTuple):
    """An array that is joined as a whole with parts of itself, one of these, the part that is meant, and the cause."""

    array: ast.expr
    other: ast.expr
    part: str
    id: str


def _whole(found: Found) -> Whole | None:
    """An array that is joined with an entry of itself, or with what is left of its steps; None for other arrays."""
    calls = found.program.tree.calls_of_failure(*CONCATENATIONS)
    if found.template.id != JOIN_OF_RANKS or _ranks(found) != [2, 3] or len(calls) != 1:
        return None
    parts = _parts(calls[0])
    for array in (one for one in parts if isinstance(one, ast.Name)):
        others = [one for one in parts if one is not array]
        entries = [ast.unparse(one.slice) for one in others if isinstance(one, ast.Subscript) and _is_of(one, array)]
        if len(entries) == len(others) == 1 and entries[0] in OTHER_ENTRY:
            return Whole(array, others[0], f"{array.id}[{OTHER_ENTRY[entries[0]]}]", "layers_of_state")
        axes = [_axis_of_reduction(one, array) for one in others]
        if axes and {*axes} == {"1"}:
            return Whole(array, others[0], f"{array.id}[:, -1]", "joined_every_step")
    return None


OTHER_ENTRY = {"-1": "-2", "-2": "-1", "0": "1", "1": "0"}
"""The entry of one direction in a state -> that of the other one."""


def _is_of(part: ast.Subscript, array: ast.Name) -> bool:
    return isinstance(part.value, ast.Name) and part.value.id == array.id


def _axis_of_reduction(part: ast.expr, array: ast.Name) -> str:
    """The axis along which a part reduces an array; "" if it does not."""
    call = part.value if isinstance(part, ast.Attribute) and part.attr == "values" else part
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(name), attr=reduction)) if name == array.id:
            given = [*call.args, *(one.value for one in call.keywords if one.arg in ("dim", "axis"))]
            return ast.unparse(given[0]) if reduction in REDUCTIONS and len(given) == 1 else ""
    return ""


def _of_whole(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array that is joined with parts of itself."""
    if not (whole := _whole(found)):
        return mismatch
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {one} has 3, and {other} has 2.",
        one=ast.unparse(whole.array),
        other=ast.unparse(whole.other),
    )
    causes = (cause(whole.id, "pytorch", cell=found.cell),)
    return replace(wrong_rank("output", 2, 3, causes), sentence=sentence, facts=mismatch.facts)


def part_of_whole(found: Found, _: Mismatch) -> Corrections:
    """The line of the join, with the part of the array that is meant."""
    whole = _whole(found)
    return found.program.tree.corrected((whole.array, whole.part)) if whole else ()


# -- layers of states --------------------------------------------------------------------------------------------------


def _state(found: Found) -> ast.Name | None:
    """The state with its axis of layers, of one direction, that gets another axis in the line that failed: it has one
    axis too many then."""
    tree = found.program.tree
    is_of_rank = found.template.id == JOIN_OF_RANKS and _ranks(found) == [3, 4]
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


def last_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the state of the last layer, or of the direction that is not joined already."""
    if lines := part_of_whole(found, mismatch):
        return lines
    state = _state(found)
    return found.program.tree.corrected((state, f"{state.id}[-1]")) if state else ()


RULES = WITHOUT_CAUSES = (_of_joined_axis, _of_reduction, _of_kept, _of_reduced, _of_whole, _of_layers)
"""What the program says about the axes of operations; also for messages of which nothing else says a cause."""

CORRECTIONS = {
    "joined_axis": along_last_axis,
    "dropped_axis": kept_axis,
    "return_sequences": steps_before_reduction,
    "layers_of_state": last_layer,
    "joined_every_step": part_of_whole,
}
"""Cause -> the lines that it corrects."""
