"""The way back: from what an output weighs to what every tensor of every step weighs, over a trace.

A gradient has the shape of its tensor. A weight is the same in every row of every step, so its gradient is a sum over
batch_size and time_step: both axes vanish.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from app.core.ops import PRODUCTS, Array
from app.core.program import Tensor
from app.core.scan import Trace
from app.core.stack import StackTrace

Pull = Callable[[Array, Sequence[Array], Array], Sequence[Array]]
"""Of a result's gradient, the inputs and the result: the gradient of each input."""


def _concat(g: Array, inputs: Sequence[Array], out: Array) -> Sequence[Array]:
    return np.split(g, np.cumsum([i.shape[-1] for i in inputs])[:-1], axis=-1)


def _rows(g: Array) -> Array:
    """What a vector gets that is the same in every row."""
    total: Array = g.sum(axis=0)
    return total


PULLS: dict[str, Pull] = {
    "concat": _concat,
    "matmul": lambda g, i, out: (g @ i[1].T,),
    "affine": lambda g, i, out: (g @ i[1].T,),
    "add": lambda g, i, out: (g, g),
    "add_vector": lambda g, i, out: (g, _rows(g)),
    "mul": lambda g, i, out: (g * i[1], g * i[0]),
    "mul_vector": lambda g, i, out: (g * i[1], _rows(g * i[0])),
    "complement": lambda g, i, out: (-g,),
    "sigmoid": lambda g, i, out: (g * out * (1 - out),),
    "tanh": lambda g, i, out: (g * (1 - out * out),),
    "relu": lambda g, i, out: (g * (out > 0),),
}
"""How each operation hands back what its result weighs; the operations that only take apart are in ``_Way``. What the
weights of a product get is summed over all steps at once."""


@dataclass(frozen=True, eq=False)
class Gradients:
    """Of one cell's run: those of its weights and its X, whole, and of each tensor of a step its size at every step.

    ``norms`` has the square root of the sum of squares, in the order in which the cell took the steps.
    """

    weights: dict[str, Array]
    X: Array
    norms: dict[str, Array]


def backward(trace: Trace, of_output: Array) -> Gradients:
    """Go back over a trace. ``of_output`` is what each number of Y weighs, batch_size × time_step × num_units."""
    way = _Way(trace)
    for t in reversed(range(trace.sizes["time_step"])):
        way.step(t, of_output[:, t])
    for id, gradient in way.of_products.items():
        source, kernel, *bias = trace.program.by_id[id].inputs
        way.found.weights[kernel] += np.tensordot(way.made[source], gradient, ((0, 1), (0, 1)))
        for vector in bias:
            way.found.weights[vector] += gradient.sum((0, 1))
    return way.found


class _Way:
    """The way back, step by step. ``carried`` is what the states weigh in later steps; ``of_products`` keeps what each
    product weighs at every step."""

    def __init__(self, trace: Trace) -> None:
        program, steps = trace.program, trace.sizes["time_step"]
        self.program, self.given = program, trace.given
        self.made = {t.id: trace.stack(t.id) for t in program.step}
        self.of_products = {t.id: np.zeros_like(self.made[t.id]) for t in program.step if t.op in PRODUCTS}
        self.found = Gradients(
            {t.id: np.zeros_like(trace.given[t.id]) for t in program.weights},
            np.zeros_like(trace.array("X")),
            {t.id: np.zeros(steps) for t in program.step},
        )
        self.carried: dict[str, Array] = {}

    def step(self, t: int, of_output: Array) -> None:
        """What nothing in the step takes, and no later step, weighs nothing."""
        g, self.carried = self.carried, {}
        pieces: dict[str, Array] = {}
        _give(g, self.program.cell.output, of_output)
        for tensor in reversed(self.program.step):
            if tensor.id in pieces:
                _give(g, tensor.id, pieces[tensor.id])
            if tensor.id not in g:
                continue
            weight = g[tensor.id]
            if (norm := _norm(weight)) < SAFE:
                weight = _normal(weight)
                norm = _norm(weight)
            if not norm:
                continue
            self.found.norms[tensor.id][t] = norm
            if tensor.id in self.of_products:
                self.of_products[tensor.id][t] = weight
            match tensor.op:
                case "step":
                    self.found.X[:, t] += weight
                case "carry":
                    self.carried[tensor.inputs[0]] = weight
                case "split":
                    (whole,) = tensor.inputs
                    if whole not in pieces:
                        pieces[whole] = np.zeros_like(self.made[whole][t])
                    _block(pieces[whole], tensor)[...] = weight
                case _:
                    inputs = [self.made[id][t] if id in self.made else self.given[id] for id in tensor.inputs]
                    back = PULLS[tensor.op](weight, inputs, self.made[tensor.id][t])
                    for id, share in zip(tensor.inputs, back, strict=False):
                        if id in self.made:
                            _give(g, id, share)
                        else:
                            self.found.weights[id] += share


def _give(g: dict[str, Array], id: str, weight: Array) -> None:
    """One share more. Never in place: two tensors may share an array."""
    g[id] = g[id] + weight if id in g else weight


def _norm(g: Array) -> float:
    """The square root of the sum of squares, also where these are too small or too large for the array's type."""
    flat = g.ravel("K")
    square = float(flat.dot(flat))
    if not SAFE < square < 1 / SAFE:
        flat = flat.astype(np.float64)
        square = float(flat.dot(flat))
    return sqrt(square)


def _normal(g: Array) -> Array:
    """Without numbers that are too small to be held with all their digits: they would neither vanish, as they are
    rounded up again and again, nor be computed with at speed."""
    return np.where(abs(g) < np.finfo(g.dtype).tiny, 0, g)


SAFE = 1e-30
"""From here on the smallest numbers that there are come into sight: those of float32 end at 1e-38."""


def _block(whole: Array, piece: Tensor) -> Array:
    """The columns of a whole that are a piece of it."""
    part, parts = piece.part or (0, 1)
    width = whole.shape[-1] // parts
    return whole[..., part * width : (part + 1) * width]


def of_last_output(trace: StackTrace) -> dict[tuple[int, str], Gradients]:
    """The gradients of the sum of the output at the last step, for every cell of a stack."""
    stack = trace.stack
    weight = np.zeros((stack.batch_size, stack.time_step, stack.output.size(stack.sizes)), trace.X.dtype)
    weight[:, -1] = 1
    return backward_stack(trace, weight)


def backward_stack(trace: StackTrace, of_output: Array) -> dict[tuple[int, str], Gradients]:
    """The same for every cell of a stack; ``of_output`` is what the top layer's output weighs, both directions side by
    side."""
    found = {}
    for layer in reversed(range(trace.stack.num_layers)):
        below = np.zeros_like(trace.traces[layer, "forward"].array("X"))
        shares = np.split(of_output, len(trace.stack.directions), axis=-1)
        for direction, share in zip(trace.stack.directions, shares, strict=True):
            turned = trace.reads_from_the_end(direction)
            taken = share[:, ::-1] if direction == "backward" else share
            gradients = backward(trace.traces[layer, direction], taken)
            found[layer, direction] = gradients
            below += gradients.X[:, ::-1] if turned else gradients.X
        of_output = below
    return found
