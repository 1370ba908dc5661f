"""What a pasted program says about the arrays beside a layer, which it masks, adds or joins: the causes that this
leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation, with_two_operands
from ....code.values import ANY
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import units_of, what, width_of
from ...code_lines.program_nodes import CONCATENATIONS, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, only_size, wrong_rank, wrong_shape

RANKS = (2, 3)


def _sizes(operand: Operand) -> Shape:
    """The sizes of an operand, None for those that are not known."""
    return tuple(one if isinstance(one, int) else None for one in operand.axes)


def _of_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask of the keys, for scores of every query and key."""
    one = found.program.only_failed("sum", "masked_fill", "masked_fill_")
    if not one:
        return mismatch
    scores, mask = one.operands
    if len(scores.axes) != 3 or mask.axes != (scores.axes[0], scores.axes[2]):
        return mismatch
    batch, _, keys = _sizes(scores)
    likely = cause("mask_axis", found.framework)
    return wrong_rank("mask", 3, 2, [likely], shapes=((batch, 1, keys), (batch, keys)))


def mask_with_units(found: Found, mismatch: Mismatch) -> Corrections:
    """The line in which a mask is combined with sequences or with both states, with an axis of the mask for their
    units."""
    sums, tree = with_two_operands(found.program.failed_operations, "sum"), found.program.tree
    masks = [operand.node for one in sums for operand in one.operands if what(operand) == "mask"]
    nodes = [one for one in masks if one is not None]
    if not nodes or len(nodes) != len(sums) or len({*map(tree.text, nodes)}) != 1:
        return ()
    new = ".unsqueeze(-1)" if found.framework == "pytorch" else "[..., None]"
    return tree.corrected(*((one, f"{tree.operand(one)}{new}") for one in dict.fromkeys(nodes)))


def mask_of_queries(found: Found, mismatch: Mismatch) -> Corrections:
    one, tree = found.program.only_failed("sum", "masked_fill", "masked_fill_"), found.program.tree
    mask = one.operands[1].node if one else None
    return tree.corrected((mask, f"{tree.operand(mask)}.unsqueeze(1)")) if mask is not None else ()


def _join(found: Found) -> Operation | None:
    """The join that failed, by what the program says of its arrays, or by their numbers of axes in the message."""
    return found.program.only_failed("join") or found.program.join_of_ranks(found.number("a"), found.number("b"))


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
    if _is_step(found, steps, other):
        return replace(mismatch, causes=(cause("join_axis", found.framework),))
    likely = cause("vector_of_sample", found.framework, steps=(_sizes(steps)[1] if is_known else None) or "time_step")
    if mismatch.tensor == "x":
        return replace(mismatch, causes=(likely,))
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {one} has 3, and {other} has 2.",
        one=steps.text,
        other=other.text,
    )
    return Mismatch(None, None, sentence, causes=(likely,))


def _is_step(found: Found, steps: Operand, vector: Operand) -> bool:
    """Whether a vector for each sample is as wide as each step of an array with which PyTorch joins it along the steps:
    it is one step more."""
    one, width = _join(found), vector.axes[-1]
    axis = found.program.tree.argument(one.node, 1, "dim") if one and isinstance(one.node, ast.Call) else None
    is_along_steps = found.framework == "pytorch" and axis is not None and ast.unparse(axis) == "1"
    return is_along_steps and isinstance(width, int) and steps.axes[-1] == width


def step_of_sample(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins the arrays, with an axis of one step in the one without steps."""
    both, tree = _without_steps(found), found.program.tree
    if not both or (node := both[1].node) is None or not _is_step(found, *both):
        return ()
    return tree.corrected((node, f"{tree.operand(node)}.unsqueeze(1)"))


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
    if owner is not None and both[0].axes[1:2] == (1,):  # one step needs no repetition
        return tree.corrected((static, f"{tree.operand(static)}[:, None]"))
    if owner is not None and both[0].node is not None and FUNCTIONS.search(ast.unparse(owner)):
        steps = f"{tree.operand(both[0].node)}.shape[1]"
        return tree.corrected((static, f"{tree.text(owner)}.repeat({tree.operand(static)}[:, None], {steps}, axis=1)"))
    number, layer = _sizes(both[0])[1], beside(tree, one.node, "RepeatVector")
    return tree.corrected((static, f"{layer}({number})({tree.text(static)})")) if number is not None and layer else ()


FUNCTIONS = re.compile(r"\bops$|^tf$")
"""A module of functions of arrays, which has no layers."""


def _output_and_x(found: Found) -> tuple[Operand, Operand] | None:
    """The output of a layer and the other array to which the line that failed adds it."""
    one = found.program.only_failed("sum")
    outputs = [operand for operand in one.operands if len(operand.layers) == 1] if one else []
    others = [operand for operand in one.operands if not operand.layers] if one else []
    return (outputs[0], others[0]) if len(outputs) == len(others) == 1 else None


def _of_residual(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output that is added to x, whichever of them the message says first."""
    both = _output_and_x(found)
    if mismatch.first_cause != "residual" or not both:
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
    is_of_both = [layer.setting("bidirectional") and 2 * (units_of(layer) or 0) == mismatch.got[-1] for layer in layers]
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
    """The only line of the function that failed which makes a layer of Keras with two directions, which it adds; or the
    line that adds the output of one of PyTorch, with the sum of its directions."""
    tree = found.program.tree
    if found.framework == "pytorch" and isinstance(mismatch.got, tuple):
        outputs = [
            operand.node
            for one in found.program.failed_operations
            for operand in one.operands
            if one.kind == "sum" and len(operand.layers) == 1 and operand.axes[-1:] == mismatch.got[-1:]
            if operand.layers[0].setting("bidirectional") and operand.axes[-1] == width_of(operand.layers[0])
        ]
        nodes = {id(node): node for node in outputs if node}
        if len(nodes) != 1:
            return ()
        (node,) = nodes.values()
        return tree.corrected((node, f"{tree.operand(node)}.unflatten(-1, (2, -1)).sum(-2)"))
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
    units = tree.argument_of_size(made, units_of(layer))
    same = tree.argument_of_size(made, features)
    return tree.corrected((units, tree.text(same) if same is not None else str(features))) if units is not None else ()


def _projected_array(found: Found, units: int, got: int) -> Corrections:
    """A new line before a sum or a product of each value in PyTorch, which projects an array that has a name to the
    units of the other one."""
    tree, one = found.program.tree, found.program.only_failed("sum")
    line = tree.frames[-1] if tree.frames else ""
    if not one or not line or "torch" not in tree.imported:
        return ()
    for size, other in ((got, units), (units, got)):
        nodes = [operand.node for operand in one.operands if operand.axes[-1:] == (size,)]
        match nodes:
            case [ast.Name(name)]:
                layer = "nn.Linear" if "nn" in tree.imported else "torch.nn.Linear"
                return [("", f"{name} = {layer}({size}, {other})({name})  # before: {line}")]
    return ()


def projected_keys(found: Found, mismatch: Mismatch) -> Corrections:
    """The only call of attention in Keras, or the product of the line that failed, with its keys projected to the units
    of the queries."""
    tree, units, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if found.framework == "pytorch" and units and got and mismatch.first_cause == "attention_units":
        return _projected_array(found, units, got)
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
    node = found.program.input_of_dense(got[-1] or 0, expected[-1] or 0)
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


def scores_without_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The last line before the one that failed which makes the scores, or else this one, without their last axis."""
    one, tree = found.program.only_failed("sum"), found.program.tree
    scores = [operand.node for operand in one.operands if operand.axes[2:] == (1,)] if one else []
    if len(scores) != 1 or (node := scores[0]) is None:
        return ()
    place = tree.place_of(node) if isinstance(node, ast.Name) else None
    made = next((above for above in tree.above(place) if isinstance(above, ast.Assign)), None) if place else None
    value = made.value if made and made.targets == [place] and isinstance(made.value, ast.Call) else node
    index = ".squeeze(-1)" if found.framework == "pytorch" else "[..., 0]"
    return tree.corrected((value, f"{tree.operand(value)}{index}"))


RULES = (_of_mask, _of_vectors, _of_residual, _of_added_directions, _of_joined_rows)
"""What the program says about the causes in the arrays beside a layer."""

WITHOUT_CAUSES = (_of_vectors,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "mask_axis": mask_of_queries,
    "scores_axis": scores_without_axis,
    **dict.fromkeys(("mask_units", "mask_of_samples"), mask_with_units),
    "missing_features_axis": axis_of_numbers,
    "vector_of_sample": repeated_vectors,
    "join_axis": step_of_sample,
    "residual": units_of_residual,
    "merge_directions": summed_directions,
    "joined_batch": joined_units,
    **dict.fromkeys(("attention_units", "attention_directions"), projected_keys),
}
"""Cause -> the lines that it corrects."""
