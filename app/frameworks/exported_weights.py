"""Our weights as a framework stores them."""

import numpy as np

from ..core.initializers import Weights
from ..core.ops import Array
from ..core.stack import Place, Stack
from . import OURS
from .inputs_and_outputs import arranged
from .model import Model
from .weight_layout import Blocks, heights


def blocks_of(stack: Stack, weights: Weights) -> dict[Place, Blocks]:
    """Our weights, unpacked into the blocks that every framework packs in its own way."""
    layout = OURS.model(stack).layout
    return {place: layout.unpack(arrays, heights(stack, place)) for place, arrays in weights.items()}


def stored_weights(model: Model, weights: Weights) -> dict[str, Array]:
    """Our weights as the arrays that a model stores, by their full names there."""
    blocks = blocks_of(model.stack, weights)
    return {array.name: array.pack(blocks) for array in model.weights}


def weights_file(model: Model, weights: Weights, X: Array) -> dict[str, Array]:
    """The content of /weights.npz: every array of weights, and the input in the axes of the model, by their names
    there."""
    input = model.input
    return {**stored_weights(model, weights), input.name: np.ascontiguousarray(arranged(X, input.axes))}
