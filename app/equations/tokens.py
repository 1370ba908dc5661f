"""The tokens of equations: names, numbers, signs, comments and ends of lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..translations.phrases import phrase
from .limits import MAX_CHARACTERS, MAX_LINES, MAX_NAME, MAX_NUMBER
from .places_and_errors import EquationsError, Place

_TOKEN = re.compile(
    r"""(?P<space>[ \t\u00a0\u2009\u202f\ufeff]+)
    | (?P<comment>\#[^\n]*)
    | (?P<end>\n)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>[A-Za-z][A-Za-z0-9_]*)
    | (?P<sign>\*\*|<=|>=|==|!=|[-+*/@()<>=,:\[\]])""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """A token, with its kind: name, number, sign, comment or end (of a line)."""

    kind: str
    text: str
    place: Place


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text. Inside of brackets a line goes on. EquationsError for a character that has no meaning, and
    if the text is too long."""
    check_length(text)
    line, begin, at, depth = 1, 0, 0, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match and (transposed := _TRANSPOSED.search(text, begin, at + 2)):
            name = transposed[1]
            problem = phrase("write {right} instead of {typed}", right=f"transpose({name})", typed=transposed[0])
            raise EquationsError(problem, Place(line, transposed.start() - begin, at + 2 - begin))
        if not match:
            raise EquationsError(_unknown(text[at]), Place(line, at - begin, at - begin + 1))
        kind, found, at = match.lastgroup or "", match[0], match.end()
        place = Place(line, match.start() - begin, at - begin)
        depth += (found in "([" and kind == "sign") - (found in ")]" and kind == "sign")
        if kind == "end":
            line, begin = line + 1, at
        _check_length(kind, found, place)
        if kind != "space" and not (kind in ("end", "comment") and depth > 0):
            yield Token(kind, found, place)
    yield Token("end", "", Place(line, at - begin, at - begin))


def check_length(text: str) -> None:
    """EquationsError if a text is too long to be read."""
    lines = text.count("\n") + 1
    if len(text) > MAX_CHARACTERS or lines > MAX_LINES:
        problem = phrase(
            "the equations have {characters:,} characters in {lines:,} lines; the most are {most:,} in {most_lines}",
            characters=len(text),
            lines=lines,
            most=MAX_CHARACTERS,
            most_lines=MAX_LINES,
        )
        raise EquationsError(problem, Place(1, 0, 0))


_TRANSPOSED = re.compile(r"([^\W\d]\w*)\.T$")
"""The matrix U with its axes exchanged, as NumPy has it: U.T."""

INSTEAD = {"^": "**", "×": "*", "∗": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!="}
"""What is written instead of other signs."""


def _check_length(kind: str, text: str, place: Place) -> None:
    most = {"name": MAX_NAME, "number": MAX_NUMBER}.get(kind, MAX_CHARACTERS)
    if len(text) > most:
        problem = phrase("“{text}…” is longer than {n} characters; write a shorter one", text=text[:10], n=most)
        raise EquationsError(problem, place)


def _unknown(character: str) -> str:
    if character == "\r" or not character.isprintable():
        return phrase("a character that is not printable; remove it")
    if right := INSTEAD.get(character):
        return phrase("“{character}” has no meaning here; write {sign}", character=character, sign=right)
    return phrase("“{character}” has no meaning here; remove it", character=character)
