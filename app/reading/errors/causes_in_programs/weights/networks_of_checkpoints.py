"""What a pasted program says about a network that loads a checkpoint: its lines with the sizes of that, and the words
that were added."""

import ast
from dataclasses import replace

from ....facts_about_sizes import GATES
from ...cell_classes import CLASSES
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import Functions, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.weights.checkpoints import other_rows
from ...mismatch import Mismatch, only_size
from ...names_of_layers import is_recurrent


def units_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network that loads a checkpoint, with the units of that."""
    tree, cell, expected, got = found.program.tree, found.cell, mismatch.expected, mismatch.got
    if not cell or mismatch.axis != "gates*num_units":
        return ()
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    units, new = ((size[0] or 0) // GATES[cell] for size in (expected, got))
    network = _network_that_loads(tree)
    function = tree.constructor(network) if network else None
    made = [tree.made_layer(one) for one in found.program.made_layers if one.size("num_units") == units]
    sizes = [tree.argument_of_size(one, units) for one in made if one and tree.function_of(one) is function]
    if not network or not function:
        return ()
    items = [one for one in sizes if isinstance(one, ast.Subscript)]
    if items and len({ast.unparse(one) for one in items}) == 1:
        return _of_entry(tree, network, function, items[0], new)
    names = {one.id for one in sizes if isinstance(one, ast.Name) and one.id in tree.parameters(function)}
    return all_of([tree.with_parameter(network, function, names.pop(), str(new))]) if len(names) == 1 else ()


def directions_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network that loads a checkpoint, with the directions of that, if it gets them."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    network = _network_that_loads(tree)
    function = tree.constructor(network) if network else None
    if not network or not function or not expected or not got or len(mismatch.causes) != 1:
        return ()
    made = [one for one in tree.calls_of(*CLASSES.values()) if tree.function_of(one) is function]
    given = [value for one in made for value in tree.keywords(one, "bidirectional")]
    names = {one.id for one in given if isinstance(one, ast.Name) and one.id in tree.parameters(function)}
    if len(names) != 1 or len(given) != 1:
        return ()
    return all_of([tree.with_parameter(network, function, names.pop(), str(got > expected))])


def layers_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network that loads a checkpoint, with as many layers as that has, if it gets them."""
    tree, stored = found.program.tree, only_size(mismatch.got)
    network = _network_that_loads(tree)
    function = tree.constructor(network) if network else None
    directions = next((one.value for one in mismatch.facts if one.terms == (("directions",),)), 1)
    if not network or not function or not stored or stored % directions:
        return ()
    made = [one for one in tree.calls_of(*CLASSES.values()) if tree.function_of(one) is function]
    given = [tree.argument(one, 2, "num_layers") for one in made]
    names = {one.id for one in given if isinstance(one, ast.Name) and one.id in tree.parameters(function)}
    if len(names) != 1 or len(given) != 1:
        return ()
    return all_of([tree.with_parameter(network, function, names.pop(), str(stored // directions))])


def _network_that_loads(tree: ProgramTree) -> ast.Call | None:
    """The call that makes the network that loads a checkpoint in a line of the traceback."""
    loads = [one.func for one in tree.calls_in_frames if name_of(one) == "load_state_dict"]
    network = tree.assigned(loads[0].value) if loads and isinstance(loads[0], ast.Attribute) else None
    return network if isinstance(network, ast.Call) else None


def _of_entry(tree: ProgramTree, network: ast.Call, function: Functions, item: ast.Subscript, new: int) -> Corrections:
    """The line with the entry of the dictionary that a network gets, with another size."""
    key = item.slice.value if isinstance(item.slice, ast.Constant) else None
    mapping = item.value
    if isinstance(mapping, ast.Name) and mapping.id in tree.parameters(function):
        given = tree.argument_for(network, function, mapping)
        mapping = given if given is not None else mapping
    entry = tree.entry(mapping, key) if isinstance(key, str) else None
    return tree.corrected((entry, str(new))) if entry is not None else ()


def _of_added_words(found: Found, mismatch: Mismatch) -> Mismatch:
    """A checkpoint whose words the model has first: ``NEW = OLD + [...]``."""
    network = _network_that_loads(found.program.tree)
    ids = [one.id for one in mismatch.causes]
    if ids != ["checkpoint_vocabulary", "checkpoint_words"] or not network or not _adds_words(found, network):
        return mismatch
    return replace(mismatch, causes=mismatch.causes[::-1])


def _adds_words(found: Found, network: ast.Call) -> bool:
    """Whether a network is made for a list of words with more words at its end."""
    tree, words = found.program.tree, {one.checkpoint[0] for one in other_rows(found)}
    given = (*network.args, *(one.value for one in network.keywords))
    lists = [one.args[0] for one in given if isinstance(one, ast.Call) and name_of(one) == "len" and one.args]
    made = [tree.assigned(one) for one in lists if isinstance(one, ast.Name)]
    sums = [one for one in made if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]
    return len(sums) == 1 and isinstance(sums[0].left, ast.Name) and bool(words)


def rows_of_words(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that loads a checkpoint, with all parameters but an embedding, of which it copies the rows of the old
    words."""
    tree, listed = found.program.tree, other_rows(found)
    loads = [one for one in tree.calls_in_frames if name_of(one) == "load_state_dict"]
    if len(loads) != 1 or len(listed) != 1 or len(loads[0].args) != 1 or loads[0].keywords:
        return ()
    (load,), (embedding,) = loads, listed
    (state,), network = load.args, load.func.value if isinstance(load.func, ast.Attribute) else None
    if not isinstance(state, (ast.Name, ast.Subscript)) or not isinstance(network, ast.Name):
        return ()
    name, model, whole = f"{embedding.layer}.weight", tree.text(network), tree.text(state)
    fix = (
        f'old = {whole}.pop("{name}"); {model}.load_state_dict({whole}, strict=False);'
        f" {model}.{name}.data[:{embedding.checkpoint[0]}] = old"
    )
    return tree.corrected((load, fix))


RULES = (_of_added_words,)
"""What the program says about the words of a checkpoint."""


def bias_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network of Keras which gets the weights, or its only recurrent layer, with the biases of
    the one that had them."""
    tree, use = found.program.tree, str(mismatch.got == (KERNELS_AND_BIAS,))
    owners = [one.func.value for one in tree.calls_of_failure(*LOADS) if isinstance(one.func, ast.Attribute)]
    made = tree.assigned(owners[0]) if len(owners) == 1 else None
    if found.framework != "keras" or not isinstance(made, ast.Call):
        return ()
    function = tree.function_called(made)
    inside = ast.walk(function or made)
    layers = [one for one in inside if isinstance(one, ast.Call) and is_recurrent(name_of(one).lower())]
    if len(layers) != 1:
        return ()
    said = next(iter(tree.keywords(layers[0], "use_bias")), None)
    given = tree.argument_for(made, function, said) if function and said is not None else None
    if given is not None:
        return tree.corrected((given, use))
    is_shared = function is not None and len([one for one in tree.calls if tree.function_called(one) is function]) > 1
    return () if is_shared else all_of([tree.with_argument(layers[0], "use_bias", use)])


KERNELS_AND_BIAS = 3
"""The arrays of weights of a recurrent layer of Keras with biases."""

LOADS = ("load_weights", "set_weights")
"""The methods of Keras that give a network the weights of another one."""

CORRECTIONS = {
    "use_bias": bias_of_network,
    "other_size": units_of_network,
    "checkpoint_directions": directions_of_network,
    "checkpoint_layers": layers_of_network,
    "checkpoint_words": rows_of_words,
}
"""Cause -> the lines that it corrects."""
