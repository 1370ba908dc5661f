"""The weights: every array of a cell to one scale, in the order and orientation of the chosen framework.

The numbers that a unit owns are filled, and those that read it have a dashed border.
"""

from dataclasses import replace
from typing import Any

from ....size_expressions import length
from ....translations.phrases import phrase, plural
from ...block_matrix import Block, Ends, MatrixSide, scale_mark
from ...diagram_error import DiagramError
from ...elements import Border, Box, HitStrips, Label, ParallelLines, Picture, Shape, Text
from ...names_as_letters import letters
from ...scene import Scene
from ...shape_labels import lettering
from ...text_lines import count, widest
from ...text_metrics import LEADING, word_width
from ...theme import AREAS
from .placement import ASIDE, EDGE, HEAD, NUMBER, PAD, TAB, ArrayRow, Placement
from .sizes_by_format import ROOMS

SQUARE, MANY = 7.0, 12  # single numbers are drawn from this size in pixels on, up to this many units
GRID = 0.6  # the thickness of the lines between them
FRAME = 7.0  # the least thickness of a dashed border

STRIPS = 24
"""The largest number of clickable strips of a gate; with more units a strip selects the unit in its middle."""

AXES = {role: axis for axis, role in AREAS.items()}


def weights(scene: Scene) -> Picture:
    """Draw every matrix of the scene. Raises DiagramError if it has none."""
    if not scene.matrices:
        raise DiagramError(f"the scene of {scene.program.cell.id} has no matrices of weights to draw")
    room = ROOMS[scene.format]
    written = lettering(scene.labels, scene.notation, room.type.beside, room.type.inside, narrow=room.letters)
    placement = Placement(scene, room, written)
    composition = WeightsComposition(placement, scene.unit, scene.sizes["num_units"])
    composition.draw()
    numbers = sum(side.size * other.size for m in scene.matrices for side in m.rows for other in m.columns)
    cell = scene.program.cell.title
    title = phrase("{cell}: weights to scale", cell=cell)
    if scene.labels != "hidden":
        title = plural("{picture}, {n:,} parameter", "{picture}, {n:,} parameters", numbers, picture=title)
    if scene.unit is not None:
        title = phrase("{picture}, unit {n:,} highlighted", picture=title, n=scene.unit)
    return Picture(placement.room.width, placement.room.height, tuple(composition.shapes), title)


class WeightsComposition:
    """Draws arrays at their positions, and the numbers of a unit in them."""

    def __init__(self, placement: Placement, unit: int | None, num_units: int) -> None:
        self.placement, self.unit = placement, unit
        self.type = placement.room.type.beside
        self.squares = placement.scale >= SQUARE and num_units <= MANY
        self.shapes: list[Shape] = []

    def draw(self) -> None:
        for arrays, begin in zip(self.placement.array_rows, self.placement.begins(), strict=True):
            self._array_row(arrays, begin)
        self._legend()

    def _array_row(self, arrays: ArrayRow, begin: float) -> None:
        ends, rows = self.placement.ends(arrays), self.placement.rows(arrays, begin)
        first, last = min(a for a, _ in ends), max(a for _, a in ends)
        top, bottom = rows[0][0], rows[-1][1]
        self._panels(arrays, ends, (top - PAD, bottom + PAD), begin)
        for k, (gate, along) in enumerate(zip(arrays.along, ends, strict=True)):
            if gate in arrays.heads:
                self._head(gate, arrays.blocks[0][k], along, top - PAD)
            for side, across, line in zip(arrays.across, rows, arrays.blocks, strict=True):
                self._block(line[k], gate, side, along, across)
            if gate.unit == "owns" and arrays.blocks[0][k].tensor:
                self._units(gate, along, arrays, rows)
        for side, across in zip(arrays.across, rows, strict=True):
            self._row(side, (first, last), across)

    def _panels(self, arrays: ArrayRow, ends: list[Ends], across: Ends, begin: float) -> None:
        """The panel behind the blocks of each array, and the titles of the arrays."""
        placement, left = self.placement, list(ends)
        for panel in arrays.panels:
            own, left = left[: len(panel)], left[len(panel) :]
            self._box("array", (own[0][0] - PAD, own[-1][1] + PAD), across, 3)
        for title, first in zip(arrays.titles, arrays.firsts(ends), strict=True):
            height = LEADING * self.type * count(title)
            width = widest(title, self.type)
            if placement.transposed:
                x, y = placement.at(placement.before - 26 - height / 2, sum(across) / 2)
                anchor = "middle"
            else:
                x, y = placement.at(first - PAD, begin + height / 2)
                x, anchor = max(4.0, min(x, placement.room.width - width - 4)), "start"
                begin += height
            self.shapes.append(Label(x, y, title, self.type, anchor))

    def _head(self, gate: MatrixSide, block: Block, along: Ends, panel: float) -> None:
        """The name of a gate and its size, in a yellow box, and the number of the unit."""
        placement, middle = self.placement, sum(along) / 2
        transposed, room, size = placement.transposed, along[1] - along[0], placement.size(gate)
        if gate.unit != "owns" or not gate.name:
            self._side_label(
                gate, *placement.at(middle, panel - (placement.size_width(gate) / 2 + 16 if transposed else 12))
            )
            return
        deep = HEAD if transposed else TAB
        begin = panel - deep - (ASIDE if transposed else NUMBER)
        also = tuple(id for id in block.also if id != gate.tensor) if gate.tensor else ()
        self._box("layer", along, (begin, begin + deep), 3, tensor=gate.tensor, also=also)
        x, y = placement.at(middle, begin + deep / 2)
        width = placement.size_width(gate)
        if transposed and room > 44 and (not gate.tensor or width < HEAD):
            self.shapes.append(_letter(gate, x, y - 10, self.type + 2))
            words = Label(x, y + 9, (size,), self.type - 1) if gate.tensor else Text(x, y + 9, "unused", 11, "muted")
            self.shapes.append(words)
        else:
            self.shapes.append(_letter(gate, x, y, self.type + 2))
            if not transposed and room > 2 * width + 40:
                self.shapes.append(Label(x + room / 2 - 8, y, (size,), self.type - 1, "end"))
        if self.unit is not None and gate.tensor and (transposed or 7 * length(str(self.unit)) < room):
            own = sum(placement.of_unit(gate, along, self.unit)) / 2
            x, y = placement.at(own, begin + deep + ((ASIDE - PAD) / 2 if transposed else NUMBER / 2))
            self.shapes.append(Text(x, y, str(self.unit), 11.5, "num_units"))

    def _row(self, side: MatrixSide, ends: Ends, across: Ends) -> None:
        """The name and the size of a side across the gates, with a border around the numbers that read the unit."""
        placement, transposed = self.placement, self.placement.transposed
        wide = placement.size_width(side)
        x, y = placement.at(ends[0] - PAD - (13 if transposed else 8), sum(across) / 2)
        self._side_label(side, x if transposed else x - (wide + 16) / 2, y)
        if side.unit != "reads" or self.unit is None:
            return
        begin, end = placement.of_unit(side, across, self.unit)
        spare = max(0.0, FRAME - (end - begin)) / 2
        (x0, y0), (x1, y1) = placement.at(ends[0] - 2, begin - spare), placement.at(ends[1] + 2, end + spare)
        self.shapes.append(Border(x0, y0, x1 - x0, y1 - y0, 2))
        x, y = placement.at(ends[1] + PAD + (9 if transposed else 5), (begin + end) / 2)
        self.shapes.append(Text(x, y, str(self.unit), 11.5, "num_units", anchor="middle" if transposed else "start"))

    def _side_label(self, side: MatrixSide, x: float, y: float) -> None:
        """The letter and the size of a side, around a point."""
        size, wide = self.placement.size(side), self.placement.size_width(side)
        self.shapes.append(_letter(side, x - (wide / 2 + 4 if size else 0), y, self.type + 2))
        if size:
            self.shapes.append(Label(x + 8 - wide / 2, y, (size,), self.type - 1, "start"))

    def _block(self, block: Block, gate: MatrixSide, side: MatrixSide, along: Ends, across: Ends) -> None:
        a, b = self.placement.inner(gate, along), self.placement.inner(side, across)
        self._box(block.role, a, b, tensor=block.tensor, also=block.also)
        if not block.tensor:
            return
        if self.squares:
            (x, y), (right, bottom) = (self.placement.at(*point) for point in zip(a, b, strict=True))
            for count, is_across in ((side.size, True), (gate.size, False)):
                if count > 1:
                    upright = is_across == self.placement.transposed
                    role = AXES.get(block.role, "muted")
                    self.shapes.append(ParallelLines(role, x, y, right, bottom, count, upright, GRID))

    def _units(self, gate: MatrixSide, along: Ends, arrays: ArrayRow, rows: list[Ends]) -> None:
        """The clickable strips of a gate, each of which selects a unit, and the numbers of the selected one. Strips
        divide the whole place of the gate, even if the gate is drawn thinner."""
        (x0, y0), (x1, y1) = (self.placement.at(*p) for p in zip(along, (rows[0][0], rows[-1][1]), strict=True))
        upright = not self.placement.transposed
        self.shapes.append(HitStrips("unit", x0, y0, x1 - x0, y1 - y0, gate.size, STRIPS, upright))
        if self.unit is not None:
            own = self.placement.of_unit(gate, along, self.unit)
            for side, across in zip(arrays.across, rows, strict=True):
                self._box("own", own, self.placement.inner(side, across), unit=self.unit)

    def _box(self, role: str, along: Ends, across: Ends, radius: float = 0, **names: Any) -> None:
        (x0, y0), (x1, y1) = (self.placement.at(*point) for point in zip(along, across, strict=True))
        self.shapes.append(Box(role, x0, y0, x1 - x0, y1 - y0, radius, **names))

    def _legend(self) -> None:
        """The scale, and the meaning of the marks of a unit, or how to select one."""
        placement = self.placement
        words = [CHOOSE[placement.transposed, bool(self.squares)]]
        if self.unit is not None:
            unit = self.unit
            words = [phrase("weights of unit {n:,}", n=unit), phrase("weights that read unit {n:,}", n=unit)]
        first = placement.left + (EDGE if placement.transposed else placement.before)
        y = placement.room.height - placement.room.legend + 14
        square, text = scale_mark(placement.scale, 0, y)
        aside = text.x + word_width(text.text, text.size) + 24
        long = 22 + max(word_width(line, self.type) for line in words)
        is_below = aside + long > placement.room.width - 8
        x = max(4.0, min(first, placement.room.width - (long if is_below else aside + long) - 4))
        self.shapes += [replace(square, x=x), replace(text, x=x + text.x)]
        middle = text.y
        if is_below:
            y += max(square.height, 16) + 8
            middle = y + 6.5
        else:
            x += aside
        if self.unit is not None:
            self.shapes += [Box("own", x, y, 13, 13, 0), Border(x, y + 22, 13, 13, 2)]
            for k, line in enumerate(words):
                self.shapes.append(Text(x + 22, y + 6.5 + 22 * k, line, self.type, anchor="start"))
        else:
            self.shapes += [Text(x, middle, line, self.type, "muted", anchor="start") for line in words]


CHOOSE = {
    (False, True): phrase("Each column belongs to one unit; click one."),
    (False, False): phrase("Click a column to choose a unit."),
    (True, True): phrase("Each row belongs to one unit; click one."),
    (True, False): phrase("Click a row to choose a unit."),
}
"""How to select a unit, by whether the arrays are transposed and whether all of their numbers are drawn."""


def _letter(side: MatrixSide, x: float, y: float, size: float) -> Text:
    letter, sub = letters(side.name)
    return Text(x, y, letter, size, side.role, font="serif", italic=True, sub=sub)
