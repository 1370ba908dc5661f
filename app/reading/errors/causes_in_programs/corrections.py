"""The lines of a pasted program that a cause corrects, with the smallest change: from its tree, where its arrays come
from."""

import ast
import re

from ..code_lines.corrected_lines import Corrections, all_of
from ..code_lines.layers_and_operands import width_of
from ..code_lines.program_nodes import Functions, name_of
from ..code_lines.program_tree import ProgramTree
from ..framework_messages.handwritten_cells.sums_of_layers import width_of_layer
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, only_size
from .inputs import steps_of_handwritten_cells
from .inputs.calls_with_data import call_of_loss
from .layers.layers_below import given_to_object
from .layers.products_and_joins import with_last_axes_exchanged
from .likely_causes import CorrectionRule
from .modules_with_rules import corrections_of
from .states import corrections_of_states, states_of_handwritten_cells
from .states.corrections_of_states import beside, with_size
from .weights import biases_of_handwritten_cells, kernels_of_handwritten_cells


def own_lines(found: Found, mismatch: Mismatch, id: str) -> Corrections:
    """The lines of the program that a cause corrects; () if that is not certain."""
    if not found.program.source.strip():
        return ()
    rules = [*corrections_of(id), *([RULES[id]] if id in RULES else ())]
    lines = (list(dict.fromkeys(rule(found, mismatch))) for rule in rules)
    return next(filter(None, lines), ())


# -- dense layers, x and its features ----------------------------------------------------------------------------------


def dense(found: Found, mismatch: Mismatch) -> Corrections:
    """The dense layer that is made for the values that it gets."""
    expected, got = mismatch.expected, mismatch.got
    is_of_dense = mismatch.tensor == "dense_input" and found.framework != "flax"
    if not is_of_dense or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    call = found.program.call_of_dense(got[-1] or 0, expected[-1] or 0)
    return with_size(found, call.layer, expected[-1], got[-1]) if call and call.layer else ()


def transposed_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of PyTorch, with the last two axes of x exchanged."""
    nodes = {id(one.node): one.node for one in found.program.failed_calls if one.operands}
    node = next(iter(nodes.values())) if len(nodes) == 1 else None
    if found.framework != "pytorch" or not isinstance(node, ast.Call) or not isinstance(node.args[0], ast.Name):
        return ()
    return found.program.tree.corrected((node.args[0], f"{node.args[0].id}.transpose(1, 2)"))


def exchanged_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that names the input of a model of ONNX, with its two axes exchanged."""
    tree, name = found.program.tree, found.text("layer")
    of_line = [one for call in tree.calls_of_failure() for one in ast.walk(call)]
    dictionaries = [one for one in dict.fromkeys((*of_line, *tree.nodes)) if isinstance(one, ast.Dict)]
    named = [
        value
        for one in dictionaries
        for key, value in zip(one.keys, one.values, strict=True)
        if key is not None and (tree.text(key).strip("'\"").lower() == name or tree.text(key).endswith("[0].name"))
    ]
    axes = mismatch.sentence.values
    if len(named) != 1 or not {"first", "second"} <= axes.keys():
        return ()
    return tree.corrected((named[0], f"{tree.operand(named[0])}.swapaxes({axes['first']}, {axes['second']})"))


def numbers_of_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of PyTorch or Flax, whose x gets an axis of features."""
    if found.framework == "flax":
        return _numbers_of_flax(found.program.tree)
    nodes = {id(one.node): one.node for one in found.program.failed_calls if one.operands}
    node = next(iter(nodes.values())) if len(nodes) == 1 else None
    if found.framework != "pytorch" or mismatch.axis != "features" or not isinstance(node, ast.Call) or not node.args:
        return ()
    (x, *_), tree = node.args, found.program.tree
    return tree.corrected((x, f"{tree.operand(x)}.unsqueeze(-1)"))


def _numbers_of_flax(tree: ProgramTree) -> Corrections:
    """The only call in the last line of the program that failed, whose first argument gets an axis of features."""
    calls = [one for one in tree.calls_in(tree.frames[-1]) if one.args] if tree.frames else []
    if len(calls) != 1:
        return ()
    return tree.corrected((calls[0].args[0], f"{tree.operand(calls[0].args[0])}[..., None]"))


def classes_second(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a loss whose output has its classes in the second axis."""
    call, tree = call_of_loss(found), found.program.tree
    if not call or EXCHANGED.search(tree.text(call.args[0])):
        return ()
    return tree.corrected((call.args[0], f"{tree.operand(call.args[0])}.transpose(1, 2)"))


EXCHANGED = re.compile(r"\.(?:transpose|swapaxes)\((?:1, ?(?:2|-1)|2, ?1|-1, ?-2|-2, ?-1|-1, ?1)\)$")
"""An array whose classes are in the second axis already."""


def features_of_cell(found: Found, mismatch: Mismatch) -> Corrections:
    """The only cell of Flax that is made for the features of the message, with those of x."""
    expected, got, tree = only_size(mismatch.expected), only_size(mismatch.got), found.program.tree
    cells = _cells_of_failed_call(tree) or [one for one in tree.calls if name_of(one).endswith("Cell")]
    given = [size for one in cells if (size := tree.argument(one, 0, "in_features")) is not None]
    made = [one for one in given if tree.number(one) == expected]
    if found.framework != "flax" or len(made) != 1 or got is None:
        return ()
    is_double = got == 2 * (expected or 0) and bool(tree.calls_of("Bidirectional"))
    doubled = tree.doubled(made[0]) if is_double else ""
    if not doubled and (named := given_to_object(tree, made[0], got)):
        return tree.corrected(named)
    return tree.corrected((made[0], doubled or _name_of_size(tree, made[0], got) or tree.name_of_size(made[0], got)))


def features_of_weights_or_cell(found: Found, mismatch: Mismatch) -> Corrections:
    return kernels_of_handwritten_cells.features_of_weights(found, mismatch) or features_of_cell(found, mismatch)


def _cells_of_failed_call(tree: ProgramTree) -> list[ast.Call]:
    """The cells that a program makes for the only layers that the last line of the traceback calls, or else in the
    class that has this line."""
    made = [one for call in tree.calls_of_failure() for one in tree.calls_that_made(call.func)]
    of_failure = {one for node in tree.nodes_of_failure for one in tree.above(node) if isinstance(one, ast.ClassDef)}
    cells = [one for one in made if name_of(one).endswith("Cell")]
    return cells or [one for one in tree.calls if name_of(one).endswith("Cell") and of_failure & {*tree.above(one)}]


def _name_of_size(tree: ProgramTree, near: ast.expr, size: int) -> str:
    """The only name of a size in the lines of a function; "" without one."""
    function = tree.function_of(near)
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and function and tree.function_of(one) is function and tree.number(one) == size
    }
    return names.pop() if len(names) == 1 else ""


# -- x -----------------------------------------------------------------------------------------------------------------


def step_of_loop(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a cell in a loop over the steps, with the step in place of the whole sequence."""
    tree = found.program.tree
    for call in found.program.failed_calls:
        if not isinstance(call.node, ast.Call) or not call.node.args:
            continue
        x = call.node.args[0]
        for loop in (one for one in tree.above(call.node) if isinstance(one, ast.For)):
            axis = tree.axis_of_range(loop.iter, x)
            if axis is not None and isinstance(loop.target, ast.Name):
                index = f"[:, {loop.target.id}]" if axis else f"[{loop.target.id}]"
                return tree.corrected((x, f"{tree.operand(x)}{index}"))
    return _loop_over_steps(found)


def _loop_over_steps(found: Found) -> Corrections:
    """The only line that calls a cell of PyTorch with a whole sequence and keeps its state, in a loop over the axis
    that is not that of the samples of the state."""
    tree = found.program.tree
    calls = {id(one.node): one.node for one in found.program.failed_calls}
    call = next(iter(calls.values())) if len(calls) == 1 else None
    if found.framework != "pytorch" or not isinstance(call, ast.Call) or len(call.args) != 2:
        return ()
    x, state = call.args
    kept = next((one for one in tree.above(call) if isinstance(one, ast.Assign)), None)
    is_kept = kept is not None and kept.value is call and [*map(ast.unparse, kept.targets)] == [ast.unparse(state)]
    sizes, (samples, *_) = tree.axes(x), tree.axes(state.elts[0] if isinstance(state, ast.Tuple) else state) or (None,)
    steps = [n for n, size in enumerate(sizes[:2]) if size != samples]
    line = tree.replaced((x, "x_t")) if is_kept and samples and len(sizes) == 3 and len(steps) == 1 else None
    return [(line[0], f"for x_t in {tree.operand(x)}.unbind({steps[0]}): {line[1]}")] if line else ()


def collate(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the DataLoader, with the function of the program that pads a batch."""
    tree = found.program.tree
    loaders = tree.calls_of("DataLoader")
    padding = [
        one.name
        for one in tree.nodes
        if isinstance(one, Functions)
        and not tree.is_method(one)
        and any(isinstance(n, ast.Call) and "pad" in name_of(n) for n in ast.walk(one))
    ]
    without = [one for one in loaders if all(keyword.arg != "collate_fn" for keyword in one.keywords)]
    if len(without) != 1:
        return ()
    if len(padding) == 1:
        return all_of([tree.with_argument(without[0], "collate_fn", padding[0])])
    is_pair = [len(one.elts) for one in _items(tree)] == [2] and "torch" in tree.imported
    line = tree.with_argument(without[0], "collate_fn", "collate")
    return [("", f"{COLLATE}  # before: {line[0]}"), line] if is_pair and line else ()


COLLATE = (
    "collate = lambda batch: (torch.nn.utils.rnn.pad_sequence([x for x, _ in batch], batch_first=True),"
    " torch.utils.data.default_collate([y for _, y in batch]))"
)
"""A function that pads the first item of each sample."""


def _items(tree: ProgramTree) -> list[ast.Tuple]:
    """What the datasets of the program return for a sample."""
    returned = [one for one in tree.nodes if isinstance(one, ast.Return)]
    functions = [(_item(tree, one.value), tree.function_of(one)) for one in returned if one.value is not None]
    return [one for one, of in functions if of and of.name == "__getitem__" and isinstance(one, ast.Tuple)]


def _item(tree: ProgramTree, value: ast.expr) -> ast.expr:
    """A value, or each item of the list that a comprehension makes and of which the value is one."""
    made = tree.assigned(value.value) if isinstance(value, ast.Subscript) else None
    return made.elt if isinstance(made, ast.ListComp) else value


# -- products, reshapes, sums ------------------------------------------------------------------------------------------


def transposed_factor(found: Found, mismatch: Mismatch) -> Corrections:
    """The product whose second factor is transposed."""
    tree = found.program.tree
    factors = [one.operands[1] for one in found.program.failed_products if len(one.operands) > 1]
    fitting = [one.node for one in factors if one.axes == mismatch.got and one.node]
    if len({id(one) for one in fitting}) != 1:
        return ()
    return tree.corrected((fitting[0], with_last_axes_exchanged(found, fitting[0])))


def along_last_axis(*names: str) -> CorrectionRule:
    """The calls of functions in the function that has the line that failed, along the last axis: the only one, or all
    joins of the same array, of which the next would fail in the same way."""

    def rule(found: Found, mismatch: Mismatch) -> Corrections:
        tree = found.program.tree
        failed = {tree.function_of(one) for one in tree.nodes_in(tree.frames[-1])} if tree.frames else {None}
        calls = tree.calls_of(*names)
        inside = [one for one in calls if tree.function_of(one) in failed and one.args]
        is_split = "split" in names
        n = 2 if is_split else 1
        if is_split:
            along = [tree.argument(one, n, "axis") for one in inside]
            inside = [one for one, axis in zip(inside, along, strict=True) if not axis or tree.text(axis) not in LAST]
        if not inside:
            return ()
        axes = [tree.argument(one, n, "axis") for one in inside]
        joined = [{ast.unparse(part) for part in getattr(one.args[0], "elts", ())} for one in inside]
        is_alike = len({ast.unparse(one) if one else "" for one in axes}) == 1 and bool(set.intersection(*joined))
        if len(inside) != 1 and not (is_split or is_alike):
            return ()
        lines = [
            tree.replaced((axis, "1")) if axis is not None else tree.with_argument(one, "axis", "1")
            for one, axis in zip(inside, axes, strict=True)
        ]
        return all_of(lines)

    return rule


LAST = ("-1", "1")
"""The last axis of a matrix, as a program writes it."""


def time_major(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only layer of Flax, which reads time first then."""
    tree = found.program.tree
    made = [one for one in tree.calls_of("RNN") if one.args]
    return all_of([tree.with_argument(made[0], "time_major", "True")]) if len(made) == 1 else ()


def not_time_major(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only layer of Flax that reads time first, without this argument."""
    tree = found.program.tree
    parts = [part for one in tree.calls_of("RNN") if (part := tree.without_argument(one, "time_major"))]
    return tree.corrected(*parts) if len(parts) == 1 else ()


def list_to_join(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of Keras that joins a state of both directions, with both of them: as another call joins h,
    or c."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure() if isinstance(one.func, ast.Call) and len(one.args) == 1]
    one = calls[0].args[0] if len(calls) == 1 else None
    if not isinstance(one, ast.Name):
        return ()
    joined = [call.args[0] for call in tree.calls if isinstance(call.func, ast.Call) and len(call.args) == 1]
    for pair in joined:
        match pair:
            case ast.List([ast.Name(first), ast.Name(second)]):
                for letters in ("hc", "ch"):
                    if beside(tree, one, first, *letters) == one.id and (last := beside(tree, one, second, *letters)):
                        return tree.corrected((one, f"[{one.id}, {last}]"))
    return ()


def directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The reshape for one direction, and the dense layer that gets what it returns, for both."""
    reshaped = found.program.reshape_of_one_direction()
    tree = found.program.tree
    if not reshaped or not isinstance(reshaped.node, ast.Call) or not reshaped.node.args:
        return ()
    size = reshaped.node.args[-1]
    lines = [tree.replaced((size, tree.doubled(size)))]
    units = reshaped.operands[0].axes[-1]
    for one in found.program.operations:
        if one.layer and one.layer.kind == "dense" and isinstance(units, int):
            made = [n for n in tree.calls if n.lineno == one.layer.line and n.args]
            features = [n.args[0] for n in made if one.layer.size("features") == units // 2 == tree.number(n.args[0])]
            lines += [tree.replaced((features[0], tree.doubled(features[0])))] if features else []
    return all_of(list(dict.fromkeys(lines)))


# -- outputs, masks and losses -----------------------------------------------------------------------------------------


def with_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the last recurrent layer of Keras before a layer that reads every step."""
    got = mismatch.shapes[1] if mismatch.shapes else ()
    layers = [one.layer for one in found.program.calls if one.layer and one.layer.framework == "keras"]
    failed = found.program.call_of_recurrent(len(got))
    below = failed.operands[0].layers if failed else ()
    layers = [one for one in layers if one in below] or layers
    fitting = [one for one in layers if not one.setting("return_sequences") and got[-1:] == (width_of(one),)]
    if len(fitting) != 1:
        return ()
    made = found.program.tree.made_layer(fitting[0])
    return all_of([found.program.tree.with_every_step(made)]) if made else ()


def before_pooling(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a recurrent layer of Keras with what a layer got that removes the axis of time."""
    failed, tree = found.program.call_of_recurrent(len(mismatch.shapes[1])), found.program.tree
    x = failed.node.args[0] if failed and isinstance(failed.node, ast.Call) and failed.node.args else None
    value = tree.assigned(x) if isinstance(x, ast.Name) else None
    is_removed = isinstance(value, ast.Call) and isinstance(value.func, ast.Call) and len(value.args) == 1
    if x is None or not isinstance(value, ast.Call) or not is_removed or not isinstance(value.args[0], ast.Name):
        return ()
    return tree.corrected((x, value.args[0].id))


def cut_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer with a mask that is cut to the steps of x, and those after it with the same mask."""
    tree, call = found.program.tree, found.program.call_with("mask")
    if not call or not isinstance(call.node, ast.Call) or not call.node.args:
        return ()
    x, mask = call.node.args[0], next((one.value for one in call.node.keywords if one.arg == "mask"), None)
    if not isinstance(x, ast.Name) or not isinstance(mask, ast.Name):
        return ()
    place = tree.place_of(mask)
    same = [
        one
        for one in tree.values_of_keyword("mask")
        if isinstance(one, ast.Name) and one.id == mask.id and tree.function_of(one) is tree.function_of(mask)
        if tree.place_of(one) is place and one.lineno >= mask.lineno
    ]
    return tree.corrected(*((one, f"{mask.id}[:, : {x.id}.shape[1]]") for one in same))


def all_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that takes the last step of an array, without doing so."""
    tree = found.program.tree
    parts = (
        one for one in tree.nodes if isinstance(one, ast.Subscript) and not ast.unparse(one).endswith(".shape[-1]")
    )
    taken = [one for one in parts if LAST_STEP.fullmatch(ast.unparse(one.slice))]
    if len(taken) != 1:
        return ()
    (last,) = taken
    match [*tree.above(last)][:2]:
        case [ast.Assign(targets=[ast.Name(name)]) as line, ast.FunctionDef(body=body)] if (
            tree.text(last.value) == name
        ):
            is_needed = len(body) == 1 or line.end_lineno != line.lineno
            return tree.corrected((last, name)) if is_needed else [(tree.line(line), "")]
    return tree.corrected((last, tree.text(last.value)))


LAST_STEP = re.compile(r"\(?:, -1(?:, :)?\)?|-1")
"""The index of the last step."""


def squeezed_output(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a loss of which the longer array loses its last axis of size 1."""
    call, tree, (expected, got) = call_of_loss(found), found.program.tree, mismatch.shapes
    if not call:
        return without_last_axis(found)
    is_output_longer = len(expected) > len(got) if mismatch.tensor == "target" else len(got) > len(expected)
    longer = call.args[0 if is_output_longer else 1]
    return tree.corrected((longer, f"{tree.operand(longer)}.squeeze(-1)"))


def without_last_axis(found: Found) -> Corrections:
    """The only difference in the line that failed, with the longer array of the message without its last axis."""
    left, right = found.shape("left"), found.shape("right")
    nodes = found.program.tree.nodes_of_failure
    differences = [one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub)]
    if len(differences) != 1 or {len(left), len(right)} == {len(left)}:
        return ()
    (one,) = differences
    longer = one.left if len(left) > len(right) else one.right
    return found.program.tree.corrected((longer, f"{found.program.tree.operand(longer)}[..., 0]"))


RULES: dict[str, CorrectionRule] = {
    **corrections_of_states.RULES,
    **dict.fromkeys(
        ("dense_directions", "dense_features", "dense_all_steps", "dense_all_layers", "dense_projection"), dense
    ),
    "features_first": transposed_x,
    "exchanged_axes": exchanged_input,
    "classes_second": classes_second,
    "units_below": features_of_cell,
    "other_features": features_of_weights_or_cell,
    "state_axes": states_of_handwritten_cells.exchanged_state,
    "kernel_order": kernels_of_handwritten_cells.exchanged_kernel,
    "other_size": kernels_of_handwritten_cells.size_of_kernel,
    "one_step": step_of_loop,
    "collate": collate,
    "transpose_keys": transposed_factor,
    "samples_in_columns": steps_of_handwritten_cells.transposed_x,
    "joined_columns": steps_of_handwritten_cells.joined_below,
    "vmap": steps_of_handwritten_cells.vmapped,
    "kernel_rows": kernels_of_handwritten_cells.rows_of_weights,
    "joined_weights": kernels_of_handwritten_cells.weights_of_join,
    "carry": states_of_handwritten_cells.first_state,
    "layer_below": kernels_of_handwritten_cells.layers_above,
    "state_column": states_of_handwritten_cells.column_of_state,
    "init_features": kernels_of_handwritten_cells.features_of_init,
    "step_without_batch": steps_of_handwritten_cells.batched_step,
    "flat_bias": biases_of_handwritten_cells.flat_bias,
    "reshape_directions": directions,
    "whole_bias": biases_of_handwritten_cells.part_of_bias,
    **dict.fromkeys(("column_bias", "row_bias"), biases_of_handwritten_cells.shape_of_bias),
    "bias_size": biases_of_handwritten_cells.size_of_bias,
    "fewer_gates": kernels_of_handwritten_cells.number_of_gates,
    "gate_weights": kernels_of_handwritten_cells.weights_of_gates,
    "gate_layer": width_of_layer,
    "output_weights": kernels_of_handwritten_cells.size_of_output_weights,
    **dict.fromkeys(("kept_outputs", "kept_array"), steps_of_handwritten_cells.sizes_of_written_array),
    **dict.fromkeys(("step_axis", "first_axis_step"), steps_of_handwritten_cells.step_of_batch),
    "list_to_join": list_to_join,
    "time_major": time_major,
    "not_time_major": not_time_major,
    "scan_axis": steps_of_handwritten_cells.time_first,
    "split_axis": along_last_axis("split", "array_split"),
    "joined_rows": along_last_axis("concatenate", "concat", "cat"),
    "return_sequences": with_steps,
    "flattened_steps": before_pooling,
    "missing_features_axis": numbers_of_steps,
    "cut_mask": cut_mask,
    "target_axis": squeezed_output,
    "kept_last_step": all_steps,
}
"""Cause -> the lines that it corrects."""
