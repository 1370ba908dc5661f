"""Sequences without a step, which PyTorch does not pack: x loses them along the axis of the samples.

PyTorch 2 raised the message for each of the lines, and runs them after the line that is said here.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, traceback

from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program

ERROR = "RuntimeError: Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
DATA = "tracks, durations = torch.zeros(6, 6, 3), torch.tensor([4, 2, 2, 1, 1, 0])\n"


@pytest.mark.parametrize(
    ("arguments", "index"),
    [
        ("tracks, durations, batch_first=True", "durations > 0"),
        ("tracks, durations, True", "durations > 0"),
        ("tracks, durations", ":, durations > 0"),
        ("tracks, durations, batch_first=False", ":, durations > 0"),
    ],
)
@pytest.mark.parametrize("program", ["", f"{TORCH_WITH_PACKING}{DATA}"])
def test_empty_sequences_are_removed_along_the_axis_of_the_samples(program: str, arguments: str, index: str) -> None:
    line = f"packed = pack_padded_sequence({arguments})"
    explanation = explain(f"{program}{traceback([line], ERROR)}{line if program else ''}")
    (likely,) = explanation.mismatch.causes

    assert likely.fix == f"tracks, durations = tracks[{index}], durations[durations > 0]"
    assert (small := first_program(explanation))
    assert index.replace("durations", "lengths") in small.running


def test_without_the_line_the_comment_says_which_axis_is_meant() -> None:
    assert explain(ERROR).mismatch.causes[0].fix.endswith("  # with batch_first=True")
