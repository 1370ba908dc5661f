"""Corrected lines for Keras in R, which raises messages of Keras: no line of Python."""

from .framework_messages.message_template import Found
from .mismatch import Mismatch, with_fixes

FIXES = {
    "missing_axis": "x <- array_reshape(x, append(dim(x), 1, after = 1))",
    "missing_features_axis": "x <- array_reshape(x, c(dim(x), 1))",
    "missing_channels": "x <- array_reshape(x, c(dim(x), 1))",
    "extra_axis": "layer_reshape(target_shape = c(time_step, features))  # before the layer",
    "features_first": "x <- aperm(x, c(1, 3, 2))",
    "other_features": "{layer}(units = units, input_shape = list(NULL, {features}))",
    "other_steps": "{layer}(units = units, input_shape = list(NULL, features))",
    "return_sequences": "{layer}(units = units, return_sequences = TRUE)",
    "not_return_sequences": "{layer}(units = units, return_sequences = FALSE)",
    "last_batch": "x <- x[seq_len(nrow(x) %/% {batch_size} * {batch_size}), , , drop = FALSE]",
    "static_batch": "layer_input(batch_shape = c(batch_size, time_step, features))",
    "target_shape": "print(dim(predict(model, x))); print(dim(y))",
}
"""Cause -> the line in R."""

LAYERS = {"lstm": "layer_lstm", "gru": "layer_gru", "rnn": "layer_simple_rnn"}
"""Cell -> the function that makes its layer."""


def in_r(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mismatch of Keras with lines of R, if the program is written in it; causes without such a line are left out."""
    if found.framework != "keras" or not found.surroundings.is_r:
        return mismatch
    return with_fixes(mismatch, FIXES, LAYERS.get(found.cell, "layer_lstm"))
