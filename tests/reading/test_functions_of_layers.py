"""Layers of a program's own, one above the other: a loop calls one function for each of them.

TensorFlow 2.21, in its mode of version 1, and NumPy 2.4 raised the messages, and the programs run with the corrected
lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

from app.reading.errors.explanation import explain

IN_TENSORFLOW = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def layer(scope, steps, features, units):
    with tf.variable_scope(scope):
        W = tf.get_variable("W", [units + features, 4 * units])
        h = c = tf.zeros([6, units])
        outputs = []
        for x_t in steps:
            gates = tf.matmul(tf.concat([x_t, h], axis=1), W)
            i, g, f, o = tf.split(gates, 4, axis=1)
            c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            h = tf.sigmoid(o) * tf.tanh(c)
            outputs.append(h)
    return outputs


def network(units=20, depth=2):
    x = tf.placeholder(tf.float32, [6, 9, 3])
    steps = tf.unstack(x, axis=1)
    {loop}
        {call}
    return x, steps


network()
"""
OF_TENSORFLOW = (
    "ValueError: Dimensions must be equal, but are 40 and 23 for '{{{{node lstm_{n}/MatMul}}}} = MatMul[T=DT_FLOAT,"
    " grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](lstm_{n}/concat, lstm_{n}/W/read)' with input"
    " shapes: [6,40], [23,80]."
)
IN_LAYER = "gates = tf.matmul(tf.concat([x_t, h], axis=1), W)"


@pytest.mark.parametrize(
    ("loop", "call", "fixed"),
    [
        (
            "for k in range(depth):",
            'steps = layer("lstm_%d" % k, steps, 3, units)',
            {
                'steps = layer("lstm_%d" % k, steps, 3, units)': (
                    'steps = layer("lstm_%d" % k, steps, 3 if k == 0 else units, units)'
                )
            },
        ),
        (
            "for _ in range(depth):",
            "steps = layer(None, steps, 3, units)",
            {
                "for _ in range(depth):": "for n in range(depth):",
                "steps = layer(None, steps, 3, units)": "steps = layer(None, steps, 3 if n == 0 else units, units)",
            },
        ),
        (
            "for _ in range(depth):",
            'steps = layer(f"lstm_{_}", steps, 3, units)',
            {
                'steps = layer(f"lstm_{_}", steps, 3, units)': (
                    'steps = layer(f"lstm_{_}", steps, 3 if _ == 0 else units, units)'
                )
            },
        ),
    ],
)
def test_the_upper_layers_of_a_loop_read_the_units_below(loop: str, call: str, fixed: dict[str, str]) -> None:
    program = IN_TENSORFLOW.format(loop=loop, call=call)
    text = pasted(program, ["network()", call, IN_LAYER], OF_TENSORFLOW.format(n=1))
    assert first_cause_and_lines(text) == (("x", "features", "layer_below"), fixed)
    mismatch = explain(text).mismatch
    assert (mismatch.expected, mismatch.got) == ((3,), (20,))


def test_the_names_of_joined_arrays_say_the_features_and_the_units() -> None:
    explanation = explain(OF_TENSORFLOW.format(n=1))
    assert (explanation.mismatch.tensor, explanation.mismatch.expected, explanation.mismatch.got) == ("x", (3,), (20,))
    assert explanation.mismatch.first_cause == "layer_below"
    assert explanation.configuration is not None
    assert (explanation.configuration.features, explanation.configuration.num_units) == (3, 20)


def test_a_join_in_another_part_of_a_network_says_no_features() -> None:
    """The weights of attention are not those of a cell, even with so many columns."""
    text = OF_TENSORFLOW.format(n=1).replace("lstm_1/", "lstm_1/attention/")
    mismatch = explain(f"tf.nn.rnn_cell.LSTMCell(20)\n{text}").mismatch
    assert (mismatch.expected, mismatch.got) != ((3,), (20,))


IN_NUMPY = """import numpy as np


def layer(xs, features, units):
    W, U = np.ones((features, units)), np.ones((units, units))
    h, out = np.zeros((7, units)), []
    for x in xs:
        h = np.tanh(x @ W + h @ U)
        out.append(h)
    return out


def run(xs, features, units):
    for k in range(3):
        xs = layer(xs, features, units)
    return xs


run(np.ones((5, 7, 4)), 4, 11)
"""


def test_the_same_in_numpy() -> None:
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 4 is different from 11)"
    )
    lines = ["run(np.ones((5, 7, 4)), 4, 11)", "xs = layer(xs, features, units)", "h = np.tanh(x @ W + h @ U)"]
    assert first_cause_and_lines(pasted(IN_NUMPY, lines, error)) == (
        ("x", "features", "layer_below"),
        {"xs = layer(xs, features, units)": "xs = layer(xs, features if k == 0 else units, units)"},
    )
