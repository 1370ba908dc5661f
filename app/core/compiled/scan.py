"""The fast scan: the loop over time as a few NumPy calls for each step, on preallocated arrays.

Its assumptions, which ``compiles`` in plan.py checks:

- Arrays are stored units first, time_step × rows × batch_size, so a ``compute`` gets its last two axes exchanged. It
  also gets ``out``, and neighbouring tensors in one call. A pointwise operation (``Op.mixes`` lists no axis) gives the
  same numbers either way. The evaluator checks each of them on a few numbers first.
- ``matmul``, ``affine``, ``concat``, ``split``, ``step`` and ``carry`` are handled by name and never called: products
  are computed here, the others are regions of memory.

A program with any other operation does not compile, and app/core/run.py gives it to the plain evaluator. The results of
the two are equal up to rounding.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from ..ops import Array, Shape
from ..ops.op import quiet
from .plan import Call, Plan, Product


@dataclass(eq=False)
class ScannedSteps:
    """The tensors of every step: ``RecordedSteps`` in app/core/trace.py. ``views`` are the stored arrays, by the names
    of the plan's regions."""

    plan: Plan
    views: Mapping[str, Array]

    @property
    def stored(self) -> tuple[Shape, ...]:
        return tuple([self.views[home].shape for home in self.plan.homes.values()])

    def array(self, id: str, steps: int | slice) -> Array:
        if id in self.plan.unsorted:  # its pieces are stored in another order
            return np.concatenate([self.array(piece, steps) for piece in self.plan.unsorted[id]], axis=-1)
        array: Array = self.views[id][steps].swapaxes(-1, -2)
        return array


def scan(plan: Plan, weights: Mapping[str, Array], X: Array, first: Mapping[str, Array]) -> ScannedSteps:
    """Fill every region of a plan by its calls. X is batch_size × time_step × features; ``first`` has the states before
    step 0 that are not 0, ``h_prev``, each batch_size × ..."""
    slabs = [_on_a_cache_line(shape, X.dtype) for shape in plan.slabs]
    views = {name: slabs[slab][steps, rows] for name, (slab, steps, rows) in plan.regions.items()}
    _fill(plan, views, X, first)
    with quiet():
        # The loop over time. A deque of length 0 stores nothing, so the views of a step reuse the memory of the
        # previous one's. Not strict, because that would call ``next`` of every iterator once more, which takes as long
        # as a step; the iterators of a plan all have time_step items.
        deque(zip(*_calls(plan, views, weights), strict=False), maxlen=0)
    return ScannedSteps(plan, views)


def _fill(plan: Plan, views: Mapping[str, Array], X: Array, first: Mapping[str, Array]) -> None:
    """Fill the regions that the steps read but do not compute: x of every step, the ones, the states before step 0."""
    for name in plan.x:
        views[name][...] = X.transpose(1, 2, 0)
    for name in plan.ones:
        views[name].fill(1)
    for name in plan.states:
        views[name][0] = first[name].T if name in first else 0


def _calls(plan: Plan, views: Mapping[str, Array], weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """One iterator for each call: its k-th ``next`` makes the call of step k.

    ``map`` iterates over the first axis of arrays, which is time, and ``repeat`` gives the same array in every step. So
    the loop over time runs in C, without a line of Python for each call.
    """
    arrays: dict[str, Iterable[Array]] = {**views, **{id: repeat(_column(weights[id])) for id in plan.vectors}}
    for call in plan.calls:
        if isinstance(call, Call):
            yield map(call.compute, *[arrays[name] for name in call.names])
        else:
            yield from _product(call, views[call.source], views[call.out], weights)


def _product(p: Product, source: Array, out: Array, weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """Multiply the rows that are known before the loop now, and return an iterator for the others."""
    kernel = _with_bias(p, weights, source.shape[1])
    n = p.in_step
    if n < source.shape[1]:  # only at a batch size of 1, so the last axis can be dropped
        np.matmul(source[:, n:, 0], kernel[:, n:].T, out[:, :, 0])
        if n:
            remaining = repeat(_by_columns(kernel[:, :n]))
            products = map(np.dot, remaining, source[:, :n], repeat(np.empty_like(out[0])))
            yield map(np.add, products, out, out)
    elif p.cuts > 1:
        steps, rows, batch_size = out.shape
        cut = out.reshape(steps, p.cuts, rows // p.cuts, batch_size, copy=False)
        yield map(np.matmul, repeat(kernel.reshape(p.cuts, rows // p.cuts, -1)), source[:, None], cut)
    else:
        yield map(np.dot, repeat(kernel), source, out)


def _with_bias(p: Product, weights: Mapping[str, Array], width: int) -> Array:
    """The kernel in the form that is multiplied: transposed, its rows in the order of the result, the bias as its last
    column.

    The bias is multiplied by the ones at the end of the source, which saves an addition in every step. Further ones are
    padding, and are multiplied by zeros.
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
    """An empty array that begins on a cache line, which makes a run 2 % faster, and up to 10 % at a batch size of 1."""
    size = prod(shape)
    if size < 4096:  # small enough for the first-level cache, so its alignment does not matter
        return np.empty(shape, dtype)
    memory = np.empty(size + 16, dtype)
    start = -(memory.ctypes.data // memory.itemsize) % 16
    return memory[start : start + size].reshape(shape, copy=False)


def _column(vector: Array) -> Array:
    """A vector as a column: units first, broadcast over the batch."""
    return vector[:, None]
