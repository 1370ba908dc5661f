"""Messages about sequences of different lengths: packing, padding and masks."""

from ...translations.phrases import phrase
from ..facts import fact
from .causes import cause
from .message_template import Found, MessageTemplate
from .mismatch import Mismatch, NoShapeError, wrong_rank, wrong_shape, wrong_size


def number_of_lengths(found: Found) -> Mismatch:
    """Another number of lengths than x has samples."""
    expected, got = found.number("expected"), found.number("got")
    facts = [fact("batch_size", expected, "x")]
    return wrong_size("lengths", "batch_size", expected, got, [cause("lengths", "pytorch")], facts)


def unsorted(found: Found) -> Mismatch:
    sentence = phrase("The framework expected the lengths in decreasing order.")
    return Mismatch("lengths", "order", sentence, causes=(cause("sort_lengths", "pytorch"),))


def empty(found: Found) -> Mismatch:
    sentence = phrase("The framework expected every sequence to have at least one step and at most all of them.")
    return Mismatch("lengths", "time_step", sentence, causes=(cause("empty_sequence", found.framework),))


def nothing_to_pack(found: Found) -> Mismatch:
    sentence = phrase("x has an axis of size 0, so there is nothing to pack.")
    return Mismatch("x", None, sentence, causes=(cause("empty_sequence", "pytorch"),))


def kind_of_lengths(found: Found) -> Mismatch:
    """The lengths have another number of axes, or are on another device, or have another data type."""
    got = found.number("got")
    if got == 1:
        raise NoShapeError(phrase("the device or the data type of the lengths"))
    return wrong_rank("lengths", 1, got, [cause("lengths_axes", "pytorch")])


def total_length(found: Found) -> Mismatch:
    expected, got = found.number("expected"), found.number("got")
    return wrong_size(
        "output", "time_step", expected, got, [cause("total_length", "pytorch", expected=expected, got=got)]
    )


def mask_shape(found: Found) -> Mismatch:
    """A mask whose first two axes are not those of x."""
    expected, got = found.shape("expected")[:2], found.shape("got")
    facts = [fact(axis, size, "x") for axis, size in zip(("batch_size", "time_step"), expected, strict=False) if size]
    if len(got) != 2:
        return wrong_rank("mask", 2, len(got), [cause("mask", "keras")], facts, (expected, got))
    axes = zip(("batch_size", "time_step"), expected, got, strict=False)
    differing = [axis for axis, want, size in axes if want != size and None not in (want, size)]
    return wrong_shape("mask", differing[0] if differing else None, expected, got, [cause("mask", "keras")], facts)


def mask_of_a_call(found: Found) -> Mismatch:
    """A mask with another number of steps than x, on which Keras with PyTorch fails when it looks for the step."""
    x, mask = found.surroundings.input_shape, found.surroundings.mask_shape
    if not found.called or len(x) != 3 or len(mask) != 2 or x[:2] == mask or None in (*x, *mask):
        raise NoShapeError(phrase("an index"))
    axis = "time_step" if x[0] == mask[0] else "batch_size"
    return wrong_shape("mask", axis, x[:2], mask, [cause("mask", "keras")])


def padding(found: Found) -> Mismatch:
    sentence = phrase("The framework expected a mask with its padding after the last step of each sequence.")
    return Mismatch("mask", "time_step", sentence, causes=(cause("padding", "keras"),))


TEMPLATES = (
    MessageTemplate(
        "pytorch-lengths",
        "pytorch",
        "1-2",
        "Expected `len(lengths)` to be equal to batch_size, but got {got:n} (batch_size={expected:n})",
        number_of_lengths,
    ),
    MessageTemplate(
        "pytorch-sorted",
        "pytorch",
        "1.1-2",
        "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True",
        unsorted,
    ),
    MessageTemplate(
        "pytorch-0-sorted", "pytorch", "0.3-1.0", "lengths array has to be sorted in decreasing order", unsorted
    ),
    MessageTemplate(
        "pytorch-empty",
        "pytorch",
        "0.4-2",
        "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
        empty,
    ),
    MessageTemplate(
        "pytorch-kind-of-lengths",
        "pytorch",
        "1.7-2",
        "'lengths' argument should be a 1D CPU int{bits:n} tensor, but got {got:n}D",
        kind_of_lengths,
    ),
    MessageTemplate(
        "pytorch-total-length",
        "pytorch",
        "0.4-2",
        "Expected total_length to be at least the length of the longest sequence in input, but got total_length={got:n}"
        " and max sequence length being {expected:last}",
        total_length,
    ),
    MessageTemplate("pytorch-nothing", "pytorch", "1-2", "Cannot pack empty tensors.", nothing_to_pack),
    MessageTemplate(
        "onnx-lengths",
        "onnx",
        "1",
        "Input sequence_lens must have shape {expected:shape}. Actual:{got:shape}",
        lambda found: wrong_shape(
            "lengths",
            "batch_size",
            found.shape("expected"),
            found.shape("got"),
            [cause("lengths", "onnx")],
            [fact("batch_size", size, "X") for size in found.shape("expected") if size],
        ),
    ),
    MessageTemplate(
        "onnx-empty",
        "onnx",
        "1",
        "Invalid value/s in sequence_lens. All values must be > 0 and < seq_length.",
        empty,
    ),
    MessageTemplate(
        "keras-mask",
        "keras",
        "3",
        "The `mask` passed to the `TimeDistributed` layer has a shape {got:shape} that is incompatible with the input"
        " shape {expected:shape}",
        mask_shape,
    ),
    MessageTemplate("keras-mask-steps", "keras", "3", "list index out of range", mask_of_a_call),
    MessageTemplate(
        "keras-padding",
        "keras",
        "2",
        "You are passing a RNN mask that does not correspond to right-padded sequences",
        padding,
    ),
)
