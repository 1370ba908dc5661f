"""Our weights as a framework stores them, and those of a framework as ours."""

from collections.abc import Mapping

import numpy as np

from ..core.axes import shape
from ..core.ops import Array
from ..core.seeded_weights import Weights
from ..core.stack import Place, Stack
from . import OURS
from .stack_in_framework import Model
from .weight_layout import Blocks, heights, widths


def blocks_of(stack: Stack, weights: Weights) -> dict[Place, Blocks]:
    """Our weights, unpacked into the blocks that every framework packs in its own way."""
    layout = OURS.model(stack).layout
    return {place: layout.unpack(arrays, heights(stack, place)) for place, arrays in weights.items()}


def stored_weights(model: Model, weights: Weights) -> dict[str, Array]:
    """Our weights as the arrays that a model stores, by their full names there."""
    blocks = blocks_of(model.stack, weights)
    return {array.name: array.pack(blocks) for array in model.weights}


def our_weights(model: Model, stored: Mapping[Place, Mapping[str, Array]]) -> Weights:
    """The weights that a model stores as ours: the inverse of ``stored_weights``. The arrays of each cell have their
    names within the cell. A bias that is missing is 0. LayoutError if another array is missing or does not fit."""
    layout = OURS.model(model.stack).layout
    ours: dict[Place, Mapping[str, Array]] = {}
    for place, arrays in stored.items():
        blocks = model.layout.unpack({**_biases(model, place, arrays), **arrays}, heights(model.stack, place))
        ours[place] = {parameter.name: layout.array(parameter, blocks) for parameter in layout.parameters}
    return ours


def _biases(model: Model, place: Place, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Biases of 0 for a cell, in the type of its arrays."""
    axes = widths(model.stack.program(place[0]))
    dtype = next(iter(arrays.values())).dtype
    return {
        p.name: np.zeros(shape(p.axes(axes), model.sizes), dtype) for p in model.layout.parameters if not p.is_matrix
    }
