"""The lengths of a list of which only a part is padded.

PyTorch 2.13 raised the messages for such programs, and ran them with the corrected lines.
"""

import re

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.mismatch import Cause
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

REVIEWS = f"""{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(300, 32)
        self.gru = nn.GRU(32, 40, batch_first=True)
    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embed(tokens), lengths, batch_first=True, enforce_sorted=False)
        return self.gru(packed)[1][-1]
model = Encoder()
reviews = [torch.randint(1, 300, (n,)) for n in (9, 4, 12, 2, 7)]
LINES
tokens = pad_sequence(kept, batch_first=True)
logits = model(tokens, lengths)
"""

FRAMES = [
    "logits = model(tokens, lengths)",
    "packed = pack_padded_sequence(self.embed(tokens), lengths, batch_first=True, enforce_sorted=False)",
]

ERROR = """  File "site-packages/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence
    input = input.index_select(batch_dim, sorted_indices)
IndexError: index out of range in self"""

KEPT = "kept = [r for r in reviews if len(r) >= 4]"


def first(*lines: str) -> Cause:
    return explain(pasted(REVIEWS.replace("LINES", "\n".join(lines)), FRAMES, ERROR)).mismatch.causes[0]


@pytest.mark.parametrize(
    ("lengths", "new"),
    [
        ("torch.tensor([len(r) for r in reviews])", "torch.tensor([len(r) for r in kept])"),
        ("torch.tensor(list(map(len, reviews)))", "torch.tensor(list(map(len, kept)))"),
        ("[r.size(0) for r in reviews]", "[r.size(0) for r in kept]"),
    ],
)
@pytest.mark.parametrize("kept", [KEPT, "kept = reviews[:3]"])
def test_the_lengths_are_those_of_what_is_padded(lengths: str, new: str, kept: str) -> None:
    before, after = first(f"lengths = {lengths}", kept), first(kept, f"lengths = {lengths}")

    assert before.id == after.id == "lengths_of_list"
    assert list(before.lines) == [("", f"lengths = {new}  # before: tokens = pad_sequence(kept, batch_first=True)")]
    assert list(after.lines) == [(f"lengths = {lengths}", f"lengths = {new}")]


def test_lengths_of_an_unrelated_list_are_left() -> None:
    assert first("lengths = [len(r) for r in reviews]", "kept = other(reviews)").id == "more_lengths"


def test_the_lengths_of_a_batch_are_those_of_the_part_that_is_padded() -> None:
    lines = "lengths = torch.tensor([len(r) for r in reviews])\nstart = 0"
    program = REVIEWS.replace("LINES", lines).replace("pad_sequence(kept,", "pad_sequence(reviews[start:start + 2],")
    wrong, right = "logits = model(tokens, lengths)", "logits = model(tokens, lengths[start:start + 2])"

    assert list(explain(pasted(program, FRAMES, ERROR)).mismatch.causes[0].lines) == [(wrong, right)]


def packing(lengths: str, forward: str = "batch_first=True") -> str:
    return f"""{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
sentences = [torch.randint(1, 200, (int(n),)) for n in torch.randint(3, 15, (60,))]
lengths = torch.tensor([len(one) for one in sentences])
padded = pad_sequence(sentences, batch_first=True)

class Intents(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(200, 16)
        self.gru = nn.GRU(16, 32, batch_first=True)

    def forward(self, ids, n):
        packed = pack_padded_sequence(self.embedding(ids), n, {forward}, enforce_sorted=False)
        return self.gru(packed)[1]

net = Intents()
for start in range(0, 60, 20):
    batch = padded[start : start + 20]
    h = net(batch, {lengths})
"""


SELECTED = """  File "/env/lib/python3.11/site-packages/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence
    input = input.index_select(batch_dim, sorted_indices)
IndexError: index out of range in self"""


def test_lengths_of_all_data_are_those_of_no_batch() -> None:
    line = "packed = pack_padded_sequence(self.embedding(ids), n, batch_first=True, enforce_sorted=False)"
    mismatch = explain(pasted(packing("lengths"), ["h = net(batch, lengths)", line], SELECTED)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("lengths", "batch_size", (20,), (60,))
    assert [one.lines for one in mismatch.causes] == [
        (("h = net(batch, lengths)", "h = net(batch, lengths[start : start + 20])"),)
    ]


def test_lengths_of_another_axis_may_lack_batch_first() -> None:
    line = "packed = pack_padded_sequence(self.embedding(ids), n, enforce_sorted=False)"
    program = packing("lengths[start : start + 20]", "").replace(" , enforce", " enforce")
    text = pasted(program, ["h = net(batch, lengths[start : start + 20])", line], SELECTED)

    assert explain(text).mismatch.first_cause == "lengths"


def test_an_index_out_of_an_embedding_is_about_no_lengths() -> None:
    embedding = (
        '  File "/env/lib/python3.11/site-packages/torch/nn/functional.py", line 9, in embedding\n'
        "    return torch.embedding(weight, input)\n"
    )
    with pytest.raises(NotFoundError) as error:
        explain(pasted(packing("lengths"), ["h = net(batch, lengths)"], embedding + SELECTED.split("\n")[-1]))

    assert error.value.about


PACKER = f"""{TORCH_WITH_PACKING}
from torch.nn.utils.rnn import pad_sequence


class Flags(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(7, 32, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence({{packing}})
        return self.lstm(packed)[1][0]


def collate(samples):
    return pad_sequence({{padding}}), torch.tensor([len(one) for one in samples])


x, lengths = collate(samples())
Flags()(x, lengths)
"""


OUT_OF_X = "RuntimeError: start (231) + length (11) exceeds dimension size (231)."


IN_LAYER = '\n  File "torch/nn/modules/rnn.py", line 1138, in forward\n    result = _VF.lstm('


IN_PACKING = '\n  File "torch/nn/utils/rnn.py", line 331, in pack_padded_sequence\n    input = input.index_select('


MORE_LENGTHS = "RuntimeError: INDICES element is out of DATA bounds, id=5 axis_dim=5"


@pytest.mark.parametrize(
    ("packing", "padding", "failed", "corrected"),
    [
        ("x, lengths, batch_first=False", "samples, batch_first=True", False, "packed"),
        ("x, lengths, batch_first=True", "samples, batch_first=False", False, "return"),
        ("x, lengths, enforce_sorted=False", "samples, batch_first=True", True, "packed"),
    ],
)
def test_sequences_are_packed_and_padded_with_the_batch_first(
    packing: str, padding: str, failed: bool, corrected: str
) -> None:
    packs, computes = f"packed = pack_padded_sequence({packing})", "return self.lstm(packed)[1][0]"
    frame = packs + IN_PACKING if failed else computes + IN_LAYER
    program = PACKER.format(packing=packing, padding=padding)
    _, lines = likely(pasted(program, [frame], MORE_LENGTHS if failed else OUT_OF_X))
    ((wrong, fix),) = lines.items()

    assert wrong.startswith(corrected) and "batch_first=True" not in wrong and "batch_first=True" in fix


def test_the_picture_has_the_samples_in_the_second_axis_of_an_x_with_time_first() -> None:
    packing, padding = "x, lengths, batch_first=True", "samples, batch_first=False"
    program = PACKER.format(packing=packing, padding=padding).replace(
        "x, lengths = collate(samples())", "for x, lengths in DataLoader(Signals(), batch_size=12, collate_fn=collate):"
    )
    program = program.replace("\nFlags()(x, lengths)", "\n    Flags()(x, lengths)")
    text = pasted(program, ["Flags()(x, lengths)", "return self.lstm(packed)[1][0]" + IN_LAYER], OUT_OF_X)
    answer = answer_to(explain(text), {}, parse([], strict=True), translator("en"))
    drawn = " ".join(" ".join(re.findall(">([^<>]+)<", str(answer.pictures[0]))).split())

    assert "x ? × 12 × 7 lengths 12 " in drawn


def test_packed_lengths_are_known_without_the_frames_of_pytorch() -> None:
    program = PACKER.format(packing="x, lengths, enforce_sorted=False", padding="samples, batch_first=True")
    _, lines = likely(pasted(program, ["return self.lstm(packed)[1][0]"], OUT_OF_X))

    assert [*lines.values()] == ["packed = pack_padded_sequence(x, lengths, enforce_sorted=False, batch_first=True)"]

    sliced = program.replace("Flags()(x, lengths)", "x.narrow(1, 231, 11)")
    with pytest.raises(NotFoundError):
        explain(pasted(sliced, ["x.narrow(1, 231, 11)"], OUT_OF_X))


WITHOUT_SAMPLES = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
reader = nn.GRU(6, 11{order})
frames = torch.randn({sizes}, 6)
packed = pack_padded_sequence(frames, torch.tensor([9] * 3){order})
"""


@pytest.mark.parametrize(
    ("sizes", "order", "axis"),
    [
        ("0, 9", ", batch_first=True", "batch_size"),
        ("9, 0", "", "batch_size"),
        ("3, 0", ", batch_first=True", "time_step"),
    ],
)
def test_the_axis_without_a_size_is_named_and_a_program_without_a_loop_stops(sizes: str, order: str, axis: str) -> None:
    program = WITHOUT_SAMPLES.format(sizes=sizes, order=order)
    failed = f"packed = pack_padded_sequence(frames, torch.tensor([9] * 3){order})"
    mismatch = explain(pasted(program, [failed], "RuntimeError: Cannot pack empty tensors.")).mismatch
    (likely,) = mismatch.causes

    assert mismatch.axis == axis
    compile(program.replace(failed, f"{likely.fix}\n{failed}"), "a.py", "exec")

    in_loop = program.replace(failed, f"for batch in range(2):\n    {failed}")
    (likely,) = explain(pasted(in_loop, [failed], "RuntimeError: Cannot pack empty tensors.")).mismatch.causes
    assert "continue" in likely.fix


TAGGER = """import keras
import numpy as np
from keras import layers

MAXLEN = 40

def sentences(n):
    lengths = np.random.default_rng(1).integers(5, 30, n)
    tokens = np.zeros((n, MAXLEN), dtype="int32")
    {line}
    return tokens, mask

tokens, mask = sentences(16)
x = layers.Embedding(300, 20)(tokens)
layers.LSTM(36, return_sequences=True)(x, mask=mask)
"""


MASK = (
    "RuntimeError: Exception encountered when calling LSTM.call().\n\nThe size of tensor a (29) must match the size of"
    " tensor b (40) at non-singleton dimension 1\n\nArguments received by LSTM.call():\n"
    "  • sequences=torch.Tensor(shape=torch.Size([16, 40, 20]), dtype=float32)\n  • initial_state=None\n"
    "  • mask=torch.Tensor(shape=torch.Size([16, 29]), dtype=bool)\n  • training=False"
)


@pytest.mark.parametrize("longest", ["lengths.max()", "max(lengths)", "int(lengths.max())"])
def test_a_mask_has_the_steps_of_the_array_that_is_padded_beside_it(longest: str) -> None:
    line = f"mask = np.arange({longest})[None, :] < lengths[:, None]"
    text = pasted(TAGGER.format(line=line), ["layers.LSTM(36, return_sequences=True)(x, mask=mask)"], MASK)
    assert likely(text) == (["short_mask"], {line: line.replace(longest, "MAXLEN")})
