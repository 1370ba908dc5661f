"""The chain of layers of PyTorch programs, written in the manner of public code. Their shapes follow from PyTorch's
documentation; comparing with hooks in the real framework needs its environment."""

from textwrap import dedent

import pytest
from chains import config, layers, unknown

from app.reading.code.interpreter_limits import MOST_LAYERS
from app.reading.code.layers_in_order import read

CLASSIFIER = """
    import torch
    import torch.nn as nn

    class Classifier(nn.Module):
        def __init__(self, vocab_size, embedding_dim=32, hidden_dim=64, n_layers=2, bidirectional=True, classes=5):
            super(Classifier, self).__init__()
            self.embedding = nn.Embedding(vocab_size, embedding_dim)
            self.lstm = nn.LSTM(
                embedding_dim, hidden_dim, num_layers=n_layers, bidirectional=bidirectional, batch_first=True
            )
            self.dropout = nn.Dropout(0.5)
            self.fc = nn.Linear(hidden_dim * 2 if bidirectional else hidden_dim, classes)

        def forward(self, text):
            embedded = self.dropout(self.embedding(text))
            output, (hidden, cell) = self.lstm(embedded)
            hidden = torch.cat((hidden[-2], hidden[-1]), dim=1)
            return self.fc(hidden)
"""


def test_sizes_are_defaults_of_the_constructor_and_arithmetic_with_them() -> None:
    assert layers(CLASSIFIER) == [
        "embedding: embedding ... -> ... 32",
        "dropout: dropout ... 32 -> ... 32",
        "lstm: lstm ? ? 32 -> ? ? 128",
        "fc: dense ? 128 -> ? 5",
    ]
    assert unknown(CLASSIFIER) == []


def test_the_arguments_with_which_a_model_is_made_win_over_defaults() -> None:
    made = CLASSIFIER + "\n    model = Classifier(10_000, hidden_dim=100, bidirectional=False)\n"

    assert layers(made)[2:] == ["lstm: lstm ? ? 32 -> ? ? 100", "fc: dense ? 200 -> ? 5"]
    assert config(made, "num_layers", "bidirectional", "batch_first") == [2, False, True]


def test_sizes_that_differ_between_two_models_are_unknown() -> None:
    made = CLASSIFIER + "\n    a, b = Classifier(9, hidden_dim=10), Classifier(9, hidden_dim=20)\n"

    assert layers(made)[2] == "lstm: lstm ? ? 32 -> ? ? ?"
    assert config(made, "num_layers", "num_units") == [2, None]


def test_an_argument_without_a_value_keeps_its_name_in_shapes_only() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, input_size, hidden_size):
                super().__init__()
                self.rnn = nn.GRU(input_size, hidden_size)
            def forward(self, x):
                return self.rnn(x)[0]
    """
    assert layers(source) == ["rnn: gru ? ? input_size -> ? ? hidden_size"]
    assert config(source, "features", "num_units", "num_layers") == [None, None, 1]
    assert unknown(source) == []


def test_the_last_step_and_constants_of_the_module() -> None:
    source = """
        from torch import nn
        TIME_STEP = 28
        INPUT_SIZE = 28
        class RNN(nn.Module):
            def __init__(self):
                super(RNN, self).__init__()
                self.rnn = nn.LSTM(input_size=INPUT_SIZE, hidden_size=64, num_layers=1, batch_first=True)
                self.out = nn.Linear(64, 10)
            def forward(self, x):
                r_out, (h_n, h_c) = self.rnn(x, None)
                return self.out(r_out[:, -1, :])
        rnn = RNN()
        for step, (b_x, b_y) in enumerate(train_loader):
            b_x = b_x.view(-1, TIME_STEP, INPUT_SIZE)
            output = rnn(b_x)
    """
    assert layers(source) == ["rnn: lstm ? 28 28 -> ? 28 64", "out: dense ? 64 -> ? 10"]


def test_a_session_without_imports_has_every_size() -> None:
    source = """
        >>> rnn = nn.LSTM(10, 20, 2)
        >>> input = torch.randn(5, 3, 10)
        >>> h0 = torch.randn(2, 3, 20)
        >>> c0 = torch.randn(2, 3, 20)
        >>> output, (hn, cn) = rnn(input, (h0, c0))
        >>> output.shape
        torch.Size([5, 3, 20])
    """
    assert layers(source) == ["rnn: lstm 5 3 10 -> 5 3 20"]
    assert unknown(source) == []


def test_a_session_in_a_docstring_is_no_session() -> None:
    source = CLASSIFIER.replace(
        "super(Classifier", '"""\n    >>> rnn = nn.LSTM(9, 9)\n    """\n            super(Classifier'
    )
    in_python_2 = f"{source}\n    print 'made'\n"

    assert layers(source) == layers(in_python_2) == layers(CLASSIFIER)


def test_a_projection_makes_h_shorter_than_c() -> None:
    source = """
        import torch
        import torch.nn as nn
        rnn = nn.LSTM(10, 20, 2, proj_size=7, bidirectional=True)
        out, (h, c) = rnn(torch.zeros(5, 3, 10))
        of_h = nn.Linear(7, 1)(h[-1])
        of_c = nn.Linear(20, 1)(c[-1])
        of_out = nn.Linear(14, 1)(out[-1])
    """
    assert layers(source) == [
        "rnn: lstm 5 3 10 -> 5 3 14",
        "-: dense 3 7 -> 3 1",
        "-: dense 3 20 -> 3 1",
        "-: dense 3 14 -> 3 1",
    ]


def test_encoder_and_decoder_with_a_shape_of_their_own() -> None:
    source = """
        import torch
        import torch.nn as nn
        import torch.nn.functional as F
        class EncoderRNN(nn.Module):
            def __init__(self, input_size, hidden_size):
                super(EncoderRNN, self).__init__()
                self.hidden_size = hidden_size
                self.embedding = nn.Embedding(input_size, hidden_size)
                self.gru = nn.GRU(hidden_size, hidden_size)
            def forward(self, input, hidden):
                embedded = self.embedding(input).view(1, 1, -1)
                output, hidden = self.gru(embedded, hidden)
                return output, hidden
        class DecoderRNN(nn.Module):
            def __init__(self, hidden_size, output_size):
                super(DecoderRNN, self).__init__()
                self.embedding = nn.Embedding(output_size, hidden_size)
                self.gru = nn.GRU(hidden_size, hidden_size)
                self.out = nn.Linear(hidden_size, output_size)
            def forward(self, input, hidden):
                output = F.relu(self.embedding(input).view(1, 1, -1))
                output, hidden = self.gru(output, hidden)
                return F.log_softmax(self.out(output[0]), dim=1), hidden
        hidden_size = 256
        encoder = EncoderRNN(input_lang.n_words, hidden_size).to(device)
    """
    assert layers(source) == [
        "embedding: embedding ... -> ... 256",
        "gru: gru 1 1 256 -> 1 1 256",
        "embedding: embedding ... -> ... hidden_size",
        "gru: gru 1 1 hidden_size -> 1 1 hidden_size",
        "out: dense 1 hidden_size -> 1 output_size",
    ]
    assert unknown(source) == ["self.embedding = nn.Embedding(input_size, hidden_size)"]


def test_a_cell_chosen_by_name() -> None:
    source = """
        import torch.nn as nn
        class RNNModel(nn.Module):
            def __init__(self, rnn_type, ntoken, ninp, nhid, nlayers, dropout=0.5):
                super().__init__()
                self.drop = nn.Dropout(dropout)
                self.encoder = nn.Embedding(ntoken, ninp)
                if rnn_type in ['LSTM', 'GRU']:
                    self.rnn = getattr(nn, rnn_type)(ninp, nhid, nlayers, dropout=dropout)
                else:
                    self.rnn = nn.RNN(ninp, nhid, nlayers, nonlinearity='tanh', dropout=dropout)
                self.decoder = nn.Linear(nhid, ntoken)
            def forward(self, input, hidden):
                emb = self.drop(self.encoder(input))
                output, hidden = self.rnn(emb, hidden)
                return self.decoder(self.drop(output)), hidden
    """
    made = source + "\n        model = RNNModel('GRU', 33278, 200, 650, 2)\n"

    assert layers(made)[2] == "rnn: gru ? ? 200 -> ? ? 650"
    assert layers(source)[2:] == [
        "rnn: other ? ? ninp -> ? ? nhid",
        "drop: dropout ? ? nhid -> ? ? nhid",
        "decoder: dense ? ? nhid -> ? ? ntoken",
    ]
    assert unknown(source) == [
        "self.rnn = getattr(nn, rnn_type)(ninp, nhid, nlayers, dropout=dropout)",
        "self.rnn = nn.RNN(ninp, nhid, nlayers, nonlinearity='tanh', dropout=dropout)",
    ]


def test_cells_in_a_loop_over_time_are_one_layer_each() -> None:
    source = """
        import torch
        import torch.nn as nn
        class Sequence(nn.Module):
            def __init__(self):
                super(Sequence, self).__init__()
                self.lstm1 = nn.LSTMCell(1, 51)
                self.lstm2 = nn.LSTMCell(51, 52)
                self.linear = nn.Linear(52, 1)
            def forward(self, input, future=0):
                outputs = []
                h_t = torch.zeros(input.size(0), 51)
                c_t = torch.zeros(input.size(0), 51)
                h_t2 = torch.zeros(input.size(0), 52)
                c_t2 = torch.zeros(input.size(0), 52)
                for input_t in input.split(1, dim=1):
                    h_t, c_t = self.lstm1(input_t, (h_t, c_t))
                    h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
                    outputs += [self.linear(h_t2)]
                return torch.cat(outputs, dim=1)
    """
    assert layers(source) == [
        "lstm1: lstm_cell ? 1 -> ? 51",
        "lstm2: lstm_cell ? 51 -> ? 52",
        "linear: dense ? 52 -> ? 1",
    ]


def test_a_list_of_modules_and_a_sequential_head() -> None:
    source = """
        import torch.nn as nn
        class Deep(nn.Module):
            def __init__(self, sizes=(10, 20, 30)):
                super().__init__()
                self.layers = nn.ModuleList(
                    [nn.LSTM(sizes[i], sizes[i + 1], batch_first=True) for i in range(len(sizes) - 1)]
                )
                self.head = nn.Sequential(nn.Linear(sizes[-1], 16), nn.ReLU(), nn.Linear(16, 2))
            def forward(self, x):
                for layer in self.layers:
                    x, _ = layer(x)
                return self.head(x.mean(dim=1))
    """
    assert layers(source) == [
        "layers.0: lstm ? ? 10 -> ? ? 20",
        "layers.1: lstm ? ? 20 -> ? ? 30",
        "head.0: dense ? 30 -> ? 16",
        "head.1: activation ? 16 -> ? 16",
        "head.2: dense ? 16 -> ? 2",
    ]


def test_modules_that_are_appended_in_a_loop_of_known_length() -> None:
    source = """
        import torch.nn as nn
        class Stack(nn.Module):
            def __init__(self, n=3, size=8):
                super().__init__()
                self.cells = nn.ModuleList()
                for i in range(n):
                    self.cells.append(nn.GRUCell(size if i == 0 else size * 2, size * 2))
            def forward(self, x):
                for i, cell in enumerate(self.cells):
                    x = cell(x)
                return x
    """
    assert layers(source) == [
        "cells.0: gru_cell ? 8 -> ? 16",
        "cells.1: gru_cell ? 16 -> ? 16",
        "cells.2: gru_cell ? 16 -> ? 16",
    ]


def test_a_loop_of_unknown_length_makes_no_layers_that_are_certain() -> None:
    source = """
        import torch.nn as nn
        class Stack(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.cells = nn.ModuleList()
                for i in range(n):
                    self.cells.append(nn.LSTM(8, 8))
            def forward(self, x):
                for cell in self.cells:
                    x, _ = cell(x)
                return x
    """
    assert layers(source) == []
    assert "x, _ = cell(x)" in unknown(source)


def test_packed_sequences_have_the_order_in_which_they_were_packed() -> None:
    source = """
        import torch.nn as nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
        class Tagger(nn.Module):
            def __init__(self, vocab_size, dim=100, tags=9):
                super().__init__()
                self.embed = nn.Embedding(vocab_size, dim)
                self.rnn = nn.LSTM(dim, 128, bidirectional=True)  # batch_first=True
                self.tag = nn.Linear(256, tags)
            def forward(self, text, lengths):
                packed = pack_padded_sequence(self.embed(text), lengths, batch_first=True)
                out, (h, c) = self.rnn(packed)
                out, _ = pad_packed_sequence(out, batch_first=True)
                return self.tag(out)
    """
    assert layers(source)[1:] == ["rnn: lstm ? ? 100 -> ? ? 256", "tag: dense ? ? 256 -> ? ? 9"]


def test_packed_in_one_order_and_padded_in_the_other() -> None:
    source = """
        import torch
        import torch.nn as nn
        rnn = nn.GRU(4, 6, batch_first=True)
        packed = nn.utils.rnn.pack_padded_sequence(torch.zeros(7, 3, 4), [7, 5, 2])
        out, h = rnn(packed)
        out, lengths = nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
        y = nn.Linear(6, 1)(out)
    """
    assert layers(source) == ["rnn: gru 7 3 4 -> 7 3 6", "-: dense 3 ? 6 -> 3 ? 1"]


def test_a_class_named_like_a_module_of_torch_is_the_users_own() -> None:
    source = """
        import torch.nn as nn
        from mylib import GRU
        class LSTM(nn.Module):
            def __init__(self, a, b):
                super().__init__()
                self.inner = nn.Linear(a, b)
            def forward(self, x):
                return self.inner(x)
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = LSTM(10, 20)  # an nn.LSTM(3, 4)
                self.gru = GRU(20, 30)
                self.fc = nn.Linear(30, 2)
            def forward(self, x):
                return self.fc(self.gru(self.lstm(x)))
    """
    assert layers(source) == ["lstm.inner: dense ... 10 -> ... 20", "fc: dense ... 30 -> ... 2"]
    assert unknown(source) == ["return self.fc(self.gru(self.lstm(x)))"]


def test_a_name_from_another_library_is_not_torch() -> None:
    for line in ("from mxnet.gluon import nn", "import paddle.nn as nn", "from flax import linen as nn", "nn = None"):
        assert layers(f"{line}\nrnn = nn.LSTM(10, 20)\ny = rnn(x)\n") == []


def test_a_module_that_the_program_replaces_is_unknown() -> None:
    source = "import torch.nn as nn\nnn.LSTM = Mine\nrnn = nn.LSTM(10, 20)\nout, h = rnn(x)\ny = nn.GRU(2, 3)(x)\n"

    assert layers(source) == ["-: gru ? ? 2 -> ? ? 3"]


def test_a_layer_that_is_never_called_is_listed_and_in_no_chain() -> None:
    source = CLASSIFIER.replace("self.dropout = ", "self.spare = nn.Linear(3, 4)\n            self.dropout = ")

    assert not any("spare" in line for line in layers(source))
    assert unknown(source) == ["self.spare = nn.Linear(3, 4)"]


def test_a_size_that_only_the_run_knows_is_unknown() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, vocab):
                super().__init__()
                self.embed = nn.Embedding(len(vocab), 50)
                self.rnn = nn.LSTM(50, compute_size(), batch_first=True)
            def forward(self, x):
                return self.rnn(self.embed(x))
    """
    assert layers(source) == ["embed: embedding ... -> ... 50", "rnn: lstm ? ? 50 -> ? ? ?"]
    assert config(source, "features", "num_units") == [None, 50]
    assert len(unknown(source)) == 2


def test_a_layer_that_only_one_branch_calls_is_uncertain() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.RNN(4, 8)
                self.narrow, self.wide = nn.Linear(8, 8), nn.Linear(8, 16)
                self.last = nn.Linear(8, 1)
            def forward(self, x, wide):
                x, h = self.rnn(x)
                if wide:
                    x = self.wide(x)
                else:
                    x = self.narrow(x)
                return self.last(x)
    """
    assert layers(source) == ["rnn: rnn ? ? 4 -> ? ? 8", "last: dense ? ? 8 -> ? ? 1"]
    assert unknown(source) == ["x = self.wide(x)", "x = self.narrow(x)"]


def test_a_branch_on_a_known_setting_is_followed() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, attention=False):
                super().__init__()
                self.rnn = nn.RNN(4, 8, bias=False)
                self.attention = attention
                self.attend = nn.MultiheadAttention(8, 2) if attention else None
                self.last = nn.Linear(8, 1)
            def forward(self, x):
                x, h = self.rnn(x)
                if self.attention:
                    x = self.attend(x, x, x)[0]
                return self.last(h[0])
    """
    assert layers(source) == ["rnn: rnn ? ? 4 -> ? ? 8", "last: dense ? 8 -> ? 1"]
    assert unknown(source) == []


@pytest.mark.parametrize("change", ["for k, v in kw.items(): setattr(self, k, v)", "self.__dict__.update(kw)"])
def test_attributes_that_may_have_been_overwritten_are_unknown(change: str) -> None:
    source = f"""
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, **kw):
                super().__init__()
                self.hidden = 64
                {change}
                self.rnn = nn.GRU(10, self.hidden)
            def forward(self, x):
                return self.rnn(x)
    """
    assert layers(source) == ["rnn: gru ? ? 10 -> ? ? ?"]


def test_settings_in_a_dictionary_and_in_a_class() -> None:
    source = """
        import torch.nn as nn
        config = {"input_size": 12, "hidden_size": 34, "batch_first": True}
        class Settings:
            classes = 5
            dim = 7
        Settings.dim = 8
        class Net(nn.Module):
            def __init__(self, settings=Settings):
                super().__init__()
                self.rnn = nn.LSTM(**config)
                self.a = nn.Linear(34, settings.classes)
                self.b = nn.Linear(settings.classes, settings.dim)
            def forward(self, x):
                return self.b(self.a(self.rnn(x)[0]))
    """
    assert layers(source) == [
        "rnn: lstm ? ? 12 -> ? ? 34",
        "a: dense ? ? 34 -> ? ? 5",
        "b: dense ? ? 5 -> ? ? 8",
    ]


def test_a_name_is_what_it_was_bound_to_last() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        a = nn.Linear(3, hidden)
        hidden = 20
        b = nn.Linear(10, hidden)
        if some_flag:
            hidden = 30
        c = nn.Linear(20, hidden)
        y = c(b(a(x)))
    """
    assert layers(source) == [
        "a: dense ... 3 -> ... 10",
        "b: dense ... 10 -> ... 20",
        "c: dense ... 20 -> ... ?",
    ]


def test_a_global_that_a_function_changes_is_unknown() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        def enlarge():
            global hidden
            hidden = 20
        layer = nn.Linear(3, hidden)
        y = layer(x)
    """
    assert layers(source) == ["layer: dense ... 3 -> ... ?"]


def test_an_inherited_model_and_a_model_inside_another() -> None:
    source = """
        import torch.nn as nn
        class Base(nn.Module):
            def __init__(self, size):
                super().__init__()
                self.rnn = nn.LSTM(size, 2 * size, batch_first=True)
        class Encoder(Base):
            def __init__(self, size=6):
                super().__init__(size)
                self.norm = nn.LayerNorm(12)
            def forward(self, x):
                out, (h, c) = self.rnn(x)
                return self.norm(out), h
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = Encoder()
                self.head = nn.Linear(12, 3)
            def forward(self, x):
                out, h = self.encoder(x)
                return self.head(h.squeeze(0))
    """
    assert layers(source)[:2] == [
        "encoder.rnn: lstm ? ? 6 -> ? ? 12",
        "encoder.norm: normalization ? ? 12 -> ? ? 12",
    ]
    assert layers(source)[2] == "head: dense ? 12 -> ? 3"


def test_a_fragment_without_its_class_and_with_lost_indentation() -> None:
    source = """def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, 2, batch_first=True)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1, :])
"""
    assert layers(source) == ["lstm: lstm ? ? 28 -> ? ? 128", "fc: dense ? 128 -> ? 10"]


def test_sizes_that_contradict_each_other_are_listed() -> None:
    source = """
        import torch.nn as nn
        rnn = nn.LSTM(10, 20)
        fc = nn.Linear(30, 2)
        out, _ = rnn(x)
        y = fc(out)
    """
    assert unknown(source) == ["y = fc(out)"]


def test_a_flattened_output_needs_every_size() -> None:
    source = """
        import torch
        import torch.nn as nn
        out, h = nn.GRU(4, 6, batch_first=True)(torch.zeros(3, 5, 4))
        y = nn.Linear(30, 1)(out.reshape(out.size(0), -1))
        z = nn.Linear(6, 1)(out.contiguous().view(-1, 6))
        w = nn.Linear(5, 1)(out.permute(0, 2, 1))
    """
    assert layers(source)[1:] == ["-: dense 3 30 -> 3 1", "-: dense 15 6 -> 15 1", "-: dense 3 6 5 -> 3 6 1"]


def test_a_default_has_the_value_where_the_function_is_defined() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        class Net(nn.Module):
            def __init__(self, n=hidden):
                super().__init__()
                self.fc = nn.Linear(3, n)
            def forward(self, x):
                return self.fc(x)
        hidden = 20
        net = Net()
    """
    assert layers(source) == ["fc: dense ... 3 -> ... 10"]


def test_a_list_or_an_object_that_something_unknown_may_change_is_unknown() -> None:
    source = """
        import torch.nn as nn
        from helpers import fill
        class Options:
            hidden = 64
        options, sizes, same = Options(), [3, 4], [5]
        alias = same
        same += [6]
        fill(options)
        fill(sizes)
        y = nn.Linear(sizes[0], options.hidden)(x)
        z = nn.Linear(alias[0], same[1])(x)
    """
    assert layers(source) == ["-: dense ... -> ... ?", "-: dense ... -> ... 6"]


def test_a_shape_of_unknown_length_leaves_the_number_of_axes_open() -> None:
    source = """
        import torch
        import torch.nn as nn
        a = nn.ReLU()(torch.zeros(*shape, 5))
        b = nn.ReLU()(torch.zeros(shape))
        c = nn.ReLU()(torch.zeros(2, 3).view(*shape))
        d = nn.ReLU()(torch.zeros(2, 3).view(torch.int32))
        e = nn.ReLU()(torch.zeros(2, 3).renorm(2, 1, 5))
    """
    assert layers(source) == ["-: activation ... -> ..."] * 5


def test_a_model_on_another_device_is_the_same_model() -> None:
    source = """
        import torch.nn as nn
        class Inner(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.rnn = nn.GRU(n, 2 * n).to(device)
                self.add_module("norm", nn.LayerNorm(2 * n))
            def forward(self, x):
                return self.norm(self.rnn(x)[0])
        class Outer(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = Inner(4).to(device)
                self.head = nn.Sequential(nn.Linear(8, 1)).cuda()
            def forward(self, x):
                return self.head(self.inner(x))
        model = Outer().double()
    """
    assert layers(source) == [
        "inner.rnn: gru ? ? 4 -> ? ? 8",
        "inner.norm: normalization ? ? 8 -> ? ? 8",
        "head.0: dense ? ? 8 -> ? ? 1",
    ]


def test_a_size_that_a_loop_or_a_handler_may_change_is_unknown() -> None:
    source = """
        import torch.nn as nn
        n, m, k, j = 5, 5, 5, 5
        for i in range(3):
            if found(i):
                n = 7
                break
        while busy():
            m += 1
        try:
            work()
        except ValueError:
            k = 7
        match kind:
            case "wide":
                j = 7
        y = nn.Linear(n, 2)(x), nn.Linear(m, 2)(x), nn.Linear(k, 2)(x), nn.Linear(j, 2)(x), nn.Linear(i, 2)(x)
    """
    assert layers(source) == ["-: dense ... -> ... 2"] * 5


def test_true_is_not_1() -> None:
    source = "import torch.nn as nn\nif both:\n  n = True\nelse:\n  n = 1\nout, h = nn.LSTM(3, 4, n)(x)\n"

    assert config(source, "num_layers") == [None]


def test_a_layer_of_unknown_kind_is_in_the_chain_with_the_sizes_that_all_kinds_have() -> None:
    source = """
        import torch.nn as nn
        CELLS = {'lstm': nn.LSTM, 'gru': nn.GRU}
        class Model(nn.Module):
            def __init__(self, kind, both):
                super().__init__()
                self.one = CELLS[kind](3, 20, num_layers=2)
                self.two = getattr(nn, kind.upper())(20, 30, num_layers=1)
                self.three = getattr(nn, kind)(30, 40)
                if both:
                    self.four = nn.GRU(40, 50, bidirectional=True)
                else:
                    self.four = nn.GRU(40, 50)
            def forward(self, x):
                x = self.two(self.one(x)[0])[0]
                return self.four(self.three(x)[0])
    """
    assert layers(source) == [
        "one: other ? ? 3 -> ? ? 20",
        "two: other ? ? 20 -> ? ? 30",
        "three: other ? ? 30 -> ...",
        "four: gru ? ? 40 -> ? ? ?",
    ]
    assert config(source, "num_units", "num_layers") == [20, 2]
    assert len(unknown(source)) == 5, "the line of each possible layer"


def test_layers_with_names_that_the_program_puts_together() -> None:
    source = """
        import torch.nn as nn
        class Model(nn.Module):
            def __init__(self, depth):
                super().__init__()
                for i in range(2):
                    setattr(self, f'rnn{i}', nn.GRU(4 if i == 0 else 8, 8))
                for i in range(depth):
                    setattr(self, f'cell{i}', nn.GRUCell(8, 8))
                self.heads = nn.ModuleDict({'mean': nn.Linear(8, 1), 'scale': nn.Linear(8, 2)})
            def forward(self, x, h):
                for i in range(2):
                    x, _ = getattr(self, f'rnn{i}')(x)
                for i in range(depth):
                    h = getattr(self, f'cell{i}')(x[0], h)
                return {name: head(h) for name, head in self.heads.items()}
    """
    assert layers(source) == [
        "rnn0: gru ? ? 4 -> ? ? 8",
        "rnn1: gru ? ? 8 -> ? ? 8",
        "-: gru_cell ? 8 -> ? 8",
        "heads.mean: dense ... 8 -> ... 1",
        "heads.scale: dense ... 8 -> ... 2",
    ]
    assert unknown(source) == ["setattr(self, f'cell{i}', nn.GRUCell(8, 8))"]


def test_convolutions_over_rows_and_columns() -> None:
    source = """
        import torch
        from torch import nn
        net = nn.Sequential(
            nn.Conv2d(1, 8, (3, 5), stride=2, padding=(1, 2)),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3),
            nn.AdaptiveAvgPool2d((1, None)),
        )
        {}
    """
    assert layers(source.format("net(torch.zeros(4, 1, 32, 64))")) == [
        "-: convolution 4 1 32 64 -> 4 8 16 32",
        "-: pooling 4 8 16 32 -> 4 8 8 16",
        "-: convolution 4 8 8 16 -> 4 16 6 14",
        "-: pooling 4 16 6 14 -> 4 16 1 ?",
    ]
    assert layers(source.format(""))[::2] == [
        "-: convolution ? 1 ? ? -> ? 8 ? ?",
        "-: convolution ? 8 ? ? -> ? 16 ? ?",
    ]


def test_a_dictionary_that_the_module_changes_has_its_last_values() -> None:
    source = """
        import torch.nn as nn
        from torch.nn.utils import weight_norm
        SIZES = {'input_size': 10, 'hidden_size': 20}
        SIZES['hidden_size'] = 21
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = weight_norm(nn.Linear(4, 10))
                self.rnn = nn.GRU(**SIZES)
            def forward(self, x):
                return self.rnn(self.dense(x))[0]
    """
    assert layers(source) == ["dense: dense ... 4 -> ... 10", "rnn: gru ? ? 10 -> ? ? 21"]
    assert [one.reason for one in read(dedent(source)).unknown] == ["weights that no layer has"]

    changed = (
        source
        + """
        def enlarge():
            SIZES['hidden_size'] = 99
    """
    )
    assert layers(changed)[1] == "rnn: gru ? ? 10 -> ? ? ?", "it is not known whether somebody calls it"


def test_what_code_does_with_tensors_around_a_recurrent_layer() -> None:
    source = """
        import torch, torch.nn as nn, torch.nn.functional as F
        from einops import rearrange, reduce
        class Net(nn.Module):
            def __init__(self, p=.05):
                super().__init__()
                self.conv = nn.Conv2d(1, 8, 3, padding='same')
                self.up = nn.ConvTranspose1d(80, 12, 4, stride=2, padding=1)
                self.rnn = nn.GRU(12, 6, batch_first=True, bidirectional=True)
                self.att = nn.MultiheadAttention(12, 3, batch_first=True)
                self.split = nn.Unflatten(2, (3, -1))
                self.fc = nn.Linear(4, 5)
            def forward(self, x):
                x = self.up(rearrange(self.conv(x), 'b c h w -> b (c h) w'))
                y, _ = self.rnn(F.max_pool1d(x, 2).transpose(1, 2))
                a, b = y.chunk(2, dim=-1)
                y, _ = self.att(y, y, y)
                w = torch.softmax(torch.einsum('btf,bsf->bts', a, b), -1) @ y
                return self.fc(reduce(self.split(w), 'b t k f -> b k f', 'mean'))
        Net()(torch.zeros(2, 1, 10, 14))
    """
    assert layers(source) == [
        "conv: convolution 2 1 10 14 -> 2 8 10 14",
        "up: convolution 2 80 14 -> 2 12 28",
        "rnn: gru 2 14 12 -> 2 14 12",
        "att: other 2 14 12 -> 2 14 12",
        "split: reshape 2 14 12 -> 2 14 3 4",
        "fc: dense 2 3 4 -> 2 3 5",
    ]
    assert unknown(source) == []


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [("register('a')", "lstm ? ? 3 -> ? ? 4"), ("other('a')", None), ("torch.no_grad()", "lstm ? ? 3 -> ? ? 4")],
)
def test_a_decorator_of_the_source_is_followed(decorator: str, expected: str | None) -> None:
    source = f"""
        import torch, torch.nn as nn
        from somewhere import other
        def register(name):
            def wrap(of):
                print(name)
                return of
            return wrap
        @{decorator}
        def make(n):
            return nn.LSTM(n, 4)
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = make(3)
            def forward(self, x):
                return self.rnn(x)
    """
    assert layers(source) == ([] if expected is None else [f"rnn: {expected}"])


def test_a_model_that_another_object_holds_is_a_model() -> None:
    source = """
        import torch, torch.nn as nn
        class Net(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.rnn = nn.GRU(n, 4)
            def forward(self, x):
                return self.rnn(x)
        class Trainer:
            def __init__(self):
                self.model = Net(3)
            def fit(self):
                return nn.MSELoss()(self.model(torch.zeros(5, 2, 3))[0], 0)
    """
    assert layers(source) == ["rnn: gru 5 2 3 -> 5 2 4"]
    assert unknown(source) == []


HELPER = """
    def load_{n}(path, size={n}):
        examples = []
        with open(path) as file:
            for number, line in enumerate(file):
                words = line.lower().split()
                examples.append([words[:size], number % 2, len(words) + size])
        return sorted(examples, key=lambda example: example[2] * size)

    def loss_{n}(values, targets):
        total = sum((v - t) ** 2 for v, t in zip(values, targets))
        return total / max(len(values), 1)
"""


def test_a_model_after_thousands_of_lines_that_load_data_is_read() -> None:
    source = "".join(HELPER.format(n=n) for n in range(160)) + CLASSIFIER

    assert layers(source) == layers(CLASSIFIER)
    assert unknown(source) == []


SIZES = """
    import torch.nn as nn

    class Sizes:
        units = 10

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(3, Sizes.units)

        def forward(self, x):
            return self.rnn(x)[0]
"""


@pytest.mark.parametrize(
    "change",
    [
        "def change():\n        Sizes.units = 20",
        "def change():\n        give(Sizes)\n\n    def give(sizes):\n        setattr(sizes, 'units', 20)",
    ],
)
def test_a_size_that_a_function_changes_is_unknown(change: str) -> None:
    assert layers(SIZES) == ["rnn: gru ? ? 3 -> ? ? 10"]
    assert layers(f"{SIZES}\n    {change}\n") == ["rnn: gru ? ? 3 -> ? ? ?"]


@pytest.mark.parametrize(("number", "dropout"), [(".05", 0.05), ("0.05", 0.05), ("5.05e-2", 0.0505), ("1_0.0", 10.0)])
def test_a_number_in_any_notation(number: str, dropout: float) -> None:
    assert config(f"import torch.nn as nn\ny = nn.Dropout({number})(x)\n", "dropout") == [dropout]


ENCODER_AND_DECODER = """
    import torch
    import torch.nn as nn

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(50, 8)
            self.gru = nn.GRU(8, 16, batch_first=True)

        def forward(self, encoder_outputs, hidden):
            word, found = torch.zeros(encoder_outputs.size(0), 1).long(), []
            for _ in range(10):
                output, hidden = self.forward_step(word, hidden)
                found.append(output)
                word = output.topk(1)[1].squeeze(-1).detach()
            return torch.cat(found, 1)

        def forward_step(self, word, hidden):
            return self.gru(self.embedding(word), hidden)

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(4, 16, batch_first=True)

        def forward(self, x):
            return self.gru(x)
"""


def test_a_layer_in_a_loop_is_in_the_chain_once_if_later_sizes_are_only_less_certain() -> None:
    decoder = ["embedding: embedding ? 1 -> ? 1 8", "gru: gru ? 1 8 -> ? 1 16"]

    assert layers(ENCODER_AND_DECODER)[:2] == decoder
    assert len(layers(ENCODER_AND_DECODER)) == 3


def test_models_are_in_the_order_in_which_the_program_makes_them() -> None:
    made = ENCODER_AND_DECODER + "\n    encoder = Encoder()\n    decoder = Decoder()\n"

    assert layers(made)[0] == "gru: gru ? ? 4 -> ? ? 16"


def test_a_class_from_which_others_derive_is_a_model_only_if_none_of_them_is_made() -> None:
    source = """
        import torch.nn as nn
        class Base(nn.Module):
            units = 12
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(5, self.units)
            def forward(self, x):
                return self.rnn(x)[0]
        class Wide(Base):
            units = 48
    """

    assert layers(source + "\n        model = Wide()\n") == ["rnn: lstm ? ? 5 -> ? ? 48"]
    assert layers(source) == ["rnn: lstm ? ? 5 -> ? ? ?"]


@pytest.mark.parametrize(
    "step",
    [
        "x = self.image(features) if t == 0 else self.word(words[:, t - 1])",
        "if t > 0:\n                        x = self.word(words[:, t - 1])\n"
        "                    else:\n                        x = self.image(features)",
    ],
)
def test_the_first_step_of_a_loop_has_a_layer_of_its_own(step: str) -> None:
    source = f"""
        import torch, torch.nn as nn
        class Caption(nn.Module):
            def __init__(self):
                super().__init__()
                self.image, self.word = nn.Linear(200, 30), nn.Embedding(90, 30)
                self.cell = nn.GRUCell(30, 50)
            def forward(self, features, words):
                h = features.new_zeros(features.size(0), 50)
                for t in range(words.size(1)):
                    {step}
                    h = self.cell(x, h)
                return h
    """
    assert sorted(layers(source)) == [
        "cell: gru_cell ? 30 -> ? 50",
        "image: dense ... 200 -> ... 30",
        "word: embedding ... -> ... 30",
    ]
    assert unknown(source) == []


def test_what_differs_between_steps_of_a_loop_is_not_added_up() -> None:
    source = """
        import torch, torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b = nn.Linear(4, 20), nn.Linear(4, 20)
                self.last = nn.LazyLinear(1)
            def forward(self, x):
                for t in range(x.size(1)):
                    parts = []
                    parts.append(self.a(x[:, t])) if t == 0 else parts.append(self.b(x[:, t]))
                    y = torch.cat(parts, -1)
                return self.last(y)
    """
    assert [layer.rpartition(" -> ")[0] for layer in layers(source)][-1].endswith("...")


def test_a_list_that_a_loop_empties() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, sizes):
                super().__init__()
                sizes.append(9)
                self.layers, before = nn.ModuleList(), sizes.pop(0)
                while sizes:
                    size = sizes.pop(0)
                    self.layers.append(nn.GRU(before, size))
                    before = size
            def forward(self, x):
                for layer in self.layers:
                    x, _ = layer(x)
                return x
        Net([5, 7])
    """
    assert layers(source) == ["layers.0: gru ? ? 5 -> ? ? 7", "layers.1: gru ? ? 7 -> ? ? 9"]


LONG = """
    import torch, torch.nn as nn
    class Net(nn.Module):
        def __init__(self, hidden=8):
            super().__init__()
            self.rnn = nn.LSTM(4, hidden)
            self.head = self.make_head(hidden,
                2)

        @staticmethod
        def make_head(size, classes,
                      bias=True):
            '''Returns the last layer.

    This text is less indented.
            '''
            if bias:
                return nn.Linear(size, classes)
            return nn.Linear(size, classes, bias=False)

        def encode(self, x):
            # a comment
            y, _ = self.rnn(x)
            z = y[-1]
            z = z.float()
            return z

        def one_line(self, x): return self.head(x)

        def forward(self, x):
            return self.one_line(self.encode(x))

        def train_step(self, batch):
            x, y = batch
            {mistake}
            y = y.float()
            y = y.mean()
            return y

    def build():
        net = Net(16)
        net.eval()
        return net

    net = build()
"""


@pytest.mark.parametrize("mistake", ["pass", "print 'loss', y", "not Python at all"])
def test_functions_are_parsed_when_they_are_followed(mistake: str) -> None:
    source = LONG.format(mistake=mistake)

    assert layers(source) == ["rnn: lstm ? ? 4 -> ? ? 16", "head: dense ? 16 -> ? 2"]
    assert unknown(source) == []


@pytest.mark.parametrize("mistake", ["print 'mean', z", "z = z z"])
def test_a_mistake_in_a_function_that_is_followed_is_listed_or_is_of_python_2(mistake: str) -> None:
    source = LONG.format(mistake="pass").replace("# a comment", mistake)

    assert layers(source) == ["rnn: lstm ? ? 4 -> ? ? 16", "head: dense ? 16 -> ? 2"]
    assert unknown(source) == ([mistake] if mistake.startswith("z") else [])


def test_a_layer_alone_is_a_chain_but_not_one_that_a_model_never_calls() -> None:
    alone = """
        import torch.nn as nn
        lstm = nn.LSTM(10, 20, 2)
    """
    unused = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(10, 20, 2)
            def forward(self, x):
                return x
    """
    assert layers(alone) == ["lstm: lstm ? ? 10 -> ? ? 20"] and unknown(alone) == []
    assert layers(unused) == [] and unknown(unused) == ["self.lstm = nn.LSTM(10, 20, 2)"]


def test_models_for_which_there_is_no_place_are_listed() -> None:
    model = """
        class Net{n}(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(4, {n})
                self.head = nn.Linear({n}, 2)
            def forward(self, x):
                return self.head(self.rnn(x)[0])
    """
    count = MOST_LAYERS // 2
    source = "import torch.nn as nn\n" + "".join(dedent(model).format(n=n) for n in range(1, count + 3))

    assert len(layers(source)) == MOST_LAYERS
    assert unknown(source) == [f"class Net{n}(nn.Module):" for n in (count + 1, count + 2)]


def test_a_model_that_is_called_alone_and_as_a_part_takes_one_place() -> None:
    source = """
        import torch
        import torch.nn as nn
        class Encoder(nn.Module):
            def forward(self, x):
{relu}
        class Model(nn.Module):
            def __init__(self, encoder):
                super().__init__()
                self.encoder = encoder
            def forward(self, x):
                return nn.Tanh()(self.encoder(x))
        class Last(nn.Module):
            def forward(self, x):
                return nn.Sigmoid()(x)
        encoder = Encoder()
        x = torch.zeros(3, 10)
        encoder(x)
        Model(encoder)(x)
        Last()(x)
    """
    count = MOST_LAYERS // 2
    calls = "".join("                x = nn.ReLU()(x)\n" for _ in range(count)) + "                return x"
    reading = read(dedent(source.format(relu=calls)))

    assert [len(model) for model in reading.models] == [count + 1, 1]
    assert reading.is_whole


NESTED = """
    import torch.nn as nn
    class Inner(nn.Module):
        def __init__(self, n):
            super().__init__()
            self.rnn = nn.GRU(n, n)
        def forward(self, x):
            return self.rnn(x)[0]
    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner(8)
        def forward(self, x):
            return self.inner(x)
    net = nn.Sequential({items})
"""


@pytest.mark.parametrize("items", ["Outer()", "Outer(), nn.ReLU()"])
def test_a_model_within_a_model_of_a_chain_is_read(items: str) -> None:
    assert layers(NESTED.format(items=items))[0] == "-: gru ? ? 8 -> ? ? 8"


def test_the_forward_pass_of_a_base_is_followed_once() -> None:
    source = """
        import torch.nn as nn
        class Base(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(4, 6)
            def forward(self, x):
                return self.rnn(x)[0]
        class Net(Base):
            def __init__(self):
                super().__init__()
                self.head = nn.Linear(self.rnn.hidden_size, 2)
                self.last = nn.Linear(self.head.out_features, self.head.in_features)
            def forward(self, x):
                return self.last(self.head(super().forward(x)))
        Net()(x)
    """
    assert layers(source) == [
        "rnn: gru ? ? 4 -> ? ? 6",
        "head: dense ? ? 6 -> ? ? 2",
        "last: dense ? ? 2 -> ? ? 6",
    ]


@pytest.mark.parametrize(
    ("size", "number"),
    [
        ("sum([2, 3])", 5),
        ("sum(10 * k for k in (2, 3))", 50),
        ("max([2, 5])", 5),
        ("math.ceil(7 / 2)", 4),
        ("int(np.prod([2, 3]))", 6),
        ("1 << 4", 16),
        ("sum([2, 3], start=4)", 9),
        ("[n + size for n, size in enumerate([5, 6], start=3)][1]", 10),
        ("max([2, -5], key=abs)", None),
        ("max(2, 5, *sizes)", None),
        ("sum(sizes)", None),
        ("np.ceil(3.5)", None),
        ("math.prod([2, n])", None),
    ],
)
def test_a_size_may_be_computed_from_several(size: str, number: int | None) -> None:
    source = f"import math\nimport numpy as np\nimport torch.nn as nn\ndef f(n, sizes):\n  nn.Linear({size}, 2)(y)\n"

    assert layers(source)[0].split(" -> ")[0].split()[-1] == ("..." if number is None else str(number))


@pytest.mark.parametrize(
    ("call", "axes"),
    [
        ("torch.norm(x, dim=1)", "3 5"),
        ("x.norm(2, 1, True)", "3 1 5"),
        ("x.mT", "3 5 4"),
        ("F.glu(x, dim=1)", "3 2 5"),
        ("nn.GLU(1)(x)", "3 2 5"),
        ("x[:, :1].expand_as(x)", "3 4 5"),
        ("x.new_full((2, 7), 0.5)", "2 7"),
        ("torch.sort(x, 1)[0]", "3 4 5"),
        ("x.topk(2, dim=1)[1]", "3 2 5"),
        ("x.index_select(1, torch.zeros(2))", "3 2 5"),
        ("x.narrow(1, 0, 2)", "3 2 5"),
        ("x.select(1, 0)", "3 5"),
        ("F.one_hot(x, num_classes=9)", "3 4 5 9"),
        ("torch.zeros(4, 6).scatter_(1, index, 1)", "4 6"),
        ("x.new_empty(2, 7).bernoulli_(0.5)", "2 7"),
    ],
)
def test_functions_of_a_tensor_keep_or_change_its_axes(call: str, axes: str) -> None:
    source = f"""
        import torch
        import torch.nn as nn
        import torch.nn.functional as F
        x = torch.zeros(3, 4, 5)
        y = nn.ReLU()({call})
    """
    assert layers(source)[-1].endswith(f"activation {axes} -> {axes}")


@pytest.mark.parametrize(
    ("module", "axes"),
    [("nn.GLU()", "... 32"), ("nn.GLU(1)", "..."), ("nn.Unflatten(-1, (8, 8))", "... 8 8")],
)
def test_an_axis_is_known_from_the_end_if_others_are_before_it(module: str, axes: str) -> None:
    source = f"""
        import torch.nn as nn
        net = nn.Sequential(nn.Linear(8, 64), {module}, nn.Linear(32, 10))
    """

    assert layers(source)[1].split(" -> ")[1] == axes


def test_a_method_may_change_the_axes_of_the_tensor_itself() -> None:
    source = """
        import torch
        import torch.nn as nn

        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = nn.Embedding(50, 7)
                self.conv = nn.Conv1d(7, 5, 3)
                self.rnn = nn.GRU(5, 4, batch_first=True)

            def forward(self, x):
                x = same = self.embedding(x)
                x.transpose_(1, 2)
                self.conv(same)
                x = self.conv(x)
                self.state = self.rnn(x.transpose_(1, 2))[1]
                self.state.squeeze_(0)
                return self.state

        nn.Linear(4, 3)(Model()(torch.zeros(2, 9).long()))
    """

    assert layers(source) == [
        "embedding: embedding 2 9 -> 2 9 7",
        "conv: convolution ? 7 ? -> ? 5 ?",
        "conv: convolution 2 7 9 -> 2 5 7",
        "rnn: gru 2 7 5 -> 2 7 4",
        "-: dense 2 4 -> 2 3",
    ]


def test_the_arguments_of_a_function_that_nobody_calls_change_no_model_of_the_program() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, hidden=80):
                super().__init__()
                self.rnn = nn.GRU(32, hidden)
            def forward(self, x):
                return self.rnn(x)[0]
        def build(conf):
            return Net(hidden=conf["hidden"])
    """
    assert layers(source.rstrip() + "\n        model = Net()\n") == ["rnn: gru ? ? 32 -> ? ? 80"]
    assert unknown(source.rstrip() + "\n        model = Net()\n") == []
    assert layers(source) == ["rnn: gru ? ? 32 -> ? ? conf.hidden"]


def test_attention_and_bags_of_embeddings_have_their_sizes() -> None:
    """``sum(p.numel() for p in layer.parameters())`` is 4 * 96 * 97 and 50 * 48."""
    source = """
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.bag, self.attn = nn.EmbeddingBag(50, 48), nn.MultiheadAttention(96, 4, batch_first=True)
            def forward(self, ids):
                return self.attn(torch.zeros(2, 7, 96)), self.bag(ids.view(6, 9))
    """
    attn, bag = read(dedent(source)).layers

    assert (attn.config, attn.parameters) == ({"features": 96, "num_units": 96, "num_heads": 4}, 37_248)
    assert (bag.config, bag.parameters) == ({"features": 50, "num_units": 48}, 2_400)
    assert (bag.input, bag.output) == ((6, 9), (6, 48))
    assert unknown(source) == []


def test_each_unknown_line_says_what_is_not_known() -> None:
    source = """
        import torch
        from torch import nn
        import numpy as np
        class Net(nn.Module):
            def __init__(self, vocab, extra):
                super().__init__()
                self.emb = nn.Embedding(len(vocab), 8)
                self.rnn = nn.GRU(8, 5, bidirectional=choose())
                self.old = nn.Linear(5, 2)
                self.new = nn.Linear(5, 3)
                self.odd = nn.Hourglass(3)
                self.extra = extra
            def forward(self, x):
                y = self.rnn(self.emb(x))[0]
                if self.extra:
                    y = self.new(y)
                y = self.odd(np.tanh(y))
                return mixed(y)
        x = = 1
    """
    reasons = {line.line: line.reason for line in read(dedent(source)).unknown}

    assert reasons == {
        8: "not known: features",
        9: "not known: bidirectional",
        10: "a layer that is never called",
        12: "a layer that is not read",
        17: "a layer that only one branch calls",
        19: "what this returns is not known",
        20: "not Python",
    }


def test_a_module_of_another_library_is_said_not_to_be_read() -> None:
    for library, name in (("flax.linen", "Flax"), ("flax.nnx", "Flax"), ("haiku", "Haiku"), ("paddle.nn", "Paddle")):
        base = "Layer" if library == "paddle.nn" else "Module"
        reading = read(f"import {library} as nn\nclass Net(nn.{base}):\n  def __call__(self, x):\n    return x\n")

        assert [line.reason for line in reading.unknown] == [f"{name} is not read"]
        assert reading.unread_library == name


def test_a_normalization_says_the_axes_that_it_normalizes() -> None:
    source = """
        import torch.nn as nn
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.LayerNorm(8)
                self.many = nn.LayerNorm((3, 8))
            def forward(self, x):
                return self.many(self.norm(x))
    """
    assert layers(source) == ["norm: normalization ... 8 -> ... 8", "many: normalization ... 3 8 -> ... 3 8"]


def test_a_layer_that_is_never_called_leaves_no_parameters_between_the_others_open() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(3, 4)
                self.unused = nn.Linear(5, 6)
                self.out = nn.Linear(8, 2)
            def forward(self, x):
                out, _ = self.rnn(x)
                return self.out(pairs(out) if self.training is None else out.repeat(1, 1, 2))
    """
    assert unknown(source) == ["self.unused = nn.Linear(5, 6)"]
    assert read(dedent(source)).has_all_parameters
    assert not read(dedent(source).replace("out.repeat(1, 1, 2)", "own(out)")).has_all_parameters


@pytest.mark.parametrize("test", ["hasattr(self, 'drop')", "hasattr(self, 'rate')", "hasattr(self, name)"])
def test_an_attribute_of_which_it_is_not_certain_whether_it_is_set_decides_nothing(test: str) -> None:
    source = f"""
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, rate):
                super().__init__()
                self.out = nn.Linear(8, 2)
                if rate:
                    self.drop = nn.Dropout(rate)
                    self.rate = 1
            def forward(self, x):
                if {test}:
                    x = self.drop(x)
                return self.out(x)
    """
    assert [layer.split(":")[0] for layer in layers(source)] == ["out"]
    assert "x = self.drop(x)" in unknown(source)


def test_a_layer_that_is_left_out_is_named_as_one_that_is_never_called() -> None:
    source = dedent(
        """
        from torch import nn
        parts = []
        for n in (3, 7):
            parts += [nn.Linear(3, n), nn.ReLU()]
        nn.Sequential(*parts[:-1])
        """
    )
    assert [(line.line, line.reason) for line in read(source).unknown] == [(5, "a layer that is never called")]


@pytest.mark.parametrize(
    ("index", "axes"),
    [
        ("torch.tensor([2, 0, 1]).argsort()", "? 5 8"),
        ("torch.sort(torch.tensor([2, 0, 1]), descending=True)[1]", "? 5 8"),
        ("torch.tensor([True, False, True])", "? 5 8"),  # a mask leaves fewer
        ("torch.tensor([[0, 1], [1, 2]])", "..."),
        ("lengths", "..."),
    ],
)
def test_a_tensor_at_indices_keeps_its_other_axes(index: str, axes: str) -> None:
    source = f"""
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.drop = nn.Dropout()
            def forward(self, x, lengths):
                return self.drop(x[{index}])
        Net()(torch.zeros(3, 5, 8), load())
    """
    assert layers(source) == [f"drop: dropout {axes} -> {axes}"]


@pytest.mark.parametrize("test", ["isinstance(one, tuple)", "not isinstance(one, (int, str))"])
def test_layers_that_a_list_of_sizes_texts_and_tuples_makes(test: str) -> None:
    source = f"""
        import torch
        from torch import nn
        layers, last = [], 1
        for one in [4, "M", (2, 1), 6]:
            if one == "M":
                layers.append(nn.MaxPool2d(2))
            elif {test}:
                layers.append(nn.MaxPool2d(2, one, (0, 1)))
            else:
                layers += [nn.Conv2d(last, one, 3, padding=1)]
                last = one
        nn.Sequential(*layers)(torch.zeros(2, 1, 8, 20))
    """
    assert layers(source) == [
        "-: convolution 2 1 8 20 -> 2 4 8 20",
        "-: pooling 2 4 8 20 -> 2 4 4 10",
        "-: pooling 2 4 4 10 -> 2 4 2 11",
        "-: convolution 2 4 2 11 -> 2 6 2 11",
    ]


@pytest.mark.parametrize(
    ("made", "axes"),
    [
        ("torch.arange(2, end=9)", "7"),
        ("torch.arange(end=9)", "9"),
        ("torch.arange(9, 2, -3)", "3"),
        ("torch.arange(1, 10**30)", "?"),
        ("torch.arange(1, 100000000000000000000000000)", "?"),
    ],
)
def test_a_range_of_numbers_has_one_axis(made: str, axes: str) -> None:
    source = f"""
        import torch
        from torch import nn
        nn.Dropout()({made})
    """
    assert layers(source) == [f"-: dropout {axes} -> {axes}"]


def test_a_list_that_has_another_one_many_times_is_read_once() -> None:
    """Otherwise each line would double the time."""
    lines = ["a = [1]", *["a = [a, a]"] * 40, "nn.Dropout()(torch.tensor(a))"]
    assert layers("\n".join(["import torch", "from torch import nn", *lines])) == ["-: dropout ... -> ..."]
    three = ["a = [1]", *["a = [a, a]"] * 3, "nn.Dropout()(torch.tensor(a))"]
    assert layers("\n".join(["import torch", "from torch import nn", *three])) == ["-: dropout 2 2 2 1 -> 2 2 2 1"]


@pytest.mark.parametrize(("condition", "is_known"), [("if True:", True), ("if len(sys.argv) > 2:", False)])
def test_lengths_that_may_be_removed_are_not_certain(condition: str, is_known: bool) -> None:
    source = f"""
        import sys
        import torch
        from torch import nn
        from torch.nn.utils import remove_weight_norm, weight_norm
        conv = weight_norm(nn.Conv1d(4, 8, 3))
        {condition}
            remove_weight_norm(conv)
        conv(torch.zeros(1, 4, 9))
    """
    found = read(dedent(source))
    assert [one.parameters for one in found.layers] == [104 if is_known else 112]
    assert (found.unknown == []) == is_known
