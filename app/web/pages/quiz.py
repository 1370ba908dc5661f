"""/quiz: ten questions drawn from a seed. The picture hides the shape in question, and no link reveals it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...core.cells import CELLS
from ...diagram.format_names import BY_WIDTH
from ...equations.cell_from_equations import OWN
from ...teaching.placeholders import plain, tokens
from ...teaching.quiz.questions_and_answers import QUIZ_LENGTH, SUBJECTS, QuizQuestion, questions_of, quiz_about
from ...teaching.quiz.verdict import Verdict
from ...teaching.text_page import in_language
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...translations.translator import Translator
from ...typed_cells.quiz_questions import questions_about
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_of_state import picture_of
from ..requests_and_responses.language import language_of
from ..requests_and_responses.responses import json, respond_at_once, url_state_of
from ..sharing.link_preview import preview
from .parts.lesson_text import PageLink, Piece, check_page, own_state, picture_query, pieces
from .parts.links_and_accessible_names import LinkedPicture, over, selected_only
from .rendering import base_context, html

PREDICT = "answer"
"""The parameter of the query with the typed answer, which is not a field of the UrlState."""


async def quiz(request: Request) -> Response:
    """A quiz of ten questions chosen by seed, about the LSTM unless cell names another; lesson_page selects one."""
    url_state = url_state_of(request)
    current = question(url_state)
    if (own := link_to(url_state, url_state.lesson_page)) != f"/quiz{url_state.query()}":
        return RedirectResponse(own, 307)
    typed = request.query_params.get(PREDICT, "")
    theme = url_state.theme if "theme" in request.query_params else ""
    lang = language_of(request, url_state)

    def page() -> str:
        title = translator(lang)(phrase("Shape quiz"))
        return html(
            "quiz.html",
            theme=theme,
            preview=preview(request, url_state, lang, title),
            **vars(quiz_page(url_state, current, typed, lang)),
            **base_context(request, url_state, lang, "/quiz"),
        )

    return await respond_at_once(request, page)


async def quiz_json(request: Request) -> Response:
    """A quiz question, by seed and lesson_page; with answer, the verdict and the likely mistake."""
    pairs = request.query_params.multi_items()
    url_state = parse([(name, text) for name, text in pairs if name != PREDICT], strict=True)
    current = question(url_state)
    typed = [text for name, text in pairs if name == PREDICT]
    return await respond_at_once(request, lambda: json(quiz_document(url_state, current, typed)))


def question(url_state: UrlState) -> QuizQuestion:
    """The question that a UrlState names. Raises FieldError if a quiz has fewer."""
    check_page(url_state, QUIZ_LENGTH, phrase("the page is a quiz"))
    return questions(url_state, url_state.seed, url_state.cell)[url_state.lesson_page - 1]


def questions(url_state: UrlState, seed: int, cell: str) -> tuple[QuizQuestion, ...]:
    """The questions of a seed about a cell, which may be that with the equations of the UrlState."""
    return questions_about(url_state.equations, seed) if cell == OWN else questions_of(seed, quiz_about(cell))


def link_to(url_state: UrlState, number: int, seed: int | None = None, cell: str = "") -> str:
    """The link to a question with its picture, of the same quiz or of that of another seed or cell."""
    seed = url_state.seed if seed is None else seed
    question = questions(url_state, seed, cell or url_state.cell)[number - 1]
    return f"/quiz{picture_query(url_state, {**question.page.picture, 'seed': seed}, lesson_page=number)}"


def quiz_document(url_state: UrlState, question: QuizQuestion, typed: list[str]) -> dict[str, Any]:
    """/quiz.json: a question, and if an answer was typed, the verdict on it."""
    language = url_state.language
    own, page = own_state(question.page, seed=url_state.seed), in_language(question.page, language)
    document: dict[str, Any] = {
        "seed": url_state.seed,
        "number": url_state.lesson_page,
        "of": QUIZ_LENGTH,
        "title": page.title,
    }
    translate = translator(language)
    paragraphs = [tokens(text, own.stack, translate=translate) for text in page.paragraphs]
    document |= {"text": [plain(paragraph, own.stack, translate=translate) for paragraph in paragraphs]}
    if not typed:
        return document
    verdict = question.verdict(typed[-1])
    return document | {
        "answer": typed[-1],
        "read": verdict.read,
        "right": verdict.right,
        "said": translate(verdict.in_notation(url_state.size_notation.name).message),
    }


@dataclass(frozen=True)
class QuizPage:
    """A question with its picture. ``links``: those to all questions; ``message``: the verdict in words; ``state``: the
    query that the form repeats; ``revealed``: the link to the shape; ``other``: that to another quiz; ``cell``: the one
    that the quiz is about, unless LSTM; ``cells``: links to quizzes about other cells."""

    url_state: UrlState
    title: str
    paragraphs: list[list[Piece]]
    pictures: dict[str, LinkedPicture]
    links: list[str]
    number: int
    typed: str
    verdict: Verdict | None
    message: str
    state: list[tuple[str, str]]
    revealed: str
    other: str
    cell: str
    cells: list[PageLink]


def quiz_page(url_state: UrlState, question: QuizQuestion, typed: str, language: str) -> QuizPage:
    """A question, and if an answer was typed, the verdict on it."""
    translate, page = translator(language), in_language(question.page, language)
    about = OWN if url_state.cell == OWN else quiz_about(url_state.cell)
    verdict = question.verdict(typed) if typed.strip() else None
    reveals = {**question.reveals, "labels": "numbers", "seed": url_state.seed}
    return QuizPage(
        url_state=url_state,
        title=page.title,
        paragraphs=[pieces(url_state, page, text, language) for text in page.paragraphs],
        pictures={name: picture_alone(url_state, name, translate) for name in BY_WIDTH},
        links=[link_to(url_state, n) for n in range(1, QUIZ_LENGTH + 1)],
        number=url_state.lesson_page,
        typed=typed,
        verdict=verdict,
        message=translate(verdict.in_notation(url_state.size_notation.name).message) if verdict else "",
        state=parse_qsl(url_state.query().removeprefix("?")),
        revealed=f"/{picture_query(url_state, reveals, lesson_page=1)}",
        other=link_to(url_state, 1, (url_state.seed + 1) % 1_000_000_000),
        cell=about if about != "lstm" else "",
        cells=[
            PageLink(translate(CELLS[cell].short_title), link_to(url_state, 1, cell=cell))
            for cell in SUBJECTS
            if cell != about
        ],
    )


def picture_alone(url_state: UrlState, format: str, translate: Translator) -> LinkedPicture:
    """The picture with a frame around the tensor in question, and without anything that reveals its shape."""
    picture = picture_of(url_state, format, translate)
    return over(picture, selected_only(url_state, picture))
