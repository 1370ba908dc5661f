"""The program of a cell, captured without computing a tensor."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from other_cells import PEEPHOLE, RECTIFIED, RESET_BEFORE, UNITS, Equations, H, Words, joined, program
from textbook import STEP

from app.core.axes import AxisError, axes
from app.core.cell import Cell
from app.core.cells import CELLS
from app.core.cells.lstm_projected import projected
from app.core.compiled.memory_layout import bands
from app.core.compiled.plan import Call, Product, plan
from app.core.program import capture
from app.core.symbols import ProgramError, Symbol, concatenate, sigmoid, tanh

LSTM = capture(CELLS["lstm"])
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}
LARGEST = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}


def test_the_tensors_of_a_step_have_the_documented_ids_and_order() -> None:
    assert tuple(t.id for t in LSTM.step) == STEP


def test_a_program_has_inputs_before_the_step_and_outputs_after_it() -> None:
    ids = [t.id for t in LSTM.tensors]
    assert ids == ["X", "kernel", "bias", *STEP, "Y", "h_T", "c_T"]
    roles = {t.id: t.role for t in LSTM.tensors}
    assert roles["X"] == roles["x"] == "input"
    assert roles["kernel"] == roles["bias"] == "weight"
    assert {id for id, role in roles.items() if role == "state"} == {"h_prev", "c_prev", "h", "c"}
    assert {id for id, role in roles.items() if role == "output"} == {"Y", "h_T", "c_T"}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_the_formula_of_a_concatenation_has_every_part(count: int) -> None:
    def step(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol) -> Equations:
        both = concatenate(*(c_prev, h_prev, x, h_prev, c_prev)[:count])
        h = x @ kernel
        c = tanh(h)
        return locals() | {"count": None}

    of = program(step, {"h": UNITS, "c": UNITS}, kernel="features, num_units")
    parts = ", ".join(("c_prev", "h_prev", "x", "h_prev", "c_prev")[:count])
    assert of.formula(of.by_id["both"]) == f"both = [{parts}]"


def test_axes_are_the_documented_ones() -> None:
    axes_of = {t.id: ", ".join(map(str, t.axes)) for t in LSTM.tensors}
    assert axes_of["kernel"] == "num_units+features, 4*num_units"
    assert axes_of["bias"] == "4*num_units"
    assert axes_of["concat"] == "batch_size, num_units+features"
    assert axes_of["a"] == "batch_size, 4*num_units"
    assert axes_of["Y"] == "batch_size, time_step, num_units"
    assert {axes_of[id] for id in STEP if id not in ("x", "concat", "a")} == {UNITS}


@pytest.mark.parametrize(("features", "num_units"), [(2, 5), (28, 128), (1, 1), (400, 1150)])
def test_the_number_of_parameters_follows_the_known_formula(features: int, num_units: int) -> None:
    counted = LSTM.parameters({"features": features, "num_units": num_units})
    assert sum(counted.values()) == 4 * (features * num_units + num_units**2 + num_units)


def test_flops_and_bytes_equal_those_counted_by_hand() -> None:
    per_step = 3 * 20 * (2 * 7 + 1) + 3 * 5 * (4 + 5)
    assert LSTM.flops(SIZES) == 4 * per_step
    recorded = 4 * 3 * (7 + 20 + 9 * 5)
    assert LSTM.bytes(SIZES) == 4 * (recorded + 3 * 4 * 2 + 7 * 20 + 20)
    assert LSTM.bytes(SIZES, itemsize=8) == 2 * LSTM.bytes(SIZES)


def test_the_shapes_at_the_largest_sizes_take_no_memory() -> None:
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
    assert capture(CELLS["lstm"]) is capture(CELLS["lstm"])


def test_inputs_and_used_by_agree() -> None:
    for t in LSTM.tensors:
        assert all(t.id in LSTM.used_by[id] for id in t.inputs)
    assert LSTM.used_by["c"] == ("c_prev", "tanh_c", "c_T")
    assert LSTM.used_by["o"] == ("h",)


def test_tensors_that_are_used_together_are_adjacent_in_memory() -> None:
    assert bands(LSTM).all == (
        ("a_f", "a_i", "a_o", "a_g"),
        ("f", "i", "o"),
        ("h_prev", "x", "1"),
        ("c_prev", "g", "kept", "added", "tanh_c"),
    )


def test_a_step_of_the_lstm_makes_the_calls_documented_in_memory_layout_py() -> None:
    first, *others = plan(LSTM, tuple(SIZES.items())).calls
    assert isinstance(first, Product)
    assert first.names == ("h_prev x 1", "a_f a_i a_o a_g")
    assert [(call.compute.__name__, *call.names) for call in others if isinstance(call, Call)] == [
        ("sigmoid", "a_f a_i a_o", "f i o"),
        ("tanh", "a_g", "g"),
        ("multiply", "f i", "c_prev g", "kept added"),
        ("add", "kept", "added", "c"),
        ("tanh", "c", "tanh_c"),
        ("multiply", "o", "tanh_c", "h"),
    ]


def test_a_bias_joins_a_product_only_if_the_product_has_no_name() -> None:
    def cell(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
        at_once = x @ kernel + bias
        product = x @ kernel
        h = product + bias
        return locals()

    captured = program(cell, H, kernel="features, num_units", bias="num_units")
    assert {t.id: (t.op, t.inputs) for t in captured.step} == {
        "x": ("step", ("X",)),
        "h_prev": ("carry", ("h",)),
        "at_once": ("affine", ("x", "kernel", "bias")),
        "product": ("matmul", ("x", "kernel")),
        "h": ("add", ("product", "bias")),
    }
    one_step = 3 * 5 * (2 * 2 + 1) + 3 * 5 * 2 * 2 + 3 * 5
    assert captured.flops(SIZES) == 4 * one_step


def test_formulas_are_written_as_in_textbooks() -> None:
    words = Words(lambda: ("", ""), rest=("1 − zₜ", "what the update gate leaves"), z=("zₜ", ""), p_f=("p_f", ""))
    gru = capture(replace(RESET_BEFORE.cell, words=words))
    assert gru.formula(gru.by_id["rest"]) == "1 − zₜ"
    assert gru.formula(gru.by_id["added"]) == "added = (1 − zₜ) ∗ n"
    assert PEEPHOLE.formula(PEEPHOLE.by_id["seen_f"]) == "seen_f = c_prev ∗ p_f"
    assert PEEPHOLE.formula(PEEPHOLE.by_id["seen_i"]) == "seen_i = p_i ∗ c_prev"
    assert RECTIFIED.formula(RECTIFIED.by_id["h"]) == "h = relu(shifted)"


def message_of(
    step: Callable[..., object], states: dict[str, str] = H, error: type = ProgramError, **weights: str
) -> str:
    with pytest.raises(error) as raised:
        program(step, states, **weights)
    return str(raised.value).removeprefix(f"{step.__name__}: ")


def test_a_result_without_a_name_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
        h = tanh(concatenate(h_prev, x) @ kernel + bias)
        return locals()

    assert message_of(cell, **joined(1)) == "h uses the result of add that has no name yet; give it one above"


def test_a_sum_of_two_products_without_names_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol, kernel: Symbol, again: Symbol) -> Equations:
        h = x @ kernel + h_prev @ again
        return locals()

    message = message_of(cell, kernel="features, num_units", again="num_units, num_units")
    assert message == "h uses the result of matmul that has no name yet; give it one above"


def test_a_state_returned_with_other_axes_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol) -> Equations:
        h = concatenate(h_prev, x)
        return locals()

    assert message_of(cell) == "h is batch_size × (num_units+features), but is carried as batch_size × num_units"


def test_a_state_that_is_not_returned_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol) -> Equations:
        new = tanh(h_prev)
        return locals()

    assert message_of(cell) == "the step returns no h, which is a state"


def test_a_step_that_returns_nothing_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol) -> None:
        tanh(h_prev)

    assert message_of(cell) == "the step returns None; end it with return locals()"


def test_the_parameters_of_a_step_must_match_the_cell() -> None:
    def cell(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> Equations:
        h = h_prev @ kernel + bias
        return locals()

    kernel = {"kernel": "num_units, num_units"}
    assert message_of(cell, **kernel) == "the step takes bias; the cell has x, h_prev, kernel"
    more = {"bias": "num_units", "p": "num_units"}
    assert message_of(cell, **kernel, **more) == "the cell has p; the step takes x, h_prev, kernel, bias"


def test_one_name_for_two_tensors_and_two_names_for_one_are_rejected() -> None:
    def overwritten(x: Symbol, h_prev: Symbol) -> Equations:
        x = tanh(x)
        h = tanh(h_prev)
        return locals()

    def carried_as_it_is(x: Symbol, h_prev: Symbol) -> Equations:
        h = h_prev
        return locals()

    def named_twice(x: Symbol, h_prev: Symbol) -> Equations:
        h = tanh(h_prev)
        z = sigmoid(h)
        h = tanh(z)
        return locals()

    def named_like_the_run(x: Symbol, h_prev: Symbol) -> Equations:
        h = tanh(h_prev)
        Y = tanh(h)
        return locals()

    assert message_of(overwritten) == "x is an argument of the step; a tensor made from it needs another name"
    assert message_of(carried_as_it_is) == "h_prev and h are the same tensor; give it one name"
    assert message_of(named_twice) == "h uses the result of sigmoid that has no name yet; give it one above"
    assert message_of(named_like_the_run) == "Y is a tensor of the whole run; one of a step needs another name"


def test_a_state_without_a_batch_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol, w: Symbol) -> Equations:
        h = h_prev * w
        return locals()

    message = message_of(cell, {"h": "num_units"}, w="num_units")
    assert message == "h is num_units; a state and an output have a batch"


def test_a_weight_for_each_row_of_the_batch_is_rejected() -> None:
    def cell(x: Symbol, h_prev: Symbol, w: Symbol) -> Equations:
        h = h_prev * w
        return locals()

    assert message_of(cell, w=UNITS) == "w is batch_size × num_units; a weight is the same for all rows and steps"


def test_a_product_of_two_tensors_of_a_step_is_a_contraction() -> None:
    def cell(x: Symbol, h_prev: Symbol, w: Symbol) -> Equations:
        twice = h_prev @ w
        along = twice @ h_prev
        h = along * twice
        return locals()

    captured = program(cell, H, w="num_units, num_units")
    assert {t.id: t.op for t in captured.step[2:]} == {"twice": "matmul", "along": "contraction", "h": "mul"}
    assert captured.by_id["along"].axes == axes("batch_size")


def test_a_number_is_an_operand_of_pointwise_operations_alone() -> None:
    a = Symbol(axes(UNITS))
    assert (1 - a).op == "complement" and (1 - a).numbers == ()
    assert [(s.op, s.numbers) for s in (a * 2, 2 - a, a**2, 1 / a)] == [
        ("mul", ((1, 2.0),)),
        ("sub", ((0, 2.0),)),
        ("power", ((1, 2.0),)),
        ("div", ((0, 1.0),)),
    ]
    for wrong in (lambda: a @ 2, lambda: tanh(2), lambda: a + "2"):  # type: ignore
        with pytest.raises(
            ProgramError, match=r"2'? is not a tensor; a cell computes with x, its states and its weights"
        ):
            wrong()


def test_a_tensor_without_words_is_rejected() -> None:
    lstm = CELLS["lstm"]
    with pytest.raises(ProgramError, match="lstm: tanh_c has no words; add its symbol and its name"):
        capture(replace(lstm, words={id: both for id, both in lstm.words.items() if id != "tanh_c"}))


def test_the_output_may_be_any_tensor_of_a_step() -> None:
    of = capture(replace(CELLS["lstm"], output="concat"))
    assert of.by_id["Y"].inputs == ("concat",)
    assert of.by_id["Y"].axes == axes("batch_size, time_step, num_units+features")
    with pytest.raises(ProgramError, match="lstm: the step returns no p, which is the output"):
        capture(replace(CELLS["lstm"], output="p"))


def test_an_axis_error_names_the_cell_and_the_equation() -> None:
    def step(x: Symbol, h_prev: Symbol, kernel: Symbol) -> dict[str, Symbol]:
        concat = concatenate(x, h_prev)
        a = concat @ kernel
        h = tanh(a)
        return locals()

    wrong = Cell(
        "swapped", "", step, {"h": UNITS}, {"kernel": "num_units+features, num_units"}, Words(lambda: ("", ""))
    )
    with pytest.raises(AxisError) as raised:
        capture(wrong)
    assert str(raised.value) == (
        "swapped: a = concat @ kernel: matmul: batch_size × (features+num_units) by (num_units+features) × num_units: "
        "the inner axes features+num_units and num_units+features differ"
    )


def test_the_error_of_an_unsuitable_projection_names_the_equation_of_the_cell() -> None:
    with pytest.raises(
        AxisError, match=r"^gru: reset_concat = concatenate\(reset, x\): concat: batch_size × num_units × num_proj and"
    ):
        capture(projected(CELLS["gru"]))


def test_an_error_in_equations_without_source_names_only_the_cell() -> None:
    names: dict[str, Any] = {}
    exec("def step(x, h_prev):\n    h = x @ h_prev\n    return locals()", names)
    with pytest.raises(
        AxisError, match=r"^typed: matmul: batch_size × features by batch_size × num_units: the inner axes"
    ):
        capture(Cell("typed", "", names["step"], {"h": UNITS}, {}, Words(lambda: ("", ""))))
