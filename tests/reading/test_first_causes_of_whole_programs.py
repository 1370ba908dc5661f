"""The first cause in whole programs in which another one is likelier in general.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, first_cause_and_lines, ids, network, pasted, said

from app.reading.errors.explanation import explain

LEVELS = f"""{TORCH}
class Levels(nn.Module):
    def __init__(self, width=12, lines=10, pages=14):
        super().__init__()
        self.of_lines = nn.GRU(width, lines, batch_first=True)
        self.of_pages = nn.GRU(lines, pages, batch_first=True)
        self.score_lines = nn.Linear(lines, 1)
        self.score_pages = nn.Linear(pages, 1)

    def pool(self, score, steps):
        weights = torch.softmax(score(steps), dim=1)
        return (weights * steps).sum(dim=1)

    def forward(self, x):
        lines, _ = self.of_lines(x)
        pooled = self.pool(self.score_lines, lines).unsqueeze(0)
        pages, _ = self.of_pages(pooled)
        return self.pool(self.{{name}}, pages)

Levels()(torch.zeros(6, 8, 12))
"""
OF_LEVELS = ["Levels()(torch.zeros(6, 8, 12))", "return self.pool(self.score_lines, pages)"]
IN_POOL = [*OF_LEVELS, "weights = torch.softmax(score(steps), dim=1)"]

TWO = f"""{TORCH}
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.LSTM(5, 16, batch_first=True)
        self.second = nn.LSTM(16, 16, batch_first=True)

    def forward(self, x):
        x, _ = self.first(x)
        y, _ = self.first(x)
        return y

Two()(torch.zeros(6, 8, 5))
"""

SCORES = f"""{TORCH}
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 16, batch_first=True)
        self.score = nn.Linear(16, 1)

    def forward(self, x, mask):
        steps, _ = self.gru(x)
        scores = self.score(steps)
        scores = scores.masked_fill(~mask, -1e9)
        return torch.bmm(torch.softmax(scores, dim=-1).unsqueeze(1), steps)

Reader()(torch.zeros(6, 8, 5), torch.ones(6, 8).bool())
"""

READINGS = f"""{TORCH}
class Meter(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        steps, _ = self.gru(x)
        return self.out(steps[-1])

def readings(batch, steps):
    yield torch.zeros(batch, steps, 5), torch.zeros(batch, 2)

meter = Meter()
for x, wanted in readings(7, 12):
    guess = meter(x)
    loss = (guess - wanted).pow(2).mean()
"""

CAPTIONS = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, width, units, words):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.lstm = nn.LSTM(units, units, batch_first=True)
        self.out = nn.Linear(units, words)

    def forward(self, image, words):
        steps = torch.cat((image.unsqueeze(1), self.embed(words)), dim=1)
        return self.out(self.lstm(steps)[0])

images = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 18))
model = Captions(18, 25, 60)
model(images(torch.zeros(4, 3, 9, 9)), torch.zeros(4, 6).long())
"""

AGENT = f"""{TORCH}
class Agent(nn.Module):
    def __init__(self, seen, actions, units=20):
        super().__init__()
        self.encode = nn.Linear(seen, 48)
        self.cell = nn.GRUCell(seen, units)
        self.policy = nn.Linear(units, actions)

    def forward(self, seen, state):
        z = torch.relu(self.encode(seen))
        state = self.cell(z, state)
        return self.policy(state), state

agent = Agent(9, 4)
agent(torch.zeros(5, 9), torch.zeros(5, 20))
"""

PRODUCT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied"


@pytest.mark.parametrize(
    ("program", "frames", "error", "meaning", "lines"),
    [
        pytest.param(
            LEVELS.format(name="score_lines"),
            IN_POOL,
            f"{PRODUCT} (6x14 and 10x1)",
            ("dense_input", "features", "unused_layer"),
            {
                "return self.pool(self.score_lines, pages)": "return self.pool(self.score_pages, pages)",
            },
            id="a dense layer that a function gets in the place of one that is never called",
        ),
        pytest.param(
            TWO,
            ["Two()(torch.zeros(6, 8, 5))", "y, _ = self.first(x)"],
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 5, got 16",
            ("x", "features", "unused_layer"),
            {"y, _ = self.first(x)": "y, _ = self.second(x)"},
            id="a recurrent layer in the place of one that is never called",
        ),
        pytest.param(
            SCORES,
            ["Reader()(torch.zeros(6, 8, 5), torch.ones(6, 8).bool())", "scores = scores.masked_fill(~mask, -1e9)"],
            "RuntimeError: The size of tensor a (6) must match the size of tensor b (8) at non-singleton dimension 1",
            ("output", "rank", "scores_axis"),
            {"scores = self.score(steps)": "scores = self.score(steps).squeeze(-1)"},
            id="scores with an axis of size 1 for a mask",
        ),
        pytest.param(
            SCORES.replace("softmax(scores, dim=-1).unsqueeze(1)", "softmax(scores, dim=1).transpose(1, 2)"),
            ["Reader()(torch.zeros(6, 8, 5), torch.ones(6, 8).bool())", "scores = scores.masked_fill(~mask, -1e9)"],
            "RuntimeError: The size of tensor a (6) must match the size of tensor b (8) at non-singleton dimension 1",
            ("mask", "rank", "mask_last_axis"),
            {
                "scores = scores.masked_fill(~mask, -1e9)": "scores = scores.masked_fill(~mask.unsqueeze(-1), -1e9)",
            },
            id="a mask for scores whose axis of size 1 is used",
        ),
        pytest.param(
            READINGS,
            ["loss = (guess - wanted).pow(2).mean()"],
            "RuntimeError: The size of tensor a (12) must match the size of tensor b (7) at non-singleton dimension 0",
            ("target", "batch_size", "exchanged_samples"),
            {
                "yield torch.zeros(batch, steps, 5), torch.zeros(batch, 2)": (
                    "yield torch.zeros(steps, batch, 5), torch.zeros(batch, 2)"
                )
            },
            id="data with the batch first for a network that reads the last step of the first axis",
        ),
        pytest.param(
            CAPTIONS,
            [
                "model(images(torch.zeros(4, 3, 9, 9)), torch.zeros(4, 6).long())",
                "return self.out(self.lstm(steps)[0])",
            ],
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 25, got 18",
            ("x", "features", "other_features"),
            {
                "self.lstm = nn.LSTM(units, units, batch_first=True)": (
                    "self.lstm = nn.LSTM(width, units, batch_first=True)"
                )
            },
            id="no axis of x has the features of the layer",
        ),
        pytest.param(
            AGENT,
            ["agent(torch.zeros(5, 9), torch.zeros(5, 20))", "state = self.cell(z, state)"],
            "RuntimeError: input has inconsistent input_size: got 48 expected 9",
            ("x", "features", "other_features"),
            {"self.cell = nn.GRUCell(seen, units)": "self.cell = nn.GRUCell(48, units)"},
            id="a number that fits another layer",
        ),
    ],
)
def test_the_first_cause_is_the_one_that_the_program_says(
    program: str, frames: list[str], error: str, meaning: tuple[str, str, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(pasted(program, frames, error)) == (meaning, lines)


@pytest.mark.parametrize("line", ["y, _ = self.second(x)", "self.second.flatten_parameters()"])
def test_a_layer_that_the_program_reads_is_not_the_one_that_should_be_called(line: str) -> None:
    program = TWO.replace("        return y", f"        {line}\n        return y")
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 5, got 16"

    assert "unused_layer" not in ids(said(pasted(program, ["y, _ = self.first(x)"], error)))


LETTERS = f"""{TORCH}
class Letters(nn.Module):
    def __init__(self, letters, units=24):
        super().__init__()
        self.units = units
        self.embed = nn.Embedding(letters, units)
        self.gru = nn.GRU(units, units)

    def forward(self, ids, state):
        return self.gru(self.embed(ids), state)

    def start(self, batch):
        return torch.zeros(1, batch, self.units)

def read(net, ids, batch):
    state = net.start(batch)
    for n in range(0, len(ids) - 1, 6):
        steps = ids[n : n + min(6, len(ids) - 1 - n)]
        _, state = net(steps, state)

def write(net):
    state = net.start(1)
    token = torch.zeros(1, 1).long()
    for _ in range(3):
        _, state = net(token, state)

net = Letters(30)
ids = torch.zeros(60).long().view(4, -1)
read(net, ids, 4)
write(net)
"""


def test_a_state_with_the_same_name_in_another_function_is_no_state_of_other_data() -> None:
    frames = ["read(net, ids, 4)", "_, state = net(steps, state)", "return self.gru(self.embed(ids), state)"]
    text = pasted(LETTERS, frames, "RuntimeError: Expected hidden size (1, 15, 24), got [1, 4, 24]")
    explanation = explain(text)

    assert "state_of_other_data" not in ids(explanation.mismatch)
    assert network(explanation)[1] != 15
