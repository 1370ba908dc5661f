"""Numbers of words that a program of Keras gives a recurrent layer, beside an embedding that it never calls.

Keras 3.15 raised the message for this program, and runs it with the corrected line.
"""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import keras
from keras import layers, ops


class Captioner(keras.Model):
    def __init__(self, vocab=80, emb=10, units=48):
        super().__init__()
        self.encoder = layers.LSTM(units, return_state=True)
        self.embed = layers.Embedding(vocab, emb)
        self.decoder = layers.GRU(units, return_sequences=True)

    def call(self, inputs):
        frames, words = inputs
        _, h, c = self.encoder(frames)
        return self.decoder(words, initial_state=h)


model = Captioner()
frames = np.random.rand(24, 15, 30).astype("float32")
words = np.random.randint(0, 80, (24, 9))
y = model([ops.convert_to_tensor(frames), ops.convert_to_tensor(words)])
"""
FRAMES = [
    "y = model([ops.convert_to_tensor(frames), ops.convert_to_tensor(words)])",
    "return self.decoder(words, initial_state=h)",
]
ERROR = """ValueError: Exception encountered when calling Captioner.call().

Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape \
received: (24, 9)"""
WARNING = (
    "UserWarning: Layer 'captioner' looks like it has unbuilt state. You may need to implement the"
    " `def build(self, input_shape)` method (e.g. by calling `layer.build()` on all its children layers).\n"
)


@pytest.mark.parametrize("before", ["", WARNING])
def test_the_embedding_is_called_and_makes_the_features_of_its_words(before: str) -> None:
    explanation = explain(before + pasted(PROGRAM, FRAMES, ERROR))
    (cause,) = explanation.mismatch.causes

    assert cause.id == "unused_embedding"
    assert cause.lines == (
        (
            "return self.decoder(words, initial_state=h)",
            "return self.decoder(self.embed(words), initial_state=h)",
        ),
    )
    assert network(explanation) == (24, 9, 10, 48)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.encoder(frames)", "self.encoder(self.embed(frames))"),
        ("np.random.randint(0, 80, (24, 9))", "np.random.rand(24, 9)"),
    ],
)
def test_an_embedding_that_is_called_or_beside_other_numbers_is_no_cause(old: str, new: str) -> None:
    explanation = explain(pasted(PROGRAM.replace(old, new), FRAMES, ERROR))

    assert "unused_embedding" not in [one.id for one in explanation.mismatch.causes]
