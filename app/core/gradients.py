"""The backward pass: the gradient of a weighted sum of the output with respect to every tensor of a run.

Reverse-mode differentiation of a trace, from the step that a cell computed last to the first one. A gradient has the
shape of its tensor. A weight is the same for every sample and step, so its gradient is a sum over batch_size and
time_step. An array that several cells read, such as the input of both directions of a layer, has one gradient: the sum
of their contributions.

app/url_state_to_picture/run_and_gradients.py shows these gradients on the page. app/training/network.py trains with
them a network whose program compiled/backward.py does not cover.
"""

from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from .axes import BATCH_SIZE, TIME_STEP
from .evaluator import alignments
from .gradient_objective import Objective
from .ops import OPS, Array
from .ops.op import inserted, quiet
from .program import Tensor
from .stack import Place
from .symbols import ProgramError
from .trace import StackTrace, Trace


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of one cell's run: whole arrays for its weights, norms at every step for the tensors of a step.

    ``X`` is the contribution of this cell to the gradient of its input, and ``input`` that gradient: the sum over all
    directions of the layer. Both are batch_size × time_step × ... The norms of x are those of ``input``. Steps are in
    the order in which the cell computed them.
    """

    weights: dict[str, Array]
    X: Array
    input: Array
    norms: dict[str, Array]


def cell_gradients(trace: Trace, output_gradient: Array) -> Gradients:
    """The gradients of one cell's run. ``output_gradient`` is that of Y, batch_size × time_step × num_units.

    ProgramError where an operation has no gradient.
    """
    if unknown := [t.op for t in trace.program.step if not _is_differentiable(t)]:
        known = ", ".join(id for id, op in OPS.items() if op.gradient)
        raise ProgramError(f"there is no gradient of {unknown[0]}; there is one of {known}")
    backward = _BackwardPass(trace)
    with quiet():
        for t in reversed(range(trace.sizes["time_step"])):
            backward.step(t, output_gradient[:, t])
    for id, gradient in backward.product_gradients.items():
        backward.add_to_weights(trace.program.by_id[id], gradient)
    return backward.gradients


def _is_differentiable(t: Tensor) -> bool:
    return bool(t.operation.gradient) or t.op in HANDLED or t.operation.kind == "constant"


HANDLED = ("split", "slice", "step", "carry")
"""The operations without a ``gradient`` in their record, which ``_BackwardPass.step`` differentiates itself."""


class _BackwardPass:
    """The backward pass of one cell, step by step.

    ``carried`` has the gradients of the states that a later step passes back. ``product_gradients`` collects the
    gradient of each product at every step, because one product over the rows of all steps gives the gradient of a
    weight much faster than one for each step.
    """

    def __init__(self, trace: Trace) -> None:
        program, steps = trace.program, trace.sizes["time_step"]
        self.program, self.inputs = program, trace.inputs
        self.alignments = alignments(program, tuple(trace.sizes.items()))
        X = np.zeros_like(trace.array("X"))
        self.values = {t.id: trace.stack(t.id) for t in program.step}
        self.product_gradients = {
            t.id: np.zeros_like(self.values[t.id])
            for t in program.step
            if t.operation.kind == "product" and self.alignments[t.id].is_plain and t.inputs[0] in self.values
        }
        self.gradients = Gradients(
            {t.id: np.zeros_like(trace.inputs[t.id]) for t in program.weights},
            X,
            X,
            {t.id: np.zeros(steps) for t in program.step},
        )
        self.carried: dict[str, Array] = {}

    def step(self, t: int, output_gradient: Array) -> None:
        """The gradients of one step. A tensor that nothing reads, in this step or later, has a gradient of 0."""
        g, self.carried = self.carried, {}
        pieces: dict[str, Array] = {}
        _add(g, self.program.cell.output, output_gradient)
        for tensor in reversed(self.program.step):
            if tensor.id in pieces:
                _add(g, tensor.id, pieces[tensor.id])
            if tensor.id not in g:
                continue
            gradient = g[tensor.id]
            if (size := _norm(gradient)) < SAFE:
                gradient = _without_subnormal(gradient)
                size = _norm(gradient)
            if not size:
                continue
            self.gradients.norms[tensor.id][t] = size
            match tensor.op:
                case "step":
                    self.gradients.X[:, t] += gradient
                case "carry":
                    self.carried[tensor.inputs[0]] = gradient
                case "split" | "slice" if tensor.inputs[0] in self.values:
                    (whole,) = tensor.inputs
                    if whole not in pieces:
                        pieces[whole] = np.zeros_like(self.values[whole][t])
                    self._block(pieces[whole], tensor)[...] += gradient
                case "split" | "slice":
                    self._block(self.gradients.weights[tensor.inputs[0]], tensor)[...] += gradient
                case _ if tensor.operation.kind != "constant":
                    self._add_to_inputs(g, tensor, t, gradient)

    def _add_to_inputs(self, g: dict[str, Array], tensor: Tensor, t: int, gradient: Array) -> None:
        inputs, value, differentiate = self._inputs(tensor, t), self.values[tensor.id][t], tensor.operation.gradient
        assert differentiate  # cell_gradients refuses a program that has an operation without one
        if is_product := tensor.id in self.product_gradients:
            self.product_gradients[tensor.id][t] = gradient
        own, result, _ = self.alignments[tensor.id]
        if result:
            gradient, value = result(gradient), result(value)
        arrays = [align(a) if align else a for align, a in zip(own, inputs, strict=True)]
        operands = inserted(arrays, [(n, np.asarray(number, value.dtype)) for n, number in tensor.numbers])
        positions = (n for n in range(len(operands)) if n not in dict(tensor.numbers))
        for n, id, align in zip(positions, tensor.inputs, own, strict=True):
            if is_product and id not in self.values:
                continue
            part = differentiate(n, gradient, operands, value)
            part = align.gradient(part) if align else part
            if id in self.values:
                _add(g, id, part)
            else:
                self.gradients.weights[id] += part

    def _block(self, whole: Array, piece: Tensor) -> Array:
        """The columns of a tensor that are one of its pieces."""
        part, parts = piece.block
        width = whole.shape[-1] // parts
        return whole[..., self.alignments[piece.id].cut or slice(part * width, (part + 1) * width)]

    def add_to_weights(self, product: Tensor, gradient: Array) -> None:
        """Add the gradients of a product's weights, from the gradient of the product at every step."""
        g, value, *inputs = map(_all_rows, (gradient, self.values[product.id], *self._inputs(product, slice(None))))
        differentiate = product.operation.gradient
        assert differentiate  # cell_gradients refuses a program that has an operation without one
        for n, id in enumerate(product.inputs):
            if id not in self.values:
                self.gradients.weights[id] += differentiate(n, g, inputs, value)

    def _inputs(self, tensor: Tensor, steps: int | slice) -> list[Array]:
        return [self.values[id][steps] if id in self.values else self.inputs[id] for id in tensor.inputs]


def _all_rows(array: Array) -> Array:
    """time_step × batch_size × units as rows of units; a weight unchanged."""
    return array.reshape(-1, array.shape[-1]) if array.ndim > 2 else array


def _add(g: dict[str, Array], id: str, contribution: Array) -> None:
    """Add to a gradient. Not in place, because two tensors may have the same array."""
    g[id] = g[id] + contribution if id in g else contribution


def norm(gradient: Array) -> float:
    """The square root of the sum of squares, even if squares are too small or too large for the array's type."""
    with np.errstate(over="ignore"):
        return _norm(gradient)


def _norm(gradient: Array) -> float:
    flat = gradient.ravel("K")
    square = float(flat.dot(flat))
    if not SAFE < square < 1 / SAFE:
        flat = flat.astype(np.float64)
        square = float(flat.dot(flat))
    if not SAFE**8 < square < 1 / SAFE**8:  # squares of float64 end at 1e-308
        largest = float(abs(flat).max())
        return largest * _norm(flat / largest) if largest and isfinite(largest) else largest
    return sqrt(square)


def _without_subnormal(gradient: Array) -> Array:
    """The gradient with zeros for subnormal numbers, which lose digits in every operation and slow processors down."""
    return np.where(abs(gradient) < np.finfo(gradient.dtype).tiny, 0, gradient)


SAFE = 1e-30
"""Below this norm, some numbers of a float32 array may be subnormal: less than 1e-38."""


SUMMED = (BATCH_SIZE, TIME_STEP)
"""The axes that the gradient of a weight is summed over."""


def objective_gradients(trace: StackTrace, objective: Objective) -> dict[Place, Gradients]:
    """The gradients of an objective, for every cell of a stack."""
    return stack_gradients(trace, objective.output_gradient(trace))


def stack_gradients(trace: StackTrace, output_gradient: Array) -> dict[Place, Gradients]:
    """The gradients of every cell of a stack. ``output_gradient`` is that of the top layer's output, both
    directions concatenated: batch_size × time_step × ..."""
    gradients = {}
    for layer in reversed(range(trace.stack.num_layers)):
        cells, outputs = {}, np.split(output_gradient, len(trace.stack.directions), axis=-1)
        for direction, g in zip(trace.stack.directions, outputs, strict=True):
            in_order = g[:, ::-1] if direction == "backward" else g
            cells[direction] = cell_gradients(trace.traces[layer, direction], in_order)
        # The gradient of this layer's input is that of the output of the layer below.
        output_gradient = np.sum([_reordered(trace, direction, cell.X) for direction, cell in cells.items()], axis=0)
        for direction, cell in cells.items():
            input = _reordered(trace, direction, output_gradient)
            norms = cell.norms | {"x": np.array([norm(x) for x in input.swapaxes(0, 1)])}
            gradients[layer, direction] = replace(cell, input=input, norms=norms)
    return gradients


def _reordered(trace: StackTrace, direction: str, steps: Array) -> Array:
    """A layer's input, from the order of its steps to the order in which a direction reads them, or back."""
    return steps[:, ::-1] if trace.input_is_reversed(direction) else steps
