"""A traceback with the lines around those that failed, but not the one that makes the layer: the line that flattens all
steps for a dense layer takes the last one, if the x of the traceback has as many steps.

PyTorch 2.13 raised the message.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

SHOWN = """class Tagger(nn.Module):
    def forward(self, series):
        states, _ = self.gru(series)
        return self.scores(states.flatten(1))

Tagger()(torch.randn({sizes}))

"""
MESSAGE = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x198 and 22x3)"


def lines(sizes: str) -> list[str]:
    frames = [f"Tagger()(torch.randn({sizes}))", "return self.scores(states.flatten(1))"]
    explanation = explain(SHOWN.format(sizes=sizes) + traceback(frames, MESSAGE))
    first = explanation.mismatch.causes[0]
    assert first.id == "dense_flattened"
    assert {one.num_units for one in explanation.configurations} == ({22, 11} if first.is_own else {None})
    return [line for _, line in first.lines]


def test_steps_of_x_say_that_they_are_flattened() -> None:
    assert lines("6, 9, 4") == ["return self.scores(states[:, -1])"]


@pytest.mark.parametrize("sizes", ["6, 8, 4", "9, 6, 4"])
def test_other_steps_say_nothing(sizes: str) -> None:
    assert lines(sizes) == ["output = output[:, -1]  # with batch_first=True"]
