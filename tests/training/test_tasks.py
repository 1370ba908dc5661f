"""What the tasks read, and what is right."""

import numpy as np
import pytest

from app.core.ops import Array
from app.training.tasks import TASKS, alphabet

TEXT = "the cat sat on the mat and the dog 🐈‍⬛ sat too"


def test_the_digits_are_rows_of_pixels_between_0_and_1() -> None:
    data = TASKS["digits"].data("")
    assert data.X.shape == (1400, 8, 8)
    assert data.test_X.shape == (397, 8, 8)
    assert (data.X.min(), data.X.max()) == (0, 1)
    assert all(90 < count < 190 for count in np.bincount(data.targets))
    assert TASKS["digits"].sizes() == {"batch_size": 64, "time_step": 8, "features": 8}


def test_the_target_of_a_character_is_the_next_one_and_the_test_has_the_end_of_the_text() -> None:
    data, letters = TASKS["text"].data(TEXT), alphabet(TEXT)

    def written(numbers: Array) -> str:
        return "".join(letters[n] for n in numbers)

    assert "🐈‍⬛" in letters == TASKS["text"].labels(TEXT)
    assert (written(data.X[0]), written(data.targets[0])) == (TEXT[:16], TEXT[1:17])
    assert written(data.test_targets[-1]).startswith("sat too")
    assert written(data.targets[-1]).endswith("and the dog 🐈‍⬛")
    assert data.read(data.X[:3], np.float32).shape == (3, 16, len(letters))


@pytest.mark.parametrize("text", ["a", "ab", "abc" * 3])
def test_a_short_text_is_repeated(text: str) -> None:
    data, letters = TASKS["text"].data(text), alphabet(text)
    for X, targets in ((data.X, data.targets), (data.test_X, data.test_targets)):
        assert X.shape[1:] == targets.shape[1:] == (16,)
        assert {letters[n] for n in X.ravel()} <= {*text}
        np.testing.assert_array_equal(X[:, 1:], targets[:, :-1])


def test_there_is_no_task_without_a_text() -> None:
    with pytest.raises(ValueError, match="no text"):
        TASKS["text"].data("")


def test_the_wave_goes_on_and_its_test_begins_at_places_that_are_not_trained_on() -> None:
    data = TASKS["wave"].data("")
    np.testing.assert_array_equal(data.X[:, 1:], data.targets[:, :-1])
    np.testing.assert_allclose(data.X[:, 12:], data.X[:, :12], atol=1e-12)
    # a sine is determined by two values in succession
    seen = {tuple(np.round(start, 6)) for start in data.X[:, :2, 0]}
    assert len(seen) == len(data.X)
    assert seen.isdisjoint(tuple(np.round(start, 6)) for start in data.test_X[:, :2, 0])
