"""Messages about what follows a recurrent layer: dense layers, targets, and products and sums of any arrays.

Networks without recurrence raise them as well.
"""

import re
from collections.abc import Iterator

from ...translations.phrases import phrase
from ..facts import GATES, Fact, fact
from .causes import TF1_CELLS, cause
from .message_template import Found, MessageTemplate
from .mismatch import Cause, Mismatch, Shape, of_unknown_arrays, written, wrong_rank, wrong_shape, wrong_size

CALLED = re.compile(r"whencalling\w*(lstm|gru|rnn)\w*\.call")
"""Keras names the layer that was called before the message of its backend; in the folded text."""

DENSE = re.compile(r"dense|^matmul(?:_\d+)?$")
"""Names of the product in a dense layer, or of one outside of layers, as programs for TensorFlow 1 have at the end."""

IN_CELL = re.compile(r"(?:lstm|gru|rnn)_?(?:cell|v\d)?(?:_\d+)?/(?:\w+/)*matmul$")
IN_CONCAT_CELL = re.compile(
    r"(?:(basic_(?:lstm|rnn)_cell)|rnn/(?:\w+/)*(lstm_cell|gru_cell))(?:_\d+)?/matmul(?:_\d+)?$"
)
"""Names of the product in a cell: of x and the kernel in Keras, of [x, h] and the kernel in TensorFlow 1."""


def product(found: Found) -> Mismatch:
    """A product of two matrices that do not fit."""
    left, right = _pair(found)
    operation = found.text("operation")
    if len(left) != 2 or len(right) != 2 or None in (left[1], *right) or 0 in (*left, *right):
        return of_unknown_arrays()
    if in_cell := IN_CONCAT_CELL.search(operation):
        return _product_of_concatenation(found, in_cell[1] or in_cell[2], left, right)
    if IN_CELL.search(operation):
        return _product_of_input(found, left, right)
    if called := CALLED.search(found.before):
        return _product_in_keras(found, called[1], left, right)
    if found.framework != "pytorch" and not DENSE.search(operation):
        return of_unknown_arrays()
    return wrong_shape("dense_input", "features", (left[0], right[0]), left, _causes_of_dense(found, left, right))


def _pair(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both matrices: in one list, or one number each."""
    if found.text("a"):
        return (found.number("a"), found.number("b")), (found.number("c"), found.number("d"))
    return found.shape("left"), found.shape("right")


def _product_in_keras(found: Found, cell: str, left: Shape, right: Shape) -> Mismatch:
    """x times the kernel, or h times the recurrent kernel. Keras says the shape of x, and so which of them."""
    x = found.surroundings.input_shape
    is_square = right[1] == GATES[cell] * (right[0] or 0)
    if is_square and len(x) == 3 and x[-1] is not None and x[-1] != left[1]:
        return _product_of_state(left, right)
    return _product_of_input(found, left, right) if x or not is_square else _product_of_input_or_state(left, right)


def _product_of_input(found: Found, left: Shape, right: Shape) -> Mismatch:
    """x times the kernel, which has ``gates*num_units`` columns."""
    (_, got), (expected, columns) = _numbers(left), _numbers(right)
    facts = [fact("features", expected, "kernel"), fact("gates*num_units", columns, "kernel")]
    x = found.surroundings.input_shape
    ids = ["features_first"] if len(x) == 3 and x[1] == expected else []
    likely = [cause(id, "keras", got=got) for id in (*ids, "other_features")]
    return wrong_size("x", "features", expected, got, likely, facts)


def _product_of_state(left: Shape, right: Shape) -> Mismatch:
    """h times the recurrent kernel."""
    (_, got), (units, columns) = _numbers(left), _numbers(right)
    facts = [fact("num_units", units, "recurrent kernel"), fact("gates*num_units", columns, "recurrent kernel")]
    return wrong_size("h_0", "num_units", units, got, [cause("other_units", "keras", units=units)], facts)


def _product_of_input_or_state(left: Shape, right: Shape) -> Mismatch:
    """x times the kernel or h times the recurrent kernel: both have this shape, because features = num_units."""
    sentence = phrase(
        "The layer has as many features as units, {n}: either x or the initial state has {got}.",
        n=right[0],
        got=left[1],
    )
    facts = (fact("features", right[0] or 0, "kernel"), fact("num_units", right[0] or 0, "recurrent kernel"))
    return Mismatch(None, None, sentence, right[:1], left[1:], (cause("other_features", "keras", got=left[1]),), facts)


BLOCKS = {"basic_lstm_cell": 4, "lstm_cell": 4, "gru_cell": 2, "basic_rnn_cell": 1}
"""Scope of a cell in TensorFlow 1 -> blocks of units in the columns of its first kernel, which reads [x, h]."""


def _product_of_concatenation(found: Found, scope: str, left: Shape, right: Shape) -> Mismatch:
    """[x, h] times the kernel of a cell, whose columns tell the units. If x has as many features as the cell has units,
    the cell may be the same in all layers."""
    (_, length), (rows, columns) = _numbers(left), _numbers(right)
    units, rest = divmod(columns, BLOCKS[scope])
    expected, got = rows - units, length - units
    if rest or expected < 1 or got < 1:
        return of_unknown_arrays()
    gates = GATES[found.cell] if found.cell else GATES["lstm"]
    facts = [
        fact("gates", gates, "class"),
        fact("num_units", units, "kernel"),
        fact("features", expected, "kernel"),
    ]
    ids = ["same_cell"] if got == units and "multi_rnn_cell/cell_0/" in found.text("operation") else []
    likely = [
        cause(id, "tf1", expected=expected, tf1_cell=TF1_CELLS[scope], units=units) for id in (*ids, "other_features")
    ]
    return wrong_size("x", "features", expected, got, likely, facts)


def _causes_of_dense(found: Found, left: Shape, right: Shape) -> Iterator[Cause]:
    """Why a dense layer gets another number of values."""
    (_, got), (expected, outputs) = _numbers(left), _numbers(right)
    if found.framework == "pytorch" and got == 2 * expected:
        yield cause("dense_directions", "pytorch", got=got, expected=expected, outputs=outputs)
    if found.framework == "pytorch" and got > expected and got % expected == 0:
        yield cause("dense_flattened", "pytorch")
    yield cause("dense_features", found.framework, got=got, expected=expected, outputs=outputs)


def _numbers(shape: Shape) -> tuple[int, int]:
    """The sizes of a matrix; 0 for an unknown number of rows."""
    rows, columns = shape
    return rows or 0, columns or 0


def rank_of_each_step(found: Found) -> Mismatch:
    """TimeDistributed got an array without a time axis."""
    shape = found.shape("shape")
    units = shape[-1] if shape else None
    likely = cause("return_sequences", "keras", cell=found.cell, units=units)
    return wrong_rank("dense_input", 3, len(shape), [likely], shapes=((), shape))


def target(found: Found) -> Mismatch:
    """A target with another shape than the output."""
    expected, got, framework = found.shape("expected"), found.shape("got"), found.framework
    if len(expected) == len(got):
        return wrong_shape("target", None, expected, got, [cause("target_shape", framework)], _facts(expected, got))
    ids = []
    longer, shorter = (expected, got) if len(expected) > len(got) else (got, expected)
    if longer[-1:] == (1,) and _may_be_equal(longer[:-1], shorter):
        ids.append("target_axis")
    elif len(expected) > len(got):
        ids.append("not_return_sequences")
    elif framework == "keras":
        ids.append("return_sequences")
    return wrong_rank(
        "target",
        len(expected),
        len(got),
        [cause(id, framework, cell=found.cell) for id in (*ids, "target_shape")],
        _facts(expected, got),
        (expected, got),
    )


def _facts(output: Shape, target: Shape) -> list[Fact]:
    """The sizes of an output that its target has as well; the steps if either has three axes."""
    longer = max(output, target, key=len)
    axes = ("batch_size", "time_step") if len(longer) == 3 else ("batch_size",)
    is_one_batch = output[:1] == target[:1]
    return [fact(axis, size, "output") for axis, size in zip(axes, longer, strict=False) if size and is_one_batch]


def target_of_a_sequence(found: Found) -> Mismatch:
    """A target with a class for each step, for an output whose second axis is not that of the classes."""
    expected, got = found.shape("expected"), found.shape("got")
    return wrong_shape("target", None, expected, got, [cause("classes_second", "pytorch")])


def samples_of_target(found: Found) -> Mismatch:
    """A target with another number of samples than the output, which a recurrent layer may have returned for each
    step."""
    expected, got = found.number("expected"), found.number("got")
    is_every_step = got and expected > got and expected % got == 0
    ids = ("not_return_sequences",) if is_every_step else ()
    causes = [cause(id, found.framework) for id in (*ids, "target_shape")]
    return wrong_size("target", "batch_size", expected, got, causes)


def _may_be_equal(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(a == b or None in (a, b) for a, b in zip(one, other, strict=True))


def two_shapes(found: Found) -> Mismatch:
    """Two shapes of which one is the target's, in losses of Keras."""
    left, right = found.shape("left"), found.shape("right")
    sentence = phrase(
        "Two shapes should be equal: {left} and {right}. In a loss these are the target and the output.",
        left=written(left),
        right=written(right),
    )
    return Mismatch(
        "target", "rank" if len(left) != len(right) else None, sentence, causes=(cause("target_shape", "keras"),)
    )


TEMPLATES = (
    MessageTemplate(
        "pytorch-product",
        "pytorch",
        "1.8-2",
        "mat1 and mat2 shapes cannot be multiplied ({a:n}x{b:n} and {c:n}x{d:n})",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-product",
        "pytorch",
        "0.3-1.7",
        "size mismatch, m1: [{a:n} x {b:n}], m2: [{c:n} x {d:n}]",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-product",
        "tf1",
        "1-2",
        "Dimensions must be equal, but are {i:n} and {j:n} for {operation:operation} (op: 'MatMul') with input shapes:"
        " {left:shape}, {right:shape}",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-2-product",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {operation:operation}}} ="
        " MatMul{arguments:any}' with"
        " input shapes: {left:shape}, {right:shape}",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-product-run",
        "tf1",
        "1-2",
        "Matrix size-incompatible: In[0]: {left:shape}, In[1]: {right:shape}",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-broadcast",
        "pytorch",
        "0.4-2",
        "The size of tensor a ({a:n}) must match the size of tensor b ({b:n}) at non-singleton dimension {i:last}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-join",
        "pytorch",
        "1.8-2",
        "Sizes of tensors must match except in dimension {i:n}. Expected size {a:n} but got size {b:n} for tensor",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-products",
        "pytorch",
        "1.8-2",
        "Expected size for first two dimensions of batch2 tensor to be: {left:shape} but got: {right:shape}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "jax-product",
        "jax",
        "0.1-0.10",
        "dot_general requires contracting dimensions to have the same shape, got {left:shape} and {right:shape}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-product",
        "numpy",
        "1.16-2",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "jax-sum",
        "jax",
        "0.2-0.10",
        "add got incompatible shapes for broadcasting: {left:shape}, {right:shape}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-dot",
        "numpy",
        "1-2",
        "shapes {left:shape} and {right:shape} not aligned",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-broadcast",
        "numpy",
        "1-2",
        "operands could not be broadcast together with shapes",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-target",
        "pytorch",
        "0.4-2",
        "Using a target size ({got:shape}) that is different to the input size ({expected:shape})",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-target-size",
        "pytorch",
        "1-2",
        "Expected target size {expected:shape}, got {got:shape}",
        target_of_a_sequence,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-samples",
        "pytorch",
        "0.4-2",
        "Expected input batch_size ({expected:n}) to match target batch_size ({got:n})",
        samples_of_target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-target",
        "keras",
        "3",
        "Arguments `target` and `output` must have the same shape. Received: target.shape={got:shape}, output.shape="
        "{expected:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-target",
        "keras",
        "2.0-2.1",
        "A target array with shape {got:shape} was passed for an output of shape {expected:shape} while using as loss",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-shapes",
        "keras",
        "2",
        "Shapes {left:shape} and {right:shape} are incompatible",
        two_shapes,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-time-distributed",
        "keras",
        "2-3",
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: {shape:shape}",
        rank_of_each_step,
    ),
)
