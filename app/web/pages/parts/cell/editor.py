"""The editor of equations: their text, what is wrong with it, and the corrections."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .....equations.canonical import canonical
from .....equations.cell_from_equations import cell_of
from .....equations.equations_parser import parse
from .....equations.function_syntax import FUNCTIONS
from .....equations.limits import MAX_CHARACTERS
from .....equations.names import STEP_SIZES
from .....equations.notation import Reading, read
from .....equations.places_and_errors import EquationsError, Place, with_line
from .....equations.tokens import check_length
from .....teaching.around_picture.sentences import Word
from .....translations.translator import Translator
from .....url_state.fitting_sizes import NO_SIZES, can_have_sizes

STEP_AXES = list(STEP_SIZES)
"""The axes of every cell."""


class Correction(NamedTuple):
    """A text that fits in the place of what is wrong, or a line that could be added, and all equations with it."""

    text: str
    equations: str
    is_line: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong: ``line`` counts from 1, ``start`` and ``end`` are characters of it. ``words``: the message, with
    the names of axes apart, for their colours."""

    words: list[Word]
    line: int
    start: int
    end: int
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Editor:
    """A text, and what it says as equations, or what is wrong with it."""

    text: str
    reading: Reading | None
    problem: Problem | None

    most = MAX_CHARACTERS
    functions = sorted((*FUNCTIONS, "split"))
    axes = STEP_AXES


MOST_CORRECTIONS = 2
"""The largest number of corrections that are offered."""


def editor(text: str, translate: Translator) -> Editor:
    """The editor of a text: what it says as equations, or what is wrong with it."""
    text = text.replace("\r\n", "\n")
    try:
        check_length(text)
        reading = read(text)
        equations = canonical(parse(reading.text))
        cell_of(equations)
        if not can_have_sizes(equations):
            raise EquationsError(NO_SIZES, Place(1, 0, 0))
    except EquationsError as error:
        return Editor(text, None, _problem(text, error, translate))
    return Editor(text, reading, None)


def _problem(text: str, error: EquationsError, translate: Translator) -> Problem:
    place = error.place
    corrections = [Correction(fix, _corrected(text, place, fix)) for fix in error.fixes]
    corrections += [Correction(line, with_line(text, line), is_line=True) for line in error.lines_to_add]
    words = _coloured(translate(error.problem), axes_in(text))
    return Problem(words, place.line, place.start, place.end, tuple(corrections[:MOST_CORRECTIONS]))


def axes_in(text: str) -> list[str]:
    """The names of the axes that a step has, and of those that a text declares."""
    return [*STEP_AXES, *dict.fromkeys(re.findall(r"^[ \t]*axis[ \t]+(\w+)", text, re.MULTILINE | re.ASCII))]


def _coloured(message: str, axes: list[str]) -> list[Word]:
    """A message with the names of axes apart."""
    pieces = re.split(rf"\b({'|'.join(axes)})\b", message, flags=re.ASCII)
    return [(piece, piece if piece in axes else "") for piece in pieces if piece]


def _corrected(text: str, place: Place, fix: str) -> str:
    """A text with a correction in a place of it."""
    lines = text.split("\n")
    line = lines[place.line - 1]
    lines[place.line - 1] = line[: place.start] + fix + line[place.end :]
    return "\n".join(lines)
