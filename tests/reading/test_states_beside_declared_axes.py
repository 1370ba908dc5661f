"""A program of ONNX Runtime that declares the axes of x by their names, and makes a state from one of them.

Version 1.32 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto as T, helper, numpy_helper as N

{alias}
made = lambda *sizes: np.ones(sizes, np.float32)
node = helper.make_node("GRU", ["audio", "W", "R", "", "", "h"], ["y"], hidden_size=10)
graph = helper.make_graph(
    [node],
    "g",
    [{info}("audio", T.FLOAT, [{names}, 4]), {info}("h", T.FLOAT, [1, None, 10])],
    [{info}("y", T.FLOAT, None)],
    [N.from_array(made(1, 30, 4), "W"), N.from_array(made(1, 30, 10), "R")],
)
session = ort.InferenceSession(helper.make_model(graph).SerializeToString())


def answer(audio):
    first = np.zeros((1, {size}, 10), np.float32)
    return session.run(None, {{"audio": audio, "h": first}})


answer(np.ones((9, 6, 4), np.float32))
"""
LINES = ["answer(np.ones((9, 6, 4), np.float32))", 'return session.run(None, {"audio": audio, "h": first})']
MESSAGE = (
    "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running GRU node. Name:'' "
    "Status Message: Input initial_h must have shape {1,6,10}. Actual:{1,9,10}"
)
INFO = "helper.make_tensor_value_info"


def text(size: str, names: str = '"frames_of_time", "batch"', alias: str = "", info: str = INFO) -> str:
    return pasted(PROGRAM.format(size=size, names=names, alias=alias, info=info), LINES, MESSAGE)


@pytest.mark.parametrize("size", ["audio.shape[0]", "len(audio)"])
@pytest.mark.parametrize(("alias", "info"), [("", INFO), (f"info = {INFO}", "info")])
def test_a_state_with_the_steps_of_a_declared_x_is_wrong_and_not_x(size: str, alias: str, info: str) -> None:
    said = text(size, alias=alias, info=info)

    assert causes_and_lines(said) == (
        ("h_0", "batch_size", ["other_batch"]),
        {
            f"first = np.zeros((1, {size}, 10), np.float32)": "first = np.zeros((1, audio.shape[1], 10), np.float32)",
        },
    )
    assert network(explain(said)) == (6, 9, 4, 10)


@pytest.mark.parametrize("values", [("9", '"steps", "batch"'), ("audio.shape[0]", "None, None")])
def test_without_names_or_with_a_number_the_axes_of_x_may_be_exchanged(values: tuple[str, str]) -> None:
    mismatch = explain(text(*values)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("x", "order", "exchanged_axes")
