"""What a network can be trained for: what it reads, what it should say, and what a page says about it.

- digits: the rows of an image of 8 × 8 pixels, one at each step, divided by 16. At the last output: which digit it is.
- text: 16 characters as one-hot rows. At every output: the next character. The first four fifths of the text are
  trained on, the rest is for the test; of both parts every window of 17 characters is an example, repeated from its
  beginning if it is shorter.
- wave: the sine wave of app/core/input_data.py over two periods. At every output: its next value. The examples begin at
  different places of one period, those of the test halfway between two of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..core.cell import Cell
from ..core.input_data import PERIOD, height
from ..core.ops import Array
from ..core.stack import Stack
from ..translations.phrases import Phrase, phrase
from .accuracy_or_error import Measure
from .characters import characters
from .digits import BRIGHTEST, TRAINING, digits


class Data(NamedTuple):
    """Examples to train on, and others for the test.

    ``X`` is examples × time_step × features, or examples × time_step with the place of the 1 in one-hot rows.
    ``targets`` are the numbers of classes, one for each example, or for each example and step; or, of a task that is
    measured by its error, the right values, examples × time_step × 1.
    """

    features: int
    X: Array
    targets: Array
    test_X: Array
    test_targets: Array

    def read(self, X: Array, dtype: DTypeLike) -> Array:
        """Some examples as a network reads them, examples × time_step × features."""
        return np.eye(self.features, dtype=dtype)[X] if X.ndim == 2 else X.astype(dtype)


@dataclass(frozen=True)
class Task:
    """A task. The functions take the text, which only one of the tasks reads.

    ``reads_every_output`` is whether the dense layer reads every output, or only the last one: of two directions the
    last of each, side by side. ``labels`` are the names of the classes; none if the dense layer has one output, a
    value. ``data`` are all examples, so that these have the numbers of steps and features that the task fixes.
    ``input`` is the kind of input of a run (app/url_state/input_kinds.py) that a network reads which was trained for
    it; it also reads random numbers. ``measure`` is what says how well a network does.

    ``about``: what the task reads, and where its answer comes from; ``about_both``: the same of two directions, where
    it differs. ``learned``: what a network has learned. ``memorised``: what a network knows and does not know that has
    memorised; none if its measure is an error. ``shown``: what a training shows.
    """

    id: str
    input: str
    reads_every_output: bool
    measure: Measure
    labels: Callable[[str], tuple[str, ...]]
    data: Callable[[str], Data]
    title: str
    about: Phrase
    learned: str
    shown: str
    memorised: str = ""
    about_both: Phrase | None = None

    def sizes(self, text: str = "") -> dict[str, int]:
        """The sizes that the task fixes."""
        data = self.data(text)
        return {"batch_size": BATCH_SIZE, "time_step": data.X.shape[1], "features": data.features}

    def stack(
        self, cell: Cell, num_units: int, num_layers: int = 1, bidirectional: bool = False, text: str = ""
    ) -> Stack:
        """A stack for the task."""
        batch_size, time_step, features = self.sizes(text).values()
        return Stack(
            cell, batch_size, time_step, features, num_units, num_layers=num_layers, bidirectional=bidirectional
        )


BATCH_SIZE = 64
"""How many examples one step of the training reads; the last batch of an epoch may be smaller."""

CHARACTERS = 16
"""How many characters of a text an example has, each with the next one as its target."""

WAVE_STEPS = 2 * PERIOD
"""How many steps of the wave an example has."""

WAVES, TEST_WAVES = 240, 60
"""How many examples of the wave there are."""


@lru_cache(1)
def _digits(text: str) -> Data:
    images, labels = digits()
    X = images / np.float32(BRIGHTEST)
    return Data(8, X[:TRAINING], labels[:TRAINING], X[TRAINING:], labels[TRAINING:])


@lru_cache(64)
def alphabet(text: str) -> tuple[str, ...]:
    """The different characters of a text, sorted by code points."""
    return tuple(sorted({*characters(text)}))


@lru_cache(4)
def _text(text: str) -> Data:
    number = {character: n for n, character in enumerate(alphabet(text))}
    numbers = np.array([number[character] for character in characters(text)])
    if not len(numbers):
        raise ValueError("there is no text to learn")
    cut = -(-4 * len(numbers) // 5)
    parts = (_windows(part) for part in (numbers[:cut], numbers[cut:] if cut < len(numbers) else numbers))
    (X, targets), (test_X, test_targets) = ((part[:, :-1], part[:, 1:]) for part in parts)
    return Data(len(number), X, targets, test_X, test_targets)


def _windows(part: Array) -> Array:
    """Every window of a part of a text, with one more character than an example has."""
    starts = np.arange(max(1, len(part) - CHARACTERS))
    return np.asarray(part[(starts[:, None] + np.arange(CHARACTERS + 1)) % len(part)])


@lru_cache(1)
def _wave(text: str) -> Data:
    # one golden section of the period after another, so that few examples are spread over it, too
    starts = np.arange(WAVES) * 91 % WAVES * (PERIOD / WAVES)
    test_starts = (np.arange(0, WAVES, WAVES // TEST_WAVES) + 0.5) * (PERIOD / WAVES)
    whole, test = (height(s[:, None, None] + np.arange(WAVE_STEPS + 1)[:, None]) for s in (starts, test_starts))
    return Data(1, whole[:, :-1], whole[:, 1:], test[:, :-1], test[:, 1:])


DIGITS = Task(
    id="digits",
    input="digit",
    reads_every_output=False,
    measure=Measure(phrase("{percent} of digits", percent="%")),
    labels=lambda text: tuple("0123456789"),
    data=_digits,
    title=phrase("digits"),
    about=phrase(
        "8 × 8 pixels, read row by row: {time_step} steps of {features} features. The class comes from the last output."
    ),
    about_both=phrase(
        "8 × 8 pixels, read row by row: {time_step} steps of {features} features. The class comes from the last output "
        "of each direction, side by side."
    ),
    learned=phrase(
        "{num_units} [num_units:unit reads|units read] {percent} of 100 digits that [num_units:it has|they have] never "
        "seen"
    ),
    memorised=phrase(
        "It has memorised: it reads {known} of the {examples} [examples:digit|digits] that it was trained on, and "
        "{percent} of 100 that it has never seen."
    ),
    shown=phrase("how many digits [num_units:it reads|they read]"),
)

TEXT = Task(
    id="text",
    input="text",
    reads_every_output=True,
    measure=Measure(phrase("{percent} of characters", percent="%")),
    labels=alphabet,
    data=_text,
    title=phrase("text"),
    about=phrase(
        "{time_step} characters at a time, each a row with one 1 among {features} numbers. The next character comes "
        "from every output."
    ),
    learned=phrase(
        "{num_units} [num_units:unit predicts|units predict] {percent} of 100 characters of text that [num_units:it "
        "has|they have] never seen"
    ),
    memorised=phrase(
        "It has memorised: it predicts {known} of 100 characters that it was trained on, and {percent} of 100 that it "
        "has never seen."
    ),
    shown=phrase("how well [num_units:it predicts|they predict] the next character"),
)

WAVE = Task(
    id="wave",
    input="wave",
    reads_every_output=True,
    measure=Measure(phrase("mean squared error"), is_error=True),
    labels=lambda text: (),
    data=_wave,
    title=phrase("wave"),
    about=phrase("{time_step} values of a sine wave, one at each step. The next value comes from every output."),
    learned=phrase(
        "{num_units} [num_units:unit predicts|units predict] the next value of the wave with a mean squared error of "
        "{error}"
    ),
    shown=phrase("how well [num_units:it predicts|they predict] the next value"),
)

TASKS = {task.id: task for task in (DIGITS, TEXT, WAVE)}

TASKS_HELP = phrase("what is learned: digits, the next character of a text, or a wave")
"""The tasks, for the table of fields."""
