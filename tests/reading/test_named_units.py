"""The units of a cell of one's own in JAX, whose scan runs over the samples, by their name in the program.

JAX 0.10 raised the message for this program, which runs with the corrected line.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """import jax
import jax.numpy as jnp
from jax import lax


def weights(key, columns, {name}):
    a, b = jax.random.split(key)
    return {{"W": jax.random.normal(a, (columns, 3 * {name})), "U": jax.random.normal(b, ({name}, 3 * {name}))}}


def gru_step(p, h, x):
    xr, xz, xn = jnp.split(x @ p["W"], 3, axis=-1)
    hr, hz, hn = jnp.split(h @ p["U"], 3, axis=-1)
    r, z = jax.nn.sigmoid(xr + hr), jax.nn.sigmoid(xz + hz)
    h = (1 - z) * jnp.tanh(xn + r * hn) + z * h
    return h, h


def run(p, xs):
    h = jnp.zeros((xs.shape[0], p["U"].shape[0]))
    return lax.scan(lambda h, x: gru_step(p, h, x), h, xs)


def loss(p, xs):
    return run(p, xs)[0].sum()


def main(samples=8, length=15, columns=3, {name}=21):
    p = weights(jax.random.PRNGKey(0), columns, {name})
    xs = jnp.ones((samples, length, columns))
    return jax.grad(loss)(p, xs)


main()
"""
FRAMES = [
    "main()",
    "return jax.grad(loss)(p, xs)",
    "return run(p, xs)[0].sum()",
    "return lax.scan(lambda h, x: gru_step(p, h, x), h, xs)",
    "return lax.scan(lambda h, x: gru_step(p, h, x), h, xs)",
    "r, z = jax.nn.sigmoid(xr + hr), jax.nn.sigmoid(xz + hz)",
]
ERROR = "TypeError: add got incompatible shapes for broadcasting: (15, 21), (8, 21)."


@pytest.mark.parametrize(("name", "units"), [("hidden", 21), ("n_units", 21), ("size", None)])
def test_a_number_that_is_called_units_is_that_of_the_columns(name: str, units: int | None) -> None:
    explanation = explain(pasted(PROGRAM.format(name=name), FRAMES, ERROR))
    assert explanation.mismatch.first_cause == "scan_axis"
    network = explanation.configuration
    assert network is not None
    assert (network.batch_size, network.time_step, network.num_units) == (8, 15, units)
