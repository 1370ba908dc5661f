"""The fast scan: the loop over time as a few NumPy calls for each step, on arrays that are allocated before.

What it relies on, and what ``compiles`` in plan.py asks for:

- Arrays are stored units first, time_step × rows × batch_size, so a ``compute`` gets its last two axes exchanged. It
  also gets ``out``, and neighbouring tensors in one call. A pointwise operation (``Op.mixes`` lists no axis) gives the
  same numbers either way. The evaluator tries each of them before it is relied on.
- ``matmul``, ``affine``, ``concat``, ``split``, ``step`` and ``carry`` are known by name and never called: products are
  done here, the others are regions of memory.

A program with any other operation does not compile, and app/core/run.py leaves it to the plain evaluator. What the two
give is equal up to rounding.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from ..ops import Array, Shape
from .plan import Call, Plan, Product


@dataclass(eq=False)
class ScannedSteps:
    """The tensors of every step: ``RecordedSteps`` in app/core/trace.py. ``views`` are the arrays as they are stored,
    by the names of the plan's regions."""

    plan: Plan
    views: Mapping[str, Array]

    @property
    def stored(self) -> tuple[Shape, ...]:
        return tuple([self.views[home].shape for home in self.plan.homes.values()])

    def array(self, id: str, steps: int | slice) -> Array:
        if id in self.plan.unsorted:  # it is put together from its pieces, which are stored in another order
            return np.concatenate([self.array(piece, steps) for piece in self.plan.unsorted[id]], axis=-1)
        array: Array = self.views[id][steps].swapaxes(-1, -2)
        return array


def scan(todo: Plan, weights: Mapping[str, Array], X: Array) -> ScannedSteps:
    """Fill every region of a plan by its calls. X is batch_size × time_step × features."""
    slabs = [_on_a_cache_line(shape, X.dtype) for shape in todo.slabs]
    views = {name: slabs[slab][steps, rows] for name, (slab, steps, rows) in todo.regions.items()}
    _fill(todo, views, X)
    with np.errstate(over="ignore"):
        # The loop over time. A deque without room keeps nothing, so a step's views take the memory of the last one's.
        # Not strict, because asking every call for one step more takes as long as making a step; the calls of a plan
        # all have time_step of them.
        deque(zip(*_calls(todo, views, weights), strict=False), maxlen=0)
    return ScannedSteps(todo, views)


def _fill(todo: Plan, views: Mapping[str, Array], X: Array) -> None:
    """Fill in what the steps read but do not compute: x of every step, the ones, and the zero states before step 0."""
    for name in todo.x:
        views[name][...] = X.transpose(1, 2, 0)
    for name in todo.ones:
        views[name].fill(1)
    for name in todo.zeros:
        views[name][0] = 0


def _calls(todo: Plan, views: Mapping[str, Array], weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """One iterator for each call: its k-th ``next`` makes the call of step k.

    ``map`` over arrays goes through their first axis, which is time, and over ``repeat`` gets the same array in every
    step. So the loop over time runs in C, without a line of Python for each call.
    """
    arrays: dict[str, Iterable[Array]] = {**views, **{id: repeat(_column(weights[id])) for id in todo.vectors}}
    for call in todo.calls:
        if isinstance(call, Call):
            yield map(call.compute, *[arrays[name] for name in call.names])
        else:
            yield from _product(call, views[call.source], views[call.out], weights)


def _product(p: Product, source: Array, out: Array, weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """Multiply what is known before the loop now, and give an iterator for the rest."""
    kernel = _with_bias(p, weights, source.shape[1])
    n = p.in_step
    if n < source.shape[1]:  # only at a batch size of 1, so the last axis can be dropped
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
    """The kernel as it is multiplied: transposed, its rows in the order of the result, the bias as its last column.

    The bias is multiplied by the ones at the end of the source, which saves an addition in every step. Further ones
    only fill the rows up, and are multiplied by zeros.
    """
    kernel = weights[p.kernel]
    used = len(kernel)
    stored = _on_a_cache_line((len(p.columns), width), kernel.dtype)
    stored[:, :used] = kernel.T.take(p.columns, 0)
    if p.bias:
        stored[:, used] = weights[p.bias][p.columns]
        stored[:, used + 1 :] = 0
    return stored


def _by_columns(matrix: Array) -> Array:
    """A copy in column-major order. A matrix-vector product is a sixth faster with it than with whole rows."""
    copy = _on_a_cache_line(matrix.shape[::-1], matrix.dtype).T
    copy[...] = matrix
    return copy


def _on_a_cache_line(shape: Shape, dtype: DTypeLike) -> Array:
    """An empty array that begins on a cache line: a run is 2 % faster, at a batch size of 1 up to 10 %."""
    size = prod(shape)
    if size < 4096:  # small enough for the first-level cache, so its alignment does not matter
        return np.empty(shape, dtype)
    memory = np.empty(size + 16, dtype)
    start = -(memory.ctypes.data // memory.itemsize) % 16
    return memory[start : start + size].reshape(shape, copy=False)


def _column(vector: Array) -> Array:
    """A vector as the scan stores it: units first, broadcast over the batch."""
    return vector[:, None]
