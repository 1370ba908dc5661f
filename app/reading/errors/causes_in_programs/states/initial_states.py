"""What a pasted program, or the line that failed, says about initial states: which cause is likely, and which lines it
corrects."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.operations import Operation
from ....code.values import Axis
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import parts_of
from ...code_lines.names_of_sizes import SAMPLES_OF_DATA
from ...code_lines.program_functions import FORWARDS
from ...code_lines.program_nodes import Functions, array_of_first_axis, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .carries_of_flax import carry, made_for_steps, steps_in

DIRECTIONS = 2

OTHER_DATA = re.compile(r"\b(?:valid|val|test|eval|dev|holdout)(?:ation|uate)?(?:_\w{1,20})?\b", re.IGNORECASE)
"""The name of data with which a network is not trained."""

EXPORTS = re.compile(r"\b(?:onnx\.export|tf2onnx|convert_keras|from_keras|to_onnx)\b")
"""What writes a network into an ONNX file."""


def _batches(mismatch: Mismatch) -> tuple[int, int] | None:
    """The samples of x and of the state, if only they differ."""
    expected, got = mismatch.expected, mismatch.got
    if mismatch.axis != "batch_size" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return None
    differing = [one for one in zip(expected, got, strict=False) if one[0] != one[1] and None not in one]
    return (differing[0][0] or 0, differing[0][1] or 0) if len(differing) == 1 else None


# -- x without a batch -------------------------------------------------------------------------------------------------


def batched_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives a network, or its layer, an x without a batch, with an axis for it."""
    call, tree = found.program.failed_call, found.program.tree
    first = call.layer.setting("batch_first") if call and call.layer else None
    if not call or first is None or not isinstance(call.node, ast.Call) or mismatch.tensor != "x":
        return ()
    x = _outermost(tree, call.node.args[0])
    x = tree.value_without_axis(x) or x
    return tree.corrected((x, f"{tree.operand(x)}.unsqueeze({0 if first else 1})"))


def _outermost(tree: ProgramTree, x: ast.expr) -> ast.expr:
    """What the program gives a network for the x of a layer: through its parameters, and layers such as an
    embedding."""
    node: ast.expr = x
    for _ in range(MOST_STEPS):
        inner = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords else node
        value = tree.assigned(inner) if isinstance(inner, ast.Name) else None
        if isinstance(inner, ast.Name) and (given := tree.given_to(inner)):
            node = x = given[1]
        elif isinstance(inner, ast.Name) and isinstance(value, ast.Call) and len(value.args) == 1:
            node = value
        else:
            break
    return x


MOST_STEPS = 6
"""Names, layers and functions between the x of a layer and what the program gives a network."""


# -- states without an axis --------------------------------------------------------------------------------------------


class FlatState(NamedTuple):
    """A size of a state with two axes, before or after which one is missing; ``batch``: the one of the batch, "" if it
    is there and that of layers and directions is missing."""

    size: ast.expr
    batch: str


def _flat_states(found: Found, mismatch: Mismatch) -> list[FlatState]:
    """The states with two axes that the program makes for the layer that failed; [] unless it says of each which axis
    is missing."""
    call, tree = found.program.failed_call, found.program.tree
    given = _given_state(call.node) if call and isinstance(call.node, ast.Call) else None
    parts = parts_of(call.layer) if call and call.layer else None
    is_of_rank = (mismatch.axis, mismatch.expected, mismatch.got) == ("rank", 3, 2) and found.framework == "pytorch"
    if not is_of_rank or mismatch.tensor not in ("h_0", "c_0") or given is None or not parts or not call:
        return []
    flat = []
    for origin in tree.origins(given):
        sizes = tree.sizes_of(origin.made)
        if len(sizes) != 2:
            return []
        if SAMPLES_OF_DATA.search(tree.text(sizes[0])):
            flat.append(FlatState(sizes[0], ""))
        elif tree.number(sizes[0]) == parts and (batch := _batch_for(found, call, sizes[0])):
            flat.append(FlatState(sizes[0], batch))
        else:
            return []
    return flat


def _batch_for(found: Found, call: Operation, size: ast.expr) -> str:
    """The batch in the function that makes a state: its parameter for it, or that of the x that it calls the layer
    with; "" without one."""
    tree, function = found.program.tree, found.program.tree.function_of(size)
    named = [name for name in tree.parameters(function) if SAMPLES_OF_DATA.search(name)]
    first = call.layer.setting("batch_first") if call.layer else None
    x = call.node.args[0] if isinstance(call.node, ast.Call) and call.node.args else None
    if len(named) == 1:
        return named[0]
    if x is None or call.node is None or tree.function_of(call.node) is not function or first is None:
        return ""
    return f"{tree.operand(x)}.size({0 if first else 1})" if tree.is_known_at(x, size.lineno) else ""


def _of_flat_states(found: Found, mismatch: Mismatch) -> Mismatch:
    """States with two axes, of which the program says which one is missing; a pair of them is not one state."""
    if not (flat := _flat_states(found, mismatch)):
        return mismatch
    others = [one for one in mismatch.causes if one.id != "h_for_h_c" or len(flat) == 1]
    if all(one.batch for one in flat):
        first = bool(found.surroundings.flag("batch_first"))
        likely = cause("state_without_batch", "layers", state=mismatch.tensor, batch_axis=0 if first else 1)
        return replace(mismatch, causes=(likely,))
    return replace(mismatch, causes=tuple(others))


def state_with_all_axes(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states, with the axis that is missing."""
    call, tree = found.program.failed_call, found.program.tree
    if not (flat := _flat_states(found, mismatch)):
        return _with_axis_of_layers(found, mismatch)
    parts = parts_of(call.layer) if call and call.layer else None
    news = [f"{tree.text(one.size)}, {one.batch}" if one.batch else f"{parts}, {tree.text(one.size)}" for one in flat]
    return tree.corrected(*{id(one.size): (one.size, new) for one, new in zip(flat, news, strict=True)}.values())


def _with_axis_of_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of PyTorch with one layer and direction, whose states of every sample get this axis."""
    tree, calls = found.program.tree, found.program.failed_calls
    is_of_rank = (mismatch.axis, mismatch.expected, mismatch.got) == ("rank", 3, 2) and found.framework == "pytorch"
    nodes = {id(one.node): one.node for one in calls}
    node = next(iter(nodes.values())) if len(nodes) == 1 and is_of_rank else None
    given = _given_state(node) if isinstance(node, ast.Call) else None
    if given is None or not all(one.layer and parts_of(one.layer) == 1 for one in calls):
        return ()
    states = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    axes = [tree.axes(one) for one in states] if len(states) > 1 else [one.operands[1].axes for one in calls]
    units = {one.layer.size("num_units") for one in calls if one.layer}
    is_of_one = all(_batch_of_x(one) == 1 for one in calls)
    if not all(len(one) == 2 and (is_of_one or one[0] != 1) and one[1] in units for one in axes):
        return ()
    return tree.corrected(*((one, f"{tree.operand(one)}.unsqueeze(0)") for one in states))


def _batch_of_x(call: Operation) -> Axis:
    """The number of samples that a layer of PyTorch gets; None if it is not known."""
    axes, first = call.operands[0].axes, call.layer.setting("batch_first") if call.layer else None
    return axes[0 if first else 1] if first is not None and len(axes) == RANK else None


# -- carries for a fixed batch -----------------------------------------------------------------------------------------


def _fixed_carry(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The batch in the shape of the x for which the method of a network of Flax makes a carry, if it is a fixed number,
    and what it is in this method; None for another carry."""
    tree, made_for = found.program.tree, only_size(mismatch.got)
    methods = {id(one): one for line in tree.frames for node in tree.nodes_in(line) if (one := tree.function_of(node))}
    for call in tree.calls_of("initialize_carry"):
        shape = tree.argument(call, 0 if found.surroundings.is_nnx else 1, "input_shape")
        shape = tree.assigned(shape) or shape if isinstance(shape, ast.Name) else shape
        function = tree.function_of(call)
        if not isinstance(shape, (ast.Tuple, ast.List)) or not shape.elts or function is None:
            continue
        batch = shape.elts[0]
        is_fixed = isinstance(batch, ast.Constant) or (
            isinstance(batch, ast.Name) and tree.function_of(tree.assigned(batch) or batch) is None
        )
        if id(function) in methods and is_fixed and tree.number(batch) == made_for and tree.is_method(function):
            return batch, _batch_of_first(tree, function, batch.lineno)
    return None


def _batch_of_first(tree: ProgramTree, function: Functions, line: int) -> str:
    """The batch of the first parameter of a function before a line: the name that gets it, or what reads it."""
    x = tree.first_parameter(function)
    for one in (node for node in tree.nodes if isinstance(node, ast.Assign) and node.lineno < line):
        target, value = one.targets[0], ast.unparse(one.value)
        if isinstance(target, ast.Tuple) and value == f"{x}.shape":
            target, value = target.elts[0], f"{x}.shape[0]"
        if tree.function_of(one) is function and value == f"{x}.shape[0]" and isinstance(target, ast.Name):
            return target.id
    return f"{x}.shape[0]"


def _of_fixed_carry(found: Found, mismatch: Mismatch) -> Mismatch:
    """A carry that a network of Flax makes for a fixed number of samples."""
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "batch_size", "flax")
    if not is_of_batch or not _fixed_carry(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("other_batch", "flax"),))


def _of_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A carry that a network of Flax makes for the steps of x in place of its samples."""
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "batch_size", "flax")
    if not is_of_batch or not (sizes := made_for_steps(found.program.tree)):
        return mismatch
    sentence = phrase(
        "{code} is time_step: the layer reads the batch first, unless it has time_major=True.",
        code=steps_in(*sizes[0]),
    )
    steps, samples = only_size(mismatch.got), only_size(mismatch.expected)
    known = {"batch_size": samples, "time_step": steps}
    facts = [*mismatch.facts, *(fact(name, size, "x") for name, size in known.items() if size)]
    likely = replace(cause("other_batch", "flax"), sentence=sentence)
    return replace(mismatch, causes=(likely,), facts=tuple(dict.fromkeys(facts)), is_of_equals=False)


def batch_of_carry(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a carry, for as many samples as x has; or a state of ONNX Runtime."""
    fixed = _fixed_carry(found, mismatch) if found.framework == "flax" else None
    if fixed:
        return found.program.tree.corrected(fixed)
    if found.framework == "flax" and (sizes := made_for_steps(found.program.tree)):
        return found.program.tree.corrected(*sizes)
    return state_of_run(found, mismatch) or not_averaged(found, mismatch)


# -- states of other data ----------------------------------------------------------------------------------------------


def _of_other_data(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that training has left, with the data of validation, as the call in the traceback says."""
    sizes = _batches(mismatch)
    if not sizes or mismatch.tensor not in ("h_0", "c_0") or found.framework not in ("pytorch", "keras", "flax"):
        return mismatch
    calls = [one for one in found.program.tree.frames if OTHER_DATA.search(one.partition("#")[0])]
    is_passed = not found.program.is_whole and any(
        re.search(r"\(.*,.*\b(?:h|c|hidden|state|hx)\w{0,12}\b", one) for one in calls
    )
    is_passed |= not found.program.is_whole and bool(calls and KEPT_STATE.search(found.code))
    if not is_passed and not _passed_on(found, sizes[1]) and not _kept(found):
        return mismatch
    parts = mismatch.expected[0] if isinstance(mismatch.expected, tuple) and len(mismatch.expected) == 3 else None
    values = {"parts": parts, "batch_size": sizes[0], "units": units_in(mismatch.expected), "state": mismatch.tensor}
    likely = cause("state_of_other_data", found.framework, **values)
    others = [one for one in mismatch.causes if one.id not in ("last_batch", "other_batch", "kept_state")]
    causes = (likely, *(others if not found.program.is_whole else ()))
    is_x_right = len(causes) == 1 and _is_returned_before(found.program.tree)
    return replace(mismatch, causes=causes, is_of_equals=mismatch.is_of_equals and not is_x_right)


def _is_returned_before(tree: ProgramTree) -> bool:
    """Whether a line of the traceback gives a network what an earlier call of the same network, with other arguments,
    has returned."""
    given = ((call, one) for call in tree.calls_in_frames for one in call.args if isinstance(one, ast.Name))
    returned = ((call, tree.made_with_parts(one)) for call, one in given)
    return any(
        isinstance(before, ast.Call)
        and ast.dump(before.func) == ast.dump(call.func)
        and [*map(ast.unparse, before.args)] != [*map(ast.unparse, call.args)]
        for call, before in returned
    )


KEPT_STATE = re.compile(r"\(.{1,60},\s?self\.(?:h|c|hidden|state|hx)\w{0,12}\)")
"""The call of a layer with a state that its network keeps."""


class Kept(NamedTuple):
    """The call of a network, by the name of its object, with other data than those of its training, the ``x`` of the
    call, and the method that makes the state that the network keeps, for a batch."""

    call: ast.Call
    owner: str
    x: ast.expr
    method: str


def _kept(found: Found) -> Kept | None:
    """The call of the traceback that gives a network other data while it keeps a state; None for any other call."""
    call, tree = found.program.failed_call, found.program.tree
    state = _given_state(call.node) if call and isinstance(call.node, ast.Call) else None
    if not isinstance(state, ast.Attribute) or not call or not call.node:
        return None
    inside = tree.function_of(call.node)
    methods = [one.name for one in tree.functions_that_assign(state) if len(tree.parameters(one)) == 1]
    methods = [one for one in methods if one not in FORWARDS and any(call.args for call in tree.calls_of(one))]
    for one in reversed(tree.calls_in_frames) if len(methods) == 1 else ():
        owner, function = one.func, tree.function_of(one)
        loops = [above.iter for above in tree.above(one) if isinstance(above, ast.For)]
        names = [function.name if function else "", *(tree.text(part) for part in (*one.args[:1], *loops))]
        if function is inside or tree.function_called(one) is not inside or not isinstance(owner, ast.Name):
            continue
        made = tree.assigned(owner)
        is_network = tree.constructor(made) is not None if isinstance(made, ast.Call) else made is None
        if is_network and one.args and any(map(OTHER_DATA.search, names)):
            return Kept(one, owner.id, one.args[0], methods[0])
    return None


def units_in(shape: object) -> int | None:
    """The units of states: the last of several sizes."""
    return shape[-1] if isinstance(shape, tuple) and len(shape) > 1 else None


class PassedOn(NamedTuple):
    """The ``state`` in the call of the traceback, the first value of its name, and the sizes in it that are the batch
    for which it was made."""

    state: ast.Name
    made: ast.expr
    sizes: list[ast.expr]


def _passed_on(found: Found, batch: int) -> PassedOn | None:
    """A state that was made for another batch, if the program calls the network with it and another x before, in the
    same function; None for another state."""
    tree, call = found.program.tree, found.program.failed_call
    state = _given_state(call.node) if call and isinstance(call.node, ast.Call) else None
    outer: ast.Call | None = None
    while isinstance(state, ast.Name) and (given := tree.given_to(state)):
        outer, state = given
    n = 1 if found.framework == "flax" and outer and name_of(outer) == "apply" else 0  # after the parameters
    if not outer or not isinstance(state, ast.Name) or len(outer.args) <= n:
        return None
    x = outer.args[n]
    others = [
        one
        for one in tree.calls
        if one is not outer
        and name_of(one) == name_of(outer)  # faster than the whole function, of which it is the last part
        and len(one.args) > n
        and tree.function_of(one) is tree.function_of(outer)
        and ast.dump(one.func) == ast.dump(outer.func)
        and state.id in {ast.unparse(argument) for argument in one.args[n + 1 :]}
        and _names(one.args[n]) != _names(x)
    ]
    values = [(one, _sizes_in(tree, one, batch)) for one in _values(tree, state.id)]
    made = [(value, sizes) for value, sizes in values if sizes or tree.text(value) == "None"]
    return PassedOn(state, *made[0]) if others and len(made) == 1 else None


def _sizes_in(tree: ProgramTree, value: ast.expr, batch: int) -> list[ast.expr]:
    """The sizes in the calls that make a state, or each part of a pair, that are this number; [] unless all have it."""
    calls = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
    sizes = [_size_in(tree, one, batch) if isinstance(one, ast.Call) else None for one in calls]
    known = [one for one in sizes if one is not None]
    return known if len(known) == len(calls) else []


def _size_in(tree: ProgramTree, call: ast.Call, batch: int) -> ast.expr | None:
    """The argument of a call, or the size in a shape that it gets, that is this number."""
    sizes = [*call.args, *(size for one in call.args if isinstance(one, (ast.Tuple, ast.List)) for size in one.elts)]
    return next((one for one in sizes if tree.number(one) == batch), None)


def _given_state(call: ast.Call) -> ast.expr | None:
    named = [one.value for one in call.keywords if one.arg in ("hx", "initial_state", "state", "initial_carry")]
    return named[0] if named else call.args[1] if len(call.args) > 1 else None


def _names(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _values(tree: ProgramTree, name: str) -> Iterator[ast.expr]:
    """The values that a name gets."""
    for one in tree.nodes:
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in one.targets
        ):
            yield one.value


def _makers(tree: ProgramTree, name: str) -> Iterator[ast.Call]:
    """The calls whose value a name gets."""
    yield from (one for one in _values(tree, name) if isinstance(one, ast.Call))


def state_of_data(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a network with other data, with a state that is made for them in the same way as the first one."""
    tree, sizes = found.program.tree, _batches(mismatch)
    if found.framework == "flax":
        return carry(found, mismatch)
    if kept := _kept(found):
        first = bool(found.surroundings.flag("batch_first"))
        batch = f"{tree.operand(kept.x)}.size({0 if first else 1})"
        return [("", f"{kept.owner}.{kept.method}({batch})  # before: {tree.line(kept.call)}")]
    if not sizes or not (passed := _passed_on(found, sizes[1])):
        return ()
    new = tree.text_with(passed.made, *((one, str(sizes[0])) for one in passed.sizes))
    if not new:
        return ()
    call = next((one for one in tree.above(passed.state) if isinstance(one, ast.stmt)), None)
    loop = next((one for one in tree.above(passed.state) if isinstance(one, ast.For)), None)
    if call and loop and _gives(call, passed.state.id):
        return [("", f"{passed.state.id} = {new}  # before: {tree.line(loop)}")]
    return tree.corrected((passed.state, new))


def _gives(statement: ast.stmt, name: str) -> bool:
    """Whether a statement gives a name another value, as the next turn of a loop gets it."""
    nodes = ast.walk(statement)
    return any(isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store) for one in nodes)


def not_averaged(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a state of the mean over the first axis of an array, of which it takes every sample."""
    tree, call, sizes = found.program.tree, found.program.failed_call, _batches(mismatch)
    state = _given_state(call.node) if call and isinstance(call.node, ast.Call) else None
    state = next(iter(state.elts), None) if isinstance(state, ast.Tuple) and mismatch.tensor == "h_0" else state
    made = tree.assigned(state) if isinstance(state, ast.Name) else None
    if found.framework != "pytorch" or not sizes or sizes[1] != 1 or made is None:
        return ()
    means = [one for one in ast.walk(made) if isinstance(one, ast.Call) and _is_mean(tree, one)]
    array = means[0].func.value if len(means) == 1 and isinstance(means[0].func, ast.Attribute) else None
    return tree.corrected((means[0], tree.text(array))) if array else ()


def _is_mean(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call is the mean over the first axis, which it keeps."""
    dim, kept = tree.argument(call, 0, "dim"), tree.argument(call, 1, "keepdim")
    is_first = dim is not None and kept is not None and (ast.unparse(dim), ast.unparse(kept)) == ("0", "True")
    return isinstance(call.func, ast.Attribute) and call.func.attr == "mean" and is_first


def whole_batches(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that cuts a data set of TensorFlow into batches, without the last one, which is smaller."""
    tree, sizes = found.program.tree, _batches(mismatch)
    calls = [one for one in tree.calls_of("batch") if one.args]
    if found.framework == "keras" and not calls:
        return _whole_parts(tree, only_size(mismatch.expected))
    if found.framework != "keras" or not sizes or len(calls) != 1 or tree.number(calls[0].args[0]) != sizes[1]:
        return ()
    return all_of([tree.with_argument(calls[0], "drop_remainder", "True")])


def _whole_parts(tree: ProgramTree, batch: int | None) -> Corrections:
    """The only loop over the first samples of batches, without those of the last batch, which is smaller."""
    ranges = [
        one.iter.args
        for one in tree.nodes
        if isinstance(one, ast.For) and isinstance(one.iter, ast.Call) and name_of(one.iter) == "range"
    ]
    steps = [(stop, step) for stop, step in (one[1:] for one in ranges if len(one) == 3) if tree.number(step) == batch]
    if batch is None or len(steps) != 1:
        return ()
    ((stop, step),) = steps
    samples = tree.text(stop) if isinstance(stop, (ast.Constant, ast.Call)) else tree.operand(stop)
    return tree.corrected((stop, f"{samples} // {tree.text(step)} * {tree.text(step)}"))


def _of_own_graph(found: Found, mismatch: Mismatch) -> Mismatch:
    """A model of ONNX that the program builds itself, and does not export from another framework, or whose states are
    inputs, since the example of the export has several."""
    if found.framework != "onnx":
        return mismatch
    exports = [one for one in found.program.tree.calls_of("export") if len(one.args) > 1]
    passes_states = [isinstance(one.args[1], ast.Tuple) and len(one.args[1].elts) > 1 for one in exports]
    is_own = (found.program.is_whole or "make_node" in found.program.source) and not EXPORTS.search(
        found.program.source
    )
    if not is_own and not (passes_states and all(passes_states)):
        return mismatch
    return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "exported_batch"))


def _exported(found: Found) -> tuple[ast.Name, int] | None:
    """The example in the only line that exports a network of PyTorch, and its axis of the batch; None if the program
    does not say both."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of("export") if len(one.args) > 1]
    of_layers = {one.layer.setting("batch_first") for one in found.program.calls if one.layer}
    if found.framework != "pytorch" or len(calls) != 1 or len(of_layers) != 1 or None in of_layers:
        return None
    (is_batch_first,), given = of_layers, calls[0].args[1]
    given = given.elts[0] if isinstance(given, ast.Tuple) and len(given.elts) == 1 else given
    return (given, 0 if is_batch_first else 1) if isinstance(given, ast.Name) else None


def _of_exported_sample(found: Found, mismatch: Mismatch) -> Mismatch:
    """An export of one sample, of which PyTorch warns as well."""
    example = _exported(found) if mismatch.is_warning else None
    if not example or found.program.tree.axes(example[0])[example[1] :][:1] != (1,):
        return mismatch
    sentence = phrase("The model is exported with batch_size = 1, as the warning asks.")
    return replace(mismatch, sentence=sentence, causes=())


def one_sample(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that exports a network, with one sample of the example in place of its batch."""
    if not (example := _exported(found)):
        return ()
    given, axis = example
    return found.program.tree.corrected((given, f"{given.id}[{':, ' * axis}:1]"))


def state_of_run(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a state for a model of ONNX, with as many samples as its x has."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if found.framework != "onnx" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    made = {
        id(call): call
        for line in tree.frames
        for one in tree.calls_in(line)
        for feed in one.args
        if isinstance(feed, ast.Dict)
        for value in feed.values
        if isinstance(value, ast.Name)
        for call in _makers(tree, value.id)
        if tree.is_maker(call) and tree.axes(call) == got
    }
    sizes = [tree.sizes_of(call) for call in made.values()]
    if len(sizes) != 1 or len(sizes[0]) != len(expected):
        return ()
    pairs = zip(sizes[0], expected, got, strict=True)
    return tree.corrected(*((size, _samples_of_x(tree, size, want)) for size, want, is_ in pairs if want != is_))


def _samples_of_x(tree: ProgramTree, size: ast.expr, samples: int | None) -> str:
    """The number of samples, read from the second axis of the x whose first one a program takes for it."""
    x = array_of_first_axis(size)
    axes = tree.axes_of_made(x) if x is not None else ()
    return f"{tree.text(x)}.shape[1]" if x is not None and axes[1:2] == (samples,) else str(samples)


def exchanged_at_call(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of PyTorch with a state that a function makes batch first, of another array than one of
    sizes."""
    call, tree = found.program.failed_call, found.program.tree
    state = _given_state(call.node) if call and isinstance(call.node, ast.Call) else None
    if found.framework != "pytorch" or not isinstance(state, ast.Name) or mismatch.axis != "order":
        return ()
    if any(len(tree.sizes_of(one.made)) == 3 for one in tree.origins(state)):  # the sizes themselves are exchanged
        return ()
    return tree.corrected((state, f"{state.id}.transpose(0, 1).contiguous()"))


RULES = (
    _of_flat_states,
    _of_fixed_carry,
    _of_steps,
    _of_other_data,
    _of_own_graph,
    _of_exported_sample,
)
"""What the program says about the causes in initial states."""


CORRECTIONS = {
    "unbatched": batched_x,
    **dict.fromkeys(("state_without_batch", "unsqueeze"), state_with_all_axes),
    "state_of_other_data": state_of_data,
    "state_order": exchanged_at_call,
    **dict.fromkeys(("directions", "one_direction", "layers", "other_units"), state_of_run),
    "last_batch": whole_batches,
    "other_batch": batch_of_carry,
    "exported_batch": one_sample,
}
"""Cause -> the lines that it corrects."""
