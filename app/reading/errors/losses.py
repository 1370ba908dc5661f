"""Messages of losses and of training: the target, or the data, does not fit the output.

Networks without recurrence raise them as well.
"""

import re
from dataclasses import replace

from ...translations.phrases import phrase
from .causes import cause
from .message_template import Found, MessageTemplate
from .mismatch import Mismatch, NoShapeError, wrong_rank, wrong_size
from .outputs import samples_of_target, target, target_of_classes

IN_LOSS = re.compile(r"losses?/|_?loss/|mean_(?:squared|absolute)_\w{0,30}/|cross_?entropy|/(?:mse|mae|huber)/")
"""The name of an operation in a loss of TensorFlow."""

OUTPUT_FIRST = re.compile(r"mean_\w{0,40}/")
"""The losses of Keras 2 subtract the target from the output, those of Keras 3 the output from the target."""


def difference(found: Found) -> Mismatch | None:
    """The target and the output that a loss of TensorFlow subtracts from each other; None for any other difference."""
    operation = found.text("operation")
    if not IN_LOSS.search(operation):
        return None
    pair = (
        ("left", "right") if OUTPUT_FIRST.search(operation) and "compile_loss" not in operation else ("right", "left")
    )
    output, got = (found.values.get(name, "") for name in pair)
    read = replace(found, values={**found.values, "expected": output, "got": got})
    expected, shape = read.shape("expected"), read.shape("got")
    both = (expected[:1] or (None,)) + (shape[:1] or (None,))
    if len(expected) == len(shape) and None not in both and expected[1:] == shape[1:]:
        return _other_batch(found, expected[0] or 0, shape[0] or 0)
    return target(read)


def _other_batch(found: Found, expected: int, got: int) -> Mismatch:
    """A target with another number of samples: that of the last batch, if the layer kept its states."""
    ids = ["last_batch"] if got < expected and found.surroundings.flag("stateful") else []
    causes = [cause(id, "keras", batch_size=expected) for id in (*ids, "target_shape")]
    return wrong_size("target", "batch_size", expected, got, causes)


def squeezed(found: Found) -> Mismatch:
    """A target with an axis of steps, which a metric of Keras tries to remove."""
    axis = found.number("axis")
    if not axis:
        raise NoShapeError(phrase("an axis that is removed"))
    ids = ("return_sequences", "target_shape")
    return wrong_rank("target", axis, axis + 1, [cause(id, "keras", cell=found.cell) for id in ids])


def classes(found: Found) -> Mismatch:
    """A target of class indices with another number of axes than one for each sample."""
    return wrong_rank("target", 1, None, [cause("target_shape", "pytorch")])


def number_of_samples(found: Found) -> Mismatch:
    """x and the target have other numbers of samples."""
    expected, got = found.number("expected"), found.number("got")
    causes = [cause("other_samples", "keras")]
    return wrong_size("target", "batch_size", expected, got, causes)


TEMPLATES = (
    MessageTemplate(
        "pytorch-logits",
        "pytorch",
        "0.4-2",
        "Target size ({got:shape}) must be the same as input size ({expected:shape})",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-multi-target",
        "pytorch",
        "0.4-2",
        "1D target tensor expected, multi-target not supported",
        classes,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-classes-rank",
        "keras",
        "3",
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape={got:shape}, output.shape="
        "{expected:shape}",
        target_of_classes,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-logits",
        "keras",
        "2",
        "`logits` and `labels` must have the same shape, received ({expected:shape} vs {got:shape})",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-labels",
        "tf1",
        "1-2",
        "logits and labels must have the same first dimension, got logits shape ({expected:n},{classes:n}] and labels"
        " shape [{got:n}]",
        samples_of_target,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-labels",
        "tf1",
        "2",
        "`labels.shape` must equal `logits.shape` except for the last dimension. Received: labels.shape=({got:n},) and"
        " logits.shape=({expected:n}, {classes:n})",
        samples_of_target,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-logits",
        "tf1",
        "1-2",
        "logits and labels must be broadcastable: logits_size={expected:shape} labels_size={got:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-logits-of-graph",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {name:operation}}} ="
        " SoftmaxCrossEntropyWithLogits{arguments:any}' with input shapes: {expected:shape}, {got:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-squeeze",
        "tf1",
        "1-2",
        "Can not squeeze dim[{axis:n}], expected a dimension of 1, got {got:last}",
        squeezed,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "keras", versions, text, number_of_samples, anywhere=True)
        for id, versions, text in (
            (
                "keras-1-samples",
                "1-2.2",
                "Input arrays should have the same number of samples as target arrays. Found {expected:n} input samples"
                " and {got:n} target samples.",
            ),
            ("keras-2-samples", "2", "Data cardinality is ambiguous: x sizes: {expected:n} y sizes: {got:last}"),
            (
                "keras-3-samples",
                "3",
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. x sizes:"
                " {expected:n} y sizes: {got:last}",
            ),
        )
    ),
)
