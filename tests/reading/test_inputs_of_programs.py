"""What a program says about the x of its layers: a missing axis, other features, or samples of other lengths.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import KERAS_WITH_OPS, TORCH, causes_and_lines, first_cause_and_lines, likely, network, pasted

from app.reading.errors.explanation import NotFoundError, explain

WINDOWS = f"""{KERAS_WITH_OPS}
LAG = 28
X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1]
X_train, X_test = X[:100], X[100:]
model = keras.Sequential()
model.add(layers.GRU(32, return_sequences=True))
model.add(layers.GRU(16))
model.fit(X_train, y_train, validation_data=(X_test, y_test))
"""


LETTERS = f"""{KERAS_WITH_OPS}
x = np.zeros((len(starts), 20, len(alphabet)))
model = keras.Sequential([layers.Embedding(len(alphabet), 12), layers.GRU(48), layers.Dense(13)])
model.fit(x, y, verbose=0)
"""


FED = f"""{TORCH}
class Decoder(nn.Module):
    def __init__(self, emb, hid):
        super().__init__()
        self.emb = nn.Embedding(45, emb)
        self.rnn = nn.GRU(emb, hid)
    def forward(self, tok, hidden, ctx):
        e = self.emb(tok).unsqueeze(0)
        return self.rnn(torch.cat((e, ctx), 2), hidden)

Decoder(28, 56)(torch.zeros(6).long(), torch.zeros(1, 6, 56), torch.zeros(1, 6, 56))
"""


STACK = f"""{TORCH}
class Traffic(nn.Module):
    def __init__(self, n_in=7, first=50, second=26):
        super().__init__()
        self.lower = nn.LSTM(n_in, first, batch_first=True)
        self.upper = nn.LSTM(n_in, second, batch_first=True)
    def forward(self, flow):
        y = torch.relu(self.lower(flow)[0])
        return self.upper(y)

Traffic()(torch.zeros(18, 36, 7))
"""


SPELLER = f"""{TORCH}
class Speller(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(30, 18)
        self.rnn = nn.LSTM(18, 42, batch_first=True)
    def forward(self, word):
        b = word.size(0)
        h, c = torch.zeros(1, b, 42), torch.zeros(1, b, 42)
        for t in range(word.size(1)):
            letter = self.table(word[:, t])
            y, (h, c) = self.rnn(letter, (h, c))
        return y

Speller()(torch.zeros(9, 12).long())
"""


OF_FLAT_SERIES = (
    "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape"
    " received: (None, 30)"
)


SLICES = """import numpy as np
import tensorflow as tf
look_back = 30
X, y = [], []
for i in range(len(prices) - look_back):
    X.append(prices[i : i + look_back])
    y.append(prices[i + look_back])
X, y = np.array(X), np.array(y)
ds = tf.data.Dataset.from_tensor_slices((X, y)).batch(32)
net = tf.keras.Sequential([tf.keras.layers.LSTM(50), tf.keras.layers.Dense(1)])
net.compile(loss="mse")
net.fit(ds)
"""


EXCHANGED = f"""{KERAS_WITH_OPS}
N_FEATURES, N_STEPS = 6, 30
inputs = keras.Input(shape=(N_FEATURES, N_STEPS))
model = keras.Model(inputs, layers.GRU(22)(inputs))
model.fit(x, y)
"""


COLUMNS = f"""{KERAS_WITH_OPS}
n_features = 1
model = keras.Sequential([layers.LSTM(50, input_shape=(15, n_features))])
model.fit(X, y)
"""


KERAS_RANK = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found"
)


SIZE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"


UNEQUAL = "RuntimeError: stack expects each tensor to be equal size, but got [46, 9] at entry 0 and [28, 9] at entry 1"


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                WINDOWS,
                ["model.fit(X_train, y_train, validation_data=(X_test, y_test))"],
                f"{KERAS_RANK} ndim=2. Full shape received: (None, 28)",
            ),
            ("x", "rank", "missing_features_axis"),
            {
                "X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1]": (
                    "X = np.lib.stride_tricks.sliding_window_view(demand, LAG)[:-1][..., None]"
                )
            },
        ),
        (
            pasted(
                LETTERS, ["model.fit(x, y, verbose=0)"], f"{KERAS_RANK} ndim=4. Full shape received: (64, 20, 13, 12)"
            ),
            ("x", "rank", "one_hot_embedding"),
            {"model.fit(x, y, verbose=0)": "model.fit(x.argmax(-1), y, verbose=0)"},
        ),
        (
            pasted(
                FED,
                ["return self.rnn(torch.cat((e, ctx), 2), hidden)"],
                "RuntimeError: input.size(-1) must be equal to input_size. Expected 28, got 84",
            ),
            ("x", "features", "joined_features"),
            {"self.rnn = nn.GRU(emb, hid)": "self.rnn = nn.GRU(emb + hid, hid)"},
        ),
        (
            pasted(
                STACK,
                ["return self.upper(y)"],
                "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 50",
            ),
            ("x", "features", "units_below"),
            {
                "self.upper = nn.LSTM(n_in, second, batch_first=True)": (
                    "self.upper = nn.LSTM(first, second, batch_first=True)"
                )
            },
        ),
        (
            pasted(
                SPELLER,
                ["y, (h, c) = self.rnn(letter, (h, c))"],
                "RuntimeError: For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors",
            ),
            ("x", "rank", "missing_axis"),
            {"y, (h, c) = self.rnn(letter, (h, c))": "y, (h, c) = self.rnn(letter.unsqueeze(1), (h, c))"},
        ),
        (
            pasted(
                SLICES,
                ["net.fit(ds)"],
                OF_FLAT_SERIES,
            ),
            ("x", "rank", "missing_features_axis"),
            {"X, y = np.array(X), np.array(y)": "X, y = np.array(X)[..., None], np.array(y)"},
        ),
        (
            pasted(
                EXCHANGED,
                ["model.fit(x, y)"],
                "ValueError: Input 0 with name 'input_layer' of layer 'functional' is"
                " incompatible with the layer: expected shape=(None, 6, 30), found shape=(None, 30, 6)",
            ),
            ("x", "order", "exchanged_input"),
            {
                "inputs = keras.Input(shape=(N_FEATURES, N_STEPS))": (
                    "inputs = keras.Input(shape=(N_STEPS, N_FEATURES))"
                )
            },
        ),
        (
            pasted(
                COLUMNS,
                ["model.fit(X, y)"],
                "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected"
                " axis -1 of input shape to have value 1, but received input with shape (None, 15, 3)",
            ),
            ("x", "features", "other_features"),
            {"n_features = 1": "n_features = 3"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


@pytest.mark.parametrize(
    ("made", "fixed"),
    [
        ("tf.data.Dataset.from_tensor_slices((X, y)).batch(32)", "from_tensor_slices((X[..., None], y)).batch(32)"),
        ("dataset_of(X, y)", ""),
    ],
)
def test_no_axis_is_added_to_a_dataset(made: str, fixed: str) -> None:
    program = SLICES.replace("X, y = np.array(X), np.array(y)", "X, y = read()").replace(
        "tf.data.Dataset.from_tensor_slices((X, y)).batch(32)", made
    )
    causes = explain(pasted(program, ["net.fit(ds)"], OF_FLAT_SERIES)).mismatch.causes

    assert fixed in causes[0].fix
    assert all(f"{made}[" not in one.fix for one in causes)


def test_the_layer_of_a_message_without_a_number_is_the_first_one_of_the_program() -> None:
    error = f"{KERAS_RANK} ndim=2. Full shape received: (None, 28)"
    frames = ["model.fit(X_train, y_train, validation_data=(X_test, y_test))"]

    assert network(explain(pasted(WINDOWS, frames, error)))[2:] == (None, 32)


@pytest.mark.parametrize(
    ("x", "y", "cause"),
    [
        ("keras.utils.to_categorical(words)", "moods", "one_hot_embedding"),
        ("words[..., None]", "keras.utils.to_categorical(moods)", "extra_axis"),
    ],
)
def test_only_an_x_that_is_encoded_is_one_hot(x: str, y: str, cause: str) -> None:
    layers = "layers.Embedding(500, 16), layers.LSTM(32), layers.Dense(5)"
    source = f"{KERAS_WITH_OPS}x = {x}\ny = {y}\nmodel = keras.Sequential([{layers}])\nmodel.fit(x, y)\n"
    message = f"{KERAS_RANK} ndim=4. Full shape received: (None, 20, 1, 16)"

    assert explain(pasted(source, ["model.fit(x, y)"], message)).mismatch.first_cause == cause


@pytest.mark.parametrize(
    ("path", "error", "asked"),
    [
        (
            "keras/src/losses/loss.py",
            "ValueError: Data cardinality is ambiguous: x sizes: 7 y sizes: 8",
            "the layers, the data",
        ),
        ("torch/nn/functional.py", SIZE.format(5, 8, 0), "the class with __init__ and forward"),
        (
            "torch/utils/data/_utils/collate.py",
            UNEQUAL,
            "makes the DataLoader",
        ),
        (
            "jax/_src/numpy/ufuncs.py",
            "TypeError: add got incompatible shapes for broadcasting: (5, 8), (7, 8).",
            "compute a step",
        ),
    ],
)
def test_a_traceback_alone_is_answered_with_a_question_in_the_words_of_its_framework(
    path: str, error: str, asked: str
) -> None:
    trace = (
        f'Traceback (most recent call last):\n  File "/site-packages/{path}", line 7, in call\n    return f(x)\n{error}'
    )

    with pytest.raises(NotFoundError, match=asked):
        explain(trace)


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


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                OF_CELL,
                ["state = self.cell(quotes, state)"],
                "RuntimeError: GRUCell: Expected input to be 1D or 2D, got 3D instead",
            ),
            ("x", "rank", ["one_step"]),
            {"state = self.cell(quotes, state)": "state = self.cell(quotes[:, t], state)"},
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


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


TAGGER = """import torch
import torch.nn.functional as F
from torch import nn
LETTERS = "ACDE"

def encode(word):
    {before}return {encoded}

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 16)
        self.rnn = nn.LSTM(16, 30, batch_first=True)

    def forward(self, words):
        {e}
        return out

net = Tagger()
batch = torch.stack([encode("ACDE"), encode("EDCA")])
net(batch)
"""


OF_FOUR_AXES = "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"


@pytest.mark.parametrize("e", ["out, _ = self.rnn(self.embedding(words))", "e = self.embedding(words)\n        {}"])
@pytest.mark.parametrize(
    ("before", "encoded", "fix"),
    [
        (
            "",
            "F.one_hot(torch.tensor([LETTERS.index(a) for a in word]), num_classes=4)",
            "return torch.tensor([LETTERS.index(a) for a in word])",
        ),
        ("numbers = torch.tensor([LETTERS.index(a) for a in word])\n    ", "F.one_hot(numbers, 4)", "return numbers"),
    ],
)
def test_an_embedding_of_one_hot_vectors_gets_the_numbers(before: str, encoded: str, fix: str, e: str) -> None:
    e = e.format("out, _ = self.rnn(e)")
    program = TAGGER.format(before=before, encoded=encoded, e=e)
    mismatch = explain(pasted(program, ["net(batch)", e.split("\n")[-1].strip()], OF_FOUR_AXES)).mismatch

    assert [(one.id, one.lines) for one in mismatch.causes] == [("one_hot_embedding", ((f"return {encoded}", fix),))]


def test_an_embedding_of_numbers_gets_no_one_hot_vectors() -> None:
    """The one-hot vectors of another array, as of a target, are not those of x."""
    program = TAGGER.format(before="", encoded="torch.zeros(2, 4).long()", e="out, _ = self.rnn(self.embedding(words))")
    program += "target = F.one_hot(torch.zeros(2).long(), 4)\n"
    frames = ["net(batch)", "out, _ = self.rnn(self.embedding(words))"]

    assert "one_hot_embedding" not in [one.id for one in explain(pasted(program, frames, OF_FOUR_AXES)).mismatch.causes]


INPUTS = """
import numpy as np
import keras
from keras import layers

past = keras.Input((28, 5), name="past")
words = keras.Input((None, 5), name="words")
h = layers.Concatenate()([layers.LSTM(48)(past), layers.GRU(16)(words)])
model = keras.Model([past, words], layers.Dense(1)(h))
model.compile("adam", "mse")
model.fit([x, w], y)
"""


@pytest.mark.parametrize(
    ("name", "expected", "found", "corrected"),
    [
        ("words", "(None, None, 5)", "(32, 12, 9)", ("(None, 5)", "(None, 9)")),
        ("past", "(None, 28, 5)", "(32, 14, 5)", ("(28, 5)", "(None, 5)")),
    ],
)
def test_the_input_of_keras_that_a_message_names_is_corrected(
    name: str, expected: str, found: str, corrected: tuple[str, str]
) -> None:
    error = f"ValueError: Input 0 with name '{name}' of layer 'functional' is incompatible with the layer:"
    text = pasted(INPUTS, ["model.fit([x, w], y)"], f"{error} expected shape={expected}, found shape={found}")
    ((wrong, right),) = likely(text)[1].items()

    assert wrong.startswith(f"{name} = ") and wrong.replace(*corrected) == right


TABLE = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, x_test = load()
x = x - x.mean(0)
model = keras.Sequential([layers.LSTM(50), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, np.zeros(32))
model.predict(x_test)
"""


def test_a_row_of_a_table_is_one_step_everywhere() -> None:
    error = (
        "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (32, 14)"
    )
    line = "model.fit(x, np.zeros(32))"
    assert likely(pasted(TABLE, [line], error)) == (
        ["missing_axis", "missing_features_axis"],
        {line: "model.fit(x[:, None], np.zeros(32))", "model.predict(x_test)": "model.predict(x_test[:, None])"},
    )
