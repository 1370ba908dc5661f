"""Dense layers that get the last states of a batch, whose samples the message says.

PyTorch 2.13 raised the error for this program.
"""

import pytest
from pasted_programs import TORCH, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = f"""{TORCH}
class Mood(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.embed = nn.Embedding(words, 21)
        self.gru = nn.GRU(21, 13, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.1)
        self.moods = nn.Linear(13, 4)
    def forward(self, words):
        _, h = self.gru(self.embed(words))
        last = {{last}}
        return self.moods(self.drop(last))

Mood(words)(draw(words))
"""
ERROR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({}x26 and 13x4)"


@pytest.mark.parametrize(
    ("last", "rows", "batch"),
    [
        ("torch.cat([h[-2], h[-1]], dim=1)", 16, 16),
        ("torch.cat((h[0], h[1]), -1)", 16, 16),
        ("h.view(-1, 26)", 32, None),  # whose rows may be those of several layers
    ],
)
def test_entries_of_the_last_state_have_the_samples_of_the_batch(last: str, rows: int, batch: int | None) -> None:
    frames = ["Mood(words)(draw(words))", "return self.moods(self.drop(last))"]
    explanation = explain(pasted(PROGRAM.format(last=last), frames, ERROR.format(rows)))

    assert explanation.mismatch.tensor == "dense_input"
    assert network(explanation) == (batch, None, 21, 13)
