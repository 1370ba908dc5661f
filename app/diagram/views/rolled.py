"""The cell once, with its loop, before it is unrolled.

The states that it passes to the next step run around it, from the right edge back to the left one.
"""

from dataclasses import replace

from ...core.largest_sizes import MAX_NUM_UNITS
from ...translations.phrases import phrase, plural
from ..drawing import Drawing
from ..elements import Picture, Text
from ..layouts.common_parts import entry, state_exit
from ..layouts.layout import CellBox
from ..matrix_axes import edges
from ..names_as_letters import with_step
from ..scene import Scene
from ..shape_labels import lettering, steps
from ..text_metrics import LEADING, word_width
from ..thickness import thickness
from ..wires import BAND
from .unrolled.counts_and_sizes_by_format import format_of, type_sizes
from .unrolled.unrolled import TIP, WHOLE_CIRCLE, UnrolledComposition, over

BEYOND = WHOLE_CIRCLE + 9
"""The distance of a loop from the middle of the circle inside it."""

ASIDE = 14.0
"""The distance of words from a loop."""

NESTED = 24.0
"""The distance of a loop from the one inside it, at the sides."""

THICKEST = thickness(MAX_NUM_UNITS)
"""The thickness of the thickest wire, that of the largest ``num_units``."""

EDGE = 10.0
"""The room beyond the outermost loop."""

BESIDE = 160.0
"""The distance of a loop from the cell on a screen, in its pixels: with room for a shape."""

NARROW_GAP = 24.0
"""The distance of a loop from the cell in the narrow format."""


def rolled(scene: Scene) -> Picture:
    """Draw the cell once, for any step; a click selects a tensor of step ``t``."""
    composition = RolledComposition(scene)
    composition.draw()
    cell, over = scene.program.cell.title, steps(scene.sizes["time_step"])
    title = phrase("{cell}: a loop of {steps}", cell=cell, steps=over)
    if scene.is_reversed:
        title = phrase("{cell}: a loop of {steps}, from the last to the first", cell=cell, steps=over)
    return composition.picture(title)


class RolledDrawing(Drawing):
    """A drawing whose circles stand for any step."""

    def named(self, tensor: str) -> tuple[str, str]:
        return with_step(tensor, "t")


class RolledComposition(UnrolledComposition):
    """The cell with its loops: the upper states run above it, the lower ones below it, one loop around the other."""

    def __init__(self, scene: Scene) -> None:
        base, count = format_of(scene), len(scene.program.cell.states)
        above, below = -(-count // 2), count // 2
        size, labels = type_sizes(scene, base), 0.0
        if base.narrow:  # shapes are on the outer side of the loops
            letters = lettering(scene.labels, scene.notation, size.beside, size.inside, narrow=True)
            labels = LEADING * size.beside * len(letters.wires) + 14
        self.apart = labels + 2 * ASIDE + 13
        edge = (above - 1) * NESTED + EDGE
        top = max(2 * ASIDE, ASIDE + size.words)  # for the words above
        if any(edges(scene.program, scene.program.by_id[state].axes) for state in scene.program.cell.states):
            top += BAND + THICKEST / 2
        format = replace(
            base,
            slots=0,
            wings=(0, 0),
            columns=min(2, base.columns),
            left=edge,
            right=edge,
            gap=NARROW_GAP if base.narrow else base.gap,
            above=base.h_above + BEYOND + self.apart * (above - 1) + labels + top + THICKEST / 2,
            below=base.x_below + BEYOND + self.apart * (below - 1) + labels + THICKEST if below else base.below,
        )
        super().__init__(
            format.filled(base.beside if base.narrow else BESIDE) if base.screen else format, scene, RolledDrawing
        )
        self.above, self.below = self.states[:above], self.states[above:][::-1]

    def draw(self) -> None:
        d, box = self.d, self.box
        self.layout.inside(d, box)
        self._input(d, box)
        self._output(d, box)
        for states, is_above in ((self.above, True), (self.below, False)):
            for n, state in enumerate(states):
                self._loop(box, state, n, is_above)
        name = d.lettering.notation.name("time_step")
        times = plural(
            "repeated {time_step} = {n:,} time", "repeated {time_step} = {n:,} times", self.last + 1, time_step=name
        )
        d.add(Text(box.x + box.width / 2, ASIDE, times, 1.1 * self.sizes.words, "time_step"))
        self._finish()

    def _loop(self, box: CellBox, state: str, n: int, is_above: bool) -> None:
        """The loop of a state from the right edge to the next step, which is the same cell, at the left edge."""
        d, old, row = self.d, f"{state}_prev", box.row(state)
        far = (self.format.h_above if is_above else self.format.x_below) + BEYOND + n * self.apart
        y = box.y - far if is_above else box.bottom + far
        reach = self.gap + n * NESTED
        left, right, middle = box.x - reach, box.right + reach, box.x + box.width / 2
        leaves, enters = state_exit(d, box, state), entry(d, box, old)
        # Two wires form the loop from the cell to itself: the first ends in the middle, where the next step begins.
        d.wire(state, leaves, enters.moved(middle, y), [(right, row), (right, y)], also=(f"{state}_T",))
        d.wire(old, leaves.on(middle, y), enters.moved(box.x + TIP, row), [(left, y), (left, row)], head=True)
        if self.format.narrow:
            side, room = "above" if is_above else "below", box.width / (3 if self.format.screen else 4)
            d.label(state, right - 20, y, side, room, anchor="end")
            d.label(old, left + 20, y, side, room, anchor="start")
        else:
            room = reach - d.thickness(state) / 2 - 6
            behind = self.layout.behind
            sides = (
                (-1, old, box.x - room / 2 - 2, room),
                (0, state, box.right + (room + behind) / 2 + 2, room - behind),
            )
            for step, id, x, free in sides:
                self._name(state, step, x, over(d.label(id, x, row, "above", free), row - 12))
        inside = d.thickness(state) / 2 + ASIDE - 2
        x, y = (left + 20, y + inside) if is_above else (self.beside_x + 14, y - inside)
        start = d.program.start_of(state)
        words = phrase("{number} at the start", number=f"{start:g}") if start else phrase("zeros at the start")
        if not is_above and x < middle < x + word_width(words, self.sizes.words) + ASIDE:
            x = middle + ASIDE  # after the arrow head
        d.add(Text(x, y, words, self.sizes.words, "muted", anchor="start"))

    def _words_above(self) -> float:
        """The height of the words above the loops and inside the outermost one."""
        return 2 * ASIDE + 2.2 * self.sizes.words

    def _name_of(self, state: str, step: int) -> tuple[str, str]:
        return state, "t" if step == 0 else "t+1" if self.order.is_reversed else "t−1"

    def _output_circle(self, d: Drawing, x: float, y: float, radius: float) -> None:
        output = d.program.cell.output
        d.circle(output, x, y, radius, also=("Y", *d.program.last_output))
