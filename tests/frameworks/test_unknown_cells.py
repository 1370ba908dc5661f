"""Cells that no framework has: rejected with the right reason, but our own names and program support them."""

import re
from pathlib import Path

import numpy as np
import pytest
from configurations import Configuration, execute_with_weights, largest_difference, outputs_of, run_ours

from app.core.cell import Cell
from app.core.cells import CELLS
from app.core.cells.tensor_names import RUN
from app.core.ops import OPS, Op
from app.core.stack import Stack
from app.core.symbols import ProgramError, Symbol, apply, concatenate, relu, sigmoid, split
from app.frameworks import FRAMEWORKS, OURS
from app.frameworks.framework_types import Framework
from app.frameworks.weight_layout import LayoutError

STATES = {"h": "batch_size, num_units", "c": "batch_size, num_units"}


def ungated(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """Concatenations of one, two and three parts, and a relu at the end."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_g = split(a, 2)
    f = sigmoid(a_f)
    g = relu(a_g)
    c = f * g
    single = concatenate(c)
    three = concatenate(c_prev, single, x)
    mixed = single + c_prev
    h = relu(mixed)
    return locals()


def unknown(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """It uses an operation without source text."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    h = apply("softmax", a)
    return locals()


def words(*ids: str) -> dict[str, tuple[str, str]]:
    return dict(RUN) | {id: (id, id) for id in ids}


IDS = ("c_prev", "concat", "kernel", "bias", "a", "a_f", "a_g", "f", "g", "c", "single", "three", "mixed", "c_T")


UNGATED = Cell(
    "ungated",
    "ungated cell",
    ungated,
    STATES,
    {"kernel": "num_units+features, 2*num_units", "bias": "2*num_units"},
    words(*IDS),
)
UNKNOWN = Cell(
    "unknown",
    "unknown cell",
    unknown,
    {"h": STATES["h"]},
    {"kernel": "num_units+features, num_units", "bias": "num_units"},
    words(*IDS),
)


@pytest.fixture(autouse=True)
def softmax(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the operation of one of the cells."""
    without_source = Op("function", lambda a: a, "softmax({a})", lambda _, out: 0, lambda z: z, mixes=(-1,))
    monkeypatch.setitem(OPS, "softmax", without_source)


OTHERS = [framework for id, framework in FRAMEWORKS.items() if id != "colah"]


@pytest.mark.parametrize("cell", [UNGATED, UNKNOWN], ids=lambda cell: cell.id)
@pytest.mark.parametrize("framework", OTHERS, ids=lambda framework: framework.id)
def test_a_framework_rejects_it_by_name_with_the_nearest_supported_cell(framework: Framework, cell: Cell) -> None:
    refusal = framework.model(Stack(cell, 3, 4, 2, 5)).unsupported
    assert refusal and refusal.what == f"{framework.title} has no {cell.title}"
    nearest = CELLS[str(refusal.nearest["cell"])]
    assert nearest.states.keys() == cell.states.keys()
    assert framework.model(Stack(nearest, 3, 4, 2, 5)).unsupported is None


@pytest.mark.parametrize("framework", OTHERS, ids=lambda framework: framework.id)
def test_our_cells_are_rejected_for_their_distinguishing_feature(framework: Framework) -> None:
    for cell in CELLS.values():
        refusal = framework.model(Stack(cell, 3, 4, 2, 5)).unsupported
        assert refusal is None or "has no" not in refusal.what or "coupled" in refusal.what


@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, True)])
def test_its_program_in_numpy_computes_our_numbers(layers: int, both: bool, tmp_path: Path) -> None:
    framework = OURS
    configuration = Configuration(framework, Stack(UNGATED, 3, 4, 2, 5, 0, layers, both), {})
    text = configuration.model.code()
    assert "np.concatenate([c_prev, single, x], axis=1)" in text and "np.concatenate([c], axis=1)" in text
    ours = run_ours(configuration, np.float64)
    names = execute_with_weights(configuration, ours, tmp_path)
    assert largest_difference(configuration, ours, outputs_of(configuration, names)) <= 1e-12


def test_a_program_with_an_operation_without_source_is_rejected() -> None:
    with pytest.raises(ProgramError, match="nothing says how softmax, which makes h, is written in NumPy"):
        OURS.model(Stack(UNKNOWN, 3, 4, 2, 5)).code()


def test_every_operation_that_computes_has_a_numpy_source_unless_its_equation_names_axes() -> None:
    without = {id for id, op in OPS.items() if op.compute and not op.source}
    assert without == {"sum", "mean", "max", "min", "norm", "softmax", "layer_norm", "transpose", "cumsum"}


def both_states(
    x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, scale: Symbol
) -> dict[str, Symbol]:
    """A kernel with rows for both states."""
    concat = concatenate(c_prev, h_prev, x)
    h = concat @ kernel + bias
    c = c_prev * scale
    return locals()


def two_products(x: Symbol, h_prev: Symbol, kernel: Symbol, scale: Symbol) -> dict[str, Symbol]:
    """A product that is twice as wide as a gate."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel
    h = a @ scale
    return locals()


def test_a_cell_whose_weights_are_not_blocks_of_gates_is_rejected_with_the_misfit() -> None:
    weights = {"kernel": "num_units+num_units+features, num_units", "bias": "num_units", "scale": "num_units"}
    both = Cell("both", "cell with both", both_states, STATES, weights, words(*IDS, "scale"))
    with pytest.raises(LayoutError, match="both has 2 blocks for h of gate h; a layout has one"):
        _ = OURS.model(Stack(both, 3, 4, 2, 5)).layout

    weights = {"kernel": "num_units+features, 2*num_units", "scale": "2*num_units, num_units"}
    two = Cell("two", "cell with two", two_products, {"h": STATES["h"]}, weights, words(*IDS, "scale"))
    rows = "(num_units+features)"
    wrong = f"two: kernel is {rows} × 2*num_units; its blocks would be {rows} × num_units"
    with pytest.raises(LayoutError, match=re.escape(wrong)):
        _ = OURS.model(Stack(two, 3, 4, 2, 5)).layout
