"""Products of arrays that have no steps any more with weights that a program makes itself: dense layers by any name."""

import ast

from .program_nodes import name_of
from .program_tree import ProgramTree

POOLING = ("mean", "max", "sum", "amax", "min", "amin", "reduce_mean", "reduce_max", "reduce_sum", "nanmean")
"""What makes one vector of all steps, if it computes over their axis."""

STEPS = (["1"], ["-2"])
"""The axis of steps of an array with the batch first."""


def sizes_of_parameter(tree: ProgramTree, weights: ast.expr) -> list[ast.expr]:
    """The sizes of weights that a module of linen makes itself: ``self.param(name, initializer, (rows, columns))``."""
    match tree.assigned(weights):
        case ast.Call(func=ast.Attribute(attr="param"), args=[_, _, ast.Tuple(elts=sizes), *_]):
            return sizes
    return []


def pooled(tree: ProgramTree, array: ast.expr) -> ast.expr | None:
    """The array over whose steps a program takes a mean, a maximum or a sum, or whose last step; None for another
    array."""
    value = tree.assigned(array) if isinstance(array, ast.Name) else array
    match value:
        case ast.Call(func=ast.Attribute(value=of)) if name_of(value) in POOLING:
            given = value.args[1:] if isinstance(of, ast.Name) and of.id in tree.imported else value.args
            axes = [one.value for one in value.keywords if one.arg in ("axis", "dim")] or given[:1]
            over = of if given is value.args else next(iter(value.args), None)
            return over if [ast.unparse(one) for one in axes] in STEPS else None
        case ast.Subscript(value=of, slice=ast.Tuple(elts=[ast.Slice(lower=None, upper=None), last, *_])):
            return of if ast.unparse(last) == "-1" else None
    return None


def is_last_of_list(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether an array is the last step of a list of outputs that TensorFlow 1 makes, one for each step."""
    match array:
        case ast.Subscript(value=ast.Name(id=name), slice=last) if ast.unparse(last) == "-1":
            made = (next(tree.above(call), None) for call in tree.calls_of("static_rnn"))
            return any(_first_target(one) == name for one in made)
    return False


def _first_target(node: ast.AST | None) -> str:
    """The first name of several that get a value; "" for another statement."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=name), *_])]):
            return name
    return ""


def is_dense_product(tree: ProgramTree, code: str) -> bool:
    """Whether the only product in a piece of code is that of a vector of each sample and of a matrix of weights."""
    match tree.products_in(code):
        case [(array, weights)] if pooled(tree, array) is not None:
            made = tree.made_by(weights)
            sizes = tree.sizes_of(made) if made else sizes_of_parameter(tree, weights)
            return len(sizes) == 2
    return False
