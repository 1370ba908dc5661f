"""Cells, wrappers and layers of TensorFlow 1 beside the usual ones."""

import pytest
from chains import config, layers, unknown

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read
from app.url_state_to_picture.model.read_model import read_chain

HEAD = (
    "import tensorflow as tf\nfrom tensorflow.contrib import cudnn_rnn, rnn\n"
    "x = tf.placeholder(tf.float32, [None, 12, 20])\n"
)


def text(source: str) -> str:
    (found,) = read(source).models
    return chain_text(read_chain(found, 1000).chain)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ("GRUBlockCell(16)", "gru(20,16,seq,before)"),
        ("GRUBlockCell(cell_size=16)", "gru(20,16,seq,before)"),
        ("LSTMBlockCell(16, 1.0, None, True)", "lstm(20,16,seq,peep)"),
        ("ResidualWrapper(rnn.GRUCell(20))", "gru(20,20,seq,before,own)"),
        ("DeviceWrapper(rnn.GRUCell(20), '/gpu:0')", "gru(20,20,seq,before)"),
        ("HighwayWrapper(rnn.GRUCell(20))", "other(12,20)"),  # its weights are more than those of the cell
        ("LayerNormBasicLSTMCell(16)", "other(12,16)"),
    ],
)
def test_a_cell_in_a_wrapper_runs_over_the_steps(made: str, shown: str) -> None:
    source = f"{HEAD}outputs, state = tf.nn.dynamic_rnn(rnn.{made}, x, dtype=tf.float32)\n"

    assert text(source).replace("peepholes", "peep").endswith(shown)
    assert layers(source)[0].partition(": ")[2].split()[0] in ("gru", "lstm")


def test_a_stack_with_one_wrapped_cell_is_not_that_of_a_page() -> None:
    cells = "[rnn.GRUCell(20), rnn.ResidualWrapper(rnn.GRUCell(20))]"
    source = f"{HEAD}y, _ = tf.nn.dynamic_rnn(rnn.MultiRNNCell({cells}), x, dtype=tf.float32)\n"

    assert config(source, "num_units", "num_layers") == [20, 2]
    assert text(source).endswith("gru(20,20,seq,before,own,layers=2)")


@pytest.mark.parametrize(
    ("made", "output", "parameters"),
    [
        ("CudnnLSTM(2, 32, direction='bidirectional')", 64, 38_912),  # as nn.LSTM(20, 32, 2, bidirectional=True)
        ("CudnnGRU(num_layers=1, num_units=10)", 10, 960),  # as nn.GRU(20, 10)
        ("CudnnRNNTanh(3, 8)", 8, 528),  # as nn.RNN(20, 8, 3)
    ],
)
def test_layers_of_cudnn_have_the_time_first_and_two_biases(made: str, output: int, parameters: int) -> None:
    source = f"{HEAD}layer = cudnn_rnn.{made}\ny, states = layer(tf.transpose(x, [1, 0, 2]))\n"
    (layer,) = read(source).layers

    assert (layer.input, layer.output, layer.own) == ((12, None, 20), (12, None, output), parameters)


def test_a_layer_of_cudnn_says_the_order_of_its_axes_in_its_call() -> None:
    (layer,) = read(f"{HEAD}y, _ = cudnn_rnn.CudnnGRU(1, 9)(x, time_major=False)\n").layers

    assert (layer.config["time_major"], layer.output) == (False, (None, 12, 9))


def test_functions_that_make_convolutions_and_pooling_return_what_tensorflow_returns() -> None:
    source = HEAD + (
        "a = tf.layers.conv1d(x, 16, 3, padding='same')\n"
        "b = tf.layers.max_pooling1d(inputs=a, pool_size=2, strides=2)\n"
        "c = tf.layers.average_pooling1d(b, 3, 1)\nd = tf.layers.separable_conv1d(c, 8, 3)\n"
    )

    assert [layer.output for layer in read(source).layers] == [
        (None, 12, 16),
        (None, 6, 16),
        (None, 4, 16),
        (None, 2, 8),
    ]


def test_what_a_function_gives_a_cell_step_by_step_is_not_known() -> None:
    source = f"{HEAD}found, state, _ = tf.nn.raw_rnn(rnn.GRUCell(9), step)\n"

    assert config(source, "features", "num_units") == [None, 9]
    assert len(unknown(source)) == 1


def test_a_cell_beside_one_that_is_not_read_is_not_said_to_be_never_called() -> None:
    source = (
        f"{HEAD}cells = [own(9)]\ncells.append(rnn.ResidualWrapper(rnn.GRUCell(9)))\n"
        "y, _ = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, dtype=tf.float32)\n"
    )

    assert "a layer that is never called" not in [one.reason for one in read(source).unknown]
