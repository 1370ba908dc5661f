"""The sizes of an input that only the program says: in a line that a terminal broke, in the input of a model that is
converted, and in the weights of a graph.

PyTorch 2.13, TensorFlow 2.21 and ONNX raised the messages; the corrected model was converted.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

BROKEN = """import torch
from torch import nn
reader = nn.GRU(5, 8, num_layers=3, bidirectional=True, batc
h_first=True)
notes, first = torch.randn(4, 11, 5), torch.zeros(3, 4, 8)
reader(notes, first)

Traceback (most recent call last):
  File "/home/me/notes.py", line 5, in <module>
    reader(notes, first)
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/m
odules/rnn.py", line 362, in check_hidden_size
    raise RuntimeError(msg.format(expected_hidden_size, list
(hx.size())))
RuntimeError: Expected hidden size (6, 4, 8), got [3, 4, 8]
"""


def test_a_word_that_a_terminal_broke_in_a_call_is_whole() -> None:
    explanation = explain(BROKEN)

    assert explanation.batch_first is True
    assert explanation.configuration
    assert explanation.configuration.time_step == 11


NOT_CONVERTED = (
    "ConverterError: <unknown>:0: error: failed while converting: 'main': 'tf.TensorListReserve' op requires"
    " element_shape to be static during TF Lite transformation pass"
)


@pytest.mark.parametrize(
    ("model", "fix"),
    [
        (
            "model = tf.keras.Sequential([tf.keras.layers.GRU(6, input_shape=(9, 4))])",
            "keras.Input((9, 4), batch_size=1)",
        ),
        (
            "tide = tf.keras.Input((9, 4))\nmodel = tf.keras.Model(tide, tf.keras.layers.GRU(6)(tide))",
            "tide = tf.keras.Input((9, 4), batch_size=1)",
        ),
    ],
)
def test_the_input_of_a_converted_model_has_its_steps_and_features(model: str, fix: str) -> None:
    failed = "lite = tf.lite.TFLiteConverter.from_keras_model(model).convert()"
    explanation = explain(f"import tensorflow as tf\n{model}\n{failed}\n\n" + traceback([failed], NOT_CONVERTED))

    assert explanation.configuration
    assert (explanation.configuration.time_step, explanation.configuration.features) == (9, 4)
    assert [one.fix for one in explanation.mismatch.causes] == [fix]


DECLARED = """import numpy as np
import onnx
from onnx import TensorProto, helper
def const(values, label):
    return onnx.numpy_helper.from_array(np.float32(values), label)
weights = [const(np.zeros((1, 15, 7)), "W"), const(np.zeros((1, 15, 5)), "R")]
node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=5)
x = helper.make_tensor_value_info("X", TensorProto.FLOAT, [9, 7])
y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
graph = helper.make_graph([node], "net", [x], [y], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
onnx.shape_inference.infer_shapes(model, strict_mode=True)
"""


def test_the_kernel_and_the_declared_axes_say_what_the_inference_of_shapes_does_not() -> None:
    error = (
        "onnx.onnx_cpp2py_export.shape_inference.InferenceError: [ShapeInferenceError] Inference error(s):"
        " (op_type:GRU): [ShapeInferenceError] First input tensor must have rank 3"
    )
    explanation = explain(f"{DECLARED}\n{traceback([DECLARED.strip().split(chr(10))[-1]], error)}")

    assert (explanation.mismatch.expected, explanation.mismatch.got) == (3, 2)
    assert explanation.configuration
    assert explanation.configuration.features == 7
