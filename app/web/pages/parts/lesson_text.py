"""Words beside the picture: a page of a lesson or an answer, set for what the picture shows now."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ....diagram.shape_labels import shape_line
from ....lessons.prose import ABOUT, Figures, Token, tokens
from ....lessons.text_page import Picture, TextPage, in_language
from ....query.field_types import Number
from ....query.fields import DATA, FIELDS, MODEL, PAGING, PLACE, SLIDERS
from ....query.formulas import name
from ....query.parsing import parse
from ....query.view import View
from ....translations.languages import translator
from .formatting import mathematics

Link = tuple[str, str]
"""A title, and the path and query where it leads."""

USUAL_PICTURE = {f.name: f.default for f in (*MODEL, *DATA, *PLACE, *PAGING)}

OF_THE_WORDS = ("cell", "num_proj", "num_layers", "bidirectional", "go_backwards", "layer", "direction")
"""What words hold for, beside what their own picture names: any sizes will do, but no other cell or order of steps."""

IF_NAMED = {f.name for f in (*MODEL, *DATA)} - {"seed", *(f.name for f in SLIDERS)} | {"poke"}
"""The fields that the words depend on where their picture names them; the step does where it is the first."""


@dataclass(frozen=True)
class LessonText:
    """The text of one page. ``own`` leads to its own picture, where another is shown; ``holds`` says whether it is
    true of what is shown, and where it is not there is none; ``highlighted``: the tensors that it names."""

    title: str
    paragraphs: list[list[dict[str, Any]]]
    tries: list[tuple[str, str]]
    own: str | None
    holds: bool
    highlighted: frozenset[str]


@dataclass(frozen=True)
class Beside:
    """What stands beside the picture: a page of a lesson or an answer, with links to the pages before and after it.
    ``kind``: its template in templates/parts."""

    kind: str
    title: str
    text: LessonText
    before: Link | None
    after: Link | None


def lesson_text(view: View, page: TextPage, language: str = "en") -> LessonText:
    page = in_language(page, language)
    own = picture(view, page.picture)
    said = next((one for one in (page, *page.others) if holds_for(view, one)), None)
    return LessonText(
        title=page.title,
        paragraphs=[set_in_html(view, said, text, language) for text in said.paragraphs] if said else [],
        tries=[(one.words, picture(view, {**page.picture, **one.picture})) for one in page.tries],
        own=own if own != view.query() else None,
        holds=said is not None,
        highlighted=frozenset(said.lights(view.program)) if said else frozenset(),
    )


def check_page(view: View, last: int, where: str) -> None:
    """FieldError where there is no such page, which ``where`` says of what."""
    field = FIELDS["lesson_page"]
    if isinstance(field, Number) and view.lesson_page > last:
        raise field.too_large(view.lesson_page, last, where)


def picture(view: View, fields: Picture, **place: int) -> str:
    """The query of a picture; what it looks like, and what is read beside it, stay."""
    return view.query(**USUAL_PICTURE | dict(fields) | place)


def own_view(page: TextPage, **more: int) -> View:
    """The View of a page's own picture, and of what else is said."""
    return parse(parse_qsl(picture(USUAL, page.picture, **more).removeprefix("?")), strict=True)


USUAL = parse([], strict=True)


def holds_for(view: View, page: TextPage) -> bool:
    """Whether the words of a page are true of what is shown."""
    named = {name for name, value in page.picture.items() if name in IF_NAMED or (name, value) == ("t", 0)}
    return all(view[name] == page.picture.get(name, FIELDS[name].default) for name in (*OF_THE_WORDS, *named))


def set_in_html(view: View, page: TextPage, text: str, language: str) -> list[dict[str, Any]]:
    """The pieces of a paragraph, with what the page's templates need to set each."""
    found = tokens(text, view.stack, view.layer, figures(view, page), translator(language))
    return [_set(view, token) for token in found]


def figures(view: View, page: TextPage) -> Figures:
    """The numbers that the words of a page name; those to learn are counted in the arrays that the picture has."""
    return {**page.figures, "parameters": lambda _: view.model.parameter_count}


def _set(view: View, token: Token) -> dict[str, Any]:
    if token.kind not in ABOUT:
        number = f"{view.sizes[token.name]:,}" if token.kind == "size" else token.name or token.text
        return {"kind": token.kind, "text": number, "axis": token.name}
    t = view.program.by_id[token.name]
    step = view.time_step - 1 if token.kind == "last" else view.t
    return {
        "kind": token.kind,
        "tensor": t,
        "name": name(view, t),
        "text": mathematics(t.symbol, step, view.step_sign),
        "shape": shape_line(t.axes, view.sizes),
        "link": view.query(tensor=t.id, t=step),
    }
