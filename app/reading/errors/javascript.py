"""Corrected lines for TensorFlow.js, which raises messages of Keras: no line of Python."""

from .framework_messages.message_template import Found
from .mismatch import Mismatch, with_fixes

FIXES = {
    "missing_axis": "x = x.expandDims(1);",
    "missing_features_axis": "x = x.expandDims(-1);",
    "extra_axis": "model.add(tf.layers.reshape({{targetShape: [timeSteps, features]}}));  // before the layer",
    "one_hot_embedding": "x = x.argMax(-1);",
    "features_first": "x = x.transpose([0, 2, 1]);",
    "other_features": "tf.layers.{layer}({{units, inputShape: [null, {features}]}})",
    "other_steps": "tf.layers.{layer}({{units, inputShape: [null, features]}})",
    "return_sequences": "tf.layers.{layer}({{units, returnSequences: true}})",
    "not_return_sequences": "tf.layers.{layer}({{units, returnSequences: false}})",
    "reset_after": "keras.layers.GRU(units, reset_after=False)  # in Python, before the training",
    "target_shape": "console.log(output.shape, target.shape);",
}
"""Cause -> the line in JavaScript."""

LAYERS = {"lstm": "lstm", "gru": "gru", "rnn": "simpleRNN"}
"""Cell -> the function that makes its layer."""


def in_javascript(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mismatch of Keras with the lines of TensorFlow.js, if the text is of that; causes without such a line are left
    out."""
    if found.framework != "keras" or not found.surroundings.is_javascript:
        return mismatch
    return with_fixes(mismatch, FIXES, LAYERS.get(found.cell, "lstm"))
