"""Messages about sums and differences: of x and h in each step of a layer, of a target and an output in a loss.

Networks without recurrence raise them as well.
"""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import batch_id, cause
from ...code_lines.called_layer import called_layer
from ...mismatch import NOT_RECURRENT, Mismatch, NoShapeError, Shape, of_unknown_arrays, wrong_rank, wrong_size
from ..handwritten_cells import handwritten_cells, sums_of_handwritten_cells, sums_of_layers
from ..handwritten_cells.axes_of_handwritten_cells import is_step, of_batches, of_loop, of_rnn_of_flax
from ..handwritten_cells.sums_of_handwritten_cells import total_of_sizes
from ..inputs.keras_calls import of_arguments
from ..message_template import Found, MessageTemplate
from ..outputs import sums_of_outputs
from ..outputs.directions_of_keras import merged_directions
from ..outputs.losses import LAST_OF_FIRST_AXIS, of_sizes
from ..outputs.losses import target as of_target
from ..outputs.losses_in_training import difference, of_training
from ..weights.causes_of_dense_layers import two_numbers
from ..weights.weights import copied_weights
from .products import IN_LAYER, OF_LAYER

IN_LOSS_OF_PYTORCH = re.compile(r"functional\.py\W.*?in\w+_loss")
"""The frame of a loss of PyTorch, which then makes output and target equal; in the folded text."""

IN_LOSS_OF_KERAS = re.compile(r"losses\.py\W.*y_true-y_pred")
"""The frame of a loss of Keras 3, which subtracts the output from the target; in the folded text."""

IN_CELL = re.compile(
    r"(?:^|[/_])(?:lstm|gru|rnn)[\w.-]{0,40}/(?:[\w.-]{1,40}/){0,6}add(?:v2)?(?:_\d{1,4})?(?:_grad/broadcastgradientargs)?$"
)
"""The name of a sum in a cell, or of its gradient."""

IN_STEP = re.compile(r"(?:lstm|gru|simple_rnn|recurrent(?:_v2)?)\.py,line\d+,instep\W?(?!.*\.py,line)")
"""The last frame of a traceback, if it is that of a step in Keras; in the folded text."""


def total(found: Found) -> Mismatch:
    """A sum of two arrays of TensorFlow, or a difference."""
    left, right = found.shape("left"), found.shape("right")
    if OF_MASK.match(found.text("arguments")) and len(left) == MASK_AXES + 1:
        facts = [fact(axis, size, "mask") for axis, size in zip(STEPS, left, strict=False) if size]
        return wrong_rank("mask", MASK_AXES, len(left), [cause("mask_features", "keras")], facts, (left[:-1], left))
    is_of_last = left[:-1] == right[:-1] and len(left) == len(right) > 0
    if is_of_last and (of_directions := merged_directions(found, left[-1] or 0, right[-1] or 0)):
        return of_directions
    if of_layers := sums_of_layers.of_message(found):
        return of_layers
    of_call = of_arguments(found, found.called) if found.called else None
    of_outputs = sums_of_outputs.sum_of_shapes(found, found.shape("left"), found.shape("right"))
    of_loss = _of_fixed_batch(found) or difference(found) or of_training(found)
    of_steps = _of_steps_in_loss(found, left, right)
    return of_call or _in_cell(found) or of_loss or of_steps or of_outputs or of_unknown_arrays()


def _of_steps_in_loss(found: Found, output: Shape, target: Shape) -> Mismatch | None:
    """One vector for each sample and one for each step, where no line adds them and nothing attends to steps: the
    output and then the target in a loss of Keras 2. None for others."""
    longer, shorter = (output, target) if len(output) > len(target) else (target, output)
    is_of_steps = len(longer) == RANK and shorter == (longer[0], *longer[2:]) and longer[0] != longer[1]
    is_elsewhere = found.text("operation") or found.program.tree.frames or ADDS.search(found.code)
    if found.framework != "keras" or not is_of_steps or is_elsewhere or found.called:
        return None
    if not RETURNS_SEQUENCES.search(found.surroundings.text) or sums_of_outputs.ATTENDS.search(found.surroundings.text):
        return None
    values = {"expected": ",".join(map(str, output)), "got": ",".join(map(str, target))}
    return of_target(replace(found, values=values))


ADDS = re.compile(r"[-+*@]|\b(?:(?:tf|math|layers|ops|K)\.(?:add|subtract|multiply)|Add|Subtract|Multiply)\(")
"""An operation of two arrays in a line of code."""

RETURNS_SEQUENCES = re.compile(r"return_sequences")


def named_total(found: Found) -> Mismatch:
    """The same in a message without the operation and its operands, as people shorten it. Raises NoShapeError unless
    the name of its node says which operation it is."""
    if not OF_NAMED_NODE.search(found.text("operation")):
        raise NoShapeError(NOT_RECURRENT)
    return total(found)


MASK_AXES = len(STEPS)

OF_MASK = re.compile(r"(?:\([^()]{0,120}\))?\(mask,sequencemask/less\)")
"""The comparison of a mask with one that has its padding after the last step, which a layer of Keras makes for cuDNN;
in the folded text."""


def _of_fixed_batch(found: Found) -> Mismatch | None:
    """Arrays that differ in their first axis only, of which one has the batch that a line of code fixes for the model;
    None for any others."""
    left, right = found.shape("left"), found.shape("right")
    fixed = found.surroundings.fixed_batches
    sizes = {left[0], right[0]} if left and right else set()
    if len(sizes) != 2 or None in sizes or left[1:] != right[1:] or len(fixed & sizes) != 1:
        return None
    if len(left) == 1 and not re.search("loss|metrics", found.text("operation")):  # a bias has one axis as well
        return None
    (expected,) = fixed & sizes
    (got,) = sizes - fixed
    is_last = found.surroundings.flag("stateful") and (got or 0) < (expected or 0)
    likely = cause("last_batch" if is_last else "fixed_batch", "keras", batch_size=expected)
    return wrong_size("x", "batch_size", expected or 0, got, [likely], [fact("batch_size", expected or 0, "model")])


def _in_cell(found: Found) -> Mismatch | None:
    """The products of x and h in a step, if they have other batches; None for any other sum."""
    is_said = found.after.startswith(EAGER_SUM) and bool(KEPT.search(found.surroundings.text))
    if not (is_said or IN_CELL.search(found.text("operation")) or IN_STEP.search(found.before[-200:])):
        return None
    left, right = found.shape("left"), found.shape("right")
    if len(left) != 2 or len(right) != 2 or None in (left[0], right[0]) or left[0] == right[0] or left[1] != right[1]:
        return None
    expected, got = left[0] or 0, right[0] or 0
    facts = [fact("batch_size", expected, "x")]
    id, is_kept = batch_id(expected, got), is_said or found.surroundings.flag("stateful")
    likely = cause(id, "keras", batch_size=got) if is_kept else cause(id, "keras states", units="num_units")
    if is_kept and got > expected and got % expected == 0 and ON_DEVICES.search(found.surroundings.text):
        likely = cause("divided_states", "keras", cell=found.cell)
    mismatch = wrong_size("h_0", "batch_size", expected, got, [likely], facts)
    return replace(mismatch, note=FROM_STATES) if is_said else mismatch


EAGER_SUM = "(op:addv2)"
"""The end of a message about a sum that TensorFlow computed outside of a graph; in the folded text."""

ON_DEVICES = re.compile(r"\bmulti_gpu_model\(|\bmirroredstrategy\(")
"""What gives each of several devices a part of the batch of a model of Keras, in lower case."""

KEPT = re.compile(
    r"(?<!removed )(?<!without )(?<!not )(?<!no )(?<!longer )\bstateful"
    r"(?=\s?=\s?true\b|[ -](?:\w{1,20} ){0,2}\w{0,10}(?:lstm|gru|rnn|layer|model|network))"
)
"""A layer that keeps its states, in lower case."""

FROM_STATES = phrase(
    "The message does not say which arrays these are: a layer that keeps its states adds what it makes of x and of h."
)


def of_two_sizes(found: Found) -> Mismatch:
    """A sum or a product of each element in PyTorch, whose message says one axis."""
    a, b, axis = found.number("a"), found.number("b"), found.number("i")
    if of_layers := sums_of_layers.of_message(found):
        return of_layers
    if axis and (of_directions := merged_directions(found, a, b)):
        return of_directions
    if IN_LAYER.search(found.frames[-1]) and axis == 0:
        called = called_layer(found.line)  # a packed x: PyTorch itself compares the batch of any other one
        packed = called.x.text if called and called.x.text.isidentifier() else "packed"
        likely = cause(batch_id(b, a), "packed", **OF_LAYER, batch_got=a, packed=packed)
        return wrong_size("h_0", "batch_size", b, a, [likely], [fact("batch_size", b, "x")])
    if IN_LOSS_OF_PYTORCH.search(found.frames[0]) and "broadcast_tensors(" in found.frames[1]:
        return of_sizes(found, axis == 0, a, b)
    if IN_LOSS_OF_KERAS.search(found.frames[-1]):
        return of_sizes(found, axis == 0, b, a)
    if found.called:
        return of_arguments(found, found.called) or of_unknown_arrays()
    if found.surroundings.is_in_keras and found.surroundings.fits_model and not found.frames[-1]:
        return of_sizes(found, axis == 0, b, a)  # only the message was pasted with the code
    return (
        _of_last_sample(found, axis, a, b)
        or total_of_sizes(found, axis, a, b)
        or _of_own_loss(found, axis, a, b)
        or copied_weights(found, axis, a, b)
        or sums_of_outputs.sum_of_sizes(found, axis, a, b)
        or of_unknown_arrays()
    )


def _of_own_loss(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The difference of an output and a target in the line that failed, or the call of a loss; None if it names no
    target."""
    if loss := found.program.loss_of_sizes(axis, a, b):
        if found.program.is_elsewhere(loss):
            raise NoShapeError(NOT_RECURRENT)
        if loss.operands[0].roles & OF_MODEL:
            return of_sizes(found, axis == 0, a, b)
    if (one := found.program.sum_of_sizes(axis, a, b)) and one.name == "Sub":
        is_output = [bool(operand.roles & OF_MODEL) for operand in one.operands[:2]]
        others = frozenset().union(*(operand.roles for operand in one.operands[:2])) - OF_MODEL
        is_loss = not others or (others == {"x"} and MEASURED.search(found.program.statement(one)))
        if is_loss and is_output[0] != is_output[1]:
            return of_sizes(found, axis == 0, *((a, b) if is_output[0] else (b, a)))
    return None


MEASURED = re.compile(r"\.(?:pow|abs|square|norm|mean)\(|\b(?:abs|square|norm|mean)\(|\*\*")
"""A difference that is the loss of a network whose target is x."""

OF_MODEL = frozenset({"output", "h_0", "c_0"})
"""What an array is that a network with a recurrent layer returns."""


def _of_last_sample(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The last sample of an output that is taken for its last step; None if the line that failed does not do that."""
    code = found.code.lower()
    last = LAST_OF_FIRST_AXIS.search(code)
    if axis or not last or not found.surroundings.flag("batch_first"):
        return None
    is_first = not re.search(r"\w\)?\s?[+*-]", code[: last.start()])
    expected, got = (b, a) if is_first else (a, b)
    return wrong_size("output", "batch_size", expected, got, [cause("last_sample", "pytorch")])


OF_TENSORFLOW = (
    "Dimensions must be equal, but are {{i:n}} and {{j:n}} for '{{{{node {{operation:operation}}}}}} ="
    " {kind}{{arguments:operands}}' with input shapes: {{left:shape}}, {{right:shape}}"
)
OF_TENSORFLOW_1 = (
    "Dimensions must be equal, but are {{i:n}} and {{j:n}} for '{{operation:operation}}' (op: '{kind}') with input"
    " shapes: {{left:shape}}, {{right:shape}}"
)
KINDS_OF_TENSORFLOW = {
    "difference": "Sub",
    "squared-difference": "SquaredDifference",
    "sum-of-graph": "AddV2",
    "old-sum": "Add",
    "elements": "Mul",
    "quotient": "RealDiv",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "equal": "Equal",
    "not-equal": "NotEqual",
    "selection": "SelectV2",
}
"""A part of the id of a template -> the operation of TensorFlow that computes each element of two arrays."""

OF_NAMED_NODE = re.compile(
    r"/(?:squareddifference|sub|add(?:v2)?|mul|truediv|maximum|minimum|(?:not_?)?equal)(?:_\d+)?$"
)
"""The name of a node that computes each element of two arrays, in the folded text."""

ELEMENTS_OF_JAX = ("mul", "sub", "div", "max", "min", "eq")
"""Operations of JAX that compute each element of two arrays, beside the sum."""


X_PLUS_H = re.compile(
    r"recurrent\.py[,:].{0,400}?(?:\(inputs\)\+[^()]{1,20}(?:\([^()]{1,20}\))?\((?:h|carry)\)|xi_\w\+hh_\w"
    r"|(dense_h)\(\w\)\+dense_i)"
    r"(?!.*linear\.py)"
)
"""The sum of both in a frame of a cell after which no dense layer was called; in the folded text."""


def _is_in_made_cell(found: Found, left: Shape, right: Shape) -> bool:
    """Whether the message is pasted with lines of code that make a cell of Flax with as many units as both arrays of a
    sum have. A traceback would show the line that failed."""
    if found.frames[-1] or found.code or not len(left) == len(right) == 2 or left[1] != right[1] or not left[1]:
        return False
    return bool(re.search(rf"\b(?:lstm|gru|simple)cell\([^()\n]{{0,40}}\b{left[1]}\b", found.surroundings.text))


def sum_in_jax(found: Found) -> Mismatch:
    """The products of x and h in a cell of Flax, if they have other batches."""
    left, right = found.shape("left"), found.shape("right")
    if of_layers := sums_of_layers.of_message(found):
        return of_layers
    both = X_PLUS_H.search(found.before)
    if both and both[1]:  # h is the first one
        left, right = right, left
    is_in_cell = both or _is_in_made_cell(found, left, right)
    if not is_in_cell or len(left) != 2 or len(right) != 2 or left[1] != right[1]:
        return sums_of_handwritten_cells.total(found) or of_unknown_arrays()
    if None in (*left, *right):
        return of_unknown_arrays()
    (expected, units), (got, _) = two_numbers(left), two_numbers(right)
    if of_layer := of_rnn_of_flax(found, expected, got, units):
        return of_layer
    if in_loop := of_loop(found, expected, got):
        return in_loop
    if is_step(found):
        return of_batches(found, expected, got, ("step_axis", batch_id(expected, got)), [fact("num_units", units, "h")])
    facts = [fact("batch_size", expected, "x"), fact("num_units", units, "h")]
    likely = cause(batch_id(expected, got), "flax", units=units)
    return wrong_size("h_0", "batch_size", expected, got, [likely], facts)


TEMPLATES = (
    MessageTemplate(
        "pytorch-broadcast",
        "pytorch",
        "0.4-2",
        "The size of tensor a ({a:n}) must match the size of tensor b ({b:n}) at non-singleton dimension {i:last}",
        of_two_sizes,
        anywhere=True,
        is_of_recurrence=sums_of_layers.is_of_cell,
    ),
    *(
        MessageTemplate(f"tensorflow-{id}", "tf1", "2", OF_TENSORFLOW.format(kind=kind), total, anywhere=True)
        for id, kind in KINDS_OF_TENSORFLOW.items()
    ),
    MessageTemplate(
        "tensorflow-named-node",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {operation:operation}}}' with input shapes:"
        " {left:shape}, {right:shape}",
        named_total,
        anywhere=True,
    ),
    *(
        MessageTemplate(f"tf1-{id}", "tf1", "1-2", OF_TENSORFLOW_1.format(kind=kind), total, anywhere=True)
        for id, kind in KINDS_OF_TENSORFLOW.items()
    ),
    *(
        MessageTemplate(
            id, "tf1", versions, f"Incompatible shapes: {{left:shape}} vs. {{right:shape}}{node}", total, anywhere=True
        )
        for id, versions, node in (
            ("tensorflow-sum", "1-2", ""),
            ("tensorflow-sum-of-node", "1.13-2", " [[{{node {operation:operation}"),
            ("tensorflow-0-sum-of-node", "1", " [[Node: {operation:operation}"),
            ("tensorflow-2-sum-of-node", "1.14-2", " [[node {operation:operation}"),
        )
    ),
    MessageTemplate(
        "jax-sum",
        "jax",
        "0.2-0.10",
        "add got incompatible shapes for broadcasting: {left:shape}, {right:shape}",
        sum_in_jax,
        anywhere=True,
        is_of_recurrence=sums_of_layers.is_of_cell,
    ),
    *(
        MessageTemplate(
            f"jax-{operation}",
            "jax",
            "0.2-0.10",
            f"{operation} got incompatible shapes for broadcasting: {{left:shape}}, {{right:shape}}",
            handwritten_cells.total_or_unknown,
            anywhere=True,
        )
        for operation in ELEMENTS_OF_JAX
    ),
    MessageTemplate(
        "numpy-broadcast",
        "numpy",
        "1-2",
        "operands could not be broadcast together with shapes",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "jax-shapes",
        "jax",
        "0.2-0.10",
        "Incompatible shapes for broadcasting: shapes=[{left:shape}, {right:shape}",
        handwritten_cells.total_or_unknown,
        anywhere=True,
    ),
)
