"""How many numbers there are to learn, as an area is computed: 4 × 5 × (5 + 2) + 4 × 5."""

from collections import Counter
from collections.abc import Iterable
from math import prod

from app.core.axes import Axes, Sizes
from app.lessons.sentence import Word


def parameters(arrays: Iterable[Axes], sizes: Sizes) -> list[Word]:
    """The sizes of every array of weights multiplied, and all of them added up; those that are alike are counted."""
    return _joined(" + ", [factors(axes, sizes, alike) for axes, alike in Counter(arrays).items()])


def factors(axes: Axes, sizes: Sizes, times: int = 1) -> list[Word]:
    """Plain multiples first, then sizes, then sums in parentheses."""
    single = [axis.terms[0] for axis in axes if len(axis.terms) == 1]
    multiple = times * prod(n for n, _ in single)
    parts: list[list[Word]] = [[(str(multiple), "")]] if multiple > 1 else []
    parts += [[(str(sizes[name]), name)] for _, name in single]
    parts += [[("(", ""), *_sum(axis.terms, sizes), (")", "")] for axis in axes if len(axis.terms) > 1]
    return _joined(" × ", parts)


def _sum(terms: tuple[tuple[int, str], ...], sizes: Sizes) -> list[Word]:
    return _joined(" + ", [[*([(f"{n} × ", "")] if n > 1 else []), (str(sizes[name]), name)] for n, name in terms])


def _joined(sign: str, parts: list[list[Word]]) -> list[Word]:
    return [word for part in parts for word in ((sign, ""), *part)][1:]
