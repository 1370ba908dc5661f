"""Trainings to draw: the numbers of a measured LSTM, and others that are unlike it."""

from collections.abc import Sequence

from app.core.cells import CELLS
from app.core.program import capture
from app.diagram.scene import Scene
from app.diagram.training_scene import (
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
from app.training.accuracy_or_error import Measure
from app.training.tasks import DIGITS, WAVE

UNITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)

MEASURED = {
    1: (25.7, 23.5),
    2: (48.9, 48.7),
    3: (67.1, 64.9),
    4: (79.4, 75.9),
    6: (90.4, 88.3),
    8: (95.3, 93.5),
    12: (98.2, 96.0),
    16: (98.6, 95.9),
    24: (99.9, 97.4),
    32: (100, 98.3),
    48: (100, 98.8),
    64: (100, 99.2),
    96: (100, 99.1),
    128: (100, 98.9),
}
"""num_units -> per cent of the digits that an LSTM was trained on, and of those that it has not seen."""


def parameters(num_units: int) -> int:
    """Of an LSTM that reads 8 features, and a dense layer with 10 outputs."""
    return 4 * num_units * (num_units + 8 + 1) + 10 * (num_units + 1)


COSTS = tuple(Cost(2**k, parameters(2**k)) for k in range(8))


def points(of: dict[int, tuple[float, float]], spread: float = 0.01) -> tuple[CurvePoint, ...]:
    """Points of three seeds, the best and the worst of which are so far apart from the others."""
    return tuple(
        CurvePoint(n, (train / 100,) * 3, (test / 100 - spread, test / 100, min(1.0, test / 100 + spread)))
        for n, (train, test) in of.items()
    )


LEARNED = points(MEASURED)
SLOW = points({n: (10 + 3 * k, 9 + 2 * k) for k, n in enumerate(UNITS)})
NOISY = points({n: (100, 20 + 70 * (k % 2)) for k, n in enumerate(UNITS)}, 0.08)
ERRORS = points({n: (30 / n, 33 / n) for n in UNITS}, 0.0)


def scene(
    num_units: int,
    format: str = "page",
    of: Sequence[CurvePoint] = LEARNED,
    measure: Measure = DIGITS.measure,
    joined: bool = True,
    **more: object,
) -> Scene:
    """A scene with a learning curve."""
    sizes = {"batch_size": 64, "time_step": 8, "features": 8, "num_units": num_units}
    curve = LearningCurve(tuple(of), COSTS, parameters(num_units), joined)
    training = TrainingScene(measure, curve, **more)  # type: ignore[arg-type]
    return Scene(capture(CELLS["lstm"]), sizes, 2, "numbers", format, training=training)


def epochs(n: int, train: float = 0.95, test: float = 0.9) -> tuple[EpochPoint, ...]:
    """Epochs that approach some accuracies."""
    shares = [1 - 0.85**k for k in range(1, n + 1)]
    return tuple(EpochPoint(2.3 * (1 - share), train * share, test * share) for share in shares)


PIXELS = (
    (0, 0, 6, 8, 8, 13, 3, 0),
    (0, 1, 14, 14, 12, 9, 3, 0),
    (0, 4, 16, 8, 2, 0, 0, 0),
    (0, 4, 16, 13, 15, 7, 0, 0),
    (0, 0, 0, 0, 3, 15, 0, 0),
    (0, 0, 0, 0, 3, 15, 0, 0),
    (0, 0, 6, 8, 13, 8, 0, 0),
    (0, 0, 9, 15, 10, 0, 0, 0),
)
ROWS = tuple(tuple(pixel / 16 for pixel in row) for row in PIXELS)
"""A digit that is a 5."""

FIVE = DigitBeliefs(ROWS, [[0.1] * k + [1 - 0.09 * 9] + [0.09] * (9 - k) for k in range(8)], 5)
SURE = DigitBeliefs(ROWS, [[float(k == 5) for k in range(10)]] * 8, 5)

READ = TextBeliefs(
    tuple(
        ReadCharacter(t, character, tuple((c, 0.5 / (n + 1)) for n, c in enumerate("etao n")), following, 0.25)
        for t, (character, following) in enumerate(zip("to be, or", "o be, or ", strict=True), start=9_991)
    )
)
HEARD = WaveBeliefs(tuple(k % 7 / 7 - 0.5 for k in range(40)), (None, *(k % 7 / 8 - 0.5 for k in range(1, 40))))

RUNNING, DONE = Course(epochs(14), 25), Course(epochs(200), 200)
MEMORISED = Course(epochs(25, 1.0, 0.77), 25, memorised=True)
COURSES = {
    "none yet": Course((), 25),
    "first epoch": Course(epochs(1), 25),
    "running": RUNNING,
    "done": DONE,
    "one of one": Course(epochs(1), 1),
    "hopeless": Course(epochs(30, 0.1, 0.1), 30),
    "memorised": MEMORISED,
    "memorised at once": Course(epochs(2, 1.0, 0.1), 2, memorised=True),
}
LOST = DigitBeliefs(ROWS, [[float("nan")] * 10] * 8, 5)
"""A network whose numbers overflow for this digit."""

BELIEFS: dict[str, Beliefs] = {"five": FIVE, "sure": SURE, "lost": LOST, "text": READ, "wave": HEARD}

ERROR = WAVE.measure
