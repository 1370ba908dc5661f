"""The lengths of a list of which only a part is padded.

PyTorch 2.13 raised the messages for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause

REVIEWS = f"""{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(300, 32)
        self.gru = nn.GRU(32, 40, batch_first=True)
    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embed(tokens), lengths, batch_first=True, enforce_sorted=False)
        return self.gru(packed)[1][-1]
model = Encoder()
reviews = [torch.randint(1, 300, (n,)) for n in (9, 4, 12, 2, 7)]
LINES
tokens = pad_sequence(kept, batch_first=True)
logits = model(tokens, lengths)
"""

FRAMES = [
    "logits = model(tokens, lengths)",
    "packed = pack_padded_sequence(self.embed(tokens), lengths, batch_first=True, enforce_sorted=False)",
]

ERROR = """  File "site-packages/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence
    input = input.index_select(batch_dim, sorted_indices)
IndexError: index out of range in self"""

KEPT = "kept = [r for r in reviews if len(r) >= 4]"


def first(*lines: str) -> Cause:
    return explain(pasted(REVIEWS.replace("LINES", "\n".join(lines)), FRAMES, ERROR)).mismatch.causes[0]


@pytest.mark.parametrize(
    ("lengths", "new"),
    [
        ("torch.tensor([len(r) for r in reviews])", "torch.tensor([len(r) for r in kept])"),
        ("torch.tensor(list(map(len, reviews)))", "torch.tensor(list(map(len, kept)))"),
        ("[r.size(0) for r in reviews]", "[r.size(0) for r in kept]"),
    ],
)
@pytest.mark.parametrize("kept", [KEPT, "kept = reviews[:3]"])
def test_the_lengths_are_those_of_what_is_padded(lengths: str, new: str, kept: str) -> None:
    before, after = first(f"lengths = {lengths}", kept), first(kept, f"lengths = {lengths}")

    assert before.id == after.id == "lengths_of_list"
    assert list(before.lines) == [("", f"lengths = {new}  # before: tokens = pad_sequence(kept, batch_first=True)")]
    assert list(after.lines) == [(f"lengths = {lengths}", f"lengths = {new}")]


def test_lengths_of_an_unrelated_list_are_left() -> None:
    assert first("lengths = [len(r) for r in reviews]", "kept = other(reviews)").id == "more_lengths"


def test_the_lengths_of_a_batch_are_those_of_the_part_that_is_padded() -> None:
    lines = "lengths = torch.tensor([len(r) for r in reviews])\nstart = 0"
    program = REVIEWS.replace("LINES", lines).replace("pad_sequence(kept,", "pad_sequence(reviews[start:start + 2],")
    wrong, right = "logits = model(tokens, lengths)", "logits = model(tokens, lengths[start:start + 2])"

    assert list(explain(pasted(program, FRAMES, ERROR)).mismatch.causes[0].lines) == [(wrong, right)]
