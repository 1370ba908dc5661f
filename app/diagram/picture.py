"""The whole picture: the focused step in full, the others as slabs, wires between them, the dimensions."""

from dataclasses import dataclass, replace

from app.core.axes import Sizes
from app.core.program import Program
from app.diagram.drawing import Drawing
from app.diagram.labels import full_name, shape_line, writers
from app.diagram.layouts import LAYOUTS
from app.diagram.layouts.lstm import C_Y, H_Y, UP_X, X_X, Place
from app.diagram.shapes import Box, Frame, Label, Picture
from app.diagram.unroll import Fold, Slot, after, before


@dataclass(frozen=True)
class Format:
    """How a picture is laid out. ``wing`` is how many slots there are for other steps on each side of the whole ones;
    the dimensions stand under the picture in ``columns``, or at its right where columns is 0; ``cells`` is how many
    steps are drawn whole, the focused one first."""

    cell_width: float
    cell_height: float
    gap: float
    wing: int
    columns: int
    label_size: float
    cells: int = 1


FORMATS = {
    "narrow": Format(cell_width=396, cell_height=440, gap=22, wing=0, columns=2, label_size=14),
    "page": Format(cell_width=480, cell_height=372, gap=92, wing=3, columns=4, label_size=14),
    "wide": Format(cell_width=480, cell_height=372, gap=92, wing=3, columns=0, label_size=14),
    "hall": Format(cell_width=480, cell_height=372, gap=92, wing=3, columns=0, label_size=14, cells=2),
}
"""The choices of the field ``format``."""

# Names are longer than numbers: a larger cell, and fewer other steps beside it.
WITH_NAMES = {
    "narrow": replace(FORMATS["narrow"], cell_height=536, label_size=12),
    "page": replace(FORMATS["page"], cell_width=620, cell_height=460, wing=2, label_size=11.5),
    "wide": replace(FORMATS["wide"], cell_width=620, cell_height=460, label_size=11.5),
    "hall": replace(FORMATS["hall"], cell_width=620, cell_height=460, label_size=11.5),
}

SLAB_WIDTH, SLAB_GAP, EDGE = 42.0, 13.0, 38.0
ZERO = 15.0  # what the first state asks for before its wire begins
PITCH = SLAB_WIDTH + SLAB_GAP
FEWEST_SLOTS = 4  # below that the picture keeps its width, so that it does not jump with each step more
ABOVE, BELOW = 114.0, 92.0
STRIP_ROW, MARGIN_WIDTH = 78.0, 244.0


def picture(program: Program, sizes: Sizes, t: int, labels: str, format: str) -> Picture:
    """Draw the cell unrolled, step ``t`` in full. Raises DiagramError where the layout names a tensor that is not."""
    chosen = FORMATS[format] if labels == "numbers" else WITH_NAMES[format]
    page = Page(chosen, Drawing(program, sizes, writers(labels, not chosen.wing), chosen.label_size, t))
    page.draw()
    title = f"{program.cell.title} unrolled over {sizes['time_step']} steps, step {t} in full"
    return Picture(page.width, page.height, tuple(page.d.shapes), title)


class Page:
    """Where everything stands in one format."""

    def __init__(self, format: Format, d: Drawing) -> None:
        self.format, self.d, self.t = format, d, d.t
        self.last = d.sizes["time_step"] - 1
        cells = min(format.cells, self.last + 1)
        first = min(self.t, self.last + 1 - cells)
        self.whole = range(first, first + cells)
        self.left = before(first, format.wing) if format.wing else ()
        self.right = after(self.whole[-1], self.last + 1, format.wing) if format.wing else ()
        slots = max(FEWEST_SLOTS, len(self.left) + len(self.right)) if format.wing else 0
        side = format.gap + (EDGE + (slots * PITCH - 2 * SLAB_GAP) / 2 if format.wing else 0)
        shift = PITCH * (len(self.left) - len(self.right)) / 2
        pitch = format.cell_width + format.gap
        self.places = [
            Place(side + shift + k * pitch, ABOVE, format.cell_width, format.cell_height) for k in range(cells)
        ]
        self.place = self.places[0]
        self.bottom = ABOVE + format.cell_height + BELOW
        rows = -(-4 // format.columns) if format.columns else 0
        self.drawn_width = 2 * side + cells * pitch - format.gap
        self.width = self.drawn_width + (0 if format.columns else MARGIN_WIDTH)
        self.height = self.bottom + rows * STRIP_ROW

    def draw(self) -> None:
        for t, place in zip(self.whole, self.places, strict=True):
            self.d.t = t
            LAYOUTS[self.d.program.cell.id](self.d, place)
            self._input(place)
            self._output(place)
            self._leave(place)
        self.d.t = self.whole[0]
        self._enter()
        self._left_wing()
        self._right_wing()
        self.d.t = self.t
        self._dimensions()

    # the whole steps

    def _input(self, place: Place) -> None:
        """x from below."""
        d, x, y = self.d, place.across(X_X), place.down(1) + 62
        d.wire("x", (x, y - 22), (x, place.down(1)), head=False)
        d.label("x", x, place.down(1) + 20, "right", room=place.width / 2)
        d.circle("x", "x", "x", x, y, 21, also=("X",))

    def _output(self, place: Place) -> None:
        """h upwards."""
        d, x = self.d, place.across(UP_X)
        d.wire("h", (x, place.y), (x, place.y - 41))
        d.label("h", x, place.y - 19, "left", room=place.width / 2)
        self._output_circle(x, place.y - 63, 21)

    def _enter(self) -> None:
        """h and c from the left."""
        d, place = self.d, self.place
        left = place.x - self.format.gap
        if d.t == 0:
            left = max(left, ZERO)
            self._zeros(left)
        for state, share in (("c_prev", C_Y), ("h_prev", H_Y)):
            d.wire(state, (left, place.down(share)), (place.x + 1, place.down(share)), head=False)
            if self.format.wing:
                d.label(state, left + self.format.gap / 2, place.down(share), "above", room=self.format.gap - 8)
            else:
                d.label(state, place.x + 0.053 * place.width, place.down(share), "above", room=0.085 * place.width)

    def _zeros(self, x: float) -> None:
        for share in (C_Y, H_Y):
            self.d.text(x - 5, self.place.down(share), "0", 13, anchor="end", font="mono")

    def _leave(self, place: Place) -> None:
        """h and c to the right."""
        d, right = self.d, place.x + place.width
        end = right + self.format.gap - 2
        for state, share in (("c", C_Y), ("h", H_Y)):
            d.wire(state, (right, place.down(share)), (end, place.down(share)), also=self._final(state))
            if self.format.wing:
                d.label(state, right + self.format.gap / 2, place.down(share), "above", room=self.format.gap - 8)

    def _output_circle(self, x: float, y: float, radius: float) -> None:
        """h_t; at the last step with the border that marks what is usually used."""
        d = self.d
        last = d.t == self.last
        d.circle("h", "h", "h", x, y, radius, also=("Y", "h_T") if last else ("Y",))
        if last:
            half = radius + 6
            d.add(Frame(x - half, y - half, 2 * half, 2 * half, tensor="h_T", also=("h",), t=d.t))
            d.text(x, y - half - 10, "last output", 12, role="ink")

    # the other steps

    def _left_wing(self) -> None:
        x = self.place.x - self.format.gap - SLAB_WIDTH
        for slot in reversed(self.left):
            self._slot(slot, x)
            self._wires_into(slot, x)
            x -= PITCH

    def _right_wing(self) -> None:
        x = self.places[-1].x + self.place.width + self.format.gap
        for slot in self.right:
            self._slot(slot, x)
            self._wires_out_of(slot, x)
            x += PITCH

    def _wires_into(self, slot: Slot, x: float) -> None:
        first = slot == self.left[0]
        start = x - (18 if first else SLAB_GAP)
        self.d.t = slot.first
        for state, share in (("c_prev", C_Y), ("h_prev", H_Y)):
            y = self.place.down(share)
            self.d.wire(state, (start, y), (x, y), head=False)
        if first:
            self._zeros(start)

    def _wires_out_of(self, slot: Slot, x: float) -> None:
        start = x + SLAB_WIDTH
        self.d.t = slot.last
        for state, share in (("c", C_Y), ("h", H_Y)):
            y = self.place.down(share)
            self.d.wire(state, (start, y), (start + SLAB_GAP, y), head=False, also=self._final(state))

    def _final(self, state: str) -> tuple[str, ...]:
        """What else a state is that leaves the last step."""
        return (f"{state}_T",) if self.d.t == self.last else ()

    def _slot(self, slot: Slot, x: float) -> None:
        d, place = self.d, self.place
        middle = place.y + place.height / 2
        if isinstance(slot, Fold):
            words = f"{slot.count:,} more steps, same cell, same weights"
            d.add(Box("slab", x, place.y, SLAB_WIDTH, place.height, 12, t=(slot.first + slot.last) // 2))
            d.text(x + SLAB_WIDTH / 2, middle, words, 12.5, role="muted", angle=90)
            for above in (place.y - 42, place.down(1) + 62):
                d.text(x + SLAB_WIDTH / 2, above, "···", 18)
            return
        d.t = slot.t
        d.add(Box("slab", x, place.y, SLAB_WIDTH, place.height, 12, t=slot.t))
        d.text(x + SLAB_WIDTH / 2, middle, f"step {slot.t:,}, same cell", 12.5, role="muted", angle=90)
        centre = x + SLAB_WIDTH / 2
        y = place.down(1) + 62
        d.wire("x", (centre, y - 16), (centre, place.down(1) + 1))
        d.circle("x", "x", "x", centre, y, 16, also=("X",))
        d.wire("h", (centre, place.y), (centre, place.y - 25))
        self._output_circle(centre, place.y - 42, 16)

    # the dimensions

    def _dimensions(self) -> None:
        d, place = self.d, self.place
        rows = (
            ("Y", "output Y", place.y - 50),
            ("c", "cell state c", place.down(C_Y)),
            ("h", "hidden state h", place.down(H_Y)),
            ("X", "input X", place.down(1) + 50),
        )
        columns = self.format.columns
        for n, (tensor, name, y) in enumerate(rows):
            if columns:
                x = 14 + (n % columns) * (self.drawn_width - 14) / columns
                y = self.bottom + 40 + n // columns * STRIP_ROW
            else:
                x = self.drawn_width + 14
            d.text(x, y - 20, name, 12.5, anchor="start")
            line = shape_line(d.axes(tensor), d.sizes)
            d.add(Label(x, y, (line,), 17, "start", tensor=tensor, t=self.t))
            names = shape_line(d.axes(tensor), d.sizes, full_name)
            d.add(Label(x, y + 20, (names,), 10.5, "start"))
