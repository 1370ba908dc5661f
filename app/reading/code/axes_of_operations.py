"""The axes of what operations on tensors return, in any framework."""

from collections.abc import Sequence
from itertools import dropwhile, zip_longest
from math import prod

from .interpreter_limits import DEEPEST_LIST
from .values import (
    ANY,
    INTEGER,
    NONE,
    Argument,
    Axes,
    Axis,
    Constant,
    List,
    Packed,
    Tensor,
    Tuple,
    Unknown,
    Value,
    axis,
    changed,
    plus,
    times,
)

PAIRED = {"max", "min", "median"}
"""Reductions that return values and indices if an axis is given."""


def tensor_of(value: Value) -> Tensor:
    """A value as a tensor: one of unknown axes unless it is known."""
    return value if isinstance(value, Tensor) else Tensor()


def axes_of_first(output: Value) -> Axes:
    """The axes of what a layer returns, or of the first of several tensors."""
    return tensor_of(output.items[0] if isinstance(output, Tuple) else output).axes


def broadcast(one: Axes, another: Axes) -> Axes:
    """The axes of an operation between the elements of two tensors."""
    if one == another:
        return one
    if ANY in (one[:1] + another[:1]):
        count = max(len(one), len(another))
        found = broadcast(_filled(one, count), _filled(another, count))
        return (ANY, *dropwhile(lambda size: size is None, found))
    pairs = list(zip_longest(reversed(one), reversed(another), fillvalue=1))
    return tuple(_of_two(a, b) for a, b in reversed(pairs))


def _filled(axes: Axes, count: int) -> Axes:
    """So many axes, as far as they are known, of at most so many."""
    return axes if ANY not in axes else (*(None,) * (count - len(axes) + 1), *axes[1:])


def _of_two(one: Axis, another: Axis) -> Axis:
    """The size of two axes of which one may be repeated to be as long as the other."""
    if another in (1, one):
        return one
    if one == 1:
        return another
    known = [size for size in (one, another) if size is not None]
    return known[0] if len(known) == 1 and isinstance(known[0], int) else None


def place(number: Value, axes: Axes, extra: int = 0) -> int | None:
    """An axis by its number, which may count from the end; None if it cannot be known. If the number of axes is not
    known, only those behind the unknown ones are, counted from the end."""
    if not isinstance(number, Constant) or type(number.value) is not int:
        return None
    n, count = number.value, len(axes) + extra
    if ANY in axes and n >= 0:
        return None
    n += count if n < 0 else 0
    return n if 0 <= n < count and ANY not in axes[n:] else None


def sizes_of(arguments: Sequence[Value]) -> list[Value] | None:
    """Sizes given one by one or as a tuple."""
    if len(arguments) == 1 and isinstance(arguments[0], (Tuple, List)):
        items = arguments[0].items
        return None if items is None else list(items)
    return list(arguments)


def of_list(values: Tuple | List) -> Tensor | None:
    """The array of a list of numbers, or of such lists; None for another list, and for one that nests too deeply."""
    return _of_list(values, {}, DEEPEST_LIST)


def _of_list(values: Value, known: dict[int, Tensor | None], depth: int) -> Tensor | None:
    """The same; ``known``: the arrays by the ids of lists, since a list may have another one many times."""
    if not isinstance(values, (Tuple, List)) or not values.items or not depth:
        return None
    if id(values) not in known:
        items = values.items
        if all(isinstance(one, Constant) for one in items):
            known[id(values)] = Tensor((len(items),))
        else:
            rows = [_of_list(one, known, depth - 1) for one in items]
            axes = {row.axes if row else (ANY,) for row in rows}
            known[id(values)] = Tensor((len(items), *axes.pop())) if len(axes) == 1 and None not in rows else None
    return known[id(values)]


def are_sizes(values: list[Value]) -> bool:
    """Whether values are one size each. A single value that is unknown may be a tuple of any number of sizes."""
    kinds = (Constant, Unknown, Argument) if len(values) > 1 else (Constant,)
    return all(isinstance(value, kinds) or value == INTEGER for value in values)


def reshaped(axes: Axes, sizes: list[Value] | None) -> Tensor:
    """``x.view(...)``. One size may be -1: what is left."""
    if not sizes or not are_sizes(sizes):
        return Tensor()
    new = [axis(one) for one in sizes]
    left = [n for n, one in enumerate(sizes) if one == Constant(-1)]
    if len(left) == 1:
        new[left[0]] = _left(axes, [one for n, one in enumerate(new) if n != left[0]])
    return Tensor(tuple(new))


def _left(axes: Axes, others: list[Axis]) -> Axis:
    """The size that -1 stands for. Sizes that are equal on both sides cancel."""
    if ANY in axes:
        return None
    before = list(axes)
    for one in list(others):
        if one is not None and one in before:
            before.remove(one)
            others.remove(one)
    if not others:
        return times(*before)
    numbers = [n for n in before if isinstance(n, int)]
    divisors = [n for n in others if isinstance(n, int)]
    if len(numbers) < len(before) or len(divisors) < len(others) or prod(numbers) % prod(divisors):
        return None
    return prod(numbers) // prod(divisors)


def transposed(axes: Axes, one: Value, another: Value) -> Tensor:
    a, b = place(one, axes), place(another, axes)
    if a is None or b is None:
        return Tensor()
    new = list(axes)
    new[a], new[b] = new[b], new[a]
    return Tensor(tuple(new))


LAST_TWO_TRANSPOSED = [Constant(0), Constant(2), Constant(1)]
"""The order of three axes that transposes the second and the third one."""


def are_last_two(axes: Sequence[Value]) -> bool:
    """Whether two axes are the second and the third one of a tensor with three."""
    places = [one.value for one in axes if isinstance(one, Constant) and type(one.value) is int]
    return len(places) == len(axes) and sorted(n % 3 for n in places) == [1, 2] and all(-3 < n < 3 for n in places)


def are_first_two(axes: Sequence[Value]) -> bool:
    """Whether two axes are the first and the second one."""
    return sorted(one.value for one in axes if isinstance(one, Constant) and type(one.value) is int) == [0, 1]


def transposes_first_two(order: Sequence[Value] | None) -> bool:
    """Whether an order of axes transposes the first two."""
    return order is not None and len(order) > 1 and [*order] == [Constant(n) for n in (1, 0, *range(2, len(order)))]


def with_origin(new: Tensor, of: Tensor, is_last: bool, is_first: bool) -> Tensor:
    """A tensor that notes whether it is another one with the last or the first two axes transposed. Transposed twice,
    they are as before."""
    if is_first:
        return changed(new, transposed_first=of.axes) if of.transposed_first is None else new
    return changed(new, transposed_last=of.axes) if is_last and of.transposed_last is None else new


def permuted(axes: Axes, order: list[Value] | None) -> Tensor:
    places = [place(n, axes) for n in order or []]
    if ANY in axes or sorted(n for n in places if n is not None) != list(range(len(axes))):
        return Tensor((None,) * len(places) if places else (ANY,))
    return Tensor(tuple(axes[n] for n in places if n is not None))


def squeezed(axes: Axes, dim: Value | None) -> Tensor:
    """Without an axis of size 1. Where a size is unknown, so is the number of axes."""
    if dim is None:
        is_known = ANY not in axes and all(isinstance(n, int) for n in axes)
        return Tensor(tuple(n for n in axes if n != 1) if is_known else (ANY,))
    n = place(dim, axes)
    if n is None or not isinstance(axes[n], int):
        return Tensor()
    return Tensor(axes[:n] + axes[n + 1 :] if axes[n] == 1 else axes)


def unsqueezed(axes: Axes, dim: Value) -> Tensor:
    n = place(dim, axes, 1)
    return Tensor() if n is None else Tensor((*axes[:n], 1, *axes[n:]))


def reduced(name: str, axes: Axes, dim: Value | None, keepdim: Value) -> Value:
    """A sum or mean over an axis, or over all."""
    if dim is None or dim == NONE:
        return Tensor(())
    n = place(dim, axes)
    kept = keepdim.value if isinstance(keepdim, Constant) else None
    found = Tensor()
    if n is not None and kept is not None:
        found = Tensor((*axes[:n], *((1,) if kept else ()), *axes[n + 1 :]))
    return Tuple((found, found)) if name in PAIRED else found


def joined_along(parts: list[Axes], dim: Value) -> Tensor:
    count = next((len(part) for part in parts if ANY not in part), 0)  # all have as many
    parts = [_filled(part, count) if len(part) <= count + 1 else part for part in parts]
    first = parts[0]
    if dim == Constant(-1) and all(part and part[-1] != ANY for part in parts) and any(ANY in part for part in parts):
        return Tensor((ANY, plus(*(part[-1] for part in parts))))
    n = place(dim, first)
    if n is None or any(ANY in part or len(part) != len(first) for part in parts):
        return Tensor()
    new: list[Axis] = []
    for number, sizes in enumerate(zip(*parts, strict=True)):
        known = [size for size in sizes if size is not None]
        new.append(plus(*sizes) if number == n else known[0] if known and len(set(known)) == 1 else None)
    return Tensor(tuple(new))


def batch_dot(one: Axes, another: Axes, along: Value) -> Tensor:
    """A product over an axis of each, per sample: Dot, batch_dot."""
    if isinstance(along, Constant):
        along = Tuple((along, along))
    items: Sequence[Value] = (along.items if isinstance(along, (Tuple, List)) else None) or ()
    if len(items) != 2:
        return Tensor()
    a, b = place(items[0], one), place(items[1], another)
    if not a or not b or ANY in (*one, *another):
        return Tensor()
    left = (*one[:a], *one[a + 1 :])
    found = (*left, *another[1:b], *another[b + 1 :])
    return Tensor(found if len(found) > 1 else (*found, 1))


def matrix_product(one: Axes, another: Axes) -> Axes:
    """``one @ another``."""
    if ANY in another or not another:
        return (ANY,)
    if ANY in one or not one:
        return (ANY, another[-1]) if len(another) > 1 else (ANY,)
    if len(another) == 1:
        return one[:-1]
    if len(one) == 1:
        return (*another[:-2], another[-1])
    return (*broadcast(one[:-2], another[:-2]), one[-2], another[-1])


def unflattened(axes: Axes, dim: Value, sizes: Value) -> Tensor:
    """``x.unflatten(dim, sizes)``; one size may be -1."""
    n, items = place(dim, axes), sizes.items if isinstance(sizes, (Tuple, List)) else None
    if n is None or not items:
        return Tensor()
    return Tensor((*axes[:n], *reshaped((axes[n],), list(items)).axes, *axes[n + 1 :]))


def flattened(axes: Axes, start: Value, end: Value) -> Tensor:
    """``x.flatten(start, end)``: these axes, and those between them, as one."""
    n, last = place(start, axes), place(end, axes)
    if n is None or last is None or last < n:
        return Tensor()
    return Tensor((*axes[:n], times(*axes[n : last + 1]), *axes[last + 1 :]))


def halved(axes: Axes, dim: Value) -> Tensor:
    """The gated linear unit: one half of an axis times the sigmoid of the other."""
    n = place(dim, axes)
    if n is None:
        return Tensor()
    size = axes[n]
    return Tensor((*axes[:n], size // 2 if isinstance(size, int) and size % 2 == 0 else None, *axes[n + 1 :]))


def repeated(name: str, axes: Axes, counts: list[Value] | None) -> Tensor:
    """``x.repeat(2, 1)``, ``x.expand(2, -1)``: more counts than axes are those of new first axes."""
    if counts is None or len(counts) < len(axes) or ANY in axes:
        return Tensor()
    axes = (*(1,) * (len(counts) - len(axes)), *axes)
    if name == "repeat":
        return Tensor(tuple(times(one, axis(count)) for one, count in zip(axes, counts, strict=True)))
    same = (Constant(-1),)
    return Tensor(tuple(one if count in same else axis(count) for one, count in zip(axes, counts, strict=True)))


def is_tensor(value: Value) -> bool:
    """Whether a value is a tensor, or has one among its items."""
    if isinstance(value, (Tuple, List)):
        return any(map(is_tensor, value.items or ()))
    return isinstance(value, (Tensor, Packed))
