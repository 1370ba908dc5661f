"""The text beside the picture: a page of a lesson or an answer, with the shapes of the current picture."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from ....core.program import Tensor
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....teaching.placeholders import PROPERTIES, Figures, Token, tokens
from ....teaching.text_page import Picture, TextPage, in_language
from ....translations.languages import translator
from ....translations.numbers import grouped
from ....translations.phrases import Phrase
from ....translations.translator import Translator
from ....url_state.field_types import Value
from ....url_state.fields import FIELDS, SLIDERS, bounded
from ....url_state.fields.cell_and_size_fields import CELL_AND_SIZES
from ....url_state.fields.focus_fields import FOCUS
from ....url_state.fields.input_fields import DATA
from ....url_state.fields.paging_fields import PAGING
from ....url_state.fields.training_fields import TRAINING
from ....url_state.parsing import parse
from ....url_state.url_state import UrlState
from ....url_state_to_picture.formulas import name
from .formatting import mathematics

DEFAULT_PICTURE = {f.name: f.default for f in (*CELL_AND_SIZES, *DATA, *TRAINING, *FOCUS, *PAGING)}

TEXT_FIELDS = ("cell", "num_proj", "num_layers", "bidirectional", "go_backwards", "layer", "direction")
"""The fields that any text depends on, beside those of ``FIELDS_IF_NAMED``. A text is true for any sizes, but not for
another cell or order of steps."""

FIELDS_IF_NAMED = {f.name for f in (*CELL_AND_SIZES, *DATA, *TRAINING)} - {"seed", *(f.name for f in SLIDERS)}
FIELDS_IF_NAMED |= {"poke"}
"""The fields that a text depends on if its own picture names them. It also depends on the step if that is step 0."""


class PageLink(NamedTuple):
    """The title of a page, and the path and query that open it."""

    title: str
    link: str


class Piece(NamedTuple):
    """A piece of a paragraph, for the macro ``prose``. ``kind`` is that of a ``Token``; ``axis``: the size whose colour
    the text has. A piece about a ``tensor`` has its name, its shape, and the query that selects it."""

    kind: str
    text: str
    axis: str = ""
    tensor: Tensor | None = None
    name: str = ""
    shape: Line = ()
    link: str = ""


@dataclass(frozen=True)
class LessonText:
    """The text of one page. ``own``: the query of its own picture, if another is shown; ``holds``: whether the text is
    true for the current picture; if not, it has no paragraphs; ``highlighted``: the tensors that it names."""

    title: str
    paragraphs: list[list[Piece]]
    tries: list[tuple[str, str]]
    own: str | None
    holds: bool
    highlighted: frozenset[str]


@dataclass(frozen=True)
class SidePage:
    """A page of a lesson or an answer, beside the picture, with links to the previous and the next page. ``kind``: the
    name of its template in templates/parts."""

    kind: str
    title: str
    text: LessonText
    before: PageLink | None
    after: PageLink | None


def lesson_text(state: UrlState, page: TextPage, language: str = "en") -> LessonText:
    """The text of a page, or its variant for the current picture."""
    page = in_language(page, language)
    shown = next((one for one in _variants(page) if holds_for(state, one)), None)
    return LessonText(
        title=page.title,
        paragraphs=[pieces(state, shown, text, language) for text in shown.paragraphs] if shown else [],
        tries=[(one.words, picture_query(state, {**page.picture, **one.picture})) for one in page.variants],
        own=picture_query(state, page.picture) if state.is_changed_by(**own_picture(page.picture)) else None,
        holds=shown is not None,
        highlighted=frozenset(shown.highlighted(state.program)) if shown else frozenset(),
    )


def own_picture_unless_named(state: UrlState, page: TextPage, language: str) -> str | None:
    """The query of a page's own picture, for a link that names no picture, such as one that somebody typed, if the text
    is not true for the default picture, or is about a curve, which the default picture does not have; else None."""
    if any(state[name] != value for name, value in DEFAULT_PICTURE.items()):
        return None
    page = in_language(page, language)
    if page.picture.get("view") != "training" and any(holds_for(state, p) for p in _variants(page)):
        return None
    return picture_query(state, page.picture)


def _variants(page: TextPage) -> tuple[TextPage, ...]:
    return page, *page.variant_pages


def check_page(state: UrlState, last: int, where: str) -> None:
    """Raises FieldError if ``lesson_page`` is above ``last``. ``where`` names the lesson or quiz in the message."""
    if state.lesson_page > last:
        raise bounded("lesson_page").too_large(state.lesson_page, last, where)


def picture_query(state: UrlState, fields: Picture, **place: int) -> str:
    """The query of a picture: ``fields`` and ``place``, with defaults for all else but the look and the text page."""
    return state.query(**own_picture(fields) | place)


def own_picture(fields: Picture) -> dict[str, Value]:
    """The fields of a picture, with defaults for all others but the look and the text page."""
    return DEFAULT_PICTURE | dict(fields)


def own_state(page: TextPage, **more: int) -> UrlState:
    """The UrlState of a page's own picture, with other fields as given."""
    return parse(parse_qsl(picture_query(DEFAULT, page.picture, **more).removeprefix("?")), strict=True)


DEFAULT = parse([], strict=True)
"""The UrlState without any query."""


def holds_for(state: UrlState, page: TextPage) -> bool:
    """Whether the text of a page is true for the picture of a UrlState."""
    named = {name for name, value in page.picture.items() if name in FIELDS_IF_NAMED or (name, value) == ("t", 0)}
    return all(state[name] == page.picture.get(name, FIELDS[name].default) for name in (*TEXT_FIELDS, *named))


def prose(state: UrlState, text: str, language: str) -> list[Piece]:
    """The pieces of a text that belongs to no page."""
    translate = translator(language)
    return [
        _piece(state, token, translate)
        for token in tokens(translate(text), state.stack, state.layer, translate=translate)
    ]


def pieces(state: UrlState, page: TextPage, text: str, language: str) -> list[Piece]:
    """The pieces of a paragraph."""
    translate = translator(language)
    found = tokens(text, state.stack, state.layer, figures(state, page), translate)
    return [_piece(state, token, translate) for token in found]


def figures(state: UrlState, page: TextPage) -> Figures:
    """The numbers in the text of a page. The parameters are those of the chosen framework's arrays."""
    return {**page.figures, "parameters": lambda _: state.shown_model.parameter_count}


def _piece(state: UrlState, token: Token, translate: Translator) -> Piece:
    if token.kind not in PROPERTIES:
        text = grouped(state.sizes[token.name]) if token.kind == "size" else token.name or token.text
        return Piece(token.kind, translate(text) if isinstance(text, Phrase) else text, axis=token.name)
    t = state.program.by_id[token.name]
    step = state.time_step - 1 if token.kind == "last" else state.t
    return Piece(
        kind=token.kind,
        text=mathematics(t.symbol, step, state.step_sign),
        tensor=t,
        name=name(state, t),
        shape=shape_line(t.axes, state.sizes),
        link=state.at_step(step, tensor=t.id),
    )
