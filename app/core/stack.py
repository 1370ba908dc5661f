"""A stack of layers, in one direction or in both.

A layer reads the output of the layer below; with two directions, both outputs concatenated. The backward
direction reads its input from the last step to the first. Its output is reversed again, so that at each step the
outputs of both directions belong to the same x.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ..translations.phrases import phrase
from .axes import FEATURES, SIZES, TIME_STEP, Axes, Axis, OwnSize, Sizes, axes, written
from .cell import Cell
from .cells.lstm_projected import projected
from .program import Program, capture
from .symbols import ProgramError

DIRECTIONS = ("forward", "backward")

Place = tuple[int, str]
"""A layer, counted from 0, and a direction: the place of one cell."""


def is_reversed(place: Place, go_backwards: bool = False) -> bool:
    """Whether a cell computes the steps of time from the last to the first.

    With ``go_backwards`` each layer reads its input from the end, and its output keeps that order. So the layer above
    it computes the steps of time from the first to the last again.
    """
    layer, direction = place
    return (direction == "backward") != (go_backwards and layer % 2 == 0)


def ends(place: Place, time_step: int, go_backwards: bool = False) -> tuple[int, int]:
    """The steps of time that a cell computes first and last."""
    return (time_step - 1, 0) if is_reversed(place, go_backwards) else (0, time_step - 1)


@dataclass(frozen=True)
class Stack:
    """A cell in layers, with its sizes. ``num_proj`` is 0 where there is no projection; only a cell that
    ``can_be_projected`` may have one."""

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
        """Its own sizes, and those of the axes that the cell declares. AxisError if the cell cannot have these."""
        return self.cell.sizes({name: size for name in SIZES if (size := getattr(self, name))})

    @property
    def directions(self) -> tuple[str, ...]:
        return DIRECTIONS[: 1 + self.bidirectional]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of all cells, from the lowest layer up, forward before backward: the order of weights and
        states."""
        return tuple((layer, direction) for layer in range(self.num_layers) for direction in self.directions)

    def program(self, layer: int = 0) -> Program:
        """The program of the cells of a layer. Both directions have the same program, each with its own weights."""
        if self.num_proj and not self.cell.can_be_projected:
            raise ProgramError(f"{self.cell.id} cannot have a projection: it has no state beside h; num_proj must be 0")
        cell = projected(self.cell) if self.num_proj else self.cell
        if layer and len(output := capture(cell).by_id[cell.output].axes) != 2:
            raise ProgramError(f"{cell.title} cannot read another layer: its output is {written(output)}, not a vector")
        return _program(cell, self.output) if layer else capture(cell)

    @property
    def states(self) -> dict[str, Axes]:
        """The axes of the states, which pass from step to step: h, and the LSTM's c."""
        return {state: axes(text) for state, text in self.program().cell.states.items()}

    @property
    def state(self) -> Axis:
        """The last axis of the output of one direction."""
        return self.program().by_id[self.cell.output].axes[-1]

    @property
    def output(self) -> Axis:
        """The last axis of the output of a layer: h of both directions concatenated."""
        return self.state.times(len(self.directions))

    @property
    def output_axes(self) -> Axes:
        """The axes of Y of a layer: batch_size × time_step × ..., of which only the last one may be that of both
        directions."""
        batch_size, *others = self.program().by_id[self.cell.output].axes[:-1]
        return (batch_size, TIME_STEP, *others, self.output)

    def parameters(self) -> int:
        """The number of learned parameters, in all layers and directions."""
        return sum(sum(self.program(layer).parameters(self.sizes).values()) for layer, _ in self.places)

    @lru_cache(256)  # noqa: B019 - every request for a page asks several times
    def flops(self) -> int:
        return sum(self.program(layer).flops(self.sizes) for layer, _ in self.places)

    @lru_cache(256)  # noqa: B019
    def bytes(self, itemsize: int = 4) -> int:
        return sum(self.program(layer).bytes(self.sizes, itemsize) for layer, _ in self.places)


def axis_above(of: Axis, x: Axis, own_sizes: Mapping[str, OwnSize]) -> Axis:
    """An axis in a layer above another one, whose x has the axis ``x``. There what is declared as a sum of features,
    such as ``axis K = 2 * features``, has another size, so that it has no name."""
    features = str(FEATURES)
    if x != FEATURES and features not in own_sizes:
        for name, size in reversed([*own_sizes.items()]):
            if features in size.names and name in of.names and (whole := size.as_axis):
                of = of.replaced(name, whole)
    return of.replaced(features, x)


@lru_cache
def _program(cell: Cell, x: Axis) -> Program:
    """The program of a cell in a layer above another one, whose x has the axis ``x``. ProgramError if the cell computes
    something else there, because two of its axes become one."""
    features = str(FEATURES)
    if x != FEATURES and features not in cell.own_sizes:
        for name, size in cell.own_sizes.items():
            if features in size.names and size.as_axis is None:
                raise ProgramError(f"{cell.title} cannot read another layer: its {name} = {size} follows from features")

    def above(own: Axes) -> Axes:
        replaced = (axis_above(axis, x, cell.own_sizes) for axis in own)
        return tuple(axis.collected for axis in replaced) if cell.text else tuple(replaced)

    weights, states = (
        {id: ", ".join(map(str, above(axes(text)))) for id, text in own.items()} for own in (cell.weights, cell.states)
    )
    words = {**cell.words, "X": ("X", phrase("output of the layer below"))}
    program = capture(replace(cell, input=str(x), weights=weights, states=states, words=words, is_above=True))
    for first, t in zip(capture(cell).tensors, program.tensors, strict=True):
        if t.axes != above(first.axes):
            raise ProgramError(
                f"{cell.title} cannot read another layer: {t.id} would be {written(t.axes)}, as features are {x} there"
            )
    return program
