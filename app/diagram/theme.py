"""All colours and line widths: role -> colour, axis -> colour, size -> thickness, for light and dark."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.axes import FRAMEWORK_SIZES, SIZES

OWN_AXES = tuple(f"axis_{n}" for n in range(1, 9))
"""The roles of the axes that a cell declares, in the order of declaration; a ninth one begins again."""

SHADES = tuple(f"shade_{n}" for n in range(1, 17))
"""The roles of areas that show a share by their darkness, from nearly paper to ink."""

# Widths of lines in pixels; those of wires depend on the size of their vector. "view" is the role of concatenations,
# splits and outlines, which are as pale as the paper; "here" that of the focused step among slabs; "x_row", "h_row" and
# "proj_row" are rows of arrays; "chosen" is the selected layer of a chain, "sheet" a sample of its batch; "wrong" is a
# layer whose weights do not fit. In charts of a training, "spread" is the band from the worst to the best seed, "ring"
# a measured value, "point" the last one, "marked" that of the chosen size, and "thumb" this size on its axis.
EDGES = {
    "cell": 1.8,
    "here": 2.5,
    "slab": 1.3,
    "layer": 1.3,
    "pointwise": 1.3,
    "view": 1.3,
    "x": 1.3,
    "h": 1.3,
    "proj": 1.3,
    "x_row": 0.7,
    "h_row": 0.7,
    "proj_row": 0.7,
    "array": 1.0,
    "own": 1.0,
    "own_proj": 1.0,
    "focus": 2.5,
    "chosen": 2.0,
    "sheet": 1.0,
    "wrong": 2.5,
    "spread": 0.5,
    "ring": 1.6,
    "point": 1.0,
    "marked": 1.0,
    "thumb": 3.0,
    **dict.fromkeys(SHADES, 0.5),
    **dict.fromkeys(OWN_AXES, 1.3),
    **{f"{role}_row": 0.7 for role in OWN_AXES},
}
MARK, FRAME = 1.5, 2.0
FRAME_DASH = (8, 3, 2, 3)


FAINT = 0.18
"""The opacity of faint shapes."""


@dataclass(frozen=True)
class Theme:
    """A palette. ``ink`` has the colours of text and lines; ``fill`` and ``edge`` those of areas."""

    ink: dict[str, str]
    fill: dict[str, str]
    edge: dict[str, str]

    def variables(self) -> dict[str, str]:
        """The palette as CSS custom properties: ``--ink-num_units``, ``--fill-cell``, ``--edge-cell``."""
        groups = {"ink": self.ink, "fill": self.fill, "edge": self.edge}
        return {f"--{group}-{role}": colour for group, roles in groups.items() for role, colour in roles.items()}


def _mixed(colour: str, ground: str, share: float) -> str:
    """A colour thinned with that of a ground, of which it has a share."""
    pairs = ((int(colour[k : k + 2], 16), int(ground[k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


OWN_LIGHT = dict(
    zip(
        OWN_AXES,
        ("#4d6600", "#5540c9", "#475569", "#8a2347", "#00606b", "#7a4400", "#1f6b3a", "#6b3f8f"),
        strict=True,
    )
)
OWN_DARK = dict(
    zip(
        OWN_AXES,
        ("#b9cf5f", "#b7a8ff", "#b8c2d0", "#ff9fbc", "#6fd3e0", "#e0ab78", "#86d69b", "#d3a3f0"),
        strict=True,
    )
)
"""The colours of the axes that a cell declares; their contrast is at least 4.8 on every ground."""


def _areas(own: dict[str, str], paper: str) -> dict[str, str]:
    """The fills of vectors and of rows of arrays along axes of the cell's own."""
    tones = {"": 0.17, "_row": 0.5}
    return {
        f"{role}{part}": _mixed(colour, paper, share) for role, colour in own.items() for part, share in tones.items()
    }


def _shades(ink: str, paper: str) -> dict[str, str]:
    """The fills and edges of areas that are as dark as a number is large."""
    return {role: _mixed(ink, paper, n / len(SHADES)) for n, role in enumerate(SHADES, 1)}


def _edges(own: dict[str, str]) -> dict[str, str]:
    return {f"{role}{part}": colour for role, colour in own.items() for part in ("", "_row")}


LIGHT = Theme(
    ink={
        "ink": "#1d1d1f",
        "muted": "#62626a",
        "hairline": "#e2dfd8",
        "proof": "#3b6b2f",
        "error": "#a3201b",
        "positive": "#b3261e",
        "negative": "#2563a8",
        "batch_size": "#8a5a00",
        "time_step": "#0f766e",
        "features": "#1d5fbf",
        "num_units": "#9a2c8f",
        "num_proj": "#a5402d",
        "band": "#efeafc",
        **OWN_LIGHT,
    },
    fill={
        "paper": "#fbfaf7",
        "raised": "#ffffff",
        "cell": "#e7f3d8",
        "here": "#e7f3d8",
        "slab": "#e7f3d8",
        "layer": "#f7ef9f",
        "pointwise": "#fbd5d5",
        "view": "#fbfaf7",
        "x": "#cfe3f6",
        "h": "#ecd3f5",
        "proj": "#f6dcd4",
        "x_row": "#84acdf",
        "h_row": "#ca8dca",
        "proj_row": "#d49a8e",
        "array": "#ffffff",
        "own": "#9a2c8f",
        "own_proj": "#a5402d",
        "focus": "#e7f3d8",
        "chosen": "#ffffff",
        "sheet": "#fbfaf7",
        "wrong": "#f7ef9f",
        "spread": "#e2dfd8",
        "ring": "#fbfaf7",
        "point": "#1d1d1f",
        "marked": "#9a2c8f",
        "thumb": "#fbfaf7",
        **_shades("#1d1d1f", "#fbfaf7"),
        **_areas(OWN_LIGHT, "#fbfaf7"),
    },
    edge={
        "cell": "#6d8759",
        "here": "#1d1d1f",
        "slab": "#6d8759",
        "layer": "#b9a63a",
        "pointwise": "#c47a7a",
        "view": "#62626a",
        "x": "#1d5fbf",
        "h": "#9a2c8f",
        "proj": "#a5402d",
        "x_row": "#1d5fbf",
        "h_row": "#9a2c8f",
        "proj_row": "#a5402d",
        "array": "#c9c5bb",
        "own": "#9a2c8f",
        "own_proj": "#a5402d",
        "focus": "#1d1d1f",
        "chosen": "#1d1d1f",
        "sheet": "#8a5a00",
        "wrong": "#a3201b",
        "spread": "#e2dfd8",
        "ring": "#1d1d1f",
        "point": "#1d1d1f",
        "marked": "#9a2c8f",
        "thumb": "#9a2c8f",
        **_shades("#1d1d1f", "#fbfaf7"),
        **_edges(OWN_LIGHT),
    },
)

DARK = Theme(
    ink={
        "ink": "#ececee",
        "muted": "#a6a6ae",
        "hairline": "#37373d",
        "proof": "#9ccc8a",
        "error": "#ff9b93",
        "positive": "#ff8f85",
        "negative": "#7fb0f2",
        "batch_size": "#e2a83f",
        "time_step": "#4fc4b7",
        "features": "#82b1ff",
        "num_units": "#e88bdd",
        "num_proj": "#f49a86",
        "band": "#2c2744",
        **OWN_DARK,
    },
    fill={
        "paper": "#18181b",
        "raised": "#222226",
        "cell": "#232d1d",
        "here": "#232d1d",
        "slab": "#232d1d",
        "layer": "#3d3914",
        "pointwise": "#4d2c2e",
        "view": "#18181b",
        "x": "#1f3350",
        "h": "#42254a",
        "proj": "#4a2a22",
        "x_row": "#49689a",
        "h_row": "#885088",
        "proj_row": "#91594c",
        "array": "#222226",
        "own": "#e88bdd",
        "own_proj": "#f49a86",
        "focus": "#232d1d",
        "chosen": "#222226",
        "sheet": "#18181b",
        "wrong": "#3d3914",
        "spread": "#37373d",
        "ring": "#18181b",
        "point": "#ececee",
        "marked": "#e88bdd",
        "thumb": "#18181b",
        **_shades("#ececee", "#18181b"),
        **_areas(OWN_DARK, "#18181b"),
    },
    edge={
        "cell": "#7f9c68",
        "here": "#ececee",
        "slab": "#7f9c68",
        "layer": "#a8973a",
        "pointwise": "#c47a7a",
        "view": "#a6a6ae",
        "x": "#82b1ff",
        "h": "#e88bdd",
        "proj": "#f49a86",
        "x_row": "#82b1ff",
        "h_row": "#e88bdd",
        "proj_row": "#f49a86",
        "array": "#4c4c54",
        "own": "#e88bdd",
        "own_proj": "#f49a86",
        "focus": "#ececee",
        "chosen": "#ececee",
        "sheet": "#e2a83f",
        "wrong": "#ff9b93",
        "spread": "#37373d",
        "ring": "#ececee",
        "point": "#ececee",
        "marked": "#e88bdd",
        "thumb": "#e88bdd",
        **_shades("#ececee", "#18181b"),
        **_edges(OWN_DARK),
    },
)


def faded(colour: str) -> str:
    """A colour of a palette with the opacity FAINT."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{FAINT})"


THEMES = {"light": LIGHT, "dark": DARK}


def axis_role(name: str, of: Iterable[str]) -> str:
    """The role of an axis: its name, or that of one of ``OWN_AXES`` if the cell declares it. ``of`` has the names of
    the axes in the order of declaration, as the sizes have. An axis that only arrays of a framework have is ink."""
    if name in SIZES:
        return name
    own = [other for other in of if other not in SIZES and other not in FRAMEWORK_SIZES]
    return OWN_AXES[own.index(name) % len(OWN_AXES)] if name in own else "ink"


AREAS = {"features": "x", "num_units": "h", "num_proj": "proj", **{role: role for role in OWN_AXES}}
"""The role of an area that stands for a vector, by the role of the axis that colours it."""
