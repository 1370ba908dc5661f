"""The number of trainable parameters as a formula."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS

from app.core.axes import Axes, Sizes, axes
from app.core.cells import CELLS, PROJECTED
from app.core.program import Program, capture
from app.core.stack import Stack
from app.teaching.parameter_counts import parameters

AXES = ("batch_size", "time_step", "features", "num_units", "num_proj")

any_sizes = st.fixed_dictionaries({axis: st.integers(1, 10_000) for axis in AXES})


def text(words: list[tuple[str, str]]) -> str:
    return "".join(word for word, _ in words)


def evaluate(formula: str) -> int:
    return int(eval(formula.replace("×", "*").replace("·", "*"), {"__builtins__": {}}))


def weights(program: Program) -> list[Axes]:
    return [weight.axes for weight in program.weights]


SMALL = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def test_the_lstm_has_four_gates_each_with_a_bias() -> None:
    assert text(parameters(weights(capture(CELLS["lstm"])), 4, SMALL)) == "4 × ((5+2) × 5 + 5)"


def test_the_formula_can_have_the_names_of_sizes() -> None:
    words = parameters(weights(capture(CELLS["gru"])), 3, SMALL, str)
    assert text(words) == "3 × ((num_units+features) × num_units + num_units)"


def test_a_single_gate_is_not_counted() -> None:
    assert text(parameters(weights(capture(CELLS["rnn"])), 1, SMALL)) == "(5+2) × 5 + 5"


def test_what_not_all_gates_have_comes_after_the_gates() -> None:
    assert text(parameters(weights(capture(CELLS["lstm_peephole"])), 4, SMALL)) == "4 × ((5+2) × 5 + 5) + 3 × 5"


PROGRAMS = {
    **{id: capture(cell) for id, cell in CELLS.items()},
    **{f"{id}, projected": capture(cell) for id, cell in PROJECTED.items()},
    **{f"{id}, second layer": Stack(CELLS[id], 1, 1, 1, 1, num_layers=2).program(1) for id in CELLS},
    "above both directions": Stack(CELLS["lstm"], 1, 1, 1, 1, 1, num_layers=2, bidirectional=True).program(1),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@settings(max_examples=100 if ALL_COMBINATIONS else 30)
@given(sizes=any_sizes, gates=st.integers(1, 5))
def test_the_formula_evaluates_to_the_number_of_parameters(program: Program, gates: int, sizes: Sizes) -> None:
    words = parameters(weights(program), gates, sizes)

    assert evaluate(text(words)) == sum(program.parameters(sizes).values())
    assert all(word == str(sizes[axis]) for word, axis in words if axis)
    assert not {"batch_size", "time_step"} & {axis for _, axis in words}


@pytest.mark.parametrize(
    ("arrays", "gates", "formula"),
    [
        (
            ["4*num_units, features", "4*num_units, num_units", "4*num_units", "4*num_units"],
            4,
            "4 × (5 × 2 + 5 × 5 + 2 × 5)",
        ),
        (["features, num_units"] * 3, 3, "3 × (2 × 5)"),
        (["features+num_units, 2*num_units", "features+num_units, num_units"], 3, "3 × ((2+5) × 5)"),
        (["biases, 3*num_units"], 3, "3 × (2 × 5)"),
        (["2*num_units+features, num_units"], 1, "(2·5+2) × 5"),
        (["num_units, num_units"], 4, "5 × 5"),
    ],
)
def test_arrays_are_written_as_what_each_gate_has(arrays: list[str], gates: int, formula: str) -> None:
    assert text(parameters(map(axes, arrays), gates, {"features": 2, "num_units": 5, "biases": 2})) == formula
