"""The only loop over time: a program, its weights and an input become a trace of every tensor of every step."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from time import perf_counter
from typing import Any

import numpy as np

from app.core.axes import Sizes
from app.core.confirm import check, shapes_by_numpy
from app.core.ops import Array, Shape
from app.core.plan import Call, Plan, Product, plan
from app.core.program import Program


@dataclass(frozen=True, eq=False)
class Trace:
    """What a run recorded: every array that it made, with a shape that was found equal to the program's."""

    program: Program
    sizes: Sizes
    given: Mapping[str, Array]
    views: list[Array]
    plan: Plan
    confirmed: int
    seconds: float

    @property
    def operations(self) -> int:
        """How many tensors the run made: those of one step, time_step times."""
        return len(self.program.step) * self.sizes["time_step"]

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every array, as it was made."""
        return {t.id: self.array(t.id, 0).shape for t in self.program.tensors}

    def array(self, id: str, t: int | None = None) -> Array:
        """A tensor in the shape of the contract; ``t`` picks the step and is ignored by what has none."""
        tensor = self.program.by_id[id]
        if tensor.op == "given":
            return self.given[id]
        if tensor.op in ("stack", "last"):
            (state,) = tensor.inputs
            last = self.sizes["time_step"] - 1
            return self.array(state, last) if tensor.op == "last" else self.stack(state).swapaxes(0, 1)
        if t is None or not 0 <= t < self.sizes["time_step"]:
            raise IndexError(f"{id} has steps 0 to {self.sizes['time_step'] - 1}, not {t}")
        return self._stored(id, slice(t, t + 1)).squeeze(0)

    def stack(self, id: str) -> Array:
        """All steps of a tensor, time_step × batch_size × ...: what the run wrote, without a copy where possible."""
        return self._stored(id, slice(None))

    def _stored(self, id: str, steps: slice) -> Array:
        if pieces := self.plan.mixed.get(id):
            return np.concatenate([self._stored(piece, steps) for piece in pieces], axis=-1)
        stored: Array = self.views[self.plan.at[id]][steps]
        return stored.swapaxes(1, 2)


def run(program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array) -> Trace:
    """Run a program over X (batch_size × time_step × features), in the type of X: float32 or float64.

    Raises ShapeError where an array is not as the program says. Nothing is refused, however large: see ``budget``.
    """
    start = perf_counter()
    pairs = tuple(sizes.items())
    expected = shapes_by_numpy(program, pairs)
    layout = plan(program, pairs)
    given = {"X": X, **weights}
    for id, array in given.items():
        if array.shape != expected[id]:
            check(program.by_id[id], array.shape, sizes)
    slabs = [np.empty(shape, X.dtype) for shape in layout.slabs]
    views = [slabs[slab][rows] for slab, rows in layout.places]
    _fill(layout, views, X)
    with np.errstate(over="ignore"):
        deque(zip(*_calls(layout, views, weights), strict=False), maxlen=0)
    for id, n in layout.at.items():
        if views[n].shape[:0:-1] != expected[id]:
            check(program.by_id[id], views[n].shape[:0:-1], sizes)
    confirmed = len(layout.at) * sizes["time_step"]
    return Trace(program, sizes, given, views, layout, confirmed, perf_counter() - start)


def _fill(layout: Plan, views: list[Array], X: Array) -> None:
    """What the steps find in place: x of every step, the ones, and the zeros that are carried into step 0."""
    for n in layout.x:
        views[n][...] = X.transpose(1, 2, 0)
    for n in layout.ones:
        views[n].fill(1)
    for n in layout.zeros:
        views[n][0] = 0


def _calls(layout: Plan, views: list[Array], weights: Mapping[str, Array]) -> Iterable[Iterator[Array]]:
    """Iterators whose every ``next`` makes the calls of a step, on the arrays of that step.

    What only one other call reads is handed to that call directly, so the calls nest as the equations would.
    """
    pending: dict[int, Iterator[Array]] = {}

    def read(i: int | str) -> Iterable[Array]:
        if isinstance(i, str):
            return repeat(_column(weights[i]))
        return pending.pop(i) if i in layout.once and i in pending else views[i]

    for call in layout.calls:
        if isinstance(call, Call):
            pending[call.out] = map(call.kernel, *[read(i) for i in call.inputs], views[call.out])
        elif products := _product(call, views, weights):
            pending[call.out] = products
    return pending.values()


def _product(p: Product, views: list[Array], weights: Mapping[str, Array]) -> Iterator[Array] | None:
    """What is known ahead is multiplied now; None if that is all, else what is left to every step."""
    source, out = views[p.source], views[p.out]
    kernel = _stored(p, weights, source.shape[1], out.dtype)
    if not p.ahead:
        return _multiplied(kernel, source, out, p.cuts)
    rest = source.shape[1] - p.ahead
    used = len(weights[p.kernel]) + (p.bias is not None)
    _multiply_all(kernel[:, rest:used], source[:, rest:used], out)
    if not rest:
        return None
    products = map(np.dot, repeat(_by_columns(kernel[:, :rest])), source[:, :rest], repeat(np.empty_like(out[0])))
    return map(np.add, products, out, out)


def _multiplied(kernel: Array, source: Array, out: Array, cuts: int) -> Iterator[Array]:
    if cuts == 1:
        return map(np.dot, repeat(kernel), source, out)
    steps, rows, batch_size = out.shape
    pieces = out.reshape(steps, cuts, rows // cuts, batch_size)
    return map(np.matmul, repeat(kernel.reshape(cuts, rows // cuts, -1)), source[:, None], pieces)


def _multiply_all(kernel: Array, source: Array, out: Array) -> None:
    """All steps in one product, if a step is a single row."""
    if source.shape[2] == 1:
        np.matmul(source[:, :, 0], kernel.T, out[:, :, 0])
    else:
        np.matmul(kernel, source, out)


def _stored(p: Product, weights: Mapping[str, Array], width: int, dtype: Any) -> Array:
    """The kernel as it is multiplied: transposed, its blocks in the order of the result, the bias as last column."""
    kernel = weights[p.kernel].T
    blocks, (rows, used) = len(p.order), kernel.shape
    stored = _aligned_empty((rows, width), dtype).reshape(blocks, -1, width)
    stored[:, :, :used] = kernel.reshape(blocks, -1, used).take(p.order, 0)
    if p.bias:
        stored[:, :, used] = weights[p.bias].reshape(blocks, -1).take(p.order, 0)
        stored[:, :, used + 1 :] = 0
    return stored.reshape(rows, width)


def _by_columns(matrix: Array) -> Array:
    """A copy with whole columns in memory, which a single row multiplies a little faster than whole rows."""
    copy = _aligned_empty(matrix.shape[::-1], matrix.dtype).T
    copy[...] = matrix
    return copy


def _aligned_empty(shape: tuple[int, ...], dtype: Any) -> Array:
    """A matrix that begins on a cache line: products with few rows are up to a sixth faster."""
    rows, columns = shape
    size = rows * columns
    if size < 4096:  # in the first cache wherever it begins
        return np.empty(shape, dtype)
    memory = np.empty(size + 16, dtype)
    start = -(memory.__array_interface__["data"][0] // memory.itemsize) % 16
    return memory[start : start + size].reshape(shape)


def _column(weight: Array) -> Array:
    """A weight that is used as it is, stored units first."""
    return weight[:, None] if weight.ndim == 1 else weight.T
