"""The values of a tensor as a map, a square for each value of the page, and the lines of what is followed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from ....core.program import Tensor
from ....core.trace import StackTrace
from ....diagram.charts.line_chart import Series, lines
from ....diagram.charts.plotly_values_figure import MapAxis, ValueGrid
from ....diagram.text_spans import TextSpan
from ....diagram.transforms.relabeling import in_language
from ....translations.numbers import grouped
from ....translations.phrases import CommaSeparated, phrase
from ....translations.translator import Translator
from ....url_state.url_state import UrlState
from ....url_state_to_picture.tensor_values import describe, followed_values
from .formatting import colour, decimal
from .links_and_accessible_names import as_svg

WIDTH, HIGHEST = 220.0, 220.0
"""The width of the map, and the largest height of all its squares."""

WIDEST, ROW = 42.0, 22.0
"""The largest width and height of a square."""

DIGIT, MARGIN, LINE = 7.83, 7.0, 18.0
"""The width of a digit, the distance between it and the squares, and the height of a line of text."""

NUMBERED = 5
"""Up to this many columns the squares show their numbers."""

LINED = 5.0
"""From this size on there are gaps between squares."""


class MapText(NamedTuple):
    """A text of the map at its position."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class ValuesMap:
    """The map as SVG paths and texts. ``squares``: for each sign, p or n, and share of the darkest tint, a path with
    the squares that have them; ``columns`` and ``rows``: their numbers, with the classes of their axes in ``colours``;
    ``parts``: names of gates, or of h and x, with ``seams`` between them; ``marks``: borders around what is followed;
    ``data``: for the script."""

    height: float
    bed: str
    squares: Markup
    numbers: list[MapText]
    columns: list[MapText]
    rows: list[MapText]
    colours: tuple[str, str]
    parts: list[MapText]
    seams: str
    marks: str
    data: dict[str, object]


class Lattice:
    """The positions of the squares of a grid, by their rows and columns."""

    def __init__(self, grid: ValueGrid) -> None:
        rows, (down, across) = grid.rows, grid.values.shape
        self.left = DIGIT * len(grouped(rows.first + down - 1)) + MARGIN if rows else 0.0
        self.top = LINE * (2 if grid.columns.parts else 1)
        right = LINE if rows and rows.parts else 1.0  # the names of parts
        self.width: float = min(WIDEST, (WIDTH - self.left - right) / across)
        self.height: float = min(ROW, HIGHEST / down)
        self.first = (rows.first if rows else 0), grid.columns.first

    def x(self, column: float) -> float:
        return round(self.left + self.width * (column - self.first[1]), 1)

    def y(self, row: float) -> float:
        return round(self.top + self.height * (row - self.first[0]), 1)

    def box(self, row: int, column: int, rows: int = 1, columns: int = 1, gap: float = 0.0) -> str:
        """The path of a rectangle of squares."""
        x, y = self.x(column), self.y(row)
        return f"M{x:g} {y:g}H{self.x(column + columns) - gap:g}V{self.y(row + rows) - gap:g}H{x:g}z"


def values_map(state: UrlState, t: Tensor, grid: ValueGrid) -> ValuesMap:
    """The map of a page of values."""
    at = Lattice(grid)
    (row, column), (down, across) = at.first, grid.values.shape
    right, bottom = at.x(column + across), at.y(row + down)
    columns, rows, sizes = grid.columns, grid.rows, state.sizes
    parts = [MapText(at.x(n + 0.5), LINE - 5, name) for name, n in columns.named_parts(across, sizes)]
    seams = [f"M{at.x(n):g} {at.top:g}V{bottom:g}" for n in columns.seams(across, sizes)]
    marks = [at.box(row, n, rows=down) for n in columns.marked_within(across)]
    if rows:
        parts += [MapText(right + LINE / 2, at.y(n + 0.5), name) for name, n in rows.named_parts(down, sizes)]
        seams += [f"M{at.left:g} {at.y(n):g}H{right:g}" for n in rows.seams(down, sizes)]
        marks += [at.box(n, column, columns=across) for n in rows.marked_within(down)]
    apart = DIGIT * len(grouped(column + across)) + 8
    shown_columns = _ticks(columns, across, apart / at.width)
    shown_rows = _ticks(rows, down, 15 / at.height) if rows else []
    return ValuesMap(
        height=bottom + 1,
        bed=at.box(row, column, down, across),
        squares=Markup("".join(_squares(grid, at))),
        numbers=list(_numbers(grid, at)),
        columns=[MapText(at.x(n + 0.5), at.top - 5, grouped(n)) for n in shown_columns],
        rows=[MapText(at.left - MARGIN, at.y(n + 0.5), grouped(n)) for n in shown_rows],
        colours=(colour(columns.axis, sizes), colour(rows.axis, sizes) if rows else ""),
        parts=parts,
        seams="".join(seams),
        marks="".join(marks),
        data={
            **describe(state, t, grid),
            "query": state.query(tensor=t.id),
            "first": at.first,
            "size": (down, across),
            "squares": [round(n, 2) for n in (at.left, at.top, at.width, at.height)],
        },
    )


def _squares(grid: ValueGrid, at: Lattice) -> Iterator[str]:
    first_row, first_column = at.first
    gap = 1.0 if min(at.width, at.height) >= LINED else 0.0
    columns = range(first_column, first_column + grid.values.shape[1])
    lefts = [f"{at.x(column):g}" for column in columns]
    rights = [f"H{at.x(column + 1) - gap:g}V" for column in columns]
    paths: dict[float, list[str]] = {}
    tints = np.clip(grid.values.astype(float) / grid.scale, -1, 1).round(2).tolist()
    for row, line in enumerate(tints, first_row):
        top, bottom = f" {at.y(row):g}", f"{at.y(row + 1) - gap:g}H"
        for left, right, tint in zip(lefts, rights, line, strict=True):
            if tint:
                paths.setdefault(tint, []).append(f"M{left}{top}{right}{bottom}{left}z")
    for tint, squares in paths.items():
        sign = "p" if tint > 0 else "n"
        yield f'<path class="{sign}" fill-opacity="{abs(tint)}" d="{"".join(squares)}"/>'


def _numbers(grid: ValueGrid, at: Lattice) -> Iterator[MapText]:
    """The values, if they have room in their squares: with two decimal places, or fewer if they are large."""
    digits = len(f"{grid.scale:.0f}")
    if grid.values.shape[1] > NUMBERED or at.height < ROW or digits > 4:
        return
    for row, line in enumerate(grid.values.tolist(), at.first[0]):
        for column, value in enumerate(line, at.first[1]):
            yield MapText(at.x(column + 1) - 2, at.y(row + 0.5), decimal(value, max(0, 3 - digits)))


def _ticks(side: MapAxis, length: int, apart: float) -> list[int]:
    """The rows or columns that show their number: multiples of a round number that is at least ``apart``."""
    every = next(n * 10**k for k in count() for n in (1, 2, 5) if n * 10**k >= apart)
    return [n for n in range(side.first, side.first + length) if n % every == 0] or [side.first]


def lines_over_time(state: UrlState, t: Tensor, trace: StackTrace, translate: Translator) -> Markup | None:
    """The values that are followed as lines over all steps, if any are."""
    series = [Series(name, values) for name, values in followed_values(state, t, trace)]
    if not series:
        return None
    names = [one.name for one in series]
    title = phrase("{values} at every step", values=CommaSeparated(names))
    label = TextSpan(names[0] if len(names) == 1 else t.id, "ink")
    return as_svg(in_language(lines(series, title, y=label, at=state.t, width=WIDTH), translate))
