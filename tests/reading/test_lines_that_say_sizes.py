"""The program's own line that says a size: the call of a function that makes a model, or the array that is fed.

Keras 3.15 and ONNX Runtime raised the messages for these programs, which run with the corrected lines.
"""

from pasted_programs import first_cause_and_lines, pasted

KERAS = """
import numpy as np
from tensorflow import keras

SENSORS = ["heat", "wind", "rain", "sun"] + ["target"]


def forecaster(frames, channels, width=18):
    given = keras.Input((frames, channels))
    return keras.Model(given, keras.layers.Dense(1)(keras.layers.GRU(width)(given)))


def main(frames=12):
    model = forecaster(frames, len(SENSORS) - 1)
    model.compile("adam", "mse")
    model.fit(np.zeros((40, frames, len(SENSORS))), np.zeros((40, 1)), batch_size=8, verbose=0)


main()
"""

OTHER_FEATURES = (
    "ValueError: Input 0 with name 'input_layer' of layer 'functional' is incompatible with the"
    " layer: expected shape=(None, 12, 4), found shape=(8, 12, 5)"
)

ONNX = """
import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

FEATURES, WIDTH = 7, 21


def session():
    rng = np.random.default_rng(5)
    made = {"W": (2, 4 * WIDTH, FEATURES), "R": (2, 4 * WIDTH, WIDTH)}
    weights = [numpy_helper.from_array(rng.normal(size=shape).astype("float32"), name) for name, shape in made.items()]
    node = helper.make_node(
        "LSTM", ["X", "W", "R", "", "", "initial_h"], ["Y"], hidden_size=WIDTH, direction="bidirectional"
    )
    given = [("X", ["t", "n", FEATURES]), ("initial_h", ["d", "n", "u"])]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in given]
    outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["t", 2, "n", WIDTH])]
    graph = helper.make_graph([node], "reader", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main(samples=6, frames=15):
    x = np.ones((frames, samples, FEATURES), "float32")
    before = np.zeros((1, samples, WIDTH), dtype="float32")
    (y,) = session().run(None, {"X": x, "initial_h": before})
    print(y.shape)


main()
"""

OTHER_STATE = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero"
    " status code returned while running LSTM node. Name:'' Status Message: Input initial_h mus"
    "t have shape {2,6,21}. Actual:{1,6,21}"
)


def test_the_call_of_a_function_that_makes_a_model_says_the_features() -> None:
    frames = ["main()", KERAS.split("\n")[-5].strip()]
    about, lines = first_cause_and_lines(pasted(KERAS, frames, OTHER_FEATURES))

    assert about == ("x", "features", "other_features")
    assert lines == {
        "model = forecaster(frames, len(SENSORS) - 1)": "model = forecaster(frames, len(SENSORS))",
    }


def test_a_size_that_is_no_part_of_the_one_before_is_a_number() -> None:
    program = KERAS.replace("len(SENSORS) - 1", "4")
    frames = ["main()", KERAS.split("\n")[-5].strip()]
    _, lines = first_cause_and_lines(pasted(program, frames, OTHER_FEATURES))

    assert list(lines.values()) == ["model = forecaster(frames, 5)"]


def test_the_state_that_is_fed_to_a_model_of_onnx_gets_both_directions() -> None:
    frames = ["main()", '(y,) = session().run(None, {"X": x, "initial_h": before})']
    about, lines = first_cause_and_lines(pasted(ONNX, frames, OTHER_STATE))

    assert about == ("h_0", "num_layers*directions", "directions")
    assert lines == {
        'before = np.zeros((1, samples, WIDTH), dtype="float32")': (
            'before = np.zeros((2, samples, WIDTH), dtype="float32")'
        )
    }


WEIGHTS_OF_ONNX = """
import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper


def reader(sensors=5, width=14):
    rng = np.random.default_rng(8)
    w = rng.normal(size=(1, 3 * width, sensors)).astype("float32")
    r = rng.normal(size=(1, 3 * width, width)).astype("float32")
    node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=width)
    inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["t", "n", "f"])]
    outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)]
    weights = [numpy_helper.from_array(w, "W"), numpy_helper.from_array(r, "R")]
    graph = helper.make_graph([node], "reader", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def signal(frames=13, samples=6, sensors=4):
    return np.ones((frames, samples, sensors), "float32")


print(reader().run(None, {"X": signal()})[0].shape)
"""


def test_a_line_of_the_program_comes_before_one_that_prints_a_shape() -> None:
    error = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Non-zero status code returned while running GRU node. Name:'' Status Message: Input W must have shape"
        " {1,42,4}. Actual:{1,42,5}"
    )
    frames = ['print(reader().run(None, {"X": signal()})[0].shape)']
    about, lines = first_cause_and_lines(pasted(WEIGHTS_OF_ONNX, frames, error))

    assert about == ("kernel", "features", "other_size")
    assert list(lines.values()) == ['w = rng.normal(size=(1, 3 * width, 4)).astype("float32")']
