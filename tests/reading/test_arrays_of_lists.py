"""The sizes of arrays that are made of a list of others. PyTorch 2.13 raised the errors."""

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
