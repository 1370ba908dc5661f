"""The canonical text of equations: one form for equal trees, with as few brackets as possible; ``parse`` is its
inverse."""

from ..core.axes import Axis
from .equations_parser import COMPARISONS, PRODUCTS, SUMS
from .syntax import (
    Assignment,
    AxisLine,
    Call,
    Declaration,
    Equations,
    Expression,
    Line,
    Minus,
    Name,
    Number,
    NumberOfWeight,
    Statement,
)

LEVELS = {sign: level for level, signs in enumerate((COMPARISONS, SUMS, PRODUCTS)) for sign in signs}
MINUS, POWER, ATOM = 3, 4, 5
"""How tightly signs bind, from 0; after those of ``LEVELS`` a minus, a power, and what needs no brackets."""


def canonical(equations: Equations) -> str:
    """The text of equations, without a line break at its end."""
    return "\n".join(map(_line, equations.lines))


def _line(line: Line) -> str:
    comment = f"# {line.comment}".rstrip() if line.comment else ""
    return "  ".join(part for part in (line.statement and _statement(line.statement), comment) if part)


def _statement(statement: Statement) -> str:
    match statement:
        case AxisLine(name, size):
            return f"axis {name} = {size}"
        case Declaration(name, axes, start):
            return f"{name}: {', '.join(map(axis_text, axes))}{f' = {number_text(start)}' if start else ''}"
        case Assignment(names, value):
            return f"{', '.join(names)} = {expression_text(value)}"
    return f"output: {statement.name}"


def axis_text(axis: Axis) -> str:
    """``num_units + 2 * features``, or 1 for that of a weight that is one number."""
    return " + ".join(str(n) if not name else name if n == 1 else f"{n} * {name}" for n, name in axis.terms)


def number_text(value: float) -> str:
    """The shortest text with the same value: ``1``, ``0.5``, ``1e-06``."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e12 else repr(value)


def expression_text(expression: Expression) -> str:
    """``(1 - z) * h_prev``."""
    return _text(expression)[0]


def _text(expression: Expression) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match expression:
        case Number(value):
            return number_text(value), ATOM
        case Name(id):
            return id, ATOM
        case NumberOfWeight(_, (name, *_)):
            return _text(name)
        case Call("slice", (whole, begin, *end)):
            places = ("" if begin == Number(0, begin.place) else expression_text(begin), *map(expression_text, end))
            return f"{_within(whole, ATOM)}[{':'.join(places) if end else places[0] + ':'}]", ATOM
        case Call(function, arguments):
            return f"{function}({', '.join(map(expression_text, arguments))})", ATOM
        case Minus(of):
            return f"-{_within(of, MINUS)}", MINUS
    if expression.sign == "**":
        return f"{_within(expression.left, ATOM)} ** {_within(expression.right, MINUS)}", POWER
    level = LEVELS[expression.sign]
    left = _within(expression.left, level + (level == 0))
    return f"{left} {expression.sign} {_within(expression.right, level + 1)}", level


def _within(expression: Expression, least: int) -> str:
    """An expression as a part of another one, in brackets unless it binds at least that tightly."""
    text, level = _text(expression)
    return text if level >= least else f"({text})"
