"""What is said about a carry of Flax of which one of both states is made for another number of units.

Flax 0.12 raised the messages for these programs, and runs the second one with its corrected line.
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


FORECASTER = """
import jax
import jax.numpy as jnp
import flax.linen as nn


class Forecaster(nn.Module):
    width: int = 24
    summary: int = 15

    @nn.compact
    def __call__(self, station, hours):
        about = {about}
        first = (about, jnp.zeros((hours.shape[0], self.width)))
        y = nn.RNN(nn.LSTMCell(self.width))(hours, initial_carry=first)
        return nn.Dense(2)(y)


station = jnp.zeros((6, 31))
hours = jax.random.normal(jax.random.key(1), (6, 17, 8))
print(Forecaster().init_with_output(jax.random.key(0), station, hours)[0].shape)
"""
DENSE = "nn.tanh(nn.Dense(self.summary)(station))"
PRODUCT = 'jnp.tanh(station @ self.param("w", nn.initializers.ones, (31, self.summary)))'
OF_FORECASTER = f"{IN_CELL}TypeError: mul got incompatible shapes for broadcasting: (6, 24), (6, 15)."
CALL = "y = nn.RNN(nn.LSTMCell(self.width))(hours, initial_carry=first)"


def test_a_state_from_a_dense_layer_is_projected_to_the_units_of_the_cell() -> None:
    about, lines = first_cause_and_lines(pasted(FORECASTER.format(about=DENSE), [CALL], OF_FORECASTER))
    made = "first = ({}, jnp.zeros((hours.shape[0], self.width)))"

    assert about == ("c_0", "num_units", "other_units")
    assert lines == {made.format("about"): made.format("nn.Dense(self.width)(about)")}


def test_a_program_with_one_cell_has_no_encoder_and_no_line_that_it_does_not_have_is_removed() -> None:
    program = FORECASTER.format(about=PRODUCT)
    causes = explain(pasted(program, [CALL], OF_FORECASTER)).mismatch.causes

    assert [one.id for one in causes] == ["other_units"]
    assert [wrong for one in causes for wrong, _ in one.lines if wrong and wrong not in program] == []
