"""Which cell refuses a state or weights: by the words of the message, the loop that failed, and the call that makes it.

PyTorch 2.13, Keras 3.15 and JAX 0.10 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import NotFoundError, explain

# -- reset_after -------------------------------------------------------------------------------------------------------

RESET = """import keras
from keras import layers

def build({parameter}):
    return keras.Sequential([
        layers.Input((30, 12)),
        layers.GRU(20, {given}name="memory"),
        layers.Dense(3, name="answer"),
    ])

old = build({first})
weights = old.get_weights()
model = build({second})
model.get_layer("memory").set_weights(weights[:3])
"""
REFUSED = "ValueError: Layer memory weight shape {} is not compatible with provided weight shape {}."
ROWS, ONE = "(2, 60)", "(60,)"


@pytest.mark.parametrize(
    ("sizes", "shapes", "line", "fixed"),
    [
        (
            ("reset_after", "reset_after=reset_after, ", "reset_after=False", "reset_after=True"),
            (ROWS, ONE),
            "model = build(reset_after=True)",
            "model = build(reset_after=False)",
        ),
        (
            ("reset_after", "reset_after=reset_after, ", "True", "False"),
            (ONE, ROWS),
            "model = build(False)",
            "model = build(True)",
        ),
        (
            ("", "", "", ""),
            (ROWS, ONE),
            'layers.GRU(20, name="memory"),',
            'layers.GRU(20, name="memory", reset_after=False),',
        ),
        (
            ("", "reset_after=False, ", "", ""),
            (ONE, ROWS),
            'layers.GRU(20, reset_after=False, name="memory"),',
            'layers.GRU(20, reset_after=True, name="memory"),',
        ),
    ],
)
def test_the_call_that_makes_the_gru_gets_the_other_reset_after(
    sizes: tuple[str, str, str, str], shapes: tuple[str, str], line: str, fixed: str
) -> None:
    program = RESET.format(**dict(zip(("parameter", "given", "first", "second"), sizes, strict=True)))
    text = pasted(program, ['model.get_layer("memory").set_weights(weights[:3])'], REFUSED.format(*shapes))
    found = explain(text)

    assert [one.id for one in found.mismatch.causes] == ["reset_after"]
    assert found.mismatch.causes[0].lines == ((line, fixed),)
    assert found.resets_after == (shapes[0] == ROWS)


# -- states ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("batched 3-D input, hx should also be 3-D but got 2-D tensor", ["gru", "rnn"]),
        ("unbatched 2-D input, hx should also be 2-D but got 3-D tensor", ["gru", "rnn"]),
        ("batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors", ["lstm"]),
    ],
)
def test_only_an_lstm_is_told_about_two_states(words: str, cells: list[str]) -> None:
    frames = ["loss = nn.functional.l1_loss(wear(x), y)", "seq, _ = self.rnn(x, h0)"]
    found = explain(pasted("", frames, f"RuntimeError: For {words}"))

    assert [one.cell for one in found.configurations] == cells


CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\nThe input"
    " carry {} has type float32{} but the corresponding output carry component has type float32[10,21], so the shapes"
    " do not match."
)


def test_a_loop_of_jax_over_a_state_is_a_recurrence() -> None:
    found = explain(pasted("", ["_, ys = lax.scan(step, h0, xs)"], CARRY.format("h", "[21]")))

    assert (found.mismatch.tensor, found.mismatch.expected, found.mismatch.got) == ("h_0", 2, 1)
    assert found.configuration and found.configuration.batch_size == 10
    assert [one.fix for one in found.mismatch.causes] == ["h0 = jnp.zeros((xs.shape[1], 21))"]


@pytest.mark.parametrize("line", ["_, ys = lax.scan(step, total, xs)", "out = lax.scan(step, init)", "y = solve(h0)"])
def test_other_loops_of_jax_are_asked_about(line: str) -> None:
    with pytest.raises(NotFoundError):
        explain(pasted("", [line], CARRY.format("h", "[21]")))


# -- lines with the program's own names --------------------------------------------------------------------------------

STRINGS = """import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

class Strings(Dataset):
    def __init__(self, n=64, length=30):
        self.rows = [[random.randint(3, 29) for _ in range(length)] for _ in range(n)]

class Encoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.rnn = nn.{cell}(24, hid, {layers}, batch_first=True, bidirectional=True)

    def forward(self, src):
        return self.rnn(src)

class Decoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.rnn = nn.{cell}(24, hid, {layers}, batch_first=True)

    def forward(self, tgt, hidden):
        return self.rnn(tgt, hidden)

enc, dec = Encoder(48), Decoder(48)
for src, tgt in DataLoader(Strings(), batch_size=16):
    _, state = enc(src)
    logits, _ = dec(tgt[:, :-1], state)
"""


@pytest.mark.parametrize(
    ("cell", "layers", "message", "added"),
    [
        ("GRU", 1, "hidden size (1, 16, 48), got [2, 16, 48]", "state.sum(0, keepdim=True)"),
        ("GRU", 2, "hidden size (2, 16, 48), got [4, 16, 48]", "state.view(2, 2, *state.shape[1:]).sum(1)"),
        ("LSTM", 1, "hidden[0] size (1, 16, 48), got [2, 16, 48]", "tuple(s.sum(0, keepdim=True) for s in state)"),
    ],
)
def test_both_directions_of_an_encoder_are_added_where_the_decoder_is_called(
    cell: str, layers: int, message: str, added: str
) -> None:
    frames = ["logits, _ = dec(tgt[:, :-1], state)", "return self.rnn(tgt, hidden)"]
    program = STRINGS.format(cell=cell, layers=layers)
    found = explain(pasted(program, frames, f"RuntimeError: Expected {message}"))
    (first, *_) = found.mismatch.causes

    assert first.id == "encoder_directions"
    assert first.lines == ((frames[0], f"logits, _ = dec(tgt[:, :-1], {added})"),)
    assert found.configuration and found.configuration.features == 24


COLUMNS = """import numpy as np
import keras

table = np.random.rand(500, 5).astype("float32")
model = keras.Sequential([keras.Input((24, 5)), keras.layers.GRU(28), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(windows(table), table[24:, 0])
last = {}
model.predict(last[None])
"""


@pytest.mark.parametrize(
    ("part", "fixed"),
    [
        ("table[-24:, 1:]", "table[-24:]"),
        ("table[:, 1:]", "table"),
        ("table[-24:, [0, 1, 3, 4]]", "table[-24:]"),
        ("table[-24:, 2:]", None),
        ("other[-24:, 1:]", None),
    ],
)
def test_the_columns_that_a_line_leaves_out_are_those_that_a_model_misses(part: str, fixed: str | None) -> None:
    message = (
        'ValueError: Input 0 of layer "gru" is incompatible with the layer: expected axis -1 of input shape to have'
        " value 5, but received input with shape (1, 24, 4)"
    )
    (first, *_) = explain(pasted(COLUMNS.format(part), ["model.predict(last[None])"], message)).mismatch.causes

    assert first.id == "other_columns"
    assert (first.lines == ((f"last = {part}", f"last = {fixed}"),)) == (fixed is not None)


def test_a_carry_that_a_function_makes_is_made_for_each_batch() -> None:
    program = """import jax
import flax.linen as nn

class Tagger(nn.Module):
    @nn.compact
    def __call__(self, frames, carry):
        scan = nn.scan(nn.LSTMCell, variable_broadcast="params", in_axes=1, out_axes=1)
        return scan(features=32)(carry, frames)

def start(units, batch, width):
    return nn.LSTMCell(features=units).initialize_carry(jax.random.key(0), (batch, width))

BATCH = 16
data = jax.random.normal(jax.random.key(1), (58, 22, 13))
carry = start(32, BATCH, 13)
for i in range(0, len(data), BATCH):
    chunk = data[i : i + BATCH]
    tags, _ = tagger.apply(params, chunk, carry)
"""
    trace = """Traceback (most recent call last):
  File "m.py", line 18, in <module>
    tags, _ = tagger.apply(params, chunk, carry)
  File "m.py", line 8, in __call__
    return scan(features=32)(carry, frames)
  File "/lib/flax/linen/recurrent.py", line 167, in __call__
    i = self.gate_fn(dense_i(name='ii')(inputs) + dense_h(name='hi')(h))
TypeError: add got incompatible shapes for broadcasting: (10, 32), (16, 32).
"""
    found = explain(trace + program)
    (first, *_) = found.mismatch.causes

    line = "tags, _ = tagger.apply(params, chunk, carry)"
    assert (first.id, first.lines) == ("last_batch", ((line, line.replace("carry", "start(32, len(chunk), 13)")),))
    assert found.configuration and (found.configuration.time_step, found.configuration.features) == (22, 13)
