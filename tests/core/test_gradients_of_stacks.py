"""The gradients of stacks compared with a textbook: every cell, directions, merge modes, layers and projections."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest
from pairing import in_turn
from textbook_stacks import Model, slope

from app.core.cells import CELLS
from app.core.gradients import Gradients, norm, objective_gradients
from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack, ends
from app.frameworks import FRAMEWORKS

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


class Case(NamedTuple):
    """``sizes`` are batch_size, time_step, features and num_units; ``settings`` the values of the framework's switches
    that are not the default."""

    cell: str
    sizes: tuple[int, int, int, int]
    num_layers: int = 1
    bidirectional: bool = False
    framework: str = "colah"
    settings: Mapping[str, Any] = MappingProxyType({})
    num_proj: int = 0

    def __str__(self) -> str:
        return " ".join(map(str, self))

    @property
    def stack(self) -> Stack:
        return Stack(CELLS[self.cell], *self.sizes, self.num_proj, self.num_layers, self.bidirectional)


CASES = [
    Case("lstm", (2, 3, 2, 3), 1, True),
    Case("lstm", (1, 3, 2, 2), 2, True, "keras", {"merge_mode": "mul", "return_sequences": True}),
    Case("gru", (2, 3, 1, 2), 1, True, "keras", {"merge_mode": "ave"}),
    Case("gru_reset_after", (1, 2, 3, 2), 2, True, "keras", {"merge_mode": "sum"}),
    Case("rnn", (3, 4, 2, 1), 1, True, "keras", {"merge_mode": "mul"}),
    Case("rnn", (1, 1, 1, 1), 2, True, "keras", {"merge_mode": "mul"}),
    Case("gru_reset_after", (2, 3, 2, 3), 1, True, "keras", {"merge_mode": "none"}),
    Case("lstm", (2, 3, 2, 2), 2, False, "keras", {"go_backwards": True}),
    Case("gru", (1, 5, 2, 2), 3, False, "keras", {"go_backwards": True, "return_sequences": True}),
    Case("rnn", (2, 3, 2, 3), 1, False, "keras", {"go_backwards": True}),
    Case("lstm", (1, 3, 2, 3), 2, True, "pytorch", {"batch_first": True}, num_proj=2),
    Case("lstm_peephole", (2, 3, 1, 2), 2, True, "tf1", {"time_major": True}, num_proj=1),
    Case("lstm_coupled", (1, 2, 2, 3), 2, True, "onnx"),
    Case("lstm_coupled", (2, 3, 2, 2), 1, True, num_proj=3),
    Case("gru_reset_after", (2, 3, 2, 2), 2, True, "flax", {"return_carry": True}),
    Case("rnn", (2, 3, 2, 2), 3, True),
    Case("gru", (2, 3, 2, 2), 2),
    Case("lstm_peephole", (2, 3, 3, 1), 3),
]


def ours(case: Case, dtype: str) -> tuple[dict[tuple[int, str], Gradients], Model, Any]:
    """Our gradients, and the same model and input for the textbook."""
    stack = case.stack
    model = FRAMEWORKS[case.framework].model(stack, dict(case.settings))
    model.check()
    weights, X = stack_weights(stack, 3, dtype), make_input(stack.sizes, 3, dtype)
    trace = run_stack(stack, weights, X, model.goes_backwards)
    found = objective_gradients(trace, model.objective)
    same = {place: {id: np.array(w, complex) for id, w in own.items()} for place, own in weights.items()}
    merge, back = case.settings.get("merge_mode", "concat"), case.settings.get("go_backwards", False)
    return found, Model(case.cell, stack.num_units, same, merge, back), np.array(X, complex)


@pytest.mark.parametrize(("dtype", "case"), in_turn(TOLERANCE, CASES), ids=str)
def test_the_gradients_of_input_and_weights_equal_those_of_the_textbook(dtype: str, case: Case) -> None:
    found, model, X = ours(case, dtype)
    of_X = slope(lambda: model.loss(X), X)
    for direction in case.stack.directions:
        gradient = found[0, direction].input
        is_reversed = ends((0, direction), case.stack.time_step, model.go_backwards)[0] > 0
        assert_close(gradient[:, ::-1] if is_reversed else gradient, of_X, dtype)
        by_step = np.sqrt((of_X**2).sum(axis=(0, 2)))
        assert_close(found[0, direction].norms["x"], by_step[::-1] if is_reversed else by_step, dtype)
    for place, own in model.weights.items():
        for id, weight in own.items():
            assert_close(found[place].weights[id], slope(lambda: model.loss(X), weight), dtype)


@pytest.mark.parametrize("case", [CASES[0], CASES[1], CASES[7], CASES[8], CASES[10]], ids=str)
def test_the_gradient_of_a_state_includes_all_later_uses_and_that_of_the_previous_state_only_this_step(
    case: Case,
) -> None:
    found, model, X = ours(case, "float64")
    time_step = case.stack.time_step
    for place in case.stack.places:
        first, _ = ends(place, time_step, model.go_backwards)
        for tensor in ("h", "h_prev"):
            for t in range(time_step):
                added = np.zeros((len(X), case.num_proj or case.stack.num_units), complex)
                model.added = {(*place, tensor, t): added}
                expected = norm(slope(lambda: model.loss(X), added))
                index = first - t if first else t
                assert abs(found[place].norms[tensor][index] - expected) <= 1e-10, (place, tensor, t)


def assert_close(actual: Any, expected: Any, dtype: str) -> None:
    largest = max(1.0, abs(expected).max())
    np.testing.assert_allclose(actual, expected, rtol=0, atol=TOLERANCE[dtype] * largest)


@pytest.mark.parametrize("small", [1e-200, 1e-25, 3.0, 1e200])
def test_a_norm_is_accurate_when_squares_underflow_or_overflow(small: float) -> None:
    assert norm(np.full((3, 3), small)) == pytest.approx(3 * small, rel=1e-14)


@pytest.mark.parametrize("small", [1e-30, 1e-25, 3.0, 1e30])
def test_a_norm_is_accurate_in_float32(small: float) -> None:
    assert norm(np.full((2, 2), small, np.float32)) == pytest.approx(2 * small, rel=1e-6)
