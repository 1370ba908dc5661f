"""The input of the pictures of a training, as plain numbers: accuracies by num_units, and epochs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..training.accuracy_or_error import Measure
from ..training.default_schedule import Schedule
from ..training.tasks import DIGITS
from ..translations.phrases import joined_with_and, phrase, plural


class CurvePoint(NamedTuple):
    """What was measured with one num_units: for each seed one number on the examples it was trained on, and one on
    those of the test."""

    num_units: int
    train: tuple[float, ...]
    test: tuple[float, ...]


class Cost(NamedTuple):
    """The number of parameters with one num_units."""

    num_units: int
    parameters: int


@dataclass(frozen=True)
class LearningCurve:
    """``points`` are in the order of num_units. If ``joined``, they are a measured curve, and a num_units between two
    of them is on a line; otherwise they are all that was trained. ``costs`` are the numbers of parameters under the
    axis, and ``parameters`` is that of the present num_units; 0 if none is to be drawn. ``measured`` is how the points
    were trained, and ``chosen`` how the reader would train; None if unknown."""

    points: tuple[CurvePoint, ...] = ()
    costs: tuple[Cost, ...] = ()
    parameters: int = 0
    joined: bool = True
    measured: Schedule | None = None
    chosen: Schedule | None = None

    @property
    def is_otherwise(self) -> bool:
        """Whether what was measured was trained otherwise than the reader would."""
        return self.measured is not None and self.chosen not in (None, self.measured)

    @property
    def schedules(self) -> tuple[str, str]:
        """How it was measured, and how the reader would train, in words: what differs, or all that both have in
        common."""
        assert self.measured
        chosen = self.chosen or self.measured
        differ = [name for name in Schedule._fields if getattr(self.measured, name) != getattr(chosen, name)]
        names = differ or ["examples", "epochs"]
        return _words(self.measured, names), _words(chosen, names)


def _words(schedule: Schedule, names: Sequence[str]) -> str:
    """Some numbers of a schedule, in words."""
    written = {
        "examples": plural("{n:,} digit", "{n:,} digits", schedule.examples),
        "epochs": plural("{n:,} epoch", "{n:,} epochs", schedule.epochs),
        "learning_rate": phrase("learning_rate {rate}", rate=f"{schedule.learning_rate:g}"),
    }
    return joined_with_and([written[name] for name in names])


class EpochPoint(NamedTuple):
    """One epoch: the mean loss, and the measure on the examples that it was trained on and on those of the test."""

    loss: float
    train: float
    test: float


@dataclass(frozen=True)
class Course:
    """A training: its ``epochs`` so far, of ``total``. ``memorised``: see app/training/overfitting.py. ``expected``:
    about the loss of a network that has learned nothing, for the axes of no epochs."""

    epochs: tuple[EpochPoint, ...]
    total: int
    memorised: bool = False
    expected: float = 1.0


@dataclass(frozen=True)
class DigitBeliefs:
    """A digit row by row, from 0 to 1, and the probability of each class after each row. ``label`` is the true
    class."""

    image: Sequence[Sequence[float]]
    probabilities: Sequence[Sequence[float]]
    label: int
    classes: tuple[str, ...] = tuple("0123456789")


class ReadCharacter(NamedTuple):
    """A character that was read at step ``t``, the likeliest next ones with their probabilities, and the next one with
    its probability; "" if none follows."""

    t: int
    character: str
    likeliest: tuple[tuple[str, float], ...]
    following: str = ""
    probability: float = 0.0


@dataclass(frozen=True)
class TextBeliefs:
    """The characters of a text one after the other."""

    steps: tuple[ReadCharacter, ...]


@dataclass(frozen=True)
class WaveBeliefs:
    """A series, and for each value what the network said it would be, after the value before; None for the first,
    and for numbers that are not finite."""

    values: tuple[float, ...]
    predicted: tuple[float | None, ...]


Beliefs = DigitBeliefs | TextBeliefs | WaveBeliefs


@dataclass(frozen=True)
class TrainingScene:
    """What the view shows: the ``course`` of a training and what the network ``believes``, or without a course the
    learning curve."""

    measure: Measure = DIGITS.measure
    curve: LearningCurve = field(default_factory=LearningCurve)
    course: Course | None = None
    beliefs: Beliefs | None = None


NOT_TRAINED = TrainingScene()
"""Of a cell of which nothing was measured."""
