"""A question that people ask, with its answer and the picture that shows it."""

from dataclasses import dataclass

from ..text_page import TextPage


@dataclass(frozen=True)
class Question:
    """``page`` has the question as its title and the answer as its text; ``source`` is where people ask it; ``also``
    has other words by which they search for it."""

    page: TextPage
    source: str
    also: str = ""
