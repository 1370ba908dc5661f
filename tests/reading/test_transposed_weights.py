"""Weights that the line which failed transposes, and that fit as they are.

NumPy 2.4 and JAX 0.10 raised the messages for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, likely, pasted

from app.reading.errors.explanation import explain

STEP = """import MODULE as np
n, m = 5, 13
params = {"of_x": np.ones((n, 3 * m)), "of_h": np.ones(SHAPE)}
def step(params, h, x):
    z = x @ params["of_x"] + PRODUCT
    r, u, c = z[:, :m], z[:, m : 2 * m], z[:, 2 * m :]
    return np.tanh(u) * h + np.tanh(r + c)
h = np.zeros((8, m))
for x in np.ones((20, 8, n)):
    h = step(params, h, x)
print(h.shape)
"""
OF_JAX = "TypeError: dot_general requires contracting dimensions to have the same shape, got (13,) and ({},)."
OF_MATMUL = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from 13)"
)
OF_DOT = "ValueError: shapes (8,13) and ({},13) not aligned: 13 (dim 1) != {} (dim 0)"


def step(module: str, product: str, error: str, shape: str = "(m, 3 * m)") -> str:
    source = STEP.replace("MODULE", module).replace("PRODUCT", product).replace("SHAPE", shape)
    line = f'z = x @ params["of_x"] + {product}'
    place = " " * (4 + line.index(product)) + "^" * len(product)
    return pasted(source, ["h = step(params, h, x)", f"{line}\n{place}"], error)


@pytest.mark.parametrize(
    ("module", "product", "plain", "error"),
    [
        ("jax.numpy", 'h @ params["of_h"].T', 'h @ params["of_h"]', OF_JAX.format(39)),
        ("jax.numpy", 'np.dot(h, np.transpose(params["of_h"]))', 'np.dot(h, params["of_h"])', OF_JAX.format(39)),
        ("numpy", 'h @ params["of_h"].T', 'h @ params["of_h"]', OF_MATMUL.format(39)),
        ("numpy", 'np.dot(h, params["of_h"].transpose())', 'np.dot(h, params["of_h"])', OF_DOT.format(39, 39)),
    ],
)
def test_weights_that_fit_are_not_transposed(module: str, product: str, plain: str, error: str) -> None:
    text = step(module, product, error)
    line = 'z = x @ params["of_x"] + {}'

    assert first_cause_and_lines(text) == (
        ("recurrent_kernel", "order", "kernel_order"),
        {line.format(product): line.format(plain)},
    )
    assert explain(text).mismatch.expected == (13, 39)
    assert likely(text)[0] == ["kernel_order"]


def test_weights_that_do_not_fit_either_are_no_transposed_ones() -> None:
    text = step("numpy", 'h @ params["of_h"].T', OF_MATMUL.format(40), shape="(40, 40)")

    assert "kernel_order" not in likely(text)[0]
