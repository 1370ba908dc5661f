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
