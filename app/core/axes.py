"""Named axes: how they are written, their sizes, and how they combine.

An axis is a sum of multiples of named sizes: ``batch_size``, ``num_units+features``, ``4*num_units``. The order of the
terms matters, because it is the order of the blocks in memory: ``[h, x]`` has ``num_units+features`` columns, those of
h first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from ..translations.phrases import phrase

Sizes = Mapping[str, int]
"""Axis name -> size, for example ``{"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}``."""

TIMES = "×"
"""The sign between the sizes of a shape."""


class AxisError(ValueError):
    """Axes that do not fit each other, have no size, or cannot be parsed."""


@dataclass(frozen=True)
class Axis:
    """A sum of terms, each a (multiple, name): ``4*num_units`` is ``((4, "num_units"),)``."""

    terms: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        return "+".join(name if n == 1 else f"{n}*{name}" for n, name in self.terms)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the terms, in order. Several names are a concatenation."""
        return tuple(name for _, name in self.terms)

    def size(self, sizes: Sizes) -> int:
        """The number of elements along the axis. AxisError if a name has no size."""
        size = 0
        try:
            for n, name in self.terms:  # not ``sum``, which takes twice as long: a request asks for hundreds of sizes
                size += n * sizes[name]
            return size
        except KeyError as unknown:
            raise AxisError(f"{unknown.args[0]} has no size; known: {', '.join(sizes)}") from None

    def parts(self, sizes: Sizes) -> Iterator[tuple[str, int, int]]:
        """The parts of the axis, in order: the name, the first index and the end index (exclusive) of each."""
        end = 0
        for n, name in self.terms:
            for _ in range(n):
                begin, end = end, end + sizes[name]
                yield name, begin, end

    def __add__(self, other: "Axis") -> "Axis":
        return Axis(self.terms + other.terms)

    def times(self, parts: int) -> "Axis":
        """The axis repeated: ``num_units`` 4 times is ``4*num_units``."""
        return Axis(tuple((n * parts, name) for n, name in self.terms))

    def replaced(self, name: str, by: "Axis") -> "Axis":
        """The axis with another one in place of a name: where features are num_units, ``2*features`` is
        ``2*num_units``."""
        parts = (by.times(n).terms if term == name else ((n, term),) for n, term in self.terms)
        return Axis(tuple(term for part in parts for term in part))

    @property
    def collected(self) -> "Axis":
        """The axis with neighbours of one name as one term: ``num_units+num_units`` is ``2*num_units``. Others keep
        their places, as the order of blocks matters."""
        if len(self.terms) < 2:
            return self
        groups = groupby(self.terms, lambda term: term[1])
        return Axis(tuple((sum(n for n, _ in terms), name) for name, terms in groups))

    def without(self, other: "Axis") -> "Axis":
        """What is left of the axis after another one: ``2*K`` without ``K`` is ``K``. AxisError if nothing is."""
        left = {name: 0 for name in self.names}
        for n, name in self.terms:
            left[name] += n
        for n, name in other.terms:
            left[name] = left.get(name, 0) - n
        if min(left.values(), default=0) < 0 or not any(left.values()):
            raise AxisError(f"{self} is not longer than {other}")
        return Axis(tuple((n, name) for name, n in left.items() if n))

    def divided(self, parts: int) -> "Axis":
        """One of ``parts`` equal parts: a quarter of ``4*num_units`` is ``num_units``. AxisError if there is none."""
        if any(n % parts for n, _ in self.terms):
            raise AxisError(f"{self} cannot be split into {parts} equal parts; {self.times(parts)} could")
        return Axis(tuple((n // parts, name) for n, name in self.terms))


Axes = tuple[Axis, ...]


@lru_cache
def axis(text: str) -> Axis:
    """Parse an axis, the inverse of ``str(axis)``. AxisError if the text is not an axis.

    >>> axis("num_units+features").size({"num_units": 5, "features": 2})
    7
    """
    return Axis(tuple(_term(term) for term in text.split("+")))


def _term(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"(?:([1-9]\d*)\*)?([A-Za-z]\w*)", text)
    if not match:
        raise AxisError(f"“{text}” is not an axis; write one like num_units, 4*num_units or num_units+features")
    return int(match[1] or 1), match[2]


def axes(text: str) -> Axes:
    """Parse several axes, separated by commas: ``axes("batch_size, num_units")``."""
    return tuple(axis(part.strip()) for part in text.split(","))


def written(axes: Axes) -> str:
    """Axes as errors and labels show them: ``batch_size × (num_units+features)``."""
    return f" {TIMES} ".join(f"({a})" if len(a.terms) > 1 else str(a) for a in axes)


def shape(axes: Axes, sizes: Sizes) -> tuple[int, ...]:
    """The shape that named axes have at these sizes: ``axes("batch_size, 4*num_units")`` may be (3, 20)."""
    return tuple([a.size(sizes) for a in axes])


def shape_text(shape: Iterable[int]) -> str:
    """A shape as texts write it: ``3 × 20``."""
    return f" {TIMES} ".join(map(str, shape))


def union(a: Axes, b: Axes) -> Axes:
    """The axes of two tensors that are aligned by name, the batch first.

    Each keeps its order: ``batch_size, K`` and ``batch_size, V`` give ``batch_size, K, V``. Where the orders
    contradict, that of the first tensor counts.
    """
    if a == b or {*b} <= {*a}:
        return a
    if {*a} <= {*b}:
        return b
    own = {*a}
    common, rest = [axis for axis in b if axis in own], [*b]
    merged: list[Axis] = []
    for axis in a:
        if axis in common and common == [other for other in a if other in common]:
            end = rest.index(axis)
            merged += rest[:end]
            del rest[: end + 1]
        merged.append(axis)
    merged += [axis for axis in rest if axis not in own]
    return tuple(sorted(merged, key=lambda axis: axis != BATCH_SIZE))


LARGEST_SIZE = 1_000_000
"""The largest size of an axis that follows from others."""


@dataclass(frozen=True)
class OwnSize:
    """The size of an axis that a cell declares: a sum of terms, each a (multiple, name), divided by numbers and sizes.

    A term without a name is a number: ``2`` is ``((2, ""),)``. ``num_units / heads`` is ``((1, "num_units"),)`` divided
    by ``("heads",)``. A multiple below 0 is taken away: ``N - 1`` is ``((1, "N"), (-1, ""))``.
    """

    terms: tuple[tuple[int, str], ...]
    divisors: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        total = "".join(f" {'-' if n < 0 else '+'} {self._term(abs(n), name)}" for n, name in self.terms)[3:]
        if len(self.terms) > 1 and self.divisors:
            total = f"({total})"
        return " / ".join([total, *map(str, self.divisors)])

    @staticmethod
    def _term(n: int, name: str) -> str:
        return str(n) if not name else name if n == 1 else f"{n} * {name}"

    @property
    def has_difference(self) -> bool:
        return any(n < 0 for n, _ in self.terms)

    @property
    def as_axis(self) -> Axis | None:
        """The sum as an axis; None if it is divided or a difference, or has a number."""
        is_sum = all(name and n > 0 for n, name in self.terms)
        return Axis(self.terms) if is_sum and not self.divisors else None

    @property
    def names(self) -> tuple[str, ...]:
        """The sizes that it follows from."""
        return (*(name for _, name in self.terms if name), *(d for d in self.divisors if isinstance(d, str)))

    def size(self, sizes: Sizes) -> int:
        """AxisError if it is no whole number or too large, or a name has no size."""
        size = sum(n * (Axis(((1, name),)).size(sizes) if name else 1) for n, name in self.terms)
        for divisor in self.divisors:
            by = Axis(((1, divisor),)).size(sizes) if isinstance(divisor, str) else divisor
            if size % by:
                known = ", ".join(f"{name} = {sizes[name]}" for name in dict.fromkeys(self.names))
                raise AxisError(phrase("{size} is no whole number where {known}", size=str(self), known=known))
            size //= by
        if self.has_difference and size < 1:
            raise AxisError(phrase("{axis} is {size}; an axis has a size from 1", axis=str(self), size=size))
        if size > LARGEST_SIZE:
            problem = phrase("{axis} is {size:,}; an axis has at most {most:,}", axis=str(self), size=size,
                             most=LARGEST_SIZE)  # fmt: skip
            raise AxisError(problem)
        return size


SIZES = ("batch_size", "time_step", "features", "num_units", "num_proj")
"""The named sizes; each is also an axis."""

FRAMEWORK_SIZES = ("directions", "num_layers", "biases")
"""The axes that only arrays of frameworks have. All other axes belong to the cell that declares them."""

BATCH_SIZE, TIME_STEP, FEATURES, NUM_UNITS, NUM_PROJ = map(axis, SIZES)
