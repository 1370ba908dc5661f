"""Shapes -> a Plotly figure, as plain dicts. The only file that knows Plotly's keys.

All outlines of one kind are one composite path, all words one text trace: what Plotly has to do does not depend on
time_step, and a slider that only changes numbers leaves the figure's structure as it was.
"""

from collections.abc import Iterable
from typing import Any

from app.diagram.shapes import Box, Ellipse, Frame, Funnel, Label, Mark, Picture, Polyline, Shape, Text
from app.diagram.text_metrics import ADVANCE, SUBSCRIPT, TIMES
from app.diagram.theme import EDGES, FAINT, FONTS, FRAME, FRAME_DASH, MARK, Theme, faded
from app.diagram.wires import Wire

Figure = dict[str, Any]

CLEAR = "rgba(0,0,0,0)"

# From back to front.
ORDER = (
    *("slab", "cell", "wire", "head", "array", "layer", "pointwise", "view", "x", "h", "proj", "own"),
    *("line", "frame", "mark", "times"),
)


def figure(picture: Picture, theme: Theme) -> Figure:
    """A figure that ``plotly.graph_objects.Figure`` accepts and that orjson writes."""
    return {
        "data": [_texts(picture.shapes, theme)],
        "layout": {
            "width": picture.width,
            "height": picture.height,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "xaxis": _axis([0, picture.width]),
            "yaxis": _axis([picture.height, 0]),
            "showlegend": False,
            "hovermode": False,
            "dragmode": False,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "font": {"family": FONTS["sans"], "color": theme.ink["ink"]},
            "shapes": _paths(picture.shapes, theme),
            "annotations": [_turned(s, theme) for s in picture.shapes if isinstance(s, Text) and s.angle],
        },
    }


def _axis(range: list[float]) -> dict[str, Any]:
    return {"visible": False, "fixedrange": True, "range": range}


def _paths(shapes: Iterable[Shape], theme: Theme) -> list[dict[str, Any]]:
    """One composite path for each kind of outline, back to front."""
    kinds: dict[tuple[str, str], tuple[list[str], dict[str, Any]]] = {}

    def add(layer: str, kind: str, path: str, fill: str, colour: str, width: float, dash: str = "solid") -> None:
        style: dict[str, Any] = {"fillcolor": fill, "line": {"color": colour, "width": width, "dash": dash}}
        if s.faint:
            kind, style["opacity"] = f"{kind} faint".strip(), FAINT
        kinds.setdefault((layer, kind), ([], style))[0].append(path)

    dash = ",".join(f"{n}px" for n in FRAME_DASH)
    for s in shapes:
        match s:
            case Box() | Ellipse() | Funnel():
                add(s.role, "", s.path, theme.fill[s.role], theme.edge[s.role], EDGES[s.role])
            case Wire():
                add("wire", s.kind, s.path, CLEAR, theme.ink[s.axis], s.width)
                if s.head:
                    add("head", s.axis, s.head_path(), theme.ink[s.axis], CLEAR, 0)
            case Polyline():
                drawn = ",".join(f"{n}px" for n in s.dash) or "solid"
                add("line", f"{s.role} {s.width:g} {drawn}", s.path, CLEAR, theme.ink[s.role], s.width, drawn)
            case Frame():
                add("frame", "", s.path, CLEAR, theme.ink["ink"], FRAME, dash)
            case Mark():
                add("mark", "", s.path, CLEAR, theme.ink["ink"], MARK)
            case Label():
                for x, y, run in s.placed():
                    if run == TIMES:  # two strokes cost Plotly nothing, a text much
                        cross = Mark("×", x, y, 0.19 * s.size).path
                        add("times", "", cross, CLEAR, theme.ink["muted"], MARK)
    return [
        {"type": "path", "layer": "below", "name": " ".join(key).strip(), "path": "".join(paths), **style}
        for key, (paths, style) in sorted(kinds.items(), key=lambda item: (ORDER.index(item[0][0]), item[0][1]))
    ]


def _texts(shapes: Iterable[Shape], theme: Theme) -> dict[str, Any]:
    """Every word and every part of a label as one point of one trace."""
    rows = [row for s in shapes for row in _rows(s, theme)]
    columns = ([row[n] for row in rows] for n in range(9))  # of no rows nine empty ones
    x, y, text, size, colour, family, weight, style, position = columns
    font = {"size": size, "color": colour, "family": family, "weight": weight, "style": style}
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": text,
        "textposition": position,
        "textfont": font,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _rows(s: Shape, theme: Theme) -> Iterable[tuple[Any, ...]]:
    if isinstance(s, Label):
        for x, y, run in s.placed():
            if run == TIMES:
                continue
            ink, font = _ink(s, run.role, theme), FONTS["mono"]
            yield round(x, 1), _baseline(y, s.size), run.text, s.size, ink, font, 600, "normal", "middle center"
    elif isinstance(s, Text) and not s.angle:
        yield from _words(s, theme)


def _words(s: Text, theme: Theme) -> Iterable[tuple[Any, ...]]:
    """A text, and its subscript as a smaller text behind it: Plotly's own tags would set inline styles."""
    position = {"start": "middle right", "middle": "middle center", "end": "middle left"}[s.anchor]
    style = "italic" if s.italic else "normal"
    small = SUBSCRIPT * s.size
    behind = ADVANCE * small * len(s.sub)
    for text, x, y, size in (
        (s.text, s.x - behind / 2, s.y, s.size),
        (s.sub, s.x + 0.3 * s.size * len(s.text), s.y + 0.24 * s.size, small),
    ):
        if text:
            yield (
                round(x, 1),
                _baseline(y, size),
                text,
                size,
                _ink(s, s.role, theme),
                FONTS[s.font],
                400,
                style,
                position,
            )


def _ink(s: Shape, role: str, theme: Theme) -> str:
    """The colour of a word: Plotly's words have no opacity of their own."""
    return faded(theme.ink[role]) if s.faint else theme.ink[role]


def _baseline(y: float, size: float) -> float:
    """Plotly sets a text that stands in the middle a little too high."""
    return round(y + 0.09 * size, 1)


def _turned(s: Text, theme: Theme) -> dict[str, Any]:
    return {
        "x": round(s.x, 1),
        "y": round(s.y, 1),
        "text": s.text,
        "textangle": -s.angle,
        "showarrow": False,
        "font": {"size": s.size, "color": _ink(s, s.role, theme), "family": FONTS[s.font]},
    }
