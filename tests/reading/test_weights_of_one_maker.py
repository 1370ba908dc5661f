"""Weights that one function of a program makes, whose shapes are those of its calls.

JAX 0.7 raised the messages.
"""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import jax
import jax.numpy as jnp
from functools import partial


def small(key, shape):
    return 0.1 * jax.random.normal(key, shape)


def weights(key, mels, units, phones):
    one, two, three = jax.random.split(key, 3)
    return {{
        "lstm": {{"Wx": small(one, (mels, 4 * units)), "Wh": small(two, (units, {gates} * units))}},
        "out": {{"W": small(three, ({rows}, phones))}},
    }}


def lstm_step(p, carry, frame):
    h, c = carry
    gates = frame @ p["Wx"] + h @ p["Wh"]
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def scores(p, frames):
    units = p["lstm"]["Wh"].shape[0]
    h = c = jnp.zeros((frames.shape[1], units))
    (h, c), _ = jax.lax.scan(partial(lstm_step, p["lstm"]), (h, c), frames)
    return h @ p["out"]["W"]


p = weights(jax.random.PRNGKey(0), 7, 14, 2)
print(scores(p, jnp.zeros((11, 3, 7))).shape)
"""
IN_STEP = [
    "print(scores(p, jnp.zeros((11, 3, 7))).shape)",
    '(h, c), _ = jax.lax.scan(partial(lstm_step, p["lstm"]), (h, c), frames)',
    'gates = frame @ p["Wx"] + h @ p["Wh"]',
]
SUM = "TypeError: add got incompatible shapes for broadcasting: (3, 56), (3, 42)."
IN_OUTPUT = ["print(scores(p, jnp.zeros((11, 3, 7))).shape)", 'return h @ p["out"]["W"]']
PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (14,) and (7,)."


@pytest.mark.parametrize(
    ("gates", "rows", "frames", "error", "sizes"),
    [
        (3, "units", IN_STEP, SUM, (3, 11, 7, 14)),
        (
            4,
            "mels",
            IN_OUTPUT,
            PRODUCT,
            (None, None, None, None),
        ),  # the loop runs over the first axis, so the batch is not first
    ],
)
def test_the_last_weights_are_not_taken_for_those_of_the_state(
    gates: int, rows: str, frames: list[str], error: str, sizes: tuple[int | None, ...]
) -> None:
    assert network(explain(pasted(PROGRAM.format(gates=gates, rows=rows), frames, error))) == sizes
