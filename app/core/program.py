"""The program of a cell: what its equations compute, captured by calling them once with symbols.

Shapes, formulas, wires, explanations, parameter counts, FLOPs and bytes are all read from the program, at any size and
without a single array.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from math import prod
from typing import Any

from ..translations.phrases import phrase
from .axes import BATCH_SIZE, TIME_STEP, Axes, Axis, Sizes, axes, axis, shape
from .cell import Cell, equations
from .ops import OPS, Op, placeholders
from .ops.op import inserted
from .symbols import ProgramError, Symbol


@dataclass(frozen=True)
class Tensor:
    """One tensor of a program. ``part`` is (k, n) for the k-th of n equal blocks of a split, ``numbers`` are the
    operands that are numbers, with their positions, ``over`` the axes that the equation names."""

    id: str
    symbol: str
    name: str
    role: str
    axes: Axes
    per_step: bool
    op: str
    inputs: tuple[str, ...]
    part: tuple[int, int] | None = None
    numbers: tuple[tuple[int, float], ...] = ()
    over: Axes = ()

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        return shape(self.axes, sizes)

    @property
    def operation(self) -> Op:
        """The operation that computes it."""
        return OPS[self.op]

    @property
    def is_view(self) -> bool:
        """Whether it is a view of another tensor, which takes no memory of its own."""
        return self.operation.compute is None and self.operation.kind not in ("input", "constant")

    @property
    def block(self) -> tuple[int, int]:
        """``part``, or (0, 1) for a tensor that is no block of a split."""
        return self.part or (0, 1)

    def sentence(self, sizes: Sizes) -> str:
        """Its shape in words, for a screen reader: "concat: batch_size by num_units plus features, 3 by 7"."""
        if not self.axes:
            return phrase("{id}: a number", id=self.id)
        numbers = reduce(_by, map(str, self.shape(sizes)))
        return phrase("{id}: {axes}, {numbers}", id=self.id, axes=_in_words(self.axes), numbers=numbers)


def _by(first: str, second: str) -> str:
    return phrase("{a} by {b}", a=first, b=second)


@lru_cache(256)
def _in_words(axes: Axes) -> str:
    return reduce(_by, map(_axis_in_words, axes))


def _axis_in_words(axis: Axis) -> str:
    terms = (name if n == 1 else phrase("{n} times {name}", n=n, name=name) for n, name in axis.terms)
    return reduce(lambda a, b: phrase("{a} plus {b}", a=a, b=b), terms)


@dataclass(frozen=True, eq=False)
class Program:
    """The tensors of a cell in the order of computation: X and the weights, one step, then the results of the whole
    run."""

    cell: Cell
    tensors: tuple[Tensor, ...]

    @cached_property
    def by_id(self) -> dict[str, Tensor]:
        return {t.id: t for t in self.tensors}

    @cached_property
    def step(self) -> tuple[Tensor, ...]:
        """The tensors of one step, in the order of the equations."""
        return tuple(t for t in self.tensors if t.per_step)

    @cached_property
    def weights(self) -> tuple[Tensor, ...]:
        return tuple(t for t in self.tensors if t.role == "weight")

    @cached_property
    def last_output(self) -> tuple[str, ...]:
        """The result of the run that is the output of the last step, if the output is a state: ``h_T``."""
        return tuple(t.id for t in self.tensors if t.op == "last" and t.inputs == (self.cell.output,))

    def weights_of(self, tensor: Tensor) -> tuple[str, ...]:
        """The weights among the inputs of a tensor."""
        return tuple(id for id in tensor.inputs if self.by_id[id].role == "weight")

    def pieces(self, tensor: Tensor) -> tuple[Tensor, ...]:
        """The blocks that a tensor is split into, in order.

        Empty if nothing splits it, if several splits do, or if some block of a split has no name.
        """
        users = (self.by_id[id] for id in self.used_by[tensor.id])
        blocks = sorted((u for u in users if u.part), key=lambda u: u.block)
        is_split_once = [u.part for u in blocks] == [(k, len(blocks)) for k in range(len(blocks))]
        return tuple(blocks) if is_split_once else ()

    @cached_property
    def has_gates(self) -> bool:
        """Whether a product is split into blocks, one for each gate."""
        return any(t.op == "split" for t in self.step)

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        return {t.id: tuple(u.id for u in self.tensors if t.id in u.inputs) for t in self.tensors}

    def formula(self, tensor: Tensor) -> str:
        """The equation of a tensor, in symbols: ``fₜ = σ(a_f)``."""
        return self._formulas[tensor.id]

    @cached_property
    def _formulas(self) -> dict[str, str]:
        return {t.id: self._formula(t) for t in self.tensors}

    def _formula(self, tensor: Tensor) -> str:
        start = self.start_of(tensor.inputs[0]) if tensor.op == "carry" else 0
        right = right_side(tensor, [self.by_id[i].symbol for i in tensor.inputs], start)
        return right if right == tensor.symbol else phrase("{symbol} = {right}", symbol=tensor.symbol, right=right)

    def start_of(self, state: str) -> float:
        """What each number of a state is before the first step."""
        return self.cell.starts.get(state, 0.0)

    def block_symbols(self, tensor: Tensor) -> tuple[str, ...]:
        """The symbols of the product that gives a piece ``a_f`` of an affine ``a``: ``[hₜ₋₁, xₜ]``, ``W_f``, ``b_f``.
        Empty for other tensors."""
        source = self.by_id[tensor.inputs[0]] if tensor.part else tensor
        if source.op != "affine" or source is tensor:
            return ()
        letter = tensor.id.rpartition("_")[2]
        multiplied, *weights = (self.by_id[i].symbol for i in source.inputs)
        return multiplied, *(f"{w}{letter}" if "_" in w else f"{w}_{letter}" for w in weights)

    def block_formula(self, tensor: Tensor) -> str:
        """The formula of such a piece: ``[hₜ₋₁, xₜ] W_f + b_f``."""
        symbols = self.block_symbols(tensor)
        formula = OPS["affine"].formula
        return phrase(formula, **placeholders(symbols)) if symbols else ""

    def of_units(self, tensor: Tensor, n: int = -1) -> tuple[bool, ...]:
        """For each part of a tensor's n-th axis, whether element k of the part belongs to unit k of this cell.

        Elements of x belong to the layer below, and so do the rows of a kernel that multiply them.
        """
        axis = tensor.axes[n]
        if tensor.role == "input":
            return (False,) * sum(times for times, _ in axis.terms)
        if tensor.op == "concat" and n == -1:
            own = tuple(own for id in tensor.inputs for own in self.of_units(self.by_id[id]))
            return own if len(own) == sum(times for times, _ in axis.terms) else (False,) * len(own)
        if tensor.role == "weight" and n == -2:
            product = self.by_id[self.used_by[tensor.id][0]]
            multiplied = self.by_id[product.inputs[0]]
            if multiplied.axes and multiplied.axes[-1] == axis:
                return self.of_units(multiplied)
        return tuple(name == "num_units" for times, name in axis.terms for _ in range(times))

    def shapes(self, sizes: Sizes) -> dict[str, tuple[int, ...]]:
        return {t.id: t.shape(sizes) for t in self.tensors}

    def parameters(self, sizes: Sizes) -> dict[str, int]:
        """The number of learned parameters in each weight."""
        return {t.id: prod(t.shape(sizes)) for t in self.weights}

    def flops(self, sizes: Sizes) -> int:
        """Multiplications, additions and function values of a whole run: those of one step, time_step times."""
        shapes = self.shapes(sizes)
        one_step = sum(t.operation.flops(tuple(shapes[i] for i in t.inputs), shapes[t.id]) for t in self.step)
        return sizes["time_step"] * one_step

    def bytes(self, sizes: Sizes, itemsize: int = 4) -> int:
        """The memory of everything that a run records, with X and the weights. A view takes none."""
        each = ((t, prod(t.shape(sizes))) for t in self.tensors if not t.is_view)
        return itemsize * sum(n * (sizes["time_step"] if t.per_step else 1) for t, n in each)


def right_side(tensor: Tensor | Symbol, inputs: Iterable[str], start: float = 0) -> str:
    """The right side of an equation, from the symbols of the inputs: ``σ(a_f)``, ``(1 − zₜ) ∗ gₜ``."""
    operation, (part, parts) = OPS[tensor.op], tensor.part or (0, 1)
    symbols = inserted(inputs, [(n, f"{number:g}") for n, number in tensor.numbers])
    symbols = [f"({s})" if _needs_brackets(s, operation) else s for s in symbols]
    return phrase(
        operation.formula,
        bare=symbols[0].removesuffix("ₜ") if symbols else "",
        part=part + 1,
        parts=parts,
        over=(":" if tensor.op == "slice" else ", ").join(map(str, tensor.over)),
        start=f"{start:g}" if start else phrase("zeros"),
        **placeholders(symbols),
    )


def _needs_brackets(symbol: str, within: Op) -> bool:
    """Whether a symbol is a sum, a comparison or, in a tight operation, any formula, and not in brackets of its own."""
    is_infix = within.brackets or within.formula.startswith("{a} ")
    if not is_infix or (" " not in symbol and not within.tight):
        return False
    while (outer := re.sub(r"\([^()]*\)|\[[^][]*\]", "", symbol)) != symbol:
        symbol = outer
    if any(sign in symbol for sign in AMBIGUOUS):
        return True
    is_sum = " + " in symbol or " − " in symbol
    return within.brackets and (is_sum or (within.tight and (" " in symbol or symbol.startswith("−"))))


AMBIGUOUS = (" > ", " ≥ ", " = ", " ≠ ", " mod ")
"""The signs without a place among ``+`` and ``∗`` that every reader knows: a formula with one is in brackets within
others."""


@lru_cache
def capture(cell: Cell) -> Program:
    """Call the equations of a cell once, with symbols, and list the tensors that they compute.

    Raises AxisError if axes do not fit, ProgramError if the equations cannot be a program.
    """
    step = tuple(_step(cell))
    (output,) = (t.axes for t in step if t.id == cell.output)
    return Program(cell, (*_before(cell), *step, *_after(cell, output)))


def _before(cell: Cell) -> Iterator[Tensor]:
    """X and the weights."""
    yield _tensor(cell, "X", "input", (BATCH_SIZE, TIME_STEP, axis(cell.input)), "below" if cell.is_above else "given")
    for w, text in cell.weights.items():
        yield _tensor(cell, w, "weight", axes(text), "given")


def _step(cell: Cell) -> Iterator[Tensor]:
    """The tensors of a step, each after its inputs."""
    ids: dict[Symbol, str] = {}
    constant = set[Symbol]()
    carried = {f"{s}_prev": s for s in cell.states}
    for id, symbol in equations(cell).items():
        if id == "x":
            yield _tensor(cell, id, "input", symbol.axes, "step", ("X",), per_step=True)
        elif id in carried:
            yield _tensor(cell, id, "state", symbol.axes, "carry", (carried[id],), per_step=True)
        elif id not in cell.weights:
            op, inputs = operation(symbol, [s for s, name in ids.items() if name in cell.weights], ids)
            if nameless := [i.op for i in inputs if i not in ids]:
                raise ProgramError(
                    f"{cell.id}: {id} uses the result of {nameless[0]} that has no name yet; give it one above"
                )
            role = "state" if id in cell.states else "intermediate"
            if OPS[op].kind == "constant" or (inputs and constant.issuperset(inputs)):
                role = "constant"
                constant.add(symbol)
            own = {"part": symbol.part, "numbers": symbol.numbers, "over": symbol.over}
            yield _tensor(cell, id, role, symbol.axes, op, tuple(ids[i] for i in inputs), per_step=True, **own)
        ids[symbol] = id


def operation(s: Symbol, weights: Collection[Symbol], named: Collection[Symbol]) -> tuple[str, tuple[Symbol, ...]]:
    """The operation and the inputs of a symbol, from the symbols that are weights and those that have a name.

    ``p @ W + b`` is one operation, affine, if W and b are weights and ``p @ W`` has no name of its own. A product with
    a tensor that is no weight is a contraction.
    """
    if s.op == "matmul" and s.inputs[1] not in weights:
        return "contraction", s.inputs
    if s.op == "add" and not s.numbers:
        for product, bias in (s.inputs, s.inputs[::-1]):
            if product.op == "matmul" and product not in named and bias in weights and _fits(product, bias, weights):
                return "affine", (*product.inputs, bias)
    return s.op, s.inputs


def _fits(product: Symbol, bias: Symbol, weights: Collection[Symbol]) -> bool:
    """Whether a product is one of rows with a matrix of weights, and the bias a number for each column."""
    rows, kernel = product.inputs
    return kernel in weights and len(rows.axes) == len(kernel.axes) == 2 and bias.axes == product.axes[-1:]


def _after(cell: Cell, output: Axes) -> Iterator[Tensor]:
    """The results of a run: Y, from the axes of the output of a step, and the last states."""
    batch_size, *others = output
    yield _tensor(cell, "Y", "output", (batch_size, TIME_STEP, *others), "stack", (cell.output,))
    for s, text in cell.states.items():
        yield _tensor(cell, f"{s}_T", "output", axes(text), "last", (s,))


def _tensor(
    cell: Cell,
    id: str,
    role: str,
    axes: Axes,
    op: str,
    inputs: tuple[str, ...] = (),
    *,
    per_step: bool = False,
    **own: Any,
) -> Tensor:
    try:
        symbol, name = cell.words[id]
    except KeyError:
        raise ProgramError(f"{cell.id}: {id} has no words; add its symbol and its name") from None
    return Tensor(id, symbol, name, role, axes, per_step, op, inputs, **own)
