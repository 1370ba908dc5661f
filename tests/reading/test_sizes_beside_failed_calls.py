"""What the arguments of the call that failed, and lines beside it, say about sizes that the message does not say.

PyTorch 2.13, Keras 3.15, tf_keras 2.21 and ONNX Runtime 1.32 raised the messages; Keras 2.2 that about input.
"""

import pytest

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import Configuration

FRAME = (
    'Traceback (most recent call last):\n  File "/home/me/read.py", line {n}, in <module>\n    {failed}\n{message}\n'
)


def network(lines: str, message: str) -> Configuration:
    *_, failed = lines.split("\n")
    explanation = explain(f"{lines}\n" + FRAME.format(n=lines.count("\n") + 1, failed=failed, message=message))
    assert explanation.configuration
    return explanation.configuration


def test_a_cell_gets_one_step_of_all_samples() -> None:
    lines = """import torch
from torch import nn
reader = nn.GRUCell(9, 26)
frame = torch.randn(5, 9)
memory = torch.zeros(1, 5, 26)
memory = reader(frame, memory)"""
    found = network(lines, "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead")

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (5, 1, 9, 26)


STATES = """sound = torch.randn(4, 15, 9)
h_first = torch.zeros(2, 4, 12)
c_first = torch.zeros(2, 4, 12)
states, _ = both(sound, (h_first, c_first))"""
OF_STATES = "RuntimeError: Expected hidden[0] size (4, 4, 12), got [2, 4, 12]"


def test_an_array_beside_the_states_of_the_message_is_x() -> None:
    found = network(STATES, OF_STATES)

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (4, 15, 9, 12)


def test_states_of_a_layer_whose_line_is_missing_are_made_with_other_sizes() -> None:
    failed = STATES.split("\n")[-1]
    explanation = explain(f"{STATES}\n" + FRAME.format(n=4, failed=failed, message=OF_STATES))
    (likely, *_) = explanation.mismatch.causes

    assert likely.lines == tuple(
        (f"{one}_first = torch.zeros(2, 4, 12)", f"{one}_first = torch.zeros(4, 4, 12)") for one in "hc"
    )


def test_the_lengths_of_a_packed_sequence_are_those_of_all_samples() -> None:
    lines = """lengths = [14, 9, 5]
reader = nn.LSTM(8, 17, batch_first=True)
packed = pack_padded_sequence(words, lengths, batch_first=True)
output, _ = reader(packed)
padded, _ = pad_packed_sequence(output, batch_first=True, total_length=11)"""
    message = (
        "ValueError: Expected total_length to be at least the length of the longest sequence in input, but got"
        " total_length=11 and max sequence length being 14"
    )
    found = network(lines, message)

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (3, 14, 8, 17)


def test_a_layer_of_keras_is_built_with_its_features() -> None:
    lines = """import keras
reader = keras.layers.GRU(17)
reader.build((None, 8, 5))
reader.set_weights(arrays)"""
    message = (
        "ValueError: You called `set_weights(weights)` on layer 'gru' with a weight list of length 4, but the layer was"
        " expecting 3 weights."
    )
    found = network(lines, message)

    assert (found.time_step, found.features, found.num_units) == (8, 5, 17)


def test_x_says_the_steps_that_a_layer_leaves_open() -> None:
    lines = """import numpy as np
import tf_keras as keras
tide = keras.Sequential([keras.layers.LSTM(9, stateful=True, batch_input_shape=(12, None, 4))])
tide.layers[0](np.zeros((5, 14, 4), "float32"))"""
    message = (
        'ValueError: Input 0 of layer "lstm" is incompatible with the layer: expected shape=(12, None, 4), found'
        " shape=(5, 14, 4)"
    )
    found = network(lines, message)

    assert (found.batch_size, found.time_step, found.features) == (12, 14, 4)


MADE = """import numpy as np
import onnxruntime as ort
from onnx import helper
node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=17)
"""
FED = """sound = np.zeros((13, 3, 6), "float32")
kernel = np.zeros((1, 51, 6), "float32")
recurrent = np.zeros((1, 68, 17), "float32")
session.run(None, {"X": sound, "W": kernel, "R": recurrent})"""


@pytest.mark.parametrize(("before", "steps", "batch"), [(MADE, 13, 3), ("import numpy as np\n", None, None)])
def test_the_array_that_is_fed_as_x_says_its_sizes(before: str, steps: int | None, batch: int | None) -> None:
    message = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Non-zero status code returned while running GRU node. Name:'' Status Message: Input R must have shape"
        " {1,51,17}. Actual:{1,68,17}"
    )
    found = network(before + FED, message)

    assert (found.time_step, found.batch_size, found.features, found.num_units) == (steps, batch, 6, 17)


def test_the_lengths_of_onnx_are_those_of_all_samples() -> None:
    message = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Non-zero status code returned while running GRU node. Name:'' Status Message: Invalid value/s in"
        " sequence_lens. All values must be >= 0 and <= seq_length. seq_length=9"
    )
    found = network('session.run(None, {"X": sound, "sequence_lens": np.array([9, 11, 4, 2], "i4")})', message)

    assert (found.time_step, found.batch_size) == (9, 4)


@pytest.mark.parametrize(
    ("layer", "cell"), [("gru_1_input", "gru"), ("lstm_input", "lstm"), ("simple_rnn_3_input", "rnn")]
)
def test_the_name_of_an_input_is_that_of_its_layer_and_the_call_says_its_batch(layer: str, cell: str) -> None:
    message = (
        f"ValueError: Error when checking input: expected {layer} to have 3 dimensions, but got array with shape"
        " (640, 30)"
    )
    found = network("model.fit(waves, heights, batch_size=20, epochs=3)", message)

    assert (found.cell, found.batch_size) == (cell, 20)


def test_states_in_a_list_with_x_say_the_units_and_become_an_argument() -> None:
    lines = "ears = keras.layers.GRU(13)\nheard = ears([sound, memory])"
    message = (
        'ValueError: Layer "gru" expects 1 input(s), but it received 2 input tensors. Inputs received: [<KerasTensor'
        " shape=(None, 8, 6), dtype=float32, sparse=False, ragged=False, name=keras_tensor>, <KerasTensor shape=(None,"
        " 13), dtype=float32, sparse=False, ragged=False, name=keras_tensor_1>]"
    )
    found = network(lines, message)
    failed = lines.split("\n")[1]
    (likely,) = explain(f"{lines}\n" + FRAME.format(n=2, failed=failed, message=message)).mismatch.causes

    assert (found.time_step, found.features, found.num_units) == (8, 6, 13)
    assert likely.lines == ((failed, "heard = ears(sound, initial_state=memory)"),)


def test_states_that_keras_lists_say_the_units() -> None:
    lines = "ears = made_elsewhere()\nheard = ears(sound, initial_state=[memory, other])"
    states = ", ".join(f"<tf.Tensor 'Placeholder_{n}:0' shape=(None, 13) dtype=float32>" for n in (1, 2))
    message = (
        'ValueError: Exception encountered when calling layer "gru" (type GRU).\n\nLayer has 1 states but was passed 2'
        f" initial states. Received: initial_state=[{states}]\n\nCall arguments received by layer"
        " \"gru\" (type GRU):\n  • inputs=['tf.Tensor(shape=(None, None, 6), dtype=float32)']\n  • mask=None"
    )
    failed = lines.split("\n")[1]
    (likely,) = explain(f"{lines}\n" + FRAME.format(n=2, failed=failed, message=message)).mismatch.causes

    assert network(lines, message).num_units == 13
    assert likely.lines == ((failed, "heard = ears(sound, initial_state=memory)"),)


DICTIONARY = """import numpy as np
import onnxruntime as ort
def made(*shape):
    return np.ones(shape, np.float32)
def run(feeds):
    node = helper.make_node("GRU", list(feeds), ["Y"], hidden_size=7)
    return ort.InferenceSession(model_of(node)).run(None, feeds)
feeds = {feeds}
run(feeds)"""


@pytest.mark.parametrize(
    ("feeds", "message", "sizes"),
    [
        (
            '{"X": made(12, 4, 5), "W": made(1, 5, 21), "R": made(1, 21, 7)}',
            "Input W must have shape {1,21,5}. Actual:{1,5,21}",
            (4, 12, 5),
        ),
        (
            '{"X": made(12, 4, 5), "W": made(1, 5, 21), "R": made(1, 21, 7)}\nfeeds["X"] = read()',
            "Input W must have shape {1,21,5}. Actual:{1,5,21}",
            (None, None, 5),
        ),
        (
            '{"X": made(4, 5), "W": made(1, 21, 5), "R": made(1, 21, 7)}',
            "Input X must have 3 dimensions only. Actual:{4,5}",
            (None, None, 5),
        ),
    ],
)
def test_a_dictionary_of_arrays_for_onnx_says_the_sizes_of_x(
    feeds: str, message: str, sizes: tuple[int | None, ...]
) -> None:
    status = f"Non-zero status code returned while running GRU node. Name:'' Status Message: {message}"
    found = network(
        DICTIONARY.replace("{feeds}", feeds), f"InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : {status}"
    )

    assert (found.batch_size, found.time_step, found.features) == sizes


def test_an_axis_of_steps_or_features_is_no_size_of_the_network() -> None:
    lines = """import keras
import numpy as np
pair = keras.layers.Bidirectional(keras.layers.LSTM(13))
heard = pair(np.zeros((9, 4), "float32"))"""
    message = (
        "ValueError: Input 0 with name 'None' of layer 'bidirectional' is incompatible with the layer: expected ndim=3,"
        " found ndim=2. Full shape received: (9, 4)"
    )

    assert network(lines, message).features is None
    assert network(lines.replace("heard", "pair.build((None, None, 4))\nheard"), message).features == 4


def test_a_layer_that_cannot_have_a_projection_is_an_lstm_in_its_own_line() -> None:
    lines = "from torch import nn\nears = nn.GRU(9, 31, proj_size=8)\nprint(ears)"
    message = "ValueError: proj_size argument is only supported for LSTM, not RNN or GRU"
    (likely,) = explain(f"{lines}\n" + FRAME.format(n=3, failed="print(ears)", message=message)).mismatch.causes

    assert likely.lines == (("ears = nn.GRU(9, 31, proj_size=8)", "ears = nn.LSTM(9, 31, proj_size=8)"),)
