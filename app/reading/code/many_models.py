"""The models of a source that has more of them than a chain has layers for. Those that stand alone are followed when it
is known that they are shown."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from .interpreter_limits import MOST_MODELS
from .values import Constant, Reference, UserClass, Value

WORD = re.compile(r"[^\W\d]\w*+")


def models_alone(models: Collection[UserClass], names: Mapping[str, Value], lines: Sequence[str]) -> set[UserClass]:
    """The models that are named only in themselves, and that name nothing else that the source makes; none if it has
    few. They are no parts of one another, so that their order does not matter. ``names``: those of the module."""
    if len(models) <= MOST_MODELS:
        return set()
    made = {name for name, value in names.items() if not isinstance(value, (Constant, Reference))}
    ranges = {of: range(of.node.lineno - 1, of.node.end_lineno or of.node.lineno) for of in models}
    words = {of: WORD.findall("\n".join(lines[one.start : one.stop])) for of, one in ranges.items()}
    of_models = {n for one in ranges.values() for n in one}
    others = WORD.findall("\n".join(line for n, line in enumerate(lines) if n not in of_models))
    counts = Counter(chain(others, *words.values()))
    return {
        of
        for of, named in words.items()
        if made.intersection(named) <= {of.node.name} and named.count(of.node.name) == counts[of.node.name]
    }
