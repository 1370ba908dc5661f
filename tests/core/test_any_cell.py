"""Any cell runs as its equations say: compared with each kernel called by itself, tensor after tensor."""

import numpy as np
import other_cells
import pytest
from other_cells import Equations, program

from app.core.ops import OPS, Array
from app.core.program import Program, Symbol, concatenate, sigmoid, split, tanh
from app.core.scan import run
from app.core.weights import make_input, make_weights


def piece_multiplied(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, second: Symbol, second_bias: Symbol
) -> Equations:
    """A product reads a piece of a split as it is."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_r, a_n = split(a, 2)
    r = sigmoid(a_r)
    n = a_n @ second + second_bias
    kept = r * n
    h = tanh(kept)
    return locals()


def functions_that_are_no_neighbours(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
    """The same function reads the first and the third piece; the second is read by a concatenation, too."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_p, a_q, a_r = split(a, 3)
    p = sigmoid(a_p)
    q = sigmoid(a_q)
    r = sigmoid(a_r)
    beside = concatenate(q, x)
    kept = p * r
    h = kept + q
    return locals()


HERE = (
    program(
        piece_multiplied,
        {"h": "batch_size, num_units"},
        kernel="num_units+features, 2*num_units",
        bias="2*num_units",
        second="num_units, num_units",
        second_bias="num_units",
    ),
    program(
        functions_that_are_no_neighbours,
        {"h": "batch_size, num_units"},
        kernel="num_units+features, 3*num_units",
        bias="3*num_units",
    ),
)
EVERY = (*HERE, *(value for value in vars(other_cells).values() if isinstance(value, Program)))


def step_by_step(of: Program, weights: dict[str, Array], X: Array, sizes: dict[str, int]) -> list[dict[str, Array]]:
    """Every tensor of every step, as plain NumPy makes it."""
    steps: list[dict[str, Array]] = []
    for t in range(sizes["time_step"]):
        made: dict[str, Array] = {**weights, "x": X[:, t]}
        for tensor in of.step:
            if tensor.op == "carry":
                made[tensor.id] = steps[-1][tensor.inputs[0]] if t else np.zeros(tensor.shape(sizes))
            elif tensor.part:
                made[tensor.id] = np.split(made[tensor.inputs[0]], tensor.part[1], axis=-1)[tensor.part[0]]
            elif kernel := OPS[tensor.op].kernel:
                made[tensor.id] = kernel(*(made[i] for i in tensor.inputs))
        steps.append(made)
    return steps


@pytest.mark.parametrize("of", EVERY, ids=lambda of: of.cell.id)
@pytest.mark.parametrize("batch_size", [1, 3])
def test_every_tensor_of_every_step_is_what_its_kernel_makes_alone(of: Program, batch_size: int) -> None:
    sizes = {"batch_size": batch_size, "time_step": 3, "features": 2, "num_units": 5, "num_proj": 3}
    weights, X = make_weights(of, sizes, 0, np.float64), make_input(sizes, 0, np.float64)
    trace = run(of, sizes, weights, X)
    for t, made in enumerate(step_by_step(of, weights, X, sizes)):
        for tensor in of.step:
            np.testing.assert_allclose(
                trace.array(tensor.id, t), made[tensor.id], rtol=0, atol=1e-12, err_msg=tensor.id
            )
