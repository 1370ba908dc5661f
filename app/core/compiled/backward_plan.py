"""What the compiled backward pass computes in each step, planned once for a program and its sizes.

Between two products a step computes number by number, so there the gradient of a tensor is a sum of *terms*: a gradient
that is known, its *base*, times a *factor* that does not depend on gradients. In an LSTM the gradient of a_f is that of
c, times c_prev ∗ f ∗ (1 − f). The factors of all steps are computed before the loop over time, with few calls on large
arrays. In the loop only the bases are computed: the gradients of states, of products, of what they multiply, and of
other tensors that have terms with different bases. The loop of the LSTM:

    h    = output gradient + rows of h of the step after
    c    = h ∗ factor + c of the step after ∗ factor
    a    = a_f, a_i, a_g: c ∗ factors; a_o: h ∗ factor
    rows = kernel a                                         of [h_prev, x], but not of x where nobody needs it
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..axes import Sizes
from ..ops import Array
from ..ops.op import inserted, with_numbers
from ..program import Program, Tensor
from .plan import compiles


class Span(NamedTuple):
    """Some rows."""

    start: int
    stop: int

    @property
    def rows(self) -> slice:
        return slice(self.start, self.stop)

    @property
    def height(self) -> int:
        return self.stop - self.start


OUTPUT = "Y"
"""The base of the gradient of the output, which is given."""


@dataclass(frozen=True, eq=False)
class Local:
    """The factor of input ``n`` of a tensor, from the factor of the tensor itself: the gradient in the record of its
    operation."""

    of: "Factor"
    tensor: Tensor
    n: int


@dataclass(frozen=True, eq=False)
class Added:
    """The sum of factors."""

    parts: tuple["Factor", ...]


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of a factor."""

    of: "Factor"
    span: Span


Factor = float | Local | Added | Part


class Term(NamedTuple):
    """Some rows of a base, times a factor."""

    base: str
    span: Span
    factor: Factor


class Segment(NamedTuple):
    """Rows of a gradient and the terms that they are the sum of. ``adds``: they are added to what is there;
    ``carries``: with the terms of the step after."""

    span: Span
    terms: tuple[Term, ...]
    adds: bool = False
    carries: bool = False


class Sum(NamedTuple):
    """Computes a base."""

    base: str
    segments: tuple[Segment, ...]


class Rows(NamedTuple):
    """Computes the gradient of what a product multiplies, as the base ``rows``: the first ``height`` rows of its
    kernel, times the gradient of the product."""

    product: str
    rows: str
    height: int


@dataclass(frozen=True, eq=False)
class BackwardPlan:
    """``calls`` are those of a step, in order. ``heights`` are the rows of each base. ``carried`` maps a state to the
    terms of its gradient that come from the step after. ``later`` are calls for all steps at once, after the loop;
    ``input`` are the terms of the gradient of x, ``weights`` those of weights that are vectors, to be summed over steps
    and samples. ``products`` are the products whose weights have a gradient."""

    calls: tuple[Sum | Rows, ...]
    heights: dict[str, int]
    carried: dict[str, tuple[Term, ...]]
    later: tuple[Rows, ...]
    input: tuple[Term, ...]
    weights: dict[str, tuple[Term, ...]]
    products: tuple[Tensor, ...]


def differentiates(program: Program) -> bool:
    """Whether the compiled backward pass covers a program: the compiled scan covers it, every operation has a gradient,
    and no matrix or bias of a product is used twice."""
    products = [t for t in program.step if t.operation.kind == "product"]
    used = [id for t in products for id in t.inputs[1:]]
    return (
        compiles(program)
        and all(t.operation.gradient or not t.operation.is_pointwise for t in program.step)
        and all(len(program.used_by[id]) == 1 for id in used)
    )


def backward_plan(program: Program, sizes: Sizes, needs_input: bool) -> BackwardPlan:
    """The plan of a program that ``differentiates``. ``needs_input``: with the gradient of x."""
    return _Planner(program, sizes, needs_input).plan()


class _Planner:
    """Goes through a step from its end. ``terms`` collects the terms of tensors that are not reached yet, ``pieces``
    those of the blocks that a tensor is split into."""

    def __init__(self, program: Program, sizes: Sizes, needs_input: bool) -> None:
        self.program, self.needs_input = program, needs_input
        self.height = {t.id: t.shape(sizes)[1] for t in program.step}
        self.terms: dict[str, list[Term]] = defaultdict(list)
        self.pieces: dict[str, list[Segment]] = defaultdict(list)
        self.weights: dict[str, list[Term]] = defaultdict(list)
        self.calls: list[Sum | Rows] = []
        self.later: list[Rows] = []
        self.products: list[Tensor] = []
        self.heights = {OUTPUT: self.height[program.cell.output]}

    def plan(self) -> BackwardPlan:
        self.terms[self.program.cell.output].append(self.whole(OUTPUT))
        for t in reversed(self.program.step):
            if t.op not in ("step", "carry"):
                self.reach(t)
            elif self.pieces[t.id]:
                self.join(t)
        carried = {s: combined(self.terms[f"{s}_prev"]) for s in self.program.cell.states}
        weights = {id: combined(terms) for id, terms in self.weights.items()}
        return BackwardPlan(
            tuple(self.calls),
            self.heights,
            carried,
            tuple(self.later),
            combined(self.terms["x"]) if self.needs_input else (),
            weights,
            tuple(self.products),
        )

    def whole(self, base: str) -> Term:
        return Term(base, Span(0, self.heights[base]), 1.0)

    def reach(self, t: Tensor) -> None:
        """All terms of a tensor are known: compute its gradient if it is a base, and pass terms on to its inputs."""
        terms, pieces = combined(self.terms[t.id]), self.pieces[t.id]
        is_state = t.id in self.program.cell.states
        if is_state or pieces or len(terms) > 1 or (terms and t.operation.kind == "product"):
            self.heights[t.id] = self.rows_of(t)
            self.calls.append(Sum(t.id, self.segments(t, terms, pieces, is_state)))
            terms = (self.whole(t.id),)
        if terms:
            self.pass_on(t, terms[0])

    def join(self, t: Tensor) -> None:
        """A state of the step before, or x, that is split: make a base of its pieces."""
        self.heights[t.id] = self.height[t.id]
        whole = Segment(Span(0, self.height[t.id]), ())
        self.calls.append(Sum(t.id, (whole, *(piece._replace(adds=True) for piece in self.pieces[t.id]))))
        self.terms[t.id].append(self.whole(t.id))

    def segments(
        self, t: Tensor, terms: tuple[Term, ...], pieces: list[Segment], is_state: bool
    ) -> tuple[Segment, ...]:
        whole = Segment(Span(0, self.heights[t.id]), terms, adds=bool(pieces), carries=is_state)
        if not pieces:
            return (whole,)
        pieces.sort(key=lambda piece: piece.span.start)
        is_cut_once = all(a.span.stop <= b.span.start for a, b in pairwise(pieces))
        if is_cut_once and not (terms or is_state):
            return tuple(pieces)  # rows of no piece stay 0
        filled = Segment(whole.span, ())
        return (filled, *(piece._replace(adds=True) for piece in pieces), whole)

    def rows_of(self, t: Tensor) -> int:
        """The rows of a gradient: without those of x at the end of a concatenation, if nobody needs them."""
        if t.op == "concat" and not self.needs_input:
            inputs = [*t.inputs]
            while inputs and inputs[-1] == "x":
                inputs.pop()
            return sum(self.height[id] for id in inputs)
        return 0 if t.id == "x" and not self.needs_input else self.height[t.id]

    def pass_on(self, t: Tensor, term: Term) -> None:
        match t.op:
            case "split":
                (whole,), (part, _), height = t.inputs, t.block, self.height[t.id]
                self.pieces[whole].append(Segment(Span(part * height, (part + 1) * height), (term,)))
            case "concat":
                top = 0
                for id in t.inputs:
                    span = Span(top, top := top + self.height[id])
                    if id != "x" or self.needs_input:
                        self.terms[id].append(part_of(term, span))
            case "matmul" | "affine":
                self.products.append(t)
                of = self.program.by_id[t.inputs[0]]
                if height := self.rows_of(of):
                    rows = Rows(t.id, f"rows of {t.id}", height)
                    self.heights[rows.rows] = height
                    (self.later if of.id == "x" else self.calls).append(rows)
                    self.terms[of.id].append(self.whole(rows.rows))
            case _:
                positions = [n for n in range(len(t.inputs) + len(t.numbers)) if n not in dict(t.numbers)]
                for n, id in zip(positions, t.inputs, strict=True):
                    if factor := local(term.factor, t, n):
                        terms = self.weights if self.program.by_id[id].role == "weight" else self.terms
                        terms[id].append(term._replace(factor=factor))


def part_of(term: Term, span: Span) -> Term:
    """Some rows of a term."""
    top, whole = term.span.start, isinstance(term.factor, float)
    factor = term.factor if whole else Part(term.factor, span)
    return Term(term.base, Span(top + span.start, top + span.stop), factor)


def combined(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms, with those that have the same base as one."""
    groups: dict[tuple[str, Span], list[Factor]] = defaultdict(list)
    for base, span, factor in terms:
        groups[base, span].append(factor)
    return tuple(Term(base, span, added(factors)) for (base, span), factors in groups.items())


def added(factors: list[Factor]) -> Factor:
    numbers = [factor for factor in factors if isinstance(factor, float)]
    if len(numbers) == len(factors):
        return sum(numbers)
    return factors[0] if len(factors) == 1 else Added(tuple(factors))


def local(of: Factor, t: Tensor, n: int) -> Factor:
    """The factor of input n of a tensor. It is a number where the operation multiplies the gradient by a number."""
    gradient = differentiated(t, n, np.ones(()))
    if gradient.ndim == 0:
        number = float(gradient)
        if isinstance(of, float):
            return of * number
        if number in (0, 1):
            return of if number else 0.0
    return Local(of, t, n)


def differentiated(t: Tensor, n: int, g: Array) -> Array:
    """The gradient of input n for some inputs."""
    compute, differentiate = t.operation.compute, t.operation.gradient
    assert compute and differentiate
    inputs = [np.linspace(k + 0.1, k + 0.9, 6).reshape(2, 3) for k in range(len(t.inputs))]
    result = with_numbers(compute, t.numbers)(*inputs)
    operands = inserted(inputs, [(k, np.asarray(number)) for k, number in t.numbers])
    return np.asarray(differentiate(n, g, operands, result))
