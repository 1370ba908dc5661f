"""Gradients: the unrolled picture with its arrows reversed, and the shape of every gradient.

A gradient has the shape of its tensor. That of a weight is a sum over batch_size and time_step, so it lacks both axes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ...core.axes import Sizes
from ...core.gradient_objective import LAST_OUTPUT_SUM, Objective
from ...core.gradients import SUMMED
from ...size_expressions import maximum
from ...translations.phrases import phrase
from ..array_names import our_naming
from ..drawing import Drawing
from ..elements import Label, Picture, Polyline, Text
from ..layouts.layout import CellBox
from ..names_as_letters import with_step
from ..scene import Scene
from ..shape_labels import Write, lettering, shape_line
from ..size_notation import Notation
from ..text_lines import Lines, count, widest, wrapped
from ..text_metrics import ADVANCE, LEADING, line_width, word_width
from ..text_spans import Line, ShapeSpan, TextSpan
from ..transforms.gradient_wires import with_wires_reversed
from .unrolled.counts_and_sizes_by_format import Format, format_of, type_sizes
from .unrolled.unrolled import LEAVES, UnrolledComposition, title

EDGE = 8.0
"""The distance of the sums from the edges of the picture and of their heading from the circle of x, in pixels."""

LINE, SPACE, APART = 1.4, 0.7, 1.6
"""The height of a line of sums, and the distances between the pieces of a sum and between two sums, in sizes of the
type."""

LEAST = 12.7
"""The least size of a shape in the cell, which is less high than in the unrolled picture: others are left out."""

FEW, MANY = 99, 9999
"""The value of every size for which there is room, if sizes have at most two digits and if one has more."""


def gradients(scene: Scene) -> Picture:
    """Draw the gradients, step ``t`` in full. Time runs to the right, as in the unrolled picture."""
    composition = gradients_composition(scene)
    composition.draw()
    words = phrase(
        "Gradients of {sum}: {picture}, with every arrow reversed",
        sum=composition.objective.name,
        picture=title(scene),
    )
    return composition.picture(words)


def gradients_composition(scene: Scene) -> "GradientsComposition":
    """The gradients before anything is drawn."""
    naming = scene.naming or our_naming(scene.program)
    arrays = tuple(replace(array, name=phrase("∂ {array}", array=array.name)) for array in naming.arrays)
    scene = replace(scene, naming=replace(naming, arrays=arrays))
    last = 0 if scene.is_reversed else scene.sizes["time_step"] - 1
    objective = scene.objective or Objective(LAST_OUTPUT_SUM, {scene.place: last})
    return GradientsComposition(scene, objective)


class GradientsDrawing(Drawing):
    """A drawing whose circles are gradients."""

    def named(self, tensor: str) -> tuple[str, str]:
        letter, index = with_step(tensor, str(self.t))
        return f"∂{letter}", index


class Piece(NamedTuple):
    """A piece of the sum of a weight: its name; or, with ``write``, the shape that is summed or that of the sum."""

    weight: str
    write: Write | None = None
    is_sum: bool = False


@dataclass(frozen=True)
class Sums:
    """The sums of the weights, in rows that fit a picture of that ``width``. While sizes change, rows stay as they are,
    so that the picture does not jump, until one has more than two digits."""

    scene: Scene
    writers: tuple[Write, ...]
    size: float
    width: float

    @property
    def room(self) -> float:
        return self.width - 2 * EDGE

    def line(self, piece: Piece, sizes: Sizes) -> Line:
        axes = self.scene.program.by_id[piece.weight].axes
        if not piece.write:
            return (TextSpan(f"∂{piece.weight}", "muted"),)
        if piece.is_sum:
            return TextSpan("→\u00a0", "muted"), *shape_line(axes, sizes, piece.write)
        return shape_line((*SUMMED, *axes), sizes, piece.write)

    def lines(self, piece: Piece, sizes: Sizes) -> Lines:
        return wrapped(self.line(piece, sizes), self.size, self.room)

    @cached_property
    def rows(self) -> list[list[Piece]]:
        """A sum is in one row, unless it is wider than the picture."""
        rows: list[list[Piece]] = []
        end = 0.0
        for weight in self.scene.program.weights:
            shapes = (Piece(weight.id, write, is_sum) for write in self.writers for is_sum in (False, True))
            whole = [Piece(weight.id), *shapes]
            for pieces in [whole] if self._width(whole) <= self.room else [[piece] for piece in whole]:
                between, width = self.before(pieces[0]), self._width(pieces)
                if not rows or end + between + width > self.room:
                    rows.append([])
                    end, between = 0.0, 0.0
                rows[-1] += pieces
                end += between + width
        return rows

    @cached_property
    def height(self) -> float:
        return sum(map(self.row_height, self.rows))

    def row_height(self, row: list[Piece]) -> float:
        return LINE * self.size + LEADING * self.size * (max(count(self.lines(p, self._widest)) for p in row) - 1)

    def before(self, piece: Piece) -> float:
        """The distance from the piece before it."""
        return (SPACE if piece.write else APART) * self.size

    def _width(self, pieces: list[Piece]) -> float:
        """The largest width of pieces side by side."""
        between = sum(self.before(piece) for piece in pieces[1:])
        return between + sum(line_width(self.line(piece, self._widest), self.size) for piece in pieces)

    @cached_property
    def _widest(self) -> Sizes:
        sizes = self.scene.sizes
        return dict.fromkeys(sizes, FEW if maximum(*sizes.values()) <= FEW else MANY)


def format_and_sums(scene: Scene) -> tuple[Format, Sums]:
    """The format of the unrolled picture with the sums below, for which its cell is less high."""
    format = format_of(scene, 1.0)
    for _ in range(6 if format.screen else 1):  # a higher strip makes a picture for a screen wider
        width = 0.98 * format.width if format.screen else format.width
        for _ in range(3):  # and enlarged less, and so its type larger
            size = type_sizes(scene, format).inside
            writers = lettering(scene.labels, scene.notation, size, size, format.letters).wires
            sums = Sums(scene, writers, size, width)
            format = format_of(scene, sums.height)
    return format, replace(sums, size=type_sizes(scene, format).inside)


class GradientsComposition(UnrolledComposition):
    """The unrolled cell with gradients, which enter at the last step. Below it are the sums of the weights."""

    def __init__(self, scene: Scene, objective: Objective) -> None:
        format, self.sums = format_and_sums(scene)
        super().__init__(format, scene, GradientsDrawing)
        letters = self.d.lettering
        if scene.labels in ("numbers", "hidden") and not format.narrow:
            self.d.lettering = replace(letters, least=max(letters.least, LEAST))
        self.objective, self.first = objective, objective.steps.get(scene.place)

    def _finish(self) -> None:
        super()._finish()
        self.d.shapes[:] = with_wires_reversed(self.d.shapes)
        if self.d.program.weights:
            self._heading()
            self._sums()

    def _initial(self, state: str, x: float, bottom: float, end: float) -> None:
        """Nothing: the gradients of the initial states leave the picture."""

    def _enters(self, first: bool) -> bool:
        return False

    def _leave(self, d: Drawing, box: CellBox) -> None:
        super()._leave(d, box)
        if self.format.narrow and d.t == self.order(self.last):
            for state in self.states:
                y = box.row(state) + d.head_half(state) + self.sizes.words
                self.d.add(Text(box.right + self.gap / 2, y, "0", self.sizes.words, "muted", font="mono"))

    def _name_last(self, state: str, x: float) -> None:
        """A 0, because nothing uses the states after the last step."""
        size = min(self.sizes.words, ((1 - LEAVES) * self.format.right - 4) / ADVANCE)
        self.d.add(Text(x + 3, self.box.row(state), "0", size, "muted", "mono", "start"))

    _name_end = _name_last

    def _is_marked(self, t: int) -> bool:
        return t == self.first

    def _last_words(self, room: float) -> tuple[str, str]:
        """The sum. Where there is little room the words are shortened: the page has the whole sentence."""
        words = phrase("starts here: {sum}", sum=self.objective.name)
        return (words if word_width(words, self.sizes.words) <= room else phrase("starts here")), ""

    # the weights

    def _heading(self) -> None:
        """What is summed over, beside the circle of x."""
        box, line = self.box, _heading(self.d.lettering.notation, self.d.sizes, letters=bool(self.format.screen))
        end = self.format.width - EDGE if self.format.screen and self.format.narrow else box.right
        ends = self.beside_x + EDGE, end
        x, end = sorted(self.format.width - x for x in ends) if self.order.is_reversed else ends
        size = min(max(self.sizes.words, self.sizes.inside), (end - x) / line_width(line, 1.0))
        self.d.add(Label(x, box.bottom + self.format.x_below, (line,), size, "start"))

    def _sums(self) -> None:
        """For each weight the shape that is summed, with the summed axes struck out, and the shape of the sum."""
        sums, size = self.sums, self.sums.size
        y = self.format.height - sums.height
        for row in sums.rows:
            x, middle = EDGE, y + LINE * size / 2
            for n, piece in enumerate(row):
                x += sums.before(piece) if n else 0
                lines = sums.lines(piece, self.d.sizes)
                if piece.write:
                    y_lines = middle + LEADING * size * (count(lines) - 1) / 2
                    label = Label(x, y_lines, lines, size, "start")
                    if piece.is_sum:
                        label = replace(label, tensor=piece.weight, t=self.d.t)
                    self.d.add(label)
                    self.d.shapes += [] if piece.is_sum else _strokes(label)
                else:
                    self.d.add(Text(x, middle, f"∂{piece.weight}", size, "muted", anchor="start", font="mono"))
                x += widest(lines, size)
            y += sums.row_height(row)


def _heading(notation: Notation, sizes: Sizes, letters: bool) -> Line:
    write = notation.letter if letters else notation.name
    between = phrase("weights: summed over\u00a0"), phrase("\u00a0and\u00a0")
    return tuple(
        span
        for words, axis in zip(between, SUMMED, strict=True)
        for span in (TextSpan(words, "muted"), ShapeSpan(write(str(axis), sizes), str(axis)))
    )


def _strokes(label: Label) -> Iterator[Polyline]:
    """A stroke through each axis that is summed over."""
    for x, y, span in label.placed():
        if span.role in {str(axis) for axis in SUMMED}:
            half, rise = line_width((span,), label.size) / 2 + 2, 0.32 * label.size
            yield Polyline("ink", ((x - half, y + rise), (x + half, y - rise)), 1.3)
