"""What a pasted program says about layers that a loop makes, one above the other: each of them for the features of x,
not for the units of the layer below."""

import ast
from dataclasses import replace
from typing import NamedTuple

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

LAYERS = ("LSTM", "GRU", "RNN")
"""The layers of PyTorch."""

MOST_NAMES = 4
"""Names and parameters through which the widths of the layers are followed."""


class Kept(NamedTuple):
    """A line in a loop that adds a layer to a list: the name of its features, which the loop keeps, and what they are
    for the next layer."""

    line: ast.Expr
    features: str
    units: str


def _widths(tree: ProgramTree, node: ast.expr | None) -> list[int | None]:
    """The numbers in the list or tuple that an expression is, also of a parameter by the only call of its function; []
    for others."""
    for _ in range(MOST_NAMES):
        match node:
            case ast.List(elts) | ast.Tuple(elts):
                return [tree.number(one) for one in elts]
            case ast.Name() if (function := tree.function_of(node)) and node.id in tree.parameters(function):
                made = [one for one in tree.calls if tree.constructor(one) is function]
                calls = made or tree.calls_by_function.get(function, [])
                node = tree.argument_for(calls[0], function, node) if len(calls) == 1 else None
            case ast.Name() | ast.Attribute():
                node = tree.assigned(node)
            case _:
                return []
    return []


def _kept(found: Found, mismatch: Mismatch) -> Kept | None:
    """The line that adds each layer, if the one that failed gets the units of a layer below, of other widths; None for
    other layers."""
    tree, got = found.program.tree, only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "pytorch")
    made = [one for one in tree.calls_of(*LAYERS) if tree.argument(one, 1, "hidden_size") is not None]
    if not is_of_features or len(made) != 1:
        return None
    match [*tree.above(made[0])][:3]:
        case [
            ast.Call(func=ast.Attribute(value=layers, attr="append")),
            ast.Expr() as line,
            ast.For(target=ast.Name(width)) as loop,
        ]:
            pass
        case _:
            return None
    features, units = tree.argument(made[0], 0, "input_size"), tree.argument(made[0], 1, "hidden_size")
    both = next((key.value for key in made[0].keywords if key.arg == "bidirectional"), ast.Constant(False))
    if (
        not isinstance(features, ast.Name)
        or ast.unparse(units or features) != width
        or not isinstance(both, ast.Constant)
    ):
        return None
    directions = 1 + bool(both.value)
    below = [directions * (one or 0) for one in _widths(tree, loop.iter)[:-1]]
    later = (one for one in tree.nodes if isinstance(one, ast.Name) and one.lineno >= loop.lineno)
    same = [one for one in later if one.id == features.id and tree.function_of(one) is tree.function_of(line)]
    if same != [features] or got not in below or not _calls_each(tree, layers):
        return None
    return Kept(line, features.id, width if directions == 1 else f"{directions} * {width}")


def _calls_each(tree: ProgramTree, layers: ast.expr) -> bool:
    """Whether the line that failed calls each layer of a list, in a loop."""
    calls = [one for one in tree.calls_of_failure() if isinstance(one.func, ast.Name)]
    loops = [(one, loop) for one in calls for loop in tree.above(one) if isinstance(loop, ast.For)]
    return any(
        name_of(one) in {*map(ast.unparse, ast.walk(loop.target))}
        and ast.unparse(layers) in {*map(ast.unparse, ast.walk(loop.iter))}
        for one, loop in loops
    )


def _of_kept_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """Layers of a loop, all made for the features of x, of which the upper ones get the units of those below."""
    if not _kept(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("layer_below", "pytorch", cell=found.cell),))


def features_of_next_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """A new line in the loop: the features of the next layer are the units of this one. Or the comprehension that makes
    the layers."""
    tree, kept = found.program.tree, _kept(found, mismatch)
    if not kept:
        return features_in_comprehension(found, mismatch)
    new, after = f"{kept.features} = {kept.units}", tree.line_after(kept.line)
    return [("", f"{new}  # before: {after}" if after else f"{new}  # after: {tree.text(kept.line.value)}")]


class Listed(NamedTuple):
    """A list of layers that a comprehension makes: the features of each, the name of its units, and the widths that it
    runs over."""

    features: ast.expr
    units: ast.Name
    widths: ast.expr


def _listed(found: Found, mismatch: Mismatch) -> Listed | None:
    """The comprehension that makes the layers, all for the features of x, if the one that failed gets the units of a
    layer below, of other widths; None for other layers."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or found.framework not in CALLED:
        return None
    sizes = [
        (call, tree.argument(call, 0, features), tree.argument(call, 1, units))
        for features, units in (CALLED[found.framework],)
        for call in tree.calls_of(*(LAYERS if found.framework == "pytorch" else CELLS))
    ]
    for call, features, units in sizes:
        loops = [one.generators for one in tree.above(call) if isinstance(one, (ast.ListComp, ast.GeneratorExp))]
        is_both = any(key.arg == "bidirectional" for key in call.keywords)
        if not loops or len(loops[0]) != 1 or features is None or not isinstance(units, ast.Name) or is_both:
            continue
        target, widths = loops[0][0].target, loops[0][0].iter
        is_same = tree.number(features) in (None, expected) and ast.unparse(features) != ast.unparse(units)
        if is_same and ast.unparse(target) == units.id and got in _widths(tree, widths)[:-1]:
            return Listed(features, units, widths) if isinstance(target, ast.Name) else None
    return None


CALLED = {"pytorch": ("input_size", "hidden_size"), "flax": ("in_features", "hidden_features")}
"""Framework -> what its layers call their features and their units."""

CELLS = ("LSTMCell", "OptimizedLSTMCell", "GRUCell", "SimpleCell")
"""The cells of Flax."""


def _of_listed(found: Found, mismatch: Mismatch) -> Mismatch:
    """Layers of a comprehension, all made for the features of x."""
    if not _listed(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("layer_below", found.framework, cell=found.cell),))


def features_in_comprehension(found: Found, mismatch: Mismatch) -> Corrections:
    """The comprehension over the widths, with the features of each layer beside its units."""
    tree, listed = found.program.tree, _listed(found, mismatch)
    if not listed:
        return ()
    features, units, widths = listed
    loop = next(one for one in tree.above(features) if isinstance(one, (ast.ListComp, ast.GeneratorExp)))
    name = "i" if units.id != "i" else "n"
    all_widths = f"zip([{tree.text(features)}, *{tree.operand(widths)}], {tree.text(widths)})"
    target = loop.generators[0].target
    return tree.corrected((features, name), (target, f"{name}, {units.id}"), (widths, all_widths))


class Indexed(NamedTuple):
    """A layer that a loop over the indices of a list of widths makes: its features, and those that the width before its
    own would be."""

    features: ast.expr
    below: str


def _indexed(found: Found, mismatch: Mismatch) -> Indexed | None:
    """The layer in a loop whose units are an item of a list, if its features are not always the item before, and the
    one that failed gets the units of another one; None for other layers."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or found.framework not in CALLED:
        return None
    names = CALLED[found.framework]
    for call in (one for one in tree.calls if len(one.args) + len(one.keywords) > 1):
        loop = next((one for one in tree.above(call) if isinstance(one, (ast.For, ast.ListComp))), None)
        counted = loop.generators[0] if isinstance(loop, ast.ListComp) and len(loop.generators) == 1 else loop
        features, units = (tree.argument(call, n, name) for n, name in enumerate(names))
        if not isinstance(counted, (ast.For, ast.comprehension)) or features is None:
            continue
        match counted.target, units:
            case ast.Name(i), ast.Subscript(ast.Name(widths), index):
                below = _index_before(i, widths, ast.unparse(index), ast.unparse(counted.iter))
            case _:
                continue
        if below and ast.unparse(features) != below and _makes_failed(found, call, expected, got):
            return Indexed(features, below)
    return None


def _index_before(i: str, widths: str, index: str, numbers: str) -> str:
    """The item of a list before one with an index, in a loop over all indices with one before; "" for others."""
    length = f"len({widths})"
    if (index, numbers) == (i, f"range(1, {length})"):
        return f"{widths}[{i} - 1]"
    return f"{widths}[{i}]" if (index, numbers) == (f"{i} + 1", f"range({length} - 1)") else ""


def _makes_failed(found: Found, call: ast.Call, features: int | None, got: int | None) -> bool:
    """Whether a call makes layers, one for so many features, and one of so many units: or cells of Flax."""
    layers = [one for one in found.program.made_layers if one.line == call.lineno and one.framework == "pytorch"]
    if found.framework == "flax":
        return name_of(call) in CELLS
    sizes = [(one.size("features"), one.size("num_units"), one.setting("bidirectional")) for one in layers]
    return any(one == features for one, *_ in sizes) and any(units == got and not both for _, units, both in sizes)


def _of_indexed(found: Found, mismatch: Mismatch) -> Mismatch:
    """Layers of a loop over the indices of their widths, of which one is not made for the width before its own."""
    if not _indexed(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("layer_below", found.framework, cell=found.cell),))


def width_before(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes each layer, with the width before its own as its features."""
    indexed = _indexed(found, mismatch)
    return found.program.tree.corrected(indexed) if indexed else ()


def features_of_loop(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines of the loop that makes the layers, with the features of each."""
    return width_before(found, mismatch) or features_of_next_layer(found, mismatch)


RULES = (_of_kept_features, _of_listed, _of_indexed)
"""What the program says about the causes in layers that a loop makes."""

CORRECTIONS = {"layer_below": features_of_loop}
"""Cause -> the lines that it corrects."""
