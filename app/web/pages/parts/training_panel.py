"""The training view beside its picture: the task and the numbers of a training, what was measured, and what more units
buy; of a trained network its epochs, and where to look inside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log
from statistics import fmean
from typing import NamedTuple

from markupsafe import Markup

from ....core.largest_sizes import MAX_NUM_UNITS
from ....diagram.elements import Picture
from ....diagram.painters.page_svg import page_svg
from ....diagram.text_metrics import word_width
from ....diagram.training_scene import (
    Course,
    CurvePoint,
    DigitBeliefs,
    EpochPoint,
    LearningCurve,
)
from ....diagram.transforms.relabeling import in_language
from ....diagram.views.training.accuracy_by_num_units import axis_of, plot_of
from ....diagram.views.training.beliefs import ROWS, STEPS, beliefs, rows_of
from ....diagram.views.training.loss_and_accuracy_by_epoch import loss_by_epoch, plots_of
from ....diagram.views.training.measured_curve_at_num_units import Present
from ....diagram.views.training.size_axis import LARGEST, TICKS
from ....diagram.views.training.sizes_by_format import TRAINING
from ....diagram.views.training.training import beliefs_top, title_height
from ....diagram.views.training.value_axis_and_grid import Plot
from ....size_expressions import Expression, chosen, where
from ....teaching.around_picture.sentences import Word
from ....training.accuracy_or_error import Measure
from ....training.curves import Memorised, curves
from ....training.default_schedule import Schedule
from ....training.overfitting import GAP, KNOWN, has_memorised
from ....training.tasks import BATCH_SIZE, TASKS
from ....training.training_and_result import Snapshot, Trained
from ....translations.numbers import percentage
from ....translations.phrases import Phrase, phrase, plural
from ....translations.translator import Translator
from ....url_state.field_types import DecimalNumber, Number, Value
from ....url_state.fields import FIELDS
from ....url_state.fields.training_fields import TRAINING as TRAINING_FIELDS
from ....url_state.url_state import UrlState
from ....url_state_to_picture.picture_of_state import scene, training_of
from ....url_state_to_picture.training.cached_trainings import trained_network
from ....url_state_to_picture.training.sentence_above_training import live_sentence
from ....url_state_to_picture.training.training_request import training_of as request_training
from ....url_state_to_picture.training.training_request_of_state import available, example_of, request_of, text_of
from ....url_state_to_picture.training.training_scene_of_state import beliefs_of


class TaskChoice(NamedTuple):
    """A task, with the query that selects it."""

    title: str
    link: str
    is_chosen: bool


class Doubling(NamedTuple):
    """What twice as many units buy and cost: points of not seen digits, how many times as many parameters, and how many
    times as long a training takes, as far as its operations tell. ``mark`` is "now" for the doubling that begins at or
    below the present num_units."""

    few: int
    many: int
    gain: str
    factor: str
    time: str
    mark: str


class Measured(NamedTuple):
    """Percentages with the present num_units: of digits not seen, and of those that it was trained on."""

    test: str
    train: str


class Try(NamedTuple):
    """A link to another training."""

    title: Phrase
    link: str


class EpochRow(NamedTuple):
    """An epoch as texts."""

    epoch: int
    loss: str
    train: str
    test: str


class Setting(NamedTuple):
    """A number of the training, with the limits of its field. The form sends it unless ``is_sent`` elsewhere. ``hint``:
    why it is not the one of the link, if so."""

    name: str
    value: str
    low: str
    high: str
    step: str
    is_sent: bool
    hint: Phrase | None = None


class Help(NamedTuple):
    """Another network that was measured: what it is, its percentages, and the query that trains it; "" for the present
    one. ``is_better``: it has not memorised, and knows more of what it has not seen than the present one."""

    title: Phrase
    link: str
    train: str
    test: str
    is_better: bool


class Dense(NamedTuple):
    """A dense layer: how many numbers it reads, and how many it computes."""

    width: int
    outputs: int

    @property
    def parameters(self) -> int:
        return self.width * self.outputs + self.outputs


@dataclass(frozen=True)
class TrainingPart:
    """What is shown beside the picture. ``start``, ``back``: the queries of the trained network and of the curve;
    ``inside``: links to what the network has learned; ``memorised``: what that means, if the network has; ``measured``:
    None if nothing is known of this num_units; ``seeds``: of how many trainings its numbers are the means;
    ``otherwise``: that it was measured otherwise than the fields say; ``examples`` and ``tests``: how many are trained
    on and kept back; ``means``: what the numbers of ``helps`` are after the first; ``seconds``: how long the training
    took, "" if it has not run."""

    tasks: list[TaskChoice]
    about: Phrase
    settings: list[Setting]
    start: str
    back: str
    inside: list[Try]
    is_trained: bool
    memorised: Phrase | None
    helps: list[Help]
    means: Phrase
    parameters: int
    dense: Dense
    measured: Measured | None
    seeds: int
    otherwise: Phrase | None
    doublings: list[Doubling]
    links: list[Try]
    epochs: list[EpochRow]
    last: EpochPoint | None
    batch_size: int
    examples: int
    tests: int
    seconds: str


class Example(NamedTuple):
    """The example of the test in the picture, with the queries of the one before and after it."""

    words: Phrase
    before: str | None
    after: str | None


class ExamplePager(NamedTuple):
    """The example with its links, over the picture: where the middle of its words is, and where the links are, and the
    size of the type."""

    example: Example
    before_x: float
    x: float
    after_x: float
    y: float
    size: float


class BeliefRow(NamedTuple):
    """A row of what a network believes, which leads to the states after it: its step, and its place in the picture."""

    t: int
    y: float
    height: float
    width: float


class OverBeliefs(NamedTuple):
    """What is over the picture of what a network believes: a pager if there is room, and the rows of a digit."""

    pager: ExamplePager | None
    rows: list[BeliefRow]


class LivePlot(NamedTuple):
    """A rectangle of the picture of a training that runs: its edges, and the values at its lower and upper one."""

    left: float
    top: float
    right: float
    bottom: float
    low: float
    high: float


class AxisRectangle(NamedTuple):
    """Where the pointer moves num_units, with the share of its width before the first size, and after the ``largest``.
    ``most``: the largest num_units that there is. ``plot``: where a browser draws what was trained, if nothing was
    measured; ``factor``: by how much that is multiplied."""

    x: float
    y: float
    width: float
    height: float
    before: float
    largest: int
    most: int
    plot: LivePlot | None
    factor: float


AXIS = 32.0
"""The height of that rectangle: for a finger."""


@dataclass(frozen=True)
class LiveTraining:
    """What a browser fills while a training runs: the picture without epochs, the plots in it, by how much the measure
    is multiplied, and how many times larger than in a page type is in the picture; the sentence above it; the title of
    what the network believes."""

    svg: Markup
    plots: tuple[LivePlot, LivePlot]
    total: int
    factor: float
    unit: float
    sentence: tuple[Word, ...]
    believes: Phrase


SETTINGS = ("examples", *(f.name for f in TRAINING_FIELDS if f.name not in ("task", "examples", "trained")), "seed")
"""The fields of a training that have a number, in the order of the page."""


def dense_of(state: UrlState) -> Dense:
    """The dense layer on the output of a UrlState."""
    return Dense(state.stack.output.size(state.sizes), len(TASKS[state.task].labels(text_of(state))) or 1)


def training_part(state: UrlState) -> TrainingPart:
    """The training of a UrlState."""
    shown, task = training_of(state), TASKS[state.task]
    data = task.data(text_of(state))
    epochs = shown.course.epochs if shown.course else ()
    return TrainingPart(
        tasks=[TaskChoice(t.title, state.query(task=t.id, trained=False), t is task) for t in TASKS.values()],
        about=task.about_both if state.bidirectional and task.about_both else task.about,
        settings=[setting(state, name) for name in SETTINGS],
        start=state.query(trained=True),
        back=state.query(trained=False),
        inside=inside(state, len(data.test_X)) if shown.course else [],
        is_trained=shown.course is not None,
        memorised=MEANING if shown.course and shown.course.memorised else None,
        helps=helps(state),
        means=means(),
        parameters=shown.curve.parameters,
        dense=dense_of(state),
        measured=measured(state.num_units, shown.curve),
        seeds=len(curves().seeds),
        otherwise=otherwise(shown.curve),
        doublings=list(doublings(state, shown.curve)),
        links=tries(state),
        last=epochs[-1] if epochs else None,
        epochs=[_row(n, epoch, shown.measure) for n, epoch in reversed([*enumerate(epochs, 1)])],
        batch_size=BATCH_SIZE,
        examples=request_of(state).schedule.examples,
        tests=len(data.test_X),
        seconds=f"{trained_network(state).seconds:.1f}" if shown.course else "",
    )


def live_plot(plot: Plot) -> LivePlot:
    return LivePlot(plot.left, plot.top, plot.right, plot.bottom, plot.scale.low, plot.scale.high)


def live_training(state: UrlState, format: str, translate: Translator) -> LiveTraining:
    """The frame of a training that runs, in a format."""
    task = TASKS[state.task]
    measure, outputs = task.measure, len(task.labels(text_of(state)))
    nothing = Course((), state.epochs, expected=log(outputs) if outputs else 0.5)
    loss, measured = map(live_plot, plots_of(nothing, measure, format))
    svg = Markup(page_svg(in_language(loss_by_epoch(nothing, measure, format), translate)))
    sentence, believes = live_sentence(state, translate), STEPS if task.reads_every_output else ROWS
    unit = TRAINING[format].unit
    return LiveTraining(svg, (loss, measured), state.epochs, measure.factor, unit, sentence, believes)


def example_words(example: int, last: int) -> Phrase:
    """Which example of the test it is, of those from 0 to the last one."""
    return phrase("example {n:,} of those not seen (0–{last:,})", n=example, last=last)


def example(state: UrlState, trained: Trained) -> Example:
    n, last = example_of(state, trained.training), len(trained.training.data.test_X) - 1
    before, after = (state.query(sample=k) if 0 <= k <= last else None for k in (n - 1, n + 1))
    return Example(example_words(n, last), before, after)


def over_beliefs(state: UrlState, format: str, translate: Translator) -> OverBeliefs | None:
    """The links over what a trained network believes; None if the picture does not show it."""
    shown = scene(state, format)
    if state.view != "training" or not shown.training.course:
        return None
    epochs = loss_by_epoch(shown.training.course, shown.training.measure, format)
    pager = None if TRAINING[format].narrow else _pager(state, epochs, format, translate)
    if not isinstance(believed := shown.training.beliefs, DigitBeliefs):
        return OverBeliefs(pager, [])
    top, width = beliefs_top(epochs, format), TRAINING[format].width
    rows = [BeliefRow(t, top + y, height, width) for t, (y, height) in enumerate(rows_of(believed, format))]
    return OverBeliefs(pager, rows)


def _pager(state: UrlState, epochs: Picture, format: str, translate: Translator) -> ExamplePager:
    """The links to other examples beside the title of what a trained network believes."""
    one, sizes = example(state, trained_network(state)), TRAINING[format]
    y, u = title_height(epochs, format), sizes.unit
    after, wide = sizes.width - 8 * u, word_width(translate(one.words), sizes.words) + 32 * u
    return ExamplePager(one, after - wide, after - wide / 2, after, y, sizes.words)


def beliefs_svg(state: UrlState, network: Snapshot, format: str, translate: Translator) -> str:
    """What a network that is being trained believes about the example of a UrlState."""
    shown = beliefs(beliefs_of(network, example_of(state, network.training)), format, state.size_notation)
    return page_svg(in_language(shown, translate))


def size_axis_of(state: UrlState, format: str) -> AxisRectangle | None:
    """The rectangle on the axis of the curve that is drawn in a format."""
    if state.view != "training" or (state.trained and not isinstance(state.num_units, Expression)):
        return None
    shown = scene(state, format)
    axis, plot, measure = axis_of(shown), plot_of(shown), shown.training.measure
    pad = axis.first - axis.start
    width = axis.last - axis.first + 2 * pad
    x, y, before = axis.first - pad, axis.y - AXIS / 2, pad / width
    curve = shown.training.curve
    free = None if curve.points and not curve.is_otherwise else live_plot(plot)
    return AxisRectangle(x, y, width, AXIS, before, LARGEST, MAX_NUM_UNITS, free, measure.factor)


def setting(state: UrlState, name: str) -> Setting:
    """A number of the training. The seed has a field among the other settings, which the form sends."""
    field, value = FIELDS[name], str(state[name])
    if isinstance(field, DecimalNumber):
        return Setting(name, value, field.low, field.high, "any", True)
    assert isinstance(field, Number)
    if name != "examples":
        return Setting(name, value, str(field.low), str(field.high), "1", name != "seed")
    most = available(state)
    hint = phrase("There are only {n:,}.", n=most) if state.examples > most else None
    return Setting(name, str(min(state.examples, most)), str(field.low), str(min(field.high, most)), "1", True, hint)


MOST_SAMPLES = 16
"""UrlStates of a run have at most so many digits of the test: each is a row of every array."""


def inside(state: UrlState, tests: int) -> list[Try]:
    """UrlStates of the trained network: its weights, and its run over the input of its task, which has the digits of
    the test one after the other: there the digit that is shown, if it is one of the first."""
    run: dict[str, Value] = {"data": TASKS[state.task].input}
    words, cell = phrase("Values of every step"), state.program.cell
    found = [Try(phrase("The trained weights"), state.query(view="weights", tensor=next(iter(cell.weights), "")))]
    if state.task == "digits":
        n = (state.sample or 0) % tests
        if n < MOST_SAMPLES:
            run |= {"sample": n, "batch_size": max(state.batch_size, n + 1)}
        else:
            run |= {"sample": 0}
            words = phrase("Values of every step, of example 0")
    else:
        found.append(Try(phrase("h of every unit"), state.query(view="units", **run)))
    return [*found, Try(words, state.query(view="unrolled", tensor=cell.output, **run))]


def measured(num_units: int, curve: LearningCurve) -> Measured | None:
    """What was measured with this num_units, or with both of its neighbours."""
    here = Present(num_units, curve)
    if not (curve.joined and (here.is_measured or here.is_between)):
        return None

    def of(shares: Callable[[CurvePoint], tuple[float, ...]]) -> str:
        return here.choose(lambda one, other: _from_to(shares(one), shares(other)), chosen)

    return Measured(of(lambda point: point.test), of(lambda point: point.train))


def _from_to(one: tuple[float, ...], other: tuple[float, ...]) -> str:
    low, high = sorted((fmean(one), fmean(other)))
    return percentage(low) if low == high else f"{percentage(low)}–{percentage(high)}"


def otherwise(curve: LearningCurve) -> Phrase | None:
    """That the curve was measured otherwise than the fields say; None if it was not."""
    if not curve.is_otherwise:
        return None
    measured, chosen = curve.schedules
    return phrase("Measured with {measured}; yours: {chosen}.", measured=measured, chosen=chosen)


def doublings(state: UrlState, curve: LearningCurve) -> Iterator[Doubling]:
    """What each doubling of the written sizes buys and costs, as far as it was measured: the gain is the difference of
    the numbers as they are written, and the time is that of the measured schedule."""
    num_units = state.num_units
    points = {point.num_units: point for point in curve.points} if curve.joined else {}
    costs = {cost.num_units: cost.parameters for cost in curve.costs}
    for few, many in pairwise(n for n in TICKS if n in points and n in costs):
        gain = round(100 * fmean(points[many].test), 1) - round(100 * fmean(points[few].test), 1)
        longer = work_of(state, many, curve.measured) / work_of(state, few, curve.measured)
        is_now = where(num_units >= few, 1, 0) * where(num_units < many, 1, 0)
        yield Doubling(
            few,
            many,
            f"{gain:+.1f}".replace("-", "−"),
            f"×{costs[many] / costs[few]:.1f}",
            f"×{longer:.1f}",
            chosen(is_now == 1, "now", ""),
        )


def work_of(state: UrlState, num_units: int, schedule: Schedule | None) -> int:
    """How much there is to compute with a num_units, see ``Training.work``: in a ``schedule``, or that of the
    UrlState."""
    request = replace(request_of(state), num_units=num_units, seed=0)
    return request_training(replace(request, schedule=schedule) if schedule else request).work()


def tries(state: UrlState) -> list[Try]:
    """Trainings that show something, of the cell and its task."""
    if state.task == "text":
        words = phrase("{units:,} units, {epochs:,} epochs: it writes the text on", units=32, epochs=100)
        return [Try(words, state.query(num_units=32, epochs=100, trained=True))]
    if state.task != "digits":
        return []
    run = next(run for run in curves().memorised if all(map(has_memorised, run.point.train, run.point.test)))
    many, few = run.point.num_units, run.examples
    memorised = state.query(num_units=many, examples=few, epochs=run.epochs, trained=True)
    return [
        Try(phrase("2 units: too few"), state.query(num_units=2, trained=False)),
        Try(phrase("{many} units, {few} digits: it memorises", many=many, few=few), memorised),
    ]


def helps(state: UrlState) -> list[Help]:
    """Beside a network that has memorised digits: the same in the mean of several seeds, on all digits, and smaller
    ones on the same digits. None if none of these was measured, and beside another network or method."""
    shown = training_of(state)
    is_measured = shown.curve.joined and float(state.learning_rate) == curves().schedule.learning_rate
    others = [run for run in curves().memorised if _is_beside(run, state)] if is_measured else []
    if not (shown.course and shown.course.memorised and others):
        return []
    last = shown.course.epochs[-1]
    title = phrase("this run: {network}", network=_network(state.num_units, state.examples))
    return [
        Help(title, "", percentage(last.train), percentage(last.test), is_better=False),
        *(_help(state, run, last) for run in others),
    ]


def _is_beside(run: Memorised, state: UrlState) -> bool:
    """Whether a training is shown beside that of a UrlState: with more digits, or with fewer units."""
    is_same = run.point.num_units == state.num_units and run.examples >= state.examples
    is_smaller = run.point.num_units < state.num_units and run.examples == state.examples
    return state.cell == "lstm" and (is_same or is_smaller)


def _help(state: UrlState, run: Memorised, last: EpochPoint) -> Help:
    """A training beside that of a UrlState, which has ended so."""
    point, changes = run.point, {"num_units": run.point.num_units, "examples": run.examples, "epochs": run.epochs}
    train, test = fmean(point.train), fmean(point.test)
    return Help(
        _network(point.num_units, run.examples),
        state.query(**changes, trained=True) if state.is_changed_by(**changes) else "",
        percentage(train),
        percentage(test),
        is_better=test > last.test and not has_memorised(train, test),
    )


MEANING = phrase(
    "It has memorised if it gets at least {known} of 100 right that it was trained on, and at least {gap} fewer of 100 "
    "others.",
    known=round(100 * KNOWN),
    gap=round(100 * GAP),
)
"""When a page says that a network has memorised."""


def means() -> Phrase:
    """What the numbers of other networks are than this one."""
    seeds, run = curves().seeds, curves().memorised[0]
    return phrase(
        "means of {seeds} after {epochs}:",
        seeds=plural("{n} seed", "{n} seeds", len(seeds)),
        epochs=plural("{n:,} epoch", "{n:,} epochs", run.epochs),
    )


def _network(num_units: int, examples: int) -> Phrase:
    """What was trained, on what."""
    return phrase(
        "{units}, {digits}",
        units=plural("{n:,} unit", "{n:,} units", num_units),
        digits=plural("{n:,} digit", "{n:,} digits", examples),
    )


def _row(number: int, epoch: EpochPoint, measure: Measure) -> EpochRow:
    return EpochRow(number, f"{epoch.loss:.3f}", measure.written(epoch.train), measure.written(epoch.test))
