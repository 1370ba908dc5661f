"""Cells that programs of TensorFlow 1 compute in their own lines, without a class or a function.

TensorFlow 2.21 in the mode of version 1 raised the errors, and runs the corrected line.
"""

import pytest
from pasted_programs import likely, network, pasted

from app.reading.errors.explanation import explain

LOOP = """import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
signal = tf.placeholder(tf.float32, [9, 31, 4])
w_x = tf.get_variable("w_x", [4, 3 * 26])
w_h = tf.get_variable("w_h", [26, 3 * 26])
h = tf.zeros([9, 26])
for part in {parts}:
    z = tf.matmul(part, w_x) + tf.matmul(h, w_h)
    r, u, n = tf.split(tf.sigmoid(z), 3, axis=1)
    h = u * h + (1 - u) * n * r
"""
IN_SUM = (
    "ValueError: Dimensions must be equal, but are 31 and 9 for '{{node add}} = AddV2[T=DT_FLOAT](MatMul, MatMul_1)'"
    " with input shapes: [31,78], [9,78]."
)


@pytest.mark.parametrize("parts", ["tf.unstack(signal)", "tf.unstack(signal, axis=0)"])
def test_steps_that_are_taken_apart_along_the_samples_are_of_the_second_axis(parts: str) -> None:
    text = pasted(LOOP.format(parts=parts), ["z = tf.matmul(part, w_x) + tf.matmul(h, w_h)"], IN_SUM)
    causes, lines = likely(text)
    known = explain(text).configuration

    assert (causes, explain(text).mismatch.tensor) == (["scan_axis"], "x")
    assert lines == {f"for part in {parts}:": "for part in tf.unstack(signal, axis=1):"}
    assert network(explain(text)) == (9, 31, 4, 26)
    assert known and (known.num_layers, known.bidirectional) == (1, False)


ONE_STEP = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
units = 11
x = tf.placeholder(tf.float32, [6, 8])
h = tf.zeros([6, units])
W = tf.get_variable("gru/kernel", [units + 5, 4 * units])
gates = tf.matmul(tf.concat([x, h], 1), W)
i, j, f, o = tf.split(gates, 4, 1)
"""
IN_PRODUCT = (
    "ValueError: Dimensions must be equal, but are 19 and 16 for '{{node MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](concat, gru/kernel/read)' with input shapes: [6,19], [16,44]."
)


def test_weights_in_the_scope_of_a_cell_are_those_of_one_without_a_loop() -> None:
    text = pasted(ONE_STEP, ["gates = tf.matmul(tf.concat([x, h], 1), W)"], IN_PRODUCT)
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (5,), (8,))
    assert network(explain(text))[2:] == (5, 11)
