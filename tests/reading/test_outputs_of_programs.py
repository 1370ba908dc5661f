"""What a program says about the outputs of its layers, and about what is joined with them, added or multiplied.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import (
    KERAS_WITH_OPS,
    TORCH,
    TORCH_WITH_PACKING,
    causes_and_lines,
    first_cause_and_lines,
    ids,
    likely,
    pasted,
    said,
    traceback,
)

from app.reading.errors.explanation import NotFoundError, explain

TAGS = f"""{KERAS_WITH_OPS}
model = keras.Sequential([
    keras.Input((16, 4)),
    layers.Bidirectional(layers.GRU(12)),
    layers.Dense(5, activation="softmax"),
])
model.compile("adam", loss="sparse_categorical_crossentropy")
model.fit(x, tags)
"""


MERGED = f"""{KERAS_WITH_OPS}
sensors, weather = keras.Input((30, 3)), keras.Input((30, 5))
a = layers.LSTM(20)(sensors)
b = layers.LSTM(20, return_sequences=True)(weather)
merged = layers.concatenate([a, b])
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                TAGS,
                ["model.fit(x, tags)"],
                "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None,"
                " 16), output.shape=(None, 5)",
            ),
            ("output", "rank", "return_sequences"),
            {"layers.Bidirectional(layers.GRU(12)),": ("layers.Bidirectional(layers.GRU(12, return_sequences=True)),")},
        ),
        (
            pasted(
                MERGED,
                ["merged = layers.concatenate([a, b])"],
                "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation"
                " axis. Received: input_shape=[(None, 20), (None, 30, 20)]",
            ),
            ("output", "rank", "return_sequences"),
            {"a = layers.LSTM(20)(sensors)": "a = layers.LSTM(20, return_sequences=True)(sensors)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


def test_rows_of_an_output_that_is_padded_again_are_no_lost_samples() -> None:
    source = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(12, 20, batch_first=True)
        self.out = nn.Linear(20, 5)
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.out(pad_packed_sequence(self.rnn(packed)[0], batch_first=True)[0])

loss = F.cross_entropy(Tagger()(x, lengths).reshape(-1, 5), tags.reshape(-1))
"""
    line = "loss = F.cross_entropy(Tagger()(x, lengths).reshape(-1, 5), tags.reshape(-1))"
    message = "ValueError: Expected input batch_size (100) to match target batch_size (120)."

    mismatch = explain(pasted(source, [line], message)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "time_step")


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


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
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
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


TAGGER = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word, self.caps = nn.Embedding(400, 50), nn.Embedding(5, 4)
        self.lstm = nn.LSTM(50, 64, batch_first=True)

    def forward(self, words, caps, lengths):
        {{packs}}
        out, _ = self.lstm(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return torch.cat({{arrays}}, dim=-1)


for words, caps, lengths in loader:
    Tagger()(words, caps, lengths)
"""


PACKS = "packed = pack_padded_sequence(self.word(words), lengths, batch_first=True, enforce_sorted=False)"


NAMED_AGAIN = "packed = words = pack_padded_sequence(words, lengths, batch_first=True)"


SIZES_DIFFER = (
    "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {} but got size {} for tensor"
    " number 1 in the list."
)


NORM = f"""{TORCH}
class Activity(nn.Module):
    def __init__(self, channels=6, hidden=64):
        super().__init__()
        self.rnn = nn.LSTM(channels, hidden{{first}})
        self.bn = nn.BatchNorm1d(hidden)
        self.fc = nn.Linear(hidden, 5)

    def forward(self, x):
        x, _ = self.rnn(x)
        x = self.bn(x)
        return self.fc(x)


Activity()(torch.randn(25, 100, 6))
"""


CONVOLUTION = f"""{TORCH}
class Events(nn.Module):
    def __init__(self, feats=9, hid=32):
        super().__init__()
        self.rnn = nn.GRU(feats, hid, batch_first=True, bidirectional=True)
        self.conv = nn.Conv1d(2 * hid, 16, 3, padding=1)
        self.next = {{next}}

    def forward(self, x):
        y, _ = self.rnn(x)
        y = torch.relu(self.conv(y))
        return {{read}}


Events()(torch.randn(8, 25, 9))
"""


OF_CHANNELS = (
    "RuntimeError: Given groups=1, weight of size [16, 64, 3], expected input[8, 25, 64] to have 64 channels, but got"
    " 25 channels instead"
)


CHAIN = f"""{TORCH}
class Detector(nn.Module):
    def __init__(self, n=4, hid=64):
        super().__init__()
        self.rnn = nn.GRU(n, hid, batch_first=True)
        self.cnn = nn.Sequential(nn.Conv1d(hid, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten())

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.cnn(y)


Detector()(torch.randn(8, 25, 4))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(CHAIN, ["return self.cnn(y)"], OF_CHANNELS),
            ("output", "order", ["channels_second"]),
            {"return self.cnn(y)": "return self.cnn(y.transpose(1, 2))"},
        ),
        *(
            (
                pasted(
                    TAGGER.format(packs=PACKS, arrays=arrays),
                    [f"return torch.cat({arrays}, dim=-1)"],
                    SIZES_DIFFER.format(*sizes),
                ),
                ("output", "time_step", ["packed_steps"]),
                {
                    "out, _ = pad_packed_sequence(out, batch_first=True)": (
                        "out, _ = pad_packed_sequence(out, batch_first=True, total_length=words.size(1))"
                    )
                },
            )
            for arrays, sizes in (("[out, self.caps(caps)]", (36, 60)), ("[self.caps(caps), out]", (60, 36)))
        ),
        *(
            (
                pasted(
                    NORM.format(first=first),
                    ["Activity()(torch.randn(25, 100, 6))", "x = self.bn(x)"],
                    "RuntimeError: running_mean should contain 100 elements not 64",
                ),
                ("output", "order", ["channels_second"]),
                {"x = self.bn(x)": fixed},
            )
            for first, fixed in (
                (", batch_first=True", "x = self.bn(x.transpose(1, 2)).transpose(1, 2)"),
                ("", "x = self.bn(x.permute(1, 2, 0)).permute(2, 0, 1)"),
            )
        ),
        *(
            (
                pasted(CONVOLUTION.format(next=made, read=read), ["y = torch.relu(self.conv(y))"], OF_CHANNELS),
                ("output", "order", ["channels_second"]),
                {"y = torch.relu(self.conv(y))": f"y = torch.relu({fixed})"},
            )
            for made, read, fixed in (
                ("nn.AdaptiveMaxPool1d(1)", "self.next(y).squeeze(-1)", "self.conv(y.transpose(1, 2))"),
                ("nn.Linear(16, 4)", "self.next(y[:, -1])", "self.conv(y.transpose(1, 2)).transpose(1, 2)"),
            )
        ),
    ],
)
def test_only_the_wrong_line_is_corrected(text: str, said: tuple[str, str, list[str]], lines: dict[str, str]) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == said
    assert dict(mismatch.causes[0].lines) == lines and mismatch.causes[0].is_own


@pytest.mark.parametrize(
    "text",
    [
        pasted(
            TAGGER.format(packs=NAMED_AGAIN, arrays="[out, self.caps(caps)]"),
            ["return torch.cat([out, self.caps(caps)], dim=-1)"],
            SIZES_DIFFER.format(36, 60),
        ),
        pasted(
            CONVOLUTION.format(next="None", read="y.amax(2)"),
            ["y = torch.relu(self.conv(y))"],
            OF_CHANNELS,
        ),
    ],
)
def test_no_line_is_corrected_that_would_break_another_one(text: str) -> None:
    assert not any(one.is_own for one in explain(text).mismatch.causes)


@pytest.mark.parametrize(
    ("line", "error", "causes", "note"),
    [
        (
            "out, h = self.gru(x, h)",
            "RuntimeError: Expected hidden size (2, 32, 128), got [1, 32, 128]",
            ["directions", "layers"],
            "",
        ),
        (
            "out, h = self.bi_gru(x, h)",
            "RuntimeError: Expected hidden size (2, 32, 128), got [1, 32, 128]",
            ["directions", "layers"],
            "",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[1] size (1, 8, 256), got [1, 8, 100]",
            ["projected_state", "other_units"],  # h, which is compared before c, has as many units as the layer returns
            "The picture has no projection: the text does not say the size of h.",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
            ["other_units", "projected_state"],
            "64 is num_units, or num_proj if the layer has a projection.",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[0] size (3, 10, 256), got [3, 10, 64]",
            ["other_units"],
            "",
        ),
        (
            "y, _ = self.gru(x, h)",
            "RuntimeError: Expected hidden size (3, 10, 64), got [3, 10, 256]",
            ["other_units"],
            "",
        ),
    ],
)
def test_a_traceback_alone_puts_the_usual_cause_first(line: str, error: str, causes: list[str], note: str) -> None:
    mismatch = explain(traceback([line], error)).mismatch

    assert [one.id for one in mismatch.causes] == causes
    assert str(mismatch.note or "") == note


ATTENDING = f"""{TORCH_WITH_PACKING}
class Attention(nn.Module):
    def forward(self, query, memory):
        return torch.bmm(query, memory.transpose(1, 2))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention()
        self.gru = nn.GRU(32, 48, batch_first=True)

    def forward(self, words, h, memory):
        for t in range(words.size(1)):
            step = self.gru(words[:, t : t + 1], h)  # (batch, 1, units)
            context = self.attention(step, memory)
        return context


Decoder()(words, h, memory)
"""


def test_a_pair_that_a_function_gets_is_unpacked_where_the_layer_returns_it() -> None:
    frames = ["Decoder()(words, h, memory)", "context = self.attention(step, memory)"]
    failed = "return torch.bmm(query, memory.transpose(1, 2))"
    error = "TypeError: bmm(): argument 'input' (position 1) must be Tensor, not tuple"
    call = "= self.gru(words[:, t : t + 1], h)"
    assert likely(pasted(ATTENDING, [*frames, failed], error)) == (
        ["whole_pair"],
        {f"step {call}": f"step, h {call}"},
    )


def test_a_layer_of_pytorch_is_no_class_of_the_program_with_its_name() -> None:
    program = (
        f"{TORCH_WITH_PACKING}\nclass LSTM(nn.Module):\n    def __init__(self):\n        self.lstm = nn.LSTM(4, 5)\n\n"
    )
    program += "    def forward(self, x):\n        out = self.lstm(x)\n        return out[:, -1, :]\n\n\nLSTM()(x)\n"
    error = "TypeError: tuple indices must be integers or slices, not tuple"
    text = pasted(program, ["LSTM()(x)", "return out[:, -1, :]"], error)
    assert likely(text) == (["whole_pair"], {"out = self.lstm(x)": "out, _ = self.lstm(x)"})


STATES = """
import tensorflow as tf


class Decoder(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(90, 20)
        self.rnn = tf.keras.layers.{layer}

    def call(self, words, states):
        {names} = self.rnn(self.emb(words), initial_state=states)
        return y


Decoder()(tf.ones((24, 15), tf.int32), states)
"""


@pytest.mark.parametrize(
    ("layer", "names", "corrected"),
    [
        ("GRU(40, return_sequences=True)", "y, h", "GRU(40, return_sequences=True, return_state=True)"),
        ("LSTM(40, return_state=False)", "y, h, c", "LSTM(40, return_state=True)"),
        ("LSTM(40, return_state=True)", "y, h", ""),
    ],
)
def test_a_layer_of_keras_whose_states_get_names_returns_them(layer: str, names: str, corrected: str) -> None:
    line = f"{names} = self.rnn(self.emb(words), initial_state=states)"
    number = names.count(",") + 1
    error = "ValueError: Exception encountered when calling Decoder.call().\n\ntoo many values to unpack"
    frames = ["Decoder()(tf.ones((24, 15), tf.int32), states)", line]
    text = pasted(STATES.format(layer=layer, names=names), frames, f"{error} (expected {number})")
    made = "self.rnn = tf.keras.layers.{}"

    if corrected:
        assert likely(text) == (["return_state"], {made.format(layer): made.format(corrected)})
    else:
        with pytest.raises(NotFoundError):
            explain(text)


KEPT = """import numpy as np
def encode(x, W, U):
    n, steps, _ = x.shape
    kept = np.zeros(({sizes}))
    h = np.zeros((n, 9))
    for t in range(steps):
        h = np.tanh(x[:, t] @ W + h @ U)
        kept[t] = h
    return kept
encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))
"""


OF_KEPT = "ValueError: could not broadcast input array from shape (4,9) into shape ({})"


@pytest.mark.parametrize(
    ("sizes", "shape", "causes"),
    [
        ("n, steps, 9", "11,9", ["written_step"]),
        ("steps, 11, 9", "11,9", ["kept_array"]),  # time first, for another batch
    ],
)
def test_a_step_is_written_where_the_array_has_its_steps(sizes: str, shape: str, causes: list[str]) -> None:
    frames = ["encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))", "kept[t] = h"]
    mismatch = said(pasted(KEPT.format(sizes=sizes), frames, OF_KEPT.format(shape)))

    assert ids(mismatch)[:1] == causes


@pytest.mark.parametrize(
    ("shape", "causes"),
    [
        ("len(tokens), self.units", ["reshape_directions", "reshape_values"]),
        ("self.batch, self.units", ["reshape_directions", "reshape_steps", "reshape_values"]),
    ],
)
def test_twice_the_values_of_a_new_shape_may_be_those_of_both_directions(shape: str, causes: list[str]) -> None:
    frames = [f"states = states.view({shape})"]
    text = pasted(
        "", ["states, _ = self.lstm(x)", *frames], "RuntimeError: shape '[9, 32]' is invalid for input of size 576"
    )

    said = explain(text).mismatch.causes
    assert [one.id for one in said] == causes
    assert said[0].fix == "output = output.reshape(9, 64)"
