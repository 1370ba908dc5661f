"""What the numbers mean, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import Sizes
from app.diagram.theme import LIGHT
from app.lessons.sentence import Word, coincidences, sentence

AXES = ("batch_size", "time_step", "features", "num_units")

any_sizes = st.fixed_dictionaries({axis: st.integers(1, 10_000) for axis in AXES})


def sizes(*numbers: int) -> Sizes:
    return dict(zip(AXES, numbers, strict=True))


def text(words: list[Word]) -> str:
    return "".join(word for word, _ in words)


def test_the_first_picture_is_put_into_words() -> None:
    words = text(sentence(sizes(3, 4, 2, 5)))

    assert "drawn 4 times" in words
    assert "hidden state of 3\u00a0×\u00a05" in words
    assert "num_units = 5 is the length of that vector" in words


def test_one_step_is_not_drawn_one_times() -> None:
    words = text(sentence(sizes(3, 1, 2, 5)))

    assert "drawn once" in words and "times" not in words


def test_many_steps_are_easy_to_read() -> None:
    assert "drawn 10,000 times" in text(sentence(sizes(1, 10_000, 1, 1)))


@given(any_sizes)
def test_every_number_has_the_colour_of_its_axis(sizes: Sizes) -> None:
    for word, axis in sentence(sizes):
        assert (axis == "") == (not any(c.isdigit() for c in word) and word not in AXES)
        assert not axis or word in (axis, str(sizes[axis]), f"{sizes[axis]:,}")
        assert not axis or axis in LIGHT.ink


@given(any_sizes)
def test_a_sentence_reads_without_gaps(sizes: Sizes) -> None:
    for words in (sentence(sizes), *coincidences(sizes)):
        assert "  " not in text(words)
        assert text(words).endswith(".") and not text(words).startswith(" ")


@pytest.mark.parametrize(
    ("numbers", "warnings"),
    [
        ((3, 4, 2, 5), []),
        ((128, 28, 28, 128), ["batch_size and num_units are both 128 here", "time_step and features are both 28 here"]),
        ((2, 2, 2, 5), ["batch_size, time_step and features are all 2 here"]),
        ((1, 1, 1, 1), ["batch_size, time_step, features and num_units are all 1 here"]),
    ],
)
def test_sizes_that_coincide_are_said_to_be_different_axes(numbers: tuple[int, ...], warnings: list[str]) -> None:
    said = [text(words) for words in coincidences(sizes(*numbers))]

    assert [s.partition(":")[0] for s in said] == warnings
    assert all(s.endswith("the same number, but different axes.") for s in said)
