"""The lengths of all data, which are packed with the samples of one batch.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

SENTENCES = f"""{TORCH_WITH_PACKING}from torch.nn.utils.rnn import pad_sequence
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(9, 24, batch_first=True)
    def forward(self, padded, lengths):
        packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
        return self.gru(packed)[1]
sentences = [torch.randn(n % 4 + 3, 9) for n in range(70)]
lengths = torch.tensor([len(one) for one in sentences])
net, size = Reader(), 14
for first in range(0, 70, size):
    LAST
    padded = pad_sequence(PART, batch_first=True)
    h = net(padded, lengths)
"""
OF_SENTENCES = [
    "h = net(padded, lengths)",
    "packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)",
]

SERIES = f"""{TORCH_WITH_PACKING}
series = torch.randn(84, 10, 5)
lengths = torch.randint(1, 11, (84,))
rnn = nn.RNN(5, 19)
for n in range(0, 84, 12):
    x = series[n : n + 12].transpose(0, 1)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, h = rnn(packed)
"""
PACKING = "packed = pack_padded_sequence(x, lengths, enforce_sorted=False)"
BATCHES = f"""{TORCH_WITH_PACKING}from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader
texts = [torch.randint(1, 40, (n % 5 + 2,)) for n in range(66)]
lengths = torch.tensor([len(one) for one in texts])
embed, lstm = nn.Embedding(40, 7), nn.LSTM(7, 17, batch_first=True)
for words in DataLoader(texts, batch_size=11, collate_fn=lambda some: pad_sequence(some, batch_first=True)):
    packed = pack_padded_sequence(embed(words), lengths, batch_first=True, enforce_sorted=False)
    y, _ = lstm(packed)
"""
OF_WORDS = "packed = pack_padded_sequence(embed(words), lengths, batch_first=True, enforce_sorted=False)"

SELECTED = """  File "/env/lib/python3.11/site-packages/torch/nn/utils/rnn.py", line 321, in pack_padded_sequence
    input = input.index_select(batch_dim, sorted_indices)
"""
MESSAGE = f"{SELECTED}IndexError: index out of range in self"
WITH_SIZE = f"{SELECTED}RuntimeError: INDICES element is out of DATA bounds, id=23 axis_dim={{}}"


def sizes(text: str) -> tuple[object, object]:
    mismatch = explain(text).mismatch
    return mismatch.expected, mismatch.got


@pytest.mark.parametrize("message", [MESSAGE, WITH_SIZE.format(14)])
@pytest.mark.parametrize(("part", "last"), [("first:last", "    last = first + size\n"), ("first : first + size", "")])
def test_the_samples_of_a_padded_slice_of_sequences_have_too_many_lengths(message: str, part: str, last: str) -> None:
    program = SENTENCES.replace("PART", f"sentences[{part}]").replace("    LAST\n", last)
    text = pasted(program, OF_SENTENCES, message)
    cause, lines = first_cause_and_lines(text)

    assert cause == ("lengths", "batch_size", "more_lengths")
    assert sizes(text) == ((14,), (70,))
    assert network(explain(text)) == (14, None, 9, 24)
    assert lines == {"h = net(padded, lengths)": f"h = net(padded, lengths[{part}])"}
    assert answer_to(explain(text), {}, parse([], strict=True), translator("en")).subject == "sequences"


@pytest.mark.parametrize("message", [MESSAGE, WITH_SIZE.format(12)])
def test_the_samples_of_an_x_with_time_first_are_in_its_second_axis(message: str) -> None:
    text = pasted(SERIES, [PACKING], message)
    cause, lines = first_cause_and_lines(text)

    assert cause == ("lengths", "batch_size", "more_lengths")
    assert sizes(text) == ((12,), (84,))
    assert network(explain(text)) == (12, 10, 5, 19)
    assert lines == {PACKING: PACKING.replace("lengths", "lengths[n : n + 12]")}


def test_a_loader_says_how_many_samples_have_too_many_lengths() -> None:
    text = pasted(BATCHES, [OF_WORDS], MESSAGE)

    assert sizes(text) == ((11,), (66,))
    assert network(explain(text)) == (11, None, 7, 17)


def test_a_padded_slice_with_time_first_that_is_packed_with_the_batch_first_says_no_samples() -> None:
    program = SENTENCES.replace("PART, batch_first=True", "sentences[first : first + size]").replace("    LAST\n", "")

    assert sizes(pasted(program, OF_SENTENCES, MESSAGE)) == (None, None)
