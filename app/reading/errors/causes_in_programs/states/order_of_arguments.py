"""What the line that failed says about a cell that gets x in the place of its state."""

import ast
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....facts_about_sizes import Fact, fact
from ...causes import cause
from ...code_lines.program_nodes import name_of
from ...code_lines.python_line import PythonLine, python_line
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

NO_CELLS = ("init", "apply", "scan", "initialize_carry", "dense", "linear")
"""Methods and layers that are no call of a cell, in lower case."""

CARRY_FIRST, X_FIRST = 0, 1
"""Which argument of a cell is its state: the first one in Flax, the second one in other frameworks."""


class Exchanged(NamedTuple):
    """The line that calls a cell, and its arguments, of which the second one should be the first."""

    line: PythonLine
    arguments: tuple[ast.expr, ast.expr]

    @property
    def fixed(self) -> str:
        """The line with its arguments in the other order."""
        first, second = self.arguments
        return self.line.replaced((first, self.line.part(second)), (second, self.line.part(first)))


def _exchanged(found: Found) -> Exchanged | None:
    """The line that failed, if it gives the state that it gets back from a cell in the place of x; None for another
    line."""
    line = python_line((found.program.tree.frames or [found.code])[-1])
    match line and line.statement:
        case ast.Assign(targets=[target], value=ast.Call(args=[first, second], keywords=[]) as call) if line:
            pass
        case _:
            return None
    if name_of(call).lower() in NO_CELLS or not isinstance(call.func, (ast.Name, ast.Attribute, ast.Subscript)):
        return None
    place = CARRY_FIRST if found.framework == "flax" else X_FIRST
    returned = _states(target, found.framework)
    state, x = (second, first) if place == CARRY_FIRST else (first, second)
    is_state = ast.unparse(state) == returned != ast.unparse(x)
    if not is_state or (found.framework == "pytorch" and not _is_x(found, x)):
        return None
    return Exchanged(line, (first, second))


def _is_x(found: Found, x: ast.expr) -> bool:
    """Whether an array is an x by its name, or a step of one: the next layer of a stack also gets what the one below
    returns."""
    role = found.line.array(x).role
    return role == "x" or (isinstance(x, ast.Subscript) and role not in ("h", "c"))


def _states(target: ast.expr, framework: str) -> str:
    """The states among the values that a cell returns, as a line writes them; "" if it does not keep them."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    if framework == "flax":
        return ast.unparse(parts[0]) if len(parts) == 2 else ""
    if framework == "keras":
        return ast.unparse(parts[1]) if len(parts) == 2 else ""
    return ast.unparse(target) if framework == "pytorch" else ""


def _of_arguments(found: Found, mismatch: Mismatch) -> Mismatch:
    """A cell that gets x where it takes its state, and its state where it takes x."""
    is_taken_apart = [one.id for one in mismatch.causes] == ["h_for_h_c"]
    is_of_sizes = mismatch.tensor in TENSORS and mismatch.axis in AXES
    if not (is_of_sizes or is_taken_apart) or not (exchanged := _exchanged(found)):
        return mismatch
    first, second = map(ast.unparse, exchanged.arguments)
    of_flax = phrase(
        "The cell takes its carry first and then x, but got {first} and then {second}.", first=first, second=second
    )
    of_others = phrase(
        "The cell takes x first and then its state, but got {first} and then {second}.", first=first, second=second
    )
    sentence = of_flax if found.framework == "flax" else of_others
    likely = replace(
        cause("exchanged_arguments", found.framework), wrong=exchanged.line.text, fix=exchanged.fixed, is_own=True
    )
    return Mismatch("x", "order", sentence, causes=(likely,), facts=tuple(_facts(mismatch)))


TENSORS = ("x", "h_0", "kernel", "recurrent_kernel")
AXES = ("features", "num_units", "rank")
"""What a message may be about if a cell takes x for its state."""


def _facts(mismatch: Mismatch) -> list[Fact]:
    """The features and the units: a cell of linen made its weights for the units of the state, the first of their
    sizes, and has as many units as x has features."""
    expected, got = mismatch.expected, mismatch.got
    if mismatch.tensor == "kernel" and isinstance(expected, tuple) and isinstance(got, tuple) and len(got) > 1:
        features, units = expected[-1], got[0]
    elif mismatch.tensor == "x" and mismatch.axis == "features":
        features, units = only_size(expected), only_size(got)
    elif mismatch.tensor == "h_0" and mismatch.axis == "num_units":
        features, units = only_size(got), only_size(expected)
    else:
        return []
    known = (("features", features), ("num_units", units))
    return [fact(name, size, "arguments") for name, size in known if size]


RULES = WITHOUT_CAUSES = (_of_arguments,)
"""What the line that failed says about the order of the arguments of a cell."""
