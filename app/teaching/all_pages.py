"""All pages of questions and lessons, by their place."""

from typing import NamedTuple

from .lessons.order import LESSONS
from .questions import QUESTIONS
from .text_page import TextPage


class PageId(NamedTuple):
    """The slug of a question, or that of a lesson with the number of a page, from 1."""

    slug: str
    page: int = 0


PAGES: dict[PageId, TextPage] = {
    **{PageId(slug): question.page for slug, question in QUESTIONS.items()},
    **{PageId(slug, n): page for slug, lesson in LESSONS.items() for n, page in enumerate(lesson.pages, 1)},
}


def page_on(mistake: str) -> PageId:
    """The page on a mistake."""
    return next(place for place, page in PAGES.items() if page.mistake == mistake)
