"""Messages about an array with an axis of size 0, such as an x whose data were not read."""

from dataclasses import replace

from .causes import cause
from .mismatch import WITHOUT_NAMES, Mismatch, Size


def without_empty_arrays(mismatch: Mismatch, framework: str) -> Mismatch:
    """What is left of a message about an empty array: of no network, so nothing follows from its sizes. An x has data,
    so what made it is the cause; a number of axes, and the one size that a layer expects, are those of a network."""
    sizes = (mismatch.expected, mismatch.got, *mismatch.shapes, mismatch.beside)
    has_shapes = mismatch.axis is not None or mismatch.tensor in WITHOUT_NAMES or bool(mismatch.beside)
    if not has_shapes or not any(_is_empty(one) for one in sizes):
        return mismatch
    left = Mismatch(mismatch.tensor, mismatch.axis, mismatch.sentence)
    if mismatch.tensor != "x" or not (_is_empty(mismatch.got) or _is_empty(mismatch.shapes[1])):
        return left
    left = replace(left, causes=(cause("empty_data", framework),))
    if mismatch.axis == "rank":
        of_layer = tuple(one for one in mismatch.facts if one.value in mismatch.shapes[0])
        return replace(left, expected=mismatch.expected, got=mismatch.got, facts=of_layer)
    match mismatch.expected, mismatch.got:
        case (int(expected),), (0,) if expected:
            facts = tuple(one for one in mismatch.facts if one.value == expected)
            return replace(left, expected=(expected,), got=(0,), facts=facts)
    return left


def _is_empty(size: Size) -> bool:
    return isinstance(size, tuple) and 0 in size
