"""The values of the selected tensor: a page of them, and some of them followed over time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.axes import BATCH_SIZE, TIME_STEP
from app.core.ops import Array
from app.core.program import Program, Tensor
from app.core.stack import StackTrace
from app.diagram.charts.downsampling import stretch_of, thinned
from app.diagram.charts.heatmap import DASHES, Course, Sheet, Side, values_figure
from app.diagram.theme import THEMES
from app.lessons.why import gates_of
from app.query.rules import sheet_shape
from app.query.view import View
from app.translations.phrases import CommaSeparated, phrase
from app.web.pages.parts.formatting import colour, decimal, measured, tint

ROWS, COLUMNS = 24, 48
"""How many numbers a page has at most."""

FOLLOWED = 6
"""How many numbers are followed at most."""


def values_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/values.json: a Plotly figure of the selected tensor's values. What it shows, in words and numbers, is in
    ``layout.meta``; where nothing was executed there is only that."""
    t = view.program.by_id[view.tensor]
    if trace is None:
        return {"data": [], "layout": {"meta": {"tensor": t.id, "executed": False, "reason": reason}}}
    sheet = sheet_of(view, t, trace)
    courses = list(courses_of(view, t, trace))
    figure = values_figure(sheet, courses, view.t if courses else None, view.sizes, THEMES[view.theme])
    figure["layout"]["meta"] = {
        "tensor": t.id,
        "executed": True,
        "query": view.query(),
        "rows": str(sheet.rows.axis) if sheet.rows else None,
        "columns": str(sheet.columns.axis),
        "most": (ROWS, COLUMNS),
        "moves": moves(view, t),
        "units": _units(view, t, range(view.column, view.column + sheet.values.shape[1])),
        "scale": sheet.scale,
    }
    return figure


def sheet_of(view: View, t: Tensor, trace: StackTrace) -> Sheet:
    """The page that the View asks for; of what has all steps, that of one sequence."""
    values = sheet_values(view, t, trace)
    *others, _ = t.axes
    total = sheet_shape(vars(view) | {"tensor": t.id})
    page = np.atleast_2d(values)[view.row : view.row + ROWS, view.column : view.column + COLUMNS]

    def side(n: int, first: int, total: int) -> Side:
        return Side(t.axes[n], first, total, marked(view, t, n), parts(view.program, t, n), view.calls)

    rows = side(-2, view.row, total[0]) if others else None
    return Sheet(page, rows, side(-1, view.column, total[1]), trace.extent(t.id, view.place) or 1.0)


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


def _turned(view: View, t: Tensor, field: str, side: Side | None, most: int) -> Iterator[dict[str, Any]]:
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


def moves(view: View, t: Tensor) -> list[str]:
    """What of the values can be moved through: steps, sequences, units, where the tensor has them."""
    has = {
        "t": t.per_step or TIME_STEP in t.axes,
        "sample": BATCH_SIZE in t.axes,
        "unit": any(any(view.program.of_units(t, -n)) for n in (1, 2) if n <= len(t.axes)),
    }
    return [name for name, there in has.items() if there]


def keys_in_words(moves: list[str]) -> str:
    """Which keys move through the map."""
    return phrase("{keys}", keys=CommaSeparated(KEYS[name] for name in moves)) if moves else ""


KEYS = {"t": phrase("← → step"), "sample": phrase("↑ ↓ sample"), "unit": phrase("with shift ← → unit")}
"""By what is moved through."""


def sheet_values(view: View, t: Tensor, trace: StackTrace) -> Array:
    """The values of a tensor at the step in focus; of what has all steps, those of the sequence that is followed."""
    values = trace.array(t.id, view.place, view.t)
    return values[view.sample or 0] if values.ndim > 2 else values


def marked(view: View, t: Tensor, n: int) -> tuple[int, ...]:
    """The indices of a tensor's axis that belong to what is followed: a sequence, a unit in each of its places, a
    step."""
    axis = t.axes[n]
    if axis == BATCH_SIZE:
        return () if view.sample is None else (view.sample,)
    if axis == TIME_STEP:
        return (view.t,)
    return () if view.unit is None else tuple(begin + view.unit for begin, _ in _blocks(view, t, n))


def parts(program: Program, t: Tensor, n: int) -> tuple[str, ...]:
    """What the parts of a tensor's axis are called: the gates, or h and x where these stand side by side."""
    if t.role == "weight":
        product = program.by_id[program.used_by[t.id][0]]
        return parts(program, program.by_id[product.inputs[0]] if n == -2 else product, -1)
    if n == -1 and t.op == "concat":
        beside = [program.by_id[id] for id in t.inputs]
        return tuple(b.id.partition("_")[0] for b in beside for times, _ in b.axes[-1].terms for _ in range(times))
    return tuple(gates_of(program, t)) if n == -1 else ()


def _blocks(view: View, t: Tensor, n: int = -1) -> list[tuple[int, int]]:
    """Where the units lie along a tensor's axis, all of them from a begin to an end: in each gate's block, or in the
    part that is h."""
    parts = zip(t.axes[n].parts(view.sizes), view.program.of_units(t, n), strict=True)
    return [(begin, end) for (_, begin, end), is_of_units in parts if is_of_units]


def _units(view: View, t: Tensor, columns: range) -> list[int | None]:
    """The unit to which each of a tensor's columns belongs, if it does."""
    blocks = _blocks(view, t)
    return [next((k - begin for begin, end in blocks if begin <= k < end), None) for k in columns]


def courses_of(view: View, t: Tensor, trace: StackTrace) -> Iterator[Course]:
    """The numbers that are followed, at every step of time; of a tensor without steps none."""
    if t.per_step:
        course, stretch = trace.course(t.id, view.place), stretch_of(view.time_step)
        for b, k in chosen(view, t):
            points = [point for piece in thinned(course[:, b, k], stretch) for point in piece]
            yield Course(f"{t.id}[{b}, {k}]", [step for step, _ in points], [value for _, value in points])


def chosen(view: View, t: Tensor) -> list[tuple[int, int]]:
    """Which numbers of a step's tensor are followed, by row and column: the chosen unit of the chosen sequence; where
    only one of them is chosen, with it the first few of the other."""
    columns = list(marked(view, t, -1))
    if columns and view.sample is None:
        return [(b, columns[0]) for b in range(min(FOLLOWED, view.batch_size))]
    columns = columns or list(range(t.axes[-1].size(view.sizes)))
    return [(view.sample or 0, k) for k in columns[:FOLLOWED]]


def legend(view: View, t: Tensor) -> Iterator[tuple[str, str]]:
    """How each of several lines is dashed, and which number it follows."""
    if len(followed := chosen(view, t)) > 1:
        for (b, k), dash in zip(followed, [*DASHES.values()][: len(followed)], strict=True):
            yield dash, f"[{b}, {k}]"


def lines_in_words(view: View, t: Tensor) -> str:
    """Which numbers the lines follow, and how they are made short where there are many steps."""
    rows, columns = (sorted({*indices}) for indices in zip(*chosen(view, t), strict=True))
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
