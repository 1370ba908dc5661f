"""Reverse-mode automatic differentiation over NumPy in float64: as much as recurrent cells need.

A ``Var`` is an array and the operands that it was computed from, each with a *pull*: the function that turns the
gradient of the result into the operand's share of it. Nothing here comes from ``app``.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Pull = Callable[[Array], Array]


class Var:
    """An array in a computation. ``sources`` are its operands, each with its pull; ``is_block``: whether it was only
    cut from its operand."""

    def __init__(self, value: ArrayLike, *sources: tuple["Var", Pull], is_block: bool = False) -> None:
        self.value: Array = np.asarray(value, np.float64)
        self.sources = sources
        self.is_block = is_block

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __add__(self, other: "Var") -> "Var":
        return Var(
            self.value + other.value,
            (self, lambda g: unbroadcast(g, self.shape)),
            (other, lambda g: unbroadcast(g, other.shape)),
        )

    def __mul__(self, other: "Var") -> "Var":
        return Var(
            self.value * other.value,
            (self, lambda g: unbroadcast(g * other.value, self.shape)),
            (other, lambda g: unbroadcast(g * self.value, other.shape)),
        )

    def __matmul__(self, other: "Var") -> "Var":
        return Var(self.value @ other.value, (self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g))

    def __rsub__(self, number: float) -> "Var":
        return Var(number - self.value, (self, lambda g: -g))

    def __getitem__(self, index: slice | tuple[slice | int, ...]) -> "Var":
        def pull(g: Array) -> Array:
            whole = np.zeros(self.shape)
            whole[index] = g
            return whole

        return Var(self.value[index], (self, pull), is_block=True)


def unbroadcast(g: Array, shape: tuple[int, ...]) -> Array:
    """A gradient summed over the axes along which its operand was repeated: those in front, and those of size 1."""
    repeated = [n for n, size in enumerate((1,) * (g.ndim - len(shape)) + shape) if size == 1 and g.shape[n] > 1]
    summed: Array = g.sum(axis=tuple(repeated)).reshape(shape)
    return summed


def sigmoid(a: Var) -> Var:
    y = 1 / (1 + np.exp(-a.value))
    return Var(y, (a, lambda g: g * y * (1 - y)))


def tanh(a: Var) -> Var:
    y = np.tanh(a.value)
    return Var(y, (a, lambda g: g * (1 - y**2)))


def same(a: Var) -> Var:
    """A use of an array that has a gradient of its own: the total of ``a`` is the sum over its uses."""
    return Var(a.value, (a, lambda g: g))


def join(*parts: Var) -> Var:
    """Concatenate along the last axis."""
    ends = np.cumsum([part.shape[-1] for part in parts])

    def pull(begin: int, end: int) -> Pull:
        return lambda g: g[..., begin:end]

    pulls = [pull(end - part.shape[-1], end) for part, end in zip(parts, ends.tolist(), strict=True)]
    return Var(np.concatenate([part.value for part in parts], axis=-1), *zip(parts, pulls, strict=True))


def total(parts: Iterable[Var]) -> Var:
    """The sum of every number of every part."""
    whole = Var(0.0)
    for part in parts:
        whole = whole + Var(part.value.sum(), (part, partial(np.full, part.shape)))
    return whole


class Gradients:
    """The gradients of a number with respect to everything that it was computed from; zeros for anything else."""

    def __init__(self, of: Var) -> None:
        self._found: dict[Var, Array] = {of: np.ones(of.shape)}
        for var in reversed(_in_order(of)):
            for source, pull in var.sources:
                share = pull(self._found[var])
                self._found[source] = self._found[source] + share if source in self._found else share

    def of(self, var: Var) -> Array:
        return self._found.get(var, np.zeros(var.shape))


def _in_order(last: Var) -> Sequence[Var]:
    """Every array that ``last`` depends on, operands before results. Without recursion: runs may be long."""
    order: list[Var] = []
    seen: set[Var] = set()
    waiting = [(last, False)]
    while waiting:
        var, is_done = waiting.pop()
        if is_done:
            order.append(var)
        elif var not in seen:
            seen.add(var)
            waiting.append((var, True))
            waiting.extend((source, False) for source, _ in var.sources)
    return order
