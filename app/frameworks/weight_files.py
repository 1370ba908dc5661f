"""Our weights as a framework keeps them: what goes into a file, and what comes out of one."""

import numpy as np

from app.core.ops import Array
from app.core.stack import Place, Stack, Weights
from app.frameworks import OURS
from app.frameworks.framework import Framework, Settings
from app.frameworks.io_arrays import arranged
from app.frameworks.weight_layout import Blocks, heights


def blocks_of(stack: Stack, weights: Weights) -> dict[Place, Blocks]:
    """Our weights cut into the blocks that every framework puts together in its own way."""
    layout = OURS.layout(stack, {})
    return {place: layout.unpack(arrays, heights(stack, place)) for place, arrays in weights.items()}


def stored(framework: Framework, stack: Stack, settings: Settings, weights: Weights) -> dict[str, Array]:
    """Every array of weights by its full name there."""
    blocks = blocks_of(stack, weights)
    return {array.name: array.pack(blocks) for array in framework.stored(stack, settings)}


def weights_file(
    framework: Framework,
    stack: Stack,
    settings: Settings,
    weights: Weights,
    X: Array,
) -> dict[str, Array]:
    """What /weights.npz holds: every array of weights, and the input as the framework takes it, by its name there."""
    given = framework.takes(stack, settings)
    return {**stored(framework, stack, settings, weights), given.name: np.ascontiguousarray(arranged(X, given.axes))}
