"""Messages about the mask of a layer of Keras 2 in the graph of TensorFlow, which name only operations of the layer.

The layer gives a mask with one axis less than x a last axis of size 1, puts time first by the axes of x, and repeats
the last axis of the mask at each step for all units, to choose between the new output and the one before.
"""

import re

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX, RANK, STEPS
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, Shape, of_unknown_arrays, wrong_rank
from ...named_layers import OPERATION_OF_LAYER
from ..message_template import Found, MessageTemplate

AXES_OF_MASK = len(STEPS)


def is_in_layer(found: Found) -> bool:
    """Whether the operation that failed is in the scope of a recurrent layer of Keras."""
    return OPERATION_OF_LAYER.search(found.text("operation")) is not None


def transposed_mask(shape: Shape) -> Mismatch:
    """A mask with other axes than x, for which the layer has the order of those of x."""
    facts = [fact(axis, size, "mask") for axis, size in zip(STEPS, shape, strict=False) if size]
    likely = cause("mask_features", "tf1") if len(shape) == RANK else cause("mask", "keras")
    return wrong_rank("mask", AXES_OF_MASK, len(shape), [likely], facts, (shape[:AXES_OF_MASK], shape))


def chosen_by_mask(found: Found) -> Mismatch:
    """The choice at one step, by a mask that has more than one value for each sample: repeated for all units, it has
    that many times as many columns as the output."""
    mask, output = found.shape("condition"), found.shape("old")
    if not is_in_layer(found):
        raise NoShapeError()
    return of_repeated_mask(mask, output) or of_unknown_arrays()


def of_repeated_mask(mask: Shape, output: Shape) -> Mismatch | None:
    """The same for the shapes of both; None for other shapes."""
    if len(mask) != MATRIX or len(output) != MATRIX or mask[0] != output[0]:
        return None
    columns, units = mask[1], output[1]
    if not columns or not units or columns == units or columns % units:
        return None
    facts = [fact("num_units", units, "output"), *([fact("batch_size", mask[0], "mask")] if mask[0] else [])]
    shapes = ((mask[0], None), (mask[0], None, columns // units))
    return wrong_rank("mask", AXES_OF_MASK, RANK, [cause("mask_features", "tf1")], facts, shapes)


def reversed_mask(found: Found) -> Mismatch:
    """A mask of a layer that reads backwards: Keras 1 reversed it after it had a last axis, with one axis too few."""
    expected, got = found.number("expected"), found.number("got")
    if (expected, got) != (AXES_OF_MASK, RANK) or not MASKED.search(found.surroundings.text):
        raise NoShapeError()
    sentence = phrase(
        "This version of Keras gives the mask a last axis, and then reverses it as if it still had {expected} axes.",
        expected=expected,
    )
    return Mismatch("mask", "rank", sentence, expected, got, (cause("reversed_mask", "keras"),))


MASKED = re.compile(r"mask")
"""What a text says about masks, in lower case."""


TEMPLATES = (
    MessageTemplate(
        "keras-1-reversed-mask",
        "keras",
        "1",
        "Shape must be rank {expected:n} but is rank {got:n} for 'Reverse' (op: 'Reverse')",
        reversed_mask,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-mask-in-loop",
        "tf1",
        "1",
        "Dimension 1 in both shapes must be equal, but are {a:n} and {b:n}. Shapes are {one:shape} and {other:shape}."
        " for '{operation:operation}' (op: 'Select') with input shapes: {condition:shape}, {old:shape}, {new:shape}",
        chosen_by_mask,
        anywhere=True,
    ),
)
