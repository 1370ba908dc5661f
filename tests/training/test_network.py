"""The compiled backward pass gives the gradients of the plain one, whatever the cell."""

import numpy as np
import other_cells
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS
from test_random_cells import SIZES as RANDOM_SIZES
from test_random_cells import cells as random_cells

from app.core.axes import Sizes
from app.core.cell import Cell
from app.core.cells import CELLS, PROJECTED
from app.core.compiled.backward import CompiledBackwardPass, CompiledCell
from app.core.compiled.backward_plan import differentiates
from app.core.gradients import cell_gradients
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import Program, capture
from app.core.run import run
from app.core.seeded_weights import make_weights, stack_weights
from app.core.stack import Stack
from app.core.symbols import Symbol, concatenate, sigmoid, split, tanh
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY
from app.training.network import CompiledNetwork, PlainNetwork
from app.training.parameter_array import Arrays, products

OTHERS = [p for p in vars(other_cells).values() if isinstance(p, Program)]
TYPED = [capture(cell_of(text)) for text in GALLERY.values()]
PROGRAMS = [p for p in (*map(capture, (*CELLS.values(), *PROJECTED.values())), *OTHERS, *TYPED) if differentiates(p)]
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5, "num_proj": 3}


def assert_differentiates(program: Program, sizes: Sizes, last_output: bool, tolerance: float = 1e-10) -> None:
    """The gradients of the second of two runs, since the arrays of the first one are used again."""
    weights = make_weights(program, sizes, 0, np.float64)
    blocks = {
        product: np.hstack([weights[kernel].T, *([weights[bias][:, None]] if bias else [])])
        for product, kernel, bias in products(program)
    }
    found = {id: np.zeros_like(array) for id, array in weights.items()}
    of_blocks = {product: np.zeros_like(block) for product, block in blocks.items()}
    cell = CompiledCell(program, sizes, weights, np.float64)
    backward = CompiledBackwardPass(
        program, sizes, weights, blocks, found, of_blocks, np.float64, last_output, needs_input=True
    )
    random = np.random.default_rng(1)
    for seed in (0, 1):
        X = make_input(sizes, seed, np.float64)
        backward.output_gradient[...] = random.standard_normal(backward.output_gradient.shape)
        if last_output:
            backward.output_gradient[:-1] = 0
        backward.compute(cell.run(X))
    for product, kernel, bias in products(program):
        inner = len(weights[kernel])
        found[kernel] = of_blocks[product][:, :inner].T
        if bias:
            found[bias] = of_blocks[product][:, inner]
    expected = cell_gradients(run(program, sizes, weights, X), backward.output_gradient.transpose(2, 0, 1))
    assert backward.input_gradient is not None
    assert_close(backward.input_gradient.transpose(2, 0, 1), expected.X, tolerance)
    for id, gradient in expected.weights.items():
        assert_close(found[id], gradient, tolerance)


def assert_close(found: Array, expected: Array, tolerance: float) -> None:
    np.testing.assert_allclose(found, expected, tolerance, tolerance * max(1, abs(expected).max(initial=0)))


@pytest.mark.parametrize("last_output", [True, False], ids=["last output", "every output"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.cell.title)
def test_the_gradients_of_a_compiled_cell_are_those_of_the_plain_backward_pass(
    program: Program, last_output: bool
) -> None:
    features = SIZES["num_units"] if "features" in program.cell.own_sizes else SIZES["features"]
    assert_differentiates(program, program.cell.sizes(SIZES | {"features": features}), last_output)


def state_in_pieces(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """A state that the same step splits: into one piece, and into two that another state is made of."""
    both = concatenate(h_prev, x)
    a = both @ kernel + bias
    c = a + c_prev
    (whole,) = split(c, 1)
    c_1, c_2 = split(whole, 2)
    (again,) = split(c, 1)
    b_1, b_2 = split(again, 2)
    g = tanh(c_1)
    o = sigmoid(c_2)
    first = o * g
    second = b_1 * b_2
    h = first + second
    return locals()


def test_so_are_those_of_a_state_that_is_split() -> None:
    program = other_cells.program(
        state_in_pieces,
        {"h": "batch_size, num_units", "c": "batch_size, 2*num_units"},
        kernel="num_units+features, 2*num_units",
        bias="2*num_units",
    )
    assert differentiates(program)
    assert_differentiates(program, SIZES, last_output=False)


@settings(max_examples=200 if ALL_COMBINATIONS else 60)
@given(random_cells(), RANDOM_SIZES, st.booleans())
def test_so_are_those_of_any_equations(cell: Cell, sizes: dict[str, int], last_output: bool) -> None:
    program = capture(cell)
    if differentiates(program):
        assert_differentiates(program, sizes, last_output, 1e-8)


@pytest.mark.parametrize("num_proj", [0, 3])
def test_so_are_those_of_layers_and_directions(num_proj: int) -> None:
    stack = Stack(CELLS["lstm"], **SIZES | {"num_proj": num_proj}, num_layers=3, bidirectional=True)
    found = []
    for kind in (CompiledNetwork, PlainNetwork):
        values, gradients = (Arrays(stack, 1, np.float64) for _ in range(2))
        for place, weights in stack_weights(stack, 0, np.float64).items():
            for id, array in weights.items():
                values.weights[place][id][...] = array
        network = kind(stack, values, gradients, reads_every_output=True)
        output = network.forward(make_input(stack.sizes, 0, np.float64))
        network.backward(np.random.default_rng(1).standard_normal(output.shape))
        found.append((output, gradients.all))
    for ours, expected in zip(*found, strict=True):
        assert_close(ours, expected, 1e-10)
