"""A line that a terminal cuts keeps the arguments that it shows.

PyTorch 2.13 raised the message.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

MESSAGE = (
    "ValueError: Expected total_length to be at least the length of the longest sequence in input, but got"
    " total_length=6 and max sequence length being 9"
)


@pytest.mark.parametrize("end", ["t", "total_l", "total_length", "total_length="])
def test_the_call_that_pads_keeps_its_order_of_axes(end: str) -> None:
    text = traceback([f"states, counts = pad_packed_sequence(packed, batch_first=True, {end}"], MESSAGE)
    (likely,) = explain(text).mismatch.causes
    assert likely.lines == (
        (
            "pad_packed_sequence(packed, batch_first=True, total_length=6)",
            "pad_packed_sequence(packed, batch_first=True, total_length=9)",
        ),
    )
