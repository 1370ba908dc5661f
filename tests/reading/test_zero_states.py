"""The ``zero_state`` of a cell of TensorFlow 1 for another batch than x has in the graph.

TensorFlow 2.20 raised the message in its version 1; the program runs with the corrected line.
"""

from pasted_programs import first_cause_and_lines, pasted

PROGRAM = """import tensorflow.compat.v1 as tf

class Words:
    def __init__(self, rows, steps, letters):
        words = tf.placeholder(tf.float32, [rows, steps, letters])
        cell = tf.nn.rnn_cell.GRUCell(21)
        state = cell.zero_state(steps, tf.float32)
        outputs, last = tf.nn.dynamic_rnn(cell, words, initial_state=state)

model = Words(7, 12, 9)
"""
FRAMES = ["model = Words(7, 12, 9)", "outputs, last = tf.nn.dynamic_rnn(cell, words, initial_state=state)"]
ERROR = (
    "ValueError: Dimension 0 in both shapes must be equal, but are 7 and 12. Shapes are [7] and [12]. for"
    " '{{node rnn/while/gru_cell/concat}} = ConcatV2[N=2, T=DT_FLOAT, Tidx=DT_INT32](rnn/while/TensorArrayReadV3,"
    " rnn/while/Identity_3, rnn/while/gru_cell/concat/axis)' with input shapes: [7,9], [12,21], [] and with computed"
    " input tensors: input[2] = <1>."
)


def test_a_zero_state_is_made_for_the_batch_of_x() -> None:
    (tensor, axis, _), lines = first_cause_and_lines(pasted(PROGRAM, FRAMES, ERROR))

    assert (tensor, axis) == ("h_0", "batch_size")
    assert lines == {"state = cell.zero_state(steps, tf.float32)": "state = cell.zero_state(rows, tf.float32)"}
