"""The plain evaluator: a step computed as its equations are written, one operation after another, batch first, in new
arrays.

It is the reference for the compiled scan, and runs the programs that the scan does not cover. On arrays that take no
memory it lets NumPy compute the shape of each result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from .axes import Sizes, shape_text, written
from .ops import Array, Shape
from .program import Program, Tensor
from .symbols import ProgramError

SizePairs = tuple[tuple[str, int], ...]
"""Sizes as pairs, which can be the key of a cache."""


class ShapeError(ValueError):
    """An array has another shape than the program says."""


def evaluate(t: Tensor, inputs: Sequence[Array]) -> Array:
    """A tensor of a step, from its inputs: arrays of any axes × batch_size × units."""
    if t.op == "split":
        part, parts = t.block
        return np.split(inputs[0], parts, axis=-1)[part]
    compute = t.operation.compute
    assert compute, f"{t.id} is the result of {t.op}, which computes nothing"
    return compute(*inputs)


def evaluate_step(program: Program, weights: Mapping[str, Array], entering: Mapping[str, Array]) -> dict[str, Array]:
    """Every tensor of one step. ``entering`` has x and the states of the previous step, ``h_prev``, each batch_size ×
    ..."""
    arrays = dict(entering)
    with np.errstate(over="ignore"):
        for t in program.step:
            if t.id not in arrays:
                arrays[t.id] = evaluate(t, [arrays[id] if id in arrays else weights[id] for id in t.inputs])
    return arrays


@dataclass(frozen=True, eq=False)
class EvaluatedSteps:
    """The tensors of every step, each time_step × batch_size × units: ``RecordedSteps`` in app/core/trace.py."""

    arrays: Mapping[str, Array]

    @property
    def stored(self) -> tuple[Shape, ...]:
        return tuple((steps, units, batch_size) for steps, batch_size, units in (a.shape for a in self.arrays.values()))

    def array(self, id: str, steps: int | slice) -> Array:
        array: Array = self.arrays[id][steps]
        return array


def evaluate_steps(
    program: Program, sizes: Sizes, weights: Mapping[str, Array], X: Array, first: Mapping[str, Array]
) -> EvaluatedSteps:
    """Every tensor of every step of a run over X, batch_size × time_step × features. ``first`` has the states before
    step 0 that are not 0, ``h_prev``, each batch_size × ..."""
    zeros = {f"{s}_prev": np.zeros(program.by_id[s].shape(sizes), X.dtype) for s in program.cell.states}
    states = {**zeros, **first}
    steps: list[dict[str, Array]] = []
    for t in range(sizes["time_step"]):
        steps.append(evaluate_step(program, weights, {"x": X[:, t], **states}))
        states = {id: steps[-1][id.removesuffix("_prev")] for id in states}
    return EvaluatedSteps({t.id: np.stack([step[t.id] for step in steps], dtype=X.dtype) for t in program.step})


@lru_cache(maxsize=1024)
def shapes_by_numpy(program: Program, sizes: SizePairs) -> Mapping[str, Shape]:
    """The shapes of X, the weights and the tensors of a step as NumPy computes them.

    ShapeError if the program says others, ProgramError if an operation mixes an axis that its record does not list. The
    arrays have one more axis, in front, of length 0: NumPy applies its own rules for shapes, at any size, and has no
    numbers to compute.
    """
    by_name, arrays, shapes = dict(sizes), dict[str, Array](), dict[str, Shape]()
    for t in program.tensors:
        if t.per_step or t.operation.kind == "input":
            arrays[t.id] = _empty(t, arrays, by_name)
            shapes[t.id] = arrays[t.id].shape[_leading_axes(t) :]
            check_shape(t, shapes[t.id], by_name)
    check_mixes(program)
    return MappingProxyType(shapes)


def check_shape(t: Tensor, actual: Shape, sizes: Sizes) -> None:
    """ShapeError if ``actual``, the shape of a tensor's array, is another than the program says."""
    if actual != t.shape(sizes):
        raise ShapeError(f"{t.id} was made {shape_text(actual)}, but {written(t.axes)} is {shape_text(t.shape(sizes))}")


def _empty(t: Tensor, arrays: Mapping[str, Array], sizes: Sizes) -> Array:
    """A tensor without elements, from inputs without elements."""
    if t.op == "carry" or t.operation.kind == "input":
        shape = (0,) * _leading_axes(t) + t.shape(sizes)
        return np.broadcast_to(np.float32(0), shape)
    inputs = [arrays[id] for id in t.inputs]
    return inputs[0][:, :, 0] if t.op == "step" else evaluate(t, inputs)


def _leading_axes(t: Tensor) -> int:
    """How many axes of length 0 are in front of a tensor's own. Weights have none, as in a real run; a broadcast array
    has the memory of one number only."""
    return 0 if t.role == "weight" else 1


def check_mixes(program: Program) -> None:
    """ProgramError where an operation combines or moves numbers along an axis that its record does not list."""
    for t in program.step:
        op = t.operation
        if op.compute and op.kind in ("pointwise", "function"):
            for axis in _mixed_axes(op.compute, len(t.inputs)) - {*op.mixes}:
                raise ProgramError(
                    f"{t.op} mixes axis {axis} and does not list it: what {t.id} has at one place depends on others"
                )


@lru_cache(maxsize=256)
def _mixed_axes(compute: Callable[..., Array], inputs: int) -> frozenset[int]:
    """The axes along which an operation combines or moves numbers: -1 for the units, -2 for the batch.

    It is applied to a few numbers, small and large: to all of them at once, and to each slice along an axis alone.
    """
    numbers = np.geomspace(0.01, 30, inputs * 12).reshape(inputs, 3, 4) * (-1, 1, 1, -1)
    with np.errstate(all="ignore"):
        combined = compute(*numbers)
        sliced = {axis: [compute(*part) for part in np.split(numbers, numbers.shape[axis], axis)] for axis in (-1, -2)}
    return frozenset(axis for axis, parts in sliced.items() if not _same(np.concatenate(parts, axis), combined))


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)
