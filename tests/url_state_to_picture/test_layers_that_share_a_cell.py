"""One cell in all layers of TensorFlow 1: the picture is that of layer 1, whose x is h of layer 0.

TensorFlow 2.21 raised the messages for these programs.
"""

import pytest
from error_pictures import drawn, texts
from pasted_programs import first_cause_and_lines, pasted

from app.diagram.transforms.wrong_tensor import ERROR
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import Answer, answer_to

PROGRAM = """import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
depth = 3
x = tf.placeholder(tf.float32, [9, 15, 5])
{}
outputs, state = tf.nn.dynamic_rnn(layers, x, dtype=tf.float32)
"""
WAYS = {
    "cell = {made}\nlayers = tf.nn.rnn_cell.MultiRNNCell([cell] * depth)": (
        "layers = tf.nn.rnn_cell.MultiRNNCell([{made} for _ in range(depth)])"
    ),
    "cell = {made}\ncells = [cell for _ in range(depth)]\nlayers = tf.nn.rnn_cell.MultiRNNCell(cells)": (
        "cells = [{made} for _ in range(depth)]"
    ),
    "unit = {made}\nlayers = tf.nn.rnn_cell.MultiRNNCell(cells=[unit, unit, unit])": (
        "layers = tf.nn.rnn_cell.MultiRNNCell(cells=[{made} for _ in range(3)])"
    ),
}
FRAME = "outputs, state = tf.nn.dynamic_rnn(layers, x, dtype=tf.float32)"
MESSAGE = (
    "ValueError: Dimensions must be equal, but are 62 and 36 for"
    " '{{{{node rnn/while/rnn/multi_rnn_cell/cell_0/{scope}/MatMul_{n}}}}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](rnn/while/rnn/multi_rnn_cell/cell_0/{scope}/concat_{n},"
    " rnn/multi_rnn_cell/cell_0/{scope}/{part}kernel/read)' with input shapes: [9,62], [36,{columns}]."
)
CELLS = {
    "BasicLSTMCell": MESSAGE.format(scope="basic_lstm_cell", n=1, part="", columns=124),
    "GRUCell": MESSAGE.format(scope="gru_cell", n=2, part="gates/", columns=62),
    "BasicRNNCell": MESSAGE.format(scope="basic_rnn_cell", n=1, part="", columns=31),
}


def answer(text: str) -> Answer:
    return answer_to(explain(text), {}, parse([], strict=True), translator("en"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cell", CELLS)
def test_layers_that_share_a_cell_are_shown_by_the_kernel_of_layer_1(way: str, cell: str) -> None:
    made = f"tf.nn.rnn_cell.{cell}(31)"
    text = pasted(PROGRAM.format(way.format(made=made)), [FRAME], CELLS[cell])
    tensor, lines = first_cause_and_lines(text)
    picture, shapes = drawn(text), comparison(explain(text))

    assert tensor == ("x", "features", "same_cell")
    assert [*lines.values()] == [WAYS[way].format(made=made)]
    assert (picture.subject, picture.red) == ("gates", "kernel")
    assert {*texts(picture.wide, ERROR)} == {"5"}
    assert shapes and shapes.axes == ("batch_size", "time_step", "num_units")
    assert (shapes.expected[-1], shapes.got[-1]) == (5, 31)
    assert (answer(text).link or "").endswith("&layer=1")
    assert answer(text).subject_name == "x of layer 1, which is h of layer 0,"


def test_one_cell_of_a_stack_reads_x_itself() -> None:
    way = "cell = tf.nn.rnn_cell.GRUCell(31)\nlayers = tf.nn.rnn_cell.MultiRNNCell(cells)"
    text = pasted(PROGRAM.format(way), [FRAME], CELLS["GRUCell"])

    assert drawn(text).red == "x"
    assert "layer=1" not in (answer(text).link or "")
