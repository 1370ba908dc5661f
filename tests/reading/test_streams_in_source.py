"""The axes of what a model gets from a loader, a dataset or a generator.

PyTorch 2.14 gives the models of these programs tensors with these axes; None stands for a batch whose last one may have
fewer samples.
"""

import pytest

from app.reading.code.layers_in_order import read
from app.reading.code.operations import operations

PROGRAM = """import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split
from tqdm import tqdm

STEPS = 11

class Windows(Dataset):
    def __init__(self, count, steps):
        self.x = torch.randn(count, steps, 5)
        self.y = torch.zeros(count, dtype=torch.long)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, n):
        return self.x[n], self.y[n]

def batches(count=4, size=8):
    for _ in range(count):
        yield torch.randn(size, STEPS, 5), torch.zeros(size, dtype=torch.long)

def all_batches():
    yield from batches(size=6)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(5, 20, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]

net = Net()
samples = torch.randn(70, STEPS, 5)
data = TensorDataset(samples, torch.zeros(70, dtype=torch.long))
"""

LOOPS = {
    "for x, y in DataLoader(data, batch_size=32):\n    net(x)": (None, 11, 5),
    "for x, y in DataLoader(data, batch_size=32, drop_last=True):\n    net(x)": (32, 11, 5),
    "for x, y in DataLoader(data):\n    net(x)": (1, 11, 5),
    "for n, (x, y) in enumerate(tqdm(DataLoader(data, 32))):\n    net(x)": (None, 11, 5),
    "for x, y in DataLoader(Windows(70, 9), batch_size=16, shuffle=True):\n    net(x)": (None, 9, 5),
    "train, test = random_split(data, [60, 10])\nx, y = next(iter(DataLoader(train, 16)))\nnet(x)": (None, 11, 5),
    "for x, y in batches():\n    net(x)": (8, 11, 5),
    "for x, y in batches(size=3):\n    net(x)": (3, 11, 5),
    "for x, y in all_batches():\n    net(x)": (6, 11, 5),
    "for x, y in DataLoader(data, batch_size=32, collate_fn=join):\n    net(x)": ("...",),
    "for x, y in data:\n    net(x.unsqueeze(0))": (1, 11, 5),
    "net(torch.randn(4, 6, 11, 5).flatten(0, 1))": (24, 11, 5),
    "net(torch.stack([samples[0] for _ in range(count)]))": (None, 11, 5),
    "net(torch.as_tensor(np.zeros((4, 11, 5)).astype(np.float32)))": (4, 11, 5),
    "net(torch.randn(4, 11, 5, 1).flatten(start_dim=-2))": (4, 11, 5),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_model_gets_the_items_of_what_a_loop_runs_over(loop: str) -> None:
    (layer,) = read(f"{PROGRAM}\n{loop}\n").layers

    assert (layer.kind, layer.given) == ("gru", LOOPS[loop])


def test_an_error_may_be_of_any_batch_but_the_last() -> None:
    loop = "for x, y in DataLoader(data, batch_size=32):\n    net(x)"
    cuts = "for n in range(0, count, 8):\n    net(samples[n : n + 8])"
    given = [[one.operands[0].axes for one in operations(f"{PROGRAM}\n{code}\n").operations] for code in (loop, cuts)]

    assert given == [[(32, 11, 5)], [(8, 11, 5)]]
    assert [layer.given for layer in read(f"{PROGRAM}\n{cuts}\n").layers] == [(None, 11, 5)]


KERAS = """import numpy as np
import keras

class Tagger(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn = keras.layers.LSTM(16, return_sequences=True)

    def call(self, x):
        return self.rnn(x)

model = Tagger()
model.compile("adam", "mse")
"""


def test_a_model_of_keras_gets_the_array_with_which_it_is_trained() -> None:
    source = f"{KERAS}x = np.zeros((40, 17, 10))\nmodel.fit(x, np.zeros((40, 17, 16)), batch_size=8)\n"
    (layer,) = read(source).layers

    assert (layer.given, layer.output) == ((None, 17, 10), (None, 17, 16))
