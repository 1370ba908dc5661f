"""Whether a program computes a recurrent cell itself: a state that a loop reads and writes, beside another array."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ...code.operations import JOINS
from .array_names import role_of
from .program_nodes import Functions, base_of, factors_of, is_entry_before, name_of
from .program_tree import ProgramTree

LOOPS = (ast.For, ast.While)

SCANS = ("scan", "fori_loop", "while_loop")
"""Functions of JAX that are loops."""

STATES = ("h", "c")
"""What a state is, by its name."""

GRADIENT = re.compile(r"d[A-Z]|d_|grad|db?[whuvxy]")
"""Names of gradients, to which other products are added."""

MOST_LOOPS = 20
"""Outermost loops that are read."""


def computes_recurrence(tree: ProgramTree) -> bool:
    """Whether a loop, or a function that it calls with a state, multiplies the state by weights and adds a product of
    another array, or joins both before."""
    loops = (one for one in tree.nodes if isinstance(one, LOOPS) and not _is_in_loop(tree, one))
    of_loops = (list(ast.walk(one)) for one in islice(loops, MOST_LOOPS))
    if any(_reads_state(tree, nodes, _states(nodes)) for nodes in of_loops):
        return True
    bodies = (one for one in tree.calls_of(*SCANS) if one.args)
    functions = {tree.function_called(ast.Call(one.args[0], [], [])) for one in bodies}
    return any(one and _reads_state(tree, [*ast.walk(one)], _parts_of_carry(tree, one)) for one in functions)


def _parts_of_carry(tree: ProgramTree, body: Functions) -> set[str]:
    """The state that the body of a loop of JAX gets, and the parts of which it takes it apart: ``h, c = carry``."""
    carry = {*tree.parameters(body)[:1]}
    taken = [one for one in ast.walk(body) if isinstance(one, ast.Assign) and base_of(one.value) in carry]
    return carry | {base_of(part) for one in taken for target in one.targets for part in _parts(target)}


def is_step(statement: ast.stmt | None) -> bool:
    """Whether a line computes a state from itself and another array: ``h = tanh(x @ W + h @ U)``; or adds products of x
    and h, by their names."""
    nodes = [*ast.walk(statement)] if isinstance(statement, ast.Assign) else []
    states = _states(nodes)
    sums = [names for names in _sums_and_joins(nodes) if len(names) > 1]
    return any(names & states or {"x", "h"} <= {*map(role_of, names)} for names in sums)


def scans_state(statement: ast.stmt | None) -> bool:
    """Whether a line runs a loop of JAX over steps, with a first state, by its name: ``lax.scan(step, h0, xs)``."""
    nodes = ast.walk(statement) if statement else iter(())
    calls = [one for one in nodes if isinstance(one, ast.Call) and name_of(one) == SCANS[0] and len(one.args) > 1]
    return any(role_of(base_of(part)) in STATES for one in calls for part in _parts(one.args[1]))


def _is_in_loop(tree: ProgramTree, node: ast.AST) -> bool:
    return any(isinstance(one, LOOPS) for one in tree.above(node))


def _states(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that a loop gives to a state."""
    targets = (target for one in nodes if isinstance(one, ast.Assign) for target in one.targets)
    parts = [part for target in targets for part in _parts(target)]
    named = {name for part in parts if role_of(name := base_of(part)) in STATES or name == "s"}
    kept = {base_of(part) for part in parts if any(is_entry_before(one, part) for one in nodes)}
    return named | kept


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _is_transposed(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _reads_state(tree: ProgramTree, nodes: Sequence[ast.AST], states: set[str], is_called: bool = False) -> bool:
    """Whether sums or joins in a loop or a function have one of the states, and another array."""
    if any(len(names) > 1 and names & states for names in _sums_and_joins(nodes)):
        return True
    called = dict[Functions, set[str]]()
    for call in (one for one in nodes if isinstance(one, ast.Call) and not is_called):
        function = tree.function_called(call)
        if function and function is not nodes[0]:
            called.setdefault(function, set()).update(_parameters_of(tree, call, function, states))
    return any(_reads_state(tree, [*ast.walk(one)], names, is_called=True) for one, names in called.items() if names)


def _parameters_of(tree: ProgramTree, call: ast.Call, function: Functions, states: set[str]) -> Iterator[str]:
    """The parameters for which a call gives a state."""
    for name in tree.parameters(function):
        given = tree.argument_for(call, function, ast.Name(name))
        if given is not None and states & {base_of(given), *map(base_of, _parts(given))}:
            yield name


def _sums_and_joins(nodes: Sequence[ast.AST]) -> Iterator[set[str]]:
    """The arrays of which each sum adds the products, and those that each call joins."""
    inner = set[int]()  # the sums in a longer one, a + b of a + b + c
    for node in nodes:
        match node:
            case ast.BinOp(op=ast.Add()) if id(node) not in inner:
                sums = [*_sums_from_the_left(node)]
                inner |= {id(one) for one in sums}
                terms = (_factors_in(term) for term in (*(one.right for one in sums), sums[-1].left))
                products = [names for names in terms if names]
                if len(products) > 1:
                    yield set[str]().union(*products)
            case ast.AugAssign(target=target, op=ast.Add(), value=value) if GRADIENT.match(base_of(target)) is None:
                factors = _factors_in(value, may_be_transposed=False)
                yield {base_of(target), *factors} if factors else set()
            case ast.Call(args=[ast.Tuple(elts) | ast.List(elts), *_]) if name_of(node) in JOINS:
                yield {name for one in elts for part in ast.walk(one) if (name := base_of(part))}


def _sums_from_the_left(node: ast.BinOp) -> Iterator[ast.BinOp]:
    """A sum and those that it adds to, the last one first: a + b + c and a + b."""
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        yield left
        left = left.left


def _factors_in(node: ast.AST, may_be_transposed: bool = True) -> set[str]:
    """The arrays of which a part of the program has products."""
    factors = (one for part in ast.walk(node) for one in factors_of(part) or ())
    return {base_of(one) for one in factors if may_be_transposed or not _is_transposed(one)}
