"""The record of an operation, and helpers that several records share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import copysign, prod
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...translations.phrases import CommaSeparated
from ..axes import Axes, AxisError, union, written

Array = NDArray[Any]
Shape = tuple[int, ...]
T = TypeVar("T")
S = TypeVar("S")

Kind = Literal[
    "input",
    "constant",
    "step",
    "result",
    "manipulation",
    "product",
    "contraction",
    "pointwise",
    "function",
    "reduction",
]
"""What an operation does with its inputs:

- ``input``: nothing; the tensor comes from outside the cell.
- ``constant``: it has none; its value follows from the sizes or the step alone.
- ``step``: a tensor of the whole run, or of the previous step, enters a step.
- ``result``: a tensor of all steps, or of the last one, is a result of the run.
- ``manipulation``: it moves numbers and computes none.
- ``product``: its first input times a weight. Its gradient may get the rows of all steps as one array.
- ``contraction``: a product of two tensors, neither of which is a weight.
- ``pointwise``: it combines tensors number by number. A tensor is repeated along the axes that it lacks.
- ``function``: it computes one tensor from another one.
- ``reduction``: it makes one number of all those along some axes.
"""

Gradient = Callable[[int, Array, Sequence[Array], Array], Array]
"""The gradient of input n, in that input's shape, from n, the gradient of the result, the inputs and the result."""

Flops = Callable[[tuple[Shape, ...], Shape], int]
"""Multiplications, additions and function values, from the shapes of the inputs and of the result."""


@dataclass(frozen=True)
class Op:
    """One operation, with everything that any part of Unrolled needs to know about it.

    ``axes`` maps the named axes of the inputs to those of the result, and raises AxisError where they do not fit; it is
    None where equations cannot apply the operation. ``compute`` returns a new array; it is None where nothing is
    computed. It never sees named axes, and ``axes`` never sees arrays: a run confirms that the two agree.

    A function or a reduction that mixes the last axis works along the axes that the equation names:
    app/core/axis_alignment.py moves these to the end of the array and makes one of them. It also moves and adds axes
    where the inputs of another operation have different ones, so that a record need not know about axes in another
    order.

    The contract of ``compute``: the last axis of an array holds the units, the one before it the batch, and there may
    be axes in front, so it counts axes from the end. ``mixes`` lists the axes along which it combines or moves numbers:
    -1 for the units, -2 for the batch. Where it lists none, each number of the result is computed only from the numbers
    at the same index. Such a ``compute`` also takes ``out``, the array to fill, and gives the same numbers with batch
    and units exchanged and for several adjacent tensors, since the compiled scan calls it so. A program with an
    operation that mixes, other than those that the scan knows by name, is computed step by step by the evaluator.

    ``gradient`` is None where there is none, or where the backward pass itself moves the numbers.

    ``formula`` and ``source`` write the operation, for people and in NumPy. They name the inputs {a}, {b} and {c}, or
    {all} of them at once; a formula may also have {bare}, the first symbol without its step, {part} and {parts},
    {over}, the axes that the equation names, and {start}, the value of a state before the first step.
    ``defines`` is a function that ``source`` calls and NumPy lacks. ``sign`` names the operation in the picture.
    ``brackets`` is whether sums among the inputs need brackets in the formula: (1 − zₜ) ∗ gₜ. ``tight`` is whether
    products need them, too: a / (b ∗ c). ``calls`` is how often one operation of NumPy fits into the time that it takes
    on small tensors, for the budget.
    """

    kind: Kind
    axes: Callable[..., Axes] | None
    formula: str
    flops: Flops
    compute: Callable[..., Array] | None = None
    gradient: Gradient | None = None
    mixes: tuple[int, ...] = ()
    source: str = ""
    defines: str = ""
    sign: str = ""
    brackets: bool = False
    tight: bool = False
    calls: int = 1

    @property
    def is_pointwise(self) -> bool:
        """Whether each number of the result is computed only from the numbers at the same index."""
        return self.kind in ("pointwise", "function") and not self.mixes

    @property
    def is_mark(self) -> bool:
        """Whether its sign is drawn as a mark in a circle, not written."""
        return self.sign in ("×", "+")


def quiet() -> np.errstate:
    """Computes without warnings: a run may reach infinity and NaN, which are results like others."""
    return np.errstate(over="ignore", divide="ignore", invalid="ignore")


def with_numbers(compute: Callable[..., Array], numbers: tuple[tuple[int, float], ...]) -> Callable[..., Array]:
    """A function of the operands that are tensors; each number is at its position among all. It is the same function
    for the same numbers, which the compiled scan relies on."""
    if not numbers:
        return compute
    return _with_numbers(compute, numbers, tuple(copysign(1, number) for _, number in numbers))


@lru_cache
def _with_numbers(
    compute: Callable[..., Array], numbers: tuple[tuple[int, float], ...], signs: tuple[float, ...]
) -> Callable[..., Array]:
    """The signs tell 0 from -0, which are equal and give different numbers: 1 / 0 and 1 / -0."""

    def computed(*operands: Array) -> Array:
        return compute(*inserted(operands, numbers))

    return computed


def inserted(tensors: Iterable[T], numbers: Iterable[tuple[int, S]]) -> list[T | S]:
    """All operands, from those that are tensors and the numbers, each at its position."""
    operands: list[T | S] = [*tensors]
    for n, number in numbers:
        operands.insert(n, number)
    return operands


def placeholders(inputs: Iterable[str]) -> dict[str, str | CommaSeparated]:
    """The values of the placeholders of a formula or a source: {a}, {b}, {c}, and {all} of the inputs."""
    names = CommaSeparated(inputs)
    letters = zip("abc", names, strict=False)  # an operation with more inputs uses {all}
    return {"all": names, **dict(letters)}


def unchanged(a: Axes) -> Axes:
    """The rule of an operation whose result has the axes of its input."""
    return a


def aligned(name: str) -> Callable[..., Axes]:
    """The rule for tensors that are repeated along the axes they lack."""

    def rule(*inputs: Axes) -> Axes:
        axes: Axes = ()
        for other in inputs:
            axes = union(axes, other)
        if not set(inputs) <= {axes}:
            for other in inputs:
                if len({*other}) < len(other):
                    raise AxisError(f"{name}: {written(other)} has an axis twice; give one of them another name")
        return axes

    return rule


def flops_each(count: int) -> Flops:
    """The rule of an operation that costs ``count`` for each number of its result."""
    return lambda _, out: count * prod(out)


def flops_of_input(count: int) -> Flops:
    """The rule of an operation that costs ``count`` for each number of its input."""
    return lambda inputs, _: count * prod(inputs[0])


def summed_rows(g: Array) -> Array:
    """The gradient of a vector that is broadcast to every row."""
    total: Array = g.sum(axis=0)
    return total
