"""What a message without a program is about: the line that failed says what is computed of which arrays."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...code.operations import with_two_operands
from ...facts_about_sizes import fact
from ..axes_of_arrays import RANK
from ..causes import batch_id, cause
from ..framework_messages.handwritten_cells import (
    axes_of_handwritten_cells,
    gradients,
    joined_x_and_h,
    listed_arguments,
    products_in_failed_line,
    rows_of_kernels,
)
from ..framework_messages.message_template import Found
from ..framework_messages.operations import sums
from ..framework_messages.outputs import convolutions, joins, sums_of_outputs
from ..mismatch import Mismatch, from_code, wrong_rank, wrong_size
from .axes_of_x import arrays_with_second_steps
from .conclusions_about_sums import BATCH, LAST, STEPS, has_returned_array, of_sum
from .failed_line import Array, FailedLine, LineOperation


def decide(found: Found) -> Mismatch | None:
    """What a message is about of which the framework and the program do not say it; None if the line that failed does
    not, either."""
    read = READERS.get(found.template.id)
    is_certain = found.template.anywhere or found.is_about_recurrence  # people ask about no others
    if not read or not found.code.strip() or not is_certain:
        return None
    decided = read(found, found.line)
    return from_code(decided) if decided else None


def _join(found: Found, line: FailedLine) -> Mismatch | None:
    """A join, whose message says the axis along which it joins, and the sizes along another one."""
    operations = [one for one in line.operations if one.kind == "join" and len(one.operands) > 1]
    if not operations:
        return None
    operation, along, sizes = operations[-1], found.number("i"), (found.number("a"), found.number("b"))
    roles = {array.role for array in operation.operands}
    ranks = [array.rank for array in operation.operands if array.rank]
    axis = found.number("axis") if found.text("axis") else None  # PyTorch says it before 1.8
    is_last = ALONG_LAST.search(line.code) is not None  # so the message says the number of axes
    rank = along + 1 if is_last else max([along + 1, *ranks, *([] if axis is None else [axis + 1])])
    if is_last and rank == 2 and "x" in roles and roles & {"h", "c", "output"}:
        return (
            wrong_size("x", "batch_size", *sizes) if roles != {"x", "h"} else _batches_of_cell(found, operation, sizes)
        )
    if roles == {"x", "h"} and along == 1 and rank == 2:
        return _batches_of_cell(found, operation, sizes)
    is_of_x = _is_join_of_x(operation)
    is_of_last = along == 0 or (along == 1 and (rank == 3 or (is_of_x and 2 not in ranks and not is_last)))
    if axis != 0 and is_of_last:
        return _parts_of_join(found, operation, LAST, sizes)
    return _parts_of_join(found, operation, BATCH if axis == 0 or (axis is None and along == 1) else STEPS, sizes)


ALONG_LAST = re.compile(r"(?:cat|concat\w{0,9})\(.{1,200}[)\]]\s?,\s?(?:(?:dim|axis)\s?=\s?)?-1\s?\)")
"""A join along the last axis, in a line of code."""


def _batches_of_cell(
    found: Found, operation: LineOperation, sizes: tuple[int, int], widths: Sequence[int | None] = ()
) -> Mismatch:
    """x and h of a cell, which are joined and have other batches. ``widths``: their other sizes, if they are known."""
    expected, got = sizes if operation.operands[0].role == "x" else sizes[::-1]
    by_role = {array.role: width for array, width in zip(operation.operands, widths, strict=False)}
    known = (("features", by_role.get("x")), ("num_units", by_role.get("h")))
    facts = tuple(fact(name, width, "join") for name, width in known if width)
    if found.framework == "tf1" and next(arrays_with_second_steps(found.program.tree), None) is not None:
        facts = (*facts, fact("batch_size", expected, "x"))
    if in_loop := axes_of_handwritten_cells.of_loop(found, expected, got):
        return replace(in_loop, facts=(*in_loop.facts, *facts))
    framework = "cell" if found.framework == "pytorch" else found.framework
    return wrong_size("h_0", "batch_size", expected, got, [cause(batch_id(expected, got), framework)], facts)


ONE_STEP = re.compile(
    r"\b(?:cat|concat\w{0,9})\([^\n]{1,300}?[\])]\s?,\s?(?:dim\s?=\s?)?-?1\s?\)\.unsqueeze\(\s?0\s?\)"
)
"""A join of the features of one step, which gets its axis of time afterwards, in a line of PyTorch."""


def _is_join_of_x(operation: LineOperation) -> bool:
    roles = {array.role for array in operation.operands}
    return operation.makes_x or ("x" in roles and not roles & {"output", "h", "c"})


def _parts_of_join(
    found: Found, operation: LineOperation, at: str, sizes: tuple[int, int], may_be_x: bool = False
) -> Mismatch | None:
    """The parts of x, or outputs, that are joined and differ in another axis; None for other arrays. ``may_be_x``:
    whether an output that is joined with x may be a part of it, as the context of attention is."""
    is_of_x = _is_join_of_x(operation) or (may_be_x and any(array.role == "x" for array in operation.operands))
    framework = found.framework
    roles = {array.role for array in operation.operands}
    own = [
        array
        for array in operation.operands
        if not joins.OF_OTHER_NETWORK.search(array.text.lower()) and not (array.text == "y" and "x" in roles)
    ]  # x and y are those of a data set
    if not is_of_x and not has_returned_array(replace(operation, operands=tuple(own))):
        return None
    tensor = "x" if is_of_x else "output"
    if at == LAST and is_of_x:
        if not _is_join_of_x(operation):  # features and units, which are joined along another axis
            return None
        return wrong_size("x", "features", *sizes, [cause("embedding", framework, expected=sizes[0])])
    if at == LAST:
        return wrong_size("output", "num_units", *sizes, sums_of_outputs.of_units(found, *sizes))
    if at == BATCH:
        has_state = any(array.role == "h" for array in operation.operands)
        id = "last_sample" if has_state and found.surroundings.flag("batch_first") else "time_first"
        if tensor == "x" and ONE_STEP.search(found.code):
            repeated = cause("part_of_one", framework, expected=max(sizes))
            return wrong_size(tensor, "batch_size", *sizes, [repeated] if 1 in sizes else [])
        causes = [cause(id, framework)] if framework == "pytorch" else []  # others have the batch first
        return wrong_size(tensor, "batch_size", *sizes, causes)
    return wrong_size(tensor, "time_step", *sizes, [cause("join_steps", framework)])


def _join_in_axis(found: Found, line: FailedLine) -> Mismatch | None:
    """A join of NumPy, JAX or TensorFlow, whose message says the axis that differs, and mostly both shapes."""
    operations = [one for one in line.operations if one.kind == "join" and len(one.operands) > 1]
    left, right = (found.shape(a) or found.shape(b) for a, b in (("left", "x"), ("right", "h")))
    if not operations:
        return None
    operation = operations[-1]
    roles = {array.role for array in operation.operands}
    if left and right:
        along = found.number("along") if found.text("along") else len(left) - 1
        differing = [n for n, (one, other) in enumerate(zip(left, right, strict=False)) if one != other]
        differing = [n for n in differing if n != along] or differing  # only the last one: it is joined along another
        if len(left) != len(right) or len(differing) != 1 or None in (left[differing[0]], right[differing[0]]):
            return None
        axis, rank = differing[0], len(left)
        sizes = (left[axis] or 0, right[axis] or 0)
    else:
        axis, sizes = found.number("axis"), (found.number("a"), found.number("b"))
        usual = 2 if roles & {"h", "c"} else RANK
        rank = max([axis + 1, *([array.rank for array in operation.operands if array.rank] or [usual])])
    if roles == {"x", "h"} and rank == 2:
        names_first = joined_x_and_h.NAMES_FIRST.search(line.code) is not None
        is_column = axis == 1 and names_first and (not left or left[0] != right[0])
        is_batch = is_column or (axis == 0 and not axes_of_handwritten_cells.has_columns(found))
        widths = [one[1 - axis] for one in (left, right) if one]
        return _batches_of_cell(found, operation, sizes, widths) if is_batch else None
    at = BATCH if axis == 0 else LAST if axis == rank - 1 else STEPS
    return _parts_of_join(found, operation, at, sizes, may_be_x=bool(left))


def _rank_of_join(found: Found, line: FailedLine) -> Mismatch | None:
    operations = [one for one in line.operations if one.kind == "join" and len(one.operands) > 1]
    if (
        operations
        and joins.ranks_of(found) == [1, 2]
        and (of_sample := axes_of_handwritten_cells.batch_of_join(found, operations))
    ):
        return of_sample
    if not operations or joins.ranks_of(found) != [2, 3]:
        return None
    roles = {array.role for array in operations[-1].operands}
    tensor = "output" if roles & {"output", "h", "weights"} and "x" not in roles else "x"
    return joins.without_steps(found, tensor, [array.role for array in operations[-1].operands])


def _products(found: Found, line: FailedLine) -> Mismatch | None:
    """A product for each sample, whose message says the batch and the inner size of both factors."""
    left, right = found.shape("left"), found.shape("right")
    operations = with_two_operands(line.operations, "product")
    if not operations or len(left) != 2 or len(right) != 2 or None in (*left, *right):
        return None
    (batch, expected), (batch_got, got) = left, right
    if batch != batch_got:
        return wrong_size("output", "batch_size", batch or 0, batch_got, [cause("time_first", found.framework)])
    if "weights" in operations[-1].operands[0].role:
        return wrong_size("output", "time_step", expected or 0, got, [cause("attention_steps", found.framework)])
    return wrong_size(
        "output", "num_units", expected or 0, got, sums_of_outputs.of_units(found, expected or 0, got or 0)
    )


def _rank_of_products(found: Found, line: FailedLine) -> Mismatch | None:
    operations = with_two_operands(line.operations, "product")
    n = found.number("i")
    if not operations or n not in (1, 2):
        return None
    is_of_weights = n == 1 and operations[-1].operands[0].role in ("weights", "")
    return wrong_rank("output", 3, 2, [cause("weights_axis" if is_of_weights else "attention_axis", found.framework)])


def _product(found: Found, line: FailedLine) -> Mismatch | None:
    """A product with weights, whose message says the sizes that differ."""
    inner, outer = products_in_failed_line.inner_sizes(found)
    if of_gradient := gradients.of_product(found, inner, outer):
        return of_gradient
    if products_in_failed_line.is_of_product(found):
        return None
    operations = with_two_operands(line.operations, "product")
    known: list[tuple[str, int, int]] = []
    of_output: list[LineOperation] = []
    for operation in operations:
        left, right = operation.factors
        if "xh" in (left, right):  # what else it is multiplied by are the weights of a cell
            left, right = ("kernel" if one == "weights" else one for one in (left, right))
        of_output += [operation] if {left, right} == {"output", "kernel"} else []
        if right == "weights" and left in ("output", "h") and found.framework in ("numpy", "jax"):
            return axes_of_handwritten_cells.of_output_weights(found, operation, inner, outer)
        if "weights" in (left, right):
            return wrong_size("output", "time_step", inner, outer, [cause("attention_steps", found.framework)])
        if right == "kernel" and left != "kernel":
            known.append((left, outer, inner))
        elif left == "kernel":
            known.append((right, inner, outer))
        elif "" in (left, right) and {left, right} & {"x", "h", "xh", "output"}:
            known.append((left, outer, inner) if left else (right, inner, outer))
    if not inner or not outer or not known:
        return None
    framework = "handwritten cell" if found.framework == "pytorch" else found.framework
    role, expected, got = known[0]
    if not role and found.framework in ("numpy", "jax") and not NAMED_JOIN.search(line.code):
        is_left = operations[0].factors[1] == "kernel"
        sentence = axes_of_handwritten_cells.of_factors(found, inner, outer)
        return Mismatch(None, None, sentence, causes=(rows_of_kernels.cause_of_kernel(found, is_left, got),))
    role = role or "xh"  # weights of a cell read x and h as one array
    if role == "h":
        framework = "cell" if found.framework == "pytorch" else framework
        return wrong_size("h_0", "num_units", expected, got, [cause("other_units", framework, units=expected)])
    is_joined = known[0][0] == "xh" and found.framework in ("numpy", "jax", "pytorch")  # h is that of the cell
    if is_joined or (found.framework in ("numpy", "jax") and NAMED_JOIN.search(line.code)):
        joined = ("joined_weights", "other_features")
        causes = [cause(id, framework, got=got, expected=expected) for id in joined]
        if is_joined:
            causes = [rows_of_kernels.cause_of_kernel(found, operations[0].factors[0] == "xh", got)]
        sentence = axes_of_handwritten_cells.of_factors(found, inner, outer)
        return Mismatch("kernel", "features", sentence, (got,), (expected,), tuple(causes), is_of_equals=True)
    if role in ("x", "xh"):
        causes = [cause("other_features", framework, got=got, expected=expected)]
        return wrong_size("x", "features", expected, got, causes)
    if found.framework in ("numpy", "jax") and of_output:
        return axes_of_handwritten_cells.of_output_weights(found, of_output[0], inner, outer)
    ids = ["dense_directions"] if got == 2 * expected else ["dense_one_direction"] if expected == 2 * got else []
    values: dict[str, int | str] = {"got": got, "expected": expected, "outputs": "units"}
    causes = [cause(id, found.framework, **values) for id in (*ids, "dense_features")]
    return wrong_size("dense_input", "features", expected, got, causes)


def _product_of_pytorch(found: Found, line: FailedLine) -> Mismatch | None:
    """The product of a cell that the program computes itself, whose arguments are listed or joined into one array."""
    if listed := listed_arguments.of_product(found, line):
        return listed
    of_cell = replace(found, template=replace(found.template, framework="handwritten cell"))
    joined, samples = joined_x_and_h.of_parts(of_cell), found.number("a")
    return (
        replace(joined, facts=(*joined.facts, fact("batch_size", samples, "[x, h]"))) if joined and samples else joined
    )


NAMED_JOIN = re.compile(r"\b(?:joined|joint|concat\w{0,20}|combined|stacked)\b", re.IGNORECASE)
"""An array with the name of x and h in one."""


def _of_layer(found: Found, line: FailedLine) -> Array | None:
    """The array that a layer, a reshape or a method gets in the line that failed."""
    arrays = [
        array for one in line.operations if one.kind in ("layer", "reshape", "axis") for array in one.operands[:1]
    ]
    return next((array for array in reversed(arrays) if array.role), None)


def _channels(found: Found, line: FailedLine) -> Mismatch | None:
    """A convolution over an array whose units are in its last axis."""
    array, given, expected = _of_layer(found, line), found.shape("input"), found.number("expected")
    if not array or array.role not in ("output", "h") or len(given) != 3 or given[-1] != expected:
        return None
    return convolutions.units_not_second(found, given, expected)


def _attention(found: Found, line: FailedLine) -> Mismatch | None:
    array, expected, got = _of_layer(found, line), found.number("expected"), found.number("got")
    if not array or array.role not in ("output", "h"):
        return None
    return wrong_size("output", "num_units", expected, got, sums_of_outputs.of_units(found, expected, got))


def _padding(found: Found, line: FailedLine) -> Mismatch | None:
    array, axis = _of_layer(found, line), found.number("axis")
    if not array or array.role not in ("output", "h"):
        return None
    return sums_of_outputs.mask_of_sizes(found, axis, found.number("expected"), found.number("got"))


READERS: dict[str, Callable[[Found, FailedLine], Mismatch | None]] = {
    **dict.fromkeys(
        (
            "pytorch-broadcast",
            "numpy-sum",
            "jax-sum",
            "jax-shapes",
            "tensorflow-sum",
            "tensorflow-sum-of-node",
            *(f"jax-{operation}" for operation in sums.ELEMENTS_OF_JAX),
            *(f"{version}-{id}" for id in sums.KINDS_OF_TENSORFLOW for version in ("tensorflow", "tf1")),
        ),
        of_sum,
    ),
    **dict.fromkeys(("pytorch-join", "pytorch-0-join"), _join),
    **dict.fromkeys(("numpy-join", "numpy-1-join", "jax-join", *joins.OF_TENSORFLOW), _join_in_axis),
    **dict.fromkeys(
        ("pytorch-join-rank", "numpy-join-rank", "jax-join-rank", *joins.RANKS_OF_TENSORFLOW), _rank_of_join
    ),
    "pytorch-products": _products,
    "pytorch-products-rank": _rank_of_products,
    **dict.fromkeys(("numpy-product-sizes", "numpy-dot", "jax-product"), _product),
    **dict.fromkeys(("pytorch-product", "pytorch-0-product"), _product_of_pytorch),
    **dict.fromkeys(
        ("tensorflow-2-product", "tensorflow-product-run", "tensorflow-product-of-node"), listed_arguments.of_product
    ),
    "pytorch-channels": _channels,
    "pytorch-attention": _attention,
    "pytorch-padding": _padding,
}
"""Template -> how the line that failed is read if nothing else says what its message is about."""
