"""What is said about a mask that has the axes of the sequences in the other order.

PyTorch 2.14, Keras 3.15 and TensorFlow 2.21 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

OF_LENGTHS = "mask = torch.arange(26)[:, None] < torch.arange(5, 25)[None, :]"
PYTORCH = """import torch
from torch import nn
rnn = nn.LSTM(7, 32, batch_first={is_batch_first})
out, _ = rnn(torch.randn({sizes}, 7))
{mask}
scores = nn.Linear(32, 1)(out).squeeze(-1)
attention = nn.MultiheadAttention(32, 4, batch_first=True)
{line}
"""
SIZES = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


def said(line: str, error: str, mask: str = OF_LENGTHS, sizes: str = "20, 26", is_batch_first: bool = True) -> Mismatch:
    source = PYTORCH.format(line=line, mask=mask, sizes=sizes, is_batch_first=is_batch_first)
    return explain(pasted(source, [line], error)).mismatch


@pytest.mark.parametrize(
    ("line", "error", "fixed"),
    [
        (
            "scores = scores.masked_fill(~mask, -1e9)",
            SIZES.format(20, 26),
            "scores = scores.masked_fill(~mask.T, -1e9)",
        ),
        (
            "mean = (out * mask.unsqueeze(-1)).sum(1)",
            SIZES.format(26, 20),
            "mean = (out * mask.T.unsqueeze(-1)).sum(1)",
        ),
        (
            "y, _ = attention(out, out, out, key_padding_mask=~mask)",
            "AssertionError: Expected key_padded_mask.shape[0] to be 20, but got 26",
            "y, _ = attention(out, out, out, key_padding_mask=~mask.T)",
        ),
        (
            "steps = out[mask]",
            "IndexError: The shape of the mask [26, 20] at index 0 does not match the shape of the indexed tensor"
            " [20, 26, 32] at index 0",
            "steps = out[mask.T]",
        ),
    ],
)
@pytest.mark.parametrize("mask", [OF_LENGTHS, "mask = torch.ones(26, 20).bool()"])
def test_a_mask_of_pytorch_gets_the_order_of_the_sequences(line: str, error: str, fixed: str, mask: str) -> None:
    mismatch = said(line, error, mask)

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "order", (20, 26), (26, 20))
    assert [(one.id, one.lines) for one in mismatch.causes] == [("exchanged_mask", ((line, fixed),))]


def test_a_mask_with_the_batch_first_beside_steps_first_is_exchanged_as_well() -> None:
    line = "scores = scores.masked_fill(mask == 0, -1e9)"
    mismatch = said(line, SIZES.format(26, 20), "mask = torch.ones(20, 26)", "26, 20", is_batch_first=False)

    assert (mismatch.tensor, mismatch.axis) == ("mask", "order")
    assert mismatch.causes[0].lines == ((line, "scores = scores.masked_fill(mask.T == 0, -1e9)"),)


def test_a_mask_with_other_steps_is_not_exchanged() -> None:
    line = "scores = scores.masked_fill(mask == 0, -1e9)"
    mismatch = said(line, SIZES.format(30, 26), "mask = torch.ones(20, 30)")

    assert (mismatch.tensor, mismatch.axis) == ("mask", "time_step")
    assert [one.id for one in mismatch.causes] == ["mask"]


KERAS = """{imports}
visits = np.zeros((20, 26, 7), "float32")
{mask}
y = {layers}.LSTM(31)(visits, mask=mask)
"""
CALL = """Exception encountered when calling LSTM.call().

{error}

Arguments received by LSTM.call():
  • sequences=tf.Tensor(shape=(20, 26, 7), dtype=float32)
  • initial_state=None
  • mask=tf.Tensor(shape=({mask}), dtype=bool)
  • training=False"""
OF_KERAS = "import numpy as np\nimport keras\nfrom keras import layers"
OF_TENSORFLOW = "import numpy as np\nimport tensorflow as tf"


@pytest.mark.parametrize(
    ("imports", "mask", "layers", "fixed"),
    [
        (OF_KERAS, "mask = np.arange(26)[:, None] < lengths[None, :]", "layers", "mask.T"),
        (OF_KERAS, "mask = keras.ops.ones((26, 20))", "layers", "keras.ops.transpose(mask)"),
        (
            OF_TENSORFLOW,
            "mask = tf.transpose(tf.sequence_mask(lengths, 26))",
            "tf.keras.layers",
            "tf.transpose(mask)",
        ),
    ],
)
def test_a_mask_of_keras_is_exchanged_as_its_framework_does_it(
    imports: str, mask: str, layers: str, fixed: str
) -> None:
    source = KERAS.format(imports=imports, mask=mask, layers=layers)
    line = f"y = {layers}.LSTM(31)(visits, mask=mask)"
    error = (
        "{{function_node __wrapped__SelectV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} condition [26,1],"
        " then [20,31], and else [20,31] must be broadcastable [Op:SelectV2] name: "
    )
    error = "InvalidArgumentError: " + CALL.format(error=error, mask="26, 20")
    mismatch = explain(pasted(source, [line], error)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "order", (20, 26), (26, 20))
    assert [(one.id, one.lines) for one in mismatch.causes] == [
        ("exchanged_mask", ((line, line.replace("mask=mask", f"mask={fixed}")),))
    ]


def test_a_mask_that_is_exchanged_where_it_is_used_is_used_as_it_is() -> None:
    source = KERAS.format(imports=OF_KERAS, mask="mask = np.ones((20, 26))", layers="layers").replace(
        "mask=mask", "mask=mask.T"
    )
    line = "y = layers.LSTM(31)(visits, mask=mask.T)"
    mismatch = explain(pasted(source, [line], "ValueError: " + CALL.format(error="Invalid", mask="26, 20"))).mismatch

    assert mismatch.causes[0].lines == ((line, "y = layers.LSTM(31)(visits, mask=mask)"),)
