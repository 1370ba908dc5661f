"""Messages of ONNX Runtime about an input of a model: x or an initial state, by its name."""

import re

from ....translations.phrases import phrase
from ...facts_about_sizes import fact
from ..causes import cause
from ..mismatch import Mismatch, NoShapeError, wrong_rank, wrong_size
from .inputs import rank
from .message_template import Found, MessageTemplate

OTHER_INDEX = re.compile(r"index:(\d{1,2}) ?got:(\d{1,9}) ?expected:(\d{1,9})")
"""Another axis in a message of ONNX Runtime; in the folded text."""

STATE = re.compile(r"(?:^|_|initial)([hc])(?:_?[0n]|_in|x)?$")
"""Names of initial states of ONNX models."""

OF_STATE = re.compile(r"(?:^|_)(?:in_?)?state(?:_?in)?$|(?:^|_)hidden(?:_state|_in)?$")
"""Names of initial states of ONNX models that do not say whether they are h or c."""

UNKNOWN_STATE = "state"
"""An initial state of an LSTM of which the name does not say whether it is h or c."""


def _state_of_onnx(found: Found) -> str:
    """Which initial state an input of an ONNX model is, by its name; "" for x."""
    name = found.text("layer").lower()
    if state := STATE.search(name):
        return f"{state[1]}_0"
    if not OF_STATE.search(name):
        return ""
    return "h_0" if "hidden" in name or found.cell in ("gru", "rnn") else UNKNOWN_STATE


def rank_of_input(found: Found) -> Mismatch:
    """An input of an ONNX model with another number of axes: x or an initial state, by its name."""
    state, got = _state_of_onnx(found), found.number("got")
    if state == UNKNOWN_STATE:
        values = {"expected": found.number("expected"), "got": got}
        return Mismatch(None, None, phrase("An initial state needs {expected} axes, but it has {got}.", **values))
    if not state:
        return rank(found)
    causes = [cause("unsqueeze", "onnx", state=found.text("layer"))] if got == 2 else []
    return wrong_rank(state, found.number("expected"), got, causes)


def sizes_of_input(found: Found) -> Mismatch:
    """An input of an ONNX model with other sizes than the model has. The last axis counts, or else the first one that
    differs."""
    first = found.number("i"), found.number("got"), found.number("expected")
    differing = [first, *(tuple(map(int, match.groups())) for match in OTHER_INDEX.finditer(found.after))]
    index, got, expected = next((one for one in differing if one[0] == LAST_AXIS), first)
    if state := _state_of_onnx(found):
        tensor, axes = "h_0" if state == UNKNOWN_STATE else state, ("num_layers*directions", "batch_size", "num_units")
    else:
        is_batch_first = found.surroundings.flag("batch_first")
        tensor = "x"
        axes = ("batch_size", "time_step", "features") if is_batch_first else ("time_step", "batch_size", "features")
    if index > LAST_AXIS:
        raise NoShapeError(phrase("an input that is not of a recurrent layer"))
    is_of_one = expected == 1 and index < LAST_AXIS and tensor == "x"  # most examples of an export have one sample
    axis = "batch_size" if is_of_one else axes[index]
    id = "other_features" if axis == "features" else "exported_sizes"
    likely = cause(id, "onnx", input=found.text("layer"), index=index, expected=expected)
    if state == UNKNOWN_STATE:
        values = {"axis": axis, "expected": expected, "got": got}
        sentence = phrase("An initial state needs {axis} = {expected}, but it has {got}.", **values)
        return Mismatch(None, None, sentence, causes=(likely,))
    return wrong_size(tensor, axis, expected, got, [likely], [fact(axis, expected, tensor)])


LAST_AXIS = 2
"""The index of the last axis of x and of a state."""


TEMPLATES = (
    MessageTemplate(
        "onnx-input-rank",
        "onnx",
        "1",
        "Invalid rank for input: {layer:name} Got: {got:n} Expected: {expected:n}",
        rank_of_input,
        anywhere=True,
    ),
    MessageTemplate(
        "onnx-input-size",
        "onnx",
        "1",
        "Got invalid dimensions for input: {layer:name} for the following indices index: {i:n} Got: {got:n} Expected:"
        " {expected:n}",
        sizes_of_input,
        anywhere=True,
    ),
)
