"""The types of the fields of a query: how each parses, formats and limits its values, and its errors."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from math import isnan
from typing import Any

from ..core.cells import CELLS, PROJECTED
from ..core.program import capture
from ..translations.numbers import grouped
from ..translations.phrases import phrase

Value = int | str | bool | None

NONE = "none"
"""The value of a field for which nothing is chosen."""


class FieldError(ValueError):
    """A query that is invalid: the field, its value, what is wrong with it, and what is allowed."""

    def __init__(self, field: str, value: str | None, message: str, allowed: Any) -> None:
        super().__init__(message)
        self.field, self.value, self.message, self.allowed = field, value, message, allowed


@dataclass(frozen=True)
class Field(ABC):
    """A field of a query: how its value is parsed and formatted, and how it is documented."""

    name: str
    default: Value
    help: str

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value of a text. Raises FieldError where it has none."""

    @abstractmethod
    def nearest(self, text: str) -> Value:
        """The valid value that is closest to a text."""

    @property
    def default_text(self) -> str:
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

    def default_for(self, values: Mapping[str, Any]) -> Value:
        """The default, which may depend on the ``values`` of the fields before this one."""
        return self.default

    def wrong(self, wanted: str, text: str) -> str:
        """The message of an error: what is ``wanted``, and the text that was given."""
        return phrase("{field} is {wanted}, not {text}", field=self.name, wanted=wanted, text=shown(text))


@dataclass(frozen=True)
class Counted(Field):
    """A whole number from ``low`` to ``high``, written in the digits 0-9, without leading zeros.

    ``below`` names another field whose value it has to stay below.
    """

    low: int
    high: int
    below: str = ""

    def number(self, text: str) -> int:
        if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise FieldError(self.name, text, self.wrong(self.wanted(self.high), text), self.allowed(self.high))
        return int(text)

    def nearest_number(self, text: str) -> int | None:
        """The valid number that is closest to a text; None where that is no number."""
        try:
            meant = float(text.replace(",", "").strip())
        except ValueError:
            return None
        return None if isnan(meant) else round(max(self.low, min(self.high, meant)))

    def last(self, values: Mapping[str, Any]) -> int:
        """The largest number that fits the other values."""
        return min(self.high, values[self.below] - 1) if self.below else self.high

    def too_large(self, value: int, last: int, where: str) -> FieldError:
        """The error of a number that is larger than ``last``, which is its limit in the case that ``where`` names."""
        wanted = phrase("{wanted} where {this}", wanted=self.wanted(last), this=where)
        return FieldError(self.name, str(value), self.wrong(wanted, str(value)), self.allowed(last))

    def wanted(self, last: int) -> str:
        if self.low == last:
            return str(last)
        return phrase("a whole number from {low} to {high:,}", low=self.low, high=last)

    def allowed(self, last: int) -> dict[str, Any]:
        return {"min": self.low, "max": last}

    @property
    def limits(self) -> str:
        return phrase("{low} to {high}", low=self.low, high=f"{self.below} − 1" if self.below else grouped(self.high))

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Number(Counted):
    """A number with a default, which stays below the other field, too, where there is one."""

    default: int
    slider: bool = False

    def parse(self, text: str) -> int:
        return self.number(text)

    def nearest(self, text: str) -> int:
        meant = self.nearest_number(text)
        return self.default if meant is None else meant

    def default_for(self, values: Mapping[str, Any]) -> int:
        return min(self.default, self.last(values))

    @property
    def default_text(self) -> str:
        if not self.below:
            return str(self.default)
        return phrase("{default}, at most {field} − 1", default=self.default, field=self.below)

    @property
    def schema(self) -> dict[str, Any]:
        return super().schema | {"default": self.default}

    @property
    def stops(self) -> list[int]:
        """The values of the slider: numbers of two digits and zeros, at most a tenth apart, and the powers of two."""
        stops = {self.low, self.high}
        for zeros in range(len(str(self.high))):
            unit = 10**zeros
            stops.update(n * unit for n in (*range(1, 40), *range(40, 100, 2)))
        stops.update(1 << k for k in range(self.high.bit_length()))
        return sorted(n for n in stops if self.low <= n <= self.high)


@dataclass(frozen=True)
class Index(Counted):
    """An index, or none."""

    default: None

    def parse(self, text: str) -> int | None:
        return None if text == NONE else self.number(text)

    def nearest(self, text: str) -> int | None:
        return self.nearest_number(text)

    def format(self, value: Value) -> str:
        return NONE if value is None else str(value)

    def wanted(self, last: int) -> str:
        return phrase("{one} or {other}", one=super().wanted(last), other=NONE)

    def allowed(self, last: int) -> dict[str, Any]:
        return super().allowed(last) | {"or": NONE}

    @property
    def limits(self) -> str:
        return phrase("{one}, {other}", one=super().limits, other=NONE)

    @property
    def schema(self) -> dict[str, Any]:
        return {"oneOf": [super().schema, {"type": "string", "enum": [NONE]}], "default": NONE}


@dataclass(frozen=True)
class Choice(Field):
    """One of a few words."""

    default: str
    choices: tuple[str, ...]

    def parse(self, text: str) -> str:
        if text not in self.choices:
            wanted = either(self.choices) if len(self.choices) > 1 else self.limits
            raise FieldError(self.name, text, self.wrong(wanted, text), list(self.choices))
        return text

    def nearest(self, text: str) -> str:
        return (get_close_matches(text, self.choices, 1) or [self.default])[0]

    @property
    def limits(self) -> str:
        if len(self.choices) > 1:
            return ", ".join(self.choices)
        return phrase("{choice} (so far)", choice=self.default)

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
        return phrase("a tensor’s id")

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    @property
    def choices(self) -> tuple[str, ...]:
        every = (*CELLS.values(), *PROJECTED.values())
        return tuple(dict.fromkeys(t.id for cell in every for t in capture(cell).tensors))


def shown(text: str) -> str:
    """A value as an error quotes it: shortened, with characters that cannot be printed replaced."""
    short = text if len(text) <= 40 else text[:40] + "…"
    return f"“{''.join(c if c.isprintable() else '�' for c in short)}”" if text else phrase("empty")


def either(choices: Iterable[str]) -> str:
    """``a or b or c``."""
    return reduce(lambda one, other: phrase("{one} or {other}", one=one, other=other), choices)
