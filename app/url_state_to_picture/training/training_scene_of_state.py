"""What the view of the training shows of a UrlState, and of a trained network."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import isfinite

from ...core.axes import AxisError
from ...core.ops import Array
from ...core.stack import Stack
from ...diagram.training_scene import (
    Beliefs,
    Cost,
    Course,
    CurvePoint,
    DigitBeliefs,
    EpochPoint,
    LearningCurve,
    ReadCharacter,
    TextBeliefs,
    TrainingScene,
    WaveBeliefs,
)
from ...diagram.views.training.confusion import WrongDigit
from ...diagram.views.training.size_axis import TICKS
from ...training.curves import curve, curves
from ...training.default_schedule import Schedule
from ...training.inference import beliefs, predictions
from ...training.overfitting import has_memorised
from ...training.tasks import TASKS
from ...training.training_and_result import Epoch, Snapshot, Trained, width_of

LIKELIEST = 6
"""How many of the likeliest next characters are shown."""


def training_scene(
    stack: Stack, task: str = "digits", text: str = "", schedule: Schedule | None = None
) -> TrainingScene:
    """The learning curve of a stack for a task, beside the ``schedule`` that the reader has chosen."""
    return TrainingScene(TASKS[task].measure, learning_curve(stack, task, text, schedule))


def learning_curve(stack: Stack, task: str, text: str, schedule: Schedule | None) -> LearningCurve:
    """What was measured in advance, and what each num_units costs."""
    sizes = TASKS[task].sizes(text)
    sized = replace(stack, time_step=sizes["time_step"], features=sizes["features"])
    is_plain = len(stack.places) == 1 and not stack.num_proj
    measured = (curve(stack.cell.id) if task == "digits" and is_plain else None) or ()
    outputs = len(TASKS[task].labels(text)) or 1
    return LearningCurve(
        tuple(CurvePoint(point.num_units, point.train, point.test) for point in measured),
        tuple(_costs(sized, outputs)),
        _parameters(sized, outputs),
        joined=bool(measured),
        measured=curves().schedule if measured else None,
        chosen=schedule,
    )


def _costs(stack: Stack, outputs: int) -> Iterator[Cost]:
    """What each num_units costs that is written under the axis, of those that the cell can have."""
    for n in TICKS:
        with suppress(AxisError):
            yield Cost(n, _parameters(replace(stack, num_units=n), outputs))


def _parameters(stack: Stack, outputs: int) -> int:
    """The number of parameters of a stack, and of the dense layer that reads its output."""
    return stack.parameters() + (width_of(stack) + 1) * outputs


def course_of(epochs: Sequence[Epoch], total: int, task: str) -> Course:
    """The epochs of a training so far."""
    points = tuple(EpochPoint(epoch.loss, epoch.train, epoch.test) for epoch in epochs)
    are_shares = bool(points) and not TASKS[task].measure.is_error
    return Course(points, total, are_shares and has_memorised(points[-1].train, points[-1].test))


def beliefs_of(network: Snapshot, example: int) -> Beliefs:
    """What a network believes after each step of an example of the test."""
    training = network.training
    data, labels = training.data, training.of.labels(training.text)
    X, target = data.test_X[example], data.test_targets[example]
    said = beliefs(network, X)
    if training.of.measure.is_error:
        predicted = (None, *(float(value) if isfinite(value) else None for value in said[:, 0]))
        return WaveBeliefs((*(float(value) for value in X[:, 0]), float(target[-1, 0])), predicted)
    if training.of.reads_every_output:
        return TextBeliefs(tuple(_read(t, X, target, said, labels) for t in range(len(X))))
    return DigitBeliefs(X.tolist(), said.tolist(), int(target), labels)


def _read(t: int, X: Array, target: Array, said: Array, labels: Sequence[str]) -> ReadCharacter:
    likeliest = tuple((labels[k], float(said[t, k])) for k in said[t].argsort()[::-1][:LIKELIEST])
    return ReadCharacter(t, labels[X[t]], likeliest, labels[target[t]], float(said[t, target[t]]))


def confusion_of(trained: Trained) -> list[list[list[int]]]:
    """Which digits of the test are taken for which, by their numbers: a row for each class, with a list for each that
    they are taken for."""
    classes = range(trained.training.outputs)
    found: list[list[list[int]]] = [[[] for _ in classes] for _ in classes]
    answers = zip(trained.training.data.test_targets, predictions(trained), strict=True)
    for example, (target, predicted) in enumerate(answers):
        found[target][predicted].append(example)
    return found


def wrong_digits_of(trained: Trained) -> list[WrongDigit]:
    """The digits of the test that a network gets wrong."""
    training = trained.training
    data, labels = training.data, training.of.labels(training.text)
    answers = enumerate(zip(data.test_X, data.test_targets, predictions(trained), strict=True))
    return [WrongDigit(X.tolist(), labels[is_], labels[said], n) for n, (X, is_, said) in answers if is_ != said]
