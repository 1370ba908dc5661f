"""The types of fields with text: some words of a list, or free text."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..translations.phrases import CommaSeparated, phrase
from .field_types import Field, FieldError, shown

MOST_WORDS = 50
"""How many words are compared with the choices: each takes some 30 microseconds."""


@dataclass(frozen=True)
class Several(Field):
    """Some of a few words, or none; written with commas, in the order of the choices."""

    default: str
    choices: tuple[str, ...]

    def parse(self, text: str) -> str:
        given = text.split(",") if text else []
        if unknown := [word for word in given if word not in self.choices]:
            message = phrase(
                "{field} is {limits}, with commas, not {text}; there is no {unknown}",
                field=self.name,
                limits=self.limits,
                text=shown(text),
                unknown=shown(unknown[0]),
            )
            raise FieldError(self.name, text, message, list(self.choices))
        return self._ordered(given)

    def nearest(self, text: str) -> str:
        words = list(dict.fromkeys(text.split(",")))[:MOST_WORDS]
        meant = (get_close_matches(word.strip(), self.choices, 1) for word in words)
        return self._ordered([word for found in meant for word in found])

    def _ordered(self, given: list[str]) -> str:
        return ",".join(word for word in self.choices if word in given)

    @property
    def limits(self) -> str:
        return phrase("some of {choices}", choices=CommaSeparated(self.choices))

    @property
    def schema(self) -> dict[str, Any]:
        words = "|".join(self.choices)
        return {"type": "string", "pattern": f"^(({words})(,({words}))*)?$", "default": self.default}


@dataclass(frozen=True)
class Words(Field):
    """Free text, of one line or of ``several``."""

    default: str
    longest: int
    several: bool = False

    def parse(self, text: str) -> str:
        text = text.replace("\r\n", "\n") if self.several else text  # browsers send CRLF
        if len(text) > self.longest or not all(map(self._can_be_read, text)):
            message = self.wrong(phrase("{limits}, all of which can be read", limits=self.limits), text)
            raise FieldError(self.name, text, message, {"longest": self.longest})
        return text

    def nearest(self, text: str) -> str:
        return "".join(c if self._can_be_read(c) else " " for c in text)[: self.longest].strip()

    def _can_be_read(self, character: str) -> bool:
        """Whether a character is visible, or a joiner, which makes one emoji of two."""
        return character.isprintable() or character in "\u200d\u200c" or (self.several and character in "\n\t")

    @property
    def limits(self) -> str:
        if self.several:
            return phrase("text of at most {n:,} characters", n=self.longest)
        return phrase("one line of at most {n:,} characters", n=self.longest)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest, "default": self.default}
