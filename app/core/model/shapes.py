"""The shapes between the layers of a chain, as far as they are known."""

from dataclasses import dataclass, replace
from itertools import takewhile
from math import prod

from .layer import TIME, AxisSize

REST = "..."
"""The name in place of any number of axes."""


@dataclass(frozen=True)
class Size:
    """The size of an axis: ``times`` parts of a ``value`` each, which is None if it is not known. ``name`` is that of
    the size: ``batch_size``, ``time_step``, ``features``, ``num_units``, ``num_proj``, or "" for any other.
    ``is_transposed``: whether these steps and the batch are in another order than in the layers of the framework."""

    name: str
    value: int | None
    times: int = 1
    is_transposed: bool = False

    @property
    def number(self) -> int | None:
        """The number of elements along the axis."""
        return None if self.value is None else self.value * self.times


Shape = tuple[Size, ...]
"""The batch comes first."""


def numbers(shape: Shape) -> list[int | str | None]:
    """A shape as numbers, with None for what is not known, and "..." for any number of axes."""
    return [REST if size.name == REST else size.number for size in shape]


def order_of(shape: Shape, time_major: bool) -> tuple[int, ...]:
    """The places of the axes of a shape in the order of its framework; ``time_major``: its layers have the time before
    the batch."""
    is_time_first = len(shape) > 1 and shape[1].name == "time_step" and shape[1].is_transposed != time_major
    places = range(len(shape))
    return (1, 0, *places[2:]) if is_time_first else tuple(places)


def in_order(shape: Shape, time_major: bool) -> Shape:
    """A shape as its framework has it."""
    return tuple(shape[n] for n in order_of(shape, time_major))


def axis_count(shape: Shape) -> int | None:
    """The number of axes, if it is known."""
    return None if any(size.name == REST for size in shape) else len(shape)


def may_be_equal(one: Shape, other: Shape) -> bool:
    """Whether two shapes are equal as far as both are known."""
    counts = axis_count(one), axis_count(other)
    if None not in counts:
        return counts[0] == counts[1] and all(map(_may_be_equal, one, other))
    ends = ([_until_rest(shape), _until_rest(shape[::-1])] for shape in (one, other))
    return all(all(map(_may_be_equal, *sizes)) for sizes in zip(*ends, strict=True))


def _until_rest(shape: Shape) -> Shape:
    return tuple(takewhile(lambda size: size.name != REST, shape))


def _may_be_equal(one: Size, other: Size) -> bool:
    return one.number is None or other.number is None or one.number == other.number


def has_time(shape: Shape) -> bool:
    """Whether a shape has an axis of time, as far as it is known."""
    return any(size.name in ("time_step", REST) for size in shape)


def with_last(shape: Shape, last: Size) -> Shape:
    """A shape with another last axis."""
    return (*shape, last) if shape[-1].name == REST else (*shape[:-1], last)


def flattened(shape: Shape, time_major: bool = False) -> Shape:
    """All axes after the first one of the framework as one: with the time first, that of time stays."""
    is_time_first = time_major and len(shape) > 2 and shape[1].name == "time_step"
    first, others = (shape[1], (shape[0], *shape[2:])) if is_time_first else (shape[0], shape[1:])
    sizes = [size.number for size in others]
    return first, Size("", None if None in sizes else prod(size for size in sizes if size is not None))


def shape_of(
    axes: tuple[AxisSize, ...] | None, batch: Size, time: Size, last: str = "", *, channels_first: bool = False
) -> Shape:
    """A shape from its axes after the batch. The first of several is time; ``last`` names the last one. With
    ``channels_first`` the last of two is time, and more are of a picture."""
    if axes is None:
        return batch, Size(REST, None)
    named = [time if axis == "t" else Size("", axis) for axis in axes]
    if channels_first:
        return batch, *named[:1], *(replace(size, name="time_step" if len(axes) == 2 else "") for size in named[1:])
    if len(axes) > 1:
        named[0] = replace(named[0], name="time_step")
    if axes and axes[-1] != TIME:
        named[-1] = replace(named[-1], name=last)
    return batch, *named
