"""Messages about what recurrent layers of PyTorch return: an entry that the last state has not, and axes along which it
or an output is repeated or expanded.

Networks without recurrence raise them as well. The line that failed says which array it is.
"""

from dataclasses import replace

from ....translations.phrases import phrase
from ..causes import cause
from ..mismatch import Cause, Mismatch, NoShapeError, wrong_size
from .attention import AXES, of_units
from .message_template import Found, MessageTemplate


def entry_of_state(found: Found) -> Mismatch:
    """An entry of what a layer returns as its last state, which has one for each layer and direction."""
    index, got = int(found.text("index").replace(" ", "")), found.number("got")
    expected = index + 1 if index >= 0 else -index
    is_of_layers = found.surroundings.names_recurrent_layer and not found.number("axis")
    if not is_of_layers or not {"h", "c"} & {*found.line.roles_at(index)}:
        raise NoShapeError(phrase("an index"))
    one_direction = replace(
        cause("one_direction", "pytorch", layers="", cell=found.cell or "lstm"),
        sentence=phrase("The line reads the last states of two directions, but the layer has one."),
    )
    causes = [*([one_direction] if expected == 2 * got else []), _last_layer("layers")]
    return wrong_size("output", "num_layers*directions", expected, got, causes)


def _last_layer(id: str) -> Cause:
    return replace(
        cause(id, "pytorch", state="hidden"),
        sentence=phrase("h_n has one entry for each layer and direction. Take that of the last layer."),
        wrong="",
        fix="hidden = hidden[-1]",
    )


def repeated(found: Found) -> Mismatch:
    """A state with more axes than it is repeated along: mostly it has the one of the layers as well."""
    if found.line.role_of_receiver("repeat") not in ("h", "c"):
        raise NoShapeError(phrase("an index"))
    sentence = phrase("The state has more axes than it is repeated along: it still has the one of the layers.")
    return Mismatch("output", "rank", sentence, causes=(_last_layer("squeeze"),))


def expanded(found: Found) -> Mismatch:
    """An output or a state that is expanded to another size along an axis that it has."""
    expected, got, axis, target = (*map(found.number, ("expected", "got", "i")), found.shape("target"))
    role = found.line.role_of_receiver("expand") or found.line.role_of_receiver("expand_as")
    if role not in ("output", "h", "c") or not 2 <= len(target) <= len(AXES):
        raise NoShapeError(phrase("an index"))
    if axis == len(target) - 1:
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    if axis == 0:
        return wrong_size("output", "batch_size", expected, got, [cause("time_first", "pytorch")])
    return wrong_size("output", "time_step", expected, got, [cause("join_steps", "pytorch")])


TEMPLATES = (
    MessageTemplate(
        "pytorch-entry",
        "pytorch",
        "0.4-2",
        "index {index:axis} is out of bounds for dimension {axis:n} with size {got:last}",
        entry_of_state,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-repeat",
        "pytorch",
        "0.4-2",
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
        repeated,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-expand",
        "pytorch",
        "0.4-2",
        "The expanded size of the tensor ({expected:n}) must match the existing size ({got:n}) at non-singleton"
        " dimension {i:n}. Target sizes: {target:shape}. Tensor sizes: {shape:shape}",
        expanded,
        anywhere=True,
    ),
)
