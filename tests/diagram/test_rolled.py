"""The cell once, with its loops: closed, nested, without collisions, and the same for any step."""

from functools import cache

import pytest
from geometry import (
    FEW,
    LOOKS,
    PROGRAMS,
    TEACHING,
    area,
    arriving,
    boxes_of,
    collisions,
    cut,
    distance,
    inputs_of,
    looks_of,
    operations_of,
    strokes,
    texts_of,
    wires_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS, some

from app.core.largest_sizes import MAX_NUM_UNITS
from app.diagram.elements import Border, Box, Ellipse, Funnel, Label, Picture, Text
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.theme import LIGHT
from app.diagram.thickness import thickness
from app.diagram.views.rolled import THICKEST, rolled
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)
both_ways = pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])


@cache
def drawn(name: str, backward: bool = False) -> list[Picture]:
    """Pictures in every look, each at one of a few sizes."""
    program = PROGRAMS[name]
    return [
        rolled(Scene(program, FEW[n % len(FEW)], 0, labels, format, backward))
        for n, (labels, format) in enumerate(looks_of(name), backward)
    ]


def loop(of: Picture, state: str) -> list[Wire]:
    """The wires of a state outside the cell, which are its loop."""
    (cell,) = boxes_of(of, "cell")
    body = area(cell).grown(-1)
    wires = [*wires_of(of, state), *wires_of(of, f"{state}_prev")]
    return [w for w in wires if len(w.points) == 4 and not all(body.overlaps(s) for s in strokes(w))]


@every_program
@both_ways
def test_no_words_collide_and_nothing_is_cut(name: str, backward: bool) -> None:
    for of in drawn(name, backward):
        assert not collisions(of)
        assert not cut(of)


@settings(max_examples=100 if ALL_COMBINATIONS else 40)
@given(st.sampled_from([*PROGRAMS]), st.sampled_from(FEW), st.sampled_from(LOOKS), st.booleans())
def test_the_number_of_shapes_does_not_depend_on_time_step(
    name: str, of: dict[str, int], look: tuple[str, str], backward: bool
) -> None:
    one, many = (rolled(Scene(PROGRAMS[name], {**of, "time_step": steps}, 0, *look, backward)) for steps in (1, 10_000))
    assert len(one.shapes) == len(many.shapes)


@every_program
@both_ways
def test_each_state_leaves_the_cell_at_one_side_and_returns_at_the_other(name: str, backward: bool) -> None:
    program = PROGRAMS[name]
    for of in drawn(name, backward):
        (cell,) = boxes_of(of, "cell")
        left, right = area(cell).left, area(cell).right
        leaves, enters = (left, right) if backward else (right, left)
        for state in program.cell.states:
            out, back = loop(of, state)
            assert (out.tensor, back.tensor) == (state, f"{state}_prev")
            assert out.points[0][0] == pytest.approx(leaves, abs=1)
            assert back.points[-1][0] == pytest.approx(enters, abs=3)
            assert out.points[-1] == pytest.approx(back.points[0])
            assert out.points[0][1] == pytest.approx(back.points[-1][1])
            assert out.head and back.head


@every_program
@both_ways
def test_no_loop_touches_the_cell_a_circle_or_another_loop(name: str, backward: bool) -> None:
    program = PROGRAMS[name]
    for of in drawn(name, backward):
        (cell,) = boxes_of(of, "cell")
        circles = [area(s) for s in of.shapes if isinstance(s, Ellipse) and s.role in ("x", "h", "proj")]
        loops = {state: [s for w in loop(of, state) for s in strokes(w)] for state in program.cell.states}
        for state, ink in loops.items():
            assert not [s for s in ink for circle in circles if s.overlaps(circle)]
            assert not [s for s in ink if s.overlaps(area(cell).grown(-12))]
            others = [s for other, of_other in loops.items() if other != state for s in of_other]
            assert not [s for s in ink for other in others if s.overlaps(other)]


@every_program
@both_ways
def test_the_inside_equals_that_of_the_unrolled_picture(name: str, backward: bool) -> None:
    """Except for its position: the same operations, with the same inputs."""
    program = PROGRAMS[name]
    scene = Scene(program, TEACHING, 0, "numbers", "page", backward)
    here, there = rolled(scene), unrolled(scene)
    assert [(s.tensor, s.also) for s in operations_of(here)] == [(s.tensor, s.also) for s in operations_of(there)]
    for operation in operations_of(here):
        assert {wire.tensor for wire in arriving(here, operation)} == inputs_of(program, operation)


@every_program
def test_every_tensor_of_the_run_is_in_the_picture(name: str) -> None:
    for of in drawn(name):
        assert {id for s in of.shapes for id in (s.tensor, *s.also)} - {""} == PROGRAMS[name].by_id.keys()


@every_program
@both_ways
def test_each_loop_has_a_label_with_its_shape(name: str, backward: bool) -> None:
    for of in drawn(name, backward):
        near_enough = 60 if of.thicker == 1 else 90  # a picture for a screen is enlarged
        for state in PROGRAMS[name].cell.states:
            labels = [s for s in of.shapes if isinstance(s, Label) and s.tensor in (state, f"{state}_prev")]
            for wire in loop(of, state):
                near = [
                    label
                    for label in labels
                    if label.tensor == wire.tensor
                    and min(distance((label.x, label.y), stroke) for stroke in strokes(wire)) < near_enough
                ]
                assert near, wire


@every_program
def test_the_picture_is_the_same_for_any_step(name: str) -> None:
    for t in (0, 1, 3):
        of = rolled(Scene(PROGRAMS[name], TEACHING, t, "numbers", "page"))
        words = [(s.text, s.sub) for s in of.shapes if isinstance(s, Text)]
        assert ("x", "t") in words
        assert (PROGRAMS[name].cell.output, "t") in words
        assert not [sub for _, sub in words if sub.isdigit()]
        assert not [s for s in of.shapes if isinstance(s, Border) or (isinstance(s, Box) and s.role == "slab")]
        assert "repeated time_step = 4 times" in texts_of(of)


def test_the_number_of_steps_has_the_colour_of_time() -> None:
    of = rolled(Scene(PROGRAMS["lstm"], {**TEACHING, "time_step": 10_000}, 2, "numbers", "page"))
    (words,) = (s for s in of.shapes if isinstance(s, Text) and s.role == "time_step")
    assert words.text == "repeated time_step = 10,000 times"
    assert of.title == f"{PROGRAMS['lstm'].cell.title}: a loop of 10,000 steps"


@both_ways
def test_zeros_enter_where_the_cell_begins(backward: bool) -> None:
    of = rolled(Scene(PROGRAMS["lstm"], TEACHING, 2, "numbers", "page", backward))
    assert texts_of(of).count("zeros at the start") == 2


@every_program
def test_both_painters_accept_it_in_whole_pixels(name: str) -> None:
    for of in some(drawn(name), 2):
        assert (of.width, of.height) == (int(of.width), int(of.height))
        assert svg(of, LIGHT).startswith("<svg")
        assert figure(of, LIGHT)["layout"]["width"] == of.width


def test_the_words_of_a_circle_stay_in_it() -> None:
    for of in drawn("lstm"):
        for circle in (s for s in of.shapes if isinstance(s, Ellipse) and s.role in "xh"):
            assert not isinstance(circle, Funnel)
            (inside,) = (s for s in of.shapes if isinstance(s, Text) and (s.x, s.y) == (circle.x, circle.y))
            assert inside.sub == "t" and inside.italic


def test_there_is_room_for_the_thickest_wire() -> None:
    assert thickness(MAX_NUM_UNITS) == THICKEST
