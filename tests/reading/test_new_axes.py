"""The axes that a program gives its x on the way to a layer: one of features before its steps, and one for both steps
and samples.

PyTorch 2.13 raised the messages for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

SERIES = f"""{TORCH}import numpy as np
from torch.utils.data import DataLoader, TensorDataset
class Load(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, 48, batch_first=True)
    def forward(self, x):
        seq, _ = self.rnn(x)
        return seq[:, -1]
W = 24
X, y = windows(series, W)
X = np.asarray(X, dtype=np.float32)
ds = TensorDataset(DATA, torch.from_numpy(y))
net = Load()
for xb, yb in DataLoader(ds, batch_size=16):
    out = net(xb)
"""

OF_FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected 1, got 24"

ROLLOUT = f"""{TORCH}
class Policy(nn.Module):
    def __init__(self, obs_dim):
        super().__init__()
        self.body = nn.Linear(obs_dim, 24)
        self.gru = nn.GRU(24, 32)
    def forward(self, obs, h):
        z = self.body(obs)
        z, h = self.gru(z, h)
        return z, h
policy = Policy(5)
h = torch.zeros(1, 8, 32)
seen = []
for t in range(16):
    obs = torch.randn(8, 5)
    seen.append(obs)
flat = torch.stack(seen)ROWS
z, _ = policy(flat.unsqueeze(0), h)
"""

OF_STATE = "RuntimeError: Expected hidden size (1, 128, 32), got [1, 8, 32]"


def series(data: str) -> Mismatch:
    return explain(
        pasted(SERIES.replace("DATA", data), ["out = net(xb)", "seq, _ = self.rnn(x)"], OF_FEATURES)
    ).mismatch


def rollout(rows: str, error: str = OF_STATE) -> Mismatch:
    frames = ["z, _ = policy(flat.unsqueeze(0), h)", "z, h = self.gru(z, h)"]
    return explain(pasted(ROLLOUT.replace("ROWS", rows), frames, error)).mismatch


@pytest.mark.parametrize(
    ("data", "new"),
    [
        ("torch.from_numpy(X).unsqueeze(1)", "torch.from_numpy(X).unsqueeze(-1)"),
        ("torch.from_numpy(X).unsqueeze(dim=-2)", "torch.from_numpy(X).unsqueeze(dim=-1)"),
        ("torch.from_numpy(np.expand_dims(X, 1))", "torch.from_numpy(np.expand_dims(X, -1))"),
        ("torch.from_numpy(X[:, None])", "torch.from_numpy(X[..., None])"),
        ("torch.from_numpy(X[:, np.newaxis, :])", "torch.from_numpy(X[..., None])"),
        ("torch.from_numpy(X).reshape(-1, 1, W)", "torch.from_numpy(X).reshape(-1, W, 1)"),
    ],
)
def test_a_series_has_its_axis_of_features_after_its_steps(data: str, new: str) -> None:
    mismatch = series(data)
    (cause,) = mismatch.causes
    batch = 16 if "reshape" in data else None  # of other arrays the number of axes is not known

    assert (cause.id, mismatch.axis, mismatch.expected, mismatch.got) == (
        "features_first",
        "order",
        (batch, 24, 1),
        (batch, 1, 24),
    )
    line = "ds = TensorDataset({}, torch.from_numpy(y))"
    assert list(cause.lines) == [(line.format(data), line.format(new))]


@pytest.mark.parametrize("data", ["torch.from_numpy(X)", "torch.from_numpy(X).unsqueeze(0)"])
def test_a_series_without_such_an_axis_lacks_it(data: str) -> None:
    assert [one.id for one in series(data).causes] == ["missing_features_axis"]


def test_a_layer_that_reads_time_first_has_its_batch_in_the_second_axis() -> None:
    source = SERIES.replace(", batch_first=True", "").replace("DATA", "torch.from_numpy(X).unsqueeze(1)")
    text = pasted(source, ["out = net(xb)", "seq, _ = self.rnn(x)"], OF_FEATURES)

    assert [one.id for one in explain(text).mismatch.causes] == ["missing_features_axis"]


@pytest.mark.parametrize("rows", [".reshape(-1, 5)", ".view(-1, 5)", ".flatten(0, 1)"])
def test_the_steps_of_a_rollout_are_no_samples(rows: str) -> None:
    mismatch = rollout(rows)
    (cause,) = mismatch.causes

    assert (cause.id, mismatch.tensor, mismatch.expected, mismatch.got) == (
        "steps_as_samples",
        "x",
        (16, 8, 24),
        (1, 128, 24),
    )
    line = "z, _ = policy({}, h)"
    assert list(cause.lines) == [(line.format("flat.unsqueeze(0)"), line.format("torch.stack(seen)"))]


def test_a_state_for_no_part_of_the_rows_is_made_for_another_batch() -> None:
    mismatch = rollout(".reshape(-1, 5)", OF_STATE.replace("[1, 8, 32]", "[1, 9, 32]"))

    assert (mismatch.tensor, mismatch.first_cause) == ("h_0", "other_batch")


def test_a_traceback_shows_that_x_has_one_step() -> None:
    frames = ["logits, _ = policy(flat.unsqueeze(0), start)", "z, h = self.gru(z, h)"]
    causes = explain(pasted("", frames, OF_STATE)).mismatch.causes

    assert [one.id for one in causes] == ["steps_as_samples", "other_batch"]
    assert list(causes[0].lines) == [("", "z = z.reshape(-1, 8, z.size(-1))")]


@pytest.mark.parametrize(
    ("size", "new"), [("item_dim", "item_dim + 2"), ("24", "26")], ids=["a size with a name", "a number"]
)
def test_a_cell_of_flax_reads_all_features_that_are_joined(size: str, new: str) -> None:
    source = f"""import jax.numpy as jnp
from flax import nnx
class Plays(nnx.Module):
    def __init__(self, item_dim, hidden, rngs):
        self.items = nnx.Embed(300, item_dim, rngs=rngs)
        self.rnn = nnx.RNN(nnx.GRUCell({size}, hidden, rngs=rngs))
        self.head = nnx.Linear(hidden, 300, rngs=rngs)
    def __call__(self, ids, dwell):
        items = self.items(ids)
        z = jnp.concatenate([items, dwell], axis=-1)
        return self.head(self.rnn(z))
plays = Plays(24, 48, nnx.Rngs(0))
print(plays(ids, jnp.ones((5, 12, 2))))
"""
    error = """  File "site-packages/flax/nnx/nn/recurrent.py", line 721, in __call__
    x_transformed = self.dense_i(inputs)
                    ^^^^^^^^^^^^^^^^^^^^
  File "site-packages/flax/nnx/nn/linear.py", line 457, in __call__
    y = self.dot_general(
        ^^^^^^^^^^^^^^^^^
TypeError: dot_general requires contracting dimensions to have the same shape, got (26,) and (24,)."""
    frames = ["print(plays(ids, jnp.ones((5, 12, 2))))", "return self.head(self.rnn(z))"]
    (cause,) = explain(pasted(source, frames, error)).mismatch.causes

    assert cause.id == "joined_features"
    line = "self.rnn = nnx.RNN(nnx.GRUCell({}, hidden, rngs=rngs))"
    assert list(cause.lines) == [(line.format(size), line.format(new))]
