"""A long series as few points: as many as a line can show."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from ...core.ops import Array

MOST = 400
"""The largest number of points of a line."""

Pieces = list[list[tuple[int, float]]]
"""Steps with their values, in pieces: a line has gaps where values are missing."""


def stretch_of(steps: int) -> int:
    """How many steps are drawn as their lowest and their highest value; 1 if there is room for all."""
    return 1 if steps <= MOST else ceil(2 * steps / MOST)


def downsampled(values: Sequence[float] | Array, stretch: int, log: bool = False) -> Pieces:
    """The lowest and the highest value of each stretch, of finite values and, on a logarithmic scale, positive ones."""
    numbers = np.asarray(values, float)
    rows = -(-len(numbers) // stretch)
    whole = np.pad(numbers, (0, rows * stretch - len(numbers)), constant_values=np.nan).reshape(rows, stretch)
    is_there = np.isfinite(whole) & ((whole > 0) | (not log))
    lowest = np.where(is_there, whole, np.inf).argmin(1).tolist()
    highest = np.where(is_there, whole, -np.inf).argmax(1).tolist()
    found: Pieces = [[]]
    for row, is_drawn in enumerate(is_there.any(1).tolist()):
        if is_drawn:
            steps = sorted({row * stretch + lowest[row], row * stretch + highest[row]})
            found[-1] += [(step, float(numbers[step])) for step in steps]
        else:
            found.append([])
    return [piece for piece in found if piece]
