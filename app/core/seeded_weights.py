"""Weights from a seed: bit for bit the same on every machine and with every version of NumPy.

It uses only what NumPy guarantees not to change: the raw stream of PCG64, one stream for each tensor. The upper 53 bits
become doubles without rounding. One multiplication follows, in a call of its own, so that no compiler can fuse it with
another operation, and then the cast.
"""

from collections.abc import Iterator, Mapping
from math import prod, sqrt
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

from ..growing_cache import GrowingCache
from .axes import Sizes
from .ops import Array
from .program import Program
from .stack import Place, Stack

Weights = Mapping[Place, Mapping[str, Array]]
"""The weights of every cell of a stack."""

Order = Literal["C", "F"]
"""The order of an array in memory: by rows, or by columns."""


def make_weights(
    program: Program, sizes: Sizes, seed: int, dtype: DTypeLike = np.float32, scope: str = "", order: Order = "F"
) -> dict[str, Array]:
    """Every weight of a cell, biases too, uniform between -1/√num_units and 1/√num_units: PyTorch's rule.

    A kernel is filled row by row, so its rows of h do not change with ``features``, and nothing changes with
    ``batch_size`` or ``time_step``. By default it is stored by columns, in the order in which a run reads it.
    ``scope`` is a prefix that gives the cells of a stack different weights.
    """
    bound = 1 / sqrt(sizes["num_units"])
    return {t.id: uniform(scope + t.id, seed, t.shape(sizes), bound, dtype, order) for t in program.weights}


def stack_weights(
    stack: Stack, seed: int, dtype: DTypeLike = np.float32, order: Order = "F"
) -> dict[Place, dict[str, Array]]:
    """The weights of every cell of a stack. Those of the lowest forward cell do not depend on the number of cells."""
    return {
        (layer, direction): make_weights(stack.program(layer), stack.sizes, seed, dtype, scope(layer, direction), order)
        for layer, direction in stack.places
    }


def scope(layer: int, direction: str) -> str:
    """The prefix of the weights of one place; empty for the lowest forward cell."""
    return f"{direction}_{layer}." if (layer, direction) != (0, "forward") else ""


def uniform(id: str, seed: int, shape: tuple[int, ...], bound: float, dtype: DTypeLike, order: Order = "C") -> Array:
    """Numbers in [-bound, bound) from the stream of one tensor, row by row. ``order`` is that of the memory."""
    numbers, width = np.empty(shape, dtype, order), prod(shape[1:])
    step = max(1, CHUNK // width)
    chunks = _chunks(id, seed, numbers.size, step * width)
    for start, chunk in zip(range(0, len(numbers), step), chunks, strict=True):
        rows = numbers[start : start + step]
        rows[...] = (chunk * bound).astype(dtype).reshape(rows.shape)  # cast first: the other order is a quarter slower
    return numbers


CHUNK = 2**15
"""About how many numbers are computed at a time, so that intermediate arrays stay small."""

MOST_CACHED = 2**20
"""The maximum length of a cached stream. A number of a stream has 8 bytes."""

EMPTY = 100
"""The size of a stream without numbers, in numbers."""


class _Stream:
    """The numbers of one tensor in [-1, 1), as far as they were needed: a larger tensor begins with the same ones."""

    def __init__(self, id: str, seed: int) -> None:
        self._generator = np.random.PCG64(np.random.SeedSequence([seed, *id.encode()]))
        self._first = np.empty(0)
        self._lock = Lock()

    @property
    def size(self) -> int:
        return EMPTY + len(self._first)

    def first(self, count: int) -> Array:
        """The first numbers of the stream, cached."""
        with self._lock:
            if count > len(self._first):
                self._first = np.concatenate([self._first, self.following(count - len(self._first))])
            return self._first[:count]

    def following(self, count: int) -> Array:
        """The next numbers of the stream."""
        raw = self._generator.random_raw(count)
        raw >>= np.uint64(11)
        numbers = raw.astype(np.float64)  # below 2⁵³: exact, like the next two lines
        numbers -= 2.0**52
        numbers *= 2.0**-52
        return numbers


_streams = GrowingCache[tuple[str, int], _Stream](2 * MOST_CACHED, lambda key: _Stream(*key))


def _chunks(id: str, seed: int, count: int, step: int) -> Iterator[Array]:
    """The first numbers of a stream, at most ``step`` at a time."""
    if count > MOST_CACHED:
        stream = _Stream(id, seed)
        yield from (stream.following(min(step, count - start)) for start in range(0, count, step))
    else:
        with _streams.using((id, seed)) as stream:
            numbers = stream.first(count)
        yield from (numbers[start : start + step] for start in range(0, count, step))
