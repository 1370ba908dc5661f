"""Recurrent layers of Keras that compute convolutions, of which there is no picture."""

import re

from .pattern_with_word import pattern_with_word

CONVOLUTIONS = pattern_with_word(r"\bconvlstm[1-3]d\(", "convlstm")
"""A call that makes one, in lower case."""

OTHERS = re.compile(r"(?<!conv)(?:lstm|gru|rnn)(?:cell)?\(")
"""A call that makes another recurrent layer."""


def has_only_convolutions(text: str) -> bool:
    """Whether all recurrent layers that the lines of a text in lower case make compute convolutions."""
    return CONVOLUTIONS.search(text) is not None and OTHERS.search(text) is None
