"""The sizes of an array to which a line adds an axis that a layer of PyTorch does not take. PyTorch 2.13 raised the
error."""

from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Forecast(nn.Module):
    def __init__(self, sensors=17, memory=29):
        super().__init__()
        self.rnn = nn.LSTM(sensors, memory, batch_first=True)

    def forward(self, window):
        y, _ = self.rnn(window.unsqueeze(-1))
        return y


series = torch.randn(49, 17)
windows = torch.stack([series[start : start + 25] for start in range(24)])
for (window,) in DataLoader(TensorDataset(windows), batch_size=6):
    Forecast()(window)
"""


def test_the_batch_before_an_added_axis_tells_samples_and_steps() -> None:
    frames = ["Forecast()(window)", "y, _ = self.rnn(window.unsqueeze(-1))"]
    error = "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"
    network = explain(pasted(PROGRAM, frames, error)).configuration

    assert network and (network.batch_size, network.time_step) == (6, 25)
    assert (network.features, network.num_units) == (17, 29)
