"""Questions that people ask: a list that can be searched, and each as the page with its answer beside the picture."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...lessons.prose import plain, tokens
from ...lessons.questions import GROUPS, QUESTIONS
from ...lessons.questions.question import Question
from ...lessons.search import Titled, found
from ...lessons.text_page import in_language
from ...query.view import View
from ...translations.languages import translator
from ..http.language import language_of
from ..http.responses import respond_at_once, view_of
from .index import studio
from .parts.lesson_text import Beside, Link, figures, lesson_text, own_view
from .parts.related_questions import link_to
from .templates import base_context, html


class Entry(NamedTuple):
    """A question as the list has it, with its answer in plain text."""

    question: Link
    answer: str
    source: str


LONGEST = 200
"""So many characters are looked for."""


async def contents(request: Request) -> Response:
    """The questions that people ask; q is what to look for in them and in their answers."""
    view = view_of(request)
    lang, sought = language_of(request, view), request.query_params.get("q", "")[:LONGEST]

    def page() -> str:
        best = found(sought, sought_in(lang)) if sought.strip() else []
        shown = {"best": [entry(view, slug, lang) for slug in best], "groups": listed(view, lang)}
        return html("questions.html", sought=sought, longest=LONGEST, **shown, **base_context(view, lang, "/questions"))

    return await respond_at_once(request, page)


async def question(request: Request, slug: str) -> Response:
    """A question, answered beside the picture that shows it."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    view = view_of(request)
    return await studio(request, view, lambda language: beside(view, slug, language))


@dataclass(frozen=True)
class QuestionBeside(Beside):
    """A question with its answer: the title of its group, and where it was asked."""

    group: str
    source: str


def beside(view: View, slug: str, language: str) -> QuestionBeside:
    slugs, text = list(QUESTIONS), lesson_text(view, QUESTIONS[slug].page, language)
    here = slugs.index(slug)
    return QuestionBeside(
        kind="question",
        title=text.title,
        text=text,
        before=link_to(view, slugs[here - 1], language) if here else None,
        after=link_to(view, slugs[here + 1], language) if here + 1 < len(slugs) else None,
        group=translator(language)(next(title for title, group in GROUPS.items() if slug in group)),
        source=QUESTIONS[slug].source,
    )


def listed(view: View, language: str) -> dict[str, list[Entry]]:
    """Every question, in its group."""
    translate = translator(language)
    return {translate(title): [entry(view, slug, language) for slug in group] for title, group in GROUPS.items()}


def entry(view: View, slug: str, language: str) -> Entry:
    answer, source = in_plain_text(slug, language), QUESTIONS[slug].source
    return Entry(link_to(view, slug, language), answer, source)


@cache
def sought_in(language: str) -> dict[str, Titled]:
    """What is looked through of each question: its title; its answer, the names of the tensors in it, its source."""
    translate = translator(language)
    return {
        slug: (
            f"{translate(one.page.title)} {translate(one.also)}",
            " ".join([in_plain_text(slug, language), *map(translate, names_in(one)), one.source]),
        )
        for slug, one in QUESTIONS.items()
    }


def names_in(question: Question) -> list[str]:
    """What the tensors are called that an answer speaks of."""
    program = own_view(question.page).program
    ids = dict.fromkeys((*question.page.lights(program), str(question.page.picture.get("tensor", ""))))
    return [program.by_id[id].name for id in ids if id]


@cache
def in_plain_text(slug: str, language: str = "en") -> str:
    """The answer, with the shapes of its own picture."""
    question = QUESTIONS[slug]
    page, shown = in_language(question.page, language), own_view(question.page)
    told = (
        tokens(text, shown.stack, shown.layer, figures(shown, page), translator(language)) for text in page.paragraphs
    )
    return " ".join(plain(found, shown.stack, shown.layer) for found in told)
