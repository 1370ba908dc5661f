"""Cells of Keras in loops of TensorFlow: the loop, or one of two states, does not fit.

TensorFlow 2.20 with Keras 3.12 raised the messages for such programs, which run with the corrected lines.
"""

from pasted_programs import pasted, said

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

LOOP = """import tensorflow as tf
values = tf.random.normal((90, 15, 4))
batches = tf.data.Dataset.from_tensor_slices(values).batch(8)
cell = tf.keras.layers.GRUCell(24)

def read(x):
    h = tf.zeros((8, 24))
    for x_t in x:
        out, [h] = cell(x_t, [h])
    return out

for x in batches:
    read(x)
"""
CALL = "out, [h] = cell(x_t, [h])"
OF_LOOP = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
    " GRUCell.call().\n\n{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
    " Incompatible shapes: [15,48] vs. [8,48] [Op:AddV2] name: \n\nArguments received by GRUCell.call():\n  •"
    " inputs=tf.Tensor(shape=(15, 4), dtype=float32)\n  • states=['tf.Tensor(shape=(8, 24), dtype=float32)']"
)


def test_a_loop_of_tensorflow_over_samples_gets_time_first() -> None:
    mismatch = said(pasted(LOOP, ["read(x)", CALL], OF_LOOP))

    assert (mismatch.tensor, mismatch.axis) == ("x", "order")
    assert {one.terms[0][0]: one.value for one in mismatch.facts} == {
        "batch_size": 8,
        "time_step": 15,
        "features": 4,
        "num_units": 24,
    }
    assert [one.fix for one in mismatch.causes] == ["for x_t in tf.transpose(x, [1, 0, 2]):"]


def test_data_with_other_steps_are_not_said_to_be_read_by_samples() -> None:
    mismatch = said(pasted(LOOP.replace("(90, 15, 4)", "(90, 16, 4)"), ["read(x)", CALL], OF_LOOP))

    assert (mismatch.tensor, mismatch.axis) == ("h_0", "batch_size")


def test_without_the_program_the_loop_is_the_second_cause() -> None:
    causes = said(pasted("", ["read(x)", CALL], OF_LOOP)).causes

    assert [one.id for one in causes] == ["other_batch", "scan_axis"]
    assert causes[1].fix == "xs = tf.transpose(xs, [1, 0, 2])"


STATES = """import tensorflow as tf

class Melody(tf.Module):
    def __init__(self, notes=70, width=18, hidden=44):
        self.width, self.hidden = width, hidden
        self.table = tf.Variable(tf.random.normal((notes, width)))
        self.cell = tf.keras.layers.LSTMCell(hidden)

    def start(self, batch):
        return [tf.zeros((batch, self.width)), tf.zeros((batch, self.hidden))]

    def step(self, note, state):
        x = tf.gather(self.table, note)
        return self.cell(x, state)

melody = Melody()
state = melody.start(7)
out, state = melody.step(tf.zeros(7, tf.int32), state)
"""
FRAMES = ["out, state = melody.step(tf.zeros(7, tf.int32), state)", "return self.cell(x, state)"]
OF_STATES = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
    " LSTMCell.call().\n\n{{{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}}}"
    " Matrix size-incompatible: In[0]: [7,18], In[1]: [44,176] [Op:MatMul] name: \n\nArguments received by"
    " LSTMCell.call():\n  • inputs=tf.Tensor(shape=(7, 18), dtype=float32)\n  • states=['tf.Tensor(shape=(7, {}),"
    " dtype=float32)', 'tf.Tensor(shape=(7, 44), dtype=float32)']\n  • training=False"
)


def test_a_state_with_other_units_than_the_second_one_does_not_fit_and_not_x() -> None:
    for program in ("", STATES):
        mismatch = said(pasted(program, FRAMES, OF_STATES.format(18)))

        assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
            "h_0",
            "num_units",
            (7, 44),
            (7, 18),
        )
    assert [one.fix for one in mismatch.causes] == [
        "return [tf.zeros((batch, self.hidden)), tf.zeros((batch, self.hidden))]"
    ]


def test_an_x_beside_states_that_fit_has_other_features() -> None:
    mismatch = said(pasted("", FRAMES, OF_STATES.format(44)))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (44,), (18,))


ATTENTION = """import tensorflow as tf

class Additive(tf.keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.W1, self.W2 = tf.keras.layers.Dense(width), tf.keras.layers.Dense(width)
        self.V = tf.keras.layers.Dense(1)

    def call(self, query, values):
        score = self.V(tf.nn.tanh(self.W1(query) + self.W2(values)))
        return tf.reduce_sum(tf.nn.softmax(score, axis=1) * values, axis=1)

memory, state = tf.keras.layers.GRU(52, return_sequences=True, return_state=True)(tf.zeros((6, 14, 3)))
context = Additive(22)(state, memory)
"""
SCORE = "score = self.V(tf.nn.tanh(self.W1(query) + self.W2(values)))"
OF_ATTENTION = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
    " Additive.call().\n\n{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
    " Incompatible shapes: [6,22] vs. [6,14,22] [Op:AddV2] name: \n\nArguments received by Additive.call():\n  •"
    " query=tf.Tensor(shape=(6, 52), dtype=float32)\n  • values=tf.Tensor(shape=(6, 14, 52), dtype=float32)"
)


def test_the_query_of_attention_lacks_one_step_and_has_the_units_of_the_state() -> None:
    explanation = explain(pasted(ATTENTION, ["context = Additive(22)(state, memory)", SCORE], OF_ATTENTION))
    shapes = comparison(explanation)

    assert explanation.mismatch.shapes == ((6, 1, 52), (6, 52))
    assert shapes and shapes.axes == ("batch_size", "time_step", "num_units")
    assert explanation.configuration and explanation.configuration.time_step == 14


def test_the_width_of_attention_is_not_called_the_units_of_a_layer() -> None:
    error = OF_ATTENTION.partition("\n\nArguments")[0]
    explanation = explain(pasted(ATTENTION, ["context = Additive(22)(state, memory)", SCORE], error))
    shapes = comparison(explanation)

    assert explanation.mismatch.shapes == ((6, 1, 22), (6, 22))
    assert shapes and shapes.axes == ("batch_size", "time_step", None)


JOIN = """import tensorflow as tf

class Writer(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(95, 28)
        self.gru = tf.keras.layers.GRU(60, return_sequences=True, return_state=True)

    def call(self, token, context):
        x = self.embedding(token)
        x = tf.concat([context, x], axis=-1)
        return self.gru(x)

Writer()(tf.zeros((9, 1), tf.int32), tf.zeros((9, 60)))
"""
JOINS = f"x = tf.concat([context, x], axis=-1)\n        {'^' * 32}"
OF_JOIN = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
    " Writer.call().\n\n{{function_node __wrapped__ConcatV2_N_2_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
    " ConcatOp : Ranks of all input tensors should match: shape[0] = [9,60] vs. shape[1] = [9,1,28] [Op:ConcatV2]"
)


def test_a_context_without_steps_is_not_the_x_with_which_it_is_joined() -> None:
    mismatch = said(pasted(JOIN, ["Writer()(tf.zeros((9, 1), tf.int32), tf.zeros((9, 60)))", JOINS], OF_JOIN))

    assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("output", "rank", ((9, 1, 60), (9, 60)))
    assert [one.fix for one in mismatch.causes] == ["x = tf.concat([context[:, None], x], axis=-1)"]


def test_a_step_of_all_samples_is_in_no_loop_over_samples() -> None:
    frame = "out, [h] = cell(x[:, t], [h])"

    assert [one.id for one in said(pasted("", ["read(x)", frame], OF_LOOP)).causes] == ["other_batch"]
