"""Layers of two directions in a loop that keeps the units of one direction as the features of the next layer.

Flax 0.12 and PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

from pasted_programs import causes_and_lines, pasted

from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

IN_FLAX = """import jax
from flax import nnx


class Reader(nnx.Module):
    def __init__(self, columns, units, rngs):
        layers, size = [], columns
        for _ in range(2):
            there = nnx.RNN(nnx.SimpleCell(size, units, rngs=rngs))
            back = nnx.RNN(nnx.SimpleCell(size, units, rngs=rngs))
            layers.append(nnx.Bidirectional(there, back))
            size = units
        self.layers = nnx.List(layers)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def main(samples=6, steps=13, columns=4):
    x = jax.numpy.ones((samples, steps, columns))
    return Reader(columns, 9, nnx.Rngs(0))(x)


main()
"""
OF_FLAX = (
    '  File "flax/nnx/nn/recurrent.py", line 547, in __call__\n'
    "    new_carry = self.dense_i(inputs) + self.dense_h(carry)\n"
    "                ^^^^^^^^^^^^^^^^^^^^\n"
    '  File "flax/nnx/nn/linear.py", line 422, in __call__\n'
    "    y = self.dot_general(\n"
    "TypeError: dot_general requires contracting dimensions to have the same shape, got (18,) and (9,)."
)
IN_PYTORCH = """import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self, columns, units):
        super().__init__()
        self.layers, size = nn.ModuleList(), columns
        for _ in range(2):
            self.layers.append(nn.GRU(size, units, bidirectional=True, batch_first=True))
            size = units

    def forward(self, x):
        for layer in self.layers:
            x, _ = layer(x)
        return x


Reader(4, 9)(torch.randn(6, 13, 4))
"""


def test_both_directions_of_a_layer_are_the_features_of_the_next_one_in_flax() -> None:
    frames = ["main()", "return Reader(columns, 9, nnx.Rngs(0))(x)", "x = layer(x)"]
    text = pasted(IN_FLAX, frames, OF_FLAX)
    assert causes_and_lines(text) == (("x", "features", ["layer_below"]), {"size = units": "size = 2 * units"})
    explanation = explain(text)
    network = explanation.configuration
    assert network is not None
    assert (network.cell, network.batch_size, network.time_step, network.num_units) == ("rnn", 6, 13, 9)
    answer = answer_to(explanation, {}, parse([], strict=True), translator("en"))
    assert not answer.chosen  # the text says everything


def test_both_directions_of_a_layer_are_the_features_of_the_next_one_in_pytorch() -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 9, got 18"
    text = pasted(IN_PYTORCH, ["Reader(4, 9)(torch.randn(6, 13, 4))", "x, _ = layer(x)"], error)
    assert causes_and_lines(text) == (("x", "features", ["layer_below"]), {"size = units": "size = 2 * units"})
    assert "both directions" in translator("en")(explain(text).mismatch.causes[0].sentence)
