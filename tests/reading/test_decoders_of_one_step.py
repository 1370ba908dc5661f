"""Decoders of PyTorch that get one token for each sample, without the axis of its step.

PyTorch 2.13 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

TRANSLATOR = f"""{TORCH}
class Speller(nn.Module):
    def __init__(self, signs, width, units):
        super().__init__()
        self.embed = nn.Embedding(signs, width)
        self.gru = nn.GRU(width, units, batch_first=FIRST)
        self.letters = nn.Linear(units, signs)
    def forward(self, sign, state):
        out, state = self.gru(self.embed(sign), state)
        return self.letters(out.squeeze(AXIS)), state
class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.reader = nn.GRU(13, 28, batch_first=FIRST)
        self.speller = Speller(31, 18, 28)
    def forward(self, x, signs):
        _, state = self.reader(x)
        scores, state = self.speller(signs[:, 0], state)
        return scores
print(Translator()(torch.randn(SHAPE), torch.zeros(7, 5, dtype=torch.long)).shape)
"""
FRAMES = [
    "print(Translator()(torch.randn(SHAPE), torch.zeros(7, 5, dtype=torch.long)).shape)",
    "scores, state = self.speller(signs[:, 0], state)",
    "out, state = self.gru(self.embed(sign), state)",
]
ERROR = "RuntimeError: For unbatched 2-D input, hx should also be 2-D but got 3-D tensor"


def translator(first: bool, shape: str) -> str:
    axis = 1 if first else 0
    source = TRANSLATOR.replace("FIRST", str(first)).replace("AXIS", str(axis)).replace("SHAPE", shape)
    return pasted(source, [line.replace("SHAPE", shape) for line in FRAMES], ERROR)


@pytest.mark.parametrize(("first", "shape", "axis"), [(False, "11, 7, 13", 0), (True, "7, 11, 13", 1)])
def test_the_samples_of_the_state_say_that_the_axis_of_the_step_is_missing(first: bool, shape: str, axis: int) -> None:
    text = translator(first, shape)
    cause, lines = first_cause_and_lines(text)

    assert cause == ("x", "rank", "missing_axis")
    assert lines == {
        "out, state = self.gru(self.embed(sign), state)": (
            f"out, state = self.gru(self.embed(sign).unsqueeze({axis}), state)"
        )
    }
    assert network(explain(text)) == (7, 1, 18, 28)


def test_a_state_of_one_sample_says_that_its_axis_is_missing() -> None:
    assert first_cause_and_lines(translator(False, "11, 1, 13"))[0] == ("x", "rank", "unbatched")
