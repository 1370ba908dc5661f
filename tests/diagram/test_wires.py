"""Every wire ends at the right place, and is as thick as its vector is large."""

from collections import Counter

import pytest
from geometry import (
    GATES,
    LSTM,
    TEACHING,
    area,
    boxes_of,
    distance,
    drawn,
    ellipses_of,
    every_look,
    head,
    loose_ends,
    lstm,
    scale_of,
    strokes,
    wires_of,
)

from app.diagram.thickness import thickness
from app.diagram.wires import Wire


@every_look
def test_every_wire_ends_at_a_shape_at_the_edge_or_beside_the_wire_that_it_passes_under(
    labels: str, format: str
) -> None:
    for at in drawn(labels, format):
        xs = [x for wire in wires_of(at.picture) for x, _ in wire.points]
        reach = 3 * scale_of(labels, format)
        loose = [(wire, end) for wire, end in loose_ends(at.picture, reach) if end[0] not in (min(xs), max(xs))]
        assert len(loose) == 2 * len(boxes_of(at.picture, "cell")), at
        for (wire, below), (_, above) in zip(loose[::2], loose[1::2], strict=True):
            assert wire.tensor == "h", at
            assert below[0] == above[0], at


@every_look
def test_h_passes_under_c_with_equal_gaps_on_both_sides(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        loose = [end for wire, end in loose_ends(at.picture) if wire.tensor == "h" and up(wire)]
        for below, above in zip(loose[::2], loose[1::2], strict=True):
            (over,) = (s for wire in wires_of(at.picture, "c") for s in strokes(wire) if s.left < below[0] < s.right)
            assert below[1] - over.bottom == pytest.approx(over.top - above[1]), at
            assert below[1] - over.bottom >= 5, at


def up(wire: Wire) -> bool:
    """Whether its last piece is vertical."""
    return wire.points[-1][0] == wire.points[-2][0]


@every_look
def test_state_wires_enter_at_the_left_and_leave_at_the_right_at_the_same_height(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        wires = wires_of(at.picture)
        xs = [x for wire in wires for x, _ in wire.points]
        first = [wire for wire in wires if wire.points[0][0] == min(xs)]
        last = [wire for wire in wires if wire.points[-1][0] == max(xs)]
        assert [wire.tensor for wire in first] == ["c_prev", "h_prev"], at
        assert [wire.tensor for wire in last] == ["c", "h"], at
        assert [wire.points[0][1] for wire in first] == [wire.points[-1][1] for wire in last], at


USED_AT = {"kept": "c", "added": "c", "f": "kept", "i": "added", "g": "added", "o": "h", "tanh_c": "h"}


@every_look
def test_an_arrow_points_at_the_operation_that_uses_its_tensor(labels: str, format: str) -> None:
    near = 1.5 * scale_of(labels, format)
    for tensor, user in USED_AT.items():
        assert tensor in LSTM.by_id[user].inputs
        for at in drawn(labels, format):
            wires = wires_of(at.picture, tensor)
            assert len(wires) == len(boxes_of(at.picture, "cell")), (tensor, at)
            for wire in wires:
                (target,) = (s for s in ellipses_of(at.picture, "pointwise") if (s.tensor, s.t) == (user, wire.t))
                assert wire.head
                assert distance(wire.points[-1], area(target)) <= near, (tensor, at)


@every_look
def test_both_strands_of_the_concatenation_go_side_by_side_into_each_yellow_box(labels: str, format: str) -> None:
    for at in drawn(labels, format):
        strands = wires_of(at.picture, "concat")
        for box in boxes_of(at.picture, "layer"):
            near = 1.5 * scale_of(labels, format)
            into = [wire for wire in strands if distance(wire.points[-1], area(box)) <= near]
            assert Counter(wire.axis for wire in into) == {"num_units": 1, "features": 1}, at
            x, h = sorted(into, key=lambda wire: wire.axis)
            apart = x.points[-1][0] - h.points[-1][0]
            assert apart == pytest.approx((x.width + h.width) / 2), at
            assert all(head(wire).left > box.x and head(wire).right < box.x + box.width for wire in into), at
        assert len(strands) == 2 * len(GATES) * len(boxes_of(at.picture, "cell"))


@every_look
def test_a_wire_has_the_thickness_and_the_colour_of_its_last_axis(labels: str, format: str) -> None:
    """An enlarged picture has thicker wires, though at most as much thicker as all its lines."""
    for at in drawn(labels, format):
        thicker = min(at.picture.thicker, scale_of(labels, format))
        for wire in wires_of(at.picture):
            assert wire.axis in LSTM.by_id[wire.tensor].axes[-1].names, at
            assert wire.width == pytest.approx(thicker * thickness(at.sizes[wire.axis])), at


def test_on_a_screen_lines_are_thicker_than_in_a_page() -> None:
    page, narrow, hall, hall_with_both = (
        lstm(TEACHING, labels=labels, format=format)
        for labels, format in (("numbers", "page"), ("numbers", "narrow"), ("numbers", "hall"), ("both", "hall"))
    )
    assert (page.thicker, narrow.thicker, hall.thicker) == (1, 1, 1.5)
    widths = [next(w.width for w in wires_of(picture, "h")) for picture in (page, narrow, hall, hall_with_both)]
    assert widths[0] == widths[1] < widths[3] < widths[2] == pytest.approx(1.5 * widths[0])


def test_more_units_thicken_only_the_state_wires() -> None:
    few, many = ({w.axis: w.width for w in wires_of(lstm({**TEACHING, "num_units": units}))} for units in (5, 128))
    assert many["num_units"] > few["num_units"]
    assert many["features"] == few["features"]
