"""The sizes of the run of a line that a traceback shows, of a program that runs this line several times.

PyTorch 2.13 raised the messages for these programs.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, network, pasted

from app.reading.errors.explanation import explain

METERS = f"""{TORCH}
class Meters(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 16, batch_first=True)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        steps, _ = self.gru(x)
        return self.out(steps[:, -1])

def train(net, x):
    for start in range(0, 40, 8):
        guess = net(x[start : start + 8])
    return guess

def check(net):
    return net(torch.zeros(3, 20, 5))

net = Meters()
train(net, torch.zeros(40, 12, 5))
check(net)
"""

CALL = "return self.out(steps[:, -1])"
TRAINED = ["train(net, torch.zeros(40, 12, 5))", "guess = net(x[start : start + 8])", CALL]
CHECKED = ["check(net)", "return net(torch.zeros(3, 20, 5))", CALL]


@pytest.mark.parametrize(
    ("frames", "samples", "sizes"),
    [
        pytest.param(TRAINED, 8, (8, 12, 5, 16), id="training"),
        pytest.param(CHECKED, 3, (3, 20, 5, 16), id="evaluation"),
        pytest.param(TRAINED[1:], 8, (8, 12, 5, 16), id="without the outermost frame"),
    ],
)
def test_sizes_are_those_of_the_run_that_failed(
    frames: list[str], samples: int, sizes: tuple[int, int, int, int]
) -> None:
    program = METERS.replace("nn.Linear(16, 2)", "nn.Linear(32, 2)")
    error = f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({samples}x16 and 32x2)"

    assert network(explain(pasted(program, frames, error))) == sizes


def test_runs_in_the_same_lines_leave_their_sizes_open() -> None:
    program = METERS.replace("    for start in range(0, 40, 8):\n", "    for start in (0, 30):\n")
    program = program.replace("x[start : start + 8]", "x[start : start + 25]").replace("(16, 2)", "(32, 2)")
    frames = [TRAINED[0], "guess = net(x[start : start + 25])", CALL]
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (25x16 and 32x2)"

    assert network(explain(pasted(program, frames, error)))[0] in (None, 25)


NOTES = f"""{TORCH}
class Notes(nn.Module):
    def __init__(self, notes=30):
        super().__init__()
        self.embed = nn.Embedding(notes, 16)
        self.gru = nn.GRU(notes, 24)

    def forward(self, ids, state):
        steps = self.embed(ids)
        return self.gru(steps, state)

def train(net, ids):
    return net(ids, torch.zeros(1, 7, 24))

def play(net):
    return net(torch.zeros(1, 1).long(), torch.zeros(1, 1, 24))

net = Notes()
train(net, torch.zeros(30, 7).long())
play(net)
"""


def test_the_features_are_not_looked_for_in_the_axes_of_another_run() -> None:
    frames = ["play(net)", "return net(torch.zeros(1, 1).long(), torch.zeros(1, 1, 24))"]
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 30, got 16"
    text = pasted(NOTES, [*frames, "return self.gru(steps, state)"], error)

    assert causes_and_lines(text) == (
        ("x", "features", ["embedding"]),
        {"self.gru = nn.GRU(notes, 24)": "self.gru = nn.GRU(16, 24)"},
    )
    assert network(explain(text))[:2] == (1, 1)


TRANSLATOR = f"""{TORCH}
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 10, batch_first=True)

    def forward(self, x):
        return self.gru(x)

class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(10, 14, batch_first=True)
        self.out = nn.Linear(20, 3)

    def forward(self, context):
        steps, _ = self.gru(context)
        return self.out(torch.cat((steps[:, 0], context[:, 0]), dim=-1))

encoder, decoder = Encoder(), Decoder()
steps, _ = encoder(torch.zeros(5, 8, 6))
decoder(steps[:, -1:])
"""


def test_of_several_layers_the_one_that_the_failed_function_calls_is_meant() -> None:
    frames = ["decoder(steps[:, -1:])", "return self.out(torch.cat((steps[:, 0], context[:, 0]), dim=-1))"]
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x24 and 20x3)"

    assert network(explain(pasted(TRANSLATOR, frames, error))) == (5, 1, 10, 14)
