"""Messages without the line that failed: the program in the text has it, or no line that can raise it."""

import pytest
from pasted_programs import TORCH

from app.reading.errors.explanation import NotFoundError, explain

OF_JOIN = (
    "RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 6 but got size 7 for tensor number"
    " 1 in the list."
)
PROGRAM = f"{TORCH}gru = nn.GRU(8, 12)\nx = torch.zeros(9, 6, 8)\ny, h = gru(x)\n"


def test_a_program_without_any_join_is_not_taken_for_that_which_failed() -> None:
    with pytest.raises(NotFoundError) as raised:
        explain(PROGRAM + OF_JOIN)
    assert "no line that can raise it" in str(raised.value.sentence)


def test_a_program_with_a_join_is_taken_for_that_which_failed() -> None:
    explain(f"{PROGRAM}z = torch.cat([y, extra], 1)\n{OF_JOIN}")


CELL = """>>> import tensorflow.compat.v1 as tf
>>> tf.disable_v2_behavior()
>>> x = tf.placeholder(tf.float32, [16, 9])
>>> h = tf.zeros([16, 22])
>>> kernel = tf.get_variable("{name}", [28, 88])
>>> gates = tf.matmul(tf.concat([x, h], 1), kernel)
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
  File "/home/me/venv/lib/python3.11/site-packages/tensorflow/python/framework/ops.py", line 1081, in _create_c_op
    raise ValueError(e.message)
ValueError: Dimensions must be equal, but are 31 and 28 for '{{{{node MatMul}}}} = MatMul[T=DT_FLOAT, \
transpose_a=false](concat, {name}/read)' with input shapes: [16,31], [28,88]."""


@pytest.mark.parametrize("name", ["lstm_kernel", "rnn_weights"])
def test_weights_that_are_called_like_those_of_a_cell_are_those_of_a_handwritten_cell(name: str) -> None:
    mismatch = explain(CELL.format(name=name)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (6,), (9,))


def test_other_weights_are_of_no_cell() -> None:
    with pytest.raises(NotFoundError):
        explain(CELL.format(name="projection"))
