"""Questions that people ask: a list that can be searched, and each as the page with its answer beside the picture."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.lessons.prose import pieces, plain
from app.lessons.questions import GROUPS, QUESTIONS
from app.lessons.questions.question import Question
from app.web.answers import CHECKED, HTML, answer, view_of
from app.web.asked import link_to
from app.web.pages import html, studio
from app.web.told import own_view, told
from app.web.view import View

router = APIRouter()


LONGEST = 200
"""So many characters are looked for."""


@router.get("/questions", response_class=HTMLResponse)
async def contents(request: Request) -> Response:
    """The questions that people ask; q is what to look for in them and in their answers."""
    view = view_of(request, strict=False)
    sought = request.query_params.get("q", "")[:LONGEST]
    shown = {"sought": sought, "longest": LONGEST}
    return answer(request, HTML, lambda: html("questions.html", **shown, groups=listed(view, sought)), CHECKED)


@router.get("/questions/{slug}", response_class=HTMLResponse)
async def question(request: Request, slug: str) -> Response:
    """A question, answered beside the picture that shows it."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    view = view_of(request, strict=False)
    return await studio(request, view, lambda: page_of(view, slug))


def page_of(view: View, slug: str) -> dict[str, Any]:
    """The question that is read, and the ones before and after it."""
    slugs, words = list(QUESTIONS), told(view, QUESTIONS[slug].page)
    here = slugs.index(slug)
    return {
        "kind": "question",
        "title": QUESTIONS[slug].page.title,
        "words": words,
        "lights": words.lights,
        "group": next(title for title, group in GROUPS.items() if slug in group),
        "source": QUESTIONS[slug].source,
        "before": link_to(view, slugs[here - 1]) if here else None,
        "after": link_to(view, slugs[here + 1]) if here + 1 < len(slugs) else None,
    }


def listed(view: View, sought: str) -> dict[str, list[dict[str, Any]]]:
    """The questions in which every word that is sought stands, in their groups, each with its answer in plain text."""
    words = sought.casefold().split()
    found: dict[str, list[dict[str, Any]]] = {}
    for title, group in GROUPS.items():
        for slug, question in group.items():
            answered = in_plain_text(question)
            text = f"{question.page.title} {answered} {question.source}".casefold()
            if all(word in text for word in words):
                one = {"question": link_to(view, slug), "answer": answered, "source": question.source}
                found.setdefault(title, []).append(one)
    return found


def in_plain_text(question: Question) -> str:
    """The answer, with the shapes of its own picture."""
    page, shown = question.page, own_view(question.page)
    told = (pieces(text, shown.stack, shown.layer, page.figures) for text in page.paragraphs)
    return " ".join(plain(found, shown.stack, shown.layer) for found in told)
