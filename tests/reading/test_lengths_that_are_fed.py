"""Equal lengths that a program makes for a model of ONNX, as many as x has steps.

ONNX Runtime 1.32 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import ids, pasted

from app.reading.errors.explanation import explain

SOURCE = """import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FRAMES, CLIPS = 14, 6
def of_normal(*sizes): return numpy_helper.from_array(np.random.rand(*sizes).astype("float32"), "WR"[sizes[-1] == 8])
node = helper.make_node("GRU", ["audio", "W", "R", "", "count"], ["", "last"], hidden_size=8)
inputs = [
    helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["frames", "clips", 5]),
    helper.make_tensor_value_info("count", TensorProto.INT32, ["n"]),
]
outputs = [helper.make_tensor_value_info("last", TensorProto.FLOAT, None)]
graph = helper.make_graph([node], "g", inputs, outputs, [of_normal(1, 24, 5), of_normal(1, 24, 8)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
session = onnxruntime.InferenceSession(model.SerializeToString())
audio = np.random.rand(FRAMES, CLIPS, 5).astype(np.float32)
count = MADE
(last,) = session.run(["last"], {"audio": audio, "count": count})
print(last.shape)
"""
CALL = '(last,) = session.run(["last"], {"audio": audio, "count": count})'
ERROR = (
    "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero"
    " status code returned while running GRU node. Name:'' Status Message: Input sequence_lens must have shape {6}."
    " Actual:{14}"
)
MADE = [
    ("np.full(FRAMES, FRAMES, np.int32)", "np.full(audio.shape[1], FRAMES, np.int32)"),
    ("np.full((14,), FRAMES, np.int32)", "np.full((audio.shape[1],), FRAMES, np.int32)"),
    ("np.array([14] * len(audio), dtype=np.int32)", "np.array([14] * audio.shape[1], dtype=np.int32)"),
    ('np.repeat(FRAMES, FRAMES).astype("int32")', 'np.repeat(FRAMES, audio.shape[1]).astype("int32")'),
]


@pytest.mark.parametrize(("made", "corrected"), MADE)
def test_as_many_lengths_are_made_as_x_has_samples(made: str, corrected: str) -> None:
    mismatch = explain(pasted(SOURCE.replace("MADE", made), [CALL], ERROR)).mismatch

    assert (mismatch.tensor, mismatch.axis, ids(mismatch)) == ("lengths", "batch_size", ["lengths"])
    assert mismatch.causes[0].lines == ((f"count = {made}", f"count = {corrected}"),)


def test_lengths_that_are_made_before_x_get_the_size_of_its_batch() -> None:
    made = "np.full(FRAMES, FRAMES, np.int32)"
    lines = [line for line in SOURCE.split("\n") if line.startswith(("audio = ", "count = "))]
    source = SOURCE.replace("\n".join(lines), "\n".join(lines[::-1])).replace("MADE", made)

    (one,) = explain(pasted(source, [CALL], ERROR)).mismatch.causes

    assert one.lines == ((f"count = {made}", "count = np.full(CLIPS, FRAMES, np.int32)"),)


def test_lengths_with_values_of_their_own_keep_the_general_line() -> None:
    (one,) = explain(pasted(SOURCE.replace("MADE", "measured(audio)"), [CALL], ERROR)).mismatch.causes

    assert not one.is_own
