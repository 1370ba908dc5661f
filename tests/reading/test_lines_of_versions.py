"""Corrected lines fit the version whose message it is, and the lines of the text.

The programs with these lines ran in PyTorch 2.13, Keras 3.15 and TensorFlow 2.21; those of older versions are from
their documentation.
"""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause

FRAME = """Traceback (most recent call last):
  File "/home/me/model.py", line 9, in <module>
    {line}
{error}
"""


def likely(line: str, error: str, program: str = "") -> Cause:
    return explain(f"{program}\n{FRAME.format(line=line, error=error)}").mismatch.causes[0]


NOT_SORTED = "ValueError: lengths array has to be sorted in decreasing order"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        (
            "packed = pack_padded_sequence(embedded, sizes)",
            "sizes, order = sizes.sort(descending=True); embedded = embedded[:, order]  # targets, too",
        ),
        (
            "packed = pack_padded_sequence(embedded, sizes, batch_first=True)",
            "sizes, order = sizes.sort(descending=True); embedded = embedded[order]  # targets, too",
        ),
        (
            "packed = pack_padded_sequence(self.embed(x), list(sizes))",
            "lengths, order = lengths.sort(descending=True); x = x[:, order]  # targets, too",
        ),
    ],
)
def test_samples_are_sorted_where_pytorch_cannot_sort_them(line: str, fix: str) -> None:
    assert likely(line, NOT_SORTED).fix == fix
    newer = "RuntimeError: `lengths` array must be sorted in decreasing order when `enforce_sorted` is True."
    assert "enforce_sorted=False" in likely(line, newer).fix


KEPT = "ValueError: If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input"


def test_the_first_layer_of_keras_2_says_the_batch() -> None:
    line = "model.add(GRU(14, stateful=True, input_shape=(17, 3)))"
    frame = '  File "/home/me/lib/python3.6/site-packages/keras/layers/recurrent.py", line 708, in reset_states\n'
    other = "model.add(GRU(14, stateful=True))"

    assert likely(line, KEPT).lines == (
        (line, "model.add(GRU(14, stateful=True, batch_input_shape=(batch_size, 17, 3)))"),
    )
    assert "batch_input_shape=(batch_size, time_step, features)" in likely(other, frame + KEPT).fix
    assert likely(other, KEPT).id == "static_batch"


PRODUCT = """InvalidArgumentError: Exception encountered when calling {0}.call().

Matrix size-incompatible: In[0]: [3,9], In[1]: [7,{1}] [Op:MatMul] name:

Arguments received by {0}.call():
  • inputs=tf.Tensor(shape=(3, 9), dtype=float32)
  • states=[{2}]"""
STATE = "'tf.Tensor(shape=(3, 13), dtype=float32)'"


@pytest.mark.parametrize(("cell", "columns"), [("LSTMCell", 52), ("GRUCell", 39), ("SimpleRNNCell", 13)])
def test_a_cell_without_a_model_is_built_anew(cell: str, columns: int) -> None:
    error = PRODUCT.format(cell, columns, ", ".join([STATE] * (2 if cell == "LSTMCell" else 1)))
    built = likely("out, state = self.cell(frames[:, t], state)", error)
    of_model = likely("out, state = cell(frames[:, t], state)", error, "x = keras.Input((None, 7))")

    assert built.lines == (("self.cell.build((None, 7))", "self.cell.build((None, 9))"),)
    assert of_model.id == "other_features"


TOO_SHORT = (
    "ValueError: Expected total_length to be at least the length of the longest sequence in input, but got"
    " total_length=12 and max sequence length being 14"
)


@pytest.mark.parametrize(
    "arguments",
    [
        "(states, batch_first=True, total_length={})",
        "(states, total_length={}, padding_value=-1)",
        "(s, False, 0.0, {})",
    ],
)
def test_the_other_arguments_of_a_padding_are_kept(arguments: str) -> None:
    line = f"states, n = pad_packed_sequence{arguments.format('MAX_LEN')}"
    general = "pad_packed_sequence(packed, total_length=14)"

    assert likely(line, TOO_SHORT).fix == (line.replace("MAX_LEN", "14") if "total_length" in arguments else general)


MASK = (
    "ValueError: Exception encountered when calling TimeDistributed.call().\n\n"
    "The `mask` passed to the `TimeDistributed` layer has a shape (4, 14) that is incompatible with"
    " the input shape (4, 11, 9)."
)


@pytest.mark.parametrize(
    ("arguments", "fixed"),
    [
        ("raw", "raw, maxlen=11"),
        ("raw, maxlen=14", "raw, maxlen=11"),
        ("raw, 14", "raw, maxlen=11"),
        ("raw, dtype=tf.bool", "raw, maxlen=11, dtype=tf.bool"),
    ],
)
def test_a_mask_of_lengths_gets_the_steps_of_x(arguments: str, fixed: str) -> None:
    made = "mask = tf.sequence_mask({})"
    line = "tags = layers.TimeDistributed(layers.Dense(5))(seq, mask=mask)  # of the GRU"
    cause = likely(line, MASK, made.format(arguments))

    assert cause.lines == ((made.format(arguments), made.format(fixed)),)
    assert likely(line, MASK).fix == "mask = np.any(x != 0, axis=-1)"


STATEFUL = (
    "ValueError: If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the"
    " initial state. \n- Expected batch size: 8\n- Received batch size: 5"
)
LOOP = """import keras

gru = keras.layers.GRU(10, stateful=True)
signal = np.random.rand(29, 16, 2)
for start in range(0, {}, 8):
    gru(signal[start:start + 8])
"""


@pytest.mark.parametrize(
    ("stop", "fixed"),
    [("29", "29 // 8 * 8"), ("len(signal)", "len(signal) // 8 * 8"), ("n - 1", "(n - 1) // 8 * 8")],
)
def test_a_loop_over_parts_of_an_array_leaves_the_last_part_out(stop: str, fixed: str) -> None:
    line = "gru(signal[start:start + 8])"
    (own,), alone = likely(line, STATEFUL, LOOP.format(stop)).lines, likely(line, STATEFUL)

    assert own == (f"for start in range(0, {stop}, 8):", f"for start in range(0, {fixed}, 8):")
    assert alone.fix == "for start in range(0, len(signal) // 8 * 8, 8):"
    assert "drop_remainder=True" in likely("gru(batch)", STATEFUL).fix
