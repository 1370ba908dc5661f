"""If a whole program is pasted with its traceback, the likeliest cause corrects it with the smallest change.

PyTorch 2.13, Keras 3.15, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs, which run with the
corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import NotFoundError, explain
from app.url_state.state_of_configuration import state_of_error

STATES = f"""{TORCH}
class Waves(nn.Module):
    def __init__(self, hidden=51):
        super().__init__()
        self.hidden = hidden
        self.rnn = nn.LSTM(1, hidden, num_layers=2, batch_first=True)

    def forward(self, series):
        b = series.shape[0]
        h_0 = torch.zeros(1, b, self.hidden)
        c_0 = torch.zeros(1, b, self.hidden)
        return self.rnn(series, (h_0, c_0))[0]

Waves()(torch.zeros(20, 100, 1))
"""

STATE_OF_CALLER = f"""{TORCH}
BATCH = 64

class Reviews(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 96, 2, batch_first=True)

    def init_hidden(self, n):
        return torch.zeros(2, n, 96), torch.zeros(2, n, 96)

    def forward(self, x, hidden):
        return self.lstm(x, hidden)

model = Reviews()
for inputs, labels in train_loader:
    h = model.init_hidden(BATCH)
    output, h = model(inputs, h)
"""

KEPT_FOR_BATCHES = f"""{TORCH}
class Meter(nn.Module):
    def __init__(self, units=22):
        super().__init__()
        self.rnn, self.units = nn.GRU(6, units, batch_first=True), units

    def start(self, samples):
        self.state = torch.zeros(1, samples, self.units)

    def forward(self, x):
        y, state = self.rnn(x, self.state)
        self.state = state.detach()
        return y[:, -1]


meter = Meter()
for epoch in range(2):
    meter.start(64)
    for _ in range(3):
        loss = meter(torch.zeros(64, 30, 6)).mean()
    val_x = torch.zeros(40, 30, 6)
    val_loss = meter(val_x).mean()
"""

TIME_FIRST_KEYS = f"""{TORCH}
class Stations(nn.Module):
    def __init__(self, units=32):
        super().__init__()
        self.encoder = nn.GRU(8, units)
        self.of_query, self.of_key = nn.Linear(units, units), nn.Linear(units, units)

    def score(self, query, keys):
        return torch.tanh(self.of_query(query).unsqueeze(1) + self.of_key(keys)).sum(-1).softmax(1)

    def forward(self, days):
        keys, last = self.encoder(days)
        weights = self.score(last[-1], keys)
        return (weights.unsqueeze(-1) * keys).sum(1)


Stations()(torch.zeros(28, 9, 8))
"""

KEPT = f"""{TORCH}
class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.state = None

    def reset(self):
        self.state = None

    def forward(self, x):
        out, self.state = self.lstm(x, self.state)
        return out

model = Letters()
for start in range(4):
    model(torch.zeros(32, 10, 16))
for _ in range(20):
    logits = model(torch.zeros(1, 1, 16))
"""

OF_CELL = f"""{TORCH}
class Prices(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(5, 28)

    def forward(self, quotes):
        state = quotes.new_zeros(quotes.size(0), 28)
        for t in range(quotes.size(1)):
            state = self.cell(quotes, state)
        return state

Prices()(torch.randn(12, 60, 5))
"""

ONE_DIRECTION = f"""{TORCH}
class Names(nn.Module):
    def __init__(self, size, tags):
        super().__init__()
        self.size = size
        self.bilstm = nn.LSTM(50, size, batch_first=True, bidirectional=True)
        self.tag = nn.Linear(size, tags)

    def forward(self, vectors):
        features, _ = self.bilstm(vectors)
        return self.tag(features.reshape(-1, self.size))

logits = Names(60, 9)(torch.zeros(16, 25, 50))
gold = torch.zeros(16, 25).long()
loss = nn.CrossEntropyLoss()(logits, gold.view(-1))
"""

FACTORS = f"""{TORCH}
memory, hidden = nn.GRU(64, 128, batch_first=True)(torch.zeros(10, 18, 64))
query, _ = nn.GRU(64, 128, batch_first=True)(torch.zeros(10, 1, 64))
energies = torch.bmm(memory, query)
"""

LOADED = f"""{TORCH}from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

def join(samples):
    return pad_sequence(samples, batch_first=True)

lstm = nn.LSTM(13, 64)
loader = DataLoader([torch.zeros(86, 13), torch.zeros(48, 13)], batch_size=2)
for frames in loader:
    lstm(frames)
"""

JOINED = """import keras
from keras import layers
UNITS = 48
source = keras.Input((None, 32))
_, fh, fc, bh, bc = layers.Bidirectional(layers.LSTM(UNITS, return_state=True))(source)
state_h, state_c = layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])
decoder = layers.LSTM(UNITS, return_sequences=True)
decoded = decoder(keras.Input((None, 32)), initial_state=[state_h, state_c])
"""

SCANNED = """import jax.numpy as jnp
from jax import lax, random
N_IN, N_HIDDEN = 7, 30

def make(key):
    return {
        "W_x": random.normal(key, (N_HIDDEN, N_IN)) * 0.1,
        "W_h": random.normal(key, (N_HIDDEN, N_HIDDEN)) * 0.1,
    }

def forward(params, xs):
    def step(h, x):
        h = jnp.tanh(x @ params["W_x"] + h @ params["W_h"])
        return h, h
    return lax.scan(step, jnp.zeros((16, N_HIDDEN)), xs)

forward(make(random.key(0)), jnp.zeros((50, 16, N_IN)))
"""

BIAS = """import numpy as np
H = 16

class GRU:
    def __init__(self):
        self.W = np.zeros((6, 3 * H))
        self.U = np.zeros((H, 3 * H))
        self.b = np.zeros(3 * H)

    def step(self, x, h):
        gx, gh = x @ self.W, h @ self.U
        r = 1 / (1 + np.exp(-gx[:, :H] - gh[:, :H]))
        return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)

GRU().step(np.zeros((4, 6)), np.zeros((4, H)))
"""

COLUMNS = """import numpy as np

def lstm_forward(x, Wx, Wh):
    N, T, D = x.shape
    H = Wh.shape[0]
    prev_h = np.zeros((H, N))
    for t in range(T):
        a = x[:, t, :].dot(Wx) + prev_h.dot(Wh)

lstm_forward(np.zeros((5, 9, 3)), np.zeros((3, 80)), np.zeros((20, 80)))
"""

SIZES_OF_KERAS = (
    "RuntimeError: Exception encountered when calling LSTM.call().\n\nmat1 and mat2 shapes cannot be multiplied (32x96"
    " and 48x192)\n\nArguments received by LSTM.call():\n  • sequences=torch.Tensor(shape=torch.Size([32, 13, 32]),"
    " dtype=float32)\n  • initial_state=['torch.Tensor(shape=torch.Size([32, 96]), dtype=float32)',"
    " 'torch.Tensor(shape=torch.Size([32, 96]), dtype=float32)']\n  • mask=None"
)

STATE_OF_TRAINING = f"""{TORCH}
class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(300, 50)
        self.rnn = nn.LSTM(50, 75)

    def forward(self, x, hidden):
        return self.rnn(self.embedding(x), hidden)

train, valid = torch.zeros(200, 20).long(), torch.zeros(100, 10).long()
model = Words()
hidden = (torch.zeros(1, 20, 75), torch.zeros(1, 20, 75))
for i in range(0, 200, 35):
    out, hidden = model(train[i : i + 35], hidden)
for i in range(0, 100, 35):
    out, hidden = model(valid[i : i + 35], hidden)
"""

MASKED_OUTPUT = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(700, 50)
        self.rnn = nn.LSTM(50, 40, bidirectional=True, batch_first=True)

    def forward(self, ids):
        mask = (ids != 0).float()
        outputs, _ = self.rnn(self.embedding(ids))
        outputs = outputs * mask
        return outputs.sum(1) / mask.sum(1, keepdim=True)

Tagger()(torch.ones(6, 30).long())
"""

WRITTEN_KEYS = """import jax
import jax.numpy as jnp

def init(key, n_in, n_hid):
    p = {{}}
    for name in "zrn":
        p[{of_x}] = jax.random.normal(key, (n_hid, n_in)) * 0.1
        p[{of_h}] = jax.random.normal(key, (n_hid, n_hid)) * 0.1
    return p

def step(p, h, x):
    z = jax.nn.sigmoid(x @ p["Wz"] + h @ p["Uz"])
    r = jax.nn.sigmoid(x @ p["Wr"] + h @ p["Ur"])
    return (1 - z) * jnp.tanh(x @ p["Wn"] + (r * h) @ p["Un"]) + z * h

params = init(jax.random.PRNGKey(7), 5, 16)
h = jnp.zeros((8, 16))
for x in jnp.ones((30, 8, 5)):
    h = step(params, h, x)
"""

STATES_BESIDE_COLUMNS = f"""{TORCH}
class Churn(nn.Module):
    def __init__(self, hid=32, columns=5):
        super().__init__()
        self.gru = nn.GRU(7, hid, num_layers=2, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(hid + columns, 64), nn.ReLU())

    def forward(self, x, static):
        _, h_n = self.gru(x)
        h = h_n.permute(1, 0, 2).flatten(1)
        z = torch.cat([h, static], dim=1)
        return self.mlp(z)

Churn()(torch.zeros(50, 12, 7), torch.zeros(50, 5))
"""

STATE_OF_MEAN = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Linear(512, 128)
        self.cell = nn.LSTMCell(64, 128)

    def forward(self, image, x):
        h = torch.tanh(self.start(image.mean(dim=0, keepdim=True)))
        c = torch.zeros(x.size(0), 128)
        for t in range(x.size(1)):
            h, c = self.cell(x[:, t], (h, c))
        return h

Captions()(torch.zeros(10, 512), torch.zeros(10, 15, 64))
"""

CARRY_OF_TRAINING = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Smoother(nn.Module):
    @nn.compact
    def __call__(self, x, carry):
        rnn = nn.RNN(nn.GRUCell(24), return_carry=True)
        return rnn(x, initial_carry=carry)

key = jax.random.PRNGKey(0)
model = Smoother()
train_x = jnp.zeros((32, 50, 6))
{other} = jnp.zeros((12, 50, 6))
carry = nn.GRUCell(24, parent=None).initialize_carry(key, (32, 6))
params = model.init(key, train_x, carry)
model.apply(params, train_x, carry)
model.apply(params, {other}, carry)
"""


def of_carry(other: str) -> str:
    """The traceback of a carry that goes on with another x."""
    error = "TypeError: add got incompatible shapes for broadcasting: (12, 24), (32, 24)."
    frames = [f"model.apply(params, {other}, carry)", "return rnn(x, initial_carry=carry)"]
    gate = "r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))"
    flax = f'  File "site-packages/flax/linen/recurrent.py", line 588, in __call__\n    {gate}\n'
    return pasted(CARRY_OF_TRAINING.format(other=other), frames, flax + error)


CALL = 'site-packages/torch/utils/data/_utils/collate.py", line 401, in default_collate\n    return collate(batch)\n'


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                STATES,
                ["y, _ = self.rnn(series, (h_0, c_0))"],
                "RuntimeError: Expected hidden[0] size (2, 20, 51), got [1, 20, 51]",
            ),
            ("h_0", "num_layers*directions", ["layers"]),
            {
                "h_0 = torch.zeros(1, b, self.hidden)": "h_0 = torch.zeros(2, b, self.hidden)",
                "c_0 = torch.zeros(1, b, self.hidden)": "c_0 = torch.zeros(2, b, self.hidden)",
            },
        ),
        (
            pasted(
                STATE_OF_CALLER,
                ["output, h = model(inputs, h)", "return self.lstm(x, hidden)"],
                "RuntimeError: Expected hidden[0] size (2, 52, 96), got [2, 64, 96]",
            ),
            ("h_0", "batch_size", ["last_batch"]),
            {"h = model.init_hidden(BATCH)": "h = model.init_hidden(inputs.size(0))"},
        ),
        (
            pasted(
                KEPT,
                ["logits = model(torch.zeros(1, 1, 16))", "out, self.state = self.lstm(x, self.state)"],
                "RuntimeError: Expected hidden[0] size (1, 1, 64), got [1, 32, 64]",
            ),
            ("h_0", "batch_size", ["kept_state", "other_batch"]),
            {"": "model.reset()  # before: for _ in range(20):"},
        ),
        (
            pasted(
                KEPT_FOR_BATCHES,
                ["val_loss = meter(val_x).mean()", "y, state = self.rnn(x, self.state)"],
                "RuntimeError: Expected hidden size (1, 40, 22), got [1, 64, 22]",
            ),
            ("h_0", "batch_size", ["state_of_other_data"]),
            {"": "meter.start(val_x.size(0))  # before: val_loss = meter(val_x).mean()"},
        ),
        (
            pasted(
                STATE_OF_TRAINING,
                ["out, hidden = model(valid[i : i + 35], hidden)", "return self.rnn(self.embedding(x), hidden)"],
                "RuntimeError: Expected hidden[0] size (1, 10, 75), got [1, 20, 75]",
            ),
            ("h_0", "batch_size", ["state_of_other_data"]),
            {"": "hidden = (torch.zeros(1, 10, 75), torch.zeros(1, 10, 75))  # before: for i in range(0, 100, 35):"},
        ),
        *(
            (
                of_carry(other),
                ("h_0", "batch_size", [id]),
                {
                    f"model.apply(params, {other}, carry)": (
                        f"model.apply(params, {other}, nn.GRUCell(24, parent=None)"
                        f".initialize_carry(key, {other}[:, 0].shape))"
                    )
                },
            )
            for other, id in {"test_x": "state_of_other_data", "more": "other_batch"}.items()
        ),
        *(
            (
                pasted(
                    WRITTEN_KEYS.format(of_x=of_x, of_h=of_h),
                    ["h = step(params, h, x)", 'z = jax.nn.sigmoid(x @ p["Wz"] + h @ p["Uz"])'],
                    "TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and"
                    " (16,).",
                ),
                ("kernel", "order", ["kernel_order"]),
                {
                    f"p[{of_x}] = jax.random.normal(key, (n_hid, n_in)) * 0.1": (
                        f"p[{of_x}] = jax.random.normal(key, (n_in, n_hid)) * 0.1"
                    )
                },
            )
            for of_x, of_h in {'"W" + name': '"U" + name', 'f"W{name}"': 'f"U{name}"'}.items()
        ),
        (
            pasted(
                STATES_BESIDE_COLUMNS,
                ["Churn()(torch.zeros(50, 12, 7), torch.zeros(50, 5))", "return self.mlp(z)"],
                "RuntimeError: mat1 and mat2 shapes cannot be multiplied (50x69 and 37x64)",
            ),
            ("dense_input", "features", ["dense_all_layers"]),
            {
                "self.mlp = nn.Sequential(nn.Linear(hid + columns, 64), nn.ReLU())": (
                    "self.mlp = nn.Sequential(nn.Linear(2 * hid + columns, 64), nn.ReLU())"
                )
            },
        ),
        (
            pasted(
                STATE_OF_MEAN,
                [
                    "Captions()(torch.zeros(10, 512), torch.zeros(10, 15, 64))",
                    "h, c = self.cell(x[:, t], (h, c))",
                ],
                "RuntimeError: Input batch size 10 doesn't match hidden0 batch size 1",
            ),
            ("h_0", "batch_size", ["other_batch"]),
            {"h = torch.tanh(self.start(image.mean(dim=0, keepdim=True)))": ("h = torch.tanh(self.start(image))")},
        ),
        (
            pasted(
                MASKED_OUTPUT,
                ["Tagger()(torch.ones(6, 30).long())", "outputs = outputs * mask"],
                "RuntimeError: The size of tensor a (80) must match the size of tensor b (30) at non-singleton"
                " dimension 2",
            ),
            ("mask", "rank", ["mask_units"]),
            {"outputs = outputs * mask": "outputs = outputs * mask.unsqueeze(-1)"},
        ),
        (
            pasted(
                TIME_FIRST_KEYS,
                [
                    "Stations()(torch.zeros(28, 9, 8))",
                    "weights = self.score(last[-1], keys)",
                    "return torch.tanh(self.of_query(query).unsqueeze(1) + self.of_key(keys)).sum(-1).softmax(1)",
                ],
                "RuntimeError: The size of tensor a (9) must match the size of tensor b (28) at non-singleton dimension"
                " 0",
            ),
            ("output", "order", ["time_first"]),
            {"": "keys = keys.transpose(0, 1)  # before: weights = self.score(last[-1], keys)"},
        ),
        (
            pasted(
                OF_CELL,
                ["state = self.cell(quotes, state)"],
                "RuntimeError: GRUCell: Expected input to be 1D or 2D, got 3D instead",
            ),
            ("x", "rank", ["one_step"]),
            {"state = self.cell(quotes, state)": "state = self.cell(quotes[:, t], state)"},
        ),
        (
            pasted(
                ONE_DIRECTION,
                ["loss = nn.CrossEntropyLoss()(logits, gold.view(-1))"],
                "ValueError: Expected input batch_size (800) to match target batch_size (400).",
            ),
            ("output", "num_units", ["reshape_directions"]),
            {
                "return self.tag(features.reshape(-1, self.size))": (
                    "return self.tag(features.reshape(-1, 2 * self.size))"
                ),
                "self.tag = nn.Linear(size, tags)": "self.tag = nn.Linear(2 * size, tags)",
            },
        ),
        (
            pasted(
                FACTORS,
                ["energies = torch.bmm(memory, query)"],
                "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [10, 128] but got: [10,"
                " 1].",
            ),
            ("output", "order", ["transpose_keys"]),
            {"energies = torch.bmm(memory, query)": "energies = torch.bmm(memory, query.transpose(1, 2))"},
        ),
        (
            pasted(
                LOADED,
                ["for frames in loader:", f'pass\n  File "{CALL}'],
                "RuntimeError: stack expects each tensor to be equal size, but got [86, 13] at entry 0 and [48, 13] at"
                " entry 1",
            ),
            ("x", "time_step", ["collate"]),
            {
                "loader = DataLoader([torch.zeros(86, 13), torch.zeros(48, 13)], batch_size=2)": (
                    "loader = DataLoader([torch.zeros(86, 13), torch.zeros(48, 13)], batch_size=2, collate_fn=join)"
                )
            },
        ),
        (
            pasted(JOINED, ["model.fit([a, b], c)"], SIZES_OF_KERAS),
            ("h_0", "num_units", ["joined_states", "other_units"]),
            {
                "decoder = layers.LSTM(UNITS, return_sequences=True)": (
                    "decoder = layers.LSTM(2 * UNITS, return_sequences=True)"
                )
            },
        ),
        (
            pasted(
                SCANNED,
                [
                    'h = jnp.tanh(x @ params["W_x"] + h @ params["W_h"])\n                 ~~^~~~~~~~~~~~~~~',
                ],
                "TypeError: dot_general requires contracting dimensions to have the same shape, got (7,) and (30,).",
            ),
            ("kernel", "order", ["kernel_order"]),
            {
                '"W_x": random.normal(key, (N_HIDDEN, N_IN)) * 0.1,': (
                    '"W_x": random.normal(key, (N_IN, N_HIDDEN)) * 0.1,'
                )
            },
        ),
        (
            pasted(
                BIAS,
                [
                    "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)\n"
                    "                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~^~~~~~~~"
                ],
                "ValueError: operands could not be broadcast together with shapes (4,16) (48,) ",
            ),
            ("bias", "num_units", ["whole_bias"]),
            {
                "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)": (
                    "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b[2 * H:])"
                )
            },
        ),
        (
            pasted(
                COLUMNS,
                [
                    "a = x[:, t, :].dot(Wx) + prev_h.dot(Wh)\n                             ^^^^^^^^^^^^^^",
                ],
                "ValueError: shapes (20,5) and (20,80) not aligned: 5 (dim 1) != 20 (dim 0)",
            ),
            ("h_0", "order", ["state_axes"]),
            {"prev_h = np.zeros((H, N))": "prev_h = np.zeros((N, H))"},
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    mismatch = explain(text).mismatch
    likeliest = mismatch.causes[0]

    assert (mismatch.tensor, mismatch.axis, [cause.id for cause in mismatch.causes]) == said
    assert dict([(likeliest.wrong, likeliest.fix), *likeliest.others]) == lines
    assert likeliest.is_own


def test_a_line_that_a_program_has_twice_is_told_by_the_line_after_it() -> None:
    twice = STATE_OF_CALLER + "\nh = model.init_hidden(64)\nmodel(a, h)\nh = model.init_hidden(64)\nmodel(valid, h)\n"
    error = "RuntimeError: Expected hidden[0] size (2, 30, 96), got [2, 64, 96]"
    (cause, *_) = explain(pasted(twice, ["model(valid, h)", "return self.lstm(x, hidden)"], error)).mismatch.causes

    assert cause.fix == "h = model.init_hidden(valid.size(0))  # before: model(valid, h)"


MADE_BEFORE = f"""{TORCH}
class Notes(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 40, batch_first=True)

    def init(self, n):
        return torch.zeros(1, n, 40), torch.zeros(1, n, 40)

    def forward(self, x, h):
        return self.lstm(x, h)

net = Notes()
"""


@pytest.mark.parametrize(
    ("lines", "fix"),
    [
        ("for x, y in loader:\n    h = net.init(64)\n    out, h = net(x, h)", "h = net.init(x.size(0))"),
        ("h = net.init(64)\nx = torch.zeros(4, 7, 8)\nout, h = net(x, h)", "h = net.init(4)"),
        ("h = net.init(64)\nfor x, y in loader:\n    out, h = net(x, h)", "h_0 = c_0 = torch.zeros(1, x.size(0), 40)"),
    ],
)
def test_a_corrected_line_reads_only_arrays_that_are_made_before_it(lines: str, fix: str) -> None:
    error = "RuntimeError: Expected hidden[0] size (1, 4, 40), got [1, 64, 40]"
    frames = ["out, h = net(x, h)", "return self.lstm(x, h)"]

    assert explain(pasted(f"{MADE_BEFORE}{lines}\n", frames, error)).mismatch.causes[0].fix == fix


CARRY = """import jax.numpy as jnp
from flax import {}
x = jnp.zeros((32, 8))
carry = cell.initialize_carry({})
carry, y = cell(carry, x)
"""


@pytest.mark.parametrize(
    ("module", "given", "fixed"),
    [
        ("nnx", "(16, 8), rngs", "x.shape, rngs"),
        ("nnx", "rngs=rngs, input_shape=(16, 8)", "rngs=rngs, input_shape=x.shape"),
        ("linen", "key, (16, 8)", "key, x.shape"),
        ("linen", "rng=key, input_shape=(16, 8)", "rng=key, input_shape=x.shape"),
    ],
)
def test_a_carry_of_flax_gets_the_shape_of_x(module: str, given: str, fixed: str) -> None:
    sum_of_both = f"""pass
  File "/x/site-packages/flax/{module}/nn/recurrent.py", line 170, in __call__
    i = self.gate_fn(self.ii(inputs) + self.hi(h))"""
    error = "TypeError: add got incompatible shapes for broadcasting: (32, 16), (16, 16)."
    text = pasted(CARRY.format(module, given), ["carry, y = cell(carry, x)", sum_of_both], error)

    assert explain(text).mismatch.causes[0].fix == f"carry, y = cell(cell.initialize_carry({fixed}), x)"


def test_an_argument_that_a_line_has_gets_another_value() -> None:
    program = """import keras
from keras import layers
model = keras.Sequential()
model.add(layers.LSTM(64, return_sequences=False, input_shape=(10, 8)))
model.add(layers.LSTM(32))
"""
    error = (
        'ValueError: Input 0 of layer "lstm_1" is incompatible with the layer: expected ndim=3, found ndim=2. Full'
        " shape received: (None, 64)"
    )
    (likeliest, *_) = explain(pasted(program, ["model.add(layers.LSTM(32))"], error)).mismatch.causes

    assert likeliest.fix == "model.add(layers.LSTM(64, return_sequences=True, input_shape=(10, 8)))"


def test_a_doubled_sum_is_in_brackets() -> None:
    program = f"""{TORCH}
lstm = nn.LSTM(8, 40, bidirectional=True, batch_first=True)
n = 32
head = nn.Linear(n + 8, 5)
y, _ = lstm(torch.zeros(4, 7, 8))
print(head(y[:, -1]))
"""
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x80 and 40x5)"

    assert (
        explain(pasted(program, ["print(head(y[:, -1]))"], error)).mismatch.causes[0].fix
        == "head = nn.Linear(2 * (n + 8), 5)"
    )


MLP = f"{TORCH}mlp = nn.Sequential(nn.Linear(20, 64), nn.Linear(32, 2))\nprint(mlp(torch.zeros(5, 20)))\n"
SHAPES = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x64 and 32x2)"


def test_a_whole_program_without_recurrence_is_declined_and_not_asked_for() -> None:
    with pytest.raises(NotFoundError, match="this program has no recurrent layer"):
        explain(pasted(MLP, ["print(mlp(torch.zeros(5, 20)))"], SHAPES))


@pytest.mark.parametrize(
    "text",
    [
        pasted("from layers import Net\n" + MLP, ["print(mlp(torch.zeros(5, 20)))"], SHAPES),
        pasted(MLP, ["print(Other()(torch.zeros(5, 20)))"], SHAPES),
    ],
)
def test_a_program_that_may_lack_the_layer_is_asked_for_it(text: str) -> None:
    with pytest.raises(NotFoundError, match=r"Does it come from|Paste the source"):
        explain(text)


def test_the_program_after_an_error_is_no_part_of_its_message() -> None:
    text = pasted(MLP, ["print(mlp(torch.zeros(5, 20)))"], "IndexError: index out of range in self")
    with pytest.raises(NotFoundError) as error:
        explain(text)

    assert error.value.message == "IndexError: index out of range in self"
    assert error.value.about is None


STACK = """import keras
from keras import layers
model = keras.Sequential([keras.Input((24, 3)), layers.GRU(64), layers.GRU(32{})])
"""
TWO_AXES = "ValueError: Input 0 of layer 'gru_1' is incompatible with the layer: expected ndim=3, found ndim=2."


@pytest.mark.parametrize(("setting", "cell"), [("", "gru_reset_after"), (", reset_after=False", "gru")])
def test_the_linked_picture_is_that_of_the_layer_that_fails(setting: str, cell: str) -> None:
    explanation = explain(pasted(STACK.format(setting), ["model = keras.Sequential(["], TWO_AXES))
    assert explanation.configuration
    state = state_of_error(explanation, explanation.configuration)

    assert state
    assert (state["cell"], state["features"], state["num_units"]) == (cell, 64, 32)


@pytest.mark.parametrize(("gate", "is_after"), [("r * gh[:, 2 * H:]", True), ("(r * h) @ self.U[:, 2 * H:]", False)])
def test_an_own_gru_says_where_it_resets(gate: str, is_after: bool) -> None:
    program = BIAS.replace("r * gh[:, 2 * H:]", gate)
    line = f"return np.tanh(gx[:, 2 * H:] + {gate} + self.b)"
    error = "ValueError: operands could not be broadcast together with shapes (4,16) (48,) "

    assert explain(pasted(program, [f"{line}\n{' ' * 11}{'~' * (len(line) - 8)}^~~"], error)).resets_after is is_after


def packing(lengths: str, forward: str = "batch_first=True") -> str:
    return f"""{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
sentences = [torch.randint(1, 200, (int(n),)) for n in torch.randint(3, 15, (60,))]
lengths = torch.tensor([len(one) for one in sentences])
padded = pad_sequence(sentences, batch_first=True)

class Intents(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(200, 16)
        self.gru = nn.GRU(16, 32, batch_first=True)

    def forward(self, ids, n):
        packed = pack_padded_sequence(self.embedding(ids), n, {forward}, enforce_sorted=False)
        return self.gru(packed)[1]

net = Intents()
for start in range(0, 60, 20):
    batch = padded[start : start + 20]
    h = net(batch, {lengths})
"""


SELECTED = """  File "/env/lib/python3.11/site-packages/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence
    input = input.index_select(batch_dim, sorted_indices)
IndexError: index out of range in self"""


def test_lengths_of_all_data_are_those_of_no_batch() -> None:
    line = "packed = pack_padded_sequence(self.embedding(ids), n, batch_first=True, enforce_sorted=False)"
    mismatch = explain(pasted(packing("lengths"), ["h = net(batch, lengths)", line], SELECTED)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("lengths", "batch_size", (20,), (60,))
    assert [one.lines for one in mismatch.causes] == [
        (("h = net(batch, lengths)", "h = net(batch, lengths[start : start + 20])"),)
    ]


def test_lengths_of_another_axis_may_lack_batch_first() -> None:
    line = "packed = pack_padded_sequence(self.embedding(ids), n, enforce_sorted=False)"
    program = packing("lengths[start : start + 20]", "").replace(" , enforce", " enforce")
    text = pasted(program, ["h = net(batch, lengths[start : start + 20])", line], SELECTED)

    assert explain(text).mismatch.causes[0].id == "lengths"


def test_an_index_out_of_an_embedding_is_about_no_lengths() -> None:
    embedding = (
        '  File "/env/lib/python3.11/site-packages/torch/nn/functional.py", line 9, in embedding\n'
        "    return torch.embedding(weight, input)\n"
    )
    with pytest.raises(NotFoundError) as error:
        explain(pasted(packing("lengths"), ["h = net(batch, lengths)"], embedding + SELECTED.split("\n")[-1]))

    assert error.value.about


STACK_OF_LAYERS = f"""{TORCH}
class Stack(nn.Module):
    def __init__(self, n_mels, width, depth):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.LSTM(n_mels, width, batch_first=True))

    def forward(self, x):
        for lstm in self.layers:
            x, _ = lstm(x)
        return x

Stack(n_mels=26, width=72, depth=3)(torch.randn(16, 50, 26))
"""


def test_layers_that_a_loop_adds_read_the_units_of_those_below() -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 26, got 72"
    causes = explain(pasted(STACK_OF_LAYERS, ["x, _ = lstm(x)"], error)).mismatch.causes

    assert [one.lines for one in causes] == [
        (
            ("for _ in range(depth):", "for n in range(depth):"),
            (
                "self.layers.append(nn.LSTM(n_mels, width, batch_first=True))",
                "self.layers.append(nn.LSTM(n_mels if n == 0 else width, width, batch_first=True))",
            ),
        )
    ]


GATES_IN_DICTIONARY = """import numpy as np
class Cell:
    def __init__(self, input_dim, hidden_dim):
        self.hidden_dim = hidden_dim
        self.W = {g: np.random.normal(0, 0.08, (input_dim, hidden_dim)) for g in "fioc"}

    def step(self, x, h):
        z = np.concatenate([h, x], axis=1)
        return np.tanh(z @ self.W["f"])

    def run(self, xs):
        h = np.zeros((len(xs), self.hidden_dim))
        for t in range(xs.shape[1]):
            h = self.step(xs[:, t], h)
        return h

Cell(11, 26).run(np.random.rand(9, 30, 11))
"""


def test_weights_of_each_letter_of_a_text_are_those_of_one_line() -> None:
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 11 is different from 37)"
    )
    frames = ["h = self.step(xs[:, t], h)", 'return np.tanh(z @ self.W["f"])\n                   ~~^~~~~~~~~~~~~']
    mismatch = explain(pasted(GATES_IN_DICTIONARY, frames, error)).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("kernel", (37,), (11,))
    assert [one.fix for one in mismatch.causes] == [
        'self.W = {g: np.random.normal(0, 0.08, (input_dim + hidden_dim, hidden_dim)) for g in "fioc"}'
    ]


DECODER = f"""{TORCH}
class Encoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.GRU(24, hidden{{layers}}, batch_first=True, bidirectional=True)

    def forward(self, x):
        return self.rnn(x)

class Decoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.GRU(24, hidden, batch_first=True)

    def forward(self, y, state):
        return self.rnn(y, state)

encoder, decoder = Encoder(48), Decoder(48)
for source, target in loader:
    _, state = encoder(source)
    decoder(target, state)
"""


@pytest.mark.parametrize(("layers", "may_differ"), [("", False), (", num_layers", True)])
def test_layers_of_one_layer_have_no_other_number_of_them(layers: str, may_differ: bool) -> None:
    error = "RuntimeError: Expected hidden size (1, 16, 48), got [2, 16, 48]"
    text = pasted(DECODER.format(layers=layers), ["decoder(target, state)", "return self.rnn(y, state)"], error)

    assert ("layers" in [one.id for one in explain(text).mismatch.causes]) is may_differ


def test_exchanged_axes_of_a_state_are_no_accident() -> None:
    causes = explain("RuntimeError: Expected hidden size (2, 48, 30), got [48, 2, 30]").mismatch.causes

    assert [one.id for one in causes] == ["state_order", "state_transposed"]


LOSS_OF_ONE = f"""{TORCH}
class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.dense = nn.Linear(64, 1)

    def forward(self, x):
        return torch.sigmoid(self.dense(self.lstm(x)[1][0][-1]))

model, bce = Scores(), nn.BCELoss()
prob, label = model(torch.zeros(24, 40, 32)), torch.zeros(24)
loss = bce(prob, label)
"""


def test_the_only_axis_of_a_target_with_one_value_for_each_sample_is_the_batch() -> None:
    error = (
        "ValueError: Using a target size (torch.Size([24])) that is different to the input size"
        " (torch.Size([24, 1])) is deprecated. Please ensure they have the same size."
    )
    shapes = comparison(explain(pasted(LOSS_OF_ONE, ["loss = bce(prob, label)"], error)))

    assert shapes
    assert (shapes.axes, shapes.expected, shapes.got) == (("batch_size",), (24,), (24, 1))


@pytest.mark.parametrize(
    ("line", "error", "fix"),
    [
        (
            "z = sig(x @ self.Wz + h @ self.Uz + self.bz)",
            "ValueError: operands could not be broadcast together with shapes (3,6) (6,1)",
            "self.bz = np.zeros(6)  # and those of the other gates",
        ),
        (
            "h = np.tanh(x @ self.Wx + h @ self.Wh + self.b)",
            "ValueError: operands could not be broadcast together with shapes (3,6) (6,1)",
            "self.b = np.zeros(6)",
        ),
    ],
)
def test_the_line_of_one_gate_speaks_of_the_others(line: str, error: str, fix: str) -> None:
    assert explain(pasted("", [line], error)).mismatch.causes[0].fix == fix


def test_weights_of_x_and_h_in_one_array_have_the_size_of_both() -> None:
    frames = ["h, c = self.step(X[:, k], h, c)", "g = xh @ self.W + self.b"]
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 3 is different from 13)"
    )
    text = pasted("", ["print(lstm.forward(np.random.randn(4, 7, 3)).shape)", *frames], error)
    likely = explain(text).mismatch.causes[0]

    assert (likely.id, likely.fix) == ("joined_weights", "self.W = 0.1 * np.random.randn(13, gates * num_units)")
