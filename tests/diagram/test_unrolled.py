"""The steps around the focused one: slabs, folds, the wires between them, and the ends of the sequence."""

from collections import Counter
from itertools import combinations

import pytest
from geometry import (
    LARGEST,
    LOOKS,
    MNIST,
    TEACHING,
    Rect,
    area,
    boxes_of,
    drawn,
    ellipses_of,
    lstm,
    texts_of,
    wires_of,
)

from app.diagram.folding import after, before
from app.diagram.shapes import Border, Box, Picture, Shape, Text
from app.diagram.wires import Wire

every_look = pytest.mark.parametrize(("labels", "format"), LOOKS)


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
        assert len(cells) == min(2 if format == "hall" else 1, at.sizes["time_step"]), at
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


@pytest.mark.parametrize(("labels", "format"), [look for look in LOOKS if look[1] != "narrow"])
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
    return wire.points[-1][0] == slab.x


def begins_at(wire: Wire, slab: Box) -> bool:
    return wire.points[0][0] == slab.x + slab.width


def test_folds_and_slabs_name_their_steps() -> None:
    words = [text for text in texts_of(lstm(LARGEST, 5000)) if "same cell" in text]
    assert words == [
        "step 4,999, same cell",
        "4,998 more steps, same cell, same weights",
        "step 0, same cell",
        "step 5,001, same cell",
        "4,997 more steps, same cell, same weights",
        "step 9,999, same cell",
    ]


@every_look
def test_the_last_output_is_marked_once_and_wherever_the_last_step_is_drawn(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        last = at.sizes["time_step"] - 1
        is_drawn = format != "narrow" or at.t == last
        frames = [s for s in at.picture.shapes if isinstance(s, Border)]
        assert [s.t for s in frames] == [last] * is_drawn, at
        assert texts_of(at.picture).count("last output") == is_drawn, at


@every_look
def test_the_first_states_are_zeros_wherever_the_first_step_is_drawn(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        assert texts_of(at.picture).count("0") == (2 if format != "narrow" or at.t == 0 else 0), at
