"""A product that a program of JAX writes as ``dot_general`` is read as one with ``@``."""

from app.reading.errors.explanation import explain

PROGRAM = """import jax.numpy as jnp
from jax import lax

def step(h, x):
    h = jnp.tanh({product} + h @ U)
    return h, h

W = jnp.zeros((15, 21))
U = jnp.zeros((21, 21))
x = jnp.zeros((30, 4, 9))
h, ys = lax.scan(step, jnp.zeros((4, 21)), x)
"""

GENERAL = "lax.dot_general(x, W, (((1,), (0,)), ((), ())))"


MESSAGE = "TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (15,).\n"


def pasted(product: str) -> str:
    program = PROGRAM.format(product=product)
    line = program.split("\n")[4]
    return f'{program}\nTraceback (most recent call last):\n  File "a.py", line 5, in step\n{line}\n{MESSAGE}'


def test_a_general_product_is_a_product_of_its_first_two_arguments() -> None:
    general, plain = explain(pasted(GENERAL)).mismatch, explain(pasted("x @ W")).mismatch

    assert (general.tensor, general.axis, general.expected, general.got) == ("x", "features", (15,), (9,))
    assert general == plain
