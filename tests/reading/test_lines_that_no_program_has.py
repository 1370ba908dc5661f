"""A line that the program in the text lacks, of arrays that this program does not name, is about none of its recurrent
layers, unless an array is called like those of one.

PyTorch 2.13 raised the messages.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import NotFoundError, explain

TAGGER = """import torch
from torch import nn
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 18, batch_first=True)
        self.score = nn.Linear(18, 5)
    def forward(self, words):
        states, last = self.gru(words)
        return self.score(states)

"""
RESHAPED = "RuntimeError: shape '[{}]' is invalid for input of size {}"
JOINED = (
    "RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 7 but got size 9 for tensor number"
)
JOINED += " 1 in the list."

MULTIPLIED = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [7, 5] but got: [9, 5]."


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("photo = photo.view(3, 96, 96)", RESHAPED.format("3, 96, 96", 500)),
        ("thumb = img.reshape(16, 16)", RESHAPED.format("16, 16", 250)),
        ("both = torch.cat([img, txt], 1)", JOINED),
        ("area = torch.bmm(pix, lens)", MULTIPLIED),
    ],
)
def test_arrays_that_the_program_does_not_name_get_no_picture(line: str, message: str) -> None:
    with pytest.raises(NotFoundError, match="no line of the text makes the arrays"):
        explain(TAGGER + traceback([line], message))


@pytest.mark.parametrize(
    ("line", "message", "tensor"),
    [
        ("flat = states.view(4, 18)", RESHAPED.format("4, 18", 500), "output"),  # the program has this name
        ("out = out.view(4, 18)", RESHAPED.format("4, 18", 500), "output"),  # called like an output
        ("x = torch.cat([img, txt], 1)", JOINED, "x"),  # becomes what is called like an input
    ],
)
def test_arrays_called_like_those_of_a_layer_are_its_own(line: str, message: str, tensor: str) -> None:
    assert explain(TAGGER + traceback([line], message)).mismatch.tensor == tensor


def test_a_reshape_without_any_line_is_about_no_layer_that_a_line_makes() -> None:
    message = RESHAPED.format("7, -1", 30)
    with pytest.raises(NotFoundError, match="but about a reshape"):
        explain(f"self.reader = nn.GRU(6, 18)\n{message}")
    assert explain(f"self.reader = nn.GRU(6, 18)\nflat = out.view(7, -1)\n{message}").mismatch.tensor == "output"
