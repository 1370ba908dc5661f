"""Numbers from 0 to 1 as areas from paper to ink."""

from collections.abc import Iterable, Iterator, Sequence

from ...elements import Point, Squares
from ...theme import SHADES


def shade(share: float) -> str:
    """The role of an area that shows a share; "" if it is as light as paper."""
    n = round(len(SHADES) * min(1.0, max(0.0, share)))
    return SHADES[n - 1] if n else ""


def cells_of(
    shares: Sequence[Sequence[float]], left: float, top: float, width: float, height: float
) -> Iterator[tuple[Point, float]]:
    """The corners of the cells of a table, each with its share."""
    for row, values in enumerate(shares):
        for column, value in enumerate(values):
            yield (left + column * width, top + row * height), value


def shaded(cells: Iterable[tuple[Point, float]], width: float, height: float) -> Iterator[Squares]:
    """Rectangles of one size with a share each, by their corners: all of a shade are one shape, the lightest first."""
    corners: dict[str, list[Point]] = {}
    for corner, share in cells:
        corners.setdefault(shade(share), []).append(corner)
    for role in SHADES:
        if role in corners:
            yield Squares(role, tuple(corners[role]), width, height)
