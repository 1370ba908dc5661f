"""A question as people ask it, with its answer and the picture that shows it."""

from dataclasses import dataclass

from app.lessons.page import TextPage


@dataclass(frozen=True)
class Question:
    """``page`` has the question as its title and the answer as its words; ``source`` is where people ask it;
    ``also`` has words by which they look for it and which stand in neither."""

    page: TextPage
    source: str
    also: str = ""
