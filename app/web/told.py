"""Words beside the picture: a page of a lesson or an answer, set for what the picture shows now."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from app.diagram.labels import shape_line
from app.lessons.page import Page, Picture
from app.lessons.prose import Piece, pieces
from app.web.fields import DATA, FIELDS, MODEL, PAGING, PLACE
from app.web.mathematics import mathematics
from app.web.view import View, parse

USUAL_PICTURE = {f.name: f.default for f in (*MODEL, *DATA, *PLACE, *PAGING)}

OF_THE_WORDS = ("cell", "num_proj", "num_layers", "bidirectional")
"""What words hold for, beside what their own picture names: any sizes will do, but not another cell."""


@dataclass(frozen=True)
class Told:
    """The words of one page. ``own`` leads to its own picture, where another is shown; ``holds`` says whether the words
    are true of what is shown, and where they are not there are none."""

    title: str
    paragraphs: list[list[dict[str, Any]]]
    tries: list[tuple[str, str]]
    own: str | None
    holds: bool
    lights: frozenset[str]


def told(view: View, page: Page) -> Told:
    own = picture(view, page.picture)
    holds = holds_for(view, page)
    return Told(
        title=page.title,
        paragraphs=[set_in_html(view, page, text) for text in page.paragraphs] if holds else [],
        tries=[(words, picture(view, {**page.picture, **changes})) for words, changes in page.tries],
        own=own if own != view.query() else None,
        holds=holds,
        lights=frozenset(page.lights(view.program)) if holds else frozenset(),
    )


def picture(view: View, fields: Picture, **place: int) -> str:
    """The query of a picture; what it looks like, and what is read beside it, stay."""
    return view.query(**USUAL_PICTURE | dict(fields) | place)


def own_view(page: Page) -> View:
    """The View of a page's own picture."""
    return parse(parse_qsl(picture(USUAL, page.picture).removeprefix("?")), strict=True)


USUAL = parse([], strict=True)


def holds_for(view: View, page: Page) -> bool:
    """Whether the words of a page are true of what is shown."""
    named = {name for name in page.picture if FIELDS[name] in MODEL and name not in view.sizes and name != "seed"}
    return all(view[name] == page.picture.get(name, FIELDS[name].default) for name in (*OF_THE_WORDS, *named))


def set_in_html(view: View, page: Page, text: str) -> list[dict[str, Any]]:
    """The pieces of a paragraph, with what the page's templates need to set each."""
    return [_set(view, piece) for piece in pieces(text, view.stack, view.layer, page.figures)]


def _set(view: View, piece: Piece) -> dict[str, Any]:
    if piece.kind not in ("symbol", "shape", "axes"):
        number = f"{view.sizes[piece.name]:,}" if piece.kind == "size" else piece.name or piece.text
        return {"kind": piece.kind, "text": number, "axis": piece.name}
    t = view.program.by_id[piece.name]
    return {
        "kind": piece.kind,
        "tensor": t,
        "text": mathematics(t.symbol, view.t, view.onward),
        "shape": shape_line(t.axes, view.sizes),
        "link": view.query(tensor=t.id),
    }
