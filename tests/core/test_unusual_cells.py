"""A cell that splits one tensor twice, and a cell without weights: both run, are drawn and are written as programs.

Their runs and gradients are compared with plain NumPy by the tests of all cells in other_cells.py.
"""

import numpy as np
import pytest
from other_cells import SPLIT_TWICE, STATES_SPLIT_TWICE, WITHOUT_WEIGHTS

from app.core.effects_of_a_change import poke
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import Program
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.stack import Stack
from app.core.symbols import ProgramError, Symbol, apply
from app.diagram.diagram_error import DiagramError
from app.diagram.elements import Box
from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.views import VIEWS
from app.frameworks import OURS
from app.frameworks.weight_layout import LayoutError

SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def with_ids(*programs: Program) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("program", programs, ids=[program.cell.id for program in programs])


@with_ids(SPLIT_TWICE, STATES_SPLIT_TWICE, WITHOUT_WEIGHTS)
@pytest.mark.parametrize("view", [view for view in VIEWS if view not in ("batch", "weights", "training")])
def test_every_tensor_of_the_step_is_drawn(view: str, program: Program) -> None:
    for format in FORMATS:
        picture = VIEWS[view](Scene(program, SIZES, 1, "numbers", format))
        assert {id for shape in picture.shapes for id in (shape.tensor, *shape.also)} >= {t.id for t in program.step}


@with_ids(SPLIT_TWICE, STATES_SPLIT_TWICE, WITHOUT_WEIGHTS)
def test_every_weight_is_drawn_once_in_the_batch_to_scale(program: Program) -> None:
    for format in FORMATS:
        picture = VIEWS["batch"](Scene(program, SIZES, 1, "numbers", format))
        boxes = [shape for shape in picture.shapes if isinstance(shape, Box)]
        number = next(box.height for box in boxes if box.tensor == "x") / SIZES["batch_size"]
        weights = [t.id for t in program.weights]
        assert list(dict.fromkeys(box.tensor for box in boxes if box.tensor in weights)) == weights
        for weight in program.weights:
            parts = [box for box in boxes if box.tensor == weight.id]
            rows, columns = ([1, *(axis.size(SIZES) for axis in weight.axes)])[-2:]
            width = max(box.x + box.width for box in parts) - min(box.x for box in parts)
            height = max(box.y + box.height for box in parts) - min(box.y for box in parts)
            assert (width, height) == pytest.approx((columns * number, rows * number))
            assert sum(box.width * box.height for box in parts) == pytest.approx(width * height)


def test_weights_are_not_drawn_without_matrices() -> None:
    with pytest.raises(DiagramError, match="the scene of without_weights has no matrices of weights to draw"):
        VIEWS["weights"](Scene(WITHOUT_WEIGHTS, SIZES, 1, "numbers", "page"))


@with_ids(STATES_SPLIT_TWICE, WITHOUT_WEIGHTS)
def test_the_generated_program_computes_our_numbers(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Array] = {}
    monkeypatch.setattr("sys.argv", ["program"])
    exec(compile(OURS.model(Stack(program.cell, *SIZES.values())).code(), "program", "exec"), names)
    ours = run(program, SIZES, names["weights"], names["X"])
    np.testing.assert_allclose(names["Y"], ours.array("Y"), rtol=1e-12)


def test_a_product_that_is_split_twice_has_no_layout() -> None:
    with pytest.raises(LayoutError, match="split_twice: a must be split once, with a name for each block of a gate"):
        OURS.model(Stack(SPLIT_TWICE.cell, *SIZES.values())).code()


def test_a_changed_number_is_followed_without_weights() -> None:
    trace = run(WITHOUT_WEIGHTS, SIZES, make_weights(WITHOUT_WEIGHTS, SIZES, 0), make_input(SIZES, 0))
    found = poke(trace, 0, "x", 1, 0)
    assert len(found.following) == 3
    assert np.flatnonzero(found.following[-1]["h"]).tolist() == [1]


@pytest.mark.parametrize("op", ["stack", "last", "step", "carry", "given"])
def test_equations_cannot_apply_the_operations_around_a_step(op: str) -> None:
    with pytest.raises(ProgramError, match=f"^{op} is not an operation of equations; those are concat, matmul, "):
        apply(op, Symbol(()))
