"""A question as people ask it, with its answer and the picture that shows it."""

from dataclasses import dataclass

from app.lessons.page import Page


@dataclass(frozen=True)
class Question:
    """``page`` has the question as its title and the answer as its words; ``source`` is where people ask it."""

    page: Page
    source: str
