"""Products in cells that a program of TensorFlow computes itself: the line that failed says which array is wrong."""

import pytest

from app.reading.errors.explanation import explain

PRODUCT_OF_GRAPH = (
    "ValueError: Dimensions must be equal, but are 6 and 9 for '{{node MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](x, MatMul/ReadVariableOp)' with input shapes: [4,6], [9,27]."
)
EAGER = (
    '  File "/home/me/env/lib/python3.11/site-packages/tensorflow/python/framework/ops.py", line 6027, in'
    " raise_from_not_ok_status\n    raise core._status_to_exception(e) from None\n"
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: {{{{function_node"
    " __wrapped____MklMatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Matrix size-incompatible: In[0]:"
    " {}, In[1]: {} [Op:MatMul] name: "
)


def trace(function: str, line: str, message: str) -> str:
    frame = f'  File "/home/me/run.py", line 10, in {function}\n    {line}\n'
    return f"Traceback (most recent call last):\n{frame}{message}"


def in_graph(function: str, line: str) -> str:
    """A traceback of tf.function, which says the line of the program twice."""
    generated = f'  File "/tmp/__autograph_generated_file1.py", line 9, in tf__{function}\n    ag__.converted_call()\n'
    frame = f'\n    File "/home/me/run.py", line 11, in {function}  *\n        {line}\n\n    '
    return f"Traceback (most recent call last):\n{generated}ValueError: in user code:\n{frame}{PRODUCT_OF_GRAPH}"


@pytest.mark.parametrize("function", ["gru_step", "lstm_cell", "_rnn_step", "gru_cell_fn"])
def test_x_does_not_fit_its_kernel(function: str) -> None:
    explanation = explain(in_graph(function, "zx = tf.matmul(x, self.wx)"))
    mismatch = explanation.mismatch
    assert (explanation.framework, mismatch.tensor, mismatch.axis) == ("tensorflow", "x", "features")
    assert (mismatch.expected, mismatch.got) == ((9,), (6,))
    assert mismatch.causes[0].fix == "self.wx = tf.Variable(0.1 * tf.random.normal((6, 27)))"


def test_name_in_the_message_says_which_product_failed() -> None:
    mismatch = explain(in_graph("forward", "h = tf.tanh(tf.matmul(x, self.wx) + tf.matmul(h, self.wh))")).mismatch
    assert (mismatch.tensor, mismatch.axis) == ("x", "features")
    assert mismatch.causes[0].fix == "self.wx = tf.Variable(0.1 * tf.random.normal((6, 27)))"


def test_state_does_not_fit_its_kernel() -> None:
    line = "z = tf.matmul(x, self.W) + tf.matmul(h, self.U)\n" + " " * 31 + "~~~~~~~~~^^^^^^^^^^^"
    mismatch = explain(trace("lstm_step", line, EAGER.format("[5,9]", "[11,44]"))).mismatch
    assert (mismatch.tensor, mismatch.axis, mismatch.expected) == ("h_0", "num_units", (11,))
    assert mismatch.causes[0].fix == "h = tf.zeros((len(x), 11))"


def test_kernel_of_x_and_h_was_made_for_the_units_twice() -> None:
    line = "z = tf.matmul(tf.concat([x_t, h], axis=1), self.big_kernel)"
    explanation = explain(trace("lstm_step", line, EAGER.format("[5,18]", "[22,44]")))
    mismatch = explanation.mismatch
    assert (explanation.framework, mismatch.tensor, mismatch.axis) == ("tensorflow", "kernel", "features")
    assert (mismatch.expected, mismatch.got) == ((18, 44), (22, 44))
    assert mismatch.causes[0].fix == "self.big_kernel = tf.Variable(0.1 * tf.random.normal((18, 44)))"


def test_product_of_a_function_that_trains_is_that_of_a_dense_layer() -> None:
    text = "cell = tf.keras.layers.LSTMCell(6)\n" + in_graph("train_step", "logits = tf.matmul(output, self.w)")
    assert explain(text).mismatch.tensor == "dense_input"


def test_log_without_its_prefixes_is_the_message() -> None:
    text = in_graph("gru_step", "zx = tf.matmul(x, self.wx)")
    prefix = "2026-11-30 08:14:10,000 [worker-2] ERROR "
    explanation = explain("\n".join(prefix + line for line in text.split("\n")))
    assert explanation.message == explain(text).message == PRODUCT_OF_GRAPH


@pytest.mark.parametrize("scopes", [1, 4])
def test_names_of_operands_in_many_scopes_do_not_hide_the_shapes(scopes: int) -> None:
    """A model in models: each operand has the names of all of them."""
    place = "forecast_of_the_station/" * scopes + "bidirectional_2/forward_lstm_3"
    product = (
        f"Dimensions must be equal, but are 11 and 13 for '{{{{node {place}/lstm_cell_1/MatMul}}}} ="
        f" MatMul[T=DT_FLOAT, grad_a=false, grad_b=false, transpose_a=false, transpose_b=false]("
        f"{place}/strided_slice_1, {place}/lstm_cell_1/Cast/ReadVariableOp)' with input shapes: [5,11], [13,28]."
    )

    explanation = explain(f"ValueError: Exception encountered when calling LSTMCell.call().\n\n{product}")

    said, network = explanation.mismatch, explanation.configuration
    assert (said.tensor, said.axis, said.expected, said.got) == ("x", "features", (13,), (11,))
    assert network
    assert (network.num_units, network.bidirectional) == (7, True)
