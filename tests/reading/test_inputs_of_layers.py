"""A traceback without its program says what a layer gets by the line that failed: data, or what another layer returned.

PyTorch 2.13 and Keras 3.15 raised these messages in these lines.
"""

import re

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.causes_by_numbers import decision
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.errors.small_programs.program_of_cause import first_program
from app.url_state_to_picture.error_pictures.layers_around_error import error_chain

FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected {}, got {}"
OF_CELL = "RuntimeError: input has inconsistent input_size: got {1} expected {0}"
RANK = (
    "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: {}"
)
PRODUCT = (
    "ValueError: Exception encountered when calling LSTMCell.call().\n\nDimensions must be equal, but are 96 and 48 for"
    " '{{{{node functional_1/{layer}/lstm_cell_1/MatMul_1}}}} = MatMul[T=DT_FLOAT, transpose_a=false]({state},"
    " functional_1/{layer}/lstm_cell_1/Cast_1/ReadVariableOp)' with input shapes: [8,96], [48,192].\n\nArguments"
    " received by LSTMCell.call():\n  • inputs=tf.Tensor(shape=(8, 30), dtype=float32)\n"
    "  • states=('tf.Tensor(shape=(8, 96), dtype=float32)', 'tf.Tensor(shape=(8, 96), dtype=float32)')"
)

OF_COLUMNS = (
    "ValueError: Exception encountered when calling GRUCell.call().\n\nDimensions must be equal, but are 4 and 5 for"
    " '{{node sequential_1/gru_1/gru_cell_1/MatMul}} = MatMul[T=DT_FLOAT, transpose_a=false](a, b)' with input shapes:"
    " [32,4], [5,96].\n\nArguments received by GRUCell.call():\n  • inputs=tf.Tensor(shape=(32, 4), dtype=float32)"
)


def traceback(line: str, error: str, function: str = "forward") -> str:
    """A traceback whose last frame of the program shows a line."""
    file = "torch/nn/modules/rnn.py" if "input" in error else "keras/src/layers/input_spec.py"
    return (
        f'Traceback (most recent call last):\n  File "/home/me/train.py", line 20, in {function}\n    {line}\n'
        f'  File "/usr/lib/python3.11/site-packages/{file}", line 329, in check_input\n    raise error\n{error}'
    )


def first(text: str) -> tuple[str, str, str]:
    """The id of the likeliest cause, with its lines."""
    one = explain(text).mismatch.causes[0]
    return one.id, one.wrong, one.fix


LINES = [
    (
        "h = self.step(torch.cat([word, ctx], 1), h)",
        OF_CELL.format(72, 182),
        "joined_features",
        "self.step = nn.LSTMCell(182, hidden_size)",
    ),
    (
        "out, (h, c) = self.lstm(rnn_in, (h, c))",
        FEATURES.format(100, 260),
        "joined_features",
        "self.lstm = nn.LSTM(260, hidden_size)",
    ),
    (
        "h2, c2 = self.lstm2(h1, (h2, c2))",
        OF_CELL.format(3, 51),
        "units_below",
        "self.lstm2 = nn.LSTMCell(51, hidden_size)",
    ),
    (
        "y, _ = self.writer(states)",
        FEATURES.format(64, 128),
        "directions_below",
        "self.writer = nn.LSTM(128, hidden_size)  # 2 * hidden_size",
    ),
    (
        "out, (h, c) = self.rnn(self.drop(self.embed(ids)))",
        FEATURES.format(128, 100),
        "embedding",
        "self.rnn = nn.LSTM(embedding.embedding_dim, hidden_size)",
    ),
    ("out, h = self.gru(fmap)", FEATURES.format(32, 200), "features_first", "fmap = fmap.transpose(1, 2)"),
    (
        *("out, h = self.gru(feats)", FEATURES.format(32, 200), "other_features"),
        "self.gru = nn.GRU(200, hidden_size)",
    ),
    (
        "h, c = self.cell(y_prev, (h, c))",
        OF_CELL.format(7, 1),
        "feedback",
        "nn.Linear(hidden_size, 7)",
    ),
    (  # the target that a decoder reads, as well as an output
        *("out, state = self.lstm(y, state)", FEATURES.format(64, 27), "other_features"),
        "self.lstm = nn.LSTM(27, hidden_size)",
    ),
    (
        "out, _ = self.lstm(x)",
        FEATURES.format(5, 4),
        "other_features",
        "self.lstm = nn.LSTM(4, hidden_size)",
    ),
    (
        "state = self.cell(combined, state)",
        OF_CELL.format(9, 24),
        "joined_features",
        "self.cell = nn.LSTMCell(24, hidden_size)",
    ),
    (
        "h, c = self.cell(self.embed(word), (h, c))",
        OF_CELL.format(32, 24),
        "embedding",
        "self.cell = nn.LSTMCell(embedding.embedding_dim, hidden_size)",
    ),
    (
        "y, _ = self.upper(memory)",
        FEATURES.format(24, 40),
        "units_below",
        "self.upper = nn.LSTM(40, hidden_size)",
    ),
]
"""A line of a network, what it raised, the likeliest cause, and its corrected line."""


@pytest.mark.parametrize(("line", "error", "cause", "fix"), LINES)
def test_the_line_that_calls_a_layer_of_pytorch_says_what_it_gets(line: str, error: str, cause: str, fix: str) -> None:
    id, _, corrected = first(traceback(line, error))

    assert id == cause
    either = (fix, fix.replace("LSTM", "GRU"))
    assert corrected in either or re.sub(r"(?:  #|;) or nn.*", "", corrected) in either  # of a layer that is not known
    ids = [one.id for one in explain(traceback(line, error)).mismatch.causes]
    assert cause == "other_features" or "other_features" not in ids


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("y, _ = self.reader(words)", "  # or nn.GRU, nn.RNN"),
        ("y, (h, c) = self.reader(words)", ""),
        ("y, _ = self.reader(words, (h, c))", ""),
    ],
)
def test_a_layer_that_nothing_names_is_none_of_lstm_alone(line: str, others: str) -> None:
    (cause, *_) = explain(traceback(line, FEATURES.format(30, 45))).mismatch.causes

    assert cause.fix.removeprefix("self.reader = nn.LSTM(45, hidden_size)") == others
    assert not others or not cause.wrong


@pytest.mark.parametrize(
    ("line", "layer", "shape", "cause"),
    [
        ('x = layers.LSTM(32, name="upper")(x)', "upper", "(None, 64)", "return_sequences"),
        ("model.add(Bidirectional(LSTM(32)))", "bidirectional", "(None, 64)", "return_sequences"),
        ('x = layers.GRU(16, name="reader")(pooled)', "reader", "(None, 48)", "flattened_steps"),
        ("model.fit(X_train, y_train, epochs=1)", "lstm", "(None, 30)", "missing_features_axis"),
        ("model.fit(X_train, y_train, epochs=1)", "lstm", "(None, 5)", "missing_axis"),
        ("model.add(LSTM(50, input_shape=(64,)))", "lstm", "(None, 64)", "missing_axis"),
    ],
)
def test_the_line_that_makes_a_layer_of_keras_says_what_it_gets(line: str, layer: str, shape: str, cause: str) -> None:
    assert first(traceback(line, RANK.format(layer, shape), "<module>"))[0] == cause


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        ("functional_1/concatenate_1/concat", "joined_states"),
        ("functional_1/lstm_1/while:4", "encoder_units"),
        ("functional_1/dense_1/add", "decoder_units"),
    ],
)
def test_the_graph_of_tensorflow_says_what_made_the_state_of_a_decoder(state: str, cause: str) -> None:
    text = traceback("model.fit([a, b], y)", PRODUCT.format(layer="decoder_1", state=state), "<module>")

    assert first(text) == (
        cause,
        "keras.layers.LSTM(48, return_sequences=True)",
        "keras.layers.LSTM(96, return_sequences=True)",
    )


def test_the_size_of_an_axis_that_may_be_missing_decides_nothing() -> None:
    explanation = explain(traceback("y, _ = self.lstm(x)", FEATURES.format(1, 48)))
    shapes = comparison(explanation)

    assert decision(explanation.mismatch, shapes).question is None
    assert shapes and (shapes.expected, shapes.got) == ((1,), (48,))


PAIR = f"""{TORCH}
class Intents(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.GRU(12, hidden, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(2 * hidden, 9)

    def forward(self, x):
        _, h = self.rnn(x)
        h = self.drop(torch.cat((h[-2], h[-1]), dim=0))
        return self.fc(h)

Intents(64)(torch.randn(20, 7, 12))
"""

CAPTION = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.cell = nn.GRUCell(width, units)

    def forward(self, picture, words):
        h = picture
        for word in words.unbind(1):
            h = self.cell(word, h)
        return h

net = Captions(30, units=64)
net(torch.randn(6, 128), torch.randn(6, 11, 30))
"""

STOREYS = f"""{TORCH}
class Storeys(nn.Module):
    def __init__(self, n_in=3, n_hid=40):
        super().__init__()
        self.n_hid = n_hid
        self.below = nn.LSTMCell(n_in, n_hid)
        self.above = nn.LSTMCell(n_in, n_hid)

    def forward(self, wave):
        h1 = c1 = h2 = c2 = torch.zeros(wave.size(0), self.n_hid)
        for x_t in wave.unbind(1):
            h1, c1 = self.below(x_t, (h1, c1))
            h2, c2 = self.above(h1, (h2, c2))
        return h2

Storeys()(torch.randn(5, 17, 3))
"""

PROJECTED = f"""{TORCH}
class Speech(nn.Module):
    def __init__(self, hidden=120, proj=32, layers=2):
        super().__init__()
        self.proj, self.layers = proj, layers
        self.lstm = nn.LSTM(40, hidden, num_layers=layers, batch_first=True, proj_size=proj)

    def start(self, batch):
        h = torch.zeros(self.layers, batch, self.proj)
        c = torch.zeros(self.layers, batch, self.proj)
        return h, c

    def forward(self, mel, state):
        out, state = self.lstm(mel, state)
        return out

net = Speech()
mel = torch.randn(9, 50, 40)
state = net.start(9)
net(mel, state)
"""


KEYS = f"""{TORCH}
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(12, 44, batch_first=True)

    def forward(self, x):
        keys, h = self.rnn(x)
        query = keys[:, -1:]
        scores = torch.bmm(query, keys)
        return scores

Attention()(torch.randn(8, 21, 12))
"""


def of(program: str, lines: list[str], error: str) -> Explanation:
    return explain(pasted(program, lines, error))


PROGRAMS = [
    (
        PAIR,
        ["return self.fc(h)"],
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (40x64 and 128x9)",
        "joined_batch",
        "h = self.drop(torch.cat((h[-2], h[-1]), dim=1))",
    ),
    (
        CAPTION,
        ["h = self.cell(word, h)"],
        "RuntimeError: hidden has inconsistent hidden_size: got 128, expected 64",
        "given_state",
        "net = Captions(30, units=128)",
    ),
    (
        STOREYS,
        ["h2, c2 = self.above(h1, (h2, c2))"],
        OF_CELL.format(3, 40),
        "units_below",
        "self.above = nn.LSTMCell(n_hid, n_hid)",
    ),
    (
        PROJECTED,
        ["out, state = self.lstm(mel, state)"],
        "RuntimeError: Expected hidden[1] size (2, 9, 120), got [2, 9, 32]",
        "projected_state",
        "c = torch.zeros(self.layers, batch, 120)",
    ),
    (
        KEYS,
        ["scores = torch.bmm(query, keys)"],
        "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [8, 44] but got: [8, 21].",
        "transpose_keys",
        "scores = torch.bmm(query, keys.transpose(1, 2))",
    ),
]
"""A program, the line that failed, what it raised, the only cause, and its corrected line."""

TEXTS = (
    *(traceback(line, error) for line, error, _, _ in LINES),
    *(pasted(program, lines, error) for program, lines, error, _, _ in PROGRAMS),
    traceback("y, _ = self.lstm(x)", FEATURES.format(1, 48)),
    traceback("model.fit([a, b], y)", PRODUCT.format(layer="decoder_1", state="functional_1/lstm_1/while:4")),
    traceback("model.fit([a, b], y)", PRODUCT.format(layer="decoder_1", state="functional_1/dense_1/add")),
    traceback("model.predict(x)", OF_COLUMNS),
)
"""Texts whose programs run in the frameworks."""


@pytest.mark.parametrize(("program", "lines", "error", "cause", "fix"), PROGRAMS)
def test_the_program_says_which_line_made_what_a_layer_gets(
    program: str, lines: list[str], error: str, cause: str, fix: str
) -> None:
    explanation = of(program, lines, error)

    assert [(one.id, one.fix, one.is_own) for one in explanation.mismatch.causes] == [(cause, fix, True)]
    assert first_program(explanation)


def test_the_rows_of_two_joined_states_are_those_of_one_batch() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (40x64 and 128x9)"
    explanation = of(PAIR, ["return self.fc(h)"], error)

    assert explanation.mismatch.expected == (20, 128)
    assert explanation.configuration and explanation.configuration.batch_size == 20


def test_the_layer_below_is_drawn_with_its_own_features() -> None:
    program = (
        "import keras\nfrom keras import layers\ninp = keras.Input((60, 4))\n"
        'x = layers.LSTM(64, name="lower")(inp)\nx = layers.LSTM(32, name="upper")(x)\n'
    )
    explanation = of(program, ['x = layers.LSTM(32, name="upper")(x)'], RANK.format("upper", "(None, 64)"))
    assert explanation.configuration
    scene = error_chain(explanation, explanation.configuration, comparison(explanation))

    assert scene
    assert [size.value for size in scene.layers[0].passed.input] == [None, 60, 4]
    assert scene.input == scene.layers[0].passed.input


def test_a_prediction_needs_the_columns_of_the_training() -> None:
    assert first(traceback("print(model.predict(windows(today)))", OF_COLUMNS, "<module>")) == (
        "other_columns",
        "",
        "model.predict(x)  # x with the 5 columns of the training data",
    )


OF_FOUR_AXES = (
    "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found"
    " ndim=4. Full shape received: (None, 30, {})"
)


@pytest.mark.parametrize(
    ("sizes", "expected_ids"), [("41, 24", ["extra_axis", "one_hot_embedding"]), ("28, 1", ["extra_axis"])]
)
def test_an_axis_too_many_may_be_that_of_an_embedding_but_not_one_of_channels(
    sizes: str, expected_ids: list[str]
) -> None:
    assert [one.id for one in explain(OF_FOUR_AXES.format(sizes)).mismatch.causes] == expected_ids


OF_SCORES = (
    "ValueError: Exception encountered when calling Attention.call().\n\nDimensions must be equal, but are 48 and 96"
    " for '{{node functional/attention/MatMul}} = BatchMatMulV2[T=DT_FLOAT](functional/LAYER_1/transpose_1,"
    " functional/attention/transpose)' with input shapes: [?,7,48], [?,96,13]."
)


def test_an_attention_names_the_recurrent_layer_whose_output_it_reads() -> None:
    of_layer = explain(OF_SCORES.replace("LAYER", "gru")).mismatch

    assert (of_layer.tensor, of_layer.axis, of_layer.expected, of_layer.got) == ("output", "num_units", (48,), (96,))
    with pytest.raises(NotFoundError):
        explain(OF_SCORES.replace("LAYER", "dense"))


SIGNATURE = """import tensorflow as tf

FEATURES = 6
model = tf.keras.Sequential([tf.keras.layers.SimpleRNN(20), tf.keras.layers.Dense(1)])

@tf.function(input_signature=[tf.TensorSpec({}, tf.float32)])
def serve(window):
    return model(window)

print(serve(tf.zeros((40, 24, 8))))
"""
NOT_CAST = (
    "TypeError: Binding inputs to tf.function failed due to `Can not cast TensorSpec(shape=(40, 24, 8),"
    " dtype=tf.float32, name=None) to TensorSpec(shape=({}), dtype=tf.float32, name=None)`."
)


@pytest.mark.parametrize(
    ("shape", "sizes", "axis", "line"),
    [
        ("[None, None, FEATURES]", "None, None, 6", "features", ("FEATURES = 6", "FEATURES = 8")),
        (
            "(None, None, 6)",
            "None, None, 6",
            "features",
            tuple(
                f"@tf.function(input_signature=[tf.TensorSpec((None, None, {size}), tf.float32)])" for size in (6, 8)
            ),
        ),
        ("[None, 30, 8]", "None, 30, 8", "time_step", ("", "signature = [tf.TensorSpec([None, 24, 8], tf.float32)]")),
    ],
)
def test_the_signature_of_a_function_has_the_sizes_of_x(
    shape: str, sizes: str, axis: str, line: tuple[str, str]
) -> None:
    error = NOT_CAST.format(sizes)
    mismatch = explain(f"{SIGNATURE.format(shape)}\nTraceback (most recent call last):\n{error}").mismatch

    assert (mismatch.tensor, mismatch.axis) == ("x", axis)
    assert [(one.id, one.lines) for one in mismatch.causes] == [("signature", (line,))]


# -- what a traceback alone says ---------------------------------------------------------------------------------------

ALONE = """Traceback (most recent call last):
  File "spotter.py", line 20, in forward
    out, _ = self.{name}({x})
  File "/site-packages/torch/nn/modules/rnn.py", line 1437, in {function}
    {line}
RuntimeError: input.size(-1) must be equal to input_size. Expected {expected}, got {got}
"""
CHECK = "self.check_forward_args(input, hx, batch_sizes)"


def alone(
    expected: int, got: int, x: str = "x", function: str = "forward", line: str = CHECK, name: str = "gru"
) -> str:
    return ALONE.format(expected=expected, got=got, x=x, function=function, line=line, name=name)


def test_nothing_heads_the_axes_of_x_whose_order_no_text_says() -> None:
    text = alone(64, 51)
    shapes = [comparison(explain(one)) for one in (text, f"{text}\nself.gru = nn.GRU(64, 80, batch_first=True)\n")]
    assert [one and one.axes for one in shapes] == [(None, None, "features"), ("batch_size", "time_step", "features")]


@pytest.mark.parametrize(
    ("x", "expected", "got", "first"),
    [
        ("feats", 64, 51, "features_first"),
        ("feats", 64, 96, "other_features"),  # either may be channels
        ("x", 64, 51, "other_features"),
    ],
)
def test_the_features_of_a_convolution_are_not_the_last_axis(x: str, expected: int, got: int, first: str) -> None:
    assert explain(alone(expected, got, x=x)).mismatch.first_cause == first


@pytest.mark.parametrize(
    ("function", "line", "cell"),
    [
        ("GRU.forward(self, input, hx)", CHECK, "gru"),
        ("RNN.forward(self, input, hx)", CHECK, "rnn"),
        ("forward", "result = _VF.gru(input, hx, self._flat_weights)", "gru"),
        ("forward", "result = _VF.rnn_tanh(input, hx, self._flat_weights)", "rnn"),
        ("forward", CHECK, None),
    ],
)
def test_the_cell_is_that_of_the_layer_in_the_frames(function: str, line: str, cell: str | None) -> None:
    explanation = explain(alone(32, 88, name="rnn", function=function, line=line))
    assert explanation.configuration is not None and explanation.configuration.cell == cell
