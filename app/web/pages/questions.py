"""/questions: a list with search, and each question as the main page with its answer beside the picture."""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...reading.errors.explanation import NotFoundError, explain
from ...reading.errors.pasted_text import end_of
from ...teaching.all_pages import PAGES, PageId
from ...teaching.full_text_search import TitledText, search
from ...teaching.lessons.order import LESSONS
from ...teaching.pages_by_error import MAX_LENGTH, is_pasted, pages_about
from ...teaching.placeholders import plain, tokens
from ...teaching.questions import GROUPS, QUESTIONS
from ...teaching.text_page import TextPage, in_language
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...url_state.url_state import UrlState
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import HTML
from ..requests_and_responses.posted_form import fields_of, respond_to_form
from ..requests_and_responses.responses import respond_at_once, url_state_of
from ..requests_and_responses.routing import Form
from ..sharing.link_preview import preview
from .index import main_page, to_own_picture
from .parts.lesson_text import PageLink, SidePage, figures, lesson_text, own_state, picture_query
from .parts.tensor_questions import link_to
from .rendering import base_context, html


class Entry(NamedTuple):
    """A question or a page of a lesson in the list, with its text as plain text. ``source``: where the question was
    asked, or the title of the lesson."""

    page: PageLink
    text: str
    source: str


LONGEST = 200
"""Characters of a search text in a link."""

QUESTION = re.compile(r"[^.:;!?。：；！？\n]{1,200}[?？]")
"""A question in a text that tells more: it may be found where the whole text is not."""

SHORTEST_MESSAGE = 30
"""Characters of a search text that may be an error message."""

SHOWN = 2**13
"""Characters of a search text that the page repeats, its end: what a reader pasted is where they pasted it from."""


async def contents(request: Request) -> Response:
    """Common questions with answers; q searches both."""
    state = url_state_of(request)
    lang, sought = language_of(request, state), request.query_params.get("q", "")[:LONGEST]
    return await respond_at_once(request, lambda: contents_page(request, state, lang, sought))


async def search_results(request: Request) -> Response:
    """The search with q in a form, so that it is in no URL or log: words, or an error message with its traceback."""
    state = url_state_of(request)
    lang = language_of(request, state)
    return await respond_to_form(
        request, SEARCH_FORM, lambda body: contents_page(request, state, lang, fields_of(body).get("q", "")), HTML
    )


SEARCH_FORM = Form({"q": "Words, or an error message with its traceback."}, most=4 * MAX_LENGTH)
"""Encoded, most characters of a traceback take one byte, and others three or more."""


def contents_page(request: Request, state: UrlState, lang: str, sought: str) -> str:
    """The list of questions, or what was found."""
    end, _ = end_of(sought)
    return html(
        "questions.html",
        sought=sought[-SHOWN:],
        most=SEARCH_FORM.most - len("q="),
        error=end if is_explained(end) else "",
        best=[entry(state, place, lang) for place in find(sought, lang)],
        groups=grouped(state, lang),
        preview=preview(request, state, lang, translator(lang)(phrase("Common questions"))),
        **base_context(request, state, lang, "/questions"),
    )


def is_explained(sought: str) -> bool:
    """Whether a text has an error that /explain explains."""
    if not is_pasted(sought) and len(sought) < SHORTEST_MESSAGE:
        return False
    try:
        explain(sought)
    except NotFoundError:
        return False
    return True


def find(sought: str, language: str) -> list[PageId]:
    """The pages about an error message, or those with the words of a text or of a question in it."""
    if places := pages_about(sought):
        return places
    if is_pasted(sought):
        return []
    found = (
        search(words, search_index(language)) for words in (sought, *QUESTION.findall(sought)[-3:]) if words.strip()
    )
    return next(filter(None, found), [])


async def question(request: Request, slug: str) -> Response:
    """One question, answered next to the picture that shows it."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    state = url_state_of(request)
    if redirect := to_own_picture(request, state, QUESTIONS[slug].page, f"/questions/{slug}"):
        return redirect
    return await main_page(request, state, lambda state, language: question_page(state, slug, language))


@dataclass(frozen=True)
class QuestionPage(SidePage):
    """A question with its answer. ``group``: the title of its group; ``source``: where it was asked."""

    group: str
    source: str


def question_page(state: UrlState, slug: str, language: str) -> QuestionPage:
    """A question with its answer, beside the picture of a UrlState."""
    slugs, text = list(QUESTIONS), lesson_text(state, QUESTIONS[slug].page, language)
    here = slugs.index(slug)
    return QuestionPage(
        kind="question",
        title=text.title,
        text=text,
        before=link_to(state, slugs[here - 1], language) if here else None,
        after=link_to(state, slugs[here + 1], language) if here + 1 < len(slugs) else None,
        group=translator(language)(next(title for title, group in GROUPS.items() if slug in group)),
        source=QUESTIONS[slug].source,
    )


def grouped(state: UrlState, language: str) -> dict[str, list[Entry]]:
    """All questions, by the title of their group."""
    translate = translator(language)
    return {
        translate(title): [entry(state, PageId(slug), language) for slug in group] for title, group in GROUPS.items()
    }


def entry(state: UrlState, place: PageId, language: str) -> Entry:
    """A page as an entry of the list."""
    text, slug = in_plain_text(place, language), place.slug
    if not place.page:
        return Entry(link_to(state, slug, language), text, QUESTIONS[slug].source)
    translate, page = translator(language), PAGES[place]
    link = f"/learn/{slug}{picture_query(state, page.picture, lesson_page=place.page)}"
    return Entry(PageLink(translate(page.title), link), text, translate(LESSONS[slug].title))


@cache
def search_index(language: str) -> dict[PageId, TitledText]:
    """The texts to search: of each page its title, with search terms; its text, with the names of its tensors and its
    source."""
    translate = translator(language)
    index = {}
    for place, page in PAGES.items():
        question = None if place.page else QUESTIONS[place.slug]
        terms, source = (question.search_terms, question.source) if question else (LESSONS[place.slug].title, "")
        text = " ".join([in_plain_text(place, language), *map(translate, names_in(page)), source])
        index[place] = f"{translate(page.title)} {translate(terms)}", text
    return index


def names_in(page: TextPage) -> list[str]:
    """The names of the tensors in a text."""
    program = own_state(page).program
    ids = dict.fromkeys((*page.highlighted(program), str(page.picture.get("tensor", ""))))
    return [program.by_id[id].name for id in ids if id]


@cache
def in_plain_text(place: PageId, language: str = "en") -> str:
    """The text of a page as plain text, with the shapes of its own picture."""
    page, state = in_language(PAGES[place], language), own_state(PAGES[place])
    translate = translator(language)
    paragraphs = (tokens(text, state.stack, state.layer, figures(state, page), translate) for text in page.paragraphs)
    return " ".join(plain(paragraph, state.stack, state.layer, translate) for paragraph in paragraphs)
