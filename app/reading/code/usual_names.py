"""What a name means that a fragment uses and does not bind, by Python or by convention."""

import re
from itertools import chain

from .words import words

USUAL_MODULES = {
    "nn": "torch.nn",
    "torch": "torch",
    "F": "torch.nn.functional",
    "tf": "tensorflow",
    "keras": "keras",
    "layers": "keras.layers",
}
"""The modules that names mean by convention, in a fragment without imports."""

USUAL_KERAS = words(
    """
    Sequential Model Input LSTM GRU SimpleRNN Dense Embedding Dropout Bidirectional TimeDistributed Activation
    Flatten RepeatVector SpatialDropout1D CuDNNLSTM CuDNNGRU BatchNormalization Masking
    """
)
"""Classes of Keras that a fragment without imports names alone."""

USUAL_TORCH = words("pack_padded_sequence pad_packed_sequence")

BUILTINS = words(
    """
    len range int float bool max min abs round list tuple reversed enumerate zip str map hasattr isinstance print repr
    type
    """
)
"""Functions of Python whose values may be known, or that change nothing."""

SPECIAL = words("getattr setattr super dict vars self __name__")
"""Other names that have a meaning of their own."""

USUAL = frozenset({*USUAL_MODULES, *USUAL_KERAS, *USUAL_TORCH, *BUILTINS, *SPECIAL})

_NAME = r"(?<![.\w])([^\W\d]\w*+)"
_BOUND = (
    re.compile(r"\b(?:def|class|as|import|for|global|del) +([^\W\d]\w*+)(?!\.)"),
    re.compile(rf"{_NAME} *+(?::?=(?!=)|:[^\n=()]{{1,80}}=(?!=))"),
)
_SEVERAL = re.compile(r"^ *+((?:[^\W\d]\w*+ *+, *+)++[^\n=()]{0,80}+)=(?!=)", re.MULTILINE)
_CHANGED = re.compile(r"\b(?:global|nonlocal) +([\w, ]+)")


def bound_names(text: str) -> frozenset[str]:
    """The usual names that a source may bind to something else, somewhere."""
    several = (name.strip() for names in _SEVERAL.findall(text) for name in names.split(","))
    return USUAL.intersection(chain(several, *(pattern.findall(text) for pattern in _BOUND)))


def changed_names(text: str) -> frozenset[str]:
    """The names of a module that its functions may change."""
    if "global" not in text and "nonlocal" not in text:
        return frozenset()
    return frozenset(name.strip() for match in _CHANGED.finditer(text) for name in match[1].split(","))
