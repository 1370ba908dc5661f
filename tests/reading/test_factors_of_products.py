"""Products of x and weights in cells that programs compute themselves, whatever function computes them."""

import pytest

from app.reading.errors.explanation import explain

STEP = """import {modules}

def step(h, x):
    h = {module}.tanh({product} + h @ U)
    return h

W = {module}.zeros((11, 24))
U = {module}.zeros((24, 24))
h = {module}.zeros((5, 24))
xs = {module}.zeros((14, 5, 9))
for x in xs:
    h = step(h, x)
Traceback (most recent call last):
  File "/home/me/cell.py", line 12, in <module>
    h = step(h, x)
  File "/home/me/cell.py", line 4, in step
    h = {module}.tanh({product} + h @ U)
{message}"""

IN_JAX = "TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (11,)."
IN_PYTORCH = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x9 and 11x24)"
AXES = "(((1,), (0,)), ((), ()))"

PRODUCTS = {
    "x @ W": ("jax.numpy as jnp", IN_JAX),
    f"lax.dot_general(x, W, {AXES})": ("jax.numpy as jnp\nfrom jax import lax", IN_JAX),
    f"jax.lax.dot_general(x, W, {AXES})": ("jax, jax.numpy as jnp", IN_JAX),
    "lax.dot(x, W)": ("jax.numpy as jnp\nfrom jax import lax", IN_JAX),
    "jnp.dot(x, W)": ("jax.numpy as jnp", IN_JAX),
    "jnp.matmul(x, W)": ("jax.numpy as jnp", IN_JAX),
    "jnp.tensordot(x, W, 1)": ("jax.numpy as jnp", IN_JAX),
    "jnp.tensordot(x, W, axes=1)": ("jax.numpy as jnp", IN_JAX),
    "torch.mm(x, W)": ("torch", IN_PYTORCH),
    "torch.addmm(b, x, W)": ("torch", IN_PYTORCH),
    "np.dot(x, W)": ("numpy as np", "ValueError: shapes (5,9) and (11,24) not aligned: 9 (dim 1) != 11 (dim 0)"),
}


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_of_x_is_found_whatever_function_computes_it(product: str) -> None:
    modules, message = PRODUCTS[product]
    module = "jnp" if "jax" in modules else modules.rpartition(" ")[2]
    text = STEP.format(modules=modules, module=module, product=product, message=message)

    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("x", "features"), mismatch.sentence
