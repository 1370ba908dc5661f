"""An x of PyTorch whose features are in two axes, and a line that gives an input of a model of ONNX another value.

PyTorch 2.13 and ONNX Runtime 1.32 raised the messages for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, network, pasted, traceback

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain

IMAGES = f"""{TORCH}
clips = torch.randn(6, 14, 3, 7)
net = nn.{{cell}}(21, 11{{batch_first}})
y, _ = net(clips)
"""
OF_RANK = "ValueError: {}: Expected input to be 2D or 3D, got 4D{} instead"


@pytest.mark.parametrize("cell", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("batch_first", "sizes"), [("", (14, 6, 21, 11)), (", batch_first=True", (6, 14, 21, 11))])
def test_features_in_two_axes_are_flattened_in_the_call(cell: str, batch_first: str, sizes: tuple[int, ...]) -> None:
    program = IMAGES.format(cell=cell, batch_first=batch_first)
    explanation = explain(pasted(program, ["y, _ = net(clips)"], OF_RANK.format(cell, " tensor" * (cell == "RNN"))))

    assert explanation.mismatch.causes[0].lines == (("y, _ = net(clips)", "y, _ = net(clips.flatten(2))"),)
    assert network(explanation) == sizes


def test_features_in_two_axes_that_do_not_fit_say_no_sizes() -> None:
    program = IMAGES.format(cell="GRU", batch_first="").replace("3, 7", "3, 8")
    explanation = explain(pasted(program, ["y, _ = net(clips)"], OF_RANK.format("GRU", "")))

    assert network(explanation) == (None, None, 21, 11)


def test_a_line_for_x_has_the_name_in_the_traceback() -> None:
    causes = explain(traceback(["y, _ = gru(clips)"], OF_RANK.format("GRU", ""))).mismatch.causes

    assert causes[0].fix == "clips = clips.flatten(2)"


FEEDS = """import numpy as np
import onnxruntime as ort
def array(*sizes):
    return np.ones(sizes, np.float32)
arrays = {{"X": array(8, 5, 3), "W": array(1, 27, 3), "R": array(1, 27, 9){first}}}
{later}session = ort.InferenceSession("gru.onnx")
y = session.run(None, arrays)[0]
"""
OF_BIAS = (
    "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero"
    " status code returned while running GRU node. Name:'' Status Message: Input B must have shape {1,6*9}."
    " Actual:{1,27}"
)


@pytest.mark.parametrize(
    ("first", "later"), [(', "B": array(1, 27)', ""), ("", 'arrays["B"] = array(1, 27)\n')], ids=("literal", "item")
)
def test_a_line_for_an_input_of_onnx_changes_it_in_its_dictionary(first: str, later: str) -> None:
    program = FEEDS.format(first=first, later=later)
    explanation = explain(pasted(program, ["y = session.run(None, arrays)[0]"], OF_BIAS))
    (cause,) = explanation.mismatch.causes

    assert cause.fix == 'arrays["B"] = np.concatenate((arrays["B"], np.zeros_like(arrays["B"])), axis=1)'
    assert not is_general(explanation.found, cause)
