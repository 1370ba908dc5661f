"""Shapes -> PDF: one page as large as the picture, its words as text. What is drawn is what svg.py draws."""

from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO
from math import cos, radians, sin

import pydyf

from app.diagram.painters.pdf_font import added, font
from app.diagram.painters.primitives import MITER_LIMIT, SUBSCRIPT_DROP, Span, paint, segments
from app.diagram.painters.typefaces import FACES, pieces, text_width
from app.diagram.shapes import Picture
from app.diagram.text_metrics import SUBSCRIPT
from app.diagram.theme import FAINT, Theme

STATES = {"solid": 1.0, "faint": FAINT}
"""How much of it is seen, by the name that the page has for it."""


def pdf(
    picture: Picture,
    theme: Theme,
    background: bool = True,
    sheet: tuple[float, float] | None = None,
    small: bool = True,
) -> bytes:
    """A whole PDF document of one page, with a unit for each pixel: as large as the picture, or a ``sheet`` on which it
    stands in the middle, as large as there is room for. It is as ``small`` as can be, or else made faster."""
    width, height = sheet or (picture.width, picture.height)
    scale = min(width / picture.width, height / picture.height)
    page = PdfPage(theme)
    if background:
        page.filled(f"M0,0H{width:g}V{height:g}H0Z", theme.fill["paper"])
    left, top = (width - scale * picture.width) / 2, (height - scale * picture.height) / 2
    page.written.append(f"{_said(scale, 0, 0, -scale, left, height - top)} cm {MITER_LIMIT} M")
    for shape in picture.shapes:
        paint(shape, page)
    document = pydyf.PDF()
    document.info["Title"] = pydyf.String(str(picture.title))
    content = added(document, pydyf.Stream(page.written, compress=small))
    fonts = {name: font(document, FACES[name], used, small) for name, used in page.used.items()}
    states = {name: pydyf.Dictionary({"ca": seen, "CA": seen}) for name, seen in STATES.items()}
    about = {
        "Type": "/Page",
        "Parent": document.pages.reference,
        "MediaBox": pydyf.Array([0, 0, width, height]),
        "Contents": content,
        "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary(fonts), "ExtGState": pydyf.Dictionary(states)}),
    }
    document.add_page(pydyf.Dictionary(about))
    file = BytesIO()
    document.write(file, compress=small)
    return file.getvalue()


class PdfPage:
    """What is written on a page, in PDF's operators."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.written: list[str] = []
        self.used: dict[str, dict[int, str]] = {}
        """Of each face the glyphs that are used, with their characters."""

    def begin_faint(self) -> None:
        self.written.append("/faint gs")

    def end_faint(self) -> None:
        self.written.append("/solid gs")

    def area(self, role: str, path: str, width: float) -> None:
        fill, edge = self.theme.fill[role], self.theme.edge[role]
        self.written.append(f"{_colour(fill)} rg {_pen(edge, width)} {_path(path)} B")

    def fill(self, role: str, path: str) -> None:
        self.filled(path, self.theme.ink[role])

    def filled(self, path: str, colour: str) -> None:
        self.written.append(f"{_colour(colour)} rg {_path(path)} f")

    def stroke(
        self,
        kind: str,
        role: str,
        path: str,
        width: float,
        name: str,
        dash: tuple[int, ...] = (),
        round_joins: bool = False,
    ) -> None:
        self.written.append(f"{_pen(self.theme.ink[role], width, round_joins, dash)} {_path(path)} S")

    def words(
        self,
        kind: str,
        spans: Sequence[Span],
        size: float,
        font: str,
        anchor: str,
        drop: float,
        italic: bool = False,
        sub: str = "",
        angle: int = 0,
    ) -> None:
        small = SUBSCRIPT * size
        for x, y, (text, role) in spans:
            colour, width, base = self.theme.ink[role], size * text_width(text, font), y + drop * size
            left = x - SHARES[anchor] * (width + small * text_width(sub, font))
            if angle:
                c, s = cos(radians(angle)), sin(radians(angle))
                self.written.append(f"q {_said(c, -s, s, c, x - c * x - s * y, y + s * x - c * y)} cm")
            self.text(left, base, text, font, size, colour)
            if sub:
                self.text(left + width, base + SUBSCRIPT_DROP * size, sub, font, small, colour)
            if angle:
                self.written.append("Q")

    def text(self, x: float, y: float, text: str, font: str, size: float, colour: str) -> None:
        """Begins at x, with its base line at y."""
        self.written.append(f"BT {_colour(colour)} rg")
        for piece in pieces(text, font):
            self.used.setdefault(piece.face, {}).update(zip(piece.glyphs, piece.text, strict=True))
            glyphs = "".join(f"{glyph:04x}" for glyph in piece.glyphs)
            self.written.append(f"/{piece.face} 1 Tf {_said(size, 0, 0, -size, x, y)} Tm <{glyphs}> Tj")
            x += size * piece.width
        self.written.append("ET")


SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of a text lies to the left of its place, by the end of it that is there."""


def _said(*numbers: float) -> str:
    return " ".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in numbers)


@cache
def _colour(colour: str) -> str:
    """``#rrggbb`` as PDF has it."""
    return _said(*(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)))


@lru_cache(256)
def _pen(colour: str, width: float, round_joins: bool = False, dash: tuple[int, ...] = ()) -> str:
    return f"{_colour(colour)} RG {_said(width)} w {round_joins:d} j [{_said(*dash)}] 0 d"


def _path(path: str) -> str:
    """An outline in PDF's operators."""
    return " ".join([" ".join((*at, OPERATORS[command])) for command, at in segments(path)])


OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
