"""The sizes with which a program makes an object of a cell of its own, whose weights are for x and h in one array.

PyTorch 2.13, TensorFlow 2.21, JAX 0.10 and NumPy 2.4 raised the messages for such programs, and ran them with the
corrected lines.
"""

import pytest
from pasted_programs import network, pasted, traceback

from app.reading.errors.explanation import explain

OWN = """{head}
class OwnGRUCell{base}:
    def __init__(self, inputs, width):
        {init}self.kernel = {kernel}
    def {call}(self, x, h):
        z, r, n = {split}
        return z * h + (1 - z) * r * n
gru = OwnGRUCell(7, 12)
h = {h}
h = gru{method}({x}, h)
"""

PROGRAMS = {
    "pytorch": (
        OWN.format(
            head="import torch\nfrom torch import nn",
            base="(nn.Module)",
            init="super().__init__()\n        ",
            kernel="nn.Parameter(torch.randn(inputs + width, 3 * width))",
            call="forward",
            split="(torch.cat([x, h], 1) @ self.kernel).chunk(3, 1)",
            h="torch.zeros(5, 12)",
            method="",
            x="torch.randn(5, 10)",
        ),
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x22 and 19x36)",
    ),
    "tensorflow": (
        OWN.format(
            head="import tensorflow as tf",
            base="(tf.Module)",
            init="",
            kernel="tf.Variable(tf.random.normal([inputs + width, 3 * width]))",
            call="__call__",
            split="tf.split(tf.matmul(tf.concat([x, h], 1), self.kernel), 3, axis=1)",
            h="tf.zeros([5, 12])",
            method="",
            x="tf.random.normal([5, 10])",
        ),
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: {{function_node"
        " __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}} Matrix size-incompatible: In[0]:"
        " [5,22], In[1]: [19,36] [Op:MatMul] name: ",
    ),
    "jax": (
        OWN.format(
            head="import jax\nimport jax.numpy as jnp",
            base="",
            init="",
            kernel="jax.random.normal(jax.random.PRNGKey(0), (inputs + width, 3 * width))",
            call="step",
            split="jnp.split(jnp.concatenate([x, h], axis=1) @ self.kernel, 3, axis=1)",
            h="jnp.zeros((5, 12))",
            method=".step",
            x="jnp.ones((5, 10))",
        ),
        "TypeError: dot_general requires contracting dimensions to have the same shape, got (22,) and (19,).",
    ),
    "numpy": (
        OWN.format(
            head="import numpy as np",
            base="",
            init="",
            kernel="np.random.randn(inputs + width, 3 * width)",
            call="step",
            split="np.split(np.concatenate([x, h], axis=1) @ self.kernel, 3, axis=1)",
            h="np.zeros((5, 12))",
            method=".step",
            x="np.random.randn(5, 10)",
        ),
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 19 is different from 22)",
    ),
}


@pytest.mark.parametrize("framework", PROGRAMS)
def test_an_object_of_an_own_cell_gets_the_features_of_x(framework: str) -> None:
    program, error = PROGRAMS[framework]
    lines = program.split("\n")
    frames = [next(one for one in lines if one.startswith("h = gru")), next(one for one in lines if "z, r, n =" in one)]
    explanation = explain(pasted(program, [one.strip() for one in frames], error))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (7,), (10,))
    assert mismatch.causes[0].lines == (("gru = OwnGRUCell(7, 12)", "gru = OwnGRUCell(10, 12)"),)
    assert network(explanation) == (5, None, 7, 12)


def test_a_message_about_x_and_h_in_one_array_says_their_samples() -> None:
    line = "z, r, n = tf.split(tf.matmul(tf.concat([x, h], 1), self.kernel), 3, axis=1)"
    explanation = explain(traceback([line], PROGRAMS["tensorflow"][1], "gru_cell.py"))

    assert explanation.configuration and explanation.configuration.batch_size == 5


PLACEHOLDERS = """import tensorflow as tf
tf = tf.compat.v1
tf.disable_eager_execution()
ticks = tf.placeholder(tf.float32, [None, 9])
h = tf.placeholder(tf.float32, [None, 16])
with tf.variable_scope("basic_lstm_cell"):
    kernel = tf.get_variable("kernel", [23, 64])
    gates = tf.matmul(tf.concat([ticks, h], 1), kernel)
"""
OF_KERNEL = (
    "ValueError: Dimensions must be equal, but are 25 and 23 for '{{node basic_lstm_cell/MatMul}} = MatMul[T=DT_FLOAT,"
    " grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](basic_lstm_cell/concat,"
    " basic_lstm_cell/MatMul/ReadVariableOp)' with input shapes: [?,25], [23,64]."
)


def test_a_placeholder_keeps_the_number_of_its_axes() -> None:
    line = "ticks = tf.placeholder(tf.float32, [None, 9])"
    mismatch = explain(
        pasted(PLACEHOLDERS, ["gates = tf.matmul(tf.concat([ticks, h], 1), kernel)"], OF_KERNEL)
    ).mismatch

    assert mismatch.causes[0].lines == ((line, line.replace("9", "7")),)
