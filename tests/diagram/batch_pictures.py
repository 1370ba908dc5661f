"""Pictures of the batch, and the arrays and rows in them."""

from collections.abc import Iterator
from functools import cache

from geometry import PROGRAMS, TEACHING, sizes, steps

from app.core.axes import Sizes
from app.diagram.elements import Box, HitArea, Picture, Polyline
from app.diagram.painters.hit_areas import expanded
from app.diagram.scene import Scene
from app.diagram.views.batch.batch import batch

LONG = sizes(1024, 10_000, 4096, 8192)
PRIMES = sizes(7, 11, 13, 17)


def drawn(
    of: Sizes = TEACHING,
    t: int = 2,
    name: str = "lstm",
    labels: str = "numbers",
    format: str = "page",
    *,
    sample: int | None = None,
    backward: bool = False,
) -> Picture:
    return _drawn(tuple(of.items()), t, name, labels, format, sample, backward)


@cache
def _drawn(
    of: tuple[tuple[str, int], ...], t: int, name: str, labels: str, format: str, sample: int | None, backward: bool
) -> Picture:
    return batch(Scene(PROGRAMS[name], dict(of), t, labels, format, backward, sample=sample))


def places(of: Sizes) -> Iterator[tuple[int, int | None]]:
    """Steps, each with a followed sequence or none."""
    last = of["batch_size"] - 1
    samples = [None, 0, last, last // 2]
    return ((t, samples[n % len(samples)]) for n, t in enumerate(steps(of)))


def arrays_of(picture: Picture, tensor: str = "") -> list[Box]:
    """The parts of arrays: each has the colour of its axis."""
    return [s for s in picture.shapes if isinstance(s, Box) and s.tensor and tensor in ("", s.tensor)]


def frames_of(picture: Picture) -> list[Polyline]:
    """The frames of rows."""
    return [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "batch_size"]


def strips_of(picture: Picture, tensor: str = "") -> list[HitArea]:
    """The areas that follow a sample."""
    return [s for s in expanded(picture.shapes) if isinstance(s, HitArea) and tensor in ("", s.tensor)]
