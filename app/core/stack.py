"""Layers on one another and two directions: what surrounds the one cell and its loop over time.

A layer reads what the layer below gives: its output, and where there are two directions both outputs side by side. The
backward direction reads its input from the last step to the first; what it gives is turned round again, so that at each
step both directions tell of the same x.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from app.core.axes import Axes, Axis, Sizes, axes
from app.core.cell import Cell
from app.core.cells.lstm_projected import projected
from app.core.program import Program, capture
from app.translations.phrases import phrase

DIRECTIONS = ("forward", "backward")

Place = tuple[int, str]
"""A layer, counted from 0, and a direction: where one cell stands."""


def goes_back(place: Place, go_backwards: bool = False) -> bool:
    """Whether a cell takes the steps of time from the last to the first.

    With ``go_backwards`` each layer reads what it is given from the end. A layer that does so hands its steps on in the
    order in which it took them, so the one above it reads them forward in time again.
    """
    layer, direction = place
    return (direction == "backward") != (go_backwards and layer % 2 == 0)


def ends(place: Place, time_step: int, go_backwards: bool = False) -> tuple[int, int]:
    """The steps of time that a cell takes first and last."""
    return (time_step - 1, 0) if goes_back(place, go_backwards) else (0, time_step - 1)


def last_output_step(place: Place, time_step: int, go_backwards: bool = False) -> int:
    """The step of time that the last entry of a cell's output belongs to. A layer turns the output of its backward
    direction round again, so there that is the step which the cell took first."""
    first, last = ends(place, time_step, go_backwards)
    return first if place[1] == "backward" else last


@dataclass(frozen=True)
class Stack:
    """Which cell, how many layers of it and whether in both directions. ``num_proj`` of 0 is no projection;
    only a cell that ``can_be_projected`` has one.
    """

    cell: Cell
    batch_size: int
    time_step: int
    features: int
    num_units: int
    num_proj: int = 0
    num_layers: int = 1
    bidirectional: bool = False

    def __str__(self) -> str:
        """``LSTM, 2 layers, both directions``."""
        layers = f", {self.num_layers} layers" if self.num_layers > 1 else ""
        directions = ", both directions" if self.bidirectional else ""
        return f"{self.program().cell.title}{layers}{directions}"

    @property
    def sizes(self) -> Sizes:
        named = ("batch_size", "time_step", "features", "num_units", "num_proj")
        return {name: size for name in named if (size := getattr(self, name))}

    @property
    def directions(self) -> tuple[str, ...]:
        return DIRECTIONS[: 1 + self.bidirectional]

    @property
    def places(self) -> tuple[Place, ...]:
        """From the lowest layer up, in each forward before backward: the order of weights and states."""
        return tuple((layer, direction) for layer in range(self.num_layers) for direction in self.directions)

    def program(self, layer: int = 0) -> Program:
        """What a cell of that layer computes. Both directions compute the same, each with its own weights."""
        cell = projected(self.cell) if self.num_proj else self.cell
        return _program(cell, str(self.output) if layer else "features")

    @property
    def states(self) -> dict[str, Axes]:
        """What is carried from step to step, with its axes: h, and the LSTM's c."""
        return {state: axes(text) for state, text in self.program().cell.states.items()}

    @property
    def state(self) -> Axis:
        """The last axis of what one direction gives, which is its h."""
        return self.states["h"][-1]

    @property
    def output(self) -> Axis:
        """The last axis of what a layer gives: h of both directions side by side."""
        return self.state.times(len(self.directions))

    def parameters(self) -> int:
        """How many numbers there are to learn, in all layers and directions."""
        return sum(sum(self.program(layer).parameters(self.sizes).values()) for layer, _ in self.places)

    def flops(self) -> int:
        return sum(self.program(layer).flops(self.sizes) for layer, _ in self.places)

    def bytes(self, itemsize: int = 4) -> int:
        return sum(self.program(layer).bytes(self.sizes, itemsize) for layer, _ in self.places)


@lru_cache
def _program(cell: Cell, x: str) -> Program:
    """The program of a cell whose x has another axis than features."""
    if x == cell.input:
        return capture(cell)
    weights = {id: text.replace("features", x) for id, text in cell.weights.items()}
    words = {**cell.words, "X": ("X", phrase("what the layer below gives"))}
    return capture(replace(cell, input=x, weights=weights, words=words))
