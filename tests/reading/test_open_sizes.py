"""Sizes of Keras and TensorFlow 1 that only the run knows are listed with the line that leaves them open."""

import pytest

from app.reading.code.layers_in_order import read

KERAS = "from keras import Input, Model, Sequential\nfrom keras.layers import *\n"
TF1 = "import tensorflow as tf\n"
RUN = "y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, dtype=tf.float32)\n"


def unknown(source: str) -> list[tuple[str, str]]:
    return [(line.text, line.reason) for line in read(source).unknown]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["Embedding(len(v), 64)", "LSTM(20)", "Dense(len(v))"], ["not known: features", None, "not known: num_units"]),
        (["Embedding(99, 64)", "LSTM(len(v))", "Dense(9)"], [None, "not known: num_units", None]),
        (["LSTM(20, input_shape=(5, x.shape[2]))", "Dense(9)"], ["not known: features", None]),
        (["Conv1D(8, 3, input_shape=(n, m))", "LSTM(n)"], ["not known: features", "not known: num_units"]),
        (["LSTM(20, input_shape=(None, 5))", "Dense(9)"], [None, None]),
    ],
)
def test_sizes_that_a_chain_of_keras_leaves_open_are_listed(layers: list[str], expected: list[str | None]) -> None:
    lines = [f"m.add({layer})" for layer in layers]
    found = [(line, reason) for line, reason in zip(lines, expected, strict=True) if reason]

    assert unknown(KERAS + "m = Sequential()\n" + "\n".join(lines)) == found


def test_sizes_that_depend_on_others_are_not_listed_again() -> None:
    source = KERAS + "x = i = Input((None, n))\nx = LSTM(k, return_sequences=True)(x)\nx = GRU(3)(x)\nm = Model(i, x)\n"
    (line,) = unknown(source)

    assert line == ("x = LSTM(k, return_sequences=True)(x)", "not known: num_units, features")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("x = tf.placeholder(tf.float32, [None, 9, n])\n" + RUN, "not known: features"),
        (
            "x = tf.placeholder(tf.float32, [None, 9, 5])\n" + RUN + "z = tf.layers.dense(y, len(v))\n",
            "not known: num_units",
        ),
        ("x = tf.placeholder(tf.float32, [None, 9, 5])\n" + RUN + "z = tf.layers.dense(y, 7)\n", None),
    ],
)
def test_sizes_that_a_graph_leaves_open_are_listed(made: str, reason: str | None) -> None:
    assert [why for _, why in unknown(TF1 + made)] == ([reason] if reason else [])


def test_the_columns_of_a_variable_that_are_not_known_are_listed() -> None:
    source = TF1 + "x = tf.placeholder(tf.float32, [None, 5])\nw = tf.Variable(tf.zeros([5, n]))\ny = tf.matmul(x, w)\n"
    ((line, reason),) = unknown(source)

    assert line == "w = tf.Variable(tf.zeros([5, n]))"
    assert "num_units" in reason
