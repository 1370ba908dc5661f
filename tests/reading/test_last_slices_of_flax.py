"""The last slice of the data, with fewer samples than the state of a layer of Flax was made for, and as many as steps.

Flax 0.12 with JAX raised the messages for these programs.
"""

import pytest
from pasted_programs import first_cause_and_lines, ids, network, pasted, said

from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

PROGRAM = """import jax
import jax.numpy as jnp
import numpy as np
from flax import linen as nn
class Reader(nn.Module):
    @nn.compact
    def __call__(self, x, h):
        h, _ = nn.RNN(nn.CELL(18), return_carry=True)(x, initial_carry=h)
        return h
def slices(data, size):
    for n in range(0, len(data), size):
        yield data[n : n + size]
net = Reader()
data = np.zeros((SAMPLES, STEPS, 4), "float32")
h = FIRST
variables = net.init(jax.random.PRNGKey(0), data[:9], h)
for x in slices(data, 9):
    y = net.apply(variables, x, h)
"""
FRAMES = ["y = net.apply(variables, x, h)", "h, _ = nn.RNN(nn.CELL(18), return_carry=True)(x, initial_carry=h)"]
ZEROS = "jnp.zeros((9, 18))"
LINES = {
    "GRUCell": "r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))",
    "LSTMCell": "i = self.gate_fn(dense_i(name='ii')(inputs) + dense_h(name='hi')(h))",
}
STATES = {"GRUCell": ZEROS, "LSTMCell": f"({ZEROS}, {ZEROS})"}


def reader(cell: str, samples: int, steps: int, rest: int) -> str:
    line = LINES[cell]
    frame = f'  File "/env/lib/python3.11/site-packages/flax/linen/recurrent.py", line 588, in __call__\n    {line}\n'
    error = f"{frame}TypeError: add got incompatible shapes for broadcasting: ({rest}, 18), (9, 18)."
    text = pasted(PROGRAM, FRAMES, error)
    for word, value in {"CELL": cell, "SAMPLES": str(samples), "STEPS": str(steps), "FIRST": STATES[cell]}.items():
        text = text.replace(word, value)
    return text


@pytest.mark.parametrize("cell", STATES)
@pytest.mark.parametrize("steps", [8, 9, 13])
def test_a_last_slice_is_no_x_with_time_first(cell: str, steps: int) -> None:
    text = reader(cell, 53, steps, 8)

    assert ids(said(text)) == ["last_batch"]
    assert network(explain(text)) == (8, steps, 4, 18)
    expected, got = answer_to(explain(text), {}, parse([], strict=True), translator("en")).sheets
    assert [size.text for size in expected.shape] == ["8", "18"]
    assert [size.text for size in got.shape] == ["9", "18"]


def test_the_state_of_a_last_slice_is_cut_in_the_line_that_calls_the_network() -> None:
    cause, lines = first_cause_and_lines(reader("GRUCell", 53, 8, 8))

    assert cause == ("h_0", "batch_size", "last_batch")
    assert lines == {"y = net.apply(variables, x, h)": "y = net.apply(variables, x, h[: len(x)])"}


def test_as_many_samples_as_steps_without_a_last_slice_may_be_the_steps() -> None:
    assert "time_major" in ids(said(reader("GRUCell", 54, 8, 8)))
