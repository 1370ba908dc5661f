"""The record of an operation, and what several records share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

from numpy.typing import NDArray

from ...translations.phrases import CommaSeparated
from ..axes import Axes

Array = NDArray[Any]
Shape = tuple[int, ...]

Kind = Literal["given", "step", "whole", "view", "product", "pointwise", "function"]
"""What an operation does with its inputs:

- ``given``: nothing; the tensor comes from outside the cell.
- ``step``: a tensor of the whole run, or of the step before, enters a step.
- ``whole``: what all steps, or the last one, leave behind.
- ``view``: it moves numbers and computes none.
- ``product``: its first input times a weight. Its gradient may get the rows of all steps as one array.
- ``pointwise``: it combines tensors number by number.
- ``function``: it makes one tensor of another one.
"""

Gradient = Callable[[int, Array, Sequence[Array], Array], Array]
"""The gradient of input n, in that input's shape, from n, the gradient of the result, the inputs and the result."""

Flops = Callable[[tuple[Shape, ...], Shape], int]
"""Multiplications, additions and function values, from the shapes of the inputs and of the result."""


@dataclass(frozen=True)
class Op:
    """One operation, with everything that any part of Unrolled needs to know about it.

    ``axes`` maps the named axes of the inputs to those of the result, and raises AxisError where they do not fit.
    ``compute`` makes a new array of arrays; it is None where nothing is computed. It never sees named axes, and
    ``axes`` never sees arrays: a run confirms that the two agree.

    The contract of ``compute``: the last axis of an array holds the units, the one before it the batch, and there may
    be axes in front, so it counts axes from the end. ``mixes`` lists the axes along which it combines or moves numbers:
    -1 for the units, -2 for the batch. Where it lists none, each number of the result is computed from the numbers at
    the same place alone. Such a ``compute`` also takes ``out``, the array to fill, and gives the same with batch and
    units exchanged and for several tensors that lie side by side, since the compiled scan calls it so. A program with
    an operation that mixes, other than those that the scan knows by name, is computed step by step as it stands.

    ``gradient`` is None where there is none, or where the backward pass moves numbers itself.

    ``formula`` and ``source`` write the operation, for people and in NumPy. They name the inputs {a}, {b} and {c}, or
    {all} of them at once; a formula may also have {bare}, the first symbol without its step, {part} and {parts}.
    ``defines`` is a function that ``source`` calls and NumPy lacks. ``sign`` names the operation in the picture.
    ``brackets`` says that sums among the inputs need brackets in the formula: (1 − zₜ) ∗ gₜ.
    """

    kind: Kind
    axes: Callable[..., Axes]
    formula: str
    flops: Flops
    compute: Callable[..., Array] | None = None
    gradient: Gradient | None = None
    mixes: tuple[int, ...] = ()
    source: str = ""
    defines: str = ""
    sign: str = ""
    brackets: bool = False

    @property
    def is_pointwise(self) -> bool:
        """Whether each number of the result is computed from the numbers at the same place alone."""
        return self.kind in ("pointwise", "function") and not self.mixes

    @property
    def is_mark(self) -> bool:
        """Whether its sign is drawn as a mark in a circle, not written."""
        return self.sign in ("×", "+")


def places(inputs: Iterable[str]) -> dict[str, str | CommaSeparated]:
    """What a formula or a source has in the places of its inputs: {a}, {b}, {c}, and {all} of them."""
    every = CommaSeparated(inputs)
    return {"all": every, **dict(zip("abc", every, strict=False))}  # what may have more inputs than letters has {all}


def unchanged(a: Axes) -> Axes:
    """The rule of an operation whose result has the axes of its input."""
    return a


def flops_each(count: int) -> Flops:
    """The rule of an operation that costs ``count`` for each number of its result."""
    return lambda _, out: count * prod(out)


def summed_rows(g: Array) -> Array:
    """The gradient of a vector that is the same in every row."""
    total: Array = g.sum(axis=0)
    return total
