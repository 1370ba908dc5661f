"""Whether a program computes a recurrent cell itself: a state that a loop reads and writes, beside another array."""

import ast
import re
from collections.abc import Iterator

from ...code.operations import JOINS
from .array_names import role_of
from .program_tree import Functions, ProgramTree, factors_of, name_of

SCANS = ("scan", "fori_loop", "while_loop")
"""Functions of JAX that are loops."""

STATES = ("h", "c")
"""What a state is, by its name."""

GRADIENT = re.compile(r"d[A-Z]|d_|grad|db?[whuvxy]")
"""Names of gradients, to which other products are added."""

MOST_LOOPS = 20
"""Loops that are read."""


def computes_recurrence(tree: ProgramTree) -> bool:
    """Whether a loop, or a function that it calls with a state, multiplies the state by weights and adds a product of
    another array, or joins both before."""
    loops = [one for one in tree.nodes if isinstance(one, (ast.For, ast.While))][:MOST_LOOPS]
    if any(_reads_state(tree, one, name) for one in loops for name in _states(one)):
        return True
    bodies = (one for one in tree.nodes if isinstance(one, ast.Call) and name_of(one) in SCANS and one.args)
    functions = (tree.function_called(ast.Call(one.args[0], [], [])) for one in bodies)
    return any(one and _reads_state(tree, one, tree.first_parameter(one)) for one in functions)


def _states(loop: ast.AST) -> set[str]:
    """The names that a loop gives to a state."""
    targets = (target for one in ast.walk(loop) if isinstance(one, ast.Assign) for target in one.targets)
    names = (name for target in targets for part in _parts(target) if (name := base_of(part)))
    return {name for name in names if role_of(name) in STATES or name == "s"}


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def base_of(node: ast.AST) -> str:
    """The name of an array, of which an index or a transposition may be taken; "" for something else."""
    while isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_transposed(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _reads_state(tree: ProgramTree, scope: ast.AST, state: str, is_loop: bool = True) -> bool:
    nodes = list(ast.walk(scope))
    if any(state in names and len(names) > 1 for one in nodes for names in _sums_and_joins(one)):
        return True
    called = ((one, tree.function_called(one)) for one in nodes if is_loop and isinstance(one, ast.Call))
    return any(
        _reads_state(tree, function, name, is_loop=False)
        for call, function in called
        if function and function is not scope
        for name in _parameters_of(tree, call, function, state)
    )


def _parameters_of(tree: ProgramTree, call: ast.Call, function: Functions, state: str) -> Iterator[str]:
    """The parameters for which a call gives a state."""
    for name in tree.parameters(function):
        given = tree.argument_for(call, function, ast.Name(name))
        if given is not None and (base_of(given) == state or any(base_of(one) == state for one in _parts(given))):
            yield name


def _sums_and_joins(node: ast.AST) -> Iterator[set[str]]:
    """The arrays of which a sum adds the products, and those that a call joins."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            sides = [
                {base_of(one) for inner in ast.walk(side) for one in factors_of(inner) or ()} for side in (left, right)
            ]
            if all(sides):
                yield sides[0] | sides[1]
        case ast.AugAssign(target=target, op=ast.Add(), value=value) if GRADIENT.match(base_of(target)) is None:
            factors = {
                base_of(one) for inner in ast.walk(value) for one in factors_of(inner) or () if not _is_transposed(one)
            }
            yield {base_of(target), *factors} if factors else set()
        case ast.Call(args=[ast.Tuple(elts) | ast.List(elts), *_]) if name_of(node) in JOINS:
            yield {name for one in elts for inner in ast.walk(one) if (name := base_of(inner))}
