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


TAKEN = """import numpy as np
def stored(rows, columns):
    return np.ones((rows, columns)) / 7
n, m = 6, 11
file = {"x_to_h": stored(4 * m, n), "h_to_h": stored(4 * m, m)}
PARAMS
def step(params, h, c, x):
    z = np.dot(x, params["of_x"]) + np.dot(h, params["of_h"])
    i, f, g, o = z[:, :m], z[:, m : 2 * m], z[:, 2 * m : 3 * m], z[:, 3 * m :]
    c = np.tanh(f) * c + np.tanh(i) * np.tanh(g)
    return np.tanh(o) * np.tanh(c), c
h = c = np.zeros((8, m))
for x in np.ones((20, 8, n)):
    h, c = step(params, h, c, x)
print(h.shape)
"""
LINE = 'z = np.dot(x, params["of_x"]) + np.dot(h, params["of_h"])'
CARETS = f"{LINE}\n{' ' * 36}{'^' * 25}"
PLAIN = 'params = {{"of_x": {}, "of_h": {}}}'
OF_STORED = OF_DOT.replace("13", "11").format(44, 44)


def taken(of_x: str, of_h: str) -> str:
    source = TAKEN.replace("PARAMS", PLAIN.format(of_x, of_h))
    return pasted(source, ["h, c = step(params, h, c, x)", CARETS], OF_STORED)


@pytest.mark.parametrize(
    ("of_x", "of_h", "fitting"),
    [
        ('np.asarray(file["x_to_h"].T)', 'np.asarray(file["h_to_h"])', 'np.asarray(file["h_to_h"].T)'),
        ('np.transpose(file["x_to_h"])', 'file["h_to_h"]', 'np.transpose(file["h_to_h"])'),
        ('file["x_to_h"].T.copy()', 'file["h_to_h"].copy()', 'file["h_to_h"].T.copy()'),
    ],
)
def test_weights_are_transposed_where_those_beside_them_are(of_x: str, of_h: str, fitting: str) -> None:
    assert first_cause_and_lines(taken(of_x, of_h)) == (
        ("recurrent_kernel", "order", "kernel_order"),
        {PLAIN.format(of_x, of_h): PLAIN.format(of_x, fitting)},
    )


def test_sizes_are_exchanged_in_the_call_of_a_function_that_makes_several_weights() -> None:
    text = taken("stored(n, 4 * m)", "stored(4 * m, m)")

    wrong, fitting = (PLAIN.format("stored(n, 4 * m)", of_h) for of_h in ("stored(4 * m, m)", "stored(m, 4 * m)"))
    assert first_cause_and_lines(text)[1] == {wrong: fitting}
