"""Messages of Keras about weights in a file that do not fit the layers of a model."""

import re
from dataclasses import replace
from functools import partial

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError
from ..message_template import Found, MessageTemplate
from .weights import loaded_weights, number_of_weights

VARIABLE = re.compile(r"\),weight(?:<[\w.]{1,40}?variable)?(?:path=)?([\w./-]{1,120}?)(?::0|,|$)")
"""The name of the variable before its shape in the folded text, with or without the form in which TensorFlow writes
it."""


def named_variable(found: Found) -> Mismatch:
    """A variable that was loaded by the name of its layer. TensorFlow 2 writes all its values between its name and its
    shape."""
    names = VARIABLE.findall(found.before)
    if not names:
        raise NoShapeError()
    return loaded_weights(replace(found, values={**found.values, "layer": names[-1]}))


def number_of_layers(found: Found) -> Mismatch:
    """A file with the weights of another number of layers."""
    sizes = {"expected": found.number("expected"), "got": found.number("got")}
    sentence = phrase("Layers with weights: {expected} in the model, {got} in the file.", **sizes)
    expected, got = sizes.values()
    return Mismatch("kernel", None, sentence, (expected,), (got,), (cause("other_layers", "keras"),))


def other_reset(found: Found, in_file: bool) -> Mismatch:
    """The weights of a GRU for a layer with another ``reset_after``. ``in_file``: that of the file; a layer of cuDNN
    always has it."""
    likely = cause("reset_after", "keras", reset=str(in_file))
    if in_file:
        sentence = phrase("The file has two biases for each gate, and the layer has one.")
        return Mismatch("bias", None, sentence, (1,), (2,), (likely,))
    sentence = phrase("The layer has two biases for each gate, and the file has one.")
    return Mismatch("bias", None, sentence, (2,), (1,), (likely,))


def biases_in_javascript(found: Found) -> Mismatch:
    """The bias of a GRU of TensorFlow.js, which has only the one of ``reset_after=False``, and gets both rows of a
    file."""
    expected, got = found.shape("expected"), found.shape("got")
    units, rest = divmod(expected[-1] or 0, GATES["gru"]) if expected else (0, 0)
    if found.cell not in ("gru", "") or len(expected) != 1 or got != (2, *expected) or rest or not units:
        raise NoShapeError(phrase("weights of a layer that is not recurrent"))
    sentence = phrase("The file has two biases for each gate, and the layer has one.")
    likely = cause("reset_after", "keras", units=units, reset="False")
    facts = (fact("gates", GATES["gru"], "class"), fact("num_units", units, "bias"))
    return Mismatch("bias", "rank", sentence, 1, 2, (likely,), facts, (expected, got))


TEMPLATES = (
    MessageTemplate(
        "tfjs-shape",
        "keras",
        "TensorFlow.js",
        "Error: Shape mismatch: {expected:shape} vs. {got:shape}",
        biases_in_javascript,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-load",
        "keras",
        "2.2-2.15",
        "has shape {expected:shape}, but the saved weight has shape {got:shape}",
        named_variable,
    ),
    *(
        MessageTemplate(id, "keras", versions, text, loaded_weights)
        for id, versions, text in (
            (
                "keras-3-load-file",
                "2.13-3",
                "Shape mismatch in {where:any}for weight {layer:name}. Weight expects shape {expected:shape}. Received"
                " saved weight with shape {got:shape}",
            ),
            (
                "keras-2-assign",
                "2.13-2.15",
                "Cannot assign value to variable '{layer:name}': Shape mismatch.The variable shape {expected:shape},"
                " and the assigned value shape {got:shape} are incompatible",
            ),
        )
    ),
    *(
        MessageTemplate(id, "keras", versions, text, number_of_weights, anywhere=True)
        for id, versions, text in (
            (
                "keras-1-number-by-name",
                "1.2-2.15",
                "Layer #{index:n} (named {layer:name}) expects {expected:n} weight(s), but the saved weights have"
                " {got:n} element(s)",
            ),
            (
                "keras-3-number-in-order",
                "2.13-3",
                "Weight count mismatch for layer #{index:n} (named {layer:name} in the current model, {saved:name} in"
                " the save file). Layer expects {expected:n} weight(s). Received {got:n} saved weight(s)",
            ),
            (
                "keras-3-number-by-name",
                "2.13-3",
                "Weight count mismatch for layer #{index:n} (named {layer:name}). Layer expects {expected:n} weight(s)."
                " Received {got:n} saved weight(s)",
            ),
        )
    ),
    *(
        MessageTemplate(id, "keras", versions, text, number_of_layers, anywhere=True)
        for id, versions, text in (
            (
                "keras-1-layers",
                "1-2.15",
                "You are trying to load a weight file containing {got:n} layers into a model with {expected:n} layers",
            ),
            (
                "keras-3-layers",
                "2.13-3",
                "Layer count mismatch when loading weights from file. Model expected {expected:n} layers, found"
                " {got:n} saved layers",
            ),
        )
    ),
    *(
        MessageTemplate(id, "keras", "2.2-2.15", text, partial(other_reset, in_file=in_file), cells=("gru",))
        for id, in_file, text in (
            ("keras-2-reset-after", True, "is not compatible with GRU(reset_after=False)"),
            ("keras-2-reset-before", False, "GRU(reset_after=False) is not compatible with"),
        )
    ),
)
