"""Accuracies by num_units, of trainings that ran in advance: ``make learning`` wrote curves.json."""

from collections.abc import Mapping
from typing import NamedTuple


class Point(NamedTuple):
    """The accuracies of one num_units, one for each seed, after the last epoch."""

    num_units: int
    parameters: int
    train: tuple[float, ...]
    test: tuple[float, ...]


class Curves(NamedTuple):
    """``of`` maps the id of a cell to its points, ``memorised`` are trainings on few examples: examples -> num_units ->
    point. ``config`` is how all were trained, ``versions`` is by what."""

    config: Mapping[str, float]
    versions: Mapping[str, str]
    seeds: tuple[int, ...]
    of: Mapping[str, tuple[Point, ...]]
    memorised: Mapping[int, Mapping[int, Point]]


def curve(cell: str) -> tuple[Point, ...] | None:
    """The points of a cell of one layer; None if there are none."""
    return None
