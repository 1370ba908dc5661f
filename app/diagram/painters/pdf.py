"""Shapes -> PDF: one page as large as the picture, its words as text. What is drawn is what svg.py draws."""

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import cos, radians, sin

import pydyf

from app.diagram.painters.pdf_font import added, font
from app.diagram.painters.typefaces import FACES, pieces, text_width
from app.diagram.shapes import Box, Ellipse, Frame, Funnel, Label, Mark, Picture, Polyline, Shape, Sheet, Spot, Text
from app.diagram.text_metrics import SUBSCRIPT
from app.diagram.theme import EDGES, FAINT, FRAME, FRAME_DASH, MARK, Theme
from app.diagram.wires import Wire

MITER = 4
"""SVG's own limit of pointed joins."""
ROUND = 1

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
    page = Page(theme)
    if background:
        page.area(f"M0,0H{width:g}V{height:g}H0Z", theme.fill["paper"])
    left, top = (width - scale * picture.width) / 2, (height - scale * picture.height) / 2
    page.written.append(f"{_said(scale, 0, 0, -scale, left, height - top)} cm {MITER} M")
    for shape in picture.shapes:
        page.draw(shape)
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


class Page:
    """What is written on a page, in PDF's operators."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.written: list[str] = []
        self.used: dict[str, dict[int, str]] = {}
        """Of each face the glyphs that are used, with their characters."""

    def draw(self, shape: Shape) -> None:
        if shape.faint:
            self.written.append("/faint gs")
        PAINTERS[type(shape)](self, shape)
        if shape.faint:
            self.written.append("/solid gs")

    def area(self, path: str, fill: str) -> None:
        self.written.append(f"{_colour(fill)} rg {_path(path)} f")

    def edged(self, path: str, fill: str, edge: str, width: float) -> None:
        self.written.append(f"{_colour(fill)} rg {_pen(edge, width)} {_path(path)} B")

    def line(self, path: str, colour: str, width: float, join: int = 0, dash: tuple[int, ...] = ()) -> None:
        self.written.append(f"{_pen(colour, width, join, dash)} {_path(path)} S")

    def words(self, x: float, y: float, text: str, font: str, size: float, colour: str) -> None:
        """A text that begins at x, with its base line at y."""
        self.written.append(f"BT {_colour(colour)} rg")
        for piece in pieces(text, font):
            self.used.setdefault(piece.face, {}).update(zip(piece.glyphs, piece.text, strict=True))
            glyphs = "".join(f"{glyph:04x}" for glyph in piece.glyphs)
            self.written.append(f"/{piece.face} 1 Tf {_said(size, 0, 0, -size, x, y)} Tm <{glyphs}> Tj")
            x += size * piece.width
        self.written.append("ET")


def _area(page: Page, shape: Box | Ellipse | Funnel) -> None:
    fill, edge = page.theme.fill[shape.role], page.theme.edge[shape.role]
    page.edged(shape.path, fill, edge, EDGES[shape.role])


def _wire(page: Page, wire: Wire) -> None:
    colour = page.theme.ink[wire.axis]
    page.line(wire.path, colour, wire.width)
    if wire.head:
        page.area(wire.head_path(), colour)


def _polyline(page: Page, line: Polyline) -> None:
    page.line(line.path, page.theme.ink[line.role], line.width, ROUND, line.dash)


def _frame(page: Page, frame: Frame) -> None:
    page.line(frame.path, page.theme.ink["ink"], FRAME, dash=FRAME_DASH)


def _spot(page: Page, spot: Spot) -> None:
    """Nothing is seen of it."""


def _mark(page: Page, mark: Mark) -> None:
    page.line(mark.path, page.theme.ink["ink"], MARK)


def _label(page: Page, label: Label) -> None:
    for x, y, run in label.placed():
        width = label.size * text_width(run.text, "mono")
        page.words(x - width / 2, y + 0.36 * label.size, run.text, "mono", label.size, page.theme.ink[run.role])


def _text(page: Page, text: Text) -> None:
    small, colour = SUBSCRIPT * text.size, page.theme.ink[text.role]
    whole, base = text.size * text_width(text.text, text.font), text.y + 0.35 * text.size
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    x = text.x - share * (whole + small * text_width(text.sub, text.font))
    if text.angle:
        c, s = cos(radians(text.angle)), sin(radians(text.angle))
        dx, dy = text.x - c * text.x - s * text.y, text.y + s * text.x - c * text.y
        page.written.append(f"q {_said(c, -s, s, c, dx, dy)} cm")
    page.words(x, base, text.text, text.font, text.size, colour)
    if text.sub:
        page.words(x + whole, base + 0.2 * text.size, text.sub, text.font, small, colour)
    if text.angle:
        page.written.append("Q")


PAINTERS: dict[type[Shape], Callable[..., None]] = {
    Box: _area,
    Sheet: _area,
    Ellipse: _area,
    Funnel: _area,
    Wire: _wire,
    Polyline: _polyline,
    Frame: _frame,
    Spot: _spot,
    Mark: _mark,
    Label: _label,
    Text: _text,
}


def _said(*numbers: float) -> str:
    return " ".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in numbers)


@cache
def _colour(colour: str) -> str:
    """``#rrggbb`` as PDF has it."""
    return _said(*(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)))


def _pen(colour: str, width: float, join: int = 0, dash: tuple[int, ...] = ()) -> str:
    return f"{_colour(colour)} RG {_said(width)} w {join} j [{_said(*dash)}] 0 d"


def _path(path: str) -> str:
    """A path of SVG, such as shapes have, in PDF's operators."""
    written, x, y = [], "0", "0"
    for command, numbers in PIECES.findall(path):
        at = numbers.split(",")
        match command:
            case "Z":
                written.append("h")
                continue
            case "H":
                at = [at[0], y]
            case "V":
                at = [x, at[0]]
            case "Q":
                at = [*_cubic(float(x), float(y), *map(float, at[:4])), *at[2:]]
        written.append(f"{' '.join(at)} {OPERATORS[command]}")
        x, y = at[-2:]
    return " ".join(written)


def _cubic(x: float, y: float, middle_x: float, middle_y: float, end_x: float, end_y: float) -> list[str]:
    """A curve's one control point as the two that a cubic curve has."""
    xs, ys = (x, end_x), (y, end_y)
    return [f"{(one + 2 * middle) / 3:.2f}" for k in (0, 1) for one, middle in ((xs[k], middle_x), (ys[k], middle_y))]


PIECES = re.compile(r"([MLHVQCZ])([^MLHVQCZ]*)")
OPERATORS = {"M": "m", "L": "l", "H": "l", "V": "l", "Q": "c", "C": "c"}
