"""The types of text fields: several words of a list, and free text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from ..core.model.chain import Chain
from ..core.model.text import ChainError, chain_text, parse_chain
from ..equations.canonical import canonical
from ..equations.cell_from_equations import OWN, cell_of
from ..equations.equations_parser import parse as parse_equations
from ..equations.gallery import GALLERY, SHIPPED
from ..equations.places_and_errors import EquationsError
from ..translations.phrases import CommaSeparated, phrase
from .field_types import Field, FieldError, Value, quoted

MAX_COMPARED_WORDS = 50
"""Words of a query that are compared with the choices. Each takes about 30 microseconds."""


@dataclass(frozen=True)
class MultipleChoice(Field):
    """Any number of the choices, separated by commas, in the order of the choices."""

    default: str
    choices: tuple[str, ...]

    def parse(self, text: str) -> str:
        words = text.split(",") if text else []
        if unknown := [word for word in words if word not in self.choices]:
            message = phrase(
                "{field} must be {limits}, separated by commas, not {text}; {unknown} is not one of them",
                field=self.name,
                limits=self.limits,
                text=quoted(text),
                unknown=quoted(unknown[0]),
            )
            raise FieldError(self.name, text, message, list(self.choices))
        return self._ordered(words)

    def nearest(self, text: str) -> str:
        words = list(dict.fromkeys(text.split(",")))[:MAX_COMPARED_WORDS]
        matches = (get_close_matches(word.strip(), self.choices, 1) for word in words)
        return self._ordered([word for match in matches for word in match])

    def _ordered(self, words: list[str]) -> str:
        return ",".join(word for word in self.choices if word in words)

    @property
    def limits(self) -> str:
        return phrase("some of {choices}", choices=CommaSeparated(self.choices))

    @property
    def schema(self) -> dict[str, Any]:
        words = "|".join(self.choices)
        return {"type": "string", "pattern": f"^(({words})(,({words}))*)?$", "default": self.default}


@dataclass(frozen=True)
class FreeText(Field):
    """Free text of at most ``max_length`` characters, in one line unless it is ``multiline``."""

    default: str
    max_length: int
    multiline: bool = False

    def parse(self, text: str) -> str:
        text = text.replace("\r\n", "\n") if self.multiline else text  # browsers send CRLF
        if len(text) > self.max_length or not all(map(self._is_readable, text)):
            message = self.message(phrase("{limits}, printable characters only", limits=self.limits), text)
            raise FieldError(self.name, text, message, {"longest": self.max_length})
        return text

    def nearest(self, text: str) -> str:
        return "".join(c if self._is_readable(c) else " " for c in text)[: self.max_length].strip()

    def _is_readable(self, character: str) -> bool:
        """Whether a character is printable, or a joiner, which combines two emoji into one."""
        return character.isprintable() or character in "\u200d\u200c" or (self.multiline and character in "\n\t")

    @property
    def limits(self) -> str:
        if self.multiline:
            return phrase("text of at most {n:,} characters", n=self.max_length)
        return phrase("one line of at most {n:,} characters", n=self.max_length)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length, "default": self.default}


@dataclass(frozen=True)
class ModelText(FreeText):
    """The text of a chain of layers, or nothing."""

    def parse(self, text: str) -> str:
        text = super().parse(text)
        try:
            return chain_text(chain_of(text)) if text else ""
        except ChainError as error:
            message = phrase(
                "{message}: {problem}", message=self.message(phrase("layers"), text), problem=error.args[0]
            )
            raise FieldError(self.name, text, message, MODEL_EXAMPLE) from None

    def nearest(self, text: str) -> str:
        try:
            return self.parse(text)
        except FieldError:
            return ""

    @property
    def limits(self) -> str:
        return phrase("layers with points between them, at most {n:,} characters", n=self.max_length)


MODEL_EXAMPLE = "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)"


@lru_cache(64)
def chain_of(text: str) -> Chain:
    """The chain of a text. Raises ChainError."""
    return parse_chain(text)


EXAMPLE = GALLERY["mingru"]
"""The equations of a cell of one's own until others are typed."""

MAX_ADDRESS_LENGTH = 6 * 1024
"""Characters of equations as an address has them."""


@lru_cache(64)
def canonical_equations(text: str) -> tuple[str, int]:
    """The equations of a cell as the app writes them, and their characters in an address. Cached, because the page, its
    pictures and its templates are requested with the same equations. Raises EquationsError."""
    equations = canonical(parse_equations(text))
    cell_of(equations)
    return equations, len(as_in_address(equations))


@dataclass(frozen=True)
class EquationsText(FreeText):
    """The equations of a cell, or nothing for a cell that ships."""

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if not text.strip():
            return ""
        try:
            equations, length = canonical_equations(text)
        except EquationsError as error:
            message = phrase("{field} must be equations of a cell: {problem}", field=self.name, problem=error.args[0])
            raise FieldError(self.name, text, message, {**asdict(error.place), "fixes": list(error.fixes)}) from None
        if length > MAX_ADDRESS_LENGTH:
            message = phrase(
                "{field} must be at most {most:,} characters as an address has them, not {n:,}",
                field=self.name,
                n=length,
                most=MAX_ADDRESS_LENGTH,
            )
            raise FieldError(self.name, text, message, {"longest": MAX_ADDRESS_LENGTH})
        return equations

    def nearest(self, text: str) -> str:
        try:
            return self.parse(text)
        except FieldError:
            return ""

    def default_for(self, values: Mapping[str, Any]) -> Value:
        return EXAMPLE if values["cell"] == OWN else ""

    @property
    def default_text(self) -> str:
        return phrase("none; those of minGRU with cell={own}", own=OWN)

    @property
    def limits(self) -> str:
        return phrase("lines of equations, at most {n:,} characters", n=self.max_length)


@dataclass(frozen=True)
class ComparedText(ModelText):
    """What to compare with: the text of a chain of layers, the id of a cell of the gallery, or equations."""

    def parse(self, text: str) -> str:
        if text in CELL_TEXTS:
            return text
        equations = EquationsText("", self.help, self.max_length, multiline=True, name=self.name)
        return equations.parse(text) if is_of_cell(text) else super().parse(text)

    @property
    def limits(self) -> str:
        return phrase("layers, equations or a cell of the gallery, at most {n:,} characters", n=self.max_length)


def is_of_cell(text: str) -> bool:
    """Whether a text to compare with is about a cell: a chain of layers has one line."""
    return text in CELL_TEXTS or "\n" in text


CELL_TEXTS = {**SHIPPED, **GALLERY}
"""The equations of the gallery by id."""


def as_in_address(text: str) -> str:
    """A text percent-encoded as browsers do, which leave these characters unchanged."""
    return quote(text, safe="!()*")
