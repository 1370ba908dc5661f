"""The comparison of shapes: a wrong shape rule or a wrong operation raises, with both shapes in the message."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from other_cells import UNITS, program, with_a_function_of_x

from app.core.axes import axes
from app.core.cells import CELLS
from app.core.compiled.plan import plan
from app.core.compiled.scan import ScannedSteps
from app.core.evaluator import ShapeError, shapes_by_numpy
from app.core.input_data import make_input
from app.core.ops import OPS, Array
from app.core.program import Program, capture
from app.core.run import run
from app.core.seeded_weights import make_weights

SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


@contextmanager
def replaced(op: str, **changes: Any) -> Iterator[None]:
    """Replace the shape rule or the ``compute`` of an operation."""
    right = OPS[op]
    OPS[op] = replace(right, **changes)
    try:
        yield
    finally:
        OPS[op] = right


def new_lstm() -> Program:
    """A new program of the LSTM, for which nothing is cached."""
    return capture(replace(CELLS["lstm"]))


def assert_raises(program: Program, message: str) -> None:
    with pytest.raises(ShapeError) as raised:
        run(program, SIZES, make_weights(program, SIZES, 0), make_input(SIZES, 0))
    assert str(raised.value) == message


def test_a_wrong_shape_rule_raises() -> None:
    with replaced("sigmoid", axes=lambda _: axes("batch_size, num_units")):
        leaf = program(with_a_function_of_x, {"h": UNITS}, kernel="num_units, num_units", bias="num_units")
    assert_raises(leaf, "seen was made 3 × 2, but batch_size × num_units is 3 × 5")


def test_an_operation_that_computes_another_shape_raises() -> None:
    def too_short(z: Array, out: Array | None = None) -> Array:
        return np.tanh(z[..., 1:], out)

    with replaced("sigmoid", compute=too_short):
        assert_raises(new_lstm(), "f was made 3 × 4, but batch_size × num_units is 3 × 5")


def test_an_operation_whose_result_would_broadcast_to_the_right_shape_raises() -> None:
    def of_one_unit(a: Array, b: Array, out: Array | None = None) -> Array:
        return np.add(a[..., :1], b[..., :1], out)

    with replaced("add", compute=of_one_unit):
        assert_raises(new_lstm(), "c was made 3 × 1, but batch_size × num_units is 3 × 5")


def test_an_operation_that_sums_over_the_batch_raises() -> None:
    def summed(a: Array, b: Array, out: Array | None = None) -> Array:
        return np.multiply(a, b).sum(axis=-2, keepdims=True)

    with replaced("mul", compute=summed):
        assert_raises(new_lstm(), "kept was made 1 × 5, but batch_size × num_units is 3 × 5")


def test_a_program_with_a_wrong_shape_raises() -> None:
    right = new_lstm()
    tensors = tuple(replace(t, axes=axes("num_units, num_units")) if t.id == "tanh_c" else t for t in right.tensors)
    assert_raises(replace(right, tensors=tensors), "tanh_c was made 3 × 5, but num_units × num_units is 5 × 5")


def test_an_array_with_another_shape_than_planned_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    right = plan(new_lstm(), tuple(SIZES.items()))
    wrong = replace(right, regions=right.regions | {"f": right.regions["a_f a_i a_o a_g"]})
    monkeypatch.setattr("app.core.run.plan", lambda program, sizes: wrong)
    assert_raises(new_lstm(), "f was made 3 × 20, but batch_size × num_units is 3 × 5")


def test_an_array_with_too_few_steps_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    right = plan(new_lstm(), tuple(SIZES.items()))
    wrong = replace(right, regions=right.regions | {"x": right.regions["x"]._replace(steps=slice(3))})
    monkeypatch.setattr("app.core.run.plan", lambda program, sizes: wrong)
    assert_raises(new_lstm(), "x has 3 steps, but time_step is 4")


@pytest.mark.parametrize("id", ["h", "a", "Y", "c_T", "kernel"])
def test_reading_an_array_with_a_wrong_shape_raises(id: str) -> None:
    lstm = new_lstm()
    trace = run(lstm, SIZES, make_weights(lstm, SIZES, 0), make_input(SIZES, 0))
    trace.inputs = {id: array[:-1] for id, array in trace.inputs.items()}
    assert isinstance(trace.steps, ScannedSteps)
    views = {id: array[:, :-1] for id, array in trace.steps.views.items()}
    trace.steps = replace(trace.steps, views=views)
    with pytest.raises(ShapeError, match=f"{id} was made "):
        trace.array(id, 0)


def test_the_cached_shapes_cannot_be_changed() -> None:
    shapes = shapes_by_numpy(new_lstm(), tuple(SIZES.items()))
    with pytest.raises(TypeError):
        shapes["f"] = (1, 1)  # type: ignore[index]


def test_numpy_and_the_program_agree_at_the_largest_sizes_without_using_memory() -> None:
    largest = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
    lstm = new_lstm()
    tracemalloc.start()
    try:
        shapes = shapes_by_numpy(lstm, tuple(largest.items()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shapes.items() <= lstm.shapes(largest).items()
    assert {t.id for t in lstm.step} < shapes.keys()
    assert peak < 100_000
