"""Pictures of every view and every cell, drawn by the app."""

from pairing import in_turn

from app.core.cells import CELLS
from app.diagram.elements import Label, Picture, Text
from app.diagram.views import VIEWS
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.url_state_to_picture.picture_of_state import picture_of

EVERY = [{"view": view, "cell": cell} for cell, view in in_turn(CELLS, VIEWS)]

MORE = [
    {"time_step": "10000", "num_units": "128"},
    {"num_layers": "2", "bidirectional": "true", "layer": "1", "framework": "pytorch"},
    {"view": "weights", "framework": "keras", "num_layers": "3"},
    {"labels": "names", "notation": "H"},
    {"labels": "both", "format": "narrow"},
    {"stepping": "true", "tensor": "a"},
    {"view": "units", "poke": "x", "unit": "1", "sample": "0"},
    {"view": "batch", "data": "text", "text": "añ 中"},
]


def drawn(query: dict[str, str], lang: str = "en") -> Picture:
    return picture_of(parse(query.items(), strict=True), translate=translator(lang))


def words(picture: Picture) -> list[tuple[str, str]]:
    """Every text of a picture, with its font."""
    found = []
    for shape in picture.shapes:
        if isinstance(shape, Text):
            found += [(str(text), shape.font) for text in (shape.text, shape.sub) if text]
        elif isinstance(shape, Label):
            found += [(str(run.text), "mono") for line in shape.lines for run in line]
    return found
