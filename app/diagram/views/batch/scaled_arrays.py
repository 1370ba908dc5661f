"""Arrays to scale: one number is one square, with the same side in the whole picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from ....core.axes import Axes, Axis
from ....core.program import Program
from ....size_expressions import maximum, minimum
from ...block_matrix import Ends, blocks_of
from ...drawing import Drawing
from ...elements import Box, HitStrips, ParallelLines, Polyline
from ...theme import AREAS, axis_role

LEAST = 2.0
"""The least length of a side as drawn, in pixels."""

LINED = 5.0
"""Squares of this size, in pixels, have lines between them."""

HAIR, GATE, FRAME = 0.7, 1.5, 2.0
"""The thickness of the lines between numbers and between gates, and of the frame of a row."""

ROW = 3.0
"""The least height of a framed row."""

STRIP = 4.0
"""The least height of the strips that select a sample. A strip of several selects the one in its middle."""


@dataclass(frozen=True)
class Part:
    """A part of a side: the role of the axis that colours it, its first and last pixel, and how many numbers it has."""

    axis: str
    ends: Ends
    count: int

    @property
    def role(self) -> str:
        return AREAS.get(self.axis, "h")


@dataclass(frozen=True)
class Scale:
    """``pixels`` per number. ``sample`` is the framed row. Without ``lines`` no squares are drawn, so that nobody can
    count them."""

    pixels: float
    d: Drawing
    sample: int
    has_lines: bool

    @property
    def is_lined(self) -> bool:
        return self.has_lines and self.pixels >= LINED

    # lengths

    def length(self, count: int) -> float:
        return maximum(LEAST, count * self.pixels)

    def parts(self, axis: Axis, begin: float = 0.0) -> list[Part]:
        """The parts of a side, one for each term of its axis."""
        found: list[Part] = []
        for times, name in axis.terms:
            count = times * self.d.sizes[name]
            found.append(Part(axis_role(name, self.d.sizes), (begin, begin + self.length(count)), count))
            begin = found[-1].ends[1]
        return found

    def extent(self, axes: Axes) -> tuple[float, float]:
        """The width and the height of an array; a vector has one row."""
        across = self.parts(axes[-1])[-1].ends[1]
        return across, self.parts(axes[0])[-1].ends[1] if len(axes) > 1 else self.length(1)

    def is_any_thickened(self, arrays: Sequence[Axes]) -> bool:
        """Whether a side of an array would be too thin to be seen."""
        sides = [self.parts(axis) for axes in arrays for axis in axes]
        rows = [1 for axes in arrays if len(axes) == 1]
        return minimum(*(part.count for side in sides for part in side), *rows) * self.pixels < LEAST

    # drawing

    def rows(
        self, d: Drawing, tensor: str, x: float, y: float, also: tuple[str, ...] = (), hollow: bool = False
    ) -> None:
        """An array with a row for each sample, by its upper left corner. Zeros are ``hollow``."""
        axes, samples = d.axes(tensor), d.sizes["batch_size"]
        width, height = self.extent(axes)
        begin, thick = self._row(height, samples)
        begin += y
        for part in self.parts(axes[-1], x):
            (left, right), across = part.ends, part.ends[1] - part.ends[0]
            role = "view" if hollow else part.role
            d.add(Box(role, left, y, across, height, 0, tensor=tensor, also=also, t=d.t))
            if not hollow:
                d.add(Box(f"{role}_row", left, begin, across, thick, 0))
            self._lines(d, part.axis, part.ends, (y, y + height), part.count, samples)
            if hollow:
                d.add(outline(part.axis, left, y, right, y + height, EDGE))
        d.add(outline("batch_size", x - 0.5, begin - 0.5, x + width + 0.5, begin + thick + 0.5, FRAME))
        names: dict[str, Any] = {"tensor": tensor, "also": also, "t": d.t}
        d.add(HitStrips("sample", x, y, width, height, samples, maximum(1, floor(height / STRIP)), False, **names))

    def weights(self, d: Drawing, tensor: str, x: float, y: float) -> None:
        """An array of weights by its upper left corner, with a line between gates."""
        axes = d.axes(tensor)
        width, height = self.extent(axes)
        rows = (
            self.parts(axes[0], y)
            if len(axes) > 1
            else [Part(axis_role(axes[0].names[0], d.sizes), (y, y + height), 1)]
        )
        gates = gates_of(d.program, tensor)
        across, columns = width / len(gates), axes[-1].size(d.sizes) // len(gates)
        for row in rows:
            top, bottom = row.ends
            for n, also in enumerate(gates):
                left = x + n * across
                d.add(Box(row.role, left, top, across, bottom - top, 0, tensor=tensor, also=also, t=d.t))
                self._lines(d, row.axis, (left, left + across), row.ends, columns, row.count)
        for n in range(1, len(gates)):
            at = x + n * across
            d.add(Polyline("ink", ((at, y), (at, y + height)), GATE))

    def _row(self, height: float, samples: int) -> Ends:
        """Where the framed row begins in its array, and its height."""
        thick = minimum(height, maximum(ROW, height / samples))
        return minimum(self.sample * height / samples, height - thick), thick

    def _lines(self, d: Drawing, axis: str, across: Ends, down: Ends, columns: int, rows: int) -> None:
        """The lines between squares."""
        if not self.is_lined:
            return
        (left, right), (top, bottom) = across, down
        for count, upright in ((columns, True), (rows, False)):
            if count > 1:
                d.add(ParallelLines(axis, left, top, right, bottom, count, upright, HAIR))


EDGE = 1.3
"""The thickness of the outline of zeros."""


def outline(role: str, left: float, top: float, right: float, bottom: float, width: float) -> Polyline:
    """The outline of a rectangle."""
    corners = (left, top), (right, top), (right, bottom), (left, bottom), (left, top)
    return Polyline(role, corners, width)


def framed_row(batch_size: int, sample: int | None) -> int:
    """The row that is framed: that of the followed sample, or of another one as an example."""
    return minimum(1, batch_size - 1) if sample is None else sample


def gates_of(program: Program, weight: str) -> list[tuple[str, ...]]:
    """For each gate of an array of weights the tensors that are computed from its numbers."""
    found = [block.also for block in blocks_of(program, weight)]
    return found[: len(program.pieces(program.by_id[program.used_by[weight][0]])) or 1]
