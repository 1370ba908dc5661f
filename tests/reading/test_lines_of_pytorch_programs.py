"""The likeliest cause of a message of PyTorch corrects the line of the program that is wrong, and no other one.

PyTorch 2.13 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted, traceback

from app.reading.errors.causes.small_programs import first_program
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

PROJECTED = f"""{TORCH}
class Speaker(nn.Module):
    def __init__(self, mels=80, hidden=256, proj=64):
        super().__init__()
        self.lstm = nn.LSTM(mels, hidden, num_layers=3, proj_size=proj, batch_first=True)
        self.hidden = hidden

    def forward(self, mels):
        h = torch.zeros(3, mels.size(0), self.hidden)
        c = torch.zeros(3, mels.size(0), self.hidden)
        return self.lstm(mels, (h, c))[0]


Speaker()(torch.randn(10, 160, 80))
"""
PROJECTED_PAIR = f"""{TORCH}
rec = nn.LSTM(40, 128, bidirectional=True, proj_size=32, batch_first=True)
y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))
"""
ONE_ARRAY = f"""{TORCH}
lstm = nn.LSTM(10, 48, proj_size=16)
s = torch.zeros(1, 4, 48)
out, _ = lstm(torch.randn(7, 4, 10), (s, s))
"""
CAPTIONS = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, image=512, emb=100, hidden=256):
        super().__init__()
        self.to_h = nn.Linear(image, hidden)
        self.to_c = nn.Linear(image, emb)
        self.rnn = nn.LSTM(emb, hidden, batch_first=True)

    def forward(self, image, words):
        h = torch.tanh(self.to_h(image)).unsqueeze(0)
        c = torch.tanh(self.to_c(image)).unsqueeze(0)
        return self.rnn(words, (h, c))[0]


Captions()(torch.randn(8, 512), torch.randn(8, 16, 100))
"""
BRIDGE = f"""{TORCH}
class Bridge(nn.Module):
    def __init__(self, image=300, emb=64, hid=96, layers=2):
        super().__init__()
        self.layers = layers
        self.bridge = nn.Linear(image, emb)
        self.rnn = nn.GRU(emb, hid, layers, batch_first=True)

    def forward(self, image, words):
        h = torch.tanh(self.bridge(image))
        h = h.unsqueeze(0).repeat(self.layers, 1, 1)
        return self.rnn(words, h)[0]


Bridge()(torch.randn(4, 300), torch.randn(4, 7, 64))
"""
AGENT = f"""{TORCH}
class Agent(nn.Module):
    def __init__(self, obs=10, enc=64, mem=48):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(obs, enc), nn.Tanh())
        self.memory = nn.{{cell}}(enc, mem)

    def act(self, obs, {{names}}):
        return self.memory(self.encoder(obs), {{state}})


agent, obs = Agent(), torch.randn(6, 10)
h = agent.encoder(obs)
c = torch.zeros(6, 48)
for _ in range(3):
    {{names}} = agent.act(obs, {{names}})
"""
TAGGER = f"""{TORCH}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word, self.caps = nn.Embedding(400, 50), nn.Embedding(5, 4)
        self.lstm = nn.LSTM(50, 64, batch_first=True)

    def forward(self, words, caps, lengths):
        {{packs}}
        out, _ = self.lstm(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return torch.cat({{arrays}}, dim=-1)


for words, caps, lengths in loader:
    Tagger()(words, caps, lengths)
"""
PACKS = "packed = pack_padded_sequence(self.word(words), lengths, batch_first=True, enforce_sorted=False)"
NAMED_AGAIN = "packed = words = pack_padded_sequence(words, lengths, batch_first=True)"
SIZES_DIFFER = (
    "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {} but got size {} for tensor"
)
SIZES_DIFFER += " number 1 in the list."
NORM = f"""{TORCH}
class Activity(nn.Module):
    def __init__(self, channels=6, hidden=64):
        super().__init__()
        self.rnn = nn.LSTM(channels, hidden{{first}})
        self.bn = nn.BatchNorm1d(hidden)
        self.fc = nn.Linear(hidden, 5)

    def forward(self, x):
        x, _ = self.rnn(x)
        x = self.bn(x)
        return self.fc(x)


Activity()(torch.randn(25, 100, 6))
"""
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
CONVOLUTION = f"""{TORCH}
class Events(nn.Module):
    def __init__(self, feats=9, hid=32):
        super().__init__()
        self.rnn = nn.GRU(feats, hid, batch_first=True, bidirectional=True)
        self.conv = nn.Conv1d(2 * hid, 16, 3, padding=1)
        self.next = {{next}}

    def forward(self, x):
        y, _ = self.rnn(x)
        y = torch.relu(self.conv(y))
        return {{read}}


Events()(torch.randn(8, 25, 9))
"""
OF_CHANNELS = (
    "RuntimeError: Given groups=1, weight of size [16, 64, 3], expected input[8, 25, 64] to have 64 channels, but got"
    " 25 channels instead"
)
CHAIN = f"""{TORCH}
class Detector(nn.Module):
    def __init__(self, n=4, hid=64):
        super().__init__()
        self.rnn = nn.GRU(n, hid, batch_first=True)
        self.cnn = nn.Sequential(nn.Conv1d(hid, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten())

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.cnn(y)


Detector()(torch.randn(8, 25, 4))
"""
CONDITIONED = f"""{TORCH}
class Conditioned(nn.Module):
    def __init__(self, cond=10, feats=6, units=50, proj=20):
        super().__init__()
        self.to_h = nn.Linear(cond, units)
        self.to_c = {{to_c}}
        self.lstm = nn.LSTM(feats, units, proj_size=proj, batch_first=True)

    def forward(self, cond, x):
        h = self.to_h(cond)[None]
        c = self.to_c(cond)[None]
        return self.lstm(x, (h, c))[0]


Conditioned()(torch.randn(3, 10), torch.randn(3, 8, 6))
"""
CHECKPOINT = f"""{TORCH}
class Intents(nn.Module):
    def __init__(self, {{parameters}}):
        super().__init__()
        self.lstm = nn.LSTM({{sizes}}, num_layers=2, batch_first=True)


{{config}}
net = Intents({{given}})
net.load_state_dict(torch.load("old.pt"))
"""
POINTER = f"""{TORCH}
class Pointer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(32, 48{{layers}}, batch_first=True)
        self.cell = nn.LSTMCell(32, 48)

    def forward(self, points):
        memory, {{states}} = self.encoder(points)
        x = points.mean(dim=1)
        for _ in range(9):
            {{states}} = self.cell(x, {{states}})
        return memory


Pointer()(torch.randn(4, 9, 32))
"""
PARAMETERS = {"weight_ih": ("512, 50", "384, 50"), "weight_hh": ("512, 128", "384, 96")}
OTHER_SIZES = "RuntimeError: Error(s) in loading state_dict for Intents:" + "".join(
    f"\n\tsize mismatch for lstm.{name}_l{layer}: copying a param with shape torch.Size([{saved}]) from checkpoint, the"
    f" shape in current model is torch.Size([{made}])."
    for layer in (0, 1)
    for name, (saved, made) in PARAMETERS.items()
    if layer == 0 or name == "weight_hh"
)
LOADS = ['net.load_state_dict(torch.load("old.pt"))']


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                PROJECTED,
                ["return self.lstm(mels, (h, c))[0]"],
                "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "h = torch.zeros(3, mels.size(0), self.hidden)": "h = torch.zeros(3, mels.size(0), 64)",
            },
        ),
        (
            pasted(
                PROJECTED_PAIR,
                ["y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))"],
                "RuntimeError: Expected hidden[0] size (2, 5, 32), got [2, 5, 128]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 128), torch.zeros(2, 5, 128)))": (
                    "y, _ = rec(torch.randn(5, 12, 40), (torch.zeros(2, 5, 32), torch.zeros(2, 5, 128)))"
                )
            },
        ),
        (
            pasted(
                CONDITIONED.format(to_c="nn.Linear(cond, units)"),
                ["return self.lstm(x, (h, c))[0]"],
                "RuntimeError: Expected hidden[0] size (1, 3, 20), got [1, 3, 50]",
            ),
            ("h_0", "num_proj", ["projected_state"]),
            {
                "self.to_h = nn.Linear(cond, units)": "self.to_h = nn.Linear(cond, proj)",
            },
        ),
        (
            pasted(CHAIN, ["return self.cnn(y)"], OF_CHANNELS),
            ("output", "order", ["channels_second"]),
            {"return self.cnn(y)": "return self.cnn(y.transpose(1, 2))"},
        ),
        (
            pasted(
                CAPTIONS,
                ["return self.rnn(words, (h, c))[0]"],
                "RuntimeError: Expected hidden[1] size (1, 8, 256), got [1, 8, 100]",
            ),
            ("c_0", "num_units", ["other_units"]),
            {"self.to_c = nn.Linear(image, emb)": "self.to_c = nn.Linear(image, hidden)"},
        ),
        (
            pasted(
                BRIDGE,
                ["return self.rnn(words, h)[0]"],
                "RuntimeError: Expected hidden size (2, 4, 96), got [2, 4, 64]",
            ),
            ("h_0", "num_units", ["other_units"]),
            {"self.bridge = nn.Linear(image, emb)": "self.bridge = nn.Linear(image, hid)"},
        ),
        *(
            (
                pasted(
                    AGENT.format(cell=cell, names=names, state=state),
                    [f"{names} = agent.act(obs, {names})", f"return self.memory(self.encoder(obs), {state})"],
                    "RuntimeError: hidden0 has inconsistent hidden_size: got 64, expected 48",
                ),
                ("h_0", "num_units", ["other_units"]),
                {"h = agent.encoder(obs)": "h = torch.zeros(obs.size(0), 48)"},
            )
            for cell, names, state in (("GRUCell", "h", "h"), ("LSTMCell", "h, c", "(h, c)"))
        ),
        *(
            (
                pasted(
                    POINTER.format(layers=layers, states=states),
                    [f"{states} = self.cell(x, {states})"],
                    "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead",
                ),
                ("h_0", "rank", ["squeeze"]),
                {"": f"{fixed}  # before: x = points.mean(dim=1)"},
            )
            for layers, states, fixed in (
                ("", "(h, c)", "h, c = h.squeeze(0), c.squeeze(0)"),
                (", 2", "(h, c)", "h, c = h[-1], c[-1]"),
                ("", "state", "state = tuple(s.squeeze(0) for s in state)"),
            )
        ),
        *(
            (
                pasted(
                    TAGGER.format(packs=PACKS, arrays=arrays),
                    [f"return torch.cat({arrays}, dim=-1)"],
                    SIZES_DIFFER.format(*sizes),
                ),
                ("output", "time_step", ["packed_steps"]),
                {
                    "out, _ = pad_packed_sequence(out, batch_first=True)": (
                        "out, _ = pad_packed_sequence(out, batch_first=True, total_length=words.size(1))"
                    )
                },
            )
            for arrays, sizes in (("[out, self.caps(caps)]", (36, 60)), ("[self.caps(caps), out]", (60, 36)))
        ),
        *(
            (
                pasted(
                    NORM.format(first=first),
                    ["Activity()(torch.randn(25, 100, 6))", "x = self.bn(x)"],
                    "RuntimeError: running_mean should contain 100 elements not 64",
                ),
                ("output", "order", ["channels_second"]),
                {"x = self.bn(x)": fixed},
            )
            for first, fixed in (
                (", batch_first=True", "x = self.bn(x.transpose(1, 2)).transpose(1, 2)"),
                ("", "x = self.bn(x.permute(1, 2, 0)).permute(2, 0, 1)"),
            )
        ),
        (
            pasted(
                NORM_OF_BOTH,
                ["return self.norm(y.transpose(1, 2)).transpose(1, 2)"],
                "RuntimeError: running_mean should contain 200 elements not 100",
            ),
            ("output", "num_units", ["norm_directions"]),
            {"self.norm = nn.BatchNorm1d(hid)": "self.norm = nn.BatchNorm1d(2 * hid)"},
        ),
        *(
            (
                pasted(CONVOLUTION.format(next=made, read=read), ["y = torch.relu(self.conv(y))"], OF_CHANNELS),
                ("output", "order", ["channels_second"]),
                {"y = torch.relu(self.conv(y))": f"y = torch.relu({fixed})"},
            )
            for made, read, fixed in (
                ("nn.AdaptiveMaxPool1d(1)", "self.next(y).squeeze(-1)", "self.conv(y.transpose(1, 2))"),
                ("nn.Linear(16, 4)", "self.next(y[:, -1])", "self.conv(y.transpose(1, 2)).transpose(1, 2)"),
            )
        ),
        *(
            (
                pasted(
                    CHECKPOINT.format(parameters=parameters, sizes=sizes, config=config.format(96), given=given),
                    LOADS,
                    OTHER_SIZES,
                ),
                ("kernel", "gates*num_units", ["other_size"]),
                {config.format(96): config.format(128)},
            )
            for parameters, sizes, config, given in (
                ("emb, hidden", "emb, hidden", "CONFIG = dict(emb=50, hidden={})", "**CONFIG"),
                ("emb, hidden", "emb, hidden", 'CONFIG = {{"emb": 50, "hidden": {}}}', "**CONFIG"),
                ("emb, hidden", "emb, hidden", 'ALL = {{"net": {{"emb": 50, "hidden": {}}}}}', '**ALL["net"]'),
                ("cfg", 'cfg["emb"], cfg["hidden"]', 'cfg = {{"emb": 50, "hidden": {}}}', "cfg"),
            )
        ),
    ],
)
def test_only_the_wrong_line_is_corrected(text: str, said: tuple[str, str, list[str]], lines: dict[str, str]) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == said
    assert dict(mismatch.causes[0].lines) == lines and mismatch.causes[0].is_own


@pytest.mark.parametrize(
    "text",
    [
        pasted(
            ONE_ARRAY,
            ["out, _ = lstm(torch.randn(7, 4, 10), (s, s))"],
            "RuntimeError: Expected hidden[0] size (1, 4, 16), got [1, 4, 48]",
        ),
        pasted(
            CONDITIONED.format(to_c="self.to_h"),
            ["return self.lstm(x, (h, c))[0]"],
            "RuntimeError: Expected hidden[0] size (1, 3, 20), got [1, 3, 50]",
        ),
        pasted(
            TAGGER.format(packs=NAMED_AGAIN, arrays="[out, self.caps(caps)]"),
            ["return torch.cat([out, self.caps(caps)], dim=-1)"],
            SIZES_DIFFER.format(36, 60),
        ),
        pasted(
            CONVOLUTION.format(next="None", read="y.amax(2)"),
            ["y = torch.relu(self.conv(y))"],
            OF_CHANNELS,
        ),
        pasted(
            CHECKPOINT.format(
                parameters="emb, hidden", sizes="emb, hidden", config="CONFIG = read()", given="50, **CONFIG"
            ),
            LOADS,
            OTHER_SIZES,
        ),
    ],
    ids=[
        "one array for h and c",
        "one layer for h and c",
        "the packed name is another array",
        "an unknown reader",
        "an unknown configuration",
    ],
)
def test_no_line_is_corrected_that_would_break_another_one(text: str) -> None:
    assert not any(one.is_own for one in explain(text).mismatch.causes)


@pytest.mark.parametrize(
    ("line", "error", "causes", "note"),
    [
        (
            "out, h = self.gru(x, h)",
            "RuntimeError: Expected hidden size (2, 32, 128), got [1, 32, 128]",
            ["directions", "layers"],
            "",
        ),
        (
            "out, h = self.bi_gru(x, h)",
            "RuntimeError: Expected hidden size (2, 32, 128), got [1, 32, 128]",
            ["directions", "layers"],
            "",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[1] size (1, 8, 256), got [1, 8, 100]",
            ["other_units", "projected_state"],
            "",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
            ["other_units", "projected_state"],
            "64 is num_units, or num_proj if the layer has a projection.",
        ),
        (
            "y, _ = self.lstm(x, (h, c))",
            "RuntimeError: Expected hidden[0] size (3, 10, 256), got [3, 10, 64]",
            ["other_units"],
            "",
        ),
        (
            "y, _ = self.gru(x, h)",
            "RuntimeError: Expected hidden size (3, 10, 64), got [3, 10, 256]",
            ["other_units"],
            "",
        ),
    ],
)
def test_a_traceback_alone_puts_the_usual_cause_first(line: str, error: str, causes: list[str], note: str) -> None:
    mismatch = explain(traceback([line], error)).mismatch

    assert [one.id for one in mismatch.causes] == causes
    assert str(mismatch.note or "") == note


def test_a_checkpoint_alone_says_how_many_layers_it_has() -> None:
    (likely, *_) = explain(traceback(LOADS, OTHER_SIZES)).mismatch.causes

    assert likely.fix == "self.lstm = nn.LSTM(50, 128, num_layers=2)"


def test_h_is_as_long_as_the_projection_and_c_as_the_units() -> None:
    explanation = explain(
        pasted(
            PROJECTED,
            ["return self.lstm(mels, (h, c))[0]"],
            "RuntimeError: Expected hidden[0] size (3, 10, 64), got [3, 10, 256]",
        )
    )
    shapes, program = comparison(explanation), first_program(explanation)

    assert shapes and shapes.axes == ("num_layers*directions", "batch_size", "num_proj")
    assert program and "h_0 = torch.zeros(3, 10, 64)" in program.running.split("\n")
    assert "c_0 = torch.zeros(3, 10, 256)" in program.running.split("\n")
    assert program.printed == "(10, 160, 64) (3, 10, 64)"


TAGGER = """import torch
import torch.nn.functional as F
from torch import nn
LETTERS = "ACDE"

def encode(word):
    {before}return {encoded}

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 16)
        self.rnn = nn.LSTM(16, 30, batch_first=True)

    def forward(self, words):
        {e}
        return out

net = Tagger()
batch = torch.stack([encode("ACDE"), encode("EDCA")])
net(batch)
"""
OF_FOUR_AXES = "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"


@pytest.mark.parametrize("e", ["out, _ = self.rnn(self.embedding(words))", "e = self.embedding(words)\n        {}"])
@pytest.mark.parametrize(
    ("before", "encoded", "fix"),
    [
        (
            "",
            "F.one_hot(torch.tensor([LETTERS.index(a) for a in word]), num_classes=4)",
            "return torch.tensor([LETTERS.index(a) for a in word])",
        ),
        ("numbers = torch.tensor([LETTERS.index(a) for a in word])\n    ", "F.one_hot(numbers, 4)", "return numbers"),
    ],
)
def test_an_embedding_of_one_hot_vectors_gets_the_numbers(before: str, encoded: str, fix: str, e: str) -> None:
    e = e.format("out, _ = self.rnn(e)")
    program = TAGGER.format(before=before, encoded=encoded, e=e)
    mismatch = explain(pasted(program, ["net(batch)", e.split("\n")[-1].strip()], OF_FOUR_AXES)).mismatch

    assert [(one.id, one.lines) for one in mismatch.causes] == [("one_hot_embedding", ((f"return {encoded}", fix),))]


def test_an_embedding_of_numbers_gets_no_one_hot_vectors() -> None:
    """The one-hot vectors of another array, as of a target, are not those of x."""
    program = TAGGER.format(before="", encoded="torch.zeros(2, 4).long()", e="out, _ = self.rnn(self.embedding(words))")
    program += "target = F.one_hot(torch.zeros(2).long(), 4)\n"
    frames = ["net(batch)", "out, _ = self.rnn(self.embedding(words))"]

    assert "one_hot_embedding" not in [one.id for one in explain(pasted(program, frames, OF_FOUR_AXES)).mismatch.causes]


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


FLAT = """import torch
from torch import nn
class Weather(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 50{batch_first})
        self.dense = nn.Sequential(nn.Linear(50, 32), nn.ReLU())

    def forward(self, window):
        out, _ = self.lstm(window)
        out = {flat}
        return self.dense(out)

Weather()(torch.zeros(25, 14, 8))
"""


@pytest.mark.parametrize("flat", ["out.reshape(out.size(0), -1)", "out.view(len(out), -1)"])
def test_the_last_step_takes_the_place_of_flattened_steps(flat: str) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (25x700 and 50x32)"
    program = FLAT.format(flat=flat, batch_first=", batch_first=True")
    mismatch = explain(pasted(program, ["return self.dense(out)"], error)).mismatch

    assert mismatch.causes[0].id == "dense_flattened"
    assert mismatch.causes[0].lines == ((f"out = {flat}", "out = out[:, -1]"),)


def test_the_second_axis_is_not_that_of_steps_without_batch_first() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (25x700 and 50x32)"
    program = FLAT.format(flat="out.view(len(out), -1)", batch_first="")

    assert not explain(pasted(program, ["return self.dense(out)"], error)).mismatch.causes[0].is_own


FLATTENED_BY_LAYER = """import torch
from torch import nn
class Falls(nn.Module):
    def __init__(self, hidden=50):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden, batch_first={batch_first})
        self.flat = nn.Flatten()
        self.head = nn.Sequential({first}nn.Linear(hidden, 20), nn.ReLU())

    def forward(self, x):
        out, _ = self.lstm(x)
        flat = self.flat(out)
        {line}

Falls()(torch.zeros(16, 30, 3))
"""


@pytest.mark.parametrize(
    ("first", "line", "wrong", "fixed"),
    [
        ("nn.Flatten(), ", "return self.head(out)", "return self.head(out)", "return self.head(out[:, -1])"),
        ("", "return self.head(self.flat(out))", "return self.head(self.flat(out))", "return self.head(out[:, -1])"),
        ("", "return self.head(flat)", "flat = self.flat(out)", "flat = out[:, -1]"),
    ],
)
def test_a_layer_that_flattens_gets_the_last_step(first: str, line: str, wrong: str, fixed: str) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (16x1500 and 50x20)"
    program = FLATTENED_BY_LAYER.format(first=first, line=line, batch_first=True)
    (likely, *_) = explain(pasted(program, [line], error)).mismatch.causes

    assert (likely.id, likely.lines) == ("dense_flattened", ((wrong, fixed),))


def test_a_layer_that_flattens_an_output_with_time_first_does_not_get_the_last_step() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (16x1500 and 50x20)"
    program = FLATTENED_BY_LAYER.format(first="nn.Flatten(), ", line="return self.head(out)", batch_first=False)

    assert not explain(pasted(program, ["return self.head(out)"], error)).mismatch.causes[0].is_own


FOUR_AXES = """import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 12, batch_first=True)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        heads = out.view(4, 9, 3, 4).transpose(1, 2)
        query = h[-1].unsqueeze(1)
        one = query.unsqueeze(2)
        weights = {}
        return torch.bmm(weights, heads)

Attention()(torch.randn(4, 9, 5))
"""


@pytest.mark.parametrize(
    ("product", "n", "factor", "cause", "fixed"),
    [
        (
            "torch.bmm(one, out.transpose(1, 2))",
            1,
            "one",
            "longer_factor",
            ["torch.bmm(one.squeeze(1), out.transpose(1, 2))"],
        ),
        (
            "torch.bmm(query, out.transpose(1, 2).unsqueeze(1))",
            2,
            "out.transpose(1, 2).unsqueeze(1)",
            "longer_factor",
            ["torch.bmm(query, out.transpose(1, 2))"],
        ),
        (
            "heads.bmm(heads.transpose(-2, -1))",
            1,
            "heads",
            "product_of_heads",
            ["heads.matmul(heads.transpose(-2, -1))", "torch.matmul(weights, heads)"],
        ),
    ],
)
def test_a_product_of_arrays_with_four_axes_names_them(
    product: str, n: int, factor: str, cause: str, fixed: list[str]
) -> None:
    line = f"weights = {product}"
    mismatch = explain(
        pasted(FOUR_AXES.format(product), [line], f"RuntimeError: batch{n} must be a 3D tensor")
    ).mismatch

    assert mismatch.sentence == f"torch.bmm needs two arrays with 3 axes, but {factor} has 4."
    assert [one.id for one in mismatch.causes] == [cause]
    assert [fix.partition(" ")[2].removeprefix("= ") for _, fix in mismatch.causes[0].lines] == fixed


def test_a_factor_with_four_axes_that_would_not_fit_with_three_has_no_corrected_line() -> None:
    product = "torch.bmm(out, h.unsqueeze(2))"
    text = pasted(FOUR_AXES.format(product), [f"weights = {product}"], "RuntimeError: batch2 must be a 3D tensor")
    mismatch = explain(text).mismatch

    assert mismatch.sentence == "torch.bmm needs two arrays with 3 axes, but h.unsqueeze(2) has 4."
    assert mismatch.causes == ()


OF_LETTERS = """import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(5, 12, batch_first=True)

    def forward(self, x):
        out, h = self.rnn(x)
        return torch.einsum("{}->bt", out, {})

Attention()(torch.randn(4, 9, 5))
"""


@pytest.mark.parametrize(
    ("letters", "operand", "numbers", "fixed"),
    [("bth,bh", "h", (2, 3), "h[-1]"), ("bth,bqh", "h[-1]", (3, 2), ""), ("bth,b", "h", (1, 3), "")],
)
def test_einsum_reads_a_letter_for_each_axis(letters: str, operand: str, numbers: tuple[int, int], fixed: str) -> None:
    line = f'return torch.einsum("{letters}->bt", out, {operand})'
    error = (
        "RuntimeError: einsum(): the number of subscripts in the equation ({}) does not match the number of dimensions"
        " ({}) for operand 1 and no ellipsis was given"
    )
    mismatch = explain(pasted(OF_LETTERS.format(letters, operand), [line], error.format(*numbers))).mismatch
    (likely,) = mismatch.causes

    assert mismatch.sentence.values == {"letters": numbers[0], "n": 1, "got": numbers[1]}
    assert (likely.id, likely.is_own) == ("letters_of_operand", bool(fixed))
    assert not fixed or likely.lines == ((line, line.replace("out, h", f"out, {fixed}")),)
