"""What a model that was read makes of the output of its last layer, and of the last states of a recurrent one."""

import pytest

from app.core.model.shapes import in_order, numbers
from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state_to_picture.model.read_model import ReadChain, read_chain


def chains(source: str) -> list[ReadChain]:
    found = read(source)
    of_models = zip(found.models, found.results, found.given, found.ends, strict=True)
    return [
        read_chain(layers, MAX_TEXT_LENGTH, True, found.has_all_parameters(n), result, given, end=end)
        for n, (layers, result, given, end) in enumerate(of_models)
    ]


def text(source: str) -> str:
    (found,) = chains(source)
    return chain_text(found.chain)


def returned(source: str) -> list[int | str | None]:
    """The shape of what a model returns."""
    (found,) = chains(source)
    passed = found.chain.passed(found.batch_size, None, time_major=found.is_time_first)
    return numbers(passed[-1].output)


PYTORCH = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.a, self.b = nn.LSTM(8, 16), nn.Linear(16, 6), nn.Linear(16, 1)
    def forward(self, x):
        y, _ = self.rnn(x)
        a = self.a(y)
        RETURN
Net()(torch.zeros(7, 3, 8))
"""


@pytest.mark.parametrize(
    ("end", "layers", "shape"),
    [
        ("return a.view(-1, 6)", "dense(6).other(6,params=0,batch=21)", [21, 6]),
        ("return torch.log_softmax(a.view(-1, 6), 1), _", "dense(6).other(6,params=0,batch=21)", [21, 6]),
        ("return a.mean(0, keepdim=True)", "dense(6).other(1,6,params=0)", [3, 1, 6]),
        ("return self.b(y) + a - a.mean(2, keepdim=True)", "dense(1).other(7,6,params=0)", [3, 7, 6]),
        ("return torch.relu(a)", "dense(6)", [3, 7, 6]),
        ("return a.view(-1, 6), a", "dense(6)", [3, 7, 6]),
    ],
)
def test_a_model_ends_with_what_it_returns(end: str, layers: str, shape: list[int]) -> None:
    """Shapes have the batch first, also where the framework has the time first."""
    source = PYTORCH.replace("RETURN", end)

    assert text(source).endswith(layers)
    assert returned(source) == shape


KERAS = """import keras
from keras import layers
class Sum(layers.Layer):
    def call(self, x):
        return keras.ops.sum(x, axis=1)
x = keras.Input((30, 8))
h = layers.GRU(16, return_sequences=True)(x)
m = keras.Model(x, END)
"""


@pytest.mark.parametrize(
    ("end", "shape"),
    [("Sum()(h)", [None, 16]), ("h", [None, 30, 16]), ("[Sum()(h), h]", [None, 30, 16])],
)
def test_a_model_of_keras_ends_with_what_it_is_made_of(end: str, shape: list[int | None]) -> None:
    assert returned(KERAS.replace("END", end)) == shape


def test_models_of_keras_have_ends_of_their_own() -> None:
    source = KERAS.replace("END", "Sum()(h)")
    other = "y = keras.Input((9, 4))\nn = keras.Model(y, layers.LSTM(5, return_sequences=True)(y))\n"

    assert [chain_text(one.chain) for one in chains(source + other)] == [
        "input(30,8).gru(8,16,seq).other(16,params=0,batch=?)",
        "input(9,4).lstm(4,5,seq)",
    ]


def test_the_batch_of_an_input_is_read_beside_its_shape() -> None:
    source = "import keras\nm = keras.Sequential([keras.Input((None, 1), batch_size=16), keras.layers.LSTM(75)])\n"
    (found,) = chains(source)

    assert found.batch_size == 16


STATES = """import torch
from torch import nn
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(8, 16, 2, bidirectional=True, batch_first=True), nn.Linear(64, 5)
    def forward(self, x):
        y, h = self.rnn(x)
        z = self.out(h.view(x.size(0), 64))
        return RETURN
Encoder()(torch.zeros(7, 3, 8))
"""


@pytest.mark.parametrize(
    ("returned", "word"), [("z", "states"), ("z, h", "states"), ("z, y", "seq"), ("z, y.mean(1)", "seq")]
)
def test_a_layer_of_which_only_states_go_on_returns_these(returned: str, word: str) -> None:
    source = STATES.replace("RETURN", returned)

    assert text(source) == f"input(3,8).gru(8,16,bi,{word},layers=2).other(64,params=0).dense(5)"


LOST = """import torch
from torch import nn
class Dropped(nn.Module):
    def forward(self, x):
        rows = x.data.new(1, x.size(1), x.size(2)).bernoulli_(0.5)
        return x * rows.div_(0.5).expand_as(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.dropped, self.out = nn.LSTM(8, 16), Dropped(), nn.Linear(16, 6)
    def forward(self, x):
        y, _ = self.rnn(x)
        RETURN
"""


@pytest.mark.parametrize(
    ("end", "shape"),
    [
        ("y = self.dropped(y)\n        return self.out(y.view(-1, 16)).view(y.size(0), 1, 6)", [None, 1, 6]),
        (
            "a = self.out(y[-1])\n        return torch.stack([torch.tanh(a) for _ in range(len(y))], 1)",
            [None, None, 6],
        ),  # batch, steps, 6
        (
            "a = self.out(y[-1])\n        return torch.stack([torch.tanh(a) for _ in range(len(y))], load())",
            [None, "..."],
        ),
        (
            "return torch.tanh(self.out(y[-1])).unsqueeze(0)",
            [None, None, 6],
        ),  # 1, batch, 6: not one sample of any steps
        ("return torch.tanh(self.out(y[-1]))", [None, 6]),
    ],
)
def test_a_model_does_not_end_with_its_last_layer_if_what_it_returns_is_not_understood(
    end: str, shape: list[int | str | None]
) -> None:
    """A state of 1 layer is not taken as one sample of an unknown number of steps."""
    assert returned(LOST.replace("RETURN", end)) == shape


@pytest.mark.parametrize(
    ("end", "shape"),
    [
        ("return a.view(y.size(0), y.size(1), 3, 2)", [7, 3, 3, 2]),
        ("return a.view(7, 3, 2, 3), a", [7, 3, 2, 3]),
        ("return a.view(14, 3, 1, 3)", [14, 3, 1, 3]),
        ("return a.view(7, 1, 3, 6)", [7, 1, 3, 6]),
        ("return a.view(-1, 2, 3)", [21, 2, 3]),
        ("return a.view(7, 9, 2)", [7, 9, 2]),
    ],
)
def test_what_a_model_with_the_time_first_returns_is_shown_with_its_axes_in_this_order(
    end: str, shape: list[int]
) -> None:
    (found,) = chains(PYTORCH.replace("RETURN", end))
    passed = found.chain.passed(found.batch_size, None, time_major=found.is_time_first)

    assert found.is_time_first
    assert numbers(in_order(passed[-1].output, time_major=True)) == shape


def test_a_recurrent_layer_says_the_batch_of_a_model_of_which_the_end_is_unknown() -> None:
    """The letters of each word are samples of their own, which has 6 · 5 of them. PyTorch returned 6 × 5 × 3."""
    source = """import torch
from torch import nn
class Marker(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters, self.mixed = nn.Embedding(40, 7), nn.Conv1d(7, 12, 3)
        self.rnn = nn.GRU(12, 9, batch_first=True)
        self.marks = nn.Linear(9, 3)
    def forward(self, words):
        b, t, c = words.shape
        z = self.letters(words.view(b * t, c)).transpose(1, 2)
        y, _ = self.rnn(self.mixed(z).amax(2).view(b, t, -1))
        return best_path(self.marks(y))
def best_path(scores):
    return PATHS[scores.size(0)](scores)
PATHS = {n: torch.relu for n in range(9)}
model = Marker()
y = model(torch.randint(0, 40, (6, 5, 8)))
"""
    (found,) = chains(source)

    assert found.batch_size == 6
    assert chain_text(found.chain).endswith("other(5,12).gru(9,seq).dense(3).other")


TIED = """import torch
from torch import nn
class Words(nn.Module):
    def __init__(self, kind, tie):
        super().__init__()
        self.ids, self.rnn, self.out = nn.Embedding(41, 12), MADE, nn.Linear(12, 41)
        if tie:
            self.out.weight = self.ids.weight
    def forward(self, x):
        y, _ = self.rnn(self.ids(x))
        return self.out(y).view(-1, 41)
Words(args.kind, args.tie)(torch.ones(7, 3).long())
"""


@pytest.mark.parametrize(("order", "shape"), [("", [3, 7, 41]), (", batch_first=True", [7, 3, 41])])
def test_what_a_layer_returns_that_may_share_weights_has_its_own_batch(order: str, shape: list[int]) -> None:
    (found,) = chains(TIED.replace("MADE", f"nn.GRU(12, 12{order})"))
    passed = found.chain.passed(found.batch_size, None, time_major=found.is_time_first)

    assert [numbers(one.output) for one in passed[-2:]] == [shape, [21, 41]]


def test_after_a_layer_of_an_unknown_kind_no_axis_is_said_to_be_the_batch() -> None:
    (found,) = chains(TIED.replace("MADE", "getattr(nn, kind)(12, args.size)").replace("if tie", "if False"))
    passed = found.chain.passed(found.batch_size, None, time_major=found.is_time_first)

    assert chain_text(found.chain).endswith("other(41,params=0,batch=?)")
    assert [one.output[0].number for one in passed] == [7, None, None, None]


OTHERS = """
class Pairs(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.rnn = nn.LSTM(5, 6)
    def forward(self, x):
        return own(self.rnn(x)[0]) * self.scale
"""


@pytest.mark.parametrize("others", ["", OTHERS])
def test_what_is_unknown_of_another_model_leaves_the_operations_of_this_one_without_parameters(others: str) -> None:
    source = PYTORCH.replace("RETURN", "return a.view(-1, 6)") + others
    found, *_ = chains(source)

    assert chain_text(found.chain).endswith("dense(6).other(6,params=0,batch=21)")


@pytest.mark.parametrize(
    ("made", "is_known"),
    [
        ("nn.GRU(12, args.size)", True),
        ("nn.LSTM(12, 12) if kind else nn.GRU(12, 12)", True),
        ("other.Layer(12)", False),
    ],
)
def test_layers_with_unknown_settings_leave_no_other_parameters(made: str, is_known: bool) -> None:
    (found,) = chains(TIED.replace("MADE", made).replace("if tie", "if False"))

    assert ("other(41,params=0" in chain_text(found.chain)) == is_known


GRAPH = """import tensorflow as tf
x = tf.placeholder(tf.float32, [6, 11, 8])
y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(16), x, dtype=tf.float32)
w, b = tf.get_variable("w", [16, 37]), tf.get_variable("b", [37])
z = tf.matmul(tf.reshape(y, [-1, 16]), w) + b
"""


@pytest.mark.parametrize(
    ("end", "shape"),
    [
        ("z = tf.reshape(z, [6, 11, 37])", [6, 11, 37]),
        ("p = tf.nn.softmax(z)\np = tf.reshape(p, [-1, 11, 37])", [6, 11, 37]),
        ("loss = tf.reduce_mean(tf.reshape(z, [-1]))", [66, 37]),
        ("for n in range(k):\n    z = tf.reshape(z, [6, 11, 37])\nloss = tf.reduce_sum(z)", [6, 11, 37]),
        ("if k:\n    z = tf.reshape(z, [6, 11, 37])", [66, 37]),
    ],
)
def test_a_graph_ends_with_the_axes_that_the_output_of_its_last_layer_gets(end: str, shape: list[int]) -> None:
    assert returned(GRAPH + end) == shape


def test_a_reshape_before_the_last_layer_ends_no_graph() -> None:
    source = f"{GRAPH}z = tf.reshape(z, [6, 11, 37])\nv = tf.layers.dense(z, 5)\n"

    assert returned(source) == [6, 11, 5]
