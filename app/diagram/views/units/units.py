"""The units: every vector as its numbers, side by side.

The cell is that of the unrolled picture, drawn with bundles of strands. The vectors that enter and leave are beside it,
number by number, each with its index.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ....translations.phrases import phrase
from ...array_names import our_naming
from ...graph import Node
from ...layouts import layout_of
from ...layouts.layout import CellBox
from ...scene import Scene
from ...shape_labels import lettering
from ...shapes import Border, Box, Picture, Shape, Text
from ...text_metrics import LEADING
from ...transforms.fading import faded_after
from ...transforms.geometry import mirrored, scaled
from ...type_sizes import UNITS
from .number_places import HEIGHT, Numbers, name, name_width
from .strands import WIDTH, StrandDrawing


@dataclass(frozen=True)
class Format:
    """How the picture is laid out, in pixels: ``cells`` whole steps side by side. The inside of the cell is drawn
    ``scale`` times as large as in the unrolled picture. ``slots`` are the largest numbers of strands, of a vector of
    the cell and of x, ``pitch`` is the distance between two before scaling."""

    cell_width: float
    cell_height: float
    scale: float
    left: float
    right: float
    slots: tuple[int, int] = (6, 4)
    pitch: float = 4.8
    cells: int = 1


PAGE = Format(cell_width=760, cell_height=530, scale=1.5, left=122, right=78)

FORMATS = {
    "narrow": Format(348, 450, 1.0, left=72, right=20, slots=(4, 3), pitch=6),
    "page": PAGE,
    "wide": replace(PAGE, cell_width=1000),
    "hall": replace(PAGE, cells=2),
}

GAP = 110.0
"""The distance between two whole steps."""

ABOVE, BELOW = 98.0, 92.0
LOW = 0.06
"""The share of the cell that is left free at its bottom: bundles are thicker than wires."""
LEAST = 10.5
"""The smallest size of an operation's word in a cell that is drawn smaller."""
FAN = 28.0
"""The distance in which strands go from the places of their numbers to where they are side by side."""


def units(scene: Scene) -> Picture:
    """Draw the cell with a strand for each number of each vector."""
    composition = UnitsComposition(scene)
    shapes = list(composition.shapes())
    if scene.until:
        shapes = list(faded_after(shapes, scene.program, scene.order, scene.t, scene.until))
    # The place of a number selects its unit, whichever vector it is in.
    poked = scene.poked[0] if scene.poked else ""
    shapes = [
        replace(s, tensor="", also=()) if isinstance(s, Box) and s.unit is not None and s.tensor != poked else s
        for s in shapes
    ]
    if scene.is_reversed:
        shapes = [mirrored(shape, composition.width) for shape in shapes]
    cell, t, unit = scene.program.cell.title, scene.t, scene.unit
    title = phrase("{cell}, step {t}, one line per component of each vector", cell=cell, t=t)
    if unit is not None:
        title = phrase("{picture}, unit {n:,} highlighted", picture=title, n=unit)
    return Picture(composition.width, composition.height, tuple(shapes), title)


class UnitsComposition:
    """All positions. Steps count in the order in which the cell computes them, see ``order``."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        program = scene.program
        drawn = layout_of(program)
        self.layout = replace(
            drawn, layer=0.96 * drawn.layer, rows={name: (1 - LOW) * y for name, y in drawn.rows.items()}
        )
        self.states = sorted(program.cell.states, key=self.layout.rows.__getitem__)
        wider, higher = self.layout.stretch
        f = FORMATS[scene.format]
        taller = higher * (1.22 if scene.labels == "both" else 1)
        if scene.format == "narrow":  # the width is fixed, so a wide cell is drawn smaller
            self.format = replace(f, cell_height=taller * f.cell_height, scale=f.scale / wider**2)
        else:
            self.format = replace(f, cell_width=wider * f.cell_width, cell_height=taller * f.cell_height)
        self.order, self.last = scene.order, scene.order.last
        cells = min(self.format.cells, self.last + 1)
        first = min(self.order(scene.t), self.last + 1 - cells)
        pitch = self.format.cell_width + GAP
        self.boxes = {self.order(first + k): self._box(self.format.left + k * pitch, ABOVE, 1.0) for k in range(cells)}
        self.width = self.format.left + cells * pitch - GAP + self.format.right
        self.height = ABOVE + self.format.cell_height + BELOW

    def _box(self, x: float, y: float, by: float) -> CellBox:
        return self.layout.box_at(x, y, self.format.cell_width / by, self.format.cell_height / by)

    def _drawing(self, t: int, by: float) -> StrandDrawing:
        """An empty drawing of one step, whose shapes are to be drawn ``by`` times as large."""
        scene, f, sizes = self.scene, self.format, UNITS[self.scene.format]
        letters = lettering(scene.labels, scene.notation, sizes.beside / by, sizes.inside / by, narrow=True)
        naming = scene.naming or our_naming(scene.program)
        return StrandDrawing(
            scene.program,
            scene.sizes,
            letters,
            naming,
            t,
            unit=scene.unit,
            poked=scene.poked if t == scene.t else None,
            slots=f.slots,
            pitch=f.pitch * f.scale / by,
            width=WIDTH / by,
            is_labelled=scene.format != "narrow",
        )

    def shapes(self) -> Iterator[Shape]:
        steps = list(self.boxes)
        for t, box in self.boxes.items():
            d = self._drawing(t, 1.0)
            yield from self._inside(t, box)
            yield from self._input(d, box)
            yield from self._output(d, box)
            yield from self._leaving(d, box, t == steps[-1])
        yield from self._entering(self._drawing(steps[0], 1.0), self.boxes[steps[0]])
        yield from self._words(steps)

    def _inside(self, t: int, box: CellBox) -> Iterator[Shape]:
        by = self.format.scale
        d = self._drawing(t, by)
        self.layout.inside(d, self._box(0, 0, by))
        d.finish()
        for shape in d.shapes:
            shape = scaled(shape, by, box.x, box.y)
            if isinstance(shape, Text) and shape.font == "sans":
                shape = replace(shape, size=max(shape.size, min(LEAST, 1.32 * shape.size)))  # the room in its ellipse
            yield shape

    # the vectors that enter and leave

    def _entering(self, d: StrandDrawing, box: CellBox) -> Iterator[Shape]:
        """The states from the left, each as a stack of its numbers."""
        right, top = box.x - FAN, 0.0
        for state in self.states:
            numbers, y = Numbers(d, f"{state}_prev"), box.row(state)
            label = numbers.label(right, 0, "end", room=right - 4)
            height = LEADING * label.size * len(label.lines)
            places = numbers.stack(right, max(top + height + HEIGHT + 26, y - numbers.height / 2))
            top = places[-1].y
            for place in places:
                at = y + numbers.offset(place.component)
                start = (right, place.y), (right + 6, place.y)
                border = Node("entry", numbers.tensor, d.t)
                way = *start, (box.x - 7, at), (box.x + 1, at)
                yield numbers.strand(place.component, numbers.node, border, *way)
            yield from numbers.drawn(places)
            above = places[0].y - HEIGHT / 2 - 4
            yield replace(label, y=above - height / 2)
            yield name(state, self.order(self.order(d.t) - 1), right, above - height - 10, "end", numbers.node)

    def _leaving(self, d: StrandDrawing, box: CellBox, is_last: bool) -> Iterator[Shape]:
        """The states to the right, out of the picture or into the next step."""
        end = box.right + (min(48.0, self.format.right - 4) if is_last else GAP)
        for state in self.states:
            numbers, y, border = Numbers(d, state), box.row(state), Node("exit", state, d.t)
            next_step = Node("entry", f"{state}_prev", self.order(self.order(d.t) + 1))
            target = Node("outside", state) if is_last else next_step
            for component in numbers.components:
                at = y + numbers.offset(component)
                yield numbers.strand(component, border, target, (box.right, at), (end, at), head=is_last)
            if self.format.right > 40 or not is_last:
                above = y - d.thickness(state) / 2 - 12
                yield name(state, d.t, (box.right + end) / 2, above, "middle", border)

    def _input(self, d: StrandDrawing, box: CellBox) -> Iterator[Shape]:
        """x from below, as a row of its numbers."""
        numbers, x, edge = Numbers(d, "x"), box.column("x"), box.bottom + FAN + 20
        y = edge + HEIGHT / 2
        places = numbers.row(x, y, self.width)
        for place in places:
            at = x + numbers.offset(place.component)
            end = (at, box.bottom + 8), (at, box.bottom)
            border = Node("entry", "x", d.t)
            yield numbers.strand(place.component, numbers.node, border, (place.x, edge), (place.x, edge - 6), *end)
        yield from numbers.drawn(places, also=("X",))
        right = places[-1].right + 9
        yield name("x", d.t, right, y, "start", numbers.node)
        yield numbers.label(right + name_width(d.t) + 9, y, "start")

    def _output(self, d: StrandDrawing, box: CellBox) -> Iterator[Shape]:
        """h upwards, as a row of its numbers; with a border at the last step, whose output is usually used."""
        output = d.program.cell.output
        numbers, x, edge = Numbers(d, output), box.column("output"), box.y - FAN - 20
        y = edge - HEIGHT / 2
        places = numbers.row(x, y, self.width)
        for place in places:
            at = x + numbers.offset(place.component)
            start = (at, box.y), (at, box.y - 8)
            border, way = Node("exit", output, d.t), (*start, (place.x, edge + 6), (place.x, edge))
            yield numbers.strand(place.component, border, numbers.node, *way)
        last = d.t == self.order(self.last)
        yield from numbers.drawn(places, also=("Y", f"{output}_T") if last else ("Y",))
        left, right = places[0].left, places[-1].right
        yield name(output, d.t, left - 9, y, "end", numbers.node)
        yield numbers.label(left - name_width(d.t) - 18, y, "end")
        if last:
            width, height = right - left + 10, HEIGHT + 10
            yield Border(left - 5, y - height / 2, width, height, tensor=f"{output}_T", t=d.t, node=numbers.node)
            yield Text(
                min((left + right) / 2, self.width - 40), y - HEIGHT / 2 - 15, d.naming.last, 12, node=numbers.node
            )

    def _words(self, steps: list[int]) -> Iterator[Shape]:
        """The previous and the next step, in words."""
        first, last = self.boxes[steps[0]], self.boxes[steps[-1]]
        before, after = self.order(self.order(steps[0]) - 1), self.order(self.order(steps[-1]) + 1)
        has_previous = 0 <= before <= self.last
        words = phrase("from step {n:,}", n=before) if has_previous else phrase("zeros come in")
        yield Text(first.x, first.y - 14, words, 12, "muted", anchor="start")
        if 0 <= after <= self.last:
            words = phrase("to step {n:,}", n=after)
            yield Text(last.right, last.bottom + 18, words, 12, "muted", anchor="end")
