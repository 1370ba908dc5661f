"""The whole picture, measured without a browser: nothing overlaps, is cut or is missing."""

from collections.abc import Callable

import pytest
from geometry import (
    DRAWN_BY_HAND,
    FEW,
    GRID,
    LOOKS,
    LSTM,
    MNIST,
    PROGRAMS,
    TEACHING,
    Rect,
    area,
    arriving,
    collisions,
    cut,
    ellipses_of,
    every_look,
    inputs_of,
    layers_of,
    looks_of,
    lstm,
    operations_of,
    pictures,
    sizes,
    strokes,
    texts_of,
    wires_of,
    written,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS, in_turn

from app.core.axes import Sizes
from app.core.program import Program
from app.diagram.array_names import our_naming
from app.diagram.arrays_in_and_out import SHAPE_SIZE
from app.diagram.diagram_error import DiagramError
from app.diagram.drawing import Drawing
from app.diagram.elements import Border, Box, Ellipse, Funnel, Label, Picture, Text
from app.diagram.graph import Node, Port
from app.diagram.scene import Scene
from app.diagram.shape_labels import lettering
from app.diagram.size_notation import OURS
from app.diagram.views.unrolled.counts_and_sizes_by_format import format_of
from app.diagram.views.unrolled.unrolled import unrolled

every_program = pytest.mark.parametrize("name", PROGRAMS)
any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))


@every_program
def test_no_words_collide_with_words_wires_signs_or_borders(name: str) -> None:
    assert not [f"{at}: {c}" for at in pictures(name) for c in collisions(at.picture)]


@every_program
def test_nothing_is_cut_by_the_edge(name: str) -> None:
    assert not [f"{at}: {c}" for at in pictures(name) for c in cut(at.picture)]


@settings(max_examples=200 if ALL_COMBINATIONS else 60)
@given(st.sampled_from([*PROGRAMS]), any_sizes, st.sampled_from(LOOKS), st.floats(0, 1), st.booleans())
@example("lstm", sizes(1000, 1, 1, 100), ("both", "narrow"), 0.0, False)
@example("lstm above two directions", sizes(1, 1, 1, 1), ("numbers", "wide"), 0.0, False)
@example("lstm projected", sizes(1, 1, 1, 1083), ("numbers", "narrow"), 0.0, False)
def test_no_words_collide_at_any_size_and_any_step(
    name: str, of: Sizes, look: tuple[str, str], share: float, backward: bool
) -> None:
    drawing = unrolled(Scene(PROGRAMS[name], of, round(share * (of["time_step"] - 1)), *look, backward))
    assert not collisions(drawing)
    assert not cut(drawing)


@every_program
def test_words_stay_inside_their_boxes_and_circles(name: str) -> None:
    for at in pictures(name):
        for box in layers_of(at.picture):
            inside = [w for w in words(at.picture) if w.overlaps(area(box))]
            assert len(inside) in ((1, 2, 3) if at.format in ("narrow", "hall", "half") else (1, 2)), (
                at
            )  # the letter of a gate
            assert all(w.inside(area(box).grown(-2)) for w in inside), at
        for role in "xh":
            for circle in ellipses_of(at.picture, role):
                (inside_it,) = (w for w in words(at.picture) if w.overlaps(area(circle)))
                assert inside_it.inside(area(circle).grown(-2)), at


def words(of: Picture) -> list[Rect]:
    return [written(s) for s in of.shapes if isinstance(s, Label | Text)]


@every_program
def test_no_label_is_too_small_to_read(name: str) -> None:
    for at in pictures(name):
        assert min(s.size for s in at.picture.shapes if isinstance(s, Label)) >= 8.5, at


@every_program
def test_no_wire_runs_through_a_box_or_a_circle_that_is_not_its_end(name: str) -> None:
    for at in pictures(name):
        bodies = [
            (s, area(s).grown(-1.5))
            for s in at.picture.shapes
            if isinstance(s, Box | Ellipse | Funnel) and s.role not in ("cell", "slab")
        ]
        for wire in wires_of(at.picture):
            for stroke in strokes(wire):
                through = [s for s, body in bodies if stroke.overlaps(body)]
                assert not through, f"{at}: {wire.tensor} through {through}"


@every_program
def test_every_tensor_of_the_step_is_in_the_picture(name: str) -> None:
    for at in pictures(name):
        here = {id for s in at.picture.shapes if s.t == at.t for id in (s.tensor, *s.also)}
        assert here >= {tensor.id for tensor in PROGRAMS[name].step}, at


@every_program
def test_at_the_last_step_every_tensor_of_the_run_is_in_the_picture(name: str) -> None:
    for labels, format in looks_of(name):
        last = unrolled(Scene(PROGRAMS[name], TEACHING, TEACHING["time_step"] - 1, labels, format))
        here = {id for s in last.shapes for id in (s.tensor, *s.also)}
        assert here - {""} == PROGRAMS[name].by_id.keys(), (labels, format)


@every_program
def test_every_wire_of_the_focused_step_has_its_label(name: str) -> None:
    for at in pictures(name):
        carried = {wire.tensor for wire in wires_of(at.picture) if wire.t == at.t}
        beside = (s for s in at.picture.shapes if isinstance(s, Label) and s.size != SHAPE_SIZE)
        unlabelled = carried - {s.tensor for s in beside}
        if at.format in ("page", "wide") or (at.sizes == TEACHING and "directions" not in name):
            assert not unlabelled, at
        elif at.format != "hall" or at.sizes == MNIST:  # another wire of the same shape has a label
            shapes = PROGRAMS[name].by_id
            labelled = {shapes[id].shape(at.sizes) for id in carried - unlabelled}
            assert all(shapes[id].shape(at.sizes) in labelled for id in unlabelled), at


@every_program
def test_a_label_shows_the_shape_of_its_tensor(name: str) -> None:
    tensors = PROGRAMS[name].by_id
    for format, of in in_turn(("narrow", "page", "wide"), GRID if name == "lstm" else FEW):
        for label in unrolled(Scene(PROGRAMS[name], of, 0, "numbers", format)).shapes:
            if isinstance(label, Label) and label.tensor:
                text = "".join(run.text for line in label.lines for run in line).replace("·", "*").split("×")
                assert tuple(eval(size) for size in text) == tensors[label.tensor].shape(of)  # our own digits, + and *


@every_program
def test_exactly_the_inputs_of_an_operation_arrive_at_it(name: str) -> None:
    for at in pictures(name):
        for operation in operations_of(at.picture):
            arrives = {wire.tensor for wire in arriving(at.picture, operation)}
            assert arrives == inputs_of(PROGRAMS[name], operation), f"{at}: {operation.tensor}"


@pytest.mark.parametrize("missing", [tensor.id for tensor in LSTM.tensors])
def test_a_program_without_a_tensor_of_the_picture_is_rejected(missing: str) -> None:
    program = Program(LSTM.cell, tuple(t for t in LSTM.tensors if t.id != missing))
    with pytest.raises(DiagramError, match=f"the picture names '{missing}'; lstm has ") as error:
        unrolled(Scene(program, TEACHING, 3, "numbers", "page"))
    assert str(error.value).endswith(", ".join(program.by_id))


HERE, THERE = Port(Node("operation", "h", 0), 0, 0), Port(Node("exit", "h", 0), 1, 1)


@pytest.mark.parametrize(
    "draw",
    [
        lambda d: d.wire("hidden", HERE, THERE),
        lambda d: d.wire("h", HERE, THERE, also=("hidden",)),
        lambda d: d.port("entry", "hidden", 0, 0),
        lambda d: d.label("hidden", 0, 0, "above", room=50),
        lambda d: d.layer("hidden", 0, 0, 50),
        lambda d: d.funnel("hidden", 0, 0, 50),
        lambda d: d.small_layer("hidden", 0, 0),
        lambda d: d.pointwise("hidden", 0, 0),
        lambda d: d.manipulation("hidden", 0, 0),
        lambda d: d.circle("hidden", 0, 0, 20, ()),
        lambda d: d.add(Border(0, 0, 9, 9, tensor="hidden")),
    ],
)
def test_nothing_can_be_drawn_for_an_unknown_tensor(draw: Callable[[Drawing], None]) -> None:
    with pytest.raises(DiagramError, match="the picture names 'hidden'; lstm has X, kernel, bias, x, "):
        draw(Drawing(LSTM, TEACHING, lettering("numbers", OURS, 14, 12), our_naming(LSTM)))


@every_program
def test_the_margin_shows_the_arrays_of_the_run(name: str) -> None:
    states = PROGRAMS[name].cell.states
    for labels, format in looks_of(name):
        scene = Scene(PROGRAMS[name], TEACHING, 2, labels, format)
        size = SHAPE_SIZE * format_of(scene).scale
        named = [s.tensor for s in unrolled(scene).shapes if isinstance(s, Label) and s.size == pytest.approx(size)]
        assert (named[0], {*named[1:-1]}, named[-1]) == ("Y", {*states}, "X"), (labels, format)
        assert len(named) == len(states) + 2, (labels, format)


@every_look
def test_the_arrays_have_common_names(labels: str, format: str) -> None:
    names = ["output Y", "cell state c", "hidden state h", "input X"]
    assert [text for text in texts_of(lstm(TEACHING, 2, labels, format)) if text in names] == names


@pytest.mark.parametrize("name", DRAWN_BY_HAND)
def test_the_title_describes_the_picture(name: str) -> None:
    title = unrolled(Scene(PROGRAMS[name], TEACHING, 2, "numbers", "page")).title
    assert title == f"{PROGRAMS[name].cell.title} unrolled over 4 steps, step 2 in full"
