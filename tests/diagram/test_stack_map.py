"""The map of a stack: its rows, where they end, and what has room."""

from itertools import product

import pytest
from geometry import collisions, cut
from pairing import covering

from app.core.axes import axes
from app.core.cells import CELLS
from app.core.stack import Stack
from app.diagram.charts.stack_map import Output, StackMap, StackMapComposition, columns
from app.diagram.elements import Box, Label, Text
from app.diagram.folded_steps import Fold
from app.diagram.shape_labels import lettering
from app.diagram.size_notation import OURS
from app.diagram.wires import Wire

STACKS = covering(
    [
        Stack(CELLS["lstm"], *sizes, num_layers=layers, bidirectional=both)
        for sizes, layers, both in product(
            ((3, 1, 2, 5), (3, 5, 10, 20), (128, 7, 28, 128), (3, 12, 2, 5), (1024, 10_000, 4096, 8192)),
            (1, 2, 3, 4, 5, 8),
            (False, True),
        )
    ],
    lambda s: (s.time_step, s.features, s.num_layers, s.bidirectional),
)
every_stack = pytest.mark.parametrize(
    "stack",
    STACKS,
    ids=lambda s: f"{s.num_layers}x{len(s.directions)}x{s.time_step}",
)
BOTH = Stack(CELLS["lstm"], 3, 5, 10, 20, num_layers=2, bidirectional=True)


def map_of(
    stack: Stack, t: int = 0, labels: str = "numbers", name: str = "h_n[15]", backwards: bool = False
) -> StackMap:
    letters = lettering(labels, OURS, 13, 13, narrow=True)
    output = Output("output[t]", (axes("batch_size")[0], stack.output))
    names = dict.fromkeys(stack.places, name)
    return StackMapComposition(stack, t, (0, "forward"), letters, output, names, backwards).draw()


def texts(drawn: StackMap) -> dict[str, Text]:
    return {shape.text: shape for shape in drawn.picture.shapes if isinstance(shape, Text)}


def shapes_written(drawn: StackMap) -> set[str]:
    labels = [shape for shape in drawn.picture.shapes if isinstance(shape, Label)]
    return {"".join(span.text for line in label.lines for span in line) for label in labels}


@every_stack
def test_nothing_overlaps_and_nothing_is_cut(stack: Stack) -> None:
    for t, name in zip({0, stack.time_step // 2, stack.time_step - 1}, ("h_n[15]", "backward_h", "h_T"), strict=False):
        drawn = map_of(stack, t, name=name)
        assert not collisions(drawn.picture)
        assert not cut(drawn.picture)


@every_stack
def test_every_layer_and_direction_is_a_row_with_the_step_in_focus_and_a_last_state(stack: Stack) -> None:
    t = stack.time_step // 2
    rows = map_of(stack, t).rows
    assert {row.place for row in rows} == {*stack.places}
    assert all(t in {square.slot.first for square in row.squares} and row.exit for row in rows)
    assert [square.slot.first for row in rows for square in row.squares if square.box.role == "focus"] == [t]


def test_layers_are_named_from_0_at_the_bottom() -> None:
    named = {name: text.y for name, text in texts(map_of(BOTH)).items() if name.startswith("layer")}
    assert [*named] == ["layer 0", "layer 1"] and named["layer 0"] > named["layer 1"]


def test_a_forward_row_ends_at_the_right_and_a_backward_row_at_the_left() -> None:
    for backwards in (False, True):
        for row in map_of(BOTH, backwards=backwards).rows:
            assert row.exit
            is_right = row.exit.x > row.squares[-1].box.x
            assert is_right == (
                row.place in ((0, "backward"), (1, "forward")) if backwards else row.place[1] == "forward"
            )


def test_arrows_follow_the_directions_and_those_between_layers_point_upwards() -> None:
    arrows = [shape.points for shape in map_of(BOTH).picture.shapes if isinstance(shape, Wire)]
    ways = {"right": 0, "left": 0, "up": 0}
    for (x, y), (to_x, to_y) in arrows:
        ways["up" if to_y < y else "right" if to_x > x else "left"] += 1
    # in each row an arrow after each of 5 steps; from below, between the layers and to the output one for each
    assert ways == {"right": 2 * 5, "left": 2 * 5, "up": 3 * 5}


def test_the_filled_halves_are_the_last_states_of_the_top_layer() -> None:
    drawn = map_of(BOTH)
    halves = [shape for shape in drawn.picture.shapes if isinstance(shape, Box) and shape.role in ("h", "own")]
    filled = [n for n, half in enumerate(halves) if half.role == "own"]
    assert len(halves) == 2 * 5
    assert filled == [1, 8]  # the second half of step 0 and the first half of step 4


def test_shapes_are_multiplied_out_and_in_letters_they_are_not() -> None:
    assert {"3×40", "3×10"} <= shapes_written(map_of(BOTH))
    assert {"B×2·U", "B×F"} <= shapes_written(map_of(BOTH, labels="names"))


@pytest.mark.parametrize(("t", "folds"), [(0, 1), (5, 1), (6, 1), (7, 2), (5000, 2), (9993, 2), (9994, 1), (9999, 1)])
def test_beyond_twelve_steps_columns_fold_in_the_middle(t: int, folds: int) -> None:
    slots = columns(10_000, t)
    folded = [slot for slot in slots if isinstance(slot, Fold)]
    assert len(folded) == folds
    assert len(slots) - folds == 12
    assert {0, t, 9999} <= {slot.first for slot in slots if slot not in folded}
    assert [slot.first for slot in slots[1:]] == [slot.last + 1 for slot in slots[:-1]]
    stack = Stack(CELLS["lstm"], 3, 10_000, 2, 5, num_layers=2)
    assert "… 9,988 more" in texts(map_of(stack, t))


def test_twelve_steps_are_all_drawn() -> None:
    assert [slot.first for slot in columns(12, 3)] == [*range(12)]


def test_rows_are_low_from_five_layers_on() -> None:
    heights = {
        layers: {row.area.height for row in map_of(Stack(CELLS["rnn"], 3, 5, 2, 5, num_layers=layers)).rows}
        for layers in (1, 4, 5, 8)
    }
    assert heights == {1: {30}, 4: {30}, 5: {18}, 8: {18}}


def test_a_long_name_is_that_of_its_array() -> None:
    assert "h_T" in texts(map_of(BOTH, name='h_T["layer_0/backward"]'))
    assert "state_bw" in texts(map_of(BOTH, name="state_bw[0].h"))
