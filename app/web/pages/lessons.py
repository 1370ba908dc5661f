"""/learn and its lessons: the main page with a text beside the picture."""

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
from ..sharing.preview import preview
from .index import studio, to_own_picture
from .parts.lesson_text import Link, SidePage, check_page, lesson_text, picture
from .quiz import link_to
from .templates import base_context, html


async def contents(request: Request) -> Response:
    """The list of lessons."""
    view = view_of(request)
    lang = language_of(request, view)

    def page() -> str:
        translate = translator(lang)
        lessons = [
            (slug, translate(lesson.title), translate(lesson.about), pages_of(view, lesson, lang))
            for slug, lesson in LESSONS.items()
        ]
        quizzes = [(seed, picture(view, {"seed": seed})) for seed in range(3)]
        shown = preview(request, view, lang, translate(phrase("Learn")))
        return html(
            "learn.html", lessons=lessons, quizzes=quizzes, preview=shown, **base_context(request, view, lang, "/learn")
        )

    return await respond_at_once(request, page)


async def lesson(request: Request, slug: str) -> Response:
    """A lesson next to the picture; lesson_page selects the page."""
    if slug not in LESSONS:
        raise HTTPException(404)
    view = view_of(request)
    check_page(view, len(LESSONS[slug].pages), phrase("the lesson is “{title}”", title=LESSONS[slug].title))
    if redirect := to_own_picture(request, view, LESSONS[slug].pages[view.lesson_page - 1], f"/learn/{slug}"):
        return redirect
    return await studio(request, view, lambda language: lesson_page(view, slug, language))


@dataclass(frozen=True)
class LessonPage(SidePage):
    """A page of a lesson. ``messages``: the frameworks' error messages for the mistake that it is about, each with the
    framework's title; ``quiz``, ``others``: links after the last page."""

    pages: list[tuple[int, str, str]]
    messages: list[tuple[str, RecordedMessage]]
    quiz: str
    others: list[Link]


def lesson_page(view: View, slug: str, language: str) -> LessonPage:
    """The page of a lesson that the View names."""
    lesson = LESSONS[slug]
    pages, here = pages_of(view, lesson, language), view.lesson_page - 1
    page = lesson.pages[here]
    return LessonPage(
        kind="lesson",
        title=translator(language)(lesson.title),
        text=lesson_text(view, page, language),
        before=_link(slug, pages[here - 1]) if here else None,
        after=_link(slug, pages[here + 1]) if here + 1 < len(pages) else None,
        pages=pages,
        messages=[(FRAMEWORKS[one.framework].title, one) for one in _recorded_messages(page)],
        quiz=link_to(view, 1),
        others=[first_page(view, other, language) for other in LESSONS if other != slug],
    )


def first_page(view: View, slug: str, language: str) -> Link:
    """A link to the first page of another lesson."""
    lesson = LESSONS[slug]
    return translator(language)(lesson.title), f"/learn/{slug}{pages_of(view, lesson, language)[0][2]}"


def _link(slug: str, page: tuple[int, str, str]) -> Link:
    _, title, query = page
    return title, f"/learn/{slug}{query}"


def pages_of(view: View, lesson: Lesson, language: str = "en") -> list[tuple[int, str, str]]:
    """The number, the title and the query of each page. The query shows the page's own picture."""
    translate = translator(language)
    return [
        (n, translate(page.title), picture(view, page.picture, lesson_page=n)) for n, page in enumerate(lesson.pages, 1)
    ]


def _recorded_messages(page: TextPage) -> tuple[RecordedMessage, ...]:
    return recorded_messages(page.mistake) if page.mistake else ()
