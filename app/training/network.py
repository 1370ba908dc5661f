"""A stack that runs forward and backward: compiled if the compiled backward pass covers all of its programs, else
operation by operation. Both fill the gradients of the same parameters, and differ only in rounding."""

from functools import cached_property
from typing import Protocol

import numpy as np

from ..core.compiled.backward import CompiledBackwardPass, CompiledCell
from ..core.compiled.backward_plan import differentiates
from ..core.compiled.scan import ScannedSteps
from ..core.gradients import stack_gradients
from ..core.ops import Array
from ..core.run import run_stack
from ..core.stack import Place, Stack
from ..core.trace import StackTrace
from .parameter_array import Arrays


class Network(Protocol):
    """A stack at one batch_size. Arrays are time_step × width × batch_size, in the order of time; the output is that of
    all directions, one below the other."""

    def forward(self, X: Array) -> Array:
        """The output for X, batch_size × time_step × features."""

    def backward(self, output_gradient: Array) -> None:
        """Write the gradients of all weights, from that of the output of the last run."""


def network(stack: Stack, values: Arrays, gradients: Arrays, reads_every_output: bool) -> Network:
    if all(differentiates(stack.program(layer)) for layer in range(stack.num_layers)):
        return CompiledNetwork(stack, values, gradients, reads_every_output)
    return PlainNetwork(stack, values, gradients, reads_every_output)


class PlainNetwork:
    """Runs and differentiates any stack of cells, with app/core/run.py and app/core/gradients.py."""

    def __init__(self, stack: Stack, values: Arrays, gradients: Arrays, reads_every_output: bool) -> None:
        self.stack, self.values, self.gradients = stack, values, gradients
        self.trace: StackTrace | None = None

    def forward(self, X: Array) -> Array:
        self.trace = run_stack(self.stack, self.values.weights, X)
        outputs = [self.trace.output(self.stack.num_layers - 1, direction) for direction in self.stack.directions]
        return np.concatenate([flat(Y) for Y in outputs], axis=-1).transpose(1, 2, 0)

    def backward(self, output_gradient: Array) -> None:
        assert self.trace
        parts = np.split(output_gradient.transpose(2, 0, 1), len(self.stack.directions), axis=-1)
        shape = self.trace.output(self.stack.num_layers - 1, "forward").shape
        whole = np.concatenate([part.reshape(shape) for part in parts], axis=-1)
        for place, cell in stack_gradients(self.trace, whole).items():
            for id, gradient in cell.weights.items():
                self.gradients.weights[place][id][...] = gradient


def flat(Y: Array) -> Array:
    """An output of every step, with one axis for all that it has for a sample, which may be a matrix."""
    return Y.reshape(*Y.shape[:2], -1)


class CompiledNetwork:
    """A stack whose cells are all compiled. ``outputs`` has the output of each layer, ``runs`` the runs of its
    cells."""

    def __init__(self, stack: Stack, values: Arrays, gradients: Arrays, reads_every_output: bool) -> None:
        self.stack, self.values, self.gradients = stack, values, gradients
        self.reads_every_output, self.dtype = reads_every_output, values.all.dtype
        self.cells = {
            (layer, direction): CompiledCell(
                stack.program(layer), stack.sizes, values.weights[layer, direction], self.dtype
            )
            for layer, direction in stack.places
        }
        self.height = stack.state.size(stack.sizes)
        shape = stack.time_step, self.height * len(stack.directions), stack.batch_size
        self.outputs = [np.empty(shape, self.dtype) for _ in range(stack.num_layers)]
        self.runs: dict[Place, ScannedSteps] = {}

    def forward(self, X: Array) -> Array:
        for layer in range(self.stack.num_layers):
            below = self.outputs[layer - 1].transpose(2, 0, 1) if layer else X
            for n, direction in enumerate(self.stack.directions):
                cell, order = self.cells[layer, direction], ORDERS[direction]
                self.runs[layer, direction] = run = cell.run(below[:, order])
                self.outputs[layer][:, self._rows(n)] = cell.output(run)[order]
        return self.outputs[-1]

    def backward(self, output_gradient: Array) -> None:
        for layer in reversed(range(self.stack.num_layers)):
            below: list[Array] = []
            for n, direction in enumerate(self.stack.directions):
                cell, order = self._backward_passes[layer, direction], ORDERS[direction]
                cell.output_gradient[...] = output_gradient[order, self._rows(n)]
                cell.compute(self.runs[layer, direction])
                if cell.input_gradient is not None:
                    below.append(cell.input_gradient[order])
            if below:
                output_gradient = below[0] if len(below) == 1 else below[0] + below[1]

    @cached_property
    def _backward_passes(self) -> dict[Place, CompiledBackwardPass]:
        """Made when they are needed, because a network that only runs does with half of the memory."""
        top = self.stack.num_layers - 1
        return {
            place: CompiledBackwardPass(
                self.stack.program(place[0]),
                self.stack.sizes,
                self.values.weights[place],
                self.values.blocks[place],
                self.gradients.weights[place],
                self.gradients.blocks[place],
                self.dtype,
                reads_last_output=place[0] == top and not self.reads_every_output,
                needs_input=place[0] > 0,
            )
            for place in self.stack.places
        }

    def _rows(self, n: int) -> slice:
        """The rows of the n-th direction in the output of a layer."""
        return slice(n * self.height, (n + 1) * self.height)


ORDERS = {"forward": slice(None), "backward": slice(None, None, -1)}
"""The steps in the order in which a direction computes them."""
