"""Accuracies by num_units, of trainings that ran in advance: ``make curves`` wrote curves.json."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .default_schedule import Schedule

FILE = Path(__file__).with_name("curves.json")


class Point(NamedTuple):
    """The accuracies of one num_units after the last epoch, one for each seed."""

    num_units: int
    parameters: int
    train: tuple[float, ...]
    test: tuple[float, ...]


class Memorised(NamedTuple):
    """Trainings on some of the digits, of more epochs."""

    examples: int
    epochs: int
    point: Point


class Curves(NamedTuple):
    """``of`` maps the id of a cell to its points; ``memorised`` are LSTMs that were trained on fewer digits, and beside
    them the same on all. ``schedule`` is how all were trained, ``versions`` with which software."""

    schedule: Schedule
    versions: Mapping[str, str]
    seeds: tuple[int, ...]
    of: Mapping[str, tuple[Point, ...]]
    memorised: tuple[Memorised, ...]


@cache
def curves() -> Curves:
    file = json.loads(FILE.read_text("utf-8"))
    return Curves(
        Schedule(**file["schedule"]),
        file["versions"],
        tuple(file["seeds"]),
        {cell: tuple(map(_point, points)) for cell, points in file["curves"].items()},
        tuple(Memorised(run["examples"], run["epochs"], _point(run)) for run in file["memorised"]),
    )


def curve(cell: str) -> tuple[Point, ...] | None:
    """The points of a cell of one layer and direction, by its id; None if there are none."""
    return curves().of.get(cell)


def _point(row: Mapping[str, Any]) -> Point:
    return Point(row["num_units"], row["parameters"], tuple(row["train"]), tuple(row["test"]))
