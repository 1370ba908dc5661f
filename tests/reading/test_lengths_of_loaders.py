"""Lengths of the samples that a loader gives, for a call that packs x without batch_first=True.

PyTorch 2.13 raised the message for this program, which runs with the corrected line.
"""

from pasted_programs import causes_and_lines, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 10{batch_first})

    def forward(self, x, sizes):
        packed = pack_padded_sequence(x, sizes, enforce_sorted=False)
        return self.rnn(packed)[1]


def pad(samples):
    return pad_sequence(samples{batch_first}), torch.tensor([len(one) for one in samples])


samples = [torch.randn(2 + n % 4, 3) for n in range(40)]
model = Reader()
for x, sizes in DataLoader(samples, batch_size=20, collate_fn=pad):
    model(x, sizes)
"""
FRAMES = ["model(x, sizes)", "packed = pack_padded_sequence(x, sizes, enforce_sorted=False)"]
ERROR = "RuntimeError: INDICES element is out of DATA bounds, id=19 axis_dim=5"
IN_RNN = (
    '  File "torch/nn/utils/rnn.py", line 321, in pack_padded_sequence\n'
    "    input = input.index_select(batch_dim, sorted_indices)\n"
)


def test_more_lengths_than_steps_are_those_of_the_loader() -> None:
    text = pasted(PROGRAM.format(batch_first=", batch_first=True"), FRAMES, IN_RNN + ERROR)
    fixed = {FRAMES[1]: FRAMES[1].replace("False)", "False, batch_first=True)")}
    assert causes_and_lines(text) == (("lengths", "batch_size", ["lengths"]), fixed)
    explanation = explain(text)
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((5,), (20,))
    network = explanation.configuration
    assert network is not None
    assert (network.batch_size, network.time_step, network.num_units) == (20, 5, 10)


def test_a_layer_with_the_steps_first_leaves_the_axis_open() -> None:
    mismatch = explain(pasted(PROGRAM.format(batch_first=""), FRAMES, IN_RNN + ERROR)).mismatch
    assert mismatch.expected is None
