"""The translatable texts of lessons, questions, quiz and myths."""

from collections.abc import Iterator
from dataclasses import replace

from .lessons.order import LESSONS
from .myths import MYTHS
from .questions import GROUPS, QUESTIONS
from .quiz.questions_and_answers import every_question
from .quiz.verdict import MESSAGES
from .text_page import TextPage


def messages() -> Iterator[tuple[str, str]]:
    """Each text to translate, with its place as a comment for translators."""
    for slug, lesson in LESSONS.items():
        yield lesson.title, f"learn/{slug}"
        yield lesson.about, f"learn/{slug}"
        yield from (message for page in lesson.pages for message in _page_messages(page, f"learn/{slug}"))
    yield from ((group, "questions") for group in GROUPS)
    for slug, question in QUESTIONS.items():
        yield from _page_messages(question.page, f"questions/{slug}")
        if question.search_terms:
            yield question.search_terms, f"questions/{slug}"
    yield from ((text, "myths") for myths in MYTHS.values() for myth in myths for text in (myth.claim, myth.truth))
    yield from (message for question in every_question() for message in _page_messages(question.page, "quiz"))
    yield from ((text, "quiz") for text in MESSAGES.values())


def _page_messages(page: TextPage, place: str) -> Iterator[tuple[str, str]]:
    yield page.title, place
    yield from ((text, place) for text in page.paragraphs)
    for variant in page.variants:
        yield variant.words, place
        if variant.text:
            yield from ((text, place) for text in replace(page, text=variant.text).paragraphs)
