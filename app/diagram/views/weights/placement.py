"""The positions of the arrays of a cell's weights, to one scale: gates side by side, each aligned in all arrays.

Arrays are in rows, one below the other. If gates are below each other in the arrays, the picture is transposed: the
rows are then side by side. So coordinates are along the gates, ``a``, and across them, ``b``.
"""

import re
from dataclasses import replace
from itertools import accumulate, pairwise
from math import ceil

from ....size_expressions import log, maximum, minimum, where
from ...block_matrix import Block, Ends, Matrix, MatrixSide
from ...scene import Scene
from ...shape_labels import Lettering, axis_spans, joined, shape_line
from ...text_lines import Lines, count, stacked, wrapped
from ...text_metrics import LEADING, line_width, mono_width
from ...text_spans import Line, TextSpan
from .sizes_by_format import Room

TAB, NUMBER = 24.0, 17.0  # the height of the letter of a gate, and of the number of the unit below it
HEAD, ASIDE = 44.0, 36.0  # their widths, if transposed
PAD, GAP, APART, BELOW, BEHIND = 5.0, 4.0, 14.0, 16.0, 10.0
EDGE = 8.0
PLACE = 18.0  # the least room of a side, which has a letter beside it
HAIR = 2.0  # the least thickness of a side as drawn
LARGEST, SMALLEST = 44.0, 0.02  # pixels per number; at the smallest scale the arrays fill their room


class ArrayRow:
    """Arrays in one row: their sides along the gates and across them, their blocks, and their titles.

    ``heads`` are the sides along the gates that no earlier row has, ``panels`` the sides of each array.
    """

    def __init__(self, matrices: list[Matrix], transposed: bool) -> None:
        upright = [m.transposed() if transposed else m for m in matrices]
        self.matrices, self.across = matrices, upright[0].rows
        self.along: list[MatrixSide] = [side for m in upright for side in m.columns]
        self.blocks: list[list[Block]] = [
            [block for m in upright for block in m.blocks[row]] for row in range(len(self.across))
        ]
        self.panels = [
            piece for m in upright for piece in ([[side] for side in m.columns] if m.apart else [[*m.columns]])
        ]
        self.lengths = [len(m.columns) for m in upright]
        self.heads: list[MatrixSide] = []
        self.titles: list[Lines] = []

    def firsts(self, ends: list[Ends]) -> list[float]:
        """The beginning of each array, if its sides have these ends."""
        return [ends[k][0] for k in accumulate(self.lengths[:-1], initial=0)]


class Placement:
    """All sizes and positions, for one scene in one room."""

    def __init__(self, scene: Scene, room: Room, letters: Lettering) -> None:
        self.room, self.letters = room, letters
        self.sizes = {**scene.sizes, **(scene.naming.sizes if scene.naming else {})}
        self.transposed = any(side.unit == "owns" for m in scene.matrices for side in m.rows)
        self.array_rows = _array_rows(scene.matrices, self.transposed)
        self.gates: list[str] = []
        for arrays in self.array_rows:
            arrays.heads = [side for side in arrays.along if side.unit != "owns" or side.name not in self.gates]
            self.gates += [side.name for side in arrays.heads if side.unit == "owns"]
            arrays.titles = [self._title(m) for m in arrays.matrices]
        self.gap = APART if any(len(arrays.panels) > 1 for arrays in self.array_rows) else GAP
        self.before = self._before()
        a, b = self._length(SMALLEST / 100), self._breadth(SMALLEST / 100)
        width, height = (b, a) if self.transposed else (a, b)
        least_width, least_height = ceil(width), ceil(height + room.legend)
        self.room = replace(room, width=maximum(room.width, least_width), height=maximum(room.height, least_height))
        self.scale = self._scale()
        a, b = self._length(self.scale), self._breadth(self.scale)
        width, height = (b, a) if self.transposed else (a, b)
        free = self.room.height - room.legend - height
        self.left, self.top = maximum(0.0, (self.room.width - width) / 2), maximum(0.0, free / 2)

    def at(self, a: float, b: float) -> tuple[float, float]:
        """The point of the picture at ``a`` along the gates and ``b`` across them."""
        return (self.left + b, self.top + a) if self.transposed else (self.left + a, self.top + b)

    def begins(self) -> list[float]:
        """The beginning of each row of arrays."""
        return list(accumulate((self._reach(arrays, self.scale) for arrays in self.array_rows[:-1]), initial=EDGE))

    def ends(self, arrays: ArrayRow) -> list[Ends]:
        """The ends of each side along a row of arrays. Those of a gate are the same in all rows."""
        found, a = [], self.before + PAD
        for side in arrays.along:
            place = _place(side, self.scale)
            if side.unit == "owns":
                a = self.before + PAD + self.gates.index(side.name) * (place + self.gap)
            found.append((a, a + place))
            a += place + self.gap
        return found

    def rows(self, arrays: ArrayRow, begin: float) -> list[Ends]:
        """The ends of each side across a row of arrays, if the row begins at ``begin``."""
        places = [_place(side, self.scale) for side in arrays.across]
        begin += PAD + self.head_room(arrays) + (0 if self.transposed else self.title_height(arrays))
        if self.transposed:
            begin += maximum(0.0, self.room.narrowest - sum(places) - 2 * PAD) / 2
        return list(pairwise(accumulate(places, initial=begin)))

    def inner(self, side: MatrixSide, place: Ends) -> Ends:
        """The part of its place where a side is drawn, in the middle: a side may be thinner than its letter."""
        spare = (place[1] - place[0] - maximum(HAIR, side.size * self.scale)) / 2
        return place[0] + spare, place[1] - spare

    def of_unit(self, side: MatrixSide, place: Ends, unit: int) -> Ends:
        """The part of a side that belongs to one unit."""
        begin, end = self.inner(side, place)
        thick = maximum(HAIR, self.scale)
        at = minimum(begin + unit * self.scale, maximum(begin, end - thick))
        return at, at + thick

    # words

    def size(self, side: MatrixSide) -> Line:
        """The size of a side, in the first of the ways in which labels write it; empty for the single row of a
        vector."""
        return axis_spans(side.axis, self.sizes, self.letters.wires[0]) if side.axis else ()

    def size_width(self, side: MatrixSide) -> float:
        return line_width(self.size(side), self.letters.small)

    def title_height(self, arrays: ArrayRow) -> float:
        return LEADING * self.room.type.beside * sum(map(count, arrays.titles)) + 4

    def head_room(self, arrays: ArrayRow) -> float:
        """The room for the names of the gates of a row, with the number of the unit beside them."""
        if not arrays.heads:
            return 0
        if arrays.heads[0].unit != "owns":
            return self.size_width(arrays.heads[0]) + 20 if self.transposed else TAB
        return HEAD + ASIDE if self.transposed else TAB + NUMBER

    def _title(self, m: Matrix) -> Lines:
        """The name and the shape of an array, in lines that fit."""
        type, room = self.room.type.beside, self.room.narrowest if self.transposed else self.room.width - 2 * EDGE
        name = [(TextSpan(piece, "ink"),) for piece in _broken(m.name, room, type)]
        shapes = [shape_line(m.axes, self.sizes, write) for write in self.letters.wires]
        short = joined([name[0], *shapes])
        is_short = len(name) == 1 and (len(shapes) == 1 or self.room.is_low)
        if is_short and not self.transposed and line_width(short, type) <= room:
            return (short,)
        return stacked([name, *(wrapped(line, type, room) for line in shapes)])

    def _before(self) -> float:
        """The room before the gates: for the names of rows or, if transposed, for titles and the names of columns."""
        if self.transposed:
            return EDGE + max(self.title_height(arrays) for arrays in self.array_rows) + 24
        return 36 + max(self.size_width(side) for arrays in self.array_rows for side in arrays.across)

    # how large

    def _scale(self) -> float:
        """Pixels per number. A few numbers fill less of the room than many, so that more numbers look like more."""
        low, high = SMALLEST / 100, LARGEST
        for _ in range(40):
            middle = (low + high) / 2
            fits = self._fits(middle)
            low, high = where(fits, middle, low), where(fits, high, middle)
        many = minimum(1.0, maximum(0.0, log(LARGEST / low) / log(LARGEST / SMALLEST)))
        return low * (self.room.share + (1 - self.room.share) * many)

    def _fits(self, scale: float) -> bool:
        a, b = self._length(scale), self._breadth(scale)
        width, height = (b, a) if self.transposed else (a, b)
        return maximum(width - self.room.width, height - self.room.height + self.room.legend) <= 0

    def _length(self, scale: float) -> float:
        """The length from the edge to the end of the gates, including the number of a unit after them."""
        gates = [side for arrays in self.array_rows for side in arrays.heads if side.unit == "owns"]
        others = [arrays.along for arrays in self.array_rows if arrays.along[0].unit != "owns"]
        longest = maximum(
            *(sum(_place(side, scale) + self.gap for side in sides) - self.gap for sides in (gates, *others))
        )
        return self.before + longest + 2 * PAD + (NUMBER if self.transposed else 40)

    def _breadth(self, scale: float) -> float:
        """The breadth from the edge to the end of the last row."""
        return EDGE + sum(self._reach(arrays, scale) for arrays in self.array_rows)

    def _reach(self, arrays: ArrayRow, scale: float) -> float:
        """The breadth of a row of arrays."""
        panel = sum(_place(side, scale) for side in arrays.across) + 2 * PAD
        if self.transposed:
            return self.head_room(arrays) + maximum(panel, self.room.narrowest) + BEHIND
        return self.title_height(arrays) + self.head_room(arrays) + panel + BELOW


def _array_rows(matrices: tuple[Matrix, ...], transposed: bool) -> list[ArrayRow]:
    """A row for each array. Arrays of different gates share a row if they have the same sides across."""
    found: list[ArrayRow] = []
    for m in matrices:
        new = ArrayRow([m], transposed)
        last = found[-1] if found else None
        gates = {side.name for side in last.along if side.unit == "owns"} if last else set()
        if last and gates and last.across == new.across and gates.isdisjoint(side.name for side in new.along):
            found[-1] = ArrayRow([*last.matrices, m], transposed)
        else:
            found.append(new)
    return found


def _place(side: MatrixSide, scale: float) -> float:
    """The room of a side."""
    return maximum(side.size * scale, PLACE)


def _broken(name: str, room: float, size: float) -> list[str]:
    """A name in pieces that fit, broken after a slash, an underscore or a space."""
    lines = [""]
    for piece in re.findall(r"[^/_ ]+[/_ ]*|[/_ ]+", name):
        if lines[-1] and mono_width((lines[-1] + piece).rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
