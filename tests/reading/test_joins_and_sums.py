"""What a program says about arrays that are joined, added or masked: which axis one lacks, and what it means.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import (
    KERAS_WITH_OPS,
    TORCH,
    TORCH_WITH_PACKING,
    causes_and_lines,
    first_cause_and_lines,
    likely,
    pasted,
)

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

RESIDUAL = f"""{TORCH}
class Block(nn.Module):
    def __init__(self, d_model, d_rnn):
        super().__init__()
        self.gru = nn.GRU(d_model, d_rnn, batch_first=True)
    def forward(self, x):
        y, _ = self.gru(x)
        return x + y

Block(20, 32)(torch.zeros(5, 64, 20))
"""


NORM = f"""{TORCH}
class Phonemes(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.blstm = nn.LSTM(40, hidden, bidirectional=True, batch_first=True)
        self.ln = nn.LayerNorm(hidden)
    def forward(self, mels):
        return self.ln(self.blstm(mels)[0])

Phonemes()(torch.zeros(4, 120, 40))
"""


MASKED = f"""{TORCH}
class Summaries(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(32, 32, batch_first=True)
    def forward(self, article, summary, mask):
        keys, h = self.encoder(article)
        queries, _ = self.encoder(summary, h)
        scores = queries @ keys.transpose(1, 2)
        return scores.masked_fill(~mask, -1e9)

Summaries()(torch.zeros(6, 31, 32), torch.zeros(6, 9, 32), torch.ones(6, 31) > 0)
"""


SALES = f"""{TORCH}
class Sales(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(8, 24, batch_first=True)
    def forward(self, daily, static):
        x = torch.cat([daily, static], dim=-1)
        return self.rnn(x)

Sales()(torch.zeros(22, 30, 3), torch.zeros(22, 5))
"""


PATIENTS = f"""{KERAS_WITH_OPS}
readings, patient = keras.Input((50, 6)), keras.Input((4,))
h = layers.GRU(28, return_sequences=True)(readings)
h = layers.Concatenate()([h, patient])
"""


ADDED = f"""{KERAS_WITH_OPS}
inp = keras.Input((40, 8))
x = layers.LSTM(32, return_sequences=True)(inp)
x = layers.Add()([x, inp])
"""


SIZE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(RESIDUAL, ["return x + y"], SIZE.format(20, 32, 2)),
            ("output", "num_units", "residual"),
            {
                "self.gru = nn.GRU(d_model, d_rnn, batch_first=True)": (
                    "self.gru = nn.GRU(d_model, d_model, batch_first=True)"
                )
            },
        ),
        (
            pasted(
                NORM,
                ["return self.ln(self.blstm(mels)[0])"],
                "RuntimeError: Given normalized_shape=[64], expected input"
                " with shape [*, 64], but got input of size[4, 120, 128]",
            ),
            ("output", "num_units", "norm_directions"),
            {"self.ln = nn.LayerNorm(hidden)": "self.ln = nn.LayerNorm(2 * hidden)"},
        ),
        (
            pasted(MASKED, ["return scores.masked_fill(~mask, -1e9)"], SIZE.format(6, 9, 1)),
            ("mask", "rank", "mask_axis"),
            {
                "return scores.masked_fill(~mask, -1e9)": "return scores.masked_fill((~mask).unsqueeze(1), -1e9)",
            },
        ),
        (
            pasted(
                SALES,
                ["x = torch.cat([daily, static], dim=-1)"],
                "RuntimeError: Tensors must have same number of dimensions: got 3 and 2",
            ),
            ("x", "rank", "vector_of_sample"),
            {
                "x = torch.cat([daily, static], dim=-1)": (
                    "x = torch.cat([daily, static.unsqueeze(1).expand(-1, daily.size(1), -1)], dim=-1)"
                )
            },
        ),
        (
            pasted(
                PATIENTS,
                ["h = layers.Concatenate()([h, patient])"],
                "ValueError: A `Concatenate` layer requires inputs"
                " with matching shapes except for the concatenation axis. Received: input_shape=[(None, 50, 28), (None,"
                " 4)]",
            ),
            (None, None, "vector_of_sample"),
            {
                "h = layers.Concatenate()([h, patient])": (
                    "h = layers.Concatenate()([h, layers.RepeatVector(50)(patient)])"
                )
            },
        ),
        (
            pasted(
                ADDED,
                ["x = layers.Add()([x, inp])"],
                "ValueError: Inputs have incompatible shapes. Received shapes (40, 32) and (40, 8)",
            ),
            ("output", "num_units", "residual"),
            {
                "x = layers.LSTM(32, return_sequences=True)(inp)": "x = layers.LSTM(8, return_sequences=True)(inp)",
            },
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


def test_an_array_of_unknown_sizes_lacks_no_axis_of_features_for_certain() -> None:
    source = f"""{TORCH}
class Joined(nn.Module):
    def __init__(self, words, size):
        super().__init__()
        self.embedding = nn.Embedding(words, size)
        self.rnn = nn.GRU(size, 20, batch_first=True)
    def forward(self, tokens, static):
        x = torch.cat([self.embedding(tokens), static], dim=-1)
        return self.rnn(x)
steps, sizes = data.shape
a, b = data.other
Joined(10, 6)(torch.zeros(steps, sizes, dtype=torch.long), torch.zeros(a, b))
"""
    message = "RuntimeError: Tensors must have same number of dimensions: got 3 and 2"
    explanation = explain(pasted(source, ["x = torch.cat([self.embedding(tokens), static], dim=-1)"], message))

    assert explanation.mismatch.causes[0].id != "missing_features_axis"


def test_of_x_and_an_output_that_are_added_the_output_has_the_wrong_size() -> None:
    error = "ValueError: Inputs have incompatible shapes. Received shapes (40, 32) and (40, 8)"
    mismatch = explain(pasted(ADDED, ["x = layers.Add()([x, inp])"], error)).mismatch

    assert (mismatch.expected, mismatch.got) == ((None, 40, 8), (None, 40, 32))


MASKED_OUTPUT = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(700, 50)
        self.rnn = nn.LSTM(50, 40, bidirectional=True, batch_first=True)

    def forward(self, ids):
        mask = (ids != 0).float()
        outputs, _ = self.rnn(self.embedding(ids))
        outputs = outputs * mask
        return outputs.sum(1) / mask.sum(1, keepdim=True)

Tagger()(torch.ones(6, 30).long())
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                MASKED_OUTPUT,
                ["Tagger()(torch.ones(6, 30).long())", "outputs = outputs * mask"],
                "RuntimeError: The size of tensor a (80) must match the size of tensor b (30) at non-singleton"
                " dimension 2",
            ),
            ("mask", "rank", ["mask_units"]),
            {"outputs = outputs * mask": "outputs = outputs * mask.unsqueeze(-1)"},
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


NORM_OF_BOTH = f"""{TORCH}
class Denoiser(nn.Module):
    def __init__(self, bins=129, hid=100):
        super().__init__()
        self.lstm = nn.LSTM(bins, hid, batch_first=True, bidirectional=True)
        self.norm = nn.BatchNorm1d(hid)

    def forward(self, spectra):
        y, _ = self.lstm(spectra)
        return self.norm(y.transpose(1, 2)).transpose(1, 2)


Denoiser()(torch.randn(4, 70, 129))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                NORM_OF_BOTH,
                ["return self.norm(y.transpose(1, 2)).transpose(1, 2)"],
                "RuntimeError: running_mean should contain 200 elements not 100",
            ),
            ("output", "num_units", ["norm_directions"]),
            {"self.norm = nn.BatchNorm1d(hid)": "self.norm = nn.BatchNorm1d(2 * hid)"},
        ),
    ],
)
def test_only_the_wrong_line_is_corrected(text: str, said: tuple[str, str, list[str]], lines: dict[str, str]) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == said
    assert dict(mismatch.causes[0].lines) == lines and mismatch.causes[0].is_own


QUERY = """import torch
from torch import nn

class Attention(nn.Module):
    def forward(self, query, keys):
        q = query.repeat({repeats})
        return torch.cat([q, keys], dim=2)

class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.attend = Attention()
        self.cell = nn.GRUCell(64, 64)

    def forward(self, x):
        keys, h = self.encoder(x)
        return self.attend({query}, keys)

Reader()(torch.zeros(7, 15, 32))
"""


OF_QUERY = (
    "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 1 but got size 7 for tensor number"
    " 1 in the list."
)


def of_query(repeats: str, query: str) -> Mismatch:
    frames = [f"return self.attend({query}, keys)", "return torch.cat([q, keys], dim=2)"]
    return explain(pasted(QUERY.format(repeats=repeats, query=query), frames, OF_QUERY)).mismatch


def test_a_state_that_is_repeated_for_each_step_first_gets_an_axis_of_steps() -> None:
    mismatch = of_query("1, keys.size(1), 1", "h[-1]")

    line = "q = query.{}repeat(1, keys.size(1), 1)"
    assert [one.id for one in mismatch.causes] == ["repeated_state"]
    assert mismatch.causes[0].lines == ((line.format(""), line.format("unsqueeze(1).")),)


@pytest.mark.parametrize(("repeats", "query"), [("1, keys.size(1), 1", "h"), ("1, 1, 1", "torch.stack([h, h])")])
def test_arrays_with_other_batches_are_not_said_to_have_other_steps(repeats: str, query: str) -> None:
    mismatch = of_query(repeats, query)

    assert not {one.id for one in mismatch.causes} & {"join_steps", "repeated_state"}


JOINED = f"""{TORCH_WITH_PACKING}
class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 24, batch_first=True, bidirectional=True)
        self.out = nn.Linear({{width}}, 1)

    def forward(self, x, profile):
        _, (h, _) = self.lstm(x)
        return self.out(torch.cat([{{parts}}], dim=-1))


model = Both()
model(torch.zeros(5, 9, 6), torch.zeros(5, 3))
"""


RANKS = "RuntimeError: Tensors must have same number of dimensions: got {} and {}"


@pytest.mark.parametrize(
    ("parts", "ranks", "corrected"),
    [
        ("h[-2], h", (2, 3), "h[-2], h[-1]"),
        ("h, h[-1]", (3, 2), "h[-2], h[-1]"),
        ("h, h[1]", (3, 2), "h[0], h[1]"),
        ("h[-2], h, profile", (2, 3), "h[-2], h[-1], profile"),
        ("h, profile", (3, 2), "h[-2], h[-1], profile"),
    ],
)
def test_a_state_is_joined_by_the_entries_that_are_not_joined_already(
    parts: str, ranks: tuple[int, int], corrected: str
) -> None:
    line = f"return self.out(torch.cat([{parts}], dim=-1))"
    text = pasted(JOINED.format(width=48, parts=parts), [line], RANKS.format(*ranks))
    assert likely(text) == (["layers_of_state"], {line: line.replace(parts, corrected)})


LETTERS = f"""{TORCH_WITH_PACKING}
class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.letters = nn.Embedding(300, 100), nn.Embedding(30, 25)
        self.lstm = nn.LSTM(125, 32, batch_first=True)

    def forward(self, words, letters):
        x = torch.cat([self.words(words), self.letters(letters)], dim=1)
        return self.lstm(x)[0]


Letters()(torch.zeros(8, 17, dtype=torch.long), torch.zeros(8, {{steps}}, dtype=torch.long))
"""


@pytest.mark.parametrize("steps", [17, 19])
def test_arrays_that_differ_in_their_last_axis_are_joined_along_it(steps: int) -> None:
    line = "x = torch.cat([self.words(words), self.letters(letters)], dim=1)"
    error = "RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 100 but got size 25"
    ids, lines = likely(pasted(LETTERS.format(steps=steps), [line], f"{error} for tensor number 1 in the list."))

    assert (ids == ["joined_axis"]) == (steps == 17)
    assert steps != 17 or lines == {line: line.replace("dim=1", "dim=-1")}


CONTEXT = f"""{TORCH_WITH_PACKING}
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.gru = nn.Embedding(40, 50), nn.GRU(122, 72, batch_first=True)

    def forward(self, word, state):
        x = torch.cat((self.emb(word).unsqueeze(1), state.unsqueeze(1)), dim=-1)
        return self.gru(x, state)


_, state = nn.GRU(20, 72, batch_first=True{{both}})(torch.randn(10, 18, 20))
scores = Decoder()(torch.zeros(10, dtype=torch.long), state)
"""


@pytest.mark.parametrize("both", ["", ", bidirectional=True"])
def test_a_state_of_one_direction_is_that_of_its_last_layer(both: str) -> None:
    line = "x = torch.cat((self.emb(word).unsqueeze(1), state.unsqueeze(1)), dim=-1)"
    frames = ["scores = Decoder()(torch.zeros(10, dtype=torch.long), state)", line]
    mismatch = explain(text := pasted(CONTEXT.format(both=both), frames, RANKS.format(3, 4))).mismatch

    assert bool(mismatch.causes) != bool(both)
    if not both:
        fixed = line.replace("state.unsqueeze", "state[-1].unsqueeze")
        assert likely(text) == (["layers_of_state"], {line: fixed})
