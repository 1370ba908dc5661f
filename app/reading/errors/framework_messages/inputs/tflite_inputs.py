"""The x of a model of TensorFlow Lite, whose sizes are fixed."""

import re
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, of_unknown_arrays, wrong_rank, wrong_size
from ..message_template import NEAR, Found, MessageTemplate


def set_in_tflite(found: Found) -> Mismatch:
    """An x of a model of TensorFlow Lite, whose sizes are fixed."""
    expected, got, axis = found.number("expected"), found.number("got"), found.number("axis")
    if not found.text("axis"):
        ids = ("missing_axis", "missing_features_axis") if got < expected else ("extra_axis",)
        return wrong_rank("x", expected, got, [cause(id, "keras") for id in ids])
    if axis >= RANK:
        return of_unknown_arrays()
    name = AXES_OF_X[axis]
    if name == "batch_size":
        return batch_in_tflite(expected, got)
    likely = cause("other_features" if name == "features" else "resized_input", "keras", got=got, expected=expected)
    return wrong_size("x", name, expected, got, [likely], [fact(name, expected, "model")])


def batch_in_tflite(expected: int, got: int) -> Mismatch:
    """An x with another batch than that of the states of a model of TensorFlow Lite."""
    likely = replace(cause("fixed_batch", "keras"), fix=f"interpreter.set_tensor(index, x[:{expected}])")
    return wrong_size("x", "batch_size", expected, got, [likely], [fact("batch_size", expected, "states")])


def states_in_tflite(found: Found) -> Mismatch:
    """The values of the states of a model of TensorFlow Lite, which was converted for one sample."""
    units, values = found.number("one"), found.number("other")
    if not units or values % units:
        raise NoShapeError()
    return batch_in_tflite(1, values // units)


def features_in_tflite(found: Found) -> Mismatch:
    """An x with another number of features than the weights of a model of TensorFlow Lite."""
    expected, got = found.number("expected"), found.number("got")
    likely = cause("other_features", "keras", got=got, expected=expected)
    return wrong_size("x", "features", expected, got, [likely], [fact("features", expected, "kernel")])


def joined_in_tflite(found: Found) -> Mismatch:
    """x and h of a step in TensorFlow Lite, of which the batch of h is fixed."""
    sizes = sorted((found.number("one"), found.number("other")))
    if sizes[0] != 1 or not IN_LOOP.search(found.after[:NEAR]):
        raise NoShapeError()
    return batch_in_tflite(1, sizes[1])


IN_LOOP = re.compile(r"\(while\)failedto")
"""The loop of TensorFlow Lite over the steps, in the folded text."""


TEMPLATES = (
    MessageTemplate(
        "tflite-concatenation",
        "keras",
        "2-3",
        "t->dims->data[d] != t0->dims->data[d] ({one:n} != {other:n})",
        joined_in_tflite,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id, "tflite", "2", f"Cannot set tensor: Dimension mismatch. {text}", set_in_tflite, anywhere=True
        )
        for id, text in (
            ("tflite-axis", "Got {got:n} but expected {expected:n} for dimension {axis:n} of input"),
            ("tflite-rank", "Got {got:n} but expected {expected:n} for input"),
        )
    ),
    MessageTemplate(
        "tflite-mismatch",
        "tflite",
        "1-2",
        "Cannot set tensor: Dimension mismatch",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "tflite-features",
        "tflite",
        "2",
        "input_to_output_weights->dims->data[1] != n_input ({expected:n} != {got:n})",
        features_in_tflite,
    ),
    MessageTemplate(
        "tflite-states",
        "tflite",
        "2",
        "NumElements(output_state) != n_batch * n_output ({one:n} != {other:n})",
        states_in_tflite,
    ),
)
