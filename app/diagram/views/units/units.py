"""The units: every vector as its numbers, side by side.

The cell is that of the unrolled picture, drawn with bundles of strands. The vectors that enter and leave are beside it,
number by number, each with its index.
"""

from collections.abc import Iterator
from dataclasses import replace

from ....core.axes import SIZES
from ....core.program import Program
from ....translations.phrases import phrase
from ...array_names import our_naming
from ...elements import Border, Box, Picture, Shape, Text
from ...graph import Node
from ...layouts import layout_of
from ...scene import Scene
from ...shape_labels import lettering
from ...text_lines import count
from ...text_metrics import LEADING, word_width
from ...transforms.fading import faded_after
from ...transforms.geometry import mirrored, scaled
from ...type_sizes import UNITS
from ..unrolled.unrolled import unrolled
from .component_places import HEIGHT, Numbers, name, name_width
from .counts_and_sizes_by_format import FORMATS, IN_TWO_LINES
from .strands_in_cell import StrandDrawing

LAYER = 0.96
"""The width of a layer, as a share of that in the unrolled picture."""

NARROW_LAYER, BESIDE_FUNNEL = 0.16, 0.15
"""The largest width of a layer in a narrow picture, as a share of that of the cell; and that where a funnel is beside
the last one."""

BOTH = 1.35
"""How many times higher the cell is with labels of names and numbers."""

LOW = 0.06
"""The share of the cell that is left free at its bottom: bundles are thicker than wires."""
FAN, SHORT = 30.0, 17.0
"""The distance in which strands go from the places of their numbers to where they are side by side; and that from a
state beside a narrow cell."""


def has_strands(program: Program) -> bool:
    """Whether all tensors of a step are vectors of features or units, whose components can be drawn."""
    return all(len(t.axes) == 2 and t.axes[-1].names[0] in SIZES for t in program.step)


UNROLLED = phrase(
    "Units are drawn one by one where all tensors are vectors of features or units. This cell has others, so it is "
    "drawn unrolled."
)
"""What is said where a cell has no picture of its units."""


def units(scene: Scene) -> Picture:
    """Draw the cell with a strand for each number of each vector. A cell with other tensors is drawn unrolled."""
    if not has_strands(scene.program):
        return unrolled(scene)
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
        shapes = [mirrored(shape, composition.format.width) for shape in shapes]
    cell, t, unit = scene.program.cell.title, scene.t, scene.unit
    title = phrase("{cell}, step {t}, one line per component of each vector", cell=cell, t=t)
    if unit is not None:
        title = phrase("{picture}, unit {n:,} highlighted", picture=title, n=unit)
    by = composition.format.scale
    width, height = round(by * composition.format.width), round(by * composition.format.height)
    return Picture(width, height, tuple(scaled(shape, by, 0, 0) for shape in shapes), title)


class UnitsComposition:
    """All positions, and the shapes. Steps count in the order in which the cell computes them, see ``order``."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.order, self.last = scene, scene.order, scene.order.last
        plain, is_both = FORMATS[scene.format], scene.labels == "both"
        if plain.screen and is_both:
            plain = IN_TWO_LINES
        drawn = layout_of(scene.program, "hall" if plain.screen else "page", in_two_lines=is_both)
        if plain.narrow:
            widest = BESIDE_FUNNEL if "projection" in scene.program.by_id else NARROW_LAYER
            layer = min(1.2 * drawn.layer, widest)
        else:
            layer = LAYER * drawn.layer
        self.layout = replace(drawn, layer=layer, rows={name: (1 - LOW) * y for name, y in drawn.rows.items()})
        self.states = sorted(scene.program.cell.states, key=self.layout.rows.__getitem__)
        self.format = f = plain.stretched(drawn, BOTH if is_both else 1.0)
        box = self.layout.box_at(f.left, f.above, f.cell_width, f.cell_height)
        self.box = replace(box, letters_inside=f.narrow or drawn.letters_inside)
        sizes = UNITS[scene.format].divided(f.scale)
        self.words = sizes.words
        self.d = StrandDrawing(
            scene.program,
            scene.sizes,
            lettering(scene.labels, scene.notation, sizes.beside, sizes.inside, narrow=True, least=sizes.least),
            scene.naming or our_naming(scene.program),
            scene.t,
            unit=scene.unit,
            poked=scene.poked,
            slots=f.slots,
            pitch=f.pitch,
            is_labelled=not f.narrow,
            tallest=f.tallest,
        )

    def shapes(self) -> Iterator[Shape]:
        d = self.d
        self.layout.inside(d, self.box)
        d.finish()
        yield from d.shapes
        yield from self._input()
        yield from self._output()
        yield from self._leaving()
        yield from self._entering()
        yield from self._words()

    # the vectors that enter and leave

    def _entering(self) -> Iterator[Shape]:
        """The states from the left, each as a stack of its numbers."""
        d, box = self.d, self.box
        right, top = box.x - (SHORT if self.format.narrow else FAN), 0.0
        for state in self.states:
            numbers, y = Numbers(d, f"{state}_prev"), box.row(state)
            label = numbers.label(right, 0, "end", room=right - 4)
            height = LEADING * label.size * count(label.lines)
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

    def _leaving(self) -> Iterator[Shape]:
        """The states to the right, out of the picture."""
        d, box = self.d, self.box
        end = box.right + min(48.0, self.format.right - 4)
        for state in self.states:
            numbers, y, border = Numbers(d, state), box.row(state), Node("exit", state, d.t)
            for component in numbers.components:
                at = y + numbers.offset(component)
                yield numbers.strand(component, border, Node("outside", state), (box.right, at), (end, at), head=True)
            if not self.format.narrow:
                above = y - d.thickness(state) / 2 - 12
                yield name(state, d.t, (box.right + end) / 2, above, "middle", border)

    def _input(self) -> Iterator[Shape]:
        """x from below, as a row of its numbers."""
        d, box = self.d, self.box
        numbers, x, edge = Numbers(d, "x"), box.column("x"), box.bottom + FAN
        y = edge + HEIGHT / 2
        places = numbers.row(x, y, self.format.width)
        for place in places:
            at = x + numbers.offset(place.component)
            end = (at, box.bottom + 8), (at, box.bottom)
            border = Node("entry", "x", d.t)
            yield numbers.strand(place.component, numbers.node, border, (place.x, edge), (place.x, edge - 6), *end)
        yield from numbers.drawn(places, also=("X",))
        right = places[-1].right + 9
        yield name("x", d.t, right, y, "start", numbers.node)
        label = numbers.label(right + name_width(d.t) + 9, y, "start", 200 if self.format.screen else 120)
        half = LEADING * label.size * count(label.lines) / 2
        yield replace(label, y=min(y, self.format.height - half))

    def _output(self) -> Iterator[Shape]:
        """h upwards, as a row of its numbers; with a border at the last step, whose output is usually used."""
        d, box = self.d, self.box
        output = d.program.cell.output
        numbers, x, edge = Numbers(d, output), box.column("output"), box.y - FAN
        y = edge - HEIGHT / 2
        places = numbers.row(x, y, self.format.width)
        for place in places:
            at = x + numbers.offset(place.component)
            start = (at, box.y), (at, box.y - 8)
            border, way = Node("exit", output, d.t), (*start, (place.x, edge + 6), (place.x, edge))
            yield numbers.strand(place.component, border, numbers.node, *way)
        last = d.t == self.order(self.last)
        yield from numbers.drawn(places, also=("Y", *d.program.last_output) if last else ("Y",))
        left, right = places[0].left, places[-1].right
        yield name(output, d.t, left - 9, y, "end", numbers.node)
        label = numbers.label(left - name_width(d.t) - 18, y, "end")
        label = replace(label, y=max(y, LEADING * label.size * count(label.lines) / 2))
        yield label
        if last:
            width, height = right - left + 10, HEIGHT + 10
            yield Border(
                left - 5,
                y - height / 2,
                width,
                height,
                tensor=(*d.program.last_output, output)[0],
                t=d.t,
                node=numbers.node,
            )
            words = Text(label.bounds()[0] - 18, y, d.naming.last, self.words, anchor="end", node=numbers.node)
            if self.format.narrow:
                half = word_width(d.naming.last, self.words) / 2 + 1
                x, y = min((left + right) / 2, self.format.width - half), y - HEIGHT / 2 - 15
                words = replace(words, x=x, y=y, anchor="middle")
            yield words

    def _words(self) -> Iterator[Shape]:
        """The previous and the next step, in words."""
        box, size = self.box, self.words
        before, after = (self.order(self.order(self.d.t) + by) for by in (-1, 1))
        has_previous = 0 <= before <= self.last
        words = phrase("from step {n:,}", n=before) if has_previous else phrase("zeros come in")
        yield Text(box.x, box.y - 1.1 * size, words, size, "muted", anchor="start")
        if 0 <= after <= self.last:
            words = phrase("to step {n:,}", n=after)
            yield Text(box.right, box.bottom + 1.4 * size, words, size, "muted", anchor="end")
