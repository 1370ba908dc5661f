"""Whether the name of a layer, or of its class, is that of a recurrent one."""

import re

from ...translations.phrases import Phrase, phrase
from .named_framework import PATH, without_other_path
from .named_layers import IN_NAMES, NAMED

OTHER_LAYERS = re.compile(
    r"(?:conv(?!_?lstm|_lst_m)|pool|flatten|embedding|batch_?norm|layer_?norm|dropout|reshape|concat|attention|softmax)"
)


SUBJECTS = {
    r"(?<![a-z])conv(?:_?transpose)?(?:\d?d)?(?!_?lstm|[a-z])|(?<![a-z])convolution": phrase("a convolution"),
    r"(?:max|average|avg|adaptive|global)_?pool|(?<![a-z])pool(?:ing)?\dd|(?<![a-z])pooling|self\.pool": phrase(
        "a pooling layer"
    ),
    r"(?<![a-z])embedding(?![a-z])": phrase("an embedding"),
    r"(?:batch|layer|group)_?norm": phrase("a normalization"),
    r"(?<![a-z])(?:multi_?head_?)?attention(?![a-z])": phrase("attention"),
    r"(?<![a-z])(?:linear|addmm|dense)(?![a-z])": phrase("a dense layer"),
}
"""Layers that are not recurrent, by their names in code and in the files of frameworks."""


def other_layer(text: str) -> Phrase | None:
    """The layer that is not recurrent and that a text names last; None without one. Only paths of frameworks count."""
    lower = PATH.sub(without_other_path, text.lower())
    named = {match.start(): name for pattern, name in SUBJECTS.items() for match in re.finditer(pattern, lower)}
    return named[max(named)] if named else None


BIDIRECTIONAL = re.compile(r"(?:^|/)bidirectional")
"""The default name of Keras' layer that runs another one in both directions, also among names of scopes."""


def is_recurrent(layer: str) -> bool:
    """Whether a layer's name is that of a recurrent layer: the default name, or one that contains it."""
    return bool(NAMED.search(layer)) or BIDIRECTIONAL.search(layer) is not None


def is_other(layer: str) -> bool:
    """Whether a layer's name is that of a layer that is neither recurrent nor dense."""
    return not is_recurrent(layer) and bool(OTHER_LAYERS.search(layer))


MAKES_LAYER = re.compile(r"\b(?:LSTM|GRU|SimpleRNN|RNN)\(")
"""The call that makes a recurrent layer of PyTorch or Keras, in a source."""

LAYER_OR_CELL = re.compile(r"(?:LSTM|GRU|SimpleRNN|RNN|dynamic_rnn)(?:Cell)?")
"""The whole name of what makes a recurrent layer or a cell."""

MAY_BE_RECURRENT = re.compile(rf"{IN_NAMES.pattern}|encod|decod|seq2seq|language|text|word", re.IGNORECASE)


def may_be_recurrent(network: str) -> bool:
    """Whether a network of another module, of which only the name is known, may have recurrent layers."""
    return MAY_BE_RECURRENT.search(network) is not None
