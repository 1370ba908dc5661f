"""The sizes of an array to which a line adds an axis that a layer of PyTorch does not take. PyTorch 2.13 raised the
error."""

from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Forecast(nn.Module):
    def __init__(self, plan):
        super().__init__()
        self.rnn = nn.LSTM(plan.sensors, plan.memory, batch_first=True)

    def forward(self, window):
        y, _ = self.rnn(window.unsqueeze(-1))
        return y[:, -1, 0]


@dataclass
class Plan:
    days: int = 25
    sensors: int = 17
    memory: int = 29
    batch: int = 6
    epochs: int = 2


def batches(plan):
    series = torch.randn(24 + plan.days, plan.sensors)
    windows = torch.stack([series[start : start + plan.days] for start in range(24)])
    return DataLoader(TensorDataset(windows, series[plan.days :, 0]), batch_size=plan.batch)


def fit(plan):
    network = Forecast(plan)
    for epoch in range(plan.epochs):
        for window, target in batches(plan):
            loss = nn.functional.mse_loss(network(window), target)


fit(Plan())
"""


def test_the_batch_before_an_added_axis_tells_samples_and_steps() -> None:
    frames = [
        "fit(Plan())",
        "loss = nn.functional.mse_loss(network(window), target)",
        "y, _ = self.rnn(window.unsqueeze(-1))",
    ]
    error = "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"
    network = explain(pasted(PROGRAM, frames, error)).configuration

    assert network and (network.batch_size, network.time_step) == (6, 25)
    assert (network.features, network.num_units) == (17, 29)
