"""The fields of a query: one table that drives parsing, formatting, limits, the controls, the browser and the docs."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isnan
from typing import Any

from app.core.cells import CELLS, PROJECTED
from app.core.program import capture
from app.core.stack import DIRECTIONS
from app.diagram.labels import LABELS
from app.diagram.picture import FORMATS
from app.diagram.theme import THEMES
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.frameworks.framework import Switch

Value = int | str | bool | None


class FieldError(ValueError):
    """A query that cannot be understood: which field, what it was given, what is wrong and what would be right."""

    def __init__(self, field: str, value: str | None, message: str, allowed: Any) -> None:
        super().__init__(message)
        self.field, self.value, self.message, self.allowed = field, value, message, allowed


@dataclass(frozen=True)
class Field(ABC):
    """One name in a query: how its value is read and written, and what is said of it."""

    name: str
    default: Value
    help: str

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value that a text stands for. Raises FieldError."""

    @abstractmethod
    def nearest(self, text: str) -> Value:
        """The valid value that is closest to what was meant."""

    @property
    def usually(self) -> str:
        """The default, in words."""
        return self.format(self.default) or "none"

    @property
    @abstractmethod
    def limits(self) -> str:
        """What is allowed, in words."""

    @property
    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """What is allowed, as JSON Schema says it."""

    def format(self, value: Value) -> str:
        return str(value)

    def usual(self, values: Mapping[str, Any]) -> Value:
        """The value where a query leaves this field out; ``values`` are those of the fields before it."""
        return self.default


@dataclass(frozen=True)
class Number(Field):
    """A whole number from ``low`` to ``high``, in the digits 0-9 and in one spelling only.

    ``below`` names another field that it is smaller than; its default then is too.
    """

    default: int
    low: int
    high: int
    slider: bool = False
    below: str = ""

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise FieldError(self.name, text, f"{self.name} is {self.wanted}, not {shown(text)}", self.allowed)
        return int(text)

    def nearest(self, text: str) -> int:
        try:
            meant = float(text.replace(",", "").strip())
        except ValueError:
            return self.default
        return self.default if isnan(meant) else round(max(self.low, min(self.high, meant)))

    def last(self, values: Mapping[str, Any]) -> int:
        """The largest number that fits the other values."""
        return min(self.high, values[self.below] - 1) if self.below else self.high

    def usual(self, values: Mapping[str, Any]) -> int:
        return min(self.default, self.last(values))

    def fitted(self, value: int, values: Mapping[str, Any]) -> int:
        """The value, or the nearest to it that fits the others."""
        return min(value, self.last(values))

    def check(self, values: Mapping[str, Any]) -> None:
        """FieldError where the number is valid but does not fit the others."""
        value, last = values[self.name], self.last(values)
        if value > last:
            wanted = f"a whole number from {self.low} to {last:,} where {self.below} is {values[self.below]:,}"
            message = f"{self.name} is {wanted}, not {shown(str(value))}"
            raise FieldError(self.name, str(value), message, {"min": self.low, "max": last})

    @property
    def usually(self) -> str:
        return f"{self.default}, at most {self.below} − 1" if self.below else str(self.default)

    @property
    def wanted(self) -> str:
        return f"a whole number from {self.low} to {self.high:,}"

    @property
    def limits(self) -> str:
        return f"{self.low} to {f'{self.below} − 1' if self.below else f'{self.high:,}'}"

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
class Index(Field):
    """One of what stands side by side, counted from 0, or none of it. ``below`` names how many there are."""

    default: None
    high: int
    below: str

    def parse(self, text: str) -> int | None:
        return None if text == NONE else self._number.parse(text)

    def nearest(self, text: str) -> int | None:
        return None if text == NONE else self._number.nearest(text)

    def format(self, value: Value) -> str:
        return NONE if value is None else str(value)

    def last(self, values: Mapping[str, Any]) -> int:
        return self._number.last(values)

    def fitted(self, value: int | None, values: Mapping[str, Any]) -> int | None:
        """The value, or the nearest to it that fits the others."""
        return None if value is None else self._number.fitted(value, values)

    def check(self, values: Mapping[str, Any]) -> None:
        """FieldError where the number is valid but does not fit the others."""
        if values[self.name] is not None:
            self._number.check(values)

    @property
    def limits(self) -> str:
        return f"{self._number.limits}, {NONE}"

    @property
    def schema(self) -> dict[str, Any]:
        return {"oneOf": [{"type": "integer", "minimum": 0, "maximum": self.high}, {"const": NONE}], "default": NONE}

    @property
    def _number(self) -> Number:
        return Number(self.name, 0, self.help, 0, self.high, below=self.below)


NONE = "none"
"""How a query says that nothing is chosen."""


@dataclass(frozen=True)
class Choice(Field):
    """One of a few words."""

    default: str
    choices: tuple[str, ...]

    def parse(self, text: str) -> str:
        if text not in self.choices:
            wanted = " or ".join(self.choices) if len(self.choices) > 1 else self.limits
            raise FieldError(self.name, text, f"{self.name} is {wanted}, not {shown(text)}", list(self.choices))
        return text

    def nearest(self, text: str) -> str:
        return (get_close_matches(text, self.choices, 1) or [self.default])[0]

    @property
    def limits(self) -> str:
        return ", ".join(self.choices) if len(self.choices) > 1 else f"{self.default} (so far)"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices), "default": self.default}


@dataclass(frozen=True)
class Flag(Field):
    """Yes or no, written ``true`` or ``false``."""

    default: bool
    choices: tuple[bool, ...]

    def parse(self, text: str) -> bool:
        return self._words.parse(text) == "true"

    def nearest(self, text: str) -> bool:
        return self._words.nearest(text) == "true"

    def format(self, value: Value) -> str:
        return str(value).lower()

    @property
    def limits(self) -> str:
        return self._words.limits

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "enum": list(self.choices), "default": self.default}

    @property
    def _words(self) -> Choice:
        return Choice(self.name, self.format(self.default), self.help, tuple(map(self.format, self.choices)))


@dataclass(frozen=True)
class TensorId(Field):
    """The id of a tensor of the chosen cell, or nothing. Which ids there are is known once the cell is: see ``parse``
    of a whole query."""

    default: str

    def parse(self, text: str) -> str:
        return text

    def nearest(self, text: str) -> str:
        return (get_close_matches(text, self.choices, 1) or [self.default])[0]

    @property
    def limits(self) -> str:
        return "a tensor’s id"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    @property
    def choices(self) -> tuple[str, ...]:
        every = (*CELLS.values(), *PROJECTED.values())
        return tuple(dict.fromkeys(t.id for cell in every for t in capture(cell).tensors))


def shown(text: str) -> str:
    """A value as an error quotes it: short, and with nothing in it that could be taken for something else."""
    short = text if len(text) <= 40 else text[:40] + "…"
    return f"“{''.join(c if c.isprintable() else '�' for c in short)}”" if text else "empty"


def having(switch: str) -> list[str]:
    """The frameworks that have a switch."""
    return [id for id, framework in FRAMEWORKS.items() if switch in {s.name for s in framework.switches}]


def _switch(switch: Switch) -> Field:
    """A framework's own switch as a field; its choices are words, or yes and no."""
    said = f"with {' and '.join(having(switch.name))}: {switch.help}"
    if isinstance(switch.default, bool):
        return Flag(switch.name, switch.default, said, (False, True))
    return Choice(switch.name, str(switch.default), said, tuple(map(str, switch.choices)))


SWITCHES: dict[str, Field] = {s.name: _switch(s) for framework in FRAMEWORKS.values() for s in framework.switches}
"""What some frameworks have, each by its own name. Two that share a name mean the same."""

MODEL: Sequence[Field] = (
    Choice("cell", "lstm", "which cell", tuple(CELLS)),
    Number("batch_size", 3, "sequences side by side; rows of x, h and c", 1, 1024, slider=True),
    Number("time_step", 4, "how often the same cell is applied", 1, 10_000, slider=True),
    Number("features", 2, "numbers in one x at one step", 1, 4096, slider=True),
    Number("num_units", 5, "numbers in the state (h, and the LSTM’s c), for one sequence", 1, 8192, slider=True),
    Number("num_proj", 0, "size of h after a projection; 0 is none", 0, 8192),
    Number("num_layers", 1, "cells stacked on one another", 1, 8),
    Flag("bidirectional", False, "whether a second cell runs backwards", (False, True)),
    Choice("framework", "colah", "whose names and layouts are spoken", tuple(FRAMEWORKS)),
    *SWITCHES.values(),
    Number("seed", 0, "which weights and inputs are drawn", 0, 999_999_999),
)
"""What is computed, and whose words it is told in."""

POKED = (NONE, "x", "h_prev", "c_prev")

PLACE: Sequence[Field] = (
    Choice("view", "unrolled", "which picture", tuple(VIEWS)),
    Number("t", 2, "the step that is drawn in full, from 0", 0, 9_999, below="time_step"),
    Number("layer", 0, "the layer in focus", 0, 7, below="num_layers"),
    Choice("direction", "forward", "the direction in focus", DIRECTIONS),
    TensorId("tensor", "", "the tensor that is selected"),
    Flag("stepping", False, "whether what is computed after the selected tensor is faint", (False, True)),
    Index("sample", None, "the sequence of the batch that is followed", 1023, "batch_size"),
    Index("unit", None, "the unit that is followed: this number of h and c", 8191, "num_units"),
    Number("row", 0, "the first row of the selected tensor’s values that is shown", 0, 99_999),
    Number("column", 0, "the first column of them", 0, 99_999),
    Choice("poke", NONE, "the vector of which one number is changed, to see what that changes", POKED),
    Number("component", 0, "which number of that vector", 0, 99_999),
)
"""What is looked at."""

LOOK: Sequence[Field] = (
    Choice("labels", "numbers", "what the labels say", LABELS),
    Choice("format", "page", "how wide an image is: for a phone, a page, a projector, a wall", tuple(FORMATS)),
    Choice("theme", "light", "colours; a page follows its visitor’s wish where it is left out", tuple(THEMES)),
)
"""What it looks like."""

PAGING: Sequence[Field] = (Number("page", 0, "which 100,000 numbers of a large tensor", 0, 999_999),)
"""What a large answer shows of itself."""

CODE: Sequence[Field] = (
    Choice("to", "none", "with /code: the framework that weights are carried to", ("none", *FRAMEWORKS)),
)
"""What a program is to do."""

FIELDS: dict[str, Field] = {f.name: f for f in (*MODEL, *PLACE, *LOOK, *PAGING, *CODE)}
