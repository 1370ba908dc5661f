"""The chain of an error shows the layers of the program before the one that gets no steps, from its input.

Keras 3.15 raised the messages for these programs.
"""

import pytest
from pasted_programs import GLOBALLY_POOLED

from app.diagram.elements import Box, Heading, Label, Polyline, Text
from app.reading.errors.expected_and_given_shape import comparison, completed
from app.reading.errors.explanation import explain
from app.translations.translator import ENGLISH
from app.url_state_to_picture.error_pictures.error_picture import error_picture, picture_of_shapes

BAR_WIDTH = 3.0

WORDS = """
import keras
from keras import layers


def reader(depth, words=300, width=23):
    tokens = keras.Input((14,), dtype="int32")
    y = layers.Embedding(words, 9)(tokens)
    y = layers.Dropout(0.1)(y)
    for n in range(depth):
        y = layers.LSTM(width, return_sequences=n < depth - 2)(y)
    return keras.Model(tokens, layers.Dense(2)(y))


reader(3).summary()
"""

RANK = (
    "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: (None, {})"
)


def failed(program: str, line: str, layer: str, width: int) -> str:
    frame = f'  File "m.py", line 9, in make\n    {line}'
    return f"Traceback (most recent call last):\n{frame}\n{RANK.format(layer, width)}\n{program}"


OF_WORDS = failed(WORDS, "y = layers.LSTM(width, return_sequences=n < depth - 2)(y)", "lstm_2", 23)
OF_POOLING = failed(GLOBALLY_POOLED, "y = GRU(width)(y)", "gru", 34)


@pytest.mark.parametrize(
    ("text", "layers", "shapes"),
    [
        (OF_WORDS, ["Embedding", "Dropout", "LSTM", "LSTM", "LSTM"], ["?×14", "?×14×9", "?×14×23", "?×23"]),
        (OF_POOLING, ["Convolution", "Pooling", "GRU"], ["?×120×3", "?×57×34", "?×34"]),
    ],
)
def test_a_layer_without_steps_has_those_before_it(text: str, layers: list[str], shapes: list[str]) -> None:
    explanation = explain(text)
    assert explanation.configuration
    found = error_picture(explanation, explanation.configuration, comparison(explanation), ENGLISH)

    assert found and found.subject == "chain"
    assert [one.text for one in found.wide.shapes if isinstance(one, Heading) and one.text in layers] == layers
    labels = [one for one in found.wide.shapes if isinstance(one, Label)]
    said = ["".join(span.text for span in line) for label in labels for line in label.lines]
    assert {"".join(one.split()) for one in said} >= {*shapes}


def test_the_features_that_a_layer_expects_are_those_that_it_gets_from_the_one_below() -> None:
    explanation = explain(OF_WORDS)
    shapes, network = comparison(explanation), explanation.configuration
    assert shapes and network

    assert completed(shapes, network, ["return_sequences"]).expected == (None, 14, 23)
    assert completed(shapes, network, ["return_sequences", "missing_axis"]).expected == (None, 14, None)


WITHOUT_STEPS = """
import keras
import numpy as np
from keras import layers

model = keras.Sequential()
model.add(layers.GRU(13, input_shape=(7, 4)))
model.add(layers.GRU(13))
model.compile(loss="mse")
model.fit(np.zeros((22, 7, 4)), np.zeros((22, 13)), batch_size=11)
"""


def test_an_output_without_steps_has_the_batch_that_the_program_says() -> None:
    explanation = explain(failed(WITHOUT_STEPS, "model.add(layers.GRU(13))", "gru_1", 13))
    network, said = explanation.configuration, comparison(explanation)
    assert network and said
    shapes = completed(said, network, [cause.id for cause in explanation.mismatch.causes])
    found = error_picture(explanation, network, shapes, ENGLISH)

    assert found and found.subject == "chain"
    labels = (shape for shape in found.wide.shapes if isinstance(shape, Label))
    spans = [span.text for label in labels for line in label.lines for span in line if span.role == "error"]
    assert [text for text in spans if " " not in text] == ["11", "13"]


EVERY_STEP = """
import keras
import numpy as np

bells = keras.Sequential([
    keras.Input((21, 4)),
    keras.layers.GRU(17, return_sequences=True),
    keras.layers.Dense(3, activation="softmax"),
])
bells.compile("adam", "categorical_crossentropy", run_eagerly=True)
bells.fit(np.zeros((9, 21, 4)), np.eye(3)[np.zeros(9, int)], batch_size=9)

Traceback (most recent call last):
  File "bells.py", line 11, in <module>
    bells.fit(np.zeros((9, 21, 4)), np.eye(3)[np.zeros(9, int)], batch_size=9)
ValueError: Shapes (9, 3) and (9, 21, 3) are incompatible
"""


def test_an_output_of_every_step_goes_on_as_every_step_where_one_is_needed() -> None:
    explanation = explain(EVERY_STEP)
    network, shapes = explanation.configuration, comparison(explanation)
    assert network and shapes
    found = error_picture(explanation, network, shapes, ENGLISH)
    assert found and found.subject == "chain"

    bars = [
        one for one in found.wide.shapes if isinstance(one, Polyline) and one.role == "error" and one.width == BAR_WIDTH
    ]
    cells = [one for one in found.wide.shapes if isinstance(one, Box) and one.role == "slab"]
    assert len(bars) == len(cells) == 3
    assert not found.has_unknown_sizes
    assert shapes.got_axes == ("batch_size", "time_step", None)
    table = picture_of_shapes(shapes)
    names = [one.text for one in table.shapes if isinstance(one, Text) and one.font == "mono" and one.text != "×"]
    assert names == ["batch_size", "time_step"]
