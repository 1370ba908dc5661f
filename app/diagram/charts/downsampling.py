"""A long series as few points, no more than a line can show."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from ...core.ops import Array

MOST = 400
"""The largest number of points of a line."""

Pieces = list[list[tuple[int, float]]]
"""Steps with their values, in pieces: a line has gaps where values are missing."""


def stretch_of(steps: int) -> int:
    """The number of steps that are drawn as one pair of a minimum and a maximum; 1 if there is room for all steps."""
    return 1 if steps <= MOST else ceil(2 * steps / MOST)


def downsampled(values: Sequence[float] | Array, stretch: int, log: bool = False) -> Pieces:
    """The minimum and the maximum of each stretch of steps. Values that are not finite, or on a logarithmic scale not
    positive, are left out."""
    numbers = np.asarray(values, float)
    rows = -(-len(numbers) // stretch)
    padded = np.pad(numbers, (0, rows * stretch - len(numbers)), constant_values=np.nan).reshape(rows, stretch)
    is_valid = np.isfinite(padded) & ((padded > 0) | (not log))
    lowest = np.where(is_valid, padded, np.inf).argmin(1).tolist()
    highest = np.where(is_valid, padded, -np.inf).argmax(1).tolist()
    pieces: Pieces = [[]]
    for row, is_drawn in enumerate(is_valid.any(1).tolist()):
        if is_drawn:
            steps = sorted({row * stretch + lowest[row], row * stretch + highest[row]})
            pieces[-1] += [(step, float(numbers[step])) for step in steps]
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]
