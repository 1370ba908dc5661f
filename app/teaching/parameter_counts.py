"""Numbers of parameters: as a formula, such as 4 × ((5+2) × 5 + 5), and the counts that lessons and answers use."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from ..core.axes import FRAMEWORK_SIZES, Axes, Axis, Sizes
from ..core.stack import Stack
from .around_picture.sentences import Word

Write = Callable[[str], str]
"""Writes a size by its name: as a number, or as the name."""


def parameters(arrays: Iterable[Axes], gates: int, sizes: Sizes, write: Write | None = None) -> list[Word]:
    """The number of parameters of the weight arrays of a cell as a formula: ``4 × ((5+2) × 5 + 5)``, where 4 is the
    number of ``gates``, if any. What not all gates have is added after it: ``4 × ((5+2) × 5 + 5) + 3 × 5``."""
    counts = Counter[Axes]()
    for axes in arrays:
        multiple, product = _divided(axes, sizes)
        counts[product] += multiple
    return _formula(counts, max(1, gates), write or (lambda name: str(sizes[name])))


def _divided(axes: Axes, sizes: Sizes) -> tuple[int, Axes]:
    """Axes as a multiple of named sizes: (num_units+features) × 4*num_units is 4 times (num_units+features) ×
    num_units. An axis that only a framework has is a multiple."""
    multiple, product = 1, list[Axis]()
    for axis in axes:
        if axis.names[0] in FRAMEWORK_SIZES:
            multiple *= axis.size(sizes)
        elif len(axis.terms) == 1:
            times = axis.terms[0][0]
            multiple *= times
            product.append(axis.divided(times))
        else:
            product.append(axis)
    return multiple, tuple(product)


def _formula(counts: Mapping[Axes, int], gates: int, write: Write) -> list[Word]:
    """Products, each so often: those of all gates in parentheses, then the rest."""
    of_gates = [_times(n // gates, product, write) for product, n in counts.items() if n >= gates]
    others = [_times(n % gates, product, write) for product, n in counts.items() if n % gates]
    if gates > 1 and of_gates:
        return joined(" + ", [[(f"{gates} × (", ""), *joined(" + ", of_gates), (")", "")], *others])
    return joined(" + ", of_gates + others)


def _times(n: int, product: Axes, write: Write) -> list[Word]:
    factors = [[(str(n), "")]] if n > 1 else []
    return joined(" × ", factors + [_factor(axis, write) for axis in product])


def _factor(axis: Axis, write: Write) -> list[Word]:
    terms = joined("+", [[*([(f"{n}·", "")] if n > 1 else []), (write(name), name)] for n, name in axis.terms])
    return [("(", ""), *terms, (")", "")] if len(axis.terms) > 1 else terms


def joined(sign: str, parts: Iterable[list[Word]]) -> list[Word]:
    """Parts of a formula with a sign between them."""
    return [word for part in parts for word in ((sign, ""), *part)][1:]


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
