"""Operations that the compiled scan does not handle: computed correctly or rejected."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from other_cells import H, Words, joined, program
from plain_numpy import assert_runs_the_same
from textbook import sigmoid as textbook_sigmoid

from app.core.axes import axes
from app.core.cell import Cell
from app.core.compiled.plan import compiles
from app.core.effects_of_a_change import poke
from app.core.evaluator import ShapeError
from app.core.gradients import cell_gradients
from app.core.input_data import make_input
from app.core.ops import OPS, Array, Op
from app.core.program import Program, capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.symbols import ProgramError, Symbol, apply, concatenate, sigmoid, split, tanh
from app.core.trace import Trace

SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def norm(z: Array) -> Array:
    return np.asarray(z / np.sqrt((z * z).sum(axis=-1, keepdims=True) + 1e-6))


def over_batch(z: Array) -> Array:
    return np.asarray(z - z.mean(axis=-2, keepdims=True))


ADDED: dict[str, Callable[[Array], Array]] = {
    "norm": norm,
    "softmax": softmax,
    "cumsum": lambda z: np.cumsum(z, axis=-1),
    "over_batch": over_batch,
    "reversed": lambda z: z[..., ::-1],
}


def operation(compute: Callable[..., Array], mixes: tuple[int, ...] = (-1,)) -> Op:
    """A record with only the fields that a run needs."""
    return Op("function", lambda a: a, "f({a})", lambda _, out: 0, compute, mixes=mixes)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the operations to the table."""
    for name, kernel in ADDED.items():
        monkeypatch.setitem(OPS, name, operation(kernel, (-2,) if name == "over_batch" else (-1,)))
    widest = replace(operation(lambda z: z.max(axis=-1, keepdims=True)), axes=lambda a: axes("batch_size, one"))
    monkeypatch.setitem(OPS, "widest", widest)
    yield


def with_operation(name: str) -> Program:
    """A cell like an LSTM without an output gate; its forget gate applies the operation."""

    def step(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
        concat = concatenate(h_prev, x)
        a = concat @ kernel + bias
        a_f, a_g = split(a, 2)
        n = apply(name, a_f)
        f = sigmoid(n)
        g = tanh(a_g)
        h = f * g
        return locals() | {"name": None}

    return program(step, H, **joined(2))


def traced(of: Program, sizes: dict[str, int] = SIZES) -> Trace:
    return run(of, sizes, make_weights(of, sizes, 2, np.float64), make_input(sizes, 2, np.float64))


@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("name", ADDED)
def test_it_equals_a_textbook_loop(name: str, batch_size: int) -> None:
    sizes = SIZES | {"batch_size": batch_size}
    trace = traced(with_operation(name), sizes)
    h = np.zeros((batch_size, 5))
    for t in range(4):
        a_f, a_g = np.hsplit(np.hstack([h, trace.array("X")[:, t]]) @ trace.array("kernel") + trace.array("bias"), 2)
        n = ADDED[name](a_f)
        h = textbook_sigmoid(n) * np.tanh(a_g)
        np.testing.assert_allclose(trace.array("n", t), n, rtol=0, atol=1e-14)
        np.testing.assert_allclose(trace.array("h", t), h, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(trace.array("Y")[:, -1], trace.array("h_T"))
    assert trace.recorded == trace.confirmed == 4 * len(trace.program.step)


def test_results_are_float32_for_float32_inputs() -> None:
    of = with_operation("softmax")
    trace = run(of, SIZES, make_weights(of, SIZES, 0), make_input(SIZES, 0))
    assert {trace.array(t.id, 0).dtype for t in of.tensors} == {np.dtype(np.float32)}


def test_a_reduction_may_have_an_axis_of_its_own() -> None:
    def step(x: Symbol, h_prev: Symbol, kernel: Symbol) -> dict[str, Symbol]:
        a = h_prev @ kernel
        top = apply("widest", a)
        h = concatenate(top, a, x)
        return locals()

    sizes = SIZES | {"one": 1}
    of = program(step, {"h": "batch_size, one+num_units+features"}, kernel="one+num_units+features, num_units")
    assert_runs_the_same(of, sizes)


def test_a_changed_number_has_the_effect_that_a_whole_run_shows() -> None:
    """Also if the operation mixes the batch: a whole run with a changed X has the same differences."""
    for name in ("over_batch", "cumsum"):
        of = with_operation(name)
        trace = traced(of)
        X = np.array(trace.inputs["X"])
        X[1, 2, 0] += 0.5
        other = run(of, SIZES, {id: trace.inputs[id] for id in of.cell.weights}, X)
        found = poke(trace, 2, "x", 0, 1, 0.5)
        for t in of.step:
            expected = (other.array(t.id, 2) - trace.array(t.id, 2))[1]
            np.testing.assert_allclose(found.here[t.id], expected, rtol=0, atol=1e-14, err_msg=t.id)
        expected = (other.array("h", 3) - trace.array("h", 3))[1]
        np.testing.assert_allclose(found.following[0]["h"], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("name", "mixed"), [("norm", -1), ("cumsum", -1), ("reversed", -1), ("over_batch", -2)])
def test_an_operation_that_mixes_an_unlisted_axis_is_rejected(
    name: str, mixed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPS, name, operation(ADDED[name], tuple({-1, -2} - {mixed})))
    with pytest.raises(ProgramError, match=f"{name} mixes axis {mixed} and does not list it: what n has at one place"):
        traced(with_operation(name))


def test_an_added_pointwise_operation_runs_in_the_compiled_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    def squared(z: Array, out: Array | None = None) -> Array:
        return np.multiply(z, z, out)

    monkeypatch.setitem(OPS, "norm", operation(squared, ()))
    of = with_operation("norm")
    assert compiles(of)
    assert_runs_the_same(of, SIZES)


def test_an_operation_that_contradicts_its_shape_rule_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPS, "norm", operation(lambda z: z[..., 1:]))
    with pytest.raises(ShapeError, match="n was made 3 × 4, but batch_size × num_units is 3 × 5"):
        traced(with_operation("norm"))


def test_an_operation_without_a_gradient_is_rejected_by_name() -> None:
    trace = traced(with_operation("norm"))
    with pytest.raises(ProgramError, match="there is no gradient of norm; there is one of concat, matmul"):
        cell_gradients(trace, np.ones((3, 4, 5)))


def mixed(names: tuple[str, ...]) -> Cell:
    """Operations of both kinds, one after another, with splits and concatenations between them."""

    def step(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, p: Symbol) -> dict[str, Any]:
        tensors: dict[str, Any] = dict(locals())
        del tensors["names"]
        tensors["all"] = concatenate(h_prev, x, c_prev)
        tensors["a"] = tensors["all"] @ kernel + bias
        tensors["a_1"], tensors["a_2"], tensors["a_3"] = split(tensors["a"], 3)
        tensors["seen"] = tanh(tensors["a"])
        for n, name in enumerate(names):
            tensors[f"t{n}"] = apply(name, tensors[f"t{n - 1}"] if n else tensors["a_1"])
            tensors[f"s{n}"] = tensors[f"t{n}"] * tensors["a_2"]
        tensors["d"] = tensors["a_3"] + tensors[f"s{len(names) - 1}"]
        tensors["c"] = tensors["d"] * p
        tensors["h"] = sigmoid(tensors["c"])
        return tensors

    states = {"h": "batch_size, num_units", "c": "batch_size, num_units"}
    rows = "num_units+features+num_units"
    weights = {"kernel": f"{rows}, 3*num_units", "bias": "3*num_units", "p": "num_units"}
    return Cell("mixed", "mixed", step, states, weights, Words(lambda: ("", "")))


def test_random_programs_with_both_kinds_of_operations_equal_plain_numpy() -> None:
    random = np.random.default_rng(3)
    kinds = [*ADDED, "sigmoid", "tanh", "relu", "complement"]
    for _ in range(25):
        names = tuple(map(str, random.choice(kinds, random.integers(1, 5))))
        chosen = (random.choice(of) for of in ([1, 2, 5], [1, 3], [1, 2, 7], [1, 3, 11]))
        sizes = dict(zip(("batch_size", "time_step", "features", "num_units"), map(int, chosen), strict=True))
        assert_runs_the_same(capture(mixed(names)), sizes)
