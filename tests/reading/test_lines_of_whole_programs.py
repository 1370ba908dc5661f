"""The lines of whole programs whose sizes are arguments, and of what a program makes in several functions.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, causes_and_lines, network, pasted, said

from app.reading.errors.explanation import explain

CHUNKER = f"""{TORCH}
class Chunker(nn.Module):
    def __init__(self, words, labels, width=24, units=30):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.rnn = nn.GRU(width, units, bidirectional=True, batch_first=True)
        self.out = nn.Linear(units, labels)

    def forward(self, ids):
        steps, _ = self.rnn(self.embed(ids))
        return self.out(steps)
"""

AGENT = f"""{TORCH}
class Agent(nn.Module):
    def __init__(self, seen, actions, units=20):
        super().__init__()
        self.units = units
        self.cell = nn.LSTMCell(seen, units)
        self.policy = nn.Linear(40, actions)

    def forward(self, seen, state):
        h, c = self.cell(seen, state)
        return self.policy(h), (h, c)

agent = Agent(9, 4)
state = torch.zeros(5, 20), torch.zeros(5, 20)
for t in range(3):
    scores, state = agent(torch.zeros(5, 9), state)
"""

ALIVE = f"""{TORCH}
cell = nn.LSTMCell(9, 20)
state = torch.zeros(5, 20), torch.zeros(5, 20)
for t in range(3):
    state = cell(torch.randn(5, 9), state)
    alive = torch.rand(5) > 0.1
    mask = alive.float()
    state = (state[0] * mask, state[1] * mask)
"""

DECODER = f"""{TORCH}
class Decoder(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.gru = nn.GRU(width, units)

    def forward(self, step, context, state):
        out, state = self.gru(torch.cat((step, context), dim=2), state)
        return out, state.squeeze(0)

decoder = Decoder(10, 14)
state = torch.zeros(7, 14)
for t in range(3):
    out, state = decoder(torch.zeros(1, 7, 6), torch.zeros(1, 7, 4), state)
"""

PAIR = f"""{TORCH}
lstm = nn.LSTM(10, 14, batch_first=True)
encoder = nn.LSTM(3, 14, batch_first=True)
_, (h, c) = encoder(torch.zeros(7, 5, 3))
out, _ = lstm(torch.zeros(7, 9, 10), (h[-1], c[-1]))
"""

TARGET = f"""{TORCH}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(8, 12, batch_first=True)
        self.out = nn.Linear(12, 3)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])

criterion = nn.CrossEntropyLoss()
x, labels = torch.randn(10, 6, 8), torch.randint(0, 3, (10, 1))
scores = Net()(x)
loss = criterion(scores, labels)
"""

LETTERS = f"""{TORCH}
text = "a rose is a rose is a rose" * 5
alphabet = sorted(set(text))

class Letters(nn.Module):
    def __init__(self, letters, units=32):
        super().__init__()
        self.embed = nn.Embedding(letters, units)
        self.gru = nn.GRU(letters, units, 2)
        self.out = nn.Linear(units, letters)

    def forward(self, ids):
        emb = self.embed(ids)
        out, _ = self.gru(emb)
        return self.out(out)

net = Letters(len(alphabet))
ids = torch.tensor([[alphabet.index(one)] for one in text])
net(ids)
"""

PAIRS = f"""{TORCH}
class Pairs(nn.Module):
    def __init__(self, units=18):
        super().__init__()
        self.rnn = nn.GRU(10, units, bidirectional=True, batch_first=True)
        self.head = nn.Sequential(nn.Linear(units * 4, 16), nn.ReLU(), nn.Linear(16, 3))

    def encode(self, x):
        _, states = self.rnn(x)
        return states[-1]

    def forward(self, one, other):
        a, b = self.encode(one), self.encode(other)
        both = torch.cat([a, b], dim=1)
        return self.head(both)

Pairs()(torch.zeros(9, 7, 10), torch.zeros(9, 5, 10))
"""

SIGNALS = f"""{TORCH}
class Autoencoder(nn.Module):
    def __init__(self, signals, units):
        super().__init__()
        self.encoder = nn.LSTM(signals, units, batch_first=True)
        self.decoder = nn.LSTM(units, units, batch_first=True)
        self.out = nn.Linear(units, signals)

    def forward(self, x):
        codes, _ = self.encoder(x)
        return self.out(self.decoder(codes)[0])

model = Autoencoder(signals=4, units=16)
x = torch.stack([torch.zeros(8, 25), torch.ones(8, 25), torch.ones(8, 25)], dim=-1)
loss = (model(x) - x).pow(2).mean()
"""

JOINED = PAIRS.replace("states[-1]", "torch.cat([states[-2], states[-1]], dim=1)").replace(
    "[a, b], dim=1", "[a, b], dim=0"
)

PRODUCT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied"
OF_PAIRS = ["Pairs()(torch.zeros(9, 7, 10), torch.zeros(9, 5, 10))", "return self.head(both)"]


@pytest.mark.parametrize(
    ("program", "frames", "error", "meaning", "lines"),
    [
        pytest.param(
            CHUNKER,
            ["scores = net(ids)", "return self.out(steps)"],
            f"{PRODUCT} (66x60 and 30x5)",
            ("dense_input", "features", ["dense_directions"]),
            {"self.out = nn.Linear(units, labels)": "self.out = nn.Linear(2 * units, labels)"},
            id="a dense layer for a number of classes that another file says",
        ),
        pytest.param(
            AGENT,
            ["scores, state = agent(torch.zeros(5, 9), state)", "return self.policy(h), (h, c)"],
            f"{PRODUCT} (5x20 and 40x4)",
            ("dense_input", "features", ["dense_features"]),
            {"self.policy = nn.Linear(40, actions)": "self.policy = nn.Linear(units, actions)"},
            id="a cell has neither directions nor steps",
        ),
        pytest.param(
            ALIVE,
            ["state = (state[0] * mask, state[1] * mask)"],
            "RuntimeError: The size of tensor a (20) must match the size of tensor b (5) at non-singleton dimension 1",
            ("mask", "rank", ["mask_of_samples"]),
            {
                "state = (state[0] * mask, state[1] * mask)": (
                    "state = (state[0] * mask.unsqueeze(-1), state[1] * mask.unsqueeze(-1))"
                )
            },
            id="a mask of samples for the states of a cell",
        ),
        pytest.param(
            DECODER,
            [
                "out, state = decoder(torch.zeros(1, 7, 6), torch.zeros(1, 7, 4), state)",
                "out, state = self.gru(torch.cat((step, context), dim=2), state)",
            ],
            "RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor",
            ("h_0", "rank", ["unsqueeze"]),
            {
                "out, state = self.gru(torch.cat((step, context), dim=2), state)": (
                    "out, state = self.gru(torch.cat((step, context), dim=2), state.unsqueeze(0))"
                )
            },
            id="a state of one step for a layer",
        ),
        pytest.param(
            PAIR,
            ["out, _ = lstm(torch.zeros(7, 9, 10), (h[-1], c[-1]))"],
            "RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors",
            ("h_0", "rank", ["unsqueeze"]),
            {
                "out, _ = lstm(torch.zeros(7, 9, 10), (h[-1], c[-1]))": (
                    "out, _ = lstm(torch.zeros(7, 9, 10), (h[-1].unsqueeze(0), c[-1].unsqueeze(0)))"
                )
            },
            id="both states of an encoder",
        ),
        pytest.param(
            TARGET,
            ["loss = criterion(scores, labels)"],
            "RuntimeError: 0D or 1D target tensor expected, multi-target not supported",
            ("target", "rank", ["target_shape"]),
            {"loss = criterion(scores, labels)": "loss = criterion(scores, labels.squeeze(1))"},
            id="classes with an axis of size 1",
        ),
        pytest.param(
            LETTERS,
            ["net(ids)", "out, _ = self.gru(emb)"],
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 32",
            ("x", "features", ["embedding"]),
            {"self.gru = nn.GRU(letters, units, 2)": "self.gru = nn.GRU(units, units, 2)"},
            id="a number of letters, which only the run knows, for the features",
        ),
        pytest.param(
            PAIRS,
            OF_PAIRS,
            f"{PRODUCT} (9x36 and 72x16)",
            ("dense_input", "features", ["dense_one_direction", "dense_features"]),
            {"return states[-1]": "return torch.cat((states[-2], states[-1]), dim=-1)"},
            id="the states that a method returns, joined for the first of several layers",
        ),
        pytest.param(
            JOINED,
            OF_PAIRS,
            f"{PRODUCT} (18x36 and 72x16)",
            ("dense_input", "features", ["joined_batch"]),
            {"both = torch.cat([a, b], dim=0)": "both = torch.cat([a, b], dim=1)"},
            id="arrays that are joined along the batch for the first of several layers",
        ),
        pytest.param(
            SIGNALS,
            ["loss = (model(x) - x).pow(2).mean()", "codes, _ = self.encoder(x)"],
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 4, got 3",
            ("x", "features", ["other_features"]),
            {"model = Autoencoder(signals=4, units=16)": "model = Autoencoder(signals=3, units=16)"},
            id="the features that several layers of a network have",
        ),
    ],
)
def test_the_line_that_lets_a_whole_program_run_is_corrected(
    program: str, frames: list[str], error: str, meaning: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(pasted(program, frames, error)) == (meaning, lines)


def test_the_state_of_a_step_has_no_axis_of_steps_for_a_mask() -> None:
    step = "import numpy as np\nh = np.tanh(x[:, t] @ Wx + h @ Wh)\n{line}\n"
    line = "h = h * mask"
    error = "ValueError: operands could not be broadcast together with shapes (8,64) (8,)"
    mismatch = said(pasted(step.format(line=line), [line], error))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 2, 1)


PACKED = f"""{TORCH_WITH_PACKING}
class Tagger(nn.Module):
    def __init__(self, words=60, width=12, units=20):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.lstm = nn.LSTM({{features}}, units, batch_first=True)

    def forward(self, ids, lengths):
        steps = self.embed(ids)
        packed = pack_padded_sequence(steps, lengths{{first}})
        out, _ = self.lstm(packed)
        return pad_packed_sequence(out, batch_first=True)[0]

Tagger()(torch.zeros(4, 9).long(), torch.tensor([9, 5, 3, 2]))
"""
CALLED = "Tagger()(torch.zeros(4, 9).long(), torch.tensor([9, 5, 3, 2]))"


def test_a_packed_x_is_wrong_for_a_layer_that_makes_its_state_itself() -> None:
    program = PACKED.format(features="units", first=", batch_first=True")
    in_layer = '  File "torch/nn/modules/rnn.py", line 1149, in forward\n    result = _VF.lstm(\n'
    error = f"{PRODUCT} (19x12 and 20x80)"
    text = pasted(program, [CALLED, "out, _ = self.lstm(packed)"], error).replace(error, in_layer + error)

    assert causes_and_lines(text) == (
        ("x", "features", ["other_features"]),
        {
            "self.lstm = nn.LSTM(units, units, batch_first=True)": (
                "self.lstm = nn.LSTM(width, units, batch_first=True)"
            )
        },
    )


def test_x_that_is_packed_along_its_steps_has_as_many_samples_as_lengths() -> None:
    program = PACKED.format(features="width", first="")
    frames = [CALLED, "packed = pack_padded_sequence(steps, lengths)"]
    error = "RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 4 (batch_size=9)"

    assert network(explain(pasted(program, frames, error))) == (4, 9, 12, 20)
