"""The lengths of samples in a list, which has no order to sort the samples by, and batches that have no samples.

PyTorch 2.13 ran the programs with the corrected lines. Only versions before 1.1 raise the message about the order.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, pasted

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain

PACKING = f"""{TORCH_WITH_PACKING}
notes = torch.randn(3, 7, 6)
sizes = {{sizes}}
packed = pack_padded_sequence(notes, sizes{{order}})
"""
UNSORTED = "ValueError: lengths array has to be sorted in decreasing order"


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [
        ("[4, 7, 2]", "torch.tensor(sizes)"),
        ("[len(one) for one in words]", "torch.tensor(sizes)"),
        ("torch.tensor([4, 7, 2]).tolist()", "torch.tensor(sizes)"),
        ("torch.tensor([4, 7, 2])", "sizes"),
    ],
)
def test_a_list_of_lengths_is_sorted_as_a_tensor(sizes: str, lengths: str) -> None:
    line = "packed = pack_padded_sequence(notes, sizes, batch_first=True)"
    explanation = explain(pasted(PACKING.format(sizes=sizes, order=", batch_first=True"), [line], UNSORTED))
    (cause,) = explanation.mismatch.causes

    assert cause.fix == f"sizes, order = {lengths}.sort(descending=True); notes = notes[order]  # targets, too"
    assert not is_general(explanation.found, cause)


@pytest.mark.parametrize(
    ("sizes", "order", "fix"),
    [
        ("[7, 0, 2]", ", True", "notes[torch.tensor(sizes) > 0], [n for n in sizes if n > 0]"),
        ("[7, 0, 2]", "", "notes[:, torch.tensor(sizes) > 0], [n for n in sizes if n > 0]"),
        ("torch.tensor([7, 0, 2])", "", "notes[:, sizes > 0], sizes[sizes > 0]"),
    ],
)
def test_empty_sequences_are_removed_from_a_list_of_lengths(sizes: str, order: str, fix: str) -> None:
    line = f"packed = pack_padded_sequence(notes, sizes{order})"
    message = (
        "RuntimeError: Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
    )
    (cause,) = explain(pasted(PACKING.format(sizes=sizes, order=order), [line], message)).mismatch.causes

    assert cause.fix == f"notes, sizes = {fix}"


@pytest.mark.parametrize(("sizes", "order", "steps"), [("0, 9, 4", ", batch_first=True", 9), ("9, 0, 4", "", 9)])
def test_the_other_axes_of_an_empty_batch_are_known(sizes: str, order: str, steps: int) -> None:
    line = f"packed = pack_padded_sequence(notes, sizes{order})"
    program = PACKING.format(sizes="torch.tensor([], dtype=torch.int64)", order=order)
    text = pasted(
        program.replace("randn(3, 7, 6)", f"zeros({sizes})"), [line], "RuntimeError: Cannot pack empty tensors."
    )
    explanation = explain(text)
    network = explanation.configuration

    assert network and (network.batch_size, network.time_step, network.features) == (None, steps, 4)
    assert explanation.mismatch.axis == "batch_size"
    assert not is_general(explanation.found, explanation.mismatch.causes[0])


@pytest.mark.parametrize(
    ("order", "samples", "fix"),
    [
        (", batch_first=True", 3, "packed = pack_padded_sequence(notes[: len(sizes)], sizes, batch_first=True)"),
        ("", 7, "packed = pack_padded_sequence(notes[:, : len(sizes)], sizes)"),
    ],
)
def test_samples_without_a_length_are_not_packed(order: str, samples: int, fix: str) -> None:
    line = f"packed = pack_padded_sequence(notes, sizes{order})"
    message = f"RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size={samples})"
    explanation = explain(
        pasted(PACKING.format(sizes="[7, 4]" if samples == 3 else "[3, 2]", order=order), [line], message)
    )
    (cause,) = explanation.mismatch.causes

    assert cause.fix == fix
    assert not is_general(explanation.found, cause)


def test_lengths_as_many_as_the_other_axis_leave_that_axis_in_question() -> None:
    line = "packed = pack_padded_sequence(notes, sizes)"
    message = "RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 3 (batch_size=7)"
    (cause,) = explain(pasted(PACKING.format(sizes="[7, 4, 2]", order=""), [line], message)).mismatch.causes

    assert cause.fix == "packed = pack_padded_sequence(notes, sizes, batch_first=True)"
