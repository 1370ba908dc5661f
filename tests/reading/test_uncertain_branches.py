"""What is certain about a forward pass although the source leaves open which way it goes."""

from textwrap import dedent

import pytest
from chains import config, layers, unknown

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read
from app.url_state_to_picture.model.read_model import read_chain

CLASS = """
    import random
    import torch
    import torch.nn as nn

    class Model(nn.Module):
        def __init__(self, kind=None, n=3):
            super().__init__()
            self.kind = kind
            self.embedding = nn.Embedding(50, 7)
            self.rnn = nn.GRU(7, 5, batch_first=True)
            self.fc = nn.Linear(5, 3)
            self.other = nn.Linear(5, 9)
"""

STEP = """
        def step(self, x, h):
            y, h = self.rnn(self.embedding(x), h)
            return self.fc(y), h
"""

ALL = ["embedding: embedding ... -> ... 7", "rnn: gru ? ? 7 -> ? ? 5", "fc: dense ? ? 5 -> ? ? 3"]


def test_layers_that_are_called_with_and_without_teacher_forcing_are_certain() -> None:
    source = f"""{CLASS}{STEP}
        def forward(self, x, h=None, ratio=0.5):
            if random.random() < ratio:
                y, h = self.step(x, h)
            else:
                token = x[:, :1]
                for _ in range(x.size(1)):
                    y, h = self.step(token, h)
                    token = y.argmax(-1)
                self.other(h)
            return y
    """

    assert layers(source) == ALL
    assert unknown(source) == ["self.other(h)"]


def test_a_way_that_ends_in_an_error_is_none() -> None:
    source = f"""{CLASS}
        def forward(self, x):
            if self.kind in ("a", "b"):
                y, _ = self.rnn(self.embedding(x))
                y = self.fc(y) if self.kind == "a" else self.other(y)
            else:
                raise ValueError(self.kind)
            return y
    """.replace("kind=None", "kind")

    assert layers(source) == ALL[:2]
    assert unknown(source) == ['y = self.fc(y) if self.kind == "a" else self.other(y)']


def test_layers_in_another_order_are_uncertain_and_so_is_one_beside_a_certain_one() -> None:
    source = f"""{CLASS}
        def forward(self, x):
            y = self.embedding(x)
            if self.kind:
                y = self.other(self.rnn(y)[0])
            else:
                self.fc(torch.zeros(2, 5)), self.rnn(y)
            return y
    """.replace("kind=None", "kind")

    assert layers(source) == ALL[:2]
    assert unknown(source) == ["y = self.other(self.rnn(y)[0])", "self.fc(torch.zeros(2, 5)), self.rnn(y)"]


@pytest.mark.parametrize("test", ["self.training", "not self.training"])
def test_a_model_is_followed_as_in_a_training(test: str) -> None:
    first, second = ("fc", "other") if test == "self.training" else ("other", "fc")
    source = f"""{CLASS}
        def forward(self, x):
            y, _ = self.rnn(self.embedding(x))
            if {test}:
                return self.{first}(y)
            return self.{second}(y)
    """

    assert layers(source) == ALL


def test_a_switch_of_the_forward_pass_has_its_default() -> None:
    source = f"""{CLASS}
        def forward(self, x, is_train=True, steps=25):
            y, h = self.rnn(self.embedding(x))
            if is_train:
                for t in range(steps + 1):
                    y = self.fc(h)
            else:
                y = self.other(h)
            return y
    """

    assert layers(source) == [*ALL[:2], "fc: dense 1 ? 5 -> 1 ? 3"]


def test_a_packed_sequence_goes_through_a_layer_of_one_of_several_kinds() -> None:
    source = """
        import torch.nn as nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

        class Model(nn.Module):
            def __init__(self, kind):
                super().__init__()
                if kind == "rnn":
                    layer = nn.RNN
                elif kind == "gru":
                    layer = nn.GRU
                else:
                    raise ValueError
                self.rnn = layer(7, 5, batch_first=True, bidirectional=True)
                self.fc = nn.Linear(10, 3)

            def forward(self, x, lengths):
                y, h = self.rnn(pack_padded_sequence(x, lengths, batch_first=True))
                return self.fc(pad_packed_sequence(y, batch_first=True)[0])
    """

    assert layers(source) == ["rnn: other ? ? 7 -> ? ? 10", "fc: dense ? ? 10 -> ? ? 3"]


def test_a_part_that_is_defined_after_its_model_is_no_model() -> None:
    source = """
        import torch.nn as nn

        class Decoder(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.cell = Cell(n)
                self.fc = nn.Linear(5, 3)

            def forward(self, x, h):
                return self.fc(self.cell(x, h)[0])

        class Cell(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.rnn = nn.LSTMCell(n, 5)

            def forward(self, x, h):
                return self.rnn(x, h)
    """

    assert layers(source) == ["cell.rnn: lstm_cell ? n -> ? 5", "fc: dense ? 5 -> ? 3"]
    assert unknown(source) == []


def test_a_method_that_another_one_calls_is_no_model() -> None:
    source = """
        import tensorflow as tf

        class Model(object):
            def __init__(self, config):
                self.config = config

            def words(self):
                matrix = tf.get_variable("words", [100, 32])
                self.embedded = tf.nn.embedding_lookup(matrix, self.ids)

            def recurrent(self):
                cell = tf.nn.rnn_cell.GRUCell(20)
                self.outputs, _ = tf.nn.dynamic_rnn(cell, self.embedded, dtype=tf.float32)

            def build(self):
                self.ids = tf.placeholder(tf.int32, [None, None])
                self.words()
                self.recurrent()
    """

    assert layers(source) == ["words: embedding ? ? -> ? ? 32", "cell: gru ? ? 32 -> ? ? 20"]


def test_each_direction_of_a_stack_in_tensorflow_reads_only_itself() -> None:
    """In a picture of two layers in both directions, the second one reads both."""
    source = """
        import tensorflow as tf

        def stack():
            return tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(64) for _ in range(2)])

        x = tf.placeholder(tf.float32, [None, 50, 28])
        both, _ = tf.nn.bidirectional_dynamic_rnn(stack(), stack(), x, dtype=tf.float32)
        y = tf.layers.dense(tf.concat(both, 2), 10)
    """
    joined = """
        import tensorflow as tf

        x = tf.placeholder(tf.float32, [None, 50, 28])
        forward, backward = ([tf.nn.rnn_cell.LSTMCell(64) for _ in range(2)] for _ in range(2))
        y, _, _ = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)
    """

    assert config(source, "num_layers", "bidirectional", "num_units") == [None, True, 64]
    assert config(joined, "num_layers", "bidirectional", "num_units") == [2, True, 64]
    assert layers(source)[-1].endswith("dense ? 50 128 -> ? 50 10")
    assert unknown(source) == ["both, _ = tf.nn.bidirectional_dynamic_rnn(stack(), stack(), x, dtype=tf.float32)"]


def test_the_epochs_of_a_training_are_followed_until_they_change_nothing() -> None:
    """Their number is no longer one of the steps that are followed."""
    source = f"""{CLASS}
        def forward(self, x, target):
            outputs = torch.zeros(20, 3)
            for t in range(20):
                y, h = self.rnn(self.embedding(x))
                outputs[t] = self.fc(h[-1])
            return outputs

    def train(model, batches):
        for x, y in batches:
            loss = criterion(model(x, y), y)
        return loss

    model, best = Model(), float("inf")
    for epoch in range(60):
        loss = train(model, load())
        if loss < best:
            best = loss
        print(f"{{epoch}}: {{loss}}")
    other = nn.LSTM(3, 4)
    other(torch.zeros(2, 5, 3))
    """

    assert layers(source) == [*ALL[:2], "fc: dense ? 5 -> ? 3", "other: lstm 2 5 3 -> 2 5 4"]


def test_a_forward_pass_in_which_the_steps_run_out_is_no_other_model() -> None:
    source = """
        from keras.models import Model
        from keras.layers import Input, LSTM, Dense

        def build(units):
            x = Input(shape=(50, 28))
            y = LSTM(units)(x)
            for _ in range(3):
                y = Dense(9)(y)
            return Model(x, y)

        for name in NAMES:
            for size in range(3, 63):
                for other in range(60):
                    model = build(size + other)
    """

    assert len(read(dedent(source)).models) == 1


def test_layers_are_called_in_a_loop_over_an_nn_sequential_and_its_children() -> None:
    wrapper = """
        import torch.nn as nn

        class Stack(nn.Module):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts

            def forward(self, x):
                for part in {parts}:
                    x = part(x)
                return x

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(4, 6, batch_first=True)
                self.post = Stack(nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 7)))

            def forward(self, x):
                return self.post(self.rnn(x)[0])
    """
    expected = [
        "rnn: lstm ? ? 4 -> ? ? 6",
        "post.parts.0: dense ? ? 6 -> ? ? 16",
        "post.parts.1: activation ? ? 16 -> ? ? 16",
        "post.parts.2: dense ? ? 16 -> ? ? 7",
    ]

    assert layers(wrapper.format(parts="self.parts")) == expected
    assert layers(wrapper.format(parts="self.parts.children()")) == expected
    assert layers(wrapper.format(parts="list(self.parts)")) == expected


def test_what_an_unknown_object_does_is_unknown_between_layers_and_at_the_end() -> None:
    source = """
        import torch.nn as nn
        from others import Mystery

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(40, 64, batch_first=True)
                self.mid = Mystery(64)
                self.gru = nn.GRU(64, 32, batch_first=True)
                self.head = Mystery(32)

            def forward(self, x):
                x = self.mid(self.lstm(x)[0])
                return self.head(self.gru(x)[0])
    """
    read_layers = read(dedent(source)).layers

    assert chain_text(read_chain(read_layers, 1000).chain) == "lstm(40,64,seq).other(?,64).gru(32,seq).other"


ACTIVATIONS = [
    """import torch
import torch.nn.functional as F
from torch import nn
class Net(nn.Module):
    def __init__(self, kind, deep):
        super().__init__()
        self.rnn, self.last = nn.GRU(5, 6), nn.Linear(6, 3)
        self.inner = torch.tanh if kind == "a" else F.relu
        self.outer = None
        if kind == "b":
            self.outer = F.sigmoid
        elif deep:
            self.outer = F.softplus
    def forward(self, x):
        x = self.last(self.inner(self.rnn(x)[0]))
        if self.outer is not None:
            x = self.outer(x)
        return x
""",
    """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, deep):
        super().__init__()
        self.rnn, self.last = nn.GRU(5, 6), nn.Linear(6, 3)
        if deep:
            self.outer = torch.sigmoid
        else:
            self.outer = None
    def forward(self, x):
        x = self.last(self.rnn(x)[0])
        return self.outer(x) if self.outer else x
""",
    """import keras
def build(kind):
    x = keras.Input((7, 5))
    outer = keras.ops.tanh if kind else keras.ops.relu
    y = keras.layers.GRU(6, return_sequences=True)(x)
    return keras.Model(x, outer(keras.layers.Dense(3)(outer(y))))
""",
    """import tensorflow.compat.v1 as tf
def build(kind):
    x = tf.placeholder(tf.float32, [None, 7, 5])
    outer = tf.nn.relu if kind else tf.tanh
    y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(6), x, dtype=tf.float32)
    return outer(tf.layers.dense(outer(y), 3))
""",
]


@pytest.mark.parametrize("source", ACTIVATIONS)
def test_one_of_several_activations_changes_no_axes(source: str) -> None:
    found = read(source)

    assert [(layer.kind, layer.input[-1], layer.output[-1]) for layer in found.layers] == [
        ("gru", 5, 6),
        ("dense", 6, 3),
    ]
    assert {one.reason for one in found.unknown} <= {"not known: features"}


def test_one_of_several_functions_that_change_axes_is_unknown() -> None:
    source = ACTIVATIONS[1].replace("torch.sigmoid", "torch.flatten")
    found = read(source)

    assert [layer.kind for layer in found.layers] == ["gru", "dense", "other"]
    assert [one.text for one in found.unknown] == ["return self.outer(x) if self.outer else x"]


@pytest.mark.parametrize("last", ["self.outer = nn.Linear(4, 6)", "self.outer = nn.Linear(6, 4)"])
def test_a_layer_that_one_branch_makes_and_all_call_is_not_said_to_be_called_in_one(last: str) -> None:
    source = f"""from torch import nn
class Net(nn.Module):
    def __init__(self, deep):
        super().__init__()
        if deep:
            self.outer = nn.Linear(4, 4)
        else:
            {last}
    def forward(self, x):
        return self.outer(x)
"""
    assert "a layer that only one branch makes" in {one.reason for one in read(source).unknown}
    assert "a layer that only one branch calls" not in {one.reason for one in read(source).unknown}


def reasons(source: str) -> dict[int, str]:
    return {one.line: one.reason for one in read(source).unknown}


MODULE = (
    "from torch import nn\nclass Reader(nn.Module):\n    def __init__(self, size, tied):\n        super().__init__()\n"
)


def test_a_branch_that_returns_what_the_rest_calls_too_leaves_nothing_open() -> None:
    init = (
        "        self.rnn = nn.GRU(6, 9)\n        self.out = nn.Linear(9, 2)\n    def forward(self, x, first=None):\n"
    )
    early = "        if first is None:\n            return self.rnn(x)[0]\n"

    same = read(f"{MODULE}{init}{early}        return self.rnn(x, first)[0]\n")
    assert [one.line for one in same.unknown] == [6]  # the other layer, which nothing calls
    assert [layer.name for layer in same.layers] == ["rnn"]
    other = reasons(f"{MODULE}{init}{early}        return self.out(self.rnn(x, first)[0])\n")
    assert other == {9: "a layer that only one branch calls"}


def test_a_layer_in_one_branch_is_not_called_never_if_a_line_calls_its_name() -> None:
    init = (
        "        self.rnn = nn.GRU(6, 9)\n        if tied:\n            self.last = nn.Tanh()\n"
        "        else:\n            self.last = lambda x: x\n"
    )
    source = f"{MODULE}{init}    def forward(self, x):\n        return self.last(self.rnn(x)[0])\n"
    assert reasons(source)[7] == "a layer that only one branch calls"
    assert reasons(source.replace("self.last(self.rnn(x)[0])", "self.rnn(x)[0]"))[7] == "a layer that is never called"


def test_the_parts_of_a_chain_with_an_imported_class_are_called() -> None:
    source = (
        f"from blocks import Block\n{MODULE}        self.front = nn.Sequential(Block(6, 9), nn.BatchNorm1d(9))\n"
        "    def forward(self, x):\n        return self.front(x)\n"
    )
    reading = read(source)

    assert [layer.kind for layer in reading.layers if layer.kind == "normalization"]
    assert "a layer that is never called" not in reasons(source).values()


def test_the_layers_of_a_closure_are_those_of_its_call() -> None:
    maker = (
        "from keras.layers import *\ndef head():\n    last = Dense(3)\n"
        "    def run(x):\n        return last(x)\n    return run\n"
    )
    user = "from keras import Model\ndef build():\n    x = Input((7, 5))\n    return Model(x, head()(GRU(4)(x)))\n"

    called, alone = read(maker + user), read(maker)
    assert [layer.kind for layer in called.layers] == ["gru", "dense"]
    assert not called.unknown
    assert [layer.kind for layer in alone.layers] == ["dense"]


def test_a_layer_inside_of_another_one_is_not_one_of_a_branch() -> None:
    source = (
        "from keras import Sequential\nfrom keras.layers import *\nclass Maker:\n    def __init__(self, kind):\n"
        "        if kind == 'frames':\n            self.model = self.frames()\n    def frames(self):\n"
        "        m = Sequential()\n        m.add(TimeDistributed(Conv1D(6, 3), input_shape=(5, 20, 4)))\n"
        "        m.add(TimeDistributed(Conv1D(8, 3)))\n        m.add(TimeDistributed(Flatten()))\n"
        "        m.add(Bidirectional(LSTM(9, return_sequences=True)))\n        m.add(RNN(GRUCell(7)))\n"
        "        return m\n"
    )
    reading = read(source)

    assert [layer.output for layer in reading.layers][-2:] == [(None, 5, 18), (None, 7)]
    assert not reading.unknown


def test_each_layer_of_a_loop_of_unknown_length_has_the_same_reason() -> None:
    source = (
        "from keras import Sequential\nfrom keras.layers import *\ndef build(n):\n"
        "    m = Sequential([Input((5, 3)), GRU(8)])\n    for _ in range(n):\n"
        "        m.add(Dense(4))\n        m.add(ReLU())\n        m.add(Dropout(0.3))\n    return m\n"
    )
    assert len({reason for line, reason in reasons(source).items() if line in (6, 7, 8)}) == 1


def test_a_default_of_the_forward_pass_decides_what_it_calls() -> None:
    init = (
        "        self.rnn = nn.GRU(6, 9)\n        self.ends = nn.Linear(9, 2)\n        self.unused = nn.Linear(9, 2)\n"
        "    def forward(self, x, mode='train'):\n        if mode == 'train':\n            x, _ = self.rnn(x)\n"
    )
    source = (
        f"{MODULE}{init}        elif mode == 'test':\n            x = self.ends(self.rnn(x)[0])\n        return x\n"
    )

    assert [layer.name for layer in read(source).layers] == ["rnn"]
    assert reasons(source) == {6: "a layer that only one branch calls", 7: "a layer that is never called"}


KERAS = (
    "from keras import Model\nfrom keras.layers import *\ndef start(x):\n    return GRU(5)(x)\n"
    "def build(kind):\n    x = Input((6, 3))\n    if kind == 'plain':\n        y = start(x)\n"
    "    else:\n        y = {}\n    return Model(x, Dense(2)(y))\n"
)


@pytest.mark.parametrize(("other", "lines"), [("start(x)", []), ("Dropout(0.5)(start(x))", [10])])
def test_layers_that_both_branches_make_in_the_same_function_are_certain(other: str, lines: list[int]) -> None:
    reading = read(KERAS.format(other))
    (model,) = reading.models

    assert chain_text(read_chain(model, 1000).chain) == "input(6,3).gru(3,5).dense(2)"
    assert [one.line for one in reading.unknown] == lines


def test_cells_of_tensorflow_1_that_both_branches_run_in_the_same_method_are_certain() -> None:
    source = (
        "import tensorflow as tf\nclass Net:\n    def __init__(self, is_test):\n        if is_test:\n"
        "            self.build()\n        else:\n            self.build()\n    def build(self):\n"
        "        x = tf.placeholder(tf.float32, [None, 12, 20])\n"
        "        self.y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(8), x, dtype=tf.float32)\n"
    )

    assert [layer.output for layer in read(source).layers] == [(None, 12, 8)]
    assert not read(source).unknown


@pytest.mark.parametrize(
    ("handler", "expected", "lines"),
    [
        ("y = self.rnn(x)", [(4, 9, 11), (4, 9, 3)], []),  # PyTorch returned 4 × 9 × 3
        ("y = self.rnn(x[:, 1:])", [(4, 9, 11), ("...", 3)], [11]),
    ],
)
def test_a_handler_that_makes_the_same_call_changes_nothing(
    handler: str, expected: list[tuple[object, ...]], lines: list[int]
) -> None:
    source = (
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.rnn, self.head = nn.GRU(6, 11, batch_first=True), nn.Linear(11, 3)\n"
        "    def forward(self, x):\n        try:\n            y, state = self.rnn(x)\n"
        f"        except ValueError:\n            {handler}\n        return self.head(y)\nNet()(torch.zeros(4, 9, 6))\n"
    )
    found = read(source)

    assert [layer.output for layer in found.layers] == expected
    assert [one.line for one in found.unknown] == lines
