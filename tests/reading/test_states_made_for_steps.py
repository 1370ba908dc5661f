"""States that a program makes for the steps of x, over which its loop runs, in place of its samples.

NumPy 2.4, PyTorch 2.13 and Flax 0.12 raised such messages, and the programs run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

from app.reading.errors.explanation import explain

IN_NUMPY = """import numpy as np

A, B = np.ones((6, 12)), np.ones((12, 12))


def run(x):
    h = np.zeros(({batch}, 12))
    for t in range({steps}):
        h = np.tanh({step} @ A + h @ B)
    return h


run(np.ones((9, 14, 6)))
"""
IN_PYTORCH = """import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(6, 12)

    def forward(self, x):
        h = torch.zeros({batch}, 12)
        for t in range({steps}):
            h = self.cell({step}, h)
        return h


Tagger()(torch.randn(9, 14, 6))
"""
IN_FLAX = """import jax
import flax.linen as nn


class Tagger(nn.Module):
    @nn.compact
    def __call__(self, x):
        cell = nn.LSTMCell(12)
        carry = cell.initialize_carry(jax.random.key(0), {batch})
        for t in range({steps}):
            carry, y = cell(carry, {step})
        return y


x = jax.numpy.ones((9, 14, 6))
Tagger().init(jax.random.key(1), x)
"""
OF_NUMPY = (
    "run(np.ones((9, 14, 6)))",
    "h = np.tanh({step} @ A + h @ B)",
    "ValueError: operands could not be broadcast together with shapes (9,12) (14,12)",
)
OF_PYTORCH = (
    "Tagger()(torch.randn(9, 14, 6))",
    "h = self.cell({step}, h)",
    "RuntimeError: Input batch size 9 doesn't match hidden0 batch size 14",
)
OF_FLAX = (
    "Tagger().init(jax.random.key(1), x)",
    "carry, y = cell(carry, {step})",
    '  File "flax/linen/recurrent.py", line 161, in __call__\n'
    "    i = self.gate_fn(dense_i(name='ii')(inputs) + dense_h(name='hi')(h))\n"
    "TypeError: add got incompatible shapes for broadcasting: (9, 12), (14, 12).",
)


@pytest.mark.parametrize("steps", ["x.shape[1]", "int(x.shape[1])"])
@pytest.mark.parametrize(
    ("program", "message", "batch", "right"),
    [
        (IN_NUMPY, OF_NUMPY, "x.shape[1]", "x.shape[0]"),
        (IN_PYTORCH, OF_PYTORCH, "x.size(1)", "x.shape[0]"),
        (IN_FLAX, OF_FLAX, "x[0].shape", "x[:, 0].shape"),
        (IN_FLAX, OF_FLAX, "x.shape[1:]", "x[:, 0].shape"),
        (IN_FLAX, OF_FLAX, "(x.shape[1], 6)", "(x.shape[0], 6)"),
    ],
)
def test_a_state_for_the_axis_of_the_loop_gets_the_samples(
    program: str, message: tuple[str, str, str], batch: str, right: str, steps: str
) -> None:
    call, step, error = message
    written = program.format(batch=batch, steps=steps, step="x[:, t]")
    text = pasted(written, [call, step.format(step="x[:, t]")], error)
    line, fixed = (
        next(one.strip() for one in program.splitlines() if "{batch}" in one).format(batch=one)
        for one in (batch, right)
    )
    assert first_cause_and_lines(text) == (("h_0", "batch_size", "other_batch"), {line: fixed})
    explanation = explain(text)
    assert explanation.configuration is not None
    assert (explanation.configuration.batch_size, explanation.configuration.time_step) == (9, 14)
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((9,), (14,))


def test_a_loop_over_the_other_axis_than_its_index_leaves_the_state() -> None:
    """The state and the bound of the loop say that the steps are the first axis."""
    text = pasted(
        IN_FLAX.format(batch="x[0].shape", steps="x.shape[0]", step="x[:, t]"),
        [OF_FLAX[0], OF_FLAX[1].format(step="x[:, t]")],
        OF_FLAX[2],
    )
    assert first_cause_and_lines(text)[0] == ("x", "order", "first_axis_step")
