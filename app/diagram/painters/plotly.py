"""Shapes -> a Plotly figure, as plain dicts. The only file that knows Plotly's keys.

All outlines of one kind are one composite path, and all words one text trace. So the work of Plotly does not depend on
time_step, and a slider that only changes numbers does not change the structure of the figure.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ...size_expressions import length
from ..elements import Mark, Picture
from ..font_families import FONT_FAMILIES
from ..text_metrics import ADVANCE, LETTER, WIDEST
from ..text_spans import TIMES
from ..theme import FAINT, MARK, OWN_AXES, SHADES, Theme, faded
from ..type_sizes import SUBSCRIPT
from .primitives import Span, paint_all

Figure = dict[str, Any]

CLEAR = "rgba(0,0,0,0)"

# From back to front.
ORDER = (
    *("slab", "cell", "here", "band", "wire", "head", "array", "layer", "pointwise", "view", "x", "h", "proj"),
    *OWN_AXES,
    *("x_row", "h_row", "proj_row", "own"),
    *(f"{role}_row" for role in OWN_AXES),
    "spread",
    *SHADES,
    *("line", "frame", "mark", "times"),
    *("ring", "point", "marked", "thumb"),
)


def figure(picture: Picture, theme: Theme) -> Figure:
    """A figure that ``plotly.graph_objects.Figure`` accepts and orjson can serialize."""
    painter = PlotlyPainter(theme)
    paint_all(picture, painter)
    return {
        "data": [painter.texts()],
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
            "font": {"family": FONT_FAMILIES["sans"], "color": theme.ink["ink"]},
            "shapes": painter.paths(),
            "annotations": painter.annotations,
        },
    }


def _axis(range: list[float]) -> dict[str, Any]:
    return {"visible": False, "fixedrange": True, "range": range}


class PlotlyPainter:
    """Collects outlines by kind, and words."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.faint = False
        self.ink = theme.ink
        """The colours of words: Plotly gives single words no opacity, so faint colours are transparent themselves."""
        self.kinds: dict[tuple[str, str], tuple[list[str], dict[str, Any]]] = {}
        self.rows: list[tuple[Any, ...]] = []
        self.annotations: list[dict[str, Any]] = []

    @cached_property
    def faint_ink(self) -> dict[str, str]:
        return {role: faded(colour) for role, colour in self.theme.ink.items()}

    def begin_faint(self) -> None:
        self.faint, self.ink = True, self.faint_ink

    def end_faint(self) -> None:
        self.faint, self.ink = False, self.theme.ink

    def area(self, role: str, path: str, width: float) -> None:
        self._add(role, "", path, self.theme.fill[role], self.theme.edge[role], width)

    def fill(self, role: str, path: str) -> None:
        self._add("head", role, path, self.theme.ink[role], CLEAR, 0)

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
        dashes = ",".join(f"{n}px" for n in dash) if dash else "solid"
        if kind != "wire":
            name = f"{name} {width:g} {dashes}" if kind == "line" else ""
        self._add(kind, name, path, CLEAR, self.theme.ink[role], width, dashes)

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
        """A subscript is a separate, smaller text after its letter, because Plotly's own tags set inline styles."""
        ink, family, position = self.ink, FONT_FAMILIES[font], POSITIONS[anchor]
        weight, style = 600 if kind in ("label", "heading") else 400, "italic" if italic else "normal"
        small = SUBSCRIPT * size
        behind = ADVANCE * small * length(sub)
        share = BEFORE[anchor]
        for x, y, (text, role) in spans:
            if angle:
                self.annotations.append(_annotation(x, y, text, angle, size, ink[role], family))
                continue
            if (text, role) == TIMES and text in Mark.SIGNS:  # two strokes, which Plotly draws faster than a text
                self._add("times", "", Mark(text, x, y, 0.19 * size).path, CLEAR, self.theme.ink["muted"], MARK)
            elif text:
                left = round(x - share * behind, 1)
                self.rows.append((left, _baseline(y, size), text, size, ink[role], family, weight, style, position))
            if sub:
                right, base = round(x + (1 - share) * _letters(text, size), 1), _baseline(y + 0.24 * size, small)
                self.rows.append((right, base, sub, small, ink[role], family, weight, style, position))

    def _add(self, layer: str, name: str, path: str, fill: str, colour: str, width: float, dash: str = "solid") -> None:
        if self.faint:
            name = f"{name} faint".strip()
        known = self.kinds.get((layer, name))
        if known:
            known[0].append(path)
            return
        style: dict[str, Any] = {"fillcolor": fill, "line": {"color": colour, "width": width, "dash": dash}}
        if self.faint:
            style["opacity"] = FAINT
        self.kinds[layer, name] = [path], style

    def paths(self) -> list[dict[str, Any]]:
        """One composite path for each kind of outline, from back to front."""
        return [
            {"type": "path", "layer": "below", "name": " ".join(key).strip(), "path": "".join(paths), **style}
            for key, (paths, style) in sorted(
                self.kinds.items(), key=lambda item: (ORDER.index(item[0][0]), item[0][1])
            )
        ]

    def texts(self) -> dict[str, Any]:
        """Every word and every part of a label as one point of one trace."""
        columns = ([row[n] for row in self.rows] for n in range(9))  # nine empty lists if there are no rows
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


POSITIONS = {"start": "middle right", "middle": "middle center", "end": "middle left"}
"""Anchor -> the position of a text relative to its point, in Plotly's words."""


BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""The part of a text that is left of its point."""


def _letters(text: str, size: float) -> float:
    """The width of the letters before a subscript. A W is wider than others."""
    return size * (LETTER * length(text) + (WIDEST - LETTER) * text.count("W"))


def _baseline(y: float, size: float) -> float:
    """The y for Plotly, which draws a text with a middle anchor a little too high."""
    return round(y + 0.09 * size, 1)


def _annotation(x: float, y: float, text: str, angle: int, size: float, colour: str, family: str) -> dict[str, Any]:
    """Rotated words. Only annotations have an angle in Plotly."""
    return {
        "x": round(x, 1),
        "y": round(y, 1),
        "text": text,
        "textangle": -angle,
        "showarrow": False,
        "font": {"size": size, "color": colour, "family": family},
    }
