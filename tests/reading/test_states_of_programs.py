"""What a program says about the states that it gives a layer or a cell: their layers, samples, units and axes.

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
    likely,
    pasted,
)

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program

CAPTIONS = f"""{KERAS_WITH_OPS}
class Captions(keras.Model):
    def call(self, picture, words):
        start = self.to_state(picture)
        return self.lstm(self.embed(words), initial_state=[start])
"""


STATE_OF_LSTM = f"""{TORCH}
class Rivers(nn.Module):
    def __init__(self, units=32):
        super().__init__()
        self.encoder = nn.LSTM(6, units, batch_first=True)
        self.decoder = nn.GRU(1, units, batch_first=True)
    def forward(self, past):
        _, state = self.encoder(past)
        level = past[:, -1:, :1]
        return self.decoder(level, state)

Rivers()(torch.zeros(16, 30, 6))
"""


TWO_DIRECTIONS = f"""{TORCH}
class Hearts(nn.Module):
    def __init__(self, n_layers=2):
        super().__init__()
        self.n_layers = n_layers
        self.rnn = nn.LSTM(12, 48, n_layers, batch_first=True, bidirectional=True)
    def init_state(self, batch):
        shape = (self.n_layers, batch, 48)
        return torch.zeros(shape), torch.zeros(shape)
    def forward(self, ecg):
        return self.rnn(ecg, self.init_state(ecg.size(0)))

Hearts()(torch.zeros(20, 90, 12))
"""


ONE_STATE = """ValueError: Exception encountered when calling LSTM.call().

list index out of range

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([12, 9, 20]), dtype=float32)
  • initial_state=['torch.Tensor(shape=torch.Size([12, 40]), dtype=float32)']"""


IN_RNN = """
  File "/site-packages/torch/nn/modules/rnn.py", line 1416, in forward
    if hx is not None and hx.dim() != 3:"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(CAPTIONS, ["model.fit([pictures, captions])"], ONE_STATE),
            ("c_0", None, "h_for_h_c"),
            {
                "return self.lstm(self.embed(words), initial_state=[start])": (
                    "return self.lstm(self.embed(words), initial_state=[start, ops.zeros_like(start)])"
                )
            },
        ),
        (
            pasted(
                STATE_OF_LSTM,
                ["return self.decoder(level, state)" + IN_RNN],
                "AttributeError: 'tuple' object has no attribute 'dim'",
            ),
            ("h_0", None, "number_of_states"),
            {"_, state = self.encoder(past)": "_, (state, _) = self.encoder(past)"},
        ),
        (
            pasted(
                TWO_DIRECTIONS,
                ["return self.rnn(ecg, self.init_state(ecg.size(0)))"],
                "RuntimeError: Expected hidden[0] size (4, 20, 48), got [2, 20, 48]",
            ),
            ("h_0", "num_layers*directions", "directions"),
            {"shape = (self.n_layers, batch, 48)": "shape = (2 * self.n_layers, batch, 48)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


@pytest.mark.parametrize(
    ("made", "corrected"),
    [
        ("state = torch.zeros(1, 6, 33, dtype=float)", "state = torch.zeros(6, 33, dtype=float)"),
        ("state = torch.zeros((1, 6, 33), dtype=float)", "state = torch.zeros((6, 33), dtype=float)"),
        ("sizes = (1, 6, 33)\nstate = torch.zeros(sizes, dtype=float)", "sizes = (6, 33)"),
    ],
)
def test_a_state_without_its_axis_of_layers_keeps_the_other_arguments(made: str, corrected: str) -> None:
    source = f"{TORCH}\ncell = nn.GRUCell(11, 33)\n{made}\nstate = cell(torch.zeros(6, 11), state)\n"
    message = "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"
    (likely, *_) = explain(pasted(source, ["state = cell(torch.zeros(6, 11), state)"], message)).mismatch.causes

    assert list(likely.lines) == [(made.partition("\n")[0], corrected)]


def test_a_layer_with_one_state_is_no_lstm() -> None:
    error = "AttributeError: 'tuple' object has no attribute 'dim'"
    frames = ["return self.decoder(level, state)" + IN_RNN]

    assert {one.cell for one in explain(pasted("", frames, error)).configurations} == {"gru", "rnn"}
    assert [one.cell for one in explain(pasted(STATE_OF_LSTM, frames, error)).configurations] == ["gru"]


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


JOINED = """import keras
from keras import layers
UNITS = 48
source = keras.Input((None, 32))
_, fh, fc, bh, bc = layers.Bidirectional(layers.LSTM(UNITS, return_state=True))(source)
state_h, state_c = layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])
decoder = layers.LSTM(UNITS, return_sequences=True)
decoded = decoder(keras.Input((None, 32)), initial_state=[state_h, state_c])
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
            pasted(JOINED, ["model.fit([a, b], c)"], SIZES_OF_KERAS),
            ("h_0", "num_units", ["joined_states"]),
            {
                "decoder = layers.LSTM(UNITS, return_sequences=True)": (
                    "decoder = layers.LSTM(2 * UNITS, return_sequences=True)"
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
    assert causes_and_lines(text) == (said, lines)


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


PROJECTED = f"""{TORCH}
class Speaker(nn.Module):
    def __init__(self, mels=80, hidden=256, proj=64):
        super().__init__()
        self.lstm = nn.LSTM(mels, hidden, num_layers=3, proj_size=proj, batch_first=True)
        self.hidden = hidden

    def forward(self, mels):
        h = torch.zeros(3, mels.size(0), self.hidden)
        c = torch.zeros(3, mels.size(0), self.hidden)
        return self.lstm(mels, (h, c))[0]


Speaker()(torch.randn(10, 160, 80))
"""


PROJECTED_PAIR = f"""{TORCH}
rec = nn.LSTM(40, 128, bidirectional=True, proj_size=32, batch_first=True)
y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))
"""


ONE_ARRAY = f"""{TORCH}
lstm = nn.LSTM(10, 48, proj_size=16)
s = torch.zeros(1, 4, 48)
out, _ = lstm(torch.randn(7, 4, 10), (s, s))
"""


CAPTIONS_OF_PICTURES = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, image=512, emb=100, hidden=256):
        super().__init__()
        self.to_h = nn.Linear(image, hidden)
        self.to_c = nn.Linear(image, emb)
        self.rnn = nn.LSTM(emb, hidden, batch_first=True)

    def forward(self, image, words):
        h = torch.tanh(self.to_h(image)).unsqueeze(0)
        c = torch.tanh(self.to_c(image)).unsqueeze(0)
        return self.rnn(words, (h, c))[0]


Captions()(torch.randn(8, 512), torch.randn(8, 16, 100))
"""


BRIDGE = f"""{TORCH}
class Bridge(nn.Module):
    def __init__(self, image=300, emb=64, hid=96, layers=2):
        super().__init__()
        self.layers = layers
        self.bridge = nn.Linear(image, emb)
        self.rnn = nn.GRU(emb, hid, layers, batch_first=True)

    def forward(self, image, words):
        h = torch.tanh(self.bridge(image))
        h = h.unsqueeze(0).repeat(self.layers, 1, 1)
        return self.rnn(words, h)[0]


Bridge()(torch.randn(4, 300), torch.randn(4, 7, 64))
"""


CONDITIONED = f"""{TORCH}
class Conditioned(nn.Module):
    def __init__(self, cond=10, feats=6, units=50, proj=20):
        super().__init__()
        self.to_h = nn.Linear(cond, units)
        self.to_c = {{to_c}}
        self.lstm = nn.LSTM(feats, units, proj_size=proj, batch_first=True)

    def forward(self, cond, x):
        h = self.to_h(cond)[None]
        c = self.to_c(cond)[None]
        return self.lstm(x, (h, c))[0]


Conditioned()(torch.randn(3, 10), torch.randn(3, 8, 6))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                PROJECTED,
                ["return self.lstm(mels, (h, c))[0]"],
                "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "h = torch.zeros(3, mels.size(0), self.hidden)": "h = torch.zeros(3, mels.size(0), 64)",
            },
        ),
        (
            pasted(
                PROJECTED_PAIR,
                ["y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))"],
                "RuntimeError: Expected hidden[0] size (2, 5, 32), got [2, 5, 128]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))": (
                    "y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 32), torch.zeros(2, 5, 128)))"
                )
            },
        ),
        (
            pasted(
                CONDITIONED.format(to_c="nn.Linear(cond, units)"),
                ["return self.lstm(x, (h, c))[0]"],
                "RuntimeError: Expected hidden[0] size (1, 3, 20), got [1, 3, 50]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "self.to_h = nn.Linear(cond, units)": "self.to_h = nn.Linear(cond, proj)",
            },
        ),
        (
            pasted(
                CAPTIONS_OF_PICTURES,
                ["return self.rnn(words, (h, c))[0]"],
                "RuntimeError: Expected hidden[1] size (1, 8, 256), got [1, 8, 100]",
            ),
            ("c_0", "num_units", ["other_units"]),
            {"self.to_c = nn.Linear(image, emb)": "self.to_c = nn.Linear(image, hidden)"},
        ),
        (
            pasted(
                BRIDGE,
                ["return self.rnn(words, h)[0]"],
                "RuntimeError: Expected hidden size (2, 4, 96), got [2, 4, 64]",
            ),
            ("h_0", "num_units", ["other_units"]),
            {"self.bridge = nn.Linear(image, emb)": "self.bridge = nn.Linear(image, hid)"},
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
            ONE_ARRAY,
            ["out, _ = lstm(torch.randn(7, 4, 10), (s, s))"],
            "RuntimeError: Expected hidden[0] size (1, 4, 16), got [1, 4, 48]",
        ),
        pasted(
            CONDITIONED.format(to_c="self.to_h"),
            ["return self.lstm(x, (h, c))[0]"],
            "RuntimeError: Expected hidden[0] size (1, 3, 20), got [1, 3, 50]",
        ),
    ],
)
def test_no_line_is_corrected_that_would_break_another_one(text: str) -> None:
    assert not any(one.is_own for one in explain(text).mismatch.causes)


def test_h_is_as_long_as_the_projection_and_c_as_the_units() -> None:
    explanation = explain(
        pasted(
            PROJECTED,
            ["return self.lstm(mels, (h, c))[0]"],
            "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
        )
    )
    shapes, program = comparison(explanation), first_program(explanation)

    assert shapes and shapes.axes == ("num_layers*directions", "batch_size", "num_proj")
    assert program and "h_0 = torch.zeros(3, 10, 64)" in program.running.split("\n")
    assert "c_0 = torch.zeros(3, 10, 256)" in program.running.split("\n")
    assert program.printed == "(10, 160, 64) (3, 10, 64)"


TRANSLATOR = f"""{TORCH_WITH_PACKING}
class Translator(nn.Module):
    def __init__(self, width=32, units=64):
        super().__init__()
        self.src, self.tgt = nn.Embedding(300, width), nn.Embedding(280, width)
        self.reader = nn.GRU(width, units, {{reader}})
        self.writer = nn.GRU(width, units, {{writer}})
        self.out = nn.Linear(units, 280)

    def forward(self, src, tgt):
        _, state = self.reader(self.src(src))
        y, _ = self.writer(self.tgt(tgt), state)
        return self.out(y)


model = Translator()
src, tgt = torch.randint(0, 300, (20, 11)), torch.randint(0, 280, (20, 12))
logits = model(src, tgt)
"""


STATE = "RuntimeError: Expected hidden size (1, {}, 64), got [1, {}, 64]"


@pytest.mark.parametrize(
    ("reader", "writer", "sizes", "wrong"),
    [
        ("batch_first=True", "batch_first=False", (12, 20), "writer"),
        ("batch_first=False", "batch_first=True", (20, 11), "reader"),
    ],
)
def test_the_only_layer_that_reads_time_first_lacks_batch_first(
    reader: str, writer: str, sizes: tuple[int, int], wrong: str
) -> None:
    frames = ["logits = model(src, tgt)", "y, _ = self.writer(self.tgt(tgt), state)"]
    text = pasted(TRANSLATOR.format(reader=reader, writer=writer), frames, STATE.format(*sizes))
    made = f"self.{wrong} = nn.GRU(width, units, batch_first={{}})"
    network = explain(text).configuration

    assert network and (network.batch_size, network.time_step) == (20, 12)
    assert likely(text)[1] == {made.format(False): made.format(True)}
