"""Sums of what recurrent layers return: which array lacks an axis, or has other units, steps or samples."""

import ast
import re
from dataclasses import replace
from itertools import product

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation
from ....code.values import ANY, Axes, may_be_equal
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import AXES_OF_OUTPUT, AXES_OF_X, RANK
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.fits_of_operations import in_order_of_message, rank_of_sum
from ...code_lines.layers_and_operands import makes_x, parts_of, what
from ...code_lines.program_nodes import last_name
from ...mismatch import (
    NOT_RECURRENT,
    Cause,
    Mismatch,
    NoShapeError,
    Shape,
    from_code,
    of_unknown_arrays,
    wrong_rank,
    wrong_shape,
    wrong_size,
)
from ..message_template import HANDWRITTEN_CELLS, Found

OF_OUTPUTS = re.compile(
    r"out|enc|hidden|rnn|lstm|gru|state|query|keys?\b|values?\b|memory|ctx|context|attn|attention|\bh\w?\b"
)
"""Names of what recurrent layers return, or of what attention makes of it."""


OF_INPUTS = re.compile(r"emb|caption|token|\bx\w?\b|\binp")
"""Names of what goes into a recurrent layer."""


RESIDUAL = re.compile(
    r"\b(?:x|inputs?|inp|residual|identity|src|emb\w{0,10})\s?\+\s?(?:self\.)?(?:\w{0,20}_)?"
    r"(?:out\w{0,10}|y\w?|h\w?|rnn|lstm|gru)\b"
    r"|\b(?:\w{0,20}_)?(?:out\w{0,10}|y\w?|h\w?)\s?\+\s?(?:x|inputs?|inp|residual|identity|src|emb\w{0,10})\b"
)
"""The sum of x and the output of a layer."""


def of_units(found: Found, expected: int, got: int) -> list[Cause]:
    """Why two outputs have different numbers of units."""
    small, large = sorted((expected, got))
    may_be_bidirectional = found.surroundings.flag("bidirectional") is not False and found.program.may_have_directions
    source = found.program.source
    if found.framework in HANDWRITTEN_CELLS and found.program.has_code:
        may_be_bidirectional = bool(DIRECTIONS.search(source))
    elif found.program.is_whole:
        may_be_bidirectional &= bool(DIRECTIONS.search(source) or ENCODES.search(source.lower()))
    ids = ["attention_directions"] if large == 2 * small and may_be_bidirectional else []
    values = {"expected": expected, "got": got, "small": small, "large": large}
    return [cause(id, found.framework, **values) for id in (*ids, "attention_units")]


DIRECTIONS = re.compile(r"(?i:bidirectional|bi_?(?:lstm|gru|rnn)|backward(?!\()|reverse|flip)|::-1")
"""What a program with a handwritten cell has that computes two directions."""


ENCODES = re.compile(r"enc|dec|att|\bquer(?:y|ies)\b|\bkeys\b|\bcontext\b")
"""Names of what attention is over, in lower case: an encoder may be another module's."""


ATTENDS = re.compile(r"att(?:ention|n)|\bquer(?:y|ies)\b|\bkeys\b|\bscores?\b|decod|\bcontext\b|energ")
"""A network with attention, in lower case. Others add no state to every step."""


def sum_of_shapes(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The sum of two arrays: a state without an axis of steps and all steps, as in additive attention, or x and an
    output; None for other arrays."""
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    code = found.code.lower()
    is_of_steps = len(longer) == 3 and (longer[0], longer[-1]) == shorter and longer[0] != longer[1]
    if is_of_steps and (code or ATTENDS.search(found.surroundings.text)):
        return _without_steps(found, longer, shorter, n=0 if shorter == left else 1)
    if len(longer) == 3 and longer[:2] == shorter and "*" in code:
        return wrong_rank("output", 3, 2, [cause("weights_axis", found.framework)], shapes=(longer, shorter))
    if len(left) != len(right) or left[:1] != right[:1] or None in (left[-1:] + right[-1:]) or left[-1:] == right[-1:]:
        return None
    expected, got = left[-1] or 0, right[-1] or 0
    if len(left) == 4:  # each step of one plus each step of the other
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    return _residual(found, code, expected, got) if len(left) == 3 else None


def _without_steps(found: Found, longer: Shape, shorter: Shape, n: int) -> Mismatch:
    """A query without an axis of steps, or what a dense layer makes of it: the term ``n`` of a sum."""
    likely = [cause("attention_axis", found.framework)]
    if found.framework != "keras":
        return wrong_rank("output", 3, 2, likely, shapes=(longer, shorter))
    read = {one.operands[0].axes[1] for one in found.program.calls if len(one.operands[0].axes) == RANK}
    are_steps = not read or bool(read & {longer[1], None})  # attention may be over the parts of an image
    named = zip(AXES_OF_OUTPUT[: 1 + are_steps], longer, strict=False)
    facts = [fact(name, size, "keys") for name, size in named if size]
    query = _query(found, n)
    got = query if len(query) == len(shorter) and query[0] == shorter[0] else shorter
    return wrong_rank("output", 3, 2, likely, facts, ((got[0], 1, *got[1:]), got))


def _query(found: Found, n: int) -> Shape:
    """The shape of the argument that a dense layer gets in the term ``n`` of the sum that failed, as Keras lists it; ()
    for another term."""
    statement = found.line.statement
    for one in ast.walk(statement) if statement else ():
        if not isinstance(one, ast.BinOp) or not isinstance(one.op, ast.Add):
            continue
        match (one.left, one.right)[n]:
            case ast.Call(func=layer, args=[ast.Name(name)]) if DENSE.fullmatch(last_name(layer)):
                return found.surroundings.shape_of_argument(name)
    return ()


DENSE = re.compile(r"W(?:_?\w{1,8})?|\w{0,20}(?:dense|fc|linear|proj)\w{0,10}", re.IGNORECASE)
"""What the dense layers of attention are called."""


def sum_of_sizes(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The same in PyTorch, whose message says one axis, and a mask. None if the program does not say what it is
    about."""
    one = found.program.sum_of_sizes(axis, a, b)
    return _of_operands(found, one, axis, (a, b)) if one else None


def _of_gate(found: Found, one: Operation, sizes: tuple[int, int]) -> Mismatch | None:
    """A product with x in a statement with an output of the other size, as in a highway; None for another one."""
    if not makes_x(one) or sizes[0] == sizes[1]:
        return None
    beside = [n for n in (0, 1) if found.program.sum_beside_output(one, sizes[n])]
    if len(beside) != 1:
        return None
    units, features = sizes[beside[0]], sizes[1 - beside[0]]
    return wrong_size("output", "num_units", features, units, causes_of_residual(found, features, units))


def _of_operands(found: Found, one: Operation, axis: int, sizes: tuple[int, int]) -> Mismatch | None:
    """A sum whose arrays the program says; None if they are no outputs, states or x."""
    left, right = operands = in_order_of_message(one)[:2]
    rank, kinds = rank_of_sum(one), (what(left), what(right))
    if "mask" in kinds:
        n = kinds.index("mask")
        if axis >= RANK and kinds[1 - n] not in ("output", "state"):  # of an image
            return None
        if kinds[1 - n] == "" and role_of(operands[1 - n].text.partition("[")[0]) in ("h", "c"):  # it has no steps
            return from_code(wrong_size("mask", "batch_size", sizes[1 - n], sizes[n], [cause("mask", found.framework)]))
        if kinds[1 - n] == "state" and (of_samples := _mask_of_samples(found, operands[n].axes, operands[1 - n].axes)):
            return of_samples
        if (rank, axis) == (RANK, RANK - 1):  # the last axis of the other array, which is that of units
            return _mask_without_units(found, (*operands[n].axes[:-1], sizes[n]), operands[1 - n].axes)
        if of_scores := _scores_with_axis(found, operands[n].axes, operands[1 - n].axes):
            return of_scores
        of_mask = mask_of_sizes(found, axis, sizes[1 - n], sizes[n])
        return of_mask if kinds[1 - n] else from_code(of_mask)
    if "output" in kinds and (of_weights := _of_weights(found, left.axes, right.axes)):
        return of_weights
    if {*kinds} == {"", "output"} and axis == 1 and ANY not in (*left.axes, *right.axes) and rank == 3:
        return _of_steps_or_batch(found, axis, *sizes, is_known=False)
    if rank == 3 and axis == 2 and {*kinds} == {"x"} and (of_gate := _of_gate(found, one, sizes)):
        return of_gate
    if "" in kinds or not rank or "output" not in kinds:
        return None
    is_said = ANY not in (*left.axes, *right.axes) or ATTENDS.search(found.surroundings.text) is not None
    if {*kinds} == {"output", "state"} and len(left.axes) != len(right.axes) and axis < rank - 1 and is_said:
        return wrong_rank("output", 3, 2, [cause("attention_axis", found.framework)])
    if {*kinds} == {"output", "state"} and axis < rank - 1:
        state = operands[kinds.index("state")]
        if (of_layers := _axis_of_layers(state)) in (0, axis):
            lacks_steps = of_layers == 0 and state.layers[0].setting("batch_first")  # or the last layer fits every step
            return of_all_layers("attention_axis" if lacks_steps else "all_layers")
    if axis < rank - 1:
        return _of_steps_or_batch(found, axis, *sizes)
    of_x = next((n for n in (0, 1) if kinds[n] == "x" or ("x" in operands[n].roles and kinds[n] == "output")), None)
    if of_x is None or kinds[1 - of_x] != "output":
        return wrong_size("output", "num_units", *sizes, of_units(found, *sizes))
    features, units = sizes[of_x], sizes[1 - of_x]
    facts = _sizes_of_x(found, features)
    return wrong_size("output", "num_units", features, units, causes_of_residual(found, features, units), facts)


def _sizes_of_x(found: Found, features: int) -> list[Fact]:
    """The sizes of the x to which a layer of Keras adds an output, as Keras lists its first argument."""
    x = found.surroundings.first_argument if found.framework == "keras" else ()
    if len(x) != RANK or x[-1] != features:
        return []
    return [fact(name, size, "x") for name, size in zip(AXES_OF_X, x, strict=True) if size]


def _mask_without_units(found: Found, mask: Axes, sequences: Axes) -> Mismatch | None:
    """A mask of samples and steps, for sequences with the same; None for another one."""
    is_known = ANY not in (*mask, *sequences)
    if not is_known or len(mask) != RANK - 1 or not may_be_equal(mask, sequences[:-1]):
        return None
    got = tuple(one if isinstance(one, int) else None for one in mask)
    known = zip(AXES_OF_OUTPUT, got, strict=False)
    facts = [fact(axis, size, "mask") for axis, size in known if size] if found.surroundings.flag("batch_first") else []
    likely = cause("mask_units", found.framework)
    return wrong_rank("mask", RANK, RANK - 1, [likely], facts, ((*got, 1), got))


def _scores_with_axis(found: Found, mask: Axes, scores: Axes) -> Mismatch | None:
    """Scores of all samples and steps that keep an axis of size 1, for a mask without it; None for other arrays."""
    is_known = ANY not in (*mask, *scores) and (len(mask), len(scores)) == (RANK - 1, RANK)
    if not is_known or scores[-1] != 1 or not may_be_equal(mask, scores[:-1]):
        return None
    both = tuple(next((n for n in pair if isinstance(n, int)), None) for pair in zip(mask, scores, strict=False))
    axes, fewer = (*both, 1), RANK - 1
    if not _weighs_last_axis(found):
        return wrong_rank("mask", RANK, fewer, [cause("mask_last_axis", "pytorch")], [], (axes, both))
    return wrong_rank("output", fewer, RANK, [cause("scores_axis", found.framework)], [], (both, axes))


def _weighs_last_axis(found: Found) -> bool:
    """Whether the function that failed takes the softmax along the last axis, which is that of the steps, then."""
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure}
    calls = [one for one in tree.calls_of("softmax", "log_softmax") if tree.function_of(one) in functions]
    axes = [one for call in calls for one in (*call.args, *(key.value for key in call.keywords))]
    return any(ast.unparse(one) == "-1" for one in axes)


def _mask_of_samples(found: Found, mask: Axes, state: Axes) -> Mismatch | None:
    """A mask of samples, for the state of a step with the same; None for another one."""
    is_known = ANY not in (*mask, *state) and (len(mask), len(state)) == (1, STATE_AXES)
    if not is_known or not may_be_equal(mask, state[:1]):
        return None
    batch = next((one for one in (*mask, *state[:1]) if isinstance(one, int)), None)
    facts = [fact("batch_size", batch, "mask")] if batch else []
    likely = cause("mask_of_samples", found.framework)
    return wrong_rank("mask", STATE_AXES, 1, [likely], facts, ((batch, 1), (batch,)))


STATE_AXES = 2
"""The batch and the units of the state of one step."""


def _axis_of_layers(state: Operand) -> int | None:
    """The axis of a state that is that of all layers and directions: 0, as a layer returns it; None without one."""
    parts = parts_of(state.layers[0]) if len(state.layers) == 1 else None
    is_of_all = parts in state.axes[:-1] and len(state.axes) == RANK and "output" not in state.roles
    return state.axes.index(parts) if parts and is_of_all else None


def of_all_layers(id: str) -> Mismatch:
    """The states of all layers, which are combined with an output."""
    sentence = phrase("The state has an axis of layers, but an output has none: take the last layer.")
    return Mismatch("output", "order", sentence, causes=(cause(id, "states"),))


def _of_weights(found: Found, left: Axes, right: Axes) -> Mismatch | None:
    """Weights of attention, one for each sample and step, times an output; None for other arrays."""
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    if len(longer) != 3 or len(shorter) != 2 or ANY in (*longer, *shorter) or not may_be_equal(longer[:2], shorter):
        return None
    return wrong_rank("output", 3, 2, [cause("weights_axis", found.framework)])


def _of_steps_or_batch(found: Found, axis: int, expected: int, got: int, is_known: bool = True) -> Mismatch:
    """Two outputs with other numbers of steps or samples. ``is_known``: whether the other array is an output, too."""
    if (axis == 1) == bool(found.surroundings.flag("batch_first")):
        causes = [cause("join_steps", found.framework)] if is_known else []
        return wrong_size("output", "time_step", expected, got, causes)
    if not is_known:
        return of_unknown_arrays()
    return wrong_size("output", "batch_size", expected, got, [cause("time_first", found.framework)])


def _residual(found: Found, code: str, a: int, b: int) -> Mismatch | None:
    """The sum of x and the output of a layer, in either order; None for another one."""
    if not (both := RESIDUAL.search(code)):
        return None
    features, units = (a, b) if OF_INPUTS.match(both[0]) else (b, a)
    return wrong_size("output", "num_units", features, units, causes_of_residual(found, features, units))


def causes_of_residual(found: Found, features: int, units: int) -> list[Cause]:
    """Why x and the output of a layer cannot be added."""
    may_be_bidirectional = found.surroundings.flag("bidirectional") is not False
    ids = ["merge_directions"] if units == 2 * features and may_be_bidirectional else []
    return [cause(id, found.framework, cell=found.cell, features=features) for id in (*ids, "residual")]


def mask_of_sizes(found: Found, axis: int, expected: int, got: int) -> Mismatch:
    """A mask with ``got`` values along an axis, for an output with ``expected`` ones."""
    is_time_first = _is_time_first(found)
    if axis == 1 and (is_time_first or PADDED_TIME_FIRST.search(found.surroundings.text)):
        return wrong_size("mask", "batch_size", expected, got, [cause("time_first", found.framework)])
    is_packed = axis and got > expected and re.search("pad_packed|pack_padded|packed", found.surroundings.text)
    ids = ("packed_steps", "mask") if is_packed else ("mask",)
    causes = [cause(id, found.framework) for id in ids]
    return wrong_size("mask", "time_step" if axis or is_time_first else "batch_size", expected, got, causes)


def _is_time_first(found: Found) -> bool:
    """Whether a layer of PyTorch that lines of code make returns time first, and nothing exchanges its axes."""
    around = found.surroundings
    is_set = around.flag("batch_first") is False or "batch_first" not in around.text
    return around.makes_layer_of_pytorch and is_set and not TRANSPOSING.search(around.text)


TRANSPOSING = re.compile(r"transpose|permute|swapaxes|\.t\(|einsum|rearrange|cell\(")
"""What exchanges axes, and a cell, which returns one step."""


PADDED_TIME_FIRST = re.compile(r"pad_packed_sequence\((?![^\n]{0,80}batch_first\s?=\s?true)[^\n]")
"""The output of a packed sequence that is padded with time first."""


def added(found: Found) -> Mismatch:
    """Outputs that Keras adds, multiplies or averages, and that differ; their shapes lack the batch."""
    expected, got = found.shape("left"), found.shape("right")
    if {*map(len, (expected, got))} == {1, 2}:
        return wrong_rank("output", 3, 2, [cause("return_sequences", "keras", cell=found.cell)])
    if {*map(len, (expected, got))} == {1}:
        sizes = expected[0] or 0, got[0] or 0
        return wrong_size("output", "num_units", *sizes, of_units(found, *sizes))
    if len(expected) != 2 or len(got) != 2:
        raise NoShapeError(NOT_RECURRENT)
    if expected == got[::-1] and expected[0] != expected[1]:
        return wrong_shape("output", "order", (None, *expected), (None, *got), [cause("transposed_factor", "keras")])
    is_of_steps = expected[0] != got[0]
    causes = (
        [cause("other_steps", "keras")] if is_of_steps else causes_of_residual(found, expected[1] or 0, got[1] or 0)
    )
    return wrong_shape("output", "time_step" if is_of_steps else "num_units", (None, *expected), (None, *got), causes)


def merged(found: Found) -> Mismatch:
    """What Keras 1 adds, multiplies or averages, whose shapes have the batch."""
    left, right, *_ = found.text("shapes").strip("()").split("),(")
    values = {name: shape.partition(",")[2] for name, shape in (("left", left), ("right", right))}
    return added(replace(found, values=values))


def sum_of_axes(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """A product over two axes of which one has another place than in the only two with equal sizes; None for the same
    axis of both, if no two are equal, or only the steps of both: then their units differ."""
    axes = tuple(int(found.text(name) or -1) % len(shape) for name, shape in (("axis", left), ("other", right)))
    fitting = [
        (n, m)
        for n, m in product(range(1, len(left)), range(1, len(right)))
        if left[n] is not None and left[n] == right[m]
    ]
    if axes[0] == axes[1] and (len(fitting) != 1 or fitting == [(1, 1)]):
        return None
    sentence = phrase(
        "The product sums over axis {first} of its first factor, {expected}, and axis {second} of its second factor,"
        " {got}: both must be equal.",
        first=axes[0],
        expected=found.number("i"),
        second=axes[1],
        got=found.number("j"),
    )
    causes = [cause("axes_of_product", "keras", first=n, second=m) for n, m in fitting if len(fitting) == 1]
    return Mismatch("output", "order", sentence, causes=tuple(causes), is_of_equals=True)
