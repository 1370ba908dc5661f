"""/cell: equations are typed and drawn at once; the gallery has cells of papers to start from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fastapi import HTTPException
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ...core.trace import StackTrace
from ...diagram.charts.sign_legend import sign_legend
from ...diagram.transforms.relabeling import in_language
from ...diagram.views.units.units import UNROLLED, has_strands
from ...equations.cell_from_equations import OWN
from ...equations.gallery.descriptions_and_sources import BY_TEXT
from ...equations.notation import to_latex
from ...teaching.around_picture.run_summary import run_summary
from ...teaching.around_picture.sentences import Word
from ...teaching.around_picture.warnings import not_finite
from ...translations.languages import translator
from ...translations.translator import Translator
from ...typed_cells.sentence_above_typed_cell import cell_sentence
from ...url_state.field_types import FieldError
from ...url_state.fields import FIELDS, SLIDERS
from ...url_state.parsing import nearest, parse
from ...url_state.text_field_types import CELL_TEXTS, EXAMPLE
from ...url_state.url_state import UrlState
from ..requests_and_responses.language import language_of
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.responses import queue_by_length, respond_with_run
from ..sharing.link_preview import preview
from .parts.cell.compared_cells import Beside, beside_nearest, compared_cells
from .parts.cell.editor import Editor, editor
from .parts.cell.gallery import gallery
from .parts.cell.mathematics import Row, rows_of
from .parts.controls import Choice
from .parts.lesson_text import Piece, prose
from .parts.links_and_accessible_names import LinkedPicture, as_svg
from .parts.page_picture import page_picture
from .parts.view_tabs import TITLES
from .rendering import base_context, html

CARRIED = ("lang", "theme", "notation", "seed")
"""The fields that the form sends beside the equations and sizes, if they do not have their defaults."""

CARRIED_TO_CELLS = {*CARRIED, "view", "format", *(size.name for size in SLIDERS)}
"""The fields of a link to a cell of the gallery."""

FORMATS = dict.fromkeys(("unrolled", "gradients"), ("editor",))
"""The formats of a view in the middle of the page; the style sheet shows the one that fits."""


class Sign(NamedTuple):
    """A sign of the picture as SVG, and its words."""

    svg: Markup
    words: str


@dataclass(frozen=True)
class CellPage:
    """What the page shows beside its editor: nothing of equations that are no cell. ``adjusted``: why sizes are others
    than those that the link names."""

    state: UrlState
    sentence: tuple[Word, ...]
    run_summary: str
    not_finite: list[list[Word]]
    reason: str
    views: list[Choice]
    pictures: dict[str, LinkedPicture]
    rows: list[Row]
    latex: str
    adjusted: str
    legend: list[Sign]
    without_units: str
    about: list[Piece]
    mistaken: list[Piece]
    beside: Beside


async def cell(request: Request) -> Response:
    """The editor of equations, with the picture of their cell."""
    return await edited(request, request.query_params.multi_items())


async def gallery_cell(request: Request, id: str) -> Response:
    """A cell of the gallery in the editor."""
    if id not in CELL_TEXTS:
        raise HTTPException(404)
    kept = [(name, text) for name, text in request.query_params.multi_items() if name in CARRIED_TO_CELLS]
    return await edited(request, [*kept, ("equations", CELL_TEXTS[id])])


async def edited(request: Request, pairs: list[tuple[str, str]]) -> Response:
    """The page for a query. It has the nearest sizes for which the axes of its equations have whole sizes."""
    translate = translator(language_of(request, nearest([pair for pair in pairs if pair[0] != "equations"])))
    typed = "".join(text for name, text in pairs if name == "equations") or EXAMPLE
    queue = queue_by_length(request)  # a long text takes a second, in which the event loop serves others
    written = await request.app.state.runner.in_turn(lambda: editor(typed, translate), queue)
    equations = written.reading.text if written.reading else EXAMPLE
    others = [(name, text) for name, text in pairs if name not in ("cell", "equations")]
    pairs = [("cell", OWN), *others, ("equations", equations)]
    state = nearest(pairs)
    language = language_of(request, state)

    def make(trace: StackTrace | None, reason: str) -> str:
        page = None
        if written.reading and not state.beside:
            page = cell_page(request, state, language, pairs, trace, reason)
        return cell_html(request, state, language, written, page)

    return await respond_with_run(request, state, make)


def cell_html(request: Request, state: UrlState, language: str, editor: Editor, page: CellPage | None) -> str:
    """The page; without a picture if the equations are no cell."""
    return html(
        "cell.html",
        **base_context(request, state, language, "/cell"),
        url_state=state,
        preview=preview(request, state, language, state.program.cell.title),
        fields=FIELDS,
        carried_fields=CARRIED,
        sizes=SLIDERS,
        editor=editor,
        page=page,
        comparison=compared_cells(state, translator(language)) if state.beside else None,
        gallery=gallery(state),
    )


def cell_page(
    request: Request,
    state: UrlState,
    language: str,
    pairs: Iterable[tuple[str, str]],
    trace: StackTrace | None,
    reason: str,
) -> CellPage:
    """The picture and the panel of a cell."""
    translate = translator(language)
    entry = BY_TEXT.get(state.equations)
    formats = ("narrow",) if is_phone(request.headers) else FORMATS.get(state.view, ("narrow", "page"))
    return CellPage(
        state=state,
        sentence=cell_sentence(state.stack, translate),
        run_summary=run_summary(trace) if trace else "",
        not_finite=not_finite(trace, translate),
        reason=reason,
        views=[Choice(title, state.query(view=id), id == state.view) for id, title in TITLES.items()],
        pictures={name: page_picture(state, name, frozenset(), translate) for name in formats},
        rows=rows_of(state),
        latex=to_latex(state.equations),
        adjusted=adjusted(state, pairs),
        legend=legend(state, translate),
        without_units=UNROLLED if state.view == "units" and not has_strands(state.program) else "",
        about=prose(state, entry.about, language) if entry else [],
        mistaken=prose(state, entry.mistaken, language) if entry else [],
        beside=beside_nearest(state),
    )


def legend(state: UrlState, translate: Translator) -> list[Sign]:
    """The signs in the picture that need an explanation."""
    if state.view not in FORMATS:
        return []
    entries = sign_legend(state.program, state.sizes, state.size_notation, state.tensor)
    return [Sign(as_svg(in_language(picture, translate)), words) for picture, words in entries]


def adjusted(state: UrlState, pairs: Iterable[tuple[str, str]]) -> str:
    """Why some size is another one than its link says, or nothing."""
    try:
        parse(pairs, strict=False)
    except FieldError as error:
        return error.message if error.field in {size.name for size in SLIDERS} else ""
    return ""
