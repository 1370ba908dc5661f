"""Packed sequences of PyTorch whose numbers a program replaces."""

from textwrap import dedent

import pytest
from chains import layers, unknown

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state_to_picture.model.read_layer import query_of
from app.url_state_to_picture.model.read_model import read_chain

HEAD = """
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, PackedSequence
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(10, 25, batch_first=True)
                self.att = nn.Linear(25, 1)
                self.next = nn.LSTM(25, 30)
                self.fc = nn.Linear(25, 3)
            def forward(self, x, lengths, other):
                p = pack_padded_sequence(x, lengths, batch_first=True)
                p, _ = self.rnn(p)
                y, _ = pad_packed_sequence(p, batch_first=True)
"""
RNN = "rnn: gru ? ? 10 -> ? ? 25"


@pytest.mark.parametrize(
    "make", ["p._replace(data=a)", "PackedSequence(a, p.batch_sizes)", "p._replace(data=a).cuda()"]
)
def test_a_number_for_each_step_is_padded_to_two_axes(make: str) -> None:
    source = f"""{HEAD}
                a = self.att(p.data).squeeze(1)
                a, _ = pad_packed_sequence({make}, batch_first=True)
                return self.fc((y * a.unsqueeze(2)).sum(dim=1))
    """
    assert layers(source) == [RNN, "att: dense ? 25 -> ? 1", "fc: dense ? 25 -> ? 3"]
    assert unknown(source) == ["self.next = nn.LSTM(25, 30)"]


def test_a_packed_sequence_with_other_numbers_has_their_width() -> None:
    source = f"""{HEAD}
                a, _ = pad_packed_sequence(p._replace(data=self.att(p.data)), batch_first=True)
                return self.fc((y * a).sum(dim=1))
    """
    assert layers(source) == [RNN, "att: dense ? 25 -> ? 1", "fc: dense ? 25 -> ? 3"]


@pytest.mark.parametrize(
    "data",
    ["x.view(4, 5, 25)", "other.strange(p)", "x.new(x)", "nobody(x)"],
    ids=["3 axes", "method", "new", "function"],
)
def test_a_layer_that_gets_a_packed_sequence_of_unknown_numbers_is_called(data: str) -> None:
    source = f"""{HEAD}
                q, _ = self.next(PackedSequence(data={data}, batch_sizes=lengths))
                return self.att(y)
    """
    assert layers(source) == [RNN, "next: lstm ? ? 25 -> ? ? 30", "att: dense ? ? 25 -> ? ? 1"]


def test_a_layer_of_each_step_that_gets_a_packed_sequence_is_called_and_not_understood() -> None:
    source = f"""{HEAD}
                return self.fc(p)
    """
    assert layers(source) == [RNN, "fc: dense ... 25 -> ... 3"]
    assert "return self.fc(p)" in unknown(source)


def test_the_number_of_axes_of_an_unknown_packed_sequence_is_unknown() -> None:
    source = f"""{HEAD}
                a, _ = pad_packed_sequence(nobody(p), batch_first=True)
                return self.att(a.unsqueeze(1))
    """
    assert layers(source)[1:] == ["att: dense ... 25 -> ... 1"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_sequence_that_is_padded_in_the_other_order_and_transposed_is_as_it_was(is_first: bool) -> None:
    """The layer returns it in the order in which it was packed."""
    source = f"""
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(10, 25, batch_first={is_first})
                self.drop = nn.Dropout(0.1)
                self.fc = nn.Linear(25, 3)
            def forward(self, x, lengths):
                p, _ = self.rnn(pack_padded_sequence(x, lengths, batch_first={is_first}))
                y, _ = pad_packed_sequence(p, batch_first={not is_first})
                return self.fc(self.drop(y.transpose(0, 1).contiguous()))
    """
    reading = read(dedent(source))
    chain = read_chain(reading.models[0], MAX_TEXT_LENGTH, result=reading.results[0])

    assert chain_text(chain.chain) == "lstm(10,25,seq).dropout.dense(3)"


def test_a_sequence_that_is_padded_in_the_other_order_is_transposed() -> None:
    source = """
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(10, 25, batch_first=True)
                self.fc = nn.Linear(25, 3)
            def forward(self, x, lengths):
                p, _ = self.rnn(pack_padded_sequence(x, lengths, batch_first=True))
                y, _ = pad_packed_sequence(p)
                return self.fc(y)
    """
    (model,) = read(dedent(source)).models
    _, dense = model

    assert (dense.is_transposed_first, dense.has_moved_samples) == (True, True)


@pytest.mark.parametrize("own_order", ["", "batch_first=True, "])
@pytest.mark.parametrize(
    ("pack", "query", "order", "batch_size"),
    [
        ("e, n, batch_first=True", "batch_size=6&time_step=19", "&batch_first=true", 6),
        ("e.transpose(0, 1), n", "batch_size=6&time_step=19", "", 6),
    ],
    ids=["batch first", "time first"],
)
def test_a_packed_sequence_says_its_order_whatever_its_layer_says(
    own_order: str, pack: str, query: str, order: str, batch_size: int
) -> None:
    source = f"""
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb = nn.Embedding(40, 12)
                self.rnn = nn.GRU(12, 17, {own_order})
                self.fc = nn.Linear(17, 2)
            def forward(self, ids, n):
                e = self.emb(ids)
                _, h = self.rnn(pack_padded_sequence({pack}))
                return self.fc(h[-1])
        Net()(torch.randint(0, 40, (6, 19)), torch.full((6,), 19))
    """
    reading = read(dedent(source))
    _, rnn, dense = reading.layers
    chain = read_chain(reading.models[0], MAX_TEXT_LENGTH, result=reading.results[0], given=reading.given[0])

    assert f"{query}&features=12&num_units=17&framework=pytorch{order}" in (query_of(rnn) or "")
    assert rnn.config["batch_first"] == bool(own_order), "the setting is the one that the program says"
    assert (dense.input, chain.batch_size, chain.batch_first) == ((6, 17), batch_size, bool(order))
