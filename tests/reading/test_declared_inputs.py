"""A program that builds a graph of ONNX with another number of axes of x: the line that declares it is corrected."""

import pytest
from onnx import shape_inference

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain

PROGRAM = """import onnx
from onnx import helper, TensorProto
n_steps, batch, width, units, other = 9, 4, 5, 7, 3
frames = helper.make_tensor_value_info("frames", TensorProto.FLOAT, {shape})
W = helper.make_tensor_value_info("W", TensorProto.FLOAT, [1, {gates} * units, width])
R = helper.make_tensor_value_info("R", TensorProto.FLOAT, [1, {gates} * units, units])
Y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
node = helper.make_node("{operator}", ["frames", "W", "R"], ["Y"], hidden_size=units{layout})
graph = helper.make_graph([node], "g", [frames, W, R], [Y])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", {opset})])
inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
"""
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
TRACEBACK = """Traceback (most recent call last):
  File "/home/me/graph.py", line 11, in <module>
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
onnx.onnx_cpp2py_export.shape_inference.InferenceError: {}
"""


def error_of(program: str) -> str:
    with pytest.raises(shape_inference.InferenceError) as raised:
        exec(program, {})
    return TRACEBACK.format(raised.value)


@pytest.mark.parametrize("operator", GATES)
@pytest.mark.parametrize("opset", [14, 22])
@pytest.mark.parametrize(
    ("shape", "layout", "corrected"),
    [
        ("[batch * n_steps, width]", "", "[n_steps, batch, width]"),
        ("[n_steps * batch, width]", ", layout=1", "[batch, n_steps, width]"),
        ("[n_steps, width]", "", "[n_steps, 1, width]"),
        ('["batch", width]', "", '[1, "batch", width]'),
    ],
)
def test_the_line_that_declares_x_is_corrected_and_the_program_runs(
    operator: str, opset: int, shape: str, layout: str, corrected: str
) -> None:
    program = PROGRAM.format(operator=operator, gates=GATES[operator], shape=shape, layout=layout, opset=opset)

    (cause,) = explain(f"{program}\n{error_of(program)}").mismatch.causes

    assert (cause.id, cause.is_own) == ("declared_axes", True)
    assert cause.lines == (
        (
            f'frames = helper.make_tensor_value_info("frames", TensorProto.FLOAT, {shape})',
            f'frames = helper.make_tensor_value_info("frames", TensorProto.FLOAT, {corrected})',
        ),
    )
    exec(program.replace(*cause.lines[0]), {})


@pytest.mark.parametrize("shape", ["[9, width]", "[other, width]", "[n_steps, batch, width, 1]"])
def test_sizes_without_a_telling_name_are_in_no_line(shape: str) -> None:
    program = PROGRAM.format(operator="GRU", gates=3, shape=shape, layout="", opset=14)
    explanation = explain(f"{program}\n{error_of(program)}")

    (cause,) = explanation.mismatch.causes
    assert (cause.id, is_general(explanation.found, cause)) == ("declared_axes", True)
    assert cause.fix.endswith("[time_step, batch_size, 5])")  # the features of W


def test_an_array_is_no_line_for_a_graph_of_which_a_part_is_shown() -> None:
    program = PROGRAM.format(operator="LSTM", gates=4, shape="[n_steps, width]", layout="", opset=14)
    part = "\n".join(line for line in program.splitlines() if line.startswith(("node", "graph", "model")))

    (cause,) = explain(f"{part}\n{error_of(program)}").mismatch.causes

    assert cause.id == "declared_axes"
    assert "newaxis" not in cause.fix
