"""Weights of a framework's layer in a program that computes the cell itself: the product transposes them."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """import {modules}

class GRU:
    def __init__(self, weights):
        self.w_ih = weights["weight_ih_l0"]
        self.w_hh = weights["weight_hh_l0"]

    def step(self, x, h):
        of_x = {line}
        return {module}.tanh(of_x)

gru = GRU({{"weight_ih_l0": {module}.ones((20, 6)), "weight_hh_l0": {module}.ones((20, 20))}})
h = {module}.zeros((4, 20))
for x in {module}.ones((9, 4, 6)):
    h = gru.step(x, h)
Traceback (most recent call last):
  File "/home/me/gru.py", line 15, in <module>
    h = gru.step(x, h)
  File "/home/me/gru.py", line 9, in step
    of_x = {line}
{underline}
{message}
"""

MESSAGES = {
    "np": "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),"
    "(k,m?)->(n?,m?) (size 20 is different from 6)",
    "jnp": "TypeError: dot_general requires contracting dimensions to have the same shape, got (6,) and (20,).",
}
MODULES = {"np": "numpy as np", "jnp": "jax.numpy as jnp"}


@pytest.mark.parametrize("module", MESSAGES)
def test_the_weights_are_transposed_where_those_beside_them_are(module: str) -> None:
    text = PROGRAM.format(
        modules=MODULES[module],
        module=module,
        line="x @ self.w_ih + h @ self.w_hh.T",
        underline="           ~~^~~~~~~~~~~",
        message=MESSAGES[module],
    )
    mismatch = explain(text).mismatch

    assert mismatch.causes[0].fix == "of_x = x @ self.w_ih.T + h @ self.w_hh.T", mismatch.sentence
