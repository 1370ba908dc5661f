"""What a program declares before the line that failed: the features for which ``build`` of Keras makes weights, the
arrays of a graph of ONNX, the inputs of a model, and the order of a packed sequence."""

import pytest
from pasted_programs import pasted, traceback

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import Explanation, explain

BUILT = """import numpy as np
from keras import layers

reader = layers.GRU(12)
score = layers.Dense(5)
score.build((None, {}))
reader.build((None, None, {}))
print(score(reader(np.zeros((2, 7, 3)))).shape)
"""

INPUT = "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected {}"


@pytest.mark.parametrize(
    ("sizes", "error", "wrong", "fixed"),
    [
        (
            (24, 3),
            INPUT.format("dense", "axis -1 of input shape to have value 24, but received input with shape (2, 12)"),
            *("score.build((None, 24))", "score.build((None, 12))"),
        ),
        (
            (12, 4),
            INPUT.format("gru", "shape=(None, None, 4), found shape=(2, 7, 3)"),
            *("reader.build((None, None, 4))", "reader.build((None, None, 3))"),
        ),
    ],
)
def test_the_line_that_builds_a_layer_gets_the_features_that_come(
    sizes: tuple[int, int], error: str, wrong: str, fixed: str
) -> None:
    program = BUILT.format(*sizes)
    explanation = explain(pasted(program, ["print(score(reader(np.zeros((2, 7, 3)))).shape)"], error))

    assert wrong in program
    assert explanation.mismatch.causes[0].lines == ((wrong, fixed),)


GRAPH = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto as P, helper, numpy_helper

steps, B, width, units = 5, 2, 3, 6
w = numpy_helper.from_array(np.zeros((1, 3 * units, {}), np.float32), "W")
r = numpy_helper.from_array(np.zeros((1, 3 * units, units), np.float32), "R")
both = numpy_helper.from_array(np.zeros((1, {} * units), np.float32), "both")
node = helper.make_node("GRU", ["X", "W", "R", "both"], ["Y"], hidden_size=units)
x = helper.make_tensor_value_info("X", P.FLOAT, ["t", "n", "i"])
y = helper.make_tensor_value_info("Y", P.FLOAT, None)
graph = helper.make_graph([node], "g", [x], [y], [w, r, both])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
session = ort.InferenceSession(model.SerializeToString())
print(session.run(None, {{"X": np.zeros((steps, B, width), np.float32)}})[0].shape)
"""

OF_ONNX = (
    "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero"
    " status code returned while running GRU node. Name:'' Status Message: Input {}"
)


def of_graph(features: str, biases: int, error: str) -> tuple[str, Explanation]:
    program = GRAPH.format(features, biases)
    return program, explain(pasted(program, [program.rstrip().rpartition("\n")[2]], OF_ONNX.format(error)))


@pytest.mark.parametrize(
    ("sizes", "error", "old", "new"),
    [
        (("width", 3), "B must have shape {1,6*6}. Actual:{1,18}", "(1, 3 * units)", "(1, 6 * units)"),
        (("4", 6), "W must have shape {1,18,3}. Actual:{1,18,4}", "3 * units, 4)", "3 * units, width)"),
    ],
)
def test_the_array_of_a_graph_gets_the_sizes_of_the_message(
    sizes: tuple[str, int], error: str, old: str, new: str
) -> None:
    program, explanation = of_graph(*sizes, error)
    ((wrong, fixed),) = explanation.mismatch.causes[0].lines

    assert wrong in program and fixed == wrong.replace(old, new) != wrong


def test_a_number_of_the_program_is_no_array_of_a_correction() -> None:
    error = OF_ONNX.format("B must have shape {1,6*6}. Actual:{1,18}")
    explanation = explain(pasted("steps, B, units = 5, 2, 6\nprint(B)\n", ["session.run(None, {'X': x})"], error))
    (cause,) = explanation.mismatch.causes

    assert cause.fix.startswith("B = ") and is_general(explanation.found, cause)


MODEL = """import numpy as np
import keras

notes = keras.Input((11, 4))
{}model = keras.Model(notes, keras.layers.LSTM(7)(notes))
print(model.predict([np.zeros((3, 11, 4)), np.zeros((3, 2))], verbose=0).shape)
"""

OF_MODELS = (
    "Layer \"functional\" expects 1 named input(s) with keys ['input_layer'], but it received 2 input tensors. Pass"
    " inputs as a dict, e.g. `layer({'input_layer': ...})`.",
    'Layer "functional" expects 1 input(s), but it received 2 input tensors. Inputs received: []',
)


@pytest.mark.parametrize("error", OF_MODELS)
@pytest.mark.parametrize(
    ("other", "wrong", "fixed"),
    [
        ("age = keras.Input((2,))\n", "Model(notes,", "Model([notes, age],"),
        ("", "[np.zeros((3, 11, 4)), np.zeros((3, 2))]", "np.zeros((3, 11, 4))"),
    ],
)
def test_arrays_of_other_shapes_are_no_samples_of_one_input(error: str, other: str, wrong: str, fixed: str) -> None:
    program = MODEL.format(other)
    explanation = explain(pasted(program, [program.rstrip().rpartition("\n")[2]], f"ValueError: {error}"))
    (cause,) = explanation.mismatch.causes

    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((1,), (2,))
    assert cause.id == "number_of_inputs"
    assert cause.wrong in program and cause.fix == cause.wrong.replace(wrong, fixed) != cause.wrong


CELL = """import torch
from torch import nn

cell = nn.LSTMCell(3, 8)
notes = torch.randn({}, 3)
h, c = torch.zeros(5, 8), torch.zeros(5, 8)
h, c = cell(notes, (h, c))
print(h.shape)
"""


@pytest.mark.parametrize(("sizes", "axis"), [("5, 9", 1), ("9, 5", 0)])
def test_a_cell_runs_over_the_axis_that_is_not_that_of_its_samples(sizes: str, axis: int) -> None:
    line = "h, c = cell(notes, (h, c))"
    error = "ValueError: LSTMCell: Expected input to be 1D or 2D, got 3D instead"
    causes = explain(pasted(CELL.format(sizes), [line], error)).mismatch.causes

    assert causes[0].lines == ((line, f"for x_t in notes.unbind({axis}): h, c = cell(x_t, (h, c))"),)


PACKED = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

notes = torch.randn(3, 7, 2)
packed = pack_padded_sequence(notes, torch.tensor([7, 6, 1]))
out, h = nn.LSTM(2, 10)(packed)
"""


def test_a_packed_sequence_has_the_steps_along_which_it_was_packed() -> None:
    error = "RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 3 (batch_size=7)"
    network = explain(pasted(PACKED, ["packed = pack_padded_sequence(notes, torch.tensor([7, 6, 1]))"], error))

    assert network.configuration
    assert (network.configuration.batch_size, network.configuration.time_step) == (7, 3)


DICTIONARY = """from torch import nn


def made(units):
    return nn.ModuleDict({"reader": nn.GRU(4, units), "score": nn.Linear(units, 3)})


old = made(6).state_dict()
model = made(9)
model.load_state_dict(old)
"""

LOADED = """RuntimeError: Error(s) in loading state_dict for ModuleDict:
\tsize mismatch for reader.weight_ih_l0: copying a param with shape torch.Size([18, 4]) from checkpoint, the shape in current model is torch.Size([27, 4]).
\tsize mismatch for reader.weight_hh_l0: copying a param with shape torch.Size([18, 6]) from checkpoint, the shape in current model is torch.Size([27, 9]).
\tsize mismatch for score.weight: copying a param with shape torch.Size([3, 6]) from checkpoint, the shape in current model is torch.Size([3, 9])."""  # noqa: E501


def test_a_layer_that_is_no_attribute_is_not_made_as_one() -> None:
    causes = explain(pasted(DICTIONARY, ["model.load_state_dict(old)"], LOADED)).mismatch.causes

    assert causes[0].lines == (("model = made(9)", "model = made(6)"),)


NODE = """import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper
def const(values, label):
    return onnx.numpy_helper.from_array(np.float32(values), label)
def zeros(*sizes):
    return np.zeros(sizes)
weights = [const(zeros(1, {w}, 5), "W"), const(zeros(1, {r}, 6), "R")]
node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=6)
x = helper.make_tensor_value_info("X", TensorProto.FLOAT, [8, 2, 5])
y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
model = helper.make_model(helper.make_graph([node], "net", [x], [y], weights))
session = ort.InferenceSession(model.SerializeToString())
session.run(None, {{"X": np.zeros((8, 2, 5), "float32")}})
"""
ONE_ARRAY = 'weights = [const(zeros(1, 18, 5), "W"), const(zeros(1, 18, 6), "R")]'


@pytest.mark.parametrize(
    ("w", "r", "shapes", "id", "fix"),
    [
        (24, 18, ("W", "{1,18,5}", "{1,24,5}"), "other_size", ONE_ARRAY),
        (18, 24, ("R", "{1,18,6}", "{1,24,6}"), "other_size", ONE_ARRAY),
        (
            24,
            24,
            ("W", "{1,18,5}", "{1,24,5}"),
            "other_cell",
            'node = helper.make_node("LSTM", ["X", "W", "R"], ["Y"], hidden_size=6)',
        ),
    ],
)
def test_both_kernels_of_a_node_say_whether_it_is_of_another_cell(
    w: int, r: int, shapes: tuple[str, str, str], id: str, fix: str
) -> None:
    name, expected, got = shapes
    program = NODE.format(w=w, r=r)
    error = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Non-zero status code returned while running GRU node. Name:'' Status Message:"
        f" Input {name} must have shape {expected}. Actual:{got}"
    )

    explanation = explain(f"{program}\n{traceback([program.strip().split(chr(10))[-1]], error)}")

    assert [(one.id, one.fix) for one in explanation.mismatch.causes] == [(id, fix)]


FED = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

width, units = 5, 6
node = helper.make_node("{}", ["X", "kernel", "R"], ["Y"], hidden_size=units)
inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 3) for name in ("X", "kernel", "R")]
graph = helper.make_graph([node], "net", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)])
session = ort.InferenceSession(helper.make_model(graph).SerializeToString())
w = np.zeros((1, {} * units, width), "float32")
r = np.zeros((1, {} * units, units), "float32")
feed = {{"X": np.zeros((8, 2, width), "float32"), "kernel": w, "R": r}}
session.run(None, feed)
"""


@pytest.mark.parametrize(
    ("of_w", "of_r", "id", "wrong", "fixed"),
    [
        (4, 3, "other_size", "w = np.zeros((1, 4 * units", "w = np.zeros((1, 3 * units"),
        (4, 4, "other_cell", 'make_node("GRU"', 'make_node("LSTM"'),
    ],
)
def test_kernels_that_a_session_gets_say_whether_the_node_is_of_another_cell(
    of_w: int, of_r: int, id: str, wrong: str, fixed: str
) -> None:
    error = OF_ONNX.format("W must have shape {1,18,5}. Actual:{1,24,5}")

    (cause,) = explain(pasted(FED.format("GRU", of_w, of_r), ["session.run(None, feed)"], error)).mismatch.causes

    assert cause.id == id
    ((old, new),) = cause.lines
    assert wrong in old and new == old.replace(wrong, fixed)


LISTED = """from onnx import TensorProto as P, helper, shape_inference

ranks = {"seq": [9, 14], "w": [1, 4 * 11, 14], "r": [1, 4 * 11, 11]}
infos = INFOS
node = helper.make_node("LSTM", ["seq", "w", "r"], ["out"], hidden_size=11)
graph = helper.make_graph([node], "net", infos, [helper.make_tensor_value_info("out", P.FLOAT, None)])
shape_inference.infer_shapes(helper.make_model(graph), strict_mode=True)
"""
LOOP = """[]
for name, shape in ranks.items():
    infos.append(helper.make_tensor_value_info(name, P.FLOAT, shape))"""


@pytest.mark.parametrize(
    "infos", ["[helper.make_tensor_value_info(key, P.FLOAT, sizes) for key, sizes in ranks.items()]", LOOP]
)
def test_the_shapes_of_all_inputs_may_stand_in_a_dictionary(infos: str) -> None:
    error = (
        "onnx.onnx_cpp2py_export.shape_inference.InferenceError: [ShapeInferenceError] Inference error(s):"
        " (op_type:LSTM): [ShapeInferenceError] First input tensor must have rank 3"
    )
    line = "shape_inference.infer_shapes(helper.make_model(graph), strict_mode=True)"

    found = explain(pasted(LISTED.replace("INFOS", infos), [line], error))

    assert (found.mismatch.expected, found.mismatch.got) == (3, 2)
    assert found.configuration and (found.configuration.features, found.configuration.num_units) == (14, 11)
