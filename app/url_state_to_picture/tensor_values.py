"""The values of a tensor: one page of them, and time series of some."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..core.axes import BATCH_SIZE, TIME_STEP, Axis
from ..core.ops import Array
from ..core.program import Program, Tensor
from ..core.trace import StackTrace
from ..diagram.charts.downsampling import downsampled, stretch_of
from ..diagram.charts.plotly_values_figure import MapAxis, TimeSeries, ValueGrid
from ..teaching.around_picture.why_this_shape import gates_of
from ..url_state.combinations_of_fields import grid_axes, grid_shape
from ..url_state.url_state import UrlState

NO_AXIS = Axis(())
"""The axis of a number."""

ROWS, COLUMNS = 24, 48
"""The largest numbers of rows and columns of a page."""

MAX_SERIES = 6
"""The largest number of time series."""


def grid_of(state: UrlState, t: Tensor, trace: StackTrace) -> ValueGrid:
    """The page of values that the UrlState shows: those of one sample of a tensor with more than two axes."""
    values = grid_values(state, t, trace)
    *others, _ = grid_axes(t) or (NO_AXIS,)
    total = grid_shape(state.values | {"tensor": t.id})
    page = np.atleast_2d(values)[state.row : state.row + ROWS, state.column : state.column + COLUMNS]

    def map_axis(n: int, first: int, total: int) -> MapAxis:
        outer = tuple(others[:-1]) if n == -2 else ()
        is_plain = t.axes and not outer  # else its indices are those of several axes
        return MapAxis(
            t.axes[n] if t.axes else NO_AXIS,
            first,
            total,
            focused_indices(state, t, n) if is_plain else (),
            part_names(state.program, t, n) if is_plain else (),
            state.size_notation,
            outer,
        )

    rows = map_axis(-2, state.row, total[0]) if others else None
    return ValueGrid(page, rows, map_axis(-1, state.column, total[1]), trace.extent(t.id, state.place) or 1.0)


def grid_values(state: UrlState, t: Tensor, trace: StackTrace) -> Array:
    """The values of a tensor at the step in focus in rows and columns; see ``grid_axes``."""
    values = trace.array(t.id, state.place, state.t)
    if len(grid_axes(t)) < len(t.axes):
        values = values[state.followed or 0]
    return values.reshape(-1, values.shape[-1]) if values.ndim > 2 else np.atleast_1d(values)


def navigation_fields(state: UrlState, t: Tensor) -> list[str]:
    """The fields that select other values of the tensor: step, sample and unit, if the tensor has them. An assignment
    may lock the step."""
    applies = {
        "t": (t.per_step or TIME_STEP in t.axes) and "t" not in state.locked,
        "sample": BATCH_SIZE in t.axes,
        "unit": any(any(state.program.of_units(t, -n)) for n in (1, 2) if n <= len(t.axes)),
    }
    return [name for name, has in applies.items() if has]


def focused_indices(state: UrlState, t: Tensor, n: int) -> tuple[int, ...]:
    """The indices along a tensor's axis that are in focus: the sample, the unit in each of its blocks, or the step."""
    axis = t.axes[n]
    if axis == BATCH_SIZE:
        return () if state.followed is None else (state.followed,)
    if axis == TIME_STEP:
        return (state.t,)
    return () if state.unit is None else tuple(begin + state.unit for begin, _ in _blocks(state, t, n))


def part_names(program: Program, t: Tensor, n: int) -> tuple[str, ...]:
    """The names of the parts of a tensor's axis: gates, or h and x if they are concatenated."""
    if t.role == "weight":
        product = program.by_id[program.used_by[t.id][0]]
        names = part_names(program, program.by_id[product.inputs[0]] if n == -2 else product, -1)
        return names if len(names) == sum(times for times, _ in t.axes[n].terms) else ()
    if n == -1 and t.op == "concat":
        inputs = [program.by_id[id] for id in t.inputs]
        return tuple(i.id.partition("_")[0] for i in inputs for times, _ in i.axes[-1].terms for _ in range(times))
    return tuple(gates_of(program, t)) if n == -1 else ()


def _blocks(state: UrlState, t: Tensor, n: int = -1) -> list[tuple[int, int]]:
    """The blocks of units along a tensor's axis, each as its begin and end: one for each gate, or h."""
    if not t.axes:
        return []
    parts = zip(t.axes[n].parts(state.sizes), state.program.of_units(t, n), strict=True)
    return [(begin, end) for (_, begin, end), is_of_units in parts if is_of_units]


def units_of_columns(state: UrlState, t: Tensor, columns: range) -> list[int | None]:
    """The unit of each of a tensor's columns, or None."""
    blocks = _blocks(state, t)
    return [next((k - begin for begin, end in blocks if begin <= k < end), None) for k in columns]


def time_series_of(state: UrlState, t: Tensor, trace: StackTrace) -> Iterator[TimeSeries]:
    """The time series of the values that are followed, downsampled."""
    for name, values in followed_values(state, t, trace):
        points = [point for piece in downsampled(values, stretch_of(state.time_step)) for point in piece]
        yield TimeSeries(name, [step for step, _ in points], [value for _, value in points])


def followed_values(state: UrlState, t: Tensor, trace: StackTrace) -> Iterator[tuple[str, Sequence[float]]]:
    """Each value that is followed, as its name and its value at every step."""
    if positions := series_positions(state, t):
        steps = trace.over_time(t.id, state.place)
        for b, k in positions:
            yield f"{t.id}[{b}, {k}]", steps[:, b, k].tolist()


def series_positions(state: UrlState, t: Tensor) -> list[tuple[int, int]]:
    """The row and column of each value that is followed over time: those of the unit in focus, of its sample or else of
    the first few. None without a unit, or if the tensor has no units or is not computed at each step."""
    columns = focused_indices(state, t, -1) if t.per_step and len(t.axes) == 2 else ()
    if not columns or state.followed is not None:
        return [(state.followed or 0, k) for k in columns[:MAX_SERIES]]
    return [(b, columns[0]) for b in range(min(MAX_SERIES, state.batch_size))]


def describe(state: UrlState, t: Tensor, grid: ValueGrid) -> dict[str, Any]:
    """What scripts need to know of a page of values: its tensor and axes; the largest numbers of rows and columns; the
    fields that select other values; the unit of each column."""
    return {
        "tensor": t.id,
        "rows": grid.rows.name if grid.rows and grid.rows.outer else str(grid.rows.axis) if grid.rows else None,
        "columns": str(grid.columns.axis),
        "most": (ROWS, COLUMNS),
        "moves": navigation_fields(state, t),
        "units": units_of_columns(state, t, range(state.column, state.column + grid.values.shape[1])),
    }
