"""Numbers of parameters: as a formula, such as 4 × 5 × (5 + 2) + 4 × 5, and the counts that lessons and answers use."""

from collections import Counter
from collections.abc import Iterable
from math import prod

from ..core.axes import Axes, Sizes
from ..core.stack import Stack
from .sentence import Word


def parameters(arrays: Iterable[Axes], sizes: Sizes) -> list[Word]:
    """The number of parameters of weight arrays as a formula: a product of sizes for each array, and their sum. Arrays
    with the same axes are one product, with their number as a factor."""
    return _joined(" + ", [factors(axes, sizes, count) for axes, count in Counter(arrays).items()])


def factors(axes: Axes, sizes: Sizes, times: int = 1) -> list[Word]:
    """The product of the sizes of an array, ``times`` over: first the multiples, then sizes, then sums in
    parentheses."""
    single = [axis.terms[0] for axis in axes if len(axis.terms) == 1]
    multiple = times * prod(n for n, _ in single)
    parts: list[list[Word]] = [[(str(multiple), "")]] if multiple > 1 else []
    parts += [[(str(sizes[name]), name)] for _, name in single]
    parts += [[("(", ""), *_sum(axis.terms, sizes), (")", "")] for axis in axes if len(axis.terms) > 1]
    return _joined(" × ", parts)


def _sum(terms: tuple[tuple[int, str], ...], sizes: Sizes) -> list[Word]:
    return _joined(" + ", [[*([(f"{n} × ", "")] if n > 1 else []), (str(sizes[name]), name)] for n, name in terms])


def _joined(operator: str, parts: list[list[Word]]) -> list[Word]:
    return [word for part in parts for word in ((operator, ""), *part)][1:]


def kernel_columns(stack: Stack) -> int:
    """The number of columns of the kernel."""
    return stack.program().by_id["kernel"].shape(stack.sizes)[1]


def parameters_per_unit(stack: Stack) -> int:
    """The number of parameters that belong to one unit: in each gate, a weight for each of its inputs, and a bias."""
    return stack.parameters() // stack.num_units


def kernel_parameters(stack: Stack) -> int:
    """The number of parameters in the kernel."""
    return stack.program().parameters(stack.sizes)["kernel"]


def bias_parameters(stack: Stack) -> int:
    """The number of parameters in the bias."""
    return stack.program().parameters(stack.sizes)["bias"]


def values_per_sequence(stack: Stack) -> int:
    """The number of values in one sequence of the input."""
    return stack.time_step * stack.features


def states(stack: Stack) -> int:
    """The number of hidden states at a step: one for each layer and direction."""
    return len(stack.places)
