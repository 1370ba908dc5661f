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
from ...equations.gallery.entries import BY_TEXT
from ...equations.notation import to_latex
from ...equations.typed_cell import OWN
from ...lessons.around_picture.run_summary import run_summary
from ...lessons.around_picture.sentences import Word
from ...lessons.around_picture.warnings import not_finite
from ...own_cells.sentence_above_picture import cell_sentence
from ...query.field_types import FieldError
from ...query.fields import FIELDS, SLIDERS
from ...query.parsing import nearest, parse
from ...query.text_field_types import CELL_TEXTS, EXAMPLE
from ...query.view import View
from ...translations.languages import translator
from ...translations.translator import Translator
from ..requests_and_responses.language import language_of
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.responses import queue_by_length, respond_with_run
from ..sharing.link_preview import preview
from .parts.cell.comparison import Beside, beside_nearest, compared_cells
from .parts.cell.editor import Editor, editor
from .parts.cell.gallery import gallery
from .parts.cell.mathematics import Row, rows_of
from .parts.controls import Choice
from .parts.lesson_text import Piece, prose
from .parts.page_picture import page_picture
from .parts.picture_links import LinkedPicture, as_svg
from .parts.view_tabs import TITLES
from .templates import base_context, html

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

    view: View
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
    view = nearest(pairs)
    language = language_of(request, view)

    def make(trace: StackTrace | None, reason: str) -> str:
        page = None
        if written.reading and not view.beside:
            page = cell_page(request, view, language, pairs, trace, reason)
        return cell_html(request, view, language, written, page)

    return await respond_with_run(request, view, make)


def cell_html(request: Request, view: View, language: str, editor: Editor, page: CellPage | None) -> str:
    """The page; without a picture if the equations are no cell."""
    return html(
        "cell.html",
        **base_context(request, view, language, "/cell"),
        view=view,
        preview=preview(request, view, language, view.program.cell.title),
        fields=FIELDS,
        carried_fields=CARRIED,
        sizes=SLIDERS,
        editor=editor,
        page=page,
        comparison=compared_cells(view, translator(language)) if view.beside else None,
        gallery=gallery(view),
    )


def cell_page(
    request: Request, view: View, language: str, pairs: Iterable[tuple[str, str]], trace: StackTrace | None, reason: str
) -> CellPage:
    """The picture and the panel of a cell."""
    translate = translator(language)
    entry = BY_TEXT.get(view.equations)
    formats = ("narrow",) if is_phone(request.headers) else FORMATS.get(view.view, ("narrow", "page"))
    return CellPage(
        view=view,
        sentence=cell_sentence(view.stack, translate),
        run_summary=run_summary(trace) if trace else "",
        not_finite=not_finite(trace, translate),
        reason=reason,
        views=[Choice(title, view.query(view=id), id == view.view) for id, title in TITLES.items()],
        pictures={name: page_picture(view, name, frozenset(), translate) for name in formats},
        rows=rows_of(view),
        latex=to_latex(view.equations),
        adjusted=adjusted(view, pairs),
        legend=legend(view, translate),
        without_units=UNROLLED if view.view == "units" and not has_strands(view.program) else "",
        about=prose(view, entry.about, language) if entry else [],
        mistaken=prose(view, entry.mistaken, language) if entry else [],
        beside=beside_nearest(view),
    )


def legend(view: View, translate: Translator) -> list[Sign]:
    """The signs in the picture that need an explanation."""
    if view.view not in FORMATS:
        return []
    entries = sign_legend(view.program, view.sizes, view.size_notation, view.tensor)
    return [Sign(as_svg(in_language(picture, translate)), words) for picture, words in entries]


def adjusted(view: View, pairs: Iterable[tuple[str, str]]) -> str:
    """Why some size is another one than its link says, or nothing."""
    try:
        parse(pairs, strict=False)
    except FieldError as error:
        return error.message if error.field in {size.name for size in SLIDERS} else ""
    return ""
