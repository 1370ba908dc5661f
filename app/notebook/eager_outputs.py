"""Which recurrent layer of Keras returned an array that another layer got, where layers are called one by one: such an
array does not know its layer, but the line that failed says it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from inspect import isclass
from linecache import getlines
from types import TracebackType
from typing import Any

Maker = tuple[Any, ast.Call | None]
"""A layer, or the class of one and the call that makes it."""


def makers_of_input(traceback: TracebackType, known: Mapping[str, Any]) -> Iterator[Maker]:
    """What returned the first argument of the call that failed, what returned the first argument of that, and so on, as
    far as it is clear: layers that have a name, or that are made where they are called. ``known``: the variables of the
    frame."""
    code = traceback.tb_frame.f_code
    with suppress(SyntaxError, ValueError):
        tree = ast.parse("".join(getlines(code.co_filename)))
        call = _call_at(tree, _position(traceback))
        while call and call.args and not _is_in_loop(tree, call):
            given = call.args[0]
            value = _assigned(tree, given, call) if isinstance(given, ast.Name) else given
            call = value if isinstance(value, ast.Call) else None
            maker = _maker(call.func, known) if call else None
            if maker is None:
                return
            yield maker


def _maker(function: ast.expr, known: Mapping[str, Any]) -> Maker | None:
    """What is called: an object, or one that another call makes."""
    made = function if isinstance(function, ast.Call) else None
    found = _object(made.func if made else function, known)
    return (found, made) if found is not None and isclass(found) == (made is not None) else None


def _object(name: ast.expr, known: Mapping[str, Any]) -> Any:
    """The object that a dotted name is; None if it is another expression."""
    if isinstance(name, ast.Name):
        return known.get(name.id)
    return getattr(_object(name.value, known), name.attr, None) if isinstance(name, ast.Attribute) else None


Position = tuple[int | None, int | None, int | None, int | None]


def _position(traceback: TracebackType) -> Position:
    """The first and last line, and the first and last column, of what failed."""
    positions: Sequence[Position] = [*traceback.tb_frame.f_code.co_positions()]
    return positions[traceback.tb_lasti // 2]


def _call_at(tree: ast.Module, position: Position) -> ast.Call | None:
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call))
    return next((one for one in calls if _of(one) == position), None)


def _of(node: ast.expr) -> Position:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


def _is_in_loop(tree: ast.Module, call: ast.Call) -> bool:
    loops = (one for one in ast.walk(tree) if isinstance(one, ast.For | ast.While | ast.comprehension))
    return any(call in ast.walk(one) for one in loops)


SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)
"""Statements that have no other ones."""


def _assigned(tree: ast.Module, name: ast.Name, failed: ast.Call) -> ast.expr | None:
    """The value that a name has where a call failed: of the last statement before it that gives it one, if that is in
    the same block, and gives it to this name alone."""
    for block in _blocks(tree):
        at = next((n for n, one in enumerate(block) if isinstance(one, SIMPLE) and failed in ast.walk(one)), None)
        if at is None or any(isinstance(one, ast.Lambda) for one in ast.walk(block[at])):
            continue
        giving = next((one for one in reversed(block[:at]) if name.id in _stored(one)), None)
        match giving:
            case ast.Assign(targets=[ast.Name()], value=value):
                return value
        return None
    return None


def _stored(statement: ast.stmt) -> set[str]:
    """The names to which a statement gives a value."""
    names = (one for one in ast.walk(statement) if isinstance(one, ast.Name))
    return {one.id for one in names if isinstance(one.ctx, ast.Store)}


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block
