"""Messages of losses whose target has indices of classes.

Networks without recurrence raise them as well.
"""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX, RANK, STEPS
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, Shape, wrong_rank, wrong_shape
from ..message_template import Found, MessageTemplate


def target_of_classes(found: Found) -> Mismatch:
    """A target with class indices, whose axes are not those of the output without the last one."""
    output, got = found.shape("expected"), found.shape("got")
    expected = output[:-1]
    if got and got == output and got[-1] != 1:
        mismatch = wrong_rank(
            "target", len(expected), len(got), [cause("one_hot_target", "keras")], (), (expected, got)
        )
    elif len(expected) == len(got):
        mismatch = wrong_shape("target", None, expected, got, [cause("target_shape", "keras")])
    elif got == expected[:-1] and len(output) == RANK:  # one class for each sample
        causes = [cause(id, "keras", cell=found.cell) for id in ("not_return_sequences", "target_shape")]
        facts = [fact(axis, size, "output") for axis, size in zip(STEPS, output, strict=False) if size]
        return wrong_rank("output", len(output) - 1, len(output), causes, facts, ((*got, output[-1]), output))
    else:
        ids = ("return_sequences" if len(got) > len(expected) else "not_return_sequences", "target_shape")
        causes = [cause(id, "keras", cell=found.cell) for id in ids]
        mismatch = wrong_rank("target", len(expected), len(got), causes, shapes=(expected, got))
    return replace(mismatch, beside=output)


def rank_of_classes(found: Found) -> Mismatch:
    """A target with class indices, of a loss of TensorFlow, that has not one axis less than the output."""
    output, got = found.shape("expected"), found.shape("got")
    ranks = (len(output) or found.number("outputs")) - 1, len(got) or found.number("targets")
    if ranks[0] < 0:  # of no network
        raise NoShapeError()
    if found.framework == "keras" and len(output) == RANK and got == output[:1]:  # one class for each sample
        facts = [fact(axis, size, "output") for axis, size in zip(STEPS, output, strict=False) if size]
        likely = [cause("not_return_sequences", "keras", cell=found.cell)]
        return wrong_rank("output", len(output) - 1, len(output), likely, facts, ((*got, output[-1]), output))
    causes = [cause("every_step", "tf1")] if ranks[1] < ranks[0] else [cause("target_shape", "tf1")]
    return replace(wrong_rank("target", *ranks, causes, shapes=(output[:-1], got)), beside=output)


def target_of_a_sequence(found: Found) -> Mismatch:
    """A target whose axes are not those of an output with three axes without the second one, in which the loss reads
    the classes. The message says the first and the last size of the output."""
    expected, got = found.shape("expected"), found.shape("got")
    output = _output_of_loss(found)
    if len(expected) != 2 or not 1 <= len(got) <= 2:
        return wrong_shape("target", None, expected, got, [cause("not_return_sequences", "pytorch")])
    is_exchanged = TRANSPOSING.search(found.surroundings.text) is not None
    is_of_samples = len(got) == 1 or (got[1] == 1 and output[1:2] not in ((), (1,)))
    if is_of_samples:  # one class for each sample
        classes = None if is_exchanged else expected[1]
        sizes = output if output and not is_exchanged else (expected[0], None, classes)
        facts = [fact("batch_size", got[0], "target")] if got[0] else []
        likely = [cause("not_return_sequences", "pytorch", cell=found.cell)]
        return wrong_rank("output", 2, RANK, likely, facts, ((expected[0], classes), sizes))
    wanted, size = expected[1] or 0, got[-1] or 0
    is_of_steps = TRANSPOSING.search(found.code.lower()) or abs(wanted - size) == 1
    if len(got) == 2 and (not is_of_steps if not output else output[1] == size or not is_exchanged):
        batch, steps, classes = output or (*got, wanted)
        named = zip(steps_of_output(found), (batch, steps), strict=True)
        facts = [fact(axis, one, "output") for axis, one in named if one]
        likely = [cause("classes_second", "pytorch")]
        return wrong_shape("output", "order", (batch, classes, steps), (batch, steps, classes), likely, facts)
    likely = [cause(id, "pytorch") for id in ("target_steps", "classes_second")]
    return wrong_shape("target", "time_step", expected, got, likely)


def steps_of_output(found: Found) -> tuple[str, ...]:
    """The first two axes of an output of PyTorch, as the layers of the program say."""
    first = {one.layer.setting("batch_first") for one in found.program.calls if one.layer}
    return STEPS[::-1] if first == {False} else STEPS


def _output_of_loss(found: Found) -> Shape:
    """The axes of the output that a loss of the line that failed reads, if the program, or a shape that the text says
    in words, has all of them."""
    axes = next((one.operands[0].axes for one in found.program.failed_operations if one.kind == "loss"), ())
    sizes = tuple(one for one in axes if isinstance(one, int))
    if len(sizes) == len(axes) == RANK:
        return sizes
    expected, got = found.shape("expected"), found.shape("got")
    said = (*got, *expected[1:])
    return said if len(expected) == len(got) == MATRIX and _says(found, said) else ()


def _says(found: Found, shape: Shape) -> bool:
    """Whether a text without a traceback says a shape, in round or square brackets."""
    sizes, text = ", ".join(map(str, shape)), found.surroundings.text
    return not found.program.tree.frames and (f"({sizes})" in text or f"[{sizes}]" in text)


TRANSPOSING = re.compile(r"transpose\(|permute\(|swapaxes\(|\.m?t\b")
"""An array whose axes were exchanged, in a line of code."""


def classes(found: Found) -> Mismatch:
    """A target of class indices with another number of axes than one for each sample."""
    return wrong_rank("target", 1, None, [cause("target_shape", "pytorch")])


def class_indices(found: Found) -> Mismatch:
    """A target with one number for each sample or step, for a loss that expects a value for each class."""
    sentence = phrase("The loss expected a value for each class, but the last axis of the target has size 1.")
    return Mismatch("target", None, sentence, None, found.shape("got"), (cause("class_indices", "keras"),))


TEMPLATES = (
    MessageTemplate(
        "pytorch-target-size",
        "pytorch",
        "1-2",
        "Expected target size {expected:shape}, got {got:shape}",
        target_of_a_sequence,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-classes",
        "keras",
        "3",
        "Arguments `target` and `output` must have the same shape up until the last dimension: target.shape={got:shape}"
        ", output.shape={expected:shape}",
        target_of_classes,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-rank-of-labels",
        "tf1",
        "2",
        "`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape={got:shape} of rank {targets:n}"
        " and logits.shape={expected:shape} of rank {outputs:last}",
        rank_of_classes,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-0-rank-of-labels",
        "tf1",
        "1",
        "Rank mismatch: Rank of labels (received {targets:n}) should equal rank of logits minus 1 (received"
        " {outputs:n})",
        rank_of_classes,
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
        "pytorch-0-multi-target",
        "pytorch",
        "0.1-1.6",
        "multi-target not supported at",
        classes,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-class-indices",
        "keras",
        "1-2.3",
        "You are passing a target array of shape {got:shape} while using as loss `categorical_crossentropy`",
        class_indices,
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
)
