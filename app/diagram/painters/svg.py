"""Shapes -> SVG. Each shape has its role as a class, so that the style sheet of a page can follow light and dark. The
colours are also attributes, for an image outside a page."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape as escaped

from ..elements import Picture, Shape
from ..font_families import FONT_FAMILIES
from ..theme import FAINT, Theme
from ..type_sizes import SUBSCRIPT, SUBSCRIPT_DROP
from .primitives import Span, paint, paint_all


@lru_cache(1024)
def escape(text: str) -> str:
    """Text escaped for HTML; cached, because pictures have the same numbers many times."""
    return escaped(text)


def svg(picture: Picture, theme: Theme, background: bool = True) -> str:
    """A whole SVG document."""
    width, height = picture.width, picture.height
    paper = f'<rect width="100%" height="100%" fill="{theme.fill["paper"]}"/>' if background else ""
    painter = SvgPainter(theme)
    paint_all(picture, painter)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(picture.title)}">'
        f"{paper}{''.join(painter.elements)}</svg>"
    )


def drawn(shape: Shape, theme: Theme, thicker: float) -> str:
    """The elements of one shape, whose edges and marks are ``thicker`` than usual."""
    painter = SvgPainter(theme)
    paint(shape, painter, thicker)
    return "".join(painter.elements)


class SvgPainter:
    """Writes elements."""

    def __init__(self, theme: Theme) -> None:
        self.theme, self.ink = theme, theme.ink
        self.elements: list[str] = []

    def begin_faint(self) -> None:
        self.elements.append(f'<g opacity="{FAINT}">')

    def end_faint(self) -> None:
        self.elements.append("</g>")

    def area(self, role: str, path: str, width: float) -> None:
        fill, edge = self.theme.fill[role], self.theme.edge[role]
        self.elements.append(
            f'<path class="area {role}" d="{path}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'
        )

    def fill(self, role: str, path: str) -> None:
        self.elements.append(f'<path class="head {role}" d="{path}" fill="{self.ink[role]}"/>')

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
        element = "wire" if kind == "wire" else "line"
        joins = ' stroke-linejoin="round"' if round_joins else ""
        dashes = f' stroke-dasharray="{" ".join(map(str, dash))}"' if dash else ""
        self.elements.append(
            f'<path class="{element} {name}" d="{path}" fill="none" '
            f'stroke="{self.ink[role]}" stroke-width="{width:g}"{joins}{dashes}/>'
        )

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
        ink, drop = self.ink, drop * size
        if kind == "label":  # one element for all its spans
            parts, line = [], None
            for x, y, (text, role) in spans:
                if y is not line:  # formatting numbers takes most of the time, and y is often the same
                    line, base = y, f"{y + drop:.1f}"
                parts.append(f'<tspan class="{role}" x="{x:.1f}" y="{base}" fill="{ink[role]}">{escape(text)}</tspan>')
            self.elements.append(
                f'<text class="label" text-anchor="{anchor}" font-size="{size:g}" font-weight="600" '
                f"font-family='{FONT_FAMILIES[font]}'>{''.join(parts)}</text>"
            )
            return
        style = ' font-style="italic"' if italic else ""
        style += ' font-weight="600"' if kind == "heading" else ""
        behind = ""
        if sub:
            small, lower = SUBSCRIPT * size, SUBSCRIPT_DROP * size
            behind = f'<tspan font-size="{small:.1f}" dy="{lower:.1f}">{escape(sub)}</tspan>'
        for x, y, (text, role) in spans:
            rotation = f' transform="rotate({-angle} {x:.1f} {y:.1f})"' if angle else ""
            self.elements.append(
                f'<text class="{role}" x="{x:.1f}" y="{y + drop:.1f}" text-anchor="{anchor}" '
                f"font-size=\"{size:g}\" font-family='{FONT_FAMILIES[font]}'{style}{rotation} "
                f'fill="{ink[role]}">{escape(text)}{behind}</text>'
            )
