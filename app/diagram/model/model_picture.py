"""Draws a chain: each layer is a slab with a cell or a box for each step, each tensor wires as thick as its vectors."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ...core.model.chain import Count, Misfit
from ...core.model.layer import GAPS, SWAP
from ...core.model.shapes import REST, Shape, Size, has_time, order_of
from ...translations.numbers import grouped
from ...translations.phrases import CommaSeparated, phrase, plural
from ..arrowhead_sizes import HALF_WIDTH, LENGTH, axis_arrow
from ..elements import Box, Head, Heading, Label, Outline, Picture, Polyline, Text
from ..elements import Shape as Element
from ..folded_steps import DOTS
from ..graph import Node, Port
from ..text_metrics import BOLD, fitted_name, line_width, mono_width, word_width
from ..text_spans import TIMES, Line, ShapeSpan, TextSpan
from ..thickness import thickness
from ..wires import Wire
from .model_scene import ChainScene, DrawnLayer
from .placement import LINE, Slab, columns, is_folded, placement, steps_of

NAME, SHAPE, COUNT, WORDS, SMALL = 14.0, 13.5, 13.0, 12.5, 12.0
"""The sizes of names, shapes, numbers of parameters, words and notes."""

LONGER = "   "
"""The letters that the translation of a word may have more."""

WORD = 7.2
"""The width of a letter of words."""

UNKNOWN_DASH, NOT_REACHED_DASH = (4, 3), (2, 3)
THIN = 1.5
"""The thickness of a wire of unknown size, and of ids."""

APART = 1.5
"""Between the strands of two directions."""

SHEET = 4.0
"""From one sheet of the batch to the next, to the right and up."""

BAR_AWAY, BAR_LENGTH = 8.0, 22.0
"""A wrong wire ends in a bar, this far from the layer that it does not fit."""

OUTSIDE = Node("outside")
"""The ends of wires: no nodes of the picture of a cell."""

WITHOUT_WEIGHTS = {
    "dropout": "pointwise",
    "activation": "pointwise",
    "masking": "view",
    "flatten": "view",
    "repeat": "view",
    "transpose": "view",
    SWAP: "view",
    "step": "view",
    "reshape": "view",
    "concatenate": "view",
    "add": "pointwise",
    "subtract": "pointwise",
    "multiply": "pointwise",
    "average": "pointwise",
    "maximum": "pointwise",
    "minimum": "pointwise",
    "dot": "view",
    "pooling": "view",
}
"""The colours of the boxes of layers that have no weights: those of operations in a cell."""

MAY_HAVE_NONE = ("attention", "normalization")
"""Layers that have weights or none, as their numbers of parameters say; others with none share those of a layer."""


@dataclass(frozen=True)
class LayerArea:
    """The part of the picture that stands for a layer, and can be clicked."""

    part: int
    area: Box


@dataclass(frozen=True)
class DrawnChain:
    picture: Picture
    areas: tuple[LayerArea, ...]


def draw(scene: ChainScene) -> DrawnChain:
    """The picture of a chain."""
    return ChainComposition(scene).draw()


class ChainComposition:
    """Computes all positions and draws."""

    def __init__(self, scene: ChainScene) -> None:
        self.scene = scene
        self.placement = placement(scene)
        self.widths = self.placement.widths
        self.largest = max(1, scene.most_parameters, *map(_parameters, scene.layers))

    def draw(self) -> DrawnChain:
        slabs = self.placement.slabs
        shapes = (
            *self._input(),
            *(shape for slab in slabs for shape in self._slab(slab)),
            *self._wires(),
            *self._output(),
            *(shape for slab in slabs for shape in self._words(slab)),
        )
        names = CommaSeparated(drawn.name for drawn in self.scene.layers)
        title = plural("A chain of {n} layer: {names}", "A chain of {n} layers: {names}", self.scene.count, names=names)
        areas = tuple(
            LayerArea(s.drawn.part, Box("view", 0, s.top - 4, self.widths.width, s.height + 8, 6)) for s in slabs
        )
        return DrawnChain(Picture(self.widths.width, self.placement.height, shapes, title), areas)

    # input and output

    def _input(self) -> Iterator[Element]:
        """The sheets of the batch, the steps below them, and the names of both axes."""
        y, shape = self.placement.input, self.scene.input
        yield from self._sheets(shape, y, dividers=True)
        name = self.scene.notation.name
        first, *_, last = self.widths.columns
        left = first - 17 if has_time(shape) else last - 17
        if not self.scene.is_narrow:
            words = phrase("input") if self.scene.knows_input else phrase("input?")
            yield Heading(0, y + 7, words, NAME, anchor="start")
        corner = last + 22
        if shape[0].name == "batch_size":
            yield axis_arrow("batch_size", (corner, y + 13), (corner + 10, y + 3))
            yield Text(corner + 16, y + 8, name("batch_size"), SMALL, "batch_size", "mono", "start")
        if all(size.name != "time_step" for size in shape):
            return
        yield axis_arrow("time_step", (left, y + 26), (last + 17, y + 26))
        for x, step in columns(shape, self.widths):
            text = phrase("last") if step is None else str(step)
            yield Text(x, y + 38, text, SMALL, "time_step", "sans" if step is None else "mono")
        if self.scene.is_narrow:
            yield Text(corner, y + 26, name("time_step"), SMALL, "time_step", "mono", "start")
        else:
            yield Text(left - 7, y + 26, name("time_step"), SMALL, "time_step", "mono", "end")
        if is_folded(shape) and not self.scene.is_narrow:
            steps = steps_of(shape)
            text = "?" if steps is None else phrase("{n:,} more", n=steps - 3)
            yield Text(self.widths.columns[2], y + 38, text, SMALL, "time_step")

    def _sheets(self, shape: Shape, y: float, dividers: bool = False) -> Iterator[Element]:
        """A tensor as one sheet for each sample, the first in front: its upper edge is at y."""
        first, _, third, last = self.widths.columns
        left, right = (first - 17 if has_time(shape) else last - 17), last + 17
        samples = next((size for size in shape[:1] if size.name == "batch_size"), None)
        behind = 0 if not samples else 2 if samples.number is None else min(2, samples.number - 1)
        for n in range(behind, 0, -1):
            yield Box("sheet", left + SHEET * n, y - SHEET * n, right - left, 14, 0)
        yield Box("view", left, y, right - left, 14, 0)
        if dividers and has_time(shape):
            xs = [x for x, _ in columns(shape, self.widths)]
            for one, other in pairwise([*xs[:2], third, *xs[2:]] if is_folded(shape) else xs):
                yield Polyline("muted", (((one + other) / 2, y), ((one + other) / 2, y + 14)), 0.8)
            if is_folded(shape):
                yield Text(third, y + 7, DOTS, NAME, "muted")

    def _output(self) -> Iterator[Element]:
        top, shape = self.placement.output - 14, self.scene.output
        target, is_known = self.scene.target, self.scene.layers[-1].passed.returns
        if target:
            yield from self._sheets(target.shape, top)
            yield from self._label(target.shape, top + (16 if self.scene.is_narrow else 7), wrong=target.wrong)
        elif is_known:
            yield from self._sheets(shape, top)
            yield from self._label(shape, top + 7)
        else:
            yield Text(self.widths.words, top + 7, "?", SHAPE, "muted", "mono", "start")
        if target:
            x, y = (self.widths.words, top - 2) if self.scene.is_narrow else (0, top + 7)
            yield Heading(x, y, phrase("target"), NAME, anchor="start")
        elif not self.scene.is_narrow:
            words = phrase("output") if self.scene.knows_output else phrase("output?")
            yield Heading(0, top + 7, words, NAME, "ink" if is_known else "muted", anchor="start")

    # layers

    def _slab(self, slab: Slab) -> Iterator[Element]:
        drawn, passed = slab.drawn, slab.drawn.passed
        is_selected = self.scene.selected == drawn.part
        for n in range(min(drawn.times - 1, 2), 0, -1):
            yield Box("view", slab.left + SHEET * n, slab.top - SHEET * n, slab.width, slab.height, 8)
        if not passed.returns:
            yield Outline("muted", slab.left, slab.top, slab.width, slab.height, 8, 1.5, NOT_REACHED_DASH)
        elif passed.layer.kind in GAPS:
            role, line = ("ink", 2.0) if is_selected else ("muted", 1.5)
            yield Outline(role, slab.left, slab.top, slab.width, slab.height, 8, line, (6, 4))
            if passed.layer.kind == "other":
                yield Heading(slab.left + slab.width / 2, slab.middle, "?", 20, "muted", "mono")
            return
        else:
            role = "chosen" if is_selected else "view"
            yield Box(role, slab.left, slab.top, slab.width, slab.height, 8)
        if passed.layer.is_recurrent:
            yield from self._cells(slab)
        else:
            yield from self._boxes(slab)

    def _steps(self, slab: Slab) -> Shape:
        """The tensor whose steps the cells of a layer are."""
        passed = slab.drawn.passed
        if passed.misfit and passed.layer.family == "recurrent" and has_time(self.scene.input):
            return self.scene.input
        return passed.input if has_time(passed.input) or not has_time(passed.output) else passed.output

    def _boxes(self, slab: Slab) -> Iterator[Element]:
        """One box for each step, yellow if the layer has weights."""
        passed, width = slab.drawn.passed, self.widths.cell
        shape, y = self._steps(slab), slab.middle - 11.5
        has_none = passed.layer.kind in MAY_HAVE_NONE and passed.layer.parameters == 0
        role = "pointwise" if has_none else WITHOUT_WEIGHTS.get(passed.layer.kind, "layer")
        for x, _ in columns(shape, self.widths):
            yield from self._cell(slab, x - width / 2, y, width, 23, role, 3)
        if is_folded(shape):
            yield Text(self.widths.columns[2], slab.middle, DOTS, 15, "muted")

    def _cell(
        self, slab: Slab, x: float, y: float, width: float, height: float, role: str, radius: float
    ) -> Iterator[Element]:
        passed = slab.drawn.passed
        if not passed.returns:
            yield Outline("muted", x, y, width, height, radius, 1.2, NOT_REACHED_DASH)
        else:
            yield Box(role, x, y, width, height, radius)

    def _cells(self, slab: Slab) -> Iterator[Element]:
        """A row of cells for each direction of each stacked layer, with the state from step to step."""
        layer, half = slab.drawn.passed.layer, self.widths.cell / 2
        shape = self._steps(slab)
        xs = [x for x, _ in columns(shape, self.widths)]
        is_known = slab.drawn.passed.returns
        before: int | None = None
        for row in slab.rows:
            middle = row.top + row.height / 2
            if row.layer is None:
                text = "?" if layer.num_layers is None else phrase("{n:,} more layers", n=layer.num_layers - 2)
                yield Text(slab.left + slab.width / 2, middle, text, SMALL, "muted")
                continue
            if before is not None and before - row.layer == 1:
                y = row.top - 7.5
                yield Polyline("muted", ((slab.left + 10, y), (slab.left + slab.width - 10, y)), 1.0, (2, 3))
            before = row.layer
            for x in xs:
                yield from self._cell(slab, x - half, row.top, 2 * half, row.height, "slab", 5)
            if is_folded(shape):
                yield Text(self.widths.columns[2], middle, DOTS, 15, "muted")
            if is_known:
                yield from self._states(slab, xs, middle, row.is_backward != layer.go_backwards, is_folded(shape))

    def _states(self, slab: Slab, xs: list[float], y: float, is_reversed: bool, folded: bool) -> Iterator[Element]:
        """The state from step to step, in the order in which the cell computes them."""
        half, dots = self.widths.cell / 2, self.widths.columns[2]
        pieces = [(one + half, other - half) for one, other in pairwise(xs)]
        if folded:
            pieces[-1:] = [(xs[-2] + half, dots - 12), (dots + 12, xs[-1] - half)]
        for start, end in pieces:
            course = ((start, y), (end - 1, y))
            if is_reversed:
                course = ((end, y), (start + 1, y))
            units = slab.drawn.units
            if units is None:
                yield Polyline("num_units", course, THIN, UNKNOWN_DASH)
                continue
            width = min(thickness(units), 0.25 * (end - start))
            yield Wire.between(Port(OUTSIDE, *course[0]), Port(OUTSIDE, *course[1]), "num_units", width)

    # wires

    def _wires(self) -> Iterator[Element]:
        """The tensors between the layers, from the input to the output."""
        slabs = self.placement.slabs
        yield from self._between(None, self.scene.input, self.placement.input - 10, slabs[0])
        for below, above in pairwise(slabs):
            passed = below.drawn.passed
            taken = passed.output if passed.layer.states_only and passed.returns else above.drawn.passed.input
            yield from self._between(below, taken, below.top, above)
        if self.scene.target:
            yield from self._compared(self.scene.target.shape, slabs[-1])
        else:
            yield from self._between(slabs[-1], slabs[-1].drawn.passed.output, slabs[-1].top, None)

    def _compared(self, target: Shape, loss: Slab) -> Iterator[Element]:
        """A target that does not fit the output, from above. Without an axis of its own it has one value for each
        sample or step."""
        has_own_axis = target and target[-1].name not in ("batch_size", "time_step")
        values = target[-1] if has_own_axis else Size("muted", 1)
        for x, _ in columns(target, self.widths):
            yield from self._stopped(x, self.placement.output + 3, loss.top - BAR_AWAY, values, bends=False)
        if is_folded(target):
            yield Text(self.widths.columns[2], (self.placement.output + loss.top) / 2, DOTS, 15, "muted")

    def _stopped(self, x: float, y: float, tip: float, last: Size, bends: bool) -> Iterator[Element]:
        """One vector that does not fit: its wire is red and ends in a bar."""
        yield from self._arrow(x, y, tip, "error", last, is_wrong=True, bends=bends)
        yield Polyline("error", ((x - BAR_LENGTH / 2, tip), (x + BAR_LENGTH / 2, tip)), 3.0)

    def _between(self, below: Slab | None, shape: Shape, y: float, above: Slab | None) -> Iterator[Element]:
        """One tensor, from y up to the slab above it or to the output."""
        tip = above.bottom + 2 if above else self.placement.output + 3
        middle = (y + tip) / 2 + 1
        if below and not below.drawn.passed.returns:
            for x, _ in columns(shape, self.widths):
                yield Polyline("muted", ((x, y), (x, tip)), 1.2, NOT_REACHED_DASH)
            if above:
                yield Text(self.widths.words, middle, "?", SHAPE, "muted", "mono", "start")
            return
        misfit = above.drawn.passed.misfit if above else None
        is_grey = bool(below and below.drawn.says)
        is_ids = below is None and bool(self.scene.input_words)
        last = Size("muted", 1) if is_ids else _vector(shape)
        role = "muted" if is_grey or last.name in (REST, "muted") else last.name or "ink"
        bends = below is not None and _comes_from_first(below.drawn, shape)
        is_merged = bends and below is not None and below.drawn.joins_ends and last.times == 1
        reverses = below is not None and below.drawn.reverses and steps_of(shape) != 1
        goes_on = above is None or above.drawn.passed.layer.kind != "elsewhere"
        for x, _ in columns(shape, self.widths) if goes_on else ():
            start = self.widths.columns[0] + self.widths.columns[-1] - x if reverses else x
            if misfit and above:
                yield from self._stopped(x, y, above.bottom + BAR_AWAY, last, bends)
                continue
            if is_merged:
                yield from self._arrow(x, y, tip, role, last, is_wrong=False, bends=False)
            yield from self._arrow(x, y, tip, role, last, is_wrong=False, bends=bends, start=start)
        if is_folded(shape) and goes_on and not reverses:
            yield Text(self.widths.columns[2], middle, DOTS, 15, "muted")
        if above:
            wrong = above.drawn.wrong_axes or (_wrong_axes(misfit, shape) if misfit else ())
            yield from self._label(shape, middle, below, wrong)
        if below and below.drawn.note and goes_on:
            yield from self._note(below, (y + tip) / 2, bends)

    def _arrow(
        self,
        x: float,
        y: float,
        tip: float,
        role: str,
        last: Size,
        is_wrong: bool,
        bends: bool,
        start: float | None = None,
    ) -> Iterator[Element]:
        """One vector: a wire as thick as it is long, two strands for two directions, dashed if its length is not
        known. It comes from ``start``, if that is not below x."""
        away = 0.0 if start is None else start - x
        if last.value is None:
            end, first = tip if is_wrong else tip + 7, self.widths.columns[0]
            course = ((first, y), (first, y - 20), (x, y - 20), (x, end)) if bends else ((x + away, y), (x, end))
            yield Polyline(role, course, THIN, UNKNOWN_DASH)
            if not is_wrong:
                yield Head(role, x, tip, 8, 3.2)
            return
        width = THIN if last.name == "muted" else thickness(last.value)
        whole = last.times * width + (last.times - 1) * APART
        length, half = LENGTH[0] + LENGTH[1] * whole, HALF_WIDTH[0] + HALF_WIDTH[1] * whole
        if last.times > 1:
            length, half = min(length, 7 + 0.5 * whole), whole / 2 + 2.2
        end = tip if is_wrong else tip + length - 1
        for n in range(last.times):
            at = x + (n - (last.times - 1) / 2) * (width + APART)
            if bends and n == 0:
                first = self.widths.columns[0]
                ports = Port(OUTSIDE, first, y), Port(OUTSIDE, at, end)
                yield Wire.between(*ports, role, width, ((first, y - 20), (at, y - 20)), radius=10, head=False)
            else:
                yield Polyline(role, ((at + away, y), (at, end)), width)
        if not is_wrong:
            yield Head(role, x, tip, length, half)

    # words

    def _label(
        self, shape: Shape, y: float, below: Slab | None = None, wrong: Collection[int] = ()
    ) -> Iterator[Element]:
        """The shape of a tensor, and what the next layer calls its last axis."""
        line = shape_line(shape, self.scene.time_major, wrong)
        x, drawn = self.widths.words, below.drawn if below else None
        words, role = ("", "") if drawn is None or drawn.taken_as is None else drawn.taken_as
        words, role = (drawn.says, "muted") if drawn and drawn.says else (words, role)
        if below is None and self.scene.input_words and shape is self.scene.input:
            words, role = self.scene.input_words, "muted"
        is_beside = x + line_width(line, SHAPE) + 9 + mono_width(words + LONGER, SMALL) <= self.widths.width
        at = y if is_beside or not words else y - 8
        size = min(SHAPE, SHAPE * (self.widths.width - x) / line_width(line, SHAPE))
        yield Label(x, at, (line,), size, "start")
        if words:
            left, at = (x + line_width(line, SHAPE) + 9, y) if is_beside else (x, y + 9)
            fitting = min(SMALL, SMALL * (self.widths.width - left) / mono_width(words, SMALL))
            yield Text(left, at, words, fitting, role, "mono", "start")

    def _note(self, slab: Slab, y: float, bends: bool) -> Iterator[Element]:
        """Why fewer steps go on, where the wires of the others would be."""
        lines = [(text, "sans" if n == 0 else "mono") for n, text in enumerate(slab.drawn.note)]
        x = self.widths.left + 14
        if bends:
            x, y, lines = self.widths.columns[0] + 12, slab.top - 34, lines[:1]
        room = self.widths.columns[3] - 14 - x
        if slab.top - y < 25:  # many layers
            lines = lines[:1]
        fitting = [(text, font) for text, font in lines if _width(text, font) <= room]
        for n, (text, font) in enumerate(fitting if fitting == lines else fitting[:1]):
            yield Text(x, y + 17 * (n - (len(fitting) - 1) / 2), text, WORDS, "muted", font, "start")

    def _words(self, slab: Slab) -> Iterator[Element]:
        """The name of a layer, and the number of its parameters."""
        drawn = slab.drawn
        x = self.widths.words if self.scene.is_narrow else 0.0
        lines = 1 + len(drawn.details) + (1 if self.scene.is_narrow else 0)
        y = slab.middle - (lines - 1) * LINE / 2 - (5 if self.scene.is_narrow and _parameters(drawn) else 0)
        is_known = drawn.passed.returns
        room = (self.widths.width if self.scene.is_narrow else self.widths.left - 8) - x
        name, size = fitted_name(drawn.name, NAME, room / BOLD)
        yield Heading(x, y, name, size, "ink" if is_known else "muted", anchor="start")
        for line in drawn.details:
            y += LINE
            yield Text(x, y, line, min(WORDS, WORDS * room / word_width(line, WORDS)), "muted", anchor="start")
        at = y + LINE if self.scene.is_narrow else slab.middle - (6 if _parameters(drawn) else 0)
        yield from self._count_or_misfit(drawn, at)

    def _count_or_misfit(self, drawn: DrawnLayer, y: float) -> Iterator[Element]:
        """The number of parameters of a layer with its bar, at y; or why it cannot take what comes."""
        x, misfit, count = self.widths.words, drawn.passed.misfit, drawn.count
        if misfit or drawn.wrong:
            is_short = self.scene.is_narrow
            words = drawn.wrong[is_short] if drawn.wrong else misfit_words(misfit, is_short) if misfit else ""
            size = SMALL if self.scene.is_narrow else WORDS
            size = min(size, size * (self.widths.width - x) / word_width(words, size))
            yield Text(x, y, words, size, "error", anchor="start")
            return
        if not drawn.passed.reached or not count or count.value == 0:
            return
        line, size = _count_line(drawn, count), SMALL if self.scene.is_narrow else COUNT
        fitting = min(size, size * (self.widths.width - x) / line_width(line, size))
        yield Label(x, y, (line,), fitting, "start")
        is_one, end = count.value == 1 and count.is_exact, x + line_width(line, size) + 7
        words = phrase("parameter") if is_one else phrase("parameters")
        if end + WORD * len(words) <= self.widths.width:
            yield Text(end, y, words, SMALL if self.scene.is_narrow else WORDS, "muted", anchor="start")
        if count.value:
            length = max(1.0, self.widths.bar * count.value / self.largest)
            yield Box("layer", x + 0.5, y + 10, length, 8, 0)


def _vector(shape: Shape) -> Size:
    """The length of one vector of a tensor: that of the last axis, or of channels before the steps."""
    is_channels_first = len(shape) == 3 and shape[2].name == "time_step" and shape[1].name not in ("time_step", REST)
    return shape[1] if is_channels_first else shape[-1]


def _width(text: str, font: str) -> float:
    """The width of the words of a note."""
    return mono_width(text, WORDS) if font == "mono" else 0.84 * word_width(text, WORDS)


def _parameters(drawn: DrawnLayer) -> int:
    """The known number of parameters of a layer."""
    return (drawn.count and drawn.count.value) or 0


def _count_line(drawn: DrawnLayer, count: Count) -> Line:
    """A number of parameters: ``1,280,000``, ``129 · ?``, ``720 + ?``, ``6 · 33,024``."""
    is_repeated = drawn.times > 1 and drawn.passed.layer.kind != "reshape"  # not several different layers as one
    times: Line = (TextSpan(f"{drawn.times} · ", "muted"),) if is_repeated else ()
    if count.value is not None:
        more: Line = (TextSpan(" + ", "muted"), TextSpan("?", "ink")) if count.is_least else ()
        return (*times, TextSpan(grouped(count.value), "ink"), *more)
    if count.factor is not None:
        return (*times, TextSpan(grouped(count.factor), "ink"), TextSpan(" · ", "muted"), TextSpan("?", "ink"))
    return (*times, TextSpan("?", "ink"))


def misfit_words(misfit: Misfit, is_short: bool = False) -> str:
    """What a layer needs and what it gets."""
    if misfit.what == "axes":
        return plural("needs {n} axis, gets {got}", "needs {n} axes, gets {got}", misfit.needed, got=misfit.got)
    if is_short:
        return phrase("needs {needed:,}, gets {got:,}", needed=misfit.needed, got=misfit.got)
    if misfit.what == "time_step":
        return phrase("needs at most {needed:,} steps, gets {got:,}", needed=misfit.needed, got=misfit.got)
    return phrase("needs {needed:,} features, gets {got:,}", needed=misfit.needed, got=misfit.got)


def _comes_from_first(drawn: DrawnLayer, shape: Shape) -> bool:
    """Whether the wire of an output, or that of its backward direction, comes from step 0."""
    if steps_of(drawn.passed.input) == 1:
        return False
    return drawn.ends_at_first or (drawn.joins_ends and (shape[-1].times == 1 or shape[-1].value is not None))


def _wrong_axes(misfit: Misfit, shape: Shape) -> Collection[int]:
    """The axes of a shape that a layer does not take: all, if it needs another number of them."""
    match misfit.what:
        case "features":
            return {len(shape) - 1}
        case "channels":
            return {1}
        case "time_step":
            return {n for n, size in enumerate(shape) if size.name == "time_step"}
    return range(len(shape))


def shape_line(shape: Shape, time_major: bool = False, wrong: Collection[int] = ()) -> Line:
    """A shape in the colours of its axes; in red the ``wrong`` ones. That of a number is ``()``."""
    line: list[TextSpan] = [] if shape else [TextSpan("()", "muted")]
    for n in order_of(shape, time_major):
        size, role = shape[n], "error" if n in wrong else shape[n].name or "ink"
        line += [TIMES] if line else []
        if size.name == REST:
            line.append(TextSpan(DOTS, "muted"))
            continue
        if size.times > 1:
            line.append(ShapeSpan(f"{size.times}·", "ink"))
        line.append(ShapeSpan("?" if size.value is None else str(size.value), role))
    return tuple(line)
