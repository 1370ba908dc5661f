"""A state that was made for other samples than x has: those of training, of the last batch, or of another call.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines; only versions of PyTorch before 1.11 raise the one about an x with two axes.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, pasted

from app.reading.errors.explanation import explain

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


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
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
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


def test_a_line_that_a_program_has_twice_is_told_by_the_line_after_it() -> None:
    twice = STATE_OF_CALLER + "\nh = model.init_hidden(64)\nmodel(a, h)\nh = model.init_hidden(64)\nmodel(valid, h)\n"
    error = "RuntimeError: Expected hidden[0] size (2, 30, 96), got [2, 64, 96]"
    (cause, *_) = explain(pasted(twice, ["model(valid, h)", "return self.lstm(x, hidden)"], error)).mismatch.causes

    assert cause.fix == "h = model.init_hidden(valid.size(0))  # before: model(valid, h)"


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


TABLE = f"""{TORCH}
table = torch.randn(14, 5)
def start(samples):
    return torch.zeros(1, samples, 9)
net = nn.{{cell}}(5, 9{{batch_first}})
h = {{state}}
y, last = net(table, {{given}})
"""
OF_TABLE = "RuntimeError: input must have 3 dimensions, got 2"

TABLE_OF_KERAS = """import keras
import numpy as np
table, h = np.random.rand(14, 5), np.zeros(({samples}, 9))
y = keras.layers.GRU(9)(table, initial_state=h)
"""
OF_TABLE_OF_KERAS = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: (14, 5)"
)


@pytest.mark.parametrize(("cell", "given"), [("GRU", "h"), ("LSTM", "(h, h)")])
@pytest.mark.parametrize("state", ["torch.zeros(1, {}, 9)", "table.new_zeros(1, {}, 9)", "start({})"])
@pytest.mark.parametrize(
    ("samples", "batch_first", "axis", "said"),
    [
        (1, "", 1, ("missing_batch", 1, 14)),
        (1, ", batch_first=True", 0, ("missing_batch", 1, 14)),
        (14, "", 0, ("missing_axis", 14, 1)),
        (14, ", batch_first=True", 1, ("missing_axis", 14, 1)),
    ],
)
def test_the_samples_of_a_state_say_which_axis_x_lacks(
    cell: str, given: str, state: str, samples: int, batch_first: str, axis: int, said: tuple[str, int, int]
) -> None:
    text = TABLE.format(cell=cell, batch_first=batch_first, state=state.format(samples), given=given)
    line = f"y, last = net(table, {given})"
    explanation = explain(pasted(text, [line], OF_TABLE))
    network = explanation.configuration

    assert network and (explanation.mismatch.first_cause, network.batch_size, network.time_step) == said
    assert [one.lines for one in explanation.mismatch.causes] == [
        ((line, line.replace("table,", f"table.unsqueeze({axis}),")),)
    ]


@pytest.mark.parametrize(
    ("samples", "index", "said"), [(1, "[None]", ("missing_batch", 1, 14)), (14, "[:, None]", ("missing_axis", 14, 1))]
)
def test_the_samples_of_a_state_of_keras_say_which_axis_x_lacks(
    samples: int, index: str, said: tuple[str, int, int]
) -> None:
    line = "y = keras.layers.GRU(9)(table, initial_state=h)"
    explanation = explain(pasted(TABLE_OF_KERAS.format(samples=samples), [line], OF_TABLE_OF_KERAS))
    network = explanation.configuration

    assert network and (explanation.mismatch.first_cause, network.batch_size, network.time_step) == said
    assert explanation.mismatch.causes[0].lines == ((line, line.replace("table,", f"table{index},")),)
