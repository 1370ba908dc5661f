"""The views of a cell, by name."""

from collections.abc import Callable

from ..elements import Picture
from ..scene import Scene
from .batch.batch import batch
from .gradients import gradients
from .rolled import rolled
from .units.units import units
from .unrolled import unrolled
from .weights.weights import weights

VIEWS: dict[str, Callable[[Scene], Picture]] = {
    "unrolled": unrolled,
    "rolled": rolled,
    "batch": batch,
    "units": units,
    "weights": weights,
    "gradients": gradients,
}

STEPPED = ("unrolled", "rolled", "units")
"""The views in which the operations of a step can be stepped through."""
