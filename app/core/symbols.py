"""Symbols, which the equations of a cell compute with: they have named axes and record how they were made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from .axes import Axes
from .ops import OPS


class ProgramError(ValueError):
    """A cell whose equations cannot be captured."""


class NamedNumber(float):
    """A number that has a name in a text, or a formula of such names, which pictures show instead of it."""

    name: str

    def __new__(cls, value: float, name: str) -> Self:
        number = super().__new__(cls, value)
        number.name = name
        return number

    def __reduce__(self) -> tuple[type, tuple[float, str]]:
        return NamedNumber, (float(self), self.name)


@dataclass(frozen=True, eq=False)
class Symbol:
    """A tensor of an equation: its named axes, its operation and the inputs of that. Operators return new symbols.

    ``part`` is (k, n) for the k-th of n equal blocks of a split. ``numbers`` are the operands that are numbers, each
    with its position among all operands; ``over`` are the axes that the equation names: those that a sum is over.
    """

    axes: Axes
    op: str = "given"
    inputs: tuple["Symbol", ...] = ()
    part: tuple[int, int] | None = None
    numbers: tuple[tuple[int, float], ...] = ()
    over: Axes = ()

    def __add__(self, other: "Symbol | float") -> "Symbol":
        return apply("add", self, other)

    def __radd__(self, other: float) -> "Symbol":
        return apply("add", other, self)

    def __sub__(self, other: "Symbol | float") -> "Symbol":
        return apply("sub", self, other)

    def __rsub__(self, other: float) -> "Symbol":
        return apply("complement", self) if other == 1 else apply("sub", other, self)

    def __mul__(self, other: "Symbol | float") -> "Symbol":
        return apply("mul", self, other)

    def __rmul__(self, other: float) -> "Symbol":
        return apply("mul", other, self)

    def __truediv__(self, other: "Symbol | float") -> "Symbol":
        return apply("div", self, other)

    def __rtruediv__(self, other: float) -> "Symbol":
        return apply("div", other, self)

    def __pow__(self, other: "Symbol | float") -> "Symbol":
        return apply("power", self, other)

    def __rpow__(self, other: float) -> "Symbol":
        return apply("power", other, self)

    def __matmul__(self, other: "Symbol") -> "Symbol":
        return apply("matmul", self, other)

    def __neg__(self) -> "Symbol":
        return apply("negative", self)


def apply(op: str, *operands: Symbol | float, over: Axes = ()) -> Symbol:
    """The result of an operation, by its id in OPS. AxisError where the axes of its operands do not fit.

    Only a pointwise operation may have numbers among its operands.
    """
    rule = _rule(op)
    if OPS[op].kind != "pointwise":
        _only_symbols(op, *operands)
    inputs = tuple(o for o in operands if isinstance(o, Symbol))
    numbers = tuple((n, _number(op, o)) for n, o in enumerate(operands) if not isinstance(o, Symbol))
    axes = (s.axes for s in inputs)
    return Symbol(rule(*axes, over=over) if over else rule(*axes), op, inputs, numbers=numbers, over=over)


def _number(op: str, operand: float) -> float:
    if not isinstance(operand, int | float):
        _only_symbols(op, operand)
    return operand if isinstance(operand, NamedNumber) else float(operand)


def _rule(op: str) -> Callable[..., Axes]:
    """The shape rule of an operation. ProgramError where equations cannot apply it."""
    if not (rule := OPS[op].axes):
        usable = ", ".join(id for id, record in OPS.items() if record.axes)
        raise ProgramError(f"{op} is not an operation of equations; those are {usable}")
    return rule


def _only_symbols(op: str, *inputs: object) -> None:
    for value in inputs:
        if not isinstance(value, Symbol):
            raise ProgramError(f"{op}: {value!r} is not a tensor; a cell computes with x, its states and its weights")


def concatenate(first: Symbol, *others: Symbol) -> Symbol:
    """[p, q]: tensors joined along the last axis."""
    return apply("concat", first, *others)


def sigmoid(a: Symbol) -> Symbol:
    return apply("sigmoid", a)


def tanh(a: Symbol) -> Symbol:
    return apply("tanh", a)


def relu(a: Symbol) -> Symbol:
    """The larger of 0 and a, number by number."""
    return apply("relu", a)


def split(a: Symbol, parts: int) -> tuple[Symbol, ...]:
    """Equal blocks of columns, from left to right."""
    _only_symbols("split", a)
    axes = _rule("split")(a.axes, parts)
    return tuple(Symbol(axes, "split", (a,), (k, parts)) for k in range(parts))
