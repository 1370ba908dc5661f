"""Masks of PyTorch for a number of steps that a program writes.

PyTorch 2.13 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, ids, network, pasted

from app.reading.errors.explanation import explain

MEAN = f"""{TORCH_WITH_PACKING}
class Mean(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 12, batch_first=True)
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        output, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        mask = torch.arange(STEPS) < lengths.unsqueeze(1)
        scores = output.mean(-1)
        return scores.masked_fill(~mask, 0.0).sum(1)
lengths = torch.tensor([4, 9, 6])
x = torch.randn(3, PADDED, 5)
print(Mean()(x, lengths).shape)
"""
FRAMES = ["print(Mean()(x, lengths).shape)", "return scores.masked_fill(~mask, 0.0).sum(1)"]
ERROR = "RuntimeError: The size of tensor a ({}) must match the size of tensor b (9) at non-singleton dimension 1"


def mean(steps: int, padded: int) -> str:
    source = MEAN.replace("STEPS", str(steps)).replace("PADDED", str(padded))
    return pasted(source, FRAMES, ERROR.format(steps))


@pytest.mark.parametrize(("steps", "padded"), [(14, 9), (7, 9), (14, 11)])
def test_a_mask_for_written_steps_gets_those_of_the_output(steps: int, padded: int) -> None:
    mismatch = explain(mean(steps, padded)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, ids(mismatch)) == ("mask", "time_step", (9,), ["mask"])
    line = "mask = torch.arange({}) < lengths.unsqueeze(1)"
    assert mismatch.causes[0].lines == ((line.format(steps), line.format("output.size(1)")),)


def test_the_steps_of_the_output_are_those_of_the_network() -> None:
    assert network(explain(mean(14, 9))) == (3, 9, 5, 12)


def test_a_mask_for_the_steps_of_x_may_be_right() -> None:
    assert ids(explain(mean(14, 14)).mismatch) == ["packed_steps", "mask"]


SCORED = f"""{TORCH}
class Scorer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.key = nn.Linear(width, 1)
    def forward(self, values, keep):
        logits = self.key(values).squeeze(-1)
        logits = logits.masked_fill(keep.logical_not(), -1e4)
        return (logits.softmax(1).unsqueeze(-1) * values).sum(1)
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 9, batch_first=True)
        self.scorer = Scorer(9)
    def forward(self, clips, counts):
        values, _ = self.lstm(clips)
        keep = torch.arange(END) < counts.unsqueeze(1)
        return self.scorer(values, keep)
clips, counts = torch.randn(3, 11, 5), torch.tensor([11, 4, 7])
print(Tagger()(clips, counts).shape)
"""
FRAMES_OF_SCORES = [
    "print(Tagger()(clips, counts).shape)",
    "return self.scorer(values, keep)",
    "logits = logits.masked_fill(keep.logical_not(), -1e4)",
]


def scored(end: str, steps: int) -> str:
    error = f"RuntimeError: The size of tensor a ({steps}) must match the size of tensor b (11) at non-singleton"
    return pasted(SCORED.replace("END", end), FRAMES_OF_SCORES, f"{error} dimension 1")


@pytest.mark.parametrize(("end", "steps"), [("1 + int(counts.max())", 12), ("max(counts) + 2", 13)])
def test_a_mask_longer_than_the_longest_sequence_gets_the_steps_of_x(end: str, steps: int) -> None:
    mismatch = explain(scored(end, steps)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, ids(mismatch)) == ("mask", "time_step", (11,), ["mask"])
    line = "keep = torch.arange({}) < counts.unsqueeze(1)"
    assert mismatch.causes[0].lines == ((line.format(end), line.format("clips.size(1)")),)


def test_a_mask_with_other_steps_than_its_line_says_keeps_the_general_line() -> None:
    assert "clips.size(1)" not in str(explain(scored("counts.max() + 2", 14)).mismatch.causes)
