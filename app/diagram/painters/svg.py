"""Shapes -> SVG. Each shape has its role as a class, so that a page's style sheet can follow light and dark; the
colours stand in attributes too, for an image that stands alone."""

from collections.abc import Callable
from functools import lru_cache
from html import escape as escaped

from app.diagram.shapes import Box, Ellipse, Frame, Funnel, Label, Mark, Picture, Polyline, Shape, Sheet, Spot, Text
from app.diagram.text_metrics import SUBSCRIPT
from app.diagram.theme import EDGES, FAINT, FONTS, FRAME, FRAME_DASH, MARK, Theme
from app.diagram.wires import Wire


@lru_cache(1024)
def escape(text: str) -> str:
    """Remembered: pictures say the same numbers many times."""
    return escaped(text)


def svg(picture: Picture, theme: Theme, background: bool = True) -> str:
    """A whole SVG document."""
    width, height = picture.width, picture.height
    paper = f'<rect width="100%" height="100%" fill="{theme.fill["paper"]}"/>' if background else ""
    body = "".join(drawn(shape, theme) for shape in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(picture.title)}">'
        f"{paper}{body}</svg>"
    )


def drawn(shape: Shape, theme: Theme) -> str:
    painted = PAINTERS[type(shape)](shape, theme)
    return f'<g opacity="{FAINT}">{painted}</g>' if shape.faint else painted


def _area(shape: Box | Ellipse | Funnel, theme: Theme) -> str:
    fill, edge = theme.fill[shape.role], theme.edge[shape.role]
    return (
        f'<path class="area {shape.role}" d="{shape.path}" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{EDGES[shape.role]}"/>'
    )


def _wire(wire: Wire, theme: Theme) -> str:
    colour = theme.ink[wire.axis]
    line = (
        f'<path class="wire {wire.kind}" d="{wire.path}" fill="none" stroke="{colour}" stroke-width="{wire.width:g}"/>'
    )
    if not wire.head:
        return line
    return line + f'<path class="head {wire.axis}" d="{wire.head_path()}" fill="{colour}"/>'


def _polyline(line: Polyline, theme: Theme) -> str:
    dash = f' stroke-dasharray="{" ".join(map(str, line.dash))}"' if line.dash else ""
    return (
        f'<path class="line {line.role}" d="{line.path}" fill="none" stroke="{theme.ink[line.role]}" '
        f'stroke-width="{line.width:g}" stroke-linejoin="round"{dash}/>'
    )


def _frame(frame: Frame, theme: Theme) -> str:
    return (
        f'<path class="line ink" d="{frame.path}" fill="none" stroke="{theme.ink["ink"]}" stroke-width="{FRAME:g}" '
        f'stroke-dasharray="{" ".join(map(str, FRAME_DASH))}"/>'
    )


def _spot(spot: Spot, theme: Theme) -> str:
    return ""


def _mark(mark: Mark, theme: Theme) -> str:
    return f'<path class="line ink" d="{mark.path}" fill="none" stroke="{theme.ink["ink"]}" stroke-width="{MARK}"/>'


def _label(label: Label, theme: Theme) -> str:
    spans = []
    for x, y, run in label.placed():
        spans.append(
            f'<tspan class="{run.role}" x="{x:.1f}" y="{y + 0.36 * label.size:.1f}" '
            f'fill="{theme.ink[run.role]}">{escape(run.text)}</tspan>'
        )
    return (
        f'<text class="label" text-anchor="middle" font-size="{label.size:g}" font-weight="600" '
        f"font-family='{FONTS['mono']}'>{''.join(spans)}</text>"
    )


def _text(text: Text, theme: Theme) -> str:
    y = text.y + 0.35 * text.size
    style = ' font-style="italic"' if text.italic else ""
    turn = f' transform="rotate({-text.angle} {text.x:.1f} {text.y:.1f})"' if text.angle else ""
    small, drop = SUBSCRIPT * text.size, 0.2 * text.size
    sub = f'<tspan font-size="{small:.1f}" dy="{drop:.1f}">{escape(text.sub)}</tspan>' if text.sub else ""
    return (
        f'<text class="{text.role}" x="{text.x:.1f}" y="{y:.1f}" text-anchor="{text.anchor}" '
        f"font-size=\"{text.size:g}\" font-family='{FONTS[text.font]}'{style}{turn} "
        f'fill="{theme.ink[text.role]}">{escape(text.text)}{sub}</text>'
    )


PAINTERS: dict[type[Shape], Callable[..., str]] = {
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


STRAND = 7.0
"""How thick the strand of one unit is to the pointer: its neighbours are near."""


def hit_areas(picture: Picture) -> list[tuple[Shape, str, float]]:
    """What can be pointed at: each shape that stands for a tensor or a step, its outline, and how thick a line is.

    All wires of one tensor at one step, or of one unit's part of it, are one line, and the tensor's labels are part of
    it, so that they light up together and evenly; so are the areas of one unit, or of one sequence, that are of no
    tensor alone.
    """
    found: list[tuple[Shape, str, float]] = []
    lines: dict[tuple[str, int | None, int | None, tuple[str, ...]], int] = {}
    followed: dict[tuple[int | None, int | None, int | None], int] = {}
    for s in picture.shapes:
        if isinstance(s, Wire):
            one = lines.setdefault((s.tensor, s.t, s.unit, s.also), len(found))
            _add_line(found, one, s, s.path, max(14, s.width + 6) if s.unit is None else STRAND)
        elif isinstance(s, Box | Ellipse | Funnel) and (s.tensor or s.role == "slab"):
            found.append((s, s.path, 0))
        elif isinstance(s, Box | Ellipse | Funnel | Spot) and (s.sample is not None or s.unit is not None):
            _add_line(found, followed.setdefault((s.sample, s.unit, s.t), len(found)), s, s.path, 0)
    of_tensor = {(tensor, t): n for (tensor, t, unit, _), n in lines.items() if unit is None}
    for s in picture.shapes:
        if isinstance(s, Label) and s.tensor:
            _add_line(found, of_tensor.get((s.tensor, s.t), len(found)), s, s.through(), max(14, s.size))
    return found


def _add_line(found: list[tuple[Shape, str, float]], n: int, s: Shape, path: str, width: float) -> None:
    """A further piece of the n-th line, or a new one."""
    if n == len(found):
        found.append((s, path, width))
    else:
        shape, begun, thick = found[n]
        found[n] = shape, begun + path, thick
