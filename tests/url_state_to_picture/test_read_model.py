"""The chain of a model, read from its source code."""

import pytest

from app.core.model.shapes import in_order, numbers
from app.core.model.text import chain_text
from app.frameworks import FRAMEWORKS
from app.frameworks.model_layers import parameter_count
from app.reading.code.layers_in_order import read
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state_to_picture.model.read_layer import layer_document, query_of
from app.url_state_to_picture.model.read_model import ReadChain, read_chain

TAGGER = """class Tagger(nn.Module):
    def __init__(self, vocab, tags, emb=100, hid=128):
        super().__init__()
        self.emb = nn.Embedding(len(vocab), emb)
        self.rnn = nn.GRU(emb, hid // 2, 2, batch_first=True, bidirectional=True)
        self.mix = Highway(hid)
        self.out = nn.Linear(hid, len(tags))
    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.out(self.mix(h))
"""


KERAS = (
    "Bidirectional, Conv1D, Dense, Embedding, Flatten, GRU, Input, LSTM, MaxPooling1D, RepeatVector, TimeDistributed"
)


def chain(source: str, longest: int = MAX_TEXT_LENGTH) -> ReadChain:
    (layers,) = read(source).models
    return read_chain(layers, longest)


def module(init: str, forward: str) -> str:
    """A PyTorch module with these layers; ``x`` is its input."""
    layers = "".join(f"        self.{line}\n" for line in init.split("; "))
    head = "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    return f"{head}{layers}    def forward(self, x):\n        {forward}\n"


def total(found: ReadChain) -> int:
    """The number of known parameters of a chain."""
    framework = FRAMEWORKS[found.framework]
    return sum(parameter_count(framework, one).value or 0 for one in found.chain.passed(None, None))


@pytest.mark.parametrize(
    ("init", "forward", "text"),
    [
        (
            "a = nn.LSTM(10, 20, 2); b = nn.Linear(20, 5)",
            "return self.b(self.a(x)[0])",
            "lstm(10,20,seq,layers=2).dense(5)",
        ),
        (
            "a = nn.LSTM(10, 20, bidirectional=True, batch_first=True); b = nn.Linear(20, 5)",
            "return self.b(self.a(x)[0][:, -1])",
            "lstm(10,20,bi).dense(20,5)",
        ),
        (
            "a = nn.Embedding(9, 8); b = nn.GRU(7, 6, bias=False); c = nn.Dropout(0.1)",
            "return self.c(self.b(self.a(x))[0])",
            "embedding(9,8).gru(7,6,seq,nobias).dropout",
        ),
        ("a = nn.GRU(3, 9); b = nn.PReLU()", "return self.b(self.a(x)[0])", "gru(3,9,seq).prelu(params=1)"),
        ("a = nn.LSTM(3, 9, proj_size=4)", "return self.a(x)[0]", "lstm(3,9,seq,proj=4)"),
        ("a = nn.LSTMCell(3, 9); b = nn.Linear(9, 2)", "return self.b(self.a(x)[0])", "lstm_cell(3,9).dense(2)"),
        (
            "a = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 5))",
            "return self.a(x)",
            "dense(10,20).activation.dense(5)",
        ),
        ("a = nn.Embedding(9, 8); b = nn.Linear(8, 5)", "return self.b(self.a(x))", "embedding(9,8).dense(5)"),
        (
            "a = nn.LSTM(3, 9); b = nn.Linear(9, 4); c = nn.Linear(9, 4)",
            "h = self.a(x)[0]; return self.b(h), self.c(h)",
            "lstm(3,9,seq).dense(4).elsewhere(?,9).dense(4)",
        ),
        ("a = nn.LSTM(10, 20)", "return self.a(torch.randn(7, 3, 10))", "input(7,10).lstm(10,20,seq)"),
        (
            "a = nn.Linear(10, 20); b = nn.LSTM(20, 30)",  # the LSTM gets 3 steps of a batch of 7
            "return self.b(self.a(torch.randn(7, 3, 10)).transpose(0, 1))",
            "input(3,10).dense(10,20).swap.lstm(30,seq)",
        ),
        ("a = nn.LSTM(10, 20); b = nn.Flatten()", "return self.b(self.a(x)[0])", "lstm(10,20,seq).flatten"),
        (
            "a = nn.LSTM(10, 20); b = nn.Linear(20, 5)",
            "return self.b(self.a(torch.randn(7, 10))[0])",
            "other.dense(20,5,batch=?)",
        ),
        (
            "a = nn.LSTM(10, 20); b = nn.Linear(20, 5)",  # the steps of all samples are no batch
            "return self.b(self.a(torch.randn(7, 3, 10))[0].reshape(-1, 20))",
            "input(7,10).lstm(10,20,seq).other(20).dense(5,batch=21)",
        ),
        (
            "a = nn.LSTM(10, 20, bidirectional=True, batch_first=True); b = nn.Dropout(); c = nn.Linear(40, 5)",
            "b, t, _ = x.shape; return self.c(self.b(self.a(x)[0].reshape(b * t, -1))).view(b, t, -1)",
            "lstm(10,20,bi,seq).other(?).dropout(batch=?).dense(40,5,batch=?)",
        ),
        (
            "a = nn.LSTM(10, 20); b = nn.Linear(20, 5)",  # the steps of one sample
            "t = len(x); return self.b(self.a(x.unsqueeze(1))[0].view(t, 20))",
            "lstm(10,20,seq).other(20).dense(5,batch=?)",
        ),
        (
            "a = nn.GRU(10, 20, bidirectional=True); b = nn.Linear(20, 5)",  # both directions are added
            "t, n, _ = x.shape; h = self.a(x)[0].view(t, n, 2, -1).sum(2).view(t * n, -1); return self.b(h)",
            "gru(10,20,bi,seq).other(20).dense(5,batch=?)",
        ),
        (
            "a = nn.LSTM(10, 20); b = nn.Linear(20, 5)",
            "return self.b(self.a(x)[1][0].view(-1, 20))",
            "lstm(10,20).dense(5)",
        ),
        (
            "a = nn.Embedding(50, 8); b = nn.Conv1d(8, 12, 3, padding=1); c = nn.GRU(12, 20, batch_first=True)",
            "return self.c(self.b(self.a(x).transpose(1, 2)).permute(0, 2, 1))[0]",
            "embedding(50,8).transpose.convolution(12,t,channels,params=300).transpose.gru(20,seq)",
        ),
        (
            "a = nn.Embedding(50, 8); b = nn.Linear(8, 9); c = nn.GRU(9, 20)",  # its batch is that of all layers
            "return self.c(torch.tanh(self.b(self.a(torch.randint(50, (7, 3))))))[0]",
            "input(7).embedding(50,8).dense(9).gru(20,seq)",
        ),
        (
            "a = nn.LSTM(9, 8); b = nn.Linear(8, 7, bias=flag)",
            "return self.b(self.a(x)[0])",
            "lstm(9,8,seq).other(?,7)",
        ),
        (
            "a = nn.Conv1d(12, 32, 5); b = nn.MaxPool1d(2); c = nn.GRU(32, 20, batch_first=True)",
            "return self.c(torch.relu(self.b(self.a(x))).transpose(1, 2))[0]",
            "input(12,?).convolution(32,?,channels,params=1952).pooling(32,?,channels).transpose.gru(20,seq)",
        ),
        (
            "a = nn.Sequential(nn.Conv2d(1, 64, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2))",
            "return self.a(torch.zeros(8, 1, 34, 102))",
            "input(1,34,102).convolution(64,32,100,channels,params=640).normalization(params=128).activation"
            ".pooling(64,16,50,channels)",
        ),
        ("a = nn.Linear(9, 8); b = nn.PReLU(8)", "return self.b(self.a(x))", "dense(9,8).prelu(params=8)"),
    ],
)
def test_a_module_becomes_a_chain(init: str, forward: str, text: str) -> None:
    assert chain_text(chain(module(init, forward)).chain) == text


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        (
            "Embedding(10_000, 128), Bidirectional(LSTM(64, return_sequences=True)), LSTM(32), Dense(10)",
            "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)",
        ),
        (
            "Input((200, 10)), Conv1D(32, 3), MaxPooling1D(2), GRU(16, reset_after=False), RepeatVector(7), Flatten()",
            "input(200,10).convolution(198,32,params=992).pooling(99,32).gru(16,before).repeat(7).flatten",
        ),
        ("Input((None, 10)), Bidirectional(LSTM(4), merge_mode='ave'), Dense(n)", "lstm(10,4,bi,ave).dense(?)"),
        (
            "Input((None, 10)), Bidirectional(LSTM(4, return_sequences=True), merge_mode=None), Dense(3)",
            "lstm(10,4,bi,seq,own).other.dense(3)",
        ),
        ("Input((9, 10)), LSTM(64), LSTM(32), Dense(5)", "input(9,10).lstm(10,64).lstm(32).dense(5)"),
        ("Input((9, 6, 10)), TimeDistributed(Flatten()), LSTM(32)", "input(9,6,10).reshape(9,60).lstm(32)"),
        (
            "Input((9, 6, 10)), TimeDistributed(LSTM(32)), GRU(5)",
            "input(9,6,10).step.lstm(32,runs=9).other(9,32,params=0).gru(5)",
        ),
        (
            "Input((9, 6, 10)), TimeDistributed(LSTM(32, activation='relu'))",
            "input(9,6,10).step.lstm(32,own,runs=9).other(9,32,params=0)",
        ),
        (
            "Input((9, 6)), TimeDistributed(Embedding(8, 4)), TimeDistributed(GRU(5, return_sequences=True))",
            "input(9,6).embedding(8,4).step.gru(5,seq,runs=9).other(9,6,5,params=0)",
        ),
    ],
)
def test_a_keras_model_becomes_a_chain(layers: str, text: str) -> None:
    source = f"from keras import Sequential\nfrom keras.layers import {KERAS}\nmodel = Sequential([{layers}])\n"

    assert chain_text(chain(source).chain) == text


def test_a_layer_of_keras_that_returns_its_steps_and_its_state_is_not_one_that_returns_its_last_step() -> None:
    found = chain("""from keras import Input, Model, layers
x = Input((96, 8))
steps, h, c = layers.LSTM(64, return_sequences=True, return_state=True)(x)
y = layers.LSTM(64, return_sequences=True)(layers.RepeatVector(24)(h), initial_state=[h, c])
model = Model(x, y)
""")

    assert chain_text(found.chain) == "input(96,8).lstm(8,64,seq).other(64).repeat(24).lstm(64,seq)"


def test_the_weights_of_a_layer_that_is_called_again_count_once() -> None:
    """``sum(p.numel() for p in model.parameters())`` is 1,088 + 4,160 + 24,960 + 195."""
    init = "a = nn.Linear(16, 64); b = nn.Linear(64, 64); c = nn.GRU(64, 64, batch_first=True); d = nn.Linear(64, 3)"
    found = chain(module(init, "h, _ = self.c(self.b(self.a(x)))\n        return self.d(self.b(h))"))

    assert chain_text(found.chain) == "dense(16,64).dense(64).gru(64,seq).dense(64,params=0).dense(3)"
    assert total(found) == 30_403


def test_another_input_of_a_module_comes_from_elsewhere() -> None:
    init = "a = nn.Embedding(9, 4); b = nn.LSTM(4, 3, batch_first=True); c = nn.Linear(6, 1)"
    forward = "p = self.b(self.a(x))[0]\n        q = self.b(self.a(y))[0]\n        return self.c(torch.cat([p, q], 2))"
    found = chain(module(init, forward).replace("(self, x)", "(self, x, y)"))

    assert ".elsewhere.embedding(9,4,params=0).lstm(3,seq,params=0)" in chain_text(found.chain)
    assert total(found) == 36 + 4 * 3 * (4 + 3 + 2) + 7


def test_two_heads_read_the_same_tensor_whatever_it_is_made_of() -> None:
    """The second one gets nothing of the first, and no step is between them."""
    lines = ["s = []", "for t in x: s.append(self.a(t))", "h = torch.cat(s)", "return self.b(h), self.c(h)"]
    heads = module("a = nn.Linear(9, 4); b = nn.Linear(4, 6); c = nn.Linear(4, 1)", "\n        ".join(lines))
    found = chain(heads.replace("from torch", "import torch\nfrom torch"))

    assert [one.kind for one in found.chain.layers] == ["dense", "other", "dense", "elsewhere", "dense"]


def test_a_layer_of_keras_that_two_inputs_share_counts_once() -> None:
    """``count_params()`` is 9 * 4 for the embedding, 4 * 3 * (4 + 3 + 1) for the LSTM and 6 + 1."""
    source = f"""from keras.layers import {KERAS}, concatenate
emb, enc = Embedding(9, 4), LSTM(3)
a, b = Input((7,)), Input((5,))
end = Dense(1)(concatenate([enc(emb(a)), enc(emb(b))]))
"""
    found = chain(source)

    assert ".elsewhere(5).embedding(9,4,params=0).lstm(3,params=0)" in chain_text(found.chain)
    assert total(found) == 36 + 96 + 7


@pytest.mark.parametrize(
    ("condition", "parameters"),
    [("", 100), ("if True: ", 100), ("if False: ", None), ("if tie: ", "other")],
)
def test_a_matrix_of_two_layers_counts_once(condition: str, parameters: object) -> None:
    """The decoder adds its 100 biases; its matrix is that of the encoder, unless nobody says so."""
    init = "a = nn.Embedding(100, 32); b = nn.GRU(32, 32); c = nn.Linear(32, 100)"
    code = module(init, "return self.c(self.b(self.a(x))[0])")
    code = code.replace("__init__(self)", "__init__(self, tie)")
    code = code.replace("    def forward", f"        {condition}self.c.weight = self.a.weight\n    def forward")
    last = chain(code).chain.layers[-1]

    assert (last.parameters if last.kind == "dense" else last.kind) == parameters
    assert read(code).layers[-1].config == {"features": 32, "num_units": 100, "bias": True}


def test_a_matrix_of_two_layers_counts_once_in_models_of_several_sizes() -> None:
    init = "a = nn.Embedding(100, 32); b = nn.GRU(32, n); c = nn.Linear(32, 100)"
    code = module(init, "return self.c(self.b(self.a(x))[0])").replace("__init__(self)", "__init__(self, n)")
    code = code.replace("    def forward", "        self.c.weight = self.a.weight\n    def forward")

    models = read(f"{code}small, large = Net(32), Net(64)\n").models

    assert [read_chain(layers, MAX_TEXT_LENGTH).chain.layers[-1].parameters for layers in models] == [100, 100]


def test_another_matrix_may_change_the_sizes_of_a_layer() -> None:
    code = module("a = nn.Embedding(90, 32); c = nn.Linear(32, 100)", "return self.c(self.a(x))")
    code = code.replace("    def forward", "        self.c.weight = self.a.weight\n    def forward")

    assert read(code).layers[-1].config["num_units"] is None


def test_what_is_joined_with_something_unknown_may_come_from_any_layer() -> None:
    found = chain("""from torch import nn
import torch
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.before = nn.LSTM(3, 5, batch_first=True), nn.Linear(3, 4)
        self.cell = nn.GRUCell(9, 6)
    def forward(self, x, targets):
        context = self.encoder(x)[0].mean(1)
        for target in self.before(targets).unbind(1):
            h = self.cell(torch.cat((target, context), -1))
        return h
""")

    assert chain_text(found.chain).endswith(".dense(3,4).other(9).gru_cell(6)")


def test_what_is_not_known_between_two_layers_is_a_layer_of_its_own() -> None:
    found = chain(TAGGER)

    assert chain_text(found.chain) == "embedding(?,100).gru(64,bi,seq,layers=2).other.dense(128,?)"
    assert found.lines == (4, 5, None, 7)
    assert (found.framework, found.batch_first) == ("pytorch", True)


def test_no_name_of_the_source_is_in_the_text() -> None:
    assert "igh" not in chain_text(chain(TAGGER).chain) and "vocab" not in chain_text(chain(TAGGER).chain)


def test_a_text_that_would_be_too_long_has_the_first_layers() -> None:
    found = chain(TAGGER, longest=46)

    assert chain_text(found.chain) == "embedding(?,100).gru(64,bi,seq,layers=2).other" and not found.is_whole


def test_each_model_of_a_source_has_its_layers() -> None:
    source = module("a = nn.LSTM(10, 20)", "return self.a(x)[0]") + module(
        "a = nn.Linear(3, 4)", "return self.a(x)"
    ).replace("Net", "Other")

    assert [[layer.kind for layer in model] for model in read(source).models] == [["lstm"], ["dense"]]


def test_cells_with_peepholes_are_known() -> None:
    """They have a weight more for each unit and gate: 4 * 64 * (10 + 64 + 1) + 3 * 64."""
    source = """import tensorflow.compat.v1 as tf
x = tf.placeholder(tf.float32, [None, 9, 10])
cell = tf.nn.rnn_cell.LSTMCell(64, use_peepholes=True)
y, _ = tf.nn.dynamic_rnn(cell, x)
"""
    found = chain(source)

    assert chain_text(found.chain) == "input(9,10).lstm(10,64,seq,peepholes)"
    assert total(found) == 19_200 + 192


def test_both_outputs_of_a_layer_of_tensorflow_1_go_on_side_by_side() -> None:
    source = """import tensorflow.compat.v1 as tf
x = tf.placeholder(tf.float32, [None, None, 39])
cell = tf.nn.rnn_cell.GRUCell
pair, _ = tf.nn.bidirectional_dynamic_rnn(cell(64), cell(64), x, dtype=tf.float32)
y = tf.layers.dense(tf.concat(pair, 2), 10)
z = tf.layers.dense(pair[0], 10)
"""
    assert chain_text(chain(source).chain) == "gru(39,64,bi,seq,before).dense(10).elsewhere(?,64).dense(10)"


BOTH = """import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, [None, 7, 39])
cells = [tf.nn.rnn_cell.LSTMCell(12, **options) for _ in range(2)]
pair, last = tf.nn.bidirectional_dynamic_rnn(*cells, x, dtype=tf.float32)
"""


@pytest.mark.parametrize(
    ("options", "after", "text", "count"),
    [
        ("", "", "lstm(39,12,bi,seq)", 4992),
        ("", "y = tf.layers.dense(pair[0], 5)", "lstm(39,12,bi,seq).other(7,12).dense(5)", 5057),
        ("", "y = tf.layers.dense(pair[0] + pair[1], 5)", "lstm(39,12,bi,seq).other(7,12).dense(5)", 5057),
        ("", "y = tf.layers.dense(last[1].h, 5)", "lstm(39,12,bi,seq).other(12).dense(5)", 5057),
        (
            "",
            "h = tf.concat([last[0].h, last[1].h], -1)\ny = tf.layers.dense(tf.reshape(h, [4, -1, 24]), 5)",
            "lstm(39,12,bi,seq).other(?,24).dense(5,batch=?)",
            5117,
        ),
        ("num_proj=6", "y = tf.layers.dense(pair[1], 5)", "lstm(39,12,bi,seq,proj=6).other(7,6).dense(5)", 4595),
        ("num_proj=6", "y = tf.layers.dense(tf.concat(pair, 2), 5)", "lstm(39,12,bi,seq,proj=6).dense(5)", 4625),
    ],
)
def test_a_layer_of_two_directions_is_one_whatever_the_program_makes_of_its_outputs(
    options: str, after: str, text: str, count: int
) -> None:
    source = BOTH.replace("**options", options) + after
    (layers,) = read(source).models
    found = chain(source)

    assert chain_text(found.chain).replace(",params=0", "").removeprefix("input(7,39).") == text
    assert layer_document(layers[0])["output"] == [None, 7, 12 if options else 24]
    assert total(found) == count  # those of TensorFlow


def test_outputs_that_a_layer_of_two_directions_joins_are_not_doubled() -> None:
    source = """import tensorflow.compat.v1 as tf
x = tf.placeholder(tf.float32, [None, 7, 39])
cells = [tf.nn.rnn_cell.LSTMCell(12, num_proj=6) for _ in range(2)]
y, _, _ = tf.nn.static_bidirectional_rnn(*cells, tf.unstack(x, 7, 1), dtype=tf.float32)
"""
    (layer,) = read(source).layers

    assert layer_document(layer)["output"] == [7, None, 12]


def test_a_chain_whose_end_was_not_read_ends_with_what_is_unknown() -> None:
    reading = read("from torch import nn\nm = nn.Sequential(*[nn.Linear(8, 8) for n in range(1)])\n")
    (layers,) = reading.models

    assert chain_text(read_chain(layers, MAX_TEXT_LENGTH, is_whole=False).chain) == "dense(8,8).other"


def test_a_long_model_is_not_read_as_a_whole() -> None:
    calls = "".join(f"m.add(Dense({n}))\n" for n in range(1, 300))
    reading = read(f"from keras import Sequential\nfrom keras.layers import Dense\nm = Sequential()\n{calls}")

    assert not reading.is_whole and len(reading.layers) == 200


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ("z = Lambda(lambda t: t * 2)(h)", "input(9,6).gru(6,24).other(24).repeat(5).lstm(7)"),
        (
            "z = Lambda(sample, output_shape=(24,))([m, h])",
            "input(9,6).gru(6,24).dense(24).other(24).repeat(5).lstm(7)",
        ),
        ("z = Lambda(sample, (12,))([h, m])", "input(9,6).gru(6,24).dense(24).other(12).repeat(5).lstm(7)"),
        ("z = Lambda(sample)([h, m])", "input(9,6).gru(6,24).dense(24).other.repeat(5).lstm(7)"),
    ],
)
def test_a_layer_gets_what_a_function_of_keras_makes(made: str, text: str) -> None:
    between = "" if "m]" not in made and "[m" not in made else "m = Dense(24)(h)\n"
    source = (
        "from keras.layers import *\nfrom keras import Model\ndef sample(both):\n    a, b = both\n    return f(a, b)\n"
        f"x = Input((9, 6))\nh = GRU(24)(x)\n{between}{made}\nmodel = Model(x, LSTM(7)(RepeatVector(5)(z)))\n"
    )

    assert chain_text(chain(source).chain) == text


PACKED = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence as pack, pad_packed_sequence as pad
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.d = nn.GRU(5, 6, batch_first=True), nn.LSTM(9, 8), nn.Dropout(0.2)
    def forward(self, x, y, n):
        x = self.a(x)[0][:, -1]
        y = self.d(y)
        return PACKED, x
Net()(torch.randn(14, 3, 5), torch.randn(4, 11, 9), torch.tensor([11, 9, 9, 2]))
"""


@pytest.mark.parametrize(
    ("packed", "end", "shape"),
    [
        ("self.b(pack(y.transpose(0, 1), n))[0]", "dropout(batch=4).swap(batch=4).lstm(8,seq,batch=4)", [11, 4, 9]),
        ("self.b(pack(y, n, batch_first=True))[0]", "dropout(batch=4).lstm(8,seq,batch=4)", [4, 11, 9]),
    ],
)
def test_a_packed_sequence_is_read_in_the_order_in_which_it_is_packed(packed: str, end: str, shape: list[int]) -> None:
    """Whatever the layer says of itself: the model, /read.json and its query agree."""
    (layers,) = read(PACKED.replace("PACKED", packed)).models
    found = read_chain(layers, MAX_TEXT_LENGTH)
    passed = found.chain.passed(None, None, time_major=found.is_time_first)

    assert chain_text(found.chain).endswith(end)
    assert numbers(in_order(passed[-1].input, found.is_time_first)) == shape == [*layers[-1].input]
    assert ("batch_first=true" in (query_of(layers[-1]) or "")) == (shape[0] == 4)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "import tensorflow as tf\nrun, gru = tf.nn.dynamic_rnn, tf.nn.rnn_cell.GRUCell\n"
            "x, y = tf.placeholder('float', [None, 8, 7]), tf.placeholder('float', [16, 50, 9])\n"
            "a, _ = run(gru(6), unknown(x), dtype='float')\nb, _ = run(gru(5), y, dtype='float')\n",
            "input(t,?).gru(6,seq,before,batch=?).elsewhere(50,9).gru(5,seq,before)",
        ),
        (
            "from keras.layers import *\nfrom keras import Model\n"
            "x, y = Input((8, 7)), Input((50, 9), batch_size=16)\na, b = GRU(6)(x), GRU(5)(y)\n"
            "one, other = Model(x, unknown(a)), Model(y, b)\n",
            "input(8,7).gru(7,6,batch=?).elsewhere(50,9).gru(5)",
        ),
    ],
)
def test_a_batch_is_only_that_of_layers_that_are_computed_from_each_other(source: str, text: str) -> None:
    assert chain_text(chain(source).chain) == text


def test_a_layer_that_repeats_a_vector_at_each_step_has_the_axes_that_keras_says() -> None:
    source = (
        "from keras import Model\nfrom keras.layers import *\nbars = Input((6, 10))\n"
        "model = Model(bars, TimeDistributed(LSTM(7))(TimeDistributed(RepeatVector(4))(bars)))\n"
    )
    found = chain(source).chain

    assert next(numbers(one.output)[1:] for one in found.passed(None, None)) == [6, 4, 10]
    assert not any(one.misfit for one in found.passed(None, None))


@pytest.mark.parametrize(
    ("sequence", "steps"),
    [
        ("tf.reshape(rows, [1, -1, 12])", "tf.reshape(outputs, [-1, 32])"),
        ("tf.expand_dims(rows, 0)", "tf.squeeze(outputs, [0])"),
        ("tf.expand_dims(rows, axis=0)", "tf.squeeze(outputs, axis=0)"),
    ],
)
def test_the_steps_of_the_only_sequence_all_go_on(sequence: str, steps: str) -> None:
    source = (
        "import tensorflow.compat.v1 as tf\nrows = tf.placeholder(tf.float32, [None, 12])\n"
        f"outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(32), {sequence}, dtype=tf.float32)\n"
        f"scores = tf.layers.dense({steps}, 5)\n"
    )

    assert chain_text(chain(source).chain) == "gru(12,32,seq,before).other(32).dense(5,batch=?)"


@pytest.mark.parametrize(("order", "text"), [(", batch_first=True", "true"), ("", None)])
def test_layers_of_several_kinds_say_in_which_order_their_axes_are(order: str, text: str | None) -> None:
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self, cell):\n        super().__init__()\n"
        f"        if cell == 'gru':\n            self.rnn = nn.GRU(6, 9{order})\n"
        f"        else:\n            self.rnn = nn.LSTM(6, 9{order})\n"
        "        self.out = nn.Linear(9, 2)\n    def forward(self, x):\n        return self.out(self.rnn(x)[0])\n"
    )

    assert chain(source).fields.get("batch_first") == text
