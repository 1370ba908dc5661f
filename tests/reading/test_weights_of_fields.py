"""Weights of a cell of JAX in the fields of an object: a named tuple or a data class.

JAX 0.9 raised the error, and runs the corrected line.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import random


{head}
    kernel: jax.Array
    bias: jax.Array


def made(key, width, memory):
    bias = jnp.zeros(4 * memory)
    {made}


def step(weights, state, x):
    h, c = state
    i, f, g, o = jnp.split(jnp.concatenate([x, h], axis=-1) @ weights.kernel + weights.bias, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


weights = made(random.key(4), 19, 26)
h = c = jnp.zeros((8, 26))
for x in random.normal(random.key(5), (12, 8, 19)):
    h, c = step(weights, (h, c), x)
"""
FRAMES = [
    "h, c = step(weights, (h, c), x)",
    "i, f, g, o = jnp.split(jnp.concatenate([x, h], axis=-1) @ weights.kernel + weights.bias, 4, axis=-1)",
]
ERROR = "TypeError: dot_general requires contracting dimensions to have the same shape, got (45,) and (19,)."
BY_PLACE = "return Weights(random.normal(key, (width, 4 * memory)), bias)"
BY_NAME = "return Weights(bias=bias, kernel=random.normal(key, (width, 4 * memory)))"


@pytest.mark.parametrize("made", [BY_PLACE, BY_NAME])
@pytest.mark.parametrize("head", ["class Weights(NamedTuple):", "@dataclass\nclass Weights:"])
def test_a_field_tells_the_line_of_joined_weights(head: str, made: str) -> None:
    explanation = explain(pasted(PROGRAM.format(head=head, made=made), FRAMES, ERROR))
    network, mismatch = explanation.configuration, explanation.mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("kernel", (45, 104), (19, 104))
    assert mismatch.causes[0].lines == ((made, made.replace("(width,", "(width + memory,")),)
    assert network and (network.features, network.num_units, network.time_step) == (19, 26, 12)
