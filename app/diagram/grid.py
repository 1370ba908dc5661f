"""Layers by steps: every cell of a stack as a small box, and those lit that a result tells of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.stack import Place, Stack
from app.diagram.shapes import Box, Picture, Point, Shape, Text, Wire
from app.diagram.theme import thickness
from app.diagram.unroll import Fold, Slot, after, before

WIDTH, HEIGHT, GAP_X, GAP_Y = 34.0, 20.0, 22.0, 20.0
LEFT, TOP, BOTTOM = 86.0, 12.0, 38.0
BETWEEN = 6.0  # two directions of one layer
WING = 3
THICKEST = 2.5  # of the arrows: the boxes are small

Lights = Sequence[tuple[int, str, str]]
"""What a result tells of: a layer, a direction and there ``every`` step, the ``last`` one that the direction takes, or
the one at the ``end`` of time."""


@dataclass(frozen=True)
class Cell:
    """One box: where it is in the picture, and what it stands for."""

    box: Box
    place: Place
    slot: Slot


@dataclass(frozen=True)
class Grid:
    picture: Picture
    cells: tuple[Cell, ...]


def grid(stack: Stack, t: int, focus: Place, lights: Lights, backwards: bool = False) -> Grid:
    """Time runs to the right, layers upward; the arrows of a direction that goes back point to the left.

    ``focus`` is the cell that the large picture shows, at step ``t``; ``backwards`` exchanges the directions.
    """
    columns: tuple[Slot, ...] = (*before(t, WING), Fold(t, t), *after(t, stack.time_step, WING))
    rows = _rows(stack)
    cells = tuple(
        Cell(Box("h" if lit else "slab", x, y, WIDTH, HEIGHT, 4, t=slot.first), place, slot)
        for place, y in rows.items()
        for slot, x in zip(columns, _across(columns), strict=True)
        for lit in [_is_lit(stack, place, slot, lights, backwards)]
    )
    bottom = max(rows.values()) + HEIGHT
    shapes = (
        *(cell.box for cell in cells),
        *_words(stack, cells, t, focus),
        *_names(stack, rows),
        *_arrows(stack, rows, columns, backwards),
        *(
            Text(x + WIDTH / 2, bottom + 24, _steps(slot), 11.5, "muted")
            for slot, x in zip(columns, _across(columns), strict=True)
        ),
    )
    title = f"{stack.num_layers} layers by {stack.time_step:,} steps"
    return Grid(Picture(LEFT + len(columns) * (WIDTH + GAP_X), bottom + BOTTOM, shapes, title), cells)


def _rows(stack: Stack) -> dict[Place, float]:
    """The height of each layer and direction, the top layer first."""
    heights, y = {}, TOP
    for layer in reversed(range(stack.num_layers)):
        for direction in stack.directions:
            heights[layer, direction] = y
            y += HEIGHT + BETWEEN
        y += GAP_Y - BETWEEN
    return heights


def _across(columns: Sequence[Slot]) -> list[float]:
    return [LEFT + k * (WIDTH + GAP_X) for k in range(len(columns))]


def _is_lit(stack: Stack, place: Place, slot: Slot, lights: Lights, backwards: bool) -> bool:
    _, direction = place
    end = stack.time_step - 1
    last = 0 if _goes_back(direction, backwards) else end
    told = {which for where, way, which in lights if (where, way) == place}
    at = {step for which, step in (("last", last), ("end", end)) if which in told}
    return "every" in told or (slot.first == slot.last and slot.first in at)


def _goes_back(direction: str, backwards: bool) -> bool:
    return (direction == "backward") != backwards


def _words(stack: Stack, cells: Sequence[Cell], t: int, focus: Place) -> Iterator[Text]:
    """Where the large picture is, and where steps are folded."""
    for cell in cells:
        x, y = cell.box.x + WIDTH / 2, cell.box.y + HEIGHT / 2
        if cell.slot.first < cell.slot.last:
            yield Text(x, y, "···", 13, "muted")
        elif (cell.place, cell.slot.first) == (focus, t):
            yield Text(x, y, "here", 11)


def _names(stack: Stack, rows: dict[Place, float]) -> Iterator[Text]:
    for (layer, direction), y in rows.items():
        arrow = {"forward": " →", "backward": " ←"}[direction] if stack.bidirectional else ""
        yield Text(LEFT - 12, y + HEIGHT / 2, f"layer {layer}{arrow}", 12, "muted", anchor="end")


def _steps(slot: Slot) -> str:
    return f"{slot.first:,}" if slot.first == slot.last else f"{slot.last - slot.first + 1:,} steps"


def _arrows(stack: Stack, rows: dict[Place, float], columns: Sequence[Slot], backwards: bool) -> Iterator[Shape]:
    """h from step to step, and what a layer gives to the one above: at each step both directions together."""
    xs = _across(columns)
    for (layer, direction), y in rows.items():
        for x in xs[:-1]:
            ends = (x + WIDTH, y + HEIGHT / 2), (x + WIDTH + GAP_X - 1, y + HEIGHT / 2)
            yield _arrow(stack, *(ends[::-1] if _goes_back(direction, backwards) else ends))
        if layer and direction == stack.directions[-1]:
            for x in xs:
                yield _arrow(stack, (x + WIDTH / 2, y + HEIGHT + GAP_Y), (x + WIDTH / 2, y + HEIGHT + 1))


def _arrow(stack: Stack, *points: Point) -> Wire:
    axis = stack.state.names[0]
    return Wire(axis, min(THICKEST, thickness(stack.sizes[axis])), points)
