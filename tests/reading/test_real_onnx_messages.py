"""The messages that ONNX Runtime raises are explained."""

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, checker, helper
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from app.reading.errors.explanation import explain

INPUTS = {
    "X": (4, 3, 2),
    "W": (1, 20, 2),
    "R": (1, 20, 5),
    "B": (1, 40),
    "sequence_lens": (3,),
    "initial_h": (1, 3, 5),
    "initial_c": (1, 3, 5),
    "P": (1, 15),
}
"""The inputs of an LSTM with 5 units that reads 4 steps of 3 samples with 2 features."""


def message(**shapes: tuple[int, ...]) -> str:
    """The message of ONNX Runtime for inputs of which some have another shape."""
    node = helper.make_node("LSTM", [*INPUTS], ["Y"], hidden_size=5)
    kinds = {name: TensorProto.INT32 if name == "sequence_lens" else TensorProto.FLOAT for name in INPUTS}
    inputs = [helper.make_tensor_value_info(name, kinds[name], [None] * len(INPUTS[name])) for name in INPUTS]
    graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    checker.check_model(model)
    options = SessionOptions()
    options.log_severity_level = 4
    arrays: dict[str, Any] = {
        name: np.ones(shape, np.int32 if name == "sequence_lens" else np.float32)
        for name, shape in {**INPUTS, **shapes}.items()
    }
    with pytest.raises(Exception) as raised:
        InferenceSession(model.SerializeToString(), options).run(None, arrays)
    return f"{raised.type.__name__}: {raised.value}"


@pytest.mark.parametrize(
    ("name", "shape", "tensor", "axis"),
    [
        ("W", (1, 20, 7), "kernel", "features"),
        ("W", (1, 15, 2), "kernel", "gates*num_units"),
        ("R", (1, 20, 4), "recurrent_kernel", "num_units"),
        ("B", (1, 20), "bias", "gates*num_units"),
        ("sequence_lens", (2,), "lengths", "batch_size"),
        ("initial_h", (1, 7, 5), "h_0", "batch_size"),
        ("initial_c", (2, 3, 5), "c_0", "num_layers*directions"),
        ("initial_h", (1, 3, 6), "h_0", "num_units"),
        ("P", (1, 10), None, None),
    ],
)
def test_a_message_of_the_real_runtime_is_explained(
    name: str, shape: tuple[int, ...], tensor: str | None, axis: str | None
) -> None:
    explanation = explain(message(**{name: shape}))

    assert explanation.framework == "onnx"
    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == (tensor, axis)
    assert (explanation.mismatch.expected, explanation.mismatch.got) == (INPUTS[name], shape)
