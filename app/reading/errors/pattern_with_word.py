"""Patterns that are searched in long texts only if these have a word that they need: this reads long logs and programs
fast."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PatternWithWord:
    """A pattern, and ``words`` of which everything that it matches has one. Python finds a word a hundred times as fast
    as a pattern that may begin anywhere."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]

    def _may_match(self, text: str) -> bool:
        return any(word in text for word in self.words)

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self._may_match(text) else None

    def findall(self, text: str) -> list[Any]:
        return self.pattern.findall(text) if self._may_match(text) else []

    def sub(self, new: str, text: str) -> str:
        return self.pattern.sub(new, text) if self._may_match(text) else text

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self._may_match(text) else iter(())


def pattern_with_word(pattern: str, *words: str) -> PatternWithWord:
    """A pattern in Python's syntax, and the words."""
    return PatternWithWord(re.compile(pattern), words)
