"""Every page of every lesson and every question, with the UrlState of its own picture."""

from urllib.parse import parse_qsl

from app.teaching.lessons.order import LESSONS
from app.teaching.questions import QUESTIONS
from app.teaching.text_page import TextPage
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.web.pages.lessons import pages_of
from app.web.pages.parts.tensor_questions import link_to

DEFAULT = parse([], strict=True)


def state_at(query: str) -> UrlState:
    """The UrlState of a link."""
    return parse(parse_qsl(query.partition("?")[2]), strict=True)


PAGES: dict[str, tuple[TextPage, UrlState]] = {
    f"{slug} {number}": (lesson.pages[number - 1], state_at(query))
    for slug, lesson in LESSONS.items()
    for number, _, query in pages_of(DEFAULT, lesson)
} | {slug: (question.page, state_at(link_to(DEFAULT, slug).link)) for slug, question in QUESTIONS.items()}
