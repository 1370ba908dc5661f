"""The recurrent node of an ONNX graph that a program makes, ``helper.make_node("LSTM", ["X", "W", "R"], …)``, and the
input of the graph that it reads."""

import ast
from collections.abc import Iterator

from ...facts_about_sizes import GATES
from .program_tree import ProgramTree

KINDS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}
ORDERS = {0: ("time_step", "batch_size", "features"), 1: ("batch_size", "time_step", "features")}
"""``layout`` -> the axes of x."""


def sizes_of_onnx_node(tree: ProgramTree, cell: str) -> dict[str, int]:
    """The sizes of the only recurrent node of a program, and of its x; {} without one. ``cell``: that of the message,
    "" if it names none, which is that of a node whose operator is a variable."""
    kinds = {one: _kind(tree.argument(one, 0, "op_type"), cell) for one in tree.calls_of("make_node")}
    nodes = [one for one, kind in kinds.items() if kind]
    if len(nodes) != 1:
        return {}
    (node,) = nodes
    said = {one.arg: one.value for one in node.keywords if one.arg}
    direction = said.get("direction")
    sizes: dict[str, int | None] = {
        "gates": GATES[kinds[node]],
        "num_units": tree.number(said["hidden_size"]) if "hidden_size" in said else None,
        "num_layers": 1,
    }
    if direction is None or _text(direction):
        sizes["directions"] = 1 + (_text(direction) == "bidirectional")
    order = ORDERS.get(tree.number(said["layout"]) or 0) if "layout" in said else ORDERS[0]
    x = next(_texts(tree.argument(node, 1, "inputs")), "")
    shapes = [tree.argument(one, 2, "shape") for one in tree.calls_of("make_tensor_value_info") if _names(tree, one, x)]
    if (
        order
        and len(shapes) == 1
        and isinstance(shapes[0], (ast.List, ast.Tuple))
        and len(shapes[0].elts) == len(order)
    ):
        sizes |= zip(order, map(tree.number, shapes[0].elts), strict=True)
    return {name: size for name, size in sizes.items() if size}


def _kind(operator: ast.expr | None, cell: str) -> str:
    """The cell of an operator; "" for one that is not recurrent or that is not known."""
    if isinstance(operator, ast.Constant):
        return KINDS.get(_text(operator), "")
    return cell


def _names(tree: ProgramTree, call: ast.Call, name: str) -> bool:
    """Whether a call declares the input with a name."""
    return bool(name) and _text(tree.argument(call, 0, "name")) == name


def _text(node: ast.expr | None) -> str:
    """A text that is written; "" for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr | None) -> Iterator[str]:
    """The texts of a list."""
    yield from map(_text, node.elts if isinstance(node, (ast.List, ast.Tuple)) else ())
