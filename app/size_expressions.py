"""Numbers that record how they are computed from the sizes of a run.

Code that computes with such numbers has the same results as with plain ones, and in addition formulas of these results
for other sizes. So a picture is laid out by the same functions on the server and in a browser, which evaluates the
formulas (static/js/picture/template.js).

If code decides something by a comparison, the comparison becomes a condition: the formulas are valid for all sizes for
which every condition has the same result. ``minimum``, ``maximum`` and ``where`` decide nothing.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final, TypeVar

Number = TypeVar("Number", int, float)

Node = tuple[Any, ...]
"""An operation and the indices of its operands; or ``("size", name)`` or ``("constant", value)``."""

Slot = tuple[Any, ...]
"""A place in a text: the format, and what is written there: indices of nodes, or texts."""

FIRST_SLOT = 0xF0000
"""The character that stands for the first slot: from Unicode's supplementary private use area."""

NUMBER = "number"
"""The format of a slot that is a number and not a text."""

CHOSEN = "chosen"
"""The format of a slot that is one of two texts."""

WHOLE = "whole"
"""The format of a slot for a text that is the same wherever it is written. Its operand is the length of the text."""

INFINITE = math.inf, -math.inf


def _round_1(x: float) -> float:
    return round(x, 1)


def _log(x: float) -> float:
    return round(math.log(x), 9)  # browsers differ in the last digits


def _log2(x: float) -> float:
    return round(math.log2(x), 9)


def _length(n: int) -> int:
    return len(str(n))


def _grouped_length(n: int) -> int:
    return _length(n) + (_length(n) - 1) // 3


def _where(condition: bool, this: Number, other: Number) -> Number:
    return this if condition else other


OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "div": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "min": min,
    "max": max,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "round 1": _round_1,
    "log": _log,
    "log2": _log2,
    "hypot": math.hypot,
    "length": _length,
    "grouped length": _grouped_length,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "where": _where,
}
"""The operations of formulas. template.js has them as well."""


@dataclass(frozen=True)
class Formulas:
    """The formulas of a finished recording. ``conditions`` are the nodes of comparisons, each with its result;
    ``writers`` are the functions of slots, by format."""

    nodes: list[Node]
    conditions: dict[int, bool]
    slots: list[Slot]
    writers: Mapping[str, Callable[..., str]] = field(default_factory=dict)

    def needed(self, indices: Iterable[int]) -> list[int]:
        """The nodes from which others are computed, and these, in the order of computation."""
        needed = bytearray(len(self.nodes))
        for index in indices:
            needed[index] = True
        for index in reversed(range(len(self.nodes))):
            if needed[index]:
                for operand in operands(self.nodes[index]):
                    needed[operand] = True
        return [index for index, is_needed in enumerate(needed) if is_needed]

    def values(self, indices: Iterable[int], sizes: Mapping[str, int]) -> dict[int, Any]:
        """The values of some nodes, and of those from which they are computed."""
        values: dict[int, Any] = {}
        for index in indices:
            name, *rest = self.nodes[index]
            if name == "size":
                values[index] = sizes[rest[0]]
            elif name == "constant":
                values[index] = rest[0]
            else:
                values[index] = OPERATIONS[name](*[values[k] for k in rest])
        return values

    @cached_property
    def _compared(self) -> list[int]:
        return self.needed(self.conditions)

    def is_valid(self, sizes: Mapping[str, int]) -> bool:
        """Whether the formulas are valid for other sizes."""
        try:
            values = self.values(self._compared, sizes)
        except ArithmeticError:
            return False
        return all(values[index] == result for index, result in self.conditions.items())


def operands(node: Node) -> tuple[int, ...]:
    """The indices of the operands of a node."""
    return () if node[0] in ("size", "constant") else node[1:]


class Recording:
    """Records formulas, equal ones once. ``sizes`` are the expressions with which a computation begins; ``formats`` are
    those of the functions that can write slots, if not all can."""

    def __init__(self, sizes: Mapping[str, int], formats: Container[str] | None = None) -> None:
        self._formats = formats
        self._nodes: list[Node] = []
        self._results: dict[Node, Expression] = {}
        self._constants: dict[tuple[type, Any], int] = {}
        self._expressions: dict[int, Expression] = {}
        self._conditions: dict[int, bool] = {}
        self._slots: list[Slot] = []
        self._characters: dict[Slot, str] = {}
        self._lengths: dict[str, Any] = {}
        self._writers: dict[str, Callable[..., str]] = {}
        self.sizes: Mapping[str, Any] = {name: self._result(("size", name), size) for name, size in sizes.items()}

    def operation(self, name: str, *numbers: Any) -> Any:
        """The result of an operation. Infinite numbers, which JSON lacks, are in no formula: they are the limit of
        something that is not limited."""
        node: list[Any] = [name]
        for number in numbers:
            node.append(number.index if isinstance(number, Expression) else self._constants.get((type(number), number)))
        found = self._results.get(tuple(node))
        return self._new_operation(node, *numbers) if found is None else found

    def binary(self, name: str, a: Any, b: Any) -> Any:
        """The result of an operation on two numbers, as most are."""
        i = a.index if isinstance(a, Expression) else self._constants.get((type(a), a))
        j = b.index if isinstance(b, Expression) else self._constants.get((type(b), b))
        found = self._results.get((name, i, j))
        return self._new_operation([name, i, j], a, b) if found is None else found

    def _new_operation(self, node: list[Any], *numbers: Any) -> Any:
        """The result of an operation that is not recorded yet. Constants without a node have None in ``node``."""
        value = OPERATIONS[node[0]](*[n.value if isinstance(n, Expression) else n for n in numbers])
        for n, number in enumerate(numbers, 1):
            if node[n] is None:
                if number in INFINITE:
                    return next((number for number in numbers if plain(number) == value), value)
                node[n] = self.index(number)
        return self._result(tuple(node), value)

    def comparison(self, name: str, a: Any, b: Any) -> Comparison:
        """The result of a comparison."""
        result = self.binary(name, a, b)
        return Comparison(self, result.index, result.value)

    def condition(self, comparison: Expression) -> bool:
        """The result of a comparison, which becomes a condition."""
        result = self._conditions[comparison.index] = bool(comparison.value)
        return result

    @property
    def conditions(self) -> dict[int, bool]:
        """The conditions so far."""
        return dict(self._conditions)

    def slot(self, spec: str, *operands: Any, write: Callable[..., str] | None = None) -> str:
        """The character of a slot for numbers and texts, which ``write`` writes; by default a number in the format
        ``spec``."""
        if write:
            self._writers[spec] = write
        return self.character((spec, *[one if isinstance(one, str) else self.index(one) for one in operands]))

    def character(self, slot: Slot) -> str:
        """The character of a slot, the same for equal ones."""
        found = self._characters.get(slot)
        if found is None:
            found = self._characters[slot] = chr(FIRST_SLOT + len(self._slots))
            self._slots.append(slot)
        return found

    def has_format(self, spec: str) -> bool:
        """Whether the function of a name can write slots."""
        return self._formats is None or spec in self._formats

    def length(self, text: str) -> Any:
        """The number of characters of a text with slots, computed once for equal texts."""
        found = self._lengths.get(text)
        if found is None:
            slots = [character for character in text if ord(character) >= FIRST_SLOT]
            of_slots: Any = sum(map(self.length_of_slot, slots), start=0)
            found = self._lengths[text] = len(text) - len(slots) + of_slots
        return found

    def length_of_slot(self, character: str) -> Any:
        """The number of characters of an integer in a slot, of a chosen text, or of a whole text."""
        spec, index, *texts = self._slots[ord(character) - FIRST_SLOT]
        n = self._expressions[index]
        if spec == WHOLE:
            return n
        if spec == CHOSEN:
            return self.operation("where", n, *map(length, texts))
        return self.operation("grouped length" if "," in spec else "length", n) + ("+" in spec)

    def index(self, number: Any) -> int:
        """The index of the node of a number, which may be a plain one."""
        if isinstance(number, Expression):
            return number.index
        constant = type(number), number  # 1 == 1.0, but their texts differ
        index = self._constants.get(constant)
        if index is None:
            index = self._constants[constant] = len(self._nodes)
            self._nodes.append(("constant", number))
        return index

    def __enter__(self) -> Recording:
        self._token = _current.set(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _current.reset(self._token)

    def finish(self) -> Formulas:
        """The formulas. The recording forgets them, because caches may hold some of its expressions for long."""
        formulas = Formulas(self._nodes, self._conditions, self._slots, self._writers)
        self._nodes, self._conditions, self._slots = [], {}, []
        self._results, self._constants, self._expressions = {}, {}, {}
        self._characters, self._lengths = {}, {}
        return formulas

    def _result(self, node: Node, value: Any) -> Expression:
        """The expression of a new node."""
        index = len(self._nodes)
        self._nodes.append(node)
        expression = self._results[node] = self._expressions[index] = Expression(self, index, value)
        return expression


_current: ContextVar[Recording] = ContextVar("the current recording")


class Expression:
    """A number with the node that computes it, and the ``value`` that it has here.

    It cannot be converted to a plain number, so that no number is fixed by mistake: see ``fixed``.
    """

    __slots__ = ("index", "recording", "value")

    def __init__(self, recording: Recording, index: int, value: Any) -> None:
        self.recording, self.index, self.value = recording, index, value

    def __hash__(self) -> int:
        return hash((id(self.recording), self.index))

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 0:
            return self
        return self.recording.binary("+", self, other)

    def __radd__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 0:
            return self
        return self.recording.binary("+", other, self)

    def __sub__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 0:
            return self
        return self.recording.binary("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.recording.binary("-", other, self)

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 1:
            return self
        return self.recording.binary("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 1:
            return self
        return self.recording.binary("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.recording.binary("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.recording.binary("/", other, self)

    def __floordiv__(self, other: Any) -> Any:
        if not isinstance(other, Expression) and other == 1:
            return self
        return self.recording.binary("div", self, other)

    def __mod__(self, other: Any) -> Any:
        return self.recording.binary("%", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.recording.binary("**", other, self)

    def __neg__(self) -> Any:
        return self.recording.binary("-", 0, self)

    def __abs__(self) -> Any:
        return _operation("max", self, -self)

    def __round__(self, digits: int = 0) -> Any:
        return self.recording.operation(f"round {digits}" if digits else "round", self)

    def __ceil__(self) -> Any:
        return self.recording.operation("ceil", self)

    def __floor__(self) -> Any:
        return self.recording.operation("floor", self)

    def __lt__(self, other: Any) -> Any:
        return self._compared("<", self, other)

    def __le__(self, other: Any) -> Any:
        return self._compared("<=", self, other)

    def __gt__(self, other: Any) -> Any:
        return self._compared("<", other, self)

    def __ge__(self, other: Any) -> Any:
        return self._compared("<=", other, self)

    def __eq__(self, other: object) -> Any:
        return self._compared("==", self, other) if isinstance(other, int | float | Expression) else NotImplemented

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __str__(self) -> str:
        return self.__format__("")

    __repr__ = __str__  # in the code of programs

    def __format__(self, spec: str) -> str:
        """A slot for the number in this format."""
        return self.recording.character((spec, self.index))

    def _compared(self, name: str, a: Any, b: Any) -> Comparison | bool:
        """A comparison; with an infinite number its result is always the same."""
        other = b if a is self else a
        if not isinstance(other, Expression) and math.isinf(other):
            return bool(OPERATIONS[name](plain(a), plain(b)))
        return self.recording.comparison(name, a, b)


class Comparison(Expression):
    """The result of a comparison. Used as a truth value, it becomes a condition."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return self.recording.condition(self)


def plain(number: Any) -> Any:
    """The value of a number."""
    return number.value if isinstance(number, Expression) else number


def fixed(number: Number) -> Number:
    """The value of a number, where only a plain one can be used. That it has this value becomes a condition."""
    if isinstance(number, Expression):
        number.recording.condition(number.recording.comparison("==", number, number.value))
    value: Number = plain(number)
    return value


def _operation(name: str, *numbers: Any) -> Any:
    for number in numbers:
        if isinstance(number, Expression):
            return number.recording.operation(name, *numbers)
    return OPERATIONS[name](*numbers)


def _binary(name: str, a: Any, b: Any) -> Any:
    """The result of an operation on two numbers, of which at least one is an expression."""
    return (a if isinstance(a, Expression) else b).recording.binary(name, a, b)


# Functions of numbers that may be expressions. For mypy an expression is a number like any other.


def minimum(first: Number, *others: Number) -> Number:
    """The smallest of numbers."""
    for other in others:
        if isinstance(first, Expression) or isinstance(other, Expression):
            first = _binary("min", first, other)
        elif other < first:
            first = other
    return first


def maximum(first: Number, *others: Number) -> Number:
    """The largest of numbers."""
    for other in others:
        if isinstance(first, Expression) or isinstance(other, Expression):
            first = _binary("max", first, other)
        elif other > first:
            first = other
    return first


def hypot(x: float, y: float) -> float:
    """The length of (x, y)."""
    result: float = _operation("hypot", x, y)
    return result


def log(x: float) -> float:
    """The natural logarithm."""
    result: float = _operation("log", x)
    return result


def log2(x: float) -> float:
    """The logarithm to base 2."""
    result: float = _operation("log2", x)
    return result


def where(condition: bool, this: Number, other: Number) -> Number:
    """One of two numbers, by a comparison that does not become a condition."""
    if not isinstance(condition, Expression):
        return this if condition else other
    result: Number = condition.recording.operation("where", condition, this, other)
    return result


def may_differ(a: object, b: object) -> bool:
    """Whether two values differ, or may differ for other sizes."""
    if isinstance(a, Expression) or isinstance(b, Expression):
        return a is not b
    return a != b


@lru_cache(2**12)  # a picture asks for the same words thousands of times
def has_slots(text: str) -> bool:
    """Whether there are slots in a text."""
    return not text.isascii() and ord(max(text)) >= FIRST_SLOT


def length(text: str) -> int:
    """The number of characters of a text. Slots have as many characters as what is written there."""
    if not has_slots(text):
        return len(text)
    found: int = _current.get().length(text)
    return found


def written(spec: str, write: Callable[..., str], *operands: Any) -> str:
    """What a function writes about numbers or about texts with slots. ``spec`` is the name of the same function in
    template.js, if a browser writes it as well."""
    for operand in operands:
        if isinstance(operand, Expression) or (isinstance(operand, str) and has_slots(operand)):
            recording = _current.get()
            return recording.slot(spec, *operands, write=write) if recording.has_format(spec) else write(*operands)
    return write(*operands)


def chosen(condition: bool, this: str, other: str) -> str:
    """One of two texts, by a comparison that does not become a condition unless they may be HTML."""
    if this == other or not isinstance(condition, Expression) or any(sign in this + other for sign in "<>&\"'"):
        return this if condition else other
    return condition.recording.slot(CHOSEN, condition, this, other, write=_where)


def slotted(value: Any) -> Any:
    """A value for JSON, with slots instead of expressions."""
    match value:
        case Expression():
            return format(value, NUMBER)
        case dict():
            return {key: slotted(item) for key, item in value.items()}
        case list() | tuple():
            return [slotted(item) for item in value]
    return value
