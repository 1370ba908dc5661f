"""A text, cut into a batch: which of its characters or words stands where in batch_size × time_step."""

from collections.abc import Sequence
from functools import lru_cache

import regex

CUTS = ("characters", "words")

SAMPLE = (
    "a cell keeps a few numbers from one step to the next. it reads a letter, forgets a little, adds a little, and"
    " hands on what is left until the text ends."
)
"""What is read where nobody has typed anything."""


@lru_cache(64)
def units(text: str, cut: str) -> tuple[str, ...]:
    """The characters of a text as people see them, so that an emoji is one however it is coded; or its words."""
    text = text or SAMPLE
    return tuple(text.split()) if cut == "words" else tuple(regex.findall(r"\X", text))


@lru_cache(64)
def vocabulary(text: str, cut: str) -> tuple[str, ...]:
    """The different ones, in the order of their codes: as many as there are features."""
    return tuple(sorted({*units(text, cut)}))


def at(read: Sequence[str], sample: int, t: int, time_step: int) -> str:
    """What stands in a row of the batch at a step: the rows follow one another in the text, which begins anew where it
    is too short."""
    return read[(sample * time_step + t) % len(read)]
