"""The cell unrolled: the focused step in full, the others as slabs, wires between them, the arrays of the run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...translations.phrases import phrase
from ..array_names import our_naming
from ..drawing import Drawing
from ..folding import DOTS, Fold, Slot, StepOrder, after, before
from ..graph import Node, Port
from ..layouts import layout_of
from ..layouts.layout import CellBox
from ..layouts.parts import entry, output_exit, state_exit
from ..scene import Scene
from ..shape_labels import lettering, steps
from ..shapes import Border, Box, Picture, Text
from ..transforms.fading import faded_after
from ..transforms.geometry import mirrored
from ..type_sizes import UNROLLED, UNROLLED_WITH_NAMES
from .io_margin import margin_of


@dataclass(frozen=True)
class Format:
    """How a picture is laid out, in pixels. ``cells`` steps are whole, side by side, the focused one among them, with
    ``wing`` slots on each side for other steps, 0 if there is no room. The arrays of the run are below the picture in
    ``columns``, or at its right if that is 0."""

    cell_width: float
    cell_height: float
    gap: float
    wing: int
    columns: int
    cells: int = 1


PAGE = Format(cell_width=480, cell_height=380, gap=92, wing=3, columns=4)
WIDE = replace(PAGE, columns=0)

FORMATS = {
    "narrow": Format(cell_width=396, cell_height=424, gap=22, wing=0, columns=2),
    "page": PAGE,
    "wide": WIDE,
    "hall": replace(WIDE, cells=2),
}

# Names are longer than numbers: the cell is larger, and a page has room for fewer other steps.
WIDE_WITH_NAMES = replace(WIDE, cell_width=620, cell_height=500, gap=86)

WITH_NAMES = {
    "narrow": replace(FORMATS["narrow"], cell_height=612),
    "page": replace(WIDE_WITH_NAMES, columns=PAGE.columns, wing=2),
    "wide": WIDE_WITH_NAMES,
    "hall": replace(WIDE_WITH_NAMES, cells=2),
}

SLAB_WIDTH, SLAB_GAP, EDGE = 42.0, 13.0, 38.0
ZERO = 15.0  # the room of a 0 before the wire of the first state
ENTERS, LEAVES = 18.0, 26.0  # the length of the wires of the initial and of the final states
PITCH = SLAB_WIDTH + SLAB_GAP
ABOVE, BELOW = 114.0, 92.0
WHOLE_CIRCLE, SLAB_CIRCLE = 21.0, 18.0  # radius
X_BELOW, H_ABOVE, SLAB_H_ABOVE = 62.0, 63.0, 44.0  # from the border of a step to the middle of its circles
ARRAYS_AWAY = 50.0  # from the border of a step to the arrays X and Y in the margin
TIP = 1.0  # how far the wire of a previous state reaches into the cell

STATE, STATE_AWAY = 15, 14.0
"""The size of the name of a state, and its distance from the wire, or from the tip of its arrow."""

WORDS, ZERO_SIZE, LAST_SIZE, DOTS_SIZE = 12.5, 13, 12, 18
"""Sizes of type: of words about steps, of a 0, of the words at the last output, of the dots of a fold."""


def unrolled(scene: Scene) -> Picture:
    """Draw the cell unrolled, step ``t`` in full. Raises DiagramError if the layout names a tensor that does not exist.

    Time runs to the right, even if the cell computes the last step first: the states then run to the left.
    """
    chosen = format_of(scene)
    composition = UnrolledComposition(chosen, drawing_for(scene, chosen, Drawing), scene.order)
    composition.draw(scene.until)
    return Picture(composition.width, composition.height, tuple(composition.d.shapes), title(scene))


def title(scene: Scene) -> str:
    """The title of the picture."""
    cell, over, t = scene.program.cell.title, steps(scene.sizes["time_step"]), scene.t
    if scene.is_reversed:
        return phrase(
            "{cell} unrolled over {steps} from the last to the first, step {t} in full", cell=cell, steps=over, t=t
        )
    return phrase("{cell} unrolled over {steps}, step {t} in full", cell=cell, steps=over, t=t)


def format_of(scene: Scene) -> Format:
    return FORMATS[scene.format] if scene.labels == "numbers" else WITH_NAMES[scene.format]


def drawing_for(scene: Scene, format: Format, kind: type[Drawing]) -> Drawing:
    """An empty drawing of a kind, at the focused step."""
    sizes = (UNROLLED if scene.labels == "numbers" else UNROLLED_WITH_NAMES)[scene.format]
    letters = lettering(scene.labels, scene.notation, sizes.beside, sizes.inside, narrow=not format.wing)
    return kind(scene.program, scene.sizes, letters, scene.naming or our_naming(scene.program), scene.t)


def heights(box: CellBox, states: Iterable[str]) -> dict[str, float]:
    """The height of each array of the run in a picture."""
    rows = {state: box.row(state) for state in states}
    return {
        "Y": box.y - ARRAYS_AWAY,
        **rows,
        **{f"{state}_T": y for state, y in rows.items()},
        "X": box.bottom + ARRAYS_AWAY,
    }


class UnrolledComposition:
    """The unrolled cell in one format: computes all positions and draws.

    Steps are drawn from left to right in the order in which the cell computes them; if it computes the last one first,
    the picture is mirrored. ``k`` counts that order, ``t`` the time.
    """

    zero, enters, inset = ZERO, ENTERS, 0.0
    neighbours = phrase("from step {n:,}"), phrase("to step {n:,}")
    """The words at the wires from the previous step and to the next one, where these are not drawn."""

    def __init__(
        self, format: Format, d: Drawing, order: StepOrder, above: float = ABOVE, below: float = BELOW
    ) -> None:
        self.layout = layout_of(d.program)
        self.states = sorted(d.program.cell.states, key=self.layout.rows.__getitem__)  # from the top one down
        wider, higher = self.layout.stretch
        format = replace(format, cell_width=wider * format.cell_width, cell_height=higher * format.cell_height)
        self.format, self.d, self.order, self.last = format, d, order, order.last
        cells = min(format.cells, self.last + 1)
        first = min(self.order(d.t), self.last + 1 - cells)
        self.whole = range(first, first + cells)
        self.left, self.right = self._wings()
        # The width does not depend on the number of steps while there are few, so that the picture does not jump.
        slots = max(format.wing + 1, len(self.left) + len(self.right)) if format.wing else 0
        side = format.gap + (EDGE + (slots * PITCH - 2 * SLAB_GAP) / 2 if format.wing else 0)
        shift = PITCH * (len(self.left) - len(self.right)) / 2
        pitch = format.cell_width + format.gap
        self.boxes = [
            self.layout.box_at(side + shift + k * pitch, above, format.cell_width, format.cell_height)
            for k in range(cells)
        ]
        self.bottom = above + format.cell_height + below
        self.drawn_width = 2 * side + cells * pitch - format.gap
        self.margin = margin_of(
            d.naming, format.columns, heights(self.boxes[0], self.states), self.drawn_width, self.bottom
        )
        self.width = self.drawn_width + self.margin.beside
        self.height = self.bottom + self.margin.beneath

    def _wings(self) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
        """The slots left and right of the whole steps."""
        if not self.format.wing:
            return (), ()
        return before(self.whole[0], self.format.wing), after(self.whole[-1], self.last + 1, self.format.wing)

    def draw(self, until: str = "") -> None:
        """Draw everything. If ``until`` names a tensor, shapes of later tensors of the focused step and of later steps
        are faint."""
        for k, box in zip(self.whole, self.boxes, strict=True):
            d = self._at(k)
            self.layout.inside(d, box)
            self._input(d, box)
            self._output(d, box)
            self._leave(d, box)
        self._enter(self._at(self.whole[0]), self.boxes[0])
        self._left_wing()
        self._right_wing()
        if not self.format.wing:
            self._neighbours()
        self._finish(until)

    def _finish(self, until: str) -> None:
        """Make the shapes of tensors after ``until`` faint, if it names one; mirror; add the arrays of the run."""
        if until:
            self.d.shapes[:] = faded_after(self.d.shapes, self.d.program, self.order, self.d.t, until)
        if self.order.is_reversed:
            self.d.shapes[:] = [mirrored(shape, self.drawn_width) for shape in self.d.shapes]
        self.margin.draw(self.d)

    def _at(self, k: int) -> Drawing:
        """The drawing at the k-th step."""
        return self.d.at(self.order(k))

    # the whole steps

    def _input(self, d: Drawing, box: CellBox) -> None:
        """x from below."""
        x, y = box.column("x"), box.bottom + X_BELOW
        d.wire("x", d.port("vector", "x", x, y - WHOLE_CIRCLE - 1), entry(d, box, "x"), head=False)
        d.label("x", x, box.bottom + 20, "right", room=box.width / 2)
        d.circle("x", x, y, WHOLE_CIRCLE, also=("X",))

    def _output(self, d: Drawing, box: CellBox) -> None:
        """h upwards."""
        x = box.column("output")
        output = d.program.cell.output
        d.wire(output, output_exit(d, box), d.port("vector", output, x, box.y - H_ABOVE + WHOLE_CIRCLE + 1))
        d.label(output, x, box.y - 19, "left", room=box.width / 2)
        self._output_circle(d, x, box.y - H_ABOVE, WHOLE_CIRCLE)

    def _enter(self, d: Drawing, box: CellBox) -> None:
        """The states from the left."""
        left = box.x - self.format.gap + self.inset
        if d.t == self.order(0):
            left = max(left, self.zero)
            self._zeros(left)
        for state in self.states:
            y, border = box.row(state), entry(d, box, f"{state}_prev")
            source = Port(self._before(state, self.whole[0]), left, y)
            d.wire(f"{state}_prev", source, border.moved(box.x + TIP, y), head=False)
            if self.format.wing:
                d.label(f"{state}_prev", left + self.format.gap / 2, y, "above", room=self.format.gap - 8)
            else:
                room = box.column("entry") - box.x - 20
                d.label(f"{state}_prev", box.x + 4, y, "above", room, anchor="start")

    def _zeros(self, x: float) -> None:
        for state in self.states:
            self.d.add(Text(x - 5, self.boxes[0].row(state), "0", ZERO_SIZE, "muted", anchor="end", font="mono"))

    def _leave(self, d: Drawing, box: CellBox) -> None:
        """The states to the right."""
        end = box.right + self.format.gap - 2
        for state in self.states:
            target = Port(self._after(state, self.order(d.t)), end, box.row(state))
            d.wire(state, state_exit(d, box, state), target, head=True, also=self._final(d, state))
            if self.format.wing:
                d.label(state, box.right + self.format.gap / 2, target.y, "above", room=self.format.gap - 8)
                if d.t == self.order(self.last):
                    self._name_end(state, end)

    def _output_circle(self, d: Drawing, x: float, y: float, radius: float) -> None:
        """h_t; with a border at the last step, whose output is usually used."""
        output = d.program.cell.output
        last = d.t == self.order(self.last)
        d.circle(output, x, y, radius, also=("Y", f"{output}_T") if last else ("Y",))
        if self._is_marked(d.t):
            half, (tensor, *also) = radius + 6, (f"{output}_T", output) if last else (output,)
            d.add(Border(x - half, y - half, 2 * half, 2 * half, tensor=tensor, also=tuple(also), t=d.t))
            self._mark_last(x, y - half, half)

    def _is_marked(self, t: int) -> bool:
        """Whether the output of a step has a border."""
        return t == self.order(self.last)

    def _mark_last(self, x: float, top: float, half: float) -> None:
        """Words over the border of the last output."""
        output, t = self.d.program.cell.output, self.order(self.last)
        self.d.add(Text(x, top - 10, self.d.naming.last, LAST_SIZE, node=Node("vector", output, t)))

    def _before(self, state: str, k: int) -> Node:
        """The source of a state that enters the k-th step."""
        drawn = k > self.whole[0] or (k > 0 and self.left)
        return Node("exit", state, self.order(k - 1)) if drawn else Node("outside", f"{state}_prev")

    def _after(self, state: str, k: int) -> Node:
        """The target of a state that leaves the k-th step."""
        drawn = k < self.whole[-1] or (k < self.last and self.right)
        return Node("entry", f"{state}_prev", self.order(k + 1)) if drawn else Node("outside", state)

    def _final(self, d: Drawing, state: str) -> tuple[str, ...]:
        """Further tensors that the wire of a state shows: the last state is also a result of the run."""
        return (f"{state}_T",) if d.t == self.order(self.last) else ()

    # the other steps

    def _neighbours(self) -> None:
        """The previous and the next step, in words, where there is no room to draw them."""
        box, k = self.boxes[0], self.whole[0]
        before, after = self.neighbours
        if k > 0:
            words = phrase(before, n=self.order(k - 1))
            self.d.add(Text(box.x, box.y - 14, words, WORDS, "muted", anchor="start"))
        if k < self.last:
            words = phrase(after, n=self.order(k + 1))
            self.d.add(Text(box.right, box.bottom + 18, words, WORDS, "muted", anchor="end"))

    def _left_wing(self) -> None:
        x = self.boxes[0].x - self.format.gap - SLAB_WIDTH
        for slot in reversed(self.left):
            d = self._at(slot.first)
            self._slot(d, slot, x)
            self._wires_into(d, slot, x)
            x -= PITCH

    def _right_wing(self) -> None:
        x = self.boxes[-1].right + self.format.gap
        for slot in self.right:
            d = self._at(slot.last)
            self._slot(d, slot, x)
            self._wires_out_of(d, slot, x)
            x += PITCH

    def _wires_into(self, d: Drawing, slot: Slot, x: float) -> None:
        first = slot == self.left[0]
        start = x - (self.enters if first else SLAB_GAP)
        for state in self.states:
            old, y = f"{state}_prev", self.boxes[0].row(state)
            d.wire(old, Port(self._before(state, slot.first), start, y), d.port("entry", old, x, y), head=False)
        if first:
            self._zeros(start)

    def _wires_out_of(self, d: Drawing, slot: Slot, x: float) -> None:
        start, last = x + SLAB_WIDTH, slot == self.right[-1]
        for state in self.states:
            y = self.boxes[0].row(state)
            end = start + (LEAVES if last else SLAB_GAP)
            target = Port(self._after(state, slot.last), end, y)
            d.wire(state, d.port("exit", state, start, y), target, head=last, also=self._final(d, state))
            if last:
                self._name_last(state, end)

    def _name_last(self, state: str, x: float) -> None:
        """The name of a final state above its arrow, whose tip is at x and whose head is wider than the wire."""
        above = self.boxes[0].row(state) - self.d.head_half(state) - STATE_AWAY
        self.d.add(Text(x - LEAVES / 2, above, state, STATE, "muted", font="serif", italic=True, sub="T"))

    def _name_end(self, state: str, x: float) -> None:
        """The name of a final state after the tip, where the last step is whole and a shape is above the arrow."""
        self.d.add(
            Text(x + STATE_AWAY, self.boxes[0].row(state), state, STATE, "muted", font="serif", italic=True, sub="T")
        )

    def _slot(self, d: Drawing, slot: Slot, x: float) -> None:
        box = self.boxes[0]
        centre, middle, below = x + SLAB_WIDTH / 2, box.y + box.height / 2, box.bottom + X_BELOW
        t = self.order((slot.first + slot.last) // 2)
        self.d.add(Box("slab", x, box.y, SLAB_WIDTH, box.height, 12, t=t))
        if isinstance(slot, Fold):
            words = slot.long_words
            for y in (box.y - 42, below):
                self.d.add(Text(centre, y, DOTS, DOTS_SIZE, "muted"))
        else:
            words = phrase("step {t:,}, same cell", t=d.t)
            circle, border = d.port("vector", "x", centre, below - SLAB_CIRCLE), entry(d, box, "x")
            d.wire("x", circle, border.moved(centre, box.bottom + TIP))
            d.circle("x", centre, below, SLAB_CIRCLE, also=("X",))
            circle = d.port("vector", d.program.cell.output, centre, box.y - SLAB_H_ABOVE + SLAB_CIRCLE)
            d.wire(d.program.cell.output, output_exit(d, box).moved(centre, box.y), circle)
            self._output_circle(d, centre, box.y - SLAB_H_ABOVE, SLAB_CIRCLE)
        self.d.add(Text(centre, middle, words, WORDS, "muted", angle=90))
