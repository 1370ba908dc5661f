"""Pictures in another language and notation: words have other lengths, but nothing collides."""

from dataclasses import replace

import pytest
from geometry import collisions, cut
from pairing import in_turn, paired

from app.diagram.elements import HitArea, HitStrips, ParallelLines, Picture, Polyline, Text
from app.diagram.format_names import FORMATS
from app.diagram.size_notation import NOTATIONS
from app.diagram.transforms.relabeling import in_language
from app.diagram.views import VIEWS
from app.translations.languages import translator
from app.translations.phrases import Phrase
from app.translations.translator import ENGLISH
from app.url_state.parsing import nearest, parse
from app.url_state_to_picture.picture_of_state import picture_of

Query = dict[str, int | str]

SIZES: tuple[Query, ...] = (
    {},
    {"batch_size": 1, "time_step": 1, "features": 1, "num_units": 1},
    {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192, "t": 5000},
    {"batch_size": 97, "time_step": 101, "features": 89, "num_units": 97, "t": 100},
)

LOOKS: tuple[Query, ...] = ({}, {"notation": "hidden_size", "labels": "both"}, {"unit": 0}, {"sample": 0})


def seen(picture: Picture) -> Picture:
    """The picture without the lines between numbers and the hit areas, which have no words."""
    return replace(
        picture,
        shapes=tuple(s for s in picture.shapes if not isinstance(s, Polyline | ParallelLines | HitArea | HitStrips)),
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("view", VIEWS)
def test_in_spanish_nothing_is_cut_and_no_more_words_collide(view: str, format: str) -> None:
    first = [*VIEWS].index(view) + FORMATS.index(format)
    for look, sizes in in_turn(LOOKS[first % 4 :] + LOOKS[: first % 4], SIZES):
        query = [(name, str(value)) for name, value in {"view": view, "format": format, **sizes, **look}.items()]
        shown = nearest(query)  # a training sets some sizes itself
        english, spanish = (seen(picture_of(shown, translate=translate)) for translate in (ENGLISH, translator("es")))

        assert not cut(spanish), query
        assert len(collisions(spanish)) <= len(collisions(english)), query


@pytest.mark.parametrize(("view", "format", "notation", "labels"), paired(VIEWS, FORMATS, NOTATIONS, ("names", "both")))
def test_nothing_is_cut_in_any_notation(view: str, format: str, notation: str, labels: str) -> None:
    query = [("view", view), ("format", format), ("labels", labels), ("notation", notation)]
    assert not cut(seen(picture_of(parse(query, strict=True))))


def test_words_are_translated_but_names_and_numbers_are_not() -> None:
    english = picture_of(parse([("batch_size", "9")], strict=True))
    spanish = in_language(english, translator("es"))

    assert in_language(english, ENGLISH) is english
    for shape, translated in zip(english.shapes, spanish.shapes, strict=True):
        if isinstance(shape, Text) and isinstance(shape.text, Phrase):
            assert isinstance(translated, Text) and translated.text != shape.text
        else:
            assert translated == shape
    assert spanish.title != english.title
