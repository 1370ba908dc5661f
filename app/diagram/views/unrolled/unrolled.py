"""The cell unrolled: the focused step in full, the others as slabs, wires between them, the arrays of the run."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from ....translations.numbers import grouped
from ....translations.phrases import phrase
from ...array_names import our_naming
from ...arrays_in_and_out import margin_of
from ...drawing import Drawing
from ...elements import Border, Box, Label, Picture, Polyline, Text
from ...folded_steps import UNROLLED, UNROLLED_IN_REVERSE, Fold, Slot, around
from ...graph import Node, Port
from ...layouts.common_parts import entry, output_exit, state_exit
from ...layouts.layout import CellBox
from ...names_as_letters import letters, with_step
from ...scene import Scene
from ...shape_labels import lettering, steps
from ...text_metrics import LEADING, fitted_name, mono_width, word_width
from ...transforms.fading import faded_after
from ...transforms.geometry import mirrored
from .counts_and_sizes_by_format import Format, enlarged, format_of, layout_for, type_sizes

DOTS = "…"
"""The sign of folded steps, as wide as one letter."""

SLAB = 0.74
"""The width of a slab, as a share of the distance from one slot to the next."""

ENTRY = 58.0  # the room inside a narrow cell, which has none beside it, for the shape of a state that enters
CLEAR = 4.0  # the room between the last step and the name of a last state, whose letter may lean over its place
ENTERS, LEAVES = 0.6, 0.6  # the length of the wires of the initial and the last states, as shares of the room
WHOLE_CIRCLE, SLAB_CIRCLE = 16.0, 15.0  # radius
LONG_CIRCLE = 34.0  # from the middle of an ellipse with a long name to its end
ARRAYS_APART = 60.0  # from the array x of a cell that keeps its last input
ARRAYS_ABOVE, ARRAYS_BELOW = 50.0, 16.0  # from the border of a step to the arrays Y and X in the margin
LEADER, FINE = 0.5, 1.3  # a line from words: its least length as a share of their size, its width
STEP = 0.19  # the largest width of the number of the step inside the cell on a screen, as a share of that of the cell
LEGIBLE = 0.65  # words and names that would be smaller than this share of their usual size are left out
TIP = 1.0  # how far the wire of a previous state reaches into the cell


def unrolled(scene: Scene) -> Picture:
    """Draw the cell unrolled, step ``t`` in full. Raises DiagramError if the layout names a tensor that does not exist.

    Time runs to the right, even if the cell computes the last step first: the states then run to the left.
    """
    composition = unrolled_composition(scene)
    composition.draw()
    return composition.picture(title(scene))


def unrolled_composition(scene: Scene) -> "UnrolledComposition":
    """The unrolled cell before anything is drawn."""
    return UnrolledComposition(format_of(scene), scene, Drawing)


def title(scene: Scene) -> str:
    """The title of the picture."""
    cell, over, t = scene.program.cell.title, steps(scene.sizes["time_step"]), scene.t
    return phrase(UNROLLED_IN_REVERSE if scene.is_reversed else UNROLLED, cell=cell, steps=over, t=t)


def heights(box: CellBox, states: Iterable[str]) -> dict[str, float]:
    """The height of each array of the run in a picture."""
    rows = {state: box.row(state) for state in states}
    return {
        "Y": box.y - ARRAYS_ABOVE,
        **rows,
        **{f"{state}_T": y for state, y in rows.items()},
        "X": max(box.bottom + ARRAYS_BELOW, rows.get("x", 0.0) + ARRAYS_APART),
    }


class UnrolledComposition:
    """The unrolled cell in one format: computes all positions and draws.

    Steps are drawn from left to right in the order in which the cell computes them; if it computes the last one first,
    the picture is mirrored. ``k`` counts that order, ``t`` the time.
    """

    def __init__(self, format: Format, scene: Scene, kind: type[Drawing]) -> None:
        self.format, self.scene, self.order, self.last = format, scene, scene.order, scene.order.last
        self.sizes = type_sizes(scene, format)
        size = self.sizes
        letters = lettering(scene.labels, scene.notation, size.beside, size.inside, format.letters, size.least)
        naming = scene.naming or our_naming(scene.program)
        thinner = min(1.0, format.thicker / format.scale)
        self.d = kind(scene.program, scene.sizes, letters, naming, scene.t, thinner)
        self.layout = layout_for(scene)
        self.states = sorted(scene.program.cell.states, key=self.layout.rows.__getitem__)  # from the top one down
        self.k = self.order(scene.t)
        self.left, self.right = self._wings()
        self._across()
        self.margin = margin_of(
            naming if scene.arrays else replace(naming, arrays=()),
            format.columns,
            heights(self.box, self.states),
            format.width,
            format.height,
        )

    def _wings(self) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
        """The slots left and right of the whole step."""
        return around(self.k, self.last + 1, self.format.wings) if self.format.slots else ((), ())

    def _across(self) -> None:
        """The positions from left to right. The width of the picture depends on no size, so that it does not jump."""
        format, here = self.format, (len(self.left), len(self.right))
        slots = sum(here) - (1 - SLAB) * sum(map(bool, here))  # the last one of a side has no distance after it
        self.pitch = min(format.pitch, format.slots / slots) if slots > 0 else format.pitch
        self.slab = SLAB * self.pitch
        spare = (format.slots - slots * self.pitch) / 4
        self.gap, self.start = format.gap + spare, format.left + spare
        before = here[0] * self.pitch - (self.pitch - self.slab) if self.left else 0.0
        x = self.start + before + self.gap
        self.box = self.layout.box_at(
            x,
            format.above,
            format.cell_width,
            format.cell_height,
            ENTRY if format.narrow else 0.0,  # for the shape of a state that enters
            format.layers,
        )

    def picture(self, title: str) -> Picture:
        """The finished picture."""
        width, height = self.format.width + self.margin.beside, self.format.height + self.margin.beneath
        return enlarged(Picture(width, height, tuple(self.d.shapes), title), self.format)

    def draw(self) -> None:
        """Draw everything. If the scene names a tensor ``until``, shapes of later tensors of the focused step and of
        later steps are faint."""
        d, box = self.d, self.box
        self.layout.inside(d, box)
        self._input(d, box)
        self._output(d, box)
        self._leave(d, box)
        self._enter(d, box)
        self._left_wing()
        self._right_wing()
        self._step(box)
        self._finish()

    def _finish(self) -> None:
        """Mirror; add the words about the last output and the arrays of the run; make shapes of later tensors faint."""
        if self.order.is_reversed:
            self.d.shapes[:] = [mirrored(shape, self.format.width) for shape in self.d.shapes]
        if border := next((s for s in self.d.shapes if isinstance(s, Border)), None):
            self._mark_last(border)
        if self.scene.until:
            self.d.shapes[:] = faded_after(self.d.shapes, self.d.program, self.order, self.d.t, self.scene.until)
        self.margin.draw(self.d)

    def _at(self, k: int) -> Drawing:
        """The drawing at the k-th step."""
        return self.d.at(self.order(k))

    # the whole step

    def _step(self, box: CellBox) -> None:
        """The place of the cell in its stack and the number of the step, inside the cell; above it, if it is narrow."""
        size, place = self.sizes.words, self.d.naming.place
        if self.format.narrow and not place:
            return
        words, number = place or phrase("step"), f"= {grouped(self.d.t)}"
        before, after = word_width(words, size), size + word_width(number, size)
        inside = 0.27 * (box.row(self.states[0]) - box.y)
        is_long = place or len(self.d.lettering.wires) > 1 or before + after > STEP * box.width
        is_above = self.format.narrow or (self.format.screen and is_long)
        y = box.y - self.layout.behind - size if is_above else box.y + inside
        pad = 0.0 if self.format.narrow else 1.4 * size
        output = box.column("output") - box.x
        if not is_above and output - 4 < pad + before + after:  # right of the wire of the output
            pad = output + 8
        x = self.format.width - box.x - pad - after if self.order.is_reversed else box.x + pad + before
        self._upright(
            Text(x, y, words, size, "muted", anchor="end"),
            Text(x + 0.55 * size, y, "t", size, "muted", font="serif", italic=True),
            Text(x + size, y, number, size, "muted", anchor="start"),
        )

    def _upright(self, *words: Text) -> None:
        """Add words that are not mirrored with the picture."""
        for text in words:
            self.d.add(mirrored(text, self.format.width) if self.order.is_reversed else text)

    def _input(self, d: Drawing, box: CellBox) -> None:
        """x from below."""
        x, y = box.column("x"), box.bottom + self.format.x_below
        d.wire("x", d.port("vector", "x", x, y - WHOLE_CIRCLE - 1), entry(d, box, "x"), head=False)
        self.beside_x = self._beside_circle(d, "x", x, box.bottom, y, "right")
        d.circle("x", x, y, WHOLE_CIRCLE, also=("X",))

    def _output(self, d: Drawing, box: CellBox) -> None:
        """h upwards."""
        x, y = box.column("output"), box.y - self.format.h_above
        output = d.program.cell.output
        d.wire(output, output_exit(d, box), d.port("vector", output, x, y + WHOLE_CIRCLE + 1))
        self.beside_output = self._beside_circle(d, output, x, box.y - self.layout.behind, y, "left")
        self._output_circle(d, x, y, WHOLE_CIRCLE)

    def _beside_circle(self, d: Drawing, tensor: str, x: float, border: float, y: float, side: str) -> float:
        """The shape of a vector beside its wire from a circle, whose middle is at y, to the ``border`` of the cell; or,
        on a screen, if it does not fit there, beside the circle as well. Returns where words on that side of the circle
        may begin."""
        away = WHOLE_CIRCLE if y > border else -WHOLE_CIRCLE
        tall, room = abs(y - away - border) + 2, self.box.width / 2
        lines = len(d.lettering.wires)
        free = tall if lines == 1 and not self.format.narrow else tall - 2 * self.format.around
        if not self.format.screen or LEADING * d.lettering.size * lines <= free:
            d.label(tensor, x, (border + y - away) / 2 - (1 if away > 0 else 0), side, room, tall=tall)
            return x + WHOLE_CIRCLE if side == "right" else x - WHOLE_CIRCLE
        aside = WHOLE_CIRCLE + self.format.around
        x += aside if side == "right" else -aside
        hanging = 0.0 if away > 0 else 0.075 * d.lettering.size
        label = d.label(tensor, x, (border + y + away) / 2 - hanging, side, room, tall=tall + 2 * WHOLE_CIRCLE)
        return label.bounds()[2 if side == "right" else 0] if label else x

    def _enter(self, d: Drawing, box: CellBox) -> None:
        """The states from the left, each with its shape and its name."""
        left, is_first = box.x - self.gap, d.t == self.order(0)
        for state in self.states:
            y, border = box.row(state), entry(d, box, f"{state}_prev")
            source = Port(self._before(state, self.k), left, y)
            d.wire(f"{state}_prev", source, border.moved(box.x + TIP, y), head=False)
            x, above = left + self.gap / 2, y - d.head_half(state) - 6
            if self.format.narrow:
                room, tall = self._room(state)
                d.label(f"{state}_prev", box.x + 5, y, "above", room, "start", tall)
            else:
                above = over(d.label(f"{state}_prev", x, y, "above", self.label_room), above)
            if is_first:
                self._initial(state, x, above, box.x)
            else:
                self._name(state, -1, x, above)

    @property
    def label_room(self) -> float:
        """The room for a shape between the cell and the next step: a label of several lines may be beside a circle."""
        return self.gap - self.layout.behind - (6 if len(self.d.lettering.wires) == 1 else 13)

    def _room(self, state: str) -> tuple[float, float]:
        """The width and the height of the room inside the cell for the shape of a state that enters."""
        box, y, own = self.box, self.box.row(state), f"entry {state}"
        x = box.column(own if own in box.columns else "entry")
        under = [
            s.y + s.height
            for s in self.d.shapes
            if isinstance(s, Box) and s.role == "layer" and s.x < x < s.x + s.width
        ]
        above = [bottom for bottom in under if bottom < y]
        room = x - box.x - (9 + self.d.thickness("x") / 2 + 0.75 * self.d.thickness(state) if above else 20)
        lowest = max(above, default=box.y if self.format.screen else -inf)
        return room, y - lowest - 1.5 * self.d.thickness(state) / 2 - 4

    def _name(self, state: str, step: int, x: float, bottom: float) -> None:
        """The name of a state above its shape, or below its wire if words are there: that of the step before (-1), or
        that of the whole one (0)."""
        d, t, tensor = self.d, self.d.t, state if step == 0 else f"{state}_prev"
        name, sub = self._name_of(state, step)
        name, size = fitted_name(name, self.sizes.name, self.gap - self.layout.behind - 3, sub)
        y = bottom - size / 2
        if self.format.screen and y < size / 2 + self._words_above():
            y = self.box.row(state) + d.head_half(state) + 6 + size / 2
        node = Node("exit" if step == 0 else "entry", tensor, t)
        d.add(Text(x, y, name, size, font="serif", italic=True, sub=sub, tensor=tensor, t=t, node=node))

    def _words_above(self) -> float:
        """The height of the words above the cell, at the upper edge of the picture."""
        return 1.2 * self.sizes.words

    def _name_of(self, state: str, step: int) -> tuple[str, str]:
        """The name of a state, and its subscript."""
        return self._at(self.k + step).named(state)

    def _initial(self, state: str, x: float, bottom: float, end: float) -> None:
        """What enters at the first step, above its wire and left of ``end``: a number, or the framework's argument. A
        name for which there is no room is vertical."""
        name, size, d = self.d.naming.initial.get(state, ""), self.sizes.words, self.d
        y, width, start = bottom - size / 2, mono_width(name, size), f"{d.program.start_of(state):g}"
        if name and width > end - 3:
            size *= min(1.0, (bottom - 4) / width)
            d.add(Text(x, bottom - mono_width(name, size) / 2, name, size, "muted", font="mono", angle=90))
        elif name:
            d.add(Text(max(width / 2 + 0.5, min(x, end - 2 - width / 2)), y, name, size, "muted", font="mono"))
        elif word_width(f"c = {start}", size) > end - 5:
            d.add(Text(x, y, start, size, "muted", font="mono"))
        else:
            left, between = 3.0, 0.2 * size
            name, index = letters(state)
            name, small = fitted_name(name, size, end - 2 - left - between - word_width(f"= {start}", size), index)
            if self.order.is_reversed:
                x, left = self.format.width - x, self.format.width - end + 2
            x = max(x - 0.6 * size, left + word_width(name, small, index))
            self._upright(
                Text(x, y, name, small, "muted", font="serif", anchor="end", italic=True, sub=index),
                Text(x + between, y, f"= {start}", size, "muted", anchor="start"),
            )

    def _leave(self, d: Drawing, box: CellBox) -> None:
        """The states to the right, each with its shape and its name."""
        end = box.right + self.gap - 2
        for state in self.states:
            target = Port(self._after(state, self.k), end, box.row(state))
            d.wire(state, state_exit(d, box, state), target, head=True, also=self._last_state(d, state))
            x = box.right + (self.gap + self.layout.behind) / 2
            above = target.y - d.head_half(state) - 6
            if not self.format.narrow:
                above = over(d.label(state, x, target.y, "above", self.label_room), above)
                if d.t == self.order(self.last):
                    self._name_end(state, end)
            self._name(state, 0, x, above)

    def _output_circle(self, d: Drawing, x: float, y: float, radius: float) -> None:
        """h_t; with a border at the last step, whose output is usually used."""
        output = d.program.cell.output
        last = d.t == self.order(self.last)
        is_marked = self._is_marked(d.t)
        widest = LONG_CIRCLE if radius == WHOLE_CIRCLE and not is_marked else 0.0
        d.circle(output, x, y, radius, ("Y", *d.program.last_output) if last else ("Y",), widest)
        if is_marked:
            half = radius + self.format.around
            if radius < WHOLE_CIRCLE:
                half = min(half, self.pitch - radius - 1)  # beside the circle of another step
            tensor, *also = (*d.program.last_output, output) if last else (output,)
            d.add(Border(x - half, y - half, 2 * half, 2 * half, tensor=tensor, also=tuple(also), t=d.t))

    def _is_marked(self, t: int) -> bool:
        """Whether the output of a step has a border, with legible words about it."""
        return t == self.order(self.last) and self._size_of_last_words >= LEGIBLE * self.sizes.words

    @property
    def _size_of_last_words(self) -> float:
        """The size of the words about the last output: above its border there may be little room."""
        if self.format.narrow:
            return self.sizes.words
        free = self.format.above - self.format.h_above - WHOLE_CIRCLE - self.format.around
        return min(self.sizes.words, 0.94 * (free - 1.5))

    def _mark_last(self, border: Border) -> None:
        """Words about the last output: above its border, along the nearer edge of the picture; or beside it."""
        size, narrow, right = self._size_of_last_words, self.format.narrow, border.x + border.width
        is_at_right = 2 * border.x > self.format.width
        beside = min(border.x if is_at_right else self.format.width - right, self.beside_output)
        room = (0.7 if self.format.screen else 1.0) * (beside - 8) if narrow else self.format.width  # Spanish is longer
        words, code = self._last_words(room)
        between = 0.5 * size if code else 0.0
        long = word_width(words, size) + between + mono_width(code, size)
        if narrow:
            end = beside - 4 if is_at_right else self.format.width - beside + 4 + long
        else:
            end = max(long + 1, min(self.format.width - 0.5, (border.x + right + long) / 2))
        y = min(border.y + border.height / 2, self.box.y - 2.1 * size) if narrow else 0.55 * size
        node = Node("vector", self.d.program.cell.output, border.t)
        if code:
            self.d.add(Text(end, y, code, size, font="mono", anchor="end", node=node))
        end -= mono_width(code, size) + between
        self.d.add(Text(end, y, words, size, anchor="end", node=node))
        # The words can be nearer to another output than to the last one: a line leads from them to the border.
        top, x = y + 0.8 * size, border.x + border.width / 2
        if not narrow and border.y - top > LEADER * size:
            self.d.add(Polyline("ink", ((x, top), (x, border.y)), FINE, node=node))

    def _last_words(self, room: float) -> tuple[str, str]:
        """The words about the last output, and the code that reads it."""
        words, code = self.d.naming.last_use
        if word_width(words, self.sizes.words) + mono_width(code, self.sizes.words) > room:
            words = phrase("{last}:", last=self.d.naming.last) if code else self.d.naming.last
        return words, code

    def _before(self, state: str, k: int) -> Node:
        """The source of a state that enters the k-th step."""
        drawn = k > self.k or (k > 0 and self.left)
        return Node("exit", state, self.order(k - 1)) if drawn else Node("outside", f"{state}_prev")

    def _after(self, state: str, k: int) -> Node:
        """The target of a state that leaves the k-th step."""
        drawn = k < self.k or (k < self.last and self.right)
        return Node("entry", f"{state}_prev", self.order(k + 1)) if drawn else Node("outside", state)

    def _last_state(self, d: Drawing, state: str) -> tuple[str, ...]:
        """Further tensors that the wire of a state shows: the last state is also a result of the run."""
        return (f"{state}_T",) if d.t == self.order(self.last) else ()

    # the other steps

    def _left_wing(self) -> None:
        for n, slot in enumerate(self.left):
            d, x = self._at(slot.first), self.start + n * self.pitch
            self._slot(d, slot, x)
            self._wires_into(d, slot, x)

    def _right_wing(self) -> None:
        for n, slot in enumerate(self.right):
            d, x = self._at(slot.last), self.box.right + self.gap + n * self.pitch
            self._slot(d, slot, x)
            self._wires_out_of(d, slot, x)

    def _wires_into(self, d: Drawing, slot: Slot, x: float) -> None:
        first = slot == self.left[0]
        start = x - (ENTERS * self.start if first else self.pitch - self.slab)
        for state in self.states:
            old, y = f"{state}_prev", self.box.row(state)
            d.wire(
                old,
                Port(self._before(state, slot.first), start, y),
                d.port("entry", old, x, y),
                head=self._enters(first),
            )
            if first:
                self._initial(state, self.start / 2 - 2, y - d.head_half(old) - 5, x)

    def _enters(self, first: bool) -> bool:
        """Whether the wire of a state into a slot ends in an arrow head."""
        return first

    def _wires_out_of(self, d: Drawing, slot: Slot, x: float) -> None:
        start, last = x + self.slab, slot == self.right[-1]
        if last and self._room_of_last <= 0:  # the slab is at the edge of the picture
            return
        for state in self.states:
            y = self.box.row(state)
            end = start + (LEAVES * self.format.right if last else self.pitch - self.slab)
            target = Port(self._after(state, slot.last), end, y)
            d.wire(state, d.port("exit", state, start, y), target, head=last, also=self._last_state(d, state))
            if last:
                self._name_last(state, end)

    @property
    def _room_of_last(self) -> float:
        """The width that is left for the name of a last state after the last slab."""
        return min(0.9 * self.format.right, self.format.right - CLEAR - 0.5)

    def _name_last(self, state: str, x: float) -> None:
        """The name of a last state above its arrow, whose tip is at x and whose head is wider than the wire."""
        size = self.sizes.name
        above = self.box.row(state) - self.d.head_half(state) - 0.85 * size
        name, index = with_step(state, "T")
        name, size = fitted_name(name, size, self._room_of_last, index)
        begin = x - LEAVES * self.format.right
        middle = max(x - LEAVES * self.format.right / 2 + 2, begin + CLEAR + word_width(name, size, index) / 2)
        self._add_last(state, (name, index), middle, above, size, self.right[-1].last)

    def _name_end(self, state: str, x: float) -> None:
        """The name of a last state after the tip, where the last step is whole and a shape is above the arrow."""
        name, index = with_step(state, "T")
        name, size = fitted_name(name, self.sizes.name, self.format.width - x - 4, index)
        if size < LEGIBLE * self.sizes.name:
            return
        middle = x + 0.9 * self.sizes.name
        if len(name + index) > 2:
            middle = max(middle, x + 3 + word_width(name, size, index) / 2)
        self._add_last(state, (name, index), middle, self.box.row(state), size, self.d.t)

    def _add_last(self, state: str, name: tuple[str, str], x: float, y: float, size: float, t: int) -> None:
        """The name of a last state. It is computed when step t, the last one, hands on the state."""
        letter, index = name
        self.d.add(Text(x, y, letter, size, font="serif", italic=True, sub=index, node=Node("exit", state, t)))

    def _slot(self, d: Drawing, slot: Slot, x: float) -> None:
        box, radius, size = self.box, min(SLAB_CIRCLE, 0.45 * self.pitch), self.sizes.words
        centre, middle = x + self.slab / 2, box.y + box.height / 2
        below = box.bottom + self.format.x_below
        above = box.y - min(self.format.x_below, self.format.h_above)
        t = self.order((slot.first + slot.last) // 2)
        self.d.add(Box("slab", x, box.y, self.slab, box.height, 0.24 * self.slab, t=t))
        if isinstance(slot, Fold):
            words, fits = slot.long_words, 0.92 * box.height / word_width(slot.long_words, 1)
            if fits < 0.85 * size:
                words = slot.words
            else:
                size = min(size, fits)
            for y in (above, below):
                self.d.add(Text(centre, y - 0.4 * size, DOTS, 1.5 * size, "muted"))
        else:
            words = phrase("step {t:,}, same cell", t=d.t)
            circle, border = d.port("vector", "x", centre, below - radius), entry(d, box, "x")
            d.wire("x", circle, border.moved(centre, box.bottom + TIP))
            d.circle("x", centre, below, radius, also=("X",))
            circle = d.port("vector", d.program.cell.output, centre, above + radius)
            d.wire(d.program.cell.output, output_exit(d, box).moved(centre, box.y), circle)
            self._output_circle(d, centre, above, radius)
        self.d.add(Text(centre, middle, words, size, "muted", angle=90))


def over(label: Label | None, otherwise: float) -> float:
    """The height at which a name above a label ends."""
    return label.bounds()[1] - 3 if label else otherwise
