"""What a program says about a state for a decoder whose x has each sample several times.

Keras 3.15 and PyTorch 2 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

KERAS = """import keras
from keras import layers, ops

encoder = layers.GRU(24, return_state=True)
decoder = layers.GRU(24)

def search(frames, queries, beams=3):
    _, state = encoder(frames)
    tiled = {}
    return decoder(tiled, initial_state={})

search(keras.random.normal((8, 15, 10)), keras.random.normal((8, 6, 10)))
"""


BATCHES = """RuntimeError: Exception encountered when calling GRU.call().

The size of tensor a (24) must match the size of tensor b (8) at non-singleton dimension 0

Arguments received by GRU.call():
  • sequences=torch.Tensor(shape=torch.Size([24, 6, 10]), dtype=float32)
  • initial_state=torch.Tensor(shape=torch.Size([8, 24]), dtype=float32)"""


@pytest.mark.parametrize(
    ("repeat", "fixed"),
    [
        ("ops.repeat(queries, beams, axis=0)", "ops.repeat(state, beams, axis=0)"),
        ("keras.ops.repeat(queries, 3, 0)", "keras.ops.repeat(state, 3, axis=0)"),
        ("ops.repeat(queries, beams, axis=1)", None),
        ("more(queries)", None),
    ],
)
def test_the_state_of_an_encoder_is_repeated_like_the_samples_of_a_decoder(repeat: str, fixed: str | None) -> None:
    line = "return decoder(tiled, initial_state=state)"
    program = KERAS.format(repeat, "state")
    (first, *_) = explain(pasted(program, [line], BATCHES)).mismatch.causes

    assert (first.id == "state_of_one") == bool(fixed)
    assert not fixed or first.lines == ((line, line.replace("=state", f"={fixed}")),)


def test_a_decoder_alone_goes_on_with_its_state_and_not_with_zeros() -> None:
    line = "return decoder(tiled, initial_state=state)"
    (first, *_) = explain(pasted("", [line], BATCHES)).mismatch.causes

    assert (first.id, first.fix) == ("state_of_one", "h = keras.ops.repeat(h, 3, axis=0)")


PYTORCH = """import torch
from torch import nn

encoder = nn.GRU(10, 24, batch_first=True)
decoder = nn.GRU(10, 24, batch_first=True)

def search(frames, queries, beams):
    _, h = encoder(frames)
    tiled = queries.repeat_interleave(beams, dim=0)
    return decoder(tiled, h)[0]

search(torch.randn(8, 15, 10), torch.randn(8, 6, 10), 3)
"""


def test_a_layer_of_pytorch_has_the_samples_of_its_state_in_the_second_axis() -> None:
    line = "return decoder(tiled, h)[0]"
    error = "RuntimeError: Expected hidden size (1, 24, 24), got [1, 8, 24]"
    (first, *_) = explain(pasted(PYTORCH, [line], error)).mismatch.causes

    assert first.lines == ((line, "return decoder(tiled, h.repeat_interleave(beams, dim=1))[0]"),)
