"""Stacks of sheets: one sheet for each sequence of the batch, the first one in front."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...shapes import Box, Sheet

MOST = 5
"""The largest number of sheets."""


def drawn_samples(batch_size: int, followed: int | None) -> tuple[int, ...]:
    """The sequences that have a sheet: the first few, and always the followed one."""
    first = tuple(range(min(batch_size, MOST)))
    return first if followed is None or followed in first else (*first[:-1], followed)


@dataclass(frozen=True)
class Depth:
    """The third dimension: each sheet is ``dx`` to the right of the previous one and ``dy`` above it. ``samples`` are
    the sequences that have a sheet, from front to back."""

    dx: float
    dy: float
    samples: tuple[int, ...]
    followed: int | None

    @property
    def across(self) -> float:
        """The horizontal distance from the first sheet to the last."""
        return (len(self.samples) - 1) * self.dx

    @property
    def up(self) -> float:
        return (len(self.samples) - 1) * self.dy

    def stack(self, front: Box) -> Iterator[Box]:
        """A copy of the front sheet for each sequence. A followed one is a whole box; the others are faint and are
        drawn after it, so that it shows through them."""
        sheets = [self._sheet(front, n, sample) for n, sample in enumerate(self.samples)]
        yield from sorted(sheets, key=lambda sheet: sheet.faint)

    def _sheet(self, front: Box, n: int, sample: int) -> Box:
        place = front.role, front.x + n * self.dx, front.y - n * self.dy, front.width, front.height, front.radius
        faint = self.followed not in (None, sample)
        of: dict[str, Any] = {
            "tensor": front.tensor,
            "also": front.also,
            "t": front.t,
            "sample": sample,
            "faint": faint,
        }
        return Sheet(*place, self.dx, self.dy, **of) if n and sample != self.followed else Box(*place, **of)
