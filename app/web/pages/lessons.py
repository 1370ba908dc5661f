"""Lessons: the page, with words beside the picture."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...frameworks import FRAMEWORKS
from ...frameworks.mistakes import RecordedMessage, recorded_messages
from ...lessons.learn import LESSONS
from ...lessons.text_page import Lesson, TextPage
from ...query.view import View
from ...translations.languages import translator
from ...translations.phrases import phrase
from ..http.language import language_of
from ..http.responses import respond_at_once, view_of
from .index import studio
from .parts.lesson_text import Beside, Link, check_page, lesson_text, picture
from .quiz import link_to
from .templates import base_context, html


async def contents(request: Request) -> Response:
    """What can be learned, page by page."""
    view = view_of(request)
    lang = language_of(request, view)

    def page() -> str:
        translate = translator(lang)
        lessons = [
            (slug, translate(lesson.title), translate(lesson.about), pages_of(view, lesson, lang))
            for slug, lesson in LESSONS.items()
        ]
        quizzes = [(seed, picture(view, {"seed": seed})) for seed in range(3)]
        return html("learn.html", lessons=lessons, quizzes=quizzes, **base_context(view, lang, "/learn"))

    return await respond_at_once(request, page)


async def lesson(request: Request, slug: str) -> Response:
    """A lesson; lesson_page says which of its pages."""
    if slug not in LESSONS:
        raise HTTPException(404)
    view = view_of(request)
    check_page(view, len(LESSONS[slug].pages), phrase("the lesson is “{title}”", title=LESSONS[slug].title))
    return await studio(request, view, lambda language: beside(view, slug, language))


@dataclass(frozen=True)
class LessonBeside(Beside):
    """A page of a lesson. ``messages``: what frameworks say to its mistake, each with the framework's title; ``quiz``,
    ``others``: where to go on after its last page."""

    pages: list[tuple[int, str, str]]
    messages: list[tuple[str, RecordedMessage]]
    quiz: str
    others: list[Link]


def beside(view: View, slug: str, language: str) -> LessonBeside:
    lesson = LESSONS[slug]
    listed, here = pages_of(view, lesson, language), view.lesson_page - 1
    page = lesson.pages[here]
    return LessonBeside(
        kind="lesson",
        title=translator(language)(lesson.title),
        text=lesson_text(view, page, language),
        before=_link(slug, listed[here - 1]) if here else None,
        after=_link(slug, listed[here + 1]) if here + 1 < len(listed) else None,
        pages=listed,
        messages=[(FRAMEWORKS[one.framework].title, one) for one in _recorded_messages(page)],
        quiz=link_to(view, 1),
        others=[first_page(view, other, language) for other in LESSONS if other != slug],
    )


def first_page(view: View, slug: str, language: str) -> Link:
    """Another lesson, where it begins."""
    lesson = LESSONS[slug]
    return translator(language)(lesson.title), f"/learn/{slug}{pages_of(view, lesson, language)[0][2]}"


def _link(slug: str, page: tuple[int, str, str]) -> Link:
    _, title, query = page
    return title, f"/learn/{slug}{query}"


def pages_of(view: View, lesson: Lesson, language: str = "en") -> list[tuple[int, str, str]]:
    """Number, title and query of each page, which sets its picture."""
    translate = translator(language)
    return [
        (n, translate(page.title), picture(view, page.picture, lesson_page=n)) for n, page in enumerate(lesson.pages, 1)
    ]


def _recorded_messages(page: TextPage) -> tuple[RecordedMessage, ...]:
    return recorded_messages(page.mistake) if page.mistake else ()
