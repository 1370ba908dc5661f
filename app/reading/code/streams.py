"""What a program reads item by item, an unknown number of times: datasets, loaders and generators."""

from collections.abc import Sequence

from .axes_of_operations import place
from .values import (
    ANY,
    INTEGER,
    UNKNOWN,
    Axis,
    Constant,
    Dictionary,
    Instance,
    Reference,
    Repeated,
    Tensor,
    Tuple,
    Unknown,
    Value,
    axis,
)
from .word_sets import words

SAME_ITEMS = words("shuffle prefetch repeat cache take skip with_options")
"""Methods of a dataset of TensorFlow that return one with the same items."""

OF_TENSORS = words("torch.utils.data.TensorDataset torch.utils.data.dataset.TensorDataset")
TENSORS = "tensors"
"""The attribute in which PyTorch keeps the tensors of a dataset."""

MOST_ENTRIES = 20
"""Parts of an item that are put into batches."""


def stream_of(item: Value) -> Repeated:
    """Something that gives such an item again and again."""
    return Repeated(item, UNKNOWN)


def item_in(value: Value) -> Value | None:
    """What a loop takes of a stream, or of a tensor along its first axis; None for anything else."""
    match value:
        case Repeated(item):
            return item
        case Tensor(axes) if axes and ANY not in axes:
            return Tensor(axes[1:])
    return None


def is_own_dataset(one: Instance) -> bool:
    """Whether the class of an object is derived from ``TensorDataset``."""
    return any(isinstance(base, Reference) and base.path in OF_TENSORS for base in one.of.outer_bases())


def sliced(parts: Sequence[Value]) -> Value | None:
    """``TensorDataset(x, y)``: a stream of the items of each tensor; None if nothing is known of them."""
    items = [item_in(one) if isinstance(one, Tensor) else None for one in parts]
    if not any(items):
        return None
    return stream_of(Tuple(tuple(UNKNOWN if one is None else one for one in items)))


def stacked(items: Value, along: Value) -> Value | None:
    """``stack([x for _ in range(n)], along)``: an array of many such ones, of a number that may be unknown;
    None for anything else."""
    match items:
        case Repeated(Tensor(axes), count) if ANY not in axes:
            n, size = place(along, axes, 1), axis(count)
            whole = size if isinstance(size, int) else None
            return Tensor() if n is None else Tensor((*axes[:n], whole, *axes[n:]))
    return None


def batched(item: Value, size: Axis) -> Value:
    """A batch of so many items."""
    match item:
        case Tensor(axes):
            return Tensor((size, *axes)) if ANY not in axes else Tensor()
        case Tuple(items) if len(items) <= MOST_ENTRIES:
            return Tuple(tuple(batched(one, size) for one in items))
        case Dictionary(level, dict() as entries, depth) if len(entries) <= MOST_ENTRIES:
            return Dictionary(level, {name: batched(one, size) for name, one in entries.items()}, depth)
        case Constant(int() | float()) | Unknown(is_integer=True) | Unknown(is_float=True):
            return Tensor((size,))
    return UNKNOWN


def of_streams(name: str, arguments: Sequence[Value]) -> Value | None:
    """A built-in function of streams; None if it gets none."""
    if not any(isinstance(one, Repeated) and one.count is UNKNOWN for one in arguments):
        return None
    items = [item_in(one) for one in arguments]
    first = items[0]
    if first is None:
        return None
    match name:
        case "next":
            return first
        case "iter" | "list" | "tuple" | "reversed":
            return arguments[0]
        case "enumerate":
            return stream_of(Tuple((INTEGER if len(arguments) > 1 else Unknown(is_integer=True), first)))
        case "zip":
            return stream_of(Tuple(tuple(UNKNOWN if one is None else one for one in items)))
    return None
