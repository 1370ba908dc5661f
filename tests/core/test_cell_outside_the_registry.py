"""A cell is a value: one outside the registry is captured, run, differentiated and drawn like any other."""

from dataclasses import replace

import numpy as np
import pytest

from app.core.cell import Cell
from app.core.cells import CELLS, LSTM
from app.core.cells.tensor_names import CONCATENATION, RUN
from app.core.gradient_objective import last_output
from app.core.gradients import objective_gradients
from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.core.symbols import ProgramError, Symbol, concatenate, sigmoid, split, tanh
from app.diagram.scene import Scene
from app.diagram.views import VIEWS

SIZES = (3, 4, 2, 5)


def minimal_gated_unit(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """The LSTM's gates reduced to one, which forgets and writes."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_g = split(a, 2)
    f = sigmoid(a_f)
    g = tanh(a_g)
    kept = f * h_prev
    fresh = 1 - f
    added = fresh * g
    h = kept + added
    return locals()


IDS = ("kernel", "bias", "a", "a_f", "a_g", "f", "g", "kept", "fresh", "added")
UNIT = Cell(
    "minimal",
    "minimal gated unit",
    minimal_gated_unit,
    {"h": "batch_size, num_units"},
    {"kernel": "num_units+features, 2*num_units", "bias": "2*num_units"},
    {**RUN, **CONCATENATION, **{id: (id, id) for id in IDS}},
)


def by_hand(X: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """h of every step, from the equations in NumPy."""
    h, every = np.zeros((len(X), 5)), []
    for x in X.swapaxes(0, 1):
        f, g = np.split(np.concatenate([h, x], 1) @ kernel + bias, 2, axis=1)
        f = 1 / (1 + np.exp(-f))
        h = f * h + (1 - f) * np.tanh(g)
        every.append(h)
    return np.stack(every, axis=1)


def test_it_is_in_no_registry() -> None:
    assert UNIT not in CELLS.values()


@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, True)])
def test_it_runs_and_has_gradients(layers: int, both: bool) -> None:
    stack = Stack(UNIT, *SIZES, num_layers=layers, bidirectional=both)
    weights, X = stack_weights(stack, 0, np.float64), make_input(stack.sizes, 0, np.float64)
    trace, place = run_stack(stack, weights, X), (layers - 1, "forward")
    np.testing.assert_allclose(trace.output(0, "forward"), by_hand(X, *weights[0, "forward"].values()), rtol=1e-12)

    gradients = objective_gradients(trace, last_output(stack))[place]
    step = 1e-6
    more, less = ({**weights, place: dict(weights[place])} for _ in range(2))
    more[place]["bias"] = weights[place]["bias"] + step * np.eye(10)[3]
    less[place]["bias"] = weights[place]["bias"] - step * np.eye(10)[3]
    sums = [run_stack(stack, changed, X).layer_output(layers - 1)[:, -1].sum() for changed in (more, less)]
    assert gradients.weights["bias"][3] == pytest.approx((sums[0] - sums[1]) / (2 * step), rel=1e-6)


@pytest.mark.parametrize(
    "view", [view for view in VIEWS if view != "weights"]
)  # which needs matrices in the layout of a framework
def test_it_is_drawn(view: str) -> None:
    stack = Stack(UNIT, *SIZES)
    picture = VIEWS[view](Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    assert "minimal gated unit" in picture.title


def test_equal_stacks_have_equal_hashes_and_stacks_of_other_cells_differ() -> None:
    assert Stack(UNIT, *SIZES) == Stack(UNIT, *SIZES) and hash(Stack(UNIT, *SIZES)) == hash(Stack(UNIT, *SIZES))
    assert Stack(UNIT, *SIZES) != Stack(replace(UNIT), *SIZES) != Stack(LSTM, *SIZES)


def total(x: Symbol, s_prev: Symbol, W: Symbol) -> dict[str, Symbol]:
    """A sum over the steps."""
    a = x @ W
    s = s_prev + a
    return locals()


def test_the_output_of_a_cell_may_have_any_name() -> None:
    ids = ("s", "s_prev", "s_T", "W", "a")
    words = {**RUN, **{id: (id, id) for id in ids}}
    cell = Cell(
        "total", "total", total, {"s": "batch_size, num_units"}, {"W": "features, num_units"}, words, output="s"
    )
    stack = Stack(cell, *SIZES, num_layers=2)
    assert stack.parameters() == 2 * 5 + 5 * 5
    weights, X = stack_weights(stack, 0), make_input(stack.sizes, 0)
    below, above = (weights[layer, "forward"]["W"] for layer in range(2))
    first = run_stack(stack, weights, X).layer_output(1)[:, 0]
    np.testing.assert_allclose(first, X[:, 0] @ below @ above, rtol=1e-4)


def test_a_cell_with_one_state_cannot_be_projected() -> None:
    with pytest.raises(ProgramError, match="minimal cannot have a projection: it has no state beside h"):
        Stack(UNIT, *SIZES, num_proj=2).program()
