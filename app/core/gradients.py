"""Gradients: how much more a weighted sum of the output is for a little more of each number of a run.

Reverse mode over a trace, step by step from the last that was taken. A gradient has the shape of its tensor. A weight
is the same in every row of every step, so its gradient is a sum over batch_size and time_step. What several cells read,
as both directions of a layer do, has one gradient: the sum of what each of them contributes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from app.core.axes import BATCH_SIZE, TIME_STEP
from app.core.ops import OPS, Array
from app.core.program import Tensor
from app.core.stack import Place
from app.core.symbols import ProgramError
from app.core.trace import StackTrace, Trace
from app.translations.phrases import phrase


@dataclass(frozen=True, eq=False)
class Gradients:
    """Of one cell's run: those of its weights, whole, and of each tensor of a step the norm at every step.

    ``X`` is what this cell contributes to the gradient of what it reads, ``read`` that gradient itself: the sum over
    all directions of its layer. The norms of x are those of ``read``. Steps are in the order in which the cell took
    them.
    """

    weights: dict[str, Array]
    X: Array
    read: Array
    norms: dict[str, Array]


def backward(trace: Trace, of_output: Array) -> Gradients:
    """The gradients of one cell's run. ``of_output`` is that of Y, batch_size × time_step × num_units.

    ProgramError where an operation has no gradient.
    """
    if unknown := [t.op for t in trace.program.step if not (t.operation.gradient or t.op in MOVED)]:
        known = ", ".join(id for id, op in OPS.items() if op.gradient)
        raise ProgramError(f"there is no gradient of {unknown[0]}; there is one of {known}")
    way = _Way(trace)
    with np.errstate(over="ignore"):
        for t in reversed(range(trace.sizes["time_step"])):
            way.step(t, of_output[:, t])
    for id, gradient in way.of_products.items():
        way.give_weights(trace.program.by_id[id], gradient)
    return way.found


MOVED = ("split", "step", "carry")
"""The operations whose gradients ``_Way`` moves to where they belong."""


class _Way:
    """Reverse mode, step by step. ``carried`` are the gradients of the states from later steps; ``of_products`` keeps
    the gradient of each product at every step: its weights get theirs from all steps at once, which is faster."""

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

    def step(self, t: int, of_output: Array) -> None:
        """The gradients of one step. What nothing reads, in the step or later, has a gradient of 0."""
        g, self.carried = self.carried, {}
        pieces: dict[str, Array] = {}
        _give(g, self.program.cell.output, of_output)
        for tensor in reversed(self.program.step):
            if tensor.id in pieces:
                _give(g, tensor.id, pieces[tensor.id])
            if tensor.id not in g:
                continue
            gradient = g[tensor.id]
            if (size := _norm(gradient)) < SAFE:
                gradient = _normal(gradient)
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
                    self._give_inputs(g, tensor, t, gradient)

    def _give_inputs(self, g: dict[str, Array], tensor: Tensor, t: int, gradient: Array) -> None:
        inputs, made, of_input = self._inputs(tensor, t), self.made[tensor.id][t], tensor.operation.gradient
        assert of_input  # backward refused what has none
        if is_product := tensor.id in self.of_products:
            self.of_products[tensor.id][t] = gradient
        for n, id in enumerate(tensor.inputs):
            if id in self.made:
                _give(g, id, of_input(n, gradient, inputs, made))
            elif not is_product:
                self.found.weights[id] += of_input(n, gradient, inputs, made)

    def give_weights(self, product: Tensor, gradient: Array) -> None:
        """The gradients of a product's weights, from its own at every step, with the rows of all steps as one."""
        g, made, *inputs = map(_all_rows, (gradient, self.made[product.id], *self._inputs(product, slice(None))))
        of_input = product.operation.gradient
        assert of_input  # backward refused what has none
        for n, id in enumerate(product.inputs):
            if id not in self.made:
                self.found.weights[id] += of_input(n, g, inputs, made)

    def _inputs(self, tensor: Tensor, steps: int | slice) -> list[Array]:
        return [self.made[id][steps] if id in self.made else self.given[id] for id in tensor.inputs]


def _all_rows(array: Array) -> Array:
    """time_step × batch_size × units as rows of units; a weight as it is."""
    return array.reshape(-1, array.shape[-1]) if array.ndim > 2 else array


def _give(g: dict[str, Array], id: str, share: Array) -> None:
    """One more share of a gradient. Never in place: two tensors may share an array."""
    g[id] = g[id] + share if id in g else share


def norm(gradient: Array) -> float:
    """The square root of the sum of squares, also where these are too small or too large for the array's type."""
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


def _normal(gradient: Array) -> Array:
    """Without subnormal numbers, which are rounded up again and again and slow to compute with."""
    return np.where(abs(gradient) < np.finfo(gradient.dtype).tiny, 0, gradient)


SAFE = 1e-30
"""Below it float32 comes near its subnormal numbers, which begin at 1e-38."""


def _block(whole: Array, piece: Tensor) -> Array:
    """The columns of a whole that are a piece of it."""
    part, parts = piece.block
    width = whole.shape[-1] // parts
    return whole[..., part * width : (part + 1) * width]


SUMMED = (BATCH_SIZE, TIME_STEP)
"""The axes that the gradient of a weight is summed over."""

OF = phrase("the sum of the output at the last step")
"""The quantity that is differentiated, where there is one direction."""

Outputs = Mapping[str, Array]
"""Direction -> its output at one step, batch_size × num_units."""


def of_sum(outputs: Outputs) -> Outputs:
    """The gradient of a sum over the outputs of all directions: 1 for each number."""
    return {direction: np.ones_like(output) for direction, output in outputs.items()}


def of_last_output(trace: StackTrace, of: Callable[[Outputs], Outputs] = of_sum) -> dict[Place, Gradients]:
    """The gradients of a sum over the output of the top layer at its last step, for every cell of a stack.

    ``of`` gives the gradient of that sum from the outputs at this step: it says what becomes of two directions.
    """
    top, directions = trace.stack.num_layers - 1, trace.stack.directions
    of_step = of({direction: trace.output(top, direction)[:, -1] for direction in directions})
    of_output = np.zeros_like(trace.layer_output(top))
    of_output[:, -1] = np.concatenate([of_step[direction] for direction in directions], axis=-1)
    return backward_stack(trace, of_output)


def backward_stack(trace: StackTrace, of_output: Array) -> dict[Place, Gradients]:
    """The gradients of every cell of a stack. ``of_output`` is that of the top layer's output, both directions side by
    side."""
    found = {}
    for layer in reversed(range(trace.stack.num_layers)):
        cells, shares = {}, np.split(of_output, len(trace.stack.directions), axis=-1)
        for direction, g in zip(trace.stack.directions, shares, strict=True):
            cells[direction] = backward(trace.traces[layer, direction], g[:, ::-1] if direction == "backward" else g)
        of_output = np.sum([_turned(trace, direction, cell.X) for direction, cell in cells.items()], axis=0)
        for direction, cell in cells.items():
            read = _turned(trace, direction, of_output)
            norms = cell.norms | {"x": np.array([norm(x) for x in read.swapaxes(0, 1)])}
            found[layer, direction] = replace(cell, read=read, norms=norms)
    return found


def _turned(trace: StackTrace, direction: str, steps: Array) -> Array:
    """What a layer reads, from the order in which it is given to that in which a direction takes it, or back."""
    return steps[:, ::-1] if trace.reads_from_the_end(direction) else steps
