"""The cell once, with its loop, before it is unrolled.

The cell has the position of the unrolled picture. The states that it passes to the next step run around it, from the
right edge back to the left one.
"""

from dataclasses import replace
from math import ceil, inf

from ...translations.phrases import phrase
from ..drawing import Drawing
from ..folding import Slot, StepOrder
from ..layouts.layout import CellBox
from ..layouts.parts import entry, state_exit
from ..scene import Scene
from ..shape_labels import steps
from ..shapes import Picture, Text
from ..text_metrics import LEADING
from .unrolled import (
    BELOW,
    H_ABOVE,
    STATE,
    STATE_AWAY,
    TIP,
    WHOLE_CIRCLE,
    Format,
    UnrolledComposition,
    drawing_for,
    format_of,
)

CLEAR = H_ABOVE + WHOLE_CIRCLE + 24
"""The distance of a loop above the cell, and below it: beyond the circles."""

ASIDE, SIZE = 17.0, 12.5
"""The distance of words from a loop, and the size of their type."""

NESTED = 24.0
"""The distance of a loop from the one inside it, at the sides."""

NARROW_GAP, EDGE = 34.0, 10.0
"""The gap beside the cell in the narrow format, and the part of it that is free outside the loop."""


def rolled(scene: Scene) -> Picture:
    """Draw the cell once, for any step; a click selects a tensor of step ``t``."""
    chosen = format_of(scene)
    whole = chosen.cells * (chosen.cell_width + chosen.gap) - chosen.gap
    chosen = replace(chosen, cells=1, cell_width=whole)
    if not chosen.wing:
        nested = (len(scene.program.cell.states) - 1) // 2
        chosen = replace(chosen, gap=NARROW_GAP + nested * NESTED)
    composition = RolledComposition(chosen, drawing_for(scene, chosen, RolledDrawing), scene.order)
    composition.draw(scene.until)
    cell, over = scene.program.cell.title, steps(scene.sizes["time_step"])
    title = phrase("{cell}: a loop of {steps}", cell=cell, steps=over)
    if scene.is_reversed:
        title = phrase("{cell}: a loop of {steps}, from the last to the first", cell=cell, steps=over)
    return Picture(ceil(composition.width), ceil(composition.height), tuple(composition.d.shapes), title)


class RolledDrawing(Drawing):
    """A drawing whose circles stand for any step."""

    def named(self, tensor: str) -> tuple[str, str]:
        return tensor, "t"


class RolledComposition(UnrolledComposition):
    """The cell with its loops: the upper states run above it, the lower ones below it, one loop around the other."""

    def __init__(self, format: Format, d: Drawing, order: StepOrder) -> None:
        count = len(d.program.cell.states)
        over, under = -(-count // 2), count // 2
        thickest = max(d.thickness(state) for state in d.program.cell.states)
        label = LEADING * d.lettering.size * len(d.lettering.wires) + 1.5 * thickest
        self.words = label + 12  # beside a loop, on its outer side
        self.apart = self.words + ASIDE + SIZE
        above = CLEAR + self.apart * (over - 1) + self.words
        below = CLEAR + self.apart * (under - 1) + self.words if under else BELOW
        super().__init__(format, d, order, above, below)
        self.over, self.under = self.states[:over], self.states[over:][::-1]

    def _wings(self) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
        return (), ()

    def draw(self, until: str = "") -> None:
        (box,) = self.boxes
        self.layout.inside(self.d, box)
        self._input(self.d, box)
        self._output(self.d, box)
        for states, is_above in ((self.over, True), (self.under, False)):
            for n, state in enumerate(states):
                self._loop(box, state, n, is_above)
        times = phrase(
            "{time_step} times: {n:,}", time_step=self.d.lettering.notation.name("time_step"), n=self.last + 1
        )
        outermost = self.over[-1]
        top = box.y - CLEAR - (len(self.over) - 1) * self.apart - self.d.head_half(outermost)
        self.d.add(Text(box.x + box.width / 2, top - ASIDE + 4, times, 14, "time_step"))
        self._finish(until)

    def _loop(self, box: CellBox, state: str, n: int, is_above: bool) -> None:
        """The loop of a state from the right edge to the next step, which is the same cell, at the left edge."""
        d, old, row = self.d, f"{state}_prev", box.row(state)
        far, has_wing = CLEAR + n * self.apart, bool(self.format.wing)
        y = box.y - far if is_above else box.bottom + far
        reach = (self.format.gap if has_wing else NARROW_GAP - EDGE) + n * NESTED
        left, right, middle = box.x - reach, box.right + reach, box.x + box.width / 2
        leaves, enters = state_exit(d, box, state), entry(d, box, old)
        # Two wires form the loop from the cell to itself: the first ends in the middle, where the next step begins.
        d.wire(state, leaves, enters.moved(middle, y), [(right, row), (right, y)], also=(f"{state}_T",))
        d.wire(old, leaves.on(middle, y), enters.moved(box.x + TIP, row), [(left, y), (left, row)], head=True)
        if has_wing:
            self._ends(box, state, reach)
        else:
            side, room = "above" if is_above else "below", box.width / 4
            d.label(state, right - 20, y, side, room, anchor="end")
            d.label(old, left + 20, y, side, room, anchor="start")
        words = phrase("zeros at the last step") if self.order.is_reversed else phrase("zeros at the first step")
        inside = d.thickness(state) / 2 + ASIDE - 2
        x, y = (left + 20, y + inside) if is_above else (box.column("x") + WHOLE_CIRCLE + 14, y - inside)
        d.add(Text(x, y, words, SIZE, "muted", anchor="start"))

    def _ends(self, box: CellBox, state: str, reach: float) -> None:
        """Shapes and names of the states beside both edges, if there is room."""
        d, row = self.d, box.row(state)
        below = row + d.head_half(state) + STATE_AWAY
        room, rows = reach - d.thickness(state) / 2, [box.row(other) for other in self.states]
        before = "t+1" if self.order.is_reversed else "t−1"
        for id, x, sub in ((f"{state}_prev", box.x - room / 2, before), (state, box.right + room / 2, "t")):
            d.label(id, x, row, "above", room - 6)
            if min((y - below for y in rows if y > row), default=inf) > self.words + 16:
                d.add(Text(x, below, state, STATE, "muted", font="serif", italic=True, sub=sub))

    def _output_circle(self, d: Drawing, x: float, y: float, radius: float) -> None:
        output = d.program.cell.output
        d.circle(output, x, y, radius, also=("Y", f"{output}_T"))
