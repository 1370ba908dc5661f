"""The views of a cell, by name."""

from collections.abc import Callable

from app.diagram.scene import Scene
from app.diagram.shapes import Picture
from app.diagram.views.batch.batch import batch
from app.diagram.views.gradients import gradients
from app.diagram.views.rolled import rolled
from app.diagram.views.units.units import units
from app.diagram.views.unrolled import picture
from app.diagram.views.weights.weights import weights

VIEWS: dict[str, Callable[[Scene], Picture]] = {
    "unrolled": picture,
    "rolled": rolled,
    "batch": batch,
    "units": units,
    "weights": weights,
    "gradients": gradients,
}

STEPPED = ("unrolled", "rolled", "units")
"""The views in which the operations of a step can be stepped through."""
