"""What of a picture can be pointed at."""

from app.diagram.shapes import Box, Ellipse, Funnel, HitArea, Label, Picture, Shape
from app.diagram.wires import Wire

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
        elif isinstance(s, Box | Ellipse | Funnel | HitArea) and (s.sample is not None or s.unit is not None):
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
