"""``unrolled.trace`` of real PyTorch modules: every recurrent layer computes what our program computes, and the module
is as before afterwards."""

# mypy: allow-subclassing-any
import random
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

import numpy as np
import pytest
import torch
from pairing import ALL_COMBINATIONS
from programs_of import Call, names, recorded, runnable
from published_modules import PUBLISHED
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import app
from app.core.cells import LSTM
from app.frameworks.framework_types import FrameworkCell
from app.frameworks.pytorch import MODULES
from app.notebook import replay
from app.notebook.traced_model import TracedModel

TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}
LENGTHS = torch.tensor([3, 7, 1, 7])
NOT_FINITE = "not finite"  # what programs compute that never initialize a weight


class Tagger(nn.Module):
    """Layers in containers, and an initial state."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, 8)
        self.lstm = nn.LSTM(8, 16, 2, batch_first=True, bidirectional=True, dropout=0.5)
        self.norm = nn.BatchNorm1d(32)
        self.heads = nn.ModuleList([nn.Sequential(nn.Dropout(0.2), nn.Linear(32, 10)), nn.Linear(32, 3)])

    def forward(self, ids: Tensor, state: Any = None) -> list[Tensor]:
        output, _ = self.lstm(self.embedding(ids), state)
        last = self.norm(output[:, -1])
        return [head(last) for head in self.heads]


class Captions(nn.Module):
    """A cell in a loop, with attention to all places of a picture and the word before."""

    def __init__(self) -> None:
        super().__init__()
        self.places, self.h_0, self.words = nn.Linear(12, 6), nn.Linear(6, 5), nn.Embedding(20, 3)
        self.query, self.cell = nn.Linear(5, 6), nn.GRUCell(9, 5)

    def forward(self, picture: Tensor, text: Tensor) -> Tensor:
        places = self.places(picture)
        h, words, outputs = self.h_0(places.mean(1)).tanh(), self.words(text), []
        for t in range(text.size(1)):
            weights = (places @ self.query(h).unsqueeze(-1)).softmax(1)
            h = self.cell(torch.cat([words[:, t], (weights * places).sum(1)], 1), h)
            outputs.append(h)
        return torch.stack(outputs, 1)


def test_a_layer_reads_what_its_input_is_computed_from_in_every_step_of_a_loop() -> None:
    traced = app.trace(Captions(), torch.randn(4, 49, 12), torch.zeros(4, 11, dtype=torch.long))
    words = [re.findall(r"reads [^\n]*?(?=, ran|, replayed|$)|ran \d+", row) for row in repr(traced).splitlines()[1:]]

    of_cell = "reads words, places, query, its initial state comes from h_0, and in later runs from itself"
    assert words == [[], [], ["reads text"], ["reads h_0, cell", "ran 11"], [of_cell, "ran 11"]]
    assert "batch_first=true&model=input(49,12).dense(12,6)" in unquote(traced.link or "")


@pytest.mark.parametrize(
    "goes_on, words",
    [(True, "in later runs its initial state comes from itself"), (False, "each run begins with zeros")],
)
@pytest.mark.parametrize("layer", [nn.LSTM(4, 4, batch_first=True), nn.LSTMCell(4, 4), nn.GRUCell(4, 4)])
def test_a_layer_that_begins_with_zeros_says_whether_its_later_runs_go_on(
    goes_on: bool, words: str, layer: nn.Module
) -> None:
    class Looped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def forward(self, x: Tensor) -> Any:
            state = None
            for part in x.chunk(3, 1):
                y = self.layer(part if isinstance(layer, nn.LSTM) else part[:, 0], state)
                state = (y[1] if isinstance(layer, nn.LSTM) else y) if goes_on else None
            return y

    (row,) = repr(app.trace(Looped(), torch.randn(2, 9, 4))).splitlines()[1:]
    once = repr(app.trace(Looped(), torch.randn(2, 1, 4)))

    assert f"{words}, ran 3 times, replayed" in row
    assert "begins" not in once and "itself" not in once


def test_each_argument_of_an_attention_and_the_state_of_a_decoder_say_what_they_read() -> None:
    class Translator(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = nn.GRU(4, 6, batch_first=True), nn.GRU(4, 6, batch_first=True)
            self.attention, self.itself = (nn.MultiheadAttention(6, 2, batch_first=True) for _ in range(2))

        def forward(self, source: Tensor, target: Tensor) -> Tensor:
            keys, h = self.encoder(source)
            queries, _ = self.decoder(target, h)
            y, _ = self.attention(queries, keys, keys, key_padding_mask=source[..., 0] > 9)
            return self.itself(y, y, y)[0]

    _, decoder, attention, itself = repr(
        app.trace(Translator(), torch.randn(2, 7, 4), torch.randn(2, 5, 4))
    ).splitlines()[1:]

    assert "reads target, its initial state comes from encoder, replayed" in decoder
    assert attention.endswith("  reads decoder (query), encoder (key, value)")
    assert "reads" not in itself, "the layer before, in every argument"


def test_two_outputs_of_one_shared_layer_are_both_named() -> None:
    class Pair(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.GRU(4, 6, batch_first=True)
            self.attention, self.itself = (nn.MultiheadAttention(6, 2, batch_first=True) for _ in range(2))

        def forward(self, one: Tensor, other: Tensor) -> Tensor:
            (queries, _), (keys, _) = self.encoder(one), self.encoder(other)
            y, _ = self.attention(queries, keys, keys)
            return self.itself(y, y, y)[0]

    *_, attention, itself = repr(app.trace(Pair(), torch.randn(2, 3, 4), torch.randn(2, 5, 4))).splitlines()

    assert attention.endswith("  reads encoder (query, key, value)")
    assert "reads" not in itself


def test_a_layer_that_is_called_at_two_places_is_one_layer() -> None:
    class Twins(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn, self.head = nn.LSTM(4, 6, batch_first=True), nn.Linear(12, 1)

        def forward(self, left: Tensor, right: Tensor) -> Tensor:
            one = self.rnn(left)[0][:, -1]
            other = self.rnn(right)[0][:, -1]
            return self.head(torch.cat([one, other], 1))

    traced = app.trace(Twins(), torch.randn(2, 7, 4), torch.randn(2, 9, 4))
    _, again, _ = repr(traced).splitlines()[1:]

    assert "the same layer as above, reads right" in again
    _, model = unquote(traced.link or "").split("model=")
    assert "lstm(4,6,seq).elsewhere(9,4).lstm(6,seq,params=0).other(12,params=0)" in model, "its parameters count once"


def test_the_last_step_a_permutation_and_a_packed_sequence_come_from_their_layer() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.LSTM(4, 5, batch_first=True), nn.GRU(5, 6, batch_first=True)
            self.mean, self.scale, self.last = nn.Linear(6, 2), nn.Linear(6, 2), nn.Linear(5, 2)

        def forward(self, x: Tensor, lengths: Tensor) -> Any:
            one = self.one(x)[0]
            packed = pack_padded_sequence(one, lengths, batch_first=True, enforce_sorted=False)
            state = self.two(packed)[1][-1]
            return self.mean(state), self.scale(state), self.last(one.permute(1, 0, 2)[-1])

    rows = repr(app.trace(Model(), torch.randn(2, 7, 4), torch.tensor([3, 7]))).splitlines()[1:]

    assert [re.findall(r"reads (\w+)", row) for row in rows] == [[], [], [], ["two"], ["one"]]


class Packed(nn.Module):
    """A packed sequence of samples with different lengths, in any order."""

    def __init__(self, kind: type, batch_first: bool) -> None:
        super().__init__()
        self.rnn = kind(8, 16, 2, batch_first=batch_first, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        first = self.rnn.batch_first
        packed = pack_padded_sequence(x, LENGTHS, batch_first=first, enforce_sorted=False)
        return pad_packed_sequence(self.rnn(packed)[0], batch_first=first)[0]


class Towers(nn.Module):
    """Two layers that read the same input, and a layer for each."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.LSTM(4, 5, batch_first=True), nn.GRU(4, 6, batch_first=True)
        self.of_left, self.of_right = nn.Linear(5, 2), nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        left, right = self.left(x)[0], self.right(x)[0]
        of_left: Tensor = self.of_left(left)
        return of_left + self.of_right(right)


def test_layers_of_two_towers_say_which_layer_they_read() -> None:
    rows = repr(app.trace(Towers(), torch.zeros(2, 7, 4))).splitlines()[1:]
    assert [re.findall(r"reads (\w+)", row) for row in rows] == [[], ["x"], ["left"], ["right"]]


class Decoder(nn.Module):
    """Cells in a loop over time."""

    def __init__(self) -> None:
        super().__init__()
        self.lower, self.upper, self.plain = nn.LSTMCell(4, 6), nn.GRUCell(6, 4), nn.RNNCell(4, 4, nonlinearity="relu")
        self.out = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_ones(len(x), 6)
        g = r = None
        for _ in range(5):
            h, c = self.lower(x, (h, c))
            g = self.upper(h, g)
            r = self.plain(g, r)
            x = self.out(r)
        return x


class Translator(nn.Module):
    """The last state of an encoder is the first one of a decoder, given by keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = nn.GRU(8, 16), nn.GRU(8, 16)

    def forward(self, source: Tensor, *, target: Tensor) -> Tensor:
        _, state = self.encoder(source)
        output, _ = self.decoder(target, hx=state)
        return output.add_(1)


class Twice(nn.Module):
    """One layer that is called at two places."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(8, 8, batch_first=True, nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x, _ = self.rnn(x)
        x, _ = self.rnn(x)
        return x


class OwnLSTM(nn.LSTM):
    """A class of one's own that computes what PyTorch computes."""


def modules(type: torch.dtype) -> dict[str, Callable[[], tuple[nn.Module, tuple[Any, ...], dict[str, Any]]]]:
    """Modules of different manner with their inputs."""

    def x(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=type)

    ids = torch.randint(0, 100, (4, 7))
    return {
        "tagger": lambda: (Tagger(), (ids,), {}),
        "tagger with a state": lambda: (Tagger(), (ids,), {"state": (x(4, 4, 16), x(4, 4, 16))}),
        "packed GRU": lambda: (Packed(nn.GRU, True), (x(4, 7, 8),), {}),
        "packed LSTM, time first": lambda: (Packed(nn.LSTM, False), (x(7, 4, 8),), {}),
        "cells in a loop": lambda: (Decoder(), (x(3, 4),), {}),
        "encoder and decoder": lambda: (Translator(), (x(7, 4, 8),), {"target": x(5, 4, 8)}),
        "twice": lambda: (Twice(), (x(4, 7, 8),), {}),
        "projection": lambda: (nn.LSTM(3, 8, 2, proj_size=2, bidirectional=True), (x(5, 2, 3),), {}),
        "without bias": lambda: (nn.GRU(3, 8, bias=False, batch_first=True), (x(5, 2, 3), x(1, 5, 8)), {}),
        "one sequence": lambda: (nn.LSTM(3, 8, bidirectional=True, batch_first=True), (x(5, 3),), {}),
        "one sequence with a state": lambda: (nn.RNN(3, 8, 2), (x(5, 3), x(2, 8)), {}),
        "one sample of a cell": lambda: (nn.LSTMCell(3, 8), (x(3), (x(8), x(8))), {}),
        "in a chain": lambda: (nn.Sequential(OwnLSTM(8, 8)), (x(7, 4, 8),), {}),
        "weights with a norm": lambda: (
            nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0"),
            (x(5, 2, 3),),
            {},
        ),
    }


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("name", modules(torch.float32))
def test_every_recurrent_layer_is_replayed(name: str, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    module, inputs, keywords = modules(dtype)[name]()
    traced = app.trace(module.to(dtype), *inputs, **keywords)

    assert traced.differences, "it has recurrent layers"
    assert max(difference for difference in traced.differences if difference is not None) < TOLERANCE[dtype]
    assert [*traced.reasons] == [""] * len(traced.differences)
    assert "<svg" in traced._repr_html_()


@pytest.mark.parametrize("made", (nn.RNN, nn.RNNCell))
def test_the_row_of_a_replayed_layer_says_that_no_picture_has_its_activation(made: Callable[..., nn.Module]) -> None:
    rows = []
    for nonlinearity in ("relu", "tanh"):
        traced = app.trace(made(3, 4, nonlinearity=nonlinearity), torch.randn(5, 3))
        assert traced.differences[0] is not None and traced.differences[0] < 1e-6
        rows.append("; no picture shows a setting of it, such as its activation" in repr(traced))
    assert rows == [True, False]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_recurrent_layers_of_a_published_model_are_found_and_replayed(name: str) -> None:
    torch.manual_seed(0)
    module, inputs, expected = PUBLISHED[name]
    traced = app.trace(module(), *inputs())

    layers = [(one["kind"], tuple(one["input"]), tuple(one["output"])) for one in traced.layers]
    assert [layer for layer in layers if layer[0].removesuffix("_cell") in ("lstm", "gru", "rnn")] == expected
    assert [*traced.reasons] == [""] * len(expected)
    assert max(difference for difference in traced.differences if difference is not None) < 1e-5


def test_a_replay_with_another_order_of_gates_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setitem(MODULES, LSTM, FrameworkCell("LSTM", "figo"))

    (difference,) = app.trace(nn.LSTM(3, 8), torch.randn(5, 2, 3)).differences
    assert difference is not None and difference > 0.01


def test_layers_have_the_order_of_the_forward_pass_with_the_recorded_shapes() -> None:
    layers = app.trace(Tagger(), torch.randint(0, 100, (4, 7))).layers

    assert [(layer["name"], layer["kind"], layer["input"], layer["output"]) for layer in layers] == [
        ("embedding", "embedding", [4, 7], [4, 7, 8]),
        ("lstm", "lstm", [4, 7, 8], [4, 7, 32]),
        ("norm", "normalization", [4, 32], [4, 32]),
        ("heads.0.0", "dropout", [4, 32], [4, 32]),
        ("heads.0.1", "dense", [4, 32], [4, 10]),
        ("heads.1", "dense", [4, 32], [4, 3]),
    ]
    assert layers[1]["config"] == {
        "features": 8,
        "num_units": 16,
        "num_layers": 2,
        "bidirectional": True,
        "num_proj": 0,
        "batch_first": True,
        "bias": True,
        "dropout": 0.5,
    }
    assert layers[1]["line"] is None
    assert layers[1]["query"].startswith("?batch_size=4&time_step=7&features=8&num_units=16&num_layers=2")


def test_a_layer_in_a_loop_is_listed_once_and_one_at_two_places_twice() -> None:
    names = [layer["name"] for layer in app.trace(Decoder(), torch.randn(3, 4)).layers]
    assert names == ["lower", "upper", "plain", "out"]
    shared = nn.Linear(4, 4)
    assert len(app.trace(Twice(), torch.randn(4, 7, 8)).layers) == 2
    assert len(app.trace(nn.Sequential(shared, nn.ReLU(), shared), torch.randn(3, 4)).layers) == 3


def test_a_packed_sequence_has_the_shape_of_the_padded_one() -> None:
    for batch_first, shape in ((True, (4, 7)), (False, (7, 4))):
        (layer,) = app.trace(Packed(nn.GRU, batch_first), torch.randn(*shape, 8)).layers
        assert (layer["input"], layer["output"]) == ([*shape, 8], [*shape, 32])


@pytest.mark.parametrize("batch_first", [False, True])
def test_a_packed_sequence_is_in_the_link_what_the_padded_one_is(batch_first: bool) -> None:
    layer = nn.LSTM(4, 9, batch_first=batch_first)
    x = torch.randn(*(2, 5) if batch_first else (5, 2), 4)
    packed = pack_padded_sequence(x, torch.tensor([5, 3]), batch_first)

    assert model_of(layer, packed) == model_of(layer, x) == "input(5,4).lstm(4,9,seq)"


def test_a_layer_that_takes_the_output_of_an_earlier_one_does_not_follow_the_one_between() -> None:
    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.one, self.other = nn.Embedding(9, 8), nn.GRU(8, 8), nn.GRU(8, 4)

        def forward(self, ids: Tensor) -> Tensor:
            x = self.embedding(ids)
            return torch.cat([self.one(x)[0], self.other(x)[0]], -1)

    link = app.trace(Branches(), torch.zeros(7, 3, dtype=torch.long)).link or ""
    assert (
        unquote(link).partition("model=")[2].startswith("input(7).embedding(9,8).gru(8,seq).elsewhere(7,8).gru(4,seq)")
    )


def model_of(module: nn.Module, *inputs: Any) -> str:
    """The text of the model in the link of a trace."""
    return unquote(app.trace(module, *inputs).link or "").partition("model=")[2].partition("&")[0]


@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")
@pytest.mark.parametrize("norm", (nn.utils.weight_norm, nn.utils.parametrizations.weight_norm))
@pytest.mark.parametrize("layer", (nn.RNN, nn.GRU, nn.LSTM, nn.GRUCell))
def test_the_chain_counts_the_lengths_of_rows_of_a_weight_norm(norm: Any, layer: Any) -> None:
    module, is_cell = layer(3, 4), issubclass(layer, nn.RNNCellBase)
    for name in ("weight_ih", "weight_hh"):
        norm(module, name if is_cell else f"{name}_l0")

    text = model_of(module, torch.randn(5, 3) if is_cell else torch.randn(5, 2, 3))

    assert f"params={sum(one.numel() for one in module.parameters())}" in text


def test_the_parameters_of_a_table_are_those_of_the_module() -> None:
    """Those of a layer that is called twice count once, and so does a matrix that two layers share."""

    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.lstm, self.head = nn.Embedding(50, 8), nn.LSTM(8, 8), nn.Linear(8, 50)
            self.head.weight = self.words.weight

        def forward(self, skipped: Tensor, ids: Tensor) -> Tensor:
            return self.head(self.lstm(self.lstm(self.words(ids))[0])[0]) + skipped

    module = Tied()
    traced = app.trace(module, torch.zeros(1), torch.zeros(3, 2, dtype=torch.long))

    first, *others = [re.split(r"  +", line) for line in repr(traced).splitlines()[1:]]
    assert first[-1] == "reads ids"
    counts = [int(row[4].replace(",", "")) for row in (first, *others)]
    assert sum(counts) == sum(parameter.numel() for parameter in module.parameters())
    assert counts[0] == 400 and counts[-1] == 50


def test_a_matrix_of_two_layers_counts_once_in_the_link() -> None:
    class Language(nn.Module):
        def __init__(self, first: str) -> None:
            super().__init__()
            self.words, self.lstm, self.scores = nn.Embedding(90, 8), nn.LSTM(8, 8), nn.Linear(8, 90)
            self.scores.weight, self.first = self.words.weight, first

        def forward(self, ids: Tensor) -> Tensor:
            if self.first == "scores":
                return self.words(self.scores(self.lstm(torch.zeros(5, 2, 8))[0]).argmax(-1))
            return self.scores(self.lstm(self.words(ids))[0])

    ids = torch.zeros(5, 2, dtype=torch.long)
    assert model_of(Language("words"), ids).endswith("embedding(90,8).lstm(8,seq).dense(90,params=90)")
    assert model_of(Language("scores"), ids).endswith("dense(90).other(5,params=0).embedding(90,8,params=0)")


@pytest.mark.parametrize(
    ("first", "rest", "text"),
    [
        ("h[-1]", "q", "gru(6,8).dense(8).dense(2)"),
        ("y[:, -1]", "q", "gru(6,8).dense(8).dense(2)"),
        (
            "h[-1]",
            "(q.unsqueeze(1) @ y.mT).softmax(-1).bmm(y).squeeze(1)",
            "gru(6,8,seq).elsewhere(8).dense(8).dense(2,others)",
        ),
        ("h[-1]", "self.attend(q.unsqueeze(1), y, y)[0][:, 0]", "gru(6,8,seq).elsewhere(8).dense(8)"),
        ("y[:, -1]", "self.attend(q.unsqueeze(1), y, y)[0][:, 0]", "gru(6,8,seq).other(8,params=0).dense(8)"),
    ],
)
def test_a_link_has_every_step_of_a_layer_if_anything_gets_them(first: str, rest: str, text: str) -> None:
    class Attending(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.query, self.head = nn.GRU(6, 8, batch_first=True), nn.Linear(8, 8), nn.Linear(8, 2)
            self.attend = nn.MultiheadAttention(8, 1, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            y, h = self.gru(x)
            q = self.query(eval(first, {}, {"y": y, "h": h}))
            return self.head(eval(rest, {}, {"self": self, "y": y, "q": q}) + 1)

    assert text in model_of(Attending(), torch.zeros(2, 4, 6))


@pytest.mark.parametrize(
    ("made", "returned", "is_said"),
    [
        ("torch.cat([h[-2], h[-1]], -1)", "y", True),
        ("torch.cat([h[-2], h[-1]], -1)", "None", False),
        ("torch.cat([y[:, -1, :7], h[-1]], -1)", "y", False),
    ],
    ids=["the steps are returned", "nothing gets the steps", "steps and states"],
)
def test_a_layer_that_reads_the_last_states_of_one_whose_steps_are_for_others_says_so(
    made: str, returned: str, is_said: bool
) -> None:
    class Sentences(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.body = nn.Embedding(30, 5), nn.GRU(5, 7, 2, batch_first=True, bidirectional=True)
            self.score = nn.Linear(14, 4)

        def forward(self, ids: Tensor) -> Any:
            y, h = self.body(self.words(ids))
            values = {"torch": torch, "y": y, "h": h}
            return self.score(eval(made, {}, values)), eval(returned, {}, values)

    *_, row = repr(app.trace(Sentences(), torch.zeros(3, 6, dtype=torch.long))).splitlines()[:4]

    assert row.startswith("score") and ("reads the last states of body" in row) == is_said


@pytest.mark.parametrize("has_head", [True, False])
@pytest.mark.parametrize(
    ("settings", "made", "text"),
    [
        ({}, "y[:, -1]", "lstm(6,8)"),
        ({}, "h[-1]", "lstm(6,8)"),
        ({}, "y.mean(1)", "lstm(6,8,seq).other(8,params=0)"),
        ({}, "y.max(1)[0]", "lstm(6,8,seq).other(8,params=0)"),
        ({}, "y.sum(1)", "lstm(6,8,seq).other(8,params=0)"),
        ({}, "c[-1]", "lstm(6,8,states).other(8,params=0)"),
        ({"num_layers": 2}, "h[-1]", "lstm(6,8,layers=2)"),
        ({"num_layers": 2}, "h[0]", "lstm(6,8,states,layers=2).other(8,params=0)"),
        ({"bidirectional": True}, "y[:, -1]", "lstm(6,8,bi)"),
        ({"bidirectional": True}, "y.mean(1)", "lstm(6,8,bi,seq).other(16,params=0)"),
        ({"bidirectional": True}, "torch.cat([h[0], h[1]], 1)", "lstm(6,8,bi,ends)"),
        ({"bidirectional": True}, "h[0] + h[1]", "lstm(6,8,bi,states).other(8,params=0)"),
    ],
)
def test_a_link_says_what_goes_on_of_a_layer(settings: dict[str, Any], made: str, text: str, *, has_head: bool) -> None:
    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(6, 8, batch_first=True, **settings)
            self.head = nn.LazyLinear(3) if has_head else None

        def forward(self, x: Tensor) -> Tensor:
            y, (h, c) = self.lstm(x)
            vector: Tensor = eval(made, {"torch": torch}, {"y": y, "h": h, "c": c})
            return self.head(vector) if self.head else vector

    model = model_of(Classifier(), torch.randn(2, 4, 6))
    assert model == f"input(4,6).{text}{'.dense(3)' if has_head else ''}"


def test_a_link_says_that_only_the_states_of_an_encoder_go_on() -> None:
    class Translator(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = nn.GRU(6, 8, batch_first=True), nn.GRU(5, 8, batch_first=True)

        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            return self.decoder(y, self.encoder(x)[1])[0]

    model = model_of(Translator(), torch.randn(2, 4, 6), torch.randn(2, 3, 5))
    assert model == "input(4,6).gru(6,8,states).elsewhere(3,5).gru(8,seq)"


def test_a_layer_that_reads_more_than_the_one_before_says_so_in_the_link() -> None:
    class Noise(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encode, self.mean = nn.GRU(6, 8, batch_first=True), nn.Linear(8, 3)
            self.spread, self.decode = nn.Linear(8, 3), nn.Linear(3, 5)

        def forward(self, x: Tensor) -> Tensor:
            h = self.encode(x)[1][-1]
            return self.decode(self.mean(h) + self.spread(h).exp())

    assert model_of(Noise(), torch.zeros(2, 4, 6)).endswith("gru(6,8).dense(3).elsewhere(8).dense(3).dense(5,others)")


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ("y", "gru(6,8,seq).dense(3)"),
        ("y, h", "gru(6,8,seq).dense(3).output"),
        ("y, self.second(x)", "gru(6,8,seq).dense(3).elsewhere(4,6).dense(5).output(4,3)"),
        ("torch.cat([y, x], -1)", "gru(6,8,seq).dense(3).other(4,9,others)"),
        ("y.reshape(2, 12)", "gru(6,8,seq).dense(3).other(12)"),
        ("y[:, -1]", "gru(6,8,seq).dense(3).other(3)"),
    ],
)
def test_a_link_says_what_becomes_of_the_last_layer_and_what_else_is_returned(end: str, text: str) -> None:
    class Ends(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.first = nn.GRU(6, 8, batch_first=True), nn.Linear(8, 3)
            self.second = nn.Linear(6, 5)

        def forward(self, x: Tensor) -> Any:
            outputs, h = self.gru(x)
            return eval(end, {"torch": torch}, {"self": self, "x": x, "y": self.first(outputs), "h": h})

    assert model_of(Ends(), torch.zeros(2, 4, 6)).endswith(text)


@pytest.mark.parametrize(
    ("shape", "start", "text"),
    [
        ((2, 7, 4), "torch.cat([x, x**2], -1)", "input(7,4).other(7,8,params=0).gru(6,seq)"),
        ((2, 6, 4), "x.reshape(2, 3, 8)", "input(6,4).other(3,8,params=0).gru(6,seq)"),
        ((2, 8, 5), "x.transpose(1, 2)", "input(8,5).transpose.gru(6,seq)"),
        ((2, 7, 8), "x", "input(7,8).gru(8,6,seq)"),
        ((2, 7, 8), "torch.relu(x)", "input(7,8).gru(8,6,seq)"),
    ],
)
def test_a_link_begins_with_the_input_of_the_model(shape: tuple[int, ...], start: str, text: str) -> None:
    """Also if what is computed from it has another number of elements."""

    class Begins(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(8, 6, batch_first=True)

        def forward(self, x: Tensor) -> Any:
            return self.gru(eval(start, {"torch": torch}, {"x": x}))[0]

    assert model_of(Begins(), torch.rand(shape)) == text


@pytest.mark.parametrize(
    ("shape", "start", "text"),
    [
        ((7, 2, 4), "torch.cat([x, x**2], -1)", "input(7,4).other(7,8,params=0).gru(6,seq)"),
        ((2, 7, 8), "x.transpose(0, 1)", "input(7,8).gru(8,6,seq)"),
        ((7, 2, 8), "torch.relu(x)", "input(7,8).gru(8,6,seq)"),
    ],
)
def test_a_link_of_a_time_first_model_begins_with_the_input_of_the_model(
    shape: tuple[int, ...], start: str, text: str
) -> None:
    class Begins(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(8, 6)

        def forward(self, x: Tensor) -> Any:
            return self.gru(eval(start, {"torch": torch}, {"x": x}))[0]

    assert model_of(Begins(), torch.zeros(shape)) == text


def test_the_input_of_a_loop_of_cells_has_all_steps() -> None:
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTMCell(4, 6)

        def forward(self, x: Tensor) -> Tensor:
            state = None
            for step in x.unbind(1):
                state = self.cell(step, state)
            assert state is not None
            return state[0]

    assert model_of(Loop(), torch.zeros(2, 7, 4)) == "input(7,4).other(4,params=0).lstm_cell(6,runs=7)"


def test_a_chain_has_every_recorded_size() -> None:
    """Convolutions take the channels before the steps, and attention sums over the steps."""

    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.conv = nn.Embedding(50, 20), nn.Conv1d(20, 9, 3, padding=1)
            self.lstm, self.norm = nn.LSTM(9, 16, batch_first=True, bidirectional=True), nn.LayerNorm(32)
            self.score, self.out = nn.Linear(32, 1), nn.Linear(32, 4)

        def forward(self, ids: Tensor) -> Tensor:
            x = torch.relu(self.conv(self.embedding(ids).transpose(1, 2).contiguous())).transpose(1, 2)
            states = self.norm(self.lstm(x)[0])
            return self.out((torch.softmax(self.score(torch.tanh(states)), 1) * states).sum(1))

    link = unquote(app.trace(Classifier(), torch.zeros(3, 12, dtype=torch.long)).link or "")
    before, lstm = "input(12).embedding(50,20).transpose.convolution(9,12,channels,params=549)", "lstm(16,bi,seq)"
    after = "normalization(params=64).dense(1).other(32,params=0).dense(4,others)"
    assert f"{before}.other(12,9,params=0).{lstm}.{after}" in link, "a function, and a transposition after it"
    assert "batch_size=3" in link and "?" not in link.partition("?")[2]


class Stateful(nn.Module):
    """It keeps its last state, and makes random numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.norm, self.state = nn.GRU(8, 8), nn.BatchNorm1d(8), None
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Tensor, fails: bool = False) -> Tensor:
        self.calls += 1
        self.new = self.training
        output, self.state = self.gru(x + torch.randn_like(x) + np.random.rand() + random.random(), self.state)
        if fails:
            raise ValueError("fails")
        return self.norm(output[-1])


@pytest.mark.parametrize("fails", [False, True], ids=["returns", "raises"])
def test_a_module_is_as_before_afterwards(fails: bool) -> None:
    torch.manual_seed(0)
    module, x = Stateful().train(), torch.randn(7, 3, 8)
    module.norm.eval()
    module(x)[0].sum().backward()

    def everything() -> list[Any]:
        """The modules, all tensors, and the generators of random numbers."""
        modules = [(one.training, set(vars(one)), len(one._forward_hooks)) for one in module.modules()]
        tensors = [*module.state_dict().values(), *(parameter.grad for parameter in module.parameters()), module.state]
        values = [one.tolist() for one in (*tensors, torch.get_rng_state()) if one is not None]
        return [modules, values, random.getstate(), str(np.random.get_state())]

    before = everything()
    if fails:
        with pytest.raises(ValueError, match="fails"):
            app.trace(module, x, fails=True)
    else:
        app.trace(module, x)
    assert everything() == before
    assert torch.is_grad_enabled()


def test_a_lazy_module_keeps_the_sizes_that_it_got() -> None:
    module = nn.Sequential(nn.LazyLinear(8), nn.GRU(8, 4))
    assert [layer["config"].get("features") for layer in app.trace(module, torch.randn(7, 3, 5)).layers] == [5, 8]
    assert module(torch.randn(7, 3, 5))[0].shape == (7, 3, 4)


@pytest.mark.skipif(not ALL_COMBINATIONS, reason="importing the compiler takes long")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_module_is_traced_as_it_was_before() -> None:
    for module in (torch.compile(Twice()), torch.compile(nn.Sequential(torch.compile(Twice())))):
        layers = app.trace(module, torch.randn(4, 7, 8)).layers
        assert [layer["name"].removeprefix("0.") for layer in layers] == ["rnn", "rnn"]


class InContext(nn.Module):
    """A cell in a context, or called by a function."""

    def __init__(self, context: Any = None, call: Any = None) -> None:
        super().__init__()
        self.cell, self.context, self.call = nn.GRUCell(3, 8), context or nullcontext(), call or nn.Module.__call__

    def forward(self, x: Tensor) -> Any:
        with self.context:
            return self.call(self.cell, x)


class Sampling(nn.Module):
    """Dropout in every mode."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 8, 2, dropout=0.5)

    def forward(self, x: Tensor) -> Any:
        return self.lstm.train()(x)


def not_a_number() -> nn.Module:
    module = nn.LSTM(3, 8)
    nn.init.constant_(module.bias_hh_l0, torch.nan)
    return module


@pytest.mark.parametrize(
    "module, x, reason",
    [
        (
            nn.LSTM(3, 8).bfloat16(),
            torch.randn(5, 2, 3).bfloat16(),
            "it computes in torch.bfloat16; a replay computes in float32 or float64",
        ),
        (not_a_number(), torch.randn(5, 2, 3), "it returned numbers that are not finite, such as NaN"),
        (
            nn.GRU(3, 8),
            torch.randn(5, 0, 3),
            "it computed no step: it got no samples, or all their steps are masked",
        ),
        (
            InContext(torch.autocast("cpu", torch.bfloat16)),
            torch.randn(2, 3),
            "autocast makes it compute in torch.bfloat16; a replay computes in float32 or float64",
        ),
        (
            InContext(call=lambda cell, x: torch.vmap(cell)(x)),
            torch.randn(5, 2, 3),
            "its tensors have no values of their own, as in a call by torch.vmap",
        ),
        (
            Sampling(),
            torch.randn(5, 2, 3),
            "its dropout is active, because the model switches it to training mode",
        ),
    ],
    ids=["precision", "not a number", "no samples", "autocast", "vmap", "dropout"],
)
@pytest.mark.filterwarnings("ignore:There is a performance drop")
def test_a_layer_that_is_not_replayed_says_why(module: nn.Module, x: Tensor, reason: str) -> None:
    traced = app.trace(module, x)

    assert (traced.differences, traced.reasons) == ([None], [reason])
    assert reason in traced._repr_html_()


@pytest.mark.filterwarnings("ignore:torch.quantize")
def test_layers_with_quantized_weights_are_listed_and_not_replayed() -> None:
    of = torch.ao.nn.quantized.dynamic
    traced = app.trace(nn.Sequential(of.GRUCell(3, 8), of.Linear(8, 2)), torch.randn(5, 3))

    assert [(one["kind"], one["config"]["num_units"]) for one in traced.layers] == [("gru_cell", 8), ("dense", 2)]
    assert traced.reasons == ["its weights are quantized; a replay computes in float32 or float64"]


@pytest.mark.skipif(not ALL_COMBINATIONS, reason="importing what computes shapes only takes long")
def test_a_module_without_values_is_traced_and_not_replayed() -> None:
    traced = app.trace(nn.GRU(3, 8, device="meta"), torch.randn(5, 2, 3, device="meta"))

    assert traced.layers[0]["output"] == [5, 2, 8]
    assert traced.reasons == ["its tensors have no values, only shapes: they are on the device meta"]


def test_the_input_is_the_first_parameter_and_not_the_first_argument_of_a_call() -> None:
    (layer,) = app.trace(nn.GRU(3, 8), hx=torch.zeros(1, 2, 8), input=torch.randn(5, 2, 3)).layers

    assert layer["input"] == [5, 2, 3]


def test_a_recurrent_class_with_a_forward_pass_of_its_own_is_listed_with_its_shapes_only() -> None:
    class Output(nn.LSTM):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x)[0]

    traced = app.trace(nn.Sequential(Output(3, 8), nn.Linear(8, 2)), torch.randn(5, 2, 3))

    assert [layer["kind"] for layer in traced.layers] == ["other", "dense"]
    assert traced.layers[0]["output"] == [5, 2, 8]
    assert "0     Output  5 × 2 × 3  5 × 2 × 8" in repr(traced)


@pytest.mark.parametrize("batch_first", [False, True])
def test_the_batch_of_a_recurrent_class_with_a_forward_pass_of_its_own_is_where_it_says(batch_first: bool) -> None:
    class Doubled(nn.GRU):
        def forward(self, x: Tensor) -> Tensor:
            return 2 * super().forward(x)[0]

    model = nn.Sequential(Doubled(6, 9, batch_first=batch_first), nn.Linear(9, 4))
    traced = app.trace(model, torch.randn(7, 3, 6).transpose(0, int(batch_first)))
    query = dict(parse_qsl(str(traced.link).partition("?")[2]))

    assert (query["batch_size"], query["model"]) == ("3", "input(7,6).other(7,9).dense(4)")
    assert traced.left_out == []


@pytest.mark.parametrize("first", [nn.Embedding(20, 6), nn.Linear(1, 6)])
def test_the_steps_of_one_sequence_without_a_batch_are_no_batch(first: nn.Module) -> None:
    class OneSequence(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.gru = first, nn.GRU(6, 9)

        def forward(self, x: Tensor) -> Any:
            return self.gru(self.first(x))[0]

    x = torch.zeros(11, dtype=torch.long) if isinstance(first, nn.Embedding) else torch.randn(11, 1)
    traced = app.trace(OneSequence(), x)

    assert traced.layers[1]["input"] == [11, 6]
    assert "batch_size" not in dict(parse_qsl(str(traced.link).partition("?")[2]))


def test_what_a_forward_pass_changes_in_place_is_as_before_afterwards() -> None:
    class Changing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(5, 8, max_norm=0.1)
            self.weight, self.state = nn.Parameter(torch.ones(8)), torch.zeros(8)

        def forward(self, ids: Tensor) -> Tensor:
            self.weight.data.mul_(2)
            self.state += 1
            return self.embedding(ids) * self.weight + self.state

    module = Changing()

    def everything() -> list[Any]:
        return [tensor.tolist() for tensor in (*module.parameters(), module.state)]

    before = everything()
    app.trace(module, torch.arange(5))
    assert everything() == before


def _zero_through_numpy(state: Tensor) -> None:
    state.numpy()[:] = 0


@pytest.mark.parametrize("change", [Tensor.zero_, lambda state: state.data.zero_(), _zero_through_numpy])
def test_the_states_of_a_loop_that_changes_them_in_place_are_replayed(change: Callable[[Tensor], object]) -> None:
    class Resetting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTMCell(3, 5)

        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            states = self.cell(x[:, 0])
            change(states[0])
            returned: tuple[Tensor, Tensor] = self.cell(x[:, 1], states)
            return returned

    differences = app.trace(Resetting(), torch.randn(7, 2, 3)).differences

    assert len(differences) == 2
    assert all(one is not None and one < 1e-6 for one in differences)


def test_a_loop_over_tensors_without_values_is_listed() -> None:
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(3, 5)

        def forward(self, x: Tensor) -> Tensor:
            state = None
            for step in x.unbind(1):
                state = self.cell(step, state)
            return state

    traced = app.trace(Loop().to("meta"), torch.randn(7, 2, 3, device="meta"))

    assert traced.layers[0]["output"] == [7, 5]


def test_gradients_of_an_earlier_forward_pass_can_be_computed_afterwards() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(3, 8)
            self.register_buffer("scale", torch.ones(8))

        def forward(self, x: Tensor) -> Tensor:
            return self.gru(x)[0] * self.scale

    module, x = Scaled(), torch.randn(5, 2, 3)
    loss = module(x).sum()
    app.trace(module, x)
    loss.backward()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_module_is_refused_and_one_in_another_module_is_listed_with_its_shapes_only() -> None:
    scripted = torch.jit.script(nn.Sequential(nn.Linear(3, 8), nn.Dropout()))
    with pytest.raises(TypeError, match="scripted module; pass the module that it was made from"):
        app.trace(scripted, torch.randn(5, 2, 3))

    traced = app.trace(nn.Sequential(scripted, nn.GRU(8, 4)), torch.randn(5, 2, 3))
    assert [(one["kind"], one["output"]) for one in traced.layers] == [("other", [5, 2, 8]), ("gru", [5, 2, 4])]
    assert "Sequential (scripted)" in repr(traced)
    assert scripted.training and scripted[1].training


class Settings(Mapping[str, Any]):
    """Settings that lack a value, as those of OmegaConf may, which raises an error when they are read."""

    def __getitem__(self, name: str) -> Any:
        raise KeyError(f"{name} has no value")

    def __iter__(self) -> Iterator[str]:
        return iter(["size"])

    def __len__(self) -> int:
        return 1


class InLists(nn.Module):
    """Layers that a model does not register, in lists and dicts. One counts its calls, and one list contains itself."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.LSTM(8, 16, 2, dropout=0.5), (nn.LSTM(16, 8), nn.BatchNorm1d(8))]
        self.heads = {"tag": nn.Sequential(nn.Linear(8, 3))}
        self.settings = Settings()
        self.parts: list[Any] = [self.layers]
        self.parts.append(self.parts)

    def forward(self, x: Tensor) -> Tensor:
        lower, (upper, norm) = self.layers
        x = upper(lower(x)[0])[0]
        return self.heads["tag"](norm(x[-1]))


def test_layers_in_plain_lists_and_dicts_are_recorded_and_left_as_they_were() -> None:
    model, x = InLists(), torch.randn(7, 3, 8)
    norm = model.layers[1][1]
    traced = app.trace(model, x)

    assert [one["name"] for one in traced.layers] == ["layers.0", "layers.1.0", "layers.1.1", "heads.tag.0"]
    assert all(one is not None and one < 1e-5 for one in traced.differences)
    assert norm.training and norm.num_batches_tracked == 0


def test_a_replay_has_the_weights_with_which_the_layer_was_called() -> None:
    class Called(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.cell = nn.GRU(3, 4, batch_first=True), nn.GRUCell(3, 4)

        def forward(self, x: Tensor) -> Any:
            for part in (self.gru, self.cell):
                others = {name: torch.randn_like(one) for name, one in part.named_parameters()}
                x = torch.func.functional_call(part, others, (x,))
                x = x[0][:, -1, :3] if part is self.gru else x
            return x

    assert all(one is not None and one < 1e-5 for one in app.trace(Called(), torch.randn(2, 5, 3)).differences)


def test_an_error_that_the_model_catches_ends_the_call_of_its_layer() -> None:
    class Trying(nn.Module):
        def __init__(self, features: int) -> None:
            super().__init__()
            self.wrong, self.gru = nn.Linear(9, 9), nn.GRU(features, 4)

        def forward(self, x: Tensor) -> Any:
            try:
                return self.wrong(x)
            except RuntimeError:
                return self.gru(x)[0]

    shared = nn.Linear(4, 4)
    layers = app.trace(nn.Sequential(Trying(3), shared, Trying(4), shared, shared), torch.randn(5, 2, 3)).layers
    assert [one["name"] for one in layers] == ["0.gru", "1", "2.gru", "1", "1"]


def test_calls_in_another_thread_are_not_recorded() -> None:
    class Waiting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x: Tensor) -> Any:
            other = Thread(target=lambda: nn.Linear(3, 3)(x))
            other.start()
            other.join()
            return self.gru(x)

    assert [one["kind"] for one in app.trace(Waiting(), torch.randn(5, 2, 3)).layers] == ["gru"]


def test_the_batch_is_that_of_the_recurrent_layer() -> None:
    for batch_first, batch_size in ((False, 2), (True, 5)):
        model = nn.Sequential(nn.Linear(3, 3), nn.GRU(3, 4, batch_first=batch_first))
        assert f"batch_size={batch_size}" in (app.trace(model, torch.randn(5, 2, 3)).link or "")


def test_the_batch_of_layers_that_do_not_say_it_is_the_first_axis_that_all_have() -> None:
    class OwnCells(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.of_x, self.of_h = nn.Embedding(20, 7), nn.Linear(7, 9), nn.Linear(9, 9)
            self.last = nn.Linear(9, 2)

        def forward(self, ids: Tensor) -> Tensor:
            h = torch.zeros(len(ids), 9)
            for x in self.embedding(ids).unbind(1):
                h = torch.tanh(self.of_x(x) + self.of_h(h))
            y: Tensor = self.last(h)
            return y

    traced = app.trace(OwnCells(), torch.zeros(4, 5, dtype=torch.long))
    assert traced.link and "batch_size=4" in traced.link and traced.left_out == []
    assert "batch_size" not in (app.trace(nn.Linear(4, 5), torch.zeros(4)).link or "batch_size")


def test_many_samples_are_replayed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_BYTES", 10_000)
    traced = app.trace(nn.LSTM(3, 8, batch_first=True), torch.randn(50, 5, 3))

    assert traced.differences[0] is not None and traced.differences[0] < 1e-5


DERIVED = ("pytorch-config-object", "pytorch-derived-layers")
"""Programs with layers that have a forward pass of their own, which a trace does not call layers of PyTorch."""

TRACED = [name for name in names("pytorch") if name not in DERIVED]


@pytest.mark.parametrize("name", TRACED[:: 1 if ALL_COMBINATIONS else 6])
def test_a_program_in_the_manner_of_public_code_is_traced_as_it_was_recorded(name: str) -> None:
    """Each model that it calls, with the input of the first call. A trace counts the runs of a layer, which the record
    lists where the program calls it at several places."""
    traced: list[TracedModel] = []
    called: list[nn.Module] = []
    is_inside = False

    def call(module: nn.Module, *inputs: Any, **keywords: Any) -> Any:
        nonlocal is_inside
        if is_inside:
            return original(module, *inputs, **keywords)
        is_inside = True
        try:
            if not any(module is one for one in called):
                called.append(module)
                traced.append(app.trace(module, *inputs, **keywords))
            return original(module, *inputs, **keywords)
        finally:
            is_inside = False

    original = nn.Module.__call__
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setattr(nn.Module, "__call__", call)
        torch.manual_seed(0)
        exec(compile(runnable(name), "program", "exec"), {"__name__": "__main__"})

    layers = [Call(one["kind"], tuple(one["input"]), tuple(one["output"])) for model in traced for one in model.layers]
    assert list(dict.fromkeys(layers)) == list(dict.fromkeys(recorded()[name]))
    results = [one for model in traced for one in zip(model.differences, model.reasons, strict=True)]
    assert all(NOT_FINITE in reason or (one is not None and one < 1e-5) for one, reason in results)


def test_a_model_without_layers_is_traced() -> None:
    class Doubled(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return 2 * x

    assert app.trace(Doubled(), torch.zeros(2, 3)).layers == []


class WithZeros(nn.Module):
    """Of ``x`` only the length and the type are read for the zeros."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.GRU(3, 4, batch_first=True)
        self.first = nn.Linear(4, 4)
        self.second = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.rnn(x)
        second: Tensor = self.second(y[:, -1] + x.new_zeros(len(x), 4))
        return second + self.first(y[:, 0] + torch.zeros_like(x)[:, 0, :1])


def test_zeros_with_the_shape_of_a_tensor_are_not_computed_from_it() -> None:
    rows = repr(app.trace(WithZeros(), torch.zeros(2, 5, 3))).splitlines()[1:]

    assert [re.findall(r"reads ([\w, ]+?)(?=, ran|, replayed|$)", row) for row in rows][1:] == [[], ["rnn"]]


def test_gaps_have_no_parameters_if_the_layers_have_all_of_them() -> None:
    class Scaled(nn.Module):
        def __init__(self, is_scaled: bool) -> None:
            super().__init__()
            self.one, self.two = nn.GRU(4, 6, batch_first=True), nn.Linear(6, 2)
            self.scale = nn.Parameter(torch.ones(6)) if is_scaled else torch.ones(6)

        def forward(self, x: Tensor) -> Tensor:
            return self.two((self.one(x)[0] * self.scale).mean(1))

    x = torch.randn(2, 7, 4)
    assert model_of(Scaled(False), x) == "input(7,4).gru(4,6,seq).other(6,params=0).dense(2)"
    assert model_of(Scaled(True), x) == "input(7,4).gru(4,6,seq).other(6).dense(2)"


def test_a_reshaped_tensor_is_no_transposed_one() -> None:
    """Of zeros both have the same values."""

    class Reshaped(nn.Module):
        def __init__(self, is_reshaped: bool) -> None:
            super().__init__()
            self.gru, self.is_reshaped = nn.GRU(8, 6, batch_first=True), is_reshaped

        def forward(self, x: Tensor) -> Any:
            return self.gru(x.reshape(2, 5, 8) if self.is_reshaped else x.transpose(1, 2))[0]

    x = torch.zeros(2, 8, 5)
    assert model_of(Reshaped(True), x) == "input(8,5).other(5,8,params=0).gru(6,seq)"
    assert model_of(Reshaped(False), x) == "input(8,5).transpose.gru(6,seq)"
