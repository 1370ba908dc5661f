"""Removing invisible characters from typed text."""

import pytest

from app.rooms.without_invisible_characters import visible


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3 × 5", "3 × 5"),
        ("(批, 4·num_units)", "(批, 4·num_units)"),
        ("\u202e5 x 3\u202c", "5 x 3"),
        ("\u20663\u2069\u200e\u200f\u061c", "3"),
        ("3\u200b\u200c\u2060\ufeff\u00ad5", "35"),
        ("3\x00\x1b[31m5", "3[31m5"),
        ("3\u2028x\u20295\t\n", "3 x 5  "),
        ("\u3164\u2800\U000e0020\ue000", ""),
        ("a\u200db", "ab"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525"),
        ("e\u0301", "e\u0301"),
        ("e" + 50 * "\u0301", "e\u0301\u0301"),
    ],
)
def test_control_and_format_characters_are_removed_but_emoji_are_kept(typed: str, expected: str) -> None:
    assert visible(typed) == expected
