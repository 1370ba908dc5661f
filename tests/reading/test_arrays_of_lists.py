"""The sizes of arrays that a program makes of others, or of lists. PyTorch 2.13 raised the errors."""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import torch
from torch import nn

net = nn.GRU(15, 31, batch_first=True)
clips = {}
net(clips)
"""
ERROR = "RuntimeError: input.size(-1) must be equal to input_size. Expected 15, got 14"


def sizes_of(clips: str) -> tuple[int | None, int | None]:
    """The batch and the steps of the configuration that is read of a program with such data."""
    network = explain(pasted(PROGRAM.format(clips), ["net(clips)"], ERROR)).configuration
    assert network
    return network.batch_size, network.time_step


@pytest.mark.parametrize(
    "clips",
    [
        "torch.tensor(np.array([np.random.randn(11, 14) for _ in range(6)]), dtype=torch.float32)",
        "torch.from_numpy(np.asarray([np.zeros((11, 14)) for _ in range(6)])).float()",
        "torch.tensor([np.random.normal(size=(11, 14)) for _ in range(6)])",
        "torch.FloatTensor(np.array([np.ones((11, 14)) for _ in range(6)]))",
        "torch.FloatTensor(np.array([np.ones((11, 14))] * 6))",
        "torch.FloatTensor([[[0.5] * 14] * 11] * 6)",
    ],
)
def test_a_list_of_arrays_tells_the_samples_and_its_items_the_steps(clips: str) -> None:
    assert sizes_of(clips) == (6, 11)


@pytest.mark.parametrize(
    "clips",
    [
        "torch.tensor(np.array([np.random.randn(n + 3, 14) for n in range(6)]))",
        "torch.tensor(np.array([np.random.randn(5 if n else 11, 14) for n in range(6)]))",
    ],
)
def test_a_list_of_arrays_with_other_steps_tells_none(clips: str) -> None:
    assert sizes_of(clips)[1] is None


@pytest.mark.parametrize(
    ("clips", "sizes"),
    [
        ("torch.stack([torch.randn(11, 14) for _ in range(90)])", (90, 11)),
        ("torch.stack([torch.randn(11, 14) for _ in range(90)], dim=1)", (11, 90)),
        ("torch.stack([torch.randn(11, 14) for _ in range(90)], 1)", (11, 90)),
        ("torch.stack([torch.randn(11, 14) for _ in range(int(input()))], dim=1)", (11, None)),
        ("torch.tensor(np.stack([np.zeros((11, 14)) for _ in range(90)], axis=1))", (11, 90)),
    ],
)
def test_many_arrays_are_stacked_along_the_axis_that_the_line_tells(
    clips: str, sizes: tuple[int | None, int | None]
) -> None:
    assert sizes_of(clips) == sizes


@pytest.mark.parametrize(
    "clips",
    [
        "torch.randn(11, 14).expand(6, -1, -1)",
        "torch.randn(11, 14).repeat(6, 1, 1)",
        "torch.where(torch.rand(6, 11, 14) > 0.5, 1.0, 0.0)",
        "torch.from_numpy(np.where(np.random.rand(6, 11, 1) > 0.5, np.ones(14), 0.0)).float()",
        "torch.tensor(np.tile(np.random.rand(11, 14), (6, 1, 1)))",
        "torch.tensor(np.tile(np.random.rand(6, 11, 1), 14))",
        "torch.tensor(np.repeat(np.random.rand(1, 11, 14), 6, axis=0))",
        "torch.tensor(np.repeat(np.random.rand(6, 11, 2), 7, 2))",
        "torch.tensor(np.random.rand(6, 11, 2).repeat(7, axis=-1))",
        "torch.tensor(np.transpose(np.random.rand(6, 14, 11), (0, 2, 1)))",
        "torch.tensor(np.random.rand(14, 6, 11).transpose(1, 2, 0))",
        "torch.tensor(np.transpose(np.random.rand(6, 14, 11), axes=(0, 2, 1)))",
    ],
)
def test_repeated_chosen_and_transposed_arrays_keep_their_samples_and_steps(clips: str) -> None:
    assert sizes_of(clips) == (6, 11)


@pytest.mark.parametrize(
    "clips",
    [
        "torch.eye(14)[torch.randint(0, 14, (6, 11))]",
        "torch.tensor(np.eye(14, dtype='float32')[np.random.randint(0, 14, size=(6, 11))])",
        "torch.tensor(np.random.choice([0.0, 1.0], size=(6, 11, 14)))",
        "torch.tensor(np.random.default_rng(1).choice((1, 2, 3), (6, 11, 14)))",
        "torch.tensor(np.random.binomial(1, 0.5, (6, 11, 14)))",
    ],
)
def test_drawn_values_and_rows_of_a_table_have_the_axes_of_their_indices(clips: str) -> None:
    assert sizes_of(clips) == (6, 11)


@pytest.mark.parametrize(
    "clips",
    [
        "torch.tensor(np.split(np.random.rand(12, 11, 14), 2)[0])",
        "torch.randn(6, 11, 14)[torch.rand(6, 11, 14) > 0.5]",
        "torch.tensor(np.random.choice([1.0, 2.0]))",
    ],
)
def test_parts_of_a_number_and_masks_tell_no_samples(clips: str) -> None:
    assert sizes_of(clips)[0] is None
