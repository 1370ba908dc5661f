"""Pictures as PDF, read by PDFium."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pytest
from all_pictures import EVERY, MORE, drawn, words
from pairing import in_turn

from app.core.cells import CELLS
from app.diagram.elements import Picture, Text
from app.diagram.painters.pdf import pdf
from app.diagram.painters.pdf_and_png_fonts import FACES, REPLACEMENT, glyph_runs, text_width
from app.diagram.theme import LIGHT, THEMES, Theme
from app.diagram.views import VIEWS
from app.equations.notation.typesetting.html_style import ACCENTS, greek_letter
from app.equations.notation.vocabulary.latex_commands import GREEK
from app.translations.languages import LANGUAGES


@contextmanager
def opened(document: bytes) -> Iterator[pypdfium2.PdfPage]:
    with pypdfium2.PdfDocument(document) as file:
        assert len(file) == 1
        yield file[0]


def box_of(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the only text on a page."""
    text = page.get_textpage()
    assert text.count_rects() == 1
    found: tuple[float, float, float, float] = text.get_rect(0)
    return found


def signs(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isprintable() and not sign.isspace())


@pytest.mark.parametrize(("lang", "query"), in_turn(LANGUAGES, [*EVERY, *MORE]))
def test_every_word_can_be_copied(lang: str, query: dict[str, str]) -> None:
    picture = drawn(query, lang)
    with opened(pdf(picture, LIGHT)) as page:
        read = page.get_textpage().get_text_bounded()

    assert signs(read) == signs("".join(text for text, _ in words(picture)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_character_has_a_glyph(lang: str) -> None:
    missing = FACES["sans"].glyphs[REPLACEMENT]
    for query in (*({"view": view, "cell": cell} for view in VIEWS for cell in CELLS), *MORE):
        for text, font in words(drawn(query, lang)):
            assert not [run for run in glyph_runs(text, font) if missing in run.glyphs and REPLACEMENT not in text], (
                query
            )


@pytest.mark.parametrize("font", ["sans", "mono", "serif"])
def test_greek_letters_accents_and_the_sign_of_a_transposed_matrix_have_glyphs(font: str) -> None:
    greek = "".join(greek_letter(form) for name in GREEK for form in (name, name.capitalize()))
    assert len(greek) == 48
    missing = FACES["sans"].glyphs[REPLACEMENT]
    for text in (greek, "ᵀ", *(letter + accent for letter in "KVhxα" for accent in ACCENTS.values())):
        assert not [run for run in glyph_runs(text, font) if missing in run.glyphs], text
        assert {run.face for run in glyph_runs(text, font)} == {font}


def test_an_accent_is_over_the_middle_of_its_letter_and_has_no_width() -> None:
    high, low = (glyph_runs(f"{letter}\u0303", "sans") for letter in "Kx")
    assert [run.text for run in (*high, *low)] == ["K", "\u0303", "x", "\u0303"]
    assert text_width("K\u0303_1", "sans") == text_width("K_1", "sans")
    (right, up), (_, none) = high[1].moved or (0, 0), low[1].moved or (0, 0)
    face = FACES["sans"]
    middle = face.advances[high[1].glyphs[0]] / face.units / 2 + right
    assert abs(middle + text_width("K", "sans") / 2) < 0.06  # its own middle, from the end of the letter
    assert none == 0 < up < 0.3


def test_a_character_without_a_glyph_is_a_box() -> None:
    (run,) = glyph_runs("\N{PILE OF POO}", "serif")

    assert (run.face, run.glyphs) == ("sans", (FACES["sans"].glyphs["□"],))


def test_a_page_is_as_large_as_its_picture() -> None:
    picture = drawn({})
    with opened(pdf(picture, LIGHT)) as page:
        assert page.get_size() == (picture.width, picture.height)


def test_words_have_the_positions_of_the_picture() -> None:
    picture = Picture(400, 300, (Text(100, 80, "lone", 20),), "")
    with opened(pdf(picture, LIGHT)) as page:
        left, bottom, right, top = box_of(page)

    assert (left + right) / 2 == pytest.approx(100, abs=1)
    assert 300 - top < 80 < 300 - bottom


def test_a_picture_on_a_page_is_whole_and_centred() -> None:
    picture = Picture(100, 200, (Text(50, 100, "lone", 20),), "")
    with opened(pdf(picture, LIGHT, page_size=(600, 100))) as page:
        left, bottom, right, top = box_of(page)
        assert page.get_size() == (600, 100)

    assert (left + right) / 2 == pytest.approx(300, abs=1)
    assert bottom < 50 < top and right - left < 30


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_equal_pictures_give_equal_files(theme: Theme) -> None:
    assert pdf(drawn({}), theme) == pdf(drawn({}), theme)


@pytest.mark.parametrize(("lang", "query"), in_turn(LANGUAGES, [*EVERY, *MORE]))
def test_a_file_is_small(lang: str, query: dict[str, str]) -> None:
    """Only the glyphs that are used are embedded."""
    assert len(pdf(drawn(query, lang), LIGHT)) < 40_000


def test_the_title_is_that_of_the_picture() -> None:
    for title in ("LSTM (unrolled)", "循环 \\ ∂"):
        with pypdfium2.PdfDocument(pdf(Picture(9, 9, (), title), LIGHT)) as file:
            assert file.get_metadata_value("Title") == title
