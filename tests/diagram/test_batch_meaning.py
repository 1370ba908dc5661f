"""The meaning of the picture of the batch: the framed row, shared weights, words, and hit areas."""

import re

import pytest
from batch_pictures import LONG, PRIMES, arrays_of, drawn, frames_of, strips_of
from geometry import FEW, PROGRAMS, TEACHING, area, boxes_of, sizes, texts_of, wires_of
from pairing import in_turn

from app.core.axes import Sizes
from app.diagram.elements import Box, HitArea, Label, Polyline
from app.diagram.format_names import FORMATS
from app.diagram.painters.hit_areas import hit_areas

every_program = pytest.mark.parametrize("name", PROGRAMS)


# the framed row


@every_program
def test_the_row_of_the_followed_sample_is_framed_in_every_array_that_has_rows(name: str) -> None:
    for of, sample in ((TEACHING, 2), (sizes(2, 11, 3, 4), 1)):
        picture = drawn(of, 0, name, sample=sample)
        rows = {(s.tensor, s.x, s.y) for s in strips_of(picture) if s.sample == sample}
        frames = [
            (min(x for x, _ in f.points) + 0.5, min(y for _, y in f.points) + 0.5, len(f.points))
            for f in frames_of(picture)
        ]
        assert len(frames) == len(rows) > 2 * len(PROGRAMS[name].cell.states)
        for _, x, y in rows:
            assert [n for left, top, n in frames if abs(left - x) < 0.01 and abs(top - y) < 1e-6] == [5]


def test_without_a_followed_sample_another_row_is_the_example() -> None:
    assert frames_of(drawn()) == frames_of(drawn(sample=1))
    assert frames_of(drawn(sizes(1, 4, 2, 5))) == frames_of(drawn(sizes(1, 4, 2, 5), sample=0))


@pytest.mark.parametrize("sample", [0, 1, 511, 1023])
def test_a_row_that_is_thinner_than_its_frame_stays_in_its_array(sample: int) -> None:
    picture = drawn(LONG, 0, sample=sample)
    for box in arrays_of(picture, "x"):
        (frame,) = (f for f in frames_of(picture) if abs(f.points[0][0] - box.x + 0.5) < 0.01 and near(f, box))
        ys = [y for _, y in frame.points]
        assert box.y - 1 <= min(ys) < max(ys) <= box.y + box.height + 1


def near(frame: Polyline, box: Box) -> bool:
    return box.y - 2 <= frame.points[0][1] <= box.y + box.height + 2


@every_program
def test_weights_are_drawn_once_and_have_no_rows_of_samples(name: str) -> None:
    program = PROGRAMS[name]
    for sample in (None, 1):
        picture = drawn(TEACHING, 2, name, sample=sample)
        for weight in program.weights:
            parts = [area(box) for box in arrays_of(picture, weight.id)]
            assert parts and len({*parts}) == len(parts)
            assert not strips_of(picture, weight.id)
    words = " ".join(texts_of(drawn(TEACHING, 2, name)))
    assert "for every step and row" in words


# words


@every_program
def test_a_label_shows_the_shape_of_its_tensor(name: str) -> None:
    tensors = PROGRAMS[name].by_id
    turn = [*PROGRAMS].index(name)
    few = FEW[turn % 2 :: 2]
    for format, of in in_turn((*FORMATS[turn % 5 :], *FORMATS[: turn % 5])[: len(few)], few):
        for label in drawn(of, 0, name, format=format).shapes:
            if isinstance(label, Label) and label.tensor:
                text = "".join(run.text for line in label.lines for run in line).replace("·", "*").split("×")
                assert tuple(eval(size) for size in text) == tensors[label.tensor].shape(of)  # our own digits, + and *


@pytest.mark.parametrize(("format", "name"), in_turn(("narrow", "wide"), PROGRAMS))
def test_input_output_and_new_states_of_the_focused_step_and_every_product_have_labels(format: str, name: str) -> None:
    program = PROGRAMS[name]
    beside = {s.tensor for s in drawn(TEACHING, 2, name, "both", format).shapes if isinstance(s, Label) and s.t == 2}
    products = {t.inputs[0] for t in program.step if t.operation.kind == "product"}
    assert beside >= {"x", program.cell.output, *program.cell.states, *products, *(t.id for t in program.weights)}


def test_each_direction_is_named_once_with_its_size() -> None:
    labels = ["".join(run.text for run in s.lines[0]) for s in drawn().shapes if isinstance(s, Label) and not s.tensor]
    assert labels == ["batch_size 3 ↓", "num_units 5 →", "batch_size 3 ↓", "features 2 →", "time_step 4"]


def test_hidden_shapes_hide_the_sizes_of_directions() -> None:
    from app.diagram.transforms.relabeling import without_shapes

    for shape in without_shapes(drawn(PRIMES, labels="hidden")).shapes:
        if isinstance(shape, Label):
            assert not re.search(r"\d", "".join(run.text for line in shape.lines for run in line))


def test_symbols_of_products_have_their_steps() -> None:
    assert "[h₁, x₂]" in texts_of(drawn()) and "[h₃, x₂]" in texts_of(drawn(backward=True))
    assert "[r₁₂ ∗ h₁₁, x₁₂]" in texts_of(drawn(sizes(3, 14, 2, 5), 12, "gru"))


def test_words_mention_one_cell_and_never_confuse_samples_with_batches_or_steps_with_units() -> None:
    for format in FORMATS:
        for sample in (None, 1):
            words = " ".join(texts_of(drawn(PRIMES, 4, format=format, sample=sample)))
            assert "step 4, same cell" in words
            assert not re.search(r"\bbatch \d|unit|hidden size|one after", words)


def test_time_runs_to_the_right() -> None:
    for backward in (False, True):
        picture = drawn(PRIMES, 4, backward=backward)
        (arrow,) = (s for s in picture.shapes if isinstance(s, Polyline) and s.role == "time_step")
        assert arrow.points[1][0] > arrow.points[0][0]
        xs = {s.t: s.x for s in arrays_of(picture, "x") if "X" in s.also}
        assert [xs[t] for t in sorted(xs, key=lambda t: t or 0)] == sorted(xs.values())


def test_in_the_backward_direction_states_run_to_the_left() -> None:
    picture = drawn(TEACHING, 2, backward=True)
    across = [w for w in wires_of(picture) if w.points[0][1] == w.points[-1][1] and w.tensor.startswith("c")]
    assert across and all(w.points[-1][0] < w.points[0][0] for w in across)


# hit areas


@pytest.mark.parametrize("format", FORMATS)
def test_every_row_and_every_other_step_has_a_hit_area(format: str) -> None:
    picture = drawn(TEACHING, 1, format=format, sample=1)
    areas = [s for s, _, _ in hit_areas(picture)]
    strips = [s for s in areas if isinstance(s, HitArea)]
    assert {s.sample for s in strips} == {0, 1, 2}
    assert {s.tensor for s in strips} == {"x", "h", "h_prev", "c", "c_prev", "concat"}
    steps_there = {s.t for s in areas if isinstance(s, Box) and s.role == "slab"}
    assert len(steps_there) == len(boxes_of(picture, "slab")) and 1 not in steps_there


@pytest.mark.parametrize("of", [TEACHING, LONG])
def test_a_strip_of_several_samples_follows_the_one_in_its_middle(of: Sizes) -> None:
    samples = [s.sample for s in strips_of(drawn(of, 0), "x") if s.t == 0]
    assert all(sample is not None and 0 <= sample < of["batch_size"] for sample in samples)
    assert samples == sorted({*samples}, key=lambda sample: sample or 0)


@every_program
def test_inputs_weights_states_and_outputs_are_in_the_picture(name: str) -> None:
    program = PROGRAMS[name]
    picture = drawn(TEACHING, 3, name)
    here = {id for s in picture.shapes for id in (s.tensor, *s.also)} - {""}
    assert here >= {t.id for t in program.tensors if t.role in ("input", "weight", "output", "state")}
