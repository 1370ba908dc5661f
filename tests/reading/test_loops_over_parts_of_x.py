"""Cells of PyTorch in a loop over the parts of x along an axis, whose states have an axis of layers.

PyTorch 2.13 raised the message for this program.
"""

import pytest
from pasted_programs import TORCH, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = f"""{TORCH}

class Pen(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(2, 17)

    def forward(self, x):
        h = torch.zeros(1, 6, 17)
        c = torch.zeros(1, 6, 17)
        for xy in x.unbind(1):
            h, c = self.cell(xy, (h, c))
        return h


print(Pen()(torch.randn(6, 23, 2)).shape)
"""

FRAMES = ["print(Pen()(torch.randn(6, 23, 2)).shape)", "h, c = self.cell(xy, (h, c))"]

ERROR = "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead"


@pytest.mark.parametrize(
    "loop",
    [
        "for xy in x.unbind(1):",
        "for xy in torch.unbind(x, 1):",
        "for n, xy in enumerate(x.unbind(dim=1)):",
        "for xy in x.transpose(0, 1):",
        "for xy in x.permute(1, 0, 2):",
    ],
)
def test_the_axis_that_a_loop_takes_apart_is_time(loop: str) -> None:
    program = PROGRAM.replace("for xy in x.unbind(1):", loop)

    assert network(explain(pasted(program, FRAMES, ERROR))) == (6, 23, 2, 17)


def test_the_first_axis_is_time_of_a_loop_over_it() -> None:
    program = PROGRAM.replace("unbind(1)", "unbind()").replace("(6, 23, 2)", "(23, 6, 2)")
    frames = [FRAMES[0].replace("(6, 23, 2)", "(23, 6, 2)"), FRAMES[1]]

    assert network(explain(pasted(program, frames, ERROR))) == (6, 23, 2, 17)
