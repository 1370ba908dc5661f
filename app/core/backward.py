"""The way back: from what an output weighs to what every tensor of every step weighs, over a trace.

A gradient has the shape of its tensor. A weight is the same in every row of every step, so its gradient is a sum over
batch_size and time_step: both axes vanish.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.core.ops import Array
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
    "matmul": lambda g, i, out: (g @ i[1].T, i[0].T @ g),
    "affine": lambda g, i, out: (g @ i[1].T, i[0].T @ g, _rows(g)),
    "add": lambda g, i, out: (g, g),
    "add_vector": lambda g, i, out: (g, _rows(g)),
    "mul": lambda g, i, out: (g * i[1], g * i[0]),
    "mul_vector": lambda g, i, out: (g * i[1], _rows(g * i[0])),
    "complement": lambda g, i, out: (-g,),
    "sigmoid": lambda g, i, out: (g * out * (1 - out),),
    "tanh": lambda g, i, out: (g * (1 - out * out),),
    "relu": lambda g, i, out: (g * (out > 0),),
}
"""How each operation hands back what its result weighs; the operations that only take apart are in ``_hand_back``."""


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
    program, last = trace.program, trace.sizes["time_step"] - 1
    weights = {t.id: np.zeros_like(trace.given[t.id]) for t in program.weights}
    X = np.zeros_like(trace.array("X"))
    norms = {t.id: np.zeros(last + 1) for t in program.step}
    carried: dict[str, Array] = {}
    for t in range(last, -1, -1):
        made = {one.id: trace.array(one.id, t) for one in program.step}
        g = {id: np.zeros_like(array) for id, array in made.items()}
        for state, weight in carried.items():
            g[state] += weight
        g[program.cell.output] += of_output[:, t]
        carried = {}
        for tensor in reversed(program.step):
            norms[tensor.id][t] = np.linalg.norm(g[tensor.id])
            match tensor.op:
                case "step":
                    X[:, t] += g[tensor.id]
                case "carry":
                    carried[tensor.inputs[0]] = g[tensor.id]
                case "split":
                    _block(g[tensor.inputs[0]], tensor)[...] += g[tensor.id]
                case _:
                    inputs = [_value(made, trace, id) for id in tensor.inputs]
                    back = PULLS[tensor.op](g[tensor.id], inputs, made[tensor.id])
                    for id, weight in zip(tensor.inputs, back, strict=True):
                        (g if id in g else weights)[id] += weight
    return Gradients(weights, X, norms)


def _value(made: dict[str, Array], trace: Trace, id: str) -> Array:
    """What was made in the step by that name, or given to all of them."""
    return made[id] if id in made else trace.given[id]


def _block(whole: Array, piece: Tensor) -> Array:
    """The columns of a whole that are a piece of it."""
    part, parts = piece.part or (0, 1)
    width = whole.shape[-1] // parts
    return whole[..., part * width : (part + 1) * width]


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
