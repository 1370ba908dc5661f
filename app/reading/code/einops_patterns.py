"""Patterns of einops: ``rearrange(x, "b c h t -> b t (c h)")``. Source: https://einops.rocks."""

import re
from collections.abc import Mapping, Sequence

from .values import ANY, Axes, Axis, Constant, Value, axis, times
from .word_sets import words

PATTERNS = words(
    """
    einops.rearrange einops.reduce einops.repeat einops.layers.torch.Rearrange einops.layers.torch.Reduce
    einops.layers.keras.Rearrange einops.layers.tensorflow.Rearrange
    """
)
"""Functions and layers with a pattern."""

_PART = re.compile(r"\(([^()]*)\)|(\w+)|(\S)")


def _parts(side: str) -> list[list[str]] | None:
    """The names of each axis on one side; None for a pattern that is not read, as with three points."""
    found = []
    for together, one, other in _PART.findall(side):
        if other:
            return None
        found.append([one] if one else together.split())
    return found


def rearranged(axes: Axes, name: str, pattern: Value, named: Mapping[str, Value]) -> Axes:
    """The axes of ``rearrange``, ``reduce`` or ``repeat``; ``named``: the sizes that its arguments say."""
    if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
        return (ANY,)
    left, arrow, right = pattern.value.partition("->")
    before, after = _parts(left), _parts(right)
    if not arrow or after is None:
        return (ANY,)
    sizes: dict[str, Axis] = {one: axis(value) for one, value in named.items()}
    if before is not None and ANY not in axes and len(axes) == len(before):
        for names, size in zip(before, axes, strict=True):
            _note(sizes, names, size)
    return tuple(times(*(_size(sizes, one) for one in names)) for names in after)


def _note(sizes: dict[str, Axis], names: Sequence[str], size: Axis) -> None:
    """Note the size of the one name among those of an axis whose size is not known."""
    unknown = [one for one in names if _size(sizes, one) is None]
    if len(unknown) != 1:
        return
    if len(names) == 1:
        sizes[unknown[0]] = size
        return
    others = times(*(_size(sizes, one) for one in names if one != unknown[0]))
    if isinstance(size, int) and isinstance(others, int) and size % others == 0:
        sizes[unknown[0]] = size // others


def _size(sizes: Mapping[str, Axis], name: str) -> Axis:
    return int(name) if name.isdecimal() else sizes.get(name)
