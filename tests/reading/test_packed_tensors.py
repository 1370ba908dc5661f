"""A packed sequence where one tensor belongs: PyTorch 2.13 raised these messages for such programs."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.rnn = nn.GRU(8, 16)
        self.fc = nn.Linear(16, 4)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths)
        {lines}
"""
MESSAGE = "TypeError: {}(): argument 'input' (position 1) must be Tensor, not PackedSequence"


def failed(lines: str, line: str, function: str) -> str:
    frame = f'Traceback (most recent call last):\n  File "tagger.py", line 12, in forward\n    {line}\n'
    return PROGRAM.format(lines=lines) + frame + MESSAGE.format(function)


@pytest.mark.parametrize(
    ("lines", "line", "function", "expected"),
    [
        (
            "states, _ = self.rnn(packed)\n        return self.fc(states)",
            *("return self.fc(states)", "linear"),
            ("output", "packed_output", "states, lengths = torch.nn.utils.rnn.pad_packed_sequence(states)"),
        ),
        (
            "return self.rnn(self.drop(packed))",
            *("return self.rnn(self.drop(packed))", "dropout"),
            ("x", "packed_too_early", "output, _ = layer(pack_padded_sequence(x, lengths, batch_first=True))"),
        ),
    ],
)
def test_the_output_is_padded_again_and_x_is_packed_last(
    lines: str, line: str, function: str, expected: tuple[str, str, str]
) -> None:
    mismatch = explain(failed(lines, line, function)).mismatch

    assert (mismatch.tensor, mismatch.first_cause, mismatch.causes[0].fix) == expected
