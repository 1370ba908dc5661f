"""The libraries, and the parts of TensorFlow 1, whose layers are not read."""

import re

UNREAD_LAYERS = re.compile(
    r"tensorflow\.(compat\.v1\.)?(layers\.|contrib\.|nn\.(rnn_cell\.|\w*dynamic_rnn$|static_\w*rnn$|embedding_lookup$))"
    r"|(flax|haiku|paddle\.nn|mxnet\.gluon)\."
)
"""The full names of what makes or applies such layers."""

LIBRARIES = {"flax": "Flax", "haiku": "Haiku", "paddle": "Paddle", "mxnet": "MXNet"}


def unread_library(path: str) -> str | None:
    """The name of the library that has a class of modules, if its layers are not read."""
    library = LIBRARIES.get(path.partition(".")[0])
    return library if library and UNREAD_LAYERS.match(path) else None
