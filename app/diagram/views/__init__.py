"""The views of a cell, by name."""

from collections.abc import Callable

from ..elements import Picture
from ..scene import Scene
from .batch.batch import batch
from .gradients import gradients, gradients_composition
from .rolled import RolledComposition, rolled
from .training.training import training
from .units.units import units
from .unrolled.unrolled import UnrolledComposition, unrolled, unrolled_composition
from .weights.weights import weights

VIEWS: dict[str, Callable[[Scene], Picture]] = {
    "unrolled": unrolled,
    "rolled": rolled,
    "batch": batch,
    "units": units,
    "weights": weights,
    "gradients": gradients,
    "training": training,
}

COMPOSITIONS: dict[str, Callable[[Scene], UnrolledComposition]] = {
    "unrolled": unrolled_composition,
    "rolled": RolledComposition,
    "gradients": gradients_composition,
}
"""The views whose picture may have the arrays of the run, each before it is drawn: its size is known then."""

STEPPED = ("unrolled", "rolled", "units")
"""The views in which the operations of a step can be stepped through."""
