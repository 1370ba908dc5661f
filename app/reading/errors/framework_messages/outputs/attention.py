"""Messages about attention and other products and sums of what recurrent layers return, and their masks.

Networks without recurrence raise them as well. Where the message does not say which arrays it is about, the line that
failed does.
"""

import re
from dataclasses import replace

from .....translations.phrases import Phrase, phrase
from ....code.operations import Operand, Operation
from ....code.values import ANY, may_be_equal
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_OUTPUT, RANK
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...code_lines.quoted_code import only_line
from ...mismatch import (
    NOT_RECURRENT,
    Mismatch,
    NoShapeError,
    Shape,
    of_unknown_arrays,
    wrong_rank,
    wrong_shape,
    wrong_size,
)
from ..message_template import Found, MessageTemplate
from .sums_of_outputs import OF_OUTPUTS, added, merged, of_units, sum_of_axes

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
        sizes = zip(AXES_OF_OUTPUT[:-1], whole, strict=False)
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
    likely = cause("weights_axis" if is_of_weights else "attention_axis", "pytorch")
    if is_of_weights and n == 1:  # of which a product of batches of matrices needs one row for each sample
        likely = replace(likely, fix="weights = weights.unsqueeze(1)")
    return wrong_rank("output", 3, 2, [likely])


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
    if len(right) == RANK and TRANSPOSED_SECOND.search(found.code.lower()):  # the message has it as it is given
        right = (right[0], *right[:0:-1])
    if len(left) != 3 or len(right) != 3 or None in (left[-1], right[-2]) or left[-1] == right[-2]:
        return None
    return _of_inner_sizes(found, left[-1] or 0, right, left[-1] != right[-1])


TRANSPOSED_SECOND = re.compile(r"\b(?:transpose_b|adjoint_b|adj_y)\s?=\s?true")
"""A product of TensorFlow that transposes its second factor, in lower case."""


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
    if of_axes := sum_of_axes(found, left, right):
        return of_axes
    if axis in (-1, len(left) - 1):
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    return wrong_size("output", "time_step", expected, got, [cause("other_steps", "keras")])


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
    return wrong_size("mask", AXES_OF_OUTPUT[axis], expected, got, causes)


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
        "{arguments:operands}' with input shapes: {left:shape}, {right:shape}",
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
