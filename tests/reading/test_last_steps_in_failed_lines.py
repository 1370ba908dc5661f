"""A line that gives a dense layer the last step of an output, as it is, flattens no steps."""

import pytest

from app.reading.errors.explanation import explain

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/tag.py", line 31, in forward
    return self.head({given})
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/modules/linear.py", line 125, in forward
    return F.linear(input, self.weight, self.bias)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (16x72 and 24x5)
"""

ABOVE = """    def forward(self, x):
        out, _ = self.lstm(x)
        last = {taken}
        return self.head(last)

"""


def causes(text: str) -> set[str]:
    return {one.id for one in explain(text).mismatch.causes}


@pytest.mark.parametrize("given", ["out[:, -1, :]", "out[:, -1]", "out[-1]"])
def test_the_last_step_in_the_call_is_not_flattened(given: str) -> None:
    called = "out, _ = self.lstm(x)\n"

    assert "dense_flattened" in causes(called + TRACEBACK.format(given="out"))
    assert "dense_flattened" not in causes(called + TRACEBACK.format(given=given))


@pytest.mark.parametrize(
    ("taken", "is_step"), [("out[:, -1]", True), ("out.flatten(1)", False), ("out[:, -4:]", False)]
)
def test_the_last_step_in_a_line_before_is_not_flattened(taken: str, is_step: bool) -> None:
    text = ABOVE.format(taken=taken) + TRACEBACK.format(given="last")

    assert ("dense_flattened" in causes(text)) is not is_step
