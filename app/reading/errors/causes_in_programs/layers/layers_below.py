"""What a pasted program says about what a layer gets from below: from another layer, or from an embedding; the causes
that this leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from itertools import islice

from ....code.operations import Operation
from ....code.values import Layer
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import width_of
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.names_of_sizes import NO_WIDTH
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .arrays_beside_layers import MOST_STEPS


def _layer_below(found: Found, size: int | None) -> tuple[Operation, Layer] | None:
    """The call of the layer that failed, and the recurrent layer whose output of so many values it gets."""
    calls = {one.layer: one for one in found.program.failed_calls if one.layer and one.operands}
    call = next(iter(calls.values())) if len(calls) == 1 else None
    layers = [one for one in call.operands[0].layers if width_of(one) == size] if call else []
    return (call, layers[0]) if call and len(layers) == 1 and layers[0] is not call.layer else None


def _of_layer_below(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that the layer below returns, with its units."""
    is_of_features = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "pytorch")
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not is_of_features or not (both := _layer_below(found, got)):
        return mismatch
    id = "directions_below" if both[1].setting("bidirectional") and got == 2 * (expected or 0) else "units_below"
    return replace(mismatch, causes=(cause(id, "pytorch", cell=found.cell, expected=expected, got=got),))


def _of_layer_below_in_flax(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that a layer of Flax below returns, with the units of its cell."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis, found.framework) != ("x", "features", "flax") or got is None:
        return mismatch
    given = [one.args[0] for one in tree.calls_of_failure() if len(one.args) == 1]
    values = [tree.assigned(one) if isinstance(one, ast.Name) else one for one in given]
    below = [tree.assigned(one.func) for one in values if isinstance(one, ast.Call)]
    cells = [one for made in below if made for one in ast.walk(made) if isinstance(one, ast.Call)]
    units = [tree.argument(one, 1, "hidden_features") for one in cells if name_of(one) in CELLS_OF_FLAX]
    if not any(one and tree.number(one) == got for one in units):
        return mismatch
    return replace(mismatch, causes=(cause("units_below", "flax", cell=found.cell, expected=expected, got=got),))


def _alike(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.comprehension | ast.For] | None:
    """The call that makes all layers or cells of PyTorch in a list alike, or adds each to it, and its loop over their
    numbers, if one gets the units of another one; None for other layers."""
    tree, got = found.program.tree, only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer}
    fitting = (tree.made_layer(one) for one in layers if width_of(one) == got and one.framework == "pytorch")
    calls = {id(one): one for one in fitting}
    made = next(iter(calls.values())) if len(calls) == 1 else None
    loop = _loop_over_items(tree, made) if made else None
    if not made or not loop:
        return None
    is_counted = isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range" and len(loop.iter.args) == 1
    return (made, loop) if is_counted and isinstance(loop.target, ast.Name) else None


def _loop_over_items(tree: ProgramTree, made: ast.Call) -> ast.comprehension | ast.For | None:
    """The only loop that makes each item of a list by a call."""
    match [*islice(tree.above(made), NODES_OF_APPEND)]:
        case [ast.ListComp(elt, [loop]) | ast.GeneratorExp(elt, [loop]), *_] if elt is made:
            return loop
        case [ast.Call(func=ast.Attribute(attr="append")), ast.Expr(), ast.For() as loop]:
            return loop
    return None


NODES_OF_APPEND = 3
"""What is above a call in a loop that adds each layer to a list: another call, its line and the loop."""


def _of_layers_alike(found: Found, mismatch: Mismatch) -> Mismatch:
    """Layers of a list, all made for the features of x, of which the upper ones get the units of those below."""
    is_of_features = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "pytorch")
    if not is_of_features or mismatch.first_cause == "layer_below" or not _alike(found, mismatch):
        return mismatch
    first = found.program.failed_calls[0].operands[0]
    if first.axes[-1:] == (only_size(mismatch.got),) and not first.layers:  # the first layer fails as well
        return replace(mismatch, causes=(cause("other_features", "pytorch", cell=found.cell),))
    return replace(mismatch, causes=(cause("layer_below", "pytorch"),))


def features_of_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layers, the first one for the features of x and the others for the units."""
    tree, alike = found.program.tree, _alike(found, mismatch)
    if not alike or found.framework != "pytorch":
        return ()
    made, loop = alike
    features, units = tree.argument(made, 0, "input_size"), tree.argument(made, 1, "hidden_size")
    if features is None or units is None or not isinstance(loop.target, ast.Name):
        return ()
    n = "n" if loop.target.id == "_" else loop.target.id
    own = (features, f"{tree.text(features)} if {n} == 0 else {tree.text(units)}")
    return tree.corrected(own, *([(loop.target, n)] if n != loop.target.id else []))


def _of_embedding(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that an embedding of the program certainly returns, so that its last axis is that of features."""
    width = only_size(mismatch.got)
    x = [one.operands[0].node for one in found.program.failed_calls if one.operands]
    is_of_features = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "pytorch")
    if not is_of_features or not width or len(x) != 1 or x[0] is None or _embedded(found.program.tree, x[0]) != width:
        return mismatch
    likely = cause("embedding", "pytorch", cell=found.cell, expected=only_size(mismatch.expected))
    others = [one for one in mismatch.causes if one.id not in ("features_first", "other_features", "embedding")]
    return replace(mismatch, causes=(likely, *others))


def _embedded(tree: ProgramTree, x: ast.expr) -> int | None:
    """The width of the embedding that returns an array, also through names and layers such as dropout; None for another
    array."""
    node: ast.expr | None = x
    for _ in range(2 * MOST_STEPS):
        if isinstance(node, ast.Name):
            node = tree.assigned(node)
        elif isinstance(node, ast.Call):
            layer = tree.layer(node.func)
            if layer and layer.kind == "embedding":
                width = layer.size("num_units")
                return width if isinstance(width, int) else None
            keeps = layer and layer.kind in ("dropout", "normalization", "activation")
            node = node.args[0] if keeps and node.args else None
        else:
            break
    return None


def units_below(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the upper layer, with the units of the one below as its features."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if not (both := _layer_below(found, got)) or not both[0].layer or got is None:
        return features_of_layer(found, mismatch)
    made, below = tree.made_layer(both[0].layer), tree.made_layer(both[1])
    is_double = both[1].setting("bidirectional")
    size = _features_argument(tree, made, expected) if made else None
    units = tree.argument_of_size(below, got // 2 if is_double else got) if below else None
    if size is None or units is None or not made or not below:
        return features_of_layer(found, mismatch)
    is_known = tree.function_of(made) is tree.function_of(below)
    text = tree.doubled(units) if is_double else tree.text(units)
    return tree.corrected((size, text if is_known else tree.name_of_size(size, got)))


def _features_argument(tree: ProgramTree, made: ast.Call, size: int | None) -> ast.expr | None:
    """The argument of a recurrent layer of PyTorch for its features, if it is this number, or may be it: a parameter of
    a class of which the program makes one object."""
    given = tree.argument(made, 0, "input_size")
    if isinstance(given, ast.Name) and tree.number(given) is None:
        function = tree.function_of(given)
        objects = [one for one in tree.calls if function and tree.constructor(one) is function]
        return given if given.id in tree.parameters(function) and len(objects) == 1 else None
    return given if given is not None and tree.number(given) == size else tree.argument_of_size(made, size)


def features_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer of PyTorch that failed, with the features that it gets."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer and one.layer.framework == "pytorch"}
    made = tree.made_layer(next(iter(layers))) if len(layers) == 1 else None
    size = _features_argument(tree, made, expected) if made else None
    if size is None or got is None or mismatch.tensor != "x":
        return ()
    return tree.corrected(given_to_object(tree, size, got) or (size, tree.name_of_size(size, got)))


def given_to_object(tree: ProgramTree, size: ast.expr, new: int) -> tuple[ast.expr, str] | None:
    """What the only call gives an object for a size that only its layer reads, and the name of another size that this
    call may give: ``Decoder(source, units)`` instead of ``Decoder(target, units)``. None without such a name."""
    function = tree.function_of(size)
    if not isinstance(size, ast.Name) or not function:
        return None
    read = [one for one in tree.nodes if isinstance(one, ast.Name) and one.id == size.id]
    calls = [one for one in tree.calls if tree.constructor(one) is function]
    given = tree.argument_for(calls[0], function, size) if len(calls) == 1 else None
    if [one for one in read if tree.function_of(one) is function] != [size] or not isinstance(given, ast.Name):
        return None
    outer = tree.function_of(given)
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and tree.function_of(one) is outer and tree.number(one) == new
        if not NO_WIDTH.search(one.id) or (OF_WORDS.search(one.id) and OF_WORDS.search(given.id))
        if outer is None or one.id in tree.parameters(outer)
    }
    known = [one for one in names if outer or one == tree.name_in_module(given, new)]
    return (given, known[0]) if len(known) == 1 else None


def features_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that makes a network of PyTorch, with the features of x, for which it has several layers."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer and one.layer.framework == "pytorch"}
    made = tree.made_layer(next(iter(layers))) if len(layers) == 1 else None
    size = tree.argument(made, 0, "input_size") if made else None
    function = tree.function_of(size) if isinstance(size, ast.Name) else None
    if not isinstance(size, ast.Name) or not function or not expected or not got or mismatch.tensor != "x":
        return ()
    read = [one for one in tree.nodes if isinstance(one, ast.Name) and one.id == size.id]
    calls = [one for one in tree.calls if tree.constructor(one) is function]
    given = tree.argument_for(calls[0], function, size) if len(calls) == 1 else None
    is_of_several = len([one for one in read if tree.function_of(one) is function]) > 1
    if given is None or not is_of_several or tree.number(given) != expected:
        return ()
    if made and (_units_in(tree, made, size.id) or _fits_other_layer(found, size.id, expected)):
        return tree.corrected((size, tree.name_of_size(size, got)))
    return tree.corrected((given, str(got)))


def _units_in(tree: ProgramTree, made: ast.Call, name: str) -> bool:
    """Whether the line that makes a layer has a name for its units, too."""
    units = tree.argument(made, 1, "hidden_size")
    return isinstance(units, ast.Name) and units.id == name


def _fits_other_layer(found: Found, name: str, features: int) -> bool:
    """Whether another layer whose features are a name gets as many: the name has the right number for it."""
    tree = found.program.tree
    for one in found.program.operations:
        made = tree.made_layer(one.layer) if one.layer and one not in found.program.failed_calls else None
        size = tree.argument(made, 0, "in_features") if made else None
        if isinstance(size, ast.Name) and size.id == name and one.operands[0].axes[-1:] == (features,):
            return True
    return False


OF_WORDS = re.compile("vocab|words|tokens", re.IGNORECASE)
"""A number of words, which is that of the features of vectors with a value for each word."""


RULES = (_of_layer_below, _of_layer_below_in_flax, _of_layers_alike, _of_embedding)
"""What the program says about the causes in the layers below."""

CORRECTIONS = {
    **dict.fromkeys(("units_below", "directions_below"), units_below),
    "embedding": features_of_layer,
    "other_features": features_of_network,
    "layer_below": features_of_layers,
}
"""Cause -> the lines that it corrects."""
