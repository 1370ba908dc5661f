"""The run compared with the textbook: every tensor of every step."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from other_cells import (
    IN_A_THIRD_ORDER,
    IN_ANOTHER_ORDER,
    PEEPHOLE,
    PROJECTED,
    READ_IN_BETWEEN,
    READ_TWICE,
    RECTIFIED,
    RESET_AFTER,
    RESET_BEFORE,
    SIMPLE,
)
from pairing import ALL_COMBINATIONS, paired
from plain_numpy import unwritten_memory_is_nan
from textbook import Array, lstm, sigmoid

from app.core.axes import AxisError, Sizes
from app.core.cells import CELLS
from app.core.compiled.plan import Product, plan
from app.core.evaluator import ShapeError
from app.core.input_data import make_input
from app.core.program import Program, capture
from app.core.run import InputError, prepared, run
from app.core.seeded_weights import make_weights
from app.core.trace import Trace

LSTM = capture(CELLS["lstm"])
DEFAULT = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


@pytest.fixture(scope="module", autouse=True)
def no_memory_of_earlier_runs() -> Iterator[None]:
    with unwritten_memory_is_nan():
        yield


def sizes(batch_size: int, time_step: int, features: int, num_units: int) -> dict[str, int]:
    return {"batch_size": batch_size, "time_step": time_step, "features": features, "num_units": num_units}


def traced(program: Program, sizes: Sizes, dtype: type = np.float64, seed: int = 0) -> Trace:
    return run(program, sizes, make_weights(program, sizes, seed, dtype), make_input(sizes, seed, dtype))


def assert_is_the_textbook(trace: Trace, tolerance: float) -> None:
    for t, step in enumerate(lstm(trace.inputs, trace.inputs["X"])):
        for id, expected in step.items():
            assert trace.array(id, t).shape == expected.shape, (id, t)
            np.testing.assert_allclose(trace.array(id, t), expected, 0, tolerance, err_msg=f"{id} of step {t}")


@pytest.mark.parametrize("grid", paired((1, 2, 7), (1, 2, 5), (1, 3, 11), (1, 2, 13)), ids=str)
def test_every_tensor_of_every_step_equals_the_textbook(grid: tuple[int, int, int, int]) -> None:
    assert_is_the_textbook(traced(LSTM, sizes(*grid)), 1e-14)


@settings(max_examples=100 if ALL_COMBINATIONS else 40)
@given(st.tuples(*(st.integers(1, n) for n in (9, 9, 40, 40))), st.integers(0, 2**40))
def test_every_tensor_equals_the_textbook_at_any_sizes_and_seed(
    any_sizes: tuple[int, int, int, int], seed: int
) -> None:
    assert_is_the_textbook(traced(LSTM, sizes(*any_sizes), seed=seed), 1e-14)


LARGE = [(1, 3, 64, 67), (1, 2, 300, 64), (128, 2, 28, 128), (40, 2, 3, 96), (64, 2, 256, 512)]


@pytest.mark.parametrize("small_kernels", [True, False])
@pytest.mark.parametrize("large", LARGE, ids=str)
def test_every_tensor_equals_the_textbook_when_products_are_cut_or_computed_ahead(
    large: tuple[int, int, int, int], small_kernels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.compiled.plan.SMALL_KERNELS", small_kernels)
    prepared.cache_clear()
    (product,) = (call for call in plan(LSTM, tuple(sizes(*large).items())).calls if isinstance(call, Product))
    assert (product.cuts > 1) == (small_kernels and 1 < large[0] <= 64)
    assert (product.in_step == large[3]) == (large[0] == 1)
    assert_is_the_textbook(traced(LSTM, sizes(*large)), 1e-14)
    assert_is_the_textbook(traced(LSTM, sizes(*large), np.float32), 4e-6)


def test_results_are_float32_for_a_float32_input() -> None:
    trace = traced(LSTM, DEFAULT, np.float32)
    assert {trace.array(t.id, 0).dtype for t in LSTM.tensors} == {np.dtype(np.float32)}


def test_nearly_closed_gates_are_accurate_to_the_last_digits() -> None:
    weights = make_weights(LSTM, DEFAULT, 0) | {"bias": np.linspace(-80, 80, 20, dtype=np.float32)}
    trace = run(LSTM, DEFAULT, weights, make_input(DEFAULT, 0))
    exact = sigmoid(trace.array("a_f", 0).astype(np.float64))
    assert exact.min() < 1e-30
    np.testing.assert_allclose(trace.array("f", 0), exact, rtol=1e-6)


def test_very_large_pre_activations_give_no_warning_and_no_nan() -> None:
    weights = make_weights(LSTM, DEFAULT, 0) | {"bias": np.full(20, -1000, np.float32)}
    trace = run(LSTM, DEFAULT, weights, make_input(DEFAULT, 0))
    assert trace.array("f", 3).max() == 0
    assert np.isfinite(trace.array("Y")).all()


def test_previous_states_are_zeros_at_first_and_then_those_of_the_previous_step() -> None:
    trace = traced(LSTM, DEFAULT)
    for state in ("h", "c"):
        assert not trace.array(f"{state}_prev", 0).any()
        for t in range(1, 4):
            np.testing.assert_array_equal(trace.array(f"{state}_prev", t), trace.array(state, t - 1))


def test_tensors_of_the_whole_run_consist_of_the_steps() -> None:
    trace = traced(LSTM, DEFAULT)
    Y = trace.array("Y")
    assert Y.shape == (3, 4, 5)
    for t in range(4):
        np.testing.assert_array_equal(Y[:, t], trace.array("h", t))
    np.testing.assert_array_equal(trace.array("h_T"), trace.array("h", 3))
    np.testing.assert_array_equal(trace.array("c_T"), trace.array("c", 3))
    np.testing.assert_array_equal(trace.array("X")[:, 2], trace.array("x", 2))
    np.testing.assert_array_equal(trace.array("kernel"), make_weights(LSTM, DEFAULT, 0, np.float64)["kernel"])


def test_the_stack_of_a_tensor_has_all_its_steps() -> None:
    trace = traced(LSTM, DEFAULT)
    for t in LSTM.step:
        assert trace.stack(t.id).shape == (4, *t.shape(DEFAULT))
        np.testing.assert_array_equal(trace.stack(t.id), [trace.array(t.id, k) for k in range(4)])


def test_the_default_run_records_72_tensors_and_confirms_their_shapes() -> None:
    trace = traced(LSTM, DEFAULT)
    assert trace.recorded == trace.confirmed == 72
    assert trace.shapes == LSTM.shapes(DEFAULT)
    assert trace.seconds > 0


def test_confirmed_counts_the_compared_shapes() -> None:
    """Eleven steps of 18 tensors, and none in a trace without a comparison."""
    trace = traced(LSTM, DEFAULT | {"time_step": 11})
    assert trace.recorded == trace.confirmed == 198
    assert Trace(trace.program, trace.sizes, trace.inputs, trace.steps).confirmed == 0


@pytest.mark.parametrize("t", [-1, 4, None])
def test_reading_a_step_outside_the_run_raises(t: int | None) -> None:
    with pytest.raises(IndexError, match="a_f has steps 0 to 3, not"):
        traced(LSTM, DEFAULT).array("a_f", t)


def test_inputs_may_have_any_memory_order() -> None:
    X, weights = make_input(DEFAULT, 0), make_weights(LSTM, DEFAULT, 0)
    other = run(LSTM, DEFAULT, {id: np.ascontiguousarray(w) for id, w in weights.items()}, np.ascontiguousarray(X))
    np.testing.assert_array_equal(other.array("Y"), run(LSTM, DEFAULT, weights, X).array("Y"))


def test_an_input_with_another_shape_is_rejected_by_name() -> None:
    X = make_input(DEFAULT | {"features": 3}, 0)
    with pytest.raises(ShapeError, match="X was made 3 × 4 × 3, but batch_size × time_step × features is 3 × 4 × 2"):
        run(LSTM, DEFAULT, make_weights(LSTM, DEFAULT, 0), X)


def test_a_weight_with_another_shape_is_rejected_by_name() -> None:
    weights = make_weights(LSTM, DEFAULT | {"num_units": 6}, 0)
    with pytest.raises(ShapeError) as raised:
        run(LSTM, DEFAULT, weights, make_input(DEFAULT, 0))
    assert str(raised.value) == "kernel was made 8 × 24, but (num_units+features) × 4*num_units is 7 × 20"


def test_a_missing_or_unknown_weight_is_rejected_with_all_names() -> None:
    weights = make_weights(LSTM, DEFAULT, 0)
    with pytest.raises(InputError, match="bias is missing; the weights are kernel, bias"):
        run(LSTM, DEFAULT, {"kernel": weights["kernel"]}, make_input(DEFAULT, 0))
    with pytest.raises(InputError, match="p_f is not a weight; the weights are kernel, bias"):
        run(LSTM, DEFAULT, weights | {"p_f": weights["bias"]}, make_input(DEFAULT, 0))


def test_other_types_of_numbers_are_rejected_with_both_types() -> None:
    weights, X = make_weights(LSTM, DEFAULT, 0), make_input(DEFAULT, 0)
    half = {id: w.astype(np.float16) for id, w in weights.items()}
    with pytest.raises(InputError, match="X is float16; a run computes in float32 or float64"):
        run(LSTM, DEFAULT, half, X.astype(np.float16))
    with pytest.raises(InputError, match="bias is float64, but X is float32; a run has one type"):
        run(LSTM, DEFAULT, weights | {"bias": weights["bias"].astype(np.float64)}, X)


def test_a_missing_size_is_named() -> None:
    with pytest.raises(AxisError, match="num_proj has no size; known: batch_size, time_step, features, num_units"):
        run(PROJECTED, DEFAULT, {}, make_input(DEFAULT, 0))


BATCHES = pytest.mark.parametrize("batch_size", [1, 3])


@BATCHES
def test_a_simple_cell_runs(batch_size: int) -> None:
    trace = traced(SIMPLE, DEFAULT | {"batch_size": batch_size})
    h = np.zeros((batch_size, 5))
    for t in range(4):
        h = np.tanh(np.hstack([trace.array("X")[:, t], h]) @ trace.array("kernel") + trace.array("bias"))
        assert_close(trace, t, h=h)


@BATCHES
def test_a_cell_with_a_projection_runs(batch_size: int) -> None:
    trace = traced(PROJECTED, DEFAULT | {"batch_size": batch_size, "num_proj": 3})
    h, c = np.zeros((batch_size, 3)), np.zeros((batch_size, 5))
    for t in range(4):
        a = np.hstack([h, trace.array("X")[:, t]]) @ trace.array("kernel") + trace.array("bias")
        c = c + sigmoid(a[:, :5]) * np.tanh(a[:, 5:])
        h = c @ trace.array("projection")
        assert_close(trace, t, a=a, c=c, h=h)


@BATCHES
def test_a_cell_with_two_concatenations_runs(batch_size: int) -> None:
    trace = traced(RESET_BEFORE, DEFAULT | {"batch_size": batch_size})
    h = np.zeros((batch_size, 5))
    for t in range(4):
        x = trace.array("X")[:, t]
        z, r = np.hsplit(sigmoid(np.hstack([h, x]) @ trace.array("kernel") + trace.array("bias")), 2)
        again = np.hstack([r * h, x])
        n = np.tanh(again @ trace.array("candidate") + trace.array("candidate_bias"))
        h = z * h + (1 - z) * n
        assert_close(trace, t, z=z, r=r, again=again, n=n, h=h)


@BATCHES
def test_a_cell_with_separate_products_of_x_and_h_runs(batch_size: int) -> None:
    trace = traced(RESET_AFTER, DEFAULT | {"batch_size": batch_size})
    h = np.zeros((batch_size, 5))
    for t in range(4):
        a = trace.array("X")[:, t] @ trace.array("x_kernel") + trace.array("x_bias")
        b = h @ trace.array("h_kernel") + trace.array("h_bias")
        r, z = np.hsplit(sigmoid(a[:, :10] + b[:, :10]), 2)
        n = np.tanh(a[:, 10:] + r * b[:, 10:])
        h = z * h + (1 - z) * n
        assert_close(trace, t, a=a, b=b, r=r, z=z, n=n, h=h)


@BATCHES
def test_a_cell_whose_gates_read_the_cell_state_runs(batch_size: int) -> None:
    trace = traced(PEEPHOLE, DEFAULT | {"batch_size": batch_size})
    p_f, p_i, p_o = (trace.array(f"p_{gate}") for gate in "fio")
    h = c = np.zeros((batch_size, 5))
    for t in range(4):
        a = np.hstack([h, trace.array("X")[:, t]]) @ trace.array("kernel") + trace.array("bias")
        a_f, a_i, a_g, a_o = np.hsplit(a, 4)
        c = sigmoid(a_f + p_f * c) * c + sigmoid(a_i + p_i * c) * np.tanh(a_g)
        h = sigmoid(a_o + p_o * c) * np.tanh(c)
        assert_close(trace, t, a=a, c=c, h=h)


@BATCHES
def test_a_cell_with_relu_runs(batch_size: int) -> None:
    trace = traced(RECTIFIED, DEFAULT | {"batch_size": batch_size})
    h = np.zeros((batch_size, 5))
    for t in range(4):
        a = trace.array("X")[:, t] @ trace.array("x_kernel") + h @ trace.array("h_kernel") + trace.array("bias")
        h = np.where(a > 0, a, 0)
        assert_close(trace, t, shifted=a, h=h)


@BATCHES
@pytest.mark.parametrize("other", [IN_ANOTHER_ORDER, IN_A_THIRD_ORDER, READ_IN_BETWEEN], ids=lambda p: p.cell.id)
def test_the_order_of_independent_equations_does_not_matter(other: Program, batch_size: int) -> None:
    same, trace = (traced(program, DEFAULT | {"batch_size": batch_size}) for program in (LSTM, other))
    for id in ("a", "f", "i", "g", "o", "kept", "added", "c", "h"):
        np.testing.assert_array_equal(trace.stack(id), same.stack(id))
    if other is READ_IN_BETWEEN:
        np.testing.assert_array_equal(trace.stack("seen"), np.tanh(same.stack("kept")))


@BATCHES
def test_a_tensor_that_is_read_twice_is_computed_first(batch_size: int) -> None:
    trace = traced(READ_TWICE, DEFAULT | {"batch_size": batch_size})
    h = np.zeros((batch_size, 5))
    for t in range(4):
        concat = np.hstack([h, trace.array("X")[:, t]])
        b = h @ trace.array("again") + trace.array("again_bias")
        m = concat @ trace.array("kernel") + trace.array("bias") + b
        h = b * m * np.tanh(m)
        assert_close(trace, t, concat=concat, b=b, m=m, h=h)


def assert_close(trace: Trace, t: int, **expected: Array) -> None:
    for id, values in expected.items():
        np.testing.assert_allclose(trace.array(id, t), values, rtol=0, atol=1e-14, err_msg=f"{id} of step {t}")
