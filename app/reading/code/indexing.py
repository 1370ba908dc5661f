"""The axes of a part of a tensor: ``out[:, -1]``, ``hidden[-2]``."""

from collections.abc import Sequence

from .values import ANY, NONE, Axes, Axis, Constant, Tensor, Unknown, Value, axis, frozen


@frozen
class Slice(Value):
    """A slice in an index; its bounds are None where it has none; ``length``: how many items
    it takes, if it begins anywhere."""

    start: Value | None
    stop: Value | None
    step: Value | None
    length: Value | None = None


class Rest(Value):
    """``...`` in an index."""


REST = Rest()


def indexed(axes: Axes, keys: Sequence[Value]) -> Axes:
    """The axes of a tensor at an index. An index that may be an array makes their number unknown."""
    if REST in keys:
        return _indexed_from_the_end(axes, keys)
    if ANY in axes:
        return (ANY,)
    left, found = list(axes), list[Axis]()
    for key in keys:
        if key == NONE:
            found.append(1)
        elif not left:
            return (ANY,)
        elif isinstance(key, Slice):
            found.append(sliced(left.pop(0), key))
        elif _is_integer(key):
            left.pop(0)
        elif isinstance(key, Tensor) and len(key.axes) == len(keys) == 1 and key.axes != (ANY,):
            left[0] = None  # the indices, or those of a mask that are true
            return tuple(left)
        elif isinstance(key, Tensor) and len(keys) == 1 and _is_no_mask(key.axes, axes):
            return (*key.axes, *axes[1:])
        else:
            return (ANY,)
    return (*found, *left)


def _is_no_mask(index: Axes, axes: Axes) -> bool:
    """Whether an array certainly indexes the first axis of another one, whose first axes a mask would have."""
    are_known = all(isinstance(size, int) for size in (*index, *axes[: len(index)]))
    return bool(index) and are_known and index != axes[: len(index)]


def _indexed_from_the_end(axes: Axes, keys: Sequence[Value]) -> Axes:
    """``x[..., 0]`` and ``x[..., :n]``: only the last axis is indexed."""
    if len(keys) != 2 or keys[0] is not REST:
        return (ANY,)
    if _is_integer(keys[1]):
        return axes[:-1] if axes[-1:] != (ANY,) else axes
    return (*axes[:-1], sliced(axes[-1], keys[1])) if isinstance(keys[1], Slice) and axes[-1:] != (ANY,) else (ANY,)


def _is_integer(key: Value) -> bool:
    match key:
        case Unknown(is_integer=True):
            return True
        case Constant(int()):
            return not isinstance(key.value, bool)
    return False


def takes_one(keys: Sequence[Value], place: int) -> bool:
    """Whether an index certainly takes one item along an axis, and some or all along those before it."""
    if len(keys) <= place or not all(isinstance(key, Slice) for key in keys[:place]):
        return False
    return _is_integer(keys[place]) or keys[place] == Slice(Constant(-1), None, None)


def sliced(size: Axis, key: Slice) -> Axis:
    """The size of an axis after a slice."""
    if not is_integer(key.start) or not is_integer(key.stop) or not is_integer(key.step):
        return axis(key.length) if key.length is not None else None
    start, stop, step = bound(key.start), bound(key.stop), bound(key.step)
    if not start and stop is None and step in (None, 1):
        return size
    if not isinstance(size, int) or step == 0:
        return None
    return len(range(*slice(start, stop, step).indices(size))) or None


def is_integer(value: Value | None) -> bool:
    """Whether a bound of a slice is a known whole number or left out."""
    return value is None or (isinstance(value, Constant) and type(value.value) in (int, type(None)))


def bound(value: Value | None) -> int | None:
    """A bound of a slice that ``is_integer``."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, int) else None
