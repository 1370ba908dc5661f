"""A cell that no framework has heard of: refused with the right reason, and its own program has every operation."""

from pathlib import Path

import numpy as np
import pytest
from configurations import Configuration, largest_difference, loaded, ran, returned

from app.core.cell import Cell
from app.core.cells import CELLS
from app.core.cells.names import RUN
from app.core.ops import OPS, Op
from app.core.stack import Stack
from app.core.symbols import ProgramError, Symbol, apply, concatenate, relu, sigmoid, split
from app.frameworks import FRAMEWORKS, colah_numpy
from app.frameworks.framework import Framework
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
    """It uses an operation that nothing says how to write."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    h = apply("softmax", a)
    return locals()


def words(*ids: str) -> dict[str, tuple[str, str]]:
    return dict(RUN) | {id: (id, id) for id in ids}


MADE = ("c_prev", "concat", "kernel", "bias", "a", "a_f", "a_g", "f", "g", "c", "single", "three", "mixed", "c_T")


UNGATED = Cell(
    "ungated",
    "ungated cell",
    ungated,
    STATES,
    {"kernel": "num_units+features, 2*num_units", "bias": "2*num_units"},
    words(*MADE),
)
UNKNOWN = Cell(
    "unknown",
    "unknown cell",
    unknown,
    {"h": STATES["h"]},
    {"kernel": "num_units+features, num_units", "bias": "num_units"},
    words(*MADE),
)


@pytest.fixture(autouse=True)
def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation of one of the cells, and how Colah's names have the weights of both."""
    nameless = Op("function", lambda a: a, "softmax({a})", lambda _, out: 0, lambda z: z, mixes=(-1,))
    monkeypatch.setitem(OPS, "softmax", nameless)
    monkeypatch.setitem(colah_numpy.PARAMETERS, UNGATED, colah_numpy._joined("fg"))
    monkeypatch.setitem(colah_numpy.PARAMETERS, UNKNOWN, colah_numpy._joined("a"))


OTHERS = [framework for id, framework in FRAMEWORKS.items() if id != "colah"]


@pytest.mark.parametrize("cell", [UNGATED, UNKNOWN], ids=lambda cell: cell.id)
@pytest.mark.parametrize("framework", OTHERS, ids=lambda framework: framework.id)
def test_a_framework_refuses_it_by_its_name_and_leads_to_a_cell_that_it_has(framework: Framework, cell: Cell) -> None:
    refusal = framework.model(Stack(cell, 3, 4, 2, 5)).unsupported
    assert refusal and refusal.what == f"{framework.title} has no {cell.title}"
    nearest = CELLS[str(refusal.nearest["cell"])]
    assert nearest.states.keys() == cell.states.keys()
    assert framework.model(Stack(nearest, 3, 4, 2, 5)).unsupported is None


@pytest.mark.parametrize("framework", OTHERS, ids=lambda framework: framework.id)
def test_the_cells_that_there_are_are_refused_for_the_reasons_that_there_were(framework: Framework) -> None:
    for cell in CELLS.values():
        refusal = framework.model(Stack(cell, 3, 4, 2, 5)).unsupported
        assert refusal is None or "has no" not in refusal.what or "coupled" in refusal.what


@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, True)])
def test_its_program_in_numpy_gives_our_numbers(layers: int, both: bool, tmp_path: Path) -> None:
    framework = FRAMEWORKS["colah"]
    configuration = Configuration(framework, Stack(UNGATED, 3, 4, 2, 5, 0, layers, both), {})
    text = configuration.model.code()
    assert "np.concatenate([c_prev, single, x], axis=1)" in text and "np.concatenate([c], axis=1)" in text
    ours = ran(configuration, np.float64)
    names = loaded(configuration, ours, tmp_path)
    assert largest_difference(configuration, ours, returned(configuration, names)) <= 1e-12


def test_a_program_with_an_operation_that_nothing_says_how_to_write_is_refused() -> None:
    with pytest.raises(ProgramError, match="nothing says how softmax, which makes h, is written in NumPy"):
        FRAMEWORKS["colah"].model(Stack(UNKNOWN, 3, 4, 2, 5)).code()


def test_every_operation_of_the_table_that_computes_is_written_in_numpy() -> None:
    assert [id for id, op in OPS.items() if op.compute and not op.source] == ["softmax"]


def test_weights_that_colah_has_no_names_for_are_refused_with_the_cells_that_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(colah_numpy.PARAMETERS, UNGATED)
    with pytest.raises(LayoutError, match="nothing says how ungated stores its weights; PARAMETERS has lstm"):
        _ = FRAMEWORKS["colah"].model(Stack(UNGATED, 3, 4, 2, 5)).layout
