"""The languages that page and lessons are told in. English stands in the code; what it is in another language stands in
words/<language>.po, in the format that translators' tools know, with the English text as its key.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from babel.messages.pofile import read_po

from app.lessons.learn import LESSONS
from app.lessons.myths import MYTHS
from app.lessons.page import Page
from app.lessons.questions import GROUPS, QUESTIONS
from app.lessons.quiz.draw import every_question
from app.lessons.quiz.verdict import SAID
from app.phrases import ENGLISH, Say, translated

LANGUAGES = {"en": "English", "es": "Español", "zh": "中文"}
"""By code, what each calls itself."""

WORDS = Path(__file__).with_name("words")


@cache
def said_in(language: str) -> Say:
    """How to say things in a language."""
    return partial(translated, translations=translations(language)) if language != "en" else ENGLISH


@cache
def translations(language: str) -> dict[str, str]:
    """Every text of a language's file that is translated, by its English."""
    if language == "en":
        return {}
    with (WORDS / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string and not one.fuzzy}


def in_language(page: Page, language: str) -> Page:
    """A page with all of its words in a language."""
    say = said_in(language)

    def told(text: str) -> str:
        return "\n\n".join(say(" ".join(paragraph.split())) for paragraph in text.split("\n\n"))

    tries = tuple(replace(one, words=say(one.words), text=one.text and told(one.text)) for one in page.tries)
    return replace(page, title=say(page.title), text=told(page.text), tries=tries)


def messages() -> Iterator[tuple[str, str]]:
    """Every text of lessons, questions, quiz and myths that is to be translated, and where it stands."""
    for slug, lesson in LESSONS.items():
        yield lesson.title, f"learn/{slug}"
        yield lesson.about, f"learn/{slug}"
        yield from (said for page in lesson.pages for said in _of_page(page, f"learn/{slug}"))
    yield from ((group, "questions") for group in GROUPS)
    for slug, one in QUESTIONS.items():
        yield from _of_page(one.page, f"questions/{slug}")
        if one.also:
            yield one.also, f"questions/{slug}"
    yield from ((text, "myths") for myths in MYTHS.values() for myth in myths for text in (myth.said, myth.truth))
    yield from (said for one in every_question() for said in _of_page(one.page, "quiz"))
    yield from ((text, "quiz") for text in SAID.values())


def _of_page(page: Page, where: str) -> Iterator[tuple[str, str]]:
    yield page.title, where
    yield from ((text, where) for text in page.paragraphs)
    for one in page.tries:
        yield one.words, where
        if one.text:
            yield from ((text, where) for text in replace(page, text=one.text).paragraphs)
