"""The main page: a View becomes HTML, with the picture already in it. Lessons, questions and rooms show it, too."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ...core.trace import StackTrace
from ...diagram.scene import FORMATS
from ...lessons.sentence import Word, coincidences, run_summary, sentence
from ...query.chosen_framework import names
from ...query.picture import picture_of
from ...query.view import View
from ...translations.languages import translator
from ...translations.translator import Translator
from ..http.language import language_of
from ..http.responses import respond_with_run, view_of
from ..sharing.menu import share_menu
from ..sharing.preview import preview
from .parts.controls import Controls, controls
from .parts.explanation import Reason, explanation
from .parts.framework import FrameworkSection, framework_section
from .parts.input_preview import InputPreview, input_preview
from .parts.lesson_text import Beside, Link
from .parts.notes import NOTES, Note
from .parts.operation_timeline import Steps, steps
from .parts.picture_links import LinkedPicture, linked_picture
from .parts.related_questions import Myth, myths, related_questions
from .parts.stack_grid import StackGrid, stack_grid
from .parts.tensor_table import Row, row
from .parts.values import Values, values
from .parts.weight_charts import Weights, weights
from .templates import base_context, html

LONGEST_HEADER = 4096
"""Characters of a header; proxies refuse a response with longer headers. The page itself has the link, too."""


@dataclass(frozen=True)
class Stage:
    """The picture in each format, and what stands around it. ``run_summary`` is empty where nothing was executed, and
    ``reason`` says why."""

    sentence: tuple[Word, ...]
    pictures: dict[str, LinkedPicture]
    run_summary: str
    reason: str
    overview: StackGrid | None
    cell_notes: tuple[str, ...]
    warnings: list[list[Word]]


@dataclass(frozen=True)
class Page:
    """All that the main page shows of a View, by its parts."""

    view: View
    stage: Stage
    input: InputPreview
    steps: Steps
    note: Note | None
    controls: Controls
    selected: Row
    values: Values | None
    explanation: list[Reason]
    related_questions: list[Link]
    weights: Weights
    framework: FrameworkSection
    tensors: list[Row]
    framework_names: dict[str, list[str]]
    myths: dict[str, list[Myth]]


@dataclass(frozen=True)
class Room:
    """The live room that a page follows: its code, the address where the code is typed, and whether that address leads
    to this machine from itself alone."""

    code: str
    address: str
    is_local: bool


async def index(request: Request) -> Response:
    """The page."""
    return await studio(request, view_of(request))


async def draw_first(app: FastAPI) -> None:
    """Answer the first request, so that no visitor waits for what is made but once."""
    scope = {
        "type": "http",
        "app": app,
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "headers": [],
    }
    await index(Request(scope))


async def studio(
    request: Request, view: View, beside: Callable[[str], Beside] | None = None, room: Room | None = None
) -> Response:
    """The main page. ``beside`` makes the text beside the picture, in a language."""
    given = request.query_params
    formats = [name for name in FORMATS if name == given.get("only")] or list(FORMATS)
    theme = view.theme if "theme" in given else ""

    def page(trace: StackTrace | None, reason: str) -> str:
        limit = request.app.state.runner.budget.bytes
        language = language_of(request, view)
        text = beside(language) if beside else None
        shown = page_of(view, formats, trace, reason, limit, text.text.highlighted if text else frozenset(), language)
        return html(
            "index.html",
            theme=theme,
            beside=text,
            room=room,
            has_rooms=request.app.state.rooms,
            share=share_menu(request, view, language),
            preview=preview(request, view, language, text.text.title if text else ""),
            **vars(shown),
            **base_context(view, language, request.scope["path"]),
        )

    response = await respond_with_run(request, view, page)
    link = f'</trace.json{view.query()}>; rel="alternate"; type="application/json"'
    if len(link) <= LONGEST_HEADER:
        response.headers["Link"] = link
    return response


def page_of(
    view: View,
    formats: list[str],
    trace: StackTrace | None,
    reason: str,
    limit: int,
    highlighted: frozenset[str],
    language: str,
) -> Page:
    """``limit``: how many bytes of weights the server gives out; ``highlighted``: the tensors that the text beside the
    picture names."""
    translate, program = translator(language), view.program
    selected = program.by_id[view.tensor or program.cell.output]
    return Page(
        view=view,
        stage=stage(view, formats, trace, reason, highlighted, translate),
        input=input_preview(view, highlighted, translate),
        steps=steps(view, trace),
        note=NOTES[view.view](view, trace, translate) if view.view in NOTES else None,
        controls=controls(view),
        selected=row(view, selected, translate),
        values=values(view, selected, trace) if trace else None,
        explanation=explanation(view, selected, translate),
        related_questions=related_questions(view, selected.id, language),
        weights=weights(view, highlighted, translate),
        framework=framework_section(view, limit, translate),
        tensors=[row(view, t, translate) for t in program.tensors],
        framework_names=names(view),
        myths={about: myths(view, about, language) for about in (*view.sizes, selected.id)},
    )


def stage(
    view: View,
    formats: list[str],
    trace: StackTrace | None,
    reason: str,
    highlighted: frozenset[str],
    translate: Translator,
) -> Stage:
    stack = view.stack
    return Stage(
        sentence=sentence(stack, translate),
        pictures={name: linked_picture(view, picture_of(view, name, translate), highlighted) for name in formats},
        run_summary=run_summary(trace),
        reason=reason,
        overview=stack_grid(view, (), translate) if len(stack.places) > 1 else None,
        cell_notes=stack.program().cell.notes,
        warnings=coincidences(view.sizes, translate),
    )
