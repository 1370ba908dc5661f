"""What a cell's equations compute with: symbols that carry named axes and remember how they were made."""

from dataclasses import dataclass

from app.core.axes import Axes
from app.core.ops import OPS


class ProgramError(ValueError):
    """A cell whose equations cannot be captured."""


@dataclass(frozen=True, eq=False)
class Symbol:
    """What an equation computes with: named axes, and how it was made. The operators make further symbols.

    ``part`` is (k, n) for the k-th of n blocks that a split made.
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
        return _apply("matmul", self, other)

    def __rsub__(self, one: int) -> "Symbol":
        if one != 1:
            raise ProgramError(f"complement: {one!r} − a tensor is no operation; 1 − a tensor is")
        return _apply("complement", self)

    __radd__, __rmul__ = __add__, __mul__  # a number on the left: refused like one on the right


def _pointwise(op: str, a: Symbol, b: Symbol) -> Symbol:
    """Of two tensors, or of every row of a tensor with a vector, on whichever side that stands."""
    _only_symbols(op, a, b)
    if len(a.axes) == len(b.axes):
        return _apply(op, a, b)
    return _apply(f"{op}_vector", *sorted((a, b), key=lambda s: len(s.axes), reverse=True))


def _apply(op: str, *inputs: Symbol) -> Symbol:
    _only_symbols(op, *inputs)
    return Symbol(OPS[op].axes(*(s.axes for s in inputs)), op, inputs)


def _only_symbols(op: str, *inputs: object) -> None:
    for other in inputs:
        if not isinstance(other, Symbol):
            raise ProgramError(f"{op}: {other!r} is no tensor; a cell computes with x, its states and its weights")


def concatenate(first: Symbol, *others: Symbol) -> Symbol:
    """[p, q]: side by side along the last axis."""
    return _apply("concat", first, *others)


def sigmoid(a: Symbol) -> Symbol:
    return _apply("sigmoid", a)


def tanh(a: Symbol) -> Symbol:
    return _apply("tanh", a)


def relu(a: Symbol) -> Symbol:
    """The greater of 0 and a."""
    return _apply("relu", a)


def split(a: Symbol, parts: int) -> tuple[Symbol, ...]:
    """Equal blocks of columns, left to right."""
    _only_symbols("split", a)
    piece = (*a.axes[:-1], a.axes[-1].divided(parts))
    return tuple(Symbol(piece, "split", (a,), (k, parts)) for k in range(parts))
