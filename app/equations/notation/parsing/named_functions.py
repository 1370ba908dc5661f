"""The names of which lines say which function they are: \\tau = tanh."""

import re

from ..vocabulary.function_words import function_of
from ..vocabulary.usual_letters import IDENTITY

_LINE = re.compile(
    r"^[ \t&$]{0,8}(\\?\w{1,40})[ \t]{0,4}&?=[ \t]{0,4}(?:\\(?:text|mathrm|operatorname)\{)?\\?([A-Za-z]{1,20})\}?"
    r"[ \t$,.;\\]{0,8}$",
    re.MULTILINE,
)


def named_functions(text: str) -> frozenset[str]:
    """These names, as they are typed."""
    named = ((match[1], match[2]) for match in _LINE.finditer(text))
    return frozenset(name for name, word in named if function_of(word) and (name, word) != (IDENTITY, "identity"))
