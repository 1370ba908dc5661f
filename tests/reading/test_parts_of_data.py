"""The sizes of parts of data that a program gives to its network: the slices of a loop, and words without the last one.

PyTorch 2.14, and Flax 0.12 on JAX 0.7, raised the messages for these programs.
"""

import pytest
from pasted_programs import TORCH, network, pasted

from app.reading.errors.explanation import explain

CONVOLVED = f"""{TORCH}
class Net(nn.Module):
    def __init__(self, channels, filters, units):
        super().__init__()
        self.conv = nn.Conv1d(channels, filters, kernel_size=3, padding=1)
        self.lstm = nn.LSTM(filters, units, batch_first=True)

    def forward(self, x):
        out, _ = self.lstm(self.conv(x))
        return out[:, -1]


net = Net(3, 11, 21)
x = torch.randn(40, 3, 30)
for start in range(0, 40, {{batch}}):
    net(x[start : start + {{batch}}])
"""
IN_LOOP = ["net(x[start : start + {batch}])", "out, _ = self.lstm(self.conv(x))"]
FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected 11, got 30"


@pytest.mark.parametrize(("batch", "samples"), [(14, 14), (64, 40), (20, 20)])
def test_the_first_slice_of_a_loop_is_a_whole_batch_and_fails_before_the_last(batch: int, samples: int) -> None:
    frames = [one.format(batch=batch) for one in IN_LOOP]

    assert network(explain(pasted(CONVOLVED.format(batch=batch), frames, FEATURES)))[0] == samples


def test_the_last_slice_of_a_loop_failed_if_the_message_says_its_samples() -> None:
    program = CONVOLVED.replace("self.lstm(self.conv(x))", "self.lstm(x.mT, torch.zeros(1, 14, 21))").replace(
        "nn.LSTM(filters", "nn.GRU(channels"
    )
    frames = [IN_LOOP[0].format(batch=14), "out, _ = self.lstm(x.mT, torch.zeros(1, 14, 21))"]
    error = "RuntimeError: Expected hidden size (1, 12, 21), got [1, 14, 21]"

    assert network(explain(pasted(program.format(batch=14), frames, error))) == (12, 30, 3, 21)


WORDS = """import jax.numpy as jnp
from flax import nnx


class Words(nnx.Module):
    def __init__(self, words, width, units, rngs):
        self.table = nnx.Embed(words, width, rngs=rngs)
        self.first = nnx.RNN(nnx.GRUCell(width, units, rngs=rngs))
        self.second = nnx.RNN(nnx.GRUCell(width, units, rngs=rngs))

    def __call__(self, words):
        return self.second(self.first(self.table(words)))


def loss(model, words):
    return model({given}).mean()


words = jnp.zeros((6, 19), int)
model = Words(80, 12, 33, nnx.Rngs(0))
print(nnx.value_and_grad(loss)(model, words))
"""
CONTRACTED = "TypeError: dot_general requires contracting dimensions to have the same shape, got (33,) and (12,)."


@pytest.mark.parametrize(("given", "steps"), [("words[:, :-1]", 18), ("words[:, 2:]", 17), ("words", 19)])
def test_a_network_of_flax_gets_the_part_of_the_words_that_its_call_takes(given: str, steps: int) -> None:
    frames = ["print(nnx.value_and_grad(loss)(model, words))", f"return model({given}).mean()"]
    frames += ["return self.second(self.first(self.table(words)))"]

    samples, of_call, _, units = network(explain(pasted(WORDS.format(given=given), frames, CONTRACTED)))

    assert (samples, of_call, units) == (6, steps, 33), "both cells have as many units"


CARRY = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Reader(nn.Module):
    units: int
    samples: int

    @nn.compact
    def __call__(self, x):
        cell = nn.GRUCell(self.units)
        carry = cell.initialize_carry(jax.random.key(0), (self.samples, x.shape[-1]))
        return nn.RNN(cell)(x, initial_carry=carry)


def parts(x, size):
    for i in range(0, len(x), size):
        yield x[i : i + size]


def main(size=16, columns=5, steps=23):
    x = jnp.ones((38, steps, columns))
    model = Reader(11, size)
    variables = model.init(jax.random.key(1), x[:size])
    for part in parts(x, size):
        model.apply(variables, part)


main()
"""


def test_the_last_slice_of_a_generator_has_the_samples_that_the_message_says() -> None:
    frames = ["main()", "model.apply(variables, part)", "return nn.RNN(cell)(x, initial_carry=carry)"]
    in_cell = '  File "/lib/python3.11/site-packages/flax/linen/recurrent.py", line 588, in __call__\n    {}\n'
    line = "r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))"
    error = "TypeError: add got incompatible shapes for broadcasting: (6, 11), (16, 11)."

    assert network(explain(pasted(CARRY, frames, in_cell.format(line) + error))) == (6, 23, 5, 11)


def test_the_samples_after_a_loop_are_no_slice_of_it() -> None:
    program = CONVOLVED.format(batch=14).replace("    net(x[start", "    print(x[start")
    call = "net(torch.randn(12, 3, 30))"

    assert network(explain(pasted(f"{program}{call}\n", [call, IN_LOOP[1]], FEATURES)))[0] == 12
