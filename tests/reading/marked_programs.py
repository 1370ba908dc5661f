"""Programs with one mistake that is marked, and what is true about them.

A program is a text in a folder: a line with ``#!`` is wrong, and behind that mark stands the right one.
``make oracles ARGS=--record`` runs the programs and writes what they raise into a file.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

WRONG = re.compile(r"^( *)(.*?)  #! (.*)$", re.MULTILINE)

SIZES = ("batch_size", "time_step", "features", "num_units")


class Truth(NamedTuple):
    """What is true: the tensor and the axis that are wrong, the cause, and the sizes of the network."""

    tensor: str | None
    axis: str | None
    cause: str
    batch_size: int
    time_step: int
    features: int
    num_units: int

    @property
    def sizes(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in SIZES}


def framework(name: str) -> str:
    """The framework of a program, with which its name begins."""
    return name.partition("-")[0]


@dataclass(frozen=True)
class MarkedPrograms:
    """The programs in a folder, with the ``truths`` about them."""

    folder: Path
    truths: Mapping[str, Truth]

    @property
    def file(self) -> Path:
        """The file with what they raise."""
        return self.folder.with_suffix(".json")

    @property
    def stems(self) -> set[str]:
        return {path.stem for path in self.folder.glob("*.txt")}

    def _text(self, name: str) -> str:
        return (self.folder / f"{name}.txt").read_text(encoding="utf-8")

    def wrong(self, name: str) -> str:
        """A program with its mistake."""
        return WRONG.sub(r"\1\2", self._text(name))

    def right(self, name: str) -> str:
        """The program without it."""
        return WRONG.sub(r"\1\3", self._text(name))

    def corrections(self, name: str) -> list[tuple[str, str]]:
        """The wrong lines of a program, each with the right one."""
        return [(match[2], match[3]) for match in WRONG.finditer(self._text(name))]

    @cached_property
    def recorded(self) -> dict[str, str]:
        """What each program raised."""
        errors: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        return errors
