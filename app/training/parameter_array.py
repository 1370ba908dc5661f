"""The parameters of a network, all in one array, so that one call updates them all."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
from numpy.typing import DTypeLike

from ..core.gradients import norm
from ..core.ops import Array
from ..core.program import Program
from ..core.seeded_weights import stack_weights, uniform
from ..core.stack import Place, Stack
from .training_and_result import Training, width_of

DENSE = "dense"
"""The prefix of the names of the weights of the dense layer, which give their streams of random numbers."""


class Arrays:
    """Views of one array. ``blocks`` are the matrices of products with their biases, as the compiled backward pass
    reads them; ``weights`` are all weights of the cells in their own shapes, ``dense`` is the dense layer, outputs ×
    (width + 1)."""

    def __init__(self, stack: Stack, outputs: int, dtype: DTypeLike) -> None:
        width = width_of(stack)
        self.all = np.zeros(stack.parameters() + outputs * (width + 1), dtype)
        self.blocks: dict[Place, dict[str, Array]] = {}
        self.weights: dict[Place, dict[str, Array]] = {}
        self.used = 0
        for layer, direction in stack.places:
            program, blocks, weights = stack.program(layer), dict[str, Array](), dict[str, Array]()
            for product, kernel, bias in products(program):
                inner, rows = program.by_id[kernel].shape(stack.sizes)
                block = self._taken(rows, inner + bool(bias))
                blocks[product], weights[kernel] = block, block[:, :inner].T
                if bias:
                    weights[bias] = block[:, inner]
            for t in program.weights:
                if t.id not in weights:
                    weights[t.id] = self._taken(*t.shape(stack.sizes))
            place = layer, direction
            self.blocks[place], self.weights[place] = blocks, {t.id: weights[t.id] for t in program.weights}
        self.dense = self._taken(outputs, width + 1)

    def _taken(self, *shape: int) -> Array:
        """The next numbers, as a new array."""
        start, self.used = self.used, self.used + int(np.prod(shape))
        return self.all[start : self.used].reshape(shape, copy=False)

    def norms(self) -> dict[Place, dict[str, float]]:
        """The norm of each weight of the cells."""
        return {place: {id: norm(a) for id, a in weights.items()} for place, weights in self.weights.items()}


def products(program: Program) -> Iterator[tuple[str, str, str | None]]:
    """The products of a program whose weights nothing else reads: the product, its kernel, and its bias."""
    for t in program.step:
        if t.operation.kind == "product" and t.role != "constant":
            _, kernel, *bias = t.inputs
            alone = all(id in program.cell.weights and program.used_by[id] == (t.id,) for id in (kernel, *bias))
            if alone and len(program.by_id[kernel].axes) == 2:
                yield t.id, kernel, next(iter(bias), None)


def initial(training: Training, dtype: DTypeLike) -> Arrays:
    """The parameters before the first step: the weights of the stack as everywhere in the app, and those of the dense
    layer likewise, uniform between -1/√width and 1/√width, its kernel filled row by row."""
    arrays = Arrays(training.stack, training.outputs, dtype)
    for place, weights in stack_weights(training.stack, training.seed, dtype).items():
        for id, array in weights.items():
            arrays.weights[place][id][...] = array
    bound = 1 / sqrt(training.width)
    shape = training.width, training.outputs
    arrays.dense[:, :-1] = uniform(f"{DENSE}.kernel", training.seed, shape, bound, dtype).T
    arrays.dense[:, -1] = uniform(f"{DENSE}.bias", training.seed, shape[1:], bound, dtype)
    return arrays
