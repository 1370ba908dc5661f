"""The meaning of the picture of the batch: the followed sample, shared weights, words, and hit areas."""

import re

import pytest
from batch_pictures import LONG, PRIMES, drawn, sheets_of
from geometry import FEW, PROGRAMS, TEACHING, area, boxes_of, sizes, texts_of, wires_of

from app.core.axes import Sizes
from app.diagram.painters.hit_areas import hit_areas
from app.diagram.shapes import Border, Box, Label, Polyline
from app.diagram.views.batch.sheets import MOST
from app.diagram.views.io_margin import SHAPE_SIZE
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", PROGRAMS)


# the followed sample


@every_program
def test_exactly_the_other_samples_are_faint(name: str) -> None:
    for sample in (None, 0, 1, 2, 6):
        picture = drawn(PRIMES, 5, name, sample=sample)
        for shape in picture.shapes:
            other = sample is not None and shape.sample is not None and shape.sample != sample
            assert shape.faint == other, shape
        shown = {s.tensor for s in sheets_of(picture) if not s.faint}
        assert shown >= {"x", PROGRAMS[name].cell.output, *(f"{s}_prev" for s in PROGRAMS[name].cell.states)}


@every_program
def test_the_weights_are_drawn_once_with_a_line_to_every_cell(name: str) -> None:
    weights = [t.id for t in PROGRAMS[name].weights]
    for sample in (None, 1):
        picture = drawn(TEACHING, 2, name, sample=sample)
        assert [box.tensor for box in boxes_of(picture, "layer")] == weights
        lines = [w for w in wires_of(picture) if w.axis == "muted"]
        assert all({w.tensor, *w.also} == {*weights} and not w.faint for w in lines)
        cells = [*map(area, boxes_of(picture, "slab") + boxes_of(picture, "cell"))]
        ends = [w.points[-1] for w in lines]
        reached = [c for c in cells if any(c.left < x < c.right and y == c.bottom for x, y in ends)]
        assert len(reached) == len(cells) == TEACHING["time_step"]
        (bus,) = (w for w in lines if w.points[0][0] < min(c.left for c in cells) - 40)
        assert all(on_bus(w, bus) for w in lines if w is not bus)


def on_bus(line: Wire, bus: Wire) -> bool:
    (x, y), (start, end) = line.points[0], (bus.points[0][0], bus.points[-1][0])
    return start <= x <= end and y == bus.points[-1][1]


def test_the_followed_sample_is_whole_and_in_the_place_of_its_sheet() -> None:
    for sample in range(3):
        before = [area(s) for s in sheets_of(drawn(TEACHING)) if s.sample == sample]
        after = [s for s in sheets_of(drawn(TEACHING, sample=sample)) if s.sample == sample]
        assert sorted(map(area, after)) == sorted(before)
        assert {type(s) for s in after} == {Box}


# words


@every_program
def test_a_label_shows_the_shape_of_its_tensor(name: str) -> None:
    tensors = PROGRAMS[name].by_id
    for k, of in enumerate(FEW):
        for label in drawn(of, 0, name, format=("narrow", "page", "wide")[k % 3]).shapes:
            if isinstance(label, Label) and label.tensor:
                text = "".join(run.text for line in label.lines for run in line).replace("·", "*").split("×")
                assert tuple(eval(size) for size in text) == tensors[label.tensor].shape(of)  # our own digits, + and *


@every_program
@pytest.mark.parametrize("format", ["narrow", "wide"])
def test_inputs_and_outputs_of_the_focused_step_have_labels(format: str, name: str) -> None:
    cell = PROGRAMS[name].cell
    beside = {s.tensor for s in drawn(TEACHING, 2, name, "both", format).shapes if isinstance(s, Label) and s.t == 2}
    assert beside >= {"x", cell.output, *cell.states, *(f"{s}_prev" for s in cell.states)}


@every_program
@pytest.mark.parametrize("format", ["narrow", "wide"])
def test_the_arrays_in_the_margin_are_level_with_their_rows(format: str, name: str) -> None:
    picture = drawn(TEACHING, 2, name, "both", format)
    found = [s for s in picture.shapes if isinstance(s, Label) and s.size == SHAPE_SIZE]
    assert (found[0].tensor, found[-1].tensor) == ("Y", "X")
    assert {s.tensor for s in found[1:-1]} == {*PROGRAMS[name].cell.states}
    if format in ("wide", "hall"):
        level = {s.tensor: s.y for s in found}
        top, bottom = (max(s.y + s.height for s in sheets_of(picture, id) if whole in s.also) for id, whole in ENDS)
        assert level["Y"] < top and bottom - 60 < level["X"] < bottom + 40
        assert level["Y"] == min(level.values()) and level["X"] == max(level.values())


ENDS = ("h", "Y"), ("x", "X")


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("of", [TEACHING, sizes(1, 1, 1, 1), LONG, PRIMES])
def test_the_border_is_around_the_output_of_the_last_computed_step(of: Sizes, backward: bool) -> None:
    picture = drawn(of, 0, backward=backward)
    (frame,) = (s for s in picture.shapes if isinstance(s, Border))
    last = 0 if backward else of["time_step"] - 1
    inside = [s for s in sheets_of(picture) if area(s).inside(area(frame))]
    assert {(s.tensor, s.t) for s in inside} == {("h", last)}
    assert len(inside) == min(of["batch_size"], MOST)
    assert frame.tensor == "h_T" and "last output" in texts_of(picture)
    others = [s for s in picture.shapes if isinstance(s, Box) and s not in inside]
    assert not [s for s in others if area(s).overlaps(area(frame))]


def test_words_mention_one_cell_and_never_confuse_samples_with_batches_or_steps_with_units() -> None:
    for format in ("narrow", "page", "wide", "hall"):
        for sample in (None, 1):
            words = " ".join(texts_of(drawn(PRIMES, 4, format=format, sample=sample)))
            assert "same cell, step 4" in words and "same weights" in words
            assert ("side by side" in words) == (sample is None) and ("sample 1 of 0…6" in words) == (sample == 1)
            assert not re.search(r"\bbatch \d|unit|hidden size|one after", words.replace("hidden state", ""))
    assert "here" in texts_of(drawn(PRIMES, 4))


def test_indices_grow_in_the_direction_of_the_arrows() -> None:
    picture = drawn(PRIMES, 4)
    ends: dict[str, tuple[float, float]] = {}
    for arrow in (s for s in picture.shapes if isinstance(s, Polyline)):
        (x0, y0), (x1, y1) = arrow.points[:2]
        ends.setdefault(arrow.role, (x1 - x0, y1 - y0))
    front, *_, back = sorted((s for s in sheets_of(picture, "x") if s.t == 4), key=lambda s: s.sample or 0)
    first, *_, last = sorted((s for s in sheets_of(picture, "x") if s.sample == 0), key=lambda s: s.t or 0)
    dx, dy = ends["batch_size"]
    assert (dx > 0, dy < 0) == (back.x > front.x, back.y < front.y) == (True, True)
    assert ends["time_step"][0] > 0 and last.x > first.x
    assert ends["features"][1] < 0
    named = {"".join(run.text for run in s.lines[0]) for s in picture.shapes if isinstance(s, Label) and not s.tensor}
    assert named >= {"batch_size", "time_step", "features", "num_units"}


def test_in_the_backward_direction_states_run_to_the_left_and_time_to_the_right() -> None:
    picture = drawn(TEACHING, 2, backward=True)
    across = [w for w in wires_of(picture) if w.points[0][1] == w.points[-1][1] and w.tensor.startswith("c")]
    assert across and all(w.points[-1][0] < w.points[0][0] for w in across)
    xs = {s.t: s.x for s in sheets_of(picture, "x") if s.sample == 0}
    assert [xs[t] for t in range(4)] == sorted(xs.values())


def test_arrows_touch_the_cell_and_the_sheets() -> None:
    for of, backward in ((TEACHING, False), (LONG, True), (sizes(1, 1, 1, 1), False)):
        picture = drawn(of, 0, backward=backward)
        cells = [area(s) for s in boxes_of(picture, "slab") + boxes_of(picture, "cell")]
        for wire in (w for w in wires_of(picture) if w.tensor == "x"):
            (start, (x, end)) = wire.points
            assert any(c.left < x < c.right and c.bottom == end for c in cells)
            assert any(a.left < start[0] < a.right and a.top == start[1] for a in map(area, sheets_of(picture, "x")))


# hit areas


@pytest.mark.parametrize("format", ["narrow", "page", "wide", "hall"])
def test_every_sheet_and_every_step_has_a_hit_area(format: str) -> None:
    picture = drawn(PRIMES, 4, format=format, sample=1)
    areas = [s for s, _, _ in hit_areas(picture)]
    assert {(s.tensor, s.t, s.sample) for s in sheets_of(picture)} <= {(s.tensor, s.t, s.sample) for s in areas}
    steps_there = {s.t for s in areas if isinstance(s, Box) and s.role == "slab"}
    assert len(steps_there) == len(boxes_of(picture, "slab")) and 4 not in steps_there


@every_program
def test_inputs_weights_states_and_outputs_are_in_the_picture(name: str) -> None:
    program = PROGRAMS[name]
    picture = drawn(TEACHING, 3, name)
    here = {id for s in picture.shapes for id in (s.tensor, *s.also)} - {""}
    assert here >= {t.id for t in program.tensors if t.role in ("input", "weight", "output", "state")}
