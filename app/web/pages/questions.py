"""/questions: a list with search, and each question as the main page with its answer beside the picture."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...lessons.prose import plain, tokens
from ...lessons.questions import GROUPS, QUESTIONS
from ...lessons.questions.question import Question
from ...lessons.search import TitledText, search
from ...lessons.text_page import in_language
from ...query.view import View
from ...translations.languages import translator
from ..http.language import language_of
from ..http.responses import respond_at_once, view_of
from .index import studio
from .parts.lesson_text import Link, SidePage, figures, lesson_text, own_view
from .parts.related_questions import link_to
from .templates import base_context, html


class Entry(NamedTuple):
    """A question in the list, with its answer as plain text."""

    question: Link
    answer: str
    source: str


LONGEST = 200
"""Characters of a search text."""


async def contents(request: Request) -> Response:
    """The questions that people ask; q is what to look for in them and in their answers."""
    view = view_of(request)
    lang, search_text = language_of(request, view), request.query_params.get("q", "")[:LONGEST]

    def page() -> str:
        best = search(search_text, search_index(lang)) if search_text.strip() else []
        return html(
            "questions.html",
            sought=search_text,
            longest=LONGEST,
            best=[entry(view, slug, lang) for slug in best],
            groups=grouped(view, lang),
            **base_context(view, lang, "/questions"),
        )

    return await respond_at_once(request, page)


async def question(request: Request, slug: str) -> Response:
    """A question, answered beside the picture that shows it."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    view = view_of(request)
    return await studio(request, view, lambda language: question_page(view, slug, language))


@dataclass(frozen=True)
class QuestionPage(SidePage):
    """A question with its answer. ``group``: the title of its group; ``source``: where it was asked."""

    group: str
    source: str


def question_page(view: View, slug: str, language: str) -> QuestionPage:
    """A question with its answer, beside the picture of a View."""
    slugs, text = list(QUESTIONS), lesson_text(view, QUESTIONS[slug].page, language)
    here = slugs.index(slug)
    return QuestionPage(
        kind="question",
        title=text.title,
        text=text,
        before=link_to(view, slugs[here - 1], language) if here else None,
        after=link_to(view, slugs[here + 1], language) if here + 1 < len(slugs) else None,
        group=translator(language)(next(title for title, group in GROUPS.items() if slug in group)),
        source=QUESTIONS[slug].source,
    )


def grouped(view: View, language: str) -> dict[str, list[Entry]]:
    """All questions, by the title of their group."""
    translate = translator(language)
    return {translate(title): [entry(view, slug, language) for slug in group] for title, group in GROUPS.items()}


def entry(view: View, slug: str, language: str) -> Entry:
    """A question as an entry of the list."""
    answer, source = in_plain_text(slug, language), QUESTIONS[slug].source
    return Entry(link_to(view, slug, language), answer, source)


@cache
def search_index(language: str) -> dict[str, TitledText]:
    """The texts to search, by question: its title with search terms; its answer, with the names of its tensors and its
    source."""
    translate = translator(language)
    return {
        slug: (
            f"{translate(one.page.title)} {translate(one.search_terms)}",
            " ".join([in_plain_text(slug, language), *map(translate, names_in(one)), one.source]),
        )
        for slug, one in QUESTIONS.items()
    }


def names_in(question: Question) -> list[str]:
    """The names of the tensors in an answer."""
    program = own_view(question.page).program
    ids = dict.fromkeys((*question.page.highlighted(program), str(question.page.picture.get("tensor", ""))))
    return [program.by_id[id].name for id in ids if id]


@cache
def in_plain_text(slug: str, language: str = "en") -> str:
    """The answer as plain text, with the shapes of its own picture."""
    question = QUESTIONS[slug]
    page, view = in_language(question.page, language), own_view(question.page)
    translate = translator(language)
    paragraphs = (tokens(text, view.stack, view.layer, figures(view, page), translate) for text in page.paragraphs)
    return " ".join(plain(paragraph, view.stack, view.layer, translate) for paragraph in paragraphs)
