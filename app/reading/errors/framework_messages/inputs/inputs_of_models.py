"""Messages about the arrays that a model gets: x, its targets and its initial states."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import batch_id, cause
from ...mismatch import (
    NOT_RECURRENT,
    Mismatch,
    NoShapeError,
    Shape,
    last_size,
    of_unknown_arrays,
    written,
    wrong_rank,
    wrong_shape,
)
from ...names_of_layers import is_recurrent
from ..message_template import Found, MessageTemplate
from ..outputs import losses, pairs_of_output_and_states
from ..states.numbers_of_states import sizes_of_listed_arrays
from .inputs import FOR_OWN_LAYER, OF_KERAS, facts_of_shape, is_dense, rank


def shape(found: Found) -> Mismatch:
    """An input of a model with another shape."""
    expected, got = found.shape("expected"), found.shape("got")
    if "target" in found.text("which"):
        return _target(found, expected, got)
    is_of_layer = is_recurrent(found.text("layer")) and found.text("layer").endswith("_input")  # which has three axes
    if len(expected) == len(got) == 2 and (is_of_layer or None not in expected[:1]):  # Keras 2.1 leaves the batch out
        expected, got = (None, *expected), (None, *got)
    if len(expected) not in (2, 3) or is_dense(found.text("layer")):
        raise NoShapeError(NOT_RECURRENT)
    if len(got) != len(expected):
        ids = ("missing_axis", "missing_features_axis") if len(got) < len(expected) else ("extra_axis",)
        causes = [cause(id, found.framework) for id in ids]
        facts = facts_of_shape(expected) if len(expected) == 3 else []
        return wrong_rank("x", len(expected), len(got), causes, facts, (expected, got))
    is_state = found.program.is_state(expected) or (found.number("i") and STATES.search(found.code.lower()))
    if len(expected) == 2 and is_state and expected[1:] != got[1:]:
        return wrong_shape("h_0", "num_units", expected, got, [cause("other_units", "keras", units=expected[1])])
    if len(expected) == 2:
        return wrong_shape("x", None, expected, got)
    differing = [
        name
        for name, want, size in zip(AXES_OF_X, expected, got, strict=True)
        if want != size and None not in (want, size)
    ]
    if expected[-1] == 1 and got[1:] == expected[:2] and found.framework == "keras" and None not in got:
        return _one_axis_further(expected, got)
    if expected[1:] == (got[2], got[1]) and len(differing) == 2:
        of_batch = [fact("batch_size", size, "x") for size in got[:1] if size and expected[0] is None]
        facts = [*facts_of_shape(expected), *of_batch]
        return wrong_shape("x", "order", expected, got, [cause("features_first", found.framework)], facts)
    axis = differing[-1] if differing else None
    by_axis = {
        "features": "other_features",
        "time_step": "other_steps",
        "batch_size": batch_id(got[0] or 0, made_for=expected[0] or 0),
    }
    values = {"got": got[2], "features": expected[2], "expected": expected[2], "batch_size": expected[0]}
    likely = [cause(by_axis[name], found.framework, **values) for name in reversed(differing)]
    return wrong_shape("x", axis, expected, got, likely, facts_of_shape(expected))


def shape_of_signature(found: Found) -> Mismatch:
    """An array for a ``tf.function`` whose signature says another shape."""
    mismatch, got = shape(found), found.shape("got")
    if mismatch.axis not in AXES_OF_X:
        return mismatch
    sizes = [None if size is None else new for size, new in zip(found.shape("expected"), got, strict=True)]
    likely = cause("signature", found.framework, shape=", ".join(map(str, sizes)))
    return replace(mismatch, causes=(likely,))


def _one_axis_further(expected: Shape, got: Shape) -> Mismatch:
    """An x for a layer whose shape with the batch has the steps and the features in its first axes."""
    sizes = {"expected": written(expected), "got": written(got)}
    sentence = phrase(
        "The layer was made for x with shape {expected}, but got {got}, whose sizes are one axis further.", **sizes
    )
    return Mismatch("x", "order", sentence, expected, got, (cause("shape_without_batch", "keras", **sizes),))


STATES = re.compile(r"\b\w*states?\b|\b(?:h|c)_?\w?\b|hidden")
"""States that are inputs of a model, after its first input, in a line of code."""


def checked_rank(found: Found) -> Mismatch:
    """An input or a target of a model with another number of axes."""
    is_of_target = "target" in found.text("which") or (not found.text("which") and not OF_INPUT.search(found.layer))
    return _rank_of_target(found) if is_of_target else rank(found)


OF_INPUT = re.compile("input")
"""What is in the name of an input of a model, and not in that of the layer which a target is for."""


def rank_in_theano(found: Found) -> Mismatch:
    """The same in a function of Theano: its first argument is x, and if Keras 0 made it, its second one is the target;
    weights of the samples come last."""
    i = found.number("i")
    if i > 1 or (i and "keras" not in found.text("name")):
        raise NoShapeError()
    return _rank_of_target(found) if i else rank(found)


def _rank_of_target(found: Found) -> Mismatch:
    ids: tuple[str, ...] = ("not_return_sequences",)
    shape = found.shape("shape")
    got = len(shape) or found.number("got")
    if found.number("expected") < got:
        ids = ("return_sequences",)
    elif found.layer.startswith("time_distributed") and shape[-1:] != (1,):  # which reads every step
        ids = ()
    causes = [cause(id, "keras") for id in (*ids, "target_shape")]
    causes = [losses.only_last_step(found) if one.id == "return_sequences" else one for one in causes]
    if found.number("expected") == RANK and _has_number_for_each_step(found, shape):
        causes = [cause("target_last_axis", "keras")]
    return wrong_rank("target", found.number("expected"), got, causes, shapes=((), shape))


def _has_number_for_each_step(found: Found, shape: Shape) -> bool:
    """Whether a target with two axes has a number for each step of x, by the steps that the program says."""
    steps = found.program.sizes_of_layer(found.cell).get("time_step") or found.surroundings.number("input_length")
    is_one_hot = losses.ONE_VALUE_A_CLASS.search(found.surroundings.text)
    return len(shape) == RANK - 1 and steps is not None and steps == shape[-1] and steps > 1 and not is_one_hot


def _target(found: Found, expected: Shape, got: Shape) -> Mismatch:
    """A target of a model with another shape than its output."""
    if len(expected) != len(got):
        causes = [cause("target_shape", "keras")]
        return wrong_rank("target", len(expected), len(got), causes, shapes=(expected, got))
    is_index = losses.has_class_indices(found, expected, got)
    ids = ["class_indices"] if is_index else _of_last_layer(found, expected, got)
    causes = [cause(id, "keras", cell=found.cell, expected=expected[-1], got=got[-1]) for id in (*ids, "target_shape")]
    of_each = [(None, *one) if is_without_batch(found, expected) else one for one in (expected, got)]
    axis = losses.axis_of_target(*of_each) if len(of_each[0]) == RANK else None
    return wrong_shape("target", axis, expected, got, causes)


def is_without_batch(found: Found, expected: Shape) -> bool:
    """Whether the two sizes of an output are those of its steps and its last axis, as Keras 2.1 writes them."""
    return found.layer.startswith("time_distributed") and len(expected) == RANK - 1 and None not in expected[:1]


def _of_last_layer(found: Found, expected: Shape, got: Shape) -> list[str]:
    """Why an output has another number of values than a target with the same axes. One value may be the index of a
    class, unless the loss is that of numbers; several may be steps, if the output has one."""
    others = zip(expected[:-1], got[:-1], strict=True)
    is_last = all(one == other or None in (one, other) for one, other in others) and expected[-1:] != got[-1:]
    if not is_last or None in (expected[-1], got[-1]):
        return []
    if is_recurrent(found.layer):
        return ["last_units"]
    if expected[-1] == 1 and "sparse_categorical_crossentropy" in found.surroundings.text:
        return ["one_hot_target"]
    may_be_index = got[-1] == 1 and not OF_NUMBERS.search(found.surroundings.text)
    is_too_large = (got[-1] or 0) > MOST_OUTPUTS
    return [] if may_be_index or is_too_large or expected[-1] == 1 else ["dense_outputs"]


MOST_OUTPUTS = 1_000_000
"""No dense layer has more outputs: its target is of other axes, such as the steps of a long series."""


OF_NUMBERS = re.compile(r"\b(?:mse|mae|mean_?(?:squared|absolute)_?error|huber)\b")
"""A loss of Keras whose target has numbers, in lower case."""


def number_of_inputs(found: Found) -> Mismatch:
    """Several arrays as the input of a layer: x and its initial states."""
    if returned := pairs_of_output_and_states.list_of_states(found):
        return returned
    if is_dense(found.text("layer")) or "target" in found.text("which"):
        raise NoShapeError(NOT_RECURRENT)
    expected, got = found.number("expected"), found.number("got")
    of_model = "list_of_samples" if expected == 1 else "number_of_inputs"
    id = "states_in_list" if is_recurrent(found.text("layer")) else of_model
    sentence = phrase("Expected number of input arrays: {expected}; got {got}.", expected=expected, got=got)
    facts = sizes_of_listed_arrays(found.after) if id == "states_in_list" else ()
    states = "h" if got == 2 else "h, c"
    return Mismatch("x", None, sentence, (expected,), (got,), (cause(id, "keras", states=states),), (*facts,))


def states_in_sequential(found: Found) -> Mismatch:
    """A layer that returns its states as well, in a Sequential."""
    sentence = phrase("A Sequential passes one array on to the next layer, but this layer returns several.")
    return Mismatch("output", None, sentence, causes=(cause("returned_states", "keras", cell=found.cell),))


def fed(found: Found) -> Mismatch:
    """An array that is fed to a placeholder of another shape. Its name says whether it is x."""
    if OF_TARGET.search(found.text("layer")):
        return _target(found, found.shape("expected"), found.shape("got"))
    is_x = OF_X.search(found.text("layer")) or _is_only_x(found.surroundings.text)
    if not is_x or len(found.shape("expected")) != RANK:
        return of_unknown_arrays()
    mismatch, sizes = shape(found), {"expected": found.shape("expected")[-1], "got": last_size(found.shape("got"))}
    of_feed = {"other_features": cause("other_features", "fed", **sizes)}
    return replace(mismatch, causes=tuple(of_feed.get(one.id, one) for one in mismatch.causes))


def _is_only_x(text: str) -> bool:
    """Whether lines of code give the only placeholder with three axes to a recurrent layer."""
    names = [name for name, sizes in PLACEHOLDER.findall(text) if sizes.count(",") == RANK - 1]
    return len(names) == 1 and re.search(rf"rnn\w{{0,4}}\([^\n]{{0,80}}\b{names[0]}\b", text) is not None


PLACEHOLDER = re.compile(
    r"\b(\w{1,40})\s?=\s?tf\.(?:compat\.v1\.)?placeholder\([^\n]{0,40}?[\[(]([^\[\]()\n]{1,60})[\])]"
)
"""A placeholder with its sizes, in a line of code in lower case."""

OF_TARGET = re.compile(r"\w_targets?(?::0)?$")
"""The name that Keras gives to the placeholder of a target."""

OF_X = re.compile(
    r"^u?(?:inputdata(?:_\d{1,3})?/)?(?:placeholder|x|inputs?|(?:lstm|gru|simple_rnn)_\d+_input)"
    r"(?:_?placeholder)?(?::0)?$"
)
"""Names of the placeholder of x: the first one without a name is usually that of x. Keras names it after the layer."""


def rank_of_decoder(found: Found) -> Mismatch:
    """An x of a decoder of the package seq2seq, which reads one vector for each sample."""
    expected, got = found.number("expected"), found.number("got")
    likely = cause("not_return_sequences", "keras", cell=found.cell)
    causes = [replace(likely, sentence=FOR_OWN_LAYER)] if (expected, got) == (RANK - 1, RANK) else []
    return wrong_rank("x", expected, got, causes)


TEMPLATES = (
    MessageTemplate(
        "keras-decoder-rank",
        "keras",
        "0-1",
        "Decoder requires {expected:n}D input, not {got:n}D",
        rank_of_decoder,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-signature",
        "tf1",
        "2",
        "Can not cast TensorSpec(shape={got:shape}, dtype={given:any}) to TensorSpec(shape={expected:shape}, dtype=",
        shape_of_signature,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            f"{id}-shape",
            "keras",
            versions,
            text + "expected shape={expected:shape}, found shape={got:shape}",
            shape,
            anywhere=True,
        )
        for id, versions, text in OF_KERAS
    ),
    MessageTemplate(
        "keras-inputs",
        "keras",
        "2-3",
        'Layer "{layer:name}" expects {expected:n} input(s), but it received {got:n} input tensors.',
        number_of_inputs,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-named-inputs",
        "keras",
        "3",
        'Layer "{layer:name}" expects {expected:n} named input(s) with keys [{keys:any}], but it received {got:n} input'
        " tensors.",
        number_of_inputs,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-0-inputs",
        "keras",
        "2",
        "Layer {layer:name} expects {expected:n} inputs, but it received {got:n} input tensors",
        number_of_inputs,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-sequential",
        "keras",
        "1-2",
        "All layers in a Sequential model should have a single output tensor.",
        states_in_sequential,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-0-check-number",
        "keras",
        "1",
        "Error when checking {which:any}: the list of Numpy arrays that you are passing to your model is not the size"
        " the model expected. Expected to see {expected:n} arrays but instead got the following list of {got:n} arrays",
        number_of_inputs,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-check-number",
        "keras",
        "1-2.3",
        "Error when checking {which:any}: the list of Numpy arrays that you are passing to your model is not the size"
        " the model expected. Expected to see {expected:n} array(s),{inputs:any}but instead got the following list of"
        " {got:n} arrays",
        number_of_inputs,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-0-check-rank",
        "keras",
        "0-1 on Theano",
        "Bad input argument to theano function with name {name:any}at index {i:n}(0-based){between:any}Wrong number of"
        " dimensions: expected {expected:n}, got {got:n} with shape {shape:shape}",
        rank_in_theano,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-check-rank",
        "keras",
        "1-2.3",
        "Error when checking {which:any}: expected {layer:name} to have {expected:n} dimensions, but got array with"
        " shape {shape:shape}",
        checked_rank,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-check-rank-in-words",
        "keras",
        "1-2.3",
        "Error when checking {which:any}: expected{layer:any}to have {expected:n} dimensions, but got array with"
        " {got:n}D shape",
        checked_rank,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            f"keras-1-check-rank-cut{id}",
            "keras",
            "1-2.3",
            f"expected {{layer:name}} to have {{expected:n}} dimensions{comma} but got array with shape"
            " {shape:shape}",
            checked_rank,
            anywhere=True,
        )
        for id, comma in (("", ","), ("-retyped", ""))
    ),
    *(
        MessageTemplate(
            f"keras-js-check-rank{id}",
            "keras",
            "TensorFlow.js",
            "Error when checking {which:any}: expected {layer:name} to have {expected:n} dimension(s)"
            f"{between} but got array with shape {shape}",
            checked_rank,
            anywhere=True,
        )
        for between, n in ((".", ""), (",", "-2"))
        for id, shape in ((n, "{shape:sizes}"), (f"{n}-brackets", "{shape:shape}"))
    ),
    MessageTemplate(
        "keras-1-check-shape",
        "keras",
        "1-2.3",
        "Error when checking {which:any}: expected {layer:name} to have shape {expected:shape} but got array with shape"
        " {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-check-shape-retyped",  # without "expected", or with a comma
        "keras",
        "1-2.3",
        "Error when checking {which:any}: {layer:name} to have shape {expected:shape} but got array with shape"
        " {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-js-check-shape",
        "keras",
        "TensorFlow.js",
        "Error when checking {which:any}: expected {layer:name} to have shape {expected:shape}, but got array with"
        " shape {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-input",
        "keras",
        "3",
        "with name '{layer:name}' and path '{path:any}'. Expected shape {expected:shape}, but input has incompatible"
        " shape {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-invalid-input",
        "keras",
        "3",
        "Invalid input shape for input {tensor:any}). Expected shape {expected:shape}, but input has incompatible shape"
        " {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-constructed",
        "keras",
        "2",
        "Model was constructed with shape {expected:shape} for input {tensor:any}, but it was called on an input with"
        " incompatible shape {got:shape}",
        shape,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-feed",
        "tf1",
        "1-2",
        "Cannot feed value of shape {got:shape} for Tensor {layer:name}, which has shape {expected:shape}",
        fed,
        anywhere=True,
    ),
)
