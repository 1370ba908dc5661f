"""What a program of PyTorch says about arrays with different numbers of axes: one is joined with parts of itself, or a
reduction has dropped the axis that another one needs.

PyTorch 2.14 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

POOLED = """import torch
from torch import nn

class Pooled(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 30, batch_first=True, bidirectional=True)

    def forward(self, x):
        out, state = self.rnn(x)
        return torch.cat([{}], dim=1)

print(Pooled()(torch.randn(8, 12, 6)).shape)
"""
MESSAGE = "RuntimeError: Tensors must have same number of dimensions: got {} and {}"


@pytest.mark.parametrize(
    ("parts", "ranks", "cause", "fixed"),
    [
        (
            "out.mean(dim=1), out.max(1).values, out",
            (2, 3),
            "joined_every_step",
            "out.mean(dim=1), out.max(1).values, out[:, -1]",
        ),
        ("state[-2], state", (2, 3), "layers_of_state", "state[-2], state[-1]"),
        ("state, state[-1]", (3, 2), "layers_of_state", "state[-2], state[-1]"),
        ("state[0], state", (2, 3), "layers_of_state", "state[0], state[1]"),
        ("out.mean(dim=0), out", (2, 3), "join_axis", None),  # of another axis,
    ],
)
def test_an_array_is_joined_with_parts_of_itself(
    parts: str, ranks: tuple[int, int], cause: str, fixed: str | None
) -> None:
    line = f"return torch.cat([{parts}], dim=1)"
    mismatch = explain(pasted(POOLED.format(parts), [line], MESSAGE.format(*ranks))).mismatch
    first = mismatch.causes[0]

    assert (mismatch.tensor, mismatch.axis, first.id) == ("output", "rank", cause)
    assert not fixed or first.lines == ((line, f"return torch.cat([{fixed}], dim=1)"),)


CONTEXT = """import torch
from torch import nn

class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(50 + 30, 30, batch_first=True)

    def forward(self, word, weights, memory, h):
        context = (weights * memory).sum({})
        return self.rnn(torch.cat((word, context), dim=2), h)

decoder = Decoder()
hidden = torch.randn(2, 8, 30)
word, weights, memory = torch.load("batch.pt")
decoder(word, weights, memory, hidden.{})
"""
KEPT = "sum(0, keepdim=True)"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1", "1, keepdim=True"), ("dim=1", "dim=1, keepdim=True"), ("1, keepdim=False", "1, keepdim=True")],
)
def test_a_reduction_keeps_the_axis_that_a_join_needs(given: str, kept: str) -> None:
    line = "return self.rnn(torch.cat((word, context), dim=2), h)"
    (first, *_) = explain(pasted(CONTEXT.format(given, KEPT), [line], MESSAGE.format(3, 2))).mismatch.causes

    wrong, fixed = (f"context = (weights * memory).sum({one})" for one in (given, kept))
    assert (first.id, first.lines) == ("dropped_axis", ((wrong, fixed),))


CALL = "decoder(word, weights, memory, hidden.{})"


@pytest.mark.parametrize(("reduced", "is_of_layers"), [("sum(0)", True), ("mean(dim=0)", True), ("sum(1)", False)])
def test_a_reduction_over_the_layers_keeps_their_axis_for_a_state(reduced: str, is_of_layers: bool) -> None:
    frames = [CALL.format(reduced), "return self.rnn(torch.cat((word, context), dim=2), h)"]
    error = "RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor"
    (first, *_) = explain(pasted(CONTEXT.format("1, keepdim=True", reduced), frames, error)).mismatch.causes

    kept = (CALL.format(reduced), CALL.format(reduced.replace(")", ", keepdim=True)")))
    assert (first.id == "dropped_axis") is is_of_layers
    assert not is_of_layers or first.lines == (kept,)
