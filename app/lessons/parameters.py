"""How many numbers there are to learn, as an area is computed: 4 × 5 × (5 + 2) + 4 × 5."""

from math import prod

from app.core.axes import Axes, Sizes
from app.core.program import Program
from app.lessons.sentence import Word


def parameters(program: Program, sizes: Sizes) -> list[Word]:
    """The sizes of every weight multiplied, and all of them added up."""
    words: list[Word] = []
    for weight in program.weights:
        words += [(" + ", "")] if words else []
        words += factors(weight.axes, sizes)
    return words


def factors(axes: Axes, sizes: Sizes) -> list[Word]:
    """Plain multiples first, then sizes, then sums in parentheses."""
    single = [axis.terms[0] for axis in axes if len(axis.terms) == 1]
    multiple = prod(n for n, _ in single)
    parts: list[list[Word]] = [[(str(multiple), "")]] if multiple > 1 else []
    parts += [[(str(sizes[name]), name)] for _, name in single]
    parts += [[("(", ""), *_sum(axis.terms, sizes), (")", "")] for axis in axes if len(axis.terms) > 1]
    return _joined(" × ", parts)


def _sum(terms: tuple[tuple[int, str], ...], sizes: Sizes) -> list[Word]:
    return _joined(" + ", [[*([(f"{n} × ", "")] if n > 1 else []), (str(sizes[name]), name)] for n, name in terms])


def _joined(sign: str, parts: list[list[Word]]) -> list[Word]:
    return [word for part in parts for word in ((sign, ""), *part)][1:]
