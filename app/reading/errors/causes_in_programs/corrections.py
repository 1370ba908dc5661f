"""The lines of a pasted program that a cause corrects, with the smallest change: from its tree, where its arrays come
from."""

import ast
import re

from ...code.values import Layer
from ..code_lines.corrected_lines import Corrections, all_of
from ..code_lines.layers_and_operands import parts_of, width_of
from ..code_lines.program_nodes import Functions, name_of
from ..code_lines.program_tree import ProgramTree
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, only_size
from .inputs import missing_axes, steps_of_handwritten_cells
from .inputs.calls_with_data import call_of_loss
from .layers.products_and_joins import with_last_axes_exchanged
from .likely_causes import CorrectionRule
from .modules_with_rules import corrections_of
from .states import carries_of_flax, earlier_calls, sizes_of_states, states_of_handwritten_cells
from .states.sizes_of_states import given_state
from .weights import biases_of_handwritten_cells, kernels_of_handwritten_cells


def own_lines(found: Found, mismatch: Mismatch, id: str) -> Corrections:
    """The lines of the program that a cause corrects; () if that is not certain."""
    if not found.program.source.strip():
        return ()
    rules = [*corrections_of(id), *([RULES[id]] if id in RULES else ())]
    lines = (list(dict.fromkeys(rule(found, mismatch))) for rule in rules)
    return next(filter(None, lines), ())


# -- states ------------------------------------------------------------------------------------------------------------


def state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a layer of PyTorch, the carry of one of Flax, or a handwritten cell's state."""
    if found.framework == "flax":
        return carries_of_flax.carry(found, mismatch)
    if found.framework in ("numpy", "jax"):
        return states_of_handwritten_cells.batch_of_state(found, mismatch)
    return sizes_of_states.state(found, mismatch)


def units_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make a state with other units than its layer has."""
    return sizes_of_states.units_of_state(found, mismatch) or state(found, mismatch)


def state_of_last_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states for each batch, or that of the loader or the loop whose last batch does not fit a
    state that the batch before has left."""
    corrections = state(found, mismatch) or earlier_calls.whole_batches(found, mismatch)
    return corrections or missing_axes.whole_batches(found, mismatch)


def kept_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the method that resets the state, before the loop or the line in which the network is called."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    if given is None or not call or not call.node:
        return ()
    reset = tree.method_that_resets(given)
    owner, line = tree.owner_of_call(call.node)
    if not owner or not line:
        return ()
    new = f"{owner}.{reset}()" if reset else f"{owner}.{given.attr} = None" if isinstance(given, ast.Attribute) else ""
    return [("", f"{new}  # before: {line}")] if new else ()


def units_of_decoder(found: Found, mismatch: Mismatch) -> Corrections:
    """The units of the decoder in the line that makes it, or in the call that says them, as those of the encoder."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or None in (*expected[-1:], *got[-1:]):
        return ()
    units, made = expected[-1], got[-1]
    layers = {one.layer for one in found.program.calls if one.layer}
    of_units = {size: [one for one in layers if one.size("num_units") == size] for size in (units, made)}
    if all(len(one) == 1 for one in of_units.values()):
        (decoder,), (encoder,) = of_units[units], of_units[made]
        calls = [tree.made_layer(one) for one in (decoder, encoder)]
        sizes = [tree.argument_of_size(call, n) for call, n in zip(calls, (units, made), strict=True) if call]
        if len(sizes) == 2 and sizes[0] is not None and sizes[1] is not None:
            return tree.corrected((sizes[0], tree.text(sizes[1])))
    given = [
        one.value
        for call in tree.calls
        if any(tree.number(one.value) == made for one in call.keywords)
        for one in call.keywords
        if tree.number(one.value) == units
    ]
    return tree.corrected((given[0], str(made))) if len(given) == 1 else _units_of_object(tree, units, made)


def _units_of_object(tree: ProgramTree, units: int | None, made: int | None) -> Corrections:
    """The line that makes the object whose method failed, a decoder of Flax, with other units for its only cell."""
    of_failure = {one for node in tree.nodes_of_failure for one in tree.above(node) if isinstance(one, ast.ClassDef)}
    cells = [one for one in tree.calls if name_of(one).endswith("Cell") and of_failure & {*tree.above(one)}]
    size = tree.argument(cells[0], 1, "hidden_features") if len(cells) == 1 else None
    function = tree.function_of(size) if size is not None else None
    if size is None or function is None or made is None:
        return ()
    calls = [one for one in tree.calls if tree.constructor(one) is function]
    given = [one for call in calls if (one := tree.argument_for(call, function, size)) is not None]
    if len(given) != 1 or tree.number(given[0]) != units:
        return ()
    return tree.corrected((given[0], tree.name_of_size(given[0], made)))


def joined_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the decoder, with the units of the joined states, and that of a dense layer after it."""
    expected, got = mismatch.expected, mismatch.got
    call = next((one for one in reversed(found.program.calls) if given_state(one) is not None), None)
    if not call or not call.layer or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    units, made, decoder = expected[-1], got[-1], call.layer
    after = [
        one.layer
        for one in found.program.operations
        if one.layer and one.layer.kind == "dense" and one.layer.framework == "pytorch"
        if one.operands[0].layers == (decoder,) and one.layer.size("features") == units
    ]
    lines = [*_with_size(found, decoder, units, made)]
    return [*lines, *(line for one in after for line in _with_size(found, one, units, made))] if lines else ()


def _with_size(found: Found, layer: Layer, size: int | None, new: int | None) -> Corrections:
    """The line that makes a layer, with another number in place of one of its sizes: twice as many as its text says, if
    it is that."""
    tree = found.program.tree
    made = tree.made_layer(layer)
    argument = tree.argument_of_size(made, size) if made else None
    if made and argument is None and layer.kind == "dense" and layer.framework == "pytorch":
        argument = tree.argument(made, 0, "in_features")  # for as many values as it returns
    if argument is None or size is None or new is None or tree.number(argument) != size:
        return ()
    if multiple := tree.multiple(argument, new) or _multiple_of_term(tree, argument, new):
        return tree.corrected(multiple)
    return tree.corrected((argument, tree.doubled(argument) if new == 2 * size else tree.name_of_size(argument, new)))


def _multiple_of_term(tree: ProgramTree, size: ast.expr, new: int) -> tuple[ast.expr, str] | None:
    """The only term of a sum of two that makes it another number, several times: ``2 * units + columns``."""
    if not isinstance(size, ast.BinOp) or not isinstance(size.op, ast.Add):
        return None
    found = []
    for term, other in ((size.left, size.right), (size.right, size.left)):
        one, rest = tree.number(term), tree.number(other)
        if one and rest and (new - rest) % one == 0 and 1 < (new - rest) // one <= MOST_TIMES:
            found.append((term, f"{(new - rest) // one} * {tree.operand(term)}"))
    return found[0] if len(found) == 1 else None


MOST_TIMES = 4
"""Layers and directions of most networks whose states are joined."""


def layers_of_encoder(found: Found, mismatch: Mismatch) -> Corrections:
    """The states that are made with as many layers as the decoder has; or its encoder, with as many layers."""
    if lines := state(found, mismatch):
        return lines
    call, tree, expected = found.program.failed_call, found.program.tree, mismatch.expected
    if lines := _layers_of_decoder(found, mismatch):
        return lines
    encoders = call.operands[1].layers if call else ()
    if len(encoders) != 1 or not call or not call.layer or not isinstance(expected, tuple) or encoders[0] is call.layer:
        return ()
    (encoder,), number = encoders, call.layer.size("num_layers")
    made = tree.made_layer(encoder)
    is_one = encoder.size("num_layers") == 1 and not encoder.setting("bidirectional") and number == expected[0]
    if not made or not is_one or any(one.arg == "num_layers" for one in made.keywords):
        return ()
    return all_of([tree.with_argument(made, "num_layers", str(number))])


def _layers_of_decoder(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a decoder with one layer, with as many as the only other layer has with its units."""
    call, tree, got = found.program.failed_call, found.program.tree, mismatch.got
    decoder = call.layer if call else None
    if not decoder or parts_of(decoder) != 1 or not isinstance(got, tuple) or decoder.framework != "pytorch":
        return ()
    alike = [one for one in found.program.made_layers if one is not decoder and one.kind == decoder.kind]
    others = [one for one in alike if one.size("num_units") == decoder.size("num_units")]
    made = tree.made_layer(decoder)
    if len(others) != 1 or parts_of(others[0]) != got[0] or others[0].setting("bidirectional") or not made:
        return ()
    if (given := tree.argument(made, 2, "num_layers")) is not None:
        return tree.corrected((given, str(got[0])))
    return all_of([tree.with_argument(made, "num_layers", str(got[0]))])


def dense(found: Found, mismatch: Mismatch) -> Corrections:
    """The dense layer that is made for the values that it gets."""
    if found.framework == "flax":
        return dense_of_flax(found, mismatch)
    expected, got = mismatch.expected, mismatch.got
    if mismatch.tensor != "dense_input" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    call = found.program.call_of_dense(got[-1] or 0, expected[-1] or 0)
    return _with_size(found, call.layer, expected[-1], got[-1]) if call and call.layer else ()


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
    if not call:
        return ()
    return tree.corrected((call.args[0], f"{tree.operand(call.args[0])}.transpose(1, 2)"))


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
    return tree.corrected((made[0], doubled or _name_of_size(tree, made[0], got) or tree.name_of_size(made[0], got)))


def _cells_of_failed_call(tree: ProgramTree) -> list[ast.Call]:
    """The cells that a program makes for the only layers that the last line of the traceback calls."""
    made = [one for call in tree.calls_of_failure() for one in tree.calls_that_made(call.func)]
    return [one for one in made if name_of(one).endswith("Cell")]


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
    return ()


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


def pair_of_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of an LSTM with h alone, with the c of the program beside it, or one of zeros."""
    if found.framework == "keras":
        return list_of_states(found)
    call = found.program.failed_call
    given = given_state(call) if call else None
    if not isinstance(given, ast.Name) or found.framework != "pytorch":
        return ()
    c = c_beside(found.program.tree, given) or f"torch.zeros_like({given.id})"
    return found.program.tree.corrected((given, f"({given.id}, {c})"))


def c_beside(tree: ProgramTree, h: ast.Name) -> str:
    """The only name before a line of a function that is that of h with a c: state_c beside state_h; "" without one."""
    return beside(tree, h, h.id, "h", "c")


def beside(tree: ProgramTree, near: ast.Name, name: str, letter: str, other: str) -> str:
    """The only name before a line of a function that is another one with a letter exchanged; "" without one."""
    function = tree.function_of(near)
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name)
        and isinstance(one.ctx, ast.Store)
        and one.lineno < near.lineno
        and tree.function_of(one) is function
    }
    others = {f"{name[:n]}{other}{name[n + 1 :]}" for n, one in enumerate(name) if one == letter}
    found = others & {*names, *tree.parameters(function)}
    return found.pop() if len(found) == 1 else ""


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


def one_of_two_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The pair of states of an LSTM, of which a layer with one state gets only h."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    if found.template.id != "pytorch-h-c-for-h":
        return ()
    if isinstance(given, (ast.Tuple, ast.List)) and len(given.elts) == len(("h", "c")):
        return tree.corrected((given, tree.text(given.elts[0])))
    place = tree.place_of(given) if isinstance(given, ast.Name) else None
    if place:
        return tree.corrected((place, f"({place.id}, _)"))
    return _first_of_pair(tree, given) if isinstance(given, ast.Name) else ()


def _first_of_pair(tree: ProgramTree, state: ast.Name) -> Corrections:
    """The line that calls a function which makes a pair of states, and takes the first of it."""
    given = tree.given_to(state)
    made = tree.assigned(given[1]) if given and isinstance(given[1], ast.Name) else None
    function = tree.function_called(made) if isinstance(made, ast.Call) else None
    pair = tree.returned_by(function) if function else None
    if made is None or not isinstance(pair, ast.Tuple) or len(pair.elts) != len(("h", "c")):
        return ()
    return tree.corrected((made, f"{tree.text(made)}[0]"))


def list_of_states(found: Found) -> Corrections:
    """The call of an LSTM of Keras with h alone, with the c of the program beside it, or one of zeros."""
    tree = found.program.tree
    given = tree.values_of_keyword("initial_state")
    names = [one for one in given if isinstance(one, ast.Name) and not tree.is_starred(one)]
    alone: list[ast.expr] = [one for one in names if not isinstance(tree.assigned(one), (ast.List, ast.Tuple))]
    alone += [one.elts[0] for one in given if isinstance(one, ast.List) and len(one.elts) == 1]
    if len(alone) != 1 or not isinstance(state := alone[0], ast.Name):
        return ()
    module = next((text for name, text in ZEROS.items() if name in tree.imported), "")
    zeros = f"{module}.zeros_like({state.id})" if module and len(given) == 1 else ""
    c = c_beside(tree, state) or zeros
    whole = next(one for one in given if state in ast.walk(one))
    return tree.corrected((whole, f"[{state.id}, {c}]")) if c else ()


ZEROS = {"ops": "ops", "tf": "tf", "keras": "keras.ops"}
"""Name of what a program imports -> where it has ``zeros_like``."""


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


def dense_of_flax(found: Found, mismatch: Mismatch) -> Corrections:
    """The only dense layer of Flax that is made for a size, made for another one."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    made = [one for one in tree.calls_of("Linear") if one.args]
    sizes = [one.args[0] for one in made if tree.number(one.args[0]) in (None, expected)]
    if len(made) != 1 or len(sizes) != 1 or not expected or not got:
        return ()
    return tree.corrected((sizes[0], tree.doubled(sizes[0]) if got == 2 * expected else str(got)))


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
    return all_of([found.program.tree.with_argument(made, "return_sequences", "True")]) if made else ()


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
    """The call of the layer with a mask that is cut to the steps of x."""
    tree, call = found.program.tree, found.program.call_with("mask")
    if not call or not isinstance(call.node, ast.Call) or not call.node.args:
        return ()
    x, mask = call.node.args[0], next((one.value for one in call.node.keywords if one.arg == "mask"), None)
    if not isinstance(x, ast.Name) or not isinstance(mask, ast.Name):
        return ()
    return tree.corrected((mask, f"{mask.id}[:, : {x.id}.shape[1]]"))


def all_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that takes the last step of an array, without doing so."""
    tree = found.program.tree
    parts = (
        one for one in tree.nodes if isinstance(one, ast.Subscript) and not ast.unparse(one).endswith(".shape[-1]")
    )
    taken = [one for one in parts if LAST_STEP.fullmatch(ast.unparse(one.slice))]
    return tree.corrected((taken[0], tree.text(taken[0].value))) if len(taken) == 1 else ()


LAST_STEP = re.compile(r"\(?:, -1(?:, :)?\)?|-1")
"""The index of the last step."""


def squeezed_output(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a loss of which the longer array loses its last axis of size 1."""
    call, tree, (expected, got) = call_of_loss(found), found.program.tree, mismatch.shapes
    if not call:
        return ()
    is_output_longer = len(expected) > len(got) if mismatch.tensor == "target" else len(got) > len(expected)
    longer = call.args[0 if is_output_longer else 1]
    return tree.corrected((longer, f"{tree.operand(longer)}.squeeze(-1)"))


RULES: dict[str, CorrectionRule] = {
    **dict.fromkeys(("state_order", "directions", "other_batch"), state),
    "last_batch": state_of_last_batch,
    **dict.fromkeys(
        ("dense_directions", "dense_features", "dense_all_steps", "dense_all_layers", "dense_projection"), dense
    ),
    "layers": layers_of_encoder,
    **dict.fromkeys(("other_units", "projected_state"), units_of_state),
    "features_first": transposed_x,
    "exchanged_axes": exchanged_input,
    "classes_second": classes_second,
    **dict.fromkeys(("other_features", "units_below"), features_of_cell),
    "state_axes": states_of_handwritten_cells.exchanged_state,
    "kernel_order": kernels_of_handwritten_cells.exchanged_kernel,
    "other_size": kernels_of_handwritten_cells.size_of_kernel,
    "kept_state": kept_state,
    "encoder_units": units_of_decoder,
    "joined_states": joined_states,
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
    "output_weights": kernels_of_handwritten_cells.size_of_output_weights,
    **dict.fromkeys(("kept_outputs", "kept_array"), steps_of_handwritten_cells.sizes_of_written_array),
    **dict.fromkeys(("step_axis", "first_axis_step"), steps_of_handwritten_cells.step_of_batch),
    "h_for_h_c": pair_of_states,
    "number_of_states": one_of_two_states,
    "list_to_join": list_to_join,
    "time_major": time_major,
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
