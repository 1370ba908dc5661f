"""PyTorch warns of the batch of an exported model, which may run with others all the same.

Version 2.13 raised the warning for these programs, also for a batch of one sample. The exported models ran in ONNX
Runtime with other batches and steps if both are in ``dynamic_axes``.
"""

import pytest

from app.reading.errors.explanation import explain

WARNING = (
    "UserWarning: Exporting a model to ONNX with a batch_size other than 1, with a variable length with LSTM can cause"
    " an error when running the ONNX model with a different batch size."
)
PROGRAM = """import torch
from torch import nn

class Gesture(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 22{order})

    def forward(self, x):
        y, _ = self.lstm(x)
        return y

dummy = torch.randn({sizes}, 6)
torch.onnx.export(Gesture().eval(), {example}, "gesture.onnx", dynamo=False)
"""


def test_a_warning_says_what_may_happen() -> None:
    said = explain(WARNING).mismatch

    assert said.is_warning
    assert "may keep" in str(said.sentence)
    assert [one.fix for one in said.causes] == ["torch.onnx.export(model, x[:1], path)"]


@pytest.mark.parametrize(
    ("order", "sizes", "example", "fixed"),
    [
        (", batch_first=True", "8, 50", "dummy", "dummy[:1]"),
        ("", "50, 8", "dummy", "dummy[:, :1]"),
        (", batch_first=True", "8, 50", "(dummy,)", "(dummy[:1],)"),
    ],
)
def test_one_sample_is_exported_as_forward_gets_it(order: str, sizes: str, example: str, fixed: str) -> None:
    (cause,) = explain(PROGRAM.format(order=order, sizes=sizes, example=example) + WARNING).mismatch.causes
    line = 'torch.onnx.export(Gesture().eval(), {}, "gesture.onnx", dynamo=False)'

    assert cause.lines == ((line.format(example), line.format(fixed)),)


def test_a_batch_of_one_sample_is_what_the_warning_asks_for() -> None:
    said = explain(PROGRAM.format(order=", batch_first=True", sizes="1, 50", example="dummy") + WARNING).mismatch

    assert "batch_size = 1, as the warning asks" in str(said.sentence)
    assert said.causes == ()


OF_STATE = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running {cell} node. Name:'' Status Message: Input initial_h must have shape {{1,6,14}}. Actual:{{1,1,14}}"
)


@pytest.mark.parametrize(("cell", "states"), [("GRU", "h_0"), ("LSTM", "(h_0, c_0)")])
def test_an_export_passes_the_states_that_the_cell_has(cell: str, states: str) -> None:
    fixes = {one.id: one.fix for one in explain(OF_STATE.format(cell=cell)).mismatch.causes}

    assert fixes["exported_batch"] == f"torch.onnx.export(model, (x[:1], {states}), path)"


def test_an_export_that_passes_the_state_does_not_fix_its_batch() -> None:
    program = """import numpy as np, onnxruntime, torch
from torch import nn
layer = nn.GRU(3, 14)
torch.onnx.export(layer, {example}, "net.onnx", input_names=["x", "h"], dynamic_axes={{"x": [1], "h": [1]}})
x, h = np.zeros((9, 6, 3), np.float32), np.zeros((1, 1, 14), np.float32)
onnxruntime.InferenceSession("net.onnx").run(None, {{"x": x, "h": h}})
"""
    known = {
        example: [
            one.id for one in explain(program.format(example=example) + OF_STATE.format(cell="GRU")).mismatch.causes
        ]
        for example in ("(torch.zeros(9, 1, 3), torch.zeros(1, 1, 14))", "torch.zeros(9, 1, 3)")
    }

    assert [*known.values()] == [["other_batch"], ["other_batch", "exported_batch"]]


OF_MADE_EXAMPLE = """/home/me/export.py:9: DeprecationWarning: You are using the legacy TorchScript-based ONNX export.
  torch.onnx.export(model, torch.zeros({sizes}), "m.onnx", input_names=["x"], dynamic_axes={axes}, dynamo=False)
/usr/lib/python3.11/site-packages/torch/onnx/symbolic_opset9.py:4462: UserWarning: Exporting a model to ONNX with a\
 batch_size other than 1, with a variable length with LSTM can cause an error when running the ONNX model with a\
 different batch size. Make sure to save the model with a batch size of 1, or define the initial states (h0/c0) as\
 inputs of the model.
"""


@pytest.mark.parametrize(
    ("sizes", "axes", "one"),
    [
        ("6, 20, 3", '{"x": {0: "batch", 1: "steps"}}', "1, 20, 3"),
        ("(20, 6, 3)", '{"x": {0: "steps", 1: "batch"}}', "(20, 1, 3)"),
    ],
)
def test_an_example_that_the_export_makes_gets_one_sample(sizes: str, axes: str, one: str) -> None:
    fix = explain(OF_MADE_EXAMPLE.format(sizes=sizes, axes=axes)).mismatch.causes[0].fix

    assert fix.startswith(f'torch.onnx.export(model, torch.zeros({one}), "m.onnx"')
