"""Weights of a program of JAX in dictionaries of dictionaries, of which ``partial`` gives a part to the function that a
loop computes, and which a function of the program makes for a shape.

JAX 0.10 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """from functools import partial

import jax
import jax.numpy as jnp


def uniform(key, shape):
    return jax.random.uniform(key, shape) - 0.5


def weights(key, features, units, outputs):
    a, b, c = jax.random.split(key, 3)
    return {{
        "cell": {{
            "W": uniform(a, {W}),
            "U": uniform(b, {U}),
            "b": jnp.zeros(({b},)),
        }},
        "head": {{"V": uniform(c, (units, outputs)), "b": jnp.zeros((outputs,))}},
    }}


def step(p, state, x):
    h, c = state
    gates = x @ p["W"] + h @ p["U"] + p["b"]
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def network(p, x):
    zeros = jnp.zeros((x.shape[0], 11))
    (h, _), _ = jax.lax.scan(partial(step, p["cell"]), (zeros, zeros), jnp.moveaxis(x, 1, 0))
    return h @ p["head"]["V"] + p["head"]["b"]


p = weights(jax.random.PRNGKey(1), 5, 11, 3)
network(p, jnp.ones((8, 30, 5)))
"""

FRAMES = [
    "network(p, jnp.ones((8, 30, 5)))",
    '(h, _), _ = jax.lax.scan(partial(step, p["cell"]), (zeros, zeros), jnp.moveaxis(x, 1, 0))',
    'gates = x @ p["W"] + h @ p["U"] + p["b"]',
]

OF_PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and (44,)."
OF_SUM = "TypeError: add got incompatible shapes for broadcasting: (8, 44), (8, 33)."
OF_BIAS = "ValueError: Incompatible shapes for broadcasting: shapes=[(8, 44), (11,)]"


def text(error: str, **sizes: str) -> str:
    right = {"W": "(features, 4 * units)", "U": "(units, 4 * units)", "b": "4 * units"}
    return pasted(PROGRAM.format(**right | sizes), FRAMES, error)


EXCHANGED = text(OF_PRODUCT, W="(4 * units, features)")
FEWER_GATES = text(OF_SUM, U="(units, 3 * units)")


@pytest.mark.parametrize(
    ("program", "cause", "wrong", "fixed"),
    [
        (
            EXCHANGED,
            "kernel_order",
            '"W": uniform(a, (4 * units, features)),',
            '"W": uniform(a, (features, 4 * units)),',
        ),
        (
            FEWER_GATES,
            "gate_weights",
            '"U": uniform(b, (units, 3 * units)),',
            '"U": uniform(b, (units, 4 * units)),',
        ),
        (text(OF_BIAS, b="units"), "bias_size", '"b": jnp.zeros((units,)),', '"b": jnp.zeros((4 * units,)),'),
    ],
)
def test_the_line_of_the_dictionary_that_makes_the_weights_is_corrected(
    program: str, cause: str, wrong: str, fixed: str
) -> None:
    (_, _, first), lines = first_cause_and_lines(program)

    assert (first, lines) == (cause, {wrong: fixed})


@pytest.mark.parametrize("program", [EXCHANGED, FEWER_GATES])
def test_the_line_of_the_loop_exchanges_the_steps_and_the_samples_of_x(program: str) -> None:
    assert network(explain(program)) == (8, 30, 5, 11)


def test_a_loop_over_x_as_it_is_does_not_take_its_first_axis_for_samples() -> None:
    given = FEWER_GATES.replace("jnp.moveaxis(x, 1, 0)", "x").replace("x.shape[0], 11", "x.shape[1], 11")

    configuration = explain(given.replace("(8, 44), (8, 33)", "(30, 44), (30, 33)")).configuration

    assert configuration and configuration.batch_size in (None, 30)
