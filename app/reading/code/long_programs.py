"""Programs that are too long to be followed to their end: what is followed of them, and what is not certain then."""

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .interpreter import Interpreter
from .interpreter_limits import MOST_LAYERS, RESERVED_STEPS
from .loops import BODIES
from .program_state import OutOfSteps
from .values import (
    UNKNOWN,
    Chained,
    Choice,
    Constant,
    Dictionary,
    List,
    Reference,
    Unknown,
    Value,
)

WORD = re.compile(r"\w+")

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@contextmanager
def within_steps(program: Interpreter) -> Iterator[None]:
    """Within this context not all steps are used that are left. If they do not suffice, what is left of this context
    is not followed, but what comes after it is."""
    reserve = min(program.steps // 2, RESERVED_STEPS)
    program.steps -= reserve
    try:
        yield
    except OutOfSteps:
        if program.layers_of_passes() > MOST_LAYERS:  # no more are shown
            raise
        program.sites = ()
        program.operands.clear()
    finally:
        program.steps = max(program.steps, 0) + reserve


def run_module(program: Interpreter, statements: Sequence[ast.stmt]) -> None:
    """Follow the statements of a program. Of those that are too many only the definitions are, and what the others may
    change is unknown."""
    scope, done = program.module, 0
    with within_steps(program):
        for statement in statements:
            if is_idle(program, statement):
                for target in getattr(statement, "targets", ()):
                    program.bind(target.id, UNKNOWN, scope)
            elif program.statement(statement, scope):
                return
            done += 1
    rest = statements[done:]
    with within_steps(program):
        for statement in rest:
            if isinstance(statement, DEFINITIONS):
                program.statement(statement, scope)
    with within_steps(program):
        _forget(program, [statement for statement in rest if not isinstance(statement, DEFINITIONS)])


def is_idle(program: Interpreter, statement: ast.stmt) -> bool:
    """Whether a statement only calls what nothing is known of with what nothing is known of, as most of a program do
    that load and print data. Nothing would be known of the result."""
    match statement:
        case ast.Expr(ast.Call() as call):
            return _is_idle_call(program, call)
        case ast.Assign([ast.Name()], ast.Call(ast.Name(name)) as call):
            return name not in IDLE_FUNCTIONS and _is_idle_call(program, call)
    return False


IDLE_FUNCTIONS = ("print",)
"""Functions of Python that change nothing, and whose results nobody uses."""

MOST_IDLE = 4
"""Calls in a call of an idle statement."""


def _is_idle_call(program: Interpreter, call: ast.Call, depth: int = 0) -> bool:
    """Whether a call neither makes nor takes anything that is followed."""
    if not isinstance(call.func, ast.Name) or depth > MOST_IDLE:
        return False
    name = call.func.id
    callee = program.name(name, program.module)
    is_print = callee == Reference(f"builtins.{name}") and name in IDLE_FUNCTIONS
    if not is_print and callee is not UNKNOWN:
        return False
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        match argument:
            case ast.Constant():
                continue
            case ast.Name(known) if isinstance(program.name(known, program.module), (Unknown, Constant, Choice)):
                continue
            case ast.Call() if _is_idle_call(program, argument, depth + 1):
                continue
        return False
    return True


def _forget(program: Interpreter, rest: Sequence[ast.stmt]) -> None:
    """Forget what statements may change that are not followed."""
    names, lines = program.module.names, program.source.text.split("\n")
    text = "\n".join(lines[rest[0].lineno - 1 :]) if rest else ""
    for name in names.keys() & set(WORD.findall(text)):
        _forget_items(names[name])
    for target in _targets(rest):
        match target:
            case ast.Name(name):
                names[name] = UNKNOWN
            case ast.Attribute(owner, name):
                program.set_attribute(program.value(owner, program.module), name, UNKNOWN)
            case ast.Subscript(owner):
                _forget_items(program.value(owner, program.module))


def _targets(statements: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What statements bind, and those in them."""
    for node in statements:
        match node:
            case ast.Import(names) | ast.ImportFrom(_, names):
                yield from (ast.Name((one.asname or one.name).partition(".")[0]) for one in names)
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield ast.Name(name)
                continue
            case ast.Assign(targets) | ast.Delete(targets):
                yield from _parts(targets)
            case ast.AugAssign(target) | ast.AnnAssign(target) | ast.For(target) | ast.AsyncFor(target):
                yield from _parts([target])
            case ast.With(items) | ast.AsyncWith(items):
                yield from _parts([item.optional_vars for item in items if item.optional_vars])
        for part in BODIES:
            yield from _targets(getattr(node, part, ()))


def _parts(targets: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """The targets in tuples and lists of some."""
    for target in targets:
        match target:
            case ast.Tuple(items) | ast.List(items):
                yield from _parts(items)
            case ast.Starred(one):
                yield from _parts([one])
            case _:
                yield target


def _forget_items(value: Value) -> None:
    """Forget what a value holds that something unknown may have changed."""
    match value:
        case List() | Dictionary():
            value.items = value.each = None
        case Chained():
            value.items.append(UNKNOWN)
