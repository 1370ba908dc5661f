"""Messages of losses and of training: the target, or the data, does not fit the output.

Networks without recurrence raise them as well.
"""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.values import ANY
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...convolutional_layers import has_only_convolutions
from ...mismatch import Cause, Mismatch, Shape, written, wrong_rank, wrong_shape, wrong_size
from ..message_template import Found, MessageTemplate


def target(found: Found) -> Mismatch:
    """A target with another shape than the output."""
    expected, got, framework = found.shape("expected"), found.shape("got"), found.framework
    if len(expected) == len(got):
        of_output = ["every_step"] if _is_every_step(found, expected, got) else []
        ids = ["class_indices"] if has_class_indices(found, expected, got) else of_output
        causes = [cause(id, framework) for id in (*ids, "target_shape")]
        axis = axis_of_target(expected, got)
        return replace(wrong_shape("target", axis, expected, got, causes, _facts(expected, got)), beside=expected)
    ids = []
    longer, shorter = (expected, got) if len(expected) > len(got) else (got, expected)
    if (
        found.template.id == "pytorch-logits"
        and _has_classes(expected, got)
        and OF_CLASSES.search(found.surroundings.text)
    ):
        ids.append("class_indices")
    if longer[-1:] == (1,) and _may_be_equal(longer[:-1], shorter):
        is_of_steps = framework == "keras" and longer is expected and len(longer) == RANK
        ids.append("target_last_axis" if is_of_steps else "target_axis")
    elif len(expected) == RANK and got == (expected[0], *expected[2:]):  # one value for each sample
        likely = [cause(id, framework, cell=found.cell) for id in ("not_return_sequences", "target_shape")]
        facts = _facts(expected, got)
        of_steps = wrong_rank("output", len(got), len(expected), likely, facts, (got, expected))
        return replace(of_steps, beside=expected)
    elif _has_classes(expected, got) and _is_of_categories(found):
        ids.append("class_indices")
    elif len(expected) > len(got):
        ids.append("not_return_sequences")
    elif framework == "keras":
        ids.append("return_sequences")
    causes = [cause(id, framework, cell=found.cell) for id in (*ids, "target_shape")]
    mismatch = wrong_rank(
        "target",
        len(expected),
        len(got),
        [only_last_step(found) if one.id == "return_sequences" else one for one in causes],
        _facts(expected, got),
        (expected, got),
    )
    return replace(mismatch, beside=expected)


def only_last_step(found: Found) -> Cause:
    """The cause of a target of every step: a recurrent layer of Keras returns only its last one, as its lines may
    say."""
    around = found.surroundings
    of_layer = "keras convolution" if has_only_convolutions(around.text) else "keras"
    missing = cause("return_sequences", of_layer, cell=found.cell)
    if not ONLY_LAST.search(around.text):
        return missing
    kept = cause("kept_last_step", "keras")
    return replace(missing, title=kept.title, sentence=kept.sentence)


ONLY_LAST = re.compile(r"\breturn_sequences\s?=\s?false")
"""A layer of Keras that returns only its last step, as its line says; in lower case."""

OF_CATEGORIES = "keras-3-target-rank"
"""The template that only the loss for one value for each class raises."""


def _is_of_categories(found: Found) -> bool:
    """Whether the loss that failed expects a value for each class."""
    is_said = found.template.id == "keras-3-target" and ONE_VALUE_A_CLASS.search(found.surroundings.text)
    return found.template.id == OF_CATEGORIES or bool(is_said)


def has_class_indices(found: Found, output: Shape, target: Shape) -> bool:
    """Whether a target has one number where the output has a value for each class, by the loss or the activation."""
    text = found.surroundings.text
    is_of_classes = ONE_VALUE_A_CLASS.search(text) or ("softmax" in text and "sparse" not in text)
    return bool(output) and output[-1] != 1 and target == (*output[:-1], 1) and bool(is_of_classes)


def _has_classes(output: Shape, target: Shape) -> bool:
    """Whether an output has several values where the target has one."""
    return output[:-1] == target and output[-1] != 1


def _is_every_step(found: Found, output: Shape, target: Shape) -> bool:
    """Whether a program for TensorFlow 1 puts all steps of an output into the axis of the samples, of which the target
    has one value each."""
    rows, samples = (shape[0] or 0 if shape else 0 for shape in (output, target))
    is_multiple = bool(samples) and rows > samples and rows % samples == 0 and output[1:] == target[1:]
    is_flat = FLAT.search(found.surroundings.text) or FLAT_OPERANDS.search(found.after)
    return is_multiple and found.framework == "tf1" and bool(is_flat)


FLAT_OPERANDS = re.compile(r"softmaxcrossentropywithlogits\(.{1,300}\((?:[\w.-]{1,40}/){0,8}reshape(?:_\d+)?,")
"""The node of a loss that puts all axes of the output before the last one into one, in the folded text."""


FLAT = re.compile(r"reshape\([^\n]{1,80},\s?[\[(]\s?-1\s?,")
"""An array whose first axes are put into one, in a line of code."""

OF_CLASSES = re.compile(r"classes|vocab|language.?model|categor|softmax|\btokens?\b|\btags?\b")
"""A network whose output has a value for each class."""

ONE_VALUE_A_CLASS = re.compile(r"(?<!sparse_)(?<!sparse)categorical_?crossentropy")
"""A loss of Keras whose target has one value for each class."""


def axis_of_target(output: Shape, target: Shape) -> str | None:
    """The axis in which a target with as many axes as the output differs; None for that of the classes, which has no
    name, and for several."""
    pairs = enumerate(zip(output, target, strict=True))
    differing = [n for n, (one, other) in pairs if one != other and None not in (one, other)]
    axes = STEPS[: len(output) - 1]
    return axes[differing[0]] if len(differing) == 1 and differing[0] < len(axes) else None


def _facts(output: Shape, target: Shape) -> list[Fact]:
    """The sizes of an output that its target has as well; the steps if either has three axes."""
    longer = max(output, target, key=len)
    axes = STEPS if len(longer) == 3 else ("batch_size",)
    is_one_batch = output[:1] == target[:1]
    return [fact(axis, size, "output") for axis, size in zip(axes, longer, strict=False) if size and is_one_batch]


def of_steps(found: Found, output: Shape, target: Shape) -> Mismatch | None:
    """An output and a target of which one has a value for each step, and the other one for each sample; None for
    others."""
    longer, shorter = max(output, target, key=len), min(output, target, key=len)
    if len(longer) != RANK or shorter != (longer[0], *longer[2:]):
        return None
    id = "kept_last_step" if longer is target else "not_return_sequences"
    sizes = zip(STEPS, longer, strict=False)
    facts = [fact(axis, size, "output") for axis, size in sizes if size]
    likely = [cause(id, found.framework, cell=found.cell)]
    return replace(wrong_rank("output", len(target), len(output), likely, facts, (target, output)), beside=target)


def of_shifted_steps(found: Found, output: Shape, target: Shape) -> Mismatch | None:
    """An output and a target with a value for each class, whose steps differ by one; None for others."""
    steps, of_target = output[1] or 0, target[1] or 0
    if abs(steps - of_target) != 1:
        return None
    sentence = phrase("The output has {output} steps, and the target has {target}.", output=steps, target=of_target)
    known = zip(STEPS, output, strict=False)
    facts = [fact(axis, size, "output") for axis, size in known if size]
    likely = [cause("target_steps", found.framework)]
    shifted = wrong_size("target", "time_step", steps, of_target, likely, facts)
    is_index = output[-1:] == (1,) and TAKES_CLASS.search(found.before) is not None  # of the class, in both shapes
    return replace(shifted, sentence=sentence, is_of_equals=True, beside=(*output[:-1], None) if is_index else output)


TAKES_CLASS = re.compile(r"take_along_axis")
"""The function that takes the entry of each class, in the folded text."""


def samples_of_target(found: Found) -> Mismatch:
    """A target with another number of samples than the output, which a recurrent layer may have returned for each
    step."""
    expected, got = found.number("expected"), found.number("got")
    if in_rows := _of_sequence_loss(found, expected, got):
        return in_rows
    if expected == 2 * got and (of_both := _of_one_direction(found, expected, got)):
        return of_both
    classes = found.number("classes")
    if classes > 1 and got == expected * classes and ONE_HOT.search(found.surroundings.text):
        shapes: tuple[Shape, Shape] = (expected,), (expected, classes)
        mismatch = wrong_rank("target", 1, 2, [cause("one_hot_target", "keras")], shapes=shapes)
        return replace(mismatch, beside=(expected, classes))
    target = found.program.target
    is_not_flat = len(target) > 1 and target[0] == got and target[1:] == (expected // (got or 1),)
    is_every_step = got and expected > got and expected % got == 0 and not is_not_flat
    ids = ["not_return_sequences"] if is_every_step else []
    is_squeezed = found.framework == "pytorch" and expected == 2 * got and _squeezes_both_directions(found)
    if found.framework == "pytorch" and found.program.reads_batch_as_steps(got, expected):
        ids = ["batch_first", *ids]
    elif found.framework == "pytorch" and expected != got:
        is_of_states = is_squeezed or _has_states_in_batch(found, expected, got)
        of_states = ["states_in_batch"] if is_of_states else []
        of_steps = ["target_steps"] if _may_differ_in_steps(found, expected, got) else []
        ids = [*steps_for_samples(found), *of_states, *of_steps, *ids]
    if found.framework == "keras" and expected and got > expected and got % expected == 0:
        ids.append("return_sequences")
    key = {"states_in_batch": "pytorch squeezed"} if is_squeezed else {}
    causes = [cause(id, key.get(id, found.framework), cell=found.cell) for id in (*ids, "target_shape")]
    return replace(wrong_size("target", "batch_size", expected, got, causes), beside=(expected, None))


def _of_sequence_loss(found: Found, output: int, target: int) -> Mismatch | None:
    """An output and a target that the loss of TensorFlow 1 for sequences puts into rows, one for each step of each
    sample, if they may differ by one step; None for others."""
    if not SEQUENCE_LOSS.search(found.after) or not _differ_by_a_step(output, target):
        return None
    sentence = phrase(
        "The output has {output} rows and the target {target}: one for each step of each sample.",
        output=output,
        target=target,
    )
    causes = tuple(cause(id, found.framework) for id in ("target_steps", "target_shape"))
    return Mismatch("target", None, sentence, (output,), (target,), causes, is_of_equals=True)


SEQUENCE_LOSS = re.compile(r"sequence_loss(?:_by_example)?(?:_\d+)?/")

ONE_HOT = re.compile(r"one_?hot|to_categorical")
"""A target with a value for each class, in lower case."""


def _of_one_direction(found: Found, rows: int, targets: int) -> Mismatch | None:
    """An output with two directions that was put into rows of one; None for any other."""
    reshaped = found.program.reshape_of_one_direction()
    both = reshaped.operands[0].axes[-1] if reshaped else None
    if not reshaped or not isinstance(both, int):
        return None
    sentence = phrase(
        "The output has {both} values for each step, but the new shape has {units}: {rows} rows for {targets} targets.",
        both=both,
        units=both // 2,
        rows=rows,
        targets=targets,
    )
    likely = cause("reshape_directions", found.framework, new=f"-1, {both}", old=f"-1, {both // 2}")
    return Mismatch("output", "num_units", sentence, causes=(likely,))


def number_of_elements(found: Found) -> Mismatch:
    """A target with another number of values than the output, in PyTorch before version 0.4."""
    output, target = (tuple(map(int, found.text(name).split("x"))) for name in ("outputs", "targets"))
    if len(output) != len(target) or output[1:] != target[1:]:
        return wrong_shape("target", None, output, target, [cause("target_shape", "pytorch")])
    return samples_of_target(replace(found, values={"expected": str(output[0]), "got": str(target[0])}))


def number_of_values(found: Found) -> Mismatch:
    """A target with another number of values than the output, whose shapes are not known."""
    expected, got = found.number("expected"), found.number("got")
    sentence = phrase("The output has {expected} values, and the target has {got}.", expected=expected, got=got)
    is_every_step = got and expected > got and expected % got == 0
    ids = ("not_return_sequences", "target_shape") if is_every_step else ("target_shape",)
    causes = tuple(cause(id, "pytorch", cell=found.cell) for id in ids)
    return Mismatch("target", None, sentence, causes=causes)


def _has_states_in_batch(found: Found, output: int, target: int) -> bool:
    """Whether a line of code puts the layers and directions of the last states into the axis of the samples."""
    parts = {2} if found.surroundings.flag("bidirectional") else found.surroundings.said_layers
    return any(output == n * target for n in parts if n > 1) and bool(STATES_IN_BATCH.search(found.surroundings.text))


LAST_STATES = r"\b(?:h_?(?:n|out)?|(?:last_|final_)?hidden(?:_states?)?|h_t)(?:\.contiguous\(\))?"

STATES_IN_BATCH = re.compile(LAST_STATES + r"\.(?:view|reshape)\(\s?-1,")
"""The last states of a layer of PyTorch, whose first axes are put into one."""


def _squeezes_both_directions(found: Found) -> bool:
    """Whether a line of code removes the first axis of the last states, which stays if there are two directions, of
    which the text speaks."""
    return found.surroundings.names_two_directions and SQUEEZED_STATES.search(found.surroundings.text) is not None


SQUEEZED_STATES = re.compile(LAST_STATES + r"\.squeeze\(\s?(?:dim\s?=\s?)?0\s?\)")


def _may_differ_in_steps(found: Found, output: int, target: int) -> bool:
    """Whether an output and a target whose samples and steps are in one axis may differ by one step."""
    return _differ_by_a_step(output, target) and len(FLATTENED.findall(found.code.lower())) > 1


def _differ_by_a_step(output: int, target: int) -> bool:
    """Whether two numbers of steps of all samples may be those of sequences of which one has a step more."""
    samples = abs(output - target)
    return samples > 1 and output % samples == 0 and min(output, target) >= FEWEST_STEPS * samples


FEWEST_STEPS = 3
"""Steps of most sequences: fewer may be by accident."""

FLATTENED = re.compile(r"\.(?:view|reshape)\(\s?-1\b|\.flatten\(")


def of_sizes(found: Found, is_batch: bool, output: int, target: int, is_compared: bool = False) -> Mismatch:
    """An output and a target that differ along an axis, that of the batch or another one. ``is_compared``: whether they
    are compared for equality, as in an accuracy."""
    is_of_optax = "optax" in found.before  # which adds axes itself
    if not is_compared and not is_of_optax and (shapes := _of_other_ranks(found, output, target)):
        return of_ranks(found, *shapes)
    number = _number_of_axis(found, is_batch)
    sizes = {"axis": number, "output": output, "target": target}
    if is_compared:
        sentence = phrase(
            "The output and the target that it is compared with have different sizes along axis {axis}: {output} and"
            " {target}.",
            **sizes,
        )
    else:
        sentence = phrase(
            "The output and the target of a loss have different sizes along axis {axis}: {output} and {target}.",
            **sizes,
        )
    causes = (cause("target_shape", found.framework),)
    is_of_steps = number == 1 and _is_of_steps(found, output, target)
    axis = "batch_size" if is_batch else "time_step" if is_of_steps else None
    return Mismatch("target", axis, sentence, (output,), (target,), causes, is_of_equals=axis is None)


def _of_other_ranks(found: Found, output: int, target: int) -> tuple[Shape, Shape] | None:
    """The shapes of an output and a target that certainly have other numbers of axes, from the message or, in PyTorch,
    which counts the axes of both from the last one, from the axes that the program says; None for others."""
    left, right = found.shape("left"), found.shape("right")
    if left and right:
        of_first = [left, right] if _size_at(left, right) == (output, target) else [right, left]
        return (of_first[0], of_first[1]) if len(left) != len(right) else None
    losses = [one.operands[0].axes for one in found.program.failed_operations if one.kind == "loss"]
    axes = losses[0] if len(losses) == 1 else ()
    i = found.number("i") if found.text("i") else 0
    if found.template.framework != "pytorch" or ANY in axes or not i < len(axes) or axes[i] in (None, output):
        return None
    more = [k for k in range(1, i + 1) if axes[i - k] in (None, output)]
    if len(more) != 1:
        return None
    known: Shape = tuple(one if isinstance(one, int) else None for one in axes)
    known = tuple(output if n == i - more[0] else one for n, one in enumerate(known))
    return known, tuple(target if n == i else None for n in range(len(axes) + more[0]))


OF_ONE_HOT_IN_OPTAX = re.compile(r"insoftmax_cross_entropy(?!_with|.*optax[\\/])")
"""The frame of the loss of Optax whose target has a value for each class, in the folded text."""


def _size_at(left: Shape, right: Shape) -> tuple[int | None, int | None]:
    """The last sizes that do not fit of two shapes."""
    pairs = zip(reversed(left), reversed(right), strict=False)
    return next(((one, other) for one, other in pairs if one != other and 1 not in (one, other)), (None, None))


def of_ranks(found: Found, output: Shape, target: Shape) -> Mismatch:
    """An output and a target with other numbers of axes, of which the longer one may have a last axis of size 1."""
    if steps := of_steps(found, output, target):
        return steps
    longer, shorter = max(output, target, key=len), min(output, target, key=len)
    is_one = longer[-1] in (None, 1) and _may_be_equal(longer[:-1], shorter)
    likely = [cause("target_axis", found.framework)] if is_one else []
    if likely and found.framework != "pytorch":
        name = "target" if longer is target else "output"
        likely = [replace(likely[0], fix=f"{name} = {name}[..., 0]")]
    elif likely and longer is target:
        likely = [replace(likely[0], fix="loss = criterion(output, target.squeeze(-1))")]
    has_indices = _has_classes(output, target) and OF_ONE_HOT_IN_OPTAX.search(found.before)
    likely = [cause("class_indices", found.framework)] if has_indices else likely
    causes = [*likely, cause("target_shape", found.framework)]
    facts = [fact("batch_size", size, "output") for size in output[:1] if size and (is_one or has_indices)]
    return wrong_rank("target", len(output), len(target), causes, facts, (output, target))


def _number_of_axis(found: Found, is_batch: bool) -> int:
    """The axis that differs: TensorFlow and JAX say both shapes, PyTorch the axis."""
    pairs = zip(found.shape("left"), found.shape("right"), strict=False)
    differing = [n for n, (one, other) in enumerate(pairs) if one != other]
    if differing:
        return differing[0]
    return found.number("i") if found.template.framework == "pytorch" and found.text("i") else 0 if is_batch else 1


def _is_of_steps(found: Found, output: int, target: int) -> bool:
    """Whether the sizes in the second axis are those of steps: lines of code make a target with three axes, and the
    output does not have its batch there."""
    shapes = [found.program.target, *found.surroundings.made_shapes]
    return any(len(shape) == 3 and shape[1] == target and shape[0] != output for shape in shapes)


LAST_OF_FIRST_AXIS = re.compile(r"\b(?:\w{0,20}out(?:puts?)?|o)\[-1\]")
LAST_OF_SECOND_AXIS = re.compile(r"\b(?:\w{0,20}out(?:puts?)?|o)\[:,\s?-1\b")
"""An index of the output of a layer of PyTorch; h_n[-1] is that of the last layer."""


def steps_for_samples(found: Found) -> list[str]:
    """The causes by which lines of code take the last sample of an output for its last step."""
    around, is_batch_first = found.surroundings, found.surroundings.flag("batch_first")
    if is_batch_first and LAST_OF_FIRST_AXIS.search(around.text):
        return ["last_sample"]
    if is_batch_first is False and LAST_OF_SECOND_AXIS.search(around.text):
        return ["batch_first"]
    return []


def _may_be_equal(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(a == b or None in (a, b) for a, b in zip(one, other, strict=True))


def gradient(found: Found) -> Mismatch:
    """A function whose gradient JAX is to compute, and that returns an array."""
    got = found.shape("got")
    sentence = phrase("A gradient is that of one number, but the function returns shape {got}.", got=written(got))
    return Mismatch(None, None, sentence, causes=(cause("loss_of_values", found.framework),))


TEMPLATES = (
    MessageTemplate(
        "pytorch-metric",
        "pytorch",
        "1-2",
        "Predictions and targets are expected to have the same shape, but got {expected:shape} and {got:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-target",
        "pytorch",
        "0.4-2",
        "Using a target size ({got:shape}) that is different to the input size ({expected:shape})",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-samples",
        "pytorch",
        "0.4-2",
        "Expected input batch_size ({expected:n}) to match target batch_size ({got:n})",
        samples_of_target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-target",
        "keras",
        "3",
        "Arguments `target` and `output` must have the same shape. Received: target.shape={got:shape}, output.shape="
        "{expected:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-target-rank",
        "keras",
        "3",
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape={got:shape},"
        " output.shape={expected:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-target",
        "keras",
        "2.0-2.1",
        "A target array with shape {got:shape} was passed for an output of shape {expected:shape} while using as loss",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-logits",
        "pytorch",
        "0.4-2",
        "Target size ({got:shape}) must be the same as input size ({expected:shape})",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-elements",
        "pytorch",
        "0.1-0.3",
        "input and target have different number of elements: input[{outputs:product}] has {m:n} elements, while"
        " target[{targets:product}] has {n:n} elements",
        number_of_elements,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "keras", versions, f"{text} ({{expected:shape}} vs {{got:shape}})", target, anywhere=True)
        for id, versions, text in (
            ("keras-2-logits", "2", "`logits` and `labels` must have the same shape, received"),
            ("keras-1-logits", "1-2", "logits and labels must have the same shape"),
            ("keras-2-poisson", "2", "`log_input` and `targets` must have the same shape, received"),
            ("keras-1-poisson", "1-2", "log_input and targets must have the same shape"),
        )
    ),
    MessageTemplate(
        "pytorch-0-values",
        "pytorch",
        "0.1-1.4",
        "Target and input must have the same number of elements. target nelement ({got:n}) != input nelement"
        " ({expected:n})",
        number_of_values,
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
    *(
        MessageTemplate(
            id,
            "tf1",
            versions,
            f"logits and labels must be {fit}: logits_size={{expected:shape}} labels_size={{got:shape}}",
            target,
            anywhere=True,
        )
        for id, versions, fit in (
            ("tensorflow-logits", "1.6-2", "broadcastable"),
            ("tensorflow-0-logits", "1.0-1.5", "same size"),
        )
    ),
    MessageTemplate(
        "tensorflow-logits-of-graph",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {name:operation}}} ="
        " SoftmaxCrossEntropyWithLogits{arguments:operands}' with input shapes: {expected:shape}, {got:shape}",
        target,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-gradient",
        "jax",
        "0.4-0.9",
        "Gradient only defined for scalar-output functions. Output had shape: {got:shape}",
        gradient,
        anywhere=True,
    ),
)
