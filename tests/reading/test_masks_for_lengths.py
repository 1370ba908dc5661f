"""A mask of every step that a program packs a batch with, in place of the lengths.

PyTorch 2.13 raised the message for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import explain

MESSAGE = "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor"


@pytest.mark.parametrize(
    ("x", "mask", "rest", "axis"),
    [
        ((17, 5, 3), (17, 5), "", 0),
        ((5, 17, 3), (5, 17), ", batch_first=True", 1),
        ((5, 17, 3), (17, 5), ", batch_first=True", 0),
        ((17, 5, 3), (5, 17), "", 1),
    ],
)
def test_the_sums_of_a_mask_are_the_lengths(x: tuple[int, ...], mask: tuple[int, int], rest: str, axis: int) -> None:
    line = f"packed = pack_padded_sequence(frames, mask{rest})"
    program = (
        f"{TORCH_WITH_PACKING}frames = torch.randn{x}\nmask = torch.ones{mask}.long()\n"
        f"{line}\nstates, last = nn.LSTM(3, 11{rest})(packed)\n"
    )
    assert likely(pasted(program, [line], MESSAGE)) == (
        ["lengths_axes"],
        {line: line.replace("mask", f"mask.sum({axis})")},
    )


def test_a_column_of_lengths_is_made_flat() -> None:
    line = "packed = pack_padded_sequence(frames, lengths, batch_first=True)"
    program = (
        f"{TORCH_WITH_PACKING}frames = torch.randn(5, 17, 3)\nlengths = torch.full((5, 1), 17)\n"
        f"{line}\nstates, last = nn.LSTM(3, 11, batch_first=True)(packed)\n"
    )
    assert explain(pasted(program, [line], MESSAGE)).mismatch.causes[0].fix == "lengths = lengths.flatten()"


@pytest.mark.parametrize(("made", "shape"), [("torch.ones(5, 17).long()", (5, 17)), ("torch.full((5, 1), 17)", (5, 1))])
def test_the_program_tells_the_axes_of_lengths(made: str, shape: tuple[int, int]) -> None:
    line = "packed = pack_padded_sequence(frames, counts, batch_first=True)"
    program = (
        f"{TORCH_WITH_PACKING}frames = torch.randn(5, 17, 3)\ncounts = {made}\n"
        f"{line}\nstates, last = nn.LSTM(3, 11, batch_first=True)(packed)\n"
    )
    mismatch = explain(pasted(program, [line], MESSAGE)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("lengths", "rank", 1, 2)
    assert mismatch.shapes == ((5,), shape)
