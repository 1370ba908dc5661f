"""Gradients: the unrolled picture with its arrows reversed, and the shape of every gradient.

A gradient has the shape of its tensor. That of a weight is a sum over batch_size and time_step, so it lacks both axes.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from ...core.axes import Axis
from ...core.gradients import SUMMED
from ...core.objective import LAST_OUTPUT_SUM, Objective
from ...core.stack import Place
from ...translations.phrases import phrase
from ..array_names import our_naming
from ..drawing import Drawing
from ..folding import StepOrder
from ..layouts.layout import CellBox
from ..scene import Scene
from ..shape_labels import shape_line, wrapped
from ..shapes import Label, Picture, Polyline, Shape, Text
from ..size_notation import Notation
from ..text_metrics import ITALIC, LEADING, Line, ShapeSpan, TextSpan, line_width
from ..transforms.reversal import with_wires_reversed
from .io_margin import CAPTION_SIZE, NAMES_SIZE
from .unrolled import (
    LEAVES,
    STATE_AWAY,
    ZERO_SIZE,
    Format,
    UnrolledComposition,
    drawing_for,
    format_of,
    title,
)

COLUMNS = 4
MARGIN, HEADING, AFTER = 14.0, 44.0, 18.0
SUM, LEFT_OVER, MARK = 13.0, 15.0, 12.0
"""Sizes of type: of the summed shape, of the shape of the sum, and of the words where the gradients start."""


def gradients(scene: Scene) -> Picture:
    """Draw the gradients, step ``t`` in full. Time runs to the right, as in the unrolled picture."""
    naming = scene.naming or our_naming(scene.program)
    arrays = tuple(replace(array, name=phrase("∂ {array}", array=array.name)) for array in naming.arrays)
    scene = replace(scene, naming=replace(naming, arrays=arrays))
    chosen = format_of(scene)
    last = 0 if scene.is_reversed else scene.sizes["time_step"] - 1
    objective = scene.objective or Objective(LAST_OUTPUT_SUM, {scene.place: last})
    drawing = drawing_for(scene, chosen, GradientsDrawing)
    composition = GradientsComposition(chosen, drawing, scene.order, objective, scene.place)
    composition.draw()
    shapes = (*with_wires_reversed(composition.d.shapes), *composition.sums)
    words = phrase("Gradients of {sum}: {picture}, every arrow reversed", sum=objective.name, picture=title(scene))
    return Picture(ceil(composition.width), ceil(composition.height), shapes, words)


class GradientsDrawing(Drawing):
    """A drawing whose circles are gradients."""

    def named(self, tensor: str) -> tuple[str, str]:
        return f"∂{tensor}", str(self.t)


class GradientsComposition(UnrolledComposition):
    """The unrolled cell with gradients, which enter at the last step. Below it are the sums of the weights."""

    zero, enters, inset = 0.0, LEAVES, 2.0  # room for a tip
    neighbours = phrase("to step {n:,}"), phrase("from step {n:,}")

    def __init__(self, format: Format, d: Drawing, order: StepOrder, objective: Objective, place: Place) -> None:
        super().__init__(format, d, order)
        self.objective, self.start = objective, objective.steps.get(place)
        self.sums = list(self._sums(self.height, self.format.columns or COLUMNS)) if d.program.weights else []
        self.height = max(map(_lowest, self.sums), default=self.height) + AFTER

    def _zeros(self, x: float) -> None:
        """Nothing: the gradients of the initial states leave the picture."""

    def _leave(self, d: Drawing, box: CellBox) -> None:
        super()._leave(d, box)
        if d.t == self.order(self.last) and not self.format.wing:
            for state in self.states:
                x, y = box.right + self.format.gap / 2, box.row(state) - d.head_half(state) - STATE_AWAY
                self.d.add(Text(x, y, "0", ZERO_SIZE, "muted", font="mono"))

    def _name_last(self, state: str, x: float) -> None:
        """A 0, because nothing uses the states after the last step."""
        self.d.add(Text(x + 3, self.boxes[0].row(state), "0", ZERO_SIZE, "muted", "mono", "start"))

    _name_end = _name_last

    def _is_marked(self, t: int) -> bool:
        return t == self.start

    def _mark_last(self, x: float, top: float, half: float) -> None:
        """Words above the border of an output that is summed. They extend to the side with more room, and are shortened
        if there is little: the page has the whole sentence."""
        y, words = self.boxes[0].y - 100, phrase("from here: {sum}", sum=self.objective.name)
        if ITALIC * MARK * len(words) > self.drawn_width - 2 * MARGIN:
            words = phrase("from here")
        side, anchor = (half, "end") if 2 * x > self.drawn_width else (-half, "start")
        self.d.add(Text(x + side, y, words, MARK, anchor=anchor))
        if top - y > 16:  # a larger circle is between them
            self.d.add(Polyline("muted", ((x, y + 9), (x, top - 2)), 1.0))

    # the weights

    def _sums(self, top: float, columns: int) -> Iterator[Shape]:
        """For each weight the shape that is summed, with the summed axes struck out, and the shape of the sum."""
        weights = self.d.program.weights
        columns = min(columns, len(weights))
        width = (self.drawn_width - MARGIN) / columns
        heading = _heading(self.d.lettering.notation)
        yield Label(MARGIN, top + 14, (heading,), CAPTION_SIZE - 0.5, "start")
        top += HEADING
        for row in range(0, len(weights), columns):
            drawn: list[Shape] = []
            for n, weight in enumerate(weights[row : row + columns]):
                drawn += self._sum(weight.id, MARGIN + n * width, top, width - MARGIN)
            yield from drawn
            top = max(map(_lowest, drawn)) + AFTER + 8

    def _sum(self, weight: str, x: float, y: float, room: float) -> Iterator[Shape]:
        axes, sizes = self.d.axes(weight), self.d.sizes
        whole, arrow = (*SUMMED, *axes), (TextSpan("→\u00a0", "muted"),)
        yield Text(x, y, f"∂{weight}", CAPTION_SIZE, "muted", anchor="start", font="mono")
        y += 14
        for line, size, id in (
            (shape_line(whole, sizes), SUM, ""),
            (arrow + shape_line(axes, sizes), LEFT_OVER, weight),
            (shape_line(whole, sizes, self.d.lettering.notation.name), NAMES_SIZE, ""),
        ):
            lines = wrapped(line, size, room)
            height = LEADING * size * len(lines)
            label = Label(x, y + height / 2, lines, size, "start", tensor=id, t=self.d.t if id else None)
            y += height + 2
            yield label
            yield from _strokes(label)


def _heading(notation: Notation) -> Line:
    between = phrase("weights: summed over\u00a0"), phrase("\u00a0and\u00a0")
    return tuple(
        span
        for words, axis in zip(between, SUMMED, strict=True)
        for span in (TextSpan(words, "muted"), _axis_name(axis, notation))
    )


def _axis_name(axis: Axis, notation: Notation) -> TextSpan:
    return ShapeSpan(notation.name(str(axis)), str(axis))


def _strokes(label: Label) -> Iterator[Polyline]:
    """A stroke through each axis that is summed over."""
    for x, y, span in label.placed():
        if span.role in {str(axis) for axis in SUMMED}:
            half, rise = line_width((span,), label.size) / 2 + 2, 0.32 * label.size
            yield Polyline("ink", ((x - half, y + rise), (x + half, y - rise)), 1.3)


def _lowest(shape: Shape) -> float:
    match shape:
        case Label():
            return shape.bounds()[3]
        case Text():
            return shape.y + shape.size / 2
    return 0.0
