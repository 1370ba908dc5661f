"""Thousands of random texts and sources: the readers raise nothing, execute nothing and stay within bounds."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import pytest
from pairing import ALL_COMBINATIONS
from programs_of import names, runnable, source
from provoked import others, recorded
from shape_errors import ERRORS, NAMED
from time_limit import time_limit

from app.reading.code.interpreter_limits import LARGEST_AXIS, MOST_LAYERS, MOST_UNKNOWN
from app.reading.code.layers_in_order import read
from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.mismatch import AXES, TENSORS
from app.reading.errors.small_programs.program_of_cause import program
from app.reading.pasted_text_limits import MAX_ERROR_BYTES, MAX_SOURCE_BYTES

PARTS = range(10 if ALL_COMBINATIONS else 1)
COUNT = 1000 if ALL_COMBINATIONS else 80
"""Texts of each part: 10,000 in `make check`."""

JUNK = (
    "",
    " ",
    "\n",
    "(",
    ")",
    "[",
    "]",
    "'",
    '"',
    '"""',
    "\\",
    "#",
    ":",
    "=",
    "0",
    "-1",
    "9" * 25,
    "\0",
    "é",
    "\t",
    "{",
    "None",
)
PARTS_OF_CODE = {
    re.compile(r"(?<![\w.])\d+(?![\w.])"): ("0", "1", "2", "7", "-1", "None", "n"),
    re.compile(r"\[[^\[\]]*\]"): ("", "[-1]", "[:, -1]", "[0]", "[..., None]", "[h, c]"),
    re.compile(r"\.\w+\([^()]*\)"): ("", ".squeeze(0)", ".transpose(1, 2)", ".view(-1)"),
    re.compile(r"\([^()]*\)"): ("()", "(x)", "(h, c)", "(2, 3, 4)"),
}
"""What occurs in lines of code, and what may be in its place."""

EVENTS = ("exec", "open", "import", "os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pickle.")

OWN_NAME = "('<unknown>'"
"""The name under which Python's parser looks for the line of a syntax error."""


class Watch:
    """The events of the interpreter that mean that something is executed, while it is on."""

    def __init__(self) -> None:
        self.is_on, self.seen = False, list[str]()
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: object) -> None:
        if self.is_on and event.startswith(EVENTS) and not str(arguments).startswith(OWN_NAME):
            self.seen.append(f"{event} {arguments}"[:200])


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


def changed(text: str, others: list[str], random: Random) -> str:
    """A text of which parts are left out, doubled, moved, or replaced by parts of another one."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 2, 3, 8, 30))):
        n, m = (random.randrange(len(lines) + 1) for _ in range(2))
        match random.randrange(7):
            case 0:
                del lines[min(n, m) : min(n, m) + random.randrange(4)]
            case 1:
                lines[n:n] = lines[m : m + random.randrange(6)]
            case 2:
                lines[n:n] = random.choice(others).split("\n")[m : m + random.randrange(12)]
            case 3 if n < len(lines):
                lines[n] = " " * random.randrange(9) + lines[n].lstrip()
            case 4 if n < len(lines):
                k = random.randrange(len(lines[n]) + 1)
                lines[n] = lines[n][:k] + random.choice(JUNK) + lines[n][k + random.randrange(3) :]
            case 5 if n < len(lines) and m < len(lines):
                a, b = lines[n].split(" "), lines[m].split(" ")
                a[random.randrange(len(a))] = random.choice(b)
                lines[n] = " ".join(a)
            case 6:
                lines[n:n] = lines[:] if len(lines) < 300 else []
    return "\n".join(lines)


def other_part(random: Random, found: re.Match[str]) -> str:
    """What may be in the place of a part of code, or that part."""
    return random.choice((found[0], *PARTS_OF_CODE[found.re]))


def other_code(text: str, random: Random) -> str:
    """A program in which sizes, indices, calls and their arguments are others, and names are exchanged."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        n = random.randrange(len(lines))
        pattern = random.choice(list(PARTS_OF_CODE))
        lines[n] = pattern.sub(partial(other_part, random), lines[n])
        names = re.findall(r"[a-z_]\w*", lines[random.randrange(len(lines))])
        if names and random.random() < 0.3:
            lines[n] = re.sub(r"[a-z_]\w*", random.choice(names), lines[n], count=1)
    return "\n".join(lines)


def errors_with_programs() -> Iterator[tuple[str, str]]:
    """A message after the line of a program that fails with it, and the program."""
    for error in ERRORS:
        explanation = explain(NAMED * error.anywhere + error.message)
        for one in filter(None, (program(explanation, cause) for cause in explanation.mismatch.causes)):
            for line in one.failing.splitlines()[-3:]:
                trace = f'Traceback (most recent call last):\n  File "m.py", line 7, in forward\n    {line}\n'
                yield trace + error.message, one.failing


def texts(originals: list[str], most: int, part: int) -> Iterator[str]:
    random = Random(part)
    for _ in range(COUNT):
        yield changed(random.choice(originals), originals, random)[:most]


def check_each(texts: Iterator[str], read_text: Callable[[str], None], watch: Watch) -> None:
    """Read each text. A test fails with the text, which then becomes a test of its own."""
    for text in texts:
        watch.is_on = True
        try:
            with time_limit(text):
                read_text(text)
        except Exception as error:
            pytest.fail(f"{error!r} for {text!r}")
        finally:
            watch.is_on = False
        assert watch.seen == [], text


def check_source(text: str) -> None:
    chain = read(text)
    sizes = [size for layer in chain.layers for size in (*layer.input, *layer.output) if isinstance(size, int)]

    assert len(chain.layers) <= MOST_LAYERS and len(chain.unknown) <= MOST_UNKNOWN
    assert all(0 < size <= LARGEST_AXIS for size in sizes)


def check_text(text: str) -> None:
    try:
        explanation = explain(text)
    except NotFoundError:
        return
    assert explanation.mismatch.tensor in (None, *TENSORS) and explanation.mismatch.axis in (None, *AXES)
    assert all("{" not in cause.fix or "{}" in cause.fix for cause in explanation.mismatch.causes)


@pytest.mark.parametrize("part", PARTS)
def test_random_sources_are_read(watch: Watch, part: int) -> None:
    originals = [text for name in names() for text in (source(name), runnable(name))]

    check_each(texts(originals, MAX_SOURCE_BYTES, part), check_source, watch)


@pytest.mark.parametrize("part", PARTS)
def test_random_messages_are_explained(watch: Watch, part: int) -> None:
    originals = [*recorded().values(), *others().values()]

    check_each(texts(originals, MAX_ERROR_BYTES, part), check_text, watch)


@pytest.mark.parametrize("part", PARTS)
def test_random_programs_are_explained_with_their_messages(watch: Watch, part: int) -> None:
    random, originals = Random(part), list(errors_with_programs())
    pasted = (
        f"{random.choice((message, other_code(message, random)))}\n\n{other_code(code, random)}"
        for message, code in random.choices(originals, k=COUNT)
    )

    check_each(pasted, check_text, watch)
