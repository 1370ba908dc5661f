"""Gradients compared with numerical slopes: the change of a weighted sum of the output by a small change of a
number."""

import numpy as np
import other_cells
import pytest

from app.core.cells import CELLS, PROJECTED
from app.core.gradients import cell_gradients, stack_gradients
from app.core.input_data import make_input
from app.core.ops import OPS, Array
from app.core.program import Program, capture
from app.core.run import run, run_stack
from app.core.seeded_weights import make_weights, stack_weights
from app.core.stack import Stack

PROGRAMS = {
    **{id: capture(cell) for id, cell in CELLS.items()},
    **{f"{id}, projected": capture(cell) for id, cell in PROJECTED.items()},
    **{f"other: {p.cell.id}": p for p in vars(other_cells).values() if isinstance(p, Program)},
}
SIZES = {"batch_size": 2, "time_step": 3, "features": 3, "num_units": 2, "num_proj": 2}
STEP = 1e-6


INPUTS = {
    "concat": ((3, 2), (3, 1), (3, 4)),
    "matmul": ((3, 2), (2, 5)),
    "affine": ((3, 2), (2, 5), (5,)),
    **dict.fromkeys(("contraction", "dot"), ((4, 3, 2), (4, 2, 5))),
    "add": ((3, 2), (3, 2)),
    "mul": ((3, 2), (3, 2)),
    **dict.fromkeys(("sub", "div", "power", "mod", "maximum", "minimum"), ((3, 2), (3, 2))),
    **dict.fromkeys(("greater", "not_less", "equal", "unequal"), ((3, 2), (3, 2))),
    "where": ((3, 2), (3, 2), (3, 2)),
    **dict.fromkeys(("complement", "negative", "sigmoid", "tanh", "relu", "abs", "copy", "transpose"), ((3, 2),)),
    **dict.fromkeys(("exp", "log", "sqrt", "logsigmoid", "softplus", "silu", "elu", "gelu", "sin", "cos"), ((3, 2),)),
    **dict.fromkeys(("softmax", "cumsum", "layer_norm", "sum", "mean", "max", "min", "norm"), ((3, 4),)),
}
"""The shapes of the inputs of each operation."""


def test_every_operation_that_computes_has_a_gradient() -> None:
    computing = {id for id, op in OPS.items() if op.compute}
    assert computing == INPUTS.keys() == {id for id, op in OPS.items() if op.gradient}


@pytest.mark.parametrize("op", INPUTS)
def test_the_gradient_of_each_input_of_an_operation_equals_the_slope(op: str) -> None:
    random, compute, gradient = np.random.default_rng(1), OPS[op].compute, OPS[op].gradient
    assert compute and gradient
    inputs = [random.standard_normal(shape) for shape in INPUTS[op]]
    if op in ("log", "sqrt", "power"):
        inputs[0] = abs(inputs[0]) + 0.1
    if op == "div":
        inputs[1] = abs(inputs[1]) + 0.5
    out = compute(*inputs)
    weight = random.standard_normal(out.shape)
    for n, array in enumerate(inputs):
        found = gradient(n, weight, inputs, out)
        assert found.shape == array.shape
        for at in np.ndindex(array.shape):
            more, less = (np.array(array) for _ in range(2))
            more[at] += STEP
            less[at] -= STEP
            ends = (compute(*inputs[:n], end, *inputs[n + 1 :]) for end in (more, less))
            above, below = (float((result * weight).sum()) for result in ends)
            assert abs(found[at] - (above - below) / (2 * STEP)) <= 1e-8, (n, at)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_each_gradient_equals_the_numerical_slope(program: Program) -> None:
    inputs = make_weights(program, SIZES, 1, np.float64) | {"X": make_input(SIZES, 1, np.float64)}
    trace = run(program, SIZES, {k: v for k, v in inputs.items() if k != "X"}, inputs["X"])
    weight = np.random.default_rng(0).standard_normal(trace.array("Y").shape)
    found = cell_gradients(trace, weight)

    def output(id: str, array: Array) -> float:
        changed = inputs | {id: array}
        again = run(program, SIZES, {k: v for k, v in changed.items() if k != "X"}, changed["X"])
        return float((again.array("Y") * weight).sum())

    for id, gradient in {**found.weights, "X": found.X}.items():
        assert gradient.shape == inputs[id].shape, id
        for at in np.ndindex(*inputs[id].shape):
            more, less = (np.array(inputs[id]) for _ in range(2))
            more[at] += STEP
            less[at] -= STEP
            slope = (output(id, more) - output(id, less)) / (2 * STEP)
            assert abs(gradient[at] - slope) <= 1e-7, (id, at)


@pytest.mark.parametrize("id", CELLS)
def test_the_gradient_of_the_last_output_shrinks_towards_the_first_step(id: str) -> None:
    stack = Stack(CELLS[id], 3, 12, 2, 5)
    trace = run_stack(stack, stack_weights(stack, 0), make_input(stack.sizes, 0))
    weight = np.zeros((3, 12, 5), np.float32)
    weight[:, -1] = 1
    norms = stack_gradients(trace, weight)[0, "forward"].norms["h"]

    assert norms[-1] == pytest.approx(np.sqrt(15))
    assert norms[0] < norms[-1]
