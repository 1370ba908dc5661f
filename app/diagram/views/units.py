"""The units: every vector as its numbers, side by side.

The cell is the one of the unrolled picture, drawn with bundles of strands. What comes in and goes out stands beside it
number by number, each with its index.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.diagram.labels import lettering, shape_line, wrapped
from app.diagram.layouts import layout_of
from app.diagram.layouts.layout import Place
from app.diagram.naming import our_naming
from app.diagram.scaled import scaled
from app.diagram.scene import Scene
from app.diagram.shapes import LEADING, Box, Frame, Label, Picture, Shape, Text, Wire, mirrored
from app.diagram.stepping import stepped
from app.diagram.strands import WIDTH, Component, StrandDrawing
from app.diagram.theme import ADVANCE, AREAS, SUBSCRIPT


@dataclass(frozen=True)
class Format:
    """How the picture is laid out: ``cells`` whole steps side by side. Inside the cell everything but the place itself
    is drawn ``scale`` times as large as in the unrolled picture. ``slots`` is how many numbers are drawn at most, of a
    vector of the cell's own and of x, ``pitch`` how far apart before scaling."""

    cell_width: float
    cell_height: float
    scale: float
    left: float
    right: float
    slots: tuple[int, int] = (6, 4)
    pitch: float = 4.8
    label_size: float = 13.0
    small_size: float = 12.0
    cells: int = 1


PAGE = Format(cell_width=760, cell_height=530, scale=1.5, left=122, right=78)

FORMATS = {
    "narrow": Format(348, 450, 1.0, left=72, right=20, slots=(4, 3), pitch=6, label_size=12, small_size=11),
    "page": PAGE,
    "wide": replace(PAGE, cell_width=1000),
    "hall": replace(PAGE, cells=2),
}

GAP = 110.0
"""Between two whole steps."""

ABOVE, BELOW = 98.0, 92.0
PILL, PILL_SIZE, STACK = 18.0, 11.0, 21.0
"""How high the place of one number is, the size of its index, and how far it is from one to the next in a stack."""
LOW = 0.06
"""Bundles are thicker than wires: this share of the cell more is left free at its bottom."""
LEAST = 10.5
"""The size of an operation's word in a cell that is drawn smaller, at least."""
NAME = 16.0
"""The size of the letter of a vector."""
FAN = 28.0
"""How far strands go from a number's place to where they lie side by side."""


def units(scene: Scene) -> Picture:
    """Draw the cell with a strand for each number of each vector."""
    page = Page(scene)
    shapes = list(page.shapes())
    if scene.until:
        shapes = list(stepped(shapes, scene.program, page.turned, scene.t, scene.until))
    # A number's place tells of its unit, whichever vector it stands in.
    shapes = [replace(s, tensor="", also=()) if isinstance(s, Box) and s.unit is not None else s for s in shapes]
    if scene.backward:
        shapes = [mirrored(shape, page.width) for shape in shapes]
    title = f"{scene.program.cell.title}, step {scene.t}, with a strand for each number of each vector"
    followed = "" if scene.unit is None else f", unit {scene.unit} in front"
    return Picture(page.width, page.height, tuple(shapes), title + followed)


class Spot(NamedTuple):
    """The place of one number in a stack or a row, by its middle."""

    component: Component
    x: float
    y: float
    width: float


class Page:
    """Where everything stands. Steps count in the order in which the cell takes them, see ``turned``."""

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
        if scene.format == "narrow":  # all that there is: what asks for more is drawn smaller
            self.format = replace(f, cell_height=taller * f.cell_height, scale=f.scale / wider**2)
        else:
            self.format = replace(f, cell_width=wider * f.cell_width, cell_height=taller * f.cell_height)
        self.last = scene.sizes["time_step"] - 1
        cells = min(self.format.cells, self.last + 1)
        first = min(self.turned(scene.t), self.last + 1 - cells)
        pitch = self.format.cell_width + GAP
        self.places = {
            self.turned(first + k): self._place(self.format.left + k * pitch, ABOVE, 1.0) for k in range(cells)
        }
        self.width = self.format.left + cells * pitch - GAP + self.format.right
        self.height = ABOVE + self.format.cell_height + BELOW

    def turned(self, t: int) -> int:
        """The place of a step in the order in which the cell takes them, and the step at a place."""
        return self.last - t if self.scene.backward else t

    def _place(self, x: float, y: float, by: float) -> Place:
        return self.layout.place(x, y, self.format.cell_width / by, self.format.cell_height / by)

    def _sheet(self, t: int, by: float) -> StrandDrawing:
        """A sheet for one step, whose shapes are to be drawn so many times as large."""
        scene, f = self.scene, self.format
        letters = lettering(scene.labels, f.label_size / by, f.small_size / by, narrow=True)
        naming = scene.naming or our_naming(scene.program)
        return StrandDrawing(
            scene.program,
            scene.sizes,
            letters,
            naming,
            t,
            unit=scene.unit,
            slots=f.slots,
            pitch=f.pitch * f.scale / by,
            width=WIDTH / by,
            is_labelled=scene.format != "narrow",
        )

    def shapes(self) -> Iterator[Shape]:
        steps = list(self.places)
        for t, place in self.places.items():
            yield from self._inside(t, place)
            yield from self._input(self._sheet(t, 1.0), place)
            yield from self._output(self._sheet(t, 1.0), place)
            yield from self._leaving(self._sheet(t, 1.0), place, self.places.get(steps[-1]) is place)
        yield from self._entering(self._sheet(steps[0], 1.0), self.places[steps[0]])
        yield from self._words(steps)

    def _inside(self, t: int, place: Place) -> Iterator[Shape]:
        by = self.format.scale
        d = self._sheet(t, by)
        self.layout.inside(d, self._place(0, 0, by))
        d.finish()
        for shape in d.shapes:
            made = scaled(shape, by, place.x, place.y)
            if isinstance(made, Text) and made.font == "sans":
                made = replace(made, size=max(LEAST, made.size))
            yield made

    # what comes in and goes out

    def _entering(self, d: StrandDrawing, place: Place) -> Iterator[Shape]:
        """The states from the left, each as a stack of its numbers."""
        top = 0.0
        for state in self.states:
            tensor, y = f"{state}_prev", place.row(state)
            label = self._shape(d, tensor, place.x - FAN, 0, "end", room=place.x - FAN - 4)
            height = LEADING * label.size * len(label.lines)
            top = max(top + height + PILL + 26, y - STACK * d.components(tensor)[-1].slot / 2)
            spots = self._stack(d, tensor, place.x - FAN, top)
            top = spots[-1].y
            for spot in spots:
                edge, at = spot.x + spot.width / 2, y + d.offset(spot.component.slot, tensor)
                way = (edge, spot.y), (edge + 6, spot.y), (place.x - 7, at), (place.x + 1, at)
                yield self._strand(d, tensor, spot.component, way)
            yield from self._pills(d, tensor, spots)
            yield from self._gap(d, tensor, spots, place.x - FAN, "end")
            above = spots[0].y - PILL / 2 - 4
            yield replace(label, y=above - height / 2)
            yield _name(state, self.turned(self.turned(d.t) - 1), place.x - FAN, above - height - 10, "end")

    def _leaving(self, d: StrandDrawing, place: Place, is_last: bool) -> Iterator[Shape]:
        """The states to the right, out of the picture or into the next step."""
        end = place.right + (min(48.0, self.format.right - 4) if is_last else GAP)
        for state in self.states:
            y = place.row(state)
            for component in d.components(state):
                at = y + d.offset(component.slot, state)
                yield self._strand(d, state, component, ((place.right, at), (end, at)), head=is_last)
            if self.format.right > 40 or not is_last:
                above = y - d.thickness(state) / 2 - 12
                yield _name(state, d.t, (place.right + end) / 2, above, "middle")

    def _input(self, d: StrandDrawing, place: Place) -> Iterator[Shape]:
        """x from below, as a row of its numbers."""
        x, y = place.column("x"), place.bottom + FAN + 20 + PILL / 2
        spots = self._row(d, "x", x, y)
        for spot in spots:
            at, edge = x + d.offset(spot.component.slot, "x"), y - PILL / 2
            way = (spot.x, edge), (spot.x, edge - 6), (at, place.bottom + 8), (at, place.bottom)
            yield self._strand(d, "x", spot.component, way)
        yield from self._pills(d, "x", spots, also=("X",))
        yield from self._gap(d, "x", spots, 0, "middle")
        right = max(s.x + s.width / 2 for s in spots)
        yield _name("x", d.t, right + 10, y, "start")
        yield self._shape(d, "x", right + 26 + 7 * len(str(d.t)), y, "start")

    def _output(self, d: StrandDrawing, place: Place) -> Iterator[Shape]:
        """h upwards, as a row of its numbers; at the last step with the border that marks what is usually used."""
        output = d.program.cell.output
        x, y = place.column("output"), place.y - FAN - 20 - PILL / 2
        spots = self._row(d, output, x, y)
        for spot in spots:
            at, edge = x + d.offset(spot.component.slot, output), y + PILL / 2
            way = (at, place.y), (at, place.y - 8), (spot.x, edge + 6), (spot.x, edge)
            yield self._strand(d, output, spot.component, way)
        last = d.t == self.turned(self.last)
        yield from self._pills(d, output, spots, also=("Y", f"{output}_T") if last else ("Y",))
        yield from self._gap(d, output, spots, 0, "middle")
        left, right = min(s.x - s.width / 2 for s in spots), max(s.x + s.width / 2 for s in spots)
        yield _name(output, d.t, left - 24 - 6 * (len(str(d.t)) - 1), y, "start")
        yield self._shape(d, output, left - 34 - 6 * (len(str(d.t)) - 1), y, "end")
        if last:
            yield Frame(left - 5, y - PILL / 2 - 5, right - left + 10, PILL + 10, tensor=f"{output}_T", t=d.t)
            middle = min((left + right) / 2, self.width - 40)
            yield Text(middle, y - PILL / 2 - 15, "last output", 12)

    def _words(self, steps: list[int]) -> Iterator[Shape]:
        """Which step comes before and which next, and how much is drawn."""
        first, last = self.places[steps[0]], self.places[steps[-1]]
        before, after = self.turned(self.turned(steps[0]) - 1), self.turned(self.turned(steps[-1]) + 1)
        words = f"from step {before:,}" if 0 <= before <= self.last else "zeros come in"
        yield Text(first.x, first.y - 14, words, 12, "muted", anchor="start")
        if 0 <= after <= self.last:
            yield Text(last.right, last.bottom + 18, f"to step {after:,}", 12, "muted", anchor="end")

    # numbers

    def _stack(self, d: StrandDrawing, tensor: str, right: float, top: float) -> list[Spot]:
        """Number 0 on top, as the strands lie."""
        components = d.components(tensor)
        width = max(_width(c.number) for c in components)
        return [Spot(c, right - width / 2, top + STACK * c.slot, width) for c in components]

    def _row(self, d: StrandDrawing, tensor: str, x: float, y: float) -> list[Spot]:
        """Number 0 at the left, or where the strands that go up have it; within the picture."""
        components = d.components(tensor)
        width = max(_width(c.number) for c in components)
        hidden = self._hidden(d, tensor)
        gap = max(width, _text_width(hidden) + 6) if hidden else 0.0
        step = width + 3
        total = step * len(components) - 3 + (gap + 3 if hidden else 0)
        left = max(6.0, min(x - total / 2, self.width - total - 8))
        return [
            Spot(c, left + n * step + width / 2 + (gap + 3 if c.slot > n else 0), y, width)
            for n, c in enumerate(components)
        ]

    def _pills(self, d: StrandDrawing, tensor: str, spots: list[Spot], also: tuple[str, ...] = ()) -> Iterator[Shape]:
        """The places of the numbers, each with its index."""
        role = AREAS[d.strands(tensor)[0].axis]
        for (index, _), x, y, width in spots:
            unit = index if d.is_of_units(tensor) else None
            faint = d.is_faint(tensor, index, is_read=tensor in d.read)
            left, top = x - width / 2, y - PILL / 2
            yield Box(role, left, top, width, PILL, 9, tensor=tensor, also=also, t=d.t, unit=unit, faint=faint)
            yield Text(x, y, str(index), PILL_SIZE, font="mono", faint=faint)

    def _gap(self, d: StrandDrawing, tensor: str, spots: list[Spot], x: float, anchor: str) -> Iterator[Shape]:
        """How many numbers are not drawn, where they would stand."""
        if hidden := self._hidden(d, tensor):
            before, after = spots[-2], spots[-1]
            if anchor == "middle":
                x = (before.x + after.x) / 2
            yield Text(x, (before.y + after.y) / 2, hidden, PILL_SIZE, "muted", anchor=anchor, font="mono")

    def _hidden(self, d: StrandDrawing, tensor: str) -> str:
        more = d.count(tensor) - len(d.components(tensor))
        return f"+{more:,}" if more else ""

    def _strand(
        self,
        d: StrandDrawing,
        tensor: str,
        component: Component,
        way: tuple[tuple[float, float], ...],
        head: bool = False,
    ) -> Wire:
        unit = component.number if d.is_of_units(tensor) else None
        faint = d.is_faint(tensor, component.number, is_read=tensor in d.read)
        axis = d.strands(tensor)[0].axis
        return Wire(axis, d.width, way, 8.0, head, tensor=tensor, t=d.t, unit=unit, faint=faint)

    # words

    def _shape(self, d: StrandDrawing, tensor: str, x: float, y: float, anchor: str, room: float = 120) -> Label:
        """The shape of a vector that comes in or goes out."""
        size = self.format.label_size
        lines = tuple(
            line
            for write in d.lettering.wires
            for line in wrapped(shape_line(d.axes(tensor), d.sizes, write), size, room)
        )
        return Label(x, y, lines, size, anchor, tensor=tensor, t=d.t)


def _name(letter: str, t: int, x: float, y: float, anchor: str) -> Text:
    """A letter with its step. It stands by its middle, which painters agree on."""
    sub = str(t).replace("-", "−")
    half = (0.55 * NAME + SUBSCRIPT * NAME * ADVANCE * len(sub)) / 2
    middle = x + {"start": half, "middle": 0.0, "end": -half}[anchor]
    return Text(middle, y, letter, NAME, font="serif", italic=True, sub=sub)


def _width(index: int) -> float:
    return max(20.0, _text_width(str(index)) + 9)


def _text_width(text: str) -> float:
    return ADVANCE * PILL_SIZE * len(text)
