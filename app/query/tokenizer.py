"""A text as a batch: which of its characters or words is where in batch_size × time_step."""

from collections.abc import Sequence
from functools import lru_cache

import regex

CUTS = ("characters", "words")

SAMPLE = (
    "a cell keeps a few numbers from one step to the next. it reads a letter, forgets a little, adds a little, and"
    " hands on what is left until the text ends."
)
"""The text where none is given."""


@lru_cache(64)
def units(text: str, cut: str) -> tuple[str, ...]:
    """The words of a text, or its characters as people see them: an emoji is one, however many code points it has."""
    text = text or SAMPLE
    return tuple(text.split()) if cut == "words" else tuple(regex.findall(r"\X", text))


@lru_cache(64)
def vocabulary(text: str, cut: str) -> tuple[str, ...]:
    """The distinct units in the order of their code points. Each is a feature."""
    return tuple(sorted({*units(text, cut)}))


def at(read: Sequence[str], sample: int, t: int, time_step: int) -> str:
    """The unit in a row of the batch at a step. The rows follow one another in the text, which starts over where it is
    too short."""
    return read[(sample * time_step + t) % len(read)]
