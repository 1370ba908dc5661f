"""Weights of a cell that a program computes itself, made for other features than x has: their own line is corrected.

NumPy raises the messages here, and runs the corrected programs; JAX raised the other one.
"""

import traceback as tracebacks

import pytest
from pasted_programs import causes_and_lines, pasted

STEP = """import numpy as np

def step(reading, h):
    z = sigmoid({z})
    r = sigmoid({r})
    return z * h + (1 - z) * np.tanh(reading @ W_n + (r * h) @ U)

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

{weights}
h = np.zeros((2, 12))
for reading in np.zeros((7, 2, 9)):
    h = step(reading, h)
"""
PRODUCTS = {"z": "reading @ W_z + h @ U", "r": "reading @ W_r + h @ U"}
OF_EACH = "W_z = np.zeros(({n}, 12))\nW_r = np.ones(({n}, 12))\nW_n, U = np.zeros(({n}, 12)), np.eye(12)"
OF_NAMED_SIZE = "sensors, units = 9, 12\n" + OF_EACH.replace("12", "units")


@pytest.mark.parametrize(
    ("weights", "corrected"),
    [
        (OF_EACH.format(n=6), OF_EACH.format(n=9)),
        (OF_NAMED_SIZE.format(n=6), OF_NAMED_SIZE.format(n=9)),
    ],
)
def test_all_weights_of_x_get_its_features(weights: str, corrected: str) -> None:
    program = STEP.format(**PRODUCTS, weights=weights)
    with pytest.raises(ValueError) as error:
        exec(program, {})
    frames = ["h = step(reading, h)", f"z = sigmoid({PRODUCTS['z']})"]
    message = tracebacks.format_exception_only(error.value)[-1].strip()
    (tensor, axis, _), lines = causes_and_lines(pasted(program, frames, message))

    assert (tensor, axis) == ("x", "features")
    for wrong, fix in lines.items():
        program = program.replace(wrong, fix)
    assert program == STEP.format(**PRODUCTS, weights=corrected)
    exec(program, {})


def test_weights_of_jax_get_the_features_of_x() -> None:
    program = """import jax
import jax.numpy as jnp

def glide(h, reading):
    h = jnp.tanh(jnp.dot(reading, W_x) + jnp.dot(h, W_h))
    return h, h

W_x, W_h = jnp.zeros((5, 14)), jnp.zeros((14, 14))
last, every = jax.lax.scan(glide, jnp.zeros((2, 14)), jnp.zeros((8, 2, 3)))
"""
    frames = [program.splitlines()[-1], "h = jnp.tanh(jnp.dot(reading, W_x) + jnp.dot(h, W_h))"]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (3,) and (5,)."
    (tensor, axis, _), lines = causes_and_lines(pasted(program, frames, error))

    assert (tensor, axis) == ("x", "features")
    wrong = "W_x, W_h = jnp.zeros((5, 14)), jnp.zeros((14, 14))"
    assert lines == {wrong: wrong.replace("5", "3")}
