"""The expected and the given shape under one another, with the names of their axes."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...translations.phrases import phrase, plural
from ..facts_about_sizes import Configuration
from .axes_of_arrays import AXES_OF_OUTPUT, MATRIX, RANK, STEPS, axes_of_x_in_order
from .code_lines.pooled_steps import is_last_of_list, pooled
from .code_lines.program_nodes import last_name
from .explanation import Explanation
from .framework_messages.handwritten_cells.products_in_failed_line import shapes_of_factors
from .framework_messages.message_template import HANDWRITTEN_CELLS
from .framework_messages.outputs.losses_of_classes import steps_of_output
from .framework_messages.outputs.reshapes_and_norms import OVER_SECOND
from .mismatch import WITHOUT_NAMES, Shape, Size

Verdict = Literal["exchanged", "not equal", "more axes", "fewer axes"]
Axes = tuple[str | None, ...]

PEEPHOLES = "peepholes"
"""Weights that are none of the tensors that an explanation names."""

PARTS, ROWS = "num_layers*directions", "gates*num_units"
MOST_AXES = 8
"""Axes of a shape that is compared. Arrays of networks have no more, but a message may say any number."""

OF_BATCHES = ("pytorch-products",)
"""Templates of products of outputs with three axes."""

OF_CLASSES = ("keras-3-classes-rank", "keras-3-target-rank", "jax-take-along-axis", "pytorch-target-size")
"""Templates of outputs whose last axis is that of classes."""

OF_LABELS = (("numpy-axis", "not_return_sequences"),)
"""Templates with a first cause that are those of a loss for the index of a class, too."""

BROADCASTS = ("pytorch-broadcast",)
"""Templates of sums that say which axis differs."""

WITH_STEPS = ("residual", "attention_units", "attention_directions")
"""Causes in an output of every step."""

OF_STATE = ("query_of_one_direction", "state_of_one_direction")
"""Causes in an output that is the last state, which has no steps."""

OF_WHOLE_OUTPUT = ("transpose_keys", "dense_outputs")
"""Causes in an output whose shapes are compared even if the axis that differs has no name."""

KERNELS = ("kernel", "recurrent_kernel")

IN_ROWS = ("pytorch", "onnx")
"""Frameworks that store a unit of a gate as a row of the kernel; in the others it is a column."""


@dataclass(frozen=True)
class Comparison:
    """Both shapes, and the names of the expected axes, None for an axis that the text does not name.

    ``differing`` are the indices of the expected axes that differ. ``shift`` is the index of the axis at which the
    given shape begins; None if its axes cannot be told, because their number is another one. ``got_axes``: the names of
    the axes of a given shape that has more; () if nothing says them.
    """

    axes: Axes
    expected: Shape
    got: Shape
    verdict: Verdict
    differing: tuple[int, ...] = ()
    shift: int | None = 0
    got_axes: Axes = ()

    @property
    def is_whole(self) -> bool:
        """Whether both shapes have the same number of axes, several, and all their sizes are known."""
        return 1 < len(self.expected) == len(self.got) and None not in (*self.expected, *self.got)

    @property
    def words(self) -> str:
        """What is wrong, in two or three words."""
        apart = abs(len(self.expected) - len(self.got))
        match self.verdict:
            case "exchanged":
                return phrase("exchanged")
            case "more axes":
                return plural("{n} axis more", "{n} axes more", apart)
            case "fewer axes":
                return plural("{n} axis missing", "{n} axes missing", apart)
        return phrase("not equal")


def comparison(explanation: Explanation) -> Comparison | None:
    """The comparison of the shapes in a message; None if it says no sizes, or not of what they are, or none that is the
    right one, or if one has more than ``MOST_AXES`` axes."""
    mismatch = explanation.mismatch
    if mismatch.leaves_open:
        return None
    expected, got = mismatch.expected, mismatch.got
    is_of_output = mismatch.tensor == "output" and any(one.id in OF_WHOLE_OUTPUT for one in mismatch.causes)
    is_named = mismatch.axis is not None or mismatch.tensor in WITHOUT_NAMES or is_of_output
    if explanation.has_peepholes:
        is_named = _rank(expected) == _rank(got)
    elif mismatch.tensor is None:
        return None
    if not is_named or not expected or max(_rank(expected), _rank(got)) > MOST_AXES:
        return None
    if isinstance(expected, int):
        return _of_ranks(explanation, expected, got) if isinstance(got, int) else None
    if len(expected) == 1:
        return _of_one_size(explanation, mismatch.axis, expected, got if isinstance(got, tuple) else (None,))
    if not isinstance(got, tuple):
        return None
    if (
        mismatch.tensor == "dense_input"
        and len(got) == MATRIX
        and (shapes := _of_whole_input(explanation, expected, got))
    ):
        return shapes
    pairs = list(enumerate(zip(expected, got, strict=True)))
    differing = tuple(n for n, (one, other) in pairs if one != other and None not in (one, other))
    verdict: Verdict = "exchanged" if mismatch.axis == "order" else "not equal"
    return Comparison(_axes(explanation, len(expected)), expected, got, verdict, differing)


def completed(shapes: Comparison, network: Configuration, causes: Sequence[str]) -> Comparison:
    """A comparison with the sizes that the message does not say, but the text or the reader. ``causes``: their ids. The
    features of a layer above another one are those that this one returns, which it got if nothing else is likely."""
    known = {name: getattr(network, name, None) for name in shapes.axes if name}
    if "return_sequences" in causes:
        known["features"] = shapes.got[-1] if [*causes] == ["return_sequences"] and shapes.got else None
    is_same_rank = len(shapes.expected) == len(shapes.got)

    def size(n: int) -> int | None:
        is_open = shapes.expected[n] is None and (not is_same_rank or shapes.got[n] is None)
        return known.get(shapes.axes[n] or "") if is_open and n not in shapes.differing else None

    sizes = [size(n) for n in range(len(shapes.expected))]
    expected = tuple(one if one is not None else new for one, new in zip(shapes.expected, sizes, strict=True))
    if not is_same_rank:
        return replace(shapes, expected=expected, got=_with_steps(shapes, network, causes))
    got = tuple(one if one is not None else new for one, new in zip(shapes.got, sizes, strict=True))
    return replace(shapes, expected=expected, got=got)


def _with_steps(shapes: Comparison, network: Configuration, causes: Sequence[str]) -> Shape:
    """A given shape with another number of axes, with the batch and the steps that the message does not say: an output
    without the steps that are needed, or with those that are not."""
    if shapes.axes[:1] != STEPS[:1]:
        return shapes.got
    named: Axes = ()
    if "return_sequences" in causes and len(shapes.got) == RANK - 1:
        named = STEPS[:1]
    elif "not_return_sequences" in causes and len(shapes.got) == RANK:
        named = STEPS
    known = [getattr(network, name or "") for name in named]
    filled = [size if one is None else one for one, size in zip(shapes.got, known, strict=False)]
    return (*filled, *shapes.got[len(filled) :])


def _rank(size: Size) -> int:
    """A number of axes."""
    return size if isinstance(size, int) else len(size or ())


def _of_ranks(explanation: Explanation, expected: int, got: int) -> Comparison:
    """Two numbers of axes, with their sizes if the message says them."""
    sizes = zip(explanation.mismatch.shapes, (expected, got), strict=True)
    wanted, given = (shape or (None,) * count for shape, count in sizes)
    axes = _axes(explanation, expected)
    if got > expected:
        return Comparison(axes, wanted, given, "more axes", shift=None, got_axes=_of_steps(explanation, wanted, given))
    is_end = given == wanted[-got:] and None not in given
    missing = tuple(range(expected - got)) if is_end else ()
    return Comparison(axes, wanted, given, "fewer axes", missing, expected - got if is_end else None)


def _of_steps(explanation: Explanation, expected: Shape, got: Shape) -> Axes:
    """The axes of the output of every step where that of one step is needed; () for anything else."""
    is_of_steps = explanation.mismatch.tensor == "output" and explanation.mismatch.first_cause == "not_return_sequences"
    is_batch_first = expected[0] is None or got[0] in (None, expected[0])
    return (*STEPS, None) if is_of_steps and len(got) == RANK and is_batch_first else ()


def _of_one_size(explanation: Explanation, axis: str | None, expected: Shape, got: Shape) -> Comparison:
    """The size of one axis, among the others of its tensor, which the message does not say."""
    network = explanation.configuration
    if explanation.mismatch.is_of_shared_cell:
        axis = AXES_OF_OUTPUT[-1]  # what the first layer returns
    if axis == "num_units" and explanation.mismatch.tensor == "output" and network and network.num_proj:
        axis = "num_proj"
    axes = next((axes for axes in _alternatives(explanation) if axis in axes), (axis,))
    if explanation.mismatch.first_cause == "missing_features_axis":
        axes = (axis,)  # the others of x are not those that the layer expects
    elif axes == axes_of_x_in_order(False) and axis == "features" and _has_unknown_order(explanation):
        axes = (None, None, axis)
    if explanation.mismatch.tensor == "dense_input" and (shapes := _of_whole_input(explanation, expected, got)):
        return shapes
    n = axes.index(axis)
    before: Shape = (None,) * n
    after: Shape = (None,) * (len(axes) - n - 1)
    kernel = shapes_of_factors(explanation.found)[1]
    if explanation.mismatch.tensor in KERNELS and len(axes) == len(kernel) == 2 and n == 0 and kernel[:1] == got:
        after = kernel[1:]
    return Comparison(axes, (*before, *expected, *after), (*before, *got, *after), "not equal", (n,))


def _of_whole_input(explanation: Explanation, expected: Shape, got: Shape) -> Comparison | None:
    """The input of a dense layer with the other axes, if the message or the program says its whole shape; None if they
    do not."""
    shape = explanation.found.shape("shape")
    if shape[-1:] != got[-1:] or len(shape) > MOST_AXES:
        shape = _input_of_each_step(explanation, got)
    if not shape:
        return None
    axes = _axes(explanation, len(shape))
    return Comparison(axes, (*shape[:-1], *expected[-1:]), shape, "not equal", (len(shape) - 1,))


def _input_of_each_step(explanation: Explanation, got: Shape) -> Shape:
    """The shape of every step of an output that a dense layer reads: the first factor in the message, or what the
    program gives the layer, whose samples and steps the product puts into one axis; () without one."""
    found = explanation.found
    factors = [found.shape("left")] if len(got) == 1 else []
    calls = [one for one in found.program.failed_operations if one.layer and one.layer.kind == "dense" and one.operands]
    given = {one.operands[0].axes for one in calls}
    shapes = [*factors, *(tuple(size for size in axes if isinstance(size, int)) for axes in given)]
    whole = {one for one in shapes if len(one) == RANK and one[-1:] == got[-1:] and None not in one}
    fitting = [one for one in whole if len(got) == 1 or (one[0] or 0) * (one[1] or 0) == got[0]]
    return fitting[0] if len(fitting) == 1 else ()


def _axes(explanation: Explanation, count: int) -> Axes:
    """The names of the axes of the tensor, of which there are ``count``."""
    return next((axes for axes in _alternatives(explanation) if len(axes) == count), (None,) * count)


def _alternatives(explanation: Explanation) -> tuple[Axes, ...]:
    """The axes that the tensor of a message may have, the usual ones first."""
    tensor = PEEPHOLES if explanation.has_peepholes else explanation.mismatch.tensor
    return AXES[tensor or ""](explanation)


def _of_state(explanation: Explanation) -> tuple[Axes, ...]:
    """In PyTorch, ONNX and cuDNN states have an axis of layers, and those of a sample without a batch lack that one."""
    whole, of_one_layer = (PARTS, "batch_size", "num_units"), ("batch_size", "num_units")
    if explanation.is_of_one_step or explanation.framework in ("flax", "keras", "tf1", *HANDWRITTEN_CELLS):
        return of_one_layer, whole  # cuDNN raises its messages in Keras
    is_h = explanation.mismatch.tensor == "h_0"
    last = "num_proj" if is_h and explanation.found.surroundings.names_projection else "num_units"
    return (*whole[:-1], last), (PARTS, last)


def _of_input(explanation: Explanation) -> tuple[Axes, ...]:
    if explanation.is_of_one_step:
        return (("batch_size", "features"),)
    if explanation.mismatch.is_of_shared_cell:
        return (AXES_OF_OUTPUT,)
    return (axes_of_x_in_order(not is_time_first(explanation)),)


def is_time_first(explanation: Explanation) -> bool:
    """Whether x has time first. In Keras it has the batch first, by default in TensorFlow and Flax, too, and in PyTorch
    if the code says so."""
    framework = explanation.framework
    return framework == "onnx" or (framework == "pytorch" and not explanation.batch_first)


def _has_unknown_order(explanation: Explanation) -> bool:
    """Whether nothing in the text says if PyTorch's x has time or the batch first."""
    return explanation.framework == "pytorch" and explanation.batch_first is None


def _of_kernel(explanation: Explanation, inputs: str = "features") -> tuple[Axes, ...]:
    if explanation.framework == "flax":
        return ((inputs, "num_units"),)
    is_in_rows = explanation.framework in IN_ROWS and not _is_own_factor(explanation)
    axes: Axes = (ROWS, inputs) if is_in_rows else (inputs, ROWS)
    of_gate = _of_one_gate(explanation, inputs)
    return *([of_gate] if of_gate else []), axes, (PARTS, *axes)


def _is_own_factor(explanation: Explanation) -> bool:
    """Whether a kernel is the second factor of a product in the line that failed, as it is: ``h @ self.u``."""
    found = explanation.found
    if explanation.mismatch.first_cause != "gate_weights":
        return False
    kernels = [kernel for _, kernel in found.program.tree.products_in(found.code)]
    return bool(kernels) and all(isinstance(one, ast.Name | ast.Attribute) and last_name(one) != "T" for one in kernels)


def _of_one_gate(explanation: Explanation, inputs: str) -> Axes:
    """The axes of the weights of one gate, or of a cell without gates, that a program makes itself, by their sizes:
    x and h in one array have no name. () for weights of several gates."""
    expected, network = explanation.mismatch.expected, explanation.configuration
    units = network.num_units if network and explanation.framework in HANDWRITTEN_CELLS else None
    if not network or not units or not isinstance(expected, tuple) or len(expected) != 2 or units not in expected:
        return ()
    if expected[0] == expected[1]:
        return ("num_units", "num_units") if inputs == "num_units" else ()
    other = expected[1 - expected.index(units)]
    name = inputs if inputs != "num_units" and other == network.features else None
    is_joined = network.features is not None and other == units + network.features
    if not name and not is_joined:
        return ()
    return ("num_units", name) if expected[0] == units else (name, "num_units")


def _of_bias(explanation: Explanation) -> tuple[Axes, ...]:
    network, sizes = explanation.configuration, explanation.mismatch.shapes[0]
    is_of_gate = explanation.framework in ("numpy", "jax") and network and sizes[-1:] == (network.num_units,)
    axis = "num_units" if explanation.framework == "flax" or is_of_gate else ROWS
    return ((PARTS, axis), (axis,)) if explanation.framework == "onnx" else ((axis,),)


def _of_output(explanation: Explanation) -> tuple[Axes, ...]:
    """The axes of an output. The last one has no name if neither size is the number of units that is known: it is that
    of a dense layer after the recurrent one."""
    mismatch, network = explanation.mismatch, explanation.configuration
    alternatives = _of_outputs(explanation)
    if network and network.num_proj:
        alternatives = tuple(_projected(axes) for axes in alternatives)
    units = (network.num_units, network.num_proj) if network and network.num_units else ()
    widths = {size * n for size in units if size for n in (1, 2)}
    both = [mismatch.expected, mismatch.got]
    shapes = [one if isinstance(one, tuple) else shape for one, shape in zip(both, mismatch.shapes, strict=True)]
    last = {shape[-1] for shape in shapes if shape} - {None}
    if mismatch.axis == "num_units" or not widths or not last or last & widths:
        return alternatives
    return tuple((*axes[:-1], None) if axes[-1] == "num_units" else axes for axes in alternatives)


def _projected(axes: Axes) -> Axes:
    """The axes of an output of a layer that projects its units."""
    return tuple("num_proj" if axis == "num_units" else axis for axis in axes)


def _of_outputs(explanation: Explanation) -> tuple[Axes, ...]:
    """The axes of an output of the recurrent layer. A normalization over the second axis has the units there."""
    if explanation.mismatch.axis is None:  # of a factor that may be transposed, or of classes
        return ("batch_size", None, None), ("batch_size", None)
    if explanation.mismatch.axis == "order" and any(one.id == "channels_second" for one in explanation.mismatch.causes):
        return (("batch_size", "num_units", "time_step"),)
    if explanation.mismatch.axis == "order" and any(one.id == "classes_second" for one in explanation.mismatch.causes):
        samples, _ = steps_of_output(explanation.found)
        return ((samples, None, None),)  # the classes of one shape are below the steps of the other
    if explanation.found.template.id in OVER_SECOND:
        return (("batch_size", "num_units", None),)
    first, of_last = axes_of_x_in_order(not is_time_first(explanation)), ("batch_size", "num_units")
    if any(cause.id in OF_STATE for cause in explanation.mismatch.causes):
        return (of_last,)
    if any(cause.id in WITH_STEPS for cause in explanation.mismatch.causes):
        return ((*first[:2], "num_units"),)
    if any(cause.id == "transpose_keys" for cause in explanation.mismatch.causes):  # the expected shape is transposed
        return (("batch_size", "num_units", "time_step"), of_last)
    network, sizes = explanation.configuration, explanation.mismatch.shapes[0]
    is_of_other = network and network.num_units and sizes and sizes[-1] != network.num_units
    if is_of_other and any(cause.id == "attention_axis" for cause in explanation.mismatch.causes):
        return ((*first[:2], None),)  # the width of attention
    of_steps = (*first[:2], "num_units")
    is_of_labels = (explanation.found.template.id, explanation.mismatch.first_cause) in OF_LABELS
    if explanation.found.template.id in OF_CLASSES or is_of_labels:
        return ("batch_size", None), (*STEPS, None)
    if network and network.batch_size and sizes == (network.batch_size,):
        return (("batch_size",),)
    if explanation.found.template.id in BROADCASTS and explanation.found.number("i") == 2:  # the third of the axes
        return (of_steps,)
    if explanation.found.template.id in OF_BATCHES:
        return ("time_step",), of_steps, of_last
    return ("time_step",), of_last, of_steps


def _of_dense_input(explanation: Explanation) -> tuple[Axes, ...]:
    """The axes of the input of a dense layer. Without steps, its rows are samples if the line that failed says that
    they are not those of several steps."""
    found = explanation.found
    factors = found.program.tree.products_in(found.code)
    tree = found.program.tree
    is_of_samples = bool(factors) and all(
        pooled(tree, array) is not None or is_last_of_list(tree, array) for array, _ in factors
    )
    return ("batch_size" if is_of_samples else None, "features"), axes_of_x_in_order(not _has_time_first(explanation))


def _has_time_first(explanation: Explanation) -> bool:
    """Whether the input of a dense layer of each step has time first: as x, if the sizes of the network do not tell."""
    network, steps = explanation.configuration, _input_of_each_step(explanation, _last(explanation.mismatch.got))[:-1]
    sizes = (network.batch_size, network.time_step) if network else ()
    if steps and sizes in (steps, steps[::-1]) and steps != steps[::-1]:
        return sizes != steps
    return is_time_first(explanation)


def _last(size: Size) -> Shape:
    """The last size of a shape, as a shape."""
    return size[-1:] if isinstance(size, tuple) else ()


def _always(*axes: Axes) -> Callable[[Explanation], tuple[Axes, ...]]:
    return lambda explanation: axes


AXES: dict[str, Callable[[Explanation], tuple[Axes, ...]]] = {
    "x": _of_input,
    "h_0": _of_state,
    "c_0": _of_state,
    "kernel": _of_kernel,
    "recurrent_kernel": lambda explanation: _of_kernel(explanation, "num_units"),
    "bias": _of_bias,
    PEEPHOLES: _always((PARTS, None)),
    "projection": _always(("num_proj", "num_units")),
    "lengths": _always(("batch_size",)),
    "mask": _always(STEPS),
    "target": _always(("batch_size",), ("batch_size", None), (*STEPS, None)),
    "dense_input": _of_dense_input,
    "dense_kernel": _always(("features", None)),
    "output": _of_output,
}
"""The axes of each tensor that an explanation can be about."""
