"""The parameters of a model of which layers have the same weights, or are not trained.

Keras 3 on PyTorch counted the parameters.
"""

import pytest
from app_client import TestClient
from model_page import opened, text

HEAD = "import keras\nfrom keras import layers, ops\n"

MODEL = HEAD + "class Roller(keras.Model):\n    def __init__(self):\n        super().__init__()\n"

WARMED = f"""{MODEL}        self.step = layers.GRUCell(11)
        self.warm = layers.RNN(self.step, return_state=True)
        self.guess = layers.Dense(6)
    def call(self, x):
        y, state = self.warm(x)
        y = self.guess(y)
        y, state = self.step(y, state)
        return self.guess(y)
roller = Roller()
roller(ops.zeros((3, 7, 6)))
"""

AT_EACH_STEP = f"""{MODEL}        self.guess = layers.Dense(4)
        self.each = layers.TimeDistributed(self.guess)
        self.rnn = layers.LSTM(5)
    def call(self, x):
        return self.guess(self.rnn(self.each(x)))
roller = Roller()
roller(ops.zeros((3, 7, 5)))
"""

COPIED = f"""{MODEL}        self.cell = layers.GRUCell(6)
        self.both = layers.Bidirectional(layers.RNN(self.cell), merge_mode="sum")
    def call(self, x):
        y, state = self.cell(self.both(x), [ops.zeros((3, 6))])
        return y
roller = Roller()
roller(ops.zeros((3, 7, 6)))
"""


@pytest.mark.parametrize(("source", "count", "part"), [(WARMED, 699, "2"), (AT_EACH_STEP, 224, "2")])
def test_a_layer_that_another_one_runs_at_each_step_is_counted_once(
    client: TestClient, source: str, count: int, part: str
) -> None:
    found = opened(client, source, part=part)

    assert f"{count} parameters" in text(found, "#sentence")
    assert text(found, ".count-formula").startswith("0 weights of an earlier layer")


def test_both_directions_have_copies_of_a_cell(client: TestClient) -> None:
    assert "756 parameters" in text(opened(client, COPIED), "#sentence")


NORMED = f"""{HEAD}model = keras.Sequential([
    keras.Input((5,)),
    layers.Dense(4),
    layers.BatchNormalization(),
])
"""


@pytest.mark.parametrize(
    "change",
    [
        "model.layers[0].trainable = False",
        "model.trainable = False",
        "for layer in model.layers:\n    layer.trainable = False",
        "setattr(model.layers[0], 'trainable', False)",
        "for weight in model.parameters():\n    weight.requires_grad = False",
        "model.layers[0].requires_grad_(False)",
    ],
)
def test_parameters_that_may_be_frozen_are_not_said_to_be_trained(client: TestClient, change: str) -> None:
    assert "These are the trained ones" in text(opened(client, NORMED), "#sentence")
    assert "These are the trained ones" not in text(opened(client, NORMED + change), "#sentence")


def test_a_layer_that_is_made_frozen_is_not_said_to_be_trained(client: TestClient) -> None:
    for switch, is_said in (("trainable=False", False), ("trainable=True", True)):
        found = opened(client, NORMED.replace("Dense(4)", f"Dense(4, {switch})"))

        assert ("These are the trained ones" in text(found, "#sentence")) == is_said, switch
