"""Questions that people ask: a list that can be searched, and each as the page with its answer beside the picture."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.lessons.languages import in_language, said_in
from app.lessons.prose import pieces, plain
from app.lessons.questions import GROUPS, QUESTIONS
from app.lessons.questions.question import Question
from app.web.answers import CHECKED, HTML, answer, view_of
from app.web.asked import link_to
from app.web.language import language_of
from app.web.pages import html, in_words, studio
from app.web.told import own_view, told
from app.web.view import View

router = APIRouter()


LONGEST = 200
"""So many characters are looked for."""


@router.get("/questions", response_class=HTMLResponse)
async def contents(request: Request) -> Response:
    """The questions that people ask; q is what to look for in them and in their answers."""
    view = view_of(request, strict=False)
    lang, sought = language_of(request, view), request.query_params.get("q", "")[:LONGEST]
    shown = {"sought": sought, "longest": LONGEST, "groups": listed(view, sought, lang)}
    return answer(request, HTML, lambda: html("questions.html", **shown, **in_words(view, lang, "/questions")), CHECKED)


@router.get("/questions/{slug}", response_class=HTMLResponse)
async def question(request: Request, slug: str) -> Response:
    """A question, answered beside the picture that shows it."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    view = view_of(request, strict=False)
    return await studio(request, view, lambda lang: page_of(view, slug, lang))


def page_of(view: View, slug: str, language: str) -> dict[str, Any]:
    """The question that is read, and the ones before and after it."""
    slugs, words = list(QUESTIONS), told(view, QUESTIONS[slug].page, language)
    here = slugs.index(slug)
    return {
        "kind": "question",
        "title": words.title,
        "words": words,
        "lights": words.lights,
        "group": said_in(language)(next(title for title, group in GROUPS.items() if slug in group)),
        "source": QUESTIONS[slug].source,
        "before": link_to(view, slugs[here - 1], language) if here else None,
        "after": link_to(view, slugs[here + 1], language) if here + 1 < len(slugs) else None,
    }


def listed(view: View, sought: str, language: str) -> dict[str, list[dict[str, Any]]]:
    """The questions in which every word that is sought stands, in their groups, each with its answer in plain text."""
    words, say = sought.casefold().split(), said_in(language)
    found: dict[str, list[dict[str, Any]]] = {}
    for title, group in GROUPS.items():
        for slug, question in group.items():
            answered, link = in_plain_text(question, language), link_to(view, slug, language)
            text = f"{link[0]} {answered} {question.source}".casefold()
            if all(word in text for word in words):
                one = {"question": link, "answer": answered, "source": question.source}
                found.setdefault(say(title), []).append(one)
    return found


def in_plain_text(question: Question, language: str = "en") -> str:
    """The answer, with the shapes of its own picture."""
    page, shown = in_language(question.page, language), own_view(question.page)
    told = (pieces(text, shown.stack, shown.layer, page.figures) for text in page.paragraphs)
    return " ".join(plain(found, shown.stack, shown.layer) for found in told)
