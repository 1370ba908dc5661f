"""Numbers that record how they are computed from the sizes of a run.

Code that computes with such numbers gives the same results as with plain ones, and in addition a program that computes
them for other sizes. So a picture is laid out by the same functions on the server and in a browser, which evaluates the
program (static/js/picture/template.js).

Where code decides something by a comparison, the comparison is recorded as a condition: the program is valid for all
sizes for which every condition has the same result. ``minimum``, ``maximum`` and ``where`` decide nothing, so they
restrict nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Sizes = Mapping[str, Any]

Node = tuple[Any, ...]
"""An operation and the indices of its operands; or ``("size", name)`` or ``("constant", type, value)``."""

Slot = tuple[Any, ...]
"""A format and the indices of the nodes that are written in it."""

FIRST_SLOT, FILLER = 0xF0000, "\U000ffffd"
"""The character that stands for the first slot, and the one that fills the rest of its place: from Unicode's
supplementary private use area."""

NUMBER = "number"
"""The format of a slot that is a number in JSON."""

TENS = 10 ** np.arange(1, 16)

OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "//": np.floor_divide,
    "%": np.mod,
    "**": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.rint,
    "round 1": lambda x: np.round(x, 1),
    "log": np.log,
    "log2": np.log2,
    "hypot": np.hypot,
    "length": lambda n: 1 + (np.abs(n)[..., None] >= TENS).sum(-1) + (n < 0),
    "<": np.less,
    "<=": np.less_equal,
    "==": np.equal,
    "where": np.where,
}
"""The operations, for arrays. template.js has them as well."""


class Formulas:
    """The operations of one or several recordings; equal ones are recorded once. ``slots`` are places in texts: the
    format of each, and the nodes of what is written there."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.slots: list[Slot] = []
        self._indices: dict[Node, int] = {}
        self._slots: dict[Slot, int] = {}

    def index(self, node: Node) -> int:
        found = self._indices.get(node)
        if found is None:
            found = self._indices[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def slot(self, spec: str, *indices: int) -> str:
        """The character of a slot."""
        slot = (spec, *indices)
        found = self._slots.get(slot)
        if found is None:
            found = self._slots[slot] = len(self.slots)
            self.slots.append(slot)
        return chr(FIRST_SLOT + found)

    def needed(self, indices: Iterable[int]) -> list[int]:
        """The nodes from which others are computed, and these, in the order of computation."""
        found, left = set[int](), [*indices]
        while left:
            index = left.pop()
            if index not in found:
                found.add(index)
                left += operands(self.nodes[index])
        return sorted(found)

    def values(self, indices: Iterable[int], sizes: Mapping[str, Any]) -> dict[int, Any]:
        """The values of some nodes, and of those from which they are computed. Sizes may be arrays."""
        found: dict[int, Any] = {}
        with np.errstate(all="ignore"):
            for index in self.needed(indices):
                match self.nodes[index]:
                    case ("size", name):
                        found[index] = sizes[name]
                    case ("constant", _, value):
                        found[index] = value
                    case (operation, *used):
                        found[index] = OPERATIONS[operation](*(found[k] for k in used))
        return found


def operands(node: Node) -> tuple[int, ...]:
    """The indices of the operands of a node."""
    return () if node[0] in ("size", "constant") else node[1:]


class Recording:
    """Records the formulas of one computation. ``sizes`` are the expressions with which it begins; ``conditions`` are
    the nodes of comparisons, each with its result."""

    def __init__(self, formulas: Formulas, sizes: Sizes) -> None:
        self.formulas = formulas
        self.conditions: dict[int, bool] = {}
        self._expressions: dict[int, Expression] = {}
        self.sizes: Sizes = {name: self._expression(("size", name), size) for name, size in sizes.items()}  # type: ignore[misc]

    def operation(self, name: str, value: Any, *operands: Any) -> Expression:
        """The result of an operation. ``value`` is the value that it has here."""
        return self._expression((name, *(self.index(operand) for operand in operands)), value)

    def condition(self, expression: Expression) -> bool:
        """The result of a comparison, which becomes a condition."""
        result = self.conditions[expression.index] = bool(expression.value)
        return result

    def is_valid(self, sizes: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Whether the formulas are valid for other sizes, which may be arrays."""
        values = self.formulas.values(self.conditions, sizes)
        valid = np.ones(np.broadcast_shapes(*map(np.shape, sizes.values())), bool)
        for index, result in self.conditions.items():
            valid &= values[index] == result
        return valid

    def close(self) -> None:
        """Forget the expressions, because caches may hold some of them for long. Formulas and conditions remain."""
        self._expressions.clear()

    def index(self, operand: Any) -> int:
        """The index of the node of an operand, which may be a plain number."""
        if isinstance(operand, Expression):
            return operand.index
        return self.formulas.index(("constant", type(operand).__name__, operand))  # 1 == 1.0, but their texts differ

    def _expression(self, node: Node, value: Any) -> Expression:
        index = self.formulas.index(node)
        found = self._expressions.get(index)
        if found is None:
            found = self._expressions[index] = Expression(self, index, value)
        return found


class Expression:
    """A number with the node that computes it, and the ``value`` that it has here.

    It cannot be converted to a plain number, so that no number is fixed by mistake: see ``fixed``.
    """

    __slots__ = ("index", "recording", "value")

    def __init__(self, recording: Recording, index: int, value: Any) -> None:
        self.recording, self.index, self.value = recording, index, value

    def __repr__(self) -> str:
        return f"<Expression {self.index} = {self.value!r}>"

    def __hash__(self) -> int:
        return hash((id(self.recording), self.index))

    def of(self, name: str, function: Callable[..., Any], *operands: Any) -> Expression:
        """The result of an operation on expressions and plain numbers."""
        return self.recording.operation(name, function(*map(plain, operands)), *operands)

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0) else self.recording.operation("+", self.value + plain(other), self, other)

    def __radd__(self, other: Any) -> Any:
        return self if _is(other, 0) else self.recording.operation("+", other + self.value, other, self)

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0) else self.recording.operation("-", self.value - plain(other), self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.recording.operation("-", other - self.value, other, self)

    def __mul__(self, other: Any) -> Any:
        return self if _is(other, 1) else self.recording.operation("*", self.value * plain(other), self, other)

    def __rmul__(self, other: Any) -> Any:
        return self if _is(other, 1) else self.recording.operation("*", other * self.value, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.recording.operation("/", self.value / plain(other), self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.recording.operation("/", other / self.value, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self if _is(other, 1) else self.recording.operation("//", self.value // plain(other), self, other)

    def __mod__(self, other: Any) -> Any:
        return self.recording.operation("%", self.value % plain(other), self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.recording.operation("**", other**self.value, other, self)

    def __neg__(self) -> Any:
        return 0 - self

    def __abs__(self) -> Any:
        return maximum(self, -self)

    def __round__(self, digits: int = 0) -> Any:
        if digits:
            return self.recording.operation(f"round {digits}", round(self.value, digits), self)
        return self.recording.operation("round", round(self.value), self)

    def __ceil__(self) -> Any:
        return self.recording.operation("ceil", math.ceil(self.value), self)

    def __floor__(self) -> Any:
        return self.recording.operation("floor", math.floor(self.value), self)

    def __lt__(self, other: Any) -> Any:
        return self._compared("<", self.value < plain(other), self, other)

    def __le__(self, other: Any) -> Any:
        return self._compared("<=", self.value <= plain(other), self, other)

    def __gt__(self, other: Any) -> Any:
        return self._compared("<", plain(other) < self.value, other, self)

    def __ge__(self, other: Any) -> Any:
        return self._compared("<=", plain(other) <= self.value, other, self)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, int | float | Expression):
            return NotImplemented
        return self._compared("==", self.value == plain(other), self, other)

    def __bool__(self) -> bool:
        return not bool(self == 0)

    def __str__(self) -> str:
        return self.__format__("")

    def __format__(self, spec: str) -> str:
        """A slot: as many characters as the number has, which is a condition, because texts are measured. The length
        of a number with a fraction does not matter: it is a coordinate."""
        slot = self.recording.formulas.slot(spec, self.index)
        if spec.endswith(("f", "g", NUMBER)):
            return slot
        length = len(str(self.value))
        self.recording.condition(self.recording.operation("length", length, self) == length)
        return slot + FILLER * (len(format(self.value, spec)) - 1)

    def _compared(self, name: str, result: bool, a: Any, b: Any) -> Comparison | bool:
        """A comparison. With an infinite number its result is always the same."""
        other = b if a is self else a
        if not isinstance(other, Expression) and math.isinf(other):
            return result
        return Comparison(self.recording, self.recording.operation(name, result, a, b).index, result)


class Comparison(Expression):
    """The result of a comparison. Used as a truth value, it is a condition."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return self.recording.condition(self)


def plain(number: Any) -> Any:
    """The value of a number."""
    return number.value if isinstance(number, Expression) else number


def fixed(number: Any) -> Any:
    """The value of a number, where only a plain one can be used. That it has this value becomes a condition."""
    if isinstance(number, Expression):
        number.recording.condition(number == number.value)
    return plain(number)


def _is(number: Any, value: float) -> bool:
    return not isinstance(number, Expression) and bool(number == value)


def minimum(first: Any, *others: Any) -> Any:
    """The smallest of numbers."""
    for other in others:
        first = _of_two("min", min, first, other)
    return first


def maximum(first: Any, *others: Any) -> Any:
    """The largest of numbers."""
    for other in others:
        first = _of_two("max", max, first, other)
    return first


def hypot(x: Any, y: Any) -> Any:
    """The length of (x, y)."""
    return _of_two("hypot", math.hypot, x, y)


def _of_two(name: str, function: Callable[..., Any], a: Any, b: Any) -> Any:
    if isinstance(a, Expression):
        return a.of(name, function, a, b)
    return b.of(name, function, a, b) if isinstance(b, Expression) else function(a, b)


def log2(x: Any) -> Any:
    """The logarithm to base 2."""
    return x.of("log2", math.log2, x) if isinstance(x, Expression) else math.log2(x)


def written(spec: str, write: Callable[..., str], *numbers: Any) -> str:
    """What a function writes about numbers. ``spec`` is the name of the same function in template.js."""
    recording = next((number.recording for number in numbers if isinstance(number, Expression)), None)
    if not recording:
        return write(*numbers)
    return recording.formulas.slot(spec, *map(recording.index, numbers))


def log(x: Any) -> Any:
    """The natural logarithm."""
    return x.of("log", math.log, x) if isinstance(x, Expression) else math.log(x)


def where(condition: Any, this: Any, other: Any) -> Any:
    """One of two numbers, by a comparison that does not become a condition."""
    if not isinstance(condition, Expression):
        return this if condition else other
    return condition.recording.operation("where", plain(this if condition.value else other), condition, this, other)
