"""A frequently asked question with its answer and picture."""

from dataclasses import dataclass

from ..text_page import TextPage


@dataclass(frozen=True)
class Question:
    """``page`` has the question as its title and the answer as its text; ``source`` is where it was asked;
    ``search_terms`` are other words by which people may search for it."""

    page: TextPage
    source: str
    search_terms: str = ""
