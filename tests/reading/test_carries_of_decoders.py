"""Carries of encoders of Flax for decoders that get each sample several times."""

from app.reading.errors.explanation import explain

PROGRAM = """import jax
import jax.numpy as jnp
from flax import linen as nn

class Translator(nn.Module):
    units: int

    def setup(self):
        self.encoder = nn.RNN(nn.GRUCell(self.units), return_carry=True)
        self.decoder = nn.RNN(nn.GRUCell(self.units))

    def __call__(self, source, target):
        state, _ = self.encoder(source)
        return self.decoder({x}, initial_carry=state)

source, target = jnp.ones((4, 19, 6)), jnp.ones(({samples}, 23, 8))
variables = Translator(units=15).init(jax.random.key(0), source, target)
Traceback (most recent call last):
  File "/home/me/translator.py", line 17, in <module>
    variables = Translator(units=15).init(jax.random.key(0), source, target)
  File "/home/me/translator.py", line 14, in __call__
    return self.decoder({x}, initial_carry=state)
  File "/venv/flax/linen/recurrent.py", line 540, in __call__
    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))
TypeError: add got incompatible shapes for broadcasting: ({samples}, 15), (4, 15).
"""


def test_the_carry_of_an_encoder_is_repeated_where_the_decoder_is_called() -> None:
    mismatch = explain(PROGRAM.format(x="target", samples=12)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("h_0", "batch_size", "state_of_one")
    assert mismatch.causes[0].fix == (
        "return self.decoder(target, initial_carry=jax.tree.map(lambda one: jnp.repeat(one, 3, axis=0), state))"
    )


def test_a_carry_of_other_samples_is_not_repeated() -> None:
    mismatch = explain(PROGRAM.format(x="target", samples=10)).mismatch

    assert all(one.id != "state_of_one" for one in mismatch.causes)
