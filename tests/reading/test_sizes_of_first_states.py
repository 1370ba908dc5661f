"""First states that a program makes with another size than its layer takes: which line says the right one.

Flax 0.12 on JAX 0.7 and PyTorch 2.13 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from test_lines_of_whole_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

OF_FLAX = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Ecg(nn.Module):
    units: int

    @nn.compact
    def __call__(self, beats):
        start = {start}
        states = nn.RNN({cell}(self.units))(beats, initial_carry=start)
        return states[{last}]

beats = jnp.zeros((14, 50, 2))
net = Ecg(units=22)
params = net.init(jax.random.PRNGKey(1), beats)
"""
IN_CELL = '  File "/lib/python3.11/site-packages/flax/linen/recurrent.py", line 599, in __call__\n    {}\n'
OF_GRU = IN_CELL.format("r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))")
OF_SUM = "TypeError: add got incompatible shapes for broadcasting: ({}, 22), ({}, 22)."
ZEROS = "jnp.zeros((beats.shape[1], self.units))"


def of_flax(start: str, made: int, last: str = ":, -1", cell: str = "nn.GRUCell") -> Mismatch:
    program = OF_FLAX.format(start=start, cell=cell, last=last)
    layer = f"states = nn.RNN({cell}(self.units))(beats, initial_carry=start)"
    frames = ["params = net.init(jax.random.PRNGKey(1), beats)", layer]
    return explain(pasted(program, frames, OF_GRU + OF_SUM.format(14, made))).mismatch


@pytest.mark.parametrize("start", [ZEROS, f"({ZEROS}, {ZEROS})"])
def test_a_carry_for_the_steps_of_x_is_made_for_its_samples(start: str) -> None:
    said = of_flax(start, made=50)

    (cause,) = said.causes
    assert cause.id == "other_batch"
    assert cause.lines == ((f"start = {start}", f"start = {start.replace('[1]', '[0]')}"),)
    assert "beats.shape[1] is time_step" in str(cause.sentence)
    sizes = {fact.terms[0][0]: fact.value for fact in said.facts}
    assert (sizes["batch_size"], sizes["time_step"]) == (14, 50)


def test_a_layer_of_flax_whose_last_step_is_read_from_the_first_axis_has_time_first() -> None:
    assert of_flax(ZEROS, made=50, last="-1").causes[0].id == "time_major"


def test_time_is_not_first_if_the_carry_has_neither_the_samples_nor_the_steps() -> None:
    assert [one.id for one in of_flax("jnp.zeros((7, self.units))", made=7).causes] == ["other_batch"]
