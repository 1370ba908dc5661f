"""The values of a tensor as a Plotly figure: a heatmap, and below it some of its numbers over time.

Plotly's keys are here and in plotly.py only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10, prod
from typing import Any

from ...core.axes import TIMES, Axes, Axis, Sizes, shape
from ...core.ops import Array
from ...translations.numbers import grouped
from ..font_families import FONT_FAMILIES
from ..size_notation import OURS, Notation
from ..theme import Theme, axis_role
from .line_chart import DASHES

Figure = dict[str, Any]

WIDTH, LINES = 264, 132
DIGIT, LETTER = 7, 7.3
"""The width of a digit of a tick, and of a letter of a title."""
ROW, LOWEST, HIGHEST = 30, 72, 216
"""The height of a row of the map, and the least and largest height of the map."""

LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 44, 22, 8, 52, 40
NAMED = 24
"""The room above a map whose columns have names."""

NUMBERED = 5
"""Up to this many columns the squares show their numbers, if they are high enough to be readable."""
READABLE = 14


@dataclass(frozen=True)
class MapAxis:
    """One side of a grid: its axis, the index of its first row or column, their total number, the indices of the marked
    ones, and the names of the parts of the axis, if they have any. ``outer``: the axes along which the rows of a tensor
    with more than two axes repeat this one."""

    axis: Axis
    first: int
    total: int
    marked: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    notation: Notation = OURS
    outer: Axes = ()

    @property
    def name(self) -> str:
        """The name of the axis, after those of the outer ones."""
        return f" {TIMES} ".join(map(self._name, (*self.outer, self.axis)))

    def _name(self, axis: Axis) -> str:
        return str(Axis(tuple((n, self.notation.name(size)) for n, size in axis.terms)))

    def marked_within(self, length: int) -> list[int]:
        """The marked ones of ``length`` rows or columns."""
        return [n for n in self.marked if self.first <= n < self.first + length]

    def seams(self, length: int, sizes: Sizes) -> list[int]:
        """The first indices of the parts, except the one at the edge: between gates, between h and x."""
        size = self.axis.size(sizes)
        begins = [
            n * size + begin for n in range(prod(shape(self.outer, sizes))) for _, begin, _ in self.axis.parts(sizes)
        ]
        return [begin for begin in begins if self.first < begin < self.first + length]

    def named_parts(self, length: int, sizes: Sizes) -> Iterator[tuple[str, float]]:
        """The name of each part that is at least partly among ``length`` rows or columns, with its middle."""
        for name, (_, begin, end) in zip(self.parts, self.axis.parts(sizes) if self.parts else (), strict=True):
            begin, end = max(begin, self.first), min(end, self.first + length)
            if begin < end:
                yield name, (begin + end - 1) / 2


@dataclass(frozen=True)
class ValueGrid:
    """Some rows and columns of a tensor. ``rows`` is None for a vector. ``scale`` is the largest absolute value of the
    colour scale."""

    values: Array
    rows: MapAxis | None
    columns: MapAxis
    scale: float


@dataclass(frozen=True)
class TimeSeries:
    """One number over time, at every step or at the extremes of each stretch. ``name`` identifies the number."""

    name: str
    steps: Sequence[int]
    values: Sequence[float]


def values_figure(grid: ValueGrid, series: Sequence[TimeSeries], t: int | None, sizes: Sizes, theme: Theme) -> Figure:
    """The grid above the series, with step ``t`` marked in them; only the grid if there are no series."""
    map_height = _height(len(grid.values))
    inner = map_height + (BETWEEN + LINES if series else 0)
    top = NAMED if grid.columns.parts else TOP
    layout: Figure = {
        "width": WIDTH,
        "height": top + inner + BOTTOM,
        "margin": {"l": _left(grid), "r": RIGHT, "t": top, "b": BOTTOM},
        "showlegend": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT_FAMILIES["mono"], "size": 11, "color": theme.ink["ink"]},
        "hoverlabel": {"font": {"family": FONT_FAMILIES["mono"], "size": 12}},
        "xaxis": _ticks(grid.columns, grid.values.shape[1], WIDTH - _left(grid) - RIGHT, sizes, theme)
        | {"anchor": "y"},
        "yaxis": (
            _ticks(grid.rows, len(grid.values), map_height, sizes, theme)
            if grid.rows
            else {"visible": False, "fixedrange": True}
        )
        | {"autorange": "reversed", "domain": [1 - map_height / inner, 1]},
        "shapes": [*_marks(grid, theme), *_seams(grid, sizes, theme)],
        "annotations": [*_names(grid, sizes, map_height / inner, theme)],
    }
    data = [_map(grid, theme)]
    if series:
        layout |= _time_axes(LINES / inner, theme, grid.columns.notation)
        data += [_line(one, k, theme) for k, one in enumerate(series)]
        if t is not None:
            layout["shapes"].append(_at(t, theme))
    return {"data": data, "layout": layout}


def _height(rows: int) -> int:
    """The height of the map."""
    return min(HIGHEST, max(LOWEST, ROW * rows))


def _left(grid: ValueGrid) -> int:
    """The room for the name of the rows beside the widest row number."""
    return LEFT + DIGIT * (len(str(grid.rows.first + len(grid.values) - 1)) - 1 if grid.rows else 0)


def _map(grid: ValueGrid, theme: Theme) -> Figure:
    rows, columns = grid.values.shape
    first = grid.rows.first if grid.rows else 0
    numbered = {
        "texttemplate": "%{z:.2f}",
        "textfont": {"size": 11},
    }  # Plotly chooses a colour that contrasts with the square
    down = f"{grid.rows.name} %{{y}}, " if grid.rows else ""
    return {
        "type": "heatmap",
        "z": grid.values.astype(float).round(_digits(grid.scale)).tolist(),
        "x": list(range(grid.columns.first, grid.columns.first + columns)),
        "y": list(range(first, first + rows)),
        "zmin": -grid.scale,
        "zmax": grid.scale,
        "colorscale": [[0, theme.ink["negative"]], [0.5, theme.fill["paper"]], [1, theme.ink["positive"]]],
        "showscale": False,
        "xgap": 1 if columns <= 24 else 0,
        "ygap": 1 if rows <= 24 else 0,
        "hovertemplate": f"{down}{grid.columns.name} %{{x}}: %{{z:.6g}}<extra></extra>",
    } | (numbered if columns <= NUMBERED and _height(rows) / rows >= READABLE else {})


def _digits(scale: float) -> int:
    """Decimal places: six after the first digit of the scale, about as many as float32 has."""
    return 6 - floor(log10(scale)) if isfinite(scale) else 0


def _ticks(map_axis: MapAxis, length: int, room: int, sizes: Sizes, theme: Theme) -> Figure:
    """A Plotly axis with integer ticks, and with the name and the colour of the tensor's axis. If only a part of the
    axis is shown, the title says which. ``room`` is its length in pixels."""
    names = map_axis.axis.names
    colour = theme.ink[axis_role(names[0], sizes) if len(names) == 1 else "ink"]
    first, last, total = map(grouped, (map_axis.first, map_axis.first + length - 1, map_axis.total))
    part = f"{map_axis.name}, {first}–{last}"
    title = f"{part} / {total}" if length < map_axis.total else f"{map_axis.name}, {total}"
    if LETTER * len(title) > room and length < map_axis.total:
        title = part  # the page shows the total beside the links to other parts
    size = 12 if LETTER * len(title) <= room else 10
    return {
        "title": {"text": title, "font": {"size": size, "color": colour}, "standoff": 6},
        "color": theme.ink["muted"],
        "tickformat": "d",
        "nticks": 6,
        "dtick": 1 if map_axis.total <= 8 else None,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _marks(grid: ValueGrid, theme: Theme) -> list[Figure]:
    """A border around each marked row and column."""
    height, width = grid.values.shape
    first = grid.rows.first if grid.rows else 0
    left, top = grid.columns.first - 0.5, first - 0.5
    boxes = [(left, n - 0.5, left + width, n + 0.5) for n in (grid.rows.marked_within(height) if grid.rows else ())]
    boxes += [(n - 0.5, top, n + 0.5, top + height) for n in grid.columns.marked_within(width)]
    line = {"color": theme.ink["ink"], "width": 1.5}
    return [{"type": "rect", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line} for x0, y0, x1, y1 in boxes]


def _seams(grid: ValueGrid, sizes: Sizes, theme: Theme) -> Iterator[Figure]:
    """A line between neighbouring parts of the columns or rows: between gates, between h and x."""
    height, width = grid.values.shape
    left, top = grid.columns.first - 0.5, (grid.rows.first if grid.rows else 0) - 0.5
    line = {"type": "line", "line": {"color": theme.ink["ink"], "width": 1}}
    for begin in grid.columns.seams(width, sizes):
        yield line | {"x0": begin - 0.5, "x1": begin - 0.5, "y0": top, "y1": top + height}
    for begin in grid.rows.seams(height, sizes) if grid.rows else ():
        yield line | {"x0": left, "x1": left + width, "y0": begin - 0.5, "y1": begin - 0.5}


def _names(grid: ValueGrid, sizes: Sizes, share: float, theme: Theme) -> Iterator[Figure]:
    """The names of the parts, above the columns and at the right of the rows. ``share`` is the map's part of the whole
    height."""
    height, width = grid.values.shape
    font = {"family": FONT_FAMILIES["serif"], "size": 13, "color": theme.ink["ink"]}
    for name, middle in grid.columns.named_parts(width, sizes):
        yield {
            "text": name,
            "x": middle,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "showarrow": False,
            "font": font,
        }
    for name, middle in grid.rows.named_parts(height, sizes) if grid.rows else ():
        yield {"text": name, "xref": "paper", "x": 1, "y": middle, "xanchor": "left", "showarrow": False, "font": font}


def _time_axes(share: float, theme: Theme, notation: Notation) -> Figure:
    axis = {"color": theme.ink["muted"], "fixedrange": True, "showgrid": False, "nticks": 5}
    title = {"text": notation.name("time_step"), "font": {"size": 12, "color": theme.ink["time_step"]}, "standoff": 6}
    zero = {"zeroline": True, "zerolinecolor": theme.ink["hairline"], "zerolinewidth": 1}
    return {
        "xaxis2": axis | {"anchor": "y2", "title": title, "tickformat": "d", "zeroline": False},
        "yaxis2": axis | zero | {"anchor": "x2", "domain": [0, share], "rangemode": "tozero"},
    }


def _line(series: TimeSeries, k: int, theme: Theme) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines" if len(series.steps) > 1 else "markers",
        "x": list(series.steps),
        "y": list(series.values),
        "xaxis": "x2",
        "yaxis": "y2",
        "name": series.name,
        "line": {"width": 1.5, "color": theme.ink["ink"], "dash": _dash(k)},
        "marker": {"size": 5, "color": theme.ink["ink"]},
        "hovertemplate": f"{series.name}, t = %{{x}}: %{{y:.6g}}<extra></extra>",
    }


def _dash(k: int) -> str:
    """The dashes of the k-th line, as lengths in pixels."""
    return ",".join(f"{length}px" for length in DASHES[k % len(DASHES)]) or "solid"


def _at(t: int, theme: Theme) -> Figure:
    line = {"color": theme.ink["time_step"], "width": 1.5, "dash": "dot"}
    return {"type": "line", "xref": "x2", "yref": "y2 domain", "x0": t, "x1": t, "y0": 0, "y1": 1, "line": line}
