"""Texts with mistakes, from files: each with its message and the words that the message is about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.equations.places_and_errors import EquationsError

Wrong = tuple[str, str, str]


def wrong_texts(file: str) -> list[Wrong]:
    """The texts of a file, with their messages and words."""
    found = []
    for entry in Path(__file__).with_name(file).read_text(encoding="utf-8").split("\n\n"):
        text, _, rest = f"\n{entry.rstrip(chr(10))}".partition("\n! ")
        message, _, words = rest.partition("\n~")
        found.append((text[1:], message, words[1:]))
    return found


def assert_message(read: Callable[[str], object], wrong: Wrong) -> None:
    """Reading the text raises the error, with its message and the words of its place."""
    text, message, words = wrong
    with pytest.raises(EquationsError) as raised:
        read(text)
    place = raised.value.place
    assert (str(raised.value), text.split("\n")[place.line - 1][place.start : place.end]) == (message, words)
