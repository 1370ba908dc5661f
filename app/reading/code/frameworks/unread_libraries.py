"""The libraries, and the parts of TensorFlow 1, whose layers are not read."""

import re

UNREAD_LAYERS = re.compile(
    r"tensorflow\.(compat\.v1\.)?(layers\.|contrib\.|nn\.(rnn_cell\.|\w*dynamic_rnn$|static_\w*rnn$|embedding_lookup$))"
    r"|(flax|haiku|paddle\.nn|mxnet\.gluon)\."
)
"""The full names of what makes or applies such layers."""
