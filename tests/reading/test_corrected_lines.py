"""If the program is pasted with its error, the corrected lines are its own, and it decides between causes.

The messages are those of PyTorch 2.13, Keras 3.15 and NumPy 2.4 for these programs.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.causes_by_numbers import decision
from app.reading.errors.expected_and_given_shape import comparison, completed
from app.reading.errors.explanation import Explanation, explain
from app.reading.facts_about_sizes import Configuration

KERAS = "import keras\nfrom keras import layers\n"
TORCH_WITH_PADDING = (
    "import torch\nfrom torch import nn\nfrom torch.nn.utils.rnn import pack_padded_sequence, pad_sequence\n"
)

STACK = """
model = keras.Sequential([
    keras.Input((20,)),
    layers.Embedding(500, 24),
    layers.Bidirectional(layers.LSTM(18)),
    layers.GRU(11),
])
ValueError: Input 0 of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape \
received: (None, 36)
"""

LABELS = """
model = keras.Sequential([keras.Input((40,)), layers.Embedding(1000, 16)])
model.add(layers.LSTM(32, return_sequences=True))
model.add(layers.Dense(6, activation="softmax"))
model.fit(x, y)
RuntimeError: The size of tensor a (6) must match the size of tensor b (40) at non-singleton dimension 1
"""

OTHER_UNITS = """
def build(units):
    inp = keras.Input((None, 12))
    return keras.Model(inp, layers.LSTM(units)(inp))

big = build(64)
small = build(48)
big.set_weights(small.get_weights())
ValueError: Layer functional_1 weight shape (12, 256) is not compatible with provided weight shape (12, 192).
"""

JOINED = """
enc, h, c = layers.LSTM(64, return_sequences=True, return_state=True)(keras.Input((28, 30)))
dec = layers.LSTM(64, return_sequences=True)(keras.Input((14, 30)), initial_state=[h, c])
att = layers.Attention()([dec, enc])
mix = layers.Concatenate()([enc, att])
ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: \
input_shape=[(None, 28, 64), (None, 14, 64)]
"""

STATEFUL = """
model = keras.Sequential([
    keras.Input(batch_shape=(16, 10, 3)),
    layers.LSTM(22, stateful=True),
])
ValueError: If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the \
initial state.
- Expected batch size: 16
- Received batch size: 1
"""

DECODER = """
_, h, c = layers.LSTM(128, return_state=True)(keras.Input((None, 71)))
dec = layers.LSTM(256, return_sequences=True)
out = dec(keras.Input((None, 93)), initial_state=[h, c])
RuntimeError: Exception encountered when calling LSTM.call().

mat1 and mat2 shapes cannot be multiplied (4x128 and 256x1024)

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([4, 20, 93]), dtype=float32)
  • initial_state=['torch.Tensor(shape=torch.Size([4, 128]))', 'torch.Tensor(shape=torch.Size([4, 128]))']
"""

SERIES = """
win = 45
model = keras.Sequential([layers.LSTM(33)])
ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape \
received: (32, 45)
"""

PADDED = """
padded = pad_sequence(seqs)
packed = pack_padded_sequence(padded, lengths, batch_first=True)
RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 5 (batch_size=90)
"""

EMBEDDING = """
embed = nn.Embedding(8000, 72)
gru = nn.GRU(72, 110, batch_first=True)
q = torch.randint(0, 8000, (14, 18))
_, h = gru(q.float())
RuntimeError: input.size(-1) must be equal to input_size. Expected 72, got 18
"""

RESHAPED = """
rnn = nn.RNN(88, 70, batch_first=True, bidirectional=True)
y, _ = rnn(torch.rand(5, 33, 88))
hid = 70
y = y.reshape(5, 33, hid)
RuntimeError: shape '[5, 33, 70]' is invalid for input of size 23100
"""

FEATURES = """
rnn = nn.LSTM(128, 64, num_layers=2, batch_first=True)
y, _ = rnn(torch.rand(32, 60, 100))
RuntimeError: input.size(-1) must be equal to input_size. Expected 128, got 100
"""

CHECKPOINT = """
model = Net(n_features=9, hidden=128, classes=6)
model.load_state_dict(torch.load("har.pt"))
print(model(torch.randn(1, 128, 9)))
RuntimeError: Error(s) in loading state_dict for Net:
	size mismatch for lstm.weight_ih_l0: copying a param with shape torch.Size([800, 9]) from checkpoint, the shape \
in current model is torch.Size([512, 9]).
	size mismatch for lstm.weight_hh_l0: copying a param with shape torch.Size([800, 200]) from checkpoint, the shape \
in current model is torch.Size([512, 128]).
"""

STATE = """
h0 = np.zeros((1, 3, 37), np.float32)
y, hn = session.run(None, {"x": np.zeros((3, 20, 14), np.float32), "h0": h0})
Non-zero status code returned while running GRU node. Name:'/gru/GRU' Status Message: Input initial_h must have shape \
{2,3,37}. Actual:{1,3,37}
"""

COLUMNS = """import numpy as np
h = np.zeros((90, 1))
for x in xs:
    h = np.tanh(np.dot(Wxh, x) + np.dot(h, Whh) + bh)
Traceback (most recent call last):
  File "n.py", line 4, in <module>
    h = np.tanh(np.dot(Wxh, x) + np.dot(h, Whh) + bh)
                                 ^^^^^^^^^^^^^^
ValueError: shapes (90,1) and (90,90) not aligned: 1 (dim 1) != 90 (dim 0)
"""


@pytest.mark.parametrize(
    ("text", "id", "wrong", "fix"),
    [
        (
            KERAS + STACK,
            "return_sequences",
            "layers.Bidirectional(layers.LSTM(18)),",
            "layers.Bidirectional(layers.LSTM(18, return_sequences=True)),",
        ),
        (
            KERAS + LABELS,
            "not_return_sequences",
            "model.add(layers.LSTM(32, return_sequences=True))",
            "model.add(layers.LSTM(32))",
        ),
        (KERAS + OTHER_UNITS, "other_size", "big = build(64)", "big = build(48)"),
        (
            KERAS + JOINED,
            "other_sequence",
            "mix = layers.Concatenate()([enc, att])",
            "mix = layers.Concatenate()([dec, att])",
        ),
        (
            KERAS + STATEFUL,
            "other_batch",
            "keras.Input(batch_shape=(16, 10, 3)),",
            "keras.Input(batch_shape=(1, 10, 3)),",
        ),
        (
            KERAS + DECODER,
            "encoder_units",
            "dec = layers.LSTM(256, return_sequences=True)",
            "dec = layers.LSTM(128, return_sequences=True)",
        ),
        (KERAS + SERIES, "missing_features_axis", "", "x = x[..., np.newaxis]"),
        (
            TORCH_WITH_PADDING + PADDED,
            "padded_time_first",
            "padded = pad_sequence(seqs)",
            "padded = pad_sequence(seqs, batch_first=True)",
        ),
        (TORCH_WITH_PADDING + EMBEDDING, "unused_embedding", "_, h = gru(q.float())", "_, h = gru(embed(q))"),
        (
            TORCH_WITH_PADDING + RESHAPED,
            "reshape_directions",
            "y = y.reshape(5, 33, hid)",
            "y = y.reshape(5, 33, 2 * hid)",
        ),
        (
            TORCH_WITH_PADDING + FEATURES,
            "other_features",
            "rnn = nn.LSTM(128, 64, num_layers=2, batch_first=True)",
            "rnn = nn.LSTM(100, 64, num_layers=2, batch_first=True)",
        ),
        (
            TORCH_WITH_PADDING + CHECKPOINT,
            "other_size",
            "model = Net(n_features=9, hidden=128, classes=6)",
            "model = Net(n_features=9, hidden=200, classes=6)",
        ),
        (
            STATE,
            "directions",
            "h0 = np.zeros((1, 3, 37), np.float32)",
            "h0 = np.zeros((2, 3, 37), np.float32)",
        ),
        (COLUMNS, "swapped_factors", "np.dot(h, Whh)", "np.dot(Whh, h)"),
    ],
)
def test_the_likeliest_cause_corrects_a_line_of_the_program(text: str, id: str, wrong: str, fix: str) -> None:
    likeliest = explain(text).mismatch.causes[0]

    assert (likeliest.id, likeliest.wrong, likeliest.fix) == (id, wrong, fix)


def test_an_x_with_two_axes_raises_no_question_about_swapped_steps() -> None:
    explanation = explain(TORCH_WITH_PADDING + EMBEDDING)

    assert decision(explanation.mismatch, comparison(explanation)).question is None
    assert explanation.mismatch.got == (14, 18)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (KERAS + DECODER, {"batch_size": 4, "time_step": 20}),
        (KERAS + STACK, {"time_step": 20, "features": 36, "num_units": 11}),
        (KERAS + LABELS, {"time_step": 40, "num_units": 32}),
        (TORCH_WITH_PADDING + PADDED, {"batch_size": 5, "time_step": 90}),
        (KERAS + SERIES, {"batch_size": 32, "time_step": 45}),
        (STATE, {"batch_size": 3, "num_units": 37}),
    ],
)
def test_sizes_come_from_the_arguments_of_a_call_and_from_the_program(text: str, known: dict[str, int]) -> None:
    network = explain(text).configuration or Configuration()

    assert {name: getattr(network, name) for name in known} == known


def test_the_only_array_with_the_features_and_the_batch_of_an_error_is_x() -> None:
    network = explain("nn.GRU(14, 37)\n" + STATE).configuration

    assert network
    assert (network.features, network.time_step) == (14, 20)


def completed_shapes(explanation: Explanation) -> tuple[object, object]:
    shapes, network = comparison(explanation), explanation.configuration
    assert shapes
    assert network
    whole = completed(shapes, network, [cause.id for cause in explanation.mismatch.causes])
    return whole.expected, whole.got


def test_both_shapes_have_the_sizes_that_only_the_text_says() -> None:
    assert completed_shapes(explain(TORCH_WITH_PADDING + FEATURES)) == ((32, 60, 128), (32, 60, 100))
    assert completed_shapes(explain(KERAS + STACK)) == ((None, 20, 36), (None, 36))


def test_both_states_of_an_encoder_with_two_directions_are_joined() -> None:
    likeliest = explain("self.lstm = nn.LSTM(8, 40)\nRuntimeError: Expected hidden[0] size (1, 3, 40), got [2, 3, 20]")

    (cause, *_) = likeliest.mismatch.causes
    assert cause.fix == "h_0, c_0 = (torch.cat((s[-2], s[-1]), dim=-1).unsqueeze(0) for s in (h_n, c_n))"


ARGUMENTS = """ValueError: Exception encountered when calling LSTMCell.call().

Dimensions must be equal, but are 96 and 48 for '{{node decoder_1/lstm_cell_1/MatMul_1}} = MatMul[T=DT_FLOAT]\
(decoder_1/concat, decoder_1/lstm_cell_1/ReadVariableOp)' with input shapes: [10,96], [48,192].

Arguments received by LSTMCell.call():
  • inputs=tf.Tensor(shape=(10, 32), dtype=float32)
  • states=('tf.Tensor(shape=(10, 96), dtype=float32)', 'tf.Tensor(shape=(10, 96), dtype=float32)')"""


def test_the_arguments_of_a_cell_of_keras_say_the_batch_and_the_features() -> None:
    network = explain(ARGUMENTS).configuration

    assert network
    assert (network.batch_size, network.features, network.num_units) == (10, 32, 48)


def test_one_state_with_all_its_axes_lacks_none_of_them() -> None:
    made = "h = torch.zeros(2, 24, 100)\nlstm = nn.LSTM(8, 100, 2, batch_first=True)\n"
    program = made + "y, _ = lstm(torch.zeros(24, 6, 8), h)\n"
    error = "RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"

    mismatch = explain(f"{TORCH_WITH_PADDING}{program}{error}").mismatch

    assert mismatch.is_of_equals
    assert [(one.id, one.fix) for one in mismatch.causes] == [
        ("h_for_h_c", "y, _ = lstm(torch.zeros(24, 6, 8), (h, torch.zeros_like(h)))")
    ]


def test_a_general_form_shows_no_line_that_the_program_does_not_have() -> None:
    program = "cell = nn.GRU(7, 9)\ncell(torch.cat([torch.zeros(5, 3, 7), torch.zeros(5, 3, 4)], -1))\n"
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 11"

    lines = [line for one in explain(f"{TORCH_WITH_PADDING}{program}{error}").mismatch.causes for line, _ in one.lines]

    assert all(line in program for line in lines)


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


BOTH_DIRECTIONS = """import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.rnn = nn.LSTM(width, width, bidirectional=True, batch_first=True)

    def forward(self, x):
        y, _ = self.rnn(x)
        return torch.relu(y) + x


print(Block(18)(torch.zeros(4, 9, 18)).shape)
Traceback (most recent call last):
  File "/home/me/block.py", line 15, in <module>
    print(Block(18)(torch.zeros(4, 9, 18)).shape)
  File "/home/me/block.py", line 12, in forward
    return torch.relu(y) + x
RuntimeError: The size of tensor a (36) must match the size of tensor b (18) at non-singleton dimension 2
"""


def test_the_directions_of_an_output_are_added_in_the_line_that_adds_it_to_x() -> None:
    first = explain(BOTH_DIRECTIONS).mismatch.causes[0]

    assert first.id == "merge_directions"
    assert first.lines == (("return torch.relu(y) + x", "return torch.relu(y).unflatten(-1, (2, -1)).sum(-2) + x"),)
