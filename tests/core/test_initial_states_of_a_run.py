"""A run that begins with given states."""

from dataclasses import replace

import numpy as np
import pytest
from other_cells import RECTIFIED

from app.core.cells import CELLS
from app.core.cells.rnn_relu import RNN_RELU
from app.core.compiled import plan
from app.core.evaluator import ShapeError
from app.core.input_data import make_input
from app.core.program import Program, capture
from app.core.run import InputError, prepared, run, run_stack
from app.core.seeded_weights import make_weights
from app.core.stack import Stack

SIZES = {"batch_size": 3, "time_step": 6, "features": 2, "num_units": 5}
PROGRAMS = [*map(capture, (*CELLS.values(), RNN_RELU)), RECTIFIED]


@pytest.mark.parametrize("is_compiled", [True, False], ids=["compiled", "step by step"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.cell.id)
def test_the_rest_of_a_run_follows_from_the_states_before_it(
    program: Program, is_compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_compiled:
        monkeypatch.setattr(plan, "COMPILED", ())
        prepared.cache_clear()
    weights, X = make_weights(program, SIZES, 0, np.float64), make_input(SIZES, 0, np.float64)
    whole = run(program, SIZES, weights, X)
    before = {state: whole.array(state, 1) for state in program.cell.states}
    rest = run(program, SIZES | {"time_step": 4}, weights, X[:, 2:], before)
    prepared.cache_clear()

    for t in range(4):
        for tensor in program.step:
            np.testing.assert_allclose(rest.array(tensor.id, t), whole.array(tensor.id, t + 2), atol=1e-14)


def test_each_cell_of_a_stack_begins_with_its_own_states() -> None:
    stack = Stack(CELLS["lstm"], 3, 6, 2, 5, num_layers=2)
    weights = {
        place: make_weights(stack.program(place[0]), stack.sizes, n, np.float64) for n, place in enumerate(stack.places)
    }
    X = make_input(SIZES, 0, np.float64)
    whole = run_stack(stack, weights, X)
    before = {place: {s: whole.array(s, place, 1) for s in stack.states} for place in stack.places}
    rest = run_stack(replace(stack, time_step=4), weights, X[:, 2:], initial=before)

    np.testing.assert_allclose(rest.layer_output(1), whole.layer_output(1)[:, 2:], atol=1e-14)


def test_states_that_do_not_fit_are_rejected_by_name() -> None:
    program = PROGRAMS[0]
    weights, X = make_weights(program, SIZES, 0, np.float64), make_input(SIZES, 0, np.float64)
    for states, error, message in (
        ({"m": np.zeros((3, 5))}, InputError, "m is not a state; the states are h, c"),
        ({"c": np.zeros((3, 4))}, ShapeError, "c_prev was made 3 × 4"),
        ({"h": np.zeros((3, 5), np.float32)}, InputError, "the initial h is float32, but X is float64"),
    ):
        with pytest.raises(error, match=message):
            run(program, SIZES, weights, X, states)
