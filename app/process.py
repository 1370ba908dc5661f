"""The process: what one that serves is started with, and how any of them writes. Imported before anything that takes
long, for ``start_anew`` starts Python anew."""

import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from unicodedata import normalize

# Fresh memory costs as much as the run itself: let the allocator keep what it has, and let each worker use one core.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
}

CANNOT_START = 3
"""The exit code by which uvicorn and gunicorn know that a worker would fail again, so that they start no other."""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""

PLAIN = {"×": "x", "·": "*", "∗": "*", "−": "-", "→": "->", "σ": "sigma", "“": '"', "”": '"', "’": "'"}
"""What is written for a character that the terminal's encoding does not have."""


def start_anew() -> None:
    """A fresh process image, so that the allocator and OpenBLAS see their settings; nothing where they have."""
    if not SETTINGS.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **SETTINGS})


def prepare_streams() -> None:
    """Whatever the terminal is, nothing fails that is written to it. In ascii ``3 × 5`` is written ``3 x 5``. A stream
    that was closed (``>&-``) is the null device: else the next file or socket would be what is written to."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(null, True)  # workers have it too
            setattr(sys, name, os.fdopen(null, "r" if name == "stdin" else "w"))
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    """For codecs: ASCII for the characters that could not be encoded, and where to go on."""
    assert isinstance(error, UnicodeEncodeError)
    known = normalize("NFKD", error.object[error.start : error.end])  # ₜ becomes t, é becomes e and an accent
    plain = "".join(PLAIN.get(character, character) for character in known)
    return plain.encode("ascii", "replace").decode(), error.end


def put(text: str) -> int:
    """Write lines to standard output. The exit code: 0 where they are written or the reader has enough (``| head``), 1
    where they cannot be, as on a full disk, which is said."""
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python fails when it flushes at exit
        if not isinstance(error, BrokenPipeError):
            complain(f"cannot write: {error.strerror}")
            return 1
    return 0


def complain(message: object) -> None:
    """A line to standard error, if it can be written. In one piece, so that those of several workers do not mix."""
    with suppress(OSError):
        print(f"unrolled: {message}\n", end="", file=sys.stderr, flush=True)
