"""Weights and input from a seed: the same to the bit on every machine and with every version of NumPy.

Only what NumPy promises to keep is used: the raw stream of PCG64, one stream for each tensor. Its upper 53 bits become
doubles without rounding; what follows is one multiplication, in a call of its own, so that no compiler can fuse it with
another operation; the cast comes last.
"""

from math import prod, sqrt

import numpy as np
from numpy.typing import DTypeLike

from app.core.axes import Sizes
from app.core.ops import Array
from app.core.program import Program


def make_weights(
    program: Program, sizes: Sizes, seed: int, dtype: DTypeLike = np.float32, scope: str = ""
) -> dict[str, Array]:
    """Every weight, biases too, uniform between -1/√num_units and 1/√num_units: PyTorch's rule.

    A kernel is filled row by row, so its rows of h stay when ``features`` moves; nothing moves with ``batch_size`` or
    ``time_step``. It lies in memory column by column, which is how a run reads it. ``scope`` tells the weights
    of one layer and direction from those of another.
    """
    bound = 1 / sqrt(sizes["num_units"])
    numbers = {t.id: _uniform(scope + t.id, seed, t.shape(sizes), bound, dtype) for t in program.weights}
    return {id: np.asarray(weight, order="F") for id, weight in numbers.items()}


def make_input(sizes: Sizes, seed: int, dtype: DTypeLike = np.float32) -> Array:
    """X, batch_size × time_step × features, uniform between -1 and 1.

    It is filled, and lies in memory, step by step and in a step feature by feature: a longer run begins as the shorter
    one did.
    """
    shape = sizes["time_step"], sizes["features"], sizes["batch_size"]
    return _uniform("X", seed, shape, 1.0, dtype).transpose(2, 0, 1)


def _uniform(id: str, seed: int, shape: tuple[int, ...], bound: float, dtype: DTypeLike) -> Array:
    """Numbers in [-bound, bound) from the stream of a tensor."""
    stream = np.random.PCG64(np.random.SeedSequence([seed, *id.encode()]))
    numbers = np.empty(prod(shape), dtype)
    for start in range(0, len(numbers), CHUNK):
        raw = stream.random_raw(min(CHUNK, len(numbers) - start))
        raw >>= np.uint64(11)
        chunk = raw.astype(np.float64)  # below 2⁵³: exact, as is all up to the bound
        chunk -= 2.0**52
        chunk *= 2.0**-52
        chunk *= bound
        numbers[start : start + CHUNK] = chunk
    return numbers.reshape(shape)


CHUNK = 2**15
"""How many numbers are made at a time: what lies between the stream and the result stays small."""
