"""The lines of a pasted program that make the initial states of a layer, with the sizes that the layer takes."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from ....code.operations import Operation
from ....code.values import Layer
from ....facts_about_sizes import GATES
from ...axes_of_arrays import AXES_OF_STATE
from ...causes import cause
from ...code_lines.array_origins import Origin
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import parts_of
from ...code_lines.names_of_sizes import LAYERS, STEPS_OF_DATA
from ...code_lines.program_nodes import base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

MOST_CALLS = 6
"""Calls around a dense layer that makes a state."""


STATES = ("h_0", "c_0")
"""The states of an LSTM."""


def given_state(call: Operation) -> ast.expr | None:
    """The initial state in the call of a layer."""
    return state_in(call.node) if isinstance(call.node, ast.Call) else None


def state_in(call: ast.Call) -> ast.expr | None:
    """The initial state among the arguments of a call."""
    named = [one.value for one in call.keywords if one.arg in ("hx", "initial_state", "state")]
    return named[0] if named else call.args[1] if len(call.args) > 1 else None


def state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a layer of PyTorch."""
    call = found.program.failed_call if found.framework not in ("flax", "jax", "numpy") else None
    expected, got = mismatch.expected, mismatch.got
    if not call or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != len(got) != 1:
        return ()
    given = given_state(call)
    if given is None or None in (*expected, *got):
        return ()
    tree = found.program.tree
    states = list(tree.origins(given))
    if lines := _as_other_state(found, states, expected, got):
        return lines
    if mismatch.tensor == "c_0":  # h_0 is compared first, so it fits
        states = states[1:] if len(states) > 1 else states
    elif mismatch.axis == "num_proj" and len(states) > 1:  # c_0 has the units
        if states[0].made in [one.made for one in states[1:]]:
            return ()
        states = states[:1]
    resized = [_resized(found, call, one, expected, got) for one in states]
    if not all(resized):
        return ()
    return tree.corrected(*{id(node): (node, text) for parts in resized for node, text in parts}.values())


def _as_other_state(
    found: Found, states: Sequence[Origin], expected: Sequence[int | None], got: Sequence[int | None]
) -> Corrections:
    """The line that makes one state of an LSTM, with the sizes of the other one, if Keras lists that this one fits."""
    tree, listed = found.program.tree, found.surroundings.state_shapes
    if not len(states) == len(listed) == len(STATES) or {*listed} != {tuple(expected), tuple(got)}:
        return ()
    wrong, right = (tree.sizes_of(states[listed.index(tuple(one))].made) for one in (got, expected))
    if len(wrong) != len(expected) or len(right) != len(expected):
        return ()
    if tree.function_of(wrong[-1]) is not tree.function_of(right[-1]):
        return ()
    differing = [n for n, size in enumerate(expected) if size != got[n]]
    return tree.corrected(*((wrong[n], tree.text(right[n])) for n in differing))


def _resized(
    found: Found, call: Operation, state: Origin, expected: Sequence[int | None], got: Sequence[int | None]
) -> Sequence[tuple[ast.AST, str]]:
    """The sizes in the call that makes a state, and those that the layer expects; none if one of them is not known."""
    tree = found.program.tree
    sizes = tree.sizes_of(state.made)
    if len(sizes) != len(expected):
        return ()
    differing = [n for n, size in enumerate(expected) if size != got[n]]
    if len(differing) == 2 and [got[n] for n in differing] == [expected[n] for n in reversed(differing)]:
        first, second = (sizes[n] for n in differing)
        return (first, tree.text(second)), (second, tree.text(first))
    parts: list[tuple[ast.AST, str]] = []
    for n in differing:
        if len(expected) == 3 and n == 1:
            part = _batch(found, call, state, sizes[n], expected[n])
            if not part:
                return ()
            parts.append(part)
        else:
            is_both = n == 0 and call.layer and call.layer.setting("bidirectional")
            if is_both and (layers := _layers_beside_directions(tree, call, sizes[0], expected[0], got[0])):
                parts.append((sizes[0], f"{layers} * {tree.operand(sizes[0])}"))
            elif (n == 0 and (layers := _layers_without_directions(tree, sizes[0], expected[0]))) or (
                n == 0 and not is_both and (layers := _attribute_of_layers(tree, call, sizes[0], expected[0]))
            ):
                parts.append((sizes[0], layers))
            else:
                is_double = is_both and expected[n] == 2 * (got[n] or 0)
                parts.append((sizes[n], tree.doubled(sizes[n]) if is_double else str(expected[n])))
    return parts


def _layers_beside_directions(
    tree: ProgramTree, call: Operation, size: ast.expr, expected: int | None, got: int | None
) -> str:
    """The number of layers of a layer with two directions, as the line that makes its state for both directions of one
    layer may write it; "" for another state."""
    layers = call.layer.size("num_layers") if call.layer else None
    if got != 2 or expected != 2 * (layers or 0) or not OF_DIRECTIONS.search(ast.unparse(size)):
        return ""
    if LAYERS.search(ast.unparse(size)) or not isinstance(call.node, ast.Call):
        return ""
    is_here = tree.function_of(size) is tree.function_of(call.node) and isinstance(call.node.func, ast.Attribute)
    return f"{tree.text(call.node.func)}.num_layers" if is_here else str(layers)


def _layers_without_directions(tree: ProgramTree, size: ast.expr, expected: int | None) -> str:
    """The number of layers that a line doubles for two directions: ``2 * layers``; "" for another size."""
    if not isinstance(size, ast.BinOp) or not isinstance(size.op, ast.Mult):
        return ""
    for two, layers in ((size.left, size.right), (size.right, size.left)):
        is_two = isinstance(two, ast.Constant) and two.value == 2
        if is_two and not isinstance(layers, ast.Constant) and tree.number(layers) == expected:
            return tree.text(layers)
    return ""


def _attribute_of_layers(tree: ProgramTree, call: Operation, size: ast.expr, expected: int | None) -> str:
    """The only attribute that has the number of layers of a layer, in the class whose method makes its state with
    another number; "" without one."""
    made = tree.made_layer(call.layer) if call.layer else None
    layers = tree.argument(made, 2, "num_layers") if made else None
    of = next((one for one in tree.above(size) if isinstance(one, ast.ClassDef)), None)
    is_of_layers = call.layer is not None and call.layer.size("num_layers") == expected
    if layers is None or of is None or of not in tree.above(layers) or not isinstance(size, ast.Constant):
        return ""
    attributes = (one for one in ast.walk(of) if isinstance(one, ast.Attribute) and base_of(one.value) == "self")
    own = {ast.unparse(one): one for one in attributes} if is_of_layers else {}
    wanted = ast.unparse(layers)
    values = {name: tree.assigned(one) for name, one in own.items()}
    names = [name for name, value in values.items() if wanted in (name, value is not None and ast.unparse(value))]
    return names[0] if len(names) == 1 and not isinstance(layers, ast.Constant) else ""


OF_DIRECTIONS = re.compile(r"dir(?:ection)?s?\b|bidir", re.IGNORECASE)
"""What the number of directions is called, or decided by."""


def _batch(
    found: Found, call: Operation, state: Origin, size: ast.expr, expected: int | None
) -> tuple[ast.AST, str] | None:
    """The expression of the batch of a state, and what it should be: the batch of an array at hand, or in
    the code of the module its size."""
    tree, is_first = found.program.tree, call.layer.setting("batch_first") if call.layer else None
    if is_first is None or not isinstance(call.node, ast.Call):
        return None
    for one in state.calls:
        function = tree.function_called(one)
        argument = tree.argument_for(one, function, size) if function else None
        if argument is not None:
            size = argument
    function = tree.function_of(size)
    if function is tree.function_of(call.node):
        x = call.node.args[0] if call.node.args else None
        is_before = x is not None and function and tree.is_known_at(x, size.lineno)
        name = tree.text(x) if is_before and x is not None else tree.first_parameter(function)
    else:
        outer = [one for one in state.calls if tree.function_of(one) is function and size not in ast.walk(one)]
        arguments = outer[-1].args if outer else []
        x = arguments[0] if arguments else None
        name = x.id if isinstance(x, ast.Name) and tree.is_known_at(x, size.lineno) else ""
    if name:
        return size, f"{name}.size({0 if is_first else 1})"
    return (size, str(expected)) if function is None and not tree.loops_over_batches else None


def units_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The dense layer that makes the state of a layer or a cell, with its units; or the call that makes an array."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    units, made = _units(mismatch)
    if (own := found.program.call_of_dense(made or 0, units or 0)) and not call:
        made_at = [one.made for one in tree.origins(own.operands[0].node)] if own.operands[0].node else []
        sizes = tree.sizes_of(made_at[0]) if len(made_at) == 1 else []
        return tree.corrected((sizes[-1], str(units))) if sizes and tree.number(sizes[-1]) == made else ()
    if given is None or not call or not call.layer or units is None:
        return state(found, mismatch)
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    made_by = [_dense_of(tree, part) for part in parts]
    wrong = _wrong_part(mismatch) if len(parts) == len(STATES) else slice(None)
    of_state = [one for one in made_by[wrong] if one and one.size("num_units") == made]
    if any(one in of_state for n, one in enumerate(made_by) if n not in range(len(parts))[wrong]):
        return ()  # the other state needs it as it is
    lines = [tree.made_layer(layer) for layer in of_state]
    wrong_sizes = [size for line in lines if line and (size := tree.argument_of_size(line, made)) is not None]
    if wrong_sizes:
        cell = tree.made_layer(call.layer)
        of_cell = tree.argument_of_size(cell, units) if cell else None
        is_same = of_cell is not None and tree.function_of(of_cell) is tree.function_of(wrong_sizes[0])
        new = tree.text(of_cell) if is_same and of_cell is not None else str(units)
        return tree.corrected(*((size, new) for size in {id(one): one for one in wrong_sizes}.values()))
    if isinstance(mismatch.expected, tuple) and len(mismatch.expected) > 1:
        return state(found, mismatch)
    arrays = {id(one.made): one.made for part in parts for one in tree.origins(part)}
    sizes = [size for one in arrays.values() for size in tree.sizes_of(one)[-1:] if tree.number(size) == made]
    if found.framework == "pytorch" and len(sizes) == 1 and isinstance(call.node, ast.Call):
        return tree.corrected((sizes[0], _units_in(tree, sizes[0], call.node, units)))
    return state(found, mismatch) or zeros_for_output(found, mismatch, units)


def _wrong_part(mismatch: Mismatch) -> slice:
    """Which states of a pair have another number of units than the layer: h_0 is compared first, and a projection is
    only that of h."""
    return slice(1, None) if mismatch.tensor == "c_0" else slice(1) if mismatch.axis == "num_proj" else slice(None)


def _units(mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The units of the layer and of its state, if these are all that differ."""
    expected, got = mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or expected[:-1] != got[:-1] or not expected:
        return None, None
    return expected[-1], got[-1]


def zeros_for_output(found: Found, mismatch: Mismatch, units: int) -> Corrections:
    """The line in which the first state of a cell is the output of a layer that also computes its x, with zeros in its
    place: that layer has the features of the cell."""
    call, tree = found.program.failed_call, found.program.tree
    node = given_state(call) if call else None
    if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == len(STATES):
        node = node.elts[STATES.index(mismatch.tensor or STATES[0])]
    given = tree.given_to(node) if isinstance(node, ast.Name) else None
    value = tree.assigned(given[1]) if given and isinstance(given[1], ast.Name) else None
    if not isinstance(value, ast.Call) or len(value.args) != 1 or not isinstance(value.func, ast.Attribute):
        return ()
    called = [one for one in tree.calls_of(value.func.attr) if one is not value]
    is_function = tree.function_called(value) is not None
    if "torch" not in tree.imported or is_function or not called or not isinstance(value.args[0], ast.Name):
        return ()
    return tree.corrected((value, f"torch.zeros({value.args[0].id}.size(0), {units})"))


def _dense_of(tree: ProgramTree, value: ast.expr | None, most: int = MOST_CALLS) -> Layer | None:
    """The dense layer whose output an expression is, with functions and methods of each element around it, and such as
    change its axes; None without one."""
    if isinstance(value, ast.Name):
        value = tree.assigned(value)
    if isinstance(value, ast.Subscript):
        value = value.value
    if not isinstance(value, ast.Call) or not most:
        return None
    if (layer := tree.layer(value.func)) and layer.size("num_units") is not None:
        return layer if layer.kind == "dense" else None
    of = [value.func.value] if isinstance(value.func, ast.Attribute) else []
    inner = (_dense_of(tree, one, most - 1) for one in (*value.args[:1], *of))
    return next(filter(None, inner), None)


def _units_in(tree: ProgramTree, size: ast.expr, call: ast.Call, units: int) -> str:
    """The number of units of a cell in the line of a size: the only attribute of the object with it, or that of the
    cell that the same function calls, or else the number."""
    function = tree.function_of(size)
    attributes = {
        ast.unparse(one)
        for one in tree.nodes
        if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self" and tree.number(one) == units
        if tree.function_of(one) is function
    }
    if len(attributes) == 1:
        return attributes.pop()
    is_called = function is not None and tree.function_of(call) is function and isinstance(call.func, ast.Attribute)
    return f"{tree.text(call.func)}.hidden_size" if is_called else tree.name_of_size(size, units)


def states_of_one_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line after the call of a layer of PyTorch that returns the states of a cell, with those of its last layer."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    places = [tree.place_of(one) for one in parts if isinstance(one, ast.Name)]
    made = {id(one): one for place in places if place for one in tree.above(place) if isinstance(one, ast.Assign)}
    if found.framework != "pytorch" or len(made) != 1 or len(places) != len(parts) or None in places:
        return ()
    (statement,) = made.values()
    layer = tree.layer(statement.value.func) if isinstance(statement.value, ast.Call) else None
    after = tree.line_after(statement)
    if not layer or layer.kind not in GATES or layer.setting("bidirectional") or not after:
        return ()
    last = ".squeeze(0)" if parts_of(layer) == 1 else "[-1]"
    names = [place.id for place in places if place]
    if layer.kind == "lstm" and len(names) == 1:
        return [("", f"{names[0]} = tuple(s{last} for s in {names[0]})  # before: {after}")]
    return [("", f"{', '.join(names)} = {', '.join(name + last for name in names)}  # before: {after}")]


# -- layers that a layer does not get ----------------------------------------------------------------------------------


def _made_without_layers(found: Found, mismatch: Mismatch) -> tuple[ast.Call, str] | None:
    """The call that makes the layer of PyTorch that failed, without its number of layers, and this number, for which
    the program makes the state; None for another layer or state."""
    call, tree, got = found.program.failed_call, found.program.tree, mismatch.got
    layer = call.layer if call else None
    given = given_state(call) if call else None
    is_of_parts = mismatch.axis == "num_layers*directions" and isinstance(got, tuple) and found.framework == "pytorch"
    if not is_of_parts or not layer or given is None or not isinstance(got, tuple) or len(got) != len(AXES_OF_STATE):
        return None
    made, directions = tree.made_layer(layer), 1 + bool(layer.setting("bidirectional"))
    states = [*tree.origins(given)]
    sizes = [size for one in states for size in tree.sizes_of(one.made)[:1]]
    if not made or not sizes or parts_of(layer) != directions or tree.argument(made, 2, "num_layers") is not None:
        return None
    layers, rest = divmod(got[0] or 0, directions)
    if rest or layers < 2 or any(one.arg is None for one in made.keywords) or not all(map(_names_layers, sizes)):
        return None
    return made, _name_of_layers(tree, made, layers) or str(layers)


def _names_layers(size: ast.expr) -> bool:
    return LAYERS.search(ast.unparse(size)) is not None


def _name_of_layers(tree: ProgramTree, made: ast.Call, layers: int) -> str:
    """The only parameter of the function of a call that is a number of layers; "" without one."""
    known = tree.parameters(tree.function_of(made))
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and one.id in known and tree.function_of(one) is tree.function_of(made)
        if _names_layers(one) and tree.number(one) == layers
    }
    return names.pop() if len(names) == 1 else ""


def _of_layers(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state for a number of layers that the program does not give its layer."""
    if not _made_without_layers(found, mismatch):
        return mismatch
    others = (one for one in mismatch.causes if one.id not in ("one_direction", "layers"))
    return replace(mismatch, causes=(cause("layers_not_given", "pytorch", cell=found.cell), *others))


def _of_one_layer(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with both directions of one layer, for a layer of PyTorch with several."""
    call, expected, got = found.program.failed_call, mismatch.expected, mismatch.got
    given = given_state(call) if call and mismatch.first_cause == "directions" else None
    if given is None or not call or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return mismatch
    tree = found.program.tree
    sizes = [size for one in tree.origins(given) for size in tree.sizes_of(one.made)[:1]]
    if not sizes or not all(_layers_beside_directions(tree, call, one, expected[0], got[0]) for one in sizes):
        return mismatch
    return replace(mismatch, causes=(cause("layers", "pytorch", state=mismatch.tensor, parts=expected[0]),))


def _of_doubled_layers(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that a line makes for two directions, whatever its layer has, of which the program says that it is one:
    the state is wrong, not the layer."""
    call, expected, ids = found.program.failed_call, mismatch.expected, [one.id for one in mismatch.causes]
    given = given_state(call) if call and ids == ["one_direction", "layers"] else None
    is_one = call is not None and call.layer is not None and call.layer.setting("bidirectional") is False
    if given is None or not is_one or not isinstance(expected, tuple):
        return mismatch
    tree = found.program.tree
    sizes = [size for one in tree.origins(given) for size in tree.sizes_of(one.made)[:1]]
    if not sizes or not all(_layers_without_directions(tree, one, expected[0]) for one in sizes):
        return mismatch
    return replace(mismatch, causes=mismatch.causes[::-1])


def layers_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a layer, with the number of layers for which its state is made."""
    if not (made := _made_without_layers(found, mismatch)):
        return ()
    call, layers = made
    return all_of([found.program.tree.with_argument(call, "num_layers", layers)])


# -- states for packed sequences ---------------------------------------------------------------------------------------

PACKS = ("pack_sequence", "pack_padded_sequence")


def _batch_of_packed(found: Found, mismatch: Mismatch) -> list[tuple[ast.expr, str]]:
    """The sizes in the states of a layer that are not the number of its packed sequences, and what they should be; []
    unless the program packs its x and says them."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    x = call.node.args[0] if call and isinstance(call.node, ast.Call) and call.node.args else None
    is_of_batch = mismatch.tensor in STATES and mismatch.axis == "batch_size" and found.framework == "pytorch"
    packed = tree.assigned(x) if isinstance(x, ast.Name) else x
    if not is_of_batch or given is None or not isinstance(packed, ast.Call) or name_of(packed) not in PACKS:
        return []
    if not packed.args or not isinstance(packed.args[0], ast.Name):
        return []
    of, first = packed.args[0].id, tree.argument(packed, 2, "batch_first")
    is_first = first is not None and ast.unparse(first) == "True"
    batch = f"len({of})" if name_of(packed) == PACKS[0] else f"{of}.size({0 if is_first else 1})"
    if first is not None and not isinstance(first, ast.Constant) and name_of(packed) != PACKS[0]:
        return []
    sizes = [(one.made, tree.sizes_of(one.made)) for one in tree.origins(given)]
    is_here = all(tree.function_of(one) is tree.function_of(packed) for one, _ in sizes)
    if not is_here or any(len(one) != len(AXES_OF_STATE) for _, one in sizes):
        return []
    is_known = all(tree.is_known_at(packed.args[0], one.lineno) for one, _ in sizes)
    places = {id(one[1]): one[1] for _, one in sizes}
    return [(one, batch) for one in places.values()] if is_known else []


def _of_packed(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that is made for the steps of packed sequences, or the like, and not for their number."""
    sizes, tree = _batch_of_packed(found, mismatch), found.program.tree
    values = [tree.assigned(one) or one if isinstance(one, ast.Name) else one for one, _ in sizes]
    if not sizes or not all(STEPS_OF_DATA.search(ast.unparse(one)) for one in values):
        return mismatch
    causes = (replace(one, id="other_batch", title=OTHER.title, sentence=OTHER.sentence) for one in mismatch.causes[:1])
    return replace(mismatch, causes=(*causes, *(one for one in mismatch.causes[1:] if one.id != "other_batch")))


OTHER = cause("other_batch", "pytorch")


def batch_of_packed(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a layer, for as many samples as are packed."""
    sizes = _batch_of_packed(found, mismatch)
    return all_of([found.program.tree.replaced(one) for one in sizes]) if sizes else ()


RULES = (_of_layers, _of_one_layer, _of_doubled_layers, _of_packed)
"""What the program says about the number of layers, and of packed sequences."""

CORRECTIONS = {
    **dict.fromkeys(("last_batch", "other_batch"), batch_of_packed),
    "layers_not_given": layers_of_layer,
    "squeeze": states_of_one_layer,
}
"""Cause -> the lines that it corrects."""
