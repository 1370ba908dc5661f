"""What a pasted program says about the states of two directions: those of an encoder, in pairs, or of another layer."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of, plain
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.states.numbers_of_states import gives_both_directions
from ...mismatch import Mismatch, equal_sizes_needed, only_size, wrong_size
from .initial_states import DIRECTIONS, MOST_STEPS, units_in


def joined_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that takes the last entry of the states of a layer with two directions, with those of both joined."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if found.framework != "pytorch" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    node = found.program.input_of_dense(got[-1] or 0, expected[-1] or 0)
    for _ in range(MOST_STEPS):
        if isinstance(node, ast.Name):
            node = tree.assigned(node)
        elif isinstance(node, (ast.List, ast.Tuple)):
            node = _only_maker(tree, node)
        elif isinstance(node, ast.Call) and (function := tree.function_called(node)):
            node = tree.returned_by(function)
        elif isinstance(node, ast.Call) and node.args:
            node = node.args[0]
    if not isinstance(node, ast.Subscript) or ast.unparse(node.slice) not in ("-1", "0", "1", "-2"):
        return ()
    return _with_both(tree, node)


def _with_both(tree: ProgramTree, node: ast.Subscript) -> Corrections:
    """An entry of the states of a layer of PyTorch, with those of both directions of its last layer joined."""
    states = tree.text(node.value)
    return tree.corrected((node, f"torch.cat(({states}[-2], {states}[-1]), dim=-1)"))


def _only_maker(tree: ProgramTree, parts: ast.List | ast.Tuple) -> ast.expr | None:
    """A call of the only function of the program that makes all arrays that are joined; None for other ones."""
    names = [one for one in ast.walk(parts) if isinstance(one, ast.Name) and one.id not in tree.imported]
    made = [tree.assigned(one) for one in names]
    functions = {tree.function_called(one) if isinstance(one, ast.Call) else None for one in made}
    return made[0] if len(functions) == 1 and None not in functions else None


def _of_four_states(found: Found, mismatch: Mismatch) -> Mismatch:
    """The states of both directions for a layer with as many units as both have together."""
    shapes = found.surroundings.state_shapes
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    states = {"lstm": 2, "gru": 1, "rnn": 1}.get(found.cell, 0)
    is_of_both = bool(states) and len(shapes) == DIRECTIONS * states and len(set(shapes)) == 1
    if found.framework != "keras" or not is_of_both or not got or expected != DIRECTIONS * got:
        return mismatch
    sentence = phrase(
        "A Bidirectional layer returns the states of each direction, {n} arrays with {got} units each, and the decoder"
        " with {expected} units needs them joined.",
        n=len(shapes),
        got=got,
        expected=expected,
    )
    likely = cause("directions_of_states", "keras" if states == 2 else "keras states")
    return replace(mismatch, sentence=sentence, causes=(likely,))


def joined_in_pairs(found: Found, mismatch: Mismatch) -> Corrections:
    """What a layer of Keras gets as its initial state, with the states of both directions joined."""
    tree, states = found.program.tree, len(found.surroundings.state_shapes)
    given = tree.values_of_keyword("initial_state")
    if len(given) != 1 or states not in (2, 4):
        return ()
    place, node = given[0], given[0]
    if isinstance(node, ast.Name) and (value := tree.assigned(node)) is not None:
        place = node = value
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == states:
        parts = [tree.text(one) for one in node.elts]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.slice) == "1:":
        parts = [f"{tree.text(node.value)}[{n + 1}]" for n in range(states)]
    else:
        parts = _starred(tree, given[0], states)
        place = given[0]
    joined = next((text for name, text in JOINS.items() if name in tree.imported), "")
    if not parts or not joined:
        return ()
    half = states // DIRECTIONS
    pairs = [joined.format(parts[n], parts[n + half]) for n in range(half)]
    return tree.corrected((place, f"[{', '.join(pairs)}]"))


def _starred(tree: ProgramTree, node: ast.expr, states: int) -> list[str]:
    """The items of a name that gets all but the first value of a call: ``_, *states = encoder(x)``."""
    if not isinstance(node, ast.Name) or not tree.is_starred(node):
        return []
    return [f"{node.id}[{n}]" for n in range(states)]


JOINS = {
    "tf": "tf.concat([{}, {}], -1)",
    "ops": "ops.concatenate([{}, {}], -1)",
    "layers": "layers.Concatenate()([{}, {}])",
    "Concatenate": "Concatenate()([{}, {}])",
    "keras": "keras.ops.concatenate([{}, {}], -1)",
}
"""Name of what a program imports -> how it joins two arrays along their units."""


def states_for_each_direction(found: Found, mismatch: Mismatch) -> Corrections:
    """What a layer of Keras with two directions gets as its initial state, the states of one, for both of them."""
    tree, given = found.program.tree, found.program.tree.values_of_keyword("initial_state")
    states = {"lstm": 2, "gru": 1, "rnn": 1}.get(found.cell, 0)
    if found.framework != "keras" or len(given) != 1 or not gives_both_directions(found):
        return ()
    if not isinstance(given[0], (ast.List, ast.Tuple)) or len(given[0].elts) != states:
        return ()
    return tree.corrected((given[0], f"[{', '.join([tree.text(one) for one in given[0].elts] * DIRECTIONS)}]"))


OF_QUERY = ("attention_directions", "query_of_one_direction", "state_of_one_direction")


def _state_of_one_direction(found: Found, mismatch: Mismatch) -> ast.Subscript | None:
    """The last state of a layer of PyTorch with two directions, which is the second factor of the product that failed,
    or an operand of a sum or of a product of elements; None for another one."""
    if mismatch.first_cause not in OF_QUERY or found.framework != "pytorch":
        return None
    tree, sizes = found.program.tree, (only_size(mismatch.expected), only_size(mismatch.got))
    products = tree.products_in(found.code)
    operands = [products[0][1]] if len(products) == 1 else [] if products else _operands(found)
    states = [state for one in operands if (state := _last_state(tree, one))]
    if len(states) != 1:
        return None
    (node,) = states
    place = tree.place_of(node.value) if isinstance(node.value, ast.Name) else None
    statement = next((one for one in tree.above(place) if isinstance(one, ast.Assign)), None) if place else None
    layer = tree.layer(statement.value.func) if statement and isinstance(statement.value, ast.Call) else None
    is_of_both = layer is not None and layer.setting("bidirectional") is True and layer.size("num_units") in sizes
    return node if is_of_both else None


def _operands(found: Found) -> list[ast.expr]:
    """Both operands of the only sum, or product of elements, in the code that failed."""
    code = plain(found.code)
    nodes = (one for one in found.program.tree.nodes_of_failure if isinstance(one, ast.BinOp))
    failed = [one for one in nodes if isinstance(one.op, ELEMENTWISE) and plain(ast.unparse(one)) in code]
    return [failed[0].left, failed[0].right] if len(failed) == 1 else []


ELEMENTWISE = (ast.Add, ast.Sub, ast.Mult)


def _last_state(tree: ProgramTree, node: ast.expr | None) -> ast.Subscript | None:
    """The entry of the states of a direction from which lines of the program make an array; None for another one."""
    for _ in range(MOST_STEPS):
        if isinstance(node, ast.Name):
            given = tree.given_to(node)
            node = given[1] if given else tree.assigned(node)
        elif isinstance(node, ast.Call) and name_of(node) == "unsqueeze" and isinstance(node.func, ast.Attribute):
            node = node.func.value
    is_entry = isinstance(node, ast.Subscript) and ast.unparse(node.slice) in ("-1", "-2")
    return node if is_entry and isinstance(node, ast.Subscript) else None


def _of_one_direction(found: Found, mismatch: Mismatch) -> Mismatch:
    """A query of one direction for attention to the output of both, or its sum with this output."""
    if not _state_of_one_direction(found, mismatch):
        return mismatch
    sizes = only_size(mismatch.expected) or 0, only_size(mismatch.got) or 0
    is_factor = bool(found.program.tree.products_in(found.code))
    likely = cause("query_of_one_direction" if is_factor else "state_of_one_direction", "pytorch")
    of_both = wrong_size("output", "num_units", max(sizes), min(sizes), [likely], mismatch.facts)
    return replace(of_both, sentence=equal_sizes_needed(*sizes), is_of_equals=True)


def state_of_both_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that takes an array from the states of a layer, with those of both directions joined."""
    tree = found.program.tree
    return _with_both(tree, node) if (node := _state_of_one_direction(found, mismatch)) else ()


def _inputs_of_states(found: Found, size: int | None) -> list[ast.expr]:
    """The sizes of the inputs of a model of Keras that are made for a state with so many units."""
    tree = found.program.tree
    calls = tree.calls_of("Input")
    shapes = [tree.argument(one, 0, "shape") for one in calls]
    sizes = [one.elts[0] for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) == 1]
    return [one for one in sizes if size is not None and tree.number(one) == size]


def _of_input_of_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state for an input of a model of Keras that was made for another number of units."""
    expected, got = units_in(mismatch.expected), units_in(mismatch.got)
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "keras")
    units = {layer.size("num_units") for layer in found.program.made_layers}
    if not is_of_units or got not in units or expected in units or not _inputs_of_states(found, expected):
        return mismatch
    return replace(mismatch, causes=(cause("input_of_state", "keras", expected=expected, got=got),))


def units_of_inputs(found: Found, mismatch: Mismatch) -> Corrections:
    sizes = _inputs_of_states(found, units_in(mismatch.expected))
    return found.program.tree.corrected(*((one, str(units_in(mismatch.got))) for one in sizes))


def added_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The state that the program gives a decoder, or its network, with both directions of each layer added, or joined
    if the decoder has twice as many units."""
    expected, got, call = mismatch.expected, mismatch.got, found.program.failed_call
    state = call.node.args[1] if call and isinstance(call.node, ast.Call) and len(call.node.args) > 1 else None
    if state is None or not call or not call.layer or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    if found.framework != "pytorch" or len(expected) != len(got) or None in got:
        return ()
    tree = found.program.tree
    for _ in range(MOST_STEPS):
        given = tree.given_to(state) if isinstance(state, ast.Name) else None
        state = given[1] if given else state
    is_lstm, of_each = call.layer.kind == "lstm", _item_of_all(tree, state)
    if got == (DIRECTIONS * (expected[0] or 0), *expected[1:]):
        whole = f"view({expected[0]}, {DIRECTIONS}, *{{state}}.shape[1:]).sum(1)"
        one = f"{{state}}.{'sum(0, keepdim=True)' if expected[0] == 1 else whole}"
    elif got == (DIRECTIONS * (expected[0] or 0), expected[1], (expected[2] or 0) / DIRECTIONS):
        one = "torch.cat(({state}[0::2], {state}[1::2]), dim=-1)"
    else:
        return ()
    if is_lstm and of_each is not None:
        return tree.corrected((of_each, one.format(state=of_each.id)))
    if is_lstm:
        return tree.corrected((state, f"tuple({one.format(state='s')} for s in {tree.text(state)})"))
    return tree.corrected((state, one.format(state=tree.operand(state))))


def _item_of_all(tree: ProgramTree, states: ast.expr) -> ast.Name | None:
    """The item in the line that makes a tuple or a list of all states as they are, ``tuple(s for s in states)``; None
    for other states."""
    value = tree.assigned(states) if isinstance(states, ast.Name) else states
    inner = (
        value.args[0] if isinstance(value, ast.Call) and name_of(value) in ("tuple", "list") and value.args else value
    )
    match inner:
        case ast.GeneratorExp(ast.Name(item) as one, [_]) | ast.ListComp(ast.Name(item) as one, [_]):
            return one if ast.unparse(inner.generators[0].target) == item else None
    return None


RULES = (_of_four_states, _of_input_of_state, _of_one_direction)
"""What the program says about the states of two directions."""

CORRECTIONS = {
    "encoder_directions": added_directions,
    "dense_one_direction": joined_directions,
    "directions_of_states": joined_in_pairs,
    "input_of_state": units_of_inputs,
    "number_of_states": states_for_each_direction,
    **dict.fromkeys(("query_of_one_direction", "state_of_one_direction"), state_of_both_directions),
}
"""Cause -> the lines that it corrects."""
