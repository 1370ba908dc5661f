"""An operation of a cell in app/core/cells is one record and one function for equations. Only the programs of typed
cells need more: how each library calls it, in app/typed_cells/code/numpy_torch_jax.py (see tests/recipes)."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from plain_numpy import assert_runs_the_same

from app.core.cell import Cell
from app.core.cells.tensor_names import CONCATENATION, RUN
from app.core.compiled.plan import compiles
from app.core.gradients import cell_gradients
from app.core.input_data import make_input
from app.core.ops import OPS, Array, Op
from app.core.program import Program, capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.stack import Stack
from app.core.symbols import Symbol, apply, concatenate, sigmoid, split
from app.diagram.elements import Text
from app.diagram.scene import Scene
from app.diagram.views import VIEWS
from app.frameworks import OURS
from app.teaching.around_picture.why_this_shape import line_text, why

SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def compute_square(z: Array, out: Array | None = None) -> Array:
    return np.multiply(z, z, out)


SQUARE = Op(
    kind="function",
    axes=lambda a: a,
    compute=compute_square,
    gradient=lambda n, g, inputs, out: 2 * g * inputs[0],
    formula="square({a})",
    source="np.square({a})",
    sign="square",
    flops=lambda _, out: out[0] * out[1],
)


def square(a: Symbol) -> Symbol:
    return apply("square", a)


def squaring(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """A gate and a candidate, with two squares: of a block of a product, and of the gated candidate."""
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_g = split(a, 2)
    f = sigmoid(a_f)
    g = square(a_g)
    passed = f * g
    h = square(passed)
    return locals()


@pytest.fixture(autouse=True)
def in_the_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(OPS, "square", SQUARE)
    yield


@pytest.fixture
def cell() -> Cell:
    ids = ("kernel", "bias", "a", "a_f", "a_g", "f", "g", "passed")
    return Cell(
        "squaring",
        "squaring cell",
        squaring,
        {"h": "batch_size, num_units"},
        {"kernel": "num_units+features, 2*num_units", "bias": "2*num_units"},
        {**RUN, **CONCATENATION, **{id: (id, id) for id in ids}},
    )


@pytest.fixture
def program(cell: Cell) -> Program:
    return capture(cell)


def test_its_formula_and_its_flops_are_in_the_program(program: Program) -> None:
    assert program.formula(program.by_id["g"]) == "g = square(a_g)"
    without = sum(t.operation.flops((), t.shape(SIZES)) for t in program.step if t.op in ("sigmoid", "mul"))
    product = 2 * 7 * 3 * 10 + 3 * 10
    assert program.flops(SIZES) == 4 * (product + without + 2 * 3 * 5)


def test_the_compiled_scan_equals_plain_numpy(program: Program) -> None:
    assert compiles(program)
    assert_runs_the_same(program, SIZES)


def test_its_gradient_equals_the_numerical_slope(program: Program) -> None:
    weights, X = make_weights(program, SIZES, 0, np.float64), make_input(SIZES, 0, np.float64)
    found = cell_gradients(run(program, SIZES, weights, X), np.ones((3, 4, 5))).weights["kernel"]
    for at in np.ndindex(found.shape):
        more, less = (weights["kernel"].copy() for _ in range(2))
        more[at] += 1e-6
        less[at] -= 1e-6
        above, below = (
            run(program, SIZES, {**weights, "kernel": kernel}, X).array("Y").sum() for kernel in (more, less)
        )
        assert found[at] == pytest.approx((above - below) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("view", ["unrolled", "rolled", "units", "gradients"])
def test_its_sign_is_drawn_in_the_layer_and_in_the_ellipse(view: str, program: Program) -> None:
    picture = VIEWS[view](Scene(program, SIZES, 2, "numbers", "page"))
    signs = [s for s in picture.shapes if isinstance(s, Text) and s.text == "square"]
    assert len(signs) == 2


def test_the_generated_program_contains_its_source_and_gives_our_numbers(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(cell, *SIZES.values())
    text = OURS.model(stack).code()
    assert "g = np.square(a_g)" in text and "h = np.square(passed)" in text
    names: dict[str, Array] = {}
    monkeypatch.setattr("sys.argv", ["program"])
    exec(compile(text, "program", "exec"), names)
    ours = run(stack.program(), SIZES, names["weights"], names["X"])
    np.testing.assert_allclose(names["Y"], ours.array("Y"), rtol=1e-12)


def test_its_shape_is_explained(program: Program) -> None:
    *_, line = why(program, program.by_id["g"])
    assert line_text(line, SIZES) == "square, element by element → 3 × 5"


def test_an_operation_that_moves_numbers_is_not_pointwise() -> None:
    assert not replace(OPS["concat"], mixes=()).is_pointwise
    assert not replace(OPS["matmul"], mixes=()).is_pointwise
