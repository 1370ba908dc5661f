"""The sizes of the x that a layer or a cell gets in the call that fails because of its state.

PyTorch 2.13, Flax with JAX 0.9, and Keras 3 with TensorFlow raised the errors.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

LOADER = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Stepper(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(13, 41)

    def forward(self, frames):
        h = torch.zeros(16, 41)
        for t in range({steps}):
            h = self.cell(frames[:, t], h)
        return h


loader = DataLoader(TensorDataset(torch.randn(70, 27, 13)), batch_size=16)
stepper = Stepper()
for (frames,) in loader:
    stepper(frames)
"""


@pytest.mark.parametrize(("steps", "count"), [("frames.size(1)", 27), ("27", 27), ("5", None)])
def test_a_loop_over_all_steps_of_x_tells_their_number(steps: str, count: int | None) -> None:
    message = "RuntimeError: Input batch size 6 doesn't match hidden0 batch size 16"
    frames = ["stepper(frames)", "h = self.cell(frames[:, t], h)"]
    network = explain(pasted(LOADER.format(steps=steps), frames, message)).configuration

    assert network and (network.time_step, network.features, network.num_units) == (count, 13, 41)


IN_FLAX = '  File "/env/site-packages/flax/linen/recurrent.py", line 147, in __call__\n    {line}\n'

NAMER = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Speller(nn.Module):
    vocab: int
    units: int

    @nn.compact
    def __call__(self, h, letter):
        x = nn.Embed(self.vocab, 14)(letter)
        h, y = nn.LSTMCell(self.units)(h, x)
        return h, nn.Dense(self.vocab)(y)


class Namer(nn.Module):
    vocab: int
    units: int

    def setup(self):
        self.speller = Speller(self.vocab, self.units)

    def __call__(self, first, letters):
        h, scores = first, []
        for t in range(letters.shape[1]):
            h, y = self.speller(h, letters[:, t])
            scores.append(y)
        return jnp.stack(scores, axis=1)


namer = Namer(31, 22)
letters = jnp.zeros((5, 11), int)
params = namer.init(jax.random.key(0), jnp.zeros((5, 22)), letters[:, 1:])
"""


def test_the_words_of_a_network_are_followed_to_the_cell_that_gets_one_embedded() -> None:
    frames = [
        "params = namer.init(jax.random.key(0), jnp.zeros((5, 22)), letters[:, 1:])",
        "h, y = self.speller(h, letters[:, t])",
        "h, y = nn.LSTMCell(self.units)(h, x)",
    ]
    error = IN_FLAX.format(line="c, h = carry") + "ValueError: too many values to unpack (expected 2)"
    network = explain(pasted(NAMER, frames, error)).configuration

    assert network and (network.batch_size, network.time_step) == (5, 10)
    assert (network.features, network.num_units) == (14, 22)


REPEATER = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Repeater(nn.Module):
    units: int = 33

    @nn.compact
    def __call__(self, code):
        carry = jnp.zeros((len(code), 18)), jnp.zeros((len(code), self.units))
        cell = nn.OptimizedLSTMCell(self.units)
        {loop}
            carry, y = cell(carry, code)
        return y


Repeater().init(jax.random.key(1), jnp.ones((7, 15)))
"""


@pytest.mark.parametrize(
    ("loop", "features"), [("for _ in range(6):", 15), ("nn.scan(type(cell), 'params')\n        if True:", None)]
)
def test_a_cell_of_flax_that_gets_the_same_array_in_every_step_has_its_features(
    loop: str, features: int | None
) -> None:
    message = "TypeError: mul got incompatible shapes for broadcasting: (7, 33), (7, 18)."
    frames = ["Repeater().init(jax.random.key(1), jnp.ones((7, 15)))", "carry, y = cell(carry, code)"]
    error = IN_FLAX.format(line="new_c = f * c + i * g") + message
    network = explain(pasted(REPEATER.format(loop=loop), frames, error)).configuration

    assert network and (network.features, network.num_units) == (features, 33)


TRANSLATOR = """import numpy as np
import keras
from keras import layers

src, tgt = keras.Input((12,)), keras.Input((17,))
_, state = layers.GRU(48, return_state=True)(layers.Embedding(90, 20)(src))
y = layers.Embedding(70, 26)(tgt)
y = layers.GRU(36, return_sequences=True)(y, initial_state=state)
model = keras.Model([src, tgt], layers.Dense(70)(y))
model.compile("adam", "mse")
model.fit([np.zeros((9, 12), int), np.zeros((9, 17), int)], np.zeros((9, 17, 70)), verbose=0)
"""
IN_GRAPH = """ValueError: Exception encountered when calling GRUCell.call().

Dimensions must be equal, but are 48 and 36 for '{{node functional_1/gru_1_2/gru_cell_1/MatMul_1}} = MatMul[T=DT_FLOAT,\
 grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](functional_1/gru_1/while:4,\
 functional_1/gru_1_2/gru_cell_1/Cast_1/ReadVariableOp)' with input shapes: [?,48], [36,108].

Arguments received by GRUCell.call():
  • inputs=tf.Tensor(shape=(None, 26), dtype=float32)
  • states=('tf.Tensor(shape=(None, 48), dtype=float32)',)
  • training=True"""


def test_a_decoder_of_a_graph_has_the_steps_of_its_own_input() -> None:
    line = "model.fit([np.zeros((9, 12), int), np.zeros((9, 17), int)], np.zeros((9, 17, 70)), verbose=0)"
    network = explain(pasted(TRANSLATOR, [line], IN_GRAPH)).configuration

    assert network and (network.time_step, network.features, network.num_units) == (17, 26, 36)
