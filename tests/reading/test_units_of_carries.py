"""What is said about a carry of Flax of which one of both states is made for another number of units.

Flax 0.12 raised the message for this program.
"""

from pasted_programs import first_cause_and_lines, pasted

from app.reading.errors.explanation import explain

UNROLL = """
import jax
import jax.numpy as jnp
from flax import linen as nn


class Sketch(nn.Module):
    width: int = 29
    code: int = 11

    @nn.compact
    def __call__(self, seed):
        cell = nn.OptimizedLSTMCell(self.width)
        rows = seed.shape[0]
        state = (jnp.zeros((rows, self.code)), jnp.zeros((rows, self.width)))
        state, first = cell(state, seed)
        return first


print(Sketch().init_with_output(jax.random.key(4), jnp.ones((8, 11)))[0].shape)
"""

IN_CELL = """  File "/site-packages/flax/linen/recurrent.py", line 364, in __call__
    new_c = f * c + i * g
            ~~^~~
"""
ERROR = f"{IN_CELL}TypeError: mul got incompatible shapes for broadcasting: (8, 29), (8, 11)."


def test_the_state_with_other_units_is_made_as_the_one_beside_it() -> None:
    text = pasted(UNROLL, ["state, first = cell(state, seed)"], ERROR)
    about, lines = first_cause_and_lines(text)
    network = explain(text).configuration

    assert about == ("c_0", "num_units", "other_units")
    assert lines == {
        "state = (jnp.zeros((rows, self.code)), jnp.zeros((rows, self.width)))": (
            "state = (jnp.zeros((rows, self.width)), jnp.zeros((rows, self.width)))"
        )
    }
    assert network and (network.batch_size, network.num_units) == (8, 29)
