"""What a program of PyTorch says about the batches of its data, if two of them differ.

PyTorch 2.14 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import (
    KERAS_WITH_OPS,
    TORCH,
    TORCH_WITH_PACKING,
    causes_and_lines,
    first_cause_and_lines,
    likely,
    pasted,
)

from app.reading.errors.explanation import explain

TRANSLATOR = """import torch
from torch import nn

class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(60, 24)
        self.enc = nn.GRU(24, 36, batch_first=True)
        self.dec = nn.GRU(24, 36, batch_first=True)

    def forward(self, src, tgt):
        _, h = self.enc(self.embed(src))
        return self.dec(self.embed(tgt), h)[0]

net = Translator()
src = torch.randint(0, 50, ({}))
tgt = torch.randint(0, 60, ({}))
print(net(src, tgt).shape)
"""
DECODER = ["print(net(src, tgt).shape)", "return self.dec(self.embed(tgt), h)[0]"]


@pytest.mark.parametrize(
    ("src", "tgt", "cause", "line"),
    [
        (
            "8, 11",
            "9, 8",
            "exchanged_samples",
            ("tgt = torch.randint(0, 60, (9, 8))", "tgt = torch.randint(0, 60, (8, 9))"),
        ),
        (
            "8, 11",
            "9, 7",
            "other_samples",
            ("tgt = torch.randint(0, 60, (9, 7))", "tgt = torch.randint(0, 60, (8, 7))"),
        ),
        ("8, 9", "9, 8", None, None),  # either may be the wrong one
    ],
)
def test_arrays_of_the_same_samples_have_the_same_batch(
    src: str, tgt: str, cause: str | None, line: tuple[str, str] | None
) -> None:
    made, got = tgt.split(", ")[0], src.split(", ")[0]
    error = f"RuntimeError: Expected hidden size (1, {made}, 36), got [1, {got}, 36]"
    text = pasted(TRANSLATOR.format(src, tgt), DECODER, error)
    (first, *_) = explain(text).mismatch.causes

    if cause:
        assert (first.id, first.lines) == (cause, (line,))
    else:
        assert first.id not in ("exchanged_samples", "other_samples")


def test_a_state_is_no_array_of_the_data() -> None:
    program = """import torch
from torch import nn
rnn = nn.GRU(5, 20, batch_first=True)
x = torch.randn(14, 9, 5)
h = torch.zeros(1, 10, 20)
out, h = rnn(x, h)
"""
    text = pasted(program, ["out, h = rnn(x, h)"], "RuntimeError: Expected hidden size (1, 14, 20), got [1, 10, 20]")
    (first, *_) = explain(text).mismatch.causes

    assert first.lines == (("h = torch.zeros(1, 10, 20)", "h = torch.zeros(1, 14, 20)"),)


CLASSIFIER = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(2000, 32)
        self.lstm = nn.LSTM(32, 64)
        self.fc = nn.Linear(64, 1)

    def forward(self, x):
        _, (h, c) = self.lstm(self.emb({}))
        return self.fc(h[-1])

reviews = torch.randint(1, 2000, (200, 30))
labels = torch.randint(0, 2, (200,)).float()
loader = DataLoader(TensorDataset(reviews, labels), batch_size={})
net, loss_fn = Sentiment(), nn.BCEWithLogitsLoss()
for x, y in loader:
    loss = loss_fn(net(x).squeeze(-1), y)
    loss.backward()
"""
SIZES = "ValueError: Target size (torch.Size([{}])) must be the same as input size (torch.Size([30]))"


@pytest.mark.parametrize(("x", "batch", "is_missing"), [("x", 25, True), ("x.t()", 25, False), ("x", 20, False)])
def test_a_layer_without_batch_first_takes_the_batch_of_a_loader_for_time(x: str, batch: int, is_missing: bool) -> None:
    error = SIZES.format(25)
    text = pasted(CLASSIFIER.format(x, batch), ["loss = loss_fn(net(x).squeeze(-1), y)"], error)
    mismatch = explain(text).mismatch
    first = mismatch.causes[0]

    missing = ("self.lstm = nn.LSTM(32, 64)", "self.lstm = nn.LSTM(32, 64, batch_first=True)")
    assert (first.id == "batch_first") is is_missing
    if is_missing:
        assert (first.lines, mismatch.axis) == ((missing,), "batch_size")
        assert {one.terms: one.value for one in mismatch.facts} == {(("batch_size",),): 25, (("time_step",),): 30}


JOINED = """import torch
from torch import nn

class Captions(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.GRU(20, 72)
        self.embed = nn.Embedding(400, 50)
        self.dec = nn.GRU(122, 72, batch_first=True)

    def forward(self, frames, words):
        _, h = self.enc(frames)
        context = h.transpose(0, 1).expand(-1, words.size(1), -1)
        return self.dec(torch.cat((self.embed(words), context), dim=-1))[0]

print(Captions()(torch.randn({}, 20), torch.randint(0, 400, (10, 9))).shape)
"""


@pytest.mark.parametrize(("frames", "is_missing"), [("10, 18", True), ("18, 12", False)])
def test_the_only_layer_without_batch_first_takes_the_batch_of_the_data_for_time(frames: str, is_missing: bool) -> None:
    of_encoder = frames.split(", ")[1]
    error = (
        "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 10 but got size"
        f" {of_encoder} for tensor number 1 in the list."
    )
    line = "return self.dec(torch.cat((self.embed(words), context), dim=-1))[0]"
    mismatch = explain(pasted(JOINED.format(frames), [line], error)).mismatch
    missing = ("self.enc = nn.GRU(20, 72)", "self.enc = nn.GRU(20, 72, batch_first=True)")

    assert (missing in [line for one in mismatch.causes for line in one.lines]) is is_missing
    if is_missing:
        assert (mismatch.axis, mismatch.first_cause) == ("batch_size", "batch_first")


STATEFUL = f"""{KERAS_WITH_OPS}
inputs = keras.Input(batch_shape=(BATCH, 12, 1))
model = keras.Model(inputs, layers.LSTM(24, stateful=True)(inputs))
model.fit(x, y, batch_size=BATCH, shuffle=False)
print(model.predict(x[-1:], verbose=0))
"""


CLIPS = f"""{TORCH}
class Clips(torch.utils.data.Dataset):
    def __getitem__(self, i):
        return self.clips[i], self.labels[i]

net = nn.RNN(9, 30, batch_first=True)
train = DataLoader(Clips(), batch_size=8)
for clips, labels in train:
    net(clips)
"""


IN_LOADER = """
  File "/site-packages/torch/utils/data/_utils/collate.py", line 401, in default_collate
    return collate(batch, collate_fn_map=default_collate_fn_map)
  File "/site-packages/torch/utils/data/_utils/collate.py", line 275, in collate_tensor_fn
    return torch.stack(batch, 0, out=out)"""


UNEQUAL = "RuntimeError: stack expects each tensor to be equal size, but got [46, 9] at entry 0 and [28, 9] at entry 1"


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                STATEFUL,
                ["print(model.predict(x[-1:], verbose=0))"],
                "ValueError: If an RNN is stateful, the batch size"
                " of the input sequences must be the same as the batch size of the initial state. \n- Expected batch"
                " size: 16\n- Received batch size: 1",
            ),
            ("x", "batch_size", "other_batch"),
            {
                "print(model.predict(x[-1:], verbose=0))": (
                    "print(model.predict(np.repeat(x[-1:], 16, axis=0), batch_size=16, verbose=0)[:1])"
                )
            },
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


def test_a_dataset_of_pairs_gets_a_function_that_pads_the_first_one_of_each() -> None:
    (added, loader) = (
        explain(pasted(CLIPS, ["for clips, labels in train:" + IN_LOADER], UNEQUAL)).mismatch.causes[0].lines
    )

    assert added[0] == ""
    assert added[1].endswith(f"  # before: {loader[0]}")
    assert "pad_sequence" in added[1]
    assert loader[1] == "train = DataLoader(Clips(), batch_size=8, collate_fn=collate)"


def test_the_batch_is_that_of_the_training_that_is_not_reached() -> None:
    program = f"""{KERAS_WITH_OPS}
model = keras.Sequential([keras.Input((48, 3)), layers.LSTM(64), layers.LSTM(32)])
model.fit(x, y, batch_size=16)
"""
    error = (
        "ValueError: Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (None, 64)"
    )
    line = "model = keras.Sequential([keras.Input((48, 3)), layers.LSTM(64), layers.LSTM(32)])"
    network = explain(pasted(program, [line], error)).configuration

    assert network and (network.batch_size, network.time_step) == (16, 48)


LOADED = f"""{TORCH}from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

def join(samples):
    return pad_sequence(samples, batch_first=True)

lstm = nn.LSTM(13, 64)
loader = DataLoader([torch.zeros(86, 13), torch.zeros(48, 13)], batch_size=2)
for frames in loader:
    lstm(frames)
"""


CALL = 'site-packages/torch/utils/data/_utils/collate.py", line 401, in default_collate\n    return collate(batch)\n'


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
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
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


NAMES = f"""{TORCH_WITH_PACKING}
from torch.utils.data import DataLoader, Dataset

class Names(Dataset):
    def __init__(self, names):
        self.rows = [(torch.tensor([ord(ch) - 96 for ch in one]), 0) for one in names]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.gru = nn.Embedding(27, 16), nn.GRU(16, 32, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.emb(tokens))[1]

loader = DataLoader(Names(["ivanov", "oneil"]), batch_size=2)
for tokens, y in loader:
    Net()(tokens)
"""


def test_the_rows_of_a_dataset_are_padded_by_a_collate_fn() -> None:
    error = "RuntimeError: stack expects each tensor to be equal size, but got [6] at entry 0 and [5] at entry 1"
    line = 'loader = DataLoader(Names(["ivanov", "oneil"]), batch_size=2)'
    lines = likely(pasted(NAMES, ["for tokens, y in loader:", "return default_collate(batch)"], error))[1]
    assert lines[line] == line.replace("=2)", "=2, collate_fn=collate)")


ONE_SAMPLE = """import keras, numpy as np
from keras import layers
BATCH = 16
inputs = keras.Input(batch_shape=(BATCH, 9, 2))
x = layers.GRU(28, stateful=True, return_sequences=True)(inputs)
x = layers.GRU(14, stateful=True)(x)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(np.ones((64, 9, 2)), np.ones(64), batch_size=BATCH)
y = model.predict_on_batch(np.ones((1, 9, 2)))
"""


OF_STATEFUL = (
    "ValueError: Exception encountered when calling GRU.call().\n\nIf an RNN is stateful, the batch size of the input"
    " sequences must be the same as the batch size of the initial state.\n- Expected batch size: 16\n"
    "- Received batch size: 1\n\nArguments received by GRU.call():\n"
    "  • sequences=tf.Tensor(shape=(1, 9, 2), dtype=float32)\n  • initial_state=None"
)


def test_a_stateful_model_gets_a_whole_batch_of_one_sample() -> None:
    line = "y = model.predict_on_batch(np.ones((1, 9, 2)))"
    explanation = explain(pasted(ONE_SAMPLE, [line], OF_STATEFUL))
    fix = "y = model.predict_on_batch(np.repeat(np.ones((1, 9, 2)), BATCH, axis=0))[:1]"

    assert explanation.mismatch.causes[0].lines == ((line, fix),)
    assert explanation.configuration and explanation.configuration.num_units == 28


BATCH = f"""{TORCH}{{}}
def collate(items):
    visits, outcome = zip(*items)
    return torch.stack(visits), torch.stack(outcome)

net = nn.GRU(12, 30, batch_first=True)
visits, outcome = collate([(torch.zeros(14, 12), torch.zeros(1)), (torch.zeros(9, 12), torch.zeros(1))])
net(visits)
"""


@pytest.mark.parametrize(
    ("imported", "name"),
    [
        ("from torch.nn.utils.rnn import pad_sequence", "pad_sequence"),
        ("", "torch.nn.utils.rnn.pad_sequence"),
    ],
)
def test_what_a_function_stacks_is_padded(imported: str, name: str) -> None:
    error = (
        f"    {'^' * 19}\n"
        "RuntimeError: stack expects each tensor to be equal size, but got [14, 12] at entry 0 and [9, 12] at entry 1"
    )
    line = "return torch.stack(visits), torch.stack(outcome)"
    underlined = f"{' ' * 7}{error.lstrip()}"
    found = explain(pasted(BATCH.format(imported), [line], f"    {underlined}"))

    right = line.replace("torch.stack(visits)", f"{name}(visits, batch_first=True)")
    assert found.mismatch.causes[0].lines == ((line, right),)


STATEFUL_LOOP = """import keras
from tensorflow import data

BATCH = 24
ds = {}
model = keras.Sequential([layers.Input(batch_shape=(BATCH, 30, 1)), layers.GRU(18, stateful=True), layers.Dense(1)])
for xb, yb in ds:
    guess = model(xb, training=True)
"""


SMALLER = """ValueError: Exception encountered when calling GRU.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 24
- Received batch size: 14

Arguments received by GRU.call():
  • sequences=tf.Tensor(shape=(14, 30, 1), dtype=float32)"""


WHOLE = "unbatch().batch(BATCH, drop_remainder=True)"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            "keras.utils.timeseries_dataset_from_array(prices, goal, 30, batch_size=BATCH)",
            ("for xb, yb in ds:", f"for xb, yb in ds.{WHOLE}:"),
        ),
        (
            "data.Dataset.from_tensor_slices((x, y)).batch(BATCH).prefetch(2)",
            (
                "ds = data.Dataset.from_tensor_slices((x, y)).batch(BATCH).prefetch(2)",
                "ds = data.Dataset.from_tensor_slices((x, y)).batch(BATCH, drop_remainder=True).prefetch(2)",
            ),
        ),
        ("load()", ("", "dataset = dataset.unbatch().batch(24, drop_remainder=True)")),
    ],
)
def test_a_batch_of_a_loop_is_not_cut_to_whole_batches(made: str, line: tuple[str, str]) -> None:
    text = pasted(STATEFUL_LOOP.format(made), ["guess = model(xb, training=True)"], SMALLER)
    (first, *_) = explain(text).mismatch.causes

    assert (first.id, first.lines) == ("last_batch", (line,))


@pytest.mark.parametrize(("layout", "batch", "steps"), [("batch_first=True", 18, 35), ("batch_first=False", 35, 18)])
def test_a_layer_that_takes_the_samples_of_a_loader_for_steps_has_another_batch(
    layout: str, batch: int, steps: int
) -> None:
    program = f"""{TORCH}from torch.utils.data import DataLoader, TensorDataset

class Valves(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 25, {layout})
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0])

for x, y in DataLoader(TensorDataset(torch.randn(90, 35, 6), torch.randn(90, 1)), batch_size=18):
    print(Valves()(x) - y)
"""
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (630x25 and 24x1)"
    configuration = explain(pasted(program, ["return self.fc(self.rnn(x)[0])"], error)).configuration
    assert configuration
    assert (configuration.batch_size, configuration.time_step) == (batch, steps)


def test_features_before_the_samples_of_steps_are_exchanged_with_the_samples() -> None:
    program = f"""{TORCH}
class Pumps(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(7, 25)

    def forward(self, x):
        return self.rnn(x)

Pumps()(torch.zeros(31, 7, 12))
"""
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 12"
    frames = ["Pumps()(torch.zeros(31, 7, 12))", "return self.rnn(x)"]
    configuration = explain(pasted(program, frames, error)).configuration
    assert configuration
    assert (configuration.time_step, configuration.batch_size) == (31, 12)
