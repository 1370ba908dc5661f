"""Layers of loops that are too long, or whose length is not known: how many there are is not said to be known."""

from textwrap import indent

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page

from app.reading.code.layers_in_order import read

REASON = "a layer of a loop that is too long, or whose length is not known"


def torch_source(make: str, use: str) -> str:
    return f"""import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, count=70):
        super().__init__()
        self.first = nn.Linear(6, 6)
{indent(make, 8 * " ")}
    def forward(self, x):
        x = self.first(x)
{indent(use, 8 * " ")}
        return x
net = Net()
"""


def keras_source(make: str) -> str:
    return f"""import keras
from keras import layers
x = y = keras.Input((7, 6))
{make}
model = keras.Model(y, layers.Dense(3)(x))
"""


def tf1_source(make: str) -> str:
    return f"""import tensorflow as tf
x = tf.placeholder(tf.float32, [4, 7, 6])
{make}
z = tf.layers.dense(x, 3)
"""


EACH = "for rnn in self.rnns: x, _ = rnn(x)"

OPEN = {
    "a list": torch_source("self.rnns = nn.ModuleList([nn.GRU(6 + n, 7 + n) for n in range(count)])", EACH),
    "a generator": torch_source("self.rnns = nn.ModuleList(nn.GRU(6, 6) for n in range(count))", EACH),
    "append": torch_source("self.rnns = nn.ModuleList()\nfor n in range(count): self.rnns.append(nn.GRU(6, 6))", EACH),
    "a dictionary": torch_source(
        "self.rnns = nn.ModuleDict({str(n): nn.GRU(6, 6) for n in range(count)})",
        "for n in self.rnns: x, _ = self.rnns[n](x)",
    ),
    "a chain": torch_source("self.rnns = nn.Sequential(*[nn.Linear(6, 6) for _ in range(count)])", "x = self.rnns(x)"),
    "names": torch_source(
        "for n in range(count): setattr(self, f'rnn{n}', nn.GRU(6, 6))",
        "for n in range(70): x, _ = getattr(self, f'rnn{n}')(x)",
    ),
    "while": torch_source("self.rnns = nn.ModuleList()\nwhile more(): self.rnns.append(nn.GRU(6, 6))", EACH),
    "Keras": keras_source("for n in range(70): x = layers.LSTM(6, return_sequences=True)(x)"),
    "Keras, an open number": keras_source("for n in range(count): x = layers.LSTM(6, return_sequences=True)(x)"),
    "Keras, a list": keras_source("x = keras.Sequential([layers.Dense(6) for _ in range(70)])(x)"),
    "Keras, add": keras_source(
        "several = keras.Sequential()\nfor n in range(70): several.add(layers.Dense(6))\nx = several(x)"
    ),
    "TensorFlow 1": tf1_source("for n in range(70): x = tf.layers.dense(x, 6)"),
    "TensorFlow 1, cells": tf1_source(
        "for n in range(70):\n    with tf.variable_scope(str(n)):\n"
        "        x, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(6), x, dtype=tf.float32)"
    ),
}

CLOSED = {
    "a short list": torch_source("self.rnns = nn.ModuleList([nn.GRU(6, 6) for n in range(5)])", EACH),
    "one layer in a long loop": torch_source("self.rnn = nn.GRU(6, 6)", "for n in range(70): x, _ = self.rnn(x)"),
    "one model for each seed": torch_source("pass", "pass") + "for seed in seeds: Net()(torch.zeros(3, 6))\n",
    "Keras": keras_source("one = layers.Dense(6)\nfor n in range(70): x = one(x)"),
    "TensorFlow 1": tf1_source(
        "cells = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(6) for _ in range(70)])\n"
        "x, _ = tf.nn.dynamic_rnn(cells, x, dtype=tf.float32)"
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_the_number_of_parameters_is_no_total_if_a_loop_may_make_more_layers(client: TestClient, name: str) -> None:
    reading = read(OPEN[name])
    page = Page(client.post("/open", data={"source": OPEN[name]}).text)
    (node,) = page.css("#sentence")
    sentence = " ".join(node.text(separator=" ").split())

    assert REASON in [line.reason for line in reading.unknown]
    assert "known" in sentence or "at least" in sentence


@pytest.mark.parametrize("name", CLOSED)
def test_layers_whose_number_is_certain_are_not_said_to_be_open(name: str) -> None:
    reading = read(CLOSED[name])

    assert not reading.has_other_layers
    assert REASON not in [line.reason for line in reading.unknown]


@pytest.mark.parametrize(
    "source",
    [
        torch_source("self.rnn = nn.LSTM(6, 6) if deep else nn.GRU(6, 6)", "x, _ = self.rnn(x)"),
        keras_source("if deep: x = layers.LSTM(6, return_sequences=True)(x)"),
        keras_source("if deep:\n    x = layers.LSTM(9, return_sequences=True)(x)\nelse:\n    x = layers.GRU(9)(x)"),
    ],
    ids=["one of two layers", "a layer that may be called", "two layers, of which one is called"],
)
def test_a_layer_of_a_branch_is_in_no_loop(source: str) -> None:
    is_made = "self.rnn" in source  # and called in any case
    reason = "a layer that only one branch makes" if is_made else "a layer that only one branch calls"
    assert {one.reason for one in read(source).unknown} == {reason}


def test_a_list_of_layers_of_an_unknown_number_in_a_branch_is_a_loop() -> None:
    make = "self.rnns = nn.ModuleList([nn.GRU(6, 6) for _ in range(count)] if deep else [])"

    assert REASON in {one.reason for one in read(torch_source(make, EACH)).unknown}
