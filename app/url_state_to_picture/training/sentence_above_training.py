"""The sentence above the picture of a training: what the present num_units has learned, or what it costs."""

from statistics import fmean

from ...diagram.training_scene import Course, CurvePoint, LearningCurve
from ...diagram.views.training.measured_curve_at_num_units import Present
from ...diagram.views.training.size_axis import LARGEST
from ...size_expressions import where
from ...teaching.around_picture.sentences import Word, fill_in
from ...training.tasks import DIGITS, TASKS
from ...translations.numbers import two_digits
from ...translations.phrases import Phrase, phrase
from ...translations.translator import Translator
from ...url_state.url_state import UrlState
from ..picture_of_state import training_of

SMALL = 8
"""The num_units with which the largest one is compared."""


def training_sentence(state: UrlState, translate: Translator) -> tuple[Word, ...]:
    """What was measured with the present num_units beside another one; or after the training what it has learned."""
    shown = training_of(state)
    if shown.course:
        return _of_course(state, shown.course, translate)
    curve, here = shown.curve, Present(state.num_units, shown.curve)
    values = {"num_units": state.num_units, "parameters": curve.parameters}
    if curve.joined and here.is_measured:
        words, values["percent"] = DIGITS.learned, here.choose(lambda point, _: _percent(point), where)
        first = phrase("{read}, with {parameters} parameters.", read=words)
    elif curve.joined and here.is_between:
        values["low"] = here.choose(lambda low, _: _percent(low), where)
        values["high"] = here.choose(lambda _, high: _percent(high), where)
        first = phrase(
            "{num_units} units, with {parameters} parameters, are between two that were measured: these read {low} and "
            "{high} of 100 digits that they have never seen."
        )
    else:
        first = phrase(
            "{num_units} [num_units:unit has|units have] {parameters} parameters. A training shows {what}.",
            what=TASKS[state.task].shown,
        )
    text = translate(first)
    second = _otherwise(curve) if curve.is_otherwise else _beside(state.num_units, curve, values)
    if second:
        text = f"{text} {translate(second)}"
    return (*fill_in(text, values, translate),)


def _otherwise(curve: LearningCurve) -> Phrase:
    """That the curve does not show what the reader would train."""
    measured, chosen = curve.schedules
    return phrase("Measured with {measured}; a training shows yours: {chosen}.", measured=measured, chosen=chosen)


def _beside(num_units: int, curve: LearningCurve, values: dict[str, int]) -> Phrase | None:
    """What another num_units reads, if that was measured: the largest one, or beside that a small one."""
    points = {point.num_units: point for point in curve.points} if curve.joined else {}
    costs = {cost.num_units: cost.parameters for cost in curve.costs}
    other = SMALL if num_units == LARGEST else LARGEST
    if other not in points or other not in costs:
        return None
    values |= {"other": other, "others": _percent(points[other]), "costs": costs[other]}
    return phrase("{other} read {others}, with {costs}.")


def _of_course(state: UrlState, course: Course, translate: Translator) -> tuple[Word, ...]:
    task, last = TASKS[state.task], course.epochs[-1]
    values = {
        "num_units": state.num_units,
        "epochs": len(course.epochs),
        "percent": round(100 * last.test),
        "examples": state.examples,
        "known": round(last.train * (state.examples if state.task == "digits" else 100)),
    }
    if course.memorised:
        words = task.memorised
    else:
        read = phrase(task.learned, error=two_digits(last.test))
        words = phrase("After {epochs} [epochs:epoch|epochs], {read}.", read=read)
    return (*fill_in(translate(words), values, translate),)


def live_sentence(state: UrlState, translate: Translator) -> tuple[Word, ...]:
    """What a network has learned so far: a browser fills in the epochs and the percentage. Nothing for an error."""
    task = TASKS[state.task]
    if task.measure.is_error:
        return ()
    words = phrase("After {epochs} [epochs:epoch|epochs], {read}.", read=task.learned)
    return (*fill_in(translate(words), {"num_units": state.num_units, "epochs": 2, "percent": 0}, translate),)


def _percent(point: CurvePoint) -> int:
    """The digits of 100 that were read rightly, in the mean of the seeds."""
    return round(100 * fmean(point.test))
