"""A product in a program's own cell of Keras, of x or a state whose shape Keras lists below the message, with weights
of other rows: also in a traceback alone.

TensorFlow 2.21 raised these errors.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

IMPORT = "import tensorflow as tf\n"
CELL = """
class LightCell(tf.keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units

    def build(self, input_shape):
        self.wx = self.add_weight(shape=({rows_of_x}, 2 * self.units), name="wx")
        self.wh = self.add_weight(shape=({rows_of_h}, 2 * self.units), name="wh")

    def call(self, inputs, states):
        h = states[0]
        xs = tf.matmul(inputs, self.wx)
        hs = tf.matmul(h, self.wh)
        f, g = tf.split(xs + hs, 2, axis=-1)
        h = tf.sigmoid(f) * h + tf.tanh(g)
        return h, [h]


print(tf.keras.layers.RNN(LightCell(23))(tf.zeros((6, 10, 9))).shape)

"""
ERROR = """ValueError: Exception encountered when calling LightCell.call().

{{{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Matrix size-incompatible:
 In[0]: [6,{values}], In[1]: [{rows},46] [Op:MatMul] name:

Arguments received by LightCell.call():
  • inputs=tf.Tensor(shape=(6, 9), dtype=float32)
  • states=('tf.Tensor(shape=(6, 23), dtype=float32)',)"""


@pytest.mark.parametrize(
    ("line", "values", "rows", "about", "made", "general", "right"),
    [
        (
            "xs = tf.matmul(inputs, self.wx)",
            9,
            23,
            ("kernel", "features", "kernel_of_units"),
            {"rows_of_x": "self.units", "rows_of_h": "self.units"},
            "self.wx = self.add_weight(shape=(input_shape[-1], 46))",
            'self.wx = self.add_weight(shape=(input_shape[-1], 2 * self.units), name="wx")',
        ),
        (
            "hs = tf.matmul(h, self.wh)",
            23,
            9,
            ("recurrent_kernel", "num_units", "recurrent_rows"),
            {"rows_of_x": "input_shape[-1]", "rows_of_h": "input_shape[-1]"},
            "self.recurrent_kernel = self.add_weight(shape=(23, 46))",
            'self.wh = self.add_weight(shape=(self.units, 2 * self.units), name="wh")',
        ),
    ],
)
def test_the_listed_shapes_say_which_weights_have_other_rows(
    line: str, values: int, rows: int, about: tuple[str, str, str], made: dict[str, str], general: str, right: str
) -> None:
    alone = traceback([line], ERROR.format(values=values, rows=rows), "keras/m.py")
    for text, fixed in ((alone, general), (IMPORT + CELL.format(**made) + alone, right)):
        explanation = explain(text)
        mismatch = explanation.mismatch
        assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == about
        assert (mismatch.expected, mismatch.got, mismatch.causes[0].fix) == ((values,), (rows,), fixed)
        network = explanation.configuration
        assert network and (network.features, network.num_units) == (9, 23)


def test_a_product_of_an_array_that_nothing_lists_is_not_told() -> None:
    text = traceback(["ys = tf.matmul(a, self.wy)"], ERROR.format(values=7, rows=23), "keras/m.py")

    assert explain(text).mismatch.tensor is None
