"""PyTorch's nn.LSTM loaded with our weights gives what the run recorded."""

import numpy as np
import pytest
import torch

from app.core.cells import CELLS
from app.core.input_data import make_input
from app.core.program import capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.trace import Trace

LSTM = capture(CELLS["lstm"])


def pytorch_lstm(trace: Trace) -> torch.nn.LSTM:
    """With the run's weights and type. PyTorch has the gates in the order i, f, g, o, the kernels apart, transposed."""
    U = trace.sizes["num_units"]
    f, i, g, o = np.split(np.vstack([trace.array("kernel"), trace.array("bias")[None]]), 4, axis=1)
    rows = torch.from_numpy(np.ascontiguousarray(np.hstack([i, f, g, o]).T))
    lstm = torch.nn.LSTM(trace.sizes["features"], U, batch_first=True, dtype=rows.dtype)
    with torch.no_grad():
        lstm.weight_hh_l0.copy_(rows[:, :U])
        lstm.weight_ih_l0.copy_(rows[:, U:-1])
        lstm.bias_ih_l0.copy_(rows[:, -1])
        lstm.bias_hh_l0.zero_()
    return lstm


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-6), (np.float64, 2e-15)], ids=["float32", "float64"])
@pytest.mark.parametrize(
    "sizes",
    [
        (3, 4, 2, 5),
        (1, 1, 1, 1),
        (1, 8, 4, 5),
        (7, 13, 11, 17),
        (3, 50, 27, 128),
        (128, 28, 28, 128),
        (32, 100, 64, 256),
        (1, 1000, 64, 256),
        (64, 20, 256, 512),
    ],
    ids=str,
)
def test_pytorch_gives_the_same(sizes: tuple[int, int, int, int], dtype: type, tolerance: float) -> None:
    named = dict(zip(("batch_size", "time_step", "features", "num_units"), sizes, strict=True))
    trace = run(LSTM, named, make_weights(LSTM, named, 5, dtype), make_input(named, 5, dtype))
    with torch.inference_mode():
        Y, (h, c) = pytorch_lstm(trace)(torch.from_numpy(np.ascontiguousarray(trace.array("X"))))
    for id, theirs in {"Y": Y, "h_T": h[0], "c_T": c[0]}.items():
        np.testing.assert_allclose(trace.array(id), theirs.numpy(), rtol=0, atol=tolerance, err_msg=id)


def test_the_default_weights_are_spread_like_pytorchs() -> None:
    sizes = {"batch_size": 1, "time_step": 1, "features": 300, "num_units": 100}
    ours, theirs = make_weights(LSTM, sizes, 0)["kernel"], torch.nn.LSTM(300, 100).weight_ih_l0.detach().numpy()
    assert abs(ours).max() == pytest.approx(abs(theirs).max(), rel=1e-3)
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)
