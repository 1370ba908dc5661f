"""Scans of Flax over an axis of x that is not that of the steps.

Flax 0.12 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, likely, network, pasted

from app.reading.errors.explanation import explain

LABELS = """import jax
import jax.numpy as jnp
from flax import linen as nn

class Reader(nn.Module):
    units: int

    @nn.compact
    def __call__(self, frames):
        scan = nn.scan(nn.GRUCell, variable_broadcast="params", split_rngs={"params": False}AXES)
        carry = jnp.zeros((frames.shape[SAMPLES], self.units))
        carry, outputs = scan(self.units)(carry, frames)
        return outputs

class Labels(nn.Module):
    @nn.compact
    def __call__(self, frames):
        return nn.Dense(4)(Reader(20)(frames)LAST)

frames = jax.random.normal(jax.random.key(1), SHAPE)
print(Labels().init_with_output(jax.random.key(0), frames)[0].shape)
"""


def labels(axes: str, shape: str, samples: int, last: str, sizes: str) -> str:
    source = LABELS.replace("AXES", axes).replace("SHAPE", shape).replace("SAMPLES", str(samples)).replace("LAST", last)
    frames = [
        "print(Labels().init_with_output(jax.random.key(0), frames)[0].shape)",
        f"return nn.Dense(4)(Reader(20)(frames){last})",
        "carry, outputs = scan(self.units)(carry, frames)",
    ]
    of_flax = (
        '  File "/lib/flax/linen/recurrent.py", line 560, in __call__\n'
        "    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))\n"
    )
    error = f"{of_flax}TypeError: add got incompatible shapes for broadcasting: {sizes}."
    return pasted(source, frames, error)


@pytest.mark.parametrize(
    ("axes", "axis", "shape", "samples", "last"),
    [
        ("", 0, "(6, 15, 9)", 0, "[:, -1]"),
        (", in_axes=0", 0, "(6, 15, 9)", 0, "[:, -1]"),
        (", in_axes=0, out_axes=0", 0, "(6, 15, 9)", 0, "[:, -1]"),
        (", in_axes=1, out_axes=1", 1, "(15, 6, 9)", 1, "[-1]"),
    ],
)
def test_a_scan_runs_over_the_axis_of_the_steps(axes: str, axis: int, shape: str, samples: int, last: str) -> None:
    text = labels(axes, shape, samples, last, "(15, 20), (6, 20)")
    causes, lines = causes_and_lines(text)
    line = 'scan = nn.scan(nn.GRUCell, variable_broadcast="params", split_rngs={"params": False}%s)'
    other = 1 - axis

    assert causes == ("x", "order", ["scanned_axis"])
    assert lines == {line % axes: line % f", in_axes={other}, out_axes={other}"}
    assert network(explain(text)) == (6, 15, 9, 20)
    assert str(explain(text).mismatch.got) == shape


@pytest.mark.parametrize(
    ("axes", "samples", "last"),
    [(", in_axes=0, out_axes=0", 0, "[-1]"), (", in_axes=1, out_axes=1", 1, "[:, -1]")],
)
def test_a_scan_whose_last_step_the_program_reads_runs_over_the_steps(axes: str, samples: int, last: str) -> None:
    sizes = "(6, 20), (15, 20)" if samples == 0 else "(15, 20), (6, 20)"
    shape = "(15, 6, 9)" if samples == 0 else "(6, 15, 9)"

    assert "scanned_axis" not in likely(labels(axes, shape, samples, last, sizes))[0]
