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
from numpy.typing import DTypeLike

from .axes import Sizes, shape_text, written
from .axis_alignment import Aligned, Alignment, aligned
from .ops import Array, Shape
from .ops.op import quiet, with_numbers
from .program import Program, Tensor
from .symbols import ProgramError

SizePairs = tuple[tuple[str, int], ...]
"""Sizes as pairs, which can be the key of a cache."""


class ShapeError(ValueError):
    """An array has another shape than the program says."""


def evaluate(t: Tensor, inputs: Sequence[Array], alignment: Aligned) -> Array:
    """A tensor of a step, from its inputs. Arrays may have more axes in front of those of their tensors."""
    return _result(t, [own(a) if own else a for own, a in zip(alignment.inputs, inputs, strict=True)], alignment)


def _result(t: Tensor, inputs: Sequence[Array], alignment: Aligned) -> Array:
    """A tensor of a step, from inputs that are aligned."""
    if t.op == "split":
        part, parts = t.block
        return np.split(inputs[0], parts, axis=-1)[part]
    if alignment.cut:
        return inputs[0][..., alignment.cut]
    compute = t.operation.compute
    assert compute, f"{t.id} is the result of {t.op}, which computes nothing"
    result = with_numbers(compute, t.numbers)(*inputs)
    return alignment.result.back(result) if alignment.result else result


@lru_cache(maxsize=1024)
def alignments(program: Program, sizes: SizePairs) -> Mapping[str, Aligned]:
    """How each operation of a step gets its arrays, by the tensor that it computes."""
    found, by_name = dict[str, Aligned](), dict(sizes)
    for t in program.step:
        if t.operation.kind not in ("step", "constant"):
            inputs = [program.by_id[id].axes for id in t.inputs]
            found[t.id] = aligned(t.op, inputs, t.over, t.axes, by_name)
    return MappingProxyType(found)


class Step:
    """A step of a program with its weights, to be computed many times.

    What follows from the weights and the sizes alone is computed once, and weights are aligned once.
    """

    def __init__(self, program: Program, sizes: Sizes, weights: Mapping[str, Array], dtype: DTypeLike) -> None:
        self.dtype, own = dtype, alignments(program, tuple(sizes.items()))
        self.fixed, self.operations = dict(weights), list[tuple[Tensor, Aligned, list[_Operand]]]()
        self.time = [t.id for t in program.step if t.op == "time"]
        with quiet():
            for t in program.step:
                if constant := CONSTANTS.get(t.op):
                    self.fixed[t.id] = constant(t, sizes).astype(dtype)
                elif t.operation.kind not in ("step", "constant"):
                    operands = [self._operand(id, align) for id, align in zip(t.inputs, own[t.id].inputs, strict=True)]
                    if all(id in self.fixed for id in t.inputs):
                        self.fixed[t.id] = self._computed(t, own[t.id], operands, self.fixed)
                    else:
                        self.operations.append((t, own[t.id], operands))

    def __call__(self, entering: Mapping[str, Array], step: int) -> dict[str, Array]:
        """The weights, and every tensor of a step, by the number of the step and the tensors that enter it: x and the
        states of the step before, ``h_prev``, each batch_size × ..."""
        arrays = {**self.fixed, **entering, **{id: np.array(step, self.dtype) for id in self.time}}
        for t, alignment, operands in self.operations:
            arrays[t.id] = self._computed(t, alignment, operands, arrays)
        return arrays

    def _operand(self, id: str, align: Alignment | None) -> "_Operand":
        """The array of an operand, if it is known before the first step; else the tensor and its alignment."""
        if id in self.fixed:
            return align(self.fixed[id]) if align else self.fixed[id]
        return id, align

    def _computed(
        self, t: Tensor, alignment: Aligned, operands: list["_Operand"], arrays: Mapping[str, Array]
    ) -> Array:
        inputs = []
        for operand in operands:
            if isinstance(operand, tuple):
                id, align = operand
                inputs.append(align(arrays[id]) if align else arrays[id])
            else:
                inputs.append(operand)
        return _result(t, inputs, alignment)


_Operand = Array | tuple[str, Alignment | None]


def check_identity(t: Tensor, sizes: Sizes) -> None:
    """ShapeError if the two axes of an identity differ in size."""
    if t.op == "identity" and len({*t.shape(sizes)}) > 1:
        raise ShapeError(f"{t.id} is an identity of {written(t.axes)}, but these are {shape_text(t.shape(sizes))}")


CONSTANTS: dict[str, Callable[[Tensor, Sizes], Array]] = {
    "size": lambda t, sizes: np.array(t.over[0].size(sizes)),
    "identity": lambda t, sizes: np.eye(t.shape(sizes)[0]),
}
"""The constants that are the same at every step."""


@dataclass(frozen=True, eq=False)
class EvaluatedSteps:
    """The tensors of every step, each time_step × its axes: ``RecordedSteps`` in app/core/trace.py."""

    arrays: Mapping[str, Array]

    @property
    def stored(self) -> tuple[Shape, ...]:
        return tuple((len(a), *a.shape[:0:-1]) for a in self.arrays.values())

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
    arrays = {t.id: np.empty((sizes["time_step"], *t.shape(sizes)), X.dtype) for t in program.step}
    with quiet():
        step = Step(program, sizes, weights, X.dtype)
        for n in range(sizes["time_step"]):
            computed = step({"x": X[:, n], **states}, n)
            for id, array in arrays.items():
                array[n] = computed[id]
            states = {id: computed[id.removesuffix("_prev")] for id in states}
    return EvaluatedSteps(arrays)


@lru_cache(maxsize=1024)
def shapes_by_numpy(program: Program, sizes: SizePairs) -> Mapping[str, Shape]:
    """The shapes of X, the weights and the tensors of a step as NumPy computes them.

    ShapeError if the program says others, ProgramError if an operation mixes an axis that its record does not list. The
    arrays have one more axis, in front, of length 0: NumPy applies its own rules for shapes, at any size, and has no
    numbers to compute.
    """
    by_name, arrays, shapes, front = dict(sizes), dict[str, Array](), dict[str, Shape](), dict[str, int]()
    alignment_of = alignments(program, sizes)
    with quiet():  # what follows from weights alone has numbers here, too
        for t in program.tensors:
            if t.per_step or t.operation.kind == "input":
                front[t.id] = _axes_in_front(t, front)
                arrays[t.id] = _empty(t, arrays, by_name, front[t.id], alignment_of)
                shapes[t.id] = arrays[t.id].shape[front[t.id] :]
                check_shape(t, shapes[t.id], by_name)
                check_identity(t, by_name)
    check_mixes(program)
    return MappingProxyType(shapes)


def check_shape(t: Tensor, actual: Shape, sizes: Sizes) -> None:
    """ShapeError if ``actual``, the shape of a tensor's array, is another than the program says."""
    if actual != t.shape(sizes):
        raise ShapeError(f"{t.id} was made {shape_text(actual)}, but {written(t.axes)} is {shape_text(t.shape(sizes))}")


def _empty(
    t: Tensor, arrays: Mapping[str, Array], sizes: Sizes, front: int, alignment_of: Mapping[str, Aligned]
) -> Array:
    """A tensor without elements, from inputs without elements."""
    if t.op == "carry" or t.operation.kind in ("input", "constant"):
        shape = (0,) * front + t.shape(sizes)
        return np.broadcast_to(np.float32(0), shape)
    inputs = [arrays[id] for id in t.inputs]
    if t.op == "concat":  # NumPy does not repeat its arrays
        inputs = [np.broadcast_to(a, (0,) * (front - a.ndim + len(t.axes)) + a.shape) for a in inputs]
    return inputs[0][:, :, 0] if t.op == "step" else evaluate(t, inputs, alignment_of[t.id])


def _axes_in_front(t: Tensor, of: Mapping[str, int]) -> int:
    """How many axes of length 0 are in front of a tensor's own, from those of its inputs. Weights, and what is computed
    from them alone, have none, as in a real run; a broadcast array has the memory of one number only."""
    if t.op == "carry" or not t.inputs:
        return 0 if t.role == "weight" else 1
    return max(of[id] for id in t.inputs)


@lru_cache(maxsize=256)
def check_mixes(program: Program) -> None:
    """ProgramError where an operation combines or moves numbers along an axis that its record does not list."""
    for t in program.step:
        op = t.operation
        if op.compute and op.kind in ("pointwise", "function"):
            for axis in _mixed_axes(op.compute, len(t.inputs) + len(t.numbers)) - {*op.mixes}:
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
