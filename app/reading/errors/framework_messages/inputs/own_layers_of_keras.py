"""What a layer of another class, of the program's own, gets from a recurrent layer of Keras that it is called after."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from ....code.operations import RECURRENT
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...names_of_layers import is_other, is_recurrent
from ..message_template import Found


def is_after_recurrent(found: Found) -> bool:
    """Whether the line that failed calls a layer of another class with what a recurrent layer returns."""
    return returns_every_step(found) is not None


def returns_every_step(found: Found) -> bool | None:
    """Whether the recurrent layer, with whose output alone the line that failed calls another layer, returns every
    step; None for any other line."""
    if found.framework != "keras" or is_recurrent(found.layer) or is_other(found.layer) or "dense" in found.layer:
        return None
    tree = found.program.tree
    for call in tree.calls_in(found.code) or tree.calls_of_failure():  # the code may be a part of its line
        argument = call.args[0] if len(call.args) == 1 else None
        value = tree.assigned(argument) if isinstance(argument, ast.Name) else argument
        layer = tree.layer(value.func) if isinstance(value, ast.Call) and not tree.layer(call.func) else None
        if layer and layer.framework == "keras" and layer.kind in RECURRENT:
            return layer.setting("return_sequences") is True
    below = layer_below(tree, found.layer)
    if below and (layer := tree.layer(below)) and layer.framework == "keras" and layer.kind in RECURRENT:
        return layer.setting("return_sequences") is True
    called = [one for one in found.line.operations if one.kind == "layer" and len(one.operands) == 1]
    if any(found.line.is_returned(one.operands[0].node) for one in called):  # the text shows only some lines
        return found.surroundings.flag("return_sequences")
    return None


def layer_below(tree: ProgramTree, layer: str) -> ast.expr | None:
    """The layer that a Sequential has right below the only one of a class of the program that Keras gives a name. An
    excerpt of the program may lack the class."""
    lists = [one.args[0].elts for one in tree.calls_of("Sequential") if one.args and isinstance(one.args[0], ast.List)]
    stacks = [*lists, *_added(tree)]
    found = [
        below
        for stack in stacks
        for below, one in pairwise(stack)
        if isinstance(one, ast.Call) and (tree.constructor(one) or isinstance(one.func, ast.Name))
        if _is_named(name_of(one), layer)
    ]
    return found[0] if len(found) == 1 else None


def _added(tree: ProgramTree) -> Iterator[list[ast.expr]]:
    """The layers that the program adds to each model, in the order of its lines."""
    added = dict[str, list[ast.expr]]()
    for one in sorted(tree.calls_of("add"), key=lambda call: call.lineno):
        if isinstance(one.func, ast.Attribute) and len(one.args) == 1:
            added.setdefault(ast.unparse(one.func.value), []).append(one.args[0])
    yield from added.values()


def _is_named(of_class: str, layer: str) -> bool:
    """Whether Keras names a layer of a class so, apart from the number that it adds to the name of the second one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", of_class).lower()
    return re.fullmatch(rf"{re.escape(words)}(?:_\d{{1,4}})?", layer) is not None
