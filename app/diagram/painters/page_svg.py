"""Shapes -> SVG within a page. It is half as long as a file, since the style sheet (``css.py``) has the colours, fonts
and anchors of its classes."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..elements import Picture
from ..text_metrics import SUBSCRIPT, mono_width
from ..theme import FAINT
from .painter import SUBSCRIPT_DROP, Span, paint_all
from .svg import escape

LABEL_ROLE = "muted"
"""The role of the spans of a label that have no class: signs and brackets."""


def page_svg(picture: Picture) -> str:
    """An SVG element for a page."""
    width, height = picture.width, picture.height
    painter = PageSvgPainter()
    paint_all(picture, painter)
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(picture.title)}">{"".join(painter.elements)}</svg>'
    )


@lru_cache(2**12)
def compact(path: str) -> str:
    """The same path in fewer characters, from each point to the next: equal shapes then differ only in where they
    begin, and compress well. Cached, because most paths depend on no size."""
    x = y = 0
    start = [x, y]
    pieces: list[str] = []
    for command, numbers in _COMMAND.findall(path):
        at = [round(10 * float(number)) for number in numbers.split(",")] if numbers else []
        match command:
            case "M":
                pieces.append(f"M{_written(at)}")
            case "H":
                pieces.append(f"h{_written([at[0] - x])}")
                at = [at[0], y]
            case "V":
                pieces.append(f"v{_written([at[0] - y])}")
                at = [x, at[0]]
            case "Z":
                pieces.append("z")
                at = start
            case _:
                steps = [n - (y if k % 2 else x) for k, n in enumerate(at)]
                if any(steps):  # not the corner of a rectangle that is not rounded
                    pieces.append(_step(command, steps))
        x, y = at[-2:]
        start = [x, y] if command == "M" else start
    return "".join(pieces)


def _step(command: str, steps: list[int]) -> str:
    """A line or curve to a point that is some tenths of a pixel away."""
    if command == "L" and 0 in steps:
        return f"v{_written(steps[1:])}" if steps[0] == 0 else f"h{_written(steps[:1])}"
    return command.lower() + _written(steps)


def _written(tenths: Iterable[int]) -> str:
    """Numbers in tenths, with a comma where it is needed."""
    return ",".join(f"{n / 10:g}" for n in tenths).replace(",-", "-")


_COMMAND = re.compile(r"([MLHVQCZ])([^MLHVQCZ]*)")


class PageSvgPainter:
    """Writes elements with classes."""

    def __init__(self) -> None:
        self.elements: list[str] = []

    def begin_faint(self) -> None:
        self.elements.append(f'<g opacity="{FAINT}">')

    def end_faint(self) -> None:
        self.elements.append("</g>")

    def area(self, role: str, path: str, width: float) -> None:
        self.elements.append(f'<path class="area {role}" stroke-width="{width:g}" d="{compact(path)}"/>')

    def fill(self, role: str, path: str) -> None:
        self.elements.append(f'<path class="head {role}" d="{compact(path)}"/>')

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
        look = f'stroke-width="{width:g}"{joins}{dashes}'
        self.elements.append(f'<path class="{element} {name}" {look} d="{compact(path)}"/>')

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
        drop *= size
        if kind == "label":
            parts, line, end = [], None, 0.0
            for x, y, (text, role) in spans:
                half = mono_width(text, size) / 2
                gap = x - half - end  # from the end of the span before
                if y != line:
                    place = f' x="{x - half:.1f}" y="{y + drop:.1f}"'
                else:
                    place = f' dx="{gap:.1f}"' if abs(gap) > 0.05 else ""
                ink = f' class="{role}"' if role != LABEL_ROLE else ""
                parts.append(f"<tspan{ink}{place}>{escape(text)}</tspan>")
                line, end = y, x + half
            self.elements.append(f'<text class="label" font-size="{size:g}">{"".join(parts)}</text>')
            return
        look = f"{font}{' italic' if italic else ''}{f' {anchor}' if anchor != 'start' else ''}"
        behind = ""
        if sub:
            behind = f'<tspan font-size="{SUBSCRIPT * size:.1f}" dy="{SUBSCRIPT_DROP * size:.1f}">{escape(sub)}</tspan>'
        for x, y, (text, role) in spans:
            rotation = f' transform="rotate({-angle} {x:.1f} {y:.1f})"' if angle else ""
            self.elements.append(
                f'<text class="{role} {look}" font-size="{size:g}" x="{x:.1f}" y="{y + drop:.1f}"{rotation}>'
                f"{escape(text)}{behind}</text>"
            )
