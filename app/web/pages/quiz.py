"""Predict, then reveal: ten questions that a seed draws. The picture hides what they ask, and no link says it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...diagram.scene import FORMATS
from ...lessons.prose import plain, tokens
from ...lessons.quiz.sampling import HOW_MANY, QuizQuestion, questions_of
from ...lessons.quiz.verdict import Verdict
from ...lessons.text_page import in_language
from ...query.parsing import parse
from ...query.picture import picture_of
from ...query.view import View
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...translations.translator import Translator
from ..http.language import language_of
from ..http.responses import json, respond_at_once, view_of
from .parts.lesson_text import check_page, own_view, picture, set_in_html
from .parts.picture_links import LinkedPicture, over, selected_only
from .templates import base_context, html

PREDICT = "answer"
"""The name in the query that is no part of the state: what was typed."""


async def quiz(request: Request) -> Response:
    """Ten questions that seed draws; lesson_page says which of them, and answer is what is thought."""
    view = view_of(request)
    asked = question(view)
    if (own := link_to(view, view.lesson_page)) != f"/quiz{view.query()}":
        return RedirectResponse(own, 307)
    typed = request.query_params.get(PREDICT, "")
    theme = view.theme if "theme" in request.query_params else ""
    lang = language_of(request, view)

    def page() -> str:
        return html(
            "quiz.html", theme=theme, **vars(quiz_page(view, asked, typed, lang)), **base_context(view, lang, "/quiz")
        )

    return await respond_at_once(request, page)


async def quiz_json(request: Request) -> Response:
    """A question of a quiz, by seed and lesson_page; with answer, whether that is right, or what was missed."""
    given = request.query_params.multi_items()
    view = parse([(name, text) for name, text in given if name != PREDICT], strict=True)
    asked = question(view)
    typed = [text for name, text in given if name == PREDICT]
    return await respond_at_once(request, lambda: json(document(view, asked, typed)))


def question(view: View) -> QuizQuestion:
    """The question that a View asks for. FieldError where a quiz has fewer."""
    check_page(view, HOW_MANY, phrase("it is a question of a quiz"))
    return questions_of(view.seed)[view.lesson_page - 1]


def link_to(view: View, number: int, seed: int | None = None) -> str:
    """To a question with its picture, of the same quiz or of another seed's."""
    seed = view.seed if seed is None else seed
    return f"/quiz{picture(view, {**questions_of(seed)[number - 1].page.picture, 'seed': seed}, lesson_page=number)}"


def document(view: View, asked: QuizQuestion, typed: list[str]) -> dict[str, Any]:
    """/quiz.json."""
    language = view.language
    own, page = own_view(asked.page, seed=view.seed), in_language(asked.page, language)
    said: dict[str, Any] = {"seed": view.seed, "number": view.lesson_page, "of": HOW_MANY, "title": page.title}
    paragraphs = [tokens(text, own.stack, translate=translator(language)) for text in page.paragraphs]
    said |= {"text": [plain(found, own.stack) for found in paragraphs]}
    if not typed:
        return said
    verdict = asked.verdict(typed[-1])
    return said | {
        "answer": typed[-1],
        "read": verdict.read,
        "right": verdict.right,
        "said": translator(language)(verdict.in_names(view.size_notation.name).message),
    }


@dataclass(frozen=True)
class QuizPage:
    """A question with its picture. ``links``: of all questions; ``state``: the query that the form repeats;
    ``revealed``: where the shape is shown; ``other``: the first question of another quiz."""

    view: View
    title: str
    paragraphs: list[list[dict[str, Any]]]
    pictures: dict[str, LinkedPicture]
    links: list[str]
    number: int
    typed: str
    verdict: Verdict | None
    said: str
    state: list[tuple[str, str]]
    revealed: str
    other: str


def quiz_page(view: View, asked: QuizQuestion, typed: str, language: str) -> QuizPage:
    translate, page = translator(language), in_language(asked.page, language)
    verdict = asked.verdict(typed) if typed.strip() else None
    return QuizPage(
        view=view,
        title=page.title,
        paragraphs=[set_in_html(view, page, text, language) for text in page.paragraphs],
        pictures={name: picture_alone(view, name, translate) for name in FORMATS},
        links=[link_to(view, n) for n in range(1, HOW_MANY + 1)],
        number=view.lesson_page,
        typed=typed,
        verdict=verdict,
        said=translate(verdict.in_names(view.size_notation.name).message) if verdict else "",
        state=parse_qsl(view.query().removeprefix("?")),
        revealed=f"/{picture(view, {**asked.reveals, 'labels': 'numbers', 'seed': view.seed}, lesson_page=1)}",
        other=link_to(view, 1, (view.seed + 1) % 1_000_000_000),
    )


def picture_alone(view: View, format: str, translate: Translator) -> LinkedPicture:
    """The picture with what is asked for in a frame, and nothing that says its shape."""
    picture = picture_of(view, format, translate)
    return over(picture, selected_only(view, picture))
