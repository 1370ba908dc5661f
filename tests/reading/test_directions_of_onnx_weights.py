"""Weights of ONNX that differ in the number of directions alone, or in the biases, and the lines that correct them."""

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from app.reading.errors.explanation import explain

UNITS, FEATURES = 4, 3
INPUTS = {"GRU": ["X", "W", "R", "B"], "LSTM": ["X", "W", "R", "B", "", "", "", "P"]}
ROWS = {"GRU": 3, "LSTM": 4}
"""The operators, with the blocks of rows in their weights."""


def arrays_of(operator: str, directions: int) -> dict[str, Any]:
    rows = ROWS[operator] * UNITS
    weights = {"W": (rows, FEATURES), "R": (rows, UNITS), "B": (2 * rows,)}
    weights |= {"P": (3 * UNITS,)} if operator == "LSTM" else {}
    x = np.ones((6, 2, FEATURES), np.float32)
    return {"X": x, **{name: np.ones((directions, *shape), np.float32) for name, shape in weights.items()}}


def run(operator: str, arrays: dict[str, Any], **attributes: Any) -> tuple[int, ...]:
    """The shape of Y."""
    node = helper.make_node(operator, INPUTS[operator], ["Y"], **attributes)
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * arrays[name].ndim) for name in arrays]
    graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    options = SessionOptions()
    options.log_severity_level = 4
    (y,) = InferenceSession(model.SerializeToString(), options).run(None, arrays)
    return tuple(y.shape)


def attributes_of(directions: int) -> dict[str, Any]:
    return {"hidden_size": UNITS, **({"direction": "bidirectional"} if directions == 2 else {})}


def message_of(operator: str, arrays: dict[str, Any], directions: int) -> str:
    with pytest.raises(Exception) as raised:
        run(operator, arrays, **attributes_of(directions))
    return f"{raised.type.__name__}: {raised.value}"


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize(
    ("operator", "name"), [("GRU", "R"), ("GRU", "B"), ("LSTM", "R"), ("LSTM", "B"), ("LSTM", "P")]
)
def test_weights_get_the_directions_of_the_node_and_of_w(operator: str, name: str, directions: int) -> None:
    arrays = arrays_of(operator, directions)
    arrays[name] = arrays_of(operator, 3 - directions)[name]

    (only,) = explain(message_of(operator, arrays, directions)).mismatch.causes

    assert only.id == "directions_of_weights"
    exec(only.fix, {"np": np}, arrays)
    assert run(operator, arrays, **attributes_of(directions)) == (6, directions, 2, UNITS)


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("operator", ROWS)
def test_a_node_gets_the_directions_of_w_because_w_is_checked_first(operator: str, directions: int) -> None:
    arrays = arrays_of(operator, 3 - directions)

    (only,) = explain(message_of(operator, arrays, directions)).mismatch.causes

    def make_node(made: str, inputs: list[str], outputs: list[str], **attributes: Any) -> tuple[str, dict[str, Any]]:
        return made, attributes

    made, attributes = eval(only.fix, {"make_node": make_node})
    assert made == operator
    assert run(operator, arrays, **attributes) == (6, 3 - directions, 2, UNITS)


@pytest.mark.parametrize(
    ("operator", "columns", "made", "units"),
    [("LSTM", 2 * 4 * 7, "LSTM", 7), ("GRU", 2 * 3 * 5, "GRU", 5), ("LSTM", 2 * 3 * UNITS, "GRU", UNITS)],
)
def test_a_bias_of_onnx_has_the_biases_of_both_kernels(operator: str, columns: int, made: str, units: int) -> None:
    arrays = {**arrays_of(operator, 1), "B": np.ones((1, columns), np.float32)}

    (only,) = explain(message_of(operator, arrays, 1)).mismatch.causes

    assert only.fix == f"make_node('{made}', ['X', 'W', 'R', 'B'], ['Y'], hidden_size={units})"


@pytest.mark.parametrize("name", ["W", "R", "B", "P"])
@pytest.mark.parametrize(("expected", "got"), [("{2}", "{1}"), ("{3,8,2}", "{1,8,2}"), ("{1,8,2,5}", "{2,8,2,5}")])
def test_other_axes_are_none_of_directions(name: str, expected: str, got: str) -> None:
    message = f"while running LSTM node. Name:'' Status Message: Input {name} must have shape {expected}. Actual:{got}"

    assert "directions_of_weights" not in [one.id for one in explain(message).mismatch.causes]
