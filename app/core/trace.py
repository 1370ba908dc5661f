"""What a run recorded: of one cell, and of all cells of a stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from .axes import Sizes
from .evaluator import check_shape
from .ops import Array, Shape
from .program import Program, Tensor
from .stack import Place, Stack, is_reversed


class RecordedSteps(Protocol):
    """The tensors of every step of a run. The compiled scan and the plain evaluator each have a class for them."""

    @property
    def stored(self) -> tuple[Shape, ...]:
        """The shape of each tensor of a step, in the program's order, all steps at once: time_step × units ×
        batch_size, which is how the compiled scan stores them; other axes are in reverse order, too."""

    def array(self, id: str, steps: int | slice) -> Array:
        """A tensor at one step, in the shape that the program says, or at several, with an axis of them in front."""


@dataclass(eq=False)
class Trace:
    """Every array of the run of one cell, in the shape that the program says.

    ``inputs`` are X and the weights, ``steps`` the tensors of every step. ``compared`` are the recorded shapes that
    were compared with those of NumPy; ``seconds`` is how long the run took, comparisons included.
    """

    program: Program
    sizes: Sizes
    inputs: Mapping[str, Array]
    steps: RecordedSteps
    compared: tuple[Shape, ...] = ()
    seconds: float = 0.0

    @property
    def recorded(self) -> int:
        """The number of recorded tensors, each counted once for every step."""
        return sum(steps for steps, *_ in self.steps.stored)

    @property
    def confirmed(self) -> int:
        """The number of shapes that were compared, one for each tensor and step."""
        return sum(steps for steps, *_ in self.compared)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every array, as ``array`` returns it."""
        return {t.id: self.array(t.id, 0).shape for t in self.program.tensors}

    def array(self, id: str, t: int | None = None) -> Array:
        """A tensor in the shape that the program says. ``t`` is the step, and is ignored for a tensor of the whole run.

        The shape of the array is compared again: ShapeError if it differs.
        """
        tensor = self.program.by_id[id]
        array = self._array(tensor, t)
        check_shape(tensor, array.shape, self.sizes)
        return array

    def stack(self, id: str) -> Array:
        """All steps of a tensor, time_step × batch_size × ..., without a copy where possible."""
        return self.steps.array(id, slice(None))

    def _array(self, tensor: Tensor, t: int | None) -> Array:
        last = self.sizes["time_step"] - 1
        if tensor.operation.kind == "input":
            return self.inputs[tensor.id]
        if tensor.op == "stack":
            return self.stack(tensor.inputs[0]).swapaxes(0, 1)
        if tensor.op == "last":
            return self.steps.array(tensor.inputs[0], last)
        if t is None or not 0 <= t <= last:
            raise IndexError(f"{tensor.id} has steps 0 to {last}, not {t}")
        return self.steps.array(tensor.id, t)


@dataclass(frozen=True, eq=False)
class StackTrace:
    """The traces of the cells of a stack. Each has its steps in the order in which its cell computed them."""

    stack: Stack
    X: Array
    go_backwards: bool
    traces: dict[Place, Trace]
    _extents: dict[tuple[str, Place], float] = field(default_factory=dict)

    @property
    def recorded(self) -> int:
        """The number of recorded tensors, each counted once for every step, in all cells."""
        return sum(trace.recorded for trace in self.traces.values())

    @property
    def confirmed(self) -> int:
        """The number of shapes that were compared with those of NumPy."""
        return sum(trace.confirmed for trace in self.traces.values())

    @property
    def seconds(self) -> float:
        """How long the runs of all cells took, in seconds."""
        return sum(trace.seconds for trace in self.traces.values())

    @cached_property
    def first_not_finite(self) -> tuple[str, int] | None:
        """The first tensor with NaN or an infinite value, and its step, if the output or a state has one."""
        for trace in self.traces.values():
            cell = trace.program.cell
            results = [id for id in dict.fromkeys((cell.output, *cell.states)) if id in trace.program.by_id]
            if all(np.isfinite(trace.stack(id)).all() for id in results):
                continue
            for step in range(trace.sizes["time_step"]):
                for t in trace.program.step:
                    if not np.isfinite(trace.steps.array(t.id, step)).all():
                        return t.id, step
        return None

    def input_is_reversed(self, direction: str) -> bool:
        """Whether a direction reads its input from the last step to the first."""
        return (direction == "backward") != self.go_backwards

    def output(self, layer: int, direction: str) -> Array:
        """Y of one direction, batch_size × time_step × num_units, in the order of the layer's input."""
        Y = self.traces[layer, direction].array("Y")
        return Y[:, ::-1] if direction == "backward" else Y

    def layer_output(self, layer: int) -> Array:
        """Y of a layer, both directions concatenated: batch_size × time_step × ..."""
        return np.concatenate([self.output(layer, d) for d in self.stack.directions], axis=-1)

    def array(self, id: str, place: Place, t: int) -> Array:
        """A tensor of one cell at a step of time, counted from the start even where the cell began with the last step.

        The steps of X and Y are in the order of time.
        """
        trace, last_step = self.traces[place], self.stack.time_step - 1
        if not is_reversed(place, self.go_backwards):
            return trace.array(id, t)
        array = trace.array(id, last_step - t)
        return array[:, ::-1] if id in ("X", "Y") else array

    def over_time(self, id: str, place: Place) -> Array:
        """A tensor of one cell at every step, time_step × batch_size × ..., in the order of time."""
        steps = self.traces[place].stack(id)
        return steps[::-1] if is_reversed(place, self.go_backwards) else steps

    def extent(self, id: str, place: Place) -> float:
        """The largest absolute value of a tensor's numbers, over all steps. It is cached."""
        if (id, place) not in self._extents:
            trace = self.traces[place]
            numbers = trace.stack(id) if trace.program.by_id[id].per_step else trace.array(id)
            self._extents[id, place] = float(max(numbers.max(), -numbers.min()))
        return self._extents[id, place]

    def last(self, state: str, place: Place) -> Array:
        """A state after the last step that the direction computes, batch_size × num_units."""
        return self.traces[place].array(f"{state}_T")
