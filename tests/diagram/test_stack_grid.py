"""Layers by steps: the cells that a result covers, and the directions of the arrows."""

from itertools import product

import pytest
from geometry import collisions, cut
from pairing import covering

from app.core.cells import CELLS
from app.core.stack import Stack
from app.diagram.charts.stack_grid import Grid, grid
from app.diagram.wires import Wire

STACKS = covering(
    [
        Stack(CELLS["lstm"], 3, time_step, 2, 5, num_layers=layers, bidirectional=both)
        for time_step, layers, both in product((1, 2, 5, 10_000), (1, 2, 8), (False, True))
    ],
    lambda s: (s.time_step, s.num_layers, s.bidirectional),
)
every_stack = pytest.mark.parametrize(
    "stack",
    STACKS,
    ids=lambda s: f"{s.num_layers}x{len(s.directions)}x{s.time_step}",
)


def covered(of: Grid) -> set[tuple[int, str, int]]:
    return {(*cell.place, cell.slot.first) for cell in of.squares if cell.box.role == "h"}


def arrows(of: Grid) -> list[Wire]:
    return [shape for shape in of.picture.shapes if isinstance(shape, Wire)]


@every_stack
def test_nothing_overlaps_and_nothing_is_cut(stack: Stack) -> None:
    for t in {0, stack.time_step // 2, stack.time_step - 1}:
        drawn = grid(stack, t, (0, "forward"), ())
        assert not collisions(drawn.picture)
        assert not cut(drawn.picture)


@every_stack
def test_every_layer_and_direction_is_a_row_with_the_step_in_focus(stack: Stack) -> None:
    drawn = grid(stack, stack.time_step - 1, (0, "forward"), ())
    assert {cell.place for cell in drawn.squares if cell.slot.last == stack.time_step - 1} == {*stack.places}
    assert len({cell.box.y for cell in drawn.squares}) == len(stack.places)


def test_every_step_of_a_layer_is_a_row() -> None:
    stack = Stack(CELLS["lstm"], 3, 4, 2, 5, num_layers=2, bidirectional=True)
    rows = covered(grid(stack, 2, (0, "forward"), ((1, "forward", "every"), (1, "backward", "every"))))
    assert rows == {(1, direction, t) for direction in stack.directions for t in range(4)}


def test_the_last_step_of_the_backward_direction_is_the_first_of_time_and_the_end_is_not() -> None:
    stack = Stack(CELLS["lstm"], 3, 4, 2, 5, bidirectional=True)
    both = [(0, direction, which) for which in ("last", "end") for direction in stack.directions]
    last, end = (covered(grid(stack, 2, (0, "forward"), both[k : k + 2])) for k in (0, 2))
    assert last == {(0, "forward", 3), (0, "backward", 0)}
    assert end == {(0, "forward", 3), (0, "backward", 3)}


def test_the_arrows_of_the_backward_direction_point_to_the_left_and_those_between_layers_up() -> None:
    stack = Stack(CELLS["lstm"], 3, 3, 2, 5, num_layers=2, bidirectional=True)
    drawn = grid(stack, 1, (0, "forward"), ())
    rows = {place: next(c.box.y for c in drawn.squares if c.place == place) for place in stack.places}
    for (_, direction), y in rows.items():
        ways = {a.points[1][0] > a.points[0][0] for a in arrows(drawn) if a.points[0][1] == a.points[1][1] == y + 10}
        assert ways == {direction == "forward"}
    upward = [a for a in arrows(drawn) if a.points[0][0] == a.points[1][0]]
    assert len(upward) == 3
    assert all(a.points[1][1] < a.points[0][1] for a in upward)


def test_ten_thousand_steps_have_as_many_boxes_as_twenty() -> None:
    few, many = (
        grid(Stack(CELLS["lstm"], 3, steps, 2, 5, num_layers=2), 9, (0, "forward"), ()) for steps in (20, 10_000)
    )
    assert len(few.squares) == len(many.squares)
