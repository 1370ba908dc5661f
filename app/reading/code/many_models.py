"""The models of a source that has more of them than a chain has layers for. Those that stand alone are followed when it
is known that they are shown."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from .interpreter_limits import MOST_MODELS
from .values import Constant, Reference, UserClass, Value

WORD = re.compile(r"[^\W\d]\w*+")


def models_alone(models: Collection[UserClass], names: Mapping[str, Value], lines: Sequence[str]) -> set[UserClass]:
    """The models that are named only in themselves, and that name nothing else that the source makes; none if it has
    few. They are no parts of one another, so that their order does not matter. ``names``: those of the module."""
    if len(models) <= MOST_MODELS:
        return set()
    made = {name for name, value in names.items() if not isinstance(value, (Constant, Reference))}
    counts, alone = Counter(WORD.findall("\n".join(lines))), set[UserClass]()
    for of in models:
        words = WORD.findall("\n".join(lines[of.node.lineno - 1 : of.node.end_lineno]))
        if made.intersection(words) <= {of.node.name} and words.count(of.node.name) == counts[of.node.name]:
            alone.add(of)
    return alone
