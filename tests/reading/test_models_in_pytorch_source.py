"""Models in programs of PyTorch: their order, models within models, and layers that none of them calls."""

from textwrap import dedent

import pytest
from chains import layers, unknown

from app.reading.code.interpreter_limits import MOST_LAYERS
from app.reading.code.layers_in_order import read


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


def test_a_module_of_another_library_is_said_not_to_be_read() -> None:
    for library, name in (("flax.linen", "Flax"), ("flax.nnx", "Flax"), ("haiku", "Haiku"), ("paddle.nn", "Paddle")):
        base = "Layer" if library == "paddle.nn" else "Module"
        reading = read(f"import {library} as nn\nclass Net(nn.{base}):\n  def __call__(self, x):\n    return x\n")

        assert [line.reason for line in reading.unknown] == [f"{name} is not read"]
        assert reading.unread_library == name


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
    assert read(dedent(source)).has_all_parameters(0)
    assert not read(dedent(source).replace("out.repeat(1, 1, 2)", "own(out)")).has_all_parameters(0)


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


POLICY = """
import torch
from torch import nn
class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(5, 7)
    def forward(self, x):
        return self.rnn(x)[0]
class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.out = Body(), nn.Linear(7, 2)
        self.eval()
    FORWARD
    def act(self, x):
        return self.scores(x).argmax(-1)
    def scores(self, x):
        return self.out(self.body(x))
    def save(self, path):
        torch.save(self.state_dict(), path)
"""
RAISES = '''def forward(self, x):
        """Nobody calls it."""
        raise NotImplementedError'''


@pytest.mark.parametrize("forward", ["", RAISES], ids=["none", "one that raises"])
@pytest.mark.parametrize(
    ("end", "steps"),
    [("", "? ?"), ("policy = Policy()", "? ?"), ("Policy().act(torch.zeros(3, 4, 5))", "3 4")],
    ids=["not made", "made", "called"],
)
def test_the_only_method_that_calls_layers_is_read_in_the_place_of_a_forward_pass(
    forward: str, end: str, steps: str
) -> None:
    source = POLICY.replace("FORWARD", forward) + end

    assert layers(source) == [f"body.rnn: gru {steps} 5 -> {steps} 7", f"out: dense {steps} 7 -> {steps} 2"]
    assert read(source).names == ["Policy"]
    assert unknown(source) == []


def test_no_method_is_read_in_the_place_of_a_forward_pass_that_does_something() -> None:
    source = POLICY.replace("FORWARD", "def forward(self, x):\n        return self.body(x)")

    assert layers(source) == ["body.rnn: gru ? ? 5 -> ? ? 7"]


def test_no_method_of_a_base_is_read_in_the_place_of_the_forward_passes_of_others() -> None:
    derived = "class Own(Policy):\n    def forward(self, x):\n        return self.scores(x)\n"

    assert read(POLICY.replace("FORWARD", RAISES) + derived).names == ["Own"]


def test_of_several_methods_that_call_layers_none_is_read_in_the_place_of_a_forward_pass() -> None:
    source = POLICY.replace("FORWARD", "def value(self, x):\n        return self.out(x)\n")

    assert "Policy" not in read(source).names


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ("self.out = nn.Linear(9, 3)", []),
        ("if torch.cuda.is_available():\n            self.out = nn.Linear(9, 3)", [6]),
        ("self.kept = self.out\n        self.out = nn.Linear(9, 3)", [6]),
        ("self.all = nn.ModuleList([self.out])\n        self.out = nn.Linear(9, 3)", [6]),
        ("self.out = self.out", []),
    ],
)
def test_a_layer_whose_attribute_gets_another_one_is_no_layer_of_the_model(after: str, lines: list[int]) -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        f"        super().__init__()\n        self.out = nn.Linear(40, 3)\n        {after}\n"
        "        self.rnn = nn.GRU(5, 9)\n    def forward(self, x):\n        return self.out(self.rnn(x)[0])\n"
    )

    assert [one.line for one in found.unused] == [n for n in lines if "is_available" not in after]
