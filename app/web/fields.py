"""The fields of a query: one table that drives parsing, formatting, limits, the controls, the browser and the docs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isnan
from typing import Any

from app.core.cells import CELLS
from app.core.program import capture
from app.diagram.labels import LABELS
from app.diagram.picture import FORMATS
from app.diagram.theme import THEMES


class FieldError(ValueError):
    """A query that cannot be understood: which field, what it was given, what is wrong and what would be right."""

    def __init__(self, field: str, value: str | None, message: str, allowed: Any) -> None:
        super().__init__(message)
        self.field, self.value, self.message, self.allowed = field, value, message, allowed


@dataclass(frozen=True)
class Number:
    """A whole number from ``low`` to ``high``, in the digits 0-9 and in one spelling only."""

    name: str
    default: int
    low: int
    high: int
    help: str
    slider: bool = False

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise FieldError(self.name, text, f"{self.name} is {self.wanted}, not {shown(text)}", self.allowed)
        return int(text)

    def format(self, value: int) -> str:
        return str(value)

    def nearest(self, text: str) -> int:
        """The valid number closest to what was meant."""
        try:
            meant = float(text.replace(",", "").strip())
        except ValueError:
            return self.default
        return self.default if isnan(meant) else round(max(self.low, min(self.high, meant)))

    @property
    def wanted(self) -> str:
        if self.low == self.high:
            return f"{self.low} (nothing else is drawn yet)"
        return f"a whole number from {self.low} to {self.high}"

    @property
    def allowed(self) -> dict[str, int]:
        return {"min": self.low, "max": self.high}

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high, "default": self.default}

    @property
    def stops(self) -> list[int]:
        """Where the slider rests: numbers of two digits and zeros, at most a tenth apart, and the powers of two."""
        stops = {self.low, self.high}
        for zeros in range(len(str(self.high))):
            unit = 10**zeros
            stops.update(n * unit for n in (*range(1, 40), *range(40, 100, 2)))
        stops.update(1 << k for k in range(self.high.bit_length()))
        return sorted(n for n in stops if self.low <= n <= self.high)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    name: str
    default: str
    choices: tuple[str, ...]
    help: str

    def parse(self, text: str) -> str:
        if text not in self.choices:
            wanted = " or ".join(self.choices) if len(self.choices) > 1 else f"{self.default} (so far)"
            raise FieldError(self.name, text, f"{self.name} is {wanted}, not {shown(text)}", list(self.choices))
        return text

    def format(self, value: str) -> str:
        return value

    def nearest(self, text: str) -> str:
        return (get_close_matches(text, self.choices, 1) or [self.default])[0]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices), "default": self.default}


@dataclass(frozen=True)
class Flag:
    """Yes or no, written ``true`` or ``false``."""

    name: str
    default: bool
    allowed: tuple[bool, ...]
    help: str

    def parse(self, text: str) -> bool:
        return self._words.parse(text) == "true"

    def format(self, value: bool) -> str:
        return str(value).lower()

    def nearest(self, text: str) -> bool:
        return self._words.nearest(text) == "true"

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(map(self.format, self.allowed))

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "enum": list(self.allowed), "default": self.default}

    @property
    def _words(self) -> Choice:
        return Choice(self.name, self.format(self.default), self.choices, self.help)


@dataclass(frozen=True)
class Tensor:
    """The id of a tensor of the chosen cell, or nothing. Which ids there are is known once the cell is."""

    name: str
    help: str
    default: str = ""

    def parse(self, text: str) -> str:
        if not text:
            raise FieldError(self.name, text, f"{self.name} is empty; leave it out or name a tensor", self.choices)
        return text

    def format(self, value: str) -> str:
        return value

    def nearest(self, text: str) -> str:
        return (get_close_matches(text, self.choices, 1) or [self.default])[0]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.id for cell in CELLS.values() for t in capture(cell).tensors))


Field = Number | Choice | Flag | Tensor
"""All have ``parse`` and ``format``, and ``schema``: themselves as JSON Schema says it, for /openapi.json."""


def shown(text: str) -> str:
    """A value as an error quotes it: short, and with nothing in it that could be taken for something else."""
    short = text if len(text) <= 40 else text[:40] + "…"
    return f"“{''.join(c if c.isprintable() else '�' for c in short)}”" if text else "empty"


MODEL: Sequence[Field] = (
    Choice("cell", "lstm", tuple(CELLS), "which cell"),
    Number("batch_size", 3, 1, 1024, "sequences side by side; rows of every matrix", slider=True),
    Number("time_step", 4, 1, 10_000, "how often the same cell is applied", slider=True),
    Number("features", 2, 1, 4096, "numbers in one x at one step", slider=True),
    Number("num_units", 5, 1, 8192, "numbers in h and in c, for one sequence", slider=True),
    Number("num_proj", 0, 0, 0, "size of h after a projection; 0 is none"),
    Number("num_layers", 1, 1, 1, "cells stacked on one another"),
    Flag("bidirectional", False, (False,), "whether a second cell runs backwards"),
    Choice("framework", "colah", ("colah",), "whose names and layouts are spoken"),
    Number("seed", 0, 0, 999_999_999, "which weights and inputs are drawn"),
)
"""What is computed."""

PLACE: Sequence[Field] = (
    Choice("view", "unrolled", ("unrolled",), "which picture"),
    Number("t", 2, 0, 9_999, "the step that is drawn in full, from 0; 2, or the last one, where it is left out"),
    Number("layer", 0, 0, 0, "the layer in focus"),
    Choice("direction", "forward", ("forward",), "the direction in focus"),
    Tensor("tensor", "the tensor that is selected"),
)
"""What is looked at."""

LOOK: Sequence[Field] = (
    Choice("labels", "numbers", LABELS, "what the labels say"),
    Choice("format", "page", tuple(FORMATS), "how wide the picture is: for a phone, a page, a projector, a wall"),
    Choice("theme", "light", tuple(THEMES), "colours of an image; a page follows its visitor's wish"),
)
"""What it looks like."""

PAGING: Sequence[Field] = (Number("page", 0, 0, 999_999, "which 100,000 numbers of a large tensor"),)
"""What a large answer shows of itself."""

FIELDS: dict[str, Field] = {f.name: f for f in (*MODEL, *PLACE, *LOOK, *PAGING)}
