"""Weights from a seed: bit for bit the same on every machine and with every version of NumPy.

It uses only what NumPy guarantees not to change: the raw stream of PCG64, one stream for each tensor. The upper 53 bits
become doubles without rounding. One multiplication follows, in a call of its own, so that no compiler can fuse it with
another operation, and then the cast.
"""

from collections.abc import Mapping
from math import prod, sqrt
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

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
    stream = np.random.PCG64(np.random.SeedSequence([seed, *id.encode()]))
    numbers, width = np.empty(shape, dtype, order), prod(shape[1:])
    step = max(1, CHUNK // width)
    for start in range(0, len(numbers), step):
        rows = numbers[start : start + step]
        raw = stream.random_raw(rows.size)
        raw >>= np.uint64(11)
        chunk = raw.astype(np.float64)  # below 2⁵³: exact, like the next two lines
        chunk -= 2.0**52
        chunk *= 2.0**-52
        chunk *= bound
        rows[...] = chunk.astype(dtype).reshape(rows.shape)  # cast first: the other order is a quarter slower
    return numbers


CHUNK = 2**15
"""About how many numbers are computed at a time, so that intermediate arrays stay small."""
