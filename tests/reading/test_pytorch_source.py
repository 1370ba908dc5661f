"""The chain of layers of PyTorch programs, written in the manner of public code. Their shapes follow from PyTorch's
documentation; comparing with hooks in the real framework needs its environment."""

from textwrap import dedent

import pytest
from chains import config, layers, unknown

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


def test_two_objects_with_other_sizes_are_two_models() -> None:
    made = CLASSIFIER + "\n    a, b = Classifier(9, hidden_dim=10), Classifier(9, hidden_dim=20)\n"

    lstms = ["lstm: lstm ? ? 32 -> ? ? 20", "lstm: lstm ? ? 32 -> ? ? 40"]
    assert [one for one in layers(made) if one.startswith("lstm")] == lstms


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
