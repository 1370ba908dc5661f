"""The cells of the gallery give the numbers of their papers; the cells that ship give theirs, written as text."""

import re

import numpy as np
import pytest
from textbook_cells import LOOPS

from app.core.axes import axes
from app.core.cells import CELLS
from app.core.compiled.plan import compiles
from app.core.gradient_objective import last_output
from app.core.gradients import objective_gradients
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import capture
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.core.trace import StackTrace
from app.equations.canonical import canonical
from app.equations.cell_from_equations import cell_of
from app.equations.equations_parser import parse
from app.equations.gallery import GALLERY, SHIPPED

PLACE = 0, "forward"
EVERY = {**SHIPPED, **GALLERY}


def stack_of(id: str, batch_size: int, time_step: int, features: int, num_units: int) -> Stack:
    cell = cell_of(EVERY[id])
    num_units *= 2 if "heads" in cell.own_sizes else 1
    tied = num_units if "features" in cell.own_sizes else features
    return Stack(cell, batch_size, time_step, tied, num_units)


def traced(stack: Stack, dtype: str = "float64") -> StackTrace:
    return run_stack(stack, stack_weights(stack, 4, dtype), make_input(stack.sizes, 4, dtype))


@pytest.mark.parametrize("id", EVERY)
def test_a_text_of_the_gallery_is_canonical_and_names_its_source(id: str) -> None:
    assert canonical(parse(EVERY[id])) == EVERY[id] == cell_of(EVERY[id]).text
    assert len(EVERY[id]) < 1000 and re.search(r"\(.+, (19|20)\d\d\)", cell_of(EVERY[id]).source)


@pytest.mark.parametrize("sizes", [(3, 4, 2, 6), (1, 1, 1, 1), (2, 7, 5, 11)], ids=str)
@pytest.mark.parametrize("id", GALLERY)
def test_the_output_of_every_step_equals_a_textbook_loop(id: str, sizes: tuple[int, int, int, int]) -> None:
    stack = stack_of(id, *sizes)
    trace = traced(stack)
    weights = {name: np.ascontiguousarray(array) for name, array in stack_weights(stack, 4, "float64")[PLACE].items()}
    expected = LOOPS[id](weights, np.array(trace.X), stack.sizes)
    for t, output in enumerate(expected):
        np.testing.assert_allclose(trace.traces[PLACE].array("Y")[:, t], output, rtol=1e-12, atol=1e-12)
    assert trace.recorded == trace.confirmed > 0


@pytest.mark.parametrize("id", SHIPPED)
def test_a_cell_that_ships_gives_its_numbers_to_the_bit_as_text(id: str) -> None:
    for sizes in ((3, 4, 2, 5), (1, 3, 7, 1)):
        typed, shipped = Stack(cell_of(SHIPPED[id]), *sizes), Stack(CELLS[id], *sizes)
        assert compiles(typed.program())
        assert typed.parameters() == shipped.parameters() and typed.flops() == shipped.flops()
        ours, theirs = traced(typed, "float32"), traced(shipped, "float32")
        np.testing.assert_array_equal(ours.layer_output(0), theirs.layer_output(0))
        for state in CELLS[id].states:
            np.testing.assert_array_equal(ours.last(state, PLACE), theirs.last(state, PLACE))


def test_cells_whose_states_are_vectors_run_in_the_compiled_scan() -> None:
    compiled = {id for id in GALLERY if compiles(capture(cell_of(GALLERY[id])))}
    assert compiled == {"mgu", "janet", "sru", "indrnn", "ligru", "mingru", "minlstm"}


@pytest.mark.parametrize("id", EVERY)
def test_the_gradients_equal_slopes_in_a_random_direction(id: str) -> None:
    stack = stack_of(id, 2, 3, 3, 2)
    weights, X = stack_weights(stack, 1, "float64")[PLACE], make_input(stack.sizes, 1, "float64")
    gradients = objective_gradients(run_stack(stack, {PLACE: weights}, X), last_output(stack))[PLACE]
    random = np.random.default_rng(0)

    def total(name: str, change: Array) -> float:
        changed = {PLACE: {**weights, **({name: weights[name] + change} if name in weights else {})}}
        return float(run_stack(stack, changed, X + change if name == "X" else X).layer_output(0)[:, -1].sum())

    for name, gradient in {**gradients.weights, "X": gradients.input}.items():
        direction = random.standard_normal(gradient.shape)
        slope = (total(name, 1e-6 * direction) - total(name, -1e-6 * direction)) / 2e-6
        assert abs((gradient * direction).sum() - slope) <= 1e-7, name


@pytest.mark.parametrize("id", ["mingru", "sru", "qrnn", "mamba", "lstm"])
def test_layers_and_directions_of_a_typed_cell_read_each_other(id: str) -> None:
    stack = Stack(cell_of(EVERY[id]), 2, 3, 4, 4, num_layers=2, bidirectional=id != "sru")
    trace = traced(stack)
    width = 4 * len(stack.directions)
    assert trace.layer_output(1).shape == (2, 3, width)
    assert stack.program(1).by_id["x"].axes[-1].size(stack.sizes) == width
    one_cell = Stack(cell_of(EVERY[id]), 2, 3, 4, 4)
    np.testing.assert_array_equal(trace.output(0, "forward"), traced(one_cell).layer_output(0))


def test_the_shapes_are_those_of_the_study() -> None:
    """Linear attention with 2 heads of 4 keys and 5 values: 182 parameters, a state of 40 numbers for a sample."""
    stack = stack_of("linear_attention", 3, 6, 7, 5)
    assert stack.parameters() == 182
    assert stack.program().by_id["M"].axes == axes("batch_size, heads, K, V")
    assert traced(stack).last("M", PLACE).shape == (3, 2, 4, 5)
