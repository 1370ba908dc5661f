"""The texts of lessons, questions, quiz and myths that have to be translated."""

from collections.abc import Iterator
from dataclasses import replace

from .learn import LESSONS
from .myths import MYTHS
from .questions import GROUPS, QUESTIONS
from .quiz.sampling import every_question
from .quiz.verdict import MESSAGES
from .text_page import TextPage


def messages() -> Iterator[tuple[str, str]]:
    """Each text of lessons, questions, quiz and myths to translate, with its place."""
    for slug, lesson in LESSONS.items():
        yield lesson.title, f"learn/{slug}"
        yield lesson.about, f"learn/{slug}"
        yield from (message for page in lesson.pages for message in _of_page(page, f"learn/{slug}"))
    yield from ((group, "questions") for group in GROUPS)
    for slug, one in QUESTIONS.items():
        yield from _of_page(one.page, f"questions/{slug}")
        if one.also:
            yield one.also, f"questions/{slug}"
    yield from ((text, "myths") for myths in MYTHS.values() for myth in myths for text in (myth.claim, myth.truth))
    yield from (message for one in every_question() for message in _of_page(one.page, "quiz"))
    yield from ((text, "quiz") for text in MESSAGES.values())


def _of_page(page: TextPage, where: str) -> Iterator[tuple[str, str]]:
    yield page.title, where
    yield from ((text, where) for text in page.paragraphs)
    for one in page.tries:
        yield one.words, where
        if one.text:
            yield from ((text, where) for text in replace(page, text=one.text).paragraphs)
