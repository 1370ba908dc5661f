"""Messages about two arrays in the training of a model of Keras or TensorFlow, of which one may be the target.

Networks without recurrence raise them as well.
"""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX, RANK
from ...causes import cause
from ...code_lines.program_nodes import last_name, name_of
from ...mismatch import Mismatch, NoShapeError, Shape, of_unknown_arrays, written, wrong_rank, wrong_size
from ..message_template import STEP_OF_WRAPPER, Found, MessageTemplate
from . import sums_of_outputs
from .losses import has_class_indices, target

IN_LOSS = re.compile(r"losses?/|_?loss/|mean_(?:squared|absolute)_\w{0,30}/|cross_?entropy|/(?:mse|mae|huber)/")
"""The name of an operation in a loss of TensorFlow."""

OUTPUT_FIRST = re.compile(r"mean_\w{0,40}/")
"""The losses of Keras 2 subtract the target from the output, those of Keras 3 the output from the target."""

TARGET_FIRST = re.compile(r"target\.shape\.assert_is_compatible_with\(output")
"""The frame of a loss of Keras 2 that compares the target with the output; in the folded text."""


def two_shapes(found: Found) -> Mismatch:
    """Two shapes of which one is the target's. In losses of Keras it is the first one, and in metrics the second."""
    left, right = found.shape("left"), found.shape("right")
    if not right and AXIS_OF_CONCAT.search(found.before):
        raise NoShapeError(phrase("a version of Keras for another one of TensorFlow"))
    if TARGET_FIRST.search(found.before[-300:]):
        return target(replace(found, values={"got": found.text("left"), "expected": found.text("right")}))
    if of_loss := _of_called_loss(found):
        return of_loss
    if "boolean_mask(" in found.code and len(left) == len(right) == 2:
        masked, n = found.line.argument("boolean_mask"), int(left[0] == right[0])
        if masked is None or masked.role not in ("x", "output", "h"):
            return of_unknown_arrays()
        return sums_of_outputs.mask_of_sizes(found, n, left[n] or 0, right[n] or 0)
    if of_residual := _of_residual_cell(found, left, right):
        return of_residual
    if CALLS_CELL.search(found.code.lower()) or BUILDS.search(found.surroundings.original):
        return of_unknown_arrays()
    for output, got in (("right", "left"), ("left", "right")):
        if has_class_indices(found, found.shape(output), found.shape(got)):
            return target(replace(found, values={"got": found.text(got), "expected": found.text(output)}))
    longer, shorter = sorted((left, right), key=len, reverse=True)
    is_of_keras = not LOSS_OF_TENSORFLOW.search(found.code)
    if is_of_keras and len(longer) == RANK and shorter == (longer[0], *longer[2:]):
        # A loss fails before any metric, and gets the target first.
        return target(replace(found, values={"got": found.text("left"), "expected": found.text("right")}))
    return _of_either(left, right, "target_shape")


def _of_residual_cell(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The input of a residual cell of TensorFlow 1, with the attention behind x, and its output; None for others."""
    text = found.surroundings.text
    if len(left) != MATRIX or len(right) != MATRIX or left[0] != right[0] or None in (left[1], right[1]):
        return None
    got, expected = left[1] or 0, right[1] or 0
    if got <= expected or not STEP_OF_WRAPPER.search(found.surroundings.original) or "attention" not in text:
        return None
    likely = cause("residual_attention", "tf1", expected=expected)
    facts = [fact("num_units", expected, "output"), *([fact("batch_size", left[0], "x")] if left[0] else [])]
    return wrong_size("x", "features", expected, got, [likely], facts)


AXIS_OF_CONCAT = re.compile(r"inconcat[^\n]{0,60}\.scalar\(\)")
"""The check of the axis along which TensorFlow 0 joins, which it takes first, and later versions last; in the folded
text."""


def _of_called_loss(found: Found) -> Mismatch | None:
    """The target and the output of a loss of TensorFlow 1, which gets the target first, and compares the second one
    with it; exchanged if only the first one is what a layer returns. None for another line."""
    if not LOSS_OF_TENSORFLOW.search(found.code) or not found.line.statement:
        return None
    calls = [one for one in ast.walk(found.line.statement) if isinstance(one, ast.Call) and name_of(one) in LOSSES]
    arguments = _target_and_output(calls[0]) if len(calls) == 1 else []
    outputs = [isinstance(one, ast.Call) and name_of(one).islower() for one in arguments]
    names = [isinstance(one, (ast.Name, ast.Attribute)) for one in arguments]
    if names == [True, True]:
        known = [IN_ARGUMENTS[n].fullmatch(last_name(one).lower()) for n, one in enumerate(arguments)]
        outputs, names = [False, any(known)], [True, False]
    if outputs not in ([True, False], [False, True]) or names != outputs[::-1]:
        return None
    first, second = "right", "left"  # as the message says them
    output, got = (first, second) if outputs[0] else (second, first)
    return target(replace(found, values={"expected": found.text(output), "got": found.text(got)}))


def _target_and_output(loss: ast.Call) -> list[ast.expr]:
    """The first two arguments of a loss of TensorFlow 1, by their places or their names; fewer if one is missing."""
    named = {one.arg: one.value for one in loss.keywords}
    of_names = [next((named[name] for name in names if name in named), None) for names in ARGUMENTS[len(loss.args) :]]
    return [*loss.args[: len(ARGUMENTS)], *(one for one in of_names if one is not None)]


ARGUMENTS = ("labels", "onehot_labels", "multi_class_labels"), ("predictions", "logits")
"""The names of the target and of the output in the losses of TensorFlow 1."""

IN_ARGUMENTS = re.compile(r"\w*(?:labels?|targets?)(?:_\w+)?"), re.compile(r"(?:logits|predict|pred|output|y_?hat)\w*")
"""Names of a target and of an output where a loss takes them."""

LOSSES = (
    *("absolute_difference", "cosine_distance", "hinge_loss", "huber_loss", "log_loss", "mean_squared_error"),
    *("mean_pairwise_squared_error", "softmax_cross_entropy", "sigmoid_cross_entropy"),
)
LOSS_OF_TENSORFLOW = re.compile(rf"(?:\btf|\bv1)\.losses\.(?:{'|'.join(LOSSES)})\(")
"""A loss of TensorFlow 1, which takes the target before the output."""

CALLS_CELL = re.compile(r"cell\(")
"""The call of a cell, which computes no loss."""


BUILDS = re.compile(r"\.py[^\n]{0,40}[ ]in build\b")
"""The frame of Keras that makes the weights of a layer: no loss."""


def _of_either(left: Shape, right: Shape, id: str) -> Mismatch:
    """Two shapes of which either may be that of the target."""
    sentence = phrase(
        "Two shapes should be equal: {left} and {right}. In a loss these are the target and the output.",
        left=written(left),
        right=written(right),
    )
    axis = "rank" if len(left) != len(right) else None
    likely = cause(id, "keras")
    if id == "target_axis" and max(len(left), len(right)) > MATRIX:  # of every step
        likely = replace(likely, fix="target = target[..., np.newaxis]")
    return Mismatch("target", axis, sentence, causes=(likely,))


def of_training(found: Found) -> Mismatch | None:
    """Two arrays in the training of a model of Keras, of which one lacks an axis of size 1 at the end, or, if the text
    has nothing but usual layers, an axis of steps, or which differ in their steps or their last axis; None for any
    others."""
    left, right = found.shape("left"), found.shape("right")
    shorter, longer = sorted((left, right), key=len)
    around = found.surroundings
    is_trained = COMPILED.search(around.text) or (ADDED.search(around.text) and LABELLED.search(around.text))
    of_loss = "/loss/" in found.text("arguments")
    if not (of_loss or IN_TRAINING.search(found.text("operation"))) or not is_trained:
        return None
    if longer == (*shorter, 1):
        return _of_either(left, right, "target_axis")
    if OTHER_SUMS.search(around.text) or shorter[:1] != longer[:1]:
        return None
    if len(longer) == 3 and longer[::2] == shorter:
        return _of_either(left, right, "target_shape")
    differing = [n for n, (one, other) in enumerate(zip(shorter, longer, strict=False)) if one != other]
    if len(longer) != len(shorter) or len(longer) not in (2, 3) or len(differing) != 1:
        return None
    is_of_indices = "sparse" in around.text and around.flag("return_sequences") and len(longer) == 2
    axis = "time_step" if differing == [1] and (len(longer) == 3 or is_of_indices) else None
    return replace(_of_either(left, right, "target_shape"), axis=axis)


IN_TRAINING = re.compile(r"^$|loss|metrics?(?:_|/|$)|accuracy|equal")
"""The name of an operation that computes a loss or a metric; "" if the message does not say it."""

OTHER_SUMS = re.compile(
    r"(?:layers\.|(?<![.\w]))(?:add|multiply|subtract|average|maximum|lambda|attention\w*|dot)\("
    r"|\bclass \w|\bdef call\b|[\w)\]] [+*-] \w{1,30}\("
    r"|^\s{0,20}\w{1,30} ?= ?[a-z_]\w{0,30}(?: [+*-] [a-z_]\w{0,30}){1,4}\s{0,9}$",
    re.MULTILINE,
)
"""What else computes sums in a model of Keras, in lower case."""

COMPILED = re.compile(r"\.compile\((?:[^\n]{0,60}loss|[^()\n]{0,80}(?:crossentropy|mse|mae|mean_\w+_error))")
"""A model of Keras that gets its loss."""

ADDED, LABELLED = re.compile(r"\bmodel\.add\("), re.compile(r"\b(?:labels?|targets?|y_?train)\b")
"""A model of Keras of which a text shows the layers, and its target."""


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
    axis, node = found.number("axis"), NODE.search(found.after)
    if node and node[2].count(",") == AXES_OF_IMAGES - 1 and (axis, found.number("got") > 1) == (HEIGHT, True):
        return wrong_rank("x", AXES_OF_IMAGES - 1, AXES_OF_IMAGES, [cause("image_height", "tf1")])
    is_elsewhere = node and not IN_METRIC.search(node[1])
    if not axis or "squeeze(" in found.code or is_elsewhere:  # of the program itself, not of a metric
        raise NoShapeError(phrase("an axis that is removed"))
    ids = ("return_sequences", "target_shape")
    return wrong_rank("target", axis, axis + 1, [cause(id, "keras", cell=found.cell) for id in ids])


NODE = re.compile(r"^\)?for([\w./]{1,150})\(op:squeeze\)withinputshapes:\(([^()]{1,80})\)")
"""The operation that removes an axis, and the shape of what it gets; after the message, in the folded text."""

IN_METRIC = re.compile(r"loss|metric|accuracy|crossentropy|cross_entropy|squeeze_dim|^squeeze(?:_\d{1,2})?$")
"""The name of an operation that removes an axis in a loss or a metric."""

AXES_OF_IMAGES, HEIGHT = 4, 2
"""The axes of what a convolution returns for images, of which the width is the time of a recurrent layer: the height is
the third one, or else the second."""

TEMPLATES = (
    MessageTemplate(
        "keras-shapes",
        "keras",
        "2",
        "Shapes {left:shape} and {right:shape} are incompatible",
        two_shapes,
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
)
