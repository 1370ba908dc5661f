"""The loop over time: a program, its weights and an input become a trace of every tensor of every step.

Where the plan compiles, a step is a few calls on preallocated arrays; else it is computed as its equations stand.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import prod
from time import perf_counter

import numpy as np
from numpy.typing import DTypeLike

from app.core import evaluate
from app.core.axes import Sizes
from app.core.compiled.plan import Call, Plan, Product, plan
from app.core.confirm import ShapeError, check
from app.core.ops import Array, Shape
from app.core.program import Program, Tensor


class GivenError(ValueError):
    """Weights or an input that a program cannot run with."""


@dataclass(eq=False)
class Trace:
    """What a run recorded: every array that it made, with a shape that was found equal to the program's.

    ``views`` are the arrays as they are stored, time_step × rows × batch_size, by the names of the plan's places.
    ``compared`` are the shapes of those, all steps at once, that were compared with what NumPy makes; ``seconds`` is
    how long the run took, all comparisons included.
    """

    program: Program
    sizes: Sizes
    given: Mapping[str, Array]
    plan: Plan
    views: Mapping[str, Array]
    compared: tuple[Shape, ...] = ()
    seconds: float = 0.0

    @property
    def recorded(self) -> int:
        """How many tensors of steps it has."""
        return sum(len(self.views[home]) for home in self.plan.homes.values())

    @property
    def confirmed(self) -> int:
        """How many shapes were compared, one for each tensor and step."""
        return sum(steps for steps, *_ in self.compared)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every array, as it is given out."""
        return {t.id: self.array(t.id, 0).shape for t in self.program.tensors}

    def array(self, id: str, t: int | None = None) -> Array:
        """A tensor in the shape of the contract; ``t`` picks the step and is ignored by what has none.

        Compared once more with the program's as it is given out: ShapeError if it differs.
        """
        tensor = self.program.by_id[id]
        array = self._array(tensor, t)
        check(tensor, array.shape, self.sizes)
        return array

    def stack(self, id: str) -> Array:
        """All steps of a tensor, time_step × batch_size × ...: what the run wrote, without a copy where possible."""
        return self._recorded(id, slice(None))

    def _array(self, tensor: Tensor, t: int | None) -> Array:
        last = self.sizes["time_step"] - 1
        if tensor.operation.kind == "given":
            return self.given[tensor.id]
        if tensor.op == "stack":
            return self.stack(tensor.inputs[0]).swapaxes(0, 1)
        if tensor.op == "last":
            return self._recorded(tensor.inputs[0], last)
        if t is None or not 0 <= t <= last:
            raise IndexError(f"{tensor.id} has steps 0 to {last}, not {t}")
        return self._recorded(tensor.id, t)

    def _recorded(self, id: str, steps: slice | int) -> Array:
        """Batch first; what is stored in another order is put together from its pieces."""
        if id in self.plan.unsorted:
            return np.concatenate([self._recorded(piece, steps) for piece in self.plan.unsorted[id]], axis=-1)
        recorded: Array = self.views[id][steps].swapaxes(-1, -2)
        return recorded


def run(program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array) -> Trace:
    """Run a program over X (batch_size × time_step × features), in the type of X: float32 or float64.

    Raises GivenError where the weights are not those of the program, or of another type than X; ShapeError where an
    array is not as the program says. Nothing is refused, however large: see ``budget``.
    """
    start = perf_counter()
    todo = plan(program, tuple(sizes.items()))
    given = {"X": X, **weights}
    _check_given(program, sizes, given, todo.given)
    views = _compiled(todo, weights, X) if todo.compiles else _as_it_stands(program, sizes, weights, X)
    trace = Trace(program, sizes, given, todo, views)
    trace.compared = _confirm(trace)
    trace.seconds = perf_counter() - start
    return trace


def _compiled(todo: Plan, weights: Mapping[str, Array], X: Array) -> dict[str, Array]:
    """Every place of the plan, filled by its calls."""
    slabs = [_on_a_cache_line(shape, X.dtype) for shape in todo.slabs]
    views = {name: slabs[slab][steps, rows] for name, (slab, steps, rows) in todo.places.items()}
    _fill(todo, views, X)
    with np.errstate(over="ignore"):
        # The loop over time. A deque without room keeps nothing, so a step's views take the memory of the last one's.
        # Not strict, because asking every call for one step more takes as long as making a step; the calls of a plan
        # all have time_step of them.
        deque(zip(*_calls(todo, views, weights), strict=False), maxlen=0)
    return views


def _as_it_stands(program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array) -> dict[str, Array]:
    """Every tensor of every step, computed operation by operation."""
    states = {f"{s}_prev": np.zeros(program.by_id[s].shape(sizes), X.dtype) for s in program.cell.states}
    steps: list[dict[str, Array]] = []
    for t in range(sizes["time_step"]):
        steps.append(evaluate.step(program, weights, {"x": X[:, t], **states}))
        states = {id: steps[-1][id.removesuffix("_prev")] for id in states}
    stacked = {t.id: np.stack([made[t.id] for made in steps], dtype=X.dtype) for t in program.step}
    return {id: array.swapaxes(-1, -2) for id, array in stacked.items()}


def _check_given(program: Program, sizes: Sizes, given: Mapping[str, Array], expected: Mapping[str, Shape]) -> None:
    for id in given.keys() ^ expected.keys():
        fault = "missing" if id in expected else "no weight"
        raise GivenError(f"{id} is {fault}; the weights are {', '.join(program.cell.weights)}")
    dtype = given["X"].dtype
    if dtype not in (np.float32, np.float64):
        raise GivenError(f"X is {dtype}; a run computes in float32 or float64")
    for id, array in given.items():
        if array.shape != expected[id]:
            check(program.by_id[id], array.shape, sizes)
        if array.dtype != dtype:
            raise GivenError(f"{id} is {array.dtype}, but X is {dtype}; a run has one type")


def _fill(todo: Plan, views: Mapping[str, Array], X: Array) -> None:
    """What the steps find in place: x of every step, the ones, and the zeros that are carried into step 0."""
    for name in todo.x:
        views[name][...] = X.transpose(1, 2, 0)
    for name in todo.ones:
        views[name].fill(1)
    for name in todo.zeros:
        views[name][0] = 0


def _confirm(trace: Trace) -> tuple[Shape, ...]:
    """Compare the array in which each tensor was made with the program: all steps at once, as they are stored. Gives
    the shapes that were compared."""
    homes, views = trace.plan.homes, trace.views
    made = tuple([views[home].shape for home in homes.values()])
    if made != trace.plan.stored:
        for id, home in homes.items():
            steps, units, batch_size = views[home].shape
            check(trace.program.by_id[id], (batch_size, units), trace.sizes)
            if steps != trace.sizes["time_step"]:
                raise ShapeError(f"{id} has {steps} steps, but time_step is {trace.sizes['time_step']}")
    return made


def _calls(todo: Plan, views: Mapping[str, Array], weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """Iterators whose every ``next`` makes one call of a step, on the arrays of that step."""
    arrays: dict[str, Iterable[Array]] = {**views, **{id: repeat(_column(weights[id])) for id in todo.vectors}}
    for call in todo.calls:
        if isinstance(call, Call):
            yield map(call.compute, *[arrays[name] for name in call.names])
        else:
            yield from _product(call, views[call.source], views[call.out], weights)


def _product(p: Product, source: Array, out: Array, weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """What is known ahead is multiplied now; the rest is left to the steps."""
    kernel = _with_bias(p, weights, source.shape[1])
    n = p.waiting
    if n < source.shape[1]:  # only where a step is a single row
        np.matmul(source[:, n:, 0], kernel[:, n:].T, out[:, :, 0])
        if n:
            of_rest = repeat(_by_columns(kernel[:, :n]))
            products = map(np.dot, of_rest, source[:, :n], repeat(np.empty_like(out[0])))
            yield map(np.add, products, out, out)
    elif p.cuts > 1:
        steps, rows, batch_size = out.shape
        cut = out.reshape(steps, p.cuts, rows // p.cuts, batch_size, copy=False)
        yield map(np.matmul, repeat(kernel.reshape(p.cuts, rows // p.cuts, -1)), source[:, None], cut)
    else:
        yield map(np.dot, repeat(kernel), source, out)


def _with_bias(p: Product, weights: Mapping[str, Array], width: int) -> Array:
    """The kernel as it is multiplied: transposed, its rows in the order of the result, the bias as last column."""
    kernel = weights[p.kernel]
    used = len(kernel)
    stored = _on_a_cache_line((len(p.columns), width), kernel.dtype)
    stored[:, :used] = kernel.T.take(p.columns, 0)
    if p.bias:
        stored[:, used] = weights[p.bias][p.columns]
        stored[:, used + 1 :] = 0
    return stored


def _by_columns(matrix: Array) -> Array:
    """A copy with whole columns in memory, which a single row multiplies a sixth faster than whole rows."""
    copy = _on_a_cache_line(matrix.shape[::-1], matrix.dtype).T
    copy[...] = matrix
    return copy


def _on_a_cache_line(shape: Shape, dtype: DTypeLike) -> Array:
    """An empty array that begins on a cache line: a run is 2 % faster, with a single row up to a tenth."""
    size = prod(shape)
    if size < 4096:  # in the first cache wherever it begins
        return np.empty(shape, dtype)
    memory = np.empty(size + 16, dtype)
    start = -(memory.ctypes.data // memory.itemsize) % 16
    return memory[start : start + size].reshape(shape, copy=False)


def _column(vector: Array) -> Array:
    """A vector as a run stores it: units first, the same for all of the batch."""
    return vector[:, None]
