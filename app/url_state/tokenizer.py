"""A text as a batch: which character or word is at each place of batch_size × time_step."""

from collections.abc import Sequence
from functools import lru_cache

from ..training.characters import characters
from .sample_text import SAMPLE

CUTS = ("characters", "words")


@lru_cache(64)
def units(text: str, cut: str) -> tuple[str, ...]:
    """The words or the characters of a text."""
    text = text or SAMPLE
    return tuple(text.split()) if cut == "words" else characters(text)


@lru_cache(64)
def vocabulary(text: str, cut: str) -> tuple[str, ...]:
    """The distinct units, sorted by code points. Each of them is a feature."""
    return tuple(sorted({*units(text, cut)}))


def unit_at(text: Sequence[str], sample: int, t: int, time_step: int) -> str:
    """The unit of a sample at a step. The samples are consecutive parts of the text, which is repeated if it is too
    short."""
    return text[(sample * time_step + t) % len(text)]
