"""Gradients: every wire of the picture is reversed, with its arrow only at the source of its tensor."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from math import dist
from typing import NamedTuple

import pytest
from geometry import (
    FEW,
    PROGRAMS,
    TEACHING,
    Rect,
    area,
    boxes_of,
    collisions,
    cut,
    distance,
    looks_of,
    operations_of,
    sizes,
    texts_of,
    wires_of,
    written,
)
from pairing import ALL_COMBINATIONS, in_turn

from app.core.gradient_objective import LAST_OUTPUT_SUM, Objective
from app.core.program import Program
from app.diagram.drawing import Drawing
from app.diagram.elements import Border, Ellipse, Label, Picture, Polyline, Text
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.theme import LIGHT
from app.diagram.views.gradients import format_and_sums, gradients
from app.diagram.views.unrolled.unrolled import UnrolledComposition
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)
both_ways = pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
NEAR = 3.0


class Drawn(NamedTuple):
    scene: Scene
    picture: Picture


@cache
def drawn(name: str) -> list[Drawn]:
    """Pictures in every look and in each direction of time in turn, each at one of a few sizes, at its first step, its
    last or one between."""
    found, turn = [], [*PROGRAMS].index(name)
    for n, (labels, format) in enumerate(looks_of(name)):
        of = FEW[n % len(FEW)]
        last = of["time_step"] - 1
        for backward in (False, True) if ALL_COMBINATIONS else ((n + turn) % 2 == 1,):
            scene = Scene(PROGRAMS[name], of, (0, last // 2, last)[(n + n // 4) % 3], labels, format, backward)
            found.append(Drawn(scene, gradients(scene)))
    return found


def unrolled_above_sums(scene: Scene) -> Picture:
    """The unrolled picture in the format of the gradients, which has a strip at its bottom."""
    composition = UnrolledComposition(format_and_sums(scene)[0], scene, Drawing)
    composition.draw()
    return composition.picture("")


def read(label: Label) -> tuple[int, ...]:
    """The shape of a label, in numbers."""
    written = "".join(run.text for line in label.lines for run in line).replace("·", "*").removeprefix("→\u00a0")
    return tuple(eval(text) for text in written.split("×"))  # our own digits, + and *


@every_program
def test_each_wire_of_the_unrolled_picture_is_reversed(name: str) -> None:
    for scene, back in drawn(name):
        there = wires_of(unrolled_above_sums(scene))
        for one, other in zip(there, wires_of(back), strict=True):
            assert (one.tensor, one.also, one.t, one.axis, one.width) == (
                other.tensor,
                other.also,
                other.t,
                other.axis,
                other.width,
            )
            for (x, y), (other_x, other_y) in zip(one.points, other.points[::-1], strict=True):
                assert y == other_y
                assert abs(x - other_x) <= (13 if one.tensor.endswith("_prev") else 0)  # room for an arrow at the edge


@every_program
def test_an_arrow_points_at_the_source_of_its_tensor(name: str) -> None:
    for scene, back in drawn(name):
        stray = [w for w in wires_of(back) if w.head and not starts_at_its_source(w, back, scene.program)]
        assert not stray, [(w.tensor, w.points) for w in stray]


@every_program
def test_the_gradient_of_every_tensor_has_an_arrow(name: str) -> None:
    for scene, back in drawn(name):
        if len(boxes_of(back, "cell")) > 1:
            continue  # from cell to cell a state is one wire, with its arrow at the previous cell
        here = [w for w in wires_of(back) if w.t == scene.t]
        assert {w.tensor for w in here if w.head} == {w.tensor for w in here}


def starts_at_its_source(wire: Wire, back: Picture, program: Program) -> bool:
    """Whether the tip of an arrow touches the source of the wire's tensor."""
    tip, before = wire.points[-1], wire.points[-2]
    for operation in operations_of(back):
        if operation.t == wire.t and distance(tip, area(operation)) <= NEAR:
            return wire.tensor in results_of(program, operation.tensor)
    for circle in (s for s in back.shapes if isinstance(s, Ellipse) and s.role in ("x", "h", "proj")):
        if distance(tip, area(circle)) <= NEAR:
            return circle.tensor == wire.tensor
    if any(distance(tip, area(slab)) <= NEAR for slab in boxes_of(back, "slab")):
        return wire.tensor in ("x", program.cell.output, *states(program))
    for cell in boxes_of(back, "cell"):
        if distance(tip, area(cell)) <= NEAR:
            return not inside(before, area(cell)) and wire.tensor in (program.cell.output, *program.cell.states)
    if program.by_id[wire.tensor].op == "concat":
        ends = [w.points[0] for w in wires_of(back) if w.tensor in program.by_id[wire.tensor].inputs]
        return any(abs(x - tip[0]) <= NEAR and abs(y - tip[1]) <= NEAR for x, y in ends)
    xs = [x for w in wires_of(back) for x, _ in w.points]
    return wire.tensor.endswith("_prev") and tip[0] in (min(xs), max(xs))


def states(program: Program) -> tuple[str, ...]:
    return tuple(id for state in program.cell.states for id in (state, f"{state}_prev"))


def results_of(program: Program, shown: str) -> set[str]:
    """The tensors that leave an operation: the one that it is drawn for, and functions of that."""
    users = program.used_by[shown]
    return {shown, *(id for id in users if program.by_id[id].op in ("sigmoid", "tanh", "relu"))}


def inside(point: tuple[float, float], rect: Rect) -> bool:
    return rect.left <= point[0] <= rect.right and rect.top <= point[1] <= rect.bottom


@every_program
def test_there_is_no_arrow_where_a_wire_branches_or_continues(name: str) -> None:
    """A tip is on another wire of the same tensor only at the end of that wire."""
    for _, back in drawn(name):
        cells = [area(cell) for cell in boxes_of(back, "cell")]
        for wire in (w for w in wires_of(back) if w.head):
            if any(distance(wire.points[-1], cell) <= NEAR for cell in cells):
                continue  # the cell computed it, and its wire continues inside
            others = [w for w in wires_of(back) if w is not wire and (w.tensor, w.t) == (wire.tensor, wire.t)]
            through = [w for w in others if passes(w, wire.points[-1])]
            assert not through, wire


def passes(wire: Wire, point: tuple[float, float]) -> bool:
    """Whether a wire runs through a point or begins there. One that ends there may branch where the other begins."""
    x, y = point
    return any(
        min(a, c) - 0.1 <= x <= max(a, c) + 0.1
        and min(b, d) - 0.1 <= y <= max(b, d) + 0.1
        and dist((x, y), wire.points[-1]) > NEAR
        for (a, b), (c, d) in pairwise(wire.points)
    )


@every_program
def test_every_label_shows_the_shape_of_its_tensor(name: str) -> None:
    tensors, turn = PROGRAMS[name].by_id, [*PROGRAMS].index(name)
    ways = [*product(("narrow", "page", "wide", "hall"), (False, True))]
    for (format, backward), of in in_turn([*ways[turn % 8 :], *ways[: turn % 8]][: len(FEW)], FEW):
        for label in gradients(Scene(PROGRAMS[name], of, 0, "numbers", format, backward)).shapes:
            if isinstance(label, Label) and label.tensor:
                assert read(label) == tensors[label.tensor].shape(of), (format, backward)


@every_program
def test_each_weight_is_summed_over_batch_size_and_time_step(name: str) -> None:
    of = sizes(7, 11, 13, 5)
    back = gradients(Scene(PROGRAMS[name], of, 2, "numbers", "page"))
    strokes = [s.points for s in back.shapes if isinstance(s, Polyline)]
    labels = [s for s in back.shapes if isinstance(s, Label)]
    for weight in PROGRAMS[name].weights:
        (title,) = (s for s in back.shapes if isinstance(s, Text) and s.text == f"∂{weight.id}")
        whole, left = sorted((s for s in labels if s.y == title.y and s.x > title.x), key=lambda s: s.x)[:2]
        assert read(whole) == (7, 11, *weight.shape(of))
        assert (left.tensor, read(left)) == (weight.id, weight.shape(of))
        struck = [
            run.text
            for x, y, run in whole.placed()
            for (a, b), (c, d) in strokes
            if a < x < c and min(b, d) < y < max(b, d)
        ]
        assert struck == ["7", "11"]
        assert not [
            points
            for points in strokes
            for x, y, _ in left.placed()
            if points[0][0] < x < points[1][0] and min(points[0][1], points[1][1]) < y < max(points[0][1], points[1][1])
        ]


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "odd"])  # whose arrows do not fit at 8,192
def test_no_words_collide_and_nothing_is_cut(name: str) -> None:
    for scene, back in drawn(name):
        assert not collisions(back), scene
        assert not cut(back), scene


@every_program
def test_circles_name_gradients_and_contain_their_words(name: str) -> None:
    for _, back in drawn(name):
        for circle in (s for s in back.shapes if isinstance(s, Ellipse) and s.role in ("x", "h", "proj")):
            (word,) = (s for s in back.shapes if isinstance(s, Text) and (s.x, s.y) == (circle.x, circle.y))
            assert (word.text, word.sub) == (f"∂{circle.tensor}", str(circle.t))
            assert written(word).inside(area(circle).grown(-2))


@both_ways
@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
def test_the_words_mark_where_the_gradients_begin(format: str, backward: bool) -> None:
    last = 0 if backward else 3
    back = gradients(Scene(PROGRAMS["lstm"], TEACHING, last, "numbers", format, backward))
    assert ("starts here" if format == "narrow" else f"starts here: {LAST_OUTPUT_SUM}") in texts_of(back)
    assert texts_of(back).count("0") == 2  # nothing enters from later steps
    assert back.title.startswith(f"Gradients of {LAST_OUTPUT_SUM}: ")


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
@pytest.mark.parametrize("t", [0, 3])
def test_the_mark_is_at_the_steps_whose_output_is_summed(format: str, t: int) -> None:
    """For a backward direction it is the step that is computed first; a layer below the top one has none."""
    words = "the sum of the output of both directions at the last step"
    for backward in (False, True):
        scene = Scene(PROGRAMS["lstm"], TEACHING, t, "numbers", format, backward)
        objective = Objective(words, {(1, "forward"): t})
        marked, unmarked = (gradients(replace(scene, objective=objective, place=(n, "forward"))) for n in (1, 0))
        assert texts_of(marked).count("starts here" if format == "narrow" else f"starts here: {words}") == 1
        (border,) = (s for s in marked.shapes if isinstance(s, Border))
        assert border.t == t and ("h" in (border.tensor, *border.also))
        assert ("h_T" in (border.tensor, *border.also)) == (t == (0 if backward else 3))
        assert not collisions(marked) and not cut(marked)
        assert not [text for text in texts_of(unmarked) if text.startswith("starts here")]
        assert not [s for s in unmarked.shapes if isinstance(s, Border)]


def test_both_painters_accept_it_in_whole_pixels() -> None:
    for name in PROGRAMS:
        back = gradients(Scene(PROGRAMS[name], TEACHING, 2, "numbers", "page"))
        assert (back.width, back.height) == (int(back.width), int(back.height))
        assert svg(back, LIGHT).startswith("<svg")
        assert figure(back, LIGHT)["layout"]["height"] == back.height


def test_the_number_of_shapes_does_not_grow_with_any_size() -> None:
    counts = {
        len(gradients(Scene(PROGRAMS["lstm"], of, of["time_step"] - 2, "numbers", "page")).shapes)
        for of in (sizes(3, 100, 2, 5), sizes(3, 10_000, 2, 5), sizes(4, 9_999, 3, 7))
    }
    assert len(counts) == 1
