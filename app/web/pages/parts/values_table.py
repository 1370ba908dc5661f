"""The values of the selected tensor in words and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from ....core.axes import Sizes
from ....core.program import Tensor
from ....core.trace import StackTrace
from ....diagram.charts.downsampling import stretch_of
from ....diagram.charts.plotly_values_figure import MapAxis
from ....translations.phrases import joined_with_commas, phrase
from ....translations.translator import Translator
from ....url_state.url_state import UrlState
from ....url_state_to_picture.tensor_values import (
    COLUMNS,
    ROWS,
    followed_values,
    grid_of,
    grid_values,
    navigation_fields,
    series_positions,
)
from .formatting import colour, decimal, measured
from .pager import SIZES, Pager, pager
from .values_map import ValuesMap, lines_over_time, values_map

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
    """The values of the page as a map, the first of them as a table, the range of all, and links to other values.
    ``sample``: the sample that they are of, if the tensor has all steps; ``chart``: the lines over time, if a unit is
    followed; ``keys`` and ``lines``: the keyboard and the lines, in words; ``followed``: the name and the number of the
    one value that is followed; ``can_follow``: whether its values can be."""

    map: ValuesMap
    chart: Markup | None
    table: list[list[str]]
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
    followed: tuple[str, str] | None
    can_follow: bool
    parts: list[Part]
    pagers: list[Pager]


def values(state: UrlState, t: Tensor, trace: StackTrace, translate: Translator) -> Values:
    """The values of a tensor at the focused step."""
    grid = grid_of(state, t, trace)
    numbers = grid_values(state, t, trace)
    shown = grid.values[:SAMPLE_ROWS, :SAMPLE_COLUMNS]
    moved = navigation_fields(state, t)
    return Values(
        map=values_map(state, t, grid),
        chart=lines_over_time(state, t, trace, translate),
        table=[[decimal(value, 2) for value in line] for line in shown.tolist()],
        down=table_side(grid.rows, state.sizes) if grid.rows else None,
        across=table_side(grid.columns, state.sizes),
        is_excerpt=shown.size < numbers.size,
        low=measured(float(numbers.min())),
        high=measured(float(numbers.max())),
        mean=measured(float(numbers.mean(dtype=np.float64))),
        scale=measured(grid.scale),
        sample=state.followed or 0 if len(t.axes) > 2 else None,
        keys=keys_in_words(moved),
        lines=lines_in_words(state, t),
        followed=followed(state, t, trace),
        can_follow=t.per_step and "unit" in moved,
        parts=[*_part(state, t, "row", grid.rows, ROWS), *_part(state, t, "column", grid.columns, COLUMNS)],
        pagers=[pager(state, name, t) for name in SIZES if name in moved],
    )


def table_side(side: MapAxis, sizes: Sizes) -> TableSide:
    return TableSide(side.first, colour(side.axis, sizes), side.name.replace("*", "·"))


def _part(state: UrlState, t: Tensor, field: str, side: MapAxis | None, most: int) -> Iterator[Part]:
    if side and side.total > most:
        before, after = max(0, side.first - most), side.first + most
        yield Part(
            name=SIDES[field],
            first=side.first,
            last=min(after, side.total) - 1,
            total=side.total,
            before=state.query(tensor=t.id, **{field: before}) if side.first else None,
            after=state.query(tensor=t.id, **{field: after}) if after < side.total else None,
        )


def keys_in_words(moves: list[str]) -> str:
    """The keys that move through the heatmap."""
    return joined_with_commas(KEYS[name] for name in moves) if moves else ""


KEYS = {"t": phrase("← → step"), "sample": phrase("↑ ↓ sample"), "unit": phrase("Shift+← → unit")}
"""The keys, by the field that they change."""


def followed(state: UrlState, t: Tensor, trace: StackTrace) -> tuple[str, str] | None:
    """The name and the value of the one value that is followed, at the focused step."""
    if len(series_positions(state, t)) != 1:
        return None
    ((name, series),) = followed_values(state, t, trace)
    return name, measured(series[state.t])


def lines_in_words(state: UrlState, t: Tensor) -> str:
    """The values that the lines follow, and how the lines are downsampled if there are many steps. Nothing without
    lines."""
    if not (positions := series_positions(state, t)):
        return ""
    rows, columns = (sorted({*indices}) for indices in zip(*positions, strict=True))
    stretch, where = stretch_of(state.time_step), {"rows": _listed(rows), "columns": _listed(columns)}
    lines = phrase("Lines: row {rows}, column {columns}, at every step.", **where)
    if len(positions) == 1:
        lines = phrase("Line: row {rows}, column {columns}, at every step.", **where)
    if stretch == 1:
        return lines
    return phrase("{lines} Only the minimum and maximum of every {n:,} steps are drawn.", lines=lines, n=stretch)


def _listed(indices: list[int]) -> str:
    """``3``, ``0…5``, ``3, 8, 13, 18``."""
    if len(indices) > 2 and indices == list(range(indices[0], indices[-1] + 1)):
        return f"{indices[0]}…{indices[-1]}"
    return ", ".join(map(str, indices))
