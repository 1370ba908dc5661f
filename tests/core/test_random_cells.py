"""Cells of random equations equal plain NumPy: no layout in memory may give a wrong number."""

from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import Parameter, Signature

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from other_cells import Words
from pairing import ALL_COMBINATIONS
from plain_numpy import assert_runs_the_same

from app.core.axes import Axis, axis
from app.core.cell import Cell
from app.core.program import capture
from app.core.symbols import Symbol, concatenate, relu, sigmoid, split, tanh

FUNCTIONS: tuple[Callable[[Symbol], Symbol], ...] = (sigmoid, tanh, relu, lambda a: 1 - a)
STATES = {"h": "num_units", "c": "2*num_units"}


@dataclass
class Equations:
    """Random equations, added one by one: ``lines`` compute names from names; ``axis`` has the axis of each."""

    draw: st.DrawFn
    axis: dict[str, Axis] = field(default_factory=dict)
    weights: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[tuple[str, ...], Callable[..., object], tuple[str, ...]]] = field(default_factory=list)

    def any(self) -> str:
        return self.draw(st.sampled_from([*self.axis]))

    def like(self, id: str) -> str:
        return self.draw(st.sampled_from([other for other, a in self.axis.items() if a == self.axis[id]]))

    def weight(self, axes: str) -> str:
        """An existing weight with these axes, or a new one."""
        same = [w for w, text in self.weights.items() if text == axes]
        id = self.draw(st.sampled_from([*same, f"w{len(self.weights)}"]))
        self.weights[id] = axes
        return id

    def line(self, compute: Callable[..., object], inputs: tuple[str, ...], axis: Axis, count: int = 1) -> None:
        names = tuple(f"t{len(self.axis) + k}" for k in range(count))
        self.lines.append((names, compute, inputs))
        self.axis |= dict.fromkeys(names, axis)

    def function(self) -> None:
        id = self.any()
        self.line(self.draw(st.sampled_from(FUNCTIONS)), (id,), self.axis[id])

    def sum(self) -> None:
        id = self.any()
        self.line(lambda a, b: a + b, (id, self.like(id)), self.axis[id])

    def product_of_two(self) -> None:
        id = self.any()
        if sum(compute is times for _, compute, _ in self.lines) < 3:  # more of them would make the numbers overflow
            self.line(times, (id, self.like(id)), self.axis[id])

    def vector(self) -> None:
        id = self.any()
        compute = self.draw(st.sampled_from([lambda a, v: a + v, lambda a, v: a * v, lambda a, v: v * a]))
        self.line(compute, (id, self.weight(str(self.axis[id]))), self.axis[id])

    def multiplied(self) -> None:
        id = self.any()
        out = self.draw(st.sampled_from(["num_units", "2*num_units", "4*num_units", "num_proj"]))
        kernel = self.weight(f"{self.axis[id]}, {out}")
        if self.draw(st.booleans()):
            self.line(lambda a, w: a @ w, (id, kernel), axis(out))
        else:
            self.line(lambda a, w, b: a @ w + b, (id, kernel, self.weight(out)), axis(out))

    def concatenation(self) -> None:
        ids = [self.any() for _ in range(self.draw(st.integers(1, 3)))]
        if all(len(self.axis[id].terms) == 1 for id in ids):  # concatenations of concatenations only take time
            first, *others = (self.axis[id] for id in ids)
            self.line(lambda *parts: concatenate(*parts), tuple(ids), sum(others, first))

    def pieces(self) -> None:
        id = self.any()
        fits = [n for n in (1, 2, 4) if all(k % n == 0 for k, _ in self.axis[id].terms)]
        n = self.draw(st.sampled_from(fits))
        self.line(lambda a: split(a, n), (id,), self.axis[id].divided(n), n)

    def gates(self) -> None:
        """A product, usually of a concatenation, which is split, and a function of each piece."""
        self.concatenation()
        id = self.draw(st.sampled_from([*self.axis][-2:]))
        kernel = self.weight(f"{self.axis[id]}, 4*num_units")
        self.line(lambda a, w, b: a @ w + b, (id, kernel, self.weight("4*num_units")), axis("4*num_units"))
        self.line(lambda a: split(a, 4), self.lines[-1][0], axis("num_units"), 4)
        for name in self.lines[-1][0]:
            self.line(self.draw(st.sampled_from(FUNCTIONS[:2])), (name,), self.axis[name])


def times(a: Symbol, b: Symbol) -> Symbol:
    return a * b


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    e = Equations(draw)
    e.axis = {"x": axis("features")} | {f"{s}_prev": axis(text) for s, text in STATES.items()}
    equations = (e.function, e.sum, e.product_of_two, e.vector, e.multiplied, e.concatenation, e.pieces, e.gates)
    for add_equation in draw(st.lists(st.sampled_from(equations), min_size=1, max_size=8)):
        add_equation()
    named: dict[str, str] = {}
    for state, text in STATES.items():
        computed = [name for names, _, _ in e.lines for name in names]
        fits = [id for id in computed if e.axis[id] == axis(text) and id not in named]
        if not fits:
            fits = [f"t{len(e.axis)}"]
            e.line(lambda a, w: a @ w, ("x", e.weight(f"features, {text}")), axis(text))
        named[draw(st.sampled_from(fits))] = state

    def step(**arguments: Symbol) -> dict[str, Symbol]:
        symbols = dict(arguments)
        for names, compute, inputs in e.lines:
            results = compute(*(symbols[id] for id in inputs))
            symbols |= zip(names, results if isinstance(results, tuple) else (results,), strict=True)
        return {named.get(id, id): symbol for id, symbol in symbols.items()}

    parameters = ("x", *(f"{s}_prev" for s in STATES), *e.weights)
    step.__signature__ = Signature([Parameter(id, Parameter.KEYWORD_ONLY) for id in parameters])  # type: ignore[attr-defined]
    states = {s: f"batch_size, {text}" for s, text in STATES.items()}
    return Cell("random", "random", step, states, e.weights, Words(lambda: ("", "")))


SIZES = st.fixed_dictionaries(
    {
        "batch_size": st.sampled_from([1, 1, 2, 5]),
        "time_step": st.integers(1, 3),
        "features": st.sampled_from([1, 2, 7]),
        "num_units": st.sampled_from([1, 3, 8, 11]),
        "num_proj": st.sampled_from([1, 2, 5]),
    }
)


@settings(max_examples=300 if ALL_COMBINATIONS else 120)
@given(cells(), SIZES, st.booleans())
def test_any_equations_run(cell: Cell, sizes: dict[str, int], ahead: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.core.compiled.plan.AHEAD", 1 if ahead else 10**9)
        patch.setattr("app.core.compiled.plan.SMALL_KERNELS", True)
        assert_runs_the_same(capture(cell), sizes, rtol=1e-8, atol=1e-8)
