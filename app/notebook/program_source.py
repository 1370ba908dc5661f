"""The source of a program whose error is explained, as a person would paste it with the traceback: the functions and
classes, and lines that make the modules and tensors that they had."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from inspect import getsource
from itertools import islice
from linecache import getline, getlines
from textwrap import dedent
from types import CodeType, FrameType, TracebackType
from typing import Any

from ..reading.errors.numbered_frames import OF_LIBRARY
from . import pytorch_modules

MOST_CLASSES = 20
MOST_VARIABLES = 100
LONGEST_SOURCE = 20_000
"""Characters of a class."""


def source_of(code: CodeType) -> str:
    """The source of a function, what a lambda returns, or all the code of a file or cell; "" if there is none."""
    if code.co_name == "<module>":
        return "".join(getlines(code.co_filename))
    if code.co_name == "<lambda>":
        return _returned_by(code)
    with suppress(OSError):
        return dedent(getsource(code))
    return ""


def source_of_class(frame: FrameType) -> str:
    """The source of the class of the object whose method runs in a frame; "" if there is none."""
    code = frame.f_code
    owner = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    return next(_sources([type(owner)]), "") if getattr(type(owner), code.co_name, None) else ""


def _returned_by(code: CodeType) -> str:
    """What a lambda returns, as it is written. The call that gets the lambda is no part of what failed."""
    source = "".join(getlines(code.co_filename))
    known = [where for where in code.co_positions() if None not in where and where[2:] != (0, 0)]
    start, end = min((one[0], one[2]) for one in known), max((one[1], one[3]) for one in known)
    with suppress(SyntaxError, ValueError):
        lambdas = [node.body for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Lambda)]
        around = [one for one in lambdas if _start(one) <= start and end <= _end(one)]
        if around:
            innermost = max(around, key=_start)
            written = ast.get_source_segment(source, innermost) or ""
            return written if _is_statement(written) else ast.unparse(innermost)
    return ""


def _start(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def failed_program(traceback: TracebackType, variables: Mapping[str, Any]) -> str:
    """The classes of modules, and those of the modules, that a frame of the program knows by ``variables``, a line for
    each module and tensor that it was given, and what it does: all lines of a function, or the one of a file or cell
    that failed. Attributes of ``self`` are variables here."""
    code = traceback.tb_frame.f_code
    modules = pytorch_modules.modules_in(variables)
    classes = dict.fromkeys(type(part) for module in modules.values() for part in module.modules())
    classes |= dict.fromkeys(pytorch_modules.classes_in(variables))
    failed = getline(code.co_filename, traceback.tb_lineno).strip()
    body = _body_of(code)
    own = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :] if body else ()
    given = {name: value for name, value in {**variables, **modules}.items() if name not in own}
    made = (pytorch_modules.line_that_makes(name, value) for name, value in islice(given.items(), MOST_VARIABLES))
    lines = "\n".join((*filter(None, made), body or (failed if _is_statement(failed) else "")))
    return "\n".join((*_sources(list(classes)), lines.replace("self.", "")))


def _body_of(code: CodeType) -> str:
    """The lines of a function after its head, or what a lambda returns; "" for other code."""
    source = source_of(code)
    if code.co_name == "<lambda>":
        return source
    with suppress(SyntaxError, ValueError):
        match ast.parse(source).body:
            case [ast.FunctionDef(body=[first, *_])] if first.lineno > 1:
                return dedent("\n".join(source.splitlines()[first.lineno - 1 :]))
    return ""


def _sources(classes: Sequence[type]) -> Iterator[str]:
    """The source of the classes that are no part of a library."""
    for own in islice(classes, MOST_CLASSES):
        with suppress(OSError, TypeError):
            source = dedent(getsource(own))
            methods = [one.__code__ for one in vars(own).values() if hasattr(one, "__code__")]
            is_own = not any(OF_LIBRARY.search(code.co_filename) for code in methods)
            if is_own and methods and len(source) <= LONGEST_SOURCE:
                yield source


def _is_statement(line: str) -> bool:
    """Whether a line is a whole statement, and not one of several."""
    try:
        ast.parse(line)
    except (SyntaxError, ValueError):
        return False
    return bool(line)
