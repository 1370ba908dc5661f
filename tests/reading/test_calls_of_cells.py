"""A cell of Keras is built by its first call, for the features of its x; each call computes one step.

TensorFlow 2.21 raised the message for these programs.
"""

import pytest
from pasted_programs import likely

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

ERROR = """Traceback (most recent call last):
  File "/home/me/cells.py", line {n}, in <module>
    {line}
tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling {cell}.call().

{{{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Matrix size-incompatible:\
 In[0]: [6,9], In[1]: [7,{columns}] [Op:MatMul] name:

Arguments received by {cell}.call():
  • inputs=tf.Tensor(shape=(6, 9), dtype=float32)
  • states=[{states}]
  • training=False
"""
STATE = "'tf.Tensor(shape=(6, 5), dtype=float32)'"
CELLS = {"LSTMCell": (20, 2), "GRUCell": (15, 1), "SimpleRNNCell": (5, 1)}
"""Cell -> the columns of the kernel for 5 units, and the number of states."""

PROGRAM = """import tensorflow as tf
cell = tf.keras.layers.{cell}(5)
s = {states}
y, s = cell(tf.zeros((6, 7)), s)
{before}y, s = cell({x}, s)
"""
CALL = "y, s = cell({}, s)"


def text(cell: str, x: str, before: str = "", session: bool = False) -> str:
    columns, states = CELLS[cell]
    program = PROGRAM.format(cell=cell, states=f"[tf.zeros((6, 5))] * {states}", before=before, x=x)
    error = ERROR.format(n=5, line=CALL.format(x), cell=cell, columns=columns, states=", ".join([STATE] * states))
    if not session:
        return f"{program}\n{error}"
    lines = "".join(f">>> {line}\n" for line in program.splitlines())
    return lines + error.replace("/home/me/cells.py", "<stdin>").replace(f"    {CALL.format(x)}\n", "")


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("session", [False, True], ids=["file", "session"])
def test_a_later_x_has_the_features_of_the_first_call(cell: str, session: bool) -> None:
    causes, lines = likely(text(cell, "tf.zeros((6, 9))", session=session))

    assert causes == ["called_features"]
    assert lines == {CALL.format("tf.zeros((6, 9))"): CALL.format("tf.zeros((6, 7))")}


def test_the_line_that_makes_a_later_x_is_corrected() -> None:
    causes, lines = likely(text("GRUCell", "later", before="later = tf.ones([6, 9])\n"))

    assert (causes, lines) == (["called_features"], {"later = tf.ones([6, 9])": "later = tf.ones([6, 7])"})


def test_an_x_of_unknown_origin_needs_a_cell_of_its_own() -> None:
    (cause,) = explain(text("LSTMCell", "later", before="later = load()\n")).mismatch.causes

    assert (cause.id, cause.is_own) == ("called_features", False)
    assert cause.fix.startswith("other_cell = keras.layers.LSTMCell(5)")


def test_a_cell_that_the_program_builds_is_built_anew() -> None:
    program = text("GRUCell", "tf.zeros((6, 9))").replace(
        "y, s = cell(tf.zeros((6, 7)), s)", "cell.build((None, 7))", 1
    )

    assert likely(program) == (["built_features"], {"cell.build((None, 7))": "cell.build((None, 9))"})


@pytest.mark.parametrize("cell", CELLS)
def test_the_x_of_a_cell_has_no_axis_of_time(cell: str) -> None:
    shapes = comparison(explain(text(cell, "tf.zeros((6, 9))")))

    assert shapes
    assert shapes.axes == ("batch_size", "features")
