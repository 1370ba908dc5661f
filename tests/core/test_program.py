"""What a program says of a cell, with no tensor made."""

import tracemalloc

import pytest
from other_cells import UNITS, program
from textbook import STEP

from app.core.bands import bands
from app.core.cells import CELLS
from app.core.program import ProgramError, Symbol, capture, concatenate, sigmoid, tanh

LSTM = capture(CELLS["lstm"])
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}
LARGEST = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}


def test_the_tensors_of_a_step_are_those_of_the_contract_in_its_order() -> None:
    assert tuple(t.id for t in LSTM.step) == STEP


def test_around_the_step_stand_what_is_given_and_what_is_given_out() -> None:
    ids = [t.id for t in LSTM.tensors]
    assert ids == ["X", "kernel", "bias", *STEP, "Y", "h_T", "c_T"]
    roles = {t.id: t.role for t in LSTM.tensors}
    assert roles["X"] == roles["x"] == "input"
    assert roles["kernel"] == roles["bias"] == "weight"
    assert {id for id, role in roles.items() if role == "state"} == {"h_prev", "c_prev", "h", "c"}
    assert {id for id, role in roles.items() if role == "output"} == {"Y", "h_T", "c_T"}


def test_axes_are_those_of_the_contract() -> None:
    axes = {t.id: ", ".join(map(str, t.axes)) for t in LSTM.tensors}
    assert axes["kernel"] == "num_units+features, 4*num_units"
    assert axes["bias"] == "4*num_units"
    assert axes["concat"] == "batch_size, num_units+features"
    assert axes["a"] == "batch_size, 4*num_units"
    assert axes["Y"] == "batch_size, time_step, num_units"
    assert {axes[id] for id in STEP if id not in ("x", "concat", "a")} == {UNITS}


@pytest.mark.parametrize(("features", "num_units"), [(2, 5), (28, 128), (1, 1), (400, 1150)])
def test_parameters_are_counted_by_the_known_formula(features: int, num_units: int) -> None:
    counted = LSTM.parameters({"features": features, "num_units": num_units})
    assert sum(counted.values()) == 4 * (features * num_units + num_units**2 + num_units)


def test_flops_and_bytes_are_those_counted_by_hand() -> None:
    per_step = 3 * 20 * (2 * 7 + 1) + 3 * 5 * (4 + 5)
    assert LSTM.flops(SIZES) == 4 * per_step
    recorded = 4 * 3 * (7 + 20 + 9 * 5)
    assert LSTM.bytes(SIZES) == 4 * (recorded + 3 * 4 * 2 + 7 * 20 + 20)
    assert LSTM.bytes(SIZES, itemsize=8) == 2 * LSTM.bytes(SIZES)


def test_the_shapes_of_the_largest_size_take_no_memory() -> None:
    LSTM.shapes(SIZES)
    tracemalloc.start()
    try:
        shapes = LSTM.shapes(LARGEST)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shapes["kernel"] == (12_288, 32_768)
    assert shapes["Y"] == (1024, 10_000, 8192)
    assert peak < 20_000


def test_a_program_is_captured_once() -> None:
    assert capture(CELLS["lstm"]) is LSTM


def test_what_uses_a_tensor_is_known_both_ways() -> None:
    for t in LSTM.tensors:
        assert all(t.id in LSTM.used_by[id] for id in t.inputs)
    assert LSTM.used_by["c"] == ("c_prev", "tanh_c", "c_T")
    assert LSTM.used_by["o"] == ("h",)


def test_a_result_without_a_name_is_refused() -> None:
    def nameless(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
        h = tanh(concatenate(h_prev, x) @ kernel + bias)
        return locals()

    with pytest.raises(ProgramError, match="h uses the result of affine that has no name; give it one"):
        program(nameless, {"h": UNITS}, kernel="num_units+features, num_units", bias="num_units")


def test_a_state_that_comes_back_with_other_axes_is_refused() -> None:
    def growing(x: Symbol, h_prev: Symbol) -> dict[str, Symbol]:
        h = concatenate(h_prev, x)
        return locals()

    with pytest.raises(ProgramError, match=r"h is batch_size × \(num_units\+features\), but is carried as batch_size"):
        program(growing, {"h": UNITS})


def test_what_is_used_side_by_side_lies_side_by_side() -> None:
    assert bands(LSTM).all == (
        ("a_f", "a_i", "a_o", "a_g"),
        ("h_prev", "x", "1"),
        ("f", "i", "o"),
        ("c_prev", "g"),
        ("kept", "added"),
        ("tanh_c",),
    )
    assert bands(LSTM).made == (("f", "i", "o"), ("kept", "added"))


def test_a_state_that_nothing_computes_is_refused_before_it_runs() -> None:
    def copying(x: Symbol, h_prev: Symbol) -> dict[str, Symbol]:
        seen = sigmoid(x)
        h = concatenate(h_prev)
        return locals()

    with pytest.raises(ProgramError, match="h, a state or split, has to be the result of a computation"):
        bands(program(copying, {"h": UNITS}))
