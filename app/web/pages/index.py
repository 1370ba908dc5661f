"""The main page: a View becomes HTML, with the picture already in it."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app.core.cells import CELLS
from app.core.inputs import INPUTS
from app.core.trace import StackTrace
from app.diagram.labels import LABELS
from app.diagram.notation import NOTATIONS
from app.diagram.scene import FORMATS
from app.diagram.transforms.relabeling import in_language
from app.diagram.views import STEPPED
from app.frameworks.model import numbers
from app.lessons.counts import parameters
from app.lessons.presets import PRESETS
from app.lessons.sentence import coincidences, run_summary, sentence
from app.query.chosen_framework import names
from app.query.fields import FIELDS, SLIDERS
from app.query.input import given, series_of
from app.query.matrices import kernels
from app.query.picture import picture_of
from app.query.rules import values_of
from app.query.values import moves
from app.query.view import View
from app.translations.languages import translator
from app.web.http.language import language_of
from app.web.http.responses import executed, view_of
from app.web.pages.parts.controls import DIRECTIONS, LABEL_TITLES, TITLES, field_table
from app.web.pages.parts.explanation import because
from app.web.pages.parts.framework import choices, spoken
from app.web.pages.parts.notes import READINGS
from app.web.pages.parts.pager import SIZES, pager
from app.web.pages.parts.picture_links import drawn
from app.web.pages.parts.related_questions import asked, myths
from app.web.pages.parts.stack_grid import lit
from app.web.pages.parts.steps import film, steps_of
from app.web.pages.parts.tensor_table import row
from app.web.pages.parts.values import numbers as numbers_of
from app.web.pages.templates import base_context, html
from app.web.sharing.menu import shared
from app.web.sharing.preview import preview

LONGEST_HEADER = 4096
"""Characters of a header; proxies refuse an answer whose headers are much longer. The page itself has the link, too."""


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
    request: Request, view: View, beside: Callable[[str], dict[str, Any]] | None = None, **more: Any
) -> Response:
    """The picture, and beside it the words that a path has for it, if any: with them come the tensors to light. What
    else the page is to know is ``more``."""
    given = request.query_params
    formats = [name for name in FORMATS if name == given.get("only")] or list(FORMATS)
    theme = view.theme if "theme" in given else ""

    def page(trace: StackTrace | None, reason: str) -> str:
        limit = request.app.state.runner.budget.bytes
        lang = language_of(request, view)
        words: dict[str, Any] = beside(lang) if beside else {"kind": "", "lights": frozenset()}
        shown = context(view, formats, trace, reason, limit, words["lights"], lang)
        told = base_context(view, lang, request.scope["path"])
        told["preview"] = preview(request, view, lang, words["words"].title if words["kind"] else "")
        known = {"room": "", "rooms": request.app.state.rooms, **more}
        return html(
            "index.html", theme=theme, beside=words, share=shared(request, view, lang), **known, **shown, **told
        )

    made = await executed(request, view, page)
    link = f'</trace.json{view.query()}>; rel="alternate"; type="application/json"'
    if len(link) <= LONGEST_HEADER:
        made.headers["Link"] = link
    return made


def context(
    view: View,
    formats: list[str],
    trace: StackTrace | None,
    reason: str,
    limit: int,
    lights: frozenset[str],
    language: str,
) -> dict[str, Any]:
    """All that the page shows. ``limit``: how many bytes of weights the server gives out; ``lights``: the tensors that
    are spoken of."""
    program, sizes, stack, translate = view.program, view.sizes, view.stack, translator(language)
    selected = program.by_id[view.tensor or program.cell.output]
    theirs = names(view)
    model = view.model
    learned = model.cell_axes(view.place)
    return {
        "view": view,
        "fields": FIELDS,
        "sliders": SLIDERS,
        "cells": [(cell.short_title, cell.title, view.query(cell=id), id == view.cell) for id, cell in CELLS.items()],
        "notes": stack.program().cell.notes,
        "directions": [(one, view.query(bidirectional=both), view.bidirectional == both) for one, both in DIRECTIONS],
        "frameworks": choices(view),
        "inputs": [(id, view.query(data=id), id == view.data) for id in INPUTS],
        "given": given(view),
        "series": drawn(view, in_language(series_of(view), translate), lights) if view.data == "wave" else None,
        "longest": FIELDS["text"].limits,
        "presets": [(p, view.query(**values_of(p.stack), seed=0, data="random"), p.stack == stack) for p in PRESETS],
        "views": [(title, view.query(view=id), id == view.view) for id, title in TITLES.items()],
        "reading": READINGS[view.view](view, trace, translate) if view.view in READINGS else None,
        "labels": [(id, title, view.query(labels=id)) for id, title in zip(LABELS, LABEL_TITLES, strict=True)],
        "notations": [(id, view.query(notation=id)) for id in NOTATIONS],
        "sentence": sentence(stack, translate),
        "coincidences": coincidences(sizes, translate),
        "proof": run_summary(trace),
        "reason": reason,
        "pictures": {name: drawn(view, picture_of(view, name, translate), lights) for name in formats},
        "kernels": {
            name: drawn(view, in_language(matrix, translate), lights)
            for name, matrix in kernels(model, view.place).items()
        },
        "parameters": parameters(learned, model.sizes),
        "total": numbers(learned, model.sizes),
        "every": model.parameter_count,
        "theirs": theirs,
        "tensors": [row(view, t, translate) for t in program.tensors],
        "selected": row(view, selected, translate) | {"why": because(view, selected, translate)},
        "asked": asked(view, selected.id, language),
        "myths": {about: myths(view, about, language) for about in (*view.sizes, selected.id)},
        "numbers": numbers_of(view, selected, trace) if trace else None,
        "followed": [pager(view, name, selected) for name in SIZES if name in moves(view, selected)],
        "film": list(film(view, trace)) if view.stepping and view.view in STEPPED else [],
        "player": steps_of(view),
        "overview": lit(view, (), translate) if len(stack.places) > 1 else None,
        "spoken": spoken(view, limit, translate),
        "table": field_table(),
    }
