"""What a program of PyTorch says about the batches of its data, if two of them differ.

PyTorch 2.14 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

TRANSLATOR = """import torch
from torch import nn

class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(60, 24)
        self.enc = nn.GRU(24, 36, batch_first=True)
        self.dec = nn.GRU(24, 36, batch_first=True)

    def forward(self, src, tgt):
        _, h = self.enc(self.embed(src))
        return self.dec(self.embed(tgt), h)[0]

net = Translator()
src = torch.randint(0, 50, ({}))
tgt = torch.randint(0, 60, ({}))
print(net(src, tgt).shape)
"""
DECODER = ["print(net(src, tgt).shape)", "return self.dec(self.embed(tgt), h)[0]"]


@pytest.mark.parametrize(
    ("src", "tgt", "cause", "line"),
    [
        (
            "8, 11",
            "9, 8",
            "exchanged_samples",
            ("tgt = torch.randint(0, 60, (9, 8))", "tgt = torch.randint(0, 60, (8, 9))"),
        ),
        (
            "8, 11",
            "9, 7",
            "other_samples",
            ("tgt = torch.randint(0, 60, (9, 7))", "tgt = torch.randint(0, 60, (8, 7))"),
        ),
        ("8, 9", "9, 8", None, None),  # either may be the wrong one
    ],
)
def test_arrays_of_the_same_samples_have_the_same_batch(
    src: str, tgt: str, cause: str | None, line: tuple[str, str] | None
) -> None:
    made, got = tgt.split(", ")[0], src.split(", ")[0]
    error = f"RuntimeError: Expected hidden size (1, {made}, 36), got [1, {got}, 36]"
    text = pasted(TRANSLATOR.format(src, tgt), DECODER, error)
    (first, *_) = explain(text).mismatch.causes

    if cause:
        assert (first.id, first.lines) == (cause, (line,))
    else:
        assert first.id not in ("exchanged_samples", "other_samples")


def test_a_state_is_no_array_of_the_data() -> None:
    program = """import torch
from torch import nn
rnn = nn.GRU(5, 20, batch_first=True)
x = torch.randn(14, 9, 5)
h = torch.zeros(1, 10, 20)
out, h = rnn(x, h)
"""
    text = pasted(program, ["out, h = rnn(x, h)"], "RuntimeError: Expected hidden size (1, 14, 20), got [1, 10, 20]")
    (first, *_) = explain(text).mismatch.causes

    assert first.lines == (("h = torch.zeros(1, 10, 20)", "h = torch.zeros(1, 14, 20)"),)


CLASSIFIER = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(2000, 32)
        self.lstm = nn.LSTM(32, 64)
        self.fc = nn.Linear(64, 1)

    def forward(self, x):
        _, (h, c) = self.lstm(self.emb({}))
        return self.fc(h[-1])

reviews = torch.randint(1, 2000, (200, 30))
labels = torch.randint(0, 2, (200,)).float()
loader = DataLoader(TensorDataset(reviews, labels), batch_size={})
net, loss_fn = Sentiment(), nn.BCEWithLogitsLoss()
for x, y in loader:
    loss = loss_fn(net(x).squeeze(-1), y)
    loss.backward()
"""
SIZES = "ValueError: Target size (torch.Size([{}])) must be the same as input size (torch.Size([30]))"


@pytest.mark.parametrize(("x", "batch", "is_missing"), [("x", 25, True), ("x.t()", 25, False), ("x", 20, False)])
def test_a_layer_without_batch_first_takes_the_batch_of_a_loader_for_time(x: str, batch: int, is_missing: bool) -> None:
    error = SIZES.format(25)
    text = pasted(CLASSIFIER.format(x, batch), ["loss = loss_fn(net(x).squeeze(-1), y)"], error)
    mismatch = explain(text).mismatch
    first = mismatch.causes[0]

    missing = ("self.lstm = nn.LSTM(32, 64)", "self.lstm = nn.LSTM(32, 64, batch_first=True)")
    assert (first.id == "batch_first") is is_missing
    if is_missing:
        assert (first.lines, mismatch.axis) == ((missing,), "batch_size")
        assert {one.terms: one.value for one in mismatch.facts} == {(("batch_size",),): 25, (("time_step",),): 30}


JOINED = """import torch
from torch import nn

class Captions(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.GRU(20, 72)
        self.embed = nn.Embedding(400, 50)
        self.dec = nn.GRU(122, 72, batch_first=True)

    def forward(self, frames, words):
        _, h = self.enc(frames)
        context = h.transpose(0, 1).expand(-1, words.size(1), -1)
        return self.dec(torch.cat((self.embed(words), context), dim=-1))[0]

print(Captions()(torch.randn({}, 20), torch.randint(0, 400, (10, 9))).shape)
"""


@pytest.mark.parametrize(("frames", "is_missing"), [("10, 18", True), ("18, 12", False)])
def test_the_only_layer_without_batch_first_takes_the_batch_of_the_data_for_time(frames: str, is_missing: bool) -> None:
    of_encoder = frames.split(", ")[1]
    error = (
        "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 10 but got size"
        f" {of_encoder} for tensor number 1 in the list."
    )
    line = "return self.dec(torch.cat((self.embed(words), context), dim=-1))[0]"
    mismatch = explain(pasted(JOINED.format(frames), [line], error)).mismatch
    missing = ("self.enc = nn.GRU(20, 72)", "self.enc = nn.GRU(20, 72, batch_first=True)")

    assert (missing in [line for one in mismatch.causes for line in one.lines]) is is_missing
    if is_missing:
        assert (mismatch.axis, mismatch.causes[0].id) == ("batch_size", "batch_first")
