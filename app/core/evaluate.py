"""A step as its equations stand: one operation after another, batch first, in new arrays.

What every other way of computing is measured by, and the way of a program that the compiled loop does not cover.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from app.core.ops import Array
from app.core.program import Program, Tensor


def computed(t: Tensor, inputs: Sequence[Array]) -> Array:
    """A tensor of a step, from its inputs: arrays of any axes × batch_size × units."""
    if t.op == "split":
        part, parts = t.block
        return np.split(inputs[0], parts, axis=-1)[part]
    compute = t.operation.compute
    assert compute, f"{t.id} is made by {t.op}, which computes nothing"
    return compute(*inputs)


def step(program: Program, weights: Mapping[str, Array], given: Mapping[str, Array]) -> dict[str, Array]:
    """Every tensor of one step. ``given`` has x and the states of the step before, ``h_prev``, each batch_size × ..."""
    made = dict(given)
    with np.errstate(over="ignore"):
        for t in program.step:
            if t.id not in made:
                made[t.id] = computed(t, [made[id] if id in made else weights[id] for id in t.inputs])
    return made
