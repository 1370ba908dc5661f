"""Entries of what layers of PyTorch return, in lines of code: the states of one layer, and parts of outputs."""

import ast
from collections.abc import Iterator

from ..axes_of_arrays import MATRIX, RANK
from .array_names import role_of, role_of_layer
from .program_nodes import ProgramNodes, name_of, nodes_of_line


def value_of(tree: ProgramNodes, name: str) -> ast.expr | None:
    """What the only line that assigns a name gives it; None for a parameter, or for several lines."""
    values = [
        one.value
        for one in tree.nodes
        if isinstance(one, ast.Assign) and [ast.unparse(target) for target in one.targets] == [name]
    ]
    return values[0] if len(values) == 1 else None


def indexed_states(tree: ProgramNodes, code: str) -> Iterator[ast.Subscript]:
    """The states of one layer in a line that get an index for three axes, of which they have two."""
    for one in nodes_of_line(code):
        match one:
            case ast.Subscript(value=ast.Name(name), slice=ast.Tuple(indices)) if len(indices) == RANK:
                if _is_entry_of_state(value_of(tree, name)):
                    yield one


def _is_entry_of_state(value: ast.expr | None) -> bool:
    """Whether a value is an entry of the states that a recurrent layer returns: by their name, or in its call."""
    indices = list[object]()
    while isinstance(value, ast.Subscript):
        try:
            indices.insert(0, ast.literal_eval(value.slice))
        except ValueError:
            return False
        value = value.value
    if not indices or not all(isinstance(one, int) for one in indices):
        return False
    if isinstance(value, ast.Call) and role_of_layer(name_of(value)) == "output":
        return indices[0] == 1 and len(indices) > 1 and (len(indices) > MATRIX or indices[-1] != 0)
    return isinstance(value, (ast.Name, ast.Attribute)) and role_of(ast.unparse(value)) in ("h", "c")


def reads_one_vector(code: str) -> bool:
    """Whether a call in a line reads what layers make of an output that has two indices, one after the other: the
    vector of one step of one sample."""
    calls = [one for one in nodes_of_line(code) if isinstance(one, ast.Call) and one.args]
    return any(_is_vector(one.args[0]) for one in calls)


def _is_vector(node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    match node:
        case ast.Subscript(ast.Subscript(ast.Name(name), first), second):
            is_number = all(isinstance(one, (ast.Constant, ast.UnaryOp)) for one in (first, second))
            return is_number and role_of(name) == "output"
    return False
