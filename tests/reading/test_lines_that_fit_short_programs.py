"""The corrected line is one of the program: with its names, its numbers, and what else stands in it.

PyTorch 2.13 and 1.0, Keras 3.15 and 2.15, and ONNX Runtime 1.20 raised the messages for such programs.
"""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause


def traceback(line: str) -> str:
    return f'\nTraceback (most recent call last):\n  File "/home/me/run.py", line 30, in <module>\n    {line}\n'


def first_cause(program: str, line: str, message: str) -> Cause:
    return explain(f"{program}{traceback(line)}{message}\n").mismatch.causes[0]


# -- ONNX --------------------------------------------------------------------------------------------------------------

GRAPH = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

def {signature}:
    return helper.make_tensor(name, TensorProto.FLOAT, dims, np.zeros(dims).ravel())

node = helper.make_node("LSTM", ["X", "Wx", "Rh", "", "", "", "start", "peep"], ["Y"], hidden_size=7)
{arrays}
graph = helper.make_graph([node], "g", [x], [y], arrays)
run = ort.InferenceSession(helper.make_model(graph).SerializeToString())
run.run(None, {{"X": np.zeros({x}, np.float32)}})
"""

REFUSED = (
    "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running LSTM node. Name:'' Status Message: "
)

SIZES = {"Wx": (1, 28, 3), "Rh": (1, 28, 7), "start": (1, 4, 7), "peep": (1, 21)}


def graph(signature: str, other: dict[str, tuple[int, ...]], x: str = "(6, 4, 3)") -> str:
    starred = "*dims" in signature
    sizes = {name: ", ".join(map(str, shape)) for name, shape in (SIZES | other).items()}
    calls = [f'constant("{name}", {of if starred else f"[{of}]"})' for name, of in sizes.items()]
    arrays = "\n".join(f"a{n} = {one}" for n, one in enumerate(calls)) + "\narrays = [a0, a1, a2, a3]"
    return GRAPH.format(signature=signature, arrays=arrays, x=x)


@pytest.mark.parametrize("signature", ["constant(name, *dims)", "constant(name, dims)"])
@pytest.mark.parametrize(
    ("name", "said", "right", "wrong"),
    [
        ("Rh", "R", (1, 28, 7), (1, 7, 28)),
        ("start", "initial_c", (1, 4, 7), (1, 1, 7)),
        ("peep", "P", (1, 21), (1, 28)),
    ],
)
def test_an_array_that_a_function_of_the_program_makes_is_corrected_where_its_sizes_stand(
    signature: str, name: str, said: str, right: tuple[int, ...], wrong: tuple[int, ...]
) -> None:
    line = 'run.run(None, {"X": np.zeros((6, 4, 3), np.float32)})'
    needed, came = ("{" + ",".join(map(str, shape)) + "}" for shape in (right, wrong))
    message = f"{REFUSED}Input {said} must have shape {needed}. Actual:{came}"

    likely = first_cause(graph(signature, {name: wrong}), line, message)

    assert len(likely.lines) == 1
    assert likely.fix in graph(signature, {})
    assert f'"{name}", ' in likely.fix


def test_the_kernel_says_the_features_of_an_x_that_lacks_an_axis() -> None:
    line = 'run.run(None, {"X": np.zeros((6, 3), np.float32)})'
    message = f"{REFUSED}Input X must have 3 dimensions only. Actual:{{6,3}}"

    explanation = explain(f"{graph('constant(name, *dims)', {}, '(6, 3)')}{traceback(line)}{message}\n")

    assert explanation.configuration and explanation.configuration.features == 3
    assert [one.id for one in explanation.mismatch.causes] == ["missing_axis"]


# -- PyTorch -----------------------------------------------------------------------------------------------------------

PACKED = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.randn({x})
"""


@pytest.mark.parametrize(
    ("x", "call", "fixed"),
    [
        (
            "4, 8, 5",
            "pack_padded_sequence(x, [2, 8, 5, 3], batch_first=True)",
            "pack_padded_sequence(x[[1, 2, 3, 0]], [8, 5, 3, 2], batch_first=True)",
        ),
        ("8, 3, 5", "pack_padded_sequence(x, [6, 8, 1])", "pack_padded_sequence(x[:, [1, 0, 2]], [8, 6, 1])"),
    ],
)
def test_lengths_in_the_call_are_sorted_with_the_samples_of_x(x: str, call: str, fixed: str) -> None:
    message = "ValueError: lengths array has to be sorted in decreasing order"

    likely = first_cause(f"{PACKED.format(x=x)}packed = {call}\n", f"packed = {call}", message)

    assert likely.fix == f"packed = {fixed}"


def test_an_x_without_steps_gets_as_many_as_its_lengths_count() -> None:
    line = "pack_padded_sequence(x, [4, 2, 1], batch_first=True)"

    likely = first_cause(PACKED.format(x="3, 0, 6") + line, line, "RuntimeError: Cannot pack empty tensors.")

    assert likely.lines == (("x = torch.randn(3, 0, 6)", "x = torch.randn(3, 4, 6)"),)
    assert likely.sentence.values == {"steps": 4}


def test_an_x_that_is_packed_says_its_sizes_without_any_layer() -> None:
    line = "packed = pack_padded_sequence(x, n, batch_first=True)"
    program = f"{PACKED.format(x='3, 8, 6')}n = torch.ones(3, 1)\n{line}\n"
    message = "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor"

    network = explain(program + traceback(line) + message).configuration

    assert network and (network.batch_size, network.time_step, network.features) == (3, 8, 6)


# -- Keras -------------------------------------------------------------------------------------------------------------

KERAS = "import numpy as np\nimport keras\n\n"


def test_a_layer_that_keeps_its_state_gets_the_samples_of_its_first_call() -> None:
    calls = 'memory(np.zeros((9, 6, 2), "float32"))\nmemory(np.ones((4, 6, 2), "float32"))\n'
    program = f"{KERAS}memory = keras.layers.GRU(11, stateful=True)\n{calls}"
    message = (
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial"
        " state. \n- Expected batch size: 9\n- Received batch size: 4"
    )

    likely = first_cause(program, 'memory(np.ones((4, 6, 2), "float32"))', message)

    assert likely.fix == 'memory(np.ones((9, 6, 2), "float32"))'


@pytest.mark.parametrize(
    ("fit", "size"), [("", "1"), ("model.fit(x, y)\n", "32"), ("model.fit(x, y, batch_size=16)\n", "16")]
)
def test_the_line_of_an_input_keeps_its_name_and_gets_the_batch_of_the_training(fit: str, size: str) -> None:
    made = "given = keras.Input(shape=(12, 3))\n"
    line = "kept = keras.layers.LSTM(8, stateful=True)(given)"
    message = (
        "ValueError: When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size:"
        " sequence.shape=(None, 12, 3)"
    )

    likely = first_cause(f"{KERAS}{made}{line}\nmodel = keras.Model(given, kept)\n{fit}", line, message)

    assert likely.fix == f"given = keras.Input(shape=(12, 3), batch_size={size})"


def test_a_batch_size_that_no_line_makes_is_a_number() -> None:
    line = "net.add(layers.GRU(9, stateful=True, input_shape=(14, 6)))"
    program = f"from tf_keras import Sequential, layers\n\nnet = Sequential()\n{line}\n"
    message = (
        "ValueError: If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input"
        " tensors:"
    )

    assert "batch_input_shape=(1, 14, 6)" in first_cause(program, line, message).fix
    named = program.replace("net = S", "batch_size = 5\nnet = S")
    assert "batch_input_shape=(batch_size, 14, 6)" in first_cause(named, line, message).fix


def test_the_line_of_images_keeps_the_sizes_that_stand_in_it() -> None:
    line = "maps = keras.layers.ConvLSTM2D(4, 3)(film)"
    program = f"{KERAS}film = keras.Input((7, None, 32, 2))\n{line}\n"
    message = (
        "ValueError: ConvLSTM layers only support static input shapes for the spatial dimension. Received invalid input"
        " shape: input_shape=(None, None, 32, 2)"
    )

    assert first_cause(program, line, message).fix == "film = keras.Input((7, rows, 32, 2))"


def test_a_single_state_says_its_samples() -> None:
    message = (
        "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received"
        " `state_spec`=ListWrapper([InputSpec(shape=(6, 18), ndim=2)]); however `cell.state_size` is [18, 18]"
    )
    network = explain(message).configuration

    assert network and (network.batch_size, network.num_units) == (6, 18)


@pytest.mark.parametrize(("made", "is_said"), [("", True), ("nn.LSTM(5, 30, proj_size=10)\n", False)])
def test_a_picture_without_the_projection_of_its_first_cause_says_so(made: str, is_said: bool) -> None:
    text = (
        made + traceback("y, s = lstm(x, (h, c))") + "RuntimeError: Expected hidden[1] size (1, 3, 30), got [1, 3, 10]"
    )
    mismatch = explain(text).mismatch

    assert mismatch.first_cause == "projected_state"
    assert bool(mismatch.note) is is_said
