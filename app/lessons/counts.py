"""How many numbers there are: parameters as a formula, such as 4 × 5 × (5 + 2) + 4 × 5, and the counts that several
lessons and answers name."""

from collections import Counter
from collections.abc import Iterable
from math import prod

from ..core.axes import Axes, Sizes
from ..core.stack import Stack
from .sentence import Word


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


def kernel_columns(stack: Stack) -> int:
    return stack.program().by_id["kernel"].shape(stack.sizes)[1]


def of_one_unit(stack: Stack) -> int:
    """How many numbers to learn one unit has for itself: in each gate a weight for all that it reads, and a bias."""
    return stack.parameters() // stack.num_units


def in_kernel(stack: Stack) -> int:
    return stack.program().parameters(stack.sizes)["kernel"]


def in_bias(stack: Stack) -> int:
    return stack.program().parameters(stack.sizes)["bias"]


def numbers_of_a_sequence(stack: Stack) -> int:
    return stack.time_step * stack.features
