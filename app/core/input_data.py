"""The input X, batch_size × time_step × features: random numbers, one-hot rows, windows of a wave, or a digit.

All are stored in memory as time_step × features × batch_size.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from .axes import Sizes
from .ops import Array
from .seeded_weights import uniform

PERIOD = 12
"""The period of the wave, in steps."""

SIDE = 28
"""The number of rows, and of columns, of the digit."""

STROKE = ((8.0, 9.0), (10.0, 6.0), (14.0, 5.0), (18.0, 6.5), (19.5, 10.0), (17.0, 14.5), (12.0, 18.5), (8.0, 22.0))
BASE = ((8.0, 22.0), (20.5, 22.0))
"""The digit 2 as lines from point to point, in pixels, with x to the right and y down."""


def make_input(sizes: Sizes, seed: int, dtype: DTypeLike = np.float32) -> Array:
    """Random numbers, uniform between -1 and 1, drawn in the order of memory.

    So a longer run begins with the same numbers as a shorter one.
    """
    shape = sizes["time_step"], sizes["features"], sizes["batch_size"]
    return uniform("X", seed, shape, 1.0, dtype).transpose(2, 0, 1)


def one_hot(indices: Sequence[Sequence[int]], features: int, dtype: DTypeLike = np.float32) -> Array:
    """A 1 at the index of each row and step, 0 elsewhere. ``indices`` is batch_size × time_step."""
    rows = np.asarray(indices)
    batch_size, time_step = rows.shape
    X = np.zeros((time_step, features, batch_size), dtype)
    steps, samples = np.meshgrid(np.arange(time_step), np.arange(batch_size), indexing="ij")
    X[steps, rows.T, samples] = 1
    return X.transpose(2, 0, 1)


def wave(sizes: Sizes, dtype: DTypeLike = np.float32) -> Array:
    """Windows of a sine wave, each time_step long: sequence b begins one step after sequence b − 1."""
    steps = np.arange(sizes["time_step"])[:, None, None] + np.arange(sizes["batch_size"])[None, None, :]
    return height(steps).astype(dtype).transpose(2, 0, 1)


def height(step: Array) -> Array:
    """The height of the wave at a step."""
    value: Array = np.sin(2 * np.pi * step / PERIOD)
    return value


def digit(sizes: Sizes, dtype: DTypeLike = np.float32) -> Array:
    """The digit 2 as 28 × 28 pixels between 0 and 1: a row of pixels at each step, from the top down. In each
    further sequence it is shifted one more pixel to the right."""
    image = np.clip(2.2 - np.minimum(_distances(STROKE), _distances(BASE)), 0, 1).astype(dtype)
    images = [np.roll(image, b % SIDE, axis=1) for b in range(sizes["batch_size"])]
    return np.stack(images, axis=-1).transpose(2, 0, 1)


def _distances(points: Sequence[tuple[float, float]]) -> Array:
    """The distance of every pixel from the nearest of the line segments between the points."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(float)
    every = []
    for (x0, y0), (x1, y1) in pairwise(points):
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
        s = np.clip(along, 0, 1)
        every.append(np.hypot(x - x0 - s * (x1 - x0), y - y0 - s * (y1 - y0)))
    nearest: Array = np.minimum.reduce(every)
    return nearest
