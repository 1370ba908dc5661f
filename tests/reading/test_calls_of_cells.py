"""A cell of Keras is built by its first call, for the features of its x; each call computes one step.

TensorFlow 2.21 raised the message for these programs.
"""

import pytest
from pasted_programs import TORCH, likely, pasted

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


BATCHES = """
cell = nn.{cell}(6, 14)
def train(runs):
{states}
    for {targets}:
        for n in range(batch.size(1)):
            {call}
train(torch.randn(50, 8, 6))
"""
GRU, LSTM = "h = cell(batch[:, n], h)", "h, c = cell(batch[:, n], (h, c))"


@pytest.mark.parametrize("targets", ["batch in runs.split(20)", "k, batch in enumerate(runs.split(20))"])
@pytest.mark.parametrize(
    ("cell", "call", "states"),
    [
        ("GRUCell", GRU, ["h = torch.zeros(20, 14)"]),
        ("LSTMCell", LSTM, ["h = torch.zeros(20, 14)", "c = torch.zeros(20, 14)"]),
    ],
)
def test_the_states_of_a_cell_of_pytorch_are_made_for_each_batch_in_the_loop(
    cell: str, call: str, states: list[str], targets: str
) -> None:
    program = TORCH + BATCHES.format(
        cell=cell, call=call, targets=targets, states="\n".join(f"    {one}" for one in states)
    )
    error = "RuntimeError: Input batch size 10 doesn't match hidden0 batch size 20"

    (first, *_) = explain(pasted(program, ["train(torch.randn(50, 8, 6))", call], error)).mismatch.causes

    place = "  # before: for n in range(batch.size(1)):"
    made = [one.replace("20", "batch.size(0)") for one in states]
    assert (first.id, first.lines) == ("last_batch", tuple(("", one + place) for one in made))


def test_a_state_of_a_cell_in_the_loop_over_batches_is_corrected_where_it_is_made() -> None:
    program = """import torch
from torch import nn
cell = nn.GRUCell(6, 14)
runs = torch.randn(50, 8, 6)
for batch in runs.split(20):
    h = torch.zeros(20, 14)
    for n in range(8):
        h = cell(batch[:, n], h)
"""
    error = "RuntimeError: Input batch size 10 doesn't match hidden0 batch size 20"

    (first, *_) = explain(pasted(program, [GRU], error)).mismatch.causes

    assert first.lines == (("h = torch.zeros(20, 14)", "h = torch.zeros(batch.size(0), 14)"),)
