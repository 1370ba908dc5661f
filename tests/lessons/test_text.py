"""A text cut into a batch: characters as people see them, words, and which stands where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.tokenizer import SAMPLE, at, units, vocabulary


@pytest.mark.parametrize(
    ("text", "read"),
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
def test_a_character_is_what_people_see_as_one(text: str, read: list[str]) -> None:
    assert list(units(text, "characters")) == read


def test_words_stand_between_spaces() -> None:
    assert units("  one cell,\n one\tcell ", "words") == ("one", "cell,", "one", "cell")
    assert vocabulary("  one cell,\n one\tcell ", "words") == ("cell", "cell,", "one")
    assert units("   ", "words") == ()


def test_where_nothing_is_written_there_is_a_text_of_our_own() -> None:
    assert "".join(units("", "characters")) == SAMPLE
    assert len(SAMPLE) >= 150


@given(st.text(min_size=1), st.integers(1, 7), st.integers(1, 9))
def test_rows_follow_one_another_in_the_text_and_it_begins_anew(text: str, batch_size: int, time_step: int) -> None:
    read = units(text, "characters")
    rows = [at(read, b, t, time_step) for b in range(batch_size) for t in range(time_step)]

    assert rows == [read[n % len(read)] for n in range(batch_size * time_step)]
    assert set(read) == set(vocabulary(text, "characters"))
