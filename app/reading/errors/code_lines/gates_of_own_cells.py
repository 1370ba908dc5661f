"""The gates of a cell of the program's own in Keras, as the weights say by which it multiplies x."""

import ast

from .program_nodes import name_of
from .program_tree import ProgramTree


def weights_of_x(tree: ProgramTree) -> list[ast.Call]:
    """The calls that make the weights by which ``call`` of a cell multiplies x; none if others are among them."""
    kernels = {
        tree.assigned(kernel)
        for call in tree.functions_named("call")
        for node, (x, kernel) in tree.products
        if tree.function_of(node) is call and ast.unparse(x) == tree.first_parameter(call)
    }
    made = [one for one in kernels if isinstance(one, ast.Call) and name_of(one) == "add_weight"]
    return made if len(made) == len(kernels) else []


def gates_of_own_cell(tree: ProgramTree) -> int | None:
    """The blocks of units in the columns of all weights of x, of any number of gates; None if the columns do not say
    it, as in ``shape=(features, 2 * self.units)``."""
    shapes = [tree.argument(one, 0, "shape") for one in weights_of_x(tree)]
    blocks = [_blocks(one.elts[-1]) if isinstance(one, ast.Tuple | ast.List) and one.elts else None for one in shapes]
    known = [one for one in blocks if one]
    return sum(known) if known and len(known) == len(blocks) else None


def _blocks(columns: ast.expr) -> int | None:
    match columns:
        case ast.BinOp(ast.Constant(int(blocks)), ast.Mult(), ast.Name() | ast.Attribute()):
            return blocks
        case ast.BinOp(ast.Name() | ast.Attribute(), ast.Mult(), ast.Constant(int(blocks))):
            return blocks
        case ast.Name() | ast.Attribute():
            return 1
    return None
