"""The axes of tensors in programs of PyTorch, around their layers."""

from textwrap import dedent

import pytest
from chains import layers, unknown

from app.reading.code.layers_in_order import read


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


@pytest.mark.parametrize(
    ("index", "axes"),
    [
        ("torch.tensor([2, 0, 1]).argsort()", "? 5 8"),
        ("torch.sort(torch.tensor([2, 0, 1]), descending=True)[1]", "? 5 8"),
        ("torch.tensor([True, False, True])", "? 5 8"),  # a mask leaves fewer
        ("torch.tensor([[0, 1], [1, 2]])", "2 2 5 8"),
        ("torch.ones(3, 5) > 0", "..."),  # a mask of two axes, of which one is left
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
