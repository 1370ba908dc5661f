"""Messages about joins of what recurrent layers return, or of the parts of x.

Networks without recurrence raise them as well. Where the message does not say which arrays it is about, the line that
failed does.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operation
from ....code.values import ANY, Axes, may_be_equal
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_OUTPUT, AXES_OF_STATE, RANK
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.layers_and_operands import makes_x, parts_of, what
from ...code_lines.program_tree import ProgramTree
from ...mismatch import (
    NOT_RECURRENT,
    Cause,
    Mismatch,
    NoShapeError,
    from_code,
    of_unknown_arrays,
    wrong_rank,
    wrong_shape,
    wrong_size,
)
from ..handwritten_cells import joined_x_and_h
from ..message_template import Found, MessageTemplate
from . import joins_in_calls, sums_of_outputs
from .sums_of_outputs import OF_INPUTS, OF_OUTPUTS

JOIN = re.compile(r"\b(?:cat|concat|concatenate|[hv]stack)\(")
"""A call that joins arrays."""


def joined(found: Found) -> Mismatch:
    """Outputs that Keras joins, and that differ in another axis, or in their number of axes."""
    shapes = [tuple(map(_size, shape.split(","))) for shape in found.text("shapes").strip("()").split("),(")]
    ranks = [len(shape) for shape in shapes]
    if len(shapes) < 2 or not {*ranks} <= {2, 3}:
        raise NoShapeError(NOT_RECURRENT)
    if len({*ranks}) == 2:
        if _are_inputs(found):
            return of_unknown_arrays()
        joined_names = LIST_OF_NAMES.search(found.code)
        roles = [role_of(name.strip()) for name in joined_names[1].split(",")] if joined_names else []
        role = roles[ranks.index(2)] if len(roles) == len(ranks) else ""
        if role in ("h", "c"):  # the last one, which has no steps
            return wrong_rank("output", 3, 2, [cause("join_axis", "keras")])
        if role == "x":  # no layer below has returned it
            return of_unknown_arrays()
        return wrong_rank("output", 3, 2, [cause("return_sequences", "keras", cell=found.cell)])
    expected, others = shapes[0], [shape for shape in shapes if shape != shapes[0]]
    if not others:
        raise NoShapeError(NOT_RECURRENT)
    got = next((shape for shape in others if shape[:-1] != expected[:-1]), others[0])
    differing = [n for n, (one, other) in enumerate(zip(expected, got, strict=True)) if one != other]
    axis = AXES_OF_OUTPUT[differing[0]] if differing and differing[0] < 2 <= ranks[0] - 1 else None
    if _is_given_to_layer(found):
        return wrong_shape("x", axis, expected, got, _causes_of_parts(axis, expected[0], got[0]))
    if _are_inputs(found):
        return of_unknown_arrays()
    return wrong_shape("output", axis, expected, got, [cause("other_steps", "keras")] if axis == "time_step" else [])


def _is_given_to_layer(found: Found) -> bool:
    """Whether the program gives a recurrent layer what the line joins, in a later line: a layer before it may get an
    array with the same name. The line names no output."""
    joined_list = NAMED_LIST.search(found.code)
    if not joined_list or any(role_of(name.strip()) in ("output", "h", "c") for name in joined_list[2].split(",")):
        return False
    name, text = joined_list[1].lower(), found.surroundings.text
    later = text[max(0, text.find(found.code.lower())) :]
    return bool(re.search(rf"(?:lstm|gru|rnn)\w{{0,20}}(?:\([^\n]{{0,200}}\))?\(\s?{name}\b", later))


def _are_inputs(found: Found) -> bool:
    """Whether the line joins an array that is called like an input, and none that may be of a recurrent layer."""
    joined_list = LIST_OF_NAMES.search(found.code)
    names = {name.strip().lower() for name in joined_list[1].split(",")} - {""} if joined_list else set()
    if not any(role_of(name) == "x" for name in names):
        return False
    if any(role_of(name) in ("output", "h", "c") or OF_OUTPUTS.search(name) for name in names):
        return False
    return not names & found.surroundings.returned_names


LIST_OF_NAMES = re.compile(r"\(\[([\w., ]{3,200})\]")
"""The names of the arrays in a list that a function gets first, or a layer."""


def _causes_of_parts(axis: str | None, expected: int | None, got: int | None) -> list[Cause]:
    """Why the parts of x differ along an axis. Only a batch that is fixed differs from one that is free."""
    if axis == "batch_size" and (expected is None) != (got is None):
        return [cause("fixed_batch", "keras", batch_size=expected or got)]
    return [cause("join_steps", "keras")] if axis == "time_step" else []


NAMED_LIST = re.compile(r"(\w{1,40}) ?= ?(?=[^=])[^\n]{0,100}?\(\[([\w., ]{3,200})\]")
"""The name that a layer's output gets, and those of the arrays in the list that the layer gets."""


def _size(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def concatenated(found: Found) -> Mismatch:
    """Arrays that are joined along one axis and differ in another one, whose sizes the message says."""
    expected, got, axis = found.number("a"), found.number("b"), found.number("i")
    code, around = found.code.lower(), found.surroundings
    if of_cell := joined_x_and_h.joined(found, axis, expected, got):
        return of_cell
    if one := found.program.join(axis, expected, got):
        code = one.text.lower()
        if _is_of_x(one) and (of_x := _of_joined_x(found, one, axis, expected, got)):
            return of_x
        if axis == 2 and any(what(operand) == "output" for operand in one.operands):
            return _of_joined(found, one, expected, got)
        if of_state := _of_joined_state(one, axis, expected, got):
            return of_state
        if of_samples := _of_samples(found, one, expected, got):
            return of_samples
    if not JOIN.search(code):
        return of_unknown_arrays()
    if axis == 0 and _is_of_samples(found):
        return from_code(wrong_size("x", "time_step", expected, got, [cause("unequal_lengths", "pytorch")]))
    if axis == 1 and OF_INPUTS.search(code) and around.flag("batch_first"):
        return wrong_size("x", "features", expected, got, [cause("embedding", found.framework, expected=expected)])
    if axis != 2 or not OF_OUTPUTS.search(code):
        return of_unknown_arrays()
    is_first_axis = found.text("axis").startswith("0")  # old versions say it
    if around.flag("batch_first") or (around.flag("batch_first") is None and not is_first_axis):
        return wrong_size("output", "time_step", expected, got, [cause("join_steps", found.framework)])
    return wrong_size("output", "batch_size", expected, got, [cause("time_first", "pytorch")])


def _is_of_samples(found: Found) -> bool:
    """Whether a recurrent layer gets one array of a list of samples, whose lengths a text says to differ."""
    joined_list, text = LIST_OF_SAMPLES.search(found.code), found.surroundings.text
    is_of_steps = found.text("axis") in ("", "1") and UNEQUAL.search(text)
    if not joined_list or not is_of_steps:
        return False
    return bool(re.search(rf"(?:lstm|gru|rnn|encoder)\w{{0,20}}\(\s?{joined_list[1].lower()}\b", text))


LIST_OF_SAMPLES = re.compile(
    r"(\w{1,40}) ?= ?[\w.]{0,20}\b(?:cat|concat\w{0,9})\(\s?\w{1,40}\s?(?:,\s?(?:dim|axis) ?= ?0\s?)?\)"
)
"""An array that is made of a list of arrays, along their first axis."""

UNEQUAL = re.compile(
    r"(?:different|variable|varying|unequal|various)[ -](?:sequence )?lengths?|lengths? (?:differ|var)|长度不"
    r"|pad(?:ding|ded)?\b(?!\s?=)"
)
"""What a text says about samples with different lengths."""


def _is_of_x(one: Operation) -> bool:
    """Whether a join computes x, of no array that is called like an output."""
    return makes_x(one) and not any(
        not operand.roles and OF_OUTPUTS.search(operand.text.lower()) for operand in one.operands
    )


def _of_joined_x(found: Found, one: Operation, along: int, expected: int, got: int) -> Mismatch | None:
    """The parts of x, one of which has another number of steps, or of features if the steps are joined; None for those
    of other arrays."""
    first, *others = (operand.axes for operand in one.operands)
    if along == 1 and first[2:] == (expected,) and any(axes[2:] == (got,) for axes in others):
        return wrong_size("x", "features", expected, got, [cause("embedding", found.framework, expected=expected)])
    of_time = 1 if found.surroundings.flag("batch_first") else 0
    is_of_time = along == 2 and first[of_time : of_time + 1] == (expected,)
    if not is_of_time or not any(axes[of_time : of_time + 1] == (got,) for axes in others):
        return None
    return wrong_size("x", "time_step", expected, got, [cause("join_steps", found.framework)])


def _of_joined(found: Found, one: Operation, expected: int, got: int) -> Mismatch:
    """Outputs with other numbers of steps or samples, or of which one has time first. A state has no steps: its first
    axis is that of layers."""
    of_layers = _of_all_layers(found, one, expected, got)
    if special := of_layers or _of_packed(found, one, expected, got) or _of_repeated(found, one, expected, got):
        return special
    first, *others = (operand.axes[:2] for operand in one.operands)
    is_exchanged = any(axes == first[::-1] and axes != first for axes in others)
    order = [layer.setting("batch_first") for operand in one.operands for layer in operand.layers]
    is_time_first = bool(order) and not any(order)
    has_state = any(what(operand) == "state" for operand in one.operands)
    known = [n for n in (0, 1) if any(_may_differ(first, axes, n, (expected, got)) for axes in others)]
    if is_exchanged or (is_time_first and not has_state and known != [0]):
        return wrong_size("output", "batch_size", expected, got, [cause("time_first", "pytorch")])
    is_certain = len(known) == 1 or (known and has_state)
    axis = _axis_of_layer(found, expected, got) or (
        AXES_OF_OUTPUT[1 - known[0] if is_time_first else known[0]] if is_certain else "time_step"
    )
    steps = {"all_steps": "x.size(0), -1, -1"} if is_time_first else {}
    causes = [cause("join_steps", found.framework, **steps)] if axis != "batch_size" else []
    return wrong_size("output", axis, expected, got, causes)


def _of_repeated(found: Found, one: Operation, expected: int, got: int) -> Mismatch | None:
    """A state with two axes that is repeated with three numbers, which gives it a new first axis of size 1; None for
    other arrays."""
    for operand, size in zip(one.operands, (expected, got), strict=False):
        state = repeated_state(found.program.tree, operand.node) if size == 1 and operand.node is not None else None
        if state is not None:
            sentence = phrase(
                "repeat gets 3 numbers for the 2 axes of {state}: it puts a new axis before them, where the batch"
                " should be.",
                state=ast.unparse(state),
            )
            return replace(wrong_rank("output", 3, 2, [cause("repeated_state", "pytorch")]), sentence=sentence)
    return None


def repeated_state(tree: ProgramTree, array: ast.expr) -> ast.expr | None:
    """The state with two axes of which an array is made by ``state.repeat(1, steps, 1)``; None for another array."""
    match tree.assigned(array) or array:
        case ast.Call(func=ast.Attribute(value=state, attr="repeat"), args=[ast.Constant(1), _, ast.Constant(1)]):
            axes = tree.axes(state)
            return state if len(axes) == 2 and ANY not in axes else None
    return None


def _of_all_layers(found: Found, one: Operation, expected: int, got: int) -> Mismatch | None:
    """The states of all layers, repeated for each step, which are joined with an output; None for other arrays."""
    if ENTRY_OF_STATE.search(found.surroundings.text):
        return None
    for operand, size, other in zip(one.operands, (expected, got), (got, expected), strict=False):
        parts = parts_of(operand.layers[0]) if what(operand) == "state" and len(operand.layers) == 1 else None
        if parts and parts > 1 and size == parts * other:
            return sums_of_outputs.of_all_layers("all_layers")
    return None


def _of_packed(found: Found, one: Operation, expected: int, got: int) -> Mismatch | None:
    """An output that was packed, and is padded to fewer steps than the array that is joined with it; None for other
    arrays."""
    tree = found.program.tree
    padded = tree.calls_of("pad_packed_sequence")
    is_batch_first = [any(key.arg == "batch_first" for key in call.keywords) for call in padded]
    if len(padded) != 1 or not all(is_batch_first) or any(key.arg == "total_length" for key in padded[0].keywords):
        return None
    names = tree.targets_of(padded[0])
    for operand, steps, all_steps in zip(one.operands, (expected, got), (got, expected), strict=False):
        if operand.text in names and steps < all_steps:
            shapes = ((None, size, *operand.axes[2:]) for size in (all_steps, steps))
            wanted, given = (tuple(axis if isinstance(axis, int) else None for axis in shape) for shape in shapes)
            return wrong_shape("output", "time_step", wanted, given, [cause("packed_steps", "output")])
    return None


ENTRY_OF_STATE = re.compile(r"\b(?:h\w{0,3}|\w{0,20}hidden\w{0,9}|\w{0,20}state\w{0,9})\[\s?-?\d")
"""The state of one layer, in a line of code in lower case."""


def _axis_of_layer(found: Found, *sizes: int) -> str:
    """The axis in which outputs differ, by the sizes of the x of the only recurrent layer; "" if they do not say it."""
    of_layer = found.program.sizes_of_layer("")
    fitting = [axis for axis in AXES_OF_OUTPUT[:2] if of_layer.get(axis) in sizes]
    return fitting[0] if len(fitting) == 1 and len(of_layer.keys() & {*AXES_OF_OUTPUT[:2]}) == 2 else ""


def _may_differ(first: Axes, other: Axes, n: int, sizes: tuple[int, int]) -> bool:
    """Whether two arrays may have these sizes along an axis."""
    pairs = zip((first[n : n + 1], other[n : n + 1]), sizes, strict=True)
    return all(axes and may_be_equal(axes, (size,)) for axes, size in pairs)


def _of_samples(found: Found, one: Operation, expected: int, got: int) -> Mismatch | None:
    """A state and what is left of an output without an axis: the one of the samples, instead of the steps."""
    kinds = [what(operand) for operand in one.operands]
    if {*kinds} != {"output", "state"} or {len(operand.axes) for operand in one.operands} != {2}:
        return None
    sizes = (expected, got) if kinds[0] == "state" else (got, expected)
    is_batch_first = any(layer.setting("batch_first") for operand in one.operands for layer in operand.layers)
    return wrong_size(
        "output", "batch_size", *sizes, [cause("last_sample" if is_batch_first else "time_first", "pytorch")]
    )


def _of_joined_state(one: Operation, along: int, expected: int, got: int) -> Mismatch | None:
    """A last state with the axis of layers, as a layer returns it, and another array that differs in one axis; None for
    other arrays. No output is one of them."""
    operands = [operand for operand in one.operands if ANY not in operand.axes and len(operand.axes) == RANK]
    states = [operand for operand in operands if what(operand) == "state" and len(operand.roles) == 1]
    axes = [n for n in range(RANK) if n != along and {operand.axes[n] for operand in operands} == {expected, got}]
    if len(operands) != len(one.operands) or len(states) != 1 or len(axes) != 1 or not states[0].layers:
        return None
    name, size = AXES_OF_STATE[axes[0]], states[0].axes[axes[0]]
    sentence = phrase(
        "The last state {state} has {axis} = {size}, but what is joined with it has {other}.",
        state=states[0].text,
        axis=name,
        size=size,
        other=got if size == expected else expected,
    )
    (role,) = states[0].roles
    return replace(wrong_size(role, name, expected, got), sentence=sentence)


def concatenated_shapes(found: Found) -> Mismatch:
    """The same, if the message says the shapes of the first two arrays and the axis that differs."""
    left, right, axis = found.shape("left"), found.shape("right"), found.number("i")
    code = found.code.lower()
    sizes = (left[axis] or 0, right[axis] or 0) if axis < min(len(left), len(right)) else (0, 0)
    if len(left) == 2 and (of_cell := joined_x_and_h.joined(found, 1 - axis, *sizes)):
        return of_cell
    if len(left) != 3 or len(right) != 3 or axis > 1 or not OF_OUTPUTS.search(code):
        return of_unknown_arrays()
    id = "join_steps" if axis else "time_first"
    return wrong_shape("output", AXES_OF_OUTPUT[axis], left, right, [cause(id, found.framework)])


def joined_in_graph(found: Found) -> Mismatch:
    """Outputs with other numbers of steps, which a line joins while TensorFlow makes the graph."""
    code = OF_OTHER_NETWORK.sub(" ", found.code.lower())
    ranks = {len(found.shape("left")), len(found.shape("right"))}  # without the last axis
    if ranks != {2} or "concat" not in code + found.after[:MOST_AFTER] or not OF_OUTPUTS.search(code, code.rfind("[")):
        raise NoShapeError(NOT_RECURRENT)
    likely = cause("join_steps", "keras")
    return from_code(wrong_size("output", "time_step", found.number("a"), found.number("b"), [likely]))


def _without_last(found: Found) -> dict[str, str]:
    """The shapes of the joined arrays without the axis along which they are joined, as the message says them."""
    return {"left": found.text("one"), "right": found.text("other")}


OF_OTHER_NETWORK = re.compile(
    r"\b(?:\w{1,20}_)?(?:cnn|conv\dd|images?|img|resnet\d{0,3}|vgg\d{0,2}|bert)(?:_\w{1,20})?\b"
)
"""The name of what a network without recurrence returns, in lower case."""

MOST_AFTER = 60
"""Characters after a message in which the name of its operation is looked for."""


def joined_ranks(found: Found) -> Mismatch:
    """Arrays with different numbers of axes that are joined."""
    is_of_graph = found.template.id == "tensorflow-join-rank-of-graph"
    if is_of_graph and (of_call := joins_in_calls.joined_in_call(found)):
        return of_call
    ranks = ranks_of(found)
    one = found.program.join_of_ranks(found.number("a"), found.number("b"))
    if one and ranks == [2, 3] and (_is_of_x(one) or any(operand.roles for operand in one.operands)):
        return without_steps(
            found, "x" if _is_of_x(one) else "output", [role_of(operand.text) for operand in one.operands]
        )
    return of_unknown_arrays()


def without_steps(found: Found, tensor: str, roles: Sequence[str]) -> Mismatch:
    """An array without an axis of steps that is joined with one that has them: ``tensor`` is what is joined, unless the
    ``roles`` of the arrays say that an output is joined with x."""
    left, right = found.shape("left"), found.shape("right")
    likely = [cause("join_axis", found.framework)]
    if len(roles) != 2 or not left or not right or left[0] != right[0]:
        return wrong_rank(tensor, 3, 2, likely)
    n = 0 if len(left) < len(right) else 1
    flat, whole = (left, right) if n == 0 else (right, left)
    if roles[n] in ("output", "h", "weights"):
        tensor = "output"
    facts = [fact("batch_size", flat[0], tensor)] if flat[0] else []
    return wrong_rank(tensor, 3, 2, likely, facts, ((flat[0], whole[1], flat[1]), flat))


def ranks_of(found: Found) -> list[int]:
    """The numbers of axes that a message says of two arrays, the smaller one first."""
    shapes = (found.shape(a) or found.shape(b) for a, b in (("left", "x"), ("right", "h")))
    return sorted(found.number(name) or len(shape) for name, shape in zip("ab", shapes, strict=True))


OF_TENSORFLOW = (
    *(
        "tf1-concat",
        "tensorflow-concat",
        "tensorflow-concat-of-graph",
        "tf1-concat-of-graph",
        "tf1-concat-of-shapes",
    ),  # in states.py
    *("tensorflow-join", "tensorflow-join-of-shapes"),
)
"""Templates of TensorFlow with the shapes of two arrays that are joined."""

RANKS_OF_TENSORFLOW = ("tensorflow-join-rank", "tensorflow-join-rank-of-graph", "tf1-concat-rank")
"""Templates of TensorFlow with the numbers of axes of two arrays that are joined."""


def one_array(found: Found) -> Mismatch:
    """A layer of Keras that joins the arrays of a list, but gets one array."""
    sentence = phrase("A Concatenate layer takes a list of arrays, but got one array.")
    return Mismatch(None, None, sentence, causes=(cause("list_to_join", "keras"),))


TEMPLATES = (
    MessageTemplate(
        "jax-join",
        "jax",
        "0.3-0.10",
        "Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated:"
        " concatenating along dimension {along:n} for shapes {left:shape}, {right:shape}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-join",
        "pytorch",
        "1.8-2",
        "Sizes of tensors must match except in dimension {i:n}. Expected size {a:n} but got size {b:n} for tensor",
        concatenated,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-join",
        "pytorch",
        "1.0-1.7",
        "Sizes of tensors must match except in dimension {i:n}. Got {a:n} and {b:n} in dimension {axis:n}",
        concatenated,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-join",
        "tf1",
        "2",
        "ConcatOp : Dimension {i:n} in both shapes must be equal: shape[0] = {left:shape} vs. shape[1] = {right:shape}",
        concatenated_shapes,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-join-of-graph",
        "keras",
        "1-2",
        "Dimension 1 in both shapes must be equal, but are {a:n} and {b:n}. Shapes are {left:shape} and {right:shape}",
        joined_in_graph,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-join-of-shapes",
        "tf1",
        "2",
        "Dimension {i:n} in both shapes must be equal, but are {a:n} and {b:n}. Shapes are {one:shape} and"
        " {other:shape}. for '{{node {operation:operation}}} = ConcatV2{arguments:operands}' with input shapes:"
        " {left:shape}, {right:shape}",
        lambda found: (
            joins_in_calls.joined_in_call(found)
            or joined_in_graph(replace(found, values={**found.values, **_without_last(found)}))
        ),
        anywhere=True,
        is_of_recurrence=joins_in_calls.is_of_network,
    ),
    *(
        MessageTemplate(
            id,
            framework,
            versions,
            text,
            joined_ranks,
            anywhere=True,
            is_of_recurrence=joins_in_calls.is_of_network if id == "tensorflow-join-rank-of-graph" else None,
        )
        for id, framework, versions, text in (
            (
                "pytorch-join-rank",
                "pytorch",
                "1-2",
                "Tensors must have same number of dimensions: got {a:n} and {b:last}",
            ),
            (
                "tensorflow-join-rank",
                "tf1",
                "1-2",
                "ConcatOp : Ranks of all input tensors should match: shape[0] = {left:shape} vs. shape[1] ="
                " {right:shape}",
            ),
            (
                "tensorflow-join-rank-of-graph",
                "tf1",
                "2",
                "Shape must be rank {a:n} but is rank {b:n} for '{{node {operation:operation}}} = ConcatV2",
            ),
            (
                "jax-join-rank",
                "jax",
                "0.3-0.10",
                "Cannot concatenate arrays with different numbers of dimensions: got {left:shape}, {right:shape}",
            ),
            (
                "numpy-join-rank",
                "numpy",
                "1.17-2",
                "all the input arrays must have same number of dimensions, but the array at index {i:n} has {a:n}"
                " dimension(s) and the array at index {j:n} has {b:n} dimension",
            ),
        )
    ),
    MessageTemplate(
        "keras-0-concatenate",
        "keras",
        "1",
        '"concat" mode can only merge layers with matching output shapes except for the concat axis. Layer shapes:'
        " [{shapes:shapes}]",
        joined,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-1-concatenate",
        "keras",
        "1-2.3",
        "A `Concatenate` layer requires inputs with matching shapes except for the concat axis. Got inputs shapes:"
        " [{shapes:shapes}]",
        joined,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-concatenate",
        "keras",
        "2-3",
        "`Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received:"
        " input_shape=[{shapes:shapes}]",
        joined,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-concatenate-one",
        "keras",
        "3",
        "`Concatenate` layer should be called on a list of at least 1 input. Received: input_shape={got:shape}",
        one_array,
        anywhere=True,
    ),
)
