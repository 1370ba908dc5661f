"""A text as a batch: its characters or words, and their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.url_state.sample_text import SAMPLE
from app.url_state.tokenizer import unit_at, units, vocabulary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abcab", ["a", "b", "c", "a", "b"]),
        ("👩‍🏫é", ["👩‍🏫", "é"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("🇪🇸🇨🇳", ["🇪🇸", "🇨🇳"]),
        ("שלום", ["ש", "ל", "ו", "ם"]),
        ("细胞 ", ["细", "胞", " "]),
        ("a\nb", ["a", "\n", "b"]),
    ],
)
def test_a_character_is_a_grapheme_cluster(text: str, expected: list[str]) -> None:
    assert list(units(text, "characters")) == expected


def test_words_are_separated_by_whitespace() -> None:
    assert units("  one cell,\n one\tcell ", "words") == ("one", "cell,", "one", "cell")
    assert vocabulary("  one cell,\n one\tcell ", "words") == ("cell", "cell,", "one")
    assert units("   ", "words") == ()


def test_an_empty_text_is_replaced_by_a_sample() -> None:
    assert "".join(units("", "characters")) == SAMPLE
    assert len(SAMPLE) >= 150


@given(st.text(min_size=1), st.integers(1, 7), st.integers(1, 9))
def test_samples_are_consecutive_and_a_short_text_is_repeated(text: str, batch_size: int, time_step: int) -> None:
    read = units(text, "characters")
    rows = [unit_at(read, b, t, time_step) for b in range(batch_size) for t in range(time_step)]

    assert rows == [read[n % len(read)] for n in range(batch_size * time_step)]
    assert set(read) == set(vocabulary(text, "characters"))
