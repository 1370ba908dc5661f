"""The steps around the focused one: slabs, folds, the wires between them, and the ends of the sequence."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from geometry import (
    LARGEST,
    LOOKS,
    LSTM,
    MNIST,
    TEACHING,
    WITHOUT_SLOTS,
    Rect,
    area,
    boxes_of,
    collisions,
    cut,
    drawn,
    ellipses_of,
    every_look,
    lstm,
    texts_of,
    wires_of,
)

from app.diagram.array_names import our_naming
from app.diagram.elements import Border, Box, Label, Picture, Polyline, Shape, Text
from app.diagram.folded_steps import after, before
from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Wire


def kinds(of: Picture) -> Counter[tuple[type[Shape], str, bool]]:
    return Counter((type(s), s.tensor, getattr(s, "head", False)) for s in of.shapes)


@every_look
def test_ten_thousand_steps_have_as_many_shapes_as_twenty(labels: str, format: str) -> None:
    few, many = (lstm({**TEACHING, "time_step": n}, n // 2, labels, format) for n in (20, 10_000))
    assert kinds(few) == kinds(many)
    assert (few.width, few.height) == (many.width, many.height)


@every_look
def test_the_focused_cell_is_whole_at_every_step(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        cells = [area(cell) for cell in boxes_of(at.picture, "cell")]
        slabs = [area(slab) for slab in boxes_of(at.picture, "slab")]
        assert len(cells) == 1, at
        assert not any(a.overlaps(b) for a, b in combinations(cells + slabs, 2)), at
        assert all(cell.inside(Rect(0, 0, at.picture.width, at.picture.height)) for cell in cells), at
        assert at.t in {layer.t for layer in boxes_of(at.picture, "layer")}, at


@every_look
def test_moving_the_focus_does_not_change_the_size_of_the_picture(labels: str, format: str) -> None:
    few = {(p.width, p.height) for p in (lstm(TEACHING, t, labels, format) for t in range(4))}
    many = {(p.width, p.height) for p in (lstm(MNIST, t, labels, format) for t in (5, 12, 20))}
    assert len(few) == len(many) == 1


@every_look
def test_the_circles_of_a_step_are_named_after_it(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        names = {(s.x, s.y): s.text + s.sub for s in at.picture.shapes if isinstance(s, Text) and s.sub}
        for role in "xh":
            circles = ellipses_of(at.picture, role)
            assert [names[c.x, c.y] for c in circles] == [f"{role}{c.t}" for c in circles], at
            assert at.t in {c.t for c in circles}, at


@pytest.mark.parametrize(("labels", "format"), [look for look in LOOKS if look[1] not in WITHOUT_SLOTS])
def test_a_wire_between_two_steps_has_the_state_of_the_adjacent_step(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        cell = boxes_of(at.picture, "cell")[0]
        slabs = boxes_of(at.picture, "slab")
        whole = sorted({layer.t or 0 for layer in boxes_of(at.picture, "layer")})
        left = before(whole[0], sum(slab.x < cell.x for slab in slabs))
        right = after(whole[-1], at.sizes["time_step"], sum(slab.x > cell.x for slab in slabs))
        for state in ("c", "h"):
            into = [w for w in wires_of(at.picture, f"{state}_prev") if any(ends_at(w, slab) for slab in slabs)]
            out_of = [w for w in wires_of(at.picture, state) if any(begins_at(w, slab) for slab in slabs)]
            assert sorted(w.t or 0 for w in into) == [slot.first for slot in left], at
            assert sorted(w.t or 0 for w in out_of) == [slot.last for slot in right], at


def ends_at(wire: Wire, slab: Box) -> bool:
    return abs(wire.points[-1][0] - slab.x) < 1e-6


def begins_at(wire: Wire, slab: Box) -> bool:
    return abs(wire.points[0][0] - slab.x - slab.width) < 1e-6


def test_folds_and_slabs_name_their_steps() -> None:
    words = [text for text in texts_of(lstm(LARGEST, 5000)) if "same cell" in text]
    assert words == [
        "step 0, same cell",
        "4,998 more steps, same cell, same weights",
        "step 4,999, same cell",
        "4,998 more steps, same cell, same weights",
        "step 9,999, same cell",
    ]


@every_look
def test_the_last_output_is_marked_once_and_wherever_the_last_step_is_drawn(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        last = at.sizes["time_step"] - 1
        is_drawn = format not in WITHOUT_SLOTS or at.t == last
        frames = [s for s in at.picture.shapes if isinstance(s, Border)]
        assert [s.t for s in frames] == [last] * is_drawn, at
        words = [text for text in texts_of(at.picture) if text.startswith("last output")]
        assert len(words) == texts_of(at.picture).count("Y[:, -1]") == is_drawn, at


@pytest.mark.parametrize("format", ["page", "hall"])
def test_a_line_leads_from_the_words_about_the_last_output_to_its_border(format: str) -> None:
    """Another output can be nearer to the words, unless the last step is in full."""
    for t in range(4):
        picture = lstm(TEACHING, t, "numbers", format)
        (border,) = (s for s in picture.shapes if isinstance(s, Border))
        ends = [line.points[1] for line in picture.shapes if isinstance(line, Polyline)]
        assert ends == [pytest.approx((border.x + border.width / 2, border.y))] * (t < 3)


@every_look
def test_the_first_states_are_zeros_wherever_the_first_step_is_drawn(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        zeros = [text for text in texts_of(at.picture) if text in ("0", "= 0")]
        named = format not in WITHOUT_SLOTS and at.t == 0  # the words in the cell are "step t = 0"
        assert len(zeros) == (2 if format not in WITHOUT_SLOTS or at.t == 0 else 0) + named, at


@every_look
def test_the_states_beside_the_cell_have_names(labels: str, format: str) -> None:
    """Those of the step before at the left, unless it is the first step; those of its own at the right."""
    for at in drawn(labels, format):
        cell = area(boxes_of(at.picture, "cell")[0])
        names = [s for s in at.picture.shapes if isinstance(s, Text) and s.tensor]
        left = {(s.text, s.sub) for s in names if s.x < cell.left}
        right = {(s.text, s.sub) for s in names if s.x > cell.right}
        assert left == ({(state, str(at.t - 1)) for state in "ch"} if at.t else set()), at
        assert right == {(state, str(at.t)) for state in "ch"}, at


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["h_0", "initial_h", "initial_state[0]"])
def test_the_argument_of_a_framework_is_named_where_the_first_state_enters(format: str, name: str) -> None:
    naming = replace(our_naming(LSTM), initial={"h": name, "c": "c" + name[1:]})
    for t in (0, 2):
        picture = unrolled(Scene(LSTM, TEACHING, t, "numbers", format, naming=naming))
        assert texts_of(picture).count(name) == (1 if format not in WITHOUT_SLOTS or t == 0 else 0)
        assert not collisions(picture)
        assert not cut(picture)


def test_the_picture_is_as_large_as_its_place() -> None:
    """In the page, on a phone and on the screen of a lecture hall."""
    places = {"page": (826, 452), "narrow": (390, 380), "hall": (1384, 818)}
    for format, place in places.items():
        picture = unrolled(Scene(LSTM, TEACHING, 2, "numbers", format, arrays=False))
        assert (picture.width, picture.height) == place


def test_in_a_narrow_cell_of_two_digits_no_label_beside_a_wire_is_broken() -> None:
    picture = lstm({**TEACHING, "num_units": 80}, 2, "numbers", "narrow")
    beside = [shape for shape in picture.shapes if isinstance(shape, Label) and shape.tensor]

    assert len(beside) > 10
    assert [label.tensor for label in beside if len(label.lines) > 1] == []
    assert min(label.size for label in beside) > 10
