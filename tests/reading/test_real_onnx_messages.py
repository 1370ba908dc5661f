"""The messages that ONNX Runtime raises are explained."""

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, checker, helper
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.url_state.state_of_configuration import state_of_error

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
    inputs: dict[str, Any] = {
        name: np.ones(shape, np.int32 if name == "sequence_lens" else np.float32)
        for name, shape in {**INPUTS, **shapes}.items()
    }
    return message_of("LSTM", inputs)


def message_of(operator: str, arrays: dict[str, Any]) -> str:
    """The message of ONNX Runtime for the inputs of an operator with 5 units."""
    node = helper.make_node(operator, [*INPUTS][: len(arrays)], ["Y"], hidden_size=5)
    kinds = {name: TensorProto.INT32 if name == "sequence_lens" else TensorProto.FLOAT for name in INPUTS}
    inputs = [helper.make_tensor_value_info(name, kinds[name], [None] * len(INPUTS[name])) for name in arrays]
    graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    checker.check_model(model)
    options = SessionOptions()
    options.log_severity_level = 4
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


UNITS = {"GRU": 3, "RNN": 1, "LSTM": 4}
"""The operators, with the blocks of rows in their weights."""


@pytest.mark.parametrize("operator", UNITS)
def test_the_node_that_a_message_names_is_the_cell_whatever_the_source_names(operator: str) -> None:
    rows = UNITS[operator] * 5
    arrays = {
        "X": np.ones((4, 3, 2), np.float32),
        "W": np.ones((1, rows, 2), np.float32),
        "R": np.ones((1, rows, 5), np.float32),
        "B": np.ones((1, 2 * rows), np.float32),
        "sequence_lens": np.array([4, 6, 1], np.int32),
    }
    other = next(one for one in UNITS if one != operator)
    source = f'def session(names, op="{other}"):\n    return helper.make_node(op, names, ["Y"], hidden_size=5)\n'

    explanation = explain(f"{source}\n{message_of(operator, arrays)}")

    network = explanation.configuration
    assert network and (network.cell, network.num_units, network.time_step) == (operator.lower(), 5, 4)


@pytest.mark.parametrize("operator", UNITS)
def test_a_bias_of_both_kernels_says_the_number_of_units(operator: str) -> None:
    rows = UNITS[operator] * 5
    shapes = {"X": (4, 3, 2), "W": (1, rows, 2), "R": (1, rows, 5), "B": (1, rows)}

    network = explain(message_of(operator, {one: np.ones(shapes[one], np.float32) for one in shapes})).configuration

    assert network and (network.cell, network.num_units) == (operator.lower(), 5)


def test_the_weights_of_peepholes_say_the_number_of_units_and_both_shapes() -> None:
    explanation = explain(message(P=(1, 20)))

    network, shapes = explanation.configuration, comparison(explanation)
    assert network and shapes
    assert (network.num_units, network.bidirectional, shapes.expected, shapes.got) == (5, False, (1, 15), (1, 20))
    state = state_of_error(explanation, network)
    assert state and state.cell == "lstm_peephole"
