"""Where a GRU that a program computes itself applies its reset gate, by the lines of the program."""

import ast

from .array_names import role_of
from .program_nodes import base_of, factors_of, name_of, terms_of
from .program_tree import ProgramTree

PARTS = ("split", "array_split", "chunk")
"""Functions that take an array apart, whose first argument it is."""

MOST_LINES = 4
"""Names and parts through which a factor is followed."""


def multiplies_product_of_h(tree: ProgramTree) -> bool:
    """Whether a program multiplies an array by a product of h and weights, or by a part of it, in what it gives to
    tanh: ``tanh(xn + r * hn)`` of ``hn = h @ Wh``."""
    sums = [one.args[0] for one in tree.calls_of("tanh") if len(one.args) == 1]
    terms = [
        term for one in sums if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add) for term in terms_of(one)
    ]
    pairs = [(one.left, one.right) for one in terms if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)]
    return any(sum(_is_product_of_h(tree, one) for one in pair) == 1 for pair in pairs)


def _is_product_of_h(tree: ProgramTree, node: ast.expr | None) -> bool:
    """Whether an expression is a product of h and weights, or a part of it, to which a bias may be added."""
    for _ in range(MOST_LINES):
        if node is None:
            return False
        products = [factors for term in terms_of(node) if (factors := factors_of(term))]
        if products:
            return len(products) == 1 and any(_is_h(one) for one in products[0])
        match node:
            case ast.Name():
                node = tree.made_with_parts(node)
            case ast.Subscript(value=whole):
                node = whole
            case ast.Call(args=[whole, *_]) if name_of(node) in PARTS:
                node = whole
            case _:
                return False
    return False


def _is_h(node: ast.expr) -> bool:
    """Whether a factor is the state itself, and not what a gate has multiplied."""
    return isinstance(node, ast.Name) and role_of(base_of(node)) == "h"
