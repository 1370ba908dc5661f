"""Which axes of what the layers of a read model get are the batch and the time."""

from collections.abc import Sequence

from ...core.model.chain import ANY_AXES, AXES
from ...core.model.layer import KINDS
from ...reading.code.reading_result import ReadLayer
from ...reading.code.values import ANY, Axes, last
from .read_layer import is_time_first


def orders_of(layers: Sequence[ReadLayer]) -> list[bool | None]:
    """For each layer, whether the time is the first axis of its input and output; None if that is not known. Layers
    have it from recurrent ones whose tensors they share."""
    orders = [False if has_channels_first(read) else is_time_first(read) for read in layers]
    batch = batch_size_of(layers, orders)
    if batch is not None:  # where another axis has the same size, both orders are the same
        for n, read in enumerate(layers):
            sizes = given_axes(read)[:2]
            if orders[n] is None and batch in sizes:
                orders[n] = sizes[0] != batch
    pairs = range(len(layers) - 1)
    for n, other in [*((n + 1, n) for n in pairs), *((n, n + 1) for n in reversed(pairs))]:
        one, next_one = layers[min(n, other)], layers[max(n, other)]
        keeps = KINDS.get(one.kind) in ("recurrent", *ANY_AXES) or has_channels_first(one)
        order = orders[other]
        if orders[n] is None and order is not None and next_one.is_transposed_first:
            orders[n] = not order
        if orders[n] is None and keeps and next_one.follows and one.output[:-1] == next_one.input[:-1]:
            orders[n] = order
    return orders


def batch_size_of(layers: Sequence[ReadLayer], orders: Sequence[bool | None]) -> int | None:
    """The size of the batch, as the layers say that know which axis it is; None if it is not known."""
    known = [(read.input, order) for read, order in zip(layers, orders, strict=True) if len(read.input) > 2]
    said = [axes[order] for axes, order in known if order is not None]
    said += [read.input[0] for read in layers if KINDS.get(read.kind) == "cell" and len(read.input) == 2]
    if not said:  # a layer of Keras, and one with two axes, has the batch first
        said = [
            read.input[0]
            for read in layers
            if len(read.input) == 2 or (read.framework == "keras" and len(read.input) > 2)
        ]
    sizes = {size for size in said if isinstance(size, int)}
    return sizes.pop() if len(sizes) == 1 else None


def ids_without_batch(layers: Sequence[ReadLayer], batch: int | None) -> set[int]:
    """The ids of layers of a graph of symbols that may have another batch than the one that is known: none of those
    that are computed from each other says it. Of what is executed at once, all samples are of one batch."""
    found, group = set[int](), list[ReadLayer]()
    for read, above in zip(layers, (*layers[1:], None), strict=True):
        group.append(read)
        if above is None or above.follows is False:
            says_it = any(batch in one.input for one in group)
            found |= set() if batch is None or says_it or read.framework == "pytorch" else {id(one) for one in group}
            group = []
    return found


def batch_of_model(
    layers: Sequence[ReadLayer], orders: Sequence[bool | None], given: Sequence[Axes], result: Axes
) -> int | None:
    """The size of the batch if layers have different ones, as where steps are put into the batch: the one that all
    tensors have that the model is called with, and what it returns. If nothing is known of that, a recurrent layer has
    to say the batch. None if that is not certain."""
    if not given or True in orders:
        return None
    is_open = ANY in result
    sizes = {axes[0] if axes and len(axes) > 1 else None for axes in (given if is_open else (*given, result))}
    said = {
        read.input[0]
        for read, order in zip(layers, orders, strict=True)
        if (_says_batch(read) if is_open else order is False or len(read.input) == 2)
    }
    batch = sizes.pop() if len(sizes) == 1 else None
    return batch if isinstance(batch, int) and batch in said else None


def _says_batch(read: ReadLayer) -> bool:
    """Whether a recurrent layer itself says that the first axis of what it gets is the batch."""
    is_whole = ANY not in read.input and len(read.input) == AXES["recurrent"]
    return KINDS.get(read.kind) == "recurrent" and is_whole and is_time_first(read) is False


def has_batch_and_steps(read: ReadLayer) -> bool:
    """Whether the first two axes of what a layer gets are the batch and the steps, in any order."""
    axes = given_axes(read)
    is_long = len(axes) >= AXES["recurrent"] - (read.kind == "embedding")
    return ANY not in axes and is_long and not has_channels_first(read)


def has_channels_first(read: ReadLayer) -> bool:
    """Whether the channels of a convolution or pooling come before the steps."""
    return read.framework == "pytorch" and read.kind in ("convolution", "pooling")


def is_without_batch(read: ReadLayer) -> bool:
    """Whether a recurrent layer of PyTorch gets one sequence, or a cell one sample, without a batch."""
    return ANY not in read.input and len(read.input) < AXES.get(KINDS.get(read.kind, "axes"), 0)


def given_axes(read: ReadLayer) -> Axes:
    """The axes of the tensor that a layer gets, or else those that it reads. The layer may know some of them: the last
    one, or the channels."""
    if ANY in read.given or not read.given:
        return read.input
    if len(read.given) == len(read.input) and ANY not in read.input:
        return tuple(own if one is None else one for one, own in zip(read.given, read.input, strict=True))
    return read.given if isinstance(read.given[-1], int) else (*read.given[:-1], last(read.input))
