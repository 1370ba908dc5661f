"""The only loop over time: a program, its weights and an input become a trace of every tensor of every step."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from app.core.axes import Sizes, written
from app.core.ops import OPS, Array, Shape
from app.core.plan import Plan, Product, plan
from app.core.program import Program, Tensor


class ShapeError(ValueError):
    """NumPy made another shape than the program said."""


@dataclass(frozen=True, eq=False)
class Trace:
    """What a run recorded. ``shapes`` are those of the arrays that it made, each compared with the program's."""

    program: Program
    sizes: Sizes
    given: Mapping[str, Array]
    stacks: Mapping[str, Array]
    plan: Plan
    shapes: Mapping[str, Shape]
    seconds: float

    @property
    def operations(self) -> int:
        """How many tensors the run made: those of one step, time_step times."""
        return len(self.program.step) * self.sizes["time_step"]

    @property
    def confirmed(self) -> int:
        """How many shapes were compared and found equal: one that differs would have ended the run."""
        return sum(id in self.shapes for id in self.stacks) * self.sizes["time_step"]

    def array(self, id: str, t: int | None = None) -> Array:
        """A tensor in the shape of the contract; ``t`` picks the step and is ignored by what has none."""
        tensor = self.program.by_id[id]
        if tensor.per_step:
            if t is None or not 0 <= t < self.sizes["time_step"]:
                raise IndexError(f"{id} has steps 0 to {self.sizes['time_step'] - 1}, not {t}")
            return self.stack(id)[t]
        if tensor.op == "given":
            return self.given[id]
        every_step = self.stack(tensor.inputs[0])
        return every_step[-1] if tensor.op == "last" else every_step.swapaxes(0, 1)

    def stack(self, id: str) -> Array:
        """All steps of a tensor: time_step × batch_size × ..., a view of what the run wrote where that is possible."""
        if pieces := self.plan.mixed.get(id):
            return np.concatenate([self.stack(piece) for piece in pieces], axis=-1)
        return self.stacks[id].swapaxes(1, 2)


def run(program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array) -> Trace:
    """Run a program over X (batch_size × time_step × features), in the type of X: float32 or float64.

    Nothing is refused here, however large: see ``budget``.
    """
    start = perf_counter()
    key = tuple(sizes.items())
    expected = shapes_that_numpy_makes(program, key)
    given = {"X": X, **weights}
    layout = plan(program, key)
    slabs = [np.empty(shape, X.dtype) for shape in layout.slabs]
    views = [slabs[n][index] for n, index in layout.places]
    _fill(layout, views, X)
    with np.errstate(over="ignore"):
        deque(zip(*_calls(layout, views, weights), strict=False), maxlen=0)
    stacks = {id: views[n] for id, n in layout.at.items()}
    shapes = _confirmed(program, expected, given, stacks)
    return Trace(program, sizes, given, stacks, layout, shapes, perf_counter() - start)


def _fill(layout: Plan, views: list[Array], X: Array) -> None:
    """What the steps find in place: x of every step, the ones, and the zeros that are carried into step 0."""
    for n in layout.x:
        views[n][...] = X.transpose(1, 2, 0)
    for n in layout.ones:
        views[n].fill(1)
    for n in layout.zeros:
        views[n][0] = 0


def _calls(layout: Plan, views: list[Array], weights: Mapping[str, Array]) -> Iterable[Iterator[Array]]:
    """An iterator for each call: every ``next`` makes the call on the arrays of the next step and gives what it filled.

    What only one other call reads is handed to that call directly, so the calls nest as the equations would.
    """
    pending: dict[int, Iterator[Array]] = {}
    for call in layout.calls:
        if isinstance(call, Product):
            pending.update((call.out, made) for made in _product(call, views, weights))
            continue
        inputs = (
            repeat(_column(weights[i])) if isinstance(i, str)
            else pending.pop(i) if i in layout.once and i in pending
            else views[i]
            for i in call.inputs
        )  # fmt: skip
        pending[call.out] = map(call.kernel, *inputs, views[call.out])
    return pending.values()


def _product(p: Product, views: list[Array], weights: Mapping[str, Array]) -> Iterator[Iterator[Array]]:
    """What is known ahead is multiplied now, the rest in every step."""
    source, out = views[p.source], views[p.out]
    kernel = _stored(p, weights, source.shape[1], out.dtype)
    rest = source.shape[1] - p.ahead
    if not p.ahead:
        yield _multiplied(kernel, source, out, p.cuts)
        return
    _multiply_all(kernel[:, rest:], source[:, rest:], out)
    if rest:
        products = map(np.dot, repeat(_aligned(kernel[:, :rest])), source[:, :rest], repeat(np.empty_like(out[0])))
        yield map(np.add, products, out, out)


def _multiplied(kernel: Array, source: Array, out: Array, cuts: int) -> Iterator[Array]:
    if cuts == 1:
        return map(np.dot, repeat(kernel), source, out)
    steps, rows, batch_size = out.shape
    pieces = out.reshape(steps, cuts, rows // cuts, batch_size)
    return map(np.matmul, repeat(kernel.reshape(cuts, rows // cuts, -1)), source[:, None], pieces)


def _multiply_all(kernel: Array, source: Array, out: Array) -> None:
    """All steps in one product, if a step is a single row."""
    if source.shape[2] == 1:
        np.matmul(source[:, :, 0], kernel.T, out[:, :, 0])
    else:
        np.matmul(kernel, source, out)


def _stored(p: Product, weights: Mapping[str, Array], width: int, dtype: Any) -> Array:
    """The kernel as it is multiplied: transposed, its blocks in the order of the result, the bias as last column."""
    kernel, order = weights[p.kernel].T, list(p.order)
    rows, used = kernel.shape
    stored = np.empty((len(order), rows // len(order), width), dtype)
    stored[:, :, :used] = kernel.reshape(len(order), -1, used)[order]
    if p.bias:
        stored[:, :, used] = weights[p.bias].reshape(len(order), -1)[order]
        stored[:, :, used + 1 :] = 0
    return stored.reshape(rows, width)


def _aligned(array: Array) -> Array:
    """A copy that begins on a cache line: a product with a single row is a sixth faster."""
    copy = _aligned_empty(array.shape, array.dtype)
    copy[...] = array
    return copy


def _aligned_empty(shape: Shape, dtype: Any) -> Array:
    size = prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.__array_interface__["data"][0] % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def _column(weight: Array) -> Array:
    """A weight that is used as it is, stored units first."""
    return weight[:, None] if weight.ndim == 1 else weight.T


def _confirmed(
    program: Program, expected: Mapping[str, Shape], given: Mapping[str, Array], stacks: Mapping[str, Array]
) -> dict[str, Shape]:
    """The shapes of what the run was given and made; ShapeError where one is not what it should be."""
    shapes = {id: array.shape for id, array in given.items()}
    for id, stack in stacks.items():
        _, rows, batch_size = stack.shape
        shapes[id] = (batch_size, rows)
    if shapes != expected:
        id = next(i for i in expected if shapes.get(i) != expected[i])
        raise _difference(program.by_id[id], shapes.get(id), expected[id])
    return shapes


@lru_cache(maxsize=1024)
def shapes_that_numpy_makes(program: Program, sizes: tuple[tuple[str, int], ...]) -> dict[str, Shape]:
    """The shapes of one step, found by NumPy: each kernel is called, without ``out``, on arrays of no memory.

    The arrays have one axis more, in front, of length 0: NumPy decides every shape as it always does and has nothing to
    compute. ShapeError where its decision is not the program's.
    """
    made: dict[str, Array] = {}
    for t in program.tensors:
        if t.per_step or t.op == "given":
            made[t.id] = _ghost(t, made, dict(sizes))
            shape = made[t.id].shape[t.role != "weight" :]
            if shape != t.shape(dict(sizes)):
                raise _difference(t, shape, t.shape(dict(sizes)))
    return {id: array.shape[program.by_id[id].role != "weight" :] for id, array in made.items()}


def _ghost(t: Tensor, made: Mapping[str, Array], sizes: Sizes) -> Array:
    if t.role == "weight":
        return np.broadcast_to(np.float32(0), t.shape(sizes))
    if t.op in ("given", "carry"):
        return np.empty((0, *t.shape(sizes)), np.float32)
    inputs = [made[id] for id in t.inputs]
    if t.op == "step":
        return inputs[0][:, :, 0]
    if t.part:
        return np.split(inputs[0], t.part[1], axis=-1)[t.part[0]]
    kernel = OPS[t.op].kernel
    assert kernel
    return kernel(*inputs)


def _difference(t: Tensor, made: Shape | None, said: Shape) -> ShapeError:
    return ShapeError(f"{t.id} is {made}, but its axes {written(t.axes)} say {said}")
