"""The characters of a text."""

from functools import lru_cache

import regex


@lru_cache(64)
def characters(text: str) -> tuple[str, ...]:
    """Grapheme clusters: an emoji is one character, whatever its code points."""
    return tuple(regex.findall(r"\X", text))
