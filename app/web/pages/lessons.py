"""/learn and its lessons: the main page with a text beside the picture."""

from dataclasses import dataclass
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...frameworks import FRAMEWORKS
from ...frameworks.common_mistakes import RecordedMessage, recorded_messages
from ...teaching.lessons.order import LESSONS
from ...teaching.text_page import Lesson, TextPage
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...url_state.url_state import UrlState
from ..requests_and_responses.language import language_of
from ..requests_and_responses.responses import respond_at_once, url_state_of
from ..sharing.link_preview import preview
from .index import main_page, to_own_picture
from .parts.lesson_text import PageLink, SidePage, check_page, lesson_text, picture_query
from .quiz import link_to
from .rendering import base_context, html


class NumberedPage(NamedTuple):
    """A page of a lesson: its number, its title and the query that shows it with its own picture."""

    number: int
    title: str
    query: str


class ListedLesson(NamedTuple):
    """A lesson in the list."""

    slug: str
    title: str
    about: str
    pages: list[NumberedPage]


async def contents(request: Request) -> Response:
    """The list of lessons."""
    state = url_state_of(request)
    lang = language_of(request, state)

    def page() -> str:
        translate = translator(lang)
        lessons = [
            ListedLesson(slug, translate(lesson.title), translate(lesson.about), pages_of(state, lesson, lang))
            for slug, lesson in LESSONS.items()
        ]
        quizzes = [(seed, picture_query(state, {"seed": seed})) for seed in range(3)]
        shown = preview(request, state, lang, translate(phrase("Learn")))
        return html(
            "learn.html",
            lessons=lessons,
            quizzes=quizzes,
            preview=shown,
            **base_context(request, state, lang, "/learn"),
        )

    return await respond_at_once(request, page)


async def lesson(request: Request, slug: str) -> Response:
    """A lesson next to the picture; lesson_page selects the page."""
    if slug not in LESSONS:
        raise HTTPException(404)
    state = url_state_of(request)
    check_page(state, len(LESSONS[slug].pages), phrase("the lesson is “{title}”", title=LESSONS[slug].title))
    if redirect := to_own_picture(request, state, LESSONS[slug].pages[state.lesson_page - 1], f"/learn/{slug}"):
        return redirect
    return await main_page(request, state, lambda state, language: lesson_page(state, slug, language))


@dataclass(frozen=True)
class LessonPage(SidePage):
    """A page of a lesson. ``messages``: the frameworks' error messages for the mistake that it is about, each with the
    framework's title; ``quiz``, ``others``: links after the last page."""

    pages: list[NumberedPage]
    messages: list[tuple[str, RecordedMessage]]
    quiz: str
    others: list[PageLink]


def lesson_page(state: UrlState, slug: str, language: str) -> LessonPage:
    """The page of a lesson that the UrlState names."""
    lesson = LESSONS[slug]
    pages, here = pages_of(state, lesson, language), state.lesson_page - 1
    page = lesson.pages[here]
    return LessonPage(
        kind="lesson",
        title=translator(language)(lesson.title),
        text=lesson_text(state, page, language),
        before=_link(slug, pages[here - 1]) if here else None,
        after=_link(slug, pages[here + 1]) if here + 1 < len(pages) else None,
        pages=pages,
        messages=[(FRAMEWORKS[one.framework].title, one) for one in _recorded_messages(page)],
        quiz="" if here + 1 < len(pages) else link_to(state, 1),
        others=[first_page(state, other, language) for other in LESSONS if other != slug],
    )


def first_page(state: UrlState, slug: str, language: str) -> PageLink:
    """A link to the first page of another lesson."""
    lesson = LESSONS[slug]
    first = pages_of(state, lesson, language)[0]
    return PageLink(translator(language)(lesson.title), f"/learn/{slug}{first.query}")


def _link(slug: str, page: NumberedPage) -> PageLink:
    return PageLink(page.title, f"/learn/{slug}{page.query}")


def pages_of(state: UrlState, lesson: Lesson, language: str = "en") -> list[NumberedPage]:
    """The pages of a lesson."""
    translate = translator(language)
    return [
        NumberedPage(n, translate(page.title), picture_query(state, page.picture, lesson_page=n))
        for n, page in enumerate(lesson.pages, 1)
    ]


def _recorded_messages(page: TextPage) -> tuple[RecordedMessage, ...]:
    return recorded_messages(page.mistake) if page.mistake else ()
