"""Messages of losses over whole sequences: CTC, and conditional random fields.

Networks without recurrence raise them as well.
"""

import re

from .....translations.phrases import phrase
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, wrong_rank, wrong_shape, wrong_size
from ..message_template import Found, MessageTemplate
from . import sums_of_outputs


def lengths_of_ctc(found: Found) -> Mismatch:
    """Lengths of a CTC loss that are larger than the number of steps."""
    return wrong_size(
        "lengths", "time_step", found.number("expected"), found.number("got"), [cause("ctc_axes", "pytorch")]
    )


def number_of_ctc_lengths(found: Found) -> Mismatch:
    sentence = phrase("The loss expected one length for each sample.")
    return Mismatch("lengths", "batch_size", sentence, causes=(cause("ctc_axes", "pytorch"),))


def of_emissions(found: Found) -> Mismatch:
    """The tags or the mask of a CRF that have other samples or steps than what it reads. It reads time first unless it
    has batch_first, so that the axes have no names if the text does not show how it was made, or shows two that
    differ."""
    expected, got = ((found.number(a), found.number(b)) for a, b in (("a", "b"), ("c", "d")))
    is_mask = found.text("what") == "mask"
    tensor, id = ("mask", "mask") if is_mask else ("target", "target_shape")
    if expected == got[::-1]:
        return wrong_shape(tensor, "order", expected, got, [cause(id, "pytorch")])
    differing = [n for n in (0, 1) if expected[n] != got[n]]
    batch_first = {said == "True" for said in MADE_CRF.findall(found.surroundings.original)}
    if len(batch_first) != 1 or len(differing) != 1:
        return wrong_shape(tensor, None, expected, got, [cause(id, "pytorch")])
    (n,) = differing
    is_of_steps = n == (batch_first == {True})
    if is_mask:
        return sums_of_outputs.mask_of_sizes(found, int(is_of_steps), expected[n], got[n])
    return wrong_shape(tensor, "time_step" if is_of_steps else "batch_size", expected, got, [cause(id, "pytorch")])


def of_emissions_without_sizes(found: Found) -> Mismatch:
    """The same without sizes, as in the title of a post. Before a CRF, what differs is most often the number of steps:
    a padded output has those of the longest sequence in the batch alone."""
    if found.text("what") == "mask":
        sentence = phrase(
            "The mask has other samples or steps than the scores that the CRF reads; the text does not say which sizes."
        )
        likely = cause("packed_steps", "pytorch"), cause("mask", "pytorch")
        return Mismatch("mask", "time_step", sentence, causes=likely)
    sentence = phrase(
        "The tags have other samples or steps than the scores that the CRF reads; the text does not say which sizes."
    )
    return Mismatch("target", "time_step", sentence, causes=(cause("packed_steps", "output"),))


def tags_of_emissions(found: Found) -> Mismatch:
    """Emissions with another number of scores for each step than a CRF has tags."""
    expected, got = found.number("expected"), found.number("got")
    sentence = phrase("The CRF has {expected} tags, but each step has {got} scores.", expected=expected, got=got)
    return Mismatch(
        "output", None, sentence, (expected,), (got,), (cause("emission_tags", "pytorch", expected=expected),)
    )


MADE_CRF = re.compile(
    r"(?<!class )\bCRF\((?:[^(),\n]|\([^()\n]{0,40}\)){1,120}(?:,\s?(?:batch_first\s?=\s?)?(True|False))?\)"
)
"""A CRF that is made, with its batch_first, which is False if it is not there."""


def labels_of_ctc(found: Found) -> Mismatch:
    """Targets of a CTC loss with fewer labels than their lengths say."""
    if found.number("axis") != 1:
        raise NoShapeError(phrase("a loss"))
    return longest_target(found)


def longest_target(found: Found) -> Mismatch:
    """A length of a target that is larger than the axis of the labels."""
    labels, got = found.number("expected"), found.number("got")
    sentence = phrase(
        "The longest target has {labels} labels by its length, but the array has {got}.", labels=labels, got=got
    )
    return Mismatch("target", None, sentence, (labels,), (got,), (cause("ctc_labels", "pytorch"),))


def steps_of_ctc(found: Found) -> Mismatch:
    """Lengths of a CTC loss of TensorFlow 1 that are larger than the number of steps."""
    sentence = phrase("A length is larger than the {steps} steps of the output.", steps=found.number("steps"))
    return Mismatch("lengths", "time_step", sentence, (found.number("steps"),), None, (cause("ctc_axes", "tf1"),))


def batch_of_ctc_lengths(found: Found) -> Mismatch:
    """Another number of lengths than the output has samples."""
    expected, got = found.number("expected"), found.number("got")
    return wrong_size("lengths", "batch_size", expected, got, [cause("ctc_axes", "tf1")])


def rank_of_ctc_lengths(found: Found) -> Mismatch:
    """Lengths with another number of axes than one."""
    return wrong_rank("lengths", 1, found.number("got"), [cause("ctc_axes", "tf1")])


WRAPPER = re.compile(r"\bbidirectional(?:_\d{1,3} \(bidirection|\()")
"""Keras' layer that runs a recurrent one in both directions, in the list of the layers of a model or in a program; in
lower case."""

TEMPLATES = (
    MessageTemplate(
        "pytorch-ctc-labels",
        "pytorch",
        "1.1-1.8",
        "Expected tensor to have size at least {expected:n} at dimension {axis:n}, but got size {got:n} for argument #2"
        " 'targets' (while checking arguments for ctc_loss",
        labels_of_ctc,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-crf",
        "pytorch",
        "0.4-2",
        "the first two dimensions of emissions and {what:name} must match, got ({a:n}, {b:n}) and ({c:n}, {d:n})",
        of_emissions,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-crf-cut",
        "pytorch",
        "0.4-2",
        "the first two dimensions of emissions and {what:name} must match",
        of_emissions_without_sizes,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-crf-mask",
        "keras",
        "2",
        "Input mask to CRF must have dim 2 if not None",
        lambda found: wrong_rank("mask", 2, None, [cause("mask_features", "keras")]),
        anywhere=True,
        is_of_recurrence=lambda found: WRAPPER.search(found.surroundings.text) is not None,
    ),
    MessageTemplate(
        "pytorch-crf-tags",
        "pytorch",
        "0.4-2",
        "expected last dimension of emissions is {expected:n}, got {got:last}",
        tags_of_emissions,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-crf-rank",
        "pytorch",
        "0.4-2",
        "emissions must have dimension of 3, got {got:last}",
        lambda found: wrong_rank("output", 3, found.number("got")),
        anywhere=True,
    ),
    MessageTemplate("tf1-ctc", "tf1", "1", "sequence_length({i:n}) <= {steps:last}", steps_of_ctc, anywhere=True),
    MessageTemplate(
        "pytorch-ctc",
        "pytorch",
        "1.1-2",
        "Expected input_lengths to have value at most {expected:n}, but got value {got:last}",
        lengths_of_ctc,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-ctc-target-lengths",
        "pytorch",
        "1.1-2",
        "target_lengths must be of size batch_size",
        number_of_ctc_lengths,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-ctc-target-length",
        "pytorch",
        "1.9-2",
        "Expected target_lengths to have value at most {got:n}, but got value {expected:last}",
        longest_target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-ctc-lengths",
        "pytorch",
        "1.1-2",
        "input_lengths must be of size batch_size",
        number_of_ctc_lengths,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-ctc-lengths",
        "tf1",
        "1-2",
        "len(sequence_length) != batch_size. len(sequence_length): {got:n} batch_size: {expected:last}",
        batch_of_ctc_lengths,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "tf1", versions, text, rank_of_ctc_lengths, anywhere=True)
        for id, versions, text in (
            ("tf1-ctc-rank", "1", "Shape must be rank 1 but is rank {got:n} for '{name:operation}' (op: 'CTCLoss')"),
            (
                "tensorflow-ctc-rank",
                "2",
                "Shape must be rank 1 but is rank {got:n} for '{{node {name:operation}}} = CTC",
            ),
        )
    ),
)
