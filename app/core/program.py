"""A cell's equations, called once with symbols that carry only named axes, become a program.

The program is the only source: shapes, formulas, wires, text, parameter counts, FLOPs and bytes are read from it, at
any size, without a tensor being made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any

from app.core.axes import BATCH_SIZE, FEATURES, TIME_STEP, Axes, Sizes, axes, shape, written
from app.core.ops import OPS


class ProgramError(ValueError):
    """A cell whose equations cannot be captured."""


@dataclass(frozen=True, eq=False)
class Symbol:
    """What an equation computes with: named axes, and how it was made. The operators make further symbols."""

    axes: Axes
    op: str = "given"
    inputs: tuple["Symbol", ...] = ()
    part: tuple[int, int] | None = None

    def __add__(self, other: "Symbol") -> "Symbol":
        return _apply("affine", *self.inputs, other) if self.op == "matmul" else _apply("add", self, other)

    def __mul__(self, other: "Symbol") -> "Symbol":
        return _apply("mul", self, other)

    def __matmul__(self, other: "Symbol") -> "Symbol":
        return _apply("matmul", self, other)


def _apply(op: str, *inputs: Symbol) -> Symbol:
    return Symbol(OPS[op].axes(*(s.axes for s in inputs)), op, inputs)


def concatenate(*parts: Symbol) -> Symbol:
    """[p, q]: side by side along the last axis."""
    return _apply("concat", *parts)


def sigmoid(a: Symbol) -> Symbol:
    return _apply("sigmoid", a)


def tanh(a: Symbol) -> Symbol:
    return _apply("tanh", a)


def split(a: Symbol, parts: int) -> tuple[Symbol, ...]:
    """Equal blocks of columns, left to right."""
    piece = (*a.axes[:-1], a.axes[-1].divided(parts))
    return tuple(Symbol(piece, "split", (a,), (k, parts)) for k in range(parts))


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell: its equations and what they are given.

    ``step`` takes ``x``, ``<state>_prev`` for each state and each weight by name, and returns its ``locals()``: the
    names of the equations are the ids of the tensors. ``states`` and ``weights`` give named axes; ``output`` is the
    state that is handed out at each step. ``words`` gives each tensor's symbol and what people call it.
    """

    id: str
    title: str
    step: Callable[..., dict[str, Symbol]]
    states: Mapping[str, str]
    weights: Mapping[str, str]
    words: Mapping[str, tuple[str, str]]
    output: str = "h"
    source: str = ""


@dataclass(frozen=True)
class Tensor:
    """One tensor of a program. ``part`` is (k, n) for the k-th of n blocks that a split made."""

    id: str
    symbol: str
    name: str
    role: str
    axes: Axes
    per_step: bool
    op: str
    inputs: tuple[str, ...]
    part: tuple[int, int] | None = None

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        return shape(self.axes, sizes)

    @property
    def is_view(self) -> bool:
        """Whether it lies in the memory of another tensor."""
        return OPS[self.op].kernel is None and self.op != "given"

    def sentence(self, sizes: Sizes) -> str:
        """Its shape in words: "concat: batch_size by num_units plus features, 3 by 7"."""
        words = " by ".join(str(a).replace("+", " plus ").replace("*", " times ") for a in self.axes)
        return f"{self.id}: {words}, {' by '.join(map(str, self.shape(sizes)))}"


@dataclass(frozen=True, eq=False)
class Program:
    """The tensors of a cell in the order of computing: X and the weights, one step, then what the whole run gives."""

    cell: Cell
    tensors: tuple[Tensor, ...]

    @cached_property
    def by_id(self) -> dict[str, Tensor]:
        return {t.id: t for t in self.tensors}

    @cached_property
    def step(self) -> tuple[Tensor, ...]:
        """The tensors that exist once in every step, in the order of the equations."""
        return tuple(t for t in self.tensors if t.per_step)

    @cached_property
    def weights(self) -> tuple[Tensor, ...]:
        return tuple(t for t in self.tensors if t.role == "weight")

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        return {t.id: tuple(u.id for u in self.tensors if t.id in u.inputs) for t in self.tensors}

    def formula(self, tensor: Tensor) -> str:
        """The equation that made a tensor, in symbols: ``fₜ = σ(a_f)``."""
        symbols = [self.by_id[i].symbol for i in tensor.inputs]
        bare = symbols[0].removesuffix("ₜ") if symbols else ""
        part, parts = tensor.part or (0, 1)
        right = OPS[tensor.op].formula.format(*symbols, bare=bare, part=part + 1, parts=parts)
        return right if right == tensor.symbol else f"{tensor.symbol} = {right}"

    def block_formula(self, tensor: Tensor) -> str:
        """For a piece ``a_f`` of an affine ``a`` what it is by itself, ``[hₜ₋₁, xₜ] W_f + b_f``; else nothing."""
        source = self.by_id[tensor.inputs[0]] if tensor.part else tensor
        if source.op != "affine" or source is tensor:
            return ""
        letter = tensor.id.rpartition("_")[2]
        given, kernel, bias = (self.by_id[i].symbol for i in source.inputs)
        return OPS["affine"].formula.format(given, f"{kernel}_{letter}", f"{bias}_{letter}")

    def shapes(self, sizes: Sizes) -> dict[str, tuple[int, ...]]:
        return {t.id: t.shape(sizes) for t in self.tensors}

    def parameters(self, sizes: Sizes) -> dict[str, int]:
        """How many numbers there are to learn, weight by weight."""
        return {t.id: prod(t.shape(sizes)) for t in self.weights}

    def flops(self, sizes: Sizes) -> int:
        """Multiplications, additions and function values of the whole run: those of one step, time_step times."""
        shapes = self.shapes(sizes)
        one_step = sum(OPS[t.op].flops(tuple(shapes[i] for i in t.inputs), shapes[t.id]) for t in self.step)
        return sizes["time_step"] * one_step

    def bytes(self, sizes: Sizes, itemsize: int = 4) -> int:
        """Memory that a run records in, X and the weights included; a view costs nothing."""
        each = ((t, prod(t.shape(sizes))) for t in self.tensors if not t.is_view)
        return itemsize * sum(n * (sizes["time_step"] if t.per_step else 1) for t, n in each)


@lru_cache
def capture(cell: Cell) -> Program:
    """Call the cell's equations once, with symbols, and list what they made.

    Raises AxisError where axes do not fit, ProgramError where an intermediate has no name.
    """
    states = {s: axes(text) for s, text in cell.states.items()}
    given = {
        "x": Symbol((BATCH_SIZE, FEATURES)),
        **{f"{s}_prev": Symbol(a) for s, a in states.items()},
        **{w: Symbol(axes(text)) for w, text in cell.weights.items()},
    }
    made = {id: value for id, value in cell.step(**given).items() if isinstance(value, Symbol)}
    for s, a in states.items():
        if made[s].axes != a:
            raise ProgramError(f"{cell.id}: {s} is {written(made[s].axes)}, but is carried as {written(a)}")
    ids = {id_of: id for id, id_of in made.items()}

    def tensor(id: str, role: str, axes: Axes, op: str, inputs: tuple[str, ...] = (), **more: Any) -> Tensor:
        symbol, name = cell.words[id]
        return Tensor(id, symbol, name, role, axes, inputs=inputs, op=op, **more)

    def step_tensor(id: str, s: Symbol) -> Tensor:
        if id == "x":
            return tensor(id, "input", s.axes, "step", ("X",), per_step=True)
        if (state := id.removesuffix("_prev")) != id and state in states:
            return tensor(id, "state", s.axes, "carry", (state,), per_step=True)
        unnamed = [i.op for i in s.inputs if i not in ids]
        if unnamed:
            raise ProgramError(f"{cell.id}: {id} uses the result of {unnamed[0]} that has no name; give it one")
        role = "state" if id in states else "intermediate"
        return tensor(id, role, s.axes, s.op, tuple(ids[i] for i in s.inputs), per_step=True, part=s.part)

    out = states[cell.output]
    every_step = (out[0], TIME_STEP, *out[1:])
    tensors = (
        tensor("X", "input", (BATCH_SIZE, TIME_STEP, FEATURES), "given", per_step=False),
        *(tensor(w, "weight", given[w].axes, "given", per_step=False) for w in cell.weights),
        *(step_tensor(id, s) for id, s in made.items() if id not in cell.weights),
        tensor("Y", "output", every_step, "stack", (cell.output,), per_step=False),
        *(tensor(f"{s}_T", "output", a, "last", (s,), per_step=False) for s, a in states.items()),
    )
    return Program(cell, tensors)
