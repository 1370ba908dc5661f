"""An x of PyTorch with four axes, of which the text says no sizes, has an axis of size 1 or two axes of features: both
are offered, and the name of images says which one is first.

PyTorch 2.13 raised the message.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

MESSAGE = "ValueError: GRU: Expected input to be 2D or 3D, got 4D instead"
PROGRAM = """import torch
from torch import nn
reader = nn.GRU(24, 19, batch_first=True)
photos = torch.randn(7, 12, 3, 8)
states, last = reader(photos)

"""


@pytest.mark.parametrize(
    ("name", "ids"),
    [("photos", ["axis_of_size_one", "extra_axis"]), ("signals", ["extra_axis", "axis_of_size_one"])],
)
def test_both_ways_are_offered(name: str, ids: list[str]) -> None:
    causes = explain(traceback([f"states, last = reader({name})"], MESSAGE)).mismatch.causes
    assert [one.id for one in causes] == ids
    assert {one.fix.partition(".")[2] for one in causes} == {"squeeze(1)", "flatten(2)"}


def test_a_program_with_the_sizes_decides() -> None:
    causes = explain(PROGRAM + traceback(["states, last = reader(photos)"], MESSAGE)).mismatch.causes
    assert [one.id for one in causes] == ["extra_axis"]
