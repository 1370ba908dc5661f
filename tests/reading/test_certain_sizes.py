"""Sizes that the lines of a program say for certain are not said to be unknown, and have the name of their axis."""

from app.reading.errors.explanation import explain

OF_ONE_SAMPLE = """import torch
from torch import nn

rnn = nn.RNN(9, 26)
sample = torch.randn(17, 9)
start = torch.zeros(1, 1, 26)
y, last = rnn(sample, start)
Traceback (most recent call last):
  File "/home/me/one.py", line 7, in <module>
    y, last = rnn(sample, start)
RuntimeError: For unbatched 2-D input, hx should also be 2-D but got 3-D tensor
"""


def test_a_state_of_one_sample_says_the_batch_of_an_x_without_one() -> None:
    explanation = explain(OF_ONE_SAMPLE)
    network = explanation.configuration

    assert explanation.mismatch.causes[0].fix == "y, last = rnn(sample.unsqueeze(1), start)"
    assert network and (network.batch_size, network.time_step, network.features) == (1, 17, 9)


TWICE = """import jax
import jax.numpy as jnp
import optax
import flax.linen as nn


class Reader(nn.Module):
    @nn.compact
    def __call__(self, words):
        return nn.RNN(nn.GRUCell(27), return_carry=True)(words)[0]


class Translator(nn.Module):
    @nn.compact
    def __call__(self, words, others):
        carry = Reader()(nn.Embed(90, 14)(words))
        y = nn.Embed(90, {width})(others)
        y = nn.RNN(nn.GRUCell(27))(y, initial_carry=carry)
        return nn.Dense(90)(y)


words, others = jnp.ones((6, 31), int), jnp.ones((6, 12), int)
model = Translator()
params = model.init(jax.random.PRNGKey(0), words, others)
logits = model.apply(params, words, others)
loss = optax.softmax_cross_entropy_with_integer_labels(logits, others[:, 1:])
Traceback (most recent call last):
  File "/home/me/translate.py", line 26, in <module>
    loss = optax.softmax_cross_entropy_with_integer_labels(logits, others[:, 1:])
ValueError: Incompatible shapes for broadcasting: shapes=[(6, 11, 1), (6, 12, 1)]
"""


def test_an_embedding_says_the_features_of_cells_whose_x_has_a_name_twice() -> None:
    network = explain(TWICE.format(width=14)).configuration
    other = explain(TWICE.format(width=15)).configuration

    assert network and (network.features, network.num_units) == (14, 27)
    assert other and (other.features, other.num_units) == (None, 27)


OF_SERIES = """import numpy as np
import torch
from torch import nn

steps = np.arange(300)[:, None]
series = np.sin(steps / 7 + np.arange(13))
windows = torch.stack([torch.as_tensor(series[i : i + 25], dtype=torch.float32) for i in range(40)])
rnn = nn.LSTM(series.shape[1], 17, batch_first=True)
y, _ = rnn(windows)
print(nn.Linear(71, 2)(y[:, -1]).shape)
Traceback (most recent call last):
  File "/home/me/series.py", line 10, in <module>
    print(nn.Linear(71, 2)(y[:, -1]).shape)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (40x17 and 71x2)
"""


def test_a_series_of_sines_has_the_features_of_the_sum_of_its_ranges() -> None:
    network = explain(OF_SERIES).configuration

    assert network and (network.batch_size, network.time_step, network.features) == (40, 25, 13)


PROJECTED = """import torch
from torch import nn

lstm = nn.LSTM(6, 34, {projection}batch_first=True)
norm = nn.LayerNorm({made})
y, _ = lstm(torch.zeros(4, 16, 6))
print(norm(y).shape)
Traceback (most recent call last):
  File "/home/me/norm.py", line 7, in <module>
    print(norm(y).shape)
RuntimeError: Given normalized_shape=[{made}], expected input with shape [*, {made}], but got input of size\
[4, 16, {got}]
"""


def test_an_output_of_projected_units_differs_in_num_proj() -> None:
    projected = explain(PROJECTED.format(projection="proj_size=11, ", made=34, got=11)).mismatch
    whole = explain(PROJECTED.format(projection="", made=30, got=34)).mismatch

    assert (projected.tensor, projected.axis, projected.got) == ("output", "num_proj", (4, 16, 11))
    assert projected.sentence.endswith("they differ in num_proj.")
    assert (whole.axis, whole.got) == ("num_units", (4, 16, 34))


OF_ANY_CLASS = """Traceback (most recent call last):
  File "/home/me/train.py", line 31, in forward
    y, state = self.layer(words, self.state)
  File "/usr/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 362, in check_hidden_size
    raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))
RuntimeError: Expected hidden size (1, 6, 15), got [1, 24, 15]
"""


def test_a_message_of_two_classes_offers_the_lines_of_both() -> None:
    fixes = {one.id: one.fix for one in explain(OF_ANY_CLASS).mismatch.causes}

    assert fixes["batch_first"] == "self.layer = nn.GRU(input_size, 15, batch_first=True)  # or nn.RNN"
