"""The sizes of x that the lines of a pasted program say which make its data."""

import ast
import re
from collections.abc import Iterator, Mapping

from ..code.values import Axes
from ..facts_about_sizes import Configuration, Fact, fact
from .axes_of_arrays import RANK, STEPS, axes_of_x_in_order, steps_in_order
from .code_lines.array_names import KERNEL, role_of
from .code_lines.axes_of_x import arrays_with_second_steps, axes_of_x
from .code_lines.program_nodes import base_of, cut_of, factors_of, factors_of_linear, name_of
from .code_lines.program_tree import ProgramTree
from .code_lines.slices_of_samples import rests_of_slices
from .framework_messages.handwritten_cells.axes_of_handwritten_cells import axis_of_step, loops, steps
from .framework_messages.message_template import Found
from .mismatch import Mismatch, only_size

ORDERS: tuple[tuple[str, str, str], ...] = (
    axes_of_x_in_order(True),
    axes_of_x_in_order(False),
    ("time_step", "features", "batch_size"),
)
"""The orders of the axes of an x of a handwritten cell; samples may be columns."""

SAMPLES_IN_COLUMNS = ("features", "batch_size", "time_step")
"""The order of the axes of an x whose steps are taken from its last axis."""

LAST_AXIS = 2


def axes_of_x_facts(found: Found) -> Iterator[Fact]:
    """The batch and the steps of the x of the recurrent layer of PyTorch that failed, or of the only one, from the
    lines of the program that make it."""
    calls = {one.layer: one.node for one in found.program.failed_calls or found.program.calls}
    layer, node = next(iter(calls.items())) if len(calls) == 1 else (None, None)
    is_batch_first = layer.setting("batch_first") if layer else None
    axes = axes_of_x(found.program.tree, node.args[0]) if isinstance(node, ast.Call) and node.args else ()
    if is_batch_first is None or len(axes) != RANK:
        return
    for name, size in zip(steps_in_order(is_batch_first), axes, strict=False):
        if isinstance(size, int):
            yield fact(name, size, "data")


def sizes_of_given_x(found: Found, mismatch: Mismatch, network: Configuration) -> Iterator[Fact]:
    """The sizes of the only array with three axes that the lines of the traceback pass to a function, to a cell of
    Flax, or to one that a program of PyTorch computes itself, if one order of its axes has the sizes that are known.
    The loop over x says the order, unless it may be what is wrong."""
    tree = found.program.tree
    layers = found.program.made_layers
    is_own = found.framework == "pytorch" and all(one.kind.endswith("_cell") for one in layers)
    if found.framework not in ("numpy", "jax", "flax") and not is_own:
        return
    axes = _of_innermost_call(tree)
    is_loop_right = mismatch.axis not in STEPS and (mismatch.tensor, mismatch.axis) != ("x", "order")
    order = _order_of_loop(found, axes) if is_loop_right and found.framework != "flax" else None
    if is_own and layers and (of_batch := _order_by_batch(found, axes, network)):
        yield from (fact(name, size, "array") for name, size in of_batch)
    if is_own and not order:
        return
    sizes = [dict(zip(one, axes, strict=True)) for one in ([order] if order else ORDERS) if axes]
    if order and (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework != "pytorch":
        given = only_size(mismatch.got)  # x has those of the message, and not those of the network
        sizes = [{name: one[name] for name in STEPS} for one in sizes if one["features"] in (given, network.features)]
    fitting = [one for one in sizes if _fits(one, network)]
    if len(fitting) > 1:
        is_scanned = (scans(found) and not exchanges_steps(found, axes)) or _has_scanned(found)
        is_time_first = found.framework != "flax" and is_scanned
        fitting = [one for one in fitting if next(iter(one)) == STEPS[is_time_first]]
    if len(fitting) == 1:
        yield from (fact(name, size, "array") for name, size in fitting[0].items() if isinstance(size, int))


def features_of_named_x(found: Found, network: Configuration) -> Iterator[Fact]:
    """The features of the only array with three axes that the lines of the traceback pass to functions and that is
    called like x, if its other axes have the batch and the steps that are known."""
    tree, sizes = found.program.tree, (network.batch_size, network.time_step)
    if network.features or None in sizes or found.framework not in ("numpy", "jax", "flax"):
        return
    calls = [call for line in tree.frames for call in tree.calls_in(line)[:MOST_CALLS]]
    given = {axes_of_x(tree, one) for call in calls for one in call.args if role_of(base_of(one)) == "x"}
    shapes = [one for one in given if len(one) == RANK]
    if len(shapes) == 1 and shapes[0][:2] in (sizes, sizes[::-1]) and isinstance(features := shapes[0][-1], int):
        yield fact("features", features, "array")


def _order_by_batch(found: Found, axes: Axes, network: Configuration) -> list[tuple[str, int]]:
    """The batch and the steps of an array that a network of cells of PyTorch gets, of which only one of the first two
    axes has the samples of a batch; nothing of a network that changes the steps before."""
    first = axes[:2]
    if network.batch_size not in first or len({*first}) != len(STEPS) or CHANGES_STEPS.search(found.program.source):
        return []
    order = steps_in_order(first[0] == network.batch_size)
    return [(name, size) for name, size in zip(order, first, strict=True) if isinstance(size, int)]


CHANGES_STEPS = re.compile(r"Conv|Pool|::(?!-1\])|unfold|pad\(")
"""What may change the number of steps before a cell gets them."""


def _order_of_loop(found: Found, axes: Axes) -> tuple[str, str, str] | None:
    """The axes of x by the loop of the program over its first or second axis, and by the products with weights in its
    steps, which come before samples in columns; None for other programs."""
    tree = found.program.tree
    looped = (
        {int(exchanges_steps(found))}
        if scans(found)
        else {0 for one in loops(found) if axes and tree.axes_of_made(one) == axes}
    )
    looped |= {axis_of_step(one) for one in steps(found) if tree.axes_of_made(one.value) == axes}
    looped |= {LAST_AXIS for one in _last_steps(tree) if axes_of_x(tree, one) == axes}
    functions = {tree.function_of(one) for one in tree.nodes_of_failure}
    products = [both for one, both in tree.products if tree.function_of(one) in functions]
    places = {n for both in products for n, one in enumerate(both) if _is_kernel(one)}
    places |= {1} if any(map(factors_of_linear, tree.nodes_of_failure)) else set()
    if len(looped) != 1 or len(places) != 1 or tree.calls_of("vmap"):  # which takes an axis away
        return None
    match looped.pop(), places.pop():
        case 0, 1:
            return ORDERS[1]
        case 1, 1:
            return ORDERS[0]
        case 0, 0:
            return ORDERS[2]
        case 2, 0:
            return SAMPLES_IN_COLUMNS
    return None


def _last_steps(tree: ProgramTree) -> Iterator[ast.expr]:
    """The arrays of which the lines of the traceback take a step with a variable as the index of their last axis:
    ``x[:, :, t]``."""
    for line in tree.frames:
        for node in tree.nodes_in(line):
            match tree.assigned(node) if isinstance(node, ast.Name) else node:
                case ast.Subscript(value=x, slice=ast.Tuple(elts=[ast.Slice(), ast.Slice(), ast.Name()])):
                    yield x


def sizes_of_feed(found: Found) -> Iterator[Fact]:
    """The steps, the batch and the features of the only array with three axes that a program feeds to a model of ONNX,
    which it builds itself with time first."""
    tree = found.program.tree
    if found.framework != "onnx" or "make_node" not in found.program.source or "layout" in found.program.source:
        return
    fed = [one for call in tree.calls_of("run") for one in call.args[1:2] if isinstance(one, ast.Dict)]
    axes = [tree.axes(value) for one in fed for value in one.values]
    shapes = {one for one in axes if len(one) == RANK}
    if len(shapes) == 1:
        sizes = zip(axes_of_x_in_order(False), shapes.pop(), strict=True)
        yield from (fact(name, size, "array") for name, size in sizes if isinstance(size, int))


def sizes_of_unstacked(found: Found) -> dict[str, int]:
    """The sizes of the only placeholder of TensorFlow 1 of which a program takes the steps apart for a cell of its own,
    ``tf.unstack(x, axis=1)``, or which it reads step by step, ``x[:, t]``, and those of the zeros with which h begins.
    Empty for other programs."""
    tree = found.program.tree
    if found.framework != "tf1" or found.program.made_layers:
        return {}
    if calls := tree.calls_of("unstack"):
        axis = tree.argument(calls[0], 2, "axis") if len(calls) == 1 and calls[0].args else None
        is_second = axis is not None and tree.number(axis) == 1
        arrays = [one.args[0] for one in calls if one.args]
    else:
        is_second = True
        arrays = [*{one.id: one for one in arrays_with_second_steps(tree)}.values()]
    given = tree.given_to(arrays[0]) if arrays and isinstance(arrays[0], ast.Name) else None
    x = given[1] if given else arrays[0] if arrays else None
    made = tree.assigned(x) if isinstance(x, ast.Name) else None
    shape = tree.argument(made, 1, "shape") if isinstance(made, ast.Call) and name_of(made) == "placeholder" else None
    sizes = [*map(tree.number, shape.elts)] if isinstance(shape, (ast.List, ast.Tuple)) else []
    if len(arrays) != 1 or len(sizes) != RANK:
        return {}
    order = steps_in_order(is_second)
    known = dict(zip((*order, "features"), sizes, strict=True)) | {"num_units": _units_of_zeros(tree)}
    return {name: size for name, size in known.items() if size}


def _units_of_zeros(tree: ProgramTree) -> int | None:
    """The last size of the zeros that the program gives to h; None for several, or none."""
    made = [one.value for one in tree.nodes if isinstance(one, ast.Assign) and role_of(base_of(one.targets[0])) == "h"]
    zeros = [one for one in made if isinstance(one, ast.Call) and name_of(one) == "zeros" and tree.is_maker(one)]
    sizes = {tree.number(shape[-1]) for one in zeros if len(shape := tree.sizes_of(one)) == len(STEPS)}
    return sizes.pop() if len(sizes) == 1 else None


MOST_CALLS = 8
"""Calls of a line that are read; a program may have the same line several times."""


def _of_innermost_call(tree: ProgramTree) -> Axes:
    """The only array with three axes in the arguments of the innermost call with some; () for several."""
    for line in reversed(tree.frames):
        for call in tree.calls_in(line)[:MOST_CALLS]:
            given = {axes_of_x(tree, one) for one in call.args}
            shapes = [one for one in given if len(one) == RANK]
            if shapes:
                return shapes[0] if len(shapes) == 1 else ()
    return ()


def _fits(sizes: Mapping[str, object], network: Configuration) -> bool:
    """Whether sizes are those of a network, as far as they are known, and one of them is."""
    pairs = [(size, getattr(network, name)) for name, size in sizes.items()]
    return all(one == other for one, other in pairs if one is not None and other is not None)


def _is_kernel(factor: ast.expr) -> bool:
    """Whether a factor is called like weights, or is an entry of a dictionary that is."""
    match factor:
        case ast.Subscript(slice=ast.Constant(str(key))) if KERNEL.fullmatch(key):
            return True
    return KERNEL.fullmatch(base_of(factor)) is not None


def _has_scanned(found: Found) -> bool:
    """Whether all loops of JAX run over an x as it is given: no line of the program puts the steps first."""
    x = [one.args[2] for one in found.program.tree.calls_of("scan") if len(one.args) > len(STEPS)]
    return bool(x) and all(isinstance(one, ast.Name) for one in x) and not TURNED.search(found.program.source)


def scans(found: Found) -> bool:
    """Whether a loop of JAX runs over the first axis of x, which is time then."""
    return any("scan(" in line for line in found.program.tree.frames)


def exchanges_steps(found: Found, axes: Axes = ()) -> bool:
    """Whether the line with a loop of JAX puts the steps of x first for it: other lines have the batch first. ``axes``:
    those of an array, which may be what this line has made."""
    tree = found.program.tree
    calls = [one for line in tree.frames for one in tree.calls_in(line) if name_of(one) == "scan"]
    x = [one.args[2] for one in calls if len(one.args) > len(STEPS)]
    is_made = bool(axes) and any(axes_of_x(tree, one) == axes for one in x)
    return bool(x) and not is_made and all(isinstance(one, ast.Call) and _has_steps_second(tree, one) for one in x)


def _has_steps_second(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call exchanges the first two axes of an array whose axes the program says."""
    is_function = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("jnp", "np", "jax.numpy")
    given = call.args[is_function:]
    axes = [tree.number(axis) for one in given for axis in (one.elts if isinstance(one, ast.Tuple) else [one])]
    exchanges = {"swapaxes": ([0, 1], [1, 0]), "moveaxis": ([0, 1], [1, 0]), "transpose": ([1, 0, 2],)}
    return axes in exchanges.get(name_of(call), ())


def sizes_of_scan(found: Found) -> dict[str, int]:
    """The sizes of the only loop of JAX that has run before the line that failed: of its x, and of the weights in the
    function that computes a step. Empty for any other program."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of("scan") if len(one.args) > len(STEPS)]
    body = tree.function_called(ast.Call(calls[0].args[0], [], [])) if len(calls) == 1 else None
    function = tree.function_of(calls[0]) if body else None
    is_called_again = function is not None and len(tree.calls_by_function.get(function, [])) > 1
    if found.framework != "jax" or body is None or scans(found) or is_called_again:
        return {}
    x = tree.parameters(body)[-1:]
    sizes: dict[str, object] = {}
    for array, kernel in (factors for one, factors in tree.products if tree.function_of(one) is body):
        shape = tree.shape_of_made(kernel)
        rows, columns = shape if len(shape) == len(STEPS) else (None, None)
        is_square = isinstance(rows, int) and isinstance(columns, int) and columns % rows == 0
        if [base_of(array)] == x:
            sizes["features"] = rows
        elif is_square and role_of(base_of(array)) == "h":
            sizes["num_units"] = rows
    axes = tree.axes_of_made(calls[0].args[2])
    if len(axes) == RANK and axes[-1] == sizes.get("features"):
        sizes |= zip(STEPS[::-1], axes, strict=False)
    return {name: size for name, size in sizes.items() if isinstance(size, int)}


def units_of_scanned_state(found: Found, mismatch: Mismatch) -> dict[str, int]:
    """The units of the first state of the loop of JAX that failed, whose product with weights was added to one of x
    with other samples: both have as many columns, those of one gate or of all. Empty for another error."""
    tree, sizes = found.program.tree, [found.shape(name)[-1:] for name in ("left", "right")]
    columns = sizes[0][0] if sizes[0] and sizes[0] == sizes[1] else None
    calls = [one for one in tree.calls_in_frames if name_of(one) == "scan" and len(one.args) > 1]
    wrong = (mismatch.tensor, mismatch.axis)
    is_of_samples = found.framework == "jax" and wrong in (("x", "order"), ("h_0", "batch_size"))
    if not is_of_samples or len(calls) != 1 or not columns:
        return {}
    state = tree.axes_of_made(calls[0].args[1])
    units = state[-1] if len(state) == len(STEPS) else None
    return {"num_units": units} if isinstance(units, int) and units and columns % units == 0 else {}


def units_of_gate(found: Found) -> dict[str, int]:
    """The number of units, which is the last size of both products of the sum that failed, if it makes one gate: what
    is computed from it is multiplied by a state in the same function, as it is or as ``1 - z``."""
    tree, sizes = found.program.tree, {found.shape(name)[-1:] for name in ("left", "right")}
    columns = next(iter(sizes)) if len(sizes) == 1 else ()
    made = [one for one in tree.nodes_of_failure if isinstance(one, ast.Assign) and len(one.targets) == 1]
    if len(columns) != 1 or not columns[0] or len(made) != 1 or not isinstance(made[0].targets[0], ast.Name):
        return {}
    if not any(factors_of(one) for one in ast.walk(made[0])):
        return {}
    gate, function = made[0].targets[0].id, tree.function_of(made[0])
    products = [one for one in tree.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)]
    pairs = [(base_of(of), other) for one in products for of, other in ((one.left, one.right), (one.right, one.left))]
    is_gate = any(
        role_of(state) in ("h", "c") and tree.function_of(other) is function and _is_gate(other, gate)
        for state, other in pairs
    )
    return {"num_units": columns[0]} if is_gate else {}


def _is_gate(node: ast.expr, name: str) -> bool:
    """Whether an expression is a gate with a name, or what it leaves: ``z`` or ``1 - z``."""
    match node:
        case ast.BinOp(ast.Constant(), ast.Sub(), ast.Name(gate)) | ast.Name(gate):
            return gate == name
    return False


def sizes_of_equation(tree: ProgramTree) -> dict[str, int]:
    """The sizes of the weights in the only equation that adds a product of a state, to which it gives a value, and one
    of x: that of a simple RNN. Empty for other programs."""
    sizes = set[tuple[int, int]]()
    for statement in (one for one in tree.nodes if isinstance(one, ast.Assign)):
        states = {*map(base_of, statement.targets)}
        sums = [one for one in ast.walk(statement.value) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]
        for both in (_kernels(tree, one, states) for one in sums):
            rows, columns = both.get("x", (0, 0))
            units = {*both.get("h", ())}
            if len(units) == 1 and len(units & {rows, columns}) == 1 and rows != columns:
                sizes.add(((rows + columns) - min(units), min(units)))
    return dict(zip(("features", "num_units"), sizes.pop(), strict=True)) if len(sizes) == 1 else {}


def _kernels(tree: ProgramTree, sum_: ast.BinOp, states: set[str]) -> dict[str, tuple[int, int]]:
    """The sizes of the weights of x and of h in a sum of two products, as far as the program says them."""
    found = dict[str, tuple[int, int]]()
    for one, other in filter(None, map(factors_of, (sum_.left, sum_.right))):
        for array, kernel in ((one, other), (other, one)):
            match tree.axes(kernel):
                case (int(rows), int(columns)) if KERNEL.fullmatch(base_of(kernel)):
                    found["h" if base_of(array) in states else "x"] = rows, columns
    return found


def batch_of_slices(tree: ProgramTree) -> int | None:
    """The samples of the slices that a loop of the module gives to a network, ``x[i : i + 20]`` in steps of 20, if the
    network makes a state for the first axis of what it gets; None for other programs."""
    for call in (one for one in tree.calls_in_frames if tree.function_of(one) is None and one.args):
        if not (cut := cut_of(call.args[0])):
            continue
        steps = [
            above.iter.args[-1]
            for above in tree.above(call)
            if isinstance(above, ast.For) and isinstance(above.iter, ast.Call) and len(above.iter.args) == 3
        ]
        if [*map(tree.number, steps)] == [tree.number(cut.size)] and _makes_state_of_first(tree):
            return tree.number(cut.size)
    return None


def samples_of_first_slices(found: Found) -> dict[int, int]:
    """The samples that are left for the last slice of a loop -> those of the slices before, of which the first one
    fails; not those that the message says."""
    said = {*NUMBER.findall(" ".join(found.values.values()))}
    return {left: size for left, size in rests_of_slices(found.program.tree).items() if str(left) not in said}


NUMBER = re.compile(r"\d+")


def _makes_state_of_first(tree: ProgramTree) -> bool:
    """Whether the function that failed makes zeros for the first axis of its first parameter."""
    functions = {tree.function_of(one) for one in tree.calls_of_failure()}
    makers = [one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) in functions]
    firsts = [ast.unparse(size) for one in makers for size in tree.sizes_of(one)[:1]]
    names = [tree.first_parameter(one) for one in functions if one]
    return any(size in (f"{name}.size(0)", f"{name}.shape[0]") for name in names if name for size in firsts)


def _later_training(tree: ProgramTree) -> Iterator[ast.Call]:
    """The calls that train a model after a line of the traceback, in the same function or in the module."""
    failed = [(tree.function_of(call), call.lineno) for call in tree.calls_in_frames]
    for call in tree.calls_of("fit"):
        if any(function is tree.function_of(call) and line < call.lineno for function, line in failed):
            yield call


LOADERS = ("DataLoader", "batch")
"""What makes the batches of a program."""

TURNED = re.compile(
    r"\.T\b|\.t\(|transpose\(|swapaxes\(|permute\(|move(?:dim|axis)\(|rearrange|collate|pad_sequence|stack\(|view\(|reshape\("
)
"""What may put the steps of a batch first."""


def batch_of_data(found: Found) -> int | None:
    """The samples of a batch, as the call that trains a model of Keras says, also a model that is not made to the end,
    or the only line that makes batches for the loop that failed; None without them."""
    tree = found.program.tree
    trained = [one for one in tree.calls_in_frames if name_of(one) == "fit" and not tree.function_called(one)]
    trained = trained or ([*_later_training(tree)] if found.framework == "keras" else [])
    sizes = [key.value for call in trained for key in call.keywords if key.arg == "batch_size"]
    if not sizes:
        datasets = [link for call in trained for one in call.args[:1] for link in tree.links(one)]
        loaders = [one for one in datasets if name_of(one) == "batch"] if trained else tree.calls_of(*LOADERS)
        sizes = _sizes_of_batches(tree, loaders)
    numbers = {tree.number(one) for one in sizes}
    if not sizes:
        batches = {tree.number(one) for one in _sizes_of_batches(tree, tree.calls_of(*LOADERS))}
        numbers = {tree.batch_of_stream(one) for call in trained for one in call.args[:1]} & batches
    return numbers.pop() if len(numbers) == 1 else None


def _sizes_of_batches(tree: ProgramTree, loaders: list[ast.Call]) -> list[ast.expr]:
    """What calls that make batches give for their size."""
    given = (tree.argument(one, 0 if name_of(one) == "batch" else 1, "batch_size") for one in loaders)
    return [one for one in given if one is not None]


def takes_samples_for_steps(found: Found) -> bool:
    """Whether a layer of PyTorch takes the first axis of x for time, which is that of the samples: no line puts the
    steps there."""
    settings = [one.layer.setting("batch_first") for one in found.program.calls if one.layer]
    return found.framework == "pytorch" and False in settings and not TURNED.search(found.program.source)
