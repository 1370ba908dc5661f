"""Short posts whose words, beside the message, tell its cause: several devices, a replaced layer, sequences of any
length, a loss."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

SHAPES = "RuntimeError: Expected hidden{} size ({}), got ({})"
LENGTHS = "ValueError: Expected `len(lengths)` to be equal to batch_size, but got 20 (batch_size=5)."
OLD_LENGTHS = "ValueError: lengths array has incorrect size"
OF_TARGET = "ValueError: Error when checking target: expected {} to have shape ({}) but got array with shape ({})"
RANK = "ValueError: Error when checking {}: expected {} to have {} dimensions, but got array with shape ({})"
PAIR = SHAPES.format("[0]", "1, 6, 96", "6, 96")
LAYERS = "model.add(Embedding(400, 8, input_length=12))\nmodel.add(LSTM(30, return_sequences=True))\n"
FEED = "Cannot feed value of shape (16, 40, 7) for Tensor 'Placeholder:0', which has shape '(?, 40, 40)'"
OF_AXES = "Dimension must be {} but is 3 for 'transpose' (op: 'Transpose') with input shapes: [{}], [3]."
EMBEDDED = (
    "ValueError: Input 0 of layer lstm_3 is incompatible with the layer: expected ndim=3, found ndim=4. Full shape"
)
FIT = "sizes = 40\ninputs = Input(shape=(None, sizes))\ny = GRU(12)(inputs)\n"
DENSE = "ValueError: Input 0 is incompatible with layer dense_2: expected ndim=2, found ndim=3"
FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected 48, got {}"
CLASS_OF_LSTM = "class Net(nn.Module):\n    def __init__(self):\n        self.lstm = nn.LSTM(\n            ...\n"

FIRST_CAUSES = {
    # a part of the batch on each device
    "It runs on several GPUs.\n" + SHAPES.format("", "2, 32, 9", "2, 8, 9"): ("h_0", "batch_size", "divided_batch"),
    "It runs on one GPU.\n" + SHAPES.format("", "2, 32, 9", "2, 8, 9"): ("h_0", "batch_size", "batch_first"),
    "net = nn.DataParallel(net)\n" + LENGTHS: ("lengths", "batch_size", "divided_lengths"),
    LENGTHS: ("lengths", "batch_size", "lengths"),
    "I pack inside of a module with `DataParallel`\n" + OLD_LENGTHS: ("lengths", "batch_size", "divided_lengths"),
    "I pack without `DataParallel`\n" + OLD_LENGTHS: ("lengths", "batch_size", "lengths"),
    # one state, for a layer that takes two
    "I replaced the GRU by an LSTM.\n" + PAIR: ("h_0", "rank", "h_for_h_c"),
    "Now with an LSTM instead of the RNN\n" + PAIR: ("h_0", "rank", "h_for_h_c"),
    "I replaced the LSTM by a GRU.\n" + PAIR: ("h_0", "rank", "unsqueeze"),
    # both directions of an encoder, or a layer with one unit
    SHAPES.format("[0]", "1, 6, 96", "1, 6, 192"): ("h_0", "num_units", "joined_states"),
    "h = torch.zeros(1, 6, 192)\n" + SHAPES.format("[0]", "1, 6, 96", "1, 6, 192"): ("h_0", "num_units", "other_units"),
    SHAPES.format("[0]", "1, 6, 96", "1, 6, 200"): ("h_0", "num_units", "other_units"),
    SHAPES.format("[1]", "1, 6, 96", "1, 6, 192"): ("c_0", "num_units", "other_units"),
    SHAPES.format("", "1, 6, 1", "1, 6, 96"): ("h_0", "num_units", "single_unit"),
    SHAPES.format("", "1, 6, 1", "1, 6, 3"): ("h_0", "num_units", "other_units"),
    # the values of a target
    "LSTM, loss='mse'\n" + OF_TARGET.format("dense_4", "None, 8", "70, 1"): ("target", None, "dense_outputs"),
    "An LSTM\n" + OF_TARGET.format("dense_4", "None, 8", "70, 1"): ("target", None, "target_shape"),
    "An LSTM\n" + OF_TARGET.format("dense_4", "None, 8", "70, 5"): ("target", None, "dense_outputs"),
    "An LSTM\n" + OF_TARGET.format("dense_4", "None, 1", "70, 5"): ("target", None, "target_shape"),
    OF_TARGET.format("lstm_4", "70, 80", "70, 1"): ("target", None, "last_units"),
    LAYERS + RANK.format("target", "lstm_2", 3, "70, 12"): ("target", "rank", "target_last_axis"),
    LAYERS + RANK.format("target", "lstm_2", 3, "70, 13"): ("target", "rank", "not_return_sequences"),
    LAYERS + "loss='categorical_crossentropy'\n" + RANK.format("target", "lstm_2", 3, "70, 12"): (
        *("target", "rank", "not_return_sequences"),
    ),
    # an x of TensorFlow 1 and of Keras
    "an LSTM\n" + FEED: ("x", "features", "other_features"),
    "dynamic_rnn\n" + OF_AXES.format(5, "9,?,4,6,2"): ("x", "rank", "extra_axis"),
    "Embedding(n, 50)(x)\n" + EMBEDDED + " received: (None, 8, 5000, 50)": ("x", "rank", "one_hot_embedding"),
    "Embedding(n, 50)(x)\n" + EMBEDDED + " received: (None, 8, 30, 50)": ("x", "rank", "extra_axis"),
    "The number of rows is not constant.\n" + FIT + RANK.format("input", "input_3", 3, "9, 40"): (
        *("x", "rank", "missing_batch"),
    ),
    FIT + RANK.format("input", "input_3", 3, "9, 40"): ("x", "rank", "missing_axis"),
    "model.add(LSTM(8))\n" + DENSE: ("dense_input", "rank", "not_return_sequences"),
    "model.add(Dense(9, input_shape=(5, 4)))\nmodel.add(LSTM(8))\n" + DENSE: ("dense_input", "rank", ""),
    # an x that may be anything
    "    y, h = self.gru(U)\n" + FEATURES.format(60): ("x", "features", "other_features"),
    "    y, h = self.gru(output)\n" + FEATURES.format(60): ("x", "features", "units_below"),
    # no data
    FEATURES.format(0): ("x", "features", "empty_data"),
    FEATURES.replace("48", "0").format(8): ("x", "features", ""),  # a layer of no features
    RANK.format("input", "lstm_1_input", 3, "0, 12"): ("x", "rank", "empty_data"),
    # a step of a layer before PyTorch checked the axes of x
    "RuntimeError: matrices expected, got 1D, 2D tensors at /THTensorMath.c:1224\nout = self.rnn(words)": (
        *("x", "rank", "missing_axis"),
    ),
    "RuntimeError: matrices expected, got 1D, 2D tensors in a GRU\nout = self.fc(words)": (*(None, None, ""),),
}


@pytest.mark.parametrize("text", FIRST_CAUSES)
def test_words_beside_a_message_tell_the_first_cause(text: str) -> None:
    said = explain(text).mismatch

    assert (said.tensor, said.axis, said.first_cause) == FIRST_CAUSES[text]


FIXES = {
    "several GPUs, " + CLASS_OF_LSTM + "and a GRU\n" + SHAPES.format("", "2, 32, 9", "2, 8, 9"): (
        "h_0 = torch.zeros(2, x.size(0), 9)  # x.size(1) without batch_first"
    ),
    SHAPES.format("", "1, 6, 1", "1, 6, 96") + " of a GRU": "nn.GRU(input_size, 96)",
    OF_TARGET.format("lstm_4", "70, 80", "70, 1"): "keras.layers.Dense(1)  # after the recurrent layer",
    "an LSTM\n" + FEED: "x = tf.placeholder(tf.float32, [None, None, 7])",
    "dynamic_rnn\n" + OF_AXES.format(5, "9,?,4,6,2"): "x = tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1], 48])",
    "dynamic_rnn\n" + OF_AXES.format(5, "9,?,4,?,2"): "x = tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1], features])",
}


@pytest.mark.parametrize("text", FIXES)
def test_the_line_of_the_first_cause_has_the_sizes_of_the_message(text: str) -> None:
    assert explain(text).mismatch.causes[0].fix == FIXES[text]


def test_a_layer_that_gets_an_empty_x_keeps_the_size_that_it_expects() -> None:
    explanation = explain(FEATURES.format(0))

    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((48,), (0,))
    assert explanation.configuration and explanation.configuration.features == 48


def test_a_name_of_a_state_in_a_graph_is_written_as_it_is() -> None:
    said = explain("INVALID_ARGUMENT : Invalid rank for input: GRU__7_inState Got: 4 Expected: 3").mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == ("h_0", "rank", 3, 4)
    assert said.causes[0].fix == "GRU__7_inState = GRU__7_inState[0]"


OF_PAIR = """
encoder = EncoderLSTM(input_size=700, hidden_size=24)
    score = torch.tanh(self.query(hidden[0]) + self.key(encoder_outputs))
RuntimeError: The size of tensor a (4) must match the size of tensor b (9) at non-singleton dimension 1
"""


def test_h_of_a_pair_has_an_axis_of_layers_and_none_of_steps() -> None:
    explanation = explain(OF_PAIR)
    first = explanation.mismatch.causes[0]

    assert (explanation.mismatch.axis, first.id) == ("order", "attention_axis")
    assert first.fix == "score = torch.tanh(self.query(hidden[0][-1].unsqueeze(1)) + self.key(encoder_outputs))"
    assert explanation.configuration and explanation.configuration.features is None  # the words of an own class


def test_an_h_of_a_gru_has_no_axis_of_layers() -> None:
    assert explain(OF_PAIR.replace("LSTM", "GRU")).mismatch.axis == "rank"


COLUMNS = """
both = np.concatenate(({}), axis=1)
ValueError: all the input array dimensions for the concatenation axis must match exactly, but along dimension 0, the
array at index 0 has size 6 and the array at index 1 has size 4
h_prev : (6, {})
x_t : (4, 9)
"""


def test_samples_in_columns_are_joined_along_the_first_axis() -> None:
    explanation = explain(COLUMNS.format("h_prev, x_t", 9))
    network = explanation.configuration

    assert (explanation.mismatch.axis, explanation.mismatch.first_cause) == ("order", "join_of_columns")
    assert explanation.mismatch.causes[0].fix == "np.concatenate((h_prev, x_t), axis=0)"
    assert network and (network.batch_size, network.features, network.num_units) == (9, 4, 6)


def test_other_columns_are_no_samples() -> None:
    assert explain(COLUMNS.format("h_prev, x_t", 8)).mismatch.first_cause != "join_of_columns"


OUTPUT = """
import numpy as np
x = np.ones((30, 3))
u = np.random.randn(7, 3)
w = np.random.randn(7, 7)
v = np.random.randn(3, 7)
def step(x_t, h):
    h = np.tanh(np.dot(u, x_t) + np.dot(h, w))
    o = np.dot(h, v)
    return o
for x_t in x:
    step(x_t, np.zeros((7, 7)))
ValueError: shapes (7,7) and (3,7) not aligned: 7 (dim 1) != 3 (dim 0)
"""


def test_the_shapes_of_a_program_tell_which_product_failed() -> None:
    said = explain(OUTPUT).mismatch

    assert (said.tensor, said.axis) == ("dense_kernel", "order")
    assert said.causes[0].lines == (("o = np.dot(h, v)", "o = np.dot(v, h)"),)


CALLER = """Traceback (most recent call last):
  File "/home/me/tool/recurrent.py", line 31, in fprop
    self.backend.product(self.W_recur, {}, gates)
  File "/home/me/tool/backend.py", line 9, in product
    np.dot(a.data, b.data, out)
ValueError: shapes (80,20) and (20,1,1) not aligned: 20 (dim 1) != 1 (dim 1)
"""


def test_a_call_in_a_traceback_names_the_factors_of_a_product() -> None:
    explanation = explain(CALLER.format("h_prev"))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("h_0", "rank")
    assert explanation.configuration and explanation.configuration.num_units == 20
    with pytest.raises(NotFoundError):
        explain(CALLER.format("image"))
