"""Output to a terminal, in any encoding, and the exit code after Ctrl-C."""

import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from unicodedata import normalize

INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells: 128 plus the number of the signal."""

ASCII_FOR = {"×": "x", "·": "*", "∗": "*", "−": "-", "→": "->", "σ": "sigma", "“": '"', "”": '"', "’": "'"}
"""Replacements for characters that the terminal's encoding lacks."""


def prepare_streams() -> None:
    """Make output work with any terminal. In ASCII ``3 × 5`` is written ``3 x 5``. A closed stream (``>&-``) becomes
    the null device; otherwise output would go to the file or socket that is opened next."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(null, True)  # workers inherit it
            setattr(sys, name, os.fdopen(null, "r" if name == "stdin" else "w"))
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: ASCII for the characters that cannot be encoded, and the position to continue at."""
    assert isinstance(error, UnicodeEncodeError)
    known = normalize("NFKD", error.object[error.start : error.end])  # ₜ becomes t, é becomes e and an accent
    plain = "".join(ASCII_FOR.get(character, character) for character in known)
    return plain.encode("ascii", "replace").decode(), error.end


def print_lines(text: str) -> int:
    """Write lines to standard output and return the exit code: 0 also if the reader has closed the pipe (``| head``), 1
    after an error, as on a full disk, which is printed."""
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # otherwise Python fails when it flushes at exit
        if not isinstance(error, BrokenPipeError):
            print_error(f"cannot write: {error.strerror}")
            return 1
    return 0


def print_error(message: object) -> None:
    """Write a line to standard error, if possible: in one call, so that the lines of several workers do not mix."""
    with suppress(OSError):
        print(f"unrolled: {message}\n", end="", file=sys.stderr, flush=True)
