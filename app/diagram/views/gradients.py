"""Gradients: the unrolled picture with its arrows reversed, and the shape of every gradient.

A gradient has the shape of its tensor. That of a weight is a sum over batch_size and time_step, so it lacks both axes.
"""

from collections.abc import Iterator
from dataclasses import replace

from ...core.axes import Axis
from ...core.gradients import SUMMED
from ...core.objective import LAST_OUTPUT_SUM, Objective
from ...translations.phrases import phrase
from ..array_names import our_naming
from ..drawing import Drawing
from ..layouts.layout import CellBox
from ..scene import Scene
from ..shape_labels import shape_line, wrapped
from ..shapes import Label, Picture, Polyline, Shape, Text
from ..size_notation import Notation
from ..text_metrics import LEADING, Line, ShapeSpan, TextSpan, line_width, word_width
from ..transforms.reversal import with_wires_reversed
from .io_margin import CAPTION_SIZE, NAMES_SIZE
from .unrolled import UnrolledComposition, enlarged, format_of, title

COLUMNS = 4
MARGIN, HEADING, AFTER = 14.0, 44.0, 18.0
SUM, LEFT_OVER = 13.0, 15.0
"""Sizes of type: of the summed shape, and of the shape of the sum."""


def gradients(scene: Scene) -> Picture:
    """Draw the gradients, step ``t`` in full. Time runs to the right, as in the unrolled picture."""
    naming = scene.naming or our_naming(scene.program)
    arrays = tuple(replace(array, name=phrase("∂ {array}", array=array.name)) for array in naming.arrays)
    scene = replace(scene, naming=replace(naming, arrays=arrays))
    last = 0 if scene.is_reversed else scene.sizes["time_step"] - 1
    objective = scene.objective or Objective(LAST_OUTPUT_SUM, {scene.place: last})
    composition = GradientsComposition(scene, objective)
    composition.draw()
    words = phrase("Gradients of {sum}: {picture}, with every arrow reversed", sum=objective.name, picture=title(scene))
    return composition.picture(words)


class GradientsDrawing(Drawing):
    """A drawing whose circles are gradients."""

    def named(self, tensor: str) -> tuple[str, str]:
        return f"∂{tensor}", str(self.t)


class GradientsComposition(UnrolledComposition):
    """The unrolled cell with gradients, which enter at the last step. Below it are the sums of the weights."""

    def __init__(self, scene: Scene, objective: Objective) -> None:
        super().__init__(format_of(scene), scene, GradientsDrawing)
        self.objective, self.first = objective, objective.steps.get(scene.place)

    def picture(self, title: str) -> Picture:
        top = self.format.height + self.margin.beneath
        sums = list(self._sums(top, self.format.columns or COLUMNS)) if self.d.program.weights else []
        shapes = (*with_wires_reversed(self.d.shapes), *sums)
        width, height = self.format.width + self.margin.beside, max(map(_lowest, sums), default=top) + AFTER
        return enlarged(Picture(width, height, shapes, title), self.format)

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
        self.d.add(Text(x + 3, self.box.row(state), "0", self.sizes.words, "muted", "mono", "start"))

    _name_end = _name_last

    def _is_marked(self, t: int) -> bool:
        return t == self.first

    def _last_words(self, room: float) -> tuple[str, str]:
        """The sum. Where there is little room the words are shortened: the page has the whole sentence."""
        words = phrase("starts here: {sum}", sum=self.objective.name)
        return (words if word_width(words, self.sizes.words) <= room else phrase("starts here")), ""

    # the weights

    def _sums(self, top: float, columns: int) -> Iterator[Shape]:
        """For each weight the shape that is summed, with the summed axes struck out, and the shape of the sum."""
        weights = self.d.program.weights
        columns = min(columns, len(weights))
        width = (self.format.width - MARGIN) / columns
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
