"""Models whose own methods call their layers, in the place of ``forward``."""

import pytest

from app.reading.code.layers_in_order import read

HEAD = """import torch
from torch import nn
class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.memory = nn.Sequential(nn.Linear(7, 30), nn.Tanh()), nn.GRU(30, 20)
        self.action = nn.Linear(20, 4)
        self.value = nn.Linear(20, 1)
"""
STATES = "    def states(self, x, h):\n        return self.memory(self.body(x), h)[0]\n"
VALUE = "    def get_value(self, x, h):\n        return self.value(self.states(x, h))\n"
BOTH = "    def act(self, x, h):\n        y = self.states(x, h)\n        return self.action(y), self.value(y)\n"
ACTION = "    def get_action(self, x, h):\n        return self.action(self.states(x, h))\n"

BODY = ["dense", "activation", "gru"]


@pytest.mark.parametrize(
    ("methods", "models"),
    [
        (STATES + VALUE + BOTH, [[*BODY, "dense", "dense"]]),
        (BOTH + STATES + VALUE, [[*BODY, "dense", "dense"]]),
        (STATES + VALUE + ACTION, [[*BODY, "dense"], [*BODY, "dense"]]),
        (STATES + "    def save(self, path):\n        torch.save(self.state_dict(), path)\n", [BODY]),
        (
            STATES + VALUE + "    def forward(self, x):\n        return self.value(self.body(x))\n",
            [["dense", "activation", "dense"]],
        ),
    ],
)
def test_the_methods_that_no_other_one_calls_are_its_forward_passes(methods: str, models: list[list[str]]) -> None:
    found = read(HEAD + methods)

    assert [[layer.kind for layer in model] for model in found.models] == models
    assert {*found.names} == {"Policy"}


def test_no_layer_of_them_is_said_to_be_never_called() -> None:
    found = read(HEAD + STATES + VALUE + BOTH)

    assert not found.unused
    assert found.layers[0].name == "body.0"
    assert [layer.output[-1] for layer in found.layers] == [30, 30, 20, 4, 1]


def test_a_layer_that_no_method_calls_is_never_called() -> None:
    assert [layer.line for layer in read(HEAD + STATES + VALUE).unused] == [7]
    assert len(read(HEAD).unused) == 5


def test_so_are_methods_of_a_model_of_keras() -> None:
    found = read(
        "import keras\nfrom keras import layers\nclass Net(keras.Model):\n    def __init__(self):\n"
        "        super().__init__()\n        self.rnn, self.out = layers.LSTM(9), layers.Dense(3)\n"
        "    def embed(self, x):\n        return self.rnn(x)\n    def predict_all(self, x):\n"
        "        return self.out(self.embed(x))\n"
    )

    assert [[layer.kind for layer in model] for model in found.models] == [["lstm", "dense"]]
