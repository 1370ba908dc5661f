"""The values of the selected tensor in words and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ....core.program import Tensor
from ....core.trace import StackTrace
from ....diagram.charts.downsampling import stretch_of
from ....diagram.charts.heatmap import DASHES, MapAxis
from ....query.values import COLUMNS, ROWS, grid_of, grid_values, navigation_fields, series_positions
from ....query.view import View
from ....translations.phrases import CommaSeparated, phrase
from .formatting import colour, decimal, measured, tint
from .pager import SIZES, Pager, pager

SAMPLE_ROWS, SAMPLE_COLUMNS = 4, 5
"""The maximum numbers of rows and columns in the table."""

SIDES = {"row": phrase("rows"), "column": phrase("columns")}


class TableSide(NamedTuple):
    """A side of the table: the index of its first row or column, and the colour and name of its axis."""

    first: int
    colour: str
    name: str


class Part(NamedTuple):
    """The part of a long side that is shown, with the queries of the previous and the next part."""

    name: str
    first: int
    last: int
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Values:
    """The first values of the page, each with its tint, the range of all, and links to other values. ``sample``: the
    sample that they are of, if the tensor has all steps; ``keys`` and ``lines``: the keyboard and the lines over time,
    in words."""

    table: list[list[tuple[str, str]]]
    down: TableSide | None
    across: TableSide
    is_excerpt: bool
    low: str
    high: str
    mean: str
    scale: str
    sample: int | None
    keys: str
    lines: str
    legend: list[tuple[str, str]]
    parts: list[Part]
    pagers: list[Pager]


def values(view: View, t: Tensor, trace: StackTrace) -> Values:
    """The values of a tensor at the focused step."""
    grid = grid_of(view, t, trace)
    numbers = grid_values(view, t, trace)
    shown = grid.values[:SAMPLE_ROWS, :SAMPLE_COLUMNS]
    moved = navigation_fields(view, t)
    return Values(
        table=[[(decimal(value, 2), tint(value / grid.scale)) for value in line] for line in shown.tolist()],
        down=table_side(grid.rows) if grid.rows else None,
        across=table_side(grid.columns),
        is_excerpt=shown.size < numbers.size,
        low=measured(float(numbers.min())),
        high=measured(float(numbers.max())),
        mean=measured(float(numbers.mean(dtype=np.float64))),
        scale=measured(grid.scale),
        sample=view.sample or 0 if len(t.axes) > 2 else None,
        keys=keys_in_words(moved),
        lines=lines_in_words(view, t) if t.per_step else "",
        legend=list(legend(view, t)) if t.per_step else [],
        parts=[*_part(view, t, "row", grid.rows, ROWS), *_part(view, t, "column", grid.columns, COLUMNS)],
        pagers=[pager(view, name, t) for name in SIZES if name in moved],
    )


def table_side(side: MapAxis) -> TableSide:
    return TableSide(side.first, colour(side.axis), side.name)


def _part(view: View, t: Tensor, field: str, side: MapAxis | None, most: int) -> Iterator[Part]:
    if side and side.total > most:
        before, after = max(0, side.first - most), side.first + most
        yield Part(
            name=SIDES[field],
            first=side.first,
            last=min(after, side.total) - 1,
            total=side.total,
            before=view.query(tensor=t.id, **{field: before}) if side.first else None,
            after=view.query(tensor=t.id, **{field: after}) if after < side.total else None,
        )


def keys_in_words(moves: list[str]) -> str:
    """The keys that move through the heatmap."""
    return phrase("{keys}", keys=CommaSeparated(KEYS[name] for name in moves)) if moves else ""


KEYS = {"t": phrase("← → step"), "sample": phrase("↑ ↓ sample"), "unit": phrase("with shift ← → unit")}
"""The keys, by the field that they change."""


def legend(view: View, t: Tensor) -> Iterator[tuple[str, str]]:
    """The dash pattern of each of several lines, and the index of the value that it follows."""
    if len(followed := series_positions(view, t)) > 1:
        for (b, k), dash in zip(followed, [*DASHES.values()][: len(followed)], strict=True):
            yield dash, f"[{b}, {k}]"


def lines_in_words(view: View, t: Tensor) -> str:
    """The values that the lines follow, and how the lines are downsampled if there are many steps."""
    rows, columns = (sorted({*indices}) for indices in zip(*series_positions(view, t), strict=True))
    stretch, where = stretch_of(view.time_step), {"rows": _listed(rows), "columns": _listed(columns)}
    lines = phrase("The lines follow row {rows}, column {columns} over all steps.", **where)
    if len(rows) * len(columns) == 1:
        lines = phrase("The line follows row {rows}, column {columns} over all steps.", **where)
    if stretch == 1:
        return lines
    return phrase("{lines} Of every {n:,} steps the lowest and the highest.", lines=lines, n=stretch)


def _listed(indices: list[int]) -> str:
    """``3``, ``0…5``, ``3, 8, 13, 18``."""
    if len(indices) > 2 and indices == list(range(indices[0], indices[-1] + 1)):
        return f"{indices[0]}…{indices[-1]}"
    return ", ".join(map(str, indices))
