"""A constant of which data is made, too, is not corrected: the array that depends on it would change as well.

Flax 0.12 and Keras 3.15 raised the messages for these programs, and run them with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

BEATS = """
import jax
import jax.numpy as jnp
import flax.linen as nn

LEADS, WIDTH = 9, 22


class Beats(nn.Module):
    width: int

    @nn.compact
    def __call__(self, ecg):
        y = nn.RNN(nn.GRUCell(self.width))(ecg)
        return nn.Dense(4)(y[:, -1])


def recordings(key, leads, patients=14):
    return jax.random.normal(key, (patients, 41, leads))


model = Beats(WIDTH)
key = jax.random.key(3)
variables = model.init(key, jnp.zeros((1, 41, LEADS)))
ecg = recordings(key, {leads})
print(model.apply(variables, ecg).shape)
"""
OF_BEATS = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(GRUCell_0)/ir", the given initializer is'
    " expected to generate shape (18, 22), but the existing parameter it received has shape (9, 22)."
)

WINDOWS = """
import numpy as np
import keras
from keras import layers

COLUMNS = 7


def windows(n, width):
    rng = np.random.default_rng(4)
    return rng.normal(size=(n, 19, width)).astype("float32"), rng.integers(0, 3, n)


x = keras.Input((19, COLUMNS))
model = keras.Model(x, layers.Dense(3)(layers.GRU(11)(x)))
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
samples, labels = windows(24, {width})
model.fit(samples, labels, batch_size=8, verbose=0)
"""
OF_WINDOWS = (
    "ValueError: Input 0 with name 'input_layer' of layer 'functional' is incompatible with the layer: expected"
    " shape=(None, 19, 7), found shape=(8, 19, 12)"
)


@pytest.mark.parametrize(
    ("leads", "line", "fixed"),
    [
        (
            "LEADS * 2",
            "variables = model.init(key, jnp.zeros((1, 41, LEADS)))",
            "variables = model.init(key, jnp.zeros((1, 41, 18)))",
        ),
        ("18", "LEADS, WIDTH = 9, 22", "LEADS, WIDTH = 18, 22"),
    ],
)
def test_weights_of_flax_get_the_features_of_data_that_their_constant_may_make(
    leads: str, line: str, fixed: str
) -> None:
    frames = ["print(model.apply(variables, ecg).shape)", "y = nn.RNN(nn.GRUCell(self.width))(ecg)"]

    assert likely(pasted(BEATS.format(leads=leads), frames, OF_BEATS)) == (["init_features"], {line: fixed})


@pytest.mark.parametrize(
    ("width", "line", "fixed"),
    [
        ("COLUMNS + 5", "x = keras.Input((19, COLUMNS))", "x = keras.Input((19, 12))"),
        ("12", "COLUMNS = 7", "COLUMNS = 12"),
    ],
)
def test_an_input_of_keras_gets_the_features_of_data_that_its_constant_may_make(
    width: str, line: str, fixed: str
) -> None:
    text = pasted(WINDOWS.format(width=width), ["model.fit(samples, labels, batch_size=8, verbose=0)"], OF_WINDOWS)
    (first, *_), lines = likely(text)

    assert (first, lines) == ("other_features", {line: fixed})
