"""The training: what each num_units learns and costs, or the epochs of one training and what the network believes."""

from ...elements import Heading, Picture
from ...scene import Scene
from ...transforms.geometry import scaled
from ..training.accuracy_by_num_units import accuracy_by_num_units
from ..training.beliefs import beliefs
from ..training.loss_and_accuracy_by_epoch import loss_by_epoch
from .sizes_by_format import TRAINING

BETWEEN, TITLE = 34.0, 16.0
"""Between the epochs and what the network believes, with a title; the size of that. In units."""


def training(scene: Scene) -> Picture:
    """Draw the training of a scene; without one the learning curve."""
    shown = scene.training
    if not shown.course:
        return accuracy_by_num_units(scene, shown)
    epochs = loss_by_epoch(shown.course, shown.measure, scene.format)
    if not shown.beliefs:
        return epochs
    believed = beliefs(shown.beliefs, scene.format, scene.notation)
    unit = TRAINING[scene.format].unit
    y = beliefs_top(epochs, scene.format)
    title = Heading(2, title_height(epochs, scene.format), believed.title, TITLE * unit, font="serif", anchor="start")
    moved = (scaled(shape, 1, 0, y) for shape in believed.shapes)
    return Picture(epochs.width, y + believed.height, (*epochs.shapes, title, *moved), epochs.title, unit)


def title_height(epochs: Picture, format: str) -> float:
    """Where the title is of what a network believes, below its epochs."""
    return epochs.height + (BETWEEN - 14) * TRAINING[format].unit


def beliefs_top(epochs: Picture, format: str) -> float:
    """Where the picture begins of what a network believes, below its epochs."""
    return epochs.height + BETWEEN * TRAINING[format].unit
