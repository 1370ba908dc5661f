"""The sentences that explain the sizes."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import Sizes
from app.core.cells import CELLS, PROJECTED
from app.core.stack import Stack
from app.diagram.theme import LIGHT
from app.teaching.around_picture.sentences import Word, batch_sentence, sentence
from app.teaching.around_picture.warnings import coincidences

AXES = ("batch_size", "time_step", "features", "num_units")

any_plain = st.builds(
    Stack,
    st.sampled_from([*CELLS.values()]),
    *[st.integers(1, 10_000) for _ in AXES],
    num_layers=st.integers(1, 8),
    bidirectional=st.booleans(),
)
any_projected = st.builds(
    Stack,
    st.sampled_from([CELLS[id] for id in PROJECTED]),
    *[st.integers(1, 10_000) for _ in AXES],
    num_proj=st.integers(1, 10_000),
    num_layers=st.integers(1, 8),
    bidirectional=st.booleans(),
)
any_stack = any_plain | any_projected


def stack(*numbers: int, num_proj: int = 0, num_layers: int = 1, bidirectional: bool = False) -> Stack:
    batch_size, time_step, features, num_units = numbers
    return Stack(CELLS["lstm"], batch_size, time_step, features, num_units, num_proj, num_layers, bidirectional)


def sizes(*numbers: int) -> Sizes:
    return dict(zip(AXES, numbers, strict=True))


def text(words: Iterable[Word]) -> str:
    return "".join(word for word, _ in words)


def test_the_default_view_is_described() -> None:
    words = text(sentence(stack(3, 4, 2, 5)))

    assert words.startswith("One LSTM cell with one set of weights")
    assert "applied 4 times" in words
    assert "a hidden and a cell state of 3\u00a0×\u00a05 each" in words
    assert "num_units = 5 is the length of each row" in words


def test_a_single_step_is_applied_once() -> None:
    words = text(sentence(stack(3, 1, 2, 5)))

    assert "applied once" in words and "times" not in words
    words = text(sentence(stack(3, 1, 2, 5, num_layers=2)))
    assert "applied once" in words and "times" not in words


def test_large_numbers_have_thousands_separators() -> None:
    assert "applied 10,000 times" in text(sentence(stack(1, 10_000, 1, 1)))


@pytest.mark.parametrize(
    ("num_layers", "bidirectional", "cells"),
    [
        (2, False, "2 LSTM cells, each with its own weights (2 layers)"),
        (1, True, "2 LSTM cells, each with its own weights (one layer in both directions)"),
        (8, True, "16 LSTM cells, each with its own weights (8 layers in both directions)"),
    ],
)
def test_each_layer_and_direction_is_a_cell(num_layers: int, bidirectional: bool, cells: str) -> None:
    texts = text(sentence(stack(3, 4, 2, 5, num_layers=num_layers, bidirectional=bidirectional)))

    assert texts.startswith(f"{cells}, applied 4 times. ")


def test_with_a_projection_the_hidden_state_is_not_num_units_long() -> None:
    words = text(sentence(stack(3, 4, 2, 5, num_proj=6)))

    assert "hidden state of 3\u00a0×\u00a06" in words
    assert "num_proj = 6 is the length of each row; the cell state has num_units = 5." in words


@given(any_stack)
def test_every_number_has_the_colour_of_its_axis(stack: Stack) -> None:
    """Except the numbers of cells and layers, which are not sizes of axes."""
    axes = {*AXES, "num_proj"}
    counts = (f"{len(stack.places)} {stack.program().cell.family} cells", f"{stack.num_layers} layers")
    for word, axis in sentence(stack):
        plain = word.replace(counts[0], "").replace(counts[1], "")
        assert (axis == "") == (not any(c.isdigit() for c in plain) and word not in axes)
        assert not axis or word in (axis, str(stack.sizes[axis]), f"{stack.sizes[axis]:,}")
        assert not axis or axis in LIGHT.ink


@given(any_stack)
def test_a_sentence_has_no_gaps_and_ends_with_a_full_stop(stack: Stack) -> None:
    for words in (sentence(stack), *coincidences(stack.sizes)):
        assert "  " not in text(words)
        assert text(words).endswith(".") and not text(words).startswith(" ")


@pytest.mark.parametrize(
    ("numbers", "more", "words"),
    [
        (
            (3, 4, 2, 5),
            {},
            "3 sequences go through one LSTM cell in parallel. Each is one row of every array: 2 numbers in and "
            "5 numbers out, at each of 4 steps.",
        ),
        (
            (1, 1, 1, 1),
            {},
            "1 sequence goes through one LSTM cell. It is one row of every array: 1 number in and "
            "1 number out, at the only step.",
        ),
        (
            (3, 4, 2, 5),
            {"num_proj": 1},
            "3 sequences go through one LSTM cell in parallel. Each is one row of every array: 2 numbers in and "
            "1 number out, at each of 4 steps.",
        ),
        (
            (3, 4, 2, 5),
            {"num_layers": 2, "bidirectional": True},
            "3 sequences go through 4 LSTM cells in parallel. Each is one row of every array, at each of 4 steps.",
        ),
    ],
)
def test_the_batch_has_a_sentence_about_its_rows(
    numbers: tuple[int, int, int, int], more: dict[str, int | bool], words: str
) -> None:
    batch_size, time_step, features, num_units = numbers
    described = Stack(CELLS["lstm"], batch_size, time_step, features, num_units, **more)  # type: ignore[arg-type]
    assert text(batch_sentence(described)) == words
