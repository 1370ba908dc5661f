"""The whole picture, measured without a browser: nothing overlaps, nothing is cut, nothing is left out."""

from collections.abc import Callable

import pytest
from geometry import (
    GRID,
    LOOKS,
    LSTM,
    TEACHING,
    Rect,
    area,
    boxes_of,
    collisions,
    cut,
    drawn,
    ellipses_of,
    lstm,
    sizes,
    strokes,
    texts_of,
    wires_of,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.axes import Sizes
from app.core.program import Program
from app.diagram.drawing import DiagramError, Drawing
from app.diagram.labels import lettering
from app.diagram.picture import picture
from app.diagram.shapes import Box, Ellipse, Frame, Label, Picture, Text

every_look = pytest.mark.parametrize(("labels", "format"), LOOKS)
any_sizes = st.builds(sizes, st.integers(1, 1024), st.integers(1, 10_000), st.integers(1, 4096), st.integers(1, 8192))


@every_look
def test_no_words_stand_on_other_words_on_a_wire_on_a_sign_or_across_a_border(labels: str, format: str) -> None:
    assert not [f"{at}: {c}" for at in drawn(labels, format) for c in collisions(at.picture)]


@every_look
def test_nothing_is_cut_by_the_edge(labels: str, format: str) -> None:
    assert not [f"{at}: {c}" for at in drawn(labels, format) for c in cut(at.picture)]


@settings(max_examples=60, deadline=None)
@given(any_sizes, st.sampled_from(LOOKS), st.floats(0, 1))
def test_that_holds_at_any_size_and_any_step(of: Sizes, look: tuple[str, str], share: float) -> None:
    drawing = lstm(of, round(share * (of["time_step"] - 1)), *look)
    assert not collisions(drawing)
    assert not cut(drawing)


@every_look
def test_what_is_written_in_a_yellow_box_or_a_circle_stays_in_it(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        for box in boxes_of(at.picture, "layer"):
            inside = [w for w in words(at.picture) if w.overlaps(area(box))]
            assert len(inside) == 2, at
            assert all(w.inside(area(box).grown(-2)) for w in inside), at
        for role in "xh":
            for circle in ellipses_of(at.picture, role):
                (inside_it,) = (w for w in words(at.picture) if w.overlaps(area(circle)))
                assert inside_it.inside(area(circle).grown(-2)), at


def words(of: Picture) -> list[Rect]:
    return [written(s) for s in of.shapes if isinstance(s, Label | Text)]


@every_look
def test_no_label_is_made_too_small_to_read(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        assert min(s.size for s in at.picture.shapes if isinstance(s, Label)) >= 7.5, at


@every_look
def test_no_wire_runs_through_a_box_or_a_circle_that_is_not_its_end(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        bodies = [s for s in at.picture.shapes if isinstance(s, Box | Ellipse) and s.role not in ("cell", "slab")]
        for wire in wires_of(at.picture):
            for stroke in strokes(wire):
                through = [s for s in bodies if stroke.overlaps(area(s).grown(-1.5))]
                assert not through, f"{at}: {wire.tensor} through {through}"


@every_look
def test_every_tensor_of_the_step_is_in_the_picture(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        here = {name for s in at.picture.shapes if s.t == at.t for name in (s.tensor, *s.also)}
        assert here >= {tensor.id for tensor in LSTM.step}, at


@every_look
def test_at_the_last_step_every_tensor_of_the_run_is_in_the_picture(labels: str, format: str) -> None:
    here = {name for s in lstm(TEACHING, 3, labels, format).shapes for name in (s.tensor, *s.also)}
    assert here - {""} == LSTM.by_id.keys()


@every_look
def test_every_wire_of_the_focused_step_has_its_label(labels: str, format: str) -> None:
    unlabelled = {"c", "h"} if format == "narrow" else set()
    for at in drawn(labels, format):
        carried = {wire.tensor for wire in wires_of(at.picture) if wire.t == at.t}
        labelled = {s.tensor for s in at.picture.shapes if isinstance(s, Label)}
        assert labelled >= carried - unlabelled, at


@pytest.mark.parametrize("format", ["narrow", "page", "wide"])
@pytest.mark.parametrize("of", GRID, ids=lambda of: "-".join(map(str, of.values())))
def test_a_label_says_the_shape_of_its_tensor(of: Sizes, format: str) -> None:
    for label in lstm(of, 0, "numbers", format).shapes:
        if isinstance(label, Label) and label.tensor:
            said = "".join(run.text for line in label.lines for run in line).split("×")
            assert tuple(eval(text) for text in said) == LSTM.by_id[label.tensor].shape(of)  # our own digits and +


@pytest.mark.parametrize("missing", [tensor.id for tensor in LSTM.tensors])
def test_a_program_that_lacks_a_tensor_of_the_picture_is_refused(missing: str) -> None:
    program = Program(LSTM.cell, tuple(t for t in LSTM.tensors if t.id != missing))
    with pytest.raises(DiagramError, match=f"the picture names '{missing}'; lstm has ") as error:
        picture(program, TEACHING, 3, "numbers", "page")
    assert str(error.value).endswith(", ".join(program.by_id))


@pytest.mark.parametrize(
    "draw",
    [
        lambda d: d.wire("hidden", (0, 0), (1, 1)),
        lambda d: d.wire("h", (0, 0), (1, 1), also=("hidden",)),
        lambda d: d.label("hidden", 0, 0, "above", room=50),
        lambda d: d.layer("hidden", 0, 0, 50),
        lambda d: d.pointwise("hidden", 0, 0),
        lambda d: d.circle("hidden", 0, 0, 20, ()),
        lambda d: d.add(Frame(0, 0, 9, 9, tensor="hidden")),
    ],
)
def test_nothing_can_be_drawn_for_a_tensor_that_is_not(draw: Callable[[Drawing], None]) -> None:
    with pytest.raises(DiagramError, match="the picture names 'hidden'; lstm has X, kernel, bias, x, "):
        draw(Drawing(LSTM, TEACHING, lettering("numbers", 14, 12)))


@every_look
def test_the_margin_gives_the_four_dimensions(labels: str, format: str) -> None:
    drawing = lstm(TEACHING, 2, labels, format)
    names = ["output Y", "cell state c", "hidden state h", "input X"]
    assert [text for text in texts_of(drawing) if text in names] == names
    numbers = [s for s in drawing.shapes if isinstance(s, Label) and s.size == 17]
    assert [s.tensor for s in numbers] == ["Y", "c", "h", "X"]
    assert all("×" in "".join(run.text for line in s.lines for run in line) for s in numbers)


def test_the_title_says_what_is_drawn() -> None:
    assert lstm(TEACHING, 2).title == "LSTM unrolled over 4 steps, step 2 in full"
