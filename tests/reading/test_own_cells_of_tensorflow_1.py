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


IN_LOOP = """import tensorflow as tf

v1 = tf.compat.v1
v1.disable_eager_execution()
days, readings, width = 12, 5, 8
rain = v1.placeholder(tf.float32, [6, days, readings])
W = v1.get_variable("W", [readings, 4 * width])
h = v1.zeros([6, width])
c = v1.zeros([6, width])
for day in range(days):
    gates = v1.matmul(v1.concat([rain[:, day], h], 1), W)
    i, j, f, o = v1.split(gates, 4, 1)
    c = v1.sigmoid(f) * c + v1.sigmoid(i) * v1.tanh(j)
    h = v1.sigmoid(o) * v1.tanh(c)
"""
OF_LOOP = (
    "ValueError: Dimensions must be equal, but are 13 and 5 for '{{node MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](concat, MatMul/ReadVariableOp)' with input shapes: [6,13],"
    " [5,32]."
)


def test_a_kernel_for_x_alone_gets_the_rows_of_h_whatever_the_module_is_called() -> None:
    text = pasted(IN_LOOP, ["gates = v1.matmul(v1.concat([rain[:, day], h], 1), W)"], OF_LOOP)
    explanation = explain(text)
    mismatch = explanation.mismatch
    causes, lines = likely(text)

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "kernel",
        "features",
        (13, 32),
        (5, 32),
    )
    assert causes == ["joined_weights"]
    made = 'W = v1.get_variable("W", [{}, 4 * width])'
    assert lines == {made.format("readings"): made.format("readings + width")}
    assert str(mismatch.sentence).startswith(
        "The product sums over the last axis of v1.concat([rain[:, day], h], 1), 13, and the first axis of W, 5"
    )
    assert network(explanation) == (6, 12, 5, 8)


IN_FUNCTION = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
hours, sensors, cells = 9, 7, 11
tide = tf.placeholder(tf.float32, [4, hours, sensors])
kernel = tf.Variable({weights})


def step(x, h, c):
    {join}
    z = tf.matmul({array}, kernel)
    i, j, f, o = tf.split(z, 4, axis=1)
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(j)
    return tf.sigmoid(o) * tf.tanh(c), c


h = c = tf.zeros([4, cells])
for x in tf.unstack(tide, axis=1):
    h, c = step(x, h, c)
"""
OF_FUNCTION = (
    "ValueError: Dimensions must be equal, but are 18 and 7 for '{{node MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](concat, Variable/read)' with input shapes: [4,18], [7,44]."
)


def test_a_variable_for_x_alone_gets_the_rows_of_h_if_the_join_has_a_name() -> None:
    weights = "tf.truncated_normal([sensors, 4 * cells], stddev=0.1)"
    program = IN_FUNCTION.format(weights=weights, join="xh = tf.concat([x, h], axis=1)", array="xh")
    text = pasted(program, ["h, c = step(x, h, c)", "z = tf.matmul(xh, kernel)"], OF_FUNCTION)
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "kernel",
        "features",
        (18, 44),
        (7, 44),
    )
    fixed = "kernel = tf.Variable(tf.truncated_normal([sensors + cells, 4 * cells], stddev=0.1))"
    assert likely(text) == (["joined_weights"], {f"kernel = tf.Variable({weights})": fixed})
    assert network(explain(text)) == (4, 9, 7, 11)


def test_a_stored_kernel_with_fewer_rows_than_h_has_units_makes_no_negative_number_of_features() -> None:
    join = "tf.concat([x, h], axis=1)"
    program = IN_FUNCTION.format(weights='np.load("kernel.npy")', join="pass", array=join)
    program = program.replace("kernel = ", 'with tf.variable_scope("lstm"):\n    kernel = ', 1)
    error = OF_FUNCTION.replace("Variable/read", "lstm/Variable/read")
    text = pasted(program, ["h, c = step(x, h, c)", f"z = tf.matmul({join}, kernel)"], error)
    causes = explain(text).mismatch.causes

    assert causes and not any("-" in fix for one in causes for _, fix in one.lines)
