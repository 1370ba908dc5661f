"""The pages: a View becomes HTML, with the picture already in it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from app.core.cells import CELLS
from app.core.inputs import INPUTS
from app.core.stack import StackTrace
from app.diagram.labels import LABELS
from app.diagram.notation import NOTATIONS
from app.diagram.painters.css import style_sheet
from app.diagram.painters.svg import svg
from app.diagram.scene import FORMATS
from app.diagram.shapes import Picture
from app.diagram.theme import LIGHT
from app.diagram.transforms.relabeling import in_language
from app.diagram.views import STEPPED
from app.frameworks.weight_layout import widths
from app.lessons.counts import parameters
from app.lessons.presets import PRESETS
from app.lessons.sentence import coincidences, sentence
from app.query.chosen_framework import names, numbers, told_by
from app.query.field_types import Field, Index, Number
from app.query.fields import DATA, FIELDS, MODEL
from app.query.input import given, series_of
from app.query.matrices import kernels
from app.query.picture import picture_of
from app.query.rules import WHOLES, values_of
from app.query.view import SLIDERS, View, texts_of
from app.translations.languages import said_in, translations
from app.translations.phrases import Phrase, phrase, plural, translated
from app.web.http.language import language_of, suffix, switches
from app.web.http.responses import CHECKED, CSS, FOR_EVER, HTML, ROOT, answer, build, executed, view_of
from app.web.pages.long_links import linked
from app.web.pages.parts.framework import choices, lit, spoken
from app.web.pages.parts.notes import READINGS
from app.web.pages.parts.pager import SIZES, pager
from app.web.pages.parts.picture_links import targets
from app.web.pages.parts.related_questions import asked, myths
from app.web.pages.parts.steps import film, steps_of
from app.web.pages.parts.tensor_table import because, row
from app.web.pages.parts.values import moves
from app.web.pages.parts.values import numbers as numbers_of
from app.web.server.prefix import moved
from app.web.sharing.menu import shared
from app.web.sharing.preview import preview

router = APIRouter()

LONGEST_HEADER = 4096
"""Characters of a header; proxies refuse an answer whose headers are much longer. The page itself has the link, too."""


def is_page(path: str) -> bool:
    """Whether a path's answer is for people: it ignores unknown names in the query and explains errors in HTML."""
    return path == "/" or path.split("/")[1] in ("docs", "embed", "join", "learn", "questions", "quiz", "room")


templates = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters["breakable"] = lambda name: Markup("/<wbr>").join(name.split("/"))
templates.filters["grouped"] = lambda n: f"{n:,}"
templates.globals |= {
    "lang": "en",
    "language": "",
    "languages": [],
    "here": "/",
    "is_state": False,
    "build": build,
    "static": lambda path: f"/static/{build()}/{path}",
    "theme": "",
}


@pass_context
def _translated(context: Context, text: str, **values: Any) -> Markup:
    """A text in the language of the page, with values put in as they are where they are HTML, and else escaped."""
    said = phrase(text, **values) if values else text
    if isinstance(said, Phrase) and said.is_text:
        return _remembered(context["lang"], said.template, said)
    return _as_html(context["lang"], said)


@lru_cache(2**13)
def _remembered(language: str, template: str, text: str) -> Markup:
    """A picture in four formats names the same tensors. Phrases that read alike in English are told apart by their
    ``template``."""
    return _as_html(language, text)


def _as_html(language: str, text: str) -> Markup:
    return Markup(translated(text, translations(language), escape))


@pass_context
def _said(context: Context, text: str) -> Markup:
    """The same of what may be a name or code, which stays as it is: only a phrase is translated."""
    return _translated(context, text) if isinstance(text, Phrase) else escape(text)


@pass_context
def _counted(context: Context, n: int, one: str, many: str, **values: Any) -> Markup:
    """Of two texts the one for ``n``."""
    return _translated(context, plural(n, one, many, **values))


templates.globals["_"] = _translated
templates.globals["_n"] = _counted
templates.filters["said"] = _said


def in_words(view: View, language: str, here: str) -> dict[str, Any]:
    """What a page with words needs to know of its language, the path where it stands, and whether it is one of the many
    states of that path."""
    words = {"lang": language, "language": suffix(view), "languages": switches(view, language)}
    return {"here": here, "is_state": view.query() != "", **words}


def html(template: str, **context: Any) -> str:
    texts = texts_of(context["view"]) if "view" in context else {}
    return moved(linked(templates.get_template(template).generate(context), texts))


def render(template: str, status: int = 200, **context: Any) -> Response:
    return Response(html(template, **context), status, media_type=HTML)


@router.get("/", response_class=HTMLResponse)
async def index(request: Request) -> Response:
    """The page."""
    return await studio(request, view_of(request, strict=False))


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
        told = in_words(view, lang, request.scope["path"])
        told["preview"] = preview(request, view, lang, words["words"].title if words["kind"] else "")
        known = {"room": "", "rooms": request.app.state.rooms, **more}
        return html(
            "index.html", theme=theme, beside=words, share=shared(request, view, lang), **known, **shown, **told
        )

    made = await executed(request, view, HTML, page, CHECKED)
    link = f'</trace.json{view.query()}>; rel="alternate"; type="application/json"'
    if len(link) <= LONGEST_HEADER:
        made.headers["Link"] = link
    return made


@router.get("/static/{mark}/theme.css", include_in_schema=False)
async def theme_css(request: Request, mark: str) -> Response:
    """The colours and letters of the page and of the pictures in it, made from app/diagram/theme.py."""
    return await answer(request, CSS, style_sheet, FOR_EVER if mark == build() else CHECKED)


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
    program, sizes, stack, say = view.program, view.sizes, view.stack, said_in(language)
    selected = program.by_id[view.tensor or program.cell.output]
    theirs = names(view)
    told, settings = told_by(view)
    learned = [p.axes(widths(stack, view.place)) for p in told.layout(stack, settings).parameters]
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
        "series": drawn(view, in_language(series_of(view), say), lights) if view.data == "wave" else None,
        "longest": FIELDS["text"].limits,
        "presets": [(p, view.query(**values_of(p.stack), seed=0, data="random"), p.stack == stack) for p in PRESETS],
        "views": [(title, view.query(view=id), id == view.view) for id, title in TITLES.items()],
        "reading": READINGS[view.view](view, trace, say) if view.view in READINGS else None,
        "labels": [(choice, said, view.query(labels=choice)) for choice, said in zip(LABELS, SAYING, strict=True)],
        "notations": [(id, view.query(notation=id)) for id in NOTATIONS],
        "sentence": sentence(stack, say),
        "coincidences": coincidences(sizes, say),
        "proof": proof(trace),
        "reason": reason,
        "pictures": {name: drawn(view, picture_of(view, name, say), lights) for name in formats},
        "kernels": {
            name: drawn(view, in_language(matrix, say), lights)
            for name, matrix in kernels(stack, view.place, told, settings).items()
        },
        "parameters": parameters(learned, told.sizes(stack)),
        "total": numbers(learned, told.sizes(stack)),
        "every": numbers([array.axes for array in told.stored(stack, settings)], told.sizes(stack)),
        "theirs": theirs,
        "tensors": [row(view, t, say) for t in program.tensors],
        "selected": row(view, selected, say) | {"why": because(view, selected, say)},
        "asked": asked(view, selected.id, language),
        "myths": {about: myths(view, about, language) for about in (*view.sizes, selected.id)},
        "numbers": numbers_of(view, selected, trace) if trace else None,
        "followed": [pager(view, name, selected) for name in SIZES if name in moves(view, selected)],
        "film": list(film(view, trace)) if view.stepping and view.view in STEPPED else [],
        "player": steps_of(view),
        "overview": lit(view, (), say) if len(stack.places) > 1 else None,
        "spoken": spoken(view, limit, say),
        "table": field_table(),
    }


TITLES = {
    "unrolled": phrase("unrolled"),
    "rolled": phrase("rolled"),
    "batch": phrase("batch"),
    "units": phrase("units"),
    "weights": phrase("weights"),
    "gradients": phrase("backwards"),
}
"""What the pictures of one question are called."""

SAYING = (phrase("numbers"), phrase("names"), phrase("both"), phrase("hidden"))
"""What each choice of labels is called."""

DIRECTIONS = ((phrase("forward"), False), (phrase("both ways"), True))


def drawn(view: View, picture: Picture, lights: frozenset[str]) -> dict[str, Any]:
    """A picture and what lies over it."""
    return {
        "svg": Markup(svg(picture, LIGHT, background=False)),
        "box": f"0 0 {picture.width:g} {picture.height:g}",
        "targets": targets(view, picture, lights),
    }


def proof(trace: StackTrace | None) -> str:
    """That it really ran: how many tensors were recorded, how many shapes were confirmed, how long it took."""
    if trace is None:
        return ""
    milliseconds = f"{1000 * trace.seconds:.1f}" if trace.seconds < 0.1 else f"{1000 * trace.seconds:.0f}"
    return phrase(
        "{recorded:,} tensors recorded, {confirmed:,} shapes confirmed, {ms} ms",
        recorded=trace.recorded,
        confirmed=trace.confirmed,
        ms=milliseconds,
    )


def field_table() -> list[dict[str, Any]]:
    """The table of fields as the browser gets it."""
    run = {f.name for f in (*MODEL, *DATA)}
    return [
        {"name": f.name, "default": f.default, "run": f.name in run, "whole": WHOLES.get(f.name)} | limits(f)
        for f in FIELDS.values()
    ]


def limits(field: Field) -> dict[str, Any]:
    """Of a number, its ends, what it stays below, and where its slider rests."""
    if isinstance(field, Index):
        return {"below": field.below}
    if not isinstance(field, Number):
        return {}
    return {"min": field.low, "max": field.high, "below": field.below, "stops": field.stops if field.slider else None}
