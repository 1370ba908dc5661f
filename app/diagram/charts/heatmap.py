"""The values of a tensor as a Plotly figure: a heatmap, and under it some of its numbers followed over time.

Plotly's keys are here and in plotly.py only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any

from app.core.axes import Axis, Sizes
from app.core.ops import Array
from app.diagram.notation import OURS, Notation
from app.diagram.theme import FONTS, Theme

Figure = dict[str, Any]

WIDTH, LINES = 264, 132
DIGIT, LETTER = 7, 7.3
"""How wide a digit of a tick is, and a letter of a title."""
ROW, LOWEST, HIGHEST = 30, 72, 216
"""How high a row of the map is, and the map itself."""

LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 44, 22, 8, 52, 40
NAMED = 24
"""Room over a map whose columns have names."""

NUMBERED = 5
"""With so many columns or fewer the numbers stand in the squares, if these are high enough to read them."""
READABLE = 14


@dataclass(frozen=True)
class MapAxis:
    """One side of a sheet: its axis, the index that it begins with, how many there are in all, which are marked, and
    what the parts of the axis are called where they have names."""

    axis: Axis
    first: int
    total: int
    marked: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    notation: Notation = OURS

    @property
    def name(self) -> str:
        """What the axis is called."""
        return str(Axis(tuple((n, self.notation.name(size)) for n, size in self.axis.terms)))


@dataclass(frozen=True)
class ValueGrid:
    """Some rows and columns of a tensor. ``rows`` is nothing where it is a vector. ``scale`` is where the colours end,
    on both sides of 0."""

    values: Array
    rows: MapAxis | None
    columns: MapAxis
    scale: float


@dataclass(frozen=True)
class Course:
    """One number at every step of time, or the ends of each stretch of it: ``name`` says which number."""

    name: str
    steps: Sequence[int]
    values: Sequence[float]


def values_figure(sheet: ValueGrid, courses: Sequence[Course], t: int | None, sizes: Sizes, theme: Theme) -> Figure:
    """The sheet over the courses, with the step ``t`` marked in these; without courses the sheet alone."""
    map_height = _height(len(sheet.values))
    inner = map_height + (BETWEEN + LINES if courses else 0)
    top = NAMED if sheet.columns.parts else TOP
    layout: Figure = {
        "width": WIDTH,
        "height": top + inner + BOTTOM,
        "margin": {"l": _left(sheet), "r": RIGHT, "t": top, "b": BOTTOM},
        "showlegend": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONTS["mono"], "size": 11, "color": theme.ink["ink"]},
        "hoverlabel": {"font": {"family": FONTS["mono"], "size": 12}},
        "xaxis": _side(sheet.columns, sheet.values.shape[1], WIDTH - _left(sheet) - RIGHT, theme) | {"anchor": "y"},
        "yaxis": (
            _side(sheet.rows, len(sheet.values), map_height, theme)
            if sheet.rows
            else {"visible": False, "fixedrange": True}
        )
        | {"autorange": "reversed", "domain": [1 - map_height / inner, 1]},
        "shapes": [*_marks(sheet, theme), *_seams(sheet, sizes, theme)],
        "annotations": [*_names(sheet, sizes, map_height / inner, theme)],
    }
    data = [_map(sheet, theme)]
    if courses:
        layout |= _course_axes(LINES / inner, theme, sheet.columns.notation)
        data += [_line(course, k, theme) for k, course in enumerate(courses)]
        if t is not None:
            layout["shapes"].append(_at(t, theme))
    return {"data": data, "layout": layout}


def _height(rows: int) -> int:
    """How high the map is."""
    return min(HIGHEST, max(LOWEST, ROW * rows))


def _left(sheet: ValueGrid) -> int:
    """Room for the rows' name beside the longest of their numbers."""
    return LEFT + DIGIT * (len(str(sheet.rows.first + len(sheet.values) - 1)) - 1 if sheet.rows else 0)


def _map(sheet: ValueGrid, theme: Theme) -> Figure:
    rows, columns = sheet.values.shape
    first = sheet.rows.first if sheet.rows else 0
    numbered = {"texttemplate": "%{z:.2f}", "textfont": {"size": 11}}  # its colour goes by that of the square
    down = f"{sheet.rows.name} %{{y}}, " if sheet.rows else ""
    return {
        "type": "heatmap",
        "z": sheet.values.astype(float).round(_digits(sheet.scale)).tolist(),
        "x": list(range(sheet.columns.first, sheet.columns.first + columns)),
        "y": list(range(first, first + rows)),
        "zmin": -sheet.scale,
        "zmax": sheet.scale,
        "colorscale": [[0, theme.ink["negative"]], [0.5, theme.fill["paper"]], [1, theme.ink["positive"]]],
        "showscale": False,
        "xgap": 1 if columns <= 24 else 0,
        "ygap": 1 if rows <= 24 else 0,
        "hovertemplate": f"{down}{sheet.columns.name} %{{x}}: %{{z:.6g}}<extra></extra>",
    } | (numbered if columns <= NUMBERED and _height(rows) / rows >= READABLE else {})


def _digits(scale: float) -> int:
    """So many places behind the point: six after the first digit of the scale, about as many as float32 has."""
    return 6 - floor(log10(scale)) if isfinite(scale) else 0


def _side(side: MapAxis, length: int, room: int, theme: Theme) -> Figure:
    """An axis named as the tensor names it, in its colour, with whole numbers; of a page, which part of it. ``room`` is
    how long it is, in pixels."""
    names = side.axis.names
    colour = theme.ink[names[0]] if len(names) == 1 and names[0] in theme.ink else theme.ink["ink"]
    part = f"{side.name}, {side.first:,}–{side.first + length - 1:,}"
    title = f"{part} / {side.total:,}" if length < side.total else f"{side.name}, {side.total:,}"
    if LETTER * len(title) > room and length < side.total:
        title = part  # how many there are is said beside the links that turn the pages
    size = 12 if LETTER * len(title) <= room else 10
    return {
        "title": {"text": title, "font": {"size": size, "color": colour}, "standoff": 6},
        "color": theme.ink["muted"],
        "tickformat": "d",
        "nticks": 6,
        "dtick": 1 if side.total <= 8 else None,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _marks(sheet: ValueGrid, theme: Theme) -> list[Figure]:
    """A border around each row and column that is followed."""
    height, width = sheet.values.shape
    first = sheet.rows.first if sheet.rows else 0
    left, top = sheet.columns.first - 0.5, first - 0.5
    rows = [n for n in (sheet.rows.marked if sheet.rows else ()) if first <= n < first + height]
    columns = [n for n in sheet.columns.marked if sheet.columns.first <= n < sheet.columns.first + width]
    boxes = [(left, n - 0.5, left + width, n + 0.5) for n in rows]
    boxes += [(n - 0.5, top, n + 0.5, top + height) for n in columns]
    line = {"color": theme.ink["ink"], "width": 1.5}
    return [{"type": "rect", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line} for x0, y0, x1, y1 in boxes]


def _seams(sheet: ValueGrid, sizes: Sizes, theme: Theme) -> Iterator[Figure]:
    """A line where one part of the columns or rows ends and the next begins: between gates, between h and x."""
    height, width = sheet.values.shape
    left, top = sheet.columns.first - 0.5, (sheet.rows.first if sheet.rows else 0) - 0.5
    line = {"type": "line", "line": {"color": theme.ink["ink"], "width": 1}}
    for begin in _inside(sheet.columns, width, sizes):
        yield line | {"x0": begin - 0.5, "x1": begin - 0.5, "y0": top, "y1": top + height}
    for begin in _inside(sheet.rows, height, sizes) if sheet.rows else ():
        yield line | {"x0": left, "x1": left + width, "y0": begin - 0.5, "y1": begin - 0.5}


def _inside(side: MapAxis, length: int, sizes: Sizes) -> list[int]:
    """Where parts begin, but for the first that is shown."""
    return [begin for _, begin, _ in side.axis.parts(sizes) if side.first < begin < side.first + length]


def _names(sheet: ValueGrid, sizes: Sizes, share: float, theme: Theme) -> Iterator[Figure]:
    """What the parts are called: over the columns, and at the right of the rows. ``share`` is the map's of the whole
    height."""
    height, width = sheet.values.shape
    font = {"family": FONTS["serif"], "size": 13, "color": theme.ink["ink"]}
    for name, middle in _named(sheet.columns, width, sizes):
        yield {
            "text": name,
            "x": middle,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "showarrow": False,
            "font": font,
        }
    for name, middle in _named(sheet.rows, height, sizes) if sheet.rows else ():
        yield {"text": name, "xref": "paper", "x": 1, "y": middle, "xanchor": "left", "showarrow": False, "font": font}


def _named(side: MapAxis, length: int, sizes: Sizes) -> Iterator[tuple[str, float]]:
    """Each part that is shown, or some of it, with its middle."""
    if not side.parts:
        return
    for name, (_, begin, end) in zip(side.parts, side.axis.parts(sizes), strict=True):
        begin, end = max(begin, side.first), min(end, side.first + length)
        if begin < end:
            yield name, (begin + end - 1) / 2


def _course_axes(share: float, theme: Theme, notation: Notation) -> Figure:
    axis = {"color": theme.ink["muted"], "fixedrange": True, "showgrid": False, "nticks": 5}
    title = {"text": notation.name("time_step"), "font": {"size": 12, "color": theme.ink["time_step"]}, "standoff": 6}
    zero = {"zeroline": True, "zerolinecolor": theme.ink["hairline"], "zerolinewidth": 1}
    return {
        "xaxis2": axis | {"anchor": "y2", "title": title, "tickformat": "d", "zeroline": False},
        "yaxis2": axis | zero | {"anchor": "x2", "domain": [0, share], "rangemode": "tozero"},
    }


def _line(course: Course, k: int, theme: Theme) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines" if len(course.steps) > 1 else "markers",
        "x": list(course.steps),
        "y": list(course.values),
        "xaxis": "x2",
        "yaxis": "y2",
        "name": course.name,
        "line": {"width": 1.5, "color": theme.ink["ink"], "dash": [*DASHES][k % len(DASHES)]},
        "marker": {"size": 5, "color": theme.ink["ink"]},
        "hovertemplate": f"{course.name}, t = %{{x}}: %{{y:.6g}}<extra></extra>",
    }


DASHES = {
    "solid": "",
    "dot": "1.5 1.5",
    "dash": "5 4",
    "dashdot": "5 2.5 1.5 2.5",
    "longdash": "9 4",
    "longdashdot": "9 3 1.5 3",
}
"""How lines are told from one another, each as SVG writes it for who explains them."""


def _at(t: int, theme: Theme) -> Figure:
    line = {"color": theme.ink["time_step"], "width": 1.5, "dash": "dot"}
    return {"type": "line", "xref": "x2", "yref": "y2 domain", "x0": t, "x1": t, "y0": 0, "y1": 1, "line": line}
