"""What is wrong with typed equations: where, and what would be right."""

from dataclasses import dataclass

from ..translations.phrases import phrase


@dataclass(frozen=True)
class Place:
    """Some characters of a line: the line counts from 1, the characters from 0, ``end`` is exclusive."""

    line: int
    start: int
    end: int

    def to(self, other: "Place") -> "Place":
        """From the beginning of this place to the end of another one in the same line."""
        return Place(self.line, self.start, other.end if other.line == self.line else self.end)


def with_line(text: str, line: str) -> str:
    """A text with one more line at its end."""
    return f"{text.rstrip()}\n{line}"


class EquationsError(ValueError):
    """Equations that cannot be read or are no cell.

    ``problem`` is the message without its line, ``fixes`` are texts that could stand at ``place`` instead, and
    ``lines_to_add`` lines that could stand at the end of the equations.
    """

    def __init__(
        self, problem: str, place: Place, fixes: tuple[str, ...] = (), lines_to_add: tuple[str, ...] = ()
    ) -> None:
        super().__init__(phrase("line {line}: {problem}", line=place.line, problem=problem))
        self.problem, self.place, self.fixes, self.lines_to_add = problem, place, fixes, lines_to_add
