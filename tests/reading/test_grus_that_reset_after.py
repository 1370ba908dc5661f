"""GRUs that apply the reset gate after the product with the recurrent kernel, as the program says."""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain
from app.url_state.state_of_configuration import state_of_error

ONNX = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

node = helper.make_node("GRU", ["X", "W", "R", "B", "", "h0"], ["Y", "Y_h"], hidden_size=44, linear_before_reset=1)
feeds = {"X": np.ones((29, 20, 9), np.float32), "h0": np.zeros((1, 1, 44), np.float32)}
session = ort.InferenceSession("gru.onnx")
y, y_h = session.run(None, feeds)
"""
OF_ONNX = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running GRU node. Name:'' Status Message: Input initial_h must have shape {1,20,44}. Actual:{1,1,44}"
)
"""ONNX Runtime 1.32 raised it."""


@pytest.mark.parametrize(
    ("said", "is_after", "cell"),
    [
        (", linear_before_reset=1", True, "gru_reset_after"),
        (", linear_before_reset=0", False, "gru"),
        ("", False, "gru"),
        (", linear_before_reset=flag", None, "gru"),
        (", **attributes", None, "gru"),
    ],
)
def test_a_node_of_onnx_says_where_it_resets(said: str, is_after: bool | None, cell: str) -> None:
    program = ONNX.replace(", linear_before_reset=1", said)
    explanation = explain(pasted(program, ["y, y_h = session.run(None, feeds)"], OF_ONNX))
    assert explanation.configuration

    state = state_of_error(explanation, explanation.configuration)

    assert state
    assert (explanation.resets_after, state.cell) == (is_after, cell)


JAX = """import jax
import jax.numpy as jnp

params = {
    "wx": jax.random.normal(jax.random.PRNGKey(0), (20, 216)),
    "wh": jax.random.normal(jax.random.PRNGKey(1), (72, 216)),
}


def gru_step(params, h, x):
    xr, xz, xn = jnp.split(x @ params["wx"], 3, axis=-1)
    hr, hz, hn = jnp.split(h @ params["wh"], 3, axis=-1)
    r = jax.nn.sigmoid(xr + hr)
    z = jax.nn.sigmoid(xz + hz)
    n = jnp.tanh(xn + r * hn)
    return (1 - z) * n + z * h


def forward(params, xs, n_hidden):
    h0 = jnp.zeros((xs.shape[0], n_hidden))
    h, _ = jax.lax.scan(lambda h, x: (gru_step(params, h, x), None), h0, xs)
    return h


h = forward(params, jnp.ones((12, 30, 20)), 72)
"""
OF_LOOP = [
    "h = forward(params, jnp.ones((12, 30, 20)), 72)",
    "h, _ = jax.lax.scan(lambda h, x: (gru_step(params, h, x), None), h0, xs)",
    "r = jax.nn.sigmoid(xr + hr)",
]
OF_JAX = "TypeError: add got incompatible shapes for broadcasting: (30, 72), (12, 72)."
"""JAX 0.10 raised it."""

WEIGHTED = 'n = jnp.tanh(xn + (r * h) @ params["wh"][:, 144:])'


@pytest.mark.parametrize(
    ("line", "is_after"),
    [
        ("n = jnp.tanh(xn + r * hn)", True),
        ("n = jnp.tanh(r * hn + xn)", True),
        (WEIGHTED, False),
        ("n = jnp.tanh(hn + r * xn)", False),
    ],
)
def test_a_gru_of_one_s_own_resets_the_product_of_h(line: str, is_after: bool) -> None:
    explanation = explain(pasted(JAX.replace("n = jnp.tanh(xn + r * hn)", line), OF_LOOP, OF_JAX))

    assert bool(explanation.resets_after) is is_after


@pytest.mark.parametrize(
    ("old", "new", "error", "known"),
    [
        ("", "", OF_JAX, (12, 30, 20, 72)),
        ("", "", OF_JAX.replace("72", "216"), (12, 30, 20, 72)),
        ("(xs.shape[0], n_hidden)", "(xs.shape[0], size())", OF_JAX, (12, 30, 20, None)),
        ("", "", OF_JAX.replace("72", "50"), (12, 30, 20, None)),
    ],
)
def test_the_first_state_of_a_loop_has_the_units_that_the_message_says(
    old: str, new: str, error: str, known: tuple[int | None, ...]
) -> None:
    assert network(explain(pasted(JAX.replace(old, new), OF_LOOP, error))) == known
