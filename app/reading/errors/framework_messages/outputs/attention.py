"""Messages about attention and other products and sums of what recurrent layers return, and their masks.

Networks without recurrence raise them as well. Where the message does not say which arrays it is about, the line that
failed does.
"""

import ast
import re
from dataclasses import replace
from itertools import product

from .....translations.phrases import Phrase, phrase
from ....code.operations import Operand, Operation
from ....code.values import ANY, Axes, may_be_equal
from ....facts_about_sizes import Fact, fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.failed_line import OUTPUT_AXES
from ...code_lines.fits_of_operations import in_order_of_message, rank_of_sum
from ...code_lines.layers_and_operands import makes_x, parts_of, what
from ...code_lines.program_nodes import last_name
from ...code_lines.quoted_code import only_line
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
from ..message_template import HANDWRITTEN_CELLS, Found, MessageTemplate

AXES = ("batch_size", "time_step", "num_units")
"""The axes of an output, batch first."""

OF_OUTPUTS = re.compile(
    r"out|enc|hidden|rnn|lstm|gru|state|query|keys?\b|values?\b|memory|ctx|context|attn|attention|\bh\w?\b"
)
"""Names of what recurrent layers return, or of what attention makes of it."""

OF_INPUTS = re.compile(r"emb|caption|token|\bx\w?\b|\binp")
"""Names of what goes into a recurrent layer."""


PRODUCT = re.compile(r"mm\(|matmul\(|@")
TRANSPOSED = re.compile(
    r"transpose|permute|\.m?t\b|swapaxes|unsqueeze\((?:dim=)?(?:2|-1)\)|expand_dims\([^()]{1,40}(?:2|-1)\)|,\s?none\]"
)
"""A factor whose last two axes were exchanged, or that has one column."""

WEIGHTS_FIRST = re.compile(
    r"(?:mm|matmul)\(\s?(?:self\.)?\w{0,20}(?:weights?|alphas?|scores?|probs?|attn\w{0,8})\b(?!\()"
    r"|(?:weights?|alphas?|scores?|probs?|attn\w{0,8})\b(?:\.\w{1,12}\([^()]{0,20}\))?\s?@"
)
"""A product whose first factor is the weights of attention, one for each step."""

RESIDUAL = re.compile(
    r"\b(?:x|inputs?|inp|residual|identity|src|emb\w{0,10})\s?\+\s?(?:self\.)?(?:\w{0,20}_)?"
    r"(?:out\w{0,10}|y\w?|h\w?|rnn|lstm|gru)\b"
    r"|\b(?:\w{0,20}_)?(?:out\w{0,10}|y\w?|h\w?)\s?\+\s?(?:x|inputs?|inp|residual|identity|src|emb\w{0,10})\b"
)
"""The sum of x and the output of a layer."""


def products_of_batches(found: Found) -> Mismatch:
    """Products of PyTorch, one for each sample: the message says the batch and the size that both factors share."""
    left, right = found.shape("left"), found.shape("right")
    if of_layer := _in_layer_of_keras(found, left, right):
        return of_layer
    found, is_of_outputs = _product(found, left, right)
    if not is_of_outputs or len(left) != 2 or len(right) != 2 or None in (*left, *right):
        return of_unknown_arrays()
    (batch, expected), (batch_got, got) = left, right
    if whole := _transposed(found, batch, expected):
        sizes = zip(("batch_size", "time_step"), whole, strict=False)
        facts = [fact(axis, size, "factor") for axis, size in sizes if size]
        needed = whole[::2] + whole[1:2]
        return wrong_shape("output", "order", needed, whole, [cause("transpose_keys", "pytorch")], facts)
    if left == right[::-1]:
        return wrong_shape("output", "order", left, right, [cause("time_first", "pytorch")])
    if batch == batch_got:
        factor = (batch, got, None)
        return _of_inner_sizes(found, expected or 0, factor, bool(TRANSPOSED.search(found.code.lower())))
    if expected == got:
        return wrong_size("output", "batch_size", batch or 0, batch_got, [cause("time_first", "pytorch")])
    return of_unknown_arrays()


def _transposed(found: Found, batch: int | None, inner: int | None) -> Shape:
    """The shape of the second factor of the product that failed, if it fits with its last two axes exchanged; () for
    another one."""
    one = found.program.product_called(found.code)
    axes = one.operands[1].axes if one and len(one.operands) > 1 else ()
    if len(axes) != 3 or ANY in axes or axes[0] not in (None, batch) or axes[2] != inner or axes[1] in (None, inner):
        return ()
    return batch, *(size if isinstance(size, int) else None for size in axes[1:])


def rank_of_products(found: Found) -> Mismatch:
    """A product for each sample of which one factor has two axes: the weights of attention, or a state; or four."""
    n = found.number("i")
    if more := found.program.product_of_ranks(*((4, None) if n == 1 else (None, 4))):
        are_both = all(len(operand.axes) == 4 for operand in more.operands[:2])
        ids = ["product_of_heads"] if are_both else ["longer_factor"] if axis_too_many(more, n) else []
        return Mismatch(None, None, _other_rank(more, n), causes=tuple(cause(id, "pytorch") for id in ids))
    one = found.program.product_of_ranks(*((2, None) if n == 1 else (None, 2)))
    code = (one.text if one else found.code).lower()
    is_known = one is not None and any(operand.roles for operand in one.operands)
    if n not in (1, 2) or not (is_known or (PRODUCT.search(code) and OF_OUTPUTS.search(code))):
        return of_unknown_arrays()
    is_of_weights = bool(WEIGHTS_FIRST.search(code)) and n == 1
    if one:
        flat, full = one.operands[n - 1].axes, one.operands[2 - n].axes
        if n == 2 and what(one.operands[1]) != "output" and len(full) == 3 and flat[1] == full[2] is not None:
            return Mismatch(None, None, _other_rank(one, n), causes=(cause("factor_axis", "pytorch"),))
        is_of_weights = len(full) == 3 and None not in full[1:] and full[1] != full[2] and flat[1] == full[1]
    return wrong_rank("output", 3, 2, [cause("weights_axis" if is_of_weights else "attention_axis", "pytorch")])


def axis_too_many(one: Operation, n: int) -> int | None:
    """The axis of size 1 without which the factor ``n`` of a product for each sample fits the other one; None without
    one."""
    own, other = one.operands[n - 1].axes, one.operands[2 - n].axes
    for place in (place for place, size in enumerate(own) if place and size == 1):
        rest = own[:place] + own[place + 1 :]
        left, right = (rest, other) if n == 1 else (other, rest)
        if len(rest) == len(other) == 3 and ANY not in other and may_be_equal(left[::2], right[:2]):
            return place
    return None


def _other_rank(one: Operation, n: int) -> Phrase:
    """The sentence about a product for each sample whose factor ``n`` has another number of axes than three."""
    factor = one.operands[n - 1]
    return phrase(
        "torch.bmm needs two arrays with 3 axes, but {factor} has {got}.", factor=factor.text, got=len(factor.axes)
    )


def products_without_sizes(found: Found) -> Mismatch:
    """The same in versions of PyTorch whose message says no size."""
    code = found.code.lower() or only_line(found.surroundings.text, PRODUCT).lower()
    if not PRODUCT.search(code) or not OF_OUTPUTS.search(code):
        return of_unknown_arrays()
    sentence = phrase("Products of outputs for each sample need the same batch, and equal sizes where they are summed.")
    of_batch = [cause("time_first", "pytorch")] if found.surroundings.flag("batch_first") is False else []
    units = cause("attention_units", "pytorch", expected="query.size(-1)", got="keys.size(-1)")
    return Mismatch("output", None, sentence, causes=(*of_batch, units))


def products_of_an_axis(found: Found) -> Mismatch:
    """The same in versions of PyTorch whose message says one axis."""
    expected, got, axis = found.number("expected"), found.number("got"), found.number("i")
    code = found.code.lower()
    if not PRODUCT.search(code) or not OF_OUTPUTS.search(code) or axis > 1:
        return of_unknown_arrays()
    if axis == 0:
        return wrong_size("output", "batch_size", expected, got, [cause("time_first", "pytorch")])
    is_transposed = bool(TRANSPOSED.search(found.code.lower()))
    return _of_inner_sizes(found, expected, (None, got, None), is_transposed)


def _in_layer_of_keras(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """A product in a layer of attention of Keras, which lists its inputs: the query and the values."""
    inputs = found.surroundings.listed_inputs
    if len(inputs) < 2 or any(len(shape) != 3 for shape in inputs):
        return None
    expected, got = inputs[0][-1], inputs[1][-1]
    if not expected or not got or expected == got or (left[-1:], right[-1:]) != ((expected,), (got,)):
        return None
    return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))


def _product(found: Found, left: Shape, right: Shape) -> tuple[Found, bool]:
    """The message with the product that raised it as what failed, and whether its factors are what recurrent layers
    return. The message says the batch and the inner size of the first factor, and those of the second one."""
    if len(left) == len(right) == 2:
        (batch, inner), (batch_got, outer) = left, right
        if one := found.program.product((batch, None, inner), (batch_got, outer, None)):
            is_known = any(operand.roles for operand in one.operands)
            return replace(found, code=one.text), is_known or bool(OF_OUTPUTS.search(one.text.lower()))
    code = found.code.lower() or only_line(found.surroundings.text, PRODUCT)
    return replace(found, code=code), bool(PRODUCT.search(code) and OF_OUTPUTS.search(code))


def products_of_shapes(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """Products of two arrays with three axes, whose shapes the message says; None for other arrays."""
    if len(left) != 3 or len(right) != 3 or None in (left[-1], right[-2]) or left[-1] == right[-2]:
        return None
    return _of_inner_sizes(found, left[-1] or 0, right, left[-1] != right[-1])


def _of_inner_sizes(found: Found, expected: int, factor: Shape, is_transposed: bool) -> Mismatch:
    """The sizes over which a product sums: units, or steps if the first factor is the weights of attention. ``factor``:
    the shape of the second one, as far as it is known."""
    got = factor[1] or 0
    if WEIGHTS_FIRST.search(found.code.lower()) and expected == 1:  # a column for each sample
        sentence = phrase(
            "The first factor has one column, so the second one needs one row for each sample, not {got}.", got=got
        )
        return Mismatch(None, None, sentence, causes=(cause("exchanged_factor", found.framework),))
    if WEIGHTS_FIRST.search(found.code.lower()):
        return wrong_size("output", "time_step", expected, got, [cause("attention_steps", found.framework)])
    if is_transposed:
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    likely = cause("transpose_keys", found.framework)
    if factor[-1] == expected:
        return wrong_shape("output", "order", (factor[0], expected, got), factor, [likely])
    needed = (factor[0], expected, factor[-1])
    return wrong_shape("output", None, needed, factor, [likely, *of_units(found, expected, got)])


def of_units(found: Found, expected: int, got: int) -> list[Cause]:
    """Why two outputs have different numbers of units."""
    small, large = sorted((expected, got))
    may_be_bidirectional = found.surroundings.flag("bidirectional") is not False and found.program.may_have_directions
    if found.framework in HANDWRITTEN_CELLS and found.program.has_code:
        may_be_bidirectional = bool(DIRECTIONS.search(found.program.source))
    ids = ["attention_directions"] if large == 2 * small and may_be_bidirectional else []
    values = {"expected": expected, "got": got, "small": small, "large": large}
    return [cause(id, found.framework, **values) for id in (*ids, "attention_units")]


DIRECTIONS = re.compile(r"(?i:bidirectional|bi_?(?:lstm|gru|rnn)|backward(?!\()|reverse|flip)|::-1")
"""What a program with a handwritten cell has that computes two directions."""

STEPS, UNITS = "tsljiqkmn", "hdeuvcfp"
"""Letters for an axis in the equation of an einsum."""


EQUATION = re.compile(r"[\"'“”‘’(=]([a-z]{1,6}(?:,[a-z]{1,6})+)->")
"""The equation of an einsum, in lower case."""


def _letter_of_axis(found: Found) -> str:
    """The letter of the axis that differs, if the message says the shape of an operand of an einsum whose equation
    stands in the text, or the shapes of both. That of units for a factor that is a matrix of weights, or without an
    equation for the last axis; "" if it is not known."""
    equation = EQUATION.search(found.text("arguments") or found.code.lower() or found.surroundings.text)
    operands = equation[1].split(",") if equation else []
    shapes = [found.shape("left"), found.shape("right")]
    letter = ""
    if (shape := found.shape("shape")) and not equation:
        letter = UNITS[0] if len(shape) > 1 and found.number("i") == len(shape) - 1 else ""
    elif shape:
        fitting = [one for one in operands if len(one) == len(shape)]
        letter = fitting[-1][found.number("i") :][:1] if fitting else ""
    elif len(operands) == 2 and [len(one) for one in operands] == [len(shape) for shape in shapes]:
        first, second = (dict(zip(one, shape, strict=True)) for one, shape in zip(operands, shapes, strict=True))
        letter = next((letter for letter in first if first[letter] != second.get(letter, first[letter])), "")
    is_of_weights = letter in ANY_AXIS and len(operands) == 2 and {*operands[0]} & {*operands[1]} == {letter}
    return UNITS[0] if is_of_weights and any(len(one) == len("ij") for one in operands) else letter


ANY_AXIS = "ijkmn"
"""Letters that an equation gives to any axis."""


def sum_of_products(found: Found) -> Mismatch:
    """An einsum: the message says the letter of the axis, or the shape of an operand."""
    expected, got = found.number("expected"), found.number("got")
    letter = found.text("letter") or _letter_of_axis(found)
    if not letter:
        return of_unknown_arrays()
    if letter in STEPS:
        return wrong_size("output", "time_step", expected, got, [cause("attention_steps", found.framework)])
    if letter == "b":
        return wrong_size("output", "batch_size", expected, got, [cause("time_first", found.framework)])
    return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))


def letters_of_operand(found: Found) -> Mismatch:
    """An einsum whose equation has another number of letters for an operand than the operand has axes."""
    sizes = {"n": found.number("n"), "letters": found.number("letters"), "got": found.number("got")}
    sentence = phrase("The equation of einsum has {letters} letters for operand {n}, which has {got} axes.", **sizes)
    has_more = sizes["got"] == sizes["letters"] + 1
    likely = cause("letters_of_operand", "one axis more" if has_more else "pytorch")
    return Mismatch(None, None, sentence, causes=(likely,))


def operand_of_einsum(found: Found) -> Operand | None:
    """The operand of the einsum in the line that failed that the message numbers; None without it."""
    named = (one for one in found.program.failed_operations if one.name == "einsum")
    products = {one.text: one for one in named if len(one.operands) > found.number("n")}
    return next(iter(products.values())).operands[found.number("n")] if len(products) == 1 else None


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
    facts = [fact(name, size, "keys") for name, size in zip(AXES[:2], longer, strict=False) if size]
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
        if axis >= OUTPUT_AXES and kinds[1 - n] not in ("output", "state"):  # of an image
            return None
        if kinds[1 - n] == "" and role_of(operands[1 - n].text.partition("[")[0]) in ("h", "c"):  # it has no steps
            return from_code(wrong_size("mask", "batch_size", sizes[1 - n], sizes[n], [cause("mask", found.framework)]))
        if (rank, axis) == (OUTPUT_AXES, OUTPUT_AXES - 1):  # the last axis of the other array, which is that of units
            return _mask_without_units(found, (*operands[n].axes[:-1], sizes[n]), operands[1 - n].axes)
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
    if {*kinds} == {"output", "state"} and len(left.axes) != len(right.axes) and axis < rank - 1:
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
    if len(x) != len(AXES) or x[-1] != features:
        return []
    return [fact(name, size, "x") for name, size in zip((*AXES[:2], "features"), x, strict=True) if size]


def _mask_without_units(found: Found, mask: Axes, sequences: Axes) -> Mismatch | None:
    """A mask of samples and steps, for sequences with the same; None for another one."""
    is_known = ANY not in (*mask, *sequences)
    if not is_known or len(mask) != OUTPUT_AXES - 1 or not may_be_equal(mask, sequences[:-1]):
        return None
    got = tuple(one if isinstance(one, int) else None for one in mask)
    known = zip(AXES, got, strict=False)
    facts = [fact(axis, size, "mask") for axis, size in known if size] if found.surroundings.flag("batch_first") else []
    likely = cause("mask_units", found.framework)
    return wrong_rank("mask", OUTPUT_AXES, OUTPUT_AXES - 1, [likely], facts, ((*got, 1), got))


def _axis_of_layers(state: Operand) -> int | None:
    """The axis of a state that is that of all layers and directions: 0, as a layer returns it; None without one."""
    parts = parts_of(state.layers[0]) if len(state.layers) == 1 else None
    is_of_all = parts in state.axes[:-1] and len(state.axes) == OUTPUT_AXES and "output" not in state.roles
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


def batches_of_product(found: Found) -> Mismatch:
    """Outputs of other batches, of which Keras takes the products."""
    left, right = (found.shape(name)[:1] for name in ("left", "right"))
    sentence = phrase("The outputs that are multiplied are those of different batches.")
    return Mismatch("output", "batch_size", sentence, left, right, is_of_equals=True)


def multiplied(found: Found) -> Mismatch:
    """Outputs whose products Keras takes over an axis that differs, as in attention."""
    left, right, axis = found.shape("left"), found.shape("right"), found.number("axis") if found.text("axis") else -1
    if min(len(left), len(right)) < 2:
        raise NoShapeError(NOT_RECURRENT)
    expected, got = found.number("i"), found.number("j")
    if of_axes := _of_axes(found, left, right):
        return of_axes
    if axis in (-1, len(left) - 1):
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    return wrong_size("output", "time_step", expected, got, [cause("other_steps", "keras")])


def _of_axes(found: Found, left: Shape, right: Shape) -> Mismatch | None:
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


ATTENTION_TO_OUTPUT = re.compile(
    r"(?:attn|attention|mha|transformer)\w{0,12}\([^()]{0,60}\b(?:\w{0,12}out\w{0,5}|enc\w*|rnn|lstm|gru|memory)"
)
"""A layer of attention that gets what a recurrent layer returns, by its name."""


def dimension_of_attention(found: Found) -> Mismatch:
    """A layer of attention for another number of units than an output has."""
    expected, got = found.number("expected"), found.number("got")
    one = found.program.call_of_layer(got)
    is_known = one is not None and any(operand.roles for operand in one.operands)
    if not is_known and not ATTENTION_TO_OUTPUT.search(found.code.lower()):
        raise NoShapeError(phrase("attention"))
    return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))


def padding_of_attention(found: Found) -> Mismatch:
    """A mask of a layer of attention whose batch or steps are not those of an output."""
    expected, got, axis = found.number("expected"), found.number("got"), found.number("axis")
    call = found.program.call_with("key_padding_mask")
    read = call.operands[0] if call else None
    if not (read and read.roles) and not ATTENTION_TO_OUTPUT.search(found.code.lower()):
        raise NoShapeError(phrase("attention"))
    order = [layer.setting("batch_first") for layer in read.layers] if read else []
    is_time_first = bool(order) and not any(order)
    causes = [cause(id, "pytorch") for id in (*(["time_first"] if is_time_first else []), "mask")]
    return wrong_size("mask", AXES[axis], expected, got, causes)


TEMPLATES = (
    MessageTemplate(
        "pytorch-products",
        "pytorch",
        "1.8-2",
        "Expected size for first two dimensions of batch2 tensor to be: {left:shape} but got: {right:shape}",
        products_of_batches,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-products",
        "pytorch",
        "1.0-1.7",
        "Expected tensor to have size {expected:n} at dimension {i:n}, but got size {got:n} for argument #2 'batch2'",
        products_of_an_axis,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-attention",
        "pytorch",
        "1.9-2",
        "was expecting embedding dimension of {expected:n}, but got {got:last}",
        dimension_of_attention,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-padding",
        "pytorch",
        "2",
        "Expected key_padded_mask.shape[{axis:n}] to be {expected:n}, but got {got:last}",
        padding_of_attention,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-products-rank",
        "pytorch",
        "1-2",
        "batch{i:n} must be a 3D tensor",
        rank_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-products-rank",
        "pytorch",
        "1.0-1.7",
        "Expected 3-dimensional tensor, but got {got:n}-dimensional tensor for argument #{n:n} 'batch{i:n}'",
        rank_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-1-products",
        "pytorch",
        "1.8-1.10",
        "Expected batch2_sizes[0] == bs && batch2_sizes[1] == contraction_size to be true, but got false",
        products_without_sizes,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-einsum",
        "pytorch",
        "1.8-2",
        "einsum(): subscript {letter:name} has size {got:n} for operand {n:n} which does not broadcast with previously"
        " seen size {expected:last}",
        sum_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-einsum-letters",
        "pytorch",
        "1.8-2",
        "einsum(): the number of subscripts in the equation ({letters:n}) does not match the number of dimensions"
        " ({got:n}) for operand {n:n} and no ellipsis was given",
        letters_of_operand,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-einsum",
        "jax",
        "0.2-0.10",
        "Size of label '{letter:name}' for operand {n:n} ({expected:n}) does not match previous terms ({got:n})",
        sum_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-einsum",
        "tf1",
        "2",
        "Expected dimension {expected:n} at axis {i:n} of the input shaped {shape:shape} but got dimension {got:n}",
        sum_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-einsum-of-graph",
        "tf1",
        "2",
        "Dimensions must be equal, but are {expected:n} and {got:n} for '{{node {name:operation}}} = Einsum"
        "{arguments:any}' with input shapes: {left:shape}, {right:shape}",
        sum_of_products,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-dot",
        "keras",
        "2.2-3",
        "Incompatible input shapes: axis values {i:n} (at axis {axis:axis}) != {j:n} (at axis {other:axis}). Full input"
        " shapes: {left:shape}, {right:shape}",
        multiplied,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "keras", versions, text, multiplied, anywhere=True)
        for id, versions, text in (
            (
                "keras-2-batch-dot",
                "2.2-3",
                "batch_dot on inputs with shapes {left:shape} and {right:shape} with axes={axes:any}. x.shape[{axis:n}]"
                " != y.shape[{other:n}] ({i:n} != {j:n})",
            ),
            (
                "keras-1-dot",
                "1",
                "Dimension incompatibility using dot mode: {i:n} != {j:n}. Layer shapes: {left:shape}, {right:shape}",
            ),
        )
    ),
    MessageTemplate(
        "keras-2-batch-dot-batch",
        "keras",
        "2.3-3",
        "batch_dot on inputs with different batch sizes. Received inputs with shapes {left:shape} and {right:shape}",
        batches_of_product,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-merge",
        "keras",
        "1",
        "Only layers of same output shape can be merged using {mode:name} mode. Layer shapes: [{shapes:shapes}]",
        merged,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-merge",
        "keras",
        "2-3",
        "Inputs have incompatible shapes. Received shapes {left:shape} and {right:shape}",
        added,
        anywhere=True,
    ),
)
