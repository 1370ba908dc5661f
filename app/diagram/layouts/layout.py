"""What a layout is: how a cell is drawn inside, and where its wires cross the green border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.diagram.drawing import Drawing


@dataclass(frozen=True)
class Place:
    """The green rectangle of one whole cell."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    def across(self, share: float) -> float:
        return self.x + share * self.width

    def down(self, share: float) -> float:
        return self.y + share * self.height


@dataclass(frozen=True)
class Layout:
    """``states`` has the height at which each state crosses the cell, from the top one down; ``x`` and ``output`` are
    where the input enters at the bottom and the output leaves at the top: all shares of the green rectangle."""

    inside: Callable[[Drawing, Place], None]
    states: Mapping[str, float]
    x: float
    output: float
