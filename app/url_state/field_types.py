"""The types of the fields of a query: how each parses, formats and limits its values, and its errors."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from math import isnan
from typing import Any

from ..core.cells import CELLS, PROJECTED
from ..core.program import capture
from ..translations.numbers import grouped
from ..translations.phrases import CommaSeparated, joined_with_or, phrase
from .slider_stops import slider_stops

Value = int | str | bool | None

Values = Mapping[str, Any]
"""A value for every field of the table, by name."""

NONE = "none"
"""The value of a field for which nothing is selected."""


class FieldError(ValueError):
    """An invalid query: the field, its value (None if it is missing), the message, and the allowed values for
    programs."""

    def __init__(self, field: str, value: str | None, message: str, allowed: Any) -> None:
        super().__init__(message)
        self.field, self.value, self.message, self.allowed = field, value, message, allowed


@dataclass(frozen=True)
class Field(ABC):
    """A field of a query: how its value is parsed and formatted, and how it is documented. ``name`` is that of the
    attribute that it annotates."""

    default: Value
    help: str
    name: str = field(default="", kw_only=True)

    @abstractmethod
    def parse(self, text: str) -> Value:
        """Parse a text. Raises FieldError if it is not valid."""

    @abstractmethod
    def nearest(self, text: str) -> Value:
        """The valid value that is closest to a text, or the default."""

    @property
    def default_text(self) -> str:
        """The default, in words."""
        return self.format(self.default) or "none"

    @property
    @abstractmethod
    def limits(self) -> str:
        """The allowed values, in words."""

    @property
    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The allowed values, as JSON Schema."""

    def format(self, value: Value) -> str:
        """Format a value as in a query."""
        return str(value)

    def default_for(self, values: Mapping[str, Any]) -> Value:
        """The default, which may depend on ``values``, those of the fields before this one."""
        return self.default

    def message(self, allowed: str, text: str) -> str:
        """The message of an error: what is ``allowed``, in words, and the invalid text."""
        return phrase("{field} must be {wanted}, not {text}", field=self.name, wanted=allowed, text=quoted(text))


@dataclass(frozen=True)
class BoundedInteger(Field):
    """A whole number from ``low`` to ``high``, in the digits 0-9, without leading zeros.

    ``below`` names another field: the number must be smaller than its value.
    """

    low: int
    high: int
    below: str = ""

    def parse_number(self, text: str) -> int:
        """Parse a number. Raises FieldError."""
        if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise FieldError(self.name, text, self.message(self.in_words(self.high), text), self.allowed(self.high))
        return int(text)

    def nearest_number(self, text: str) -> int | None:
        """The valid number that is closest to a text; None if the text is not a number."""
        try:
            number = float(text.replace(",", "").strip())
        except ValueError:
            return None
        return None if isnan(number) else round(max(self.low, min(self.high, number)))

    def stops(self, most: int = 0) -> list[int]:
        """The values to which the slider of the number snaps, up to ``most`` if that is not 0."""
        return slider_stops(self.low, most or self.high)

    def largest(self, values: Mapping[str, Any]) -> int:
        """The largest valid number, given the values of the other fields."""
        return min(self.high, values[self.below] - 1) if self.below else self.high

    def too_large(self, value: int, largest: int, where: str) -> FieldError:
        """The error for a number above ``largest``, its limit in the case that ``where`` describes."""
        wanted = phrase("{wanted} when {this}", wanted=self.in_words(largest), this=where)
        return FieldError(self.name, str(value), self.message(wanted, str(value)), self.allowed(largest))

    def in_words(self, largest: int) -> str:
        """The valid numbers, up to ``largest``, in words."""
        if self.low == largest:
            return str(largest)
        return phrase("a whole number from {low} to {high:,}", low=self.low, high=largest)

    def allowed(self, largest: int) -> dict[str, Any]:
        """The valid numbers, up to ``largest``, for programs."""
        return {"min": self.low, "max": largest}

    @property
    def limits(self) -> str:
        return phrase("{low} to {high}", low=self.low, high=f"{self.below} − 1" if self.below else grouped(self.high))

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Number(BoundedInteger):
    """A number with a default. The default, too, is smaller than the value of the field ``below``."""

    default: int
    slider: bool = False

    def parse(self, text: str) -> int:
        return self.parse_number(text)

    def nearest(self, text: str) -> int:
        number = self.nearest_number(text)
        return self.default if number is None else number

    def default_for(self, values: Mapping[str, Any]) -> int:
        return min(self.default, self.largest(values))

    @property
    def default_text(self) -> str:
        if not self.below:
            return str(self.default)
        return phrase("{default}, at most {field} − 1", default=self.default, field=self.below)

    @property
    def schema(self) -> dict[str, Any]:
        return super().schema | {"default": self.default}


@dataclass(frozen=True)
class Index(BoundedInteger):
    """An index, or none."""

    default: None

    def parse(self, text: str) -> int | None:
        return None if text == NONE else self.parse_number(text)

    def nearest(self, text: str) -> int | None:
        return self.nearest_number(text)

    def format(self, value: Value) -> str:
        return NONE if value is None else str(value)

    def in_words(self, largest: int) -> str:
        return phrase("{one} or {other}", one=super().in_words(largest), other=NONE)

    def allowed(self, largest: int) -> dict[str, Any]:
        return super().allowed(largest) | {"or": NONE}

    @property
    def limits(self) -> str:
        return phrase("{one}, {other}", one=super().limits, other=NONE)

    @property
    def schema(self) -> dict[str, Any]:
        return {"oneOf": [super().schema, {"type": "string", "enum": [NONE]}], "default": NONE}


@dataclass(frozen=True)
class DecimalNumber(Field):
    """A decimal number from ``low`` to ``high``, with at most ``digits`` digits after the point. Its value is a text,
    so that no digit changes: ``0.1`` has no exact binary number."""

    default: str
    low: str
    high: str
    digits: int

    def parse(self, text: str) -> str:
        is_number = re.fullmatch(rf"(0|[1-9][0-9]{{0,8}})(\.[0-9]{{1,{self.digits}}})?", text, re.ASCII)
        if not is_number or not Decimal(self.low) <= Decimal(text) <= Decimal(self.high):
            allowed = phrase("a number from {low} to {high}", low=self.low, high=self.high)
            limits = {"min": float(self.low), "max": float(self.high)}
            raise FieldError(self.name, text, self.message(allowed, text), limits)
        return self._shortest(text)

    def nearest(self, text: str) -> str:
        try:
            number = Decimal(text.strip())
        except InvalidOperation:
            return self.default
        if number.is_nan():
            return self.default
        clamped = max(Decimal(self.low), min(Decimal(self.high), number))
        return self._shortest(f"{clamped:.{self.digits}f}")

    @staticmethod
    def _shortest(text: str) -> str:
        """The one text of equal numbers: without zeros at the end."""
        return text.rstrip("0").rstrip(".") if "." in text else text

    @property
    def limits(self) -> str:
        return phrase("{low} to {high}", low=self.low, high=self.high)

    @property
    def schema(self) -> dict[str, Any]:
        limits = {"minimum": float(self.low), "maximum": float(self.high)}
        return {"type": "number", **limits, "default": float(self.default)}


@dataclass(frozen=True)
class Choice(Field):
    """One of several words."""

    default: str
    choices: tuple[str, ...]

    def parse(self, text: str) -> str:
        if text not in self.choices:
            allowed = joined_with_or(self.choices) if len(self.choices) > 1 else self.limits
            raise FieldError(self.name, text, self.message(allowed, text), list(self.choices))
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
    """``true`` or ``false``."""

    default: bool
    choices: tuple[bool, ...]

    def parse(self, text: str) -> bool:
        return self._as_choice.parse(text) == "true"

    def nearest(self, text: str) -> bool:
        return self._as_choice.nearest(text) == "true"

    def format(self, value: Value) -> str:
        return str(value).lower()

    @property
    def limits(self) -> str:
        return self._as_choice.limits

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "enum": list(self.choices), "default": self.default}

    @property
    def _as_choice(self) -> Choice:
        return Choice(self.format(self.default), self.help, tuple(map(self.format, self.choices)), name=self.name)


ID = "^[A-Za-z][A-Za-z0-9_]*$"
"""A name of a tensor in equations, as a pattern of JSON Schema."""


@dataclass(frozen=True)
class TensorId(Field):
    """The id of a tensor of the chosen cell, or nothing. The valid ids depend on the cell, so a rule checks them, see
    ``rules.Selected``."""

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
        shipped = {"type": "string", "enum": list(self.choices)}
        return {"anyOf": [shipped, {"type": "string", "pattern": ID, "description": "with cell=own"}]}

    @property
    def choices(self) -> tuple[str, ...]:
        every = (*CELLS.values(), *PROJECTED.values())
        return tuple(dict.fromkeys(t.id for cell in every for t in capture(cell).tensors))


@dataclass(frozen=True)
class VectorId(TensorId):
    """The id of a vector that enters a step of the chosen cell, or none. Those of typed cells, too, end with _prev; a
    rule checks whether the cell has it, see ``rules.Poked``."""

    def parse(self, text: str) -> str:
        if text not in self.choices and not re.fullmatch(r"[A-Za-z]\w*_prev", text, re.ASCII):
            message = self.message(joined_with_or(self.choices), text)
            raise FieldError(self.name, text, message, list(self.choices))
        return text

    @property
    def limits(self) -> str:
        return phrase("{vectors}; with cell=own also its other states", vectors=CommaSeparated(self.choices))

    @property
    def choices(self) -> tuple[str, ...]:
        states = (f"{state}_prev" for cell in CELLS.values() for state in cell.states)
        return (NONE, *dict.fromkeys(("x", *states)))


def quoted(text: str) -> str:
    """A value in quotes for an error: shortened, with unprintable characters replaced."""
    short = text if len(text) <= 40 else text[:40] + "…"
    return f"“{''.join(c if c.isprintable() else '�' for c in short)}”" if text else phrase("empty")
