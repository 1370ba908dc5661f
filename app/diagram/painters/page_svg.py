"""Shapes -> SVG within a page. It is half as long as a file, since the style sheet (``css.py``) has the colours, fonts
and anchors of its classes."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ...size_expressions import Expression, has_slots, written
from ..elements import Picture
from ..text_metrics import mono_width
from ..theme import FAINT
from ..type_sizes import SUBSCRIPT, SUBSCRIPT_DROP
from .primitives import Span, paint_all
from .svg import escape

LONG = 500
"""Characters of a line that is not cached, such as that of a chart."""

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


def compact(path: str) -> str:
    """The same path in fewer characters, from each point to the next: equal shapes then differ only in where they
    begin, and compress well."""
    return written("compact path", _compact, path)


def _compact(path: str) -> str:
    if has_slots(path):  # for a browser, which draws the longer path as well
        return path
    lines = path.split("M")[1:]
    return "".join([_cached_line(line) if len(line) < LONG else _compact_line(line) for line in lines])


@lru_cache(2**13)
def _cached_line(path: str) -> str:
    """Cached, because most lines of a picture depend on no size."""
    return _compact_line(path)


def _compact_line(path: str) -> str:
    """A path that begins with M, which is omitted."""
    start, *rest = _COMMAND.split(path.replace(".", ""))  # all numbers have one decimal place
    left, top = x, y = _numbers(start)
    pieces = [f"M{_written(x, y)}"]
    for command, text in zip(rest[::2], rest[1::2], strict=True):
        if command == "L":
            end_x, end_y = _numbers(text)
            pieces.append(_line(end_x - x, end_y - y))
            x, y = end_x, end_y
        elif command == "H":
            end_x = int(text)
            pieces.append(_line(end_x - x, 0))
            x = end_x
        elif command == "V":
            end_y = int(text)
            pieces.append(f"v{_written(end_y - y)}")
            y = end_y
        elif command == "Z":
            pieces.append("z")
            x, y = left, top
        else:
            at = _numbers(text)
            steps = [n - (y if k % 2 else x) for k, n in enumerate(at)]
            if any(steps):  # not the corner of a rectangle that is not rounded
                pieces.append(command.lower() + _written(*steps))
            x, y = at[-2:]
    return "".join(pieces)


def _line(across: int, down: int) -> str:
    if not down:
        return f"h{_written(across)}"
    return f"l{_written(across, down)}" if across else f"v{_written(down)}"


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


@lru_cache(2**14)
def _written(*tenths: int) -> str:
    """Numbers, with a comma where it is needed."""
    return ",".join([f"{n / 10:g}" for n in tenths]).replace(",-", "-")


_COMMAND = re.compile(r"([LHVQCZ])")


def _label(size: float, drop: float, *operands: Any) -> str:
    """A label. Each of its spans has a position, a text and a role."""
    parts, line, end = [], -math.inf, 0.0
    for x, y, text, role in zip(*[iter(operands)] * 4, strict=True):
        half = mono_width(text, size) / 2
        gap = x - half - end  # from the end of the span before
        if abs(y - line) > 0.05:  # an index is lower than what stands beside it
            place = f' x="{x - half:.1f}" y="{y + drop:.1f}"'
        else:  # a gap for other sizes may be 0
            place = f' dx="{gap:.1f}"' if isinstance(gap, Expression) or abs(gap) > 0.05 else ""
        ink = f' class="{role}"' if role != LABEL_ROLE else ""
        parts.append(f"<tspan{ink}{place}>{escape(text)}</tspan>")
        line, end = y, x + half
    return f'<text class="label" font-size="{size:g}">{"".join(parts)}</text>'


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
            operands = [part for x, y, span in spans for part in (x, y, *span)]
            self.elements.append(written("label", _label, size, drop, *operands))
            return
        font = f"{font} bold" if kind == "heading" else font
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
