"""Models that a program calls one after the other are separate if none gets what another one returns."""

import pytest

from app.reading.code.layers_in_order import read

HEAD = """import torch
from torch import nn
a = nn.Sequential(nn.Linear(9, 4), nn.ReLU(), nn.Linear(4, 2))
b = nn.Sequential(nn.Linear(2, 5), nn.Tanh())
x, y = torch.randn(16, 9), torch.randn(16, 2)
"""


@pytest.mark.parametrize(
    ("calls", "models"),
    [
        ("a(x); b(y)", {"a": 3, "b": 2}),
        ("print(a(x).shape); print(b(y).shape); print(a(x).sum())", {"a": 3, "b": 2}),
        ("c = nn.Sequential(nn.Linear(2, 3)); a(x); b(y); c(y)", {"a": 3, "b": 2, "c": 1}),
        ("b(a(x))", {"": 5}),
        ("c = nn.Sequential(nn.Linear(2, 3)); z = a(x); b(z); c(z)", {"": 6}),
        ("c = nn.Sequential(nn.Linear(2, 3)); z = a(x); b(y); c(z)", {"a": 4, "b": 2}),
        ("c = nn.Sequential(nn.Linear(2, 3)); z = a(x); w = b(y); c(z + w[:, :2])", {"": 6}),
        ("a(x); b(load())", {"": 5}),
    ],
)
def test_sequentials_that_share_nothing_are_models_of_their_own(calls: str, models: dict[str, int]) -> None:
    found = read(f"{HEAD}{calls}\n")

    assert dict(zip(found.names, map(len, found.models), strict=True)) == models
    assert not found.unknown or "load" in calls


def test_a_layer_outside_of_sequentials_may_connect_them() -> None:
    (layers,) = read(f"{HEAD}d = nn.Linear(5, 5)\na(x)\nd(b(y))\n").models

    assert len(layers) == 6


OWNER = """from torch import nn
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.size, self.inner = 8, nn.Linear(5, 8)
    def forward(self, x):
        return self.inner(x)
class Head(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder, self.rnn = encoder, nn.GRU(encoder.size, 4)
    def forward(self, x):
        return self.rnn(INPUT)[0]
"""


@pytest.mark.parametrize(
    ("given", "program", "models"),
    [
        ("x", "encoder = Encoder()\nhead = Head(encoder)\n", {"Encoder": 1, "Head": 1}),
        ("self.encoder(x)", "encoder = Encoder()\nhead = Head(encoder)\n", {"Head": 2}),
        ("x", "head = Head(Encoder())\n", {"Head": 1}),
    ],
)
def test_a_model_whose_owner_does_not_call_it_is_one_of_its_own_if_the_program_names_it(
    given: str, program: str, models: dict[str, int]
) -> None:
    found = read(OWNER.replace("INPUT", given) + program)

    assert dict(zip(found.names, map(len, found.models), strict=True)) == models
    assert len(found.unknown) == (program == "head = Head(Encoder())\n")


MATCHER = """import copy
import torch
from torch import nn
class Matcher(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.score = nn.GRU(7, 6, batch_first=True), nn.Linear(12, 6)
    def read(self, words):
        return self.rnn(words)[0][:, -1]
    def forward(self, a, b):
        return self.score(torch.cat([self.read(a), self.read(b)], 1))
class Scorer(nn.Module):
    def __init__(self, base):
        super().__init__()
        self.base, self.one = base, nn.Linear(6, 1)
    def forward(self, x):
        return self.one(USE)
matcher = Matcher()
scorer = Scorer(matcher)
"""
CALLED = "x = torch.randn(2, 4, 7)\nmatcher(x, x)\nscorer(x)\n"


@pytest.mark.parametrize(
    ("use", "rest", "models"),
    [
        ("self.base.read(x)", "", {"Matcher": ["gru", "gru", "dense"], "Scorer": ["gru", "dense"]}),
        ("self.base.read(x)", CALLED, {"Matcher": ["gru", "gru", "dense"], "Scorer": ["gru", "dense"]}),
        ("self.base(x, x)", "", {"Scorer": ["gru", "gru", "dense", "dense"]}),
        ("self.base.forward(x, x)", "", {"Scorer": ["gru", "gru", "dense", "dense"]}),
        ("copy.deepcopy(self.base)(x, x)", "", {"Scorer": ["gru", "gru", "dense", "dense"]}),
    ],
)
def test_a_model_of_which_another_one_calls_only_a_method_has_a_pass_of_its_own(
    use: str, rest: str, models: dict[str, list[str]]
) -> None:
    found = read(MATCHER.replace("USE", use) + rest)

    kinds = ([layer.kind for layer in layers] for layers in found.models)
    assert dict(zip(found.names, kinds, strict=True)) == models
    assert "a layer that is never called" not in {one.reason for one in found.unknown}


KERAS_MATCHER = """import keras
class Matcher(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn, self.score = keras.layers.GRU(6), keras.layers.Dense(3)
    def read(self, words):
        return self.rnn(words)
    def call(self, x):
        return self.score(self.read(x))
class Scorer(keras.Model):
    def __init__(self, base):
        super().__init__()
        self.base, self.one = base, keras.layers.Dense(1)
    def call(self, x):
        return self.one(self.base.read(x))
matcher = Matcher()
scorer = Scorer(matcher)
"""


def test_a_model_of_keras_of_which_another_one_calls_only_a_method_has_a_pass_of_its_own() -> None:
    found = read(KERAS_MATCHER)

    assert found.names == ["Matcher", "Scorer"]
    assert [[layer.kind for layer in layers] for layers in found.models] == [["gru", "dense"], ["gru", "dense"]]
    assert {one.reason for one in found.unknown} == {"not known: features"}


KERAS = """import keras
from keras import layers
one = keras.Sequential([keras.Input((7, 3)), layers.LSTM(4), layers.Dense(2)])
x = keras.Input((9, 5))
h = layers.GRU(8)(x)
"""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("y = layers.Dense(3)(h); two = 0\ntwo = keras.Model(x, y)", "two"),
        ("y = layers.Dense(3)(h)\npart = keras.Model(x, h)\nwhole = keras.Model(x, {'y': y, 'h': h})", "whole"),
        ("part = keras.Model(x, h)\ny = layers.Dense(3)(h)\nwhole = keras.Model(x, y)", ""),
        ("y = layers.Dense(3)(h)\npart = keras.Model(x, h)", ""),
        ("y = layers.Dense(3)(h)", ""),
    ],
)
def test_a_model_of_tensors_has_the_name_of_what_has_all_its_layers(code: str, name: str) -> None:
    """It comes after the models that are made before its layers."""
    found = read(f"{KERAS}{code}\n")

    assert [*found.names] == ["one", name]
    assert [len(layers) for layers in found.models] == [2, 2]


TRAINING = """
from keras import Input, Model
from keras.layers import LSTM, Dense
x, y = Input((None, 7)), Input((None, 9))
_, h, c = LSTM(16, return_state=True)(x)
decode, dense = LSTM(16, return_sequences=True, return_state=True), Dense(9)
out, _, _ = decode(y, initial_state=[h, c])
training = Model([x, y], dense(out))
encoder = Model(x, [h, c])
"""


def test_a_model_of_keras_that_is_made_of_its_own_calls_is_another_one() -> None:
    reading = read(
        TRAINING + "h_0, c_0 = Input((16,)), Input((16,))\nout, h, c = decode(y, initial_state=[h_0, c_0])\n"
        "decoder = Model([y, h_0, c_0], [dense(out), h, c])\n"
    )
    kinds = [[layer.kind for layer in model] for model in reading.models]

    assert [*zip(reading.names, kinds, strict=True)] == [
        ("training", ["lstm", "lstm", "dense"]),
        ("decoder", ["lstm", "dense"]),
    ]


def test_a_model_of_keras_that_goes_on_with_what_another_one_computes_is_no_other_one() -> None:
    reading = read(TRAINING + "more = Dense(3)(h)\nlonger = Model(x, more)\n")

    assert [layer.kind for layer in reading.models[0]] == ["lstm", "lstm", "dense", "dense"]


OBJECTS = {
    "PyTorch": """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, ids, width, units):
        super().__init__()
        self.embed, self.rnn = nn.Embedding(ids, width), nn.GRU(width, units, batch_first=True)
        self.fc = nn.Linear(units, 3)
    def forward(self, x):
        return self.fc(self.rnn(self.embed(x))[0])
{calls}
""",
    "Keras": """import keras
from keras import layers, ops as torch
class Net(keras.Model):
    def __init__(self, ids, width, units):
        super().__init__()
        self.embed, self.rnn = layers.Embedding(ids, width), layers.GRU(units, return_sequences=True)
        self.fc = layers.Dense(3)
    def call(self, x):
        return self.fc(self.rnn(self.embed(x)))
{calls}
""",
}


@pytest.mark.parametrize("framework", OBJECTS)
@pytest.mark.parametrize(
    ("calls", "widths"),
    [
        ("a = Net(90, 12, 20)\na(torch.ones((4, 7)))\nb = Net(30, 10, 16)", [12, 10]),
        ("a = Net(90, 12, 20)\nb = Net(30, 10, 16)\na(torch.ones((4, 7)))", [12, 10]),
        ("a, b = Net(90, 12, 20), Net(30, 10, 16)\nb(torch.ones((4, 7)))\na(torch.ones((4, 7)))", [12, 10]),
        ("for width in (6, 8, 10): Net(90, width, 20)(torch.ones((4, 7)))", [6, 8, 10]),
        ("a, b = Net(90, 12, 20), Net(90, 12, 20)\na(torch.ones((4, 7)))", [12]),
        ("a = Net(90, 12, 20)\na(torch.ones((4, 7)))\na(torch.ones((4, 5)))", [12]),
    ],
    ids=["made later", "made before", "both called", "a loop", "equal", "called twice"],
)
def test_objects_of_a_class_with_other_sizes_are_models_of_their_own(
    framework: str, calls: str, widths: list[int]
) -> None:
    found = read(OBJECTS[framework].format(calls=calls))

    assert [model[0].config["num_units"] for model in found.models] == widths
    assert all(layer.config["num_units"] for model in found.models for layer in model)
    assert not found.unknown


GRAPHS = """import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 28, 28])
_, one = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(16), x, dtype=tf.float32, scope="a")
p = tf.layers.dense(one, 10)
y = tf.placeholder(tf.float32, [32, 96, 5])
_, other = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(8), y, dtype=tf.float32, scope="b")
q = tf.layers.dense(other, 10)
"""


@pytest.mark.parametrize(("end", "batches"), [("", [{None}, {32}]), ("z = p * q\n", [{None, 32}])])
def test_graphs_of_tensorflow_that_share_nothing_are_models_of_their_own(
    end: str, batches: list[set[int | None]]
) -> None:
    models = read(GRAPHS + end).models

    assert [{layer.input[0] for layer in model} for model in models] == batches


TWO_BATCHES = """
from keras.layers import *
from keras import Model
x, y = Input((28, 12)), Input(batch_shape=(16, 50, 9))
h = GRU(8)(x)
p = GRU(5)(y)
"""


@pytest.mark.parametrize(
    ("rest", "models"),
    [
        ("q = Dense(3)(p)\na = Model(x, h)\nb = Model(y, q)", {"a": ["gru"], "b": ["gru", "dense"]}),
        ("g = Dense(4)(h)\na = Model(x, [h, g])\nb = Model(y, p)", {"a": ["gru", "dense"], "b": ["gru"]}),
        ("b = Model([y], [p])\na = Model([x], [h])", {"a": ["gru"], "b": ["gru"]}),
        ("a = Model([x, y], [h, p])", {"": ["gru", "gru"]}),
        ("a = Model(x, h)\nb = Model([x, y], concatenate([h, p]))", {"": ["gru", "gru"]}),
        ("a = Model(x, h)\nb = Model(y, unknown(p))", {"": ["gru", "gru"]}),
        ("q = Dense(3)(h)\na = Model(x, h)\nb = Model(y, p)", {"a": ["gru", "dense"], "b": ["gru"]}),
    ],
)
def test_models_of_keras_without_common_layers_are_several_whenever_they_are_made(
    rest: str, models: dict[str, list[str]]
) -> None:
    """The batch of one of them is not that of the other."""
    found = read(TWO_BATCHES + rest)
    kinds = dict(zip(found.names, ([one.kind for one in layers] for layers in found.models), strict=True))

    assert [*kinds.values()] == [*models.values()]
    if len(models) > 1:
        assert {layers[0].input[0] for layers in found.models} == {None, 16}


def test_graphs_of_tensorflow_1_are_several_also_if_one_of_them_takes_a_list_of_steps() -> None:
    found = read(
        "import tensorflow as tf\n"
        "x, y = tf.placeholder(tf.float32, [None, 6, 7]), tf.placeholder(tf.float32, [16, 50, 9])\n"
        "w = {'in': tf.Variable(tf.random_normal([7, 20])), 'out': tf.Variable(tf.random_normal([10, 2]))}\n"
        "b = {'in': tf.Variable(tf.random_normal([20])), 'out': tf.Variable(tf.random_normal([2]))}\n"
        "z = tf.matmul(tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, 7]), w['in']) + b['in']\n"
        "o, _ = tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(10), tf.split(z, 6, 0), dtype=tf.float32)\n"
        "a = tf.matmul(o[-1], w['out']) + b['out']\n"
        "_, s = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), y, dtype=tf.float32)\n"
        "q = tf.layers.dense(s, 4)\n"
    )

    assert [[one.kind for one in layers] for layers in found.models] == [["dense", "gru", "dense"], ["gru", "dense"]]


def test_a_graph_of_tensorflow_1_that_begins_with_the_states_of_another_one_is_no_other_one() -> None:
    found = read(
        "import tensorflow as tf\n"
        "x, y = tf.placeholder(tf.float32, [None, 9, 7]), tf.placeholder(tf.float32, [None, 5, 6])\n"
        "_, s = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(8), x, dtype=tf.float32)\n"
        "o, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(8), y, initial_state=s)\n"
    )

    assert [[one.kind for one in layers] for layers in found.models] == [["gru", "gru"]]


@pytest.mark.parametrize("made", ["Net()", ""])
def test_models_that_the_program_makes_come_before_those_that_it_never_makes(made: str) -> None:
    source = f"""from torch import nn
class Ahead(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv = nn.Conv1d(n, n, 3)
    def forward(self, x):
        return self.conv(x)
class Net(nn.Module):
    def __init__(self, is_ahead=False):
        super().__init__()
        self.rnn = nn.GRU(12, 22)
        self.ahead = Ahead(22) if is_ahead else None
    def forward(self, x):
        x, _ = self.rnn(x)
        if self.ahead is not None:
            x = self.ahead(x)
        return x
model = {made}
""".replace("model = \n", "")

    assert read(source).names[: 1 + bool(made)] == (["Net", "Ahead"] if made else ["Ahead"])


SHARED = """
from keras import Model
from keras.layers import *
from tools import mix

def build():
    whole = Input((6, 3))
    rnn, ends = GRU(5, return_sequences=True), Dense(2)
    training = Model(whole, ends(Lambda(mix)(rnn(Dropout(0.2)(whole)))))
    step = Input((1, 5))
    generating = Model({}, ends(Lambda(mix)(Dropout(0.3)(step))))
    return training, generating
"""


@pytest.mark.parametrize(
    ("inputs", "starts"),
    [("step", [0, 4]), ("[whole, step]", [0])],  # the second one may compute something from the other input
)
def test_models_of_other_inputs_are_separate_although_something_in_them_is_not_read(
    inputs: str, starts: list[int]
) -> None:
    source = SHARED.format(inputs).replace("Dropout(0.3)(step)", "Dropout(0.3)(other(step))")

    assert read(source).starts == starts


def test_models_of_one_function_have_the_names_of_what_they_are_made_as() -> None:
    source = """import keras
from keras import Input, Model, layers
def make(steps):
    x = Input((steps, 6))
    code = layers.LSTM(5)(x)
    above, last = layers.GRU(7, return_sequences=True), layers.Dense(6)
    y = last(above(layers.RepeatVector(steps)(code)))
    whole = Model(x, y)
    given = Input((5,))
    made = Model(given, last(above(layers.RepeatVector(steps)(given))))
    return whole, made
one, other = make(11)
"""
    assert read(source).names == ["whole", "made"]


def test_models_that_functions_return_have_the_names_of_these() -> None:
    source = """from keras import Input, Model, layers
def reader(steps):
    given = Input((steps, 3))
    return Model(given, layers.GRU(5)(given))
def writer(steps):
    given = Input((5,))
    return Model(given, layers.LSTM(3, return_sequences=True)(layers.RepeatVector(steps)(given)))
def both(steps):
    one, other = reader(steps), writer(steps)
    given = Input((steps, 3))
    return Model(given, other(one(given)))
model = both(8)
"""
    assert read(source).names == ["reader", "writer"]


def test_a_layer_of_a_class_of_keras_that_is_called_alone_has_the_name_of_the_class() -> None:
    source = """import keras
from keras import layers, ops
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn = layers.GRU(8)
    def call(self, x):
        return self.rnn(x)
class Scores(layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner, self.outer = layers.Dense(4), layers.Dense(1)
    def call(self, x):
        return self.outer(ops.tanh(self.inner(x)))
y = Reader()(ops.zeros((3, 9, 5)))
scores = Scores()
print(scores(ops.zeros((3, 8))))
"""
    assert read(source).names == ["Reader", "Scores"]
