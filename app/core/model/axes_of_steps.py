"""Which axis of the tensors between layers is that of the steps that a recurrent layer takes or returns."""

from collections.abc import Sequence
from dataclasses import replace

from .layer import TIME, Layer
from .shapes import REST, Shape

PICTURE = 4
"""The axes of a batch of pictures: only their first one after the batch can be that of steps, before other axes are."""


def places_of_steps(layers: Sequence[Layer], shapes: Sequence[Shape]) -> list[int | None]:
    """For each tensor, which axis after the batch becomes that of the steps of a recurrent layer above, or comes from
    those of one below; None if none of them certainly does. ``shapes`` has what each layer gets, and what the last one
    returns."""
    places: list[int | None] = [None] * len(shapes)
    place: int | None = None
    for n, layer in enumerate(layers):
        is_apart = layer.every_step and layer.directions_apart
        is_start = _has_steps(layer) and (is_apart or len(shapes[n + 1]) == len(shapes[n]))
        place = 0 if is_start else _after(layer, shapes[n], shapes[n + 1], place)
        places[n + 1] = place
    place = None
    for n in reversed(range(len(layers))):
        place = 0 if _has_steps(layers[n]) else _before(layers[n], shapes[n], shapes[n + 1], place)
        places[n] = places[n] if place is None else place
    return places


def with_steps(shape: Shape, place: int | None, *, is_open: bool) -> Shape:
    """A shape in which the axis of steps has its name, and no other one. Without a place only that of pictures is
    changed. ``is_open``: its first axis is the time as it comes in."""
    is_picture = len(shape) == PICTURE
    if is_picture and shape[0].name == "time_step":  # with the directions apart, before the batch
        return shape
    if any(size.name == REST for size in shape) or (place is None and (not is_picture or is_open)):
        return shape
    named = [replace(size, name="") if size.name == "time_step" else size for size in shape]
    if place is not None and place + 1 < len(shape) and (place == 0 or not is_picture):
        named[place + 1] = replace(named[place + 1], name="time_step")
    return tuple(named)


def _has_steps(layer: Layer) -> bool:
    return layer.family == "recurrent" or not layer.has_picture


def _after(layer: Layer, taken: Shape, returned: Shape, place: int | None) -> int | None:
    """The place after a layer of an axis that is in a place before it."""
    if place is not None and layer.family == "transpose":
        order = layer.order or (2, 1)
        return order.index(place + 1) if place < len(order) else None
    return place if _keeps(layer, taken, returned, place) else None


def _before(layer: Layer, taken: Shape, returned: Shape, place: int | None) -> int | None:
    """The place before a layer of an axis that is in a place after it."""
    if place is not None and layer.family == "transpose":
        order = layer.order or (2, 1)
        return order[place] - 1 if place < len(order) else None
    return place if _keeps(layer, taken, returned, place) else None


def _keeps(layer: Layer, taken: Shape, returned: Shape, place: int | None) -> bool:
    """Whether a layer certainly keeps the axis in a place."""
    if place is None or any(size.name == REST for size in (*taken, *returned)):
        return False
    if place + 1 >= min(len(taken), len(returned)):
        return False
    if layer.family in ("same", "embedding"):
        return True
    if layer.family == "dense" or (layer.kind in ("convolution", "pooling") and len(taken) == len(returned)):
        return place + 2 < len(taken) and not layer.channels_first
    if layer.family != "axes" or layer.channels_first or layer.kind == "elsewhere":
        return False
    may_be_other = layer.kind == "other" and len(taken) != len(returned)  # another axis can be as long
    is_same = taken[1].number is not None and taken[1].number == returned[1].number and not may_be_other
    return place == 0 and (is_same or (layer.axes or ("",))[0] == TIME)
