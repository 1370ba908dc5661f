"""Corrections of first states that fit the samples and keep what the program computes: a second model for other
samples, and zeros for c beside an h that a layer makes.

Keras 3.15 and Flax 0.12 raised the messages for these programs, which run with the corrected lines.
"""

from pasted_programs import first_cause_and_lines, pasted, said

from app.reading.errors.explanation import explain

KERAS = """
import numpy as np
import keras
from keras import layers


def reader(leads, at_once=12):
    model = keras.Sequential()
    model.add(keras.Input(batch_shape=(at_once, 20, leads)))
    model.add(layers.LSTM(27, stateful=True))
    model.add(layers.Dense(2))
    model.compile("adam", "mse")
    return model


def listen(model, leads):
    signal = np.zeros((3, 20, leads), "float32")
    return model.predict(signal, batch_size=3, verbose=0)


def main(leads=8):
    trained = reader(leads)
    trained.fit(np.zeros((24, 20, leads)), np.zeros((24, 2)), batch_size=12, shuffle=False, verbose=0)
    live = trained
    live.set_weights(trained.get_weights())
    print(listen(live, leads).shape)


main()
"""

FRAMES_OF_KERAS = [
    "main()",
    "print(listen(live, leads).shape)",
    "return model.predict(signal, batch_size=3, verbose=0)",
]

OTHER_BATCH = """ValueError: Exception encountered when calling LSTM.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 12
- Received batch size: 3

Arguments received by LSTM.call():
  • sequences=tf.Tensor(shape=(3, 20, 8), dtype=float32)
  • initial_state=None
  • mask=None
  • training=False"""

FLAX = """
import jax
import jax.numpy as jnp
from flax import linen as nn


class Teller(nn.Module):
    width: int

    @nn.compact
    def __call__(self, state, sound):
        return nn.LSTMCell(self.width)(state, sound)


class Describer(nn.Module):
    width: int

    def setup(self):
        self.begin = nn.Dense(self.width)
        self.teller = Teller(self.width)

    def __call__(self, picture, sounds):
        state = nn.relu(self.begin(picture))
        told = []
        for k in range(sounds.shape[1]):
            state, y = self.teller(state, sounds[:, k])
            told.append(y)
        return jnp.stack(told, axis=1)


picture, sounds = jnp.ones((9, 30)), jnp.ones((9, 6, 5))
print(Describer(14).init_with_output(jax.random.key(2), picture, sounds)[0].shape)
"""

FRAMES_OF_FLAX = [
    "print(Describer(14).init_with_output(jax.random.key(2), picture, sounds)[0].shape)",
    "state, y = self.teller(state, sounds[:, k])",
    "return nn.LSTMCell(self.width)(state, sound)",
]

UNPACKED = (
    '  File "/site-packages/flax/linen/recurrent.py", line 165, in __call__\n    c, h = carry\n'
    "ValueError: too many values to unpack (expected 2)"
)


def test_fewer_samples_than_the_states_of_a_stateful_model_have_need_a_second_model() -> None:
    about, lines = first_cause_and_lines(pasted(KERAS, FRAMES_OF_KERAS, OTHER_BATCH))

    assert about == ("x", "batch_size", "other_batch")
    assert lines == {"live = trained": "live = reader(leads, at_once=3)"}


def test_whole_batches_of_a_stateful_model_get_its_samples() -> None:
    text = pasted(KERAS.replace("np.zeros((3, 20", "np.zeros((36, 20"), FRAMES_OF_KERAS, OTHER_BATCH)
    _, lines = first_cause_and_lines(text)

    assert list(lines.values()) == ["return model.predict(signal, batch_size=12, verbose=0)"]


def test_h_that_a_layer_makes_gets_zeros_for_c() -> None:
    text = pasted(FLAX, FRAMES_OF_FLAX, UNPACKED)

    assert [one.lines for one in said(text).causes] == [
        (("", "state = (jnp.zeros_like(state), state)  # before: told = []"),)
    ]


def test_a_carry_that_is_h_gets_zeros_for_c_in_its_line() -> None:
    made = "state = nn.relu(self.begin(picture))"
    text = pasted(FLAX.replace(made, "h = nn.relu(self.begin(picture))\n        carry = h"), FRAMES_OF_FLAX, UNPACKED)
    text = text.replace("state, y", "carry, y").replace("self.teller(state", "self.teller(carry")
    _, lines = first_cause_and_lines(text)

    assert lines == {"carry = h": "carry = (jnp.zeros_like(h), h)"}


JOINED = """import keras
from keras import layers, ops

said = keras.Input((None, 8))
_, *states = layers.Bidirectional(layers.LSTM(21, return_state=True))(said)
h, c = ops.concatenate([states[0], states[2]]), ops.concatenate([states[1], states[3]])
heard = keras.Input((None, 5))
speak = layers.LSTM(21, return_sequences=True)
spoken = speak(heard, initial_state=[h, c])
keras.Model([said, heard], spoken).predict([ops.zeros((4, 11, 8)), ops.zeros((4, 7, 5))])

Traceback (most recent call last):
  File "speech.py", line 10, in <module>
    keras.Model([said, heard], spoken).predict([ops.zeros((4, 11, 8)), ops.zeros((4, 7, 5))])
RuntimeError: Exception encountered when calling LSTM.call().

mat1 and mat2 shapes cannot be multiplied (4x42 and 21x84)

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([4, 7, 5]), dtype=float32)
  • initial_state=[{state}, {state}]
"""


def test_a_state_that_the_program_joins_is_not_made_of_zeros() -> None:
    state = "'torch.Tensor(shape=torch.Size([4, 42]), dtype=float32)'"
    causes = explain(JOINED.replace("{state}", state)).mismatch.causes

    assert causes[0].id == "joined_states" and causes[0].is_own
    assert not any("zeros" in one.fix for one in causes)
