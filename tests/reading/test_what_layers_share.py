"""Layers that share a cell or a mask, and the kernel that x and h share.

TensorFlow 2.20 and JAX 0.7 raised the messages for these programs, which run with the corrected lines.
"""

from pasted_programs import causes_and_lines, pasted, said

LAYERS = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, [8, 11, 5])
cell = tf.nn.rnn_cell.BasicLSTMCell(16)
layers = tf.nn.rnn_cell.MultiRNNCell({cells})
outputs, state = tf.nn.dynamic_rnn(layers, x, dtype=tf.float32)
print(outputs.shape)
"""
OF_LAYERS = ["outputs, state = tf.nn.dynamic_rnn(layers, x, dtype=tf.float32)"]
SHARED = (
    "ValueError: Dimensions must be equal, but are 32 and 21 for"
    " '{{node rnn/while/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/MatMul_1}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](rnn/while/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/concat_1,"
    " rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel/read)' with input shapes: [8,32], [21,64]."
)


def test_one_cell_in_all_layers_says_nothing_wrong_of_x() -> None:
    text = pasted(LAYERS.format(cells="[cell] * 3"), OF_LAYERS, SHARED)

    assert causes_and_lines(text) == (
        ("x", "features", ["same_cell"]),
        {
            "layers = tf.nn.rnn_cell.MultiRNNCell([cell] * 3)": (
                "layers = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.BasicLSTMCell(16) for _ in range(3)])"
            )
        },
    )
    assert said(text).is_of_equals
    assert said(text).sentence.values == {"got": 16, "expected": 5}


def test_cells_that_the_program_lists_may_be_others() -> None:
    assert not said(pasted(LAYERS.format(cells="cells"), OF_LAYERS, SHARED)).is_of_equals


TAGGER = """import tensorflow as tf


class Tagger(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.below = tf.keras.layers.GRU(8, return_sequences=True)
        self.above = tf.keras.layers.GRU(6, return_sequences=True)

    def call(self, words, known):
        steps = self.below(words, mask=known)
        return self.above(steps, mask=known)


print(Tagger()(tf.zeros((4, 10, 5)), known=tf.ones((4, 11), tf.bool)).shape)
"""
OF_TAGGER = [
    "print(Tagger()(tf.zeros((4, 10, 5)), known=tf.ones((4, 11), tf.bool)).shape)",
    "steps = self.below(words, mask=known)",
]
LONGER = """ValueError: Exception encountered when calling GRU.call().

Cannot unstack 11 tensors into a TensorArray of static size 10

Arguments received by GRU.call():
  • sequences=tf.Tensor(shape=(4, 10, 5), dtype=float32)
  • initial_state=None
  • mask=tf.Tensor(shape=(4, 11), dtype=bool)
  • training=False
"""


def test_a_mask_is_cut_for_all_layers_that_share_it() -> None:
    (tensor, axis, causes), lines = causes_and_lines(pasted(TAGGER, OF_TAGGER, LONGER))

    assert (tensor, axis, causes[0]) == ("mask", "time_step", "cut_mask")
    assert lines == {
        "steps = self.below(words, mask=known)": "steps = self.below(words, mask=known[:, : words.shape[1]])",
        "return self.above(steps, mask=known)": "return self.above(steps, mask=known[:, : words.shape[1]])",
    }


GATES = """from typing import NamedTuple

import jax
import jax.numpy as jnp


class Gates(NamedTuple):
    kernel: jax.Array
    bias: jax.Array


def gru(p, h, x):
    z = jnp.concatenate([x, h], axis=-1) @ p.kernel + p.bias
    r, z, n = jnp.split(z, 3, axis=-1)
    h = (1 - jax.nn.sigmoid(z)) * jnp.tanh(n) + jax.nn.sigmoid(z) * h
    return h, h


def make(key, n_in, n_units):
    return Gates(kernel=jax.random.normal(key, (n_in, 3 * n_units)), bias=jnp.zeros(3 * n_units))


p = make(jax.random.PRNGKey(0), 4, 21)
_, ys = jax.lax.scan(lambda h, x: gru(p, h, x), jnp.zeros((6, 21)), jnp.zeros((9, 6, 4)))
print(ys.shape)
"""


def test_the_kernel_behind_x_and_h_has_as_many_rows_as_both() -> None:
    frames = [
        "_, ys = jax.lax.scan(lambda h, x: gru(p, h, x), jnp.zeros((6, 21)), jnp.zeros((9, 6, 4)))",
        "z = jnp.concatenate([x, h], axis=-1) @ p.kernel + p.bias",
    ]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (25,) and (4,)."
    first = said(pasted(GATES, frames, error)).causes[0]

    assert first.id == "joined_weights"
    assert "(n_in + n_units, 3 * n_units)" in first.fix
