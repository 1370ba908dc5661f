"""The backward pass: the gradient of a weighted sum of the output with respect to every tensor of a run.

Reverse-mode differentiation of a trace, from the last step that a cell took to the first. A gradient has the shape of
its tensor. A weight is the same in every row of every step, so its gradient is a sum over batch_size and time_step. An
array that several cells read, as both directions of a layer do, has one gradient: the sum of their contributions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from ..translations.phrases import phrase
from .axes import BATCH_SIZE, TIME_STEP
from .ops import OPS, Array
from .program import Tensor
from .stack import Place
from .symbols import ProgramError
from .trace import StackTrace, Trace


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of one cell's run: whole arrays for its weights, norms at every step for the tensors of a step.

    ``X`` is what this cell contributes to the gradient of its input, ``read`` is that gradient: the sum over all
    directions of the layer, batch_size × time_step × ... The norms of x are those of ``read``. Steps are in the order
    in which the cell took them.
    """

    weights: dict[str, Array]
    X: Array
    read: Array
    norms: dict[str, Array]


def cell_gradients(trace: Trace, output_gradient: Array) -> Gradients:
    """The gradients of one cell's run. ``output_gradient`` is that of Y, batch_size × time_step × num_units.

    ProgramError where an operation has no gradient.
    """
    if unknown := [t.op for t in trace.program.step if not (t.operation.gradient or t.op in MOVED)]:
        known = ", ".join(id for id, op in OPS.items() if op.gradient)
        raise ProgramError(f"there is no gradient of {unknown[0]}; there is one of {known}")
    backward = _BackwardPass(trace)
    with np.errstate(over="ignore"):
        for t in reversed(range(trace.sizes["time_step"])):
            backward.step(t, output_gradient[:, t])
    for id, gradient in backward.of_products.items():
        backward.add_to_weights(trace.program.by_id[id], gradient)
    return backward.found


MOVED = ("split", "step", "carry")
"""The operations whose gradients ``_BackwardPass`` moves to where they belong."""


class _BackwardPass:
    """The backward pass of one cell, step by step.

    ``carried`` holds the gradients that a later step passes to the states. ``of_products`` collects the gradient of
    each product at every step, because one product over the rows of all steps gives the gradient of a weight much
    faster than one for each step.
    """

    def __init__(self, trace: Trace) -> None:
        program, steps = trace.program, trace.sizes["time_step"]
        self.program, self.given = program, trace.given
        X = np.zeros_like(trace.array("X"))
        self.made = {t.id: trace.stack(t.id) for t in program.step}
        self.of_products = {t.id: np.zeros_like(self.made[t.id]) for t in program.step if t.operation.kind == "product"}
        self.found = Gradients(
            {t.id: np.zeros_like(trace.given[t.id]) for t in program.weights},
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
            self.found.norms[tensor.id][t] = size
            match tensor.op:
                case "step":
                    self.found.X[:, t] += gradient
                case "carry":
                    self.carried[tensor.inputs[0]] = gradient
                case "split":
                    (whole,) = tensor.inputs
                    if whole not in pieces:
                        pieces[whole] = np.zeros_like(self.made[whole][t])
                    _block(pieces[whole], tensor)[...] += gradient
                case _:
                    self._add_to_inputs(g, tensor, t, gradient)

    def _add_to_inputs(self, g: dict[str, Array], tensor: Tensor, t: int, gradient: Array) -> None:
        inputs, made, of_input = self._inputs(tensor, t), self.made[tensor.id][t], tensor.operation.gradient
        assert of_input  # cell_gradients refuses a program that has an operation without one
        if is_product := tensor.id in self.of_products:
            self.of_products[tensor.id][t] = gradient
        for n, id in enumerate(tensor.inputs):
            if id in self.made:
                _add(g, id, of_input(n, gradient, inputs, made))
            elif not is_product:
                self.found.weights[id] += of_input(n, gradient, inputs, made)

    def add_to_weights(self, product: Tensor, gradient: Array) -> None:
        """The gradients of a product's weights, from the product's own at every step."""
        g, made, *inputs = map(_all_rows, (gradient, self.made[product.id], *self._inputs(product, slice(None))))
        of_input = product.operation.gradient
        assert of_input  # cell_gradients refuses a program that has an operation without one
        for n, id in enumerate(product.inputs):
            if id not in self.made:
                self.found.weights[id] += of_input(n, g, inputs, made)

    def _inputs(self, tensor: Tensor, steps: int | slice) -> list[Array]:
        return [self.made[id][steps] if id in self.made else self.given[id] for id in tensor.inputs]


def _all_rows(array: Array) -> Array:
    """time_step × batch_size × units as rows of units; a weight as it is."""
    return array.reshape(-1, array.shape[-1]) if array.ndim > 2 else array


def _add(g: dict[str, Array], id: str, contribution: Array) -> None:
    """Add to a gradient. Never in place: two tensors may have the same array."""
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
    """Zeros for subnormal numbers. Those lose digits in every operation, and processors are slow with them."""
    return np.where(abs(gradient) < np.finfo(gradient.dtype).tiny, 0, gradient)


SAFE = 1e-30
"""Below this norm, some numbers of a float32 array may be subnormal: less than 1e-38."""


def _block(whole: Array, piece: Tensor) -> Array:
    """The columns of a split tensor that are one of its pieces."""
    part, parts = piece.block
    width = whole.shape[-1] // parts
    return whole[..., part * width : (part + 1) * width]


SUMMED = (BATCH_SIZE, TIME_STEP)
"""The axes that the gradient of a weight is summed over."""

OF = phrase("the sum of the output at the last step")
"""The quantity that is differentiated, in a stack of one direction."""

Outputs = Mapping[str, Array]
"""Direction -> its output at one step, batch_size × num_units."""


def of_sum(outputs: Outputs) -> Outputs:
    """The gradient of the sum over the outputs of all directions: 1 for each number."""
    return {direction: np.ones_like(output) for direction, output in outputs.items()}


def last_output_gradients(trace: StackTrace, of: Callable[[Outputs], Outputs] = of_sum) -> dict[Place, Gradients]:
    """The gradients of a sum over the output of the top layer at its last step, for every cell of a stack.

    ``of`` gives the gradient of that sum from the outputs of the directions at this step, which may be added,
    multiplied or put side by side.
    """
    top, directions = trace.stack.num_layers - 1, trace.stack.directions
    of_step = of({direction: trace.output(top, direction)[:, -1] for direction in directions})
    output_gradient = np.zeros_like(trace.layer_output(top))
    output_gradient[:, -1] = np.concatenate([of_step[direction] for direction in directions], axis=-1)
    return stack_gradients(trace, output_gradient)


def stack_gradients(trace: StackTrace, output_gradient: Array) -> dict[Place, Gradients]:
    """The gradients of every cell of a stack. ``output_gradient`` is that of the top layer's output, with both
    directions side by side: batch_size × time_step × ..."""
    found = {}
    for layer in reversed(range(trace.stack.num_layers)):
        cells, outputs = {}, np.split(output_gradient, len(trace.stack.directions), axis=-1)
        for direction, g in zip(trace.stack.directions, outputs, strict=True):
            in_order = g[:, ::-1] if direction == "backward" else g
            cells[direction] = cell_gradients(trace.traces[layer, direction], in_order)
        # The gradient of this layer's input is that of the output of the layer below.
        output_gradient = np.sum([_reordered(trace, direction, cell.X) for direction, cell in cells.items()], axis=0)
        for direction, cell in cells.items():
            read = _reordered(trace, direction, output_gradient)
            norms = cell.norms | {"x": np.array([norm(x) for x in read.swapaxes(0, 1)])}
            found[layer, direction] = replace(cell, read=read, norms=norms)
    return found


def _reordered(trace: StackTrace, direction: str, steps: Array) -> Array:
    """A layer's input, from the order of its steps to the order in which a direction takes them, and the other way."""
    return steps[:, ::-1] if trace.input_is_reversed(direction) else steps
