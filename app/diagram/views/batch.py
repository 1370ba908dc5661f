"""The batch: blocks of input below, the one cell over time, blocks of output above, a sheet for each sequence.

After the graphic of the question's own answer (https://stackoverflow.com/a/53760729), whose blocks of one batch are not
read one after the other: a step takes one row of each sequence, all side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.diagram.dimensions import dimensions
from app.diagram.drawing import Drawing
from app.diagram.labels import axis_runs, counted, full_name, letter, lettering, shape_line, wrapped
from app.diagram.layouts import layout_of
from app.diagram.naming import our_naming
from app.diagram.scene import Scene
from app.diagram.shapes import LEADING, Box, Frame, Label, Picture, Text, Wire
from app.diagram.theme import AREAS
from app.diagram.unroll import Fold, Slab, Slot, after, before
from app.diagram.views.sheets import Depth, drawn_samples


@dataclass(frozen=True)
class Format:
    """How a picture is laid out. At most so many ``steps`` have a column, in a ``width`` that stays; ``cell`` and
    ``gap`` are that wide where all of them are there. The weights stand in a gutter at the left, or below where there
    is none. The dimensions stand under the picture in ``columns``, or at its right where columns is 0."""

    steps: int
    cell: float
    gap: float
    gutter: float
    edge: float
    columns: int
    dx: float
    dy: float
    narrow: bool = False

    @property
    def width(self) -> float:
        return self.gutter + self.steps * self.cell + (self.steps + 1) * self.gap + self.edge


PAGE = Format(steps=7, cell=44, gap=55, gutter=146, edge=44, columns=4, dx=6, dy=6)

FORMATS = {
    "narrow": Format(steps=5, cell=32, gap=43, gutter=16, edge=6, columns=2, dx=4, dy=5, narrow=True),
    "page": PAGE,
    "wide": replace(PAGE, columns=0),
    "hall": replace(PAGE, columns=0, steps=9),
}

WIDEST = 1.5  # so much wider are the columns at most where there are few
TOP = 56.0  # words over the output
HIGHEST = 64.0  # of a sheet
SMALL, WORDS, LETTER = 12.0, 12.5, 15.0  # size of type
DRAWER = 11.0
AROUND = 6.0  # from the last output to its border


def batch(scene: Scene) -> Picture:
    """Draw the batch, step ``t`` in focus. DiagramError where the layout names a tensor that is not."""
    program, naming = scene.program, scene.naming or our_naming(scene.program)
    format = FORMATS[scene.format]
    letters = lettering(scene.labels, SMALL, DRAWER, narrow=format.narrow)
    bands = Bands(format, Drawing(program, scene.sizes, letters, naming, scene.t), scene)
    bands.draw()
    samples, steps = (counted(scene.sizes[name], word) for name, word in NAMED)
    lit = "" if scene.sample is None else f", sample {scene.sample:,} followed"
    title = f"{program.cell.title}: a batch of {samples} side by side over {steps}, step {scene.t:,} in focus{lit}"
    return Picture(bands.width, bands.height, tuple(bands.d.shapes), title)


NAMED = ("batch_size", "sample"), ("time_step", "step")


class Bands:
    """Where everything stands in one format.

    Time runs to the right. ``slots`` are in the order in which the cell takes the steps, from the right where it takes
    the last one first: ``k`` counts that order, ``t`` the time.
    """

    def __init__(self, format: Format, d: Drawing, scene: Scene) -> None:
        self.format, self.d, self.backward = format, d, scene.backward
        self.letters = lettering(scene.labels, SMALL, DRAWER, narrow=True)
        self.last = d.sizes["time_step"] - 1
        self.depth = Depth(format.dx, format.dy, drawn_samples(d.sizes["batch_size"], scene.sample), scene.sample)
        self.slots = self._slots()
        self.output = d.program.cell.output
        layout = layout_of(d.program)
        self.states = sorted(d.program.cell.states, key=layout.rows.__getitem__)  # from the top one down
        self._across()
        self._down(2 if scene.labels == "both" else 1, scene.labels != "numbers")

    def _slots(self) -> tuple[Slot, ...]:
        """As many steps as have room around the focused one."""
        k, others = self._turned(self.d.t), self.format.steps - 1
        behind = min(self.last - k, others - min(k, others // 2))
        ahead = min(k, others - behind)
        return (*before(k, ahead), Slab(k), *after(k, self.last + 1, behind))

    def _across(self) -> None:
        f, n = self.format, len(self.slots)
        room = f.width - f.gutter - f.edge
        wider = min(WIDEST, room / (n * f.cell + (n + 1) * f.gap))
        self.cell, self.gap = wider * f.cell, wider * f.gap
        self.pitch = self.cell + self.gap
        self.left = f.gutter + (room - n * self.pitch - self.gap) / 2
        self.block = self.pitch - (len(self.depth.samples) - 1) * f.dx - 12

    def _down(self, lines: int, named: bool) -> None:
        f = self.format
        deepest = HIGHEST + 4 * f.dy
        self.above = 12 + 2 * lines * LEADING * SMALL  # what is written over a stack of states
        row = self.above + deepest + 20
        beside = 2 * lines if named and not f.narrow else lines
        between = 30 + beside * LEADING * SMALL
        self.output_bottom = TOP + deepest
        self.cell_top = self.output_bottom + between
        self.cell_height = max(224.0, len(self.states) * row + 10)
        pad = (self.cell_height - len(self.states) * row) / 2
        self.rows = {s: self.cell_top + pad + n * row + self.above + deepest for n, s in enumerate(self.states)}
        self.cell_bottom = self.cell_top + self.cell_height
        self.bus = self.cell_bottom + 14
        self.input_top = self.bus + between
        self.bottom = self.input_top + deepest + 66
        self.drawers = self._drawers()
        if f.narrow:
            self.bottom += 26 + sum(height for _, _, height in self.drawers[::2])
        ys = {state: y - deepest / 2 for state, y in self.rows.items()}
        last = {f"{state}_T": y for state, y in ys.items()}
        heights = {"Y": self.output_bottom - 30, **ys, **last, "X": self.input_top + 40}
        self.dimensions = dimensions(self.d.naming, f.columns, heights, f.width, self.bottom)
        self.width, self.height = f.width + self.dimensions.beside, self.bottom + self.dimensions.beneath

    def _turned(self, t: int) -> int:
        """The k of a step t, and the t of the k-th."""
        return self.last - t if self.backward else t

    def draw(self) -> None:
        self._weights()
        for n, slot in enumerate(self.slots):
            self._column(slot, self._cell_left(n))
        for n in range(len(self.slots) + 1):
            self._states(n)
        self._axes()
        self._samples()
        self.dimensions.draw(self.d)

    def _cell_left(self, n: int) -> float:
        """Where the cell of the n-th slot begins."""
        return self.left + self.gap + (len(self.slots) - 1 - n if self.backward else n) * self.pitch

    # the columns

    def _column(self, slot: Slot, left: float) -> None:
        x, d = left + self.cell / 2, self.d.at(self._turned((slot.first + slot.last) // 2))
        focused = isinstance(slot, Slab) and d.t == self.d.t
        d.add(Box("cell" if focused else "slab", left, self.cell_top, self.cell, self.cell_height, 10, t=d.t))
        fold = isinstance(slot, Fold)
        words = f"{slot.count:,} more steps" if isinstance(slot, Fold) else f"same cell, step {d.t:,}"
        role = "ink" if focused else "muted"
        d.add(Text(x, self.cell_top + self.cell_height / 2, words, WORDS, role, angle=90))
        if focused:
            d.add(Text(x, self.cell_top + 15, "here", SMALL))
        if fold:
            for y in (self.output_bottom - 20, self.input_top + 20):
                d.add(Text(x, y, "···", 18, "muted"))
            return
        self._input(d, x, focused)
        self._output(d, x, focused)

    def _input(self, d: Drawing, x: float, focused: bool) -> None:
        """The blocks of x, and from them all the wire into the cell."""
        d.wire("x", (x, self.input_top), (x, self.cell_bottom))
        if focused:
            d.label("x", x, (self.bus + self.input_top) / 2 + 4, "right", room=self._beside)
        front = self._front("x", x, self.input_top + self.depth.up, also=("X",), t=d.t)
        self._stack(d, front)
        d.add(
            Text(
                x - self.depth.across / 2,
                front.y + front.height + 14,
                "x",
                LETTER,
                font="serif",
                italic=True,
                sub=str(d.t),
            )
        )

    def _output(self, d: Drawing, x: float, focused: bool) -> None:
        """The wire out of the cell, and the blocks of h; at the last step with the border of what is usually used."""
        last = d.t == self._turned(self.last)
        d.wire(self.output, (x, self.cell_top), (x, self.output_bottom + (AROUND if last else 0)))
        if focused:
            d.label(self.output, x, (self.cell_top + self.output_bottom) / 2, "right", room=self._beside)
        height = self._extent(self.output)
        also = ("Y", f"{self.output}_T") if last else ("Y",)
        front = self._front(self.output, x, self.output_bottom - height, also=also, t=d.t)
        self._stack(d, front)
        top = front.y - self.depth.up
        middle = x + self.depth.across / 2
        d.add(Text(middle, top - 18, self.output, LETTER, font="serif", italic=True, sub=str(d.t)))
        if last:
            width, height = (side + 2 * AROUND for side in (self.block + self.depth.across, self.depth.up + height))
            frame = Frame(front.x - AROUND, top - AROUND, width, height)
            d.add(replace(frame, tensor=f"{self.output}_T", also=(self.output,), t=d.t))
            d.add(Text(middle, top - 38, "last output", SMALL))

    @property
    def _beside(self) -> float:
        """The room for a shape beside the wire of a column."""
        return self.pitch - 24

    def _extent(self, tensor: str) -> float:
        """How high a sheet is: with the logarithm of its numbers."""
        return 9 + 5.5 * self.d.thickness(tensor)

    def _front(self, tensor: str, x: float, y: float, also: tuple[str, ...], t: int) -> Box:
        """The sheet in front, in a stack whose middle is x."""
        left = x - (self.block + self.depth.across) / 2
        role = AREAS.get(self.d.strands(tensor)[0].axis, "h")
        return Box(role, left, y, self.block, self._extent(tensor), 0, tensor=tensor, also=also, t=t)

    def _stack(self, d: Drawing, front: Box) -> None:
        for sheet in self.depth.stack(front):
            d.add(sheet)

    # the states between the columns

    def _states(self, n: int) -> None:
        """What is handed on in the n-th gap, in the order of the steps: before the focused one what it takes, after it
        what it gives."""
        taken = n < len(self.slots) and self.slots[n].first <= self._turned(self.d.t)
        k = self.slots[n].first if taken else self.slots[n - 1].last
        d = self.d.at(self._turned(k))
        place = len(self.slots) - n if self.backward else n
        x = self.left + place * self.pitch
        for state in self.states:
            tensor = f"{state}_prev" if taken else state
            also = (f"{state}_T",) if not taken and k == self.last else ()
            self._state(d, tensor, x, self.rows[state], also)
            name = self._named(state, n)
            if name:
                d.add(replace(name, x=x + self.gap / 2, y=self.rows[state] + 13))

    def _state(self, d: Drawing, tensor: str, x: float, bottom: float, also: tuple[str, ...]) -> None:
        """A stack whose sheets are a step wide, on its wire."""
        height = self._extent(tensor)
        y = bottom - (height + self.depth.up) / 2
        ends = (x, y), (x + self.gap, y)
        d.wire(tensor, *(reversed(ends) if self.backward else ends), also=also)
        width = max(8.0, 0.2 * self.gap)
        left = x + (self.gap - width - self.depth.across) / 2
        role = AREAS.get(d.strands(tensor)[0].axis, "h")
        self._stack(d, Box(role, left, bottom - height, width, height, 0, tensor=tensor, also=also, t=d.t))
        if d.t == self.d.t:
            close = 0.75 * d.thickness(tensor)  # nearer to the stack than a label is to a wire
            d = replace(d, lettering=self.letters)
            d.label(tensor, x + self.gap / 2, bottom - height - self.depth.up + close, "above", room=self.gap - 5)

    def _named(self, state: str, n: int) -> Text | None:
        """What the first and the last states are."""
        if n == 0:
            return Text(0, 0, f"{state} = 0", WORDS, "muted", font="serif", italic=True)
        if n == len(self.slots):
            return Text(0, 0, state, WORDS, "muted", font="serif", italic=True, sub="T")
        return None

    # the weights

    def _drawers(self) -> list[tuple[str, Label, float]]:
        """Each weight with its shape and the height of its drawer."""
        d, room = self.d, self._drawer_width - 38
        found = []
        for weight in d.program.weights:
            lines = tuple(
                line
                for write in d.lettering.boxes
                for line in wrapped(shape_line(weight.axes, d.sizes, write), DRAWER, room)
            )
            found.append((weight.id, Label(0, 0, lines, DRAWER, "start"), 9 + LEADING * DRAWER * len(lines)))
        return found

    @property
    def _drawer_width(self) -> float:
        return self.format.width / 2 - 14 if self.format.narrow else self.format.gutter - 14

    def _weights(self) -> None:
        """One set of drawers, and thin lines from it to every cell."""
        ids = tuple(id for id, _, _ in self.drawers)
        f, words = self.format, ("same weights", "for every step", "and every sample")
        if not f.narrow:
            y = self.bus + 12 - sum(height for _, _, height in self.drawers)
            for n, line in enumerate(words):
                self.d.add(Text(8, y - 14 - 16 * (2 - n), line, WORDS, anchor="start"))
            start = [(8 + self._drawer_width, self.bus)]
            for id, label, height in self.drawers:
                self._drawer(id, label, 8, y, height)
                y += height
        else:
            y = self.bottom - sum(height for _, _, height in self.drawers[::2]) - 4
            self.d.add(Text(14, y - 12, " ".join(words), WORDS, anchor="start"))
            start = [(14, y + 8), (5, y + 8), (5, self.bus)]
            for n, (id, label, height) in enumerate(self.drawers):
                self._drawer(id, label, 14 + n % 2 * self._drawer_width, y, height)
                y += height * (n % 2)
        for x in (self._cell_left(n) + 8 for n in range(len(self.slots))):
            points = ((x, self.bus), (x, self.cell_bottom))
            self.d.add(Wire("muted", 1.2, points, 0, False, tensor=ids[0], also=ids[1:]))
        self.d.add(
            Wire(
                "muted",
                1.2,
                (*start, (self.left + len(self.slots) * self.pitch - self.cell + 8, self.bus)),
                4,
                False,
                tensor=ids[0],
                also=ids[1:],
            )
        )

    def _drawer(self, id: str, label: Label, x: float, y: float, height: float) -> None:
        letter, _, sub = self.d.tensor(id).symbol.partition("_")
        self.d.add(Box("layer", x, y, self._drawer_width, height, 3, tensor=id, t=self.d.t))
        size = min(LETTER, 26 / (0.7 * len(letter + sub)))
        self.d.add(Text(x + 17, y + height / 2, letter, size, font="serif", italic=True, sub=sub))
        self.d.add(replace(label, x=x + 34, y=y + height / 2, tensor=id, t=self.d.t))

    # what is written around

    def _ends(self) -> tuple[float, float]:
        """Where the front sheets of the first and of the last column begin and end."""
        x = self.left + self.gap + self.cell / 2 - (self.block + self.depth.across) / 2
        return x, x + (len(self.slots) - 1) * self.pitch + self.block

    def _axes(self) -> None:
        """The three axes of the input, and what is another one of the output."""
        (left, right), d = self._ends(), self.d
        bottom = self.input_top + self.depth.up + self._extent("x")
        framed = AROUND + 3 if self._turned(self.last) == 0 else 0  # the first column has the border of the last output
        for tensor, x, end in (("x", left, bottom), (self.output, left - framed, self.output_bottom)):
            top = end - self._extent(tensor)
            self._axis(d.axes(tensor)[-1].names[0], (x - 7, end), (x - 7, top))
            self._name(tensor, -1, x - 13, (end + top) / 2, "end")
        self._axis("time_step", (left, bottom + 32), (right, bottom + 32))
        self._name("X", 1, left - 8, bottom + 32, "end")
        away = max(2, len(self.depth.samples))
        end = right + 7 + away * self.depth.dx, bottom - away * self.depth.dy
        self._axis("batch_size", (right + 7, bottom), end)
        self._name("X", 0, right + 4, bottom + 14, "start")

    def _axis(self, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.d.add(Wire(name, 1.5, (start, end), 0, True))

    def _name(self, tensor: str, place: int, x: float, y: float, anchor: str) -> None:
        axis = self.d.axes(tensor)[place]
        write = letter if self.format.narrow else full_name
        self.d.add(Label(x, y, (axis_runs(axis, self.d.sizes, write),), SMALL, anchor))

    def _samples(self) -> None:
        """Which sequences the sheets are."""
        batch_size, drawn, followed = self.d.sizes["batch_size"], len(self.depth.samples), self.depth.followed
        more = f", + {counted(batch_size - drawn, 'more sample')}" if drawn < batch_size else ""
        words = f"{counted(drawn, 'sample')}{more}, side by side" if drawn > 1 else "one sample"
        if followed is not None:
            words = f"sample {followed:,} of 0…{batch_size - 1:,}{more}"
        y = self.input_top + self.depth.up + self._extent("x") + 52
        self.d.add(Text(self._ends()[1], y, words, WORDS, "batch_size", anchor="end"))
