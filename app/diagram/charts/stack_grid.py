"""Layers by steps: every cell of a stack as a small box. Those that a result covers are highlighted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.stack import Place, Stack, is_reversed
from ...translations.numbers import grouped
from ...translations.phrases import phrase, plural
from ..elements import Box, Picture, Point, Shape, Text
from ..folded_steps import DOTS, Fold, Slot, after, before
from ..graph import Node, Port
from ..layer_names import with_arrow
from ..shape_labels import steps
from ..thickness import thickness
from ..wires import Wire

WIDTH, HEIGHT, GAP_X, GAP_Y = 34.0, 20.0, 22.0, 28.0
LEFT, TOP, BOTTOM = 86.0, 12.0, 38.0
BETWEEN = 6.0  # two directions of one layer
AROUND = 4.0  # from the boxes of a layer to its outline
THICKEST = 2.5  # arrow: the boxes are small
WING = 3  # slots on each side of the focused step

OUTSIDE = Node("outside")
"""The ends of arrows: the boxes are cells, and no nodes of the picture of one."""

Covered = Sequence[tuple[int, str, str]]
"""The cells that a result covers: a layer, a direction, and which of its steps: ``every`` one, the ``last`` one that
the direction computes, or the one at the ``end`` of time."""


@dataclass(frozen=True)
class Square:
    """One box, the place of its cell, and the steps that it represents."""

    box: Box
    place: Place
    slot: Slot


@dataclass(frozen=True)
class Grid:
    picture: Picture
    squares: tuple[Square, ...]


def grid(stack: Stack, t: int, focus: Place, covered: Covered, backwards: bool = False) -> Grid:
    """Time runs to the right, layers upward; the arrows of a backward direction point to the left.

    ``focus`` is the cell of the large picture, at step ``t``; ``backwards`` exchanges the directions.
    """
    columns: tuple[Slot, ...] = (*before(t, WING), Fold(t, t), *after(t, stack.time_step, WING))
    rows = _rows(stack)
    squares = tuple(
        Square(Box("h" if is_covered else "slab", x, y, WIDTH, HEIGHT, 4, t=slot.first), place, slot)
        for place, y in rows.items()
        for slot, x in zip(columns, _across(columns), strict=True)
        for is_covered in [_is_covered(stack, place, slot, covered, backwards)]
    )
    bottom = max(rows.values()) + HEIGHT
    shapes = (
        *(_layers(stack, rows, columns) if stack.bidirectional else ()),
        *(cell.box for cell in squares),
        *_words(squares, t, focus),
        *_names(stack, rows),
        *_arrows(stack, rows, columns, backwards),
        *(
            Text(x + WIDTH / 2, bottom + 24, _steps(slot), 11.5, "muted")
            for slot, x in zip(columns, _across(columns), strict=True)
        ),
    )
    layers = plural("{n} layer", "{n} layers", stack.num_layers)
    title = phrase("{layers} by {steps}", layers=layers, steps=steps(stack.time_step))
    return Grid(Picture(LEFT + len(columns) * (WIDTH + GAP_X), bottom + BOTTOM, shapes, title), squares)


def _rows(stack: Stack) -> dict[Place, float]:
    """The height of each layer and direction, the top layer first."""
    heights, y = {}, TOP
    for layer in reversed(range(stack.num_layers)):
        for direction in stack.directions:
            heights[layer, direction] = y
            y += HEIGHT + BETWEEN
        y += GAP_Y - BETWEEN
    return heights


def _layers(stack: Stack, rows: dict[Place, float], columns: Sequence[Slot]) -> Iterator[Box]:
    """An outline around both directions of each layer, whose outputs are concatenated."""
    xs = _across(columns)
    width = xs[-1] + WIDTH - xs[0] + 2 * AROUND
    for layer in range(stack.num_layers):
        top = min(rows[layer, direction] for direction in stack.directions)
        yield Box("view", xs[0] - AROUND, top - AROUND, width, 2 * HEIGHT + BETWEEN + 2 * AROUND, 6)


def _across(columns: Sequence[Slot]) -> list[float]:
    return [LEFT + k * (WIDTH + GAP_X) for k in range(len(columns))]


def _is_covered(stack: Stack, place: Place, slot: Slot, covered: Covered, backwards: bool) -> bool:
    end = stack.time_step - 1
    last = 0 if is_reversed(place, backwards) else end
    steps = {which for where, way, which in covered if (where, way) == place}
    at = [step for which, step in (("last", last), ("end", end)) if which in steps]
    return "every" in steps or (slot.first == slot.last and any(slot.first == step for step in at))


def _words(squares: Sequence[Square], t: int, focus: Place) -> Iterator[Text]:
    """Marks at the cell of the large picture and at folded steps."""
    for cell in squares:
        x, y = cell.box.x + WIDTH / 2, cell.box.y + HEIGHT / 2
        if cell.slot.first < cell.slot.last:
            yield Text(x, y, DOTS, 13, "muted")
        elif (cell.place, cell.slot.first) == (focus, t):
            yield Text(x, y, phrase("here"), 11)


def _names(stack: Stack, rows: dict[Place, float]) -> Iterator[Text]:
    for place, y in rows.items():
        yield Text(LEFT - 12, y + HEIGHT / 2, with_arrow(place, stack), 12, "muted", anchor="end")


def _steps(slot: Slot) -> str:
    return grouped(slot.first) if slot.first == slot.last else steps(slot.last - slot.first + 1)


def _arrows(stack: Stack, rows: dict[Place, float], columns: Sequence[Slot], backwards: bool) -> Iterator[Shape]:
    """h from step to step, and the output of each layer to the one above: at each step, both directions together."""
    xs = _across(columns)
    for (layer, direction), y in rows.items():
        for x in xs[:-1]:
            ends = (x + WIDTH, y + HEIGHT / 2), (x + WIDTH + GAP_X - 1, y + HEIGHT / 2)
            yield _arrow(stack, *(ends[::-1] if is_reversed((layer, direction), backwards) else ends))
        if layer and direction == stack.directions[-1]:
            around = AROUND if stack.bidirectional else 0.0
            for x in xs:
                ends = (x + WIDTH / 2, y + HEIGHT + GAP_Y - around), (x + WIDTH / 2, y + HEIGHT + 1 + around)
                yield _arrow(stack, *ends)


def _arrow(stack: Stack, start: Point, end: Point) -> Wire:
    axis = stack.state.names[0]
    source, target = Port(OUTSIDE, *start), Port(OUTSIDE, *end)
    return Wire.between(source, target, axis, min(THICKEST, thickness(stack.sizes[axis])))
