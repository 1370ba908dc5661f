"""Shapes -> PDF: one page as large as the picture, its words as text."""

from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO
from math import cos, radians, sin

import pydyf

from ..elements import Picture
from ..theme import FAINT, Theme
from ..type_sizes import SUBSCRIPT, SUBSCRIPT_DROP
from .pdf_and_png_fonts import FACES, WEIGHTS, glyph_runs, text_width
from .pdf_font import added, font
from .primitives import MITER_LIMIT, Span, paint_all, segments

STATES = {"solid": 1.0, "faint": FAINT}
"""Opacities, by their names in the resources of the page."""


def pdf(
    picture: Picture,
    theme: Theme,
    background: bool = True,
    page_size: tuple[float, float] | None = None,
    small: bool = True,
) -> bytes:
    """A whole PDF document of one page, with one unit (1/72 inch) for each pixel.

    The page is as large as the picture, or has the ``page_size`` with the picture scaled to fit and centred. ``small``
    compresses the document, which takes longer.
    """
    width, height = page_size or (picture.width, picture.height)
    scale = min(width / picture.width, height / picture.height)
    page = PdfPage(theme)
    if background:
        page.filled(f"M0,0H{width:g}V{height:g}H0Z", theme.fill["paper"])
    left, top = (width - scale * picture.width) / 2, (height - scale * picture.height) / 2
    page.operators.append(f"{_numbers(scale, 0, 0, -scale, left, height - top)} cm {MITER_LIMIT} M")
    paint_all(picture, page)
    document = pydyf.PDF()
    document.info["Title"] = pydyf.String(str(picture.title))
    content = added(document, pydyf.Stream(page.operators, compress=small))
    fonts = {name: font(document, FACES[name], used, small) for name, used in page.used.items()}
    states = {name: pydyf.Dictionary({"ca": seen, "CA": seen}) for name, seen in STATES.items()}
    properties = {
        "Type": "/Page",
        "Parent": document.pages.reference,
        "MediaBox": pydyf.Array([0, 0, width, height]),
        "Contents": content,
        "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary(fonts), "ExtGState": pydyf.Dictionary(states)}),
    }
    document.add_page(pydyf.Dictionary(properties))
    file = BytesIO()
    document.write(file, compress=small)
    return file.getvalue()


class PdfPage:
    """Collects the operators of a page, and the glyphs in them."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.operators: list[str] = []
        self.used: dict[str, dict[int, str]] = {}
        """Face -> glyph -> the character that it stands for."""

    def begin_faint(self) -> None:
        self.operators.append("/faint gs")

    def end_faint(self) -> None:
        self.operators.append("/solid gs")

    def area(self, role: str, path: str, width: float) -> None:
        fill, edge = self.theme.fill[role], self.theme.edge[role]
        self.operators.append(f"{_colour(fill)} rg {_pen(edge, width)} {_path(path)} B")

    def fill(self, role: str, path: str) -> None:
        self.filled(path, self.theme.ink[role])

    def filled(self, path: str, colour: str) -> None:
        self.operators.append(f"{_colour(colour)} rg {_path(path)} f")

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
        self.operators.append(f"{_pen(self.theme.ink[role], width, round_joins, dash)} {_path(path)} S")

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
        small, font = SUBSCRIPT * size, WEIGHTS.get((kind, font), font)
        for x, y, (text, role) in spans:
            colour, width, base = self.theme.ink[role], size * text_width(text, font), y + drop * size
            left = x - SHARES[anchor] * (width + small * text_width(sub, font))
            if angle:
                c, s = cos(radians(angle)), sin(radians(angle))
                self.operators.append(f"q {_numbers(c, -s, s, c, x - c * x - s * y, y + s * x - c * y)} cm")
            self.text(left, base, text, font, size, colour)
            if sub:
                self.text(left + width, base + SUBSCRIPT_DROP * size, sub, font, small, colour)
            if angle:
                self.operators.append("Q")

    def text(self, x: float, y: float, text: str, font: str, size: float, colour: str) -> None:
        """Write a text that begins at x, with its base line at y."""
        self.operators.append(f"BT {_colour(colour)} rg")
        for run in glyph_runs(text, font):
            self.used.setdefault(run.face, {}).update(zip(run.glyphs, run.text, strict=True))
            glyphs = "".join(f"{glyph:04x}" for glyph in run.glyphs)
            right, up = run.moved or (0.0, 0.0)
            at = _numbers(size, 0, 0, -size, x + size * right, y - size * up)
            self.operators.append(f"/{run.face} 1 Tf {at} Tm <{glyphs}> Tj")
            x += size * run.width
        self.operators.append("ET")


SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Anchor -> the share of a text that is to the left of its x."""


def _numbers(*numbers: float) -> str:
    return " ".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in numbers)


@cache
def _colour(colour: str) -> str:
    """``#rrggbb`` as three numbers from 0 to 1."""
    return _numbers(*(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)))


@lru_cache(256)
def _pen(colour: str, width: float, round_joins: bool = False, dash: tuple[int, ...] = ()) -> str:
    return f"{_colour(colour)} RG {_numbers(width)} w {round_joins:d} j [{_numbers(*dash)}] 0 d"


def _path(path: str) -> str:
    """An outline as PDF operators."""
    return " ".join([" ".join((*at, OPERATORS[command])) for command, at in segments(path)])


OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
