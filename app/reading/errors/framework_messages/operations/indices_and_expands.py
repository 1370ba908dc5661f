"""Messages of PyTorch about an index that an array does not have, and about axes along which an array is repeated or
expanded: outputs and last states of recurrent layers, and initial states that are expanded.

Networks without recurrence raise them as well. The line that failed says which array it is.
"""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ...axes_of_arrays import AXES_OF_STATE, RANK
from ...causes import batch_id, cause
from ...code_lines.failed_line import Array
from ...code_lines.quoted_code import only_line
from ...mismatch import (
    AN_INDEX,
    Cause,
    Mismatch,
    NoShapeError,
    Shape,
    from_code,
    of_unknown_arrays,
    wrong_rank,
    wrong_shape,
    wrong_size,
)
from ..message_template import Found, MessageTemplate
from ..outputs.sums_of_outputs import OF_OUTPUTS, mask_of_sizes, of_units
from . import parts_of_arrays


def indexed(found: Found) -> Mismatch:
    """An index that an array does not have: that of an entry of the last state, along its first axis."""
    if found.number("axis"):
        return parts_of_arrays.beyond(found)
    return entry_of_state(found, int(found.text("index").replace(" ", "")), found.number("got"))


def entry_of_state(found: Found, index: int, got: int) -> Mismatch:
    """An entry of what a layer returns as its last state, which has ``got``: one for each layer and direction."""
    expected = index + 1 if index >= 0 else -index
    is_of_state = {"h", "c"} & {*found.line.roles_at(index)} or EACH_LAYER.search(found.code.lower())
    if not found.surroundings.names_recurrent_layer or not is_of_state:
        raise NoShapeError(AN_INDEX)
    one_direction = replace(
        cause("one_direction", "pytorch", layers="", cell=found.cell or "lstm"),
        sentence=phrase("The line reads the last states of two directions, but the layer has one."),
    )
    is_each = EACH_LAYER.search(found.code.lower()) is not None
    causes = [*([one_direction] if expected == 2 * got and not is_each else []), last_layer("layers")]
    return wrong_size("output", "num_layers*directions", expected, got, causes)


EACH_LAYER = re.compile(
    r"\w{0,20}(?:hidden|cell|state)\w{0,12}\[(\w{1,20})\]\s[^\n]{0,40}\bfor \1 in range\((?:self\.)?\w{0,20}layers\b"
)
"""The entries of a state for each layer, in a line of code in lower case."""


def last_layer(id: str) -> Cause:
    return replace(
        cause(id, "pytorch", state="hidden"),
        sentence=phrase("h_n has one entry for each layer and direction. Take that of the last layer."),
        wrong="",
        fix="hidden = hidden[-1]",
    )


def _state_of_other_batch() -> Cause:
    return replace(
        cause("other_batch", "pytorch", state="hidden"),
        sentence=phrase("The state is that of another batch: keep the same samples in it, or take the size from it."),
        wrong="",
        fix="batch_size = hidden.size(-2)",
    )


REPEATED = phrase("an array that is repeated or expanded")


def repeated(found: Found) -> Mismatch:
    """A state with more axes than it is repeated along: mostly it has the one of the layers as well, unless the line
    takes that of one layer."""
    state = found.line.receiver("repeat")
    if not state or state.role not in ("h", "c"):
        raise NoShapeError(REPEATED)
    if state.is_entry:
        sentence = phrase("The state has more axes than it is repeated along: each one needs a number.")
        return Mismatch("output", "rank", sentence)
    sentence = phrase("The state has more axes than it is repeated along: it still has the one of the layers.")
    return Mismatch("output", "rank", sentence, causes=(last_layer("squeeze"),))


def expanded_along_fewer_axes(found: Found) -> Mismatch:
    """A mask that is expanded to an array with fewer axes than it has, in the only line of the text that does so."""
    code = found.code if EXPANDED_MASK.search(found.code) else only_line(found.surroundings.original, EXPANDED_MASK)
    if not code or len({*EXPANDED.findall(found.surroundings.original)}) > 1:
        raise NoShapeError(REPEATED)
    sentence = phrase("The mask has more axes than the array to whose shape it is expanded.")
    return Mismatch("mask", "rank", sentence, causes=(cause("mask_axes", "pytorch"),))


EXPANDED = re.compile(r"\b[\w.]{1,40}\s?=[^=\n][^\n]{0,200}\.expand(?:_as)?\([^\n]{0,80}\)")
EXPANDED_MASK = re.compile(r"\bmask\s?=[^=\n][^\n]{0,200}\.expand(?:_as)?\(|\bmask\.[^\n]{0,60}expand(?:_as)?\(")
"""A line that expands an array, and one that expands a mask."""

TO_STATE = re.compile(r"\bmask\b[^\n]{0,200}\.expand_as\((?:self\.)?(?:h|hx|h_\w{1,20}|hidden)\)")
"""A mask that is expanded to the shape of a state, in lower case."""


def expanded(found: Found) -> Mismatch:
    """An output, a state or a mask that is expanded to another size along an axis that it has."""
    expected, got, axis, target = (*map(found.number, ("expected", "got", "i")), found.shape("target"))
    array = found.line.receiver("expand") or found.line.receiver("expand_as")
    if not array and (of_step := _of_written_step(found)):
        return of_step
    if array and array.role == "mask" and len(target) == RANK and axis < 2:
        return mask_of_sizes(found, axis, expected, got)
    if not array or array.role not in ("output", "h", "c") or not 2 <= len(target) <= RANK:
        raise NoShapeError(REPEATED)
    is_state, shape = array.role != "output", found.shape("shape")
    if is_state and array.is_name and len(shape) == len(target) == len(AXES_OF_STATE) and axis < len(AXES_OF_STATE):
        return _of_layers(found, array, axis)
    if axis == len(target) - 1:
        return wrong_size("output", "num_units", expected, got, of_units(found, expected, got))
    if is_state and axis == len(target) - len(shape):
        return wrong_size("output", "batch_size", expected, got, [_state_of_other_batch()])
    if axis == 0:
        return wrong_size("output", "batch_size", expected, got, [cause("time_first", "pytorch")])
    return wrong_size("output", "time_step", expected, got, [cause("join_steps", "pytorch")])


def _of_written_step(found: Found) -> Mismatch | None:
    """An output that a line writes into an array of another batch, or with another last axis; None for other lines."""
    target, shape = found.shape("target"), found.shape("shape")
    code = found.code if WRITTEN_STEP.search(found.code.lower()) else only_line(found.surroundings.original, OF_STEP)
    written = WRITTEN_STEP.search(code.lower())
    if (
        not written
        or len(target) != len(shape)
        or len(shape) != 2
        or "expand" in code
        or not WRITTEN.search(code.lower())
    ):
        return None
    axis = "batch_size" if target[0] != shape[0] and target[1] == shape[1] else None
    name, rows, columns = written[0].partition("[")[0], *shape
    if re.search("hidden|state", name) or "mask" in code.lower():
        return None
    sizes = f"{rows}, steps, {columns}" if "[:" in written[0] else f"steps, {rows}, {columns}"
    return from_code(
        wrong_shape("output", axis, target, shape, [cause("kept_outputs", "pytorch", name=name, sizes=sizes)])
    )


def _of_layers(found: Found, state: Array, axis: int) -> Mismatch:
    """A state of all layers that is expanded: an initial one, unless the lines before show that a layer returned it."""
    expected, got, (parts, _, units) = found.number("expected"), found.number("got"), found.shape("target")
    if found.line.is_returned(state.node):
        of_axis: tuple[list[Cause], ...] = ([last_layer("layers")], [], of_units(found, expected, got))
        return wrong_size("output", AXES_OF_STATE[axis], expected, got, of_axis[axis])
    name, batch_axis = f"{state.role}_0", 0 if found.surroundings.flag("batch_first") else 1
    id = ("layers", batch_id(expected, got), "other_units")[axis]
    likely = cause(id, "pytorch", state=name, parts=parts, units=units, batch_axis=batch_axis, note="")
    return wrong_size(name, AXES_OF_STATE[axis], expected, got, [likely])


def written_step(found: Found) -> Mismatch:
    """One step of an output that still has its axis of time, where a line of code writes it into all steps."""
    left, right = found.shape("left"), found.shape("right")
    squeezed = [n for n, size in enumerate(left) if size == 1 and (*left[:n], *left[n + 1 :]) == right]
    code = found.code.lower() or only_line(found.surroundings.text, WRITTEN_STEP)
    if len(left) != 3 or not squeezed or not WRITTEN_STEP.search(code):
        return of_unknown_arrays()
    return wrong_rank("output", 2, 3, [cause("every_step", "pytorch")], shapes=(right, left))


WRITTEN_STEP = re.compile(r"\b\w{0,30}?(?:out|pred|logit|result|hidden|state|dec)\w{0,30}\[[^\[\]\n]{1,40}\]\s?=[^=]")
"""A line of code that writes a step of an output."""

OF_STEP = re.compile(rf"(?i:{WRITTEN_STEP.pattern})")

WRITTEN = re.compile(rf"\]\s?=(?=[^=])[^=]{{0,100}}?(?:pred|logit|{OF_OUTPUTS.pattern})")
"""The same, if it is an output that is written."""


def _of_gathered_labels(found: Found, index: Shape, shape: Shape, along: int) -> Mismatch | None:
    """The scores of labels, which are gathered from an output with another number of steps; None for other indices."""
    is_of_classes = len(index) == len(shape) == RANK and along == RANK - 1 and index[0] == shape[0]
    if not is_of_classes or index[1] == shape[1] or not LABELS.search(found.code.lower()):
        return None
    return wrong_size("target", "time_step", shape[1] or 0, index[1], [cause("target_steps", "pytorch")])


LABELS = re.compile(r"(?<![a-z])(?:labels?|tags?|targets?|gold|y_true)(?![a-z])")


def gathered(found: Found) -> Mismatch:
    """The last step of each sample, which is gathered from an output by an index with another batch."""
    index, shape, along = found.shape("index"), found.shape("self"), found.number("axis")
    array = found.line.receiver("gather")
    array = array if array and array.role else found.line.argument("gather")  # torch.gather(output, …)
    if array and array.role == "output" and (of_labels := _of_gathered_labels(found, index, shape, along)):
        return of_labels
    if not array or array.role != "output" or len(index) != len(shape) or len(shape) != RANK or along > 1:
        raise NoShapeError(AN_INDEX)
    batch, batch_got, steps = index[1 - along], shape[1 - along], shape[along]
    units, units_got = index[-1], shape[-1]
    if batch == batch_got and units and units_got and units > units_got:
        return wrong_size("output", "num_units", units, units_got, [cause("gather_units", "pytorch")])
    if not batch or not batch_got or batch <= batch_got:
        raise NoShapeError(AN_INDEX)
    causes = [cause("time_first", "pytorch")] if batch == steps else []
    return wrong_size("output", "batch_size", batch, batch_got, causes)


def rank_of_index(found: Found) -> Mismatch:
    """An index by which an output is gathered, with another number of axes."""
    array = found.line.receiver("gather")
    array = array if array and array.role else found.line.argument("gather")
    if not array or array.role != "output":
        raise NoShapeError(AN_INDEX)
    sentence = phrase("The index by which an output is gathered needs as many axes as the output.")
    return Mismatch("output", "rank", sentence, causes=(cause("gather_axis", "pytorch"),))


TEMPLATES = (
    MessageTemplate(
        "pytorch-gather-rank",
        "pytorch",
        "1-2",
        "Index tensor must have the same number of dimensions as input tensor",
        rank_of_index,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "pytorch",
            versions,
            beginning + " self {self:shape} apart from dimension {axis:last}",
            gathered,
            anywhere=True,
        )
        for id, versions, beginning in (
            (
                "pytorch-gather",
                "1.11-2",
                "Size does not match at dimension {i:n} expected index {index:shape} to be smaller than",
            ),
            ("pytorch-1-gather", "1.5-1.10", "Expected index {index:shape} to be smaller than"),
            (
                "pytorch-2-gather",
                "2.5-2",
                "Size does not match at dimension {i:n} expected index {index:shape} to be no larger than",
            ),
        )
    ),
    MessageTemplate(
        "pytorch-0-gather",
        "pytorch",
        "1.0-1.4",
        "Expected tensor {index:shape}, src {self:shape} and index {other:shape} to have the same size apart from"
        " dimension {axis:last}",
        gathered,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-entry",
        "pytorch",
        "0.4-2",
        "index {index:axis} is out of bounds for dimension {axis:n} with size {got:last}",
        indexed,
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
    MessageTemplate(
        "pytorch-0-expand-axes",
        "pytorch",
        "0.1-0.3",
        "the number of sizes provided must be greater or equal to the number of dimensions in the tensor",
        expanded_along_fewer_axes,
        anywhere=True,
        is_of_recurrence=lambda found: TO_STATE.search(found.surroundings.text) is not None,
    ),
    MessageTemplate(
        "pytorch-step",
        "pytorch",
        "1-2",
        "expand(torch.{type:name}{left:shape}, size={right:shape}): the number of sizes provided",
        written_step,
        anywhere=True,
    ),
)
