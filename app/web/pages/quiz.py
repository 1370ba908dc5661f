"""Predict, then reveal: ten questions that a seed draws. The picture hides what they ask, and no link says it."""

from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.diagram.painters.svg import svg
from app.diagram.scene import FORMATS
from app.diagram.theme import LIGHT
from app.lessons.page import in_language
from app.lessons.prose import plain, tokens
from app.lessons.quiz.sampling import HOW_MANY, QuizQuestion, questions_of
from app.query.parsing import parse
from app.query.picture import picture_of
from app.query.view import View
from app.translations.languages import translator
from app.translations.phrases import phrase
from app.translations.translator import Translator
from app.web.http.language import language_of
from app.web.http.responses import answer, json, view_of
from app.web.pages.parts.lesson_text import check_page, own_view, picture, set_in_html
from app.web.pages.parts.picture_links import lit_only
from app.web.pages.templates import base_context, html

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
        return html("quiz.html", theme=theme, **context(view, asked, typed, lang), **base_context(view, lang, "/quiz"))

    return await answer(request, page)


async def quiz_json(request: Request) -> Response:
    """A question of a quiz, by seed and lesson_page; with answer, whether that is right, or what was missed."""
    given = request.query_params.multi_items()
    view = parse([(name, text) for name, text in given if name != PREDICT], strict=True)
    asked = question(view)
    typed = [text for name, text in given if name == PREDICT]
    return await answer(request, lambda: json(document(view, asked, typed)))


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
        "said": translator(language)(verdict.in_names(view.calls.name).said),
    }


def context(view: View, asked: QuizQuestion, typed: str, language: str) -> dict[str, Any]:
    """All that the page shows."""
    number, links = view.lesson_page, [link_to(view, n) for n in range(1, HOW_MANY + 1)]
    verdict, page = asked.verdict(typed) if typed.strip() else None, in_language(asked.page, language)
    return {
        "view": view,
        "title": page.title,
        "paragraphs": [set_in_html(view, page, text, language) for text in page.paragraphs],
        "pictures": {name: drawn_alone(view, name, translator(language)) for name in FORMATS},
        "links": links,
        "number": number,
        "typed": typed,
        "verdict": verdict,
        "said": translator(language)(verdict.in_names(view.calls.name).said) if verdict else "",
        "state": parse_qsl(view.query().removeprefix("?")),
        "revealed": f"/{picture(view, {**asked.reveals, 'labels': 'numbers', 'seed': view.seed}, lesson_page=1)}",
        "other": link_to(view, 1, (view.seed + 1) % 1_000_000_000),
    }


def drawn_alone(view: View, format: str, translate: Translator) -> dict[str, Any]:
    """The picture with what is asked for in a frame, and nothing that says its shape."""
    made = picture_of(view, format, translate)
    return {
        "svg": Markup(svg(made, LIGHT, background=False)),
        "box": f"0 0 {made.width:g} {made.height:g}",
        "targets": lit_only(view, made),
    }
