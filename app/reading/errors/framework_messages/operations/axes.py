"""Messages about an axis that an array does not have, as an index, a method or the names for its sizes ask for.

Networks without recurrence raise them as well. The line that failed says which array it is.
"""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX, STEPS
from ...causes import cause
from ...code_lines.entries_of_states import indexed_states, reads_one_vector
from ...code_lines.program_nodes import name_of
from ...mismatch import AN_INDEX, Mismatch, NoShapeError, from_code, wrong_rank, wrong_shape
from ..handwritten_cells.axes_of_handwritten_cells import step_without_batch
from ..inputs.inputs import of_one_axis
from ..inputs.keras_calls import of_arguments
from ..inputs.packing_and_masks import BATCH_FIRST
from ..message_template import Found, MessageTemplate
from ..outputs import pairs_of_output_and_states
from ..outputs.sums_of_outputs import OF_OUTPUTS, mask_of_sizes
from ..states.states import unbatched

ARRAY = r"(?:self\.)?([a-z_]\w{0,30})"
INDEXED = re.compile(rf"{ARRAY}\[([^\[\]\n]{{1,60}},[^\[\]\n]{{0,60}})\]")
"""An array with an index for several axes, in a line of code in lower case."""

BY_AXIS = re.compile(
    rf"{ARRAY}\.(?:transpose|permute|swapaxes|movedim|size|squeeze|softmax|log_softmax|mean|sum|max|min|flatten|flip|chunk"
    rf"|select|narrow|unbind|argmax|index_select|gather)\("
    rf"|\b(?:torch|f|functional|np|jnp|tf(?:\.\w{{1,10}})?)\.\w{{1,20}}\(\s?[(\[]?\s?{ARRAY}"
)
"""A method of an array or a function that takes the number of an axis."""

PACKED = re.compile(r"\bpack_padded_sequence\(")

SIZES = re.compile(rf"=\s?{ARRAY}\.(?:shape|size\(\))\s*$")
"""The names for the sizes of an array."""

OF_X = re.compile(r"x\w?|xs|x_\w{1,12}|\w{0,12}(?:inp|inputs?|emb\w{0,10}|seq\w{0,9}|batch|windows?|src|features)")
"""Names of x."""

MOST_AXES = 3
"""Axes of x and of an output. Where more are expected, the array is a picture."""


SQUEEZED = re.compile(r"\w\.squeeze\((?:0?|dim ?= ?0)\)")
"""An array of which all axes of size 1 are removed, or the first axis, in lower case."""

OF_BATCH = re.compile(r"[hc]|(?:last_)?(?:h|c)_?[nt]|\w{0,12}(?:hidden|state|out|outputs?|pred\w{0,8}|logits?|scores?)")
"""Names of what a layer or a network of them returns for a batch."""

INTEGER_LABELS = re.compile(r"insoftmax_cross_entropy_with_integer_labels(?!.*optax[\\/])")
"""The frame of a loss of Optax for indices of classes, in the folded text."""

OF_NETWORK = re.compile(
    r"=\s?(?:self\.)?(?:model|net|network|rnn|classifier)\([^\n]{0,80}\)\.squeeze\((?:dim ?= ?)?-?[12]\)"
)
"""What a network returns, of which another axis than the first is removed."""


def lacking_axis(found: Found) -> Mismatch:
    """An array without the axis with a number."""
    got, axis = found.number("dims") or found.number("high") + 1, int(found.text("axis").replace(" ", ""))
    if axis == got and OF_NETWORK.search(found.code.lower()) and SQUEEZED.search(found.surroundings.text):
        return from_code(wrong_rank("output", axis + 1, got, [cause("squeezed_batch", found.framework)]))
    if INTEGER_LABELS.search(found.before) and (axis, got) == (MOST_AXES - 1, 2):  # the target gets one axis more
        causes = [cause("not_return_sequences", found.framework)]
        return from_code(wrong_rank("output", MOST_AXES - 1, MOST_AXES, causes))
    if PACKED.search(found.code) and got < MOST_AXES and not BY_AXIS.search(found.code.lower()):
        causes = [cause(id, "pytorch") for id in ("missing_features_axis", "missing_axis")]
        if got == 1:
            causes = [of_one_axis(BATCH_FIRST.search(found.code) is not None)]
        return wrong_rank("x", MOST_AXES, got, causes)
    if (axis, got) == (1, 1) and (of_join := step_without_batch(found)):
        return from_code(of_join)
    makes_cell = MAKES_CELL.search(found.code or found.program.source)
    if (axis, got) == (1, 1) and makes_cell and not found.frames[-1]:
        return wrong_rank("x", MATRIX, got, [cause("step_without_batch", "pytorch")])
    expected = axis + 1 if axis >= 0 else -axis
    if (expected, got) == (MATRIX, 1) and found.framework == "pytorch" and reads_one_vector(found.code):
        return from_code(wrong_rank("output", expected, got))
    return _of_array(found, expected, got, BY_AXIS)


MAKES_CELL = re.compile(r"\bnn\.(?:LSTM|GRU|RNN)Cell\(")
"""A cell of PyTorch, which reads the second axis of a step first: that of its features."""


def indices_of_classes(found: Found) -> Mismatch:
    """The values of an output at the indices of a target, which has one axis less, and gets one more for them."""
    got, axes = found.number("got"), found.number("axes")
    is_loss = INTEGER_LABELS.search(found.before) or EXPANDED.search(found.code)
    if not is_loss or sorted((got, axes)) != [MOST_AXES - 1, MOST_AXES]:
        raise NoShapeError()
    ids = ["not_return_sequences"]
    if got > axes:
        target = target_of_indices(found)
        sizes = found.program.tree.axes_of_made(target) if target is not None else ()
        ids = ["kept_last_step", "index_column"]
        if len(sizes) == MOST_AXES - 1:
            ids = ["index_column"] if sizes[-1] == 1 else ["kept_last_step"]
    return from_code(wrong_rank("output", got, axes, [cause(id, found.framework) for id in ids]))


def target_of_indices(found: Found) -> ast.expr | None:
    """The target in the line that failed, before it gets one axis more; None if the line does not call the loss."""
    tree = found.program.tree
    for call in tree.calls_of_failure():
        given = call.args[1] if len(call.args) > 1 else None
        if name_of(call).endswith("integer_labels"):
            return given
        if name_of(call) == "take_along_axis" and isinstance(given, ast.Subscript):
            return given.value
    return None


EXPANDED = re.compile(r"take_along_axis\([^\n]{1,80}(?:\bNone\]|expand_dims\()")
"""The values at indices that get one axis more, in a line of code."""


def lacking_index(found: Found) -> Mismatch:
    """An array with fewer axes than its index has."""
    got, indexed = found.number("got"), INDEXED.search(found.code.lower())
    expected = found.number("expected") or (found.number("axis") + 1 if found.text("axis") else 0)
    expected = expected or (indexed[2].rstrip(", ").count(",") + 1 if indexed else got + 1)
    is_of_state = found.framework == "pytorch" and (expected, got) == (MOST_AXES, MATRIX)
    if is_of_state and any(indexed_states(found.program.tree, found.code)):
        last = replace(cause("kept_last_step", "pytorch"), sentence=WITHOUT_STEPS)
        return from_code(wrong_rank("output", expected, got, [last]))
    return _of_array(found, expected, got, INDEXED)


WITHOUT_STEPS = phrase("This is the state of a layer after its last step: it has no axis of steps.")


def order_of_axes(found: Found) -> Mismatch:
    """An array with another number of axes than the order that it gets."""
    return _of_array(found, found.number("expected"), found.number("got"), BY_AXIS)


def names_of_sizes(found: Found) -> Mismatch:
    """An array with another number of axes than there are names for its sizes. Pairs and lists are unpacked, too."""
    if packed := UNPACKED.search(found.code):
        sentence = phrase("pack_padded_sequence returns a PackedSequence, which has four fields.")
        likely = cause("packed_fields", "pytorch", name=packed[1])
        return from_code(Mismatch("output", None, sentence, causes=(likely,)))
    if returned := pairs_of_output_and_states.unpacked(found) or pairs_of_output_and_states.without_states(found):
        return returned
    if not found.called and not SIZES.search(found.code.lower()):
        raise NoShapeError()
    expected = found.number("expected")
    return _of_array(found, expected, found.number("got") or expected + 1, SIZES)


UNPACKED = re.compile(r"^\s{0,40}([\w.]{1,40})\s?,\s?\w{1,40}\s?=\s?[\w.]{0,30}pack_padded_sequence\(")
"""A packed sequence whose fields get two names."""


def _of_array(found: Found, expected: int, got: int, pattern: re.Pattern[str]) -> Mismatch:
    """The first array in the line that failed, or an argument of the layer of Keras that did."""
    if found.called and (of_call := of_arguments(found, found.called)):
        return of_call
    matches = pattern.finditer(found.code.lower())
    names = [name for match in matches for name in match.groups()[:2] if name and re.fullmatch(r"\w+", name)]
    if not names or expected in (0, got) or expected > MOST_AXES or not got:
        raise NoShapeError(AN_INDEX)
    is_squeezed = expected == got + 1 and OF_BATCH.fullmatch(names[0]) and SQUEEZED.search(found.surroundings.text)
    if is_squeezed:
        return from_code(wrong_rank("output", expected, got, [cause("squeezed_batch", found.framework)]))
    is_x, is_output = expected == MOST_AXES and OF_X.fullmatch(names[0]), OF_OUTPUTS.search(names[0])
    framework = found.framework
    if is_x:
        of_x = ("missing_axis", "missing_features_axis") if got < expected else ("extra_axis",)
        return wrong_rank("x", expected, got, [cause(id, framework) for id in of_x])
    if is_output:
        is_alone = (got, expected) == (2, 3) and framework == "pytorch"
        return wrong_rank("output", expected, got, [unbatched(found)] if is_alone else [])
    raise NoShapeError(AN_INDEX)


def index_by_mask(found: Found) -> Mismatch:
    """A mask by which an array is indexed, with another size along an axis."""
    mask, shape, axis = found.shape("mask"), found.shape("shape"), found.number("i")
    if "mask" not in found.code.lower() and not OF_OUTPUTS.search(found.code.lower()):
        raise NoShapeError(AN_INDEX)
    if len(mask) != 2 or not 2 <= len(shape) <= MOST_AXES or axis > 1:
        raise NoShapeError(AN_INDEX)
    if shape[:2] == mask[::-1] != mask:
        batch, steps = mask
        facts = [fact(name, size, "mask") for name, size in zip(STEPS, mask, strict=True) if size]
        return wrong_shape(
            "output", "order", (batch, steps, *shape[2:]), shape, [cause("time_first", "pytorch")], facts
        )
    return mask_of_sizes(found, axis, shape[axis] or 0, mask[axis] or 0)


def indices_of_steps(found: Found) -> Mismatch:
    """Arrays by which scores are indexed, of which the last one has the tags of the target: those of each step, if the
    samples and the steps come before it."""
    expected, got = found.shape("left"), found.shape("right")
    tags = TAGS_IN_INDEX.search(found.code.lower())
    if not tags or len(expected) != 1 or len(got) != 1 or None in (*expected, *got):
        raise NoShapeError(AN_INDEX)
    axis = "time_step" if tags[1] else None
    return wrong_shape("target", axis, expected, got, [cause("target_shape", "pytorch")])


TAGS_IN_INDEX = re.compile(
    r"\w\[\s?(?:\w{1,20},(?!\s?\d)([^\n]{1,60},)|[^\n]{1,80},)\s?(?:tags?|labels?|targets?)(?:_\w{1,12})?\b"
)
"""The target as the last of several arrays by which one is indexed, and the second one of three."""

TEMPLATES = (
    MessageTemplate(
        "jax-take-along-axis",
        "jax",
        "0.4-0.10",
        "indices and arr must have the same number of dimensions; {got:n} vs. {axes:last}",
        indices_of_classes,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-indices",
        "pytorch",
        "0.4-2",
        "shape mismatch: indexing tensors could not be broadcast together with shapes {left:shape}, {right:shape}",
        indices_of_steps,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, framework, versions, text, lacking_axis, anywhere=True)
        for id, framework, versions, text in (
            (
                "pytorch-axis",
                "pytorch",
                "0.4-2",
                "Dimension out of range (expected to be in range of [{low:axis}, {high:n}], but got {axis:axis})",
            ),
            ("numpy-axis", "numpy", "1.13-2", "axis {axis:axis} is out of bounds for array of dimension {dims:last}"),
            ("tensorflow-axis", "tf1", "1-2", "Invalid reduction dimension {axis:axis} for input with {dims:n} dim"),
            (
                "keras-axis",
                "tf1",
                "2",
                "`dim` must be in the range [{low:axis}, {dims:n}) where {n:n} is the number of"
                " dimensions in the input. Received: dim={axis:axis}",
            ),
        )
    ),
    *(
        MessageTemplate(id, framework, versions, text, lacking_index, anywhere=True)
        for id, framework, versions, text in (
            ("pytorch-index", "pytorch", "0.4-2", "too many indices for tensor of dimension {got:last}"),
            (
                "numpy-index",
                "numpy",
                "1.19-2",
                "too many indices for array: array is {got:n}-dimensional, but {expected:n} were indexed",
            ),
            ("jax-index", "jax", "0.4-0.10", "Too many indices: array is {got:n}-dimensional, but {expected:n} were"),
            (
                "tensorflow-index",
                "tf1",
                "1-2",
                "Index out of range using input dim {axis:n}; input has only {got:n} dims",
            ),
        )
    ),
    MessageTemplate(
        "pytorch-order",
        "pytorch",
        "1.9-2",
        "number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e."
        " input.dim() = {got:n} is not equal to len(dims) = {expected:last}",
        order_of_axes,
        anywhere=True,
    ),
    MessageTemplate(
        "python-sizes",
        "pytorch",
        "0.4-2",
        "not enough values to unpack (expected {expected:n}, got {got:n})",
        names_of_sizes,
        anywhere=True,
    ),
    MessageTemplate(
        "python-more-sizes",
        "pytorch",
        "0.4-2",
        "too many values to unpack (expected {expected:n}",
        names_of_sizes,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-mask",
        "pytorch",
        "0.4-2",
        "The shape of the mask {mask:shape} at index {i:n} does not match the shape of the indexed tensor {shape:shape}"
        " at index {j:n}",
        index_by_mask,
        anywhere=True,
    ),
)
