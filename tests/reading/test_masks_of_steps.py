"""Masks with an axis too many: one value for each feature, or two axes for losses in one."""

import pytest

from app.reading.errors.explanation import explain

OF_FEATURES = """{imports}

layer = {layers}.{layer}(14, return_sequences=True)
x = {make}((4, 17, 5))
keep = x != 0
output = layer(x, mask=keep)
Traceback (most recent call last):
  File "/home/me/masks.py", line 6, in <module>
    output = layer(x, mask=keep)
{raised}: Exception encountered when calling {layer}.call().

{message}

Arguments received by {layer}.call():
  • sequences={array}(shape={x}, dtype=float32)
  • initial_state=None
  • mask={array}(shape={x}, dtype=bool)
  • training=False
"""

IN_TENSORFLOW = {
    "imports": "import tensorflow as tf",
    "layers": "tf.keras.layers",
    "make": "tf.random.normal",
    "raised": "tensorflow.python.framework.errors_impl.InvalidArgumentError",
    "message": "{{function_node __wrapped__SelectV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} condition"
    " [4,5], then [4,14], and else [4,14] must be broadcastable [Op:SelectV2] name: ",
    "array": "tf.Tensor",
    "x": "(4, 17, 5)",
}
IN_PYTORCH = {
    "imports": "import keras",
    "layers": "keras.layers",
    "make": "keras.random.normal",
    "raised": "RuntimeError",
    "message": "The size of tensor a (5) must match the size of tensor b (14) at non-singleton dimension 1",
    "array": "torch.Tensor",
    "x": "torch.Size([4, 17, 5])",
}


@pytest.mark.parametrize("layer", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize(("backend", "any_of"), [(IN_TENSORFLOW, "tf.reduce_any"), (IN_PYTORCH, "keras.ops.any")])
def test_a_mask_with_features_gets_one_value_for_each_step(backend: dict[str, str], any_of: str, layer: str) -> None:
    mismatch = explain(OF_FEATURES.format(layer=layer, **backend)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 2, 3)
    assert mismatch.causes[0].fix == f"output = layer(x, mask={any_of}(keep, axis=-1))"


LOSSES = {
    "torch": (
        "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\nrnn = nn.LSTM(8, 12, batch_first=True)",
        'F.cross_entropy(logits.reshape(-1, 9), y.reshape(-1), reduction="none")',
        "RuntimeError: The size of tensor a (70) must match the size of tensor b (14) at non-singleton dimension 1",
        "mask.reshape(-1)",
    ),
    "a layer of torch": (
        "import torch\nfrom torch import nn\n\nrnn = nn.LSTM(8, 12, batch_first=True)\n"
        'criterion = nn.CrossEntropyLoss(reduction="none")',
        "criterion(logits.view(-1, 9), y.reshape(-1))",
        "RuntimeError: The size of tensor a (70) must match the size of tensor b (14) at non-singleton dimension 1",
        "mask.reshape(-1)",
    ),
    "optax": (
        "import optax\nfrom flax import linen as nn\n\nrnn = nn.RNN(nn.LSTMCell(12))",
        "optax.softmax_cross_entropy_with_integer_labels(logits.reshape(-1, 9), y.reshape(-1))",
        "ValueError: Incompatible shapes for broadcasting: shapes=[(70,), (5, 14)]",
        "mask.reshape(-1)",
    ),
    "tensorflow": (
        "import tensorflow as tf\n\nrnn = tf.keras.layers.LSTM(12, return_sequences=True)\n"
        'criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")',
        "criterion(tf.reshape(y, [-1]), tf.reshape(logits, [-1, 9]))",
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: {{function_node"
        " __wrapped__Mul_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible shapes: [70] vs. [5,14]"
        " [Op:Mul] name: ",
        "tf.reshape(mask, [-1])",
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_mask_of_flat_losses_is_flat_too(name: str) -> None:
    made, losses, message, flat = LOSSES[name]
    text = f"""{made}

def masked_loss(logits, y, mask):
    losses = {losses}
    return (losses * mask).sum() / mask.sum()

print(masked_loss(logits, y, mask))
Traceback (most recent call last):
  File "/home/me/losses.py", line 11, in <module>
    print(masked_loss(logits, y, mask))
  File "/home/me/losses.py", line 9, in masked_loss
    return (losses * mask).sum() / mask.sum()
            ~~~~~~~^~~~~~
{message}
"""
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 1, 2)
    assert mismatch.causes[0].fix == f"return (losses * {flat}).sum() / mask.sum()"
