"""Methods of PyTorch that make the states of a layer for one of its layers, in a pair that a loop detaches.

PyTorch 2.13 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, first_cause_and_lines, pasted

TONES = f"""{TORCH}
class Tones(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.width, self.depth = width, depth
        self.rnn = nn.LSTM(9, width, num_layers=LAYERS)
    def start(self, samples):
        w = next(self.parameters()).data
        state = (MAKE.zero_(),
                 MAKE.zero_())
        return state
    def forward(self, x, state):
        return self.rnn(x, state)

net = Tones(21, depth=3)
s = net.start(6)
for part in torch.randn(2, 8, 6, 9):
    s = tuple(KEPT for one in s)
    y, s = net(part, s)
"""
FRAMES = ["y, s = net(part, s)", "return self.rnn(x, state)"]
ERROR = "RuntimeError: Expected hidden[0] size (3, 6, 21), got [1, 6, 21]"


@pytest.mark.parametrize("make", ["w.new({}, samples, self.width)", "torch.empty({}, samples, self.width)"])
@pytest.mark.parametrize("kept", ["one.data", "one.detach()", "one.clone().detach()"])
@pytest.mark.parametrize(("layers", "needed"), [("depth", "self.depth"), ("self.depth", "self.depth"), ("3", "3")])
def test_states_are_made_for_all_layers(make: str, kept: str, layers: str, needed: str) -> None:
    source = TONES.replace("MAKE", make.format(1)).replace("KEPT", kept).replace("LAYERS", layers)
    cause, lines = first_cause_and_lines(pasted(source, FRAMES, ERROR))

    assert cause == ("h_0", "num_layers*directions", "layers")
    assert lines == {
        f"state = ({make.format(1)}.zero_(),": f"state = ({make.format(needed)}.zero_(),",
        f"{make.format(1)}.zero_())": f"{make.format(needed)}.zero_())",
    }
