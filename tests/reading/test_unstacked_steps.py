"""The sizes of a cell that a program of TensorFlow 1 computes itself, whose steps it takes from a placeholder.

TensorFlow 2.21 raised the message for this program.
"""

from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
sizes = {"frames": 16, "leads": 6, "units": 20, "kinds": 3, "at_once": 9}


def lstm_network(x):
    kernel = tf.get_variable("kernel", [sizes["leads"] + sizes["units"], 4 * sizes["units"]])
    h = tf.zeros([sizes["at_once"], sizes["units"]])
    c = tf.zeros([sizes["at_once"], sizes["units"]])
    for step in tf.unstack(x, sizes["frames"], axis=1):
        i, j, f, o = tf.split(tf.matmul(tf.concat([step, h], 1), kernel), 4, axis=1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * tf.tanh(c)
    return tf.matmul(h, tf.get_variable("w_out", [sizes["leads"], sizes["kinds"]]))


ecg = tf.placeholder(tf.float32, [sizes["at_once"], sizes["frames"], sizes["leads"]])
scores = lstm_network(ecg)
"""

FRAMES = [
    "scores = lstm_network(ecg)",
    'return tf.matmul(h, tf.get_variable("w_out", [sizes["leads"], sizes["kinds"]]))',
]

ERROR = (
    "ValueError: Dimensions must be equal, but are 20 and 6 for '{{node MatMul_16}} = MatMul[T="
    "DT_FLOAT, grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](mul_47, w_out/"
    "read)' with input shapes: [9,20], [6,3]."
)


def test_the_axis_of_the_steps_says_the_sizes_of_a_placeholder() -> None:
    assert network(explain(pasted(PROGRAM, FRAMES, ERROR))) == (9, 16, 6, 20)


def test_steps_of_the_first_axis_are_time_first() -> None:
    batch_first = '[sizes["at_once"], sizes["frames"], sizes["leads"]]'
    time_first = '[sizes["frames"], sizes["at_once"], sizes["leads"]]'
    program = PROGRAM.replace("axis=1):", "axis=0):").replace(batch_first, time_first)

    assert network(explain(pasted(program, FRAMES, ERROR))) == (9, 16, 6, 20)


def test_a_placeholder_that_no_line_takes_apart_says_nothing() -> None:
    program = PROGRAM.replace('tf.unstack(x, sizes["frames"], axis=1)', "parts_of(x)")

    assert network(explain(pasted(program, FRAMES, ERROR)))[1] is None
