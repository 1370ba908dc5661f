"""A cell of a program whose dense layers have fewer gates than it splits their sum into.

PyTorch 2.13 raised the messages for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, first_cause_and_lines, pasted

from app.reading.errors.explanation import explain

GRU = """
class GRUCell(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.of_x = nn.Linear(inputs, units * GATES)
        self.of_h = nn.Linear(units, units * GATES)

    def forward(self, x, h):
        a = self.of_x(x) + self.of_h(h)
        r, z, n = torch.chunk(a, 3, dim=-1)
        return torch.sigmoid(z) * h + (1 - torch.sigmoid(z)) * torch.tanh(n)


cell = GRUCell(5, 21)
h = torch.zeros(7, STATE)
for x in torch.randn(9, 7, 5):
    h = cell(x, h)
"""

LSTM = """
class LSTMCell(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.of_x = nn.Linear(inputs, GATES * units, bias=False)
        self.of_h = nn.Linear(units, GATES * units)

    def forward(self, x, h, c):
        i, f, g, o = (self.of_x(x) + self.of_h(h)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


cell = LSTMCell(5, 28)
h, c = torch.zeros(7, 28), torch.zeros(7, STATE)
for x in torch.randn(9, 7, 5):
    h, c = cell(x, h, c)
"""

MESSAGE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


@pytest.mark.parametrize(
    ("cell", "line", "written", "needed", "sizes"),
    [
        (
            GRU,
            "return torch.sigmoid(z) * h + (1 - torch.sigmoid(z)) * torch.tanh(n)",
            "units * 2",
            "units * 3",
            (14, 21),
        ),
        (LSTM, "c = f.sigmoid() * c + i.sigmoid() * g.tanh()", "3 * units", "4 * units", (21, 28)),
        (LSTM, "c = f.sigmoid() * c + i.sigmoid() * g.tanh()", "2 * units", "4 * units", (14, 28)),
    ],
)
def test_all_layers_get_the_gates_of_the_split(
    cell: str, line: str, written: str, needed: str, sizes: tuple[int, int]
) -> None:
    program = TORCH + cell.replace("GATES", written.strip(" *units")).replace("STATE", str(sizes[1]))
    text = pasted(program, [line], MESSAGE.format(*sizes))
    lines = [one.strip() for one in program.split("\n") if written in one]

    assert first_cause_and_lines(text) == (
        ("kernel", "gates*num_units", "fewer_gates"),
        {one: one.replace(written, needed) for one in lines},
    )
    network = explain(text).configuration
    assert network and network.num_units == sizes[1]


def test_a_state_beside_layers_with_all_gates_is_wrong_itself() -> None:
    program = TORCH + LSTM.replace("GATES", "4").replace("STATE", "21")
    text = pasted(program, ["c = f.sigmoid() * c + i.sigmoid() * g.tanh()"], MESSAGE.format(28, 21))

    assert explain(text).mismatch.tensor == "c_0"
