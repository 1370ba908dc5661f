"""A state for another batch than that of the placeholders of TensorFlow 1, in a graph that fails while it is made.

TensorFlow 2.21 raised the message for this program with the fixed batch.
"""

import pytest
from pasted_programs import ids, pasted, said

PROGRAM = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
ROWS, DAYS = 6, 15

rain = tf.placeholder(tf.float32, [{rows}, DAYS, 9])
cell = tf.nn.rnn_cell.GRUCell(21)
start = cell.zero_state(ROWS + 5, tf.float32)
outputs, _ = tf.nn.static_rnn(cell, tf.unstack(rain, DAYS, 1), initial_state=start)

with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for day in range(3):
        print(session.run(outputs[-1], {{rain: np.zeros((ROWS, DAYS, 9))}}).shape)
"""
CALL = "outputs, _ = tf.nn.static_rnn(cell, tf.unstack(rain, DAYS, 1), initial_state=start)"
ERROR = (
    "ValueError: Dimension 0 in both shapes must be equal, but are 6 and 11. Shapes are [6] and [11]. for '{{node"
    " rnn/gru_cell/concat}} = ConcatV2[N=2, T=DT_FLOAT, Tidx=DT_INT32](unstack, GRUCellZeroState/zeros,"
    " rnn/gru_cell/concat/axis)' with input shapes: [6,9], [11,21], [] and with computed input tensors: input[2] = <1>."
)


@pytest.mark.parametrize(("rows", "first"), [("ROWS", "other_batch"), ("None", "last_batch")])
def test_no_last_batch_is_smaller_than_that_of_the_placeholders(rows: str, first: str) -> None:
    assert ids(said(pasted(PROGRAM.format(rows=rows), [CALL], ERROR)))[0] == first
