"""A dense layer that reads all steps in one axis needs as many steps as it was made for.

PyTorch raised the message for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import explain

ENERGY = f"""{TORCH_WITH_PACKING}
{{constant}}

class Energy(nn.Module):
    def __init__(self, features, hidden=32, window=30):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.fc = nn.Linear(hidden * window, 64)

    def forward(self, x):
        out, _ = self.lstm(x)
        out = out.reshape(out.size(0), -1)
        return self.fc(out)

model = {{made}}
model(torch.randn(50, 24, 5))
"""
ERROR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (50x768 and 960x64)"


@pytest.mark.parametrize(
    ("constant", "made", "corrected"),
    [
        ("WINDOW = 24", "Energy(5)", "Energy(5, window=WINDOW)"),
        ("CLASSES = 24", "Energy(5)", "Energy(5, window=24)"),
        ("", "Energy(5, 32, 30)", "Energy(5, 32, 24)"),
        ("", "Energy(5, window=30)", "Energy(5, window=24)"),
    ],
)
def test_a_network_is_made_for_the_steps_of_the_data(constant: str, made: str, corrected: str) -> None:
    text = pasted(ENERGY.format(constant=constant, made=made), ["return self.fc(out)"], ERROR)
    configuration = explain(text).configuration

    assert likely(text)[0][0] == "dense_other_steps"
    assert likely(text)[1] == {f"model = {made}": f"model = {corrected}"}
    assert configuration is not None
    assert (configuration.batch_size, configuration.time_step) == (50, 24)
