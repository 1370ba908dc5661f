"""The x over whose steps a scan of JAX runs, beside a state with other units than the weights.

JAX 0.10 raised the message for these programs.
"""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

SOURCE = """
import jax
import jax.numpy as jnp
def init(key, features, units):
    k1, k2 = jax.random.split(key)
    W, U = jax.random.normal(k1, (features, 3 * units)), jax.random.normal(k2, (units, 3 * units))
    return {"W": W, "U": U, "b": jnp.zeros(3 * units)}
def gru(params, x, h):
    def step(h, x_t):
        gx, gh = x_t @ params["W"] + params["b"], h @ params["U"]
        xr, xz, xn = jnp.split(gx, 3, axis=-1)
        hr, hz, hn = jnp.split(gh, 3, axis=-1)
        z = jax.nn.sigmoid(xz + hz)
        h = z * h + (1 - z) * jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * hn)
        return h, h
    return jax.lax.scan(step, h, x)[1]
def loss(params, x, y):
    h0 = jnp.zeros((x.shape[1], 13))
    return jnp.mean((gru(params, x, h0) - y) ** 2)
params = init(jax.random.PRNGKey(0), 6, 14)
x, y = jnp.ones((21, 9, 6)), jnp.zeros((21, 9, 14))
for _ in range(2):
    value, grads = CALL
    params = jax.tree_util.tree_map(lambda p, g: p - 0.1 * g, params, grads)
print(value)
"""
FRAMES = [
    "value, grads = CALL",
    "return jnp.mean((gru(params, x, h0) - y) ** 2)",
    "return jax.lax.scan(step, h, x)[1]",
    'gx, gh = x_t @ params["W"] + params["b"], h @ params["U"]',
]
ERROR = "TypeError: dot_general requires contracting dimensions to have the same shape, got (13,) and (14,)."
CALLS = [
    "jax.value_and_grad(loss)(params, x, y)",
    "jax.jit(jax.value_and_grad(loss))(params, x, y)",
    "loss(params, x, y), params",
]


def scanned(call: str, source: str = SOURCE) -> str:
    return pasted(source.replace("CALL", call), [FRAMES[0].replace("CALL", call), *FRAMES[1:]], ERROR)


@pytest.mark.parametrize("call", CALLS)
def test_the_steps_of_a_scan_tell_the_sizes_of_x(call: str) -> None:
    explanation = explain(scanned(call))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("h_0", "num_units")
    assert network(explanation) == (9, 21, 6, 14)


def test_batches_first_are_no_steps_if_they_are_exchanged_before_the_scan() -> None:
    source = SOURCE.replace("step, h, x)", "step, h, jnp.swapaxes(x, 0, 1))").replace("x.shape[1]", "x.shape[0]")
    text = scanned(CALLS[0], source).replace(FRAMES[2], FRAMES[2].replace("h, x", "h, jnp.swapaxes(x, 0, 1)"))

    assert network(explain(text)) == (21, 9, 6, 14)


def test_a_network_that_is_mapped_over_samples_gets_arrays_without_them() -> None:
    source = SOURCE.replace("gru(params, x, h0)", "jax.vmap(gru, (None, 1, 0), 1)(params, x, h0)")

    assert network(explain(scanned(CALLS[0], source)))[:3] == (None, None, None)
