"""What a message about a sum, a difference or a mask is about, by the line that failed.

The table goes from the operation, what its arrays are and where they differ to the tensor, the axis and the causes, the
most frequent one in real programs first. The first row that fits counts.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from ..axes_of_arrays import RANK
from ..causes import batch_id, cause
from ..framework_messages.handwritten_cells.axes_of_handwritten_cells import of_loop
from ..framework_messages.message_template import Found
from ..framework_messages.outputs import losses, sums_of_outputs
from ..mismatch import Cause, Mismatch, Shape, of_unknown_arrays, wrong_rank, wrong_size
from .array_names import role_of
from .failed_line import FITS, FailedLine, LineOperation, is_target_of
from .program_nodes import base_of, factors_in

BATCH, STEPS, LAST = "batch", "steps", "last"
"""Where two arrays differ: in their first axis, in one between, in the last one."""

ANY = "*"
"""Stands for an array of which nothing is known, or which may be anything."""


@dataclass(frozen=True)
class FailedOperation:
    """An operation that failed: its arrays, where they differ, and by which sizes, in their order."""

    found: Found
    line: FailedLine
    operation: LineOperation
    at: str
    sizes: tuple[int, int]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(one.role for one in self.operation.operands[:2])

    def size_of(self, role: str) -> tuple[int, int]:
        """The size of the other array, and that of the one with a role."""
        n = self.roles.index(role)
        return self.sizes[1 - n], self.sizes[n]

    def has(self, *roles: str) -> bool:
        """Whether there is an array for each role, in any order."""
        pairs = [self.roles, self.roles[::-1]] if len(self.roles) == 2 else []
        return any(all(want in (ANY, one) for want, one in zip(roles, pair, strict=True)) for pair in pairs)


Conclusion = Callable[[FailedOperation], Mismatch]


@dataclass(frozen=True)
class Row:
    """What follows if an operation has arrays with these ``roles``, and they differ ``at`` a place, "" for any.
    ``names``: the operations; () stands for all."""

    roles: tuple[str, str]
    at: str
    conclusion: Conclusion
    names: tuple[str, ...] = ()
    condition: Callable[[FailedOperation], bool] = lambda one: True

    def fits(self, one: FailedOperation) -> bool:
        is_named = not self.names or one.operation.name in self.names
        return is_named and self.at in ("", one.at) and one.has(*self.roles) and self.condition(one)


def _of_mask(one: FailedOperation) -> Mismatch:
    if {"h", "c"} & {*one.roles}:  # a state has no steps
        if one.at != LAST:
            return wrong_size("mask", "batch_size", *one.size_of("mask"), [cause("mask", one.found.framework)])
        if {len(one.found.shape("left")), len(one.found.shape("right"))} != {1, 2}:
            return of_unknown_arrays()
        return wrong_rank("mask", 2, 1, [cause("mask_of_samples", one.found.framework)])
    return sums_of_outputs.mask_of_sizes(one.found, 0 if one.at == BATCH else 1, *one.size_of("mask"))


def _of_target(one: FailedOperation) -> Mismatch:
    output, target = one.size_of("target") if "target" in one.roles else one.sizes
    return losses.of_sizes(one.found, one.at == BATCH, output, target, one.operation.kind == "comparison")


def _named_target(one: FailedOperation) -> int | None:
    """The place of the array that is called y, if the other one is an output; None without one."""
    names = [is_target_of(array.node) for array in one.operation.operands[:2]]
    others = [array.role for array, is_target in zip(one.operation.operands, names, strict=False) if not is_target]
    return names.index(True) if others == ["output"] else None


def _of_named_target(one: FailedOperation) -> Mismatch:
    n = _named_target(one) or 0
    return losses.of_sizes(one.found, one.at == BATCH, one.sizes[1 - n], one.sizes[n])


def _of_state(one: FailedOperation) -> Mismatch:
    state = "c" if "c" in one.roles else "h"
    tensor = f"{state}_0"
    expected, got = one.size_of(state) if state in one.roles else one.sizes
    framework = "cell" if one.found.framework == "pytorch" else one.found.framework
    if one.at == BATCH:
        is_written_loop = tensor == "h_0" and framework in ("tf1", "numpy", "jax")
        in_loop = of_loop(one.found, expected, got) if is_written_loop else None
        likely = cause(batch_id(expected, got), framework)
        return in_loop or wrong_size(tensor, "batch_size", expected, got, [likely])
    likely = cause("other_units", framework, state_of_step=state, units=expected)
    return wrong_size(tensor, "num_units", expected, got, [likely])


def _of_bias(one: FailedOperation) -> Mismatch:
    return wrong_size("bias", "gates*num_units", *one.size_of("bias"), [cause("other_size", one.found.framework)])


def _rank(id: str) -> Conclusion:
    return lambda one: wrong_rank("output", 3, 2, [cause(id, one.found.framework)])


def _steps(id: str) -> Conclusion:
    return lambda one: wrong_size("output", "time_step", *one.sizes, [cause(id, one.found.framework)])


def _of_batch(one: FailedOperation) -> Mismatch:
    causes = [] if one.found.framework in ("numpy", "jax") else [cause("time_first", one.found.framework)]
    return wrong_size("output", "batch_size", *one.sizes, causes)


def _of_units(one: FailedOperation) -> Mismatch:
    return wrong_size("output", "num_units", *one.sizes, sums_of_outputs.of_units(one.found, *one.sizes))


def _of_residual(one: FailedOperation) -> Mismatch:
    units, features = one.size_of("x") if "x" in one.roles else one.sizes
    causes: list[Cause] = sums_of_outputs.causes_of_residual(one.found, features, units)
    return wrong_size("output", "num_units", features, units, causes)


def _has_layers(one: FailedOperation) -> bool:
    """Whether a message is that of a framework with layers, or of a program that imports one."""
    return one.found.framework != "numpy" or bool(one.found.surroundings.is_in_keras)


def _is_flat(one: FailedOperation) -> bool:
    """Whether the weights of attention have no axis for the units."""
    return all(array.rank != 3 for array in one.operation.operands if array.role == "weights")


def _are_flat_in_steps(one: FailedOperation) -> bool:
    """The same where arrays differ in their steps. PyTorch compares the last axes first, so that these are equal."""
    return one.found.template.framework != "pytorch" and _is_known(one) and _is_flat(one)


def _has_new_axis(one: FailedOperation) -> bool:
    """Whether an unknown array gets an axis for the units, as a mask does that is multiplied by an output."""
    return any(NEW_AXIS.search(array.text) for array in one.operation.operands if not array.role)


def _of_unnamed_mask(one: FailedOperation) -> Mismatch:
    return sums_of_outputs.mask_of_sizes(one.found, 1, *one.size_of(""))


NEW_AXIS = re.compile(r"unsqueeze\((?:dim=)?(?:2|-1)\)|None\]|newaxis\]")


def _has_parameter(one: FailedOperation) -> bool:
    """Whether an unknown array is an attribute of the network, such as the weights of positions."""
    return any(isinstance(array.node, ast.Attribute) for array in one.operation.operands if not array.role)


def _is_double(one: FailedOperation) -> bool:
    small, large = sorted(one.sizes)
    return large == 2 * small


def _are_projected(one: FailedOperation) -> bool:
    return all(array.is_projected for array in one.operation.operands[:2])


def _is_of_cell(one: FailedOperation) -> bool:
    """Whether products of x and of h are added, which have no steps in a cell."""
    factors = [factor for operand in one.operation.operands for both in factors_in(operand.node) for factor in both]
    return {"x", "h"} <= {role_of(base_of(factor)) for factor in factors}


def _makes_gates(one: FailedOperation) -> bool:
    """Whether dense layers of x and of h are added, which make the gates of a cell, in a text without attention."""
    calls = [operand.node for operand in one.operation.operands[:2] if isinstance(operand.node, ast.Call)]
    given = {role_of(base_of(argument)) for call in calls for argument in call.args}
    return {"x", "h"} <= given and not sums_of_outputs.ATTENDS.search(one.found.surroundings.text)


def _has_product(one: FailedOperation) -> bool:
    """Whether something is added to a product with weights."""
    return any(array.is_projected for array in one.operation.operands)


def _is_known(one: FailedOperation) -> bool:
    """Whether the name of an array alone says that it is of a recurrent layer, or what gives it the name."""
    return has_returned_array(one.operation)


def _are_packed(one: FailedOperation) -> bool:
    """Whether arrays differ in their samples or steps in a text with packed sequences, whose masks are those of what a
    recurrent layer returns."""
    return one.found.number("i") <= 1 and "pad_packed_sequence" in one.found.surroundings.text


def has_returned_array(operation: LineOperation) -> bool:
    return any(array.role in RETURNED and array.is_certain for array in operation.operands)


RETURNED = ("output", "h", "weights")
"""What a recurrent layer returns, or attention over it."""

PRODUCTS = ("Mult", "mul", "mul_", "multiply")


DIFFERENCES = ("Sub", "sub")


COMPARISONS = ("Compare",)


SUMS: tuple[Row, ...] = (
    Row(("target", ANY), "", _of_target, COMPARISONS),
    Row(("mask", ANY), "", _of_mask, condition=lambda one: _is_known(one) or _are_packed(one)),
    Row(("target", ANY), "", _of_target, DIFFERENCES),
    Row((ANY, ANY), "", _of_named_target, DIFFERENCES, lambda one: _named_target(one) is not None),
    Row((ANY, ANY), "", _of_target, DIFFERENCES, lambda one: one.line.is_loss),
    Row(("bias", ANY), LAST, _of_bias, condition=_has_product),
    Row((ANY, ANY), BATCH, _of_state, ("copy_",), _is_known),
    Row(("c", ANY), BATCH, _of_state, PRODUCTS),
    Row(("c", ANY), LAST, _of_state, PRODUCTS),
    Row(("x", "h"), BATCH, _of_state),
    Row(("weights", ANY), STEPS, _rank("weights_axis"), PRODUCTS, _are_flat_in_steps),
    Row(("weights", ANY), LAST, _rank("weights_axis"), PRODUCTS, lambda one: _is_known(one) and _is_flat(one)),
    Row(("weights", ANY), "", _steps("attention_steps"), PRODUCTS, _is_known),
    Row(("output", ""), STEPS, _of_unnamed_mask, PRODUCTS, _has_new_axis),
    Row((ANY, ANY), STEPS, lambda one: of_unknown_arrays(), ("Add", "add"), _makes_gates),
    Row(("output", "h"), STEPS, _rank("attention_axis")),
    Row(("output", "h"), BATCH, _rank("attention_axis"), ("Add", "add"), _are_projected),
    Row((ANY, ANY), STEPS, _rank("attention_axis"), ("Add", "add"), _are_projected),
    Row(("h", ANY), BATCH, _of_state, condition=_is_known),
    Row((ANY, ANY), BATCH, _of_batch, condition=_is_known),
    Row(("x", "output"), LAST, _of_residual, condition=_has_layers),
    Row(("x", ""), LAST, _of_residual, condition=lambda one: _has_layers(one) and not _has_parameter(one)),
    Row(("x", "x"), LAST, _of_units),
    Row((ANY, ANY), LAST, _of_units, condition=_is_known),
    Row((ANY, ANY), STEPS, _of_units, condition=lambda one: _is_known(one) and _is_double(one)),
    Row((ANY, ANY), STEPS, _steps("join_steps"), condition=_is_known),
)
"""Sums, differences, products of each element, and masks."""


def _place(axis: int, rank: int | None, operation: LineOperation) -> str:
    """Where arrays differ, if the message counts the axis. ``rank``: the larger number of axes, None if the message
    does not say it. Most outputs have three axes, and states and what is in a cell two."""
    rank = rank or max((array.rank for array in operation.operands if array.rank), default=None)
    if axis == 0 or (axis == 1 and operation.name == "copy_"):  # a state has layers first
        return BATCH
    if rank is None and axis == 1:
        roles = {array.role for array in operation.operands}
        is_flat = roles & {"h", "c", "bias", "kernel"} and not roles & {"output", "weights", "mask"}
        are_layers = all(array.is_projected for array in operation.operands[:2])  # which have the same number of units
        rank = 2 if is_flat and not are_layers else 3
    return LAST if axis == (rank or 3) - 1 or axis >= 2 else STEPS


def _has_gates_in_rows(one: FailedOperation) -> bool:
    """Whether a line multiplies c by a part of the rows of an array, as of ``sigmoid(gates[:n])``: these are units, and
    the samples come last."""
    parts = (node for array in one.operation.operands for node in ast.walk(array.node))
    is_of_rows = any(isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) for node in parts)
    return one.at == BATCH and bool({"h", "c"} & {*one.roles}) and is_of_rows


def of_sum(found: Found, line: FailedLine) -> Mismatch | None:
    """A sum, whose message says the axis and both sizes, or both shapes."""
    left, right = found.shape("left"), found.shape("right")
    rank: int | None = None
    if left and right:
        rank = max(len(left), len(right))
        pairs = list(zip(reversed(left), reversed(right), strict=False))
        n = next((n for n, (one, other) in enumerate(pairs) if one != other and 1 not in (one, other)), None)
        if n is None or None in pairs[n]:
            return None
        axis, sizes = rank - 1 - n, (pairs[n][0] or 0, pairs[n][1] or 0)
    else:
        axis, sizes = found.number("i"), (found.number("a"), found.number("b"))
    if axis >= RANK:  # such as the weights of several heads
        return None
    if re.search(FITS, line.code):
        return losses.of_sizes(found, axis == 0, sizes[1], sizes[0])
    if IN_OPTAX.search(found.before) and left and right:
        return _of_optax(found, axis, left, right)
    sums = (one for one in line.operations if len(one.operands) == 2 and _may_be_sum(one) and _is_of_arrays(one))
    operations = [one for one in sums if not any(array.is_of_size_one(axis) for array in one.operands)]
    for operation in operations:
        if of_classes := _of_scores(found, operation, left, right):
            return of_classes
    for operation in _most_known(operations):
        is_filled = operation.name.startswith("masked_fill") and found.template.id == "pytorch-broadcast"
        in_order = sizes[::-1] if is_filled else sizes  # PyTorch compares a mask that is filled first
        failed = FailedOperation(found, line, operation, _place(axis, rank, operation), in_order)
        if operation.kind == "loss":
            return _of_target(failed)
        if (failed.at == STEPS and _is_of_cell(failed)) or _has_gates_in_rows(failed):
            continue
        if row := next((row for row in SUMS if row.fits(failed)), None):
            return row.conclusion(failed)
    if axis == 0 and rank == 2 and _calls_cell(line):  # what the cell makes of x comes first
        return wrong_size("h_0", "batch_size", *sizes, [cause(batch_id(*sizes), found.framework)])
    return None


def _of_optax(found: Found, axis: int, left: Shape, right: Shape) -> Mismatch:
    """The target and the output of a loss of Optax, which multiplies the target by a logarithm of the output, reads the
    output at the indices in the target, or subtracts the target from the output."""
    is_target_first = found.template.id == "jax-mul" or TARGET_FIRST.search(found.before)
    output, target = (right, left) if is_target_first else (left, right)
    if of_ranks := losses.of_steps(found, output, target):
        return of_ranks
    if len(output) != len(target):
        return losses.of_ranks(found, output, target)
    has_steps = len(output) == len(target) == RANK and axis == 1 and output[::2] == target[::2]
    of_steps = losses.of_shifted_steps(found, output, target) if has_steps else None
    return of_steps or losses.of_sizes(found, axis == 0, output[axis] or 0, target[axis] or 0)


IN_OPTAX = re.compile(r"optax[\\/](?:losses[\\/]|_src[\\/]loss)(?!.*optax[\\/])")
"""The frame of a loss of Optax, in the folded text."""


TARGET_FIRST = re.compile(r"optax[\\/](?!.*optax[\\/]).*(?:,inmultiply|take_along_axis)")
"""The frame of a product, or of values at indices, in a loss of Optax, in the folded text. JAX lists the indices before
the values."""


def _of_scores(found: Found, operation: LineOperation, left: Shape, right: Shape) -> Mismatch | None:
    """Classes and scores that a loss of the program multiplies, or an output and a target that it subtracts, of which
    one has an axis of steps more; None for other arrays."""
    of_logarithm = [bool(LOGARITHM.search(array.text)) for array in operation.operands]
    is_output = [array.role in ("output", "h") for array in operation.operands]
    is_loss = operation.name in PRODUCTS and of_logarithm[0] != of_logarithm[1]
    is_difference = operation.name in DIFFERENCES and is_output[0] != is_output[1]
    if is_loss and len(left) == len(right) == RANK and left[::2] == right[::2]:
        return losses.of_shifted_steps(found, *((left, right) if of_logarithm[0] else (right, left)))
    if not (is_loss or is_difference) or {len(left), len(right)} != {2, 3}:
        return None
    n = (of_logarithm if is_loss else is_output).index(True)
    output, target = (left, right) if n == 0 else (right, left)
    return losses.of_steps(found, output, target)


LOGARITHM = re.compile(r"\blog(?:_?softmax)?\b")
"""The logarithm of scores, which a cross-entropy multiplies by the classes."""


def _calls_cell(line: FailedLine) -> bool:
    """Whether the line calls a cell with a state, which it adds to x."""
    calls = [one for one in line.operations if one.kind == "layer"]
    has_state = any(array.role in ("h", "c") for one in calls for array in one.operands)
    return has_state and any(CELL.search(one.name) for one in calls)


CELL = re.compile("cell", re.IGNORECASE)


def _may_be_sum(operation: LineOperation) -> bool:
    """Whether an operation raises the messages of sums; what is compared with no target may be anything."""
    is_of_target = "target" in {array.role for array in operation.operands}
    return operation.kind in ("sum", "loss") or (operation.kind == "comparison" and is_of_target)


def _is_of_arrays(operation: LineOperation) -> bool:
    return not any(array.is_number and not array.role for array in operation.operands)


def _most_known(operations: list[LineOperation]) -> list[LineOperation]:
    """The operations in the order of how many of their arrays are known; of equal ones the first that is computed."""
    return sorted(operations, key=lambda operation: -sum(bool(array.role) for array in operation.operands))
