"""A token of an equation in the notation of papers."""

from dataclasses import dataclass

from ...places_and_errors import Place


@dataclass(frozen=True)
class Token:
    """``kind``: a word, a function, a number, a sign, a command that has groups (frac, sqrt), an accent, or the end of
    an equation."""

    kind: str
    text: str
    place: Place

    def touches(self, other: "Token") -> bool:
        """Whether another token begins where this one ends."""
        return (self.place.line, self.place.end) == (other.place.line, other.place.start)
