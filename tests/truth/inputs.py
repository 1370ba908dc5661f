"""What a run reads, as docs and pages describe it: a text as one-hot rows, a wave in windows, a digit row by row."""

from itertools import pairwise

import numpy as np
from autodiff import Array
from stacks import Case


def units(case: Case) -> list[str]:
    """The characters or words of a text. The texts of these tests have no characters of several code points."""
    return case.text.split() if case.cut == "words" else list(case.text)


def vocabulary(case: Case) -> list[str]:
    return sorted(set(units(case)))


def read(case: Case, sample: int, t: int) -> str:
    """The unit at a step of a sample: the samples follow one another in the text, which begins again at its end."""
    text = units(case)
    return text[(sample * case.time_step + t) % len(text)]


def one_hot(case: Case) -> Array:
    known = vocabulary(case)
    X = np.zeros((case.batch_size, case.time_step, len(known)))
    for b, t in np.ndindex(case.batch_size, case.time_step):
        X[b, t, known.index(read(case, b, t))] = 1
    return X


def wave(case: Case) -> Array:
    """A sine with a period of 12 steps: sample b begins one step after sample b - 1."""
    starts = np.arange(case.batch_size)[:, None] + np.arange(case.time_step)[None]
    return np.sin(2 * np.pi * starts / 12)[:, :, None]


def check_digit(X: Array) -> None:
    """A picture of 28 by 28 between 0 and 1; each next sample has it one pixel further to the right."""
    assert X.shape[1:] == (28, 28)
    assert X.min() >= 0
    assert X.max() == 1
    for here, after in pairwise(X):
        np.testing.assert_array_equal(np.roll(here, 1, axis=1), after)


def check_input(case: Case, X: Array) -> None:
    """X is what the link says is read; numbers from the seed lie between -1 and 1."""
    match case.data:
        case "text":
            np.testing.assert_array_equal(X, one_hot(case))
        case "wave":
            np.testing.assert_allclose(X, wave(case), atol=1e-6)
        case "digit":
            check_digit(X)
        case _:
            assert X.shape == (case.batch_size, case.time_step, case.features)
            assert abs(X).max() <= 1
