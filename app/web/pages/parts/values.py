"""The values of the selected tensor in words and as a table."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.program import Tensor
from app.core.trace import StackTrace
from app.diagram.charts.downsampling import stretch_of
from app.diagram.charts.heatmap import DASHES, MapAxis
from app.query.values import COLUMNS, ROWS, followed_numbers, moves, sheet_of, sheet_values
from app.query.view import View
from app.translations.phrases import CommaSeparated, phrase
from app.web.pages.parts.formatting import colour, decimal, measured, tint


def numbers(view: View, t: Tensor, trace: StackTrace) -> dict[str, Any]:
    """The first numbers of the page as a table, what is said of them, and what else can be looked at."""
    sheet = sheet_of(view, t, trace)
    values = sheet_values(view, t, trace)
    shown = sheet.values[:SAMPLE_ROWS, :SAMPLE_COLUMNS]
    return {
        "table": [[(decimal(value, 2), tint(value / sheet.scale)) for value in line] for line in shown.tolist()],
        "down": sheet.rows and {"first": sheet.rows.first, "colour": colour(sheet.rows.axis), "name": sheet.rows.name},
        "across": {"first": sheet.columns.first, "colour": colour(sheet.columns.axis), "name": sheet.columns.name},
        "some": shown.size < values.size,
        "from": measured(float(values.min())),
        "to": measured(float(values.max())),
        "mean": measured(float(values.mean(dtype=np.float64))),
        "scale": measured(sheet.scale),
        "of": view.sample or 0 if len(t.axes) > 2 else None,
        "keys": keys_in_words(moves(view, t)),
        "lines": lines_in_words(view, t) if t.per_step else "",
        "legend": list(legend(view, t)) if t.per_step else [],
        "pages": [*_turned(view, t, "row", sheet.rows, ROWS), *_turned(view, t, "column", sheet.columns, COLUMNS)],
    }


SAMPLE_ROWS, SAMPLE_COLUMNS = 4, 5

SIDES = {"row": phrase("rows"), "column": phrase("columns")}


def _turned(view: View, t: Tensor, field: str, side: MapAxis | None, most: int) -> Iterator[dict[str, Any]]:
    """Of a side that is longer than a page: which part is shown, with the links to the ones before and after it."""
    if side and side.total > most:
        before, after = max(0, side.first - most), side.first + most
        yield {
            "name": SIDES[field],
            "first": side.first,
            "last": min(after, side.total) - 1,
            "total": side.total,
            "before": view.query(tensor=t.id, **{field: before}) if side.first else None,
            "after": view.query(tensor=t.id, **{field: after}) if after < side.total else None,
        }


def keys_in_words(moves: list[str]) -> str:
    """Which keys move through the map."""
    return phrase("{keys}", keys=CommaSeparated(KEYS[name] for name in moves)) if moves else ""


KEYS = {"t": phrase("← → step"), "sample": phrase("↑ ↓ sample"), "unit": phrase("with shift ← → unit")}
"""By what is moved through."""


def legend(view: View, t: Tensor) -> Iterator[tuple[str, str]]:
    """How each of several lines is dashed, and which number it follows."""
    if len(followed := followed_numbers(view, t)) > 1:
        for (b, k), dash in zip(followed, [*DASHES.values()][: len(followed)], strict=True):
            yield dash, f"[{b}, {k}]"


def lines_in_words(view: View, t: Tensor) -> str:
    """Which numbers the lines follow, and how they are made short where there are many steps."""
    rows, columns = (sorted({*indices}) for indices in zip(*followed_numbers(view, t), strict=True))
    stretch, where = stretch_of(view.time_step), {"rows": _listed(rows), "columns": _listed(columns)}
    said = phrase("The lines follow row {rows}, column {columns} over all steps.", **where)
    if len(rows) * len(columns) == 1:
        said = phrase("The line follows row {rows}, column {columns} over all steps.", **where)
    if stretch == 1:
        return said
    return phrase("{lines} Of every {n:,} steps the lowest and the highest.", lines=said, n=stretch)


def _listed(indices: list[int]) -> str:
    """``3``, ``0…5``, ``3, 8, 13, 18``."""
    if len(indices) > 2 and indices == list(range(indices[0], indices[-1] + 1)):
        return f"{indices[0]}…{indices[-1]}"
    return ", ".join(map(str, indices))
