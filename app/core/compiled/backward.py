"""The compiled backward pass: gradients of all weights of a cell, on preallocated arrays, for many runs at one size.

Its contract, which ``differentiates`` in backward_plan.py checks:

- The compiled scan covers the program, so all arrays are time_step × rows × batch_size, and a ``gradient`` gets its
  last two axes exchanged, and the arrays of all steps at once. Its operations are pointwise, so that each number of a
  gradient is computed only from the numbers at the same index.
- A ``gradient`` is linear in the gradient of the result, so that for 1 it is the factor of any.
- ``matmul``, ``affine``, ``concat``, ``split``, ``step`` and ``carry`` are handled by name, and each matrix and bias is
  read by one product.

app/training/network.py trains with it the networks whose programs it covers. The backward pass of app/core/gradients.py
covers every program. The results of the two are equal up to rounding.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..axes import Sizes
from ..ops import Array
from ..ops.op import inserted, quiet
from ..program import Program
from .backward_plan import OUTPUT, Added, Factor, Local, Part, Rows, Segment, Sum, Term, backward_plan
from .plan import Product, plan
from .scan import ScannedSteps, scan

Blocks = Mapping[str, Array]
"""By product, its kernel and its bias as one array, rows × (inner + 1): the kernel transposed, the bias as the last
column. Without a bias rows × inner."""

Call = tuple[Callable[..., Any], tuple[Array, ...]]


class CompiledCell:
    """A cell that runs forward, with the same weights, which may change between runs."""

    def __init__(self, program: Program, sizes: Sizes, weights: Mapping[str, Array], dtype: DTypeLike) -> None:
        self.plan, self.weights = plan(program, tuple(sizes.items())), weights
        self.output_id, starts = program.cell.output, program.cell.starts
        self.first = {f"{s}_prev": np.full(program.by_id[s].shape(sizes), n, dtype) for s, n in starts.items()}

    def run(self, X: Array) -> ScannedSteps:
        """Run over X, batch_size × time_step × features."""
        return scan(self.plan, self.weights, X, self.first)

    def output(self, steps: ScannedSteps) -> Array:
        """The output of a run, time_step × rows × batch_size."""
        return values(self.output_id, steps)


def values(id: str, steps: ScannedSteps) -> Array:
    """A tensor at every step, time_step × rows × batch_size."""
    if id in steps.plan.unsorted:  # its pieces are stored in another order
        return np.concatenate([values(piece, steps) for piece in steps.plan.unsorted[id]], axis=1)
    return steps.views[steps.plan.homes[id]]


class CompiledBackwardPass:
    """The backward pass of a cell. ``weights`` and ``blocks`` are views of the same numbers. The gradients of
    ``blocks`` are written to ``block_gradients``, those of weights that are vectors to ``weight_gradients``.

    ``output_gradient``, time_step × rows × batch_size, is filled by the caller; if ``reads_last_output``, only its last
    step is read. ``input_gradient`` is that of X, in the same order of axes, if ``needs_input``.
    """

    def __init__(
        self,
        program: Program,
        sizes: Sizes,
        weights: Mapping[str, Array],
        blocks: Blocks,
        weight_gradients: Mapping[str, Array],
        block_gradients: Blocks,
        dtype: DTypeLike,
        reads_last_output: bool,
        needs_input: bool,
    ) -> None:
        self.sizes, self.weights, self.blocks, self.dtype = sizes, weights, blocks, np.dtype(dtype)
        self.weight_gradients, self.block_gradients = weight_gradients, block_gradients
        self.plan = backward_plan(program, sizes, needs_input)
        self.bases = {base: self.zeros(height) for base, height in self.plan.heights.items()}
        self.output_gradient = self.bases[OUTPUT]
        self.input_gradient = self.zeros(program.by_id["x"].shape(sizes)[1]) if needs_input else None
        self.factors = _Factors()
        self.slabs = {base: self.zeros(height) for base, height in self.plan.heights.items()}
        self.stored = dict(self._stored())
        for terms in (self.plan.input, *self.plan.weights.values()):
            for term in terms:
                self.factors.add(term.factor)
        self.calls = [*self._calls(reads_last_output)]
        sources = {p.kernel: p.source for p in plan(program, tuple(sizes.items())).calls if isinstance(p, Product)}
        self.products = [(t.id, sources[t.inputs[1]], *self._by_rows(t.id)) for t in self.plan.products]

    def zeros(self, height: int) -> Array:
        return np.zeros((self.sizes["time_step"], height, self.sizes["batch_size"]), self.dtype)

    def compute(self, steps: ScannedSteps) -> None:
        """The gradients of a run."""
        with quiet():
            factors = self.factors.compute(steps, self.weights)
            for call, arguments in self.calls:
                call(*arguments)
            for rows in self.plan.later:
                np.matmul(self._kernel(rows), self.bases[rows.product], self.bases[rows.rows])
            if self.input_gradient is not None:
                self._add_up(self.plan.input, factors, self.input_gradient)
            for id, terms in self.plan.weights.items():
                whole = self._add_up(terms, factors, self.zeros(terms[0].span.height))
                whole.sum(axis=(0, 2), out=self.weight_gradients[id])
            for id, source, left, right in self.products:
                # one product for all steps and samples, which needs the rows of all steps side by side
                left[...] = self.bases[id].transpose(1, 0, 2)
                right[...] = steps.views[source][:, : len(right)].transpose(1, 0, 2)
                np.dot(left.reshape(len(left), -1), right.reshape(len(right), -1).T, self.block_gradients[id])

    def _by_rows(self, product: str) -> tuple[Array, Array]:
        """Room for the gradient of a product, and for what it multiplies, as rows × time_step × batch_size."""
        steps, samples = self.sizes["time_step"], self.sizes["batch_size"]
        left, right = (np.empty((n, steps, samples), self.dtype) for n in self.blocks[product].shape)
        return left, right

    def _kernel(self, rows: Rows) -> Array:
        return self.blocks[rows.product][:, : rows.height].T

    def _add_up(self, terms: Sequence[Term], factors: Mapping[Factor, Array], out: Array) -> Array:
        """The sum of terms at all steps."""
        out.fill(0)
        for base, span, factor in terms:
            part = self.bases[base][:, span.rows]
            out += part * (factor if isinstance(factor, float) else factors[factor])
        return out

    def _stored(self) -> Iterator[tuple[tuple[str, Term], Array]]:
        """Where the factors of a base's terms are stored for the loop: in ``slabs`` those of the first term of each
        segment, so that adjacent segments can be one call."""
        for call in self.plan.calls:
            if isinstance(call, Sum):
                for segment in call.segments:
                    for n, term in enumerate(segment.terms):
                        room = self.zeros(term.span.height) if n or segment.adds else None
                        room = self.slabs[call.base][:, segment.span.rows] if room is None else room
                        self.factors.add(term.factor, room)
                        yield (call.base, term), room
        for base, terms in self.plan.carried.items():
            for term in terms:
                room = self.zeros(term.span.height)
                self.factors.add(term.factor, room)
                yield (base, term), room

    def _calls(self, reads_last_output: bool) -> Iterator[Call]:
        """The calls of all steps, from the last one to the first."""
        end = self.sizes["time_step"] - 1
        for t in range(end, -1, -1):
            for call in self.plan.calls:
                if isinstance(call, Rows):
                    yield np.dot, (self._kernel(call), self.bases[call.product][t], self.bases[call.rows][t])
                else:
                    carried = self.plan.carried.get(call.base, ()) if t < end else ()
                    for segments in self._groups(call.segments):
                        yield from self._sum(call.base, segments, t, carried, reads_last_output and t < end)

    def _groups(self, segments: tuple[Segment, ...]) -> Iterator[list[Segment]]:
        """Segments, those that are one product with the same base and below one another together."""

        def key(segment: Segment) -> object:
            one = len(segment.terms) == 1 and not segment.adds and not isinstance(segment.terms[0].factor, float)
            return segment.terms[0][:2] if one else segment

        for _, group in groupby(segments, key):
            together: list[Segment] = []
            for segment in group:
                if together and together[-1].span.stop != segment.span.start:
                    yield together
                    together = []
                together.append(segment)
            yield together

    def _sum(
        self, base: str, segments: list[Segment], t: int, carried: tuple[Term, ...], without_output: bool
    ) -> Iterator[Call]:
        first, rows = segments[0], slice(segments[0].span.start, segments[-1].span.stop)
        out = self.bases[base][t, rows]
        if len(segments) > 1:
            shape, term = (len(segments), len(out) // len(segments), out.shape[-1]), first.terms[0]
            factors = self.slabs[base][t, rows].reshape(shape, copy=False)
            yield np.multiply, (factors, self.bases[term.base][t, term.span.rows], out.reshape(shape, copy=False))
            return
        terms = [(term, t) for term in first.terms if not (without_output and term.base == OUTPUT)]
        if first.carries:
            terms += [(term, t + 1) for term in carried]
        if not (terms or first.adds):
            yield np.copyto, (out, np.zeros((), self.dtype))
        parts = [self._part(base, term, step) for term, step in terms]
        if not first.adds and parts:
            of, factor = parts.pop(0)
            if factor is not None:
                yield np.multiply, (of, factor, out)
            elif parts and parts[0][1] is None:
                yield np.add, (of, parts.pop(0)[0], out)
            else:
                yield np.positive, (of, out)
        for of, factor in parts:
            if factor is None:
                yield np.add, (out, of, out)
            else:
                room = np.empty_like(out)
                yield np.multiply, (of, factor, room)
                yield np.add, (out, room, out)

    def _part(self, base: str, term: Term, t: int) -> tuple[Array, Array | None]:
        """The base and the factor of a term at a step; None for a factor of 1."""
        of = self.bases[term.base][t, term.span.rows]
        if isinstance(term.factor, float):
            return of, None if term.factor == 1 else np.array(term.factor, self.dtype)
        return of, self.stored[base, term][t]


class _Factors:
    """Computes factors of all steps, each after those that it is made of."""

    def __init__(self) -> None:
        self.order: dict[Factor, list[Array]] = {}

    def add(self, factor: Factor, stored: Array | None = None) -> None:
        """A factor that is needed, and an array to store it in."""
        if isinstance(factor, float):
            return
        if factor not in self.order:
            for part in factor.parts if isinstance(factor, Added) else (factor.of,):
                self.add(part)
            self.order[factor] = []
        if stored is not None:
            self.order[factor].append(stored)

    def compute(self, steps: ScannedSteps, weights: Mapping[str, Array]) -> dict[Factor, Array]:
        found: dict[Factor, Array] = {}
        dtype = next(iter(steps.views.values())).dtype
        for factor, stored in self.order.items():
            array = self._computed(factor, found, steps, weights, dtype)
            for room in stored:
                np.copyto(room, array)
            found[factor] = array
        return found

    def _computed(
        self,
        factor: Factor,
        found: Mapping[Factor, Array],
        steps: ScannedSteps,
        weights: Mapping[str, Array],
        dtype: np.dtype[Any],
    ) -> Array:
        def value(of: Factor) -> Array:
            return np.array(of, dtype) if isinstance(of, float) else found[of]

        match factor:
            case Local(of, t, n):
                differentiate = t.operation.gradient
                assert differentiate  # ``differentiates`` refuses a program that has an operation without one
                inputs = [weights[id][:, None] if id in weights else values(id, steps) for id in t.inputs]
                numbers = [(k, np.asarray(number, dtype)) for k, number in t.numbers]
                return differentiate(n, value(of), inserted(inputs, numbers), values(t.id, steps))
            case Added(parts):
                return np.asarray(sum(map(value, parts[1:]), value(parts[0])))
            case Part(of, span):
                return value(of)[..., span.rows, :]  # a factor may be a column
        raise AssertionError(factor)
