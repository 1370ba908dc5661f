"""The syntax tree of equations. Equal trees have the same canonical text, wherever their parts stood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..core.axes import Axis, OwnSize
from .places_and_errors import Place


@dataclass(frozen=True)
class Number:
    value: float
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True)
class Name:
    id: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True)
class Minus:
    """Minus an expression."""

    of: "Expression"
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True)
class Operation:
    """Two expressions with a sign between them, such as ``@`` or ``<=``."""

    sign: str
    left: "Expression"
    right: "Expression"
    place: Place = field(compare=False, repr=False)


SLICE = "slice"
"""The function that ``a[K:2 * K]`` stands for; without an end it has two arguments."""


@dataclass(frozen=True)
class Call:
    """A function of expressions: ``softmax(a, K)``."""

    function: str
    arguments: tuple["Expression", ...]
    place: Place = field(compare=False, repr=False)


class NumberOfWeight(Call):
    """A weight that is one number, as its sum over an axis of size 1. A text shows it as its name alone."""


Expression = Number | Name | Minus | Operation | Call


@dataclass(frozen=True)
class AxisLine:
    """``axis K = num_units / heads``."""

    name: str
    size: OwnSize
    place: Place = field(compare=False, repr=False)


ONE_NUMBER = (Axis(((1, ""),)),)
"""The axes of a weight that is one number: ``zeta: 1``."""


@dataclass(frozen=True)
class Declaration:
    """``h: batch_size, num_units``, or with the value before the first step, ``n: batch_size, heads = 1``."""

    name: str
    axes: tuple[Axis, ...]
    start: float
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True)
class Assignment:
    """``z = sigmoid(a)``, or ``f, g = split(a, 2)``."""

    names: tuple[str, ...]
    value: Expression
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True)
class Output:
    """``output: y``."""

    name: str
    place: Place = field(compare=False, repr=False)


Statement = AxisLine | Declaration | Assignment | Output


@dataclass(frozen=True)
class Line:
    """A line: a statement, a comment, both or nothing."""

    statement: Statement | None
    comment: str = ""


@dataclass(frozen=True)
class Equations:
    """The lines of a text."""

    lines: tuple[Line, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(line.statement for line in self.lines if line.statement)


def nodes(e: Expression) -> Iterator[Expression]:
    """An expression and its parts, the innermost first."""
    match e:
        case Minus(of):
            yield from nodes(of)
        case Operation(_, left, right):
            yield from nodes(left)
            yield from nodes(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from nodes(argument)
    yield e


def names_in(e: Expression) -> Iterator[Name]:
    return (node for node in nodes(e) if isinstance(node, Name))


def rewritten(e: Expression, write: Callable[[Expression], Expression]) -> Expression:
    """An expression with each of its parts written anew, the innermost first."""
    match e:
        case Minus(of):
            e = replace(e, of=rewritten(of, write))
        case Operation(_, left, right):
            e = replace(e, left=rewritten(left, write), right=rewritten(right, write))
        case Call(_, arguments):
            e = replace(e, arguments=tuple(rewritten(argument, write) for argument in arguments))
    return write(e)
