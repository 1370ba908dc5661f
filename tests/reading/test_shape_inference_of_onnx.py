"""The messages of ONNX's inference of shapes are explained, for each recurrent operator and for each set of them."""

import pytest
from onnx import TensorProto, helper, shape_inference

from app.reading.errors.explanation import NotFoundError, explain

STEPS, BATCH, FEATURES, UNITS = 7, 5, 3, 8

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}

CELLS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}


def message(operator: str, opset: int, x: tuple[int, ...], output: str = "Y", declared: tuple[int, ...] = ()) -> str:
    """The message about an operator that reads ``x``, of whose outputs one may be declared with a shape."""
    rows = GATES[operator] * UNITS
    shapes = {"X": x, "W": (1, rows, FEATURES), "R": (1, rows, UNITS)}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    node = helper.make_node(operator, [*shapes], ["Y", "Y_h"], hidden_size=UNITS)
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, declared or None)]
    graph = helper.make_graph([node], "g", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    with pytest.raises(shape_inference.InferenceError) as raised:
        shape_inference.infer_shapes(model, strict_mode=True)
    return f"onnx.onnx_cpp2py_export.shape_inference.{raised.type.__name__}: {raised.value}"


@pytest.mark.parametrize("operator", GATES)
@pytest.mark.parametrize("opset", [7, 14, 21, 22])
@pytest.mark.parametrize("x", [(STEPS, FEATURES), (STEPS, BATCH, FEATURES, 1)])
def test_an_x_with_another_number_of_axes_and_the_operator_are_known(
    operator: str, opset: int, x: tuple[int, ...]
) -> None:
    explanation = explain(message(operator, opset, x))

    assert (explanation.framework, explanation.found.cell) == ("onnx", CELLS[operator])
    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "rank")
    assert explanation.mismatch.expected == 3
    assert explanation.mismatch.got in (len(x), None)  # which the messages before the 22nd set do not say
    if opset >= 22:
        assert explanation.mismatch.got == len(x)


@pytest.mark.parametrize("operator", GATES)
def test_an_output_is_declared_with_another_number_of_axes(operator: str) -> None:
    mismatch = explain(message(operator, 14, (STEPS, BATCH, FEATURES), declared=(STEPS, BATCH, UNITS))).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 4, 3)


@pytest.mark.parametrize("operator", GATES)
def test_an_output_is_declared_with_another_number_of_units(operator: str) -> None:
    declared = (STEPS, 1, BATCH, UNITS + 1)
    explanation = explain(message(operator, 22, (STEPS, BATCH, FEATURES), declared=declared))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis) == ("output", "num_units")
    assert (mismatch.expected, mismatch.got) == ((UNITS,), (UNITS + 1,))
    assert network and network.num_units == UNITS


def test_an_operator_that_is_not_recurrent_is_not_explained() -> None:
    text = message("GRU", 14, (STEPS, BATCH, FEATURES), declared=(STEPS, BATCH, UNITS))

    with pytest.raises(NotFoundError):
        explain(text.replace("op_type:GRU", "op_type:MatMul"))
