"""What a pasted program says about the arrays beside a layer and the layers around it: the causes that this leaves, and
the lines that they correct."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation, with_two_operands
from ....code.values import ANY, Layer
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.pasted_operations import what, width_of
from ...code_lines.program_nodes import CONCATENATIONS, factors_of, name_of
from ...code_lines.program_tree import ProgramTree, between
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, Size, only_size, wrong_rank, wrong_shape, wrong_size
from ..inputs.columns_of_data import makes_data
from ..inputs.keras_shapes import inputs, of_named_input
from ..states.sizes_of_states import given_state

RANKS = (2, 3)

NORMALIZATIONS = ("LayerNorm", "BatchNorm1d", "InstanceNorm1d", "RMSNorm")

OF_FEATURES = re.compile(r"feat|dim|channel|var|sensor|input_size", re.IGNORECASE)
"""The name of a number of features."""


def _sizes(operand: Operand) -> Shape:
    """The sizes of an operand, None for those that are not known."""
    return tuple(one if isinstance(one, int) else None for one in operand.axes)


def _only(found: Found, kind: str, *names: str) -> Operation | None:
    """The only operation of a kind in the line that failed, of two arrays with known numbers of axes, as it runs
    first."""
    failed = with_two_operands(found.program.failed_operations, kind)
    fitting = [one for one in failed if not names or one.name in names]
    known = [one for one in fitting if not any(ANY in operand.axes for operand in one.operands)]
    return known[0] if len({id(one.node) for one in known}) == 1 else None


def _units(layer: Layer) -> int | None:
    units = layer.size("num_units")
    return units if isinstance(units, int) else None


def _with_value(tree: ProgramTree, size: ast.expr, new: int) -> Corrections:
    """The line that says a size: the call that gives it for a parameter, or else where it is written."""
    function = tree.function_of(size)
    if isinstance(size, ast.Name) and function and size.id in tree.parameters(function):
        calls = [one for one in tree.calls if tree.constructor(one) is function]
        line = tree.with_parameter(calls[0], function, size.id, str(new)) if len(calls) == 1 else None
        return all_of([line])
    said = tree.assigned(size) if isinstance(size, ast.Name) and not makes_data(tree, size) else None
    return tree.corrected((said if isinstance(said, ast.Constant) else size, str(new)))


# -- masks, sums and joins ---------------------------------------------------------------------------------------------


def _of_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask of the keys, for scores of every query and key."""
    one = _only(found, "sum", "masked_fill", "masked_fill_")
    if not one:
        return mismatch
    scores, mask = one.operands
    if len(scores.axes) != 3 or mask.axes != (scores.axes[0], scores.axes[2]):
        return mismatch
    batch, _, keys = _sizes(scores)
    likely = cause("mask_axis", found.framework)
    return wrong_rank("mask", 3, 2, [likely], shapes=((batch, 1, keys), (batch, keys)))


def mask_with_units(found: Found, mismatch: Mismatch) -> Corrections:
    """The line in which a mask is combined with sequences, with an axis of the mask for their units."""
    one, tree = _only(found, "sum"), found.program.tree
    masks = [operand.node for operand in one.operands if what(operand) == "mask"] if one else []
    if len(masks) != 1 or masks[0] is None:
        return ()
    new = ".unsqueeze(-1)" if found.framework == "pytorch" else "[..., None]"
    return tree.corrected((masks[0], f"{tree.operand(masks[0])}{new}"))


def mask_of_queries(found: Found, mismatch: Mismatch) -> Corrections:
    one, tree = _only(found, "sum", "masked_fill", "masked_fill_"), found.program.tree
    mask = one.operands[1].node if one else None
    return tree.corrected((mask, f"{tree.operand(mask)}.unsqueeze(1)")) if mask is not None else ()


def _join(found: Found) -> Operation | None:
    """The join that failed, by what the program says of its arrays, or by their numbers of axes in the message."""
    return _only(found, "join") or found.program.join_of_ranks(found.number("a"), found.number("b"))


def _without_steps(found: Found) -> tuple[Operand, Operand] | None:
    """The array with steps and the one without them that the line that failed joins, which no layer returns."""
    if not (one := _join(found)) or len(one.operands) != 2:
        return None
    said = zip((found.number("a"), found.number("b")), one.operands, strict=True)
    ranks = [rank if ANY in operand.axes else len(operand.axes) for rank, operand in said]
    if sorted(ranks) != [*RANKS]:
        return None
    static, steps = one.operands[:: 1 if ranks[0] == RANKS[0] else -1]
    return None if static.roles & {"output", "h_0", "c_0"} else (steps, static)


def _of_vectors(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array with one vector for each sample, or one number for each step, which is joined with one that has both."""
    if not (both := _without_steps(found)) or found.framework not in ("pytorch", "keras"):
        return mismatch
    steps, other = both
    is_known = ANY not in (*other.axes, *steps.axes)
    if is_known and None not in other.axes and other.axes == steps.axes[:2]:
        return replace(mismatch, causes=(cause("missing_features_axis", found.framework),))
    has_one_step = steps.axes[1:2] == (1,) and mismatch.tensor == "output"  # which needs no repetition
    if (is_known and other.axes[0] != steps.axes[0]) or has_one_step:
        return mismatch
    likely = cause("vector_of_sample", found.framework, steps=(_sizes(steps)[1] if is_known else None) or "time_step")
    if mismatch.tensor == "x":
        return replace(mismatch, causes=(likely,))
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {one} has 3, and {other} has 2.",
        one=steps.text,
        other=other.text,
    )
    return Mismatch(None, None, sentence, causes=(likely,))


def axis_of_numbers(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins the arrays, with an axis of features in the one that has a number for each step."""
    both, tree = _without_steps(found), found.program.tree
    node = both[1].node if both else None
    return tree.corrected((node, f"{tree.operand(node)}[..., None]")) if node is not None else ()


def repeated_vectors(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins the arrays, with the one without steps repeated for each of them."""
    both, tree = _without_steps(found), found.program.tree
    one = _join(found)
    if not both or not one or not isinstance(one.node, ast.Call) or (static := both[1].node) is None:
        return ()
    if found.framework == "pytorch":
        steps = f"{tree.operand(both[0].node)}.size(1)" if both[0].node is not None else ""
        return tree.corrected((static, f"{tree.operand(static)}.unsqueeze(1).expand(-1, {steps}, -1)")) if steps else ()
    owner = one.node.func.value if isinstance(one.node.func, ast.Attribute) else None
    if owner is not None and both[0].node is not None and FUNCTIONS.search(ast.unparse(owner)):
        steps = f"{tree.operand(both[0].node)}.shape[1]"
        return tree.corrected((static, f"{tree.text(owner)}.repeat({tree.operand(static)}[:, None], {steps}, axis=1)"))
    number, layer = _sizes(both[0])[1], beside(tree, one.node, "RepeatVector")
    return tree.corrected((static, f"{layer}({number})({tree.text(static)})")) if number is not None and layer else ()


FUNCTIONS = re.compile(r"\bops$|^tf$")
"""A module of functions of arrays, which has no layers."""


def _output_and_x(found: Found) -> tuple[Operand, Operand] | None:
    """The output of a layer and the other array to which the line that failed adds it."""
    one = _only(found, "sum")
    outputs = [operand for operand in one.operands if len(operand.layers) == 1] if one else []
    others = [operand for operand in one.operands if not operand.layers] if one else []
    return (outputs[0], others[0]) if len(outputs) == len(others) == 1 else None


def _of_residual(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output that is added to x, whichever of them the message says first."""
    both = _output_and_x(found)
    if not mismatch.causes or mismatch.causes[0].id != "residual" or not both:
        return mismatch
    got, expected = map(_sizes, both)
    if len(got) != len(expected) or None in (got[-1], expected[-1]):
        return mismatch
    likely = cause("residual", found.framework, cell=found.cell, features=expected[-1])
    if isinstance(mismatch.got, tuple) and mismatch.got[-1] == got[-1]:
        return replace(mismatch, causes=(likely, *mismatch.causes[1:]))
    return wrong_shape("output", "num_units", (*got[:-1], expected[-1]), got, [likely], mismatch.facts)


def _of_added_directions(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of both directions that is added to an x with as many features as each of them has units."""
    layers = {one.layer for one in found.program.calls if one.layer}
    if [one.id for one in mismatch.causes] != ["merge_directions", "residual"] or not isinstance(mismatch.got, tuple):
        return mismatch
    is_of_both = [layer.setting("bidirectional") and 2 * (_units(layer) or 0) == mismatch.got[-1] for layer in layers]
    if not is_of_both or not all(is_of_both):
        return mismatch
    features = (
        mismatch.expected[-1] if isinstance(mismatch.expected, tuple) and _reads_addend(found.program.tree) else 0
    )
    facts = (*mismatch.facts, fact("features", features, "x")) if features else mismatch.facts
    return replace(mismatch, causes=mismatch.causes[:1], facts=facts)


def _reads_addend(tree: ProgramTree) -> bool:
    """Whether the line that failed adds a parameter of its function that is the x of the layer itself."""
    x = [ast.unparse(one.args[0]) for one in _of_both_directions(tree) if one.args]
    names = (node for node in tree.nodes_of_failure if isinstance(node, ast.Name))
    return len(x) == 1 and any(one.id == x[0] and not tree.place_of(one) for one in names)


def _of_both_directions(tree: ProgramTree) -> list[ast.Call]:
    """The calls of layers of Keras with two directions that the function makes which failed."""
    failed = {tree.function_of(one) for one in tree.nodes_of_failure}
    calls = [one for one in tree.calls if isinstance(one.func, ast.Call) and name_of(one.func) == "Bidirectional"]
    return [one for one in calls if tree.function_of(one) in failed]


def summed_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line of the function that failed which makes a layer of Keras with two directions, which it adds."""
    tree = found.program.tree
    made = [one.func for one in _of_both_directions(tree) if isinstance(one.func, ast.Call)]
    if found.framework != "keras" or len(made) != 1 or any(one.arg == "merge_mode" for one in made[0].keywords):
        return ()
    return all_of([tree.with_argument(made[0], "merge_mode", "'sum'")])


def units_of_residual(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with as many units as x has features."""
    both, tree = _output_and_x(found), found.program.tree
    layer = both[0].layers[0] if both else None
    made = tree.made_layer(layer) if layer and not layer.setting("bidirectional") else None
    if not both or not layer or not made or (features := _sizes(both[1])[-1]) is None:
        return ()
    units = tree.argument_of_size(made, _units(layer))
    same = tree.argument_of_size(made, features)
    return tree.corrected((units, tree.text(same) if same is not None else str(features))) if units is not None else ()


def projected_keys(found: Found, mismatch: Mismatch) -> Corrections:
    """The only call of attention in Keras, or the product of the line that failed, with its keys projected to the units
    of the queries."""
    tree, units = found.program.tree, only_size(mismatch.expected)
    calls = [one for one in tree.calls if isinstance(one.func, ast.Call) and one.args]
    attention = [one for one in calls if isinstance(one.func, ast.Call) and "Attention" in name_of(one.func)]
    failed = tree.calls_in(tree.frames[-1]) if tree.frames else []
    attention += [one for one in failed if isinstance(one.func, ast.Call) and name_of(one.func) == "Dot" and one.args]
    arrays = attention[0].args[0] if len(attention) == 1 else None
    if found.framework != "keras" or units is None or not isinstance(arrays, ast.List) or len(arrays.elts) != 2:
        return ()
    keys = arrays.elts[1]
    layer = beside(tree, attention[0], "Dense")
    return tree.corrected((keys, f"{layer}({units})({tree.text(keys)})")) if layer else ()


def beside(tree: ProgramTree, call: ast.Call, name: str) -> str:
    """How the program writes a layer of Keras, as that of a call such as ``layers.Add()([x, y])``; "" if it does not
    import it."""
    made = call.func.func if isinstance(call.func, ast.Call) else call.func
    if isinstance(made, ast.Attribute):
        return f"{tree.text(made.value)}.{name}"
    return name if name in tree.imported else ""


def _joined_rows(found: Found, mismatch: Mismatch) -> tuple[ast.Call, int] | None:
    """The join along the batch that makes the input of the dense layer that failed, and the number of its parts."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if mismatch.tensor != "dense_input" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return None
    call = found.program.call_of_dense(got[-1] or 0, expected[-1] or 0)
    node = call.operands[0].node if call else None
    for _ in range(MOST_STEPS):
        if isinstance(node, ast.Name):
            node = tree.assigned(node)
        elif isinstance(node, ast.Call) and name_of(node) not in CONCATENATIONS and node.args:
            node = node.args[0]
    if not isinstance(node, ast.Call) or name_of(node) not in CONCATENATIONS or not node.args:
        return None
    parts, axis = node.args[0], tree.argument(node, 1, "dim")
    if not isinstance(parts, (ast.List, ast.Tuple)) or (axis is not None and tree.number(axis) != 0):
        return None
    return (node, len(parts.elts)) if len(parts.elts) * (got[-1] or 0) == expected[-1] else None


MOST_STEPS = 4
"""Names and layers such as dropout between a join and a dense layer."""


def _of_joined_rows(found: Found, mismatch: Mismatch) -> Mismatch:
    """An input of a dense layer whose parts were joined along the batch, and not along their units."""
    expected, got, joined = mismatch.expected, mismatch.got, _joined_rows(found, mismatch)
    if not joined or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(got) != len(RANKS):
        return mismatch
    rows = got[0] // joined[1] if got[0] else None
    likely = cause("joined_batch", found.framework)
    facts = [*mismatch.facts, *([fact("batch_size", rows, "x")] if rows else [])]
    sentence = phrase(
        "The dense layer needs {expected} features, but gets {got}: {parts} arrays are joined along the batch.",
        expected=expected[-1],
        got=got[-1],
        parts=joined[1],
    )
    shapes = wrong_shape("dense_input", "features", (rows, expected[-1]), got, [likely], facts)
    return replace(shapes, sentence=sentence, beside=mismatch.beside)


def joined_units(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins the parts of the input of a dense layer, along their units."""
    tree, joined = found.program.tree, _joined_rows(found, mismatch)
    if not joined:
        return ()
    if (axis := tree.argument(joined[0], 1, "dim")) is not None:
        return tree.corrected((axis, "1"))
    return all_of([tree.with_argument(joined[0], "dim", "1")])


# -- layers ------------------------------------------------------------------------------------------------------------


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
    loop = _loop_of(tree, made) if made else None
    if not made or not loop:
        return None
    is_counted = isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range" and len(loop.iter.args) == 1
    return (made, loop) if is_counted and isinstance(loop.target, ast.Name) else None


def _loop_of(tree: ProgramTree, made: ast.Call) -> ast.comprehension | ast.For | None:
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
    if not is_of_features or not _alike(found, mismatch):
        return mismatch
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
    """The argument of a recurrent layer of PyTorch for its features, if it is this number."""
    given = tree.argument(made, 0, "input_size")
    return given if given is not None and tree.number(given) == size else tree.argument_of_size(made, size)


def features_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer of PyTorch that failed, with the features that it gets."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer and one.layer.framework == "pytorch"}
    made = tree.made_layer(next(iter(layers))) if len(layers) == 1 else None
    size = _features_argument(tree, made, expected) if made else None
    if size is None or got is None or mismatch.tensor != "x":
        return ()
    return tree.corrected((size, tree.name_of_size(size, got)))


def every_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the recurrent layer of Keras whose output lacks the steps that a target, or a joined array, has."""
    tree, one = found.program.tree, _only(found, "join")
    if mismatch.tensor == "target" or mismatch.beside:
        layers = [call.layer for call in found.program.calls[-1:] if call.layer]
    else:
        joined = [operand for operand in one.operands if len(operand.axes) == 2] if one else []
        layers = [layer for operand in joined for layer in operand.layers]
    if len(layers) != 1 or layers[0].framework != "keras" or layers[0].setting("return_sequences"):
        return ()
    made = tree.made_layer(layers[0])
    return all_of([tree.with_argument(made, "return_sequences", "True")]) if made else ()


def _of_missing_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with a value for each step, for a layer of Keras that the program makes without its steps: the output
    lacks an axis. A target with another number of steps has none for each step of x."""
    is_of_steps = (mismatch.tensor, mismatch.axis) == ("target", "rank") and any(
        one.id == "return_sequences" for one in mismatch.causes[:1]
    )
    if not is_of_steps or not isinstance(mismatch.expected, int) or not isinstance(mismatch.got, int):
        return mismatch
    target, output = mismatch.shapes[1], mismatch.beside
    steps = (found.program.calls[-1].operands[0].axes if found.program.calls else ())[1:2]
    if target[1:2] and isinstance(steps[0] if steps else None, int) and steps != target[1:2]:
        return replace(mismatch, causes=mismatch.causes[1:])
    is_same_but_steps = bool(output) and target == (*output[:1], *target[1:2], *output[1:])
    if not is_same_but_steps and not every_step(found, mismatch):
        return mismatch
    rank = len(output) or mismatch.expected + 1
    shapes = ((*output[:1], *target[1:2], *output[1:]), output) if output and target else ((), ())
    missing = mismatch.got - mismatch.expected
    lacking = wrong_rank("output", rank + missing, rank, mismatch.causes, mismatch.facts, shapes)
    return replace(lacking, beside=target)


def _dense_of_outputs(found: Found, size: int | None) -> Layer | None:
    """The only dense layer with so many outputs."""
    calls = [one.layer for one in found.program.operations if one.layer and one.layer.kind == "dense"]
    found_layers = dict.fromkeys(one for one in calls if _units(one) == size)
    return next(iter(found_layers)) if size is not None and len(found_layers) == 1 else None


def _of_outputs(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that returns another number of values than the target has."""
    expected, got = mismatch.expected, mismatch.got
    is_last = mismatch.tensor == "target" and mismatch.axis is None and mismatch.causes
    if not is_last or mismatch.causes[0].id != "target_shape" or found.framework != "pytorch":
        return mismatch
    sizes = [one[-1] for one in (expected, got) if isinstance(one, tuple) and one]
    if len(sizes) != 2 or None in sizes or 1 in sizes or not _dense_of_outputs(found, sizes[0]):
        return mismatch
    return replace(mismatch, causes=(cause("dense_outputs", "pytorch", got=sizes[1], expected=sizes[0]),))


def number_of_outputs(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the outputs of a dense layer, with the values of the target."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not got or (new := got[-1]) is None:
        return ()
    is_of_values = mismatch.axis is None and len(expected) == len(got) and new not in (1, expected[-1])
    if not is_of_values or mismatch.causes[0].id not in ("dense_outputs", "target_shape"):
        return ()
    layer = _dense_of_outputs(found, expected[-1])
    made = tree.made_layer(layer) if layer else None
    size = tree.argument_of_size(made, expected[-1]) if made else None
    return _with_value(tree, size, new) if size is not None else ()


def units_of_normalization(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only normalization for the units of the message, with those of the output."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    pairs = zip(expected, got, strict=False)
    differing = [(size, new) for size, new in pairs if size != new and size is not None and new is not None]
    calls = [one for one in tree.calls_of(*NORMALIZATIONS) if one.args]
    if len(differing) != 1:
        return ()
    ((size, new),) = differing
    made = [one.args[0] for one in calls if tree.number(one.args[0]) == size]
    if len(made) != 1 or not isinstance(made[0], ast.expr):
        return ()
    return tree.corrected((made[0], tree.doubled(made[0]) if new == 2 * size else str(new)))


def _repeats(found: Found, steps: int | None) -> list[ast.expr]:
    """The arguments of the layers of Keras that repeat a vector so many times."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of("RepeatVector") if one.args]
    return [one.args[0] for one in calls if steps is not None and tree.number(one.args[0]) == steps]


def _of_repeated_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with another number of steps than a decoder that gets a repeated vector."""
    expected, got = mismatch.expected, mismatch.got
    is_of_steps = (mismatch.tensor, found.framework) == ("target", "keras") and mismatch.axis in ("time_step", None)
    if not is_of_steps or not (steps := _steps_of_target(expected, got)) or not _repeats(found, steps[0]):
        return mismatch
    likely = cause("repeated_steps", "keras", got=steps[1], expected=steps[0])
    return replace(mismatch, axis="time_step", causes=(likely,))


def _steps_of_target(expected: Size, got: Size) -> tuple[int | None, int | None] | None:
    """The steps of an output and of its target, of which a message may say no other size."""
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != len(got) or not expected:
        return None
    n = min(1, len(expected) - 1)
    return expected[n], got[n]


def number_of_repeats(found: Found, mismatch: Mismatch) -> Corrections:
    tree, steps = found.program.tree, _steps_of_target(mismatch.expected, mismatch.got)
    repeats = _repeats(found, steps[0]) if steps else []
    if len(repeats) != 1 or not steps or not steps[1]:
        return ()
    return tree.corrected((repeats[0], tree.name_in_module(repeats[0], steps[1]) or str(steps[1])))


def _is_exchanged(tree: ProgramTree, one: ast.expr, other: ast.expr) -> bool:
    """Whether the steps and the features in the shape of an input are exchanged: by their names, or because they are
    the sizes of the last axis and the one before of an array."""
    if [bool(OF_FEATURES.search(tree.text(size))) for size in (one, other)] == [True, False]:
        return True
    sizes = [tree.assigned(size) if isinstance(size, ast.Name) else size for size in (one, other)]
    match sizes:
        case [
            ast.Subscript(value=ast.Attribute(array, "shape"), slice=first),
            ast.Subscript(value=ast.Attribute(of, "shape"), slice=second),
        ]:
            axes = tuple(map(tree.number, (first, second)))
            return ast.unparse(array) == ast.unparse(of) and axes == (2, 1)
    return False


def _of_exchanged_input(found: Found, mismatch: Mismatch) -> Mismatch:
    """The shape of the input of a model of Keras, with its features before its steps, as their names say."""
    expected, got = mismatch.expected, mismatch.got
    is_exchanged = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "order", "keras")
    if not is_exchanged or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return mismatch
    tree = found.program.tree
    shapes = [
        one
        for one in inputs(found.program.tree)
        if all(tree.number(size) in (None, n) for size, n in zip(one, expected[1:], strict=False))
    ]
    if len(shapes) != 1 or not _is_exchanged(tree, *shapes[0]):
        return mismatch
    likely = cause("exchanged_input", "keras", got=got[2], expected=got[1])
    batch, steps, features = got
    of_names = zip(("batch_size", "time_step", "features"), (batch, steps, features), strict=True)
    facts = tuple(fact(name, size, "x") for name, size in of_names if size)
    return replace(mismatch, causes=(likely,), facts=facts)


def exchanged_input(found: Found, mismatch: Mismatch) -> Corrections:
    tree = found.program.tree
    if len(shapes := inputs(found.program.tree)) != 1:
        return ()
    ((one, other),) = shapes
    return tree.corrected((one, tree.text(other)), (other, tree.text(one)))


def features_of_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features in the shape of the only input of a model of Keras that may be meant."""
    tree = found.program.tree
    shapes = [one for one in (mismatch.expected, mismatch.got) if isinstance(one, tuple) and one]
    expected, got = (one[-1] for one in shapes) if len(shapes) == len(RANKS) else (None, None)
    sizes = [features for _, features in inputs(found.program.tree) if tree.number(features) in (None, expected)]
    sizes = of_named_input(tree, sizes, found.text("n"))
    if found.framework != "keras" or len(sizes) != 1 or got is None:
        return ()
    return _with_value(tree, sizes[0], got)


def features_of_input_or_layer(found: Found, mismatch: Mismatch) -> Corrections:
    return features_of_input(found, mismatch) or features_of_layer(found, mismatch)


# -- states ------------------------------------------------------------------------------------------------------------


def _without_first_axis(tree: ProgramTree, state: ast.expr) -> tuple[ast.expr, str] | None:
    """The value of a state that gets a first axis of size 1, and the same without it; None for another value."""
    value = tree.assigned(state) if isinstance(state, ast.Name) else state
    match value:
        case ast.Call(func=ast.Attribute(of, "unsqueeze"), args=[ast.Constant(0)]):
            return value, tree.text(of)
        case ast.Call(func=ast.Attribute(_, "unsqueeze"), args=[of, ast.Constant(0)]):
            return value, tree.text(of)
        case ast.Subscript(of, ast.Constant(None)):
            return value, tree.text(of)
    return None


def without_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the state of a cell, or say its sizes, without the axis of layers."""
    tree = found.program.tree
    call = next((one for one in found.program.failed_calls if len(one.operands) > 1), None)
    given = given_state(call) if call else None
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given] if given is not None else []
    values = [_without_first_axis(tree, one) for one in parts]
    known = {id(one[0]): one for one in values if one}  # both states may be one array
    if known and None not in values:
        return tree.corrected(*known.values())
    nodes = [one.operands[1].node for one in found.program.failed_calls if len(one.operands) > 1]
    made = [one.made for node in nodes[:1] if node is not None for one in tree.origins(node)]
    sizes = [tree.sizes_of(one) for one in made]
    if not sizes or not all(len(one) == 3 and tree.number(one[0]) == 1 for one in sizes):
        return ()
    first = {id(one[0]): between(*one[:2]) for one in sizes}  # two arrays may have one list of sizes
    return tree.corrected(*((one, "") for one in first.values()))


def step_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of PyTorch for one step, whose x gets an axis of time."""
    call, tree = found.program.failed_call, found.program.tree
    first = call.layer.setting("batch_first") if call and call.layer else None
    if found.framework != "pytorch" or not call or first is None or not isinstance(call.node, ast.Call):
        return ()
    x = call.node.args[0]
    return tree.corrected((x, f"{tree.operand(x)}.unsqueeze({1 if first else 0})"))


def _of_recurrent_kernel(found: Found, mismatch: Mismatch) -> Mismatch:
    """The recurrent kernel of a program's handwritten cell, whose rows are not the units that its columns have."""
    units, rows = only_size(mismatch.got), only_size(mismatch.expected)
    shape = found.shape("right") or (found.number("c"), found.number("d"))
    is_of_state = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "keras")
    if not is_of_state or not units or not rows or len(shape) != 2 or shape[0] != rows or shape[1] is None:
        return mismatch
    if shape[1] % units or shape[1] in [gates * rows for gates in GATES.values()]:
        return mismatch
    likely = cause("recurrent_rows", "keras", units=units)
    facts = [fact("num_units", units, "state")]
    if not found.cell:
        facts.append(fact("gates", shape[1] // units, "kernel"))
    facts += _of_only_input(found)
    return wrong_size("recurrent_kernel", "num_units", units, rows, [likely], facts)


def _of_only_input(found: Found) -> Iterator[Fact]:
    """The steps and the features in the shape of the only input of a model of Keras."""
    if len(shapes := inputs(found.program.tree)) == 1:
        sizes = zip(("time_step", "features"), map(found.program.tree.number, shapes[0]), strict=True)
        yield from (fact(name, size, "input") for name, size in sizes if size)


def _of_given_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that is an argument of the network, and not called like a state: its width is given."""
    call, tree = found.program.failed_call, found.program.tree
    units, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "pytorch")
    if not is_of_units or not units or not got or not call or not isinstance(call.node, ast.Call):
        return mismatch
    state = call.operands[1].node
    part = state.elts[0] if isinstance(state, (ast.Tuple, ast.List)) and state.elts else state
    value = tree.assigned(part) if isinstance(part, ast.Name) else None
    function = tree.function_of(call.node)
    if not isinstance(value, ast.Name) or value.id not in tree.parameters(function) or role_of(value.id) in ("h", "c"):
        return mismatch
    framework = "cell" if "cell" in found.template.id else "pytorch"
    likely = cause("given_state", framework, cell=found.cell, units=units, units_got=got)
    return replace(mismatch, causes=(likely,))


def units_of_given_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the units of the layer that failed, as those of the state that it gets."""
    call, tree, got = found.program.failed_call, found.program.tree, only_size(mismatch.got)
    made = tree.made_layer(call.layer) if call and call.layer else None
    size = tree.argument_of_size(made, only_size(mismatch.expected)) if made else None
    return _with_value(tree, size, got) if size is not None and got else ()


def rows_of_recurrent_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the recurrent kernel, with as many rows as units."""
    tree = found.program.tree
    products = [one for one in found.program.operations if one.kind == "product" and one.operands[0].roles == {"h_0"}]
    of_state = [one.operands[1].node for one in products]
    kernels = [kernel for _, kernel in tree.products_in(found.code)] or [one for one in of_state if one is not None]
    for kernel in kernels:
        made = tree.assigned(kernel)
        shape = tree.argument(made, 0, "shape") if isinstance(made, ast.Call) else None
        if isinstance(shape, (ast.Tuple, ast.List)) and len(shape.elts) == len(RANKS):
            return tree.corrected((shape.elts[0], tree.text(shape.elts[1])))
    return ()


def rows_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line in the ``build`` of a cell of Keras that makes the kernel, with as many rows as x has features."""
    tree = found.program.tree
    kernels = {
        tree.assigned(kernel)
        for call in tree.functions_named("call")
        for node in tree.nodes
        if tree.function_of(node) is call and (factors := factors_of(node))
        for x, kernel in [factors]
        if ast.unparse(x) == tree.first_parameter(call)
    }
    made = [one for one in kernels if isinstance(one, ast.Call) and name_of(one) == "add_weight"]
    shape = tree.argument(made[0], 0, "shape") if len(made) == 1 else None
    build = tree.function_of(made[0]) if made else None
    if found.framework != "keras" or not build or build.name != "build" or not isinstance(shape, ast.Tuple):
        return ()
    return tree.corrected((shape.elts[0], f"{tree.first_parameter(build)}[-1]"))


def rows_of_joined_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of x and h in a cell of Keras, whose rows are those of x: those of h are
    added."""
    tree, given = found.program.tree, found.surroundings.first_argument
    kernels = [tree.assigned(kernel) for _, kernel in tree.products_in(found.code)]
    made = [one for one in kernels if isinstance(one, ast.Call) and name_of(one) == "add_weight"]
    shape = tree.argument(made[0], 0, "shape") if len(made) == 1 else None
    if found.framework != "keras" or not isinstance(shape, ast.Tuple) or only_size(mismatch.got) not in given[-1:]:
        return ()
    units = [one for one in ast.walk(shape.elts[-1]) if isinstance(one, ast.Attribute)]
    rows = shape.elts[0]
    return tree.corrected((rows, f"{tree.text(rows)} + {ast.unparse(units[0])}")) if len(units) == 1 else ()


RULES = (
    _of_mask,
    _of_vectors,
    _of_residual,
    _of_added_directions,
    _of_joined_rows,
    _of_layer_below,
    _of_layer_below_in_flax,
    _of_layers_alike,
    _of_embedding,
    _of_outputs,
    _of_repeated_steps,
    _of_exchanged_input,
    _of_recurrent_kernel,
    _of_given_state,
    _of_missing_steps,
)
"""What the program says about the causes in the arrays beside a layer, and in the layers around it."""

WITHOUT_CAUSES = (_of_vectors,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "mask_axis": mask_of_queries,
    "mask_units": mask_with_units,
    "missing_features_axis": axis_of_numbers,
    "vector_of_sample": repeated_vectors,
    "residual": units_of_residual,
    "merge_directions": summed_directions,
    "joined_batch": joined_units,
    **dict.fromkeys(("attention_units", "attention_directions"), projected_keys),
    **dict.fromkeys(("units_below", "directions_below"), units_below),
    "embedding": features_of_layer,
    "layer_below": features_of_layers,
    "return_sequences": every_step,
    **dict.fromkeys(("dense_outputs", "target_shape"), number_of_outputs),
    **dict.fromkeys(("norm_directions", "norm_features"), units_of_normalization),
    "repeated_steps": number_of_repeats,
    "exchanged_input": exchanged_input,
    "other_features": features_of_input_or_layer,
    "squeeze": without_layers,
    "given_state": units_of_given_state,
    "missing_axis": step_of_layer,
    "recurrent_rows": rows_of_recurrent_kernel,
    "joined_weights": rows_of_joined_kernel,
    **dict.fromkeys(("kernel_of_units", "kernel_rows"), rows_of_kernel),
}
"""Cause -> the lines that it corrects."""
