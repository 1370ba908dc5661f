"""What a program says about a state for a decoder whose x has each sample several times, about last batches that a
stateful model refuses, and about the layer before a repeated vector.

Keras 3.15 and PyTorch 2 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.causes_in_programs.causes_by_program import is_general
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


STATEFUL = """import keras
from tensorflow import data

BATCH = 24
ds = {}
model = keras.Sequential([layers.Input(batch_shape=(BATCH, 30, 1)), layers.GRU(18, stateful=True), layers.Dense(1)])
for xb, yb in ds:
    guess = model(xb, training=True)
"""
SMALLER = """ValueError: Exception encountered when calling GRU.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 24
- Received batch size: 14

Arguments received by GRU.call():
  • sequences=tf.Tensor(shape=(14, 30, 1), dtype=float32)"""
WHOLE = "unbatch().batch(BATCH, drop_remainder=True)"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            "keras.utils.timeseries_dataset_from_array(prices, goal, 30, batch_size=BATCH)",
            ("for xb, yb in ds:", f"for xb, yb in ds.{WHOLE}:"),
        ),
        (
            "data.Dataset.from_tensor_slices((x, y)).batch(BATCH).prefetch(2)",
            (
                "ds = data.Dataset.from_tensor_slices((x, y)).batch(BATCH).prefetch(2)",
                "ds = data.Dataset.from_tensor_slices((x, y)).batch(BATCH, drop_remainder=True).prefetch(2)",
            ),
        ),
        ("load()", ("", "dataset = dataset.unbatch().batch(24, drop_remainder=True)")),
    ],
)
def test_a_batch_of_a_loop_is_not_cut_to_whole_batches(made: str, line: tuple[str, str]) -> None:
    text = pasted(STATEFUL.format(made), ["guess = model(xb, training=True)"], SMALLER)
    (first, *_) = explain(text).mismatch.causes

    assert (first.id, first.lines) == ("last_batch", (line,))


AUTOENCODER = """from keras import Input, Sequential
from keras.layers import LSTM, RepeatVector

autoencoder = Sequential([
    Input((25, 4)),
    LSTM(64, return_sequences=True),
    LSTM(16, {}),
    RepeatVector(25),
    LSTM(16, return_sequences=True),
    LSTM(64, return_sequences=True),
])
"""
REPEATED = (
    "ValueError: Input 0 with name 'None' of layer 'repeat_vector' is incompatible with the layer: expected ndim=2,"
    " found ndim=3. Full shape received: (None, 25, 16)"
)


@pytest.mark.parametrize(("given", "is_own"), [("return_sequences=True", True), ("dropout=0.1", False)])
def test_the_layer_before_the_repeated_vector_is_corrected_and_no_other(given: str, is_own: bool) -> None:
    found = explain(pasted(AUTOENCODER.format(given), ["autoencoder = Sequential(["], REPEATED))
    (first, *_) = found.mismatch.causes

    assert first.id == "repeated_every_step"
    assert first.is_own == is_own
    if is_own:
        assert first.lines == (("LSTM(16, return_sequences=True),", "LSTM(16),  # before: RepeatVector(25),"),)
        assert found.configuration
        assert (found.configuration.features, found.configuration.num_units) == (64, 16)


@pytest.mark.parametrize(("layer", "is_marked"), [("layers.Bidirectional(layers.LSTM(8))", True), ("LSTM(16)", False)])
def test_a_line_with_a_layer_that_the_text_does_not_show_is_general(layer: str, is_marked: bool) -> None:
    found = explain(pasted("", [f"model.add({layer})", "model.add(layers.RepeatVector(25))"], REPEATED))

    assert is_general(found.found, found.mismatch.causes[0]) == is_marked
