"""Symbols, which the equations of a cell compute with: they have named axes and record how they were made."""

from collections.abc import Callable
from dataclasses import dataclass

from .axes import Axes
from .ops import OPS


class ProgramError(ValueError):
    """A cell whose equations cannot be captured."""


@dataclass(frozen=True, eq=False)
class Symbol:
    """A tensor of an equation: its named axes, its operation and the inputs of that. Operators return new symbols.

    ``part`` is (k, n) for the k-th of n equal blocks of a split.
    """

    axes: Axes
    op: str = "given"
    inputs: tuple["Symbol", ...] = ()
    part: tuple[int, int] | None = None

    def __add__(self, other: "Symbol") -> "Symbol":
        return _pointwise("add", self, other)

    def __mul__(self, other: "Symbol") -> "Symbol":
        return _pointwise("mul", self, other)

    def __matmul__(self, other: "Symbol") -> "Symbol":
        return apply("matmul", self, other)

    def __rsub__(self, one: int) -> "Symbol":
        if one != 1:
            raise ProgramError(f"complement: {one!r} − a tensor is not an operation; 1 − a tensor is")
        return apply("complement", self)

    def __sub__(self, other: object) -> "Symbol":
        raise ProgramError("a difference of tensors is not an operation; 1 − a tensor is")

    def __neg__(self) -> "Symbol":
        raise ProgramError("minus a tensor is not an operation; 1 − a tensor is")

    def __truediv__(self, other: object) -> "Symbol":
        raise ProgramError("a quotient of tensors is not an operation")

    __radd__, __rmul__ = __add__, __mul__  # for a number on the left, which is refused like one on the right


def _pointwise(op: str, a: Symbol, b: Symbol) -> Symbol:
    """An operation on two tensors, or on each row of a tensor and a vector, in either order."""
    _only_symbols(op, a, b)
    if len(a.axes) == len(b.axes):
        return apply(op, a, b)
    return apply(f"{op}_vector", *sorted((a, b), key=lambda s: len(s.axes), reverse=True))


def apply(op: str, *inputs: Symbol) -> Symbol:
    """The result of an operation, by its id in OPS. AxisError where the axes of the inputs do not fit."""
    _only_symbols(op, *inputs)
    return Symbol(_rule(op)(*(s.axes for s in inputs)), op, inputs)


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
