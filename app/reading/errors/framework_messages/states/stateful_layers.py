"""Messages about the batch of layers of Keras that keep their states, or whose x has no fixed batch."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import batch_id, cause
from ...code_lines.batches_of_calls import batch_of_calls
from ...mismatch import Mismatch, of_unknown_arrays, wrong_size
from ..inputs import masks_in_graphs
from ..message_template import Found, MessageTemplate
from .causes_of_states import numbers


def batch_of_a_stateful_layer(found: Found) -> Mismatch:
    """An x with another batch than the states that a layer has kept."""
    expected, got = found.number("expected"), found.number("got")
    likely = cause(batch_id(got, made_for=expected), "keras", batch_size=expected, batch_of_x=got)
    return wrong_size("x", "batch_size", expected, got, [likely], [fact("batch_size", expected, "states")])


def list_of_another_batch(found: Found) -> Mismatch:
    """An x whose steps TensorFlow puts into a list that was made for another batch."""
    expected, got = found.shape("expected"), found.shape("got")
    scope = SCOPE_OF_LIST.search(found.before[-LONGEST_SCOPE:] + found.after[:LONGEST_SCOPE])
    is_elsewhere = scope and scope[1] and not IN_SCOPE_OF_LAYER.search(scope[1])
    is_other = is_elsewhere or OWN_LIST.search(found.surroundings.text)
    if is_other or len(expected) != 2 or len(got) != 2 or None in (*expected, *got) or expected[1] != got[1]:
        return of_unknown_arrays()
    (batch, features), (batch_got, _) = numbers(expected), numbers(got)
    is_of_x = found.template.id == "keras-2-list"  # or of what a cell returns
    facts = [fact("batch_size", batch, "states"), *([fact("features", features, "x")] if is_of_x else [])]
    likely = cause(batch_id(batch_got, made_for=batch), "keras", batch_size=batch, batch_of_x=batch_got)
    return wrong_size("x", "batch_size", batch, batch_got, [likely], facts)


def batch_of_kept_states(found: Found) -> Mismatch:
    """Two batches in a layer of TensorFlow 1: that of x and that of its states, in an order that depends on the
    operation."""
    left, right = found.shape("left"), found.shape("right")
    is_in_layer = IN_SCOPE_OF_LAYER.search(found.text("operation"))
    is_choice = found.text("type") == "select" and masks_in_graphs.is_in_layer(found)
    if is_choice and (of_mask := masks_in_graphs.of_repeated_mask(left, right)):
        return of_mask
    if not is_in_layer or len(left) != 2 or len(right) != 2 or left[1] != right[1] or None in (left[0], right[0]):
        return of_unknown_arrays()
    sentence = phrase(
        "Two batches differ, {left} and {right}: that of x and that of the states.", left=left[0], right=right[0]
    )
    batch = max(left[0] or 0, right[0] or 0)
    return Mismatch("x", "batch_size", sentence, causes=(cause("last_batch", "keras", batch_size=batch),))


SCOPE_OF_LIST = re.compile(
    r"(?:tensorarray|node)((?:[\w.]{1,40}/){0,8}?)(?:tensorarrayunstack\w{0,4}/)?tensor(?:array|list)"
)
"""The scope of a list of TensorFlow, in the folded text; "" in the function of a layer."""

LONGEST_SCOPE = 200
"""Characters before and after a message in which it is looked for."""

OWN_LIST = re.compile(r"\bmap_fn\(|\btf\.(?:scan|tensorarray)\(")
"""A list of steps that no recurrent layer makes, in lower case."""

IN_SCOPE_OF_LAYER = re.compile(r"(?:lstm|gru|rnn)\w{0,40}/")
"""The name of an operation in a recurrent layer, in lower case."""


def samples_of_a_stateful_layer(found: Found) -> Mismatch:
    """Samples that are no whole batches, for a layer that keeps its states: often the last batch is a smaller one."""
    n, batch_size = found.number("got"), found.number("expected")
    if not n:  # the message is cut, as in the title of a post
        said = found.surroundings.said_batches | found.surroundings.fixed_batches
        batch_size = said.pop() if len(said) == 1 else 0
        sentence = phrase("The number of samples is no multiple of batch_size.")
    else:
        sentence = phrase("The number of samples, {n:,}, is no multiple of batch_size.", n=n)
    id = batch_id(n, made_for=batch_size) if 0 < n < batch_size else "last_batch"
    likely = cause(id, "keras", batch_size=batch_size or "batch_size")
    facts = (fact("batch_size", batch_size, "states"),) if batch_size else ()
    return Mismatch("x", "batch_size", sentence, causes=(likely,), facts=facts)


BEGINNING = "In a stateful network, you should only pass inputs with a number of samples"

SAMPLES = BEGINNING + " that can be divided by the batch size. Found: {got:n} samples"


def no_batch_size(found: Found) -> Mismatch:
    """An x whose batch size is not known when the model is built."""
    *_, steps, features = (None, None, *found.shape("shape"))
    sentence = phrase("The framework needs a fixed batch_size, and that of x is not known.")
    sizes = {"time_step": steps, "features": features}
    facts = [fact(name, size, "x") for name, size in sizes.items() if size]
    return Mismatch(
        "x",
        "batch_size",
        sentence,
        None,
        None,
        (cause("static_batch", "keras", steps=steps or "None", features=features),),
        (*facts,),
    )


def no_batch_size_in_converter(found: Found) -> Mismatch:
    """The same in a converter, which makes a list of the steps of each layer, also of one that keeps no states."""
    return replace(no_batch_size(found), causes=(cause("converted_batch", "keras", steps="None"),))


def no_batch_size_in_keras_2(found: Found) -> Mismatch:
    """The same in Keras 1 and 2, whose first layer may say the shape of x, unless a text shows no such layer."""
    is_of_tensorflow = found.template.id == "keras-2-stateful" and not STANDALONE.search(found.before)
    if is_of_tensorflow and not INPUT_SHAPE.search(found.code):
        return no_batch_size(found)
    likely = cause("static_input_shape", "keras", cell=found.cell)
    if given := INPUT_SHAPE.search(found.code):
        fix = f"{found.code[: given.start()]}batch_input_shape=({_batch(found)}, {found.code[given.end() :]}"
        likely = replace(likely, wrong=found.code, fix=fix)
    return replace(no_batch_size(found), causes=(likely,))


def _batch(found: Found) -> str:
    """The batch size of the calls of a program that has no ``batch_size``; ``batch_size`` in any other text."""
    tree = found.program.tree
    return "batch_size" if not tree.imported or tree.is_assigned("batch_size") else batch_of_calls(tree)


STANDALONE = re.compile(r"packages[\\/]keras[\\/]layers[\\/]recurrent\.py")
"""The path of a layer in Keras before it was a part of TensorFlow, in the folded text."""

INPUT_SHAPE = re.compile(r"(?<!\w)input_shape\s?=\s?\((?=[^\n]{0,200}\)$)")
"""The beginning of the shape of x in a whole line that makes a layer of Keras."""


TEMPLATES = (
    MessageTemplate(
        "keras-stateful-batch",
        "keras",
        "3",
        "the batch size of the input sequences must be the same as the batch size of the initial state."
        " - Expected batch size: {expected:n} - Received batch size: {got:last}",
        batch_of_a_stateful_layer,
    ),
    MessageTemplate(
        "keras-2-list",
        "keras",
        "2",
        "Specified a list with shape {expected:shape} from a tensor with shape {got:shape}",
        list_of_another_batch,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-steps",
        "keras",
        "2",
        "because the value shape is {got:shape} which is incompatible with the TensorArray's inferred element shape:"
        " {expected:shape}",
        list_of_another_batch,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-operation",
        "tf1",
        "1-2",
        "Inputs to operation {operation:operation} of type {type:name} must have the same size and shape. Input 0:"
        " {left:shape} != input 1: {right:shape}",
        batch_of_kept_states,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-fixed-batch",
        "keras",
        "2",
        "The `batch_size` argument value {got:n} is incompatible with the specified batch size of your Input Layer:"
        " {expected:last}",
        batch_of_a_stateful_layer,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "keras", "0-2", text, samples_of_a_stateful_layer)
        for id, text in (
            ("keras-1-samples-cut", BEGINNING),
            ("keras-1-samples", SAMPLES),
            ("keras-1-fixed-batch", SAMPLES + ". Batch size: {expected:last}"),
        )
    ),
    MessageTemplate(
        "keras-stateful",
        "keras",
        "3",
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape="
        "{shape:shape}",
        no_batch_size,
    ),
    MessageTemplate(
        "keras-1-stateful",
        "keras",
        "1",
        "If a RNN is stateful, a complete input_shape must be provided (including batch size)",
        no_batch_size_in_keras_2,
    ),
    MessageTemplate(
        "keras-2-stateful",
        "keras",
        "1-2",
        "a RNN is stateful, it needs to know its batch size.",
        no_batch_size_in_keras_2,
    ),
    MessageTemplate(
        "tflite",
        "tflite",
        "2",
        "'tf.TensorListReserve' op requires element_shape to be static during TF Lite transformation pass",
        no_batch_size_in_converter,
    ),
)
