"""What layers are called in pictures and beside them, with their number."""

from ..core.stack import Place, Stack
from ..translations.phrases import Phrase, phrase

DIRECTION_NAMES = {"forward": phrase("forward"), "backward": phrase("backward")}


def layer_name(layer: int) -> Phrase:
    return phrase("layer {n}", n=layer)


def with_arrow(place: Place, stack: Stack) -> Phrase:
    """A layer, and with two directions an arrow."""
    layer, direction = place
    arrow = {"forward": " →", "backward": " ←"}[direction] if stack.bidirectional else ""
    return phrase("layer {n}{arrow}", n=layer, arrow=arrow)


def with_direction(place: Place) -> Phrase:
    layer, direction = place
    return phrase("layer {n}, {direction}", n=layer, direction=DIRECTION_NAMES[direction])


def with_step(place: Place, t: int) -> Phrase:
    """A layer, its direction and a step."""
    layer, direction = place
    return phrase("layer {layer}, {direction}, step {t:,}", layer=layer, direction=DIRECTION_NAMES[direction], t=t)


def before_step(place: Place, stack: Stack) -> Phrase:
    """A layer, and with two directions its direction, before the number of a step."""
    layer, direction = place
    if not stack.bidirectional:
        return phrase("layer {n}, step", n=layer)
    if direction == "forward":
        return phrase("layer {n}, forward, step", n=layer)
    return phrase("layer {n}, backward, step", n=layer)


def to_layer(layer: int) -> Phrase:
    return phrase("to layer {n}", n=layer)


def from_layer(layer: int) -> Phrase:
    return phrase("from layer {n}", n=layer)
