"""The number of trainable parameters as a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import Axes, Sizes, axes
from app.core.cells import CELLS, PROJECTED
from app.core.program import Program, capture
from app.core.stack import Stack
from app.lessons.counts import factors, parameters

AXES = ("batch_size", "time_step", "features", "num_units", "num_proj")

any_sizes = st.fixed_dictionaries({axis: st.integers(1, 10_000) for axis in AXES})


def text(words: list[tuple[str, str]]) -> str:
    return "".join(word for word, _ in words)


def evaluate(formula: str) -> int:
    return int(eval(formula.replace("×", "*"), {"__builtins__": {}}))


def test_the_lstm_has_four_gates_and_four_biases() -> None:
    sizes = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}

    assert text(parameters(weights(capture(CELLS["lstm"])), sizes)) == "4 × 5 × (5 + 2) + 4 × 5"


def weights(program: Program) -> list[Axes]:
    return [weight.axes for weight in program.weights]


def test_arrays_with_the_same_axes_are_one_product() -> None:
    two_biases = [axes("4*num_units, features"), axes("4*num_units"), axes("4*num_units")]

    assert text(parameters(two_biases, {"features": 2, "num_units": 5})) == "4 × 5 × 2 + 8 × 5"


PROGRAMS = {
    **{id: capture(cell) for id, cell in CELLS.items()},
    **{f"{id}, projected": capture(cell) for id, cell in PROJECTED.items()},
    **{f"{id}, second layer": Stack(CELLS[id], 1, 1, 1, 1, num_layers=2).program(1) for id in CELLS},
    "above both directions": Stack(CELLS["lstm"], 1, 1, 1, 1, 1, num_layers=2, bidirectional=True).program(1),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@given(sizes=any_sizes)
def test_the_formula_evaluates_to_the_number_of_parameters(program: Program, sizes: Sizes) -> None:
    words = parameters(weights(program), sizes)

    assert evaluate(text(words)) == sum(program.parameters(sizes).values())
    assert all(word == str(sizes[axis]) for word, axis in words if axis)
    assert not {"batch_size", "time_step"} & {axis for _, axis in words}


@pytest.mark.parametrize(
    ("axes_text", "formula"),
    [
        ("num_units", "5"),
        ("features, 4*num_units", "4 × 2 × 5"),
        ("3*features, 4*num_units", "12 × 2 × 5"),
        ("2*num_units+features, num_units", "5 × (2 × 5 + 2)"),
        ("num_units+features, num_units+features", "(5 + 2) × (5 + 2)"),
    ],
)
def test_multiples_come_first_and_sums_last(axes_text: str, formula: str) -> None:
    sizes = {"features": 2, "num_units": 5}

    assert text(factors(axes(axes_text), sizes)) == formula
