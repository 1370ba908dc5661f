"""Kernels that cells of programs cut into the rows of x and those of h, in the wrong row."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """import {modules}

class Cell:
    def __init__(self, inputs, units):
        self.inputs, self.units = inputs, units
        self.kernel = {zeros}((inputs + units, units))

    def step(self, x, h):
        {cut}
        h = {tanh}({product})
        return h

cell = Cell(7, 12)
h = {zeros}((5, 12))
for x in {zeros}((9, 5, 7)):
    h = cell.step(x, h)
Traceback (most recent call last):
  File "/home/me/cell.py", line 16, in <module>
    h = cell.step(x, h)
  File "/home/me/cell.py", line 10, in step
    h = {tanh}({product})
{message}
"""

NUMPY, JAX, PYTORCH = ("numpy as np", "np.zeros"), ("jax.numpy as jnp", "jnp.zeros"), ("torch", "torch.zeros")

MESSAGES = {
    NUMPY: "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),"
    "(k,m?)->(n?,m?) (size {rows} is different from {values})",
    JAX: "TypeError: dot_general requires contracting dimensions to have the same shape, got ({values},)"
    " and ({rows},).",
    PYTORCH: "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x{values} and {rows}x12)",
}


@pytest.mark.parametrize("modules", MESSAGES)
def test_a_kernel_is_cut_after_the_rows_of_x(modules: tuple[str, str]) -> None:
    cut = "of_x, of_h = self.kernel[: self.units], self.kernel[self.units :]"
    message = MESSAGES[modules].format(rows=12, values=7)
    text = PROGRAM.format(
        modules=modules[0],
        zeros=modules[1],
        tanh=modules[1].replace("zeros", "tanh"),
        cut=cut,
        product="x @ of_x + h @ of_h",
        message=message,
    )
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("kernel", (7,), (12,)), mismatch.sentence
    assert mismatch.first_cause == "kernel_cut"
    assert mismatch.causes[0].fix == "of_x, of_h = self.kernel[: x.shape[-1]], self.kernel[x.shape[-1] :]"


@pytest.mark.parametrize("modules", MESSAGES)
def test_a_kernel_whose_first_rows_are_those_of_h_is_cut_after_them(modules: tuple[str, str]) -> None:
    cut = "of_h, of_x = self.kernel[: self.inputs], self.kernel[self.inputs :]"
    message = MESSAGES[modules].format(rows=7, values=12)
    text = PROGRAM.format(
        modules=modules[0],
        zeros=modules[1],
        tanh=modules[1].replace("zeros", "tanh"),
        cut=cut,
        product="h @ of_h + x @ of_x",
        message=message,
    )
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.first_cause) in (("h_0", "kernel_cut"), ("recurrent_kernel", "kernel_cut"))
    assert mismatch.causes[0].fix == "of_h, of_x = self.kernel[: h.shape[-1]], self.kernel[h.shape[-1] :]"
