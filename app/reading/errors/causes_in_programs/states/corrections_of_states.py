"""The lines of a pasted program that make states, and the layers that get them, as causes correct them."""

import ast

from ....code.values import Layer
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import parts_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs import missing_axes
from ..inputs.keras_inputs_and_states import only_state_of_cell
from ..likely_causes import CorrectionRule
from . import carries_of_flax, earlier_calls, sizes_of_states, states_of_handwritten_cells
from .sizes_of_states import given_state


def state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a layer of PyTorch, the carry of one of Flax, or a handwritten cell's state."""
    if found.framework == "flax":
        return carries_of_flax.carry(found, mismatch)
    if found.framework in ("numpy", "jax"):
        return states_of_handwritten_cells.batch_of_state(found, mismatch)
    return sizes_of_states.state(found, mismatch)


def units_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make a state with other units than its layer has."""
    of_loop = states_of_handwritten_cells.units_of_first_state(found, mismatch)
    of_loop = of_loop or states_of_handwritten_cells.units_of_made_state(found, mismatch)
    of_loop = of_loop or states_of_handwritten_cells.units_of_kept_state(found, mismatch)
    return of_loop or sizes_of_states.units_of_state(found, mismatch) or state(found, mismatch)


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
    lines = [*with_size(found, decoder, units, made)]
    return [*lines, *(line for one in after for line in with_size(found, one, units, made))] if lines else ()


def with_size(found: Found, layer: Layer, size: int | None, new: int | None) -> Corrections:
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


def pair_of_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of an LSTM with h alone, with the c of the program beside it, or one of zeros."""
    if found.framework == "keras":
        return list_of_states(found)
    if found.framework == "flax":
        return pair_of_carry(found.program.tree)
    call = found.program.failed_call
    given = given_state(call) if call else None
    if not isinstance(given, ast.Name) or found.framework != "pytorch":
        return ()
    c = c_beside(found.program.tree, given) or f"torch.zeros_like({given.id})"
    return found.program.tree.corrected((given, f"({given.id}, {c})"))


def pair_of_carry(tree: ProgramTree) -> Corrections:
    """The first carry of a cell of Flax that is h alone, with zeros for c before it: where a name gets the value of
    another one, or in a line after the one that makes it."""
    call = next((one for one in tree.calls_of_failure() if isinstance(one.func, ast.Call) and len(one.args) == 2), None)
    carry: ast.expr | None = call.args[0] if call else None
    while isinstance(carry, ast.Name) and (given := tree.given_to(carry)):
        carry = given[1]
    zeros = "jnp.zeros_like" if "jnp" in tree.imported else "jax.numpy.zeros_like"
    value = tree.assigned(carry) if isinstance(carry, ast.Name) else None
    statement = next(tree.above(value), None) if value is not None else None
    if not isinstance(carry, ast.Name) or value is None or not isinstance(statement, ast.Assign):
        return ()
    if isinstance(value, ast.Name):
        return tree.corrected((value, f"({zeros}({value.id}), {value.id})"))
    after = tree.line_after(statement)
    pair = f"{carry.id} = ({zeros}({carry.id}), {carry.id})"
    return [("", f"{pair}  # before: {after}")] if after and ast.unparse(statement.targets[0]) == carry.id else ()


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


def one_of_two_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The pair of states of an LSTM, of which a layer with one state gets only h."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    if found.framework == "keras" and mismatch.expected == (1,):
        return _first_of_list(tree)
    if found.template.id != "pytorch-h-c-for-h":
        return ()
    if isinstance(given, (ast.Tuple, ast.List)) and len(given.elts) == 2:
        return tree.corrected((given, tree.text(given.elts[0])))
    place = tree.place_of(given) if isinstance(given, ast.Name) else None
    if place:
        return tree.corrected((place, f"({place.id}, _)"))
    return _first_of_pair(tree, given) if isinstance(given, ast.Name) else ()


def _first_of_list(tree: ProgramTree) -> Corrections:
    """The call of a layer of Keras with a list of two states, of which it gets only the first."""
    given = [one for call in tree.calls_of_failure() for one in tree.keywords(call, "initial_state")]
    if len(given) != 1 or not isinstance(given[0], (ast.Tuple, ast.List)) or len(given[0].elts) != 2:
        return ()
    return tree.corrected((given[0], tree.text(given[0].elts[0])))


def states_beside_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of Keras with a list of x and its states, which become an argument of their own."""
    tree = found.program.tree
    lists = [one.args[0] for one in tree.calls_of_failure() if len(one.args) == 1 and isinstance(one.args[0], ast.List)]
    if len(lists) != 1 or mismatch.got != (len(lists[0].elts),):
        return ()
    (x, *states) = map(tree.text, lists[0].elts)
    given = states[0] if len(states) == 1 else f"[{', '.join(states)}]"
    return tree.corrected((lists[0], f"{x}, initial_state={given}"))


def _first_of_pair(tree: ProgramTree, state: ast.Name) -> Corrections:
    """The line that calls a function which makes a pair of states, and takes the first of it."""
    given = tree.given_to(state)
    made = tree.assigned(given[1]) if given and isinstance(given[1], ast.Name) else None
    function = tree.function_called(made) if isinstance(made, ast.Call) else None
    pair = tree.returned_by(function) if function else None
    if made is None or not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
        return ()
    return tree.corrected((made, f"{tree.text(made)}[0]"))


def list_of_states(found: Found) -> Corrections:
    """The call of an LSTM of Keras with h alone, with the c of the program beside it, or one of zeros."""
    tree = found.program.tree
    if only := only_state_of_cell(found):
        return tree.corrected((only, f"{tree.text(only)}, {tree.text(only)}"))
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


RULES: dict[str, CorrectionRule] = {
    **dict.fromkeys(("state_order", "directions", "other_batch"), state),
    "last_batch": state_of_last_batch,
    "layers": layers_of_encoder,
    **dict.fromkeys(("other_units", "projected_state"), units_of_state),
    "kept_state": kept_state,
    "encoder_units": units_of_decoder,
    "joined_states": joined_states,
    "h_for_h_c": pair_of_states,
    "number_of_states": one_of_two_states,
    "states_in_list": states_beside_x,
}
"""Cause -> the lines that it corrects."""
