"""The loop in which a program computes all steps of a cell that it writes itself."""

import ast
import re
from collections.abc import Iterator

from ...code.operations import JOINS
from .array_names import role_of
from .handwritten_recurrence import LOOPS, STATES, computes_recurrence
from .program_functions import FORWARDS
from .program_nodes import Functions, base_of, name_of
from .program_tree import ProgramTree

SECOND_STATE = re.compile(r"\b(?:h|c|hidden|state|carry)_?[1-9]\b|\b(?:h|hidden|states?|carry)\[[1-9]\]")
"""The state of a second layer, or one of several states that are one array."""

REPEATED = (*LOOPS, ast.comprehension, ast.ListComp, ast.GeneratorExp)


def has_one_loop_of_own_cell(tree: ProgramTree) -> bool:
    """Whether exactly one line of a loop gives a function, or an object, of the program a state and gets it back, and
    that function computes no other cell. The loop is in no other one, and its function is called once."""
    pairs = [(one, step) for one in tree.nodes if isinstance(one, ast.Assign) and (step := _step_of(tree, one))]
    if len(pairs) != 1:
        return False
    line, step = pairs[0]
    function, above = tree.function_of(line), [*tree.above(line)]
    inner = above[: above.index(function)] if function else above
    calls_cell = any(tree.function_called(one) for one in ast.walk(step) if isinstance(one, ast.Call))
    has_second = SECOND_STATE.search(ast.unparse(step)) or SECOND_STATE.search(ast.unparse(line))
    if sum(isinstance(one, LOOPS) for one in inner) != 1 or calls_cell or has_second:
        return False
    is_of_network = function is not None and function.name in FORWARDS and tree.is_method(function)
    return function is None or is_of_network or _is_called_once(tree, function)


def computes_one_state(tree: ProgramTree) -> bool:
    """Whether exactly one loop of the program, which is in no other one, computes a recurrence in its own lines, with
    one h and at most one c."""
    loops = [(one, names) for one in tree.nodes if isinstance(one, LOOPS) and (names := _carried(one))]
    if len(loops) != 1 or not computes_recurrence(tree):
        return False
    (loop, names), function = loops[0], tree.function_of(loops[0][0])
    roles = [role_of(name) for name in names]
    is_alone = not any(isinstance(one, LOOPS) for one in tree.above(loop))
    is_inside = not any(tree.function_called(one) for one in ast.walk(loop) if isinstance(one, ast.Call))
    is_once = function is None or _is_called_once(tree, function)
    return is_alone and is_inside and is_once and len({*roles}) == len(roles) and "h" in roles


def carries_state(tree: ProgramTree) -> bool:
    """Whether a loop over the steps of an array gives a step and a state, whatever its name, to a function or an object
    of the program that joins or adds both, and gets the state back, which is zeros before the loop."""
    loops = [one for one in tree.nodes if isinstance(one, ast.For)]
    lines = ((loop, line) for loop in loops for line in ast.walk(loop) if isinstance(line, ast.Assign))
    return any(_carries(tree, loop, line) for loop, line in lines)


def _carries(tree: ProgramTree, loop: ast.For, line: ast.Assign) -> bool:
    call = line.value
    function = tree.function_called(call) if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not function:
        return False
    stored = {one.id for target in line.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    given = {name: tree.argument_for(call, function, ast.Name(name)) for name in tree.parameters(function)}
    states = {name for name, value in given.items() if value is not None and stored & _names_in(value)}
    steps = {name for name, value in given.items() if value is not None and _is_step_of(loop, value)}
    zeros = (
        one
        for one in tree.nodes
        if isinstance(one, ast.Assign) and one.lineno < loop.lineno and tree.function_of(one) is tree.function_of(loop)
        if stored & {name for target in one.targets for name in _names_in(target)}
    )
    are_zeros = any(isinstance(n, ast.Call) and name_of(n) in ZEROS for one in zeros for n in ast.walk(one.value))
    return are_zeros and any(one & states and one & (steps - states) for one in _put_together(function))


ZEROS = ("zeros", "new_zeros", "zeros_like")
"""Functions and methods that make a first state."""

OVER_STEPS = ("unbind", "unstack", "transpose", "swapaxes", "permute")
"""Functions and methods that put the steps of an array first."""


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _is_step_of(loop: ast.For, value: ast.expr) -> bool:
    """Whether an argument is the step of an array in a loop over the steps: ``x[:, t]``, or an item of
    ``x.unbind(1)``."""
    match value:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(lower=None, upper=None), ast.Name(id), *_])):
            return id in _names_in(loop.target)
        case ast.Name(id):
            of_items = (one for one in ast.walk(loop.iter) if isinstance(one, ast.Call))
            return id in _names_in(loop.target) and any(name_of(one) in OVER_STEPS for one in of_items)
    return False


def _put_together(function: Functions) -> Iterator[set[str]]:
    """The names of what a function joins in one array, and of what it computes from both terms of a sum."""
    for node in ast.walk(function):
        match node:
            case ast.Call(args=[ast.Tuple() | ast.List() as parts, *_]) if name_of(node) in JOINS:
                yield _names_in(parts)
            case ast.BinOp(ast.Call() as left, ast.Add(), ast.Call() as right):
                yield _names_in(left) | _names_in(right)
            case ast.BinOp(ast.BinOp(op=ast.MatMult()) as left, ast.Add(), ast.BinOp(op=ast.MatMult()) as right):
                yield _names_in(left) | _names_in(right)


def _carried(loop: ast.AST) -> set[str]:
    """The states that a loop both reads and gives a value."""
    names = [one for one in ast.walk(loop) if isinstance(one, ast.Name) and role_of(one.id) in STATES]
    stored = {one.id for one in names if isinstance(one.ctx, ast.Store)}
    return stored & {one.id for one in names if isinstance(one.ctx, ast.Load)}


def _step_of(tree: ProgramTree, line: ast.Assign) -> Functions | None:
    """The function of the program that a line of a loop calls with a state that it returns: ``h = cell(x[t], h)``."""
    if not isinstance(line.value, ast.Call) or not any(isinstance(one, LOOPS) for one in tree.above(line)):
        return None
    stored = {base_of(one) for target in line.targets for one in ast.walk(target)}
    arguments = (*line.value.args, *(one.value for one in line.value.keywords))
    given = {base_of(one) for argument in arguments for one in ast.walk(argument)}
    states = {name for name in stored & given if name and role_of(name) in STATES}
    loops = (one for one in tree.above(line) if isinstance(one, ast.For))
    is_step = bool(states) or any(_carries(tree, one, line) for one in loops)
    return tree.function_called(line.value) if is_step else None


def _is_called_once(tree: ProgramTree, function: Functions) -> bool:
    """Whether one line, in no loop that may be over layers, calls a function."""
    calls = [one for one in tree.calls_of(function.name) if tree.function_called(one) is function]
    return len(calls) == 1 and not any(isinstance(above, REPEATED) for above in tree.above(calls[0]))
