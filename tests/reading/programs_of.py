"""Programs in the manner of public code, and the chains that real frameworks recorded when they ran them.

A program is a text in ``programs``: what a person would paste, and after RUN the lines with which the oracles run it.
``make oracles ARGS=--record`` writes the chains into chains.json.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("programs")
RECORDED = Path(__file__).with_name("programs.json")
RUN, INSTEAD = "# --- run\n", "# instead\n"

Sizes = tuple[int | None, ...]


class Call(NamedTuple):
    """A call of a layer, as a framework sees it. None is a size that it does not know."""

    kind: str
    input: Sizes
    output: Sizes


def names(framework: str = "") -> list[str]:
    """The names of programs, which begin with their framework."""
    return sorted(path.stem for path in FOLDER.glob(f"{framework}*.txt"))


def source(name: str) -> str:
    """What a person would paste."""
    return _text(name).partition(RUN)[0]


def runnable(name: str) -> str:
    """The program with the lines that run it, or the lines that run instead of one that is no plain program."""
    program, _, run = _text(name).partition(RUN)
    return run if run.startswith(INSTEAD) else program + run


def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@cache
def recorded() -> dict[str, list[Call]]:
    """The recorded chain of each program."""
    chains = json.loads(RECORDED.read_text(encoding="utf-8"))["chains"]
    return {name: [Call(kind, tuple(a), tuple(b)) for kind, a, b in calls] for name, calls in chains.items()}
