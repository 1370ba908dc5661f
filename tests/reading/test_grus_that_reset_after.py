"""GRUs that apply the reset gate after the product with the recurrent kernel, as the program says."""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.url_state.state_of_configuration import state_of_error

ONNX = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

node = helper.make_node("GRU", ["X", "W", "R", "B", "", "h0"], ["Y", "Y_h"], hidden_size=44, linear_before_reset=1)
feeds = {"X": np.ones((29, 20, 9), np.float32), "h0": np.zeros((1, 1, 44), np.float32)}
session = ort.InferenceSession("gru.onnx")
y, y_h = session.run(None, feeds)
"""
OF_ONNX = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running GRU node. Name:'' Status Message: Input initial_h must have shape {1,20,44}. Actual:{1,1,44}"
)
"""ONNX Runtime 1.32 raised it."""


@pytest.mark.parametrize(
    ("said", "is_after", "cell"),
    [
        (", linear_before_reset=1", True, "gru_reset_after"),
        (", linear_before_reset=0", False, "gru"),
        ("", False, "gru"),
        (", linear_before_reset=flag", None, "gru"),
        (", **attributes", None, "gru"),
    ],
)
def test_a_node_of_onnx_says_where_it_resets(said: str, is_after: bool | None, cell: str) -> None:
    program = ONNX.replace(", linear_before_reset=1", said)
    explanation = explain(pasted(program, ["y, y_h = session.run(None, feeds)"], OF_ONNX))
    assert explanation.configuration

    state = state_of_error(explanation, explanation.configuration)

    assert state
    assert (explanation.resets_after, state.cell) == (is_after, cell)
