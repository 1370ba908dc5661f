"""The likeliest cause of a message of PyTorch corrects the line between two modules or layers that is wrong.

PyTorch 2.13 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program
from app.url_state_to_picture.error_pictures.layers_around_error import error_chain

PADS = "out, _ = pad_packed_sequence(out, batch_first=True)"
PADS_AGAIN = "out, _ = pad_packed_sequence(out, batch_first=True, total_length=words.size(1))"
TAGS = f"""{TORCH_WITH_PACKING}
class Tags(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(100, 16)
        self.lstm = nn.LSTM(16, 25, batch_first=True, bidirectional=True)
        self.score = nn.Linear(50, 7)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.emb(words), lengths, batch_first=True, enforce_sorted=False)
        out, _ = self.lstm(packed)
        {{pads}}
        return self.score(out)


words, gold = read(), tags()
logits = Tags()(words, lengths_of(words))
"""
LOSS = "loss = nn.functional.cross_entropy({output}, {target})"
FEWER = "ValueError: Expected input batch_size ({}) to match target batch_size ({})."


def loss_of_tags(pads: str, before: str, loss: str, sizes: tuple[int, int] = (400, 480)) -> str:
    return pasted(f"{TAGS.format(pads=pads)}{before}{loss}\n", [loss], FEWER.format(*sizes))


@pytest.mark.parametrize(
    ("before", "output", "target"),
    [
        ("", "logits.reshape(-1, 7)", "gold.reshape(-1)"),
        ("", "logits.view(-1, 7)", "gold.view(-1)"),
        ("flat = gold.flatten()\n", "logits.flatten(0, 1)", "flat"),
    ],
)
def test_a_padded_output_may_be_shorter_than_a_flat_target(before: str, output: str, target: str) -> None:
    text = loss_of_tags(PADS, before, LOSS.format(output=output, target=target))
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "time_step")
    assert "400 steps" in str(mismatch.sentence) and "480" in str(mismatch.sentence)
    assert likely(text) == (["packed_steps"], {PADS: PADS_AGAIN})


@pytest.mark.parametrize(
    ("pads", "target", "sizes"),
    [
        (PADS_AGAIN, "gold.reshape(-1)", (400, 480)),
        (PADS, "gold", (400, 480)),
        (PADS, "gold.reshape(-1)", (480, 400)),
    ],
)
def test_no_other_target_makes_a_padded_output_shorter(pads: str, target: str, sizes: tuple[int, int]) -> None:
    text = loss_of_tags(pads, "", LOSS.format(output="logits.reshape(-1, 7)", target=target), sizes)

    assert "packed_steps" not in likely(text)[0]


TRANSLATOR = f"""{TORCH_WITH_PACKING}
class Reader(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.rnn = nn.{{cell}}(32, hid, {{layers}}, batch_first=True, bidirectional=True)

    def forward(self, source):
        memory, last = self.rnn(source)
        return memory, last


class Writer(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.rnn = nn.{{cell}}(32, hid, {{layers}}, batch_first=True)

    def forward(self, target, state):
        y, state = self.rnn(target, state)
        return y


class Translator(nn.Module):
    def __init__(self, hid=64):
        super().__init__()
        self.reader = Reader(hid)
        self.writer = Writer(hid)

    def forward(self, source, target):
        memory, state = {{state}}
        return self.writer(target, state)


Translator()(torch.randn(20, 11, 32), torch.randn(20, 13, 32))
"""
OTHER_STATE = "RuntimeError: Expected hidden{} size ({n}, 20, 64), got [{both}, 20, 64]"


def translator(cell: str, layers: int, state: str) -> str:
    error = OTHER_STATE.format("[0]" if cell == "LSTM" else "", n=layers, both=2 * layers)
    frames = ["return self.writer(target, state)", "y, state = self.rnn(target, state)"]
    return pasted(TRANSLATOR.format(cell=cell, layers=layers, state=state), frames, error)


@pytest.mark.parametrize(
    ("cell", "layers", "merged"),
    [
        ("GRU", 1, "state.sum(0, keepdim=True)"),
        ("GRU", 2, "state.view(2, 2, *state.shape[1:]).sum(1)"),
        ("LSTM", 1, "tuple(s.sum(0, keepdim=True) for s in state)"),
    ],
)
def test_both_directions_of_an_encoder_are_merged_for_another_module(cell: str, layers: int, merged: str) -> None:
    causes, lines = likely(translator(cell, layers, "self.reader(source)"))

    assert causes[0] == "encoder_directions" and "one_direction" not in causes
    assert lines == {"return self.writer(target, state)": f"return self.writer(target, {merged})"}


def test_a_state_of_zeros_comes_from_no_encoder() -> None:
    assert "encoder_directions" not in likely(translator("GRU", 1, "None, torch.zeros(2, 20, 64)"))[0]


STACK = f"""{TORCH_WITH_PACKING}
class Stack(nn.Module):
    def __init__(self, n_in, widths, n_out):
        super().__init__()
        self.layers = nn.ModuleList()
        for width in widths:
            {{lines}}
        self.read = nn.Linear({{last}}, n_out)

    def forward(self, x):
        for layer in self.layers:
            x, _ = layer(x)
        return self.read(x[:, -1])


Stack(14, {{widths}}, 1)(torch.randn(28, 90, 14))
"""
ADDED = "self.layers.append(nn.LSTM(n_in, width, batch_first=True))"
BOTH_ADDED = "self.layers.append(nn.LSTM(n_in, width, bidirectional=True, batch_first=True))"


def stack(lines: str = ADDED, widths: str = "[64, 32]", got: int = 64, last: str = "widths[-1]") -> str:
    error = f"RuntimeError: input.size(-1) must be equal to input_size. Expected 14, got {got}"
    frames = [f"Stack(14, {widths}, 1)(torch.randn(28, 90, 14))", "x, _ = layer(x)"]
    return pasted(STACK.format(lines=lines, widths=widths, last=last), frames, error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (stack(), f"n_in = width  # after: {ADDED}"),
        (stack(widths="(48, 64, 32)", got=48), f"n_in = width  # after: {ADDED}"),
        (stack(f"{ADDED}\n            print(width)"), "n_in = width  # before: print(width)"),
        (stack(BOTH_ADDED, got=128, last="2 * widths[-1]"), f"n_in = 2 * width  # after: {BOTH_ADDED}"),
    ],
)
def test_the_next_layer_of_a_loop_reads_the_units_of_this_one(text: str, line: str) -> None:
    assert likely(text) == (["layer_below"], {"": line})


@pytest.mark.parametrize(
    "text",
    [
        stack(got=32),  # which no layer gets
        stack(last="n_in"),  # which reads the features after the loop
        stack(f"{ADDED}\n            n_in = width"),
    ],
)
def test_other_layers_of_a_loop_get_no_new_line(text: str) -> None:
    assert "layer_below" not in likely(text)[0]


FORECAST = f"""{TORCH_WITH_PACKING}
class Forecast(nn.Module):
    def __init__(self, n_series, hidden, horizon):
        super().__init__()
        self.horizon, self.n_series = horizon, n_series
        self.rnn = nn.GRU(n_series, hidden, batch_first=True)
        self.head = nn.Linear(hidden, {{outputs}})

    def forward(self, past):
        _, state = self.rnn(past)
        flat = self.head(state[-1])
        return {{reshaped}}


Forecast(3, 52, 6)(torch.randn(40, 48, 3))
"""
RESHAPED = "flat.view(past.size(0), self.horizon, self.n_series)"


def forecast(outputs: str, values: int, reshaped: str = RESHAPED, shape: str = "40, 6, 3") -> str:
    error = f"RuntimeError: shape '[{shape}]' is invalid for input of size {values}"
    return pasted(FORECAST.format(outputs=outputs, reshaped=reshaped), [f"return {reshaped}"], error)


@pytest.mark.parametrize(
    ("text", "outputs", "mended"),
    [
        (forecast("horizon", 240), "horizon", "horizon * n_series"),
        (forecast("n_series", 120), "n_series", "n_series * horizon"),
        (forecast("6", 240), "6", "6 * 3"),
        (forecast("horizon", 240, "flat.reshape(len(past), 6, 3)"), "horizon", "horizon * n_series"),
        (forecast("horizon", 240, "self.head(state[-1]).view(-1, 6, 3)", "-1, 6, 3"), "horizon", "horizon * n_series"),
    ],
)
def test_a_dense_layer_returns_all_values_of_a_new_shape(text: str, outputs: str, mended: str) -> None:
    made = "self.head = nn.Linear(hidden, {})"

    assert likely(text) == (["outputs_of_shape"], {made.format(outputs): made.format(mended)})


@pytest.mark.parametrize(
    "text",
    [
        forecast("2 * horizon", 480),  # half of a value too few
        forecast("horizon * n_series", 900, shape="40, 6, 3"),  # of another batch
    ],
)
def test_another_new_shape_says_nothing_about_the_dense_layer(text: str) -> None:
    assert "outputs_of_shape" not in likely(text)[0]


SCORES = f"""{TORCH_WITH_PACKING}
class Scores(nn.Module):
    def __init__(self, hid=48):
        super().__init__()
        self.enc = nn.LSTM(20, hid, batch_first=True, bidirectional=True)
        self.mix = nn.Linear(hid * 2, 30)

    def forward(self, doc):
        memory, (h, c) = self.enc(doc)
        query = h[-1].unsqueeze(1).expand(-1, memory.size(1), -1)
        return self.mix(torch.cat({{parts}}, dim=2))


Scores()(torch.randn(10, 33, 20))
"""


@pytest.mark.parametrize(
    ("parts", "joined"), [("(query, memory)", "(other, output)"), ("(memory, query)", "(output, other)")]
)
def test_a_small_program_joins_the_output_of_the_layer_with_its_own_units(parts: str, joined: str) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (330x144 and 96x30)"
    frames = ["Scores()(torch.randn(10, 33, 20))", f"return self.mix(torch.cat({parts}, dim=2))"]
    explanation = explain(pasted(SCORES.format(parts=parts), frames, error))
    program = first_program(explanation)

    assert program and program.printed == "(10, 33, 30)"
    lines = program.running.split("\n")
    assert "lstm = torch.nn.LSTM(20, 48, bidirectional=True," in lines
    assert "other = torch.zeros(10, 33, 48)" in lines
    assert f"output = dense(torch.cat({joined}, dim=-1))" in lines


def test_the_picture_joins_an_output_with_two_directions() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (330x144 and 96x30)"
    frames = ["return self.mix(torch.cat((query, memory), dim=2))"]
    explanation = explain(pasted(SCORES.format(parts="(query, memory)"), frames, error))
    assert explanation.configuration
    scene = error_chain(explanation, explanation.configuration, comparison(explanation))

    assert scene
    widths = [(one.passed.layer.kind, one.passed.input[-1].number) for one in scene.layers]
    assert widths == [("lstm", 20), ("concatenate", 96), ("dense", 144)]


def test_the_picture_has_the_dense_layer_before_a_new_shape() -> None:
    explanation = explain(forecast("horizon", 240))
    assert explanation.configuration
    scene = error_chain(explanation, explanation.configuration, comparison(explanation))

    assert scene
    assert [(one.passed.layer.kind, one.passed.input[-1].value) for one in scene.layers] == [
        ("gru", 3),
        ("dense", 52),
        ("reshape", 6),
    ]


OTHER_WEIGHTS = (
    "\tsize mismatch for gru.weight_{}_l0: copying a param with shape torch.Size([288, {}]) from checkpoint,"
    " the shape in current model is torch.Size([384, {}]).\n"
)
OF_CHECKPOINT = (
    "RuntimeError: Error(s) in loading state_dict for Spotter:\n"
    f"{OTHER_WEIGHTS.format('ih', 40, 40)}{OTHER_WEIGHTS.format('hh', 96, 128)}"
)


@pytest.mark.parametrize(
    ("made", "arguments"),
    [
        ("self.gru = nn.GRU(n_mels, hidden, batch_first=True)", "40, 96, batch_first=True"),
        ("self.gru = nn.GRU(n_mels, hidden)", "40, 96"),
        ("", "40, 96"),
    ],
)
def test_the_layer_of_a_checkpoint_stays_batch_first(made: str, arguments: str) -> None:
    (first, *_) = explain(pasted(made, ['spotter.load_state_dict(ckpt["model"])'], OF_CHECKPOINT)).mismatch.causes

    assert first.fix == f"self.gru = nn.GRU({arguments})"


MASKED = f"""{TORCH_WITH_PACKING}
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
class Mean(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(9, 21, batch_first=True)

    def forward(self, x, lengths):
        mask = torch.arange(x.size(1)) < lengths[:, None]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return (out * mask.unsqueeze(-1)).sum(1)

Mean()(torch.zeros(5, 40, 9), torch.tensor([30, 31, 12, 4, 9]))
"""
OF_MASKED = "RuntimeError: The size of tensor a (31) must match the size of tensor b (40) at non-singleton dimension 1"


def test_a_mask_of_all_steps_is_not_the_one_that_is_wrong_beside_an_output_that_is_padded_to_fewer() -> None:
    mismatch = explain(pasted(MASKED, ["return (out * mask.unsqueeze(-1)).sum(1)"], OF_MASKED)).mismatch
    line = "out, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)"

    assert {*mismatch.sentence.values.values()} == {31, 40}
    assert mismatch.is_of_equals
    assert [one.id for one in mismatch.causes] == ["packed_steps", "mask"]
    assert mismatch.causes[0].lines == ((line, line.replace("True)", "True, total_length=x.size(1))")),)
